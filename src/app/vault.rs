//! The vault of connections: tables of the engine with sealed secrets.

use super::connect_with;
use crate::domain::question::token::TokenKeys;
use crate::id::Ids;
use crate::life::connection::keep_secret::{HandedOver, keep, kept};
use crate::settings::{DatabaseUrl, Settings};
use crate::store::records::installation;
use crate::store::{Db, StoreError};
use crate::time::{Clock, Millis, SystemClock};
use async_trait::async_trait;
use lastword_contract::{Vault, VaultError};
use std::sync::Arc;
use tokio::sync::OnceCell;

/// The vault of a node.
pub struct EngineVault {
    db: Db,
    keys: TokenKeys,
    ids: Arc<Ids>,
    clock: Arc<dyn Clock>,
}

impl EngineVault {
    /// Creates a vault in `db`, sealed with `keys`.
    pub fn new(db: Db, keys: TokenKeys, ids: Arc<Ids>, clock: Arc<dyn Clock>) -> Self {
        Self { db, keys, ids, clock }
    }
}

fn unusable(error: impl std::fmt::Display) -> VaultError {
    VaultError(error.to_string())
}

#[async_trait]
impl Vault for EngineVault {
    async fn open(&self, connection: &str, made_from: &str) -> Result<Option<String>, VaultError> {
        kept(&self.db, &self.keys, &connection.into(), made_from, self.clock.now()).await.map_err(unusable)
    }

    async fn keep(&self, connection: &str, made_from: &str, secret: &str, lasts: Millis) -> Result<(), VaultError> {
        let given = HandedOver { connection: &connection.into(), made_from, secret, lasts };
        keep(&self.db, &self.keys, &self.ids, given, self.clock.now()).await.map_err(unusable)
    }

    async fn may_renew(&self) -> Result<bool, VaultError> {
        Ok(installation::quarantine(&self.db).await.map_err(unusable)?.is_none())
    }
}

/// The vault of a command, in the database of the settings, which is opened when first needed. If there is no database,
/// nothing is stored and none is created.
pub struct CommandVault {
    settings: Settings,
    opened: OnceCell<Option<EngineVault>>,
}

impl CommandVault {
    /// Creates the vault of these settings.
    pub fn new(settings: Settings) -> Self {
        Self { settings, opened: OnceCell::new() }
    }

    async fn vault(&self) -> Result<Option<&EngineVault>, VaultError> {
        self.opened.get_or_try_init(async || self.try_open().await).await.map(Option::as_ref)
    }

    async fn try_open(&self) -> Result<Option<EngineVault>, VaultError> {
        let url = &self.settings.database.url;
        let there = match url {
            DatabaseUrl::SqliteMemory => false,
            DatabaseUrl::SqliteFile(path) => path.exists(),
            DatabaseUrl::Postgres(_) => true,
        };
        if !there {
            return Ok(None);
        }
        let db = connect_with(&self.settings, 1).await.map_err(unusable)?;
        let tables = db.tables().await.map_err(unusable)?;
        if tables.not_newer().is_err() || tables.pending > 0 {
            return Ok(None);
        }
        let ids = Arc::new(Ids::random());
        let key = self.settings.key(ids.bytes()).map_err(unusable)?;
        let keys = TokenKeys::new(key.bytes(), self.settings.security.previous_key.as_ref().map(|key| key.bytes()));
        Ok(Some(EngineVault::new(db, keys, ids, Arc::new(SystemClock::default()))))
    }
}

#[async_trait]
impl Vault for CommandVault {
    async fn open(&self, connection: &str, made_from: &str) -> Result<Option<String>, VaultError> {
        match self.vault().await? {
            Some(vault) => vault.open(connection, made_from).await,
            None => Ok(None),
        }
    }

    async fn keep(&self, connection: &str, made_from: &str, secret: &str, lasts: Millis) -> Result<(), VaultError> {
        match self.vault().await? {
            Some(vault) => vault.keep(connection, made_from, secret, lasts).await,
            None => Err(unusable(StoreError::Driver("there is no database yet; run lastword serve".to_owned()))),
        }
    }

    async fn may_renew(&self) -> Result<bool, VaultError> {
        match self.vault().await? {
            Some(vault) => vault.may_renew().await,
            None => Ok(false),
        }
    }
}
