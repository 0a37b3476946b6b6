//! Connections made by admins, for commands: merged with those of the settings, and those whose secrets this installation's
//! key cannot decrypt.

use crate::domain::question::token::TokenKeys;
use crate::life::engine::adapters::draft::{opened, secret_keys};
use crate::settings::{Connection, Settings};
use crate::store::connection::stored;
use crate::store::{Db, StoreError};

/// A connection whose secrets have to be entered again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LockedConnection {
    /// Name of the connection.
    pub name: String,
    /// Keys of its secrets.
    pub secrets: Vec<String>,
}

/// The settings, including the connections of the database, and those that cannot be decrypted. No key file is created.
///
/// # Errors
/// Errors of the database.
pub async fn with_stored(settings: &Settings, db: &Db) -> Result<(Settings, Vec<LockedConnection>), StoreError> {
    let (mut all, mut locked) = (settings.clone(), Vec::new());
    let there = settings.security.key.is_some() || settings.key_file().is_some_and(|file| file.exists());
    // An existing key is read; the bytes would only be used for a new one.
    let key = if there { settings.key([0; 32]).ok() } else { None };
    let previous = settings.security.previous_key.as_ref();
    let keys = key.map(|key| TokenKeys::new(key.bytes(), previous.map(|key| key.bytes())));
    for kept in stored::all(db).await? {
        if settings.connections.contains_key(kept.name.as_str()) {
            continue;
        }
        let draft = match &keys {
            Some(keys) => opened(&kept, keys)?.whole(),
            None => None,
        };
        match draft {
            Some(draft) => {
                let country = settings.organisation.default_country.as_ref();
                let connection = Connection::stored(draft.name.as_str(), &draft.kind, draft.values, &settings.http, country);
                all.connections.insert(draft.name.into(), connection);
            }
            None => locked.push(LockedConnection { secrets: secret_keys(&kept)?.into_iter().collect(), name: kept.name.into() }),
        }
    }
    Ok((all, locked))
}
