//! Applies a judged batch: writes the changes, settles questions, notifies programs, and raises alerts for ratings that became low.
//! It runs once, in the batch's transaction, after all answers are judged.

use super::batch::{Batch, Effect};
use crate::alert::acknowledge::tell_seen;
use crate::alert::audience::Audience;
use crate::alert::changed::{Change as Changed, tell};
use crate::asking::while_talking::close_by_rating;
use crate::engine::notifications::Notification;
use crate::events;
use crate::message::settle::{Settle, SettleMessage, settle, take_buttons};
use crate::question::record_end::end_held;
use crate::question::window;
use crate::question::withdraw::ask_again_soon;
use crate::report::watch::hear::{PossibleCase, hear};
use lastword_base::names::RequestId;
use lastword_domain::answer::{AnswerKind, Disposition};
use lastword_domain::outcome::{NotAsked, Outcome, Withdrawn};
use lastword_domain::question::delivery::Kind;
use lastword_domain::question::window::MARGIN;
use lastword_domain::report::watch::Watched;
use lastword_store::answer::AnswerEvent;
use lastword_store::answer::batch::{self, Outcome as Written};
use lastword_store::answer::rating::{Change, Rating};
use lastword_store::line::Line;
use lastword_store::locks::Open;
use lastword_store::question::rating_request::{Ending, RatingRequest};
use lastword_store::question::{arrival, client_message, delivery, ending};
use lastword_store::{StoreError, Tx, alert};
use std::collections::hash_map::Entry;
use std::collections::{BTreeSet, HashMap};

/// Kinds of deliveries that ask a client.
const QUESTIONS: [Kind; 2] = [Kind::Ask, Kind::Reminder];

impl Batch<'_> {
    /// Writes the changes and everything that follows from them.
    pub(super) async fn write(self, tx: &mut Tx) -> Result<Vec<Notification>, StoreError> {
        let (engine, now, mut cases) = (self.engine, self.now, Vec::new());
        let news = self.write_quietly(tx, &mut cases).await?;
        hear(tx, engine, &cases, now).await?;
        Ok(news)
    }

    /// As [`Batch::write`], but adds the cases of watched shares to `cases`; the caller passes all of them to [`hear`] at the end.
    pub(super) async fn write_quietly(mut self, tx: &mut Tx, cases: &mut Vec<PossibleCase>) -> Result<Vec<Notification>, StoreError> {
        let mut audience = self.hold(tx).await?;
        self.writes.events.sort_by(|one, next| (&one.source, &one.event_key).cmp(&(&next.source, &next.event_key)));
        batch::write(tx, &self.written(), self.now).await?;
        self.write_held(tx).await?;
        self.withdraw_questions(tx).await?;
        arrival::late(tx, &self.late(), self.now).await?;
        let mut news = self.end_requests(tx, cases).await?;
        self.people.list.write(tx).await?;
        self.tell_withdrawn(tx).await?;
        self.write_seen(tx).await?;
        let mut deliveries = std::mem::take(&mut self.writes.deliveries);
        deliveries.extend(settle(tx, self.engine, &self.to_settle(), &self.messages, self.now).await?);
        // A reason and a comment of one batch are one change of the rating to report.
        let mut told = BTreeSet::new();
        for effect in self.writes.effects.iter().filter(|effect| effect.changed && told.insert(effect.request)) {
            let (Some(request), Some(rating)) = (self.requests.get(&effect.request), self.ratings.get(&effect.request)) else { continue };
            deliveries.extend(events::rating(self.engine, request, rating, effect.before.is_none(), self.now));
        }
        delivery::schedule(tx, &deliveries).await?;
        news.extend(tell(tx, self.engine, &mut audience, &self.changes(), self.now).await?);
        self.wait_for_more(tx).await?;
        let heard = std::mem::take(&mut self.writes.conversations).into_values();
        let windows = window::learn(tx, self.engine, heard.map(|heard| (heard.by, heard.update)).collect(), self.now).await?;
        delivery::move_windows(tx, &windows, MARGIN).await?;
        cases.extend(self.scores());
        news.extend(self.writes.news);
        Ok(news)
    }

    /// Locks the recipients who are notified of the changes, and the unfinished messages that the changes may affect.
    async fn hold(&self, tx: &mut Tx) -> Result<Audience, StoreError> {
        let changes = self.changes();
        let about: Vec<(&RatingRequest, &Line)> =
            changes.iter().filter(|change| change.concerns()).map(|change| (change.request, change.line)).collect();
        let all: Vec<RequestId> = self.requests.keys().copied().collect();
        let mut requests: BTreeSet<RequestId> = self.messages.asking(&all).into_iter().chain(self.messages.settling(&all)).collect();
        requests.extend(self.writes.held.iter().map(|held| held.request.id));
        requests.extend(self.writes.too_soon.iter().chain(&self.writes.withdrawn.opted_out));
        requests.extend(&self.writes.withdrawn.client_wrote);
        let requests: Vec<RequestId> = requests.into_iter().collect();
        Audience::hold(tx, self.engine, &about, &[], Open { requests: &requests, ..Open::default() }).await
    }

    /// The rows to write.
    fn written(&self) -> Written<'_> {
        let change = |id: &RequestId| {
            let (request, after) = (self.requests.get(id)?, self.ratings.get(id)?);
            Some(Change { request, before: self.kept.get(id), after })
        };
        Written {
            events: &self.writes.events,
            history: &self.writes.history,
            changes: &self.writes.changes,
            settled: &self.writes.settled,
            blanked: &self.writes.blanked,
            signals: &self.writes.signals,
            ratings: self.writes.touched.iter().filter_map(change).collect(),
            edits: if self.writes.edited { &self.edits } else { &[] },
            story: &self.writes.story,
            typing_ended: self.writes.typing_ended.iter().copied().collect(),
        }
    }

    /// The rating requests with an answer that came too late.
    fn late(&self) -> Vec<RequestId> {
        let is_late = |event: &&AnswerEvent| event.kind == AnswerKind::Score && event.disposition == Disposition::Late;
        self.writes.history.iter().filter(is_late).map(|event| event.request_id).collect()
    }

    /// Cancels withdrawn questions that were not sent.
    async fn withdraw_questions(&self, tx: &mut Tx) -> Result<(), StoreError> {
        let withdrawn = &self.writes.withdrawn;
        for (ids, why) in [(&withdrawn.opted_out, NotAsked::OptedOut.as_str()), (&withdrawn.client_wrote, Withdrawn::ClientWrote.as_str())]
        {
            delivery::cancel(tx, &listed(ids), &QUESTIONS.map(Kind::as_str), why, self.now).await?;
        }
        Ok(())
    }

    /// Ends rating requests. Those with a first score end as answered, which proves that the question arrived.
    async fn end_requests(&self, tx: &mut Tx, cases: &mut Vec<PossibleCase>) -> Result<Vec<Notification>, StoreError> {
        let endings: Vec<Ending> = self.writes.endings.values().cloned().collect();
        if endings.is_empty() {
            return Ok(Vec::new());
        }
        let answered = endings.iter().filter(|ending| ending.outcome == Outcome::Answered);
        let answered: Vec<&RatingRequest> = answered.filter_map(|ending| self.as_read(ending.id)).collect();
        let asking = self.messages.asking(&answered.iter().map(|request| request.id).collect::<Vec<_>>());
        if !asking.is_empty() {
            ending::prove(tx, &asking, self.now).await?;
        }
        let held: Vec<RatingRequest> = endings.iter().filter_map(|ending| self.as_read(ending.id).cloned()).collect();
        let mut news = end_held(tx, self.engine, (&held, &self.messages), &endings, (self.now, cases)).await?;
        let answered: Vec<RatingRequest> = answered.into_iter().cloned().collect();
        news.extend(close_by_rating(tx, &answered, &self.lines, self.now).await?);
        Ok(news)
    }

    /// Replaces withdrawn questions that were sent with a note that they are over. Clients of questions that were not sent may be
    /// asked again.
    async fn tell_withdrawn(&mut self, tx: &mut Tx) -> Result<(), StoreError> {
        let withdrawn = &self.writes.withdrawn;
        let kept_back: Vec<&RatingRequest> = withdrawn.kept_back.iter().filter_map(|&id| self.as_read(id)).collect();
        ask_again_soon(tx, self.engine, &kept_back, self.now).await?;
        for (ids, says) in [(&withdrawn.opted_out, SettleMessage::OptedOut), (&withdrawn.client_wrote, SettleMessage::Expired)] {
            let sent: Vec<RequestId> = ids.intersection(&withdrawn.sent).copied().collect();
            take_buttons(tx, self.engine, &sent, &says, self.now).await?;
        }
        if !withdrawn.sent.is_empty() {
            // They have one more message now.
            let all: Vec<RequestId> = self.requests.keys().copied().collect();
            self.messages = client_message::load(tx, &all).await?;
        }
        Ok(())
    }

    /// Stops the escalation of acknowledged alerts.
    async fn write_seen(&self, tx: &mut Tx) -> Result<(), StoreError> {
        alert::acknowledge(tx, &self.writes.seen_by, self.now).await?;
        tell_seen(tx, self.engine, &self.writes.seen_by, self.now).await
    }

    /// The changed ratings, each with its state before this batch.
    fn changes(&self) -> Vec<Changed<'_>> {
        let mut changes: Vec<Changed<'_>> = Vec::new();
        let mut places: HashMap<RequestId, usize> = HashMap::new();
        for effect in self.writes.effects.iter().filter(|effect| effect.changed) {
            let (Some(request), Some(after)) = (self.requests.get(&effect.request), self.ratings.get(&effect.request)) else { continue };
            let Some(line) = self.lines.get(&request.line_id) else { continue };
            let before = effect.before.as_ref();
            let fell = after.low == 1 && before.is_some_and(|before| before.low == 0);
            match places.entry(request.id) {
                Entry::Occupied(known) => changes[*known.get()].fell |= fell,
                Entry::Vacant(new) => {
                    new.insert(changes.len());
                    changes.push(Changed { request, line, before, after, fell });
                }
            }
        }
        changes
    }

    /// New ratings, and ratings that became low or stopped being low, for the watched shares.
    fn scores(&self) -> Vec<PossibleCase> {
        let news = |change: &Changed<'_>| {
            let (low, was) = (change.after.low == 1, change.before.map(|before| before.low == 1));
            let news = PossibleCase::of(change.request, Watched::Score, low, change.after.rated_at);
            match was {
                None => Some(news),
                Some(was) => (was != low).then(|| news.correcting()),
            }
        };
        self.changes().iter().filter(|change| change.request.is_counted()).filter_map(news).collect()
    }

    /// The last effect on each rating request, with which its question is settled.
    fn to_settle(&self) -> Vec<Settle<'_>> {
        let effects = &self.writes.effects;
        let mut aloud: BTreeSet<RequestId> = BTreeSet::new();
        aloud.extend(effects.iter().filter(|effect| self.waits_for_a_word(effect)).map(|effect| effect.request));
        let last: HashMap<RequestId, usize> = effects.iter().enumerate().map(|(at, effect)| (effect.request, at)).collect();
        let settled = effects.iter().enumerate().filter(|(at, effect)| last.get(&effect.request) == Some(at));
        let settled = settled.filter_map(|(_, effect)| {
            let request = self.requests.get(&effect.request)?;
            let aloud = aloud.contains(&effect.request);
            Some(Settle { request, pressed: effect.pressed.clone(), says: effect.says.clone(), aloud })
        });
        settled.collect()
    }

    /// True if the client expects a response: after a score, another score, "change", and a tap that came too late; not after each
    /// reason and comment.
    fn waits_for_a_word(&self, effect: &Effect) -> bool {
        let score = |rating: &Rating| rating.score;
        let other_score = effect.changed && effect.before.as_ref().map(score) != self.ratings.get(&effect.request).map(score);
        other_score
            || matches!(
                effect.says,
                SettleMessage::Again | SettleMessage::Later | SettleMessage::Expired | SettleMessage::OptedOut | SettleMessage::OptedIn
            )
    }
}

fn listed(ids: &BTreeSet<RequestId>) -> Vec<RequestId> {
    ids.iter().copied().collect()
}
