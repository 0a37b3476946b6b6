//! An admin sets whether an operator is a person or a program. It applies to later closes and takes precedence over reports of
//! desks. Earlier sessions are frozen.

use crate::engine::Engine;
use lastword_base::names::OperatorId;
use lastword_domain::access::audit::{Act, By, Entry};
use lastword_domain::session::OperatorKind;
use lastword_store::access::audit;
use lastword_store::session::operator::{self, KnownKind};
use lastword_store::{Millis, StoreError, transaction};
use serde_json::{Value, json};

/// Sets the kind of an operator; `None` returns to what the desk reports. Returns the kind that applies from now on.
#[lastword_base::boxed]
pub async fn set_kind(
    engine: &Engine,
    by: &By,
    id: &OperatorId,
    kind: Option<OperatorKind>,
    now: Millis,
) -> Result<Option<KnownKind>, StoreError> {
    transaction!(engine.db, [engine, by, id], async |tx| {
        let before = operator::load_kinds(tx, &[&id]).await?.remove(&id);
        let by_hand = |known: &Option<KnownKind>| known.as_ref().filter(|known| known.by_hand == 1).map(|known| known.kind);
        if by_hand(&before) == kind {
            return Ok(before);
        }
        let after = kind.map(|kind| KnownKind { id: id.clone(), kind, by_hand: 1, reported_at: now });
        match &after {
            Some(known) => operator::keep_kinds(tx, std::slice::from_ref(known)).await?,
            None => operator::forget_kind(tx, &id).await?,
        }
        let said = |kind: Option<OperatorKind>| kind.map_or(Value::Null, |kind| json!({ "kind": kind }));
        let entry = Entry::new(Act::OperatorKindSet, id.as_str()).with(&said(by_hand(&before)), &said(kind));
        audit::write(tx, engine.ids.next(now), now, &by, &entry).await?;
        Ok(after)
    })
    .await
}
