//! Saved views: a person names a filter of the ratings, for themselves or for everyone; renames, shares or deletes it. Only its
//! owner may change it, and admins what is shared.

use crate::engine::Engine;
use lastword_base::names::ActorId;
use lastword_domain::access::audit::{Act, By, Entry};
use lastword_domain::review::{BadText, clean};
use lastword_store::access::{account, audit};
use lastword_store::report::saved_view::{self, SavedView};
use lastword_store::{Millis, StoreError, Tx, transaction};
use serde_json::{Value, json};

/// Maximum length of a name, in characters.
pub const NAME_CHARS_MAX: usize = 60;
/// Maximum number of saved views per person, and of shared ones.
pub const VIEWS_MAX: i64 = 50;

/// Input for a view.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// Its ID; `None` creates a new one.
    pub id: Option<String>,
    /// Its name.
    pub name: String,
    /// The filter of a new view; an existing one keeps its own.
    pub query: String,
    /// True if everyone sees it.
    pub shared: bool,
}

/// The actor.
#[derive(Clone, Debug)]
pub struct Who {
    /// For the audit log.
    pub by: By,
    /// True if they may change views that others share.
    pub admin: bool,
}

impl Who {
    fn may_change(&self, view: &SavedView) -> bool {
        self.by.id == ActorId::from(view.owner_id) || (self.admin && view.shared)
    }
}

/// Result of a change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Saved {
    /// It was saved, or deleted.
    Done(SavedView),
    /// There is no view with this ID that the person may change.
    Unknown,
    /// The name is empty or too long.
    BadName(BadText),
    /// Its owner has another view with this name.
    SameName,
    /// Its owner has the maximum number of views.
    TooMany,
    /// The maximum number of views is shared.
    TooManyShared,
}

/// Creates a view, or changes its name and sharing.
#[lastword_base::boxed]
pub async fn save(engine: &Engine, who: &Who, wanted: Wanted, now: Millis) -> Result<Saved, StoreError> {
    let name = match clean(&wanted.name, NAME_CHARS_MAX) {
        Ok(name) => name.replace('\n', " "),
        Err(bad) => return Ok(Saved::BadName(bad)),
    };
    let id = wanted.id.clone().unwrap_or_else(|| engine.ids.text(now));
    transaction!(engine.db, [engine, who, wanted, name, id], async |tx| {
        let before = saved_view::hold(tx, &id).await?.filter(|view| who.may_change(view));
        let after = match &before {
            Some(before) => SavedView { name, shared: wanted.shared, changed_at: now, ..before.clone() },
            None if wanted.id.is_some() => return Ok(Saved::Unknown),
            None => {
                let Some(owner_id) = who.by.id.as_id() else { return Ok(Saved::Unknown) };
                let (query, shared) = (wanted.query, wanted.shared);
                SavedView { id, owner_id, name, query, shared, created_at: now, changed_at: now }
            }
        };
        // Of two simultaneous changes by one person, the second waits and sees the first.
        if account::hold(tx, after.owner_id).await?.is_none() {
            return Ok(Saved::Unknown);
        }
        if let Some(why) = hindrance(tx, before.as_ref(), &after).await? {
            return Ok(why);
        }
        saved_view::save(tx, &after).await?;
        let entry = Entry::new(Act::ViewSaved, &after.id).with(&before.as_ref().map_or(Value::Null, summary), &summary(&after));
        audit::write(tx, engine.ids.next(now), now, &who.by, &entry).await?;
        Ok(Saved::Done(after))
    })
    .await
}

async fn hindrance(tx: &mut Tx, before: Option<&SavedView>, after: &SavedView) -> Result<Option<Saved>, StoreError> {
    let others = saved_view::others(tx, after).await?;
    let newly_shared = after.shared && before.is_none_or(|before| !before.shared);
    Ok(if others.alike > 0 {
        Some(Saved::SameName)
    } else if before.is_none() && others.own >= VIEWS_MAX {
        Some(Saved::TooMany)
    } else if newly_shared && others.shared >= VIEWS_MAX {
        Some(Saved::TooManyShared)
    } else {
        None
    })
}

/// Deletes a view.
#[lastword_base::boxed]
pub async fn delete(engine: &Engine, who: &Who, id: &str, now: Millis) -> Result<Saved, StoreError> {
    transaction!(engine.db, [engine, who, id], async |tx| {
        let Some(before) = saved_view::hold(tx, &id).await?.filter(|view| who.may_change(view)) else {
            return Ok(Saved::Unknown);
        };
        saved_view::delete(tx, &id).await?;
        let entry = Entry::new(Act::ViewDeleted, &id).with(&summary(&before), &Value::Null);
        audit::write(tx, engine.ids.next(now), now, &who.by, &entry).await?;
        Ok(Saved::Done(before))
    })
    .await
}

fn summary(view: &SavedView) -> Value {
    json!({ "name": view.name, "query": view.query, "shared": view.shared })
}
