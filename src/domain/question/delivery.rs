//! A delivery: one outgoing message, its states, and what follows a failed try.
//!
//! ```text
//! scheduled → leased → sending → sent → delivered | undeliverable(reason)
//!    ↑ definite, retryable ──┘ └─ cannot know → unknown → (proof) sent | (hold over, resend allowed) scheduled
//! scheduled|leased → canceled(reason) | skipped(reason)      refused for good → failed(reason)      crash loop → dead
//! ```

use super::retry::{LAST_PAUSE, pause_after, spread};
use super::window::MARGIN;
use crate::Millis;
use crate::outcome::NotAsked;
use crate::word::words;

words! {
    /// The state of a delivery. Every change is one conditional statement in `store::question::delivery`.
    pub enum State {
        /// Waits until it is due.
        Scheduled = "scheduled",
        /// Claimed and prepared by a node. Nothing was sent.
        Leased = "leased",
        /// The intent is committed: from now on it may have been sent.
        Sending = "sending",
        /// Accepted by the platform.
        Sent = "sent",
        /// Delivered, according to the platform.
        Delivered = "delivered",
        /// Accepted by the platform, which reported later that it cannot be delivered.
        Undeliverable = "undeliverable",
        /// It may have arrived. Never sent again without a trace.
        Unknown = "unknown",
        /// No longer wanted, before it was sent.
        Canceled = "canceled",
        /// Its window or its time ended before it was sent.
        Skipped = "skipped",
        /// Refused permanently.
        Failed = "failed",
        /// Given up: too many tries, or its node died each time.
        Dead = "dead",
    }
}

impl State {
    /// True if the message certainly reached the platform.
    pub fn was_sent(self) -> bool {
        matches!(self, State::Sent | State::Delivered)
    }
}

words! {
    /// Content of a delivery.
    pub enum Kind {
        /// The rating question.
        Ask = "ask",
        /// The question again.
        Reminder = "reminder",
        /// A thank-you in place of the question, with the follow-up questions.
        Settle = "settle",
        /// One low-rating alert.
        Alert = "alert",
        /// Several alerts in one message.
        Digest = "digest",
        /// An event for a program.
        Event = "event",
        /// A person's reply to a rating.
        Reply = "reply",
        /// A rating, shown to operators at their desk.
        WriteBack = "write_back",
        /// A look at a chat for which a desk reported a change.
        Look = "look",
    }
}

impl Kind {
    /// True if it asks the client.
    pub fn is_question(self) -> bool {
        match self {
            Kind::Ask | Kind::Reminder => true,
            Kind::Settle | Kind::Alert | Kind::Digest | Kind::Event | Kind::Reply | Kind::WriteBack | Kind::Look => false,
        }
    }

    /// True if it carries alerts.
    pub fn carries_alerts(self) -> bool {
        match self {
            Kind::Alert | Kind::Digest => true,
            Kind::Ask | Kind::Reminder | Kind::Settle | Kind::Event | Kind::Reply | Kind::WriteBack | Kind::Look => false,
        }
    }

    /// True if it is sent to a client, so that its address is the client's.
    pub fn reaches_client(self) -> bool {
        match self {
            Kind::Ask | Kind::Reminder | Kind::Settle | Kind::Reply => true,
            Kind::Alert | Kind::Digest | Kind::Event | Kind::WriteBack | Kind::Look => false,
        }
    }

    /// True if a second copy does no harm, so that only time limits its tries. This is the only place that decides it.
    ///
    /// For receivers of alerts, letters and events a lost message is worse than a duplicate, and a look changes nothing. A
    /// write-back is included if its adapter looks for our mark before it writes (`safe_to_resend`). Messages to clients never are.
    pub fn repeats_harmlessly(self, safe_to_resend: bool) -> bool {
        match self {
            Kind::Alert | Kind::Digest | Kind::Event | Kind::Look => true,
            Kind::WriteBack => safe_to_resend,
            Kind::Ask | Kind::Reminder | Kind::Settle | Kind::Reply => false,
        }
    }

    /// Maximum number of resends of a delivery with an unknown result.
    ///
    /// A message to a client is sent again only if the channel recognizes our key or proves what arrived, and then once. A settled
    /// question is the same edit again. Deliveries that may be repeated have no such limit: [`NO_RESEND_LIMIT`].
    pub fn resends_max(self, safe_to_resend: bool) -> i64 {
        match self {
            kind if kind.repeats_harmlessly(safe_to_resend) => NO_RESEND_LIMIT,
            Kind::Ask | Kind::Reminder | Kind::Reply => i64::from(safe_to_resend),
            Kind::Alert | Kind::Digest | Kind::Event | Kind::Settle | Kind::WriteBack | Kind::Look => 8,
        }
    }
}

/// Resends of deliveries that may be repeated: more than fit in a month of one call per second. Their time to give up ends them.
pub const NO_RESEND_LIMIT: i64 = 2_592_000;

/// Meaning of a failed try for the queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    /// Not delivered; the connection may be called again after this time.
    RetryAfter(Millis),
    /// Nobody got it; its chat may be written to again after this long, and all others meanwhile.
    ChatRetryAfter(Millis),
    /// Not delivered; try again with growing pauses.
    RetryBackoff,
    /// The window is closed.
    WindowShut,
    /// There is no template for sending outside the window.
    TemplateMissing,
    /// The platform refused the template for sending outside the window.
    TemplateRefused,
    /// The platform's own form for sending outside the window does not fit the message.
    NoForm,
    /// The person cannot be reached.
    RecipientGone,
    /// The connection itself is broken; its deliveries wait without using up tries.
    ConnectionBroken,
    /// Refused permanently.
    Refused,
    /// It may have arrived.
    CannotKnow,
}

/// The delivery whose try failed.
#[derive(Clone, Copy, Debug)]
pub struct Tried {
    /// Tries so far, including this one.
    pub attempts: i64,
    /// Resends so far.
    pub resends: i64,
    /// Resends allowed.
    pub resends_max: i64,
    /// After this time it is no longer sent.
    pub give_up_at: Millis,
    /// End of its window, if it has one.
    pub window_closes_at: Option<Millis>,
    /// Time for which a delivery with an unknown result is held before a resend.
    pub hold: Millis,
    /// Its own due time, if it was brought forward to probe whether its connection works again.
    pub brought_from: Option<Millis>,
}

impl Tried {
    /// True if a second copy does no harm, and it may be sent again automatically; a test alert may not.
    fn repeats_harmlessly(&self) -> bool {
        self.resends_max >= NO_RESEND_LIMIT
    }
}

/// Next step of a delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// Back to scheduled, due at this time.
    Schedule(Millis),
    /// Ended, for this reason.
    End(State, &'static str),
    /// Unknown; sent again at this time, if one is given and no proof arrives before.
    Hold(Option<Millis>),
}

/// Decides what follows a failed try at `now`. `fraction` (0 to 1) spreads retries.
///
/// A delivery that was sent again because an earlier try may have arrived always ends as unknown: the failure of a later try is no
/// evidence about the earlier one. The same holds for one whose last try had no clear result.
pub fn after_failure(failure: Failure, tried: Tried, now: Millis, fraction: f64) -> Next {
    match by_failure(failure, tried, now, fraction) {
        Next::End(..) if tried.resends > 0 || failure == Failure::CannotKnow => Next::Hold(None),
        next => next,
    }
}

/// True if the delivery is resent after a try that may have arrived.
pub fn is_resent(failure: Failure, next: Next) -> bool {
    failure == Failure::CannotKnow && matches!(next, Next::Schedule(_))
}

/// As [`after_failure`], for a message that the platform accepted (`state`) and refused later. It was not delivered, so it is tried
/// again if that makes sense and it is still `wanted`.
pub fn after_later_refusal(failure: Failure, tried: Tried, state: State, wanted: bool, now: Millis, fraction: f64) -> Next {
    // A resend that was not sent yet is no copy: the refusal is of the previous one.
    let resends = tried.resends - i64::from(tried.resends > 0 && matches!(state, State::Scheduled | State::Leased));
    match after_failure(failure, Tried { resends, ..tried }, now, fraction) {
        Next::Schedule(_) if !wanted => Next::End(State::Undeliverable, "not_wanted"),
        Next::End(State::Failed | State::Skipped, reason) => Next::End(State::Undeliverable, reason),
        next => next,
    }
}

/// True if a message ended because the platform refused it permanently, for a reason other than its window, recipient or time.
pub fn is_refused(state: State, reason: Option<&str>) -> bool {
    let by_window = reason.and_then(NotAsked::parse).is_some_and(NotAsked::is_by_window);
    matches!(state, State::Failed | State::Undeliverable)
        && !by_window
        && !matches!(reason, None | Some("recipient_gone" | "time_over" | "not_wanted"))
}

fn by_failure(failure: Failure, tried: Tried, now: Millis, fraction: f64) -> Next {
    match failure {
        Failure::RetryAfter(pause) | Failure::ChatRetryAfter(pause) => clip(now + pause, tried),
        Failure::RetryBackoff => again(tried, now, fraction),
        Failure::ConnectionBroken => clip(now, tried),
        Failure::WindowShut => Next::End(State::Skipped, NotAsked::WindowShut.as_str()),
        Failure::TemplateMissing => Next::End(State::Skipped, NotAsked::TemplateMissing.as_str()),
        Failure::TemplateRefused => Next::End(State::Skipped, NotAsked::TemplateRefused.as_str()),
        Failure::NoForm => Next::End(State::Skipped, NotAsked::NoForm.as_str()),
        Failure::RecipientGone => Next::End(State::Failed, "recipient_gone"),
        Failure::Refused => Next::End(State::Failed, "refused"),
        Failure::CannotKnow if tried.repeats_harmlessly() => again(tried, now, fraction),
        Failure::CannotKnow => hold(tried, now),
    }
}

/// Tries again after a growing pause. A delivery that may be repeated continues with the longest pause until its time is over.
fn again(tried: Tried, now: Millis, fraction: f64) -> Next {
    match (own_time(tried, now), pause_after(tried.attempts, fraction)) {
        (Some(at), _) => clip(at, tried),
        (None, Some(pause)) => clip_early(now + pause, now, tried),
        (None, None) if tried.repeats_harmlessly() => clip_early(now + spread(LAST_PAUSE, fraction), now, tried),
        (None, None) => Next::End(State::Dead, "too_many_tries"),
    }
}

/// The own due time of a delivery that was brought forward, if it is still in the future.
fn own_time(tried: Tried, now: Millis) -> Option<Millis> {
    tried.brought_from.filter(|at| *at > now)
}

/// True if a failed try at `now` uses up one of the delivery's tries. A fault of the connection does not, nor does a probe before
/// the due time.
pub fn costs_a_try(failure: Failure, tried: Tried, now: Millis) -> bool {
    match failure {
        Failure::ConnectionBroken => false,
        Failure::RetryBackoff => own_time(tried, now).is_none(),
        Failure::CannotKnow if tried.repeats_harmlessly() => own_time(tried, now).is_none(),
        _ => true,
    }
}

/// True if a failure shows that the connection does not work at the moment: no response, or not in time.
pub fn says_of_the_connection(failure: Failure) -> bool {
    matches!(failure, Failure::RetryBackoff | Failure::CannotKnow)
}

/// Decides what follows if it is unknown whether a message was sent: it is held, and sent again only within its limit.
pub fn hold(tried: Tried, now: Millis) -> Next {
    let again_at = now + tried.hold;
    let allowed = tried.resends < tried.resends_max && matches!(clip(again_at, tried), Next::Schedule(_));
    Next::Hold(allowed.then_some(again_at))
}

/// The last time at which a delivery may be sent.
fn latest(tried: Tried) -> Millis {
    tried.window_closes_at.map_or(tried.give_up_at, |closes_at| tried.give_up_at.min(closes_at - MARGIN))
}

fn clip(at: Millis, tried: Tried) -> Next {
    if at < latest(tried) { Next::Schedule(at) } else { over(tried) }
}

/// As [`clip`], but a pause beyond the end is shortened to the last useful time.
fn clip_early(at: Millis, now: Millis, tried: Tried) -> Next {
    let last_useful = latest(tried) - MARGIN;
    if at < last_useful || last_useful <= now { clip(at, tried) } else { Next::Schedule(last_useful) }
}

fn over(tried: Tried) -> Next {
    let by_window = tried.window_closes_at.is_some_and(|closes_at| closes_at - MARGIN < tried.give_up_at);
    Next::End(State::Skipped, if by_window { "window_shut" } else { "time_over" })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tried() -> Tried {
        Tried { attempts: 1, resends: 0, resends_max: 0, give_up_at: 10_000_000, window_closes_at: None, hold: 60_000, brought_from: None }
    }

    #[test]
    fn each_failure_has_its_consequence() {
        let cases = [
            (Failure::RetryAfter(7_000), tried(), Next::Schedule(1_007_000)),
            (Failure::ChatRetryAfter(7_000), tried(), Next::Schedule(1_007_000)),
            (Failure::RetryBackoff, tried(), Next::Schedule(1_005_000)),
            (Failure::RetryBackoff, Tried { attempts: 8, ..tried() }, Next::End(State::Dead, "too_many_tries")),
            (Failure::WindowShut, tried(), Next::End(State::Skipped, "window_shut")),
            (Failure::TemplateMissing, tried(), Next::End(State::Skipped, "template_missing")),
            (Failure::NoForm, tried(), Next::End(State::Skipped, "no_form")),
            (Failure::RecipientGone, tried(), Next::End(State::Failed, "recipient_gone")),
            (Failure::Refused, tried(), Next::End(State::Failed, "refused")),
            (Failure::ConnectionBroken, tried(), Next::Schedule(1_000_000)),
            (Failure::CannotKnow, tried(), Next::Hold(None)),
            (Failure::CannotKnow, Tried { resends_max: 1, ..tried() }, Next::Hold(Some(1_060_000))),
            (Failure::CannotKnow, Tried { resends_max: 1, resends: 1, ..tried() }, Next::Hold(None)),
            (Failure::Refused, Tried { resends: 1, resends_max: 1, ..tried() }, Next::Hold(None)),
            (Failure::RetryAfter(60_000), Tried { window_closes_at: Some(1_080_000), ..tried() }, Next::End(State::Skipped, "window_shut")),
            (Failure::RetryAfter(60_000), Tried { give_up_at: 1_050_000, ..tried() }, Next::End(State::Skipped, "time_over")),
        ];
        for (failure, tried, expected) in cases {
            assert_eq!(after_failure(failure, tried, 1_000_000, 0.0), expected, "{failure:?} {tried:?}");
        }
    }

    #[test]
    fn a_try_before_its_time_leaves_the_schedule_as_it_was() {
        let tried = Tried { attempts: 8, brought_from: Some(1_500_000), ..tried() };
        assert_eq!(after_failure(Failure::RetryBackoff, tried, 1_000_000, 0.0), Next::Schedule(1_500_000));
        assert!(!costs_a_try(Failure::RetryBackoff, tried, 1_000_000) && costs_a_try(Failure::Refused, tried, 1_000_000));
        // It waited for its turn until its own due time: this try was its own.
        assert_eq!(after_failure(Failure::RetryBackoff, tried, 1_500_000, 0.0), Next::End(State::Dead, "too_many_tries"));
        assert!(costs_a_try(Failure::RetryBackoff, tried, 1_500_000));
        let late = Tried { give_up_at: 1_400_000, ..tried };
        assert_eq!(after_failure(Failure::RetryBackoff, late, 1_000_000, 0.0), Next::End(State::Skipped, "time_over"));
    }

    #[test]
    fn what_repeats_without_harm_takes_the_same_pauses_after_an_unclear_answer_until_its_time_is_over() {
        let tried = Tried { resends_max: NO_RESEND_LIMIT, give_up_at: 200_000_000, ..tried() };
        for attempts in 1..40 {
            let tried = Tried { attempts, resends: attempts - 1, ..tried };
            let unclear = after_failure(Failure::CannotKnow, tried, 1_000_000, 0.5);
            let definite = after_failure(Failure::RetryBackoff, tried, 1_000_000, 0.5);
            assert_eq!(unclear, definite);
            assert!(matches!(unclear, Next::Schedule(at) if at - 1_000_000 <= 25_920_000), "{attempts}: {unclear:?}");
            assert!(is_resent(Failure::CannotKnow, unclear) && !is_resent(Failure::RetryBackoff, definite));
        }
        // A probe does not change the schedule, and uses up no try.
        let probed = Tried { brought_from: Some(1_500_000), ..tried };
        assert_eq!(after_failure(Failure::CannotKnow, probed, 1_000_000, 0.0), Next::Schedule(1_500_000));
        assert!(!costs_a_try(Failure::CannotKnow, probed, 1_000_000) && costs_a_try(Failure::CannotKnow, tried, 1_000_000));
        // It may have arrived: the result stays unknown.
        let late = Tried { give_up_at: 1_004_000, ..tried };
        assert_eq!(after_failure(Failure::CannotKnow, late, 1_000_000, 0.0), Next::Hold(None));
        assert_eq!(after_failure(Failure::RetryBackoff, late, 1_000_000, 0.0), Next::End(State::Skipped, "time_over"));
    }

    #[test]
    fn only_what_is_harmless_repeats_without_a_limit() {
        for kind in Kind::ALL {
            let unlimited = [false, true].map(|safe| kind.resends_max(safe) == NO_RESEND_LIMIT);
            let expected = match kind {
                Kind::Alert | Kind::Digest | Kind::Event | Kind::Look => [true, true],
                Kind::WriteBack => [false, true],
                Kind::Ask | Kind::Reminder | Kind::Settle | Kind::Reply => [false, false],
            };
            assert_eq!(unlimited, expected, "{kind:?}");
        }
        assert_eq!([false, true].map(|safe| Kind::Ask.resends_max(safe)), [0, 1]);
    }

    #[test]
    fn a_refusal_that_comes_later_has_the_same_consequence() {
        let resent = Tried { resends: 1, resends_max: 1, ..tried() };
        let cases = [
            (Failure::RetryBackoff, tried(), State::Sent, true, Next::Schedule(1_005_000)),
            (Failure::RetryBackoff, tried(), State::Sent, false, Next::End(State::Undeliverable, "not_wanted")),
            (Failure::RetryBackoff, Tried { attempts: 8, ..tried() }, State::Sent, true, Next::End(State::Dead, "too_many_tries")),
            (Failure::ConnectionBroken, tried(), State::Sent, true, Next::Schedule(1_000_000)),
            (Failure::Refused, tried(), State::Unknown, true, Next::End(State::Undeliverable, "refused")),
            (Failure::WindowShut, tried(), State::Sent, true, Next::End(State::Undeliverable, "window_shut")),
            (Failure::RecipientGone, tried(), State::Sent, true, Next::End(State::Undeliverable, "recipient_gone")),
            (Failure::RecipientGone, resent, State::Sent, true, Next::Hold(None)),
            (Failure::RecipientGone, resent, State::Scheduled, true, Next::End(State::Undeliverable, "recipient_gone")),
        ];
        for (failure, tried, state, wanted, expected) in cases {
            assert_eq!(after_later_refusal(failure, tried, state, wanted, 1_000_000, 0.0), expected, "{failure:?} {tried:?} {state:?}");
        }
    }

    #[test]
    fn a_long_pause_is_cut_to_the_last_useful_moment() {
        let tried = Tried { attempts: 5, window_closes_at: Some(1_600_000), ..tried() };
        assert_eq!(after_failure(Failure::RetryBackoff, tried, 1_000_000, 0.0), Next::Schedule(1_600_000 - 2 * MARGIN));
    }
}
