//! Tickets of Zendesk: the CSV export of an account or a view, by the names of its columns in Zendesk's own documentation,
//! and the JSON of its API and full export, by its paths. The cell of the rating shows if it was offered: `Not Offered`,
//! `Offered`, `Good`, `Bad`.

use super::{Field, Format, Row};
use lastword_domain::answer::rating::Scale;

const COLUMNS: &[(Field, &[&str])] = &[
    (Field::Session, &["id", "ticket id"]),
    (Field::ClosedAt, &["solved at", "solved_at", "metric_set.solved_at"]),
    (Field::OpenedAt, &["created at", "created_at"]),
    (Field::Score, &["satisfaction score", "satisfaction rating", "satisfaction_rating.score"]),
    (Field::Comment, &["satisfaction comment", "satisfaction_rating.comment"]),
    (Field::Operator, &["assignee id", "assignee_id"]),
    (Field::OperatorName, &["assignee", "assignee name"]),
    (Field::Client, &["requester id", "requester_id"]),
    (Field::ClientPhone, &["requester email", "requester"]),
    (Field::Channel, &["via", "via.channel"]),
    (Field::Line, &["group", "group name", "group_id"]),
];

/// Tickets.
pub(super) static ZENDESK: Format = Format {
    word: "zendesk",
    columns: COLUMNS,
    needed: &[&[Field::Session], &[Field::ClosedAt], &[Field::Score]],
    scale: Some(Scale::Binary),
    score,
    offered: |text| match word(text).as_str() {
        "" | "-" => None,
        "notoffered" | "unoffered" => Some(false),
        _ => Some(true),
    },
    refine,
    footer: false,
    order: &[],
};

/// The letters only: `Good with comment`, `good_with_comment` and `goodwithcomment` are the same.
fn word(text: &str) -> String {
    text.chars().filter(|letter| !matches!(letter, ' ' | '_')).flat_map(char::to_lowercase).collect()
}

fn score(text: &str) -> Result<Option<(u8, Option<Scale>)>, String> {
    match word(text).as_str() {
        "" | "-" | "notoffered" | "unoffered" | "offered" => Ok(None),
        "good" | "goodwithcomment" | "goodwithoutcomment" => Ok(Some((1, Some(Scale::Binary)))),
        "bad" | "badwithcomment" | "badwithoutcomment" => Ok(Some((0, Some(Scale::Binary)))),
        _ => {
            let short: String = text.chars().take(40).collect();
            Err(format!("\"{short}\" is no satisfaction score; the export writes Not Offered, Offered, Good and Bad"))
        }
    }
}

/// The CSV has only operators' names, and a dash for none. A comment on a ticket without a score is not the comment of a rating.
fn refine(row: &mut Row) {
    row.operator_name = row.operator_name.take().filter(|name| name != "-");
    if row.operator.is_none() {
        row.operator.clone_from(&row.operator_name);
    }
}
