//! A notice to a member of staff (`im.notify.system.add`). One with the tag of an older one takes its place, so that a notice
//! that is sent again is there once.

use crate::api::{Api, NO_ACCESS, NO_USER};
use lastword_contract::{Receipt, SendError, Verdict};
use serde_json::{Value, json};

/// What keeps brackets of people from being markup, and is not seen.
const WORD_JOINER: &str = "[\u{2060}";

/// Notifies `user`, once per `key`.
///
/// # Errors
/// As the API's, and when there is no such member of staff.
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

/// Text of people, in which nothing is markup.
fn plain(text: &str) -> String {
    text.replace('[', WORD_JOINER)
}
