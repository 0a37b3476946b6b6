//! Our own format: a table with these columns, or JSON lines with these keys.

use super::{Field, Format};
use lastword_domain::answer::rating::Scale;
use lastword_domain::answer::text as typed;

const COLUMNS: &[(Field, &[&str])] = &[
    (Field::Session, &["session", "session_id"]),
    (Field::Line, &["line", "line_id"]),
    (Field::ClosedAt, &["closed_at"]),
    (Field::OpenedAt, &["opened_at"]),
    (Field::RatedAt, &["rated_at"]),
    (Field::Scale, &["scale"]),
    (Field::Score, &["score"]),
    (Field::Comment, &["comment"]),
    (Field::Reasons, &["reasons"]),
    (Field::Resolved, &["resolved"]),
    (Field::Operator, &["operator", "operator_id"]),
    (Field::OperatorName, &["operator_name"]),
    (Field::Client, &["client", "client_id"]),
    (Field::Channel, &["channel"]),
    (Field::Connection, &["connection"]),
    (Field::Chat, &["chat"]),
    (Field::ClientWroteAt, &["client_wrote_at", "last_client_message_at"]),
    (Field::Language, &["language"]),
    (Field::ClosedBy, &["closed_by"]),
    (Field::Asked, &["asked"]),
    (Field::SupervisorScore, &["supervisor_score"]),
    (Field::SupervisorComment, &["supervisor_comment"]),
    (Field::Labels, &["labels"]),
    (Field::Fields, &["fields"]),
];

const NEEDED: &[&[Field]] = &[&[Field::ClosedAt]];

/// The table.
pub(super) static CSV: Format = Format {
    word: "csv",
    columns: COLUMNS,
    needed: NEEDED,
    scale: None,
    score,
    offered: |_| None,
    refine: |_| {},
    footer: false,
    order: &[],
};

/// One JSON object per line.
pub(super) static JSONL: Format = Format { word: "jsonl", ..CSV };

/// Parses a number, a word for a thumb, or whatever would be a score in a message of a client: `👎🏽`, `★★★★★`, `4/5`, `５`, `4 stars`.
pub(super) fn score(text: &str) -> Result<Option<(u8, Option<Scale>)>, String> {
    let binary = |score| Ok(Some((score, Some(Scale::Binary))));
    match text.to_lowercase().trim_end_matches('\u{fe0f}') {
        "" | "-" | "–" | "—" => Ok(None),
        "like" | "up" | "good" | "yes" | "true" | "+" => binary(1),
        "dislike" | "down" | "bad" | "no" | "false" => binary(0),
        _ => as_typed(text).map(Some).ok_or_else(|| {
            let short: String = text.chars().take(40).collect();
            format!("\"{short}\" is no score; write 0 or 1 for thumbs, 1 to 5 for stars, or nothing where the client did not rate")
        }),
    }
}

/// A score as clients type it, and its scale unless it fits both.
fn as_typed(text: &str) -> Option<(u8, Option<Scale>)> {
    let on = |scale| typed::read(text, scale, &[]).filter(|typed| typed.comment.is_none()).map(|typed| typed.score);
    match (on(Scale::Binary), on(Scale::FiveStar)) {
        (Some(score), Some(_)) => Some((score, None)),
        (Some(score), None) => Some((score, Some(Scale::Binary))),
        (None, score) => Some((score?, Some(Scale::FiveStar))),
    }
}
