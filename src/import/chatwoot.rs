//! The CSAT report that Chatwoot offers for download as CSV, by the names of its columns (the headers under
//! `reports.csat.headers` of the product's own language file). It contains only answered surveys. The time of the answer is
//! used as the time of the close, which the report lacks. Below the table is a line with the period.

use super::{Field, Format, Row};
use lastword_domain::answer::rating::Scale;

const COLUMNS: &[(Field, &[&str])] = &[
    (Field::Operator, &["agent name", "assigned agent", "agent_name"]),
    (Field::Score, &["rating"]),
    (Field::Comment, &["feedback comment", "feedback"]),
    (Field::Client, &["contact email address", "contact_email_address"]),
    (Field::ClientPhone, &["contact phone number", "contact_phone_number"]),
    (Field::Session, &["link to the conversation", "link_to_the_conversation"]),
    (Field::ClosedAt, &["recorded date", "recorded at", "recorded_at"]),
];

/// Columns are named in the language of the account, and have the same order in all languages (the view
/// `csat_survey_responses/download.csv.erb`). Enterprise editions append the reviewer's notes.
const ORDER: &[Option<Field>] = &[
    Some(Field::Operator),
    Some(Field::Score),
    Some(Field::Comment),
    // The contact's name, which does not identify a client.
    None,
    Some(Field::Client),
    Some(Field::ClientPhone),
    Some(Field::Session),
    Some(Field::ClosedAt),
];

/// The CSAT report.
pub(super) static CHATWOOT: Format = Format {
    word: "chatwoot",
    columns: COLUMNS,
    needed: &[&[Field::Score], &[Field::ClosedAt]],
    scale: Some(Scale::FiveStar),
    score,
    offered: |_| None,
    refine,
    footer: true,
    order: ORDER,
};

fn score(text: &str) -> Result<Option<(u8, Option<Scale>)>, String> {
    let score = text.parse::<u8>().ok().filter(|score| Scale::FiveStar.admits(*score));
    let short: String = text.chars().take(40).collect();
    score.map(|score| Some((score, Some(Scale::FiveStar)))).ok_or_else(|| format!("\"{short}\" is no rating; the report writes 1 to 5"))
}

/// "Anna A (anna@example.com)" is a name and an ID; the conversation is the number at the end of its link.
fn refine(row: &mut Row) {
    if let Some((name, mail)) = row.operator.as_deref().and_then(|both| both.strip_suffix(')')?.rsplit_once(" (")) {
        let (name, mail) = (name.trim().to_owned(), mail.trim().to_owned());
        row.operator_name = Some(name).filter(|name| !name.is_empty());
        row.operator = Some(mail);
    }
    if let Some(link) = row.session.as_deref() {
        let number = link.trim_end_matches('/').rsplit('/').next().unwrap_or(link).to_owned();
        row.session = Some(number).filter(|number| !number.is_empty());
    }
    row.rated_at = row.rated_at.or(row.closed_at);
    row.asked = Some(true);
}
