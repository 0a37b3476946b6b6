//! Secrets that a platform hands over while we run, such as the tokens of an installation, are kept sealed: for all nodes, and
//! through restarts.

use lastword_base::id::Ids;
use lastword_domain::access::sealed::{open, seal};
use lastword_domain::question::token::TokenKeys;
use lastword_store::connection::secret::{self, ConnectionSecret};
use lastword_store::{Db, Millis, StoreError};

/// What is kept for `connection`, where it belongs to the secret of the settings that `made_from` names and this installation's
/// key opens it.
///
/// # Errors
/// The database's error.
pub async fn kept(db: &Db, keys: &TokenKeys, connection: &str, made_from: &str, now: Millis) -> Result<Option<String>, StoreError> {
    let all = secret::all(db).await?;
    let ours = |secret: &&ConnectionSecret| secret.connection == connection && secret.made_from == made_from && secret.ends_at > now;
    Ok(all.iter().find(ours).and_then(|secret| open(keys.each(), connection, &secret.sealed)))
}

/// A secret as it is handed over.
#[derive(Clone, Copy)]
pub struct HandedOver<'a> {
    /// The connection.
    pub connection: &'a str,
    /// Names the secret of the settings that it belongs to.
    pub made_from: &'a str,
    /// The secret.
    pub secret: &'a str,
    /// How long it is worth something.
    pub lasts: Millis,
}

/// Keeps a secret in the place of the one before.
///
/// # Errors
/// The database's error.
pub async fn keep(db: &Db, keys: &TokenKeys, ids: &Ids, given: HandedOver<'_>, now: Millis) -> Result<(), StoreError> {
    let HandedOver { connection, made_from, secret: text, lasts } = given;
    let Some(key) = keys.each().next() else { return Err(StoreError::Driver("there is no key to seal it with".to_owned())) };
    let sealed = ConnectionSecret {
        connection: connection.to_owned(),
        made_from: made_from.to_owned(),
        sealed: seal(key, connection, ids.bytes(), text),
        ends_at: now.saturating_add(lasts),
        renewed_at: now,
    };
    db.write(move |tx| {
        let sealed = sealed.clone();
        Box::pin(async move { secret::keep(tx, &sealed).await })
    })
    .await
}
