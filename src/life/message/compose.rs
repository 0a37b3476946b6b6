//! Composes messages: from a delivery's row to what the channel sends. A message is composed when it is sent, from the facts at
//! that time.

use super::settle::{SettleMessage, Settling};
use crate::engine::Engine;
use crate::engine::channels::contract_scale;
use crate::facts::fill_macros::{conversation, day, words_for};
use crate::facts::opted_out::unwanted;
use crate::message::alert::{AlertFacts, Draft, alert_message, digest, update};
use crate::message::edits::edits;
use crate::message::parts::finished;
use crate::message::reply::Replying;
use crate::message::topic::topics;
use lastword_base::names::{ConnectionId, LineId, RequestId};
use lastword_contract::{Address, Capabilities, Choice, ChoiceKind, CommentBox, Footer, Outgoing, Purpose};
use lastword_domain::answer::rating::{Grade, Scale};
use lastword_domain::answer::reason::Reason;
use lastword_domain::line::LineSettings;
use lastword_domain::line::quiet_hours::Quiet;
use lastword_domain::line::texts::Words;
use lastword_domain::question::delivery::{Kind, State};
use lastword_domain::question::token::{Purpose as TokenPurpose, TokenValue};
use lastword_domain::review::edit::{editable_until, left};
use lastword_store::answer::rating::{self, Rating};
use lastword_store::answer::rating_edit::{self, RatingEdit};
use lastword_store::line::Line;
use lastword_store::question::delivery::{self, Delivery};
use lastword_store::question::rating_request::{self, RatingRequest};
use lastword_store::review::reply::{self, Reply};
use lastword_store::{Millis, StoreError, document_in};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;

/// Facts for a batch of deliveries.
struct Facts {
    requests: BTreeMap<RequestId, RatingRequest>,
    ratings: HashMap<RequestId, Rating>,
    lines: HashMap<LineId, Arc<Line>>,
    alerts: AlertFacts,
    /// Requests whose question was sent, or may have been.
    asked: BTreeSet<RequestId>,
    /// Replies to ratings, each in its newest version.
    replies: HashMap<RequestId, Reply>,
    /// Edits of ratings whose client can no longer tap.
    edits: Vec<RatingEdit>,
    /// Topics of the conversations that questions with a footer name.
    topics: HashMap<RequestId, String>,
    /// Requests whose client has opted out.
    opted_out: HashSet<RequestId>,
}

/// Result of composing a delivery's message.
#[derive(Clone, Debug)]
pub enum Composed {
    /// The message.
    Message(Box<Outgoing>),
    /// There is nothing to send any more.
    Nothing,
    /// Its own row, or one that it refers to, cannot be read.
    Unreadable(StoreError),
    /// It asks a client who has opted out in the meantime.
    OptedOut,
    /// Its line has quiet hours until then.
    NotBefore(Millis),
}

/// Composes the messages of `deliveries`, one result for each.
#[lastword_base::boxed]
pub async fn compose(engine: &Engine, deliveries: &[Delivery], now: Millis) -> Result<Vec<Composed>, StoreError> {
    let facts = gather(engine, deliveries, now).await?;
    let asks = |delivery: &Delivery| delivery.kind.is_question();
    let unwanted = |delivery: &Delivery| asks(delivery) && delivery.request().is_some_and(|request| facts.opted_out.contains(&request));
    let not_before = |delivery: &Delivery| quiet_until(engine, &facts, delivery, now).or_else(|| facts.alerts.waits_until(delivery, now));
    let composed = deliveries.iter().map(|delivery| match not_before(delivery) {
        _ if unwanted(delivery) => Composed::OptedOut,
        Some(at) => Composed::NotBefore(at),
        None => match one(engine, &facts, delivery, now) {
            Ok(Some(message)) => Composed::Message(Box::new(message)),
            Ok(None) => Composed::Nothing,
            Err(error) => Composed::Unreadable(error),
        },
    });
    Ok(composed.collect())
}

/// End of the quiet hours that hold a question now, because it is late for any reason.
fn quiet_until(engine: &Engine, facts: &Facts, delivery: &Delivery, now: Millis) -> Option<Millis> {
    if !delivery.kind.is_question() {
        return None;
    }
    let settings = &facts.line_of(delivery)?.settings;
    let asks_at_close = engine.channels.get(&delivery.connection).is_some_and(|channel| channel.capabilities().asks_at_close);
    let quiet = Quiet::of(settings.quiet_hours.as_ref(), engine.options.time_zone).filter(|_| !asks_at_close)?;
    quiet.holds(now).then(|| quiet.free_from(now))
}

async fn gather(engine: &Engine, deliveries: &[Delivery], now: Millis) -> Result<Facts, StoreError> {
    let of = |kinds: &[Kind]| -> Vec<RequestId> {
        let wanted = |delivery: &&Delivery| kinds.contains(&delivery.kind);
        deliveries.iter().filter(wanted).filter_map(|delivery| delivery.request()).collect()
    };
    let mut facts = Facts {
        requests: BTreeMap::new(),
        ratings: HashMap::new(),
        lines: HashMap::new(),
        alerts: AlertFacts::gather(engine, deliveries, now).await?,
        asked: BTreeSet::new(),
        replies: HashMap::new(),
        edits: Vec::new(),
        topics: HashMap::new(),
        opted_out: HashSet::new(),
    };
    let questions = of(&ABOUT_REQUESTS);
    if !questions.is_empty() {
        let requests = rating_request::load(&engine.db, &questions).await?;
        facts.requests = requests.into_iter().map(|request| (request.id, request)).collect();
    }
    let asked = of(&[Kind::Ask, Kind::Reminder]);
    if !asked.is_empty() {
        facts.opted_out = unwanted(engine, facts.requests.values().filter(|request| asked.contains(&request.id))).await?;
        facts.topics = topics(engine, deliveries, &facts.requests).await?;
    }
    let reminded = of(&[Kind::Reminder]);
    if !reminded.is_empty() {
        let asks = delivery::about(&engine.db, &reminded).await?.into_iter().filter(|delivery| delivery.kind == Kind::Ask);
        let left = asks.filter(|ask| matches!(ask.state, State::Sent | State::Delivered | State::Undeliverable | State::Unknown));
        facts.asked = left.filter_map(|ask| ask.request()).collect();
    }
    let settled = of(&[Kind::Settle]);
    if !settled.is_empty() {
        facts.ratings = rating::of_requests(&engine.db, &settled).await?;
        let later = |delivery: &&Delivery| delivery.kind == Kind::Settle && delivery.payload.contains(r#""later""#);
        let later: Vec<RequestId> = deliveries.iter().filter(later).filter_map(|delivery| delivery.request()).collect();
        facts.edits = if later.is_empty() { Vec::new() } else { rating_edit::of_requests(&engine.db, &later).await? };
    }
    let replied = of(&[Kind::Reply]);
    if !replied.is_empty() {
        facts.replies = reply::newest(&engine.db, &replied).await?;
    }
    if !facts.requests.is_empty() {
        let lines: BTreeSet<&LineId> = facts.requests.values().map(|request| &request.line_id).collect();
        facts.lines = engine.lines.present(&engine.db, &lines.into_iter().collect::<Vec<_>>()).await?;
    }
    Ok(facts)
}

impl Facts {
    /// The line of a delivery's rating request.
    fn line_of(&self, delivery: &Delivery) -> Option<&Line> {
        let request = self.requests.get(&delivery.request()?)?;
        self.lines.get(&request.line_id).map(Arc::as_ref)
    }
}

/// Kinds of messages that are about a rating request.
const ABOUT_REQUESTS: [Kind; 4] = [Kind::Ask, Kind::Reminder, Kind::Settle, Kind::Reply];

/// The message of one delivery; `None` if there is nothing to send any more.
fn one(engine: &Engine, facts: &Facts, delivery: &Delivery, now: Millis) -> Result<Option<Outgoing>, StoreError> {
    if ABOUT_REQUESTS.contains(&delivery.kind) {
        delivery.needs_request()?;
    }
    let address: Address = document_in("delivery", "address", delivery.id, &delivery.address)?;
    let payload: Value = document_in("delivery", "payload", delivery.id, &delivery.payload)?;
    let draft = Outgoing { key: delivery.id.to_string(), to: address, language: "en".to_owned(), at: now, ..Outgoing::default() };
    let recipient = format!("{}:{}", delivery.connection, draft.to.chat);
    let message = match delivery.kind {
        Kind::Ask | Kind::Reminder => question(engine, facts, delivery, &recipient, draft),
        Kind::Settle => settling(engine, facts, delivery, &recipient, draft, now)?,
        Kind::Alert => alert_message(engine, &facts.alerts, &payload, Draft { delivery, recipient: &recipient, outgoing: draft }),
        Kind::Digest => digest(engine, &facts.alerts, delivery.id, &payload, Draft { delivery, recipient: &recipient, outgoing: draft }),
        Kind::Reply => replying(engine, facts, delivery, &recipient, draft)?,
        Kind::Event => {
            let name = payload.get("event").and_then(Value::as_str).ok_or_else(|| StoreError::Inconsistent {
                table: "delivery",
                column: "payload",
                found: format!("row {}, an event without its name", delivery.id),
            })?;
            let data = payload.get("data").cloned().unwrap_or_default();
            Some(Outgoing { purpose: Purpose::Event(name.to_owned()), data, ..draft })
        }
        // These go to desks, and are no messages.
        Kind::WriteBack | Kind::Look => None,
    };
    finished(engine, &facts.alerts, delivery, message)
}

/// The message of a delivery about a rating request that does not exist, as a preview: composed by the same rules as all others.
pub(crate) fn imagined(
    engine: &Engine,
    line: Line,
    (request, rating): (RatingRequest, Option<Rating>),
    alerts: AlertFacts,
    delivery: &Delivery,
    now: Millis,
) -> Option<Outgoing> {
    let id = request.id;
    let facts = Facts {
        alerts,
        ratings: rating.into_iter().map(|rating| (id, rating)).collect(),
        lines: [(line.id.clone(), Arc::new(line))].into(),
        requests: [(id, request)].into(),
        replies: HashMap::new(),
        edits: Vec::new(),
        topics: HashMap::new(),
        opted_out: HashSet::new(),
        asked: [id].into(),
    };
    one(engine, &facts, delivery, now).unwrap_or_default()
}

/// A request with everything needed for a message about it.
struct About<'a> {
    engine: &'a Engine,
    request: &'a RatingRequest,
    settings: &'a LineSettings,
    line: &'a str,
    words: Words,
    topic: Option<String>,
    now: Millis,
    connection: &'a ConnectionId,
    recipient: &'a str,
}

impl<'a> About<'a> {
    fn new(engine: &'a Engine, facts: &'a Facts, delivery: &'a Delivery, recipient: &'a str, now: Millis) -> Option<Self> {
        let request = facts.requests.get(&delivery.request()?)?;
        let line = facts.lines.get(&request.line_id)?;
        let words = words_for(&engine.organisation(), line, request, facts.ratings.get(&request.id));
        let (connection, topic) = (&delivery.connection, facts.topics.get(&request.id).cloned());
        Some(Self { engine, request, settings: &line.settings, line: &line.name, words, topic, now, connection, recipient })
    }

    fn scale(&self) -> Scale {
        self.request.scale
    }

    fn choice(&self, label: impl Into<String>, value: TokenValue, kind: ChoiceKind) -> Choice {
        let token = self.engine.keys.mint(TokenPurpose::Rate, self.request.id, self.recipient, value);
        let link = self.engine.link(self.connection, &token);
        Choice { label: label.into(), token, kind, link }
    }

    /// Capabilities of the channel of this message.
    fn capabilities(&self) -> Capabilities {
        self.engine.channels.get(self.connection).map(|channel| channel.capabilities()).unwrap_or_default()
    }

    /// The sender, the conversation it is about, and how to opt out.
    fn footer(&self) -> Footer {
        let (sender, zone) = (self.engine.organisation(), self.engine.options.time_zone);
        let stop = self.choice(&self.words.stop, TokenValue::Stop, ChoiceKind::OptOut);
        let why = self.words.why(&sender, self.line, &day(&self.words.language, self.request.closed_at, zone, self.now));
        let about = conversation(&self.words, self.request, zone, self.now);
        let (color, logo) = (self.engine.brand.look().color.map(|color| color.to_string()), self.engine.logo_page());
        Footer { about, topic: self.topic.clone(), sender, color, logo, why, stop: stop.link.is_some().then_some(stop) }
    }

    fn scores(&self) -> Vec<Choice> {
        let scale = contract_scale(self.scale());
        let score = |&score: &u8| self.choice(scale.label(score), TokenValue::Score(score), ChoiceKind::Score);
        scale.scores().iter().map(score).collect()
    }
}

fn question(engine: &Engine, facts: &Facts, delivery: &Delivery, recipient: &str, draft: Outgoing) -> Option<Outgoing> {
    let kind = delivery.kind;
    // No reminder of a question that was not sent.
    if kind == Kind::Reminder && !facts.asked.contains(&delivery.request()?) {
        return None;
    }
    let about = About::new(engine, facts, delivery, recipient, draft.at)?;
    let text = if kind == Kind::Reminder { about.words.reminder.clone() } else { about.words.question.clone() };
    let can = about.capabilities();
    let how = about.words.hint(about.scale());
    let (scale, taps) = (contract_scale(about.scale()), can.shows(contract_scale(about.scale())));
    let form = || about.engine.keys.mint(TokenPurpose::Rate, about.request.id, about.recipient, TokenValue::Form);
    Some(Outgoing {
        language: about.words.language.clone(),
        purpose: Purpose::Question(scale),
        form: can.native_form.contains(&scale).then(form),
        // If buttons are not possible, the text itself explains how to answer.
        text: if taps { text } else { format!("{text}\n\n{how}") },
        choices: if taps { about.scores() } else { Vec::new() },
        hint: (taps && can.free_text).then(|| how.to_owned()),
        outside_window: delivery.outside_window == 1,
        footer: can.footer.then(|| about.footer()),
        ends: can.footer.then(|| about.words.ends.map(str::to_owned)),
        ..draft
    })
}

fn settling(
    engine: &Engine,
    facts: &Facts,
    delivery: &Delivery,
    recipient: &str,
    draft: Outgoing,
    now: Millis,
) -> Result<Option<Outgoing>, StoreError> {
    let Settling { replaces, says } = document_in("delivery", "payload", delivery.id, &delivery.payload)?;
    let draft = Outgoing { purpose: Purpose::Settle, replaces, ..draft };
    match says {
        SettleMessage::Text(text) => return Ok(Some(Outgoing { text, ..draft })),
        SettleMessage::Alert(earlier) => {
            let replaces = draft.replaces.clone();
            return update(engine, &facts.alerts, replaces, earlier, Draft { delivery, recipient, outgoing: draft });
        }
        _ => {}
    }
    let Some(about) = About::new(engine, facts, delivery, recipient, draft.at) else { return Ok(None) };
    let draft = Outgoing { language: about.words.language.clone(), ..draft };
    let rating = facts.ratings.get(&about.request.id);
    Ok(match (says, rating) {
        (SettleMessage::Again, _) => Some(Outgoing { text: about.words.question.clone(), choices: about.scores(), ..draft }),
        (SettleMessage::OptedOut, _) => Some(opted_out(&about, draft)),
        (SettleMessage::OptedIn, _) => Some(Outgoing { text: about.words.opted_in.clone(), ..draft }),
        (SettleMessage::Later, Some(rating)) => later(&about, rating, &facts.edits, draft, now),
        (SettleMessage::Expired, _) | (_, None) => {
            Some(Outgoing { text: about.words.over(about.request.reason.as_deref()).to_owned(), ..draft })
        }
        (SettleMessage::Thanks | SettleMessage::Text(_) | SettleMessage::Alert(_), Some(rating)) => {
            Some(thanks(&about, rating, draft, now))
        }
    })
}

/// Confirms an opt-out, with the way back as a button or a text to type.
fn opted_out(about: &About<'_>, draft: Outgoing) -> Outgoing {
    let words = &about.words;
    let can = about.capabilities();
    let text = match can.choices_max {
        0 if can.free_text => format!("{} {}", words.opted_out, words.type_start),
        _ => words.opted_out.clone(),
    };
    let back = (can.choices_max > 0).then(|| about.choice(&words.start, TokenValue::Start, ChoiceKind::OptIn));
    Outgoing { text, choices: back.into_iter().collect(), ..draft }
}

/// Message with the address for editing the rating, if it still can be edited; as a separate message if the thank-you cannot be replaced.
fn later(about: &About<'_>, rating: &Rating, made: &[RatingEdit], draft: Outgoing, now: Millis) -> Option<Outgoing> {
    let in_place = draft.replaces.is_some();
    let edits = edits(rating, made);
    let may_edit = left(edits, now) > 0 || edits.held.is_some();
    let token = about.engine.keys.mint(TokenPurpose::Rate, about.request.id, about.recipient, TokenValue::Again);
    let page = about.engine.page(&token).filter(|_| may_edit).map(|page| format!("{}\n{page}", about.words.edit));
    let thanks = in_place.then(|| thanks(about, rating, draft.clone(), now));
    match (page, thanks) {
        (Some(page), Some(thanks)) => Some(Outgoing { text: format!("{}\n\n{page}", thanks.text), ..thanks }),
        (Some(page), None) => Some(Outgoing { text: page, ..draft }),
        (None, thanks) => thanks,
    }
}

/// Thank-you with follow-up questions: reasons and a comment after a low score, "was it resolved?" if the line asks.
fn thanks(about: &About<'_>, rating: &Rating, draft: Outgoing, now: Millis) -> Outgoing {
    let (words, low) = (&about.words, rating.low == 1);
    let asks = about.settings.follow_up.asks(low, rating.comment.is_some(), rating.resolved.is_some());
    let can = about.capabilities();
    let (taps, cards) = (can.choices_max > 0, can.comment_box);
    let score = u8::try_from(rating.score).unwrap_or_default();
    let mut text = words.thanks(Grade::of(about.scale(), score, low)).to_owned();
    let mut choices = Vec::new();
    if rating.comment.is_some() {
        text = words.thanks_comment.clone();
    } else if asks.reasons && taps {
        let reason = |(place, Reason { code, text }): (usize, &Reason)| {
            let chosen = rating.reasons.iter().any(|reason| reason.code == *code);
            let label = if chosen { format!("✓ {text}") } else { text.clone() };
            about.choice(label, TokenValue::Reason(u8::try_from(place).unwrap_or(0)), ChoiceKind::Reason)
        };
        choices.extend(words.reasons.iter().enumerate().map(reason));
    }
    if asks.resolved && taps {
        // A channel that lays out cards puts the question above its buttons itself.
        if !cards {
            text = format!("{text}\n\n{}", words.resolved);
        }
        choices.push(about.choice(&words.yes, TokenValue::Resolved(true), ChoiceKind::Resolved));
        choices.push(about.choice(&words.no, TokenValue::Resolved(false), ChoiceKind::Resolved));
    }
    if let Some(review) = words.public_review() {
        text = format!("{text}\n\n{review}");
    }
    // On a line without changes by tap, the button leads directly to the page.
    let on_page = about.request.change_ms == 0 && about.engine.options.public_url.is_some() && now <= editable_until(rating.rated_at);
    if taps && (now < rating.rated_at + about.request.change_ms || on_page) {
        choices.push(about.choice(&words.change, TokenValue::Again, ChoiceKind::Change));
    }
    if choices.len() < can.choices_max {
        choices.push(about.choice(&words.stop, TokenValue::Stop, ChoiceKind::OptOut));
    }
    let comment = asks.comment.then(|| CommentBox {
        label: if cards { words.comment.clone() } else { words.comment_by_reply.clone() },
        token: about.engine.keys.mint(TokenPurpose::Rate, about.request.id, about.recipient, TokenValue::Comment),
        max_chars: lastword_domain::answer::COMMENT_CHARS_MAX,
    });
    Outgoing { text, choices: within(choices, can.choices_max), comment, ..draft }
}

/// As many choices as fit in one message; the last reasons are dropped first.
fn within(mut choices: Vec<Choice>, max: usize) -> Vec<Choice> {
    while choices.len() > max
        && let Some(last) = choices.iter().rposition(|choice| choice.kind == ChoiceKind::Reason)
    {
        choices.remove(last);
    }
    choices.truncate(max);
    choices
}

/// A person's reply. If it was edited before it was sent, the old text is not sent: a newer delivery has the new one.
fn replying(engine: &Engine, facts: &Facts, delivery: &Delivery, recipient: &str, draft: Outgoing) -> Result<Option<Outgoing>, StoreError> {
    let Replying { version, replaces } = document_in("delivery", "payload", delivery.id, &delivery.payload)?;
    let Some(about) = About::new(engine, facts, delivery, recipient, draft.at) else { return Ok(None) };
    let reply = facts.replies.get(&about.request.id).filter(|reply| reply.version == version);
    let language = about.words.language;
    Ok(reply.map(|reply| Outgoing { language, purpose: Purpose::Text, text: reply.text.clone(), replaces, ..draft }))
}
