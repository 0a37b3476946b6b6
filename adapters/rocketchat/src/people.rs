//! Tells programs from people. Everyone in a chat except the client is an agent, including bots; only a lookup of the user
//! distinguishes them. The server limits lookups, so results are cached for a while.

use lastword_contract::http::Api;
use lastword_contract::json;
use lastword_contract::{Millis, Person, SendError, Verdict};
use serde_json::Value;
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

/// Username of the server itself: it closes silent chats and writes system messages.
pub(crate) const SERVER: &str = "rocket.cat";
/// Time for which a result is cached.
const SEEN_FOR: Millis = 60 * 60_000;
/// Maximum cached users.
const SEEN_MAX: usize = 10_000;

/// Cached users, and when each was looked up.
#[derive(Default)]
pub(crate) struct People(Mutex<HashMap<String, (Millis, Person)>>);

impl People {
    /// Looks up a user by ID. A deleted user counts as a person with the name at their messages.
    ///
    /// # Errors
    /// Errors of the API.
    pub(crate) async fn look(&self, api: &Api, id: &str, username: Option<String>, now: Millis) -> Result<Person, SendError> {
        if id == SERVER {
            return Ok(Person { id: id.to_owned(), name: username, program: true });
        }
        let seen = self.0.lock().unwrap_or_else(PoisonError::into_inner).get(id).cloned();
        if let Some((_, person)) = seen.filter(|(at, _)| (0..SEEN_FOR).contains(&(now - at))) {
            return Ok(person);
        }
        let user = match api.get(&format!("users.info?userId={}", crate::api::encoded(id))).await {
            Ok(answer) => answer["user"].clone(),
            Err(error) if matches!(error.verdict, Verdict::Refused | Verdict::RecipientGone) => Value::Null,
            Err(error) => return Err(error),
        };
        let name = json::name(&user["name"]).or_else(|| json::text(&user["username"])).or(username);
        let person = Person { id: id.to_owned(), name, program: is_program(&user) };
        let mut seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if seen.len() >= SEEN_MAX {
            seen.clear();
        }
        seen.insert(id.to_owned(), (now, person.clone()));
        Ok(person)
    }
}

/// Decides by type, and by role if the user of the token may see roles.
fn is_program(user: &Value) -> bool {
    let roles = user["roles"].as_array().into_iter().flatten();
    matches!(user["type"].as_str(), Some("bot" | "app")) || roles.into_iter().any(|role| role == "bot")
}
