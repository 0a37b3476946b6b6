//! Judges a tap or a comment: whether it is authentic and comes from this client, whether it counts, and the resulting rating. All
//! data was read before; changes are written later.

use super::batch::{Batch, Effect, Judged, Scored, TokenInput, through_link};
use super::read::claimed as claimed_by;
use crate::facts::fill_macros::words_for;
use crate::facts::inbound::Arrived;
use crate::message::settle::SettleMessage;
use lastword_base::names::{ChatId, ConnectionId, RequestId};
use lastword_contract::Address;
use lastword_domain::answer::opt_out::{Wish, place_name};
use lastword_domain::answer::reason::Reason;
use lastword_domain::answer::{
    AnswerKind, COMMENT_CHARS_MAX, Disposition, NO, Order, RequestFacts, Standing, YES, judge_follow_up, judge_score,
};
use lastword_domain::line::tag_rule::tags;
use lastword_domain::line::texts::words;
use lastword_domain::outcome::Outcome;
use lastword_domain::planted;
use lastword_domain::question::token::{Claimed, Purpose, TokenValue};
use lastword_domain::review::edit::editable_until;
use lastword_store::answer::AnswerEvent;
use lastword_store::answer::rating::{Rating, Tags};
use lastword_store::line::Line;
use lastword_store::question::rating_request::{Ending, RatingRequest};
use lastword_store::session::address_move::OnConnection;
use lastword_store::{Millis, document_or_said};

impl Batch<'_> {
    /// Judges a tap, a comment or a form that claims to refer to a rating request.
    pub(super) fn answer(
        &mut self,
        one: &Arrived,
        claimed: &Claimed,
        by: &Address,
        message_id: Option<String>,
        said: TokenInput<'_>,
    ) -> Judged {
        let Some(request) = claimed.subject.as_id().and_then(|id| self.requests.get(&id)).cloned() else {
            return self.about_nothing(one, claimed, by);
        };
        let mut places = places_here(&request, &one.connection);
        if self.admits(one, claimed, by, &places) != (true, true) {
            // A client who moved may press a button that was sent to an earlier address, or press it from there.
            let whose = OnConnection { subject: request.id.into(), connection: one.connection.clone() };
            places.extend(self.earlier.get(&whose).into_iter().flatten().cloned());
        }
        match self.admits(one, claimed, by, &places) {
            (false, _) => Judged::nothing(Disposition::Forged),
            (true, false) if !planted::is("foreign press accepted") => {
                self.remember_foreign(one, request.id, claimed.value);
                let words = self.lines.get(&request.line_id).map(|line| words(&line.settings, request.language.as_deref()));
                Judged::about(request.id, Disposition::Foreign).with(&words.map(|words| words.not_yours).unwrap_or_default())
            }
            (true, _) => match claimed.value {
                TokenValue::Stop => self.pressed_wish(one, (&request, by), Wish::Stop, message_id),
                TokenValue::Start => self.pressed_wish(one, (&request, by), Wish::Start, message_id),
                value => self.answered_by_client(one, &request, value, message_id, said),
            },
        }
    }

    /// Judges an answer whose rating request is unknown: erased, or created in another copy of this database. It is accepted as
    /// authentic only if the token was made for the person who pressed. A score is stored as proof that the question arrived.
    fn about_nothing(&mut self, one: &Arrived, claimed: &Claimed, by: &Address) -> Judged {
        if !self.vouches(one, claimed, &by.chat) {
            return Judged::nothing(Disposition::Forged);
        }
        let Some(request) = claimed.subject.as_id() else { return Judged::nothing(Disposition::Unknown) };
        if let TokenValue::Score(score) = claimed.value {
            self.remember(one, request, AnswerKind::Score, score.to_string(), Disposition::Unknown);
        }
        Judged::about(request, Disposition::Unknown).with("✓")
    }

    /// True if a token was made by us for the person in `chat` on the connection of the event.
    pub(super) fn vouches(&self, one: &Arrived, claimed: &Claimed, chat: impl Into<ChatId>) -> bool {
        self.engine.keys.vouch(claimed, &place_name(&one.connection, &chat.into()))
    }

    /// Returns whether a token was made for one of these places, and whether one of them admits the person.
    fn admits(&self, one: &Arrived, claimed: &Claimed, by: &Address, places: &[Address]) -> (bool, bool) {
        (places.iter().any(|to| self.vouches(one, claimed, &to.chat)), places.iter().any(|to| self.is_theirs(one, to, by)))
    }

    /// The rating request whose earlier addresses are needed to judge an event, because it did not come from where we asked.
    pub(super) fn may_have_moved(&self, one: &Arrived) -> Option<OnConnection> {
        let (claimed, by) = claimed_by(&one.inbound.kind).filter(|(claimed, _)| claimed.purpose == Purpose::Rate)?;
        let request = self.requests.get(&claimed.subject.as_id()?)?;
        let here = self.admits(one, &claimed, by, &places_here(request, &one.connection)) == (true, true);
        (!here).then(|| OnConnection { subject: claimed.subject, connection: one.connection.clone() })
    }

    fn answered_by_client(
        &mut self,
        one: &Arrived,
        request: &RatingRequest,
        value: TokenValue,
        message_id: Option<String>,
        said: TokenInput<'_>,
    ) -> Judged {
        let Some(line) = self.lines.get(&request.line_id).cloned() else { return Judged::about(request.id, Disposition::Unknown) };
        let disposition = match (value, said) {
            (TokenValue::Score(score), _) | (TokenValue::Form, TokenInput::Score(score)) => {
                self.score(one, request, &line, Scored::Said(score), message_id)
            }
            (TokenValue::Again, _) => self.again(one, request, message_id),
            (value, TokenInput::Text(text)) => self.follow_up(one, request, &line, value, Some(text), message_id),
            (value, TokenInput::Tap | TokenInput::Score(_)) => self.follow_up(one, request, &line, value, None, message_id),
        };
        let judged = Judged::about(request.id, disposition);
        match disposition {
            Disposition::Late | Disposition::Locked => {
                judged.with(words_for(&self.engine.organisation(), &line, request, None).over(request.reason.as_deref()))
            }
            Disposition::Counted | Disposition::Changed | Disposition::Repeated | Disposition::Superseded => judged.with("✓"),
            Disposition::Held | Disposition::Withdrawn | Disposition::Unconfirmed => judged.with("✓"),
            Disposition::Foreign
            | Disposition::Forged
            | Disposition::Unknown
            | Disposition::OptedOut
            | Disposition::OptedIn
            | Disposition::NotAnAnswer => judged,
        }
    }

    pub(super) fn score(
        &mut self,
        one: &Arrived,
        request: &RatingRequest,
        line: &Line,
        scored: Scored,
        message_id: Option<String>,
    ) -> Disposition {
        let before = self.ratings.get(&request.id).cloned();
        let score = scored.score();
        let standing = before.as_ref().map(|rating| Standing {
            score: u8::try_from(rating.score).unwrap_or(0),
            order: order_beside(rating, &one.inbound.key),
            rated_at: rating.rated_at,
        });
        let order = Order { said: matches!(scored, Scored::Said(_)), order: one.inbound.order, key: &one.inbound.key };
        let mut disposition = judge_score(asked(request), standing, score, order, self.now);
        if self.waits_for_a_tap(one, request, (score, disposition)) {
            disposition = Disposition::Unconfirmed;
        } else if let Some(rating) =
            before.as_ref().filter(|rating| through_link(&one.inbound.key) && self.now > rating.rated_at + request.change_ms)
            && matches!(disposition, Disposition::Locked | Disposition::Repeated)
        {
            disposition = self.edit(rating, score);
        }
        self.remember(one, request.id, AnswerKind::Score, score.to_string(), disposition);
        match disposition {
            Disposition::Counted | Disposition::Changed | Disposition::Repeated => {
                let changed = disposition.takes_effect();
                if disposition != Disposition::Repeated
                    || before.as_ref().is_some_and(|rating| order > order_beside(rating, &one.inbound.key))
                {
                    self.write_score(one, request, line, scored, before.clone(), changed);
                }
                if before.is_none() {
                    self.end(Ending { id: request.id, outcome: Outcome::Answered, reason: None, at: self.now });
                }
                self.writes.effects.push(Effect { request: request.id, pressed: message_id, says: SettleMessage::Thanks, before, changed });
            }
            Disposition::Late | Disposition::Locked => {
                let says = before.as_ref().map_or(SettleMessage::Expired, |rating| self.too_late_to_tap(rating, &one.inbound.key));
                self.writes.effects.push(Effect { request: request.id, pressed: message_id, says, before, changed: false });
            }
            // The page behind the link shows the rest.
            Disposition::Held | Disposition::Withdrawn | Disposition::Unconfirmed => {}
            Disposition::Superseded | Disposition::Foreign | Disposition::Forged | Disposition::Unknown => {}
            Disposition::OptedOut | Disposition::OptedIn | Disposition::NotAnAnswer => {}
        }
        disposition
    }

    /// Response to a client who wants another score when it can no longer be tapped: the address for edits, unless the client
    /// already came through it.
    fn too_late_to_tap(&self, rating: &Rating, key: &str) -> SettleMessage {
        let page = self.engine.options.public_url.is_some() && !through_link(key);
        if page && self.now <= editable_until(rating.rated_at) { SettleMessage::Later } else { SettleMessage::Thanks }
    }

    fn write_score(&mut self, one: &Arrived, request: &RatingRequest, line: &Line, scored: Scored, before: Option<Rating>, changed: bool) {
        let score = scored.score();
        let fresh = Rating {
            request_id: request.id,
            line_id: request.line_id.clone(),
            operator_id: request.operator_id.clone(),
            channel: request.channel.clone(),
            scale: request.scale,
            reasons: Vec::new(),
            rated_at: self.now,
            changed_at: self.now,
            closed_at: request.closed_at,
            ..Rating::default()
        };
        let rating = before.unwrap_or(fresh);
        let low = line.settings.is_low(request.scale, score);
        let rating = Rating {
            score: i64::from(score),
            low: i64::from(low),
            // Reasons state what was wrong; after a score that is not low they no longer apply. The history keeps them.
            reasons: if low { rating.reasons.clone() } else { Vec::new() },
            order_key: one.inbound.order,
            order_event: one.inbound.key.clone(),
            evidence: if changed { Self::evidence(one) } else { rating.evidence.max(Self::evidence(one)) },
            reacted: i64::from(matches!(scored, Scored::ByReaction(_))),
            revision: rating.revision + i64::from(changed),
            changed_at: if changed { self.now } else { rating.changed_at },
            ..rating
        };
        self.put(rating);
    }

    pub(super) fn put(&mut self, rating: Rating) {
        self.writes.touched.insert(rating.request_id);
        self.ratings.insert(rating.request_id, rating);
    }

    /// Restores the question in its place while a score can be changed, because the client wants to choose again.
    fn again(&mut self, one: &Arrived, request: &RatingRequest, message_id: Option<String>) -> Disposition {
        let Some(rating) = self.ratings.get(&request.id).cloned() else { return Disposition::Unknown };
        let open = self.now <= rating.rated_at + request.change_ms;
        let says = if open { SettleMessage::Again } else { self.too_late_to_tap(&rating, &one.inbound.key) };
        self.writes.effects.push(Effect { request: request.id, pressed: message_id, says, before: Some(rating), changed: false });
        if open { Disposition::Counted } else { Disposition::Locked }
    }

    pub(super) fn follow_up(
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
        let word = match (value, text) {
            (TokenValue::Reason(place), _) => reasons.get(usize::from(place)).cloned().map(Word::Reason),
            (TokenValue::Resolved(yes), _) => Some(Word::Resolved(yes)),
            (TokenValue::Comment, Some(text)) => comment(text).map(|text| tagged(request, line, text)),
            (TokenValue::Comment | TokenValue::Form | TokenValue::Score(_) | TokenValue::Again, _)
            | (TokenValue::Stop | TokenValue::Start | TokenValue::Seen, _) => {
                return Disposition::Forged;
            }
        };
        let Some(word) = word else { return Disposition::Unknown };
        let mut disposition = judge_follow_up(asked(request), before.is_some(), self.now);
        if let Some(rating) = before.as_ref().filter(|_| disposition == Disposition::Counted && matches!(word, Word::Comment(..))) {
            disposition = self.which_comment(rating);
        }
        if disposition.takes_effect() && self.is_bare(one, request) {
            disposition = Disposition::Unconfirmed;
        }
        if let Some(rating) = before.clone().filter(|_| disposition.takes_effect()) {
            let same = |next: &Rating| (&next.reasons, next.resolved, &next.comment) == (&rating.reasons, rating.resolved, &rating.comment);
            let next = match &word {
                Word::Comment(..) => self.said_here(one, word.on(rating.clone(), self.now)),
                Word::Reason(_) | Word::Resolved(_) => word.on(rating.clone(), self.now),
            };
            if same(&next) {
                disposition = Disposition::Repeated;
                if self.said_in.is_some() && matches!(word, Word::Comment(..)) {
                    // In a newer message, which from now on is the one that may be edited.
                    self.put(Rating { revision: rating.revision, changed_at: rating.changed_at, ..next });
                }
            } else {
                self.put(next);
            }
            let changed = disposition.takes_effect();
            self.writes.effects.push(Effect { request: request.id, pressed: message_id, says: SettleMessage::Thanks, before, changed });
        }
        self.remember(one, request.id, word.kind(), word.value(), disposition);
        disposition
    }

    /// Judges the comment of the current message against the one that counts: the client's latest message counts, in its latest
    /// version. Comments without a message have no place in that order.
    fn which_comment(&self, rating: &Rating) -> Disposition {
        match (&self.said_in, &rating.comment_message) {
            (Some(said), Some(counts)) if said.message == *counts => Disposition::Changed,
            (Some(said), Some(_)) if rating.comment_order.is_some_and(|order| said.order < order) => Disposition::Superseded,
            _ => Disposition::Counted,
        }
    }

    /// The rating with the current message as the source of its comment, if it is a message.
    fn said_here(&self, one: &Arrived, rating: Rating) -> Rating {
        let said = self.said_in.as_ref();
        Rating {
            comment_message: said.map(|said| said.message.clone()),
            comment_order: Some(said.map_or(one.inbound.order, |said| said.order)),
            comment_deleted_at: None,
            ..rating
        }
    }

    /// Records a tap by another person in the history: it may have been the client, at another address.
    fn remember_foreign(&mut self, one: &Arrived, request: RequestId, value: TokenValue) {
        let (kind, value) = match value {
            TokenValue::Score(score) => (AnswerKind::Score, score.to_string()),
            TokenValue::Resolved(yes) => (AnswerKind::Resolved, yes_or_no(yes).to_owned()),
            TokenValue::Reason(place) => (AnswerKind::Reason, place.to_string()),
            TokenValue::Comment | TokenValue::Form | TokenValue::Again | TokenValue::Seen | TokenValue::Stop | TokenValue::Start => return,
        };
        self.remember(one, request, kind, value, Disposition::Foreign);
    }

    pub(super) fn remember(&mut self, one: &Arrived, request: RequestId, kind: AnswerKind, value: String, disposition: Disposition) {
        let event = AnswerEvent {
            id: self.engine.ids.next(self.now),
            request_id: request.to_owned(),
            source: one.connection.as_str().into(),
            event_key: one.inbound.key.clone(),
            kind,
            value,
            order_key: one.inbound.order,
            received_at: self.now,
            disposition,
            message_id: self.said_in.as_ref().map(|said| said.message.clone()),
        };
        if event.message_id.is_some() {
            self.said.answers.push(event.clone());
        }
        self.writes.history.push(event);
    }
}

/// Order of the score that counts, for comparison with an event with this key. Links and messengers use different order numbers: an
/// event from the messenger is always newer than an answer by link.
fn order_beside<'r>(rating: &'r Rating, key: &str) -> Order<'r> {
    let by_link = through_link(&rating.order_event) && !through_link(key);
    Order { said: rating.reacted == 0, order: if by_link { i64::MIN } else { rating.order_key }, key: &rating.order_event }
}

/// The places on a connection from which an answer may come.
fn places_here(request: &RatingRequest, connection: &ConnectionId) -> Vec<Address> {
    let here = request.places().filter(|(other, _)| *other == connection);
    here.filter_map(|(_, address)| document_or_said("rating_request", "address", request.id, &address)).collect()
}

fn asked(request: &RatingRequest) -> RequestFacts {
    RequestFacts {
        scale: request.scale,
        outcome: request.outcome,
        expires_at: request.expires_at.unwrap_or(Millis::MIN),
        change_for: request.change_ms,
    }
}

/// A comment as it is stored; `None` if it is empty.
fn comment(text: &str) -> Option<String> {
    let text: String = text.trim().chars().filter(|&letter| letter == '\n' || !letter.is_control()).take(COMMENT_CHARS_MAX).collect();
    (!text.is_empty()).then_some(text)
}

/// A comment with the tags of the line's keyword rules.
fn tagged(request: &RatingRequest, line: &Line, comment: String) -> Word {
    let tags = tags(&line.settings.tag_rules, request.language.as_deref(), &comment);
    Word::Comment(comment, tags)
}

fn yes_or_no(yes: bool) -> &'static str {
    if yes { YES } else { NO }
}

/// An answer after the score.
enum Word {
    Reason(Reason),
    Resolved(bool),
    /// With the tags of the line's keyword rules.
    Comment(String, Option<Tags>),
}

impl Word {
    fn kind(&self) -> AnswerKind {
        match self {
            Word::Reason(_) => AnswerKind::Reason,
            Word::Resolved(_) => AnswerKind::Resolved,
            Word::Comment(..) => AnswerKind::Comment,
        }
    }

    fn value(self) -> String {
        match self {
            Word::Reason(Reason { text, .. }) | Word::Comment(text, _) => text,
            Word::Resolved(yes) => yes_or_no(yes).to_owned(),
        }
    }

    /// The rating with this answer applied.
    fn on(&self, rating: Rating, now: Millis) -> Rating {
        let mut next = Rating { revision: rating.revision + 1, changed_at: now, ..rating };
        match self {
            Word::Reason(reason) if next.reasons.iter().any(|chosen| chosen.code == reason.code) => {}
            Word::Reason(reason) => next.reasons.push(reason.clone()),
            Word::Resolved(yes) => next.resolved = Some(i64::from(*yes)),
            Word::Comment(comment, tags) => (next.comment, next.tags) = (Some(comment.clone()), tags.clone()),
        }
        next
    }
}
