//! A person gives a filter of the ratings a name, for themselves or for everybody; renames it, shares it, deletes it. Only its
//! owner may, and admins what is shared.

use crate::engine::Engine;
use lastword_domain::access::audit::{Act, By, Entry};
use lastword_domain::review::{BadText, clean};
use lastword_store::access::{account, audit};
use lastword_store::report::saved_view::{self, SavedView};
use lastword_store::{Millis, StoreError, Tx};
use serde_json::{Value, json};

/// The longest name, in characters.
pub const NAME_CHARS_MAX: usize = 60;
/// So many views one person has at most, and so many are shared at most.
pub const VIEWS_MAX: i64 = 50;

/// A view as somebody wants it.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// Which; none makes a new one.
    pub id: Option<String>,
    /// How people find it.
    pub name: String,
    /// The filter of a new one; one that is there keeps its own.
    pub query: String,
    /// Whether everybody sees it.
    pub shared: bool,
}

/// Who changes it.
#[derive(Clone, Debug)]
pub struct Who {
    /// For the trail.
    pub by: By,
    /// Whether they may change what others share.
    pub admin: bool,
}

impl Who {
    fn may_change(&self, view: &SavedView) -> bool {
        view.owner_id == self.by.id || (self.admin && view.shared)
    }
}

/// What became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Saved {
    /// It is as wanted, or gone.
    Done(SavedView),
    /// There is none that this person may change.
    Unknown,
    /// The name is empty or too long.
    BadName(BadText),
    /// Another view of its owner is called so.
    SameName,
    /// Its owner has as many as anybody may have.
    TooMany,
    /// As many are shared as may be.
    TooManyShared,
}

/// Makes a view, or changes its name and with whom it is shared.
///
/// # Errors
/// The database's error.
pub async fn save(engine: &Engine, who: &Who, wanted: Wanted, now: Millis) -> Result<Saved, StoreError> {
    let name = match clean(&wanted.name, NAME_CHARS_MAX) {
        Ok(name) => name.replace('\n', " "),
        Err(bad) => return Ok(Saved::BadName(bad)),
    };
    let (steps, who) = (engine.clone(), who.clone());
    let id = wanted.id.clone().unwrap_or_else(|| engine.ids.next(now));
    let step = engine.db.write(move |tx| {
        let (engine, who, wanted, name, id) = (steps.clone(), who.clone(), wanted.clone(), name.clone(), id.clone());
        Box::pin(async move {
            let before = saved_view::hold(tx, &id).await?.filter(|view| who.may_change(view));
            let after = match &before {
                Some(before) => SavedView { name, shared: wanted.shared, changed_at: now, ..before.clone() },
                None if wanted.id.is_some() => return Ok::<_, StoreError>(Saved::Unknown),
                None => {
                    let (owner_id, query, shared) = (who.by.id.clone(), wanted.query, wanted.shared);
                    SavedView { id, owner_id, name, query, shared, created_at: now, changed_at: now }
                }
            };
            // Two at once by one person: the second waits, and is told what the first did.
            if account::hold(tx, &after.owner_id).await?.is_none() {
                return Ok(Saved::Unknown);
            }
            if let Some(why) = hindrance(tx, before.as_ref(), &after).await? {
                return Ok(why);
            }
            saved_view::save(tx, &after).await?;
            let entry = Entry::new(Act::ViewSaved, &after.id).with(&before.as_ref().map_or(Value::Null, summary), &summary(&after));
            audit::write(tx, &engine.ids.next(now), now, &who.by, &entry).await?;
            Ok(Saved::Done(after))
        })
    });
    step.await
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
///
/// # Errors
/// The database's error.
pub async fn delete(engine: &Engine, who: &Who, id: &str, now: Millis) -> Result<Saved, StoreError> {
    let (steps, who, id) = (engine.clone(), who.clone(), id.to_owned());
    let step = engine.db.write(move |tx| {
        let (engine, who, id) = (steps.clone(), who.clone(), id.clone());
        Box::pin(async move {
            let Some(before) = saved_view::hold(tx, &id).await?.filter(|view| who.may_change(view)) else {
                return Ok::<_, StoreError>(Saved::Unknown);
            };
            saved_view::delete(tx, &id).await?;
            let entry = Entry::new(Act::ViewDeleted, &id).with(&summary(&before), &Value::Null);
            audit::write(tx, &engine.ids.next(now), now, &who.by, &entry).await?;
            Ok(Saved::Done(before))
        })
    });
    step.await
}

fn summary(view: &SavedView) -> Value {
    json!({ "name": view.name, "query": view.query, "shared": view.shared })
}
