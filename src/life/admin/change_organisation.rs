//! Changes how the organisation looks to clients.

use crate::engine::Engine;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use lastword_domain::access::audit::{Act, By, Entry};
use lastword_domain::brand::{Color, LogoProblem, NAME_CHARS_MAX, logo_type};
use lastword_store::access::audit;
use lastword_store::records::organisation::{self, Organisation};
use lastword_store::{Millis, StoreError, transaction};
use serde_json::{Value, json};

/// What an admin wants.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// The name; empty for that of the settings.
    pub name: String,
    /// The color, such as `#0b6b62`; empty for ours.
    pub color: String,
    /// The logo.
    pub logo: WantedLogo,
}

/// What an admin wants the logo to be.
#[derive(Clone, Debug, Default)]
pub enum WantedLogo {
    /// The present one.
    #[default]
    Kept,
    /// None.
    Removed,
    /// These bytes.
    New(Vec<u8>),
}

/// Reason why nothing was changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// The name is too long, or has line breaks.
    Name,
    /// Not a color.
    Color,
    /// Not a logo.
    Logo(LogoProblem),
}

/// A look that was checked.
#[derive(Clone, Debug)]
pub struct Checked {
    name: String,
    color: String,
    /// The media type of a new logo and its base64, both empty for none; `None` to keep the present one.
    logo: Option<(String, String)>,
}

/// Checks what an admin wants.
///
/// # Errors
/// The first reason to refuse it.
pub fn check(wanted: Wanted) -> Result<Checked, Refused> {
    let (name, color) = (wanted.name.trim().to_owned(), wanted.color.trim().to_ascii_lowercase());
    if name.chars().count() > NAME_CHARS_MAX || name.chars().any(char::is_control) {
        return Err(Refused::Name);
    }
    if !color.is_empty() && Color::parse(&color).is_none() {
        return Err(Refused::Color);
    }
    let logo = match wanted.logo {
        WantedLogo::Kept => None,
        WantedLogo::Removed => Some((String::new(), String::new())),
        WantedLogo::New(bytes) => Some((logo_type(&bytes).map_err(Refused::Logo)?.to_owned(), STANDARD.encode(bytes))),
    };
    Ok(Checked { name, color, logo })
}

/// Result of a change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Changed {
    /// It is done.
    Done,
    /// It was changed after the admin saw it. Nothing was saved.
    Outdated {
        /// Author of that change.
        by: String,
        /// Time of that change.
        at: Millis,
    },
}

/// Changes it, on every node, if it still has the version that the admin saw.
#[lastword_base::boxed]
pub async fn change(engine: &Engine, by: &By, checked: Checked, seen: i64, now: Millis) -> Result<Changed, StoreError> {
    let Checked { name, color, logo } = checked;
    let changed = transaction!(engine.db, [engine, by, name, color, logo], async |tx| {
        let before = organisation::hold(tx).await?;
        let (logo_type, logo) = logo.unwrap_or_else(|| (before.logo_type.clone(), before.logo.clone()));
        let changed_by = by.name.clone();
        let after = Organisation { name, color, logo_type, logo, version: seen + 1, changed_at: now, changed_by };
        if !organisation::save(tx, &after).await? {
            return Ok(false);
        }
        let entry = Entry::new(Act::OrganisationChanged, &after.name).with(&summary(&before), &summary(&after));
        audit::write(tx, engine.ids.next(now), now, &by, &entry).await?;
        Ok(true)
    })
    .await?;
    engine.brand.reload(&engine.db).await?;
    if changed {
        return Ok(Changed::Done);
    }
    let present = organisation::load(&engine.db).await?;
    Ok(Changed::Outdated { by: present.changed_by, at: present.changed_at })
}

/// What the audit log says about it.
fn summary(row: &Organisation) -> Value {
    json!({ "name": row.name, "color": row.color, "logo": row.logo.len() * 3 / 4 })
}
