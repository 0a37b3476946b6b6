//! Signing in with a password, and signing out.
//!
//! A try is counted before the password is checked, so that parallel tries are no faster than sequential ones. It is counted for
//! the login and the place it comes from: an address, or a browser that signed in with this login before. An unknown login takes as
//! long as a wrong password and has the same response.

use super::admit_person::{LOGIN_MAX, hash, panel_hash};
use super::passwords::{TooMany, verify_aside};
use crate::engine::Engine;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use lastword_base::names::LoginId;
use lastword_domain::access::audit::{Act, By, Entry};
use lastword_domain::access::throttle::{FORGOTTEN_AFTER, wait_after, wait_everywhere};
use lastword_store::access::account::Account;
use lastword_store::access::login::Login;
use lastword_store::access::sign_in_try::{self, Tries};
use lastword_store::access::{account, audit, login};
use lastword_store::{Millis, StoreError, Tx, transaction};

/// Maximum stored length of a user agent, in characters.
const AGENT_CHARS: usize = 300;

/// A try to sign in.
#[derive(Clone, Debug)]
pub struct Try {
    /// The login as typed.
    pub login: String,
    /// The password as typed.
    pub password: String,
    /// Client address.
    pub address: String,
    /// Network of the address, as assigned to one customer.
    pub network: String,
    /// The user agent.
    pub agent: String,
    /// The device token that the browser stored after an earlier sign-in.
    pub device: String,
    /// True for the panel in a desk, false for the pages.
    pub panel: bool,
}

/// Result of a try.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SignedIn {
    /// Signed in.
    Yes {
        /// The secret for the cookie.
        secret: String,
        /// Device token for the browser to store.
        device: String,
    },
    /// An unknown login, a wrong password, or a disabled account; the caller cannot distinguish these.
    No,
    /// Too many tries: wait this many milliseconds.
    Wait(Millis),
    /// Too many people are signing in at the moment.
    Busy,
}

/// Signs a person in.
#[lastword_base::boxed]
pub async fn sign_in(engine: &Engine, tried: Try, now: Millis) -> Result<SignedIn, StoreError> {
    let login = tried.login.to_lowercase();
    let counts = counts(engine, &login, &tried);
    if let Some(wait) = count(engine, &counts, now).await? {
        return Ok(SignedIn::Wait(wait));
    }
    let found = account::by_login(&engine.db, &tried.login).await?;
    let known = found.as_ref().map(|account| account.password_hash.clone());
    let right = match verify_aside(tried.password, known).await {
        Ok(right) => right,
        Err(TooMany) => return Ok(SignedIn::Busy),
    };
    let Some(account) = found.filter(|account| right && account.disabled_at.is_none()) else { return Ok(SignedIn::No) };
    let (address, agent, known) = (tried.address, tried.agent, engine.keys.device_id(&login, &tried.device).is_some());
    let hash: fn(&str) -> String = if tried.panel { panel_hash } else { hash };
    let secret = transaction!(engine.db, [engine, counts, account, address, agent], async |tx| {
        for counted in counts.iter().filter(|counted| counted.by_place) {
            sign_in_try::forget(tx, &counted.who).await?;
        }
        open_as(tx, &engine, &account, (hash, &address, &agent), now).await
    })
    .await?;
    let device = if known { tried.device } else { engine.keys.device(&login, &engine.ids.text(now)) };
    Ok(SignedIn::Yes { secret, device })
}

/// A counter of tries.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Counted {
    who: String,
    /// True for one place, false for all unknown ones.
    by_place: bool,
}

/// The counters of a try, in the order in which they are locked.
fn counts(engine: &Engine, login: &str, tried: &Try) -> Vec<Counted> {
    let count = |place: &str| Counted { who: hash(&format!("{login}\n{place}")), by_place: !place.is_empty() };
    let mut counts = match engine.keys.device_id(login, &tried.device) {
        Some(device) => vec![count(&format!("device {device}"))],
        None => vec![count(&format!("network {}", tried.network)), count("")],
    };
    counts.sort();
    counts
}

/// Counts a try; if it comes too early, returns how long to wait instead.
async fn count(engine: &Engine, counts: &[Counted], now: Millis) -> Result<Option<Millis>, StoreError> {
    transaction!(engine.db, [counts], async |tx| {
        let (mut kept, mut wait) = (Vec::new(), 0);
        for counted in counts {
            let (before, tries) = next_try(sign_in_try::hold(tx, &counted.who).await?, counted.by_place, now);
            wait = wait.max(tries.as_ref().err().copied().unwrap_or(0));
            kept.push((counted.who, before, tries));
        }
        if wait > 0 {
            return Ok(Some(wait));
        }
        for (who, before, tries) in kept {
            if let Ok(tries) = tries {
                sign_in_try::save(tx, &who, before, tries).await?;
            }
        }
        Ok(None)
    })
    .await
}

/// A counter after one more try at `now`, or how long that has to wait.
fn next_try(kept: Option<Tries>, by_place: bool, now: Millis) -> (Option<Tries>, Result<Tries, Millis>) {
    let wait = |failures| if by_place { wait_after(failures) } else { wait_everywhere(failures) };
    let before = kept.filter(|tries| now - tries.last_at < FORGOTTEN_AFTER).unwrap_or_default();
    // After a clock that was ahead, the wait is no longer than the counter requires.
    let until = before.until.min(now + wait(before.failures));
    let failures = before.failures + 1;
    let tries = Tries { failures, last_at: now, until: now + wait(failures) };
    (kept, if now < until { Err(until - now) } else { Ok(tries) })
}

/// Opens a login without a password: for a person who has proved their identity in another way, and for the demo's own admin.
/// Returns the secret.
#[lastword_base::boxed]
pub async fn let_in(engine: &Engine, account: &Account, address: &str, agent: &str, now: Millis) -> Result<String, StoreError> {
    begin(engine, account, (hash, address, agent), now).await
}

/// As [`let_in`], for the panel in a desk.
#[lastword_base::boxed]
pub async fn let_into_panel(engine: &Engine, account: &Account, address: &str, agent: &str, now: Millis) -> Result<String, StoreError> {
    begin(engine, account, (panel_hash, address, agent), now).await
}

/// Hash function of the login's secret, address, and user agent.
type LoginFrom<'d> = (fn(&str) -> String, &'d str, &'d str);

async fn begin(engine: &Engine, account: &Account, (hash, address, agent): LoginFrom<'_>, now: Millis) -> Result<String, StoreError> {
    transaction!(engine.db, [engine, account, address, agent], async |tx| {
        open_as(tx, &engine, &account, (hash, &address, &agent), now).await
    })
    .await
}

/// Opens a login of `account` with a new secret. Returns the secret.
#[lastword_base::boxed]
pub async fn open(tx: &mut Tx, engine: &Engine, account: &Account, address: &str, agent: &str, now: Millis) -> Result<String, StoreError> {
    open_as(tx, engine, account, (hash, address, agent), now).await
}

/// As [`open`], with the hash function of the secret.
async fn open_as(
    tx: &mut Tx,
    engine: &Engine,
    account: &Account,
    (hash, address, agent): LoginFrom<'_>,
    now: Millis,
) -> Result<String, StoreError> {
    let secret = URL_SAFE_NO_PAD.encode(engine.ids.bytes::<32>());
    let opened = Login {
        hash: hash(&secret),
        id: engine.ids.next(now),
        account_id: account.id,
        created_at: now,
        seen_at: now,
        address: address.to_owned(),
        agent: agent.chars().filter(|letter| !letter.is_control()).take(AGENT_CHARS).collect(),
    };
    login::insert(tx, &opened).await?;
    let entry = Entry::new(Act::SignedIn, account.id);
    audit::write(tx, engine.ids.next(now), now, &By::person(account.id, &account.name), &entry).await?;
    Ok(secret)
}

/// Ends a login.
#[lastword_base::boxed]
pub async fn sign_out(engine: &Engine, hash: &str) -> Result<(), StoreError> {
    transaction!(engine.db, [hash], async |tx| { login::end(tx, &hash).await.map(drop) }).await
}

/// Ends other logins of a person: the one with this ID, or all but the present one.
#[lastword_base::boxed]
pub async fn end_others(engine: &Engine, by: &By, which: Option<LoginId>, present: &str, now: Millis) -> Result<u64, StoreError> {
    transaction!(engine.db, [engine, by, present], async |tx| {
        let Some(account) = by.id.as_id() else { return Ok(0) };
        let ended = match which {
            Some(id) => u64::from(login::end_one_of(tx, account, id).await?),
            None => login::end_all_of(tx, account, &present).await?,
        };
        if ended > 0 {
            let entry = Entry::new(Act::LoginsEnded, &by.id);
            audit::write(tx, engine.ids.next(now), now, &by, &entry).await?;
        }
        Ok(ended)
    })
    .await
}

/// Deletes expired logins, and old tries.
#[lastword_base::boxed]
pub async fn sweep(tx: &mut Tx, now: Millis) -> Result<(), StoreError> {
    login::sweep(tx, now - LOGIN_MAX).await?;
    sign_in_try::sweep(tx, now - FORGOTTEN_AFTER).await
}
