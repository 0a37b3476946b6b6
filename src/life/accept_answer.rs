//! What a channel told us is taken in: kept, judged, and given its effect, in one transaction. A press or a comment
//! becomes a rating; a low one raises alerts; a word of the platform moves a delivery; everything else goes on as an
//! ordinary message.

use super::acknowledge_alert::acknowledge;
use super::emit_event;
use super::engine::Engine;
use super::hear_platform::hear;
use super::judge_answer::Said;
use super::news::News;
use super::raise_alert::{Low, raise};
use super::settle_question::{Says, Settle, settle};
use crate::domain::answer::Disposition;
use crate::domain::outcome::Outcome;
use crate::domain::token::{self, Claimed, Purpose, TokenValue};
use crate::store::answer::{self, AnswerEvent};
use crate::store::conversation::{self, News as ConversationNews};
use crate::store::inbox::{self, Event};
use crate::store::line::Line;
use crate::store::rating::{self, Rating};
use crate::store::rating_request::{self, Ending, RatingRequest};
use crate::store::{Millis, StoreError, Tx, alert, connection, delivery, ending};
use lastword_contract::{Address, Happening, Inbound};
use std::collections::HashMap;
use std::sync::Arc;

/// Something a channel told us.
#[derive(Clone, Debug)]
pub struct Arrived {
    /// The connection.
    pub connection: String,
    /// What it told.
    pub inbound: Inbound,
    /// SHA-256 of what was told.
    pub body_hash: String,
}

/// What became of it, and what the platform may show to the person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taken {
    /// What became of it.
    pub disposition: Disposition,
    /// It was told before; nothing happened now.
    pub repeated: bool,
    /// What stops the platform's spinner, with a word for the person.
    pub acknowledge: Option<(String, String)>,
}

/// The working state of one batch.
pub(super) struct Batch<'a> {
    pub(super) engine: &'a Engine,
    pub(super) now: Millis,
    pub(super) requests: HashMap<String, RatingRequest>,
    pub(super) ratings: HashMap<String, Rating>,
    pub(super) lines: HashMap<String, Arc<Line>>,
    pub(super) touched: Vec<String>,
    pub(super) history: Vec<AnswerEvent>,
    pub(super) events: Vec<Event>,
    pub(super) effects: Vec<Effect>,
    pub(super) news: Vec<News>,
}

/// What an answer brings about, worked off after all answers of the batch are judged.
pub(super) struct Effect {
    pub(super) request: String,
    pub(super) pressed: Option<String>,
    pub(super) says: Says,
    /// The rating as it was before this batch; none when this is the first score.
    pub(super) before: Option<Rating>,
    /// Whether the value that counts is another one now.
    pub(super) changed: bool,
}

/// Takes in what channels told us, in the order given, with the polling `cursor` of a connection if there is one.
///
/// # Errors
/// The database's error; then nothing was kept and the platform tells it again.
pub async fn accept(
    engine: &Engine,
    arrived: Vec<Arrived>,
    cursor: Option<(String, String)>,
    now: Millis,
) -> Result<Vec<Taken>, StoreError> {
    let (arrived, steps) = (Arc::new(arrived), engine.clone());
    let (taken, news) = engine
        .db
        .write(move |tx| {
            let (engine, arrived, cursor) = (steps.clone(), arrived.clone(), cursor.clone());
            Box::pin(async move {
                let result = take_in(tx, &engine, &arrived, now).await?;
                if let Some((name, cursor)) = cursor {
                    connection::keep_cursor(tx, &name, &cursor).await?;
                }
                Ok::<_, StoreError>(result)
            })
        })
        .await?;
    if taken.iter().any(|taken: &Taken| !taken.repeated) {
        engine.wake.notify_one();
    }
    news.into_iter().for_each(|news| engine.tell(news));
    Ok(taken)
}

async fn take_in(tx: &mut Tx, engine: &Engine, arrived: &[Arrived], now: Millis) -> Result<(Vec<Taken>, Vec<News>), StoreError> {
    let keys: Vec<_> = arrived.iter().map(|one| (one.connection.as_str(), one.inbound.key.as_str())).collect();
    let mut seen: Vec<(String, String)> = inbox::seen(tx, &keys).await?.into_keys().collect();
    let mut batch = Batch::read(tx, engine, arrived, now).await?;
    let mut taken = Vec::with_capacity(arrived.len());
    for one in arrived {
        let key = (one.connection.clone(), one.inbound.key.clone());
        if seen.contains(&key) {
            let press_id = spinner(&one.inbound.what).map(|press_id| (press_id, String::new()));
            taken.push(Taken { disposition: Disposition::Repeated, repeated: true, acknowledge: press_id });
            continue;
        }
        seen.push(key);
        let (disposition, subject, word) = batch.take_one(tx, one).await?;
        batch.keep_event(one, disposition, subject.clone());
        batch.news.push(match &one.inbound.what {
            Happening::Text { .. } if disposition == Disposition::NotAnAnswer => News::Wrote { connection: one.connection.clone() },
            _ => News::Answered { rating_request: subject, disposition: disposition.as_str() },
        });
        let acknowledge = spinner(&one.inbound.what).map(|press_id| (press_id, word));
        taken.push(Taken { disposition, repeated: false, acknowledge });
    }
    batch.finish(tx).await.map(|news| (taken, news))
}

fn spinner(what: &Happening) -> Option<String> {
    match what {
        Happening::Press { press_id, .. } => press_id.clone(),
        Happening::Text { .. }
        | Happening::Comment { .. }
        | Happening::Form { .. }
        | Happening::Wrote { .. }
        | Happening::Moved { .. }
        | Happening::Status { .. }
        | Happening::Reachable { .. }
        | Happening::Other { .. } => None,
    }
}

/// The rating request that a token claims to be about.
fn claimed_request(what: &Happening) -> Option<String> {
    let (Happening::Press { token, .. } | Happening::Comment { token, .. } | Happening::Form { token, .. }) = what else { return None };
    token::read(token).filter(|claimed| claimed.purpose == Purpose::Rate).map(|claimed| claimed.subject)
}

/// What became of one event, what it was about, and a word for the person.
pub(super) type Judged = (Disposition, Option<String>, String);

impl<'a> Batch<'a> {
    async fn read(tx: &mut Tx, engine: &'a Engine, arrived: &[Arrived], now: Millis) -> Result<Self, StoreError> {
        let mut ids: Vec<String> = arrived.iter().filter_map(|one| claimed_request(&one.inbound.what)).collect();
        ids.sort();
        ids.dedup();
        let mut batch = Self {
            engine,
            now,
            requests: HashMap::new(),
            ratings: HashMap::new(),
            lines: HashMap::new(),
            touched: Vec::new(),
            history: Vec::new(),
            events: Vec::new(),
            effects: Vec::new(),
            news: Vec::new(),
        };
        batch.hold(tx, &ids.iter().map(String::as_str).collect::<Vec<_>>()).await?;
        Ok(batch)
    }

    async fn hold(&mut self, tx: &mut Tx, ids: &[&str]) -> Result<(), StoreError> {
        if ids.is_empty() {
            return Ok(());
        }
        for request in rating_request::hold(tx, ids).await? {
            self.requests.insert(request.id.clone(), request);
        }
        self.ratings.extend(rating::load(tx, ids).await?);
        let mut lines: Vec<&str> = self.requests.values().map(|request| request.line_id.as_str()).collect();
        lines.sort_unstable();
        lines.dedup();
        let lines = self.engine.lines.current(tx, &lines).await?;
        self.lines.extend(lines);
        Ok(())
    }

    async fn take_one(&mut self, tx: &mut Tx, one: &Arrived) -> Result<Judged, StoreError> {
        let nothing = |disposition| (disposition, None, String::new());
        match &one.inbound.what {
            Happening::Press { token, by, message_id, .. } => {
                let Some(claimed) = token::read(token) else { return Ok(nothing(Disposition::Forged)) };
                match claimed.purpose {
                    Purpose::Rate => Ok(self.answer(one, &claimed, by, message_id.clone(), Said::Tap)),
                    Purpose::Acknowledge => self.seen(tx, one, &claimed, by, message_id.as_deref()).await,
                }
            }
            Happening::Comment { token, by, text } => match token::read(token) {
                Some(claimed) if claimed.value == TokenValue::Comment => Ok(self.answer(one, &claimed, by, None, Said::Text(text))),
                _ => Ok(nothing(Disposition::Forged)),
            },
            Happening::Text { text, by, reply_to } => self.text(tx, one, text, by, reply_to.as_deref()).await,
            Happening::Status { message_id, key, status } => {
                let told = hear(tx, self.engine, &one.connection, key.as_deref(), message_id.as_deref(), status, self.now).await?;
                self.news.extend(told.1);
                Ok(nothing(if told.0 { Disposition::Counted } else { Disposition::Unknown }))
            }
            Happening::Reachable { by, reachable } => {
                let news = self.conversation_news(one, by, Some(i64::from(!reachable)), None);
                conversation::learn(tx, &news).await?;
                Ok(nothing(Disposition::Counted))
            }
            Happening::Form { token, by, score, comment } => match token::read(token) {
                Some(claimed) if claimed.value == TokenValue::Form => Ok(self.form(one, &claimed, by, *score, comment.as_deref())),
                _ => Ok(nothing(Disposition::Forged)),
            },
            Happening::Wrote { by, at, window_expires_at } => {
                let news = self.conversation_news(one, by, None, Some(*at));
                conversation::learn(tx, &ConversationNews { window_expires_at: *window_expires_at, ..news }).await?;
                Ok(nothing(Disposition::NotAnAnswer))
            }
            Happening::Moved { .. } | Happening::Other { .. } => Ok(nothing(Disposition::NotAnAnswer)),
        }
    }

    /// A platform's own form: its score, and what was written beside it.
    fn form(&mut self, one: &Arrived, claimed: &Claimed, by: &Address, score: u8, comment: Option<&str>) -> Judged {
        let judged = self.answer(one, claimed, by, None, Said::Score(score));
        if matches!(judged.0, Disposition::Counted | Disposition::Changed | Disposition::Repeated)
            && let Some(text) = comment
            && let Some(request) = self.requests.get(&claimed.subject).cloned()
            && let Some(line) = self.lines.get(&request.line_id).cloned()
        {
            self.follow_up(one, &request, &line, TokenValue::Comment, Some(text), None);
        }
        judged
    }

    /// A recipient has seen an alert.
    async fn seen(
        &mut self,
        tx: &mut Tx,
        one: &Arrived,
        claimed: &Claimed,
        by: &Address,
        message_id: Option<&str>,
    ) -> Result<Judged, StoreError> {
        let recipient = format!("{}:{}", one.connection, by.chat);
        if !self.engine.keys.vouch(claimed, &recipient) {
            return Ok((Disposition::Forged, None, String::new()));
        }
        let Some(found) = alert::find(tx, &claimed.subject).await? else { return Ok((Disposition::Unknown, None, String::new())) };
        let name = alert::recipient_name(tx, &found.recipient_id).await?.unwrap_or_else(|| found.recipient_id.clone());
        let address = serde_json::to_string(by).unwrap_or_default();
        let place = message_id.map(|message_id| (one.connection.as_str(), address.as_str(), message_id));
        let mut new = false;
        for alert in alert::in_same_message(tx, &found).await? {
            new |= acknowledge(tx, self.engine, &alert, &name, place.filter(|_| alert.id == found.id), self.now).await?;
        }
        let disposition = if new { Disposition::Counted } else { Disposition::Repeated };
        Ok((disposition, Some(found.request_id), "✓".to_owned()))
    }

    /// A text: a comment when it replies to our thanks, an ordinary message otherwise. Either way the client wrote, so
    /// the window is open from then.
    async fn text(&mut self, tx: &mut Tx, one: &Arrived, text: &str, by: &Address, reply_to: Option<&str>) -> Result<Judged, StoreError> {
        let at = one.inbound.at.unwrap_or(self.now);
        let news = self.conversation_news(one, by, None, Some(at));
        conversation::learn(tx, &news).await?;
        let ordinary = (Disposition::NotAnAnswer, None, String::new());
        let Some(message_id) = reply_to else { return Ok(ordinary) };
        let Some((_, kind, Some(subject))) = ending::behind_message(tx, &one.connection, message_id).await? else { return Ok(ordinary) };
        if !matches!(kind.as_str(), "ask" | "reminder" | "settle") {
            return Ok(ordinary);
        }
        if !self.requests.contains_key(&subject) {
            self.hold(tx, &[&subject]).await?;
        }
        let Some(request) = self.requests.get(&subject).cloned() else { return Ok(ordinary) };
        let (Some(line), true) = (self.lines.get(&request.line_id).cloned(), self.ratings.contains_key(&subject)) else {
            return Ok(ordinary);
        };
        let address: Address = request.address.as_deref().and_then(|address| serde_json::from_str(address).ok()).unwrap_or_default();
        if !address.admits(by) {
            return Ok((Disposition::Foreign, Some(subject), String::new()));
        }
        let disposition = self.follow_up(one, &request, &line, TokenValue::Comment, Some(text), None);
        Ok((disposition, Some(subject), String::new()))
    }

    fn conversation_news(&self, one: &Arrived, by: &Address, blocked: Option<i64>, wrote_at: Option<Millis>) -> ConversationNews {
        ConversationNews {
            connection: one.connection.clone(),
            chat: by.chat.clone(),
            last_client_message_at: wrote_at,
            window_expires_at: None,
            blocked,
            at: self.now,
        }
    }

    fn keep_event(&mut self, one: &Arrived, disposition: Disposition, subject: Option<String>) {
        self.events.push(Event {
            source: one.connection.clone(),
            event_key: one.inbound.key.clone(),
            kind: kind_of(&one.inbound.what),
            body_hash: one.body_hash.clone(),
            received_at: self.now,
            subject,
            disposition: Some(disposition.as_str().to_owned()),
            body: None,
        });
    }

    /// Writes everything, and brings about what the answers call for.
    async fn finish(mut self, tx: &mut Tx) -> Result<Vec<News>, StoreError> {
        if !self.events.is_empty() {
            inbox::keep(tx, &self.events).await?;
        }
        answer::keep(tx, &self.history).await?;
        let ratings: Vec<Rating> = self.touched.iter().filter_map(|id| self.ratings.get(id).cloned()).collect();
        if !ratings.is_empty() {
            rating::save(tx, &ratings).await?;
        }
        let first: Vec<String> =
            self.effects.iter().filter(|effect| effect.before.is_none() && effect.changed).map(|effect| effect.request.clone()).collect();
        self.answered(tx, &first).await?;
        let effects = std::mem::take(&mut self.effects);
        let mut deliveries = settle(tx, self.engine, &self.to_settle(&effects), self.now).await?;
        for effect in effects.iter().filter(|effect| effect.changed) {
            let (Some(request), Some(rating)) = (self.requests.get(&effect.request), self.ratings.get(&effect.request)) else { continue };
            deliveries.extend(emit_event::rating(self.engine, request, rating, effect.before.is_none(), self.now));
            let news = alert_if_low(tx, self.engine, request, rating, effect.before.as_ref(), &self.lines, self.now).await?;
            self.news.extend(news);
        }
        delivery::schedule(tx, &deliveries).await?;
        Ok(self.news)
    }

    /// The last effect on each rating request is what its question is settled with.
    fn to_settle<'e>(&'e self, effects: &'e [Effect]) -> Vec<Settle<'e>> {
        let last = |at: usize, effect: &Effect| effects[at + 1..].iter().all(|later| later.request != effect.request);
        let settled = effects.iter().enumerate().filter(|&(at, effect)| last(at, effect));
        let settled = settled.filter_map(|(_, effect)| {
            let request = self.requests.get(&effect.request)?;
            let first = effects.iter().any(|any| any.request == effect.request && any.before.is_none() && any.changed);
            Some(Settle { request, pressed: effect.pressed.clone(), says: effect.says.clone(), first })
        });
        settled.collect()
    }

    /// Rating requests that have their first score: they are answered, and the score proves that the question arrived.
    async fn answered(&mut self, tx: &mut Tx, requests: &[String]) -> Result<(), StoreError> {
        let ending = |id: &String| Ending { id: id.clone(), outcome: Outcome::Answered.as_str(), reason: None, at: self.now };
        if !requests.is_empty() {
            ending::prove(tx, &requests.iter().map(String::as_str).collect::<Vec<_>>(), self.now).await?;
        }
        let endings: Vec<Ending> = requests.iter().map(ending).collect();
        let news = super::record_end::end_requests(tx, self.engine, &endings, self.now).await?;
        self.news.extend(news);
        Ok(())
    }
}

fn kind_of(what: &Happening) -> &'static str {
    match what {
        Happening::Press { .. } => "press",
        Happening::Text { .. } => "text",
        Happening::Comment { .. } => "comment",
        Happening::Form { .. } => "form",
        Happening::Wrote { .. } => "wrote",
        Happening::Moved { .. } => "moved",
        Happening::Status { .. } => "status",
        Happening::Reachable { .. } => "reachable",
        Happening::Other { .. } => "other",
    }
}

/// A score that became low is told; one that is no longer low takes unsent alerts back, and those who were told hear
/// of the change.
async fn alert_if_low(
    tx: &mut Tx,
    engine: &Engine,
    request: &RatingRequest,
    rating: &Rating,
    before: Option<&Rating>,
    lines: &HashMap<String, Arc<Line>>,
    now: Millis,
) -> Result<Vec<News>, StoreError> {
    let Some(line) = lines.get(&request.line_id) else { return Ok(Vec::new()) };
    let was_low = before.is_some_and(|before| before.low == 1);
    match (was_low, rating.low == 1) {
        (false, true) => raise(tx, engine, &Low { request, rating, line, level: 0, kind: "low" }, now).await,
        (true, false) => super::raise_alert::take_back(tx, engine, &Low { request, rating, line, level: 0, kind: "changed" }, now).await,
        (true, true) | (false, false) => Ok(Vec::new()),
    }
}
