//! Letters to owners: composed from the figures of the last day, week or month, in each reader's language, and sent exactly once
//! for each period.

use super::changed::{Claims, claims};
use super::low_reasons::{Labels, low_reasons_at};
use super::replies::replies;
use super::summary;
use super::targets::{Target, targets};
use crate::engine::Engine;
use crate::recipient::choose::{persons, reach_of};
use lastword_base::names::LineId;
use lastword_domain::access::audit::{Act, By, Entry};
use lastword_domain::alert::{GIVE_UP_AFTER, shortened};
use lastword_domain::question::delivery::Kind;
use lastword_domain::report::Part;
use lastword_domain::report::calendar::Day;
use lastword_domain::report::change::{Change, Errors};
use lastword_domain::report::letter::{Every, Facts, Goal, QUOTE_CHARS_MAX, QUOTES, Quote, Why, letter as write};
use lastword_domain::report::low_reasons::LowReason;
use lastword_domain::report::period::Period;
use lastword_store::access::audit;
use lastword_store::alert::recipient::{self, Recipient};
use lastword_store::question::delivery::{self, NewDelivery};
use lastword_store::report::Closes;
use lastword_store::report::letter::{self, Letter};
use lastword_store::{Millis, StoreError, line, transaction};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::sync::Arc;

/// The facts of a letter, without the texts of reasons, which depend on the reader.
struct Gathered {
    facts: Facts,
    reasons: Vec<LowReason>,
    labels: Labels,
}

/// Text of the letter about `period`, for a person who reads `language`.
#[lastword_base::boxed]
pub async fn text(engine: &Engine, letter: &Letter, period: Period, language: &str, now: Millis) -> Result<String, StoreError> {
    Ok(gather(engine, letter, period, now).await?.text(language))
}

/// The newest complete period of a letter.
pub fn last_period(engine: &Engine, every: Every, now: Millis) -> Period {
    every.due(0, now, engine.db.zone()).0
}

impl Gathered {
    fn text(&self, language: &str) -> String {
        let why = |reason: &LowReason| Why {
            reason: self.labels.label(language, &reason.code),
            chosen: reason.chosen,
            change: reason.chosen_change.map(|_| reason.chosen_votes.clone()),
        };
        write(language, &Facts { why: self.reasons.iter().map(why).collect(), ..self.facts.clone() })
    }
}

async fn gather(engine: &Engine, letter: &Letter, period: Period, now: Millis) -> Result<Gathered, StoreError> {
    let (db, error) = (&engine.db, letter.every.error());
    let closes = Closes { sees: letter.sees(), ..Closes::of(period) };
    let mut found = summary(db, &closes).await?;
    // Claims and reasons each have half of the error; each target has an error of its own.
    let claims = claims(db, &closes, Errors { overall: error / 2.0, parts: None }).await?;
    if let Some(claims) = &claims {
        claims.make_sure(&mut found);
    }
    let (low, _) = low_reasons_at(db, &closes, error / 2.0).await?;
    let (all, _) = replies(db, &closes, now).await?;
    let names = line::names(db).await?;
    let span = (period.from.start(db.zone()), period.until.start(db.zone()));
    let written = letter::written(db, &closes.sees, span, i64::try_from(QUOTES).unwrap_or(0)).await?;
    let quotes = written.into_iter().map(|written| Quote {
        score: written.scale.show(u8::try_from(written.score).unwrap_or(0)),
        text: shortened(&written.comment.split_whitespace().collect::<Vec<_>>().join(" "), QUOTE_CHARS_MAX),
        line: names.get(&written.line_id).cloned().unwrap_or(written.line_id.into()),
    });
    let called = |id: &LineId| names.get(id).cloned().unwrap_or_else(|| id.to_string());
    let goal = |target: Target| {
        let mut share = Part::from(target.share);
        share.sure(target.interval);
        Goal { line: target.name, percent: target.percent, share, verdict: target.verdict, redefined: target.redefined }
    };
    let goals = targets(db, &closes, error).await?.into_iter().map(goal).collect();
    let last = period.last_day();
    let link = engine.options.public_url.as_ref().map(|base| format!("{base}reports?from={}&until={last}", period.from));
    let compared = claims.as_ref().filter(|claims| claims.compares() || claims.scale_changed() || claims.redefined || low.redefined);
    let change = |of: fn(&Claims) -> &Change| claims.as_ref().map(|claims| of(claims).clone()).unwrap_or_default();
    let facts = Facts {
        every: letter.every,
        period,
        before: compared.map(|claims| claims.before),
        score: found.report.score.adjusted.share,
        good: found.rules.iter().map(|rule| (rule.clone(), rule.lines.iter().map(called).collect())).collect(),
        score_change: change(|claims| &claims.score),
        response: found.report.response,
        running: found.report.funnel.delivered_runs,
        response_change: change(|claims| &claims.response),
        delivery_change: change(|claims| &claims.delivery),
        scale_changed: compared.is_some_and(Claims::scale_changed),
        redefined: compared.is_some_and(|claims| claims.redefined),
        reasons_redefined: low.redefined,
        why: Vec::new(),
        low: found.report.score.adjusted.bad,
        replied: all.replied,
        late: all.late,
        quotes: quotes.collect(),
        goals,
        link,
    };
    Ok(Gathered { facts, reasons: low.items, labels: Labels::of(db, &closes).await? })
}

/// Sends the letters that are due. Returns their number.
#[lastword_base::boxed]
pub async fn send_due(engine: &Engine, now: Millis) -> Result<usize, StoreError> {
    let letters = letter::all(&engine.db).await?;
    if letters.is_empty() {
        return Ok(0);
    }
    let (sent, mut count) = (letter::last_sent(&engine.db).await?, 0);
    for letter in letters {
        let (period, due_at) = letter.every.due(letter.hour, now, engine.db.zone());
        let was_sent = sent.get(&letter.id).is_some_and(|sent| sent.day >= period.from.0);
        if was_sent || due_at < letter.created_at {
            continue;
        }
        let messages = messages(engine, &letter, period, now).await?;
        if messages.is_empty() {
            tracing::error!(letter = letter.id, "a letter has no recipient: deleted, disabled, or cannot be notified");
        }
        count += usize::from(keep(engine, &letter, period, messages, now).await?);
    }
    Ok(count)
}

/// Records that the letter was sent, with its messages, unless it was recorded before.
async fn keep(engine: &Engine, letter: &Letter, period: Period, messages: Vec<NewDelivery>, now: Millis) -> Result<bool, StoreError> {
    let facts = Arc::new((letter.id.clone(), messages));
    transaction!(engine.db, [facts], async |tx| {
        let (id, messages) = &*facts;
        let new = letter::send(tx, id, period.from.0, i64::try_from(messages.len()).unwrap_or(0), now).await?;
        if new {
            delivery::schedule(tx, messages).await?;
        }
        Ok(new)
    })
    .await
}

/// Sends a letter now, about its last complete period, in addition to the scheduled ones. Returns the number of recipients.
#[lastword_base::boxed]
pub async fn send_trial(engine: &Engine, by: &By, letter: &Letter, now: Millis) -> Result<usize, StoreError> {
    let messages = messages(engine, letter, last_period(engine, letter.every, now), now).await?;
    let facts = Arc::new((engine.clone(), by.clone(), letter.id.clone(), messages));
    let count = facts.3.len();
    transaction!(engine.db, [facts], async |tx| {
        let (engine, by, id, messages) = &*facts;
        delivery::schedule(tx, messages).await?;
        audit::write(tx, engine.ids.next(now), now, by, &Entry::new(Act::LetterTried, id)).await?;
        Ok(())
    })
    .await?;
    engine.wake.ring();
    Ok(count)
}

/// The messages of a letter: one for each person behind its recipient who can be notified.
async fn messages(engine: &Engine, letter: &Letter, period: Period, now: Millis) -> Result<Vec<NewDelivery>, StoreError> {
    let recipients = recipient::all(&engine.db).await?;
    let chosen = persons(&letter.recipient_id, &recipients);
    let reached: Vec<&Recipient> =
        chosen.iter().filter_map(|choice| reach_of(engine, choice, &recipients).ok()).map(|at| &recipients[at]).collect();
    Ok(reached.into_iter().map(|person| message(engine, letter, period, person, now)).collect())
}

/// A message only refers to its letter: clients' comments are not copied into it, so that erasing them is complete.
fn message(engine: &Engine, letter: &Letter, period: Period, person: &Recipient, now: Millis) -> NewDelivery {
    let connection = person.connection.clone().unwrap_or_default();
    let named = Named { letter: letter.id.clone(), recipient: person.id.clone(), from: period.from.0, until: period.until.0 };
    NewDelivery {
        id: engine.ids.next(now),
        kind: Kind::Alert,
        resends_max: engine.channels.resends_max(&connection, Kind::Alert, true),
        connection,
        address: person.address.clone().unwrap_or_default(),
        subject: None,
        payload: serde_json::to_string(&named).unwrap_or_default(),
        due_at: now,
        give_up_at: now + GIVE_UP_AFTER,
        window_closes_at: None,
        outside_window: 0,
        created_at: now,
    }
}

/// Payload of a letter's message.
#[derive(Serialize, Deserialize)]
struct Named {
    letter: String,
    recipient: String,
    /// The first day, since 1970.
    from: i64,
    /// The day after the last.
    until: i64,
}

/// Text and data of a letter whose message is about to be sent; `None` if `payload` names no existing letter.
pub(crate) async fn written(
    engine: &Engine,
    payload: &str,
    recipients: &[Recipient],
    now: Millis,
) -> Result<Option<(String, Value)>, StoreError> {
    let Ok(named) = serde_json::from_str::<Named>(payload) else { return Ok(None) };
    let Some(letter) = letter::all(&engine.db).await?.into_iter().find(|letter| letter.id == named.letter) else { return Ok(None) };
    let period = Period { from: Day(named.from), until: Day(named.until) };
    let gathered = gather(engine, &letter, period, now).await?;
    let person = recipients.iter().find(|person| person.id == named.recipient);
    let text = gathered.text(person.and_then(|person| person.language.as_deref()).unwrap_or(&engine.options.language));
    let facts = &gathered.facts;
    let data = json!({
        "kind": "letter", "letter": letter.id, "every": letter.every,
        "from": period.from.to_string(), "until": period.last_day().to_string(),
        "score": facts.score, "score_change": facts.score_change, "response": facts.response, "response_change": facts.response_change,
        "delivery_change": facts.delivery_change, "running": facts.running, "definition_changed": facts.redefined,
        "unreplied": facts.replied.of - facts.replied.part, "late": facts.late, "url": facts.link,
    });
    Ok(Some((text, data)))
}
