//! Authenticates a session cookie or panel header and loads the person's rights.

use crate::engine::Engine;
use lastword_base::names::{AccountId, LoginId};
use lastword_domain::access::audit::By;
use lastword_domain::access::rights::{Rights, Role};
use lastword_store::access::{account, login};
use lastword_store::{Millis, StoreError, transaction};
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;

/// A login that was not used for this long has expired (ASVS 5.0, 7.3.1).
pub const IDLE_MAX: Millis = 30 * 60_000;
/// Maximum duration of a login.
pub const LOGIN_MAX: Millis = 12 * 3_600_000;
/// Resolution of the recorded last use of a login.
const SEEN_EVERY: Millis = 60_000;

/// A person who is signed in.
#[derive(Clone, Debug)]
pub struct Person {
    /// The account.
    pub id: AccountId,
    /// Login.
    pub login: String,
    /// Their name.
    pub name: String,
    /// Their rights.
    pub rights: Rights,
    /// The language they chose.
    pub language: Option<String>,
    /// `light` or `dark`, if they chose one.
    pub theme: Option<String>,
    /// The ID of this login.
    pub login_id: LoginId,
    /// Stored hash of its secret.
    pub login_hash: String,
    /// Recorded last use of this login.
    pub seen_at: Millis,
}

impl Person {
    /// The person as an actor.
    pub fn by(&self) -> By {
        By::person(self.id, &self.name)
    }

    /// True if this use of the login has to be recorded.
    pub fn is_news(&self, now: Millis) -> bool {
        now - self.seen_at >= SEEN_EVERY
    }
}

/// Stored hash of the secret of a login to the pages, which is a cookie. It has 256 random bits and needs no slow hash.
pub fn hash(secret: &str) -> String {
    hex::encode(Sha256::digest(secret.as_bytes()))
}

/// Stored hash of the secret of a login to the panel in a desk, which is a header. A secret of the panel is not valid for the
/// pages, and vice versa.
pub fn panel_hash(secret: &str) -> String {
    hash(&format!("panel:{secret}"))
}

/// The person whose login has this hash. `None` if it is unknown, expired, or of a disabled account.
#[lastword_base::boxed]
pub async fn admit(engine: &Engine, hash: &str, now: Millis) -> Result<Option<Person>, StoreError> {
    let Some((login, account)) = login::find(&engine.db, hash).await? else { return Ok(None) };
    let over = now - login.seen_at >= IDLE_MAX || now - login.created_at >= LOGIN_MAX || account.disabled_at.is_some();
    if over {
        return Ok(None);
    }
    let role = account.role;
    let lines =
        if role == Role::Supervisor && !account.all_lines { account::lines(&engine.db, account.id).await? } else { BTreeSet::new() };
    Ok(Some(Person {
        rights: Rights::of(role, account.all_lines, lines, account.operator_id, account.comments),
        id: account.id,
        login: account.login,
        name: account.name,
        language: account.language,
        theme: account.theme,
        login_id: login.id,
        login_hash: login.hash,
        seen_at: login.seen_at,
    }))
}

/// Records the use of a login.
#[lastword_base::boxed]
pub async fn seen(engine: &Engine, hash: &str, now: Millis) -> Result<(), StoreError> {
    transaction!(engine.db, [hash], async |tx| { login::seen(tx, &hash, now).await }).await
}
