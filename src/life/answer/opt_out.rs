//! Opt-out and opting in again: by the client in a message, by a button or on the page behind a link, or by a person or program on
//! their behalf. It applies to the person, over all channels on which they are known, and survives the erasure of all other data,
//! because only marks of their names are stored.
//!
//! Questions that were not sent are canceled; those that were sent are replaced with a confirmation.

use super::batch::Batch;
use super::person::Person;
use crate::engine::Engine;
use lastword_base::names::{ClientId, RequestId};
use lastword_domain::access::audit::{Act, By, Entry, Kind, pseudonym};
use lastword_domain::answer::opt_out::{ToldBy, Wish};
use lastword_store::access::audit;
use lastword_store::question::rating_request;
use lastword_store::records::personal;
use lastword_store::{Millis, StoreError, Tx, transaction};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// Keeps an erased client opted out, under every name known until then.
pub(crate) async fn outlive(tx: &mut Tx, engine: &Engine, client: &ClientId, now: Millis) -> Result<(), StoreError> {
    let known = personal::places_of_clients(tx, &[client]).await?;
    let person = Person::of_client(&engine.channels, client, &known);
    let mut batch = Batch::of_people(tx, engine, std::slice::from_ref(&person), Vec::new(), now).await?;
    batch.stay_on_the_list(&person);
    batch.write(tx).await.map(drop)
}

/// Ends these rating requests: their clients opted out after it was decided to ask them.
///
/// # Errors
/// A database error; then nothing was ended, and nothing is sent.
#[lastword_base::boxed]
pub async fn hold_back(engine: &Engine, requests: &[RequestId], now: Millis) -> Result<(), StoreError> {
    let ids = requests.to_vec();
    let news = transaction!(engine.db, [engine, ids], async |tx| {
        let held = rating_request::hold(tx, &ids).await?;
        let clients: BTreeSet<&ClientId> = held.iter().filter_map(|request| request.client_id.as_ref()).collect();
        let known = personal::places_of_clients(tx, &clients.into_iter().collect::<Vec<_>>()).await?;
        let people = held.iter().map(|request| Person::of_request(&engine.channels, request, &known));
        let people: Vec<Person> = people.collect::<Result<_, StoreError>>()?;
        let mut batch = Batch::of_people(tx, &engine, &people, held, now).await?;
        for person in &people {
            batch.stop(person, ToldBy::Text);
        }
        batch.write(tx).await
    })
    .await?;
    news.into_iter().for_each(|news| engine.tell(news));
    Ok(())
}

/// Opts a client out or in, on behalf of a person or a program. Returns whether that changed anything.
///
/// # Errors
/// A database error; then nothing was changed.
#[lastword_base::boxed]
pub async fn set(engine: &Engine, by: &By, client: &ClientId, wish: Wish, now: Millis) -> Result<bool, StoreError> {
    let client = engine.channels.client(client);
    let (changed, news) = transaction!(engine.db, [engine, by, client], async |tx| {
        let known = personal::places_of_clients(tx, &[&client]).await?;
        let person = Person::of_client(&engine.channels, &client, &known);
        let mut batch = Batch::of_people(tx, &engine, std::slice::from_ref(&person), Vec::new(), now).await?;
        let changed = match wish {
            Wish::Stop => batch.stop(&person, told_by(by.kind)),
            Wish::Start => batch.start(&person),
        };
        let news = batch.write(tx).await?;
        if changed {
            let act = if wish == Wish::Stop { Act::ClientOptedOut } else { Act::ClientOptedIn };
            let entry = Entry::new(act, pseudonym(&client)).with(&Value::Null, &json!({ "opted_out": wish == Wish::Stop }));
            audit::write(tx, engine.ids.next(now), now, &by, &entry).await?;
        }
        Ok((changed, news))
    })
    .await?;
    engine.wake.ring();
    news.into_iter().for_each(|news| engine.tell(news));
    Ok(changed)
}

fn told_by(kind: Kind) -> ToldBy {
    match kind {
        Kind::Person | Kind::Nobody => ToldBy::Person,
        Kind::Program => ToldBy::Program,
        Kind::Command => ToldBy::Command,
    }
}
