//! Somebody does not want to be asked any more, or wants to again: said by the client in a message, by a button or on the
//! page behind a link, or by one of us for them. It holds for the person, over all channels on which we know them, and
//! outlives the erasure of everything else, because only marks of their names are kept.
//!
//! Questions that have not left do not leave; those that have give way to a word that there will be no more.

use super::batch::{Arrived, Batch, Effect, Judged, through_link};
use crate::domain::access::audit::{Act, By, Entry, Kind, pseudonym};
use crate::domain::answer::Disposition;
use crate::domain::answer::opt_out::{ToldBy, Wish, place_name};
use crate::domain::question::outcome::{NotAsked, Outcome};
use crate::life::answer::batch::ONE_CLICK;
use crate::life::engine::Engine;
use crate::life::notifications::Notification;
use crate::life::question::other_address::others;
use crate::life::question::record_end::end_requests;
use crate::life::question::settle::{Says, say, take_buttons};
use crate::store::access::audit;
use crate::store::question::delivery;
use crate::store::question::rating_request::{self, Ending, Progress, RatingRequest};
use crate::store::records::personal::{self, Place};
use crate::store::session::opt_out::{self, OptOut};
use crate::store::session::{self, SessionEvent};
use crate::store::{Millis, StoreError, Tx};
use lastword_contract::Address;
use serde_json::{Value, json};
use std::collections::{BTreeSet, HashSet};

/// Somebody, by all that we know to call them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Person {
    client: Option<String>,
    places: BTreeSet<Place>,
}

impl Person {
    /// The client of a rating request, who is heard `here`.
    pub(crate) async fn of_request(tx: &mut Tx, request: &RatingRequest, here: Option<Place>) -> Result<Self, StoreError> {
        let mut person = match &request.client_id {
            Some(client) => Self::of_client(tx, client).await?,
            None => Self::default(),
        };
        person.places.extend(others(request)?.into_iter().map(|other| Place { connection: other.connection, chat: other.address.chat }));
        person.places.extend(here);
        Ok(person)
    }

    /// A client, with the places that are theirs alone.
    pub(super) async fn of_client(tx: &mut Tx, client: &str) -> Result<Self, StoreError> {
        let places = personal::places_of_client(tx, client).await?;
        Ok(Self { client: Some(client.to_owned()), places: places.into_iter().collect() })
    }

    fn names(&self) -> BTreeSet<String> {
        let places = self.places.iter().map(|place| place_name(&place.connection, &place.chat));
        self.client.iter().cloned().chain(places).collect()
    }

    async fn marks(&self, tx: &mut Tx, engine: &Engine) -> Result<Vec<String>, StoreError> {
        let key = engine.mark_key(tx).await?;
        Ok(self.names().iter().map(|name| key.mark(name)).collect())
    }
}

/// The names under which the client of a rating request is known, for the last look before it is asked.
pub(super) fn names_of(request: &RatingRequest) -> impl Iterator<Item = String> + '_ {
    let place = |(connection, address): (&str, &str)| {
        let address: Address = serde_json::from_str(address).ok()?;
        Some(place_name(connection, &address.chat))
    };
    request.client_id.iter().cloned().chain(request.places().filter_map(place))
}

/// Those of these rating requests whose client is on the list.
pub(crate) async fn unwanted<'r>(
    engine: &Engine,
    requests: impl Iterator<Item = &'r RatingRequest>,
) -> Result<HashSet<String>, StoreError> {
    let key = engine.mark_key_outside().await?;
    let marks: Vec<(String, &str)> =
        requests.flat_map(|request| names_of(request).map(|name| (key.mark(&name), request.id.as_str()))).collect();
    let found = opt_out::look(&engine.db, &marks.iter().map(|(mark, _)| mark.as_str()).collect::<Vec<_>>()).await?;
    let listed = marks.iter().filter(|(mark, _)| found.iter().any(|found| found.mark == *mark));
    Ok(listed.map(|(_, request)| (*request).to_owned()).collect())
}

/// Whether the client of a rating request is on the list.
pub(crate) async fn is_listed(tx: &mut Tx, engine: &Engine, request: &RatingRequest) -> Result<bool, StoreError> {
    let key = engine.mark_key(tx).await?;
    let marks: Vec<String> = names_of(request).map(|name| key.mark(&name)).collect();
    Ok(!opt_out::find(tx, &marks.iter().map(String::as_str).collect::<Vec<_>>()).await?.is_empty())
}

/// Nobody asks this person any more. Gives whether that is new, with the news.
pub(crate) async fn stop(
    tx: &mut Tx,
    engine: &Engine,
    person: &Person,
    told_by: ToldBy,
    now: Millis,
) -> Result<(bool, Vec<Notification>), StoreError> {
    let new = note(tx, engine, person, Some((told_by, now))).await?;
    let open = opt_out::open_questions(tx, person.client.as_deref(), &person.places.iter().cloned().collect::<Vec<_>>()).await?;
    let ids: Vec<&str> = open.iter().map(String::as_str).collect();
    let held = rating_request::hold(tx, &ids).await?;
    let progress = rating_request::progress(tx, &held.iter().map(|request| request.id.as_str()).collect::<Vec<_>>()).await?;
    delivery::cancel(tx, &ids, &["ask", "reminder"], NotAsked::OptedOut.as_str(), now).await?;
    let endings: Vec<Ending> = progress.iter().map(|request| ending(request, now)).collect();
    let news = end_requests(tx, engine, &endings, now).await?;
    let sent: Vec<&str> = progress.iter().filter(|request| request.was_sent).map(|request| request.id.as_str()).collect();
    take_buttons(tx, engine, &sent, &Says::OptedOut, now).await?;
    Ok((new, news))
}

/// Keeps all names of a person who is on the list, or comes onto it now. Gives whether they come onto it.
async fn note(tx: &mut Tx, engine: &Engine, person: &Person, now: Option<(ToldBy, Millis)>) -> Result<bool, StoreError> {
    let marks = person.marks(tx, engine).await?;
    let known = opt_out::find(tx, &marks.iter().map(String::as_str).collect::<Vec<_>>()).await?;
    let (id, at, told_by) = match (known.first(), now) {
        (Some(first), _) => (first.person.clone(), first.opted_out_at, first.told_by.clone()),
        (None, Some((told_by, now))) => (engine.ids.next(now), now, told_by.as_str().to_owned()),
        (None, None) => return Ok(false),
    };
    let others: Vec<&str> = known.iter().map(|other| other.person.as_str()).filter(|other| *other != id).collect();
    if !others.is_empty() {
        opt_out::join(tx, &others, &id).await?;
    }
    let missing = marks.into_iter().filter(|mark| known.iter().all(|known| known.mark != *mark));
    let missing = missing.map(|mark| OptOut { mark, person: id.clone(), opted_out_at: at, told_by: told_by.clone() });
    opt_out::keep(tx, &missing.collect::<Vec<_>>()).await?;
    Ok(known.is_empty())
}

fn ending(request: &Progress, now: Millis) -> Ending {
    let outcome = match (request.was_sent, request.may_have_left) {
        (true, _) => Outcome::Expired,
        (false, true) => Outcome::Unsure,
        (false, false) => Outcome::NotAsked,
    };
    Ending { id: request.id.clone(), outcome: outcome.as_str(), reason: Some(NotAsked::OptedOut.as_str().to_owned()), at: now }
}

/// This person may be asked again. Gives whether they were on the list.
pub(crate) async fn start(tx: &mut Tx, engine: &Engine, person: &Person) -> Result<bool, StoreError> {
    let marks = person.marks(tx, engine).await?;
    let known = opt_out::find(tx, &marks.iter().map(String::as_str).collect::<Vec<_>>()).await?;
    let persons: Vec<&str> = known.iter().map(|known| known.person.as_str()).collect();
    Ok(opt_out::lift(tx, &persons).await? > 0)
}

/// A client who is erased stays on the list, under every name that is known until then.
pub(crate) async fn outlive(tx: &mut Tx, engine: &Engine, client: &str) -> Result<(), StoreError> {
    let person = Person::of_client(tx, client).await?;
    note(tx, engine, &person, None).await.map(drop)
}

impl Batch<'_> {
    /// The client of a rating request says by a press or a text that they do not want to be asked, or want to again.
    pub(crate) async fn wished(
        &mut self,
        tx: &mut Tx,
        one: &Arrived,
        (request, by): (&RatingRequest, &Address),
        (wish, told_by): (Wish, ToldBy),
        pressed: Option<String>,
    ) -> Result<Judged, StoreError> {
        self.do_as_wished(tx, one, (request, by), (wish, told_by)).await?;
        let (says, disposition) = match wish {
            Wish::Stop => (Says::OptedOut, Disposition::OptedOut),
            Wish::Start => (Says::OptedIn, Disposition::OptedIn),
        };
        let before = self.ratings.get(&request.id).cloned();
        self.effects.push(Effect { request: request.id.clone(), pressed, says, before, changed: false });
        Ok((disposition, Some(request.id.clone()), "✓".to_owned()))
    }

    /// Keeps a wish, and tells it in the story of the session. Gives whether it changed anything.
    async fn do_as_wished(
        &mut self,
        tx: &mut Tx,
        one: &Arrived,
        (request, by): (&RatingRequest, &Address),
        (wish, told_by): (Wish, ToldBy),
    ) -> Result<bool, StoreError> {
        let here = Place { connection: one.connection.clone(), chat: by.chat.clone() };
        let person = Person::of_request(tx, request, Some(here)).await?;
        let changed = match wish {
            Wish::Stop => {
                let (new, news) = stop(tx, self.engine, &person, told_by, self.now).await?;
                self.news.extend(news);
                let ids: Vec<String> = self.requests.keys().cloned().collect();
                self.hold(tx, &ids.iter().map(String::as_str).collect::<Vec<_>>()).await?;
                new
            }
            Wish::Start => start(tx, self.engine, &person).await?,
        };
        if changed {
            session::tell(tx, &[story(request, wish, told_by, &one.inbound.key, self.now)]).await?;
        }
        Ok(changed)
    }

    /// A typed "STOP" or "START". Where it answers a question or another message of ours, it is ours alone. Where we asked
    /// in this conversation before, it counts, and goes on to the desk as well, which may be meant. Elsewhere it is an
    /// ordinary message.
    pub(super) async fn typed_wish(
        &mut self,
        tx: &mut Tx,
        one: &Arrived,
        (by, wish): (&Address, Wish),
        answers: Option<RatingRequest>,
    ) -> Result<Option<Judged>, StoreError> {
        let listed = wish == Wish::Stop || self.is_on_the_list(tx, one, by).await?;
        if let Some(request) = answers.filter(|_| listed) {
            return self.wished(tx, one, (&request, by), (wish, ToldBy::Text), None).await.map(Some);
        }
        let Some(id) = opt_out::last_asked_in(tx, &one.connection, &by.chat).await?.filter(|_| listed) else { return Ok(None) };
        self.hold(tx, &[&id]).await?;
        let Some(request) = self.requests.get(&id).cloned() else { return Ok(None) };
        let address = |(_, address): (&str, &str)| serde_json::from_str::<Address>(address).ok();
        let theirs = request.places().filter_map(address).any(|address| address.admits(by));
        if theirs && self.do_as_wished(tx, one, (&request, by), (wish, ToldBy::Text)).await? {
            let says = if wish == Wish::Stop { Says::OptedOut } else { Says::OptedIn };
            self.deliveries.extend(say(self.engine, &request, None, &says, self.now));
        }
        Ok(None)
    }

    async fn is_on_the_list(&self, tx: &mut Tx, one: &Arrived, by: &Address) -> Result<bool, StoreError> {
        let mark = self.engine.mark_key(tx).await?.mark(&place_name(&one.connection, &by.chat));
        Ok(!opt_out::find(tx, &[&mark]).await?.is_empty())
    }
}

/// How a press was told: in the messenger, on a page, or by a mail program.
pub(super) fn pressed_by(key: &str) -> ToldBy {
    match (through_link(key), key.contains(ONE_CLICK)) {
        (true, true) => ToldBy::Mail,
        (true, false) => ToldBy::Link,
        (false, _) => ToldBy::Button,
    }
}

fn story(request: &RatingRequest, wish: Wish, told_by: ToldBy, key: &str, now: Millis) -> SessionEvent {
    SessionEvent {
        source: request.source.clone(),
        session_id: request.session_id.clone(),
        occurred_at: now,
        event_key: format!("wish:{key}"),
        kind: if wish == Wish::Stop { session::OPTED_OUT } else { session::OPTED_IN },
        detail: told_by.as_str().to_owned(),
        received_at: now,
    }
}

/// The clients of these rating requests came onto the list after it was decided to ask them: that ends here.
///
/// # Errors
/// The database's error; then nothing was ended, and nothing leaves.
pub async fn hold_back(engine: &Engine, requests: &[String], now: Millis) -> Result<(), StoreError> {
    let (steps, ids) = (engine.clone(), requests.to_vec());
    let news = engine.db.write(move |tx| {
        let (engine, ids) = (steps.clone(), ids.clone());
        Box::pin(async move {
            let mut told = Vec::new();
            for request in rating_request::hold(tx, &ids.iter().map(String::as_str).collect::<Vec<_>>()).await? {
                let person = Person::of_request(tx, &request, None).await?;
                told.extend(stop(tx, &engine, &person, ToldBy::Text, now).await?.1);
            }
            Ok::<_, StoreError>(told)
        })
    });
    let news: Vec<Notification> = news.await?;
    news.into_iter().for_each(|news| engine.tell(news));
    Ok(())
}

/// Since when a client is not asked, and how we know; none where they may be.
///
/// # Errors
/// The database's error.
pub async fn state(engine: &Engine, client: &str) -> Result<Option<OptOut>, StoreError> {
    let places = personal::places_known(&engine.db, client).await?;
    let names = places.iter().map(|place| place_name(&place.connection, &place.chat)).chain([client.to_owned()]);
    let names: Vec<String> = names.collect();
    Ok(on_the_list(engine, &names).await?.into_iter().min_by_key(|(_, found)| found.opted_out_at).map(|(_, found)| found))
}

/// Those of `names` that are on the list.
///
/// # Errors
/// The database's error.
pub async fn on_the_list(engine: &Engine, names: &[String]) -> Result<Vec<(String, OptOut)>, StoreError> {
    let key = engine.mark_key_outside().await?;
    let marks: Vec<String> = names.iter().map(|name| key.mark(name)).collect();
    let found = opt_out::look(&engine.db, &marks.iter().map(String::as_str).collect::<Vec<_>>()).await?;
    let named = names.iter().zip(&marks);
    Ok(named.filter_map(|(name, mark)| Some((name.clone(), found.iter().find(|found| found.mark == *mark)?.clone()))).collect())
}

/// One of us, or a program, says that a client is not to be asked, or may be again. Gives whether that is new.
///
/// # Errors
/// The database's error; then nothing is different.
pub async fn set(engine: &Engine, by: &By, client: &str, wish: Wish, now: Millis) -> Result<bool, StoreError> {
    let (steps, by, client) = (engine.clone(), by.clone(), client.to_owned());
    let step = engine.db.write(move |tx| {
        let (engine, by, client) = (steps.clone(), by.clone(), client.clone());
        Box::pin(async move {
            let person = Person::of_client(tx, &client).await?;
            let (changed, news) = match wish {
                Wish::Stop => stop(tx, &engine, &person, told_by(by.kind), now).await?,
                Wish::Start => (start(tx, &engine, &person).await?, Vec::new()),
            };
            if changed {
                let act = if wish == Wish::Stop { Act::ClientOptedOut } else { Act::ClientOptedIn };
                let entry = Entry::new(act, &pseudonym(&client)).with(&Value::Null, &json!({ "opted_out": wish == Wish::Stop }));
                audit::write(tx, &engine.ids.next(now), now, &by, &entry).await?;
            }
            Ok::<_, StoreError>((changed, news))
        })
    });
    let (changed, news): (bool, Vec<Notification>) = step.await?;
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
