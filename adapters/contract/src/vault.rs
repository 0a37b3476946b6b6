//! Storage for secrets that a platform issued while a connection was running.

use crate::Millis;
use async_trait::async_trait;

/// Storage for tokens that a platform issues and renews at run time: encrypted, persistent, and shared by all nodes. Each
/// connection has one text in it, and may have others under names that begin with its own and `#`.
///
/// `made_from` identifies the secret in the settings to which the text belongs, as SHA-256 in hex: if the settings have
/// another one, the stored text is ignored.
#[async_trait]
pub trait Vault: Send + Sync {
    /// Reads the stored text; `None` if there is none.
    ///
    /// # Errors
    /// It cannot be read at the moment.
    async fn open(&self, connection: &str, made_from: &str) -> Result<Option<String>, VaultError>;

    /// Stores `secret` in place of the previous one; it is valid for `lasts`. After this returns it survives a power failure.
    ///
    /// # Errors
    /// It could not be stored.
    async fn keep(&self, connection: &str, made_from: &str, secret: &str, lasts: Millis) -> Result<(), VaultError>;

    /// True if this installation may ask a platform to renew a secret: a copy of it must not, because the original would lose its own.
    ///
    /// # Errors
    /// This cannot be determined at the moment.
    async fn may_renew(&self) -> Result<bool, VaultError>;
}

/// The storage could not be used.
#[derive(Debug, thiserror::Error)]
#[error("the place for renewed secrets cannot be used: {0}")]
pub struct VaultError(pub String);
