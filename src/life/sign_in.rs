//! A person signs in with a password, and signs out.
//!
//! A try is counted before the password is looked at, so that many at once are not more than many in a row. An unknown
//! login takes as long and is answered as a wrong password.

use super::admit_person::{LOGIN_MAX, hash};
use super::engine::Engine;
use super::passwords::{TooMany, verify_aside};
use crate::domain::audit::{Act, By, Entry};
use crate::domain::throttle::{FORGOTTEN_AFTER, wait_after};
use crate::store::account::Account;
use crate::store::login::Login;
use crate::store::sign_in_try::{self, Tries};
use crate::store::{Millis, StoreError, Tx, account, audit, login};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// More of what a browser says it is nobody reads.
const AGENT_CHARS: usize = 300;

/// A try.
#[derive(Clone, Debug)]
pub struct Try {
    /// The login as typed.
    pub login: String,
    /// The password as typed.
    pub password: String,
    /// From where.
    pub address: String,
    /// What the browser says it is.
    pub agent: String,
}

/// What became of a try.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SignedIn {
    /// It is them: the secret for the cookie.
    Yes(String),
    /// An unknown login, a wrong password, or an account that is switched off: nobody learns which.
    No,
    /// Too many tries: no further one for so many milliseconds.
    Wait(Millis),
    /// Too many people sign in at this moment.
    Busy,
}

/// Signs somebody in.
///
/// # Errors
/// The database's error.
pub async fn sign_in(engine: &Engine, tried: Try, now: Millis) -> Result<SignedIn, StoreError> {
    let who = hash(&tried.login.to_lowercase());
    if let Some(wait) = count(engine, &who, now).await? {
        return Ok(SignedIn::Wait(wait));
    }
    let found = account::by_login(&engine.db, &tried.login).await?;
    let known = found.as_ref().map(|account| account.password_hash.clone());
    let right = match verify_aside(tried.password, known).await {
        Ok(right) => right,
        Err(TooMany) => return Ok(SignedIn::Busy),
    };
    let Some(account) = found.filter(|account| right && account.disabled_at.is_none()) else { return Ok(SignedIn::No) };
    let steps = engine.clone();
    let (address, agent) = (tried.address, tried.agent);
    let opened = engine.db.write(move |tx| {
        let (engine, who, account) = (steps.clone(), who.clone(), account.clone());
        let (address, agent) = (address.clone(), agent.clone());
        Box::pin(async move {
            sign_in_try::forget(tx, &who).await?;
            open(tx, &engine, &account, &address, &agent, now).await
        })
    });
    let secret: Result<String, StoreError> = opened.await;
    secret.map(SignedIn::Yes)
}

/// Counts a try, unless it comes too early; then it says how long to wait.
async fn count(engine: &Engine, who: &str, now: Millis) -> Result<Option<Millis>, StoreError> {
    let who = who.to_owned();
    engine
        .db
        .write(move |tx| {
            let who = who.clone();
            Box::pin(async move {
                let kept = sign_in_try::hold(tx, &who).await?;
                let before = kept.filter(|tries| now - tries.last_at < FORGOTTEN_AFTER).unwrap_or_default();
                if now < before.until {
                    return Ok(Some(before.until - now));
                }
                let failures = before.failures + 1;
                let tries = Tries { failures, last_at: now, until: now + wait_after(failures) };
                sign_in_try::save(tx, &who, kept, tries).await.map(|()| None)
            })
        })
        .await
}

/// Begins a login without a password: for whoever has shown in another way who they are, and for the demo's own admin.
/// Gives the secret.
///
/// # Errors
/// The database's error.
pub async fn let_in(engine: &Engine, account: &Account, address: &str, agent: &str, now: Millis) -> Result<String, StoreError> {
    let (steps, account, address, agent) = (engine.clone(), account.clone(), address.to_owned(), agent.to_owned());
    let step = engine.db.write(move |tx| {
        let (engine, account, address, agent) = (steps.clone(), account.clone(), address.clone(), agent.clone());
        Box::pin(async move { open(tx, &engine, &account, &address, &agent, now).await })
    });
    step.await
}

/// Begins a login of `account`: a new secret each time. Gives the secret.
///
/// # Errors
/// The database's error.
pub async fn open(tx: &mut Tx, engine: &Engine, account: &Account, address: &str, agent: &str, now: Millis) -> Result<String, StoreError> {
    let secret = URL_SAFE_NO_PAD.encode(engine.ids.bytes::<32>());
    let opened = Login {
        hash: hash(&secret),
        id: engine.ids.next(now),
        account_id: account.id.clone(),
        created_at: now,
        seen_at: now,
        address: address.to_owned(),
        agent: agent.chars().filter(|letter| !letter.is_control()).take(AGENT_CHARS).collect(),
    };
    login::insert(tx, &opened).await?;
    let entry = Entry::new(Act::SignedIn, &account.id);
    audit::write(tx, &engine.ids.next(now), now, &By::person(&account.id, &account.name), &entry).await?;
    Ok(secret)
}

/// Ends a login.
///
/// # Errors
/// The database's error.
pub async fn sign_out(engine: &Engine, hash: &str) -> Result<(), StoreError> {
    let hash = hash.to_owned();
    engine
        .db
        .write(move |tx| {
            let hash = hash.clone();
            Box::pin(async move { login::end(tx, &hash).await.map(drop) })
        })
        .await
}

/// Ends logins of a person from elsewhere: the one with this id, or all but the present one.
///
/// # Errors
/// The database's error.
pub async fn end_others(engine: &Engine, by: &By, which: Option<String>, present: &str, now: Millis) -> Result<u64, StoreError> {
    let (steps, by, present) = (engine.clone(), by.clone(), present.to_owned());
    engine
        .db
        .write(move |tx| {
            let (engine, by, which, present) = (steps.clone(), by.clone(), which.clone(), present.clone());
            Box::pin(async move {
                let ended = match which {
                    Some(id) => u64::from(login::end_one_of(tx, &by.id, &id).await?),
                    None => login::end_all_of(tx, &by.id, &present).await?,
                };
                if ended > 0 {
                    let entry = Entry::new(Act::LoginsEnded, &by.id);
                    audit::write(tx, &engine.ids.next(now), now, &by, &entry).await?;
                }
                Ok(ended)
            })
        })
        .await
}

/// Forgets logins that are over, and tries of long ago.
///
/// # Errors
/// The database's error.
pub async fn sweep(tx: &mut Tx, now: Millis) -> Result<(), StoreError> {
    login::sweep(tx, now - LOGIN_MAX).await?;
    sign_in_try::sweep(tx, now - FORGOTTEN_AFTER).await
}
