//! Secrets that a platform issues at run time, such as the tokens of an installation, are stored sealed, for all nodes and
//! across restarts.

use lastword_base::id::Ids;
use lastword_base::names::ConnectionId;
use lastword_domain::access::sealed::{open, seal};
use lastword_domain::question::token::TokenKeys;
use lastword_store::connection::secret::{self, ConnectionSecret};
use lastword_store::{Db, Millis, StoreError, transaction};

/// The secret stored for `connection`; `None` unless it belongs to the configured secret that `made_from` identifies and
/// this installation's key opens it.
#[lastword_base::boxed]
pub async fn kept(
    db: &Db,
    keys: &TokenKeys,
    connection: &ConnectionId,
    made_from: &str,
    now: Millis,
) -> Result<Option<String>, StoreError> {
    let all = secret::all(db).await?;
    let ours = |secret: &&ConnectionSecret| secret.connection == *connection && secret.made_from == made_from && secret.ends_at > now;
    Ok(all.iter().find(ours).and_then(|secret| open(keys.each(), connection.as_str(), &secret.sealed)))
}

/// A secret as issued.
#[derive(Clone, Copy)]
pub struct HandedOver<'a> {
    /// The connection.
    pub connection: &'a ConnectionId,
    /// Identifies the configured secret that it belongs to.
    pub made_from: &'a str,
    /// The secret.
    pub secret: &'a str,
    /// Time until it expires.
    pub lasts: Millis,
}

/// Stores a secret, replacing the previous one.
#[lastword_base::boxed]
pub async fn keep<'a>(db: &'a Db, keys: &'a TokenKeys, ids: &'a Ids, given: HandedOver<'a>, now: Millis) -> Result<(), StoreError> {
    let HandedOver { connection, made_from, secret: text, lasts } = given;
    let Some(key) = keys.each().next() else { return Err(StoreError::Driver("there is no key to seal it with".to_owned())) };
    let sealed = ConnectionSecret {
        connection: connection.to_owned(),
        made_from: made_from.to_owned(),
        sealed: seal(key, connection.as_str(), ids.bytes(), text),
        ends_at: now.saturating_add(lasts),
        renewed_at: now,
    };
    transaction!(db, [sealed], async |tx| { secret::keep(tx, &sealed).await }).await
}
