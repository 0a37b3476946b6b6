//! Where a connection keeps what its platform gave it while it ran.

use crate::Millis;
use async_trait::async_trait;

/// A safe of our own for tokens that a platform hands over, and renews, while we run: sealed, kept through restarts, and the
/// same on every node. Each connection has one text in it, and may have others under names that begin with its own and `#`.
///
/// `made_from` names the secret of the settings that the text belongs to, as SHA-256 in hex: with another one in the settings,
/// what was kept before is as good as gone.
#[async_trait]
pub trait Vault: Send + Sync {
    /// What is kept.
    ///
    /// # Errors
    /// When it cannot be read now.
    async fn open(&self, connection: &str, made_from: &str) -> Result<Option<String>, VaultError>;

    /// Keeps `secret` in the place of what was kept before; it is worth something for `lasts`. After this returns it outlives
    /// a power cut.
    ///
    /// # Errors
    /// When it could not be kept.
    async fn keep(&self, connection: &str, made_from: &str, secret: &str, lasts: Millis) -> Result<(), VaultError>;

    /// Whether this installation may let a platform renew a secret: a copy of it must not, since the original would lose its own.
    ///
    /// # Errors
    /// When that cannot be known now.
    async fn may_renew(&self) -> Result<bool, VaultError>;
}

/// The vault could not be used.
#[derive(Debug, thiserror::Error)]
#[error("the place for renewed secrets cannot be used: {0}")]
pub struct VaultError(pub String);
