//! Changes accounts of people: create, edit, disable, set a password. Changes of rights apply from the next request on: a person
//! whose account is disabled, or whose password is changed, is signed out everywhere.

use super::passwords::NONE_YET;
use crate::engine::Engine;
use lastword_base::names::{AccountId, LineId, OperatorId};
use lastword_domain::access::audit::{Act, By, Entry, Kind};
use lastword_domain::access::rights::Role;
use lastword_domain::access::ticket::{self, Purpose};
use lastword_store::access::account::{self, Account};
use lastword_store::access::{audit, login};
use lastword_store::alert::push_browser;
use lastword_store::report::saved_view;
use lastword_store::{Millis, StoreError, Tx, transaction};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// Lifetime of the link for the first admin.
pub const FIRST_LINK_TIME: Millis = 3_600_000;
/// Lifetime of the link to choose a password.
pub const PASSWORD_LINK_TIME: Millis = 24 * 3_600_000;

/// Input for an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// Their name.
    pub name: String,
    /// Their role.
    pub role: Role,
    /// For an operator: their ID in the desk.
    pub operator_id: Option<OperatorId>,
    /// For a supervisor: sees all lines.
    pub all_lines: bool,
    /// For a supervisor without all lines: their lines.
    pub lines: BTreeSet<LineId>,
    /// For an operator: may read comments about themselves.
    pub comments: bool,
    /// Disabled.
    pub disabled: bool,
}

/// Result of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Changed {
    /// Changed.
    Done,
    /// There is no such account.
    Unknown,
    /// Refused, because no admin who can sign in would remain.
    LastAdmin,
}

/// True if this is a valid login.
pub fn is_login(text: &str) -> bool {
    (1..=100).contains(&text.chars().count()) && text.chars().all(|c| c.is_alphanumeric() || "-_.@+".contains(c))
}

/// Creates an account. `None` if the login is taken. Without a hash, signing in is not possible until a password is chosen.
#[lastword_base::boxed]
pub async fn add(
    engine: &Engine,
    by: &By,
    login: &str,
    wanted: Wanted,
    password_hash: Option<String>,
    now: Millis,
) -> Result<Option<Account>, StoreError> {
    let new = Account {
        id: engine.ids.next(now),
        login: login.to_lowercase(),
        name: wanted.name.clone(),
        role: wanted.role,
        password_hash: password_hash.unwrap_or_else(|| NONE_YET.to_owned()),
        operator_id: wanted.operator_id.clone(),
        all_lines: wanted.all_lines,
        comments: wanted.comments,
        created_at: now,
        ..Account::default()
    };
    if account::by_login(&engine.db, &new.login).await?.is_some() {
        return Ok(None);
    }
    let lines = wanted.lines;
    let added = transaction!(engine.db, [engine, by, new, lines], async |tx| {
        account::insert(tx, &new).await?;
        account::set_lines(tx, new.id, &lines).await?;
        let entry = Entry::new(Act::AccountAdded, new.id).with(&Value::Null, &summary(&new, &lines));
        note(tx, &engine, &by, &entry, now).await
    });
    match added.await {
        Ok(()) => Ok(Some(new)),
        Err(StoreError::Conflict) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Changes an account.
#[lastword_base::boxed]
pub async fn change(engine: &Engine, by: &By, id: AccountId, wanted: Wanted, now: Millis) -> Result<Changed, StoreError> {
    transaction!(engine.db, [engine, by, wanted], async |tx| {
        // Before the account itself, so that two admins who change each other lock in the same order.
        let others = account::other_admins(tx, id).await?;
        let Some(before) = account::hold(tx, id).await? else { return Ok(Changed::Unknown) };
        // The command line can always create another one.
        let locks_out = others == 0 && by.kind != Kind::Command && can_administer(&before);
        if locks_out && (wanted.disabled || wanted.role != Role::Admin) {
            return Ok(Changed::LastAdmin);
        }
        let lines_before = account::lines_in(tx, id).await?;
        let after = Account {
            name: wanted.name,
            role: wanted.role,
            operator_id: wanted.operator_id,
            all_lines: wanted.all_lines,
            comments: wanted.comments,
            disabled_at: wanted.disabled.then(|| before.disabled_at.unwrap_or(now)),
            ..before.clone()
        };
        account::change(tx, &after).await?;
        account::set_lines(tx, id, &wanted.lines).await?;
        if wanted.disabled {
            login::end_all_of(tx, id, "").await?;
            push_browser::delete_all_of(tx, id).await?;
            saved_view::forget_own(tx, id).await?;
        }
        let entry = Entry::new(Act::AccountChanged, id);
        let entry = entry.with(&summary(&before, &lines_before), &summary(&after, &wanted.lines));
        if !entry.before.is_empty() || !entry.after.is_empty() {
            note(tx, &engine, &by, &entry, now).await?;
        }
        Ok(Changed::Done)
    })
    .await
}

/// Sets the password of an account, and ends its logins except the one with the hash `but`.
#[lastword_base::boxed]
pub async fn set_password(engine: &Engine, by: &By, id: AccountId, hash: String, but: &str, now: Millis) -> Result<Changed, StoreError> {
    transaction!(engine.db, [engine, by, hash, but], async |tx| {
        if account::hold(tx, id).await?.is_none() {
            return Ok(Changed::Unknown);
        }
        account::set_password(tx, id, &hash).await?;
        login::end_all_of(tx, id, &but).await?;
        // A person who knew the old password may have enabled notifications in a browser.
        push_browser::delete_all_of(tx, id).await?;
        note(tx, &engine, &by, &Entry::new(Act::PasswordChanged, id), now).await?;
        Ok(Changed::Done)
    })
    .await
}

/// Signs a person out everywhere. Returns whether the account exists.
#[lastword_base::boxed]
pub async fn end_logins(engine: &Engine, by: &By, id: AccountId, now: Millis) -> Result<Changed, StoreError> {
    transaction!(engine.db, [engine, by], async |tx| {
        if account::hold(tx, id).await?.is_none() {
            return Ok(Changed::Unknown);
        }
        push_browser::delete_all_of(tx, id).await?;
        if login::end_all_of(tx, id, "").await? > 0 {
            note(tx, &engine, &by, &Entry::new(Act::LoginsEnded, id), now).await?;
        }
        Ok(Changed::Done)
    })
    .await
}

/// Stores a person's preferences for the pages.
#[lastword_base::boxed]
pub async fn choose(engine: &Engine, id: AccountId, language: Option<String>, theme: Option<String>) -> Result<(), StoreError> {
    transaction!(engine.db, [language, theme], async |tx| { account::set_choice(tx, id, language.as_deref(), theme.as_deref()).await })
        .await
}

/// The last part of the link that creates the first admin; `None` if there are accounts already.
#[lastword_base::boxed]
pub async fn first_link(engine: &Engine, now: Millis) -> Result<Option<String>, StoreError> {
    if account::any(&engine.db).await? {
        return Ok(None);
    }
    let key = engine.keys.each().next().unwrap_or_default();
    Ok(Some(ticket::mint(key, Purpose::First, "admin", now + FIRST_LINK_TIME, "")))
}

/// True if a link for the first admin is valid now.
#[lastword_base::boxed]
pub async fn first_link_holds(engine: &Engine, text: &str, now: Millis) -> Result<bool, StoreError> {
    let ours = ticket::read(text).is_some_and(|ticket| ticket.holds(engine.keys.each(), Purpose::First, "", now));
    Ok(ours && !account::any(&engine.db).await?)
}

/// Makes a link to choose a password for an account. Returns its last part.
#[lastword_base::boxed]
pub async fn password_link(engine: &Engine, by: &By, id: AccountId, now: Millis) -> Result<Option<String>, StoreError> {
    let Some(account) = account::find(&engine.db, id).await? else { return Ok(None) };
    let key = engine.keys.each().next().unwrap_or_default();
    let link = ticket::mint(key, Purpose::Password, &id.to_string(), now + PASSWORD_LINK_TIME, &account.password_hash);
    transaction!(engine.db, [engine, by], async |tx| { note(tx, &engine, &by, &Entry::new(Act::AccountInvited, id), now).await }).await?;
    Ok(Some(link))
}

/// The account whose password a link may set now. A link for a disabled account is invalid.
#[lastword_base::boxed]
pub async fn password_link_of(engine: &Engine, text: &str, now: Millis) -> Result<Option<Account>, StoreError> {
    let Some(ticket) = ticket::read(text) else { return Ok(None) };
    let Ok(id) = ticket.subject.parse() else { return Ok(None) };
    let account = account::find(&engine.db, id).await?.filter(|account| account.disabled_at.is_none());
    Ok(account.filter(|account| ticket.holds(engine.keys.each(), Purpose::Password, &account.password_hash, now)))
}

fn can_administer(account: &Account) -> bool {
    account.role == Role::Admin && account.disabled_at.is_none()
}

/// Summary of an account for the audit log, without its password.
fn summary(account: &Account, lines: &BTreeSet<LineId>) -> Value {
    let supervisor = account.role == Role::Supervisor;
    json!({
        "login": account.login,
        "name": account.name,
        "role": account.role.as_str(),
        "operator": account.operator_id,
        "comments": account.comments.then_some(true),
        "lines": match (supervisor, account.all_lines) {
            (false, _) => Value::Null,
            (true, true) => json!("all"),
            (true, false) => json!(lines),
        },
        "disabled": account.disabled_at.map(|_| true),
    })
}

async fn note(tx: &mut Tx, engine: &Engine, by: &By, entry: &Entry, now: Millis) -> Result<(), StoreError> {
    audit::write(tx, engine.ids.next(now), now, by, entry).await
}
