//! Rooms of Rocket.Chat's Omnichannel: the response of `livechat/rooms`, or the rooms exported by `mongoexport`, by the
//! paths of their fields. The survey is in `surveyFeedback` (in older documents in `survey`): `satisfaction` from 1 to 5.

use super::{Field, Format, Row};
use lastword_domain::answer::rating::Scale;

const COLUMNS: &[(Field, &[&str])] = &[
    (Field::Session, &["_id"]),
    (Field::ClosedAt, &["closedat"]),
    (Field::OpenedAt, &["ts"]),
    (Field::Score, &["surveyfeedback.satisfaction", "survey.satisfaction"]),
    (Field::Comment, &["surveyfeedback.additionalfeedback", "survey.additionalfeedback"]),
    (Field::Operator, &["servedby._id", "servedby.username"]),
    (Field::OperatorName, &["servedby.name"]),
    (Field::Client, &["v._id", "v.token"]),
    (Field::Channel, &["source.alias", "source.label", "source.type"]),
    (Field::ClientWroteAt, &["v.lastmessagets"]),
    (Field::LastMessageAt, &["lm"]),
    (Field::Line, &["department.name", "departmentid"]),
];

/// Rooms.
pub(super) static ROCKETCHAT: Format = Format {
    word: "rocketchat",
    columns: COLUMNS,
    needed: &[&[Field::Session], &[Field::ClosedAt], &[Field::Client, Field::Operator]],
    scale: Some(Scale::FiveStar),
    score,
    offered: |_| None,
    refine: |_: &mut Row| {},
    footer: false,
    order: &[],
};

fn score(text: &str) -> Result<Option<(u8, Option<Scale>)>, String> {
    match text {
        "" => Ok(None),
        "1" | "2" | "3" | "4" | "5" => Ok(Some((text.parse().unwrap_or_default(), Some(Scale::FiveStar)))),
        _ => {
            let short: String = text.chars().take(40).collect();
            Err(format!("\"{short}\" is no satisfaction; a survey writes 1 to 5"))
        }
    }
}
