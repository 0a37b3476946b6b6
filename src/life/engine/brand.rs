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
    /// The look in the row. What cannot be read of it is reported in the log and left out.
    fn of(row: Organisation) -> Self {
        let color = (!row.color.is_empty()).then(|| Color::parse(&row.color).or_else(|| said("color", &row.color)));
        let logo = (!row.logo.is_empty()).then(|| STANDARD.decode(&row.logo).ok().or_else(|| said("logo", "no base64")));
        Self {
            name: Some(row.name).filter(|name| !name.is_empty()),
            color: color.flatten(),
            logo: logo.flatten().map(|bytes| (row.logo_type, bytes.into())),
            version: row.version,
        }
    }
}

fn said<T>(column: &'static str, found: &str) -> Option<T> {
    let error = StoreError::Inconsistent { table: "organisation", column, found: found.to_owned() };
    tracing::error!(%error, "a database row cannot be read; continuing without it");
    None
}

impl Brand {
    /// The current look.
    pub fn look(&self) -> Arc<Look> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Reads it again if it was changed.
    #[lastword_base::boxed]
    pub async fn reload(&self, db: &Db) -> Result<(), StoreError> {
        if organisation::version(db).await? != self.look().version {
            let look = Look::of(organisation::load(db).await?);
            *self.0.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(look);
        }
        Ok(())
    }
}
