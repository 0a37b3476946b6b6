//! A vault in memory, as nodes share one.

use async_trait::async_trait;
use lastword_contract::{Millis, Vault, VaultError};
use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

#[derive(Default)]
pub(crate) struct Safe {
    kept: Mutex<BTreeMap<(String, String), String>>,
    pub(crate) broken: AtomicBool,
    pub(crate) copy: AtomicBool,
}

impl Safe {
    fn works(&self) -> Result<(), VaultError> {
        if self.broken.load(Ordering::Relaxed) { Err(VaultError("the disk is full".into())) } else { Ok(()) }
    }

    pub(crate) fn texts(&self) -> Vec<String> {
        self.kept.lock().unwrap().values().cloned().collect()
    }
}

#[async_trait]
impl Vault for Safe {
    async fn open(&self, connection: &str, made_from: &str) -> Result<Option<String>, VaultError> {
        self.works()?;
        Ok(self.kept.lock().unwrap().get(&(connection.to_owned(), made_from.to_owned())).cloned())
    }

    async fn keep(&self, connection: &str, made_from: &str, secret: &str, _: Millis) -> Result<(), VaultError> {
        self.works()?;
        self.kept.lock().unwrap().insert((connection.to_owned(), made_from.to_owned()), secret.to_owned());
        Ok(())
    }

    async fn may_renew(&self) -> Result<bool, VaultError> {
        self.works()?;
        Ok(!self.copy.load(Ordering::Relaxed))
    }
}
