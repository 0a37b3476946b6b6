//! Live updates of the pages: server-sent events that name the kind of a change, without its content. A page that shows such content
//! reloads itself, and shows what its reader may see.

use super::visit::SignedIn;
use crate::Pages;
use axum::extract::State;
use axum::response::IntoResponse;
use axum::response::sse::{Event, KeepAlive, Sse};
use futures_util::stream::unfold;
use lastword_base::names::RequestId;
use lastword_domain::access::rights::{Lines, Right, Rights};
use lastword_http::problem::Problem;
use lastword_life::Notification;
use lastword_life::access::admit_person;
use lastword_store::StoreError;
use lastword_store::question::rating_request;
use std::collections::BTreeSet;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::{RecvError, TryRecvError};
use tokio::time::{Interval, MissedTickBehavior};

/// Notifications within this time are sent together. Some arrive shortly before their commit.
const GATHER: Duration = Duration::from_millis(250);
/// Interval at which the login is checked, with or without notifications.
const ASK_EVERY: Duration = Duration::from_secs(20);

struct Watch {
    pages: Arc<Pages>,
    hash: String,
    rights: Rights,
    news: Receiver<Notification>,
    ask: Interval,
    /// True once the first event was sent. It reports that the stream is open, so that a page that was disconnected reloads.
    greeted: bool,
}

/// `GET /live`
pub(crate) async fn watch(State(pages): State<Arc<Pages>>, person: SignedIn) -> Result<impl IntoResponse, Problem> {
    let mut ask = tokio::time::interval(ASK_EVERY);
    ask.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let news = pages.app.engine.news.subscribe();
    let watch = Watch { pages, hash: person.login_hash.clone(), rights: person.rights.clone(), news, ask, greeted: false };
    let stream = unfold(watch, |mut watch| async move { watch.next().await.map(|event| (Ok::<_, Infallible>(event), watch)) });
    Ok(Sse::new(stream).keep_alive(KeepAlive::default()))
}

impl Watch {
    /// The next event; `None` if the login has ended or the server stops.
    async fn next(&mut self) -> Option<Event> {
        if !self.greeted {
            self.greeted = true;
            return Some(Event::default().event("open").data("-"));
        }
        let stop = self.pages.stop.clone();
        loop {
            let first = tokio::select! {
                () = stop.cancelled() => return None,
                _ = self.ask.tick() => None,
                told = self.news.recv() => match told {
                    Ok(news) => Some(news),
                    Err(RecvError::Lagged(_)) => return self.still().await.then(|| changed(&all())),
                    Err(RecvError::Closed) => return None,
                },
            };
            if !self.still().await {
                return Some(Event::default().event("ended").data("-")).filter(|_| self.leave());
            }
            let Some(first) = first else { continue };
            tokio::select! { () = stop.cancelled() => return None, () = gather() => {} }
            let mut told = vec![first];
            loop {
                match self.news.try_recv() {
                    Ok(news) => told.push(news),
                    Err(TryRecvError::Lagged(_)) => return Some(changed(&all())),
                    Err(_) => break,
                }
            }
            match self.topics(&told).await {
                Ok(topics) if topics.is_empty() => {}
                Ok(topics) => return Some(changed(&topics)),
                Err(error) => tracing::warn!(%error, "could not work out who may see a live update"),
            }
        }
    }

    /// Reports once that the login has ended; the next check ends the stream.
    fn leave(&mut self) -> bool {
        let first = !self.hash.is_empty();
        self.hash.clear();
        first
    }

    /// Checks that the login is still valid, and reloads its rights.
    async fn still(&mut self) -> bool {
        let engine = &self.pages.app.engine;
        if self.hash.is_empty() {
            return false;
        }
        match admit_person::admit(engine, &self.hash, engine.now()).await {
            Ok(Some(person)) => {
                self.rights = person.rights;
                true
            }
            Ok(None) => false,
            // A short outage of the database signs nobody out.
            Err(_) => true,
        }
    }

    /// True if this person answers chats of this connection.
    fn answers(&self, connection: &str) -> bool {
        let line = || self.pages.app.sites.get(connection).is_some_and(|site| self.rights.lines.admit(&site.line().into()));
        self.rights.may(Right::AnswerChats) && line()
    }

    /// The topics of these notifications that this person may know about.
    async fn topics(&self, told: &[Notification]) -> Result<BTreeSet<&'static str>, StoreError> {
        let mut topics = BTreeSet::new();
        let mut requests: Vec<(RequestId, &'static str)> = Vec::new();
        for news in told {
            match news {
                Notification::Closed { rating_request, .. } => requests.push((*rating_request, "closes")),
                Notification::Answered { rating_request: Some(rating_request), .. } => requests.push((*rating_request, "ratings")),
                Notification::Reviewed { rating_request } => requests.push((*rating_request, "ratings")),
                Notification::Decided { rating_request, .. } => requests.push((*rating_request, "closes")),
                Notification::Alerted { rating_request, .. } => requests.push((*rating_request, "alerts")),
                Notification::Tried { .. } if self.rights.may(Right::SeeDeliveries) => drop(topics.insert("deliveries")),
                Notification::Wrote { .. } if self.rights.may(Right::ManageConnections) => drop(topics.insert("wrote")),
                Notification::Mail { connection, .. } if self.answers(connection.as_str()) => drop(topics.insert("chats")),
                Notification::Stopped { .. } if self.rights.may(Right::SeeConnections) => drop(topics.insert("connections")),
                _ => {}
            }
        }
        if self.rights.lines == Lines::All {
            topics.extend(requests.into_iter().map(|(_, topic)| topic));
            return Ok(topics);
        }
        let ids: Vec<RequestId> = requests.iter().map(|(id, _)| *id).collect();
        for request in rating_request::load(&self.pages.app.engine.db, &ids).await? {
            if self.rights.sees(&request.line_id, request.operator_id.as_ref()) {
                topics.extend(requests.iter().filter(|(id, _)| *id == request.id).map(|(_, topic)| *topic));
            }
        }
        Ok(topics)
    }
}

fn all() -> BTreeSet<&'static str> {
    ["closes", "ratings", "alerts", "deliveries", "connections", "wrote", "chats"].into()
}

fn changed(topics: &BTreeSet<&'static str>) -> Event {
    Event::default().event("changed").data(topics.iter().copied().collect::<Vec<_>>().join(" "))
}

async fn gather() {
    let _ = tokio::time::timeout(GATHER, std::future::pending::<()>()).await;
}
