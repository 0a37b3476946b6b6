//! A tap or a comment is judged: whether it is really ours and really this client's, whether it counts, and what the
//! rating is afterwards. What is judged was read before, but for the earlier addresses of the few who moved; what changes is
//! written after.

use super::batch::{Arrived, Batch, Effect, Judged, through_link};
use super::opt_out::pressed_by;
use crate::domain::answer::opt_out::Wish;
use crate::domain::answer::{Asked, COMMENT_CHARS_MAX, Disposition, Standing, judge_follow_up, judge_score};
use crate::domain::planted;
use crate::domain::question::outcome::Outcome;
use crate::domain::question::texts::words;
use crate::domain::question::token::{Claimed, TokenValue};
use crate::domain::review::edit::editable_until;
use crate::life::answer::batch::Said;
use crate::life::question::fill_macros::words_for;
use crate::life::question::settle::Says;
use crate::store::answer::AnswerEvent;
use crate::store::answer::rating::Rating;
use crate::store::line::Line;
use crate::store::question::rating_request::RatingRequest;
use crate::store::session::address_move;
use crate::store::{Millis, StoreError, Tx};
use lastword_contract::Address;

impl Batch<'_> {
    /// A tap, a comment or a form that claims to be about a rating request.
    pub(crate) async fn answer(
        &mut self,
        tx: &mut Tx,
        one: &Arrived,
        claimed: &Claimed,
        by: &Address,
        message_id: Option<String>,
        said: Said<'_>,
    ) -> Result<Judged, StoreError> {
        let ours = |chat: &str| self.engine.keys.vouch(claimed, &format!("{}:{chat}", one.connection));
        let Some(request) = self.requests.get(&claimed.subject).cloned() else {
            // Erased by now, or asked by another life of this database: the person who pressed is the one we asked, or nobody
            // can say that it is ours. A score is kept as the proof that the question arrived.
            if !ours(&by.chat) {
                return Ok((Disposition::Forged, None, String::new()));
            }
            if let TokenValue::Score(score) = claimed.value {
                self.remember(one, &claimed.subject, "score", score.to_string(), Disposition::Unknown);
            }
            return Ok((Disposition::Unknown, Some(claimed.subject.clone()), "✓".to_owned()));
        };
        let here = request.places().filter(|(connection, _)| *connection == one.connection);
        let mut places: Vec<Address> = here.filter_map(|(_, address)| serde_json::from_str(address).ok()).collect();
        let good = |places: &[Address]| (places.iter().any(|to| ours(&to.chat)), places.iter().any(|to| to.admits(by)));
        if good(&places) != (true, true) {
            // A client who moved may press what was sent to an earlier address, or press it from there.
            places.extend(self.earlier(tx, &request.id, &one.connection).await?);
        }
        Ok(match good(&places) {
            (false, _) => (Disposition::Forged, None, String::new()),
            (true, false) if !planted::is("foreign press accepted") => {
                self.remember_foreign(one, &request.id, claimed.value);
                (Disposition::Foreign, Some(request.id), String::new())
            }
            (true, _) => match claimed.value {
                TokenValue::Stop | TokenValue::Start => {
                    let wish = if claimed.value == TokenValue::Stop { Wish::Stop } else { Wish::Start };
                    self.wished(tx, one, (&request, by), (wish, pressed_by(&one.inbound.key)), message_id).await?
                }
                value => self.answered_by_client(one, &request, value, message_id, said),
            },
        })
    }

    /// The addresses that a rating request had on a connection before its client moved.
    async fn earlier(&self, tx: &mut Tx, request: &str, connection: &str) -> Result<Vec<Address>, StoreError> {
        let earlier = address_move::earlier(tx, request, connection).await?;
        Ok(earlier.iter().filter_map(|address| serde_json::from_str(address).ok()).collect())
    }

    fn answered_by_client(
        &mut self,
        one: &Arrived,
        request: &RatingRequest,
        value: TokenValue,
        message_id: Option<String>,
        said: Said<'_>,
    ) -> Judged {
        let subject = Some(request.id.clone());
        let Some(line) = self.lines.get(&request.line_id).cloned() else { return (Disposition::Unknown, subject, String::new()) };
        let disposition = match (value, said) {
            (TokenValue::Score(score), _) | (TokenValue::Form, Said::Score(score)) => self.score(one, request, &line, score, message_id),
            (TokenValue::Again, _) => self.again(one, request, message_id),
            (value, Said::Text(text)) => self.follow_up(one, request, &line, value, Some(text), message_id),
            (value, Said::Tap | Said::Score(_)) => self.follow_up(one, request, &line, value, None, message_id),
        };
        let word = match disposition {
            Disposition::Late | Disposition::Locked => {
                words_for(&self.engine.options.organisation, &line, request, None).over(request.reason.as_deref()).to_owned()
            }
            Disposition::Counted | Disposition::Changed | Disposition::Repeated | Disposition::Superseded => "✓".to_owned(),
            Disposition::Held | Disposition::Withdrawn => "✓".to_owned(),
            Disposition::Foreign
            | Disposition::Forged
            | Disposition::Unknown
            | Disposition::OptedOut
            | Disposition::OptedIn
            | Disposition::NotAnAnswer => String::new(),
        };
        (disposition, subject, word)
    }

    pub(crate) fn score(
        &mut self,
        one: &Arrived,
        request: &RatingRequest,
        line: &Line,
        score: u8,
        message_id: Option<String>,
    ) -> Disposition {
        let before = self.ratings.get(&request.id).cloned();
        let standing = before.as_ref().map(|rating| Standing {
            score: u8::try_from(rating.score).unwrap_or(0),
            order: (rating.order_key, &rating.order_event),
            first_at: rating.first_at,
        });
        let order = (one.inbound.order, one.inbound.key.as_str());
        let mut disposition = judge_score(asked(request), standing, score, order, self.now);
        if let Some(rating) =
            before.as_ref().filter(|rating| through_link(&one.inbound.key) && self.now > rating.first_at + request.change_ms)
            && matches!(disposition, Disposition::Locked | Disposition::Repeated)
        {
            disposition = self.edit(rating, score);
        }
        self.remember(one, &request.id, "score", score.to_string(), disposition);
        match disposition {
            Disposition::Counted | Disposition::Changed | Disposition::Repeated => {
                let changed = disposition.takes_effect();
                if disposition != Disposition::Repeated
                    || before.as_ref().is_some_and(|rating| order > (rating.order_key, rating.order_event.as_str()))
                {
                    self.write_score(one, request, line, score, before.clone(), changed);
                }
                self.effects.push(Effect { request: request.id.clone(), pressed: message_id, says: Says::Thanks, before, changed });
            }
            Disposition::Late | Disposition::Locked => {
                let says = before.as_ref().map_or(Says::Expired, |rating| self.too_late_to_tap(rating, &one.inbound.key));
                self.effects.push(Effect { request: request.id.clone(), pressed: message_id, says, before, changed: false });
            }
            // The page behind the link says the rest.
            Disposition::Held | Disposition::Withdrawn => {}
            Disposition::Superseded | Disposition::Foreign | Disposition::Forged | Disposition::Unknown => {}
            Disposition::OptedOut | Disposition::OptedIn | Disposition::NotAnAnswer => {}
        }
        disposition
    }

    /// What a client hears who wants another score when it can no longer simply be tapped: where to edit it, which is for whoever
    /// does not come from there.
    fn too_late_to_tap(&self, rating: &Rating, key: &str) -> Says {
        let page = self.engine.options.public_url.is_some() && !through_link(key);
        if page && self.now <= editable_until(rating.first_at) { Says::Later } else { Says::Thanks }
    }

    fn write_score(&mut self, one: &Arrived, request: &RatingRequest, line: &Line, score: u8, before: Option<Rating>, changed: bool) {
        let fresh = Rating {
            request_id: request.id.clone(),
            line_id: request.line_id.clone(),
            operator_id: request.operator_id.clone(),
            channel: request.channel.clone(),
            scale: request.scale,
            reasons: Vec::new(),
            first_at: self.now,
            changed_at: self.now,
            closed_at: request.closed_at,
            ..Rating::default()
        };
        let rating = before.unwrap_or(fresh);
        let low = line.settings.is_low(score);
        let rating = Rating {
            score: i64::from(score),
            low: i64::from(low),
            // They say what was wrong, and nothing is any more; the history keeps them.
            reasons: if low { rating.reasons.clone() } else { Vec::new() },
            order_key: one.inbound.order,
            order_event: one.inbound.key.clone(),
            revision: rating.revision + i64::from(changed),
            changed_at: if changed { self.now } else { rating.changed_at },
            ..rating
        };
        self.put(rating);
    }

    fn put(&mut self, rating: Rating) {
        if !self.touched.contains(&rating.request_id) {
            self.touched.push(rating.request_id.clone());
        }
        self.ratings.insert(rating.request_id.clone(), rating);
    }

    /// The client wants to choose again: the question comes back in its place while a score can be changed.
    fn again(&mut self, one: &Arrived, request: &RatingRequest, message_id: Option<String>) -> Disposition {
        let Some(rating) = self.ratings.get(&request.id).cloned() else { return Disposition::Unknown };
        let open = self.now <= rating.first_at + request.change_ms;
        let says = if open { Says::Again } else { self.too_late_to_tap(&rating, &one.inbound.key) };
        self.effects.push(Effect { request: request.id.clone(), pressed: message_id, says, before: Some(rating), changed: false });
        if open { Disposition::Counted } else { Disposition::Locked }
    }

    pub(crate) fn follow_up(
        &mut self,
        one: &Arrived,
        request: &RatingRequest,
        line: &Line,
        value: TokenValue,
        text: Option<&str>,
        message_id: Option<String>,
    ) -> Disposition {
        let before = self.ratings.get(&request.id).cloned();
        let reasons = words(&line.settings, request.language.as_deref()).reasons;
        let (kind, said) = match (value, text) {
            (TokenValue::Reason(place), _) => ("reason", reasons.get(usize::from(place)).cloned()),
            (TokenValue::Resolved(yes), _) => ("resolved", Some(if yes { "yes" } else { "no" }.to_owned())),
            (TokenValue::Comment, Some(text)) => ("comment", comment(text)),
            (TokenValue::Comment | TokenValue::Form | TokenValue::Score(_) | TokenValue::Again, _)
            | (TokenValue::Stop | TokenValue::Start | TokenValue::Seen, _) => {
                return Disposition::Forged;
            }
        };
        let Some(said) = said else { return Disposition::Unknown };
        let mut disposition = judge_follow_up(asked(request), before.is_some(), self.now);
        if let Some(rating) = before.clone().filter(|_| disposition == Disposition::Counted) {
            let same = |next: &Rating| (&next.reasons, next.resolved, &next.comment) == (&rating.reasons, rating.resolved, &rating.comment);
            let next = with_word(rating.clone(), kind, &said, self.now);
            if same(&next) {
                disposition = Disposition::Repeated;
            } else {
                self.put(next);
            }
            let changed = disposition == Disposition::Counted;
            self.effects.push(Effect { request: request.id.clone(), pressed: message_id, says: Says::Thanks, before, changed });
        }
        self.remember(one, &request.id, kind, said, disposition);
        disposition
    }

    /// A press by somebody else leaves a trace in the story: perhaps it was the client, at another address.
    fn remember_foreign(&mut self, one: &Arrived, request: &str, value: TokenValue) {
        let (kind, value) = match value {
            TokenValue::Score(score) => ("score", score.to_string()),
            TokenValue::Resolved(yes) => ("resolved", if yes { "yes" } else { "no" }.to_owned()),
            TokenValue::Reason(place) => ("reason", place.to_string()),
            TokenValue::Comment | TokenValue::Form | TokenValue::Again | TokenValue::Seen | TokenValue::Stop | TokenValue::Start => return,
        };
        self.remember(one, request, kind, value, Disposition::Foreign);
    }

    fn remember(&mut self, one: &Arrived, request: &str, kind: &str, value: String, disposition: Disposition) {
        self.history.push(AnswerEvent {
            id: self.engine.ids.next(self.now),
            request_id: request.to_owned(),
            source: one.connection.clone(),
            event_key: one.inbound.key.clone(),
            kind: kind.to_owned(),
            value,
            order_key: one.inbound.order,
            received_at: self.now,
            disposition: disposition.as_str().to_owned(),
        });
    }
}

fn asked(request: &RatingRequest) -> Asked {
    let outcome = request.outcome.as_deref().and_then(|word| Outcome::ALL.into_iter().find(|outcome| outcome.as_str() == word));
    Asked { scale: request.scale, outcome, expires_at: request.expires_at.unwrap_or(Millis::MIN), change_for: request.change_ms }
}

/// A comment as it is kept, or nothing when there is none in it.
fn comment(text: &str) -> Option<String> {
    let text: String = text.trim().chars().filter(|&letter| letter == '\n' || !letter.is_control()).take(COMMENT_CHARS_MAX).collect();
    (!text.is_empty()).then_some(text)
}

/// The rating with one more word.
fn with_word(rating: Rating, kind: &str, said: &str, now: Millis) -> Rating {
    let mut next = Rating { revision: rating.revision + 1, changed_at: now, ..rating };
    match kind {
        "reason" => {
            if !next.reasons.iter().any(|reason| reason == said) {
                next.reasons.push(said.to_owned());
            }
        }
        "resolved" => next.resolved = Some(i64::from(said == "yes")),
        _ => next.comment = Some(said.to_owned()),
    }
    next
}
