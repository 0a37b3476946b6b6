//! The list of conversations that Bitrix24 exports ("Экспорт в Excel" on the open channels' list of conversations), by the
//! names of its columns in Russian and English and by their codes. Names are those of the product's language files
//! (component `imopenlines.statistics.detail`), read on 2026-11-21.
//!
//! The client's vote is a number: 5 like, 1 dislike, 0 none. Nothing shows if a client without a vote was asked.

use super::{Field, Format, Row};
use lastword_domain::answer::rating::Scale;
use lastword_domain::session::ClosedBy;

const COLUMNS: &[(Field, &[&str])] = &[
    (Field::Session, &["session id", "session_id", "номер сессии", "id", "№", "#"]),
    (Field::Line, &["open channel", "config_id", "config_name", "открытая линия"]),
    (Field::ClosedAt, &["closed on", "date_close", "дата закрытия"]),
    (Field::ClosedByOperatorAt, &["agent closed on", "date_operator_close", "дата закрытия оператором"]),
    (Field::OpenedAt, &["created on", "date_create", "дата создания"]),
    (Field::Score, &["rated by clients", "vote", "оценка клиента"]),
    (Field::OperatorName, &["employee", "operator_name", "сотрудник"]),
    (Field::Operator, &["operator_id"]),
    (Field::Channel, &["channel", "source_text", "канал"]),
    (Field::LastMessageAt, &["last message on", "date_last_message", "дата последнего сообщения"]),
    (Field::Spam, &["spam / force stop", "spam", "спам / принудительное завершение", "спам"]),
    (Field::SupervisorScore, &["supervisor rating", "rated by supervisor", "vote_head", "оценка руководителя"]),
    (Field::SupervisorComment, &["supervisor comment", "comment_head", "комментарий руководителя"]),
];

/// The list of conversations.
pub(super) static BITRIX24: Format = Format {
    word: "bitrix24",
    columns: COLUMNS,
    needed: &[&[Field::Session], &[Field::ClosedAt, Field::ClosedByOperatorAt], &[Field::Score]],
    scale: Some(Scale::Binary),
    score,
    offered: |_| None,
    refine,
    footer: true,
    order: &[],
};

fn score(text: &str) -> Result<Option<(u8, Option<Scale>)>, String> {
    match text.to_lowercase().trim_end_matches('\u{fe0f}') {
        "" | "-" | "–" | "—" | "0" => Ok(None),
        "5" | "like" | "нравится" | "👍" => Ok(Some((1, Some(Scale::Binary)))),
        "1" | "dislike" | "не нравится" | "👎" => Ok(Some((0, Some(Scale::Binary)))),
        _ => {
            let short: String = text.chars().take(40).collect();
            Err(format!("\"{short}\" is no vote; the export writes 5, 1 and 0, or Like and Dislike"))
        }
    }
}

/// The export has operators' names without their IDs. A supervisor's comment that is empty is exported as "add".
fn refine(row: &mut Row) {
    if row.operator.is_none() {
        row.operator.clone_from(&row.operator_name);
    }
    if row.spam {
        row.closed_by = ClosedBy::Spam;
    }
    if row.supervisor_comment.as_deref().is_some_and(|comment| matches!(comment, "add" | "добавить" | "-")) {
        row.supervisor_comment = None;
    }
}
