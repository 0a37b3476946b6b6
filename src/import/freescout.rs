//! Conversations of FreeScout with the ratings of its module, which stores them at replies: 1 Great, 2 Okay, 3 Not Good. No
//! export of FreeScout itself is known to contain them; the columns are those of the query in `docs/xray.md`.

use super::{Field, Format, Row};
use lastword_domain::answer::rating::Scale;

const COLUMNS: &[(Field, &[&str])] = &[
    (Field::Session, &["number", "conversation", "conversation_id"]),
    (Field::ClosedAt, &["closed_at", "closed at", "closedat"]),
    (Field::OpenedAt, &["created_at", "created at", "createdat"]),
    (Field::RatedAt, &["rated_at"]),
    (Field::Score, &["rating", "satisfaction rating"]),
    (Field::Comment, &["rating_comment", "rating comment"]),
    (Field::Operator, &["user_id", "assignee.id"]),
    (Field::OperatorName, &["user", "assignee"]),
    (Field::Client, &["customer_id", "customer.id"]),
    (Field::ClientPhone, &["customer_email", "customer.email"]),
    (Field::Channel, &["type"]),
    (Field::Line, &["mailbox", "mailbox_id", "mailboxid"]),
];

/// Conversations.
pub(super) static FREESCOUT: Format = Format {
    word: "freescout",
    columns: COLUMNS,
    needed: &[&[Field::Session], &[Field::ClosedAt], &[Field::Score]],
    // Three grades: the best, the middle and the worst of five stars.
    scale: Some(Scale::FiveStar),
    score,
    offered: |_| None,
    refine,
    footer: false,
    order: &[],
};

fn score(text: &str) -> Result<Option<(u8, Option<Scale>)>, String> {
    let grade = |stars| Ok(Some((stars, Some(Scale::FiveStar))));
    match text.to_lowercase().as_str() {
        "" | "-" | "0" | "null" | "\\n" => Ok(None),
        "1" | "great" => grade(5),
        "2" | "okay" | "ok" => grade(3),
        "3" | "not good" | "notgood" | "not_good" => grade(1),
        _ => {
            let short: String = text.chars().take(40).collect();
            Err(format!("\"{short}\" is no rating; FreeScout keeps 1 (Great), 2 (Okay) and 3 (Not Good)"))
        }
    }
}

/// The operator's name serves as the ID if only the name is known.
fn refine(row: &mut Row) {
    if row.operator.is_none() {
        row.operator.clone_from(&row.operator_name);
    }
}
