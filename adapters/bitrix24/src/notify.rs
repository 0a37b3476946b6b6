//! A notification to an employee (`im.notify.system.add`). It replaces an older one with the same tag, so a repeated
//! notification appears once.

use crate::api::{Api, NO_ACCESS, NO_USER};
use lastword_contract::{Receipt, SendError, Verdict};
use serde_json::{Value, json};

/// An invisible character that keeps brackets in people's texts from being markup.
const WORD_JOINER: &str = "[\u{2060}";

/// Notifies `user`, once per `key`.
///
/// Errors of the API; also if the employee does not exist.
pub(crate) async fn notify(api: &Api, user: &str, text: &str, key: &str, about: &str) -> Result<Receipt, SendError> {
    let notice =
        json!({ "USER_ID": user, "MESSAGE": plain(text), "TAG": format!("LASTWORD|{key}"), "SUB_TAG": format!("LASTWORD|{about}") });
    let gone = || SendError::new(Verdict::RecipientGone, NO_USER, "Bitrix24 made no notice: there is no such user, or they left");
    match api.write("im.notify.system.add", notice).await {
        Ok(Value::Bool(false)) => Err(gone()),
        Ok(made) => match crate::form::id(&made) {
            Some(id) => Ok(Receipt { message_id: Some(id), moved_to: None }),
            None => Err(SendError::new(Verdict::CannotKnow, "garbled", "the answer names no notice")),
        },
        Err(error) if error.kind == NO_ACCESS => Err(gone()),
        Err(error) => Err(error),
    }
}

/// Disables markup in text that people wrote.
fn plain(text: &str) -> String {
    text.replace('[', WORD_JOINER)
}
