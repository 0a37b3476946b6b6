//! The organisation as clients see it, as this node knows it. Read again once another node has changed it.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use lastword_domain::brand::Color;
use lastword_store::records::organisation::{self, Organisation};
use lastword_store::{Db, StoreError};
use std::sync::{Arc, PoisonError, RwLock};

/// The name in the settings if nobody has set one.
pub const UNNAMED: &str = "Our team";

/// The current look.
#[derive(Debug, Default)]
pub struct Brand(RwLock<Arc<Look>>);

/// A name, a color and a logo, each if it was set.
#[derive(Clone, Debug, Default)]
pub struct Look {
    /// The name.
    pub name: Option<String>,
    /// The color.
    pub color: Option<Color>,
    /// The logo: its media type and its bytes.
    pub logo: Option<(String, Bytes)>,
    /// Raised by each change.
    pub version: i64,
}

impl Look {
    fn of(row: Organisation) -> Self {
        let logo = STANDARD.decode(&row.logo).ok().filter(|bytes| !bytes.is_empty());
        Self {
            name: Some(row.name).filter(|name| !name.is_empty()),
            color: Color::parse(&row.color),
            logo: logo.map(|bytes| (row.logo_type, bytes.into())),
            version: row.version,
        }
    }
}

impl Brand {
    /// The current look.
    pub fn look(&self) -> Arc<Look> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Reads it again if it was changed.
    pub async fn reload(&self, db: &Db) -> Result<(), StoreError> {
        if organisation::version(db).await? != self.look().version {
            let look = Look::of(organisation::load(db).await?);
            *self.0.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(look);
        }
        Ok(())
    }
}
