//! Route and time of a question: on time, earlier because the window or quiet hours would block it, as a template outside the
//! window, through the fallback channel, or not at all, with the reason.

use super::window::WindowFact;
use crate::Millis;
use crate::line::quiet_hours::Quiet;
use crate::line::{LineSettings, ShutOut};
use crate::outcome::NotAsked;
use crate::word::words;

/// A question that is asked early is sent this long before the window closes or quiet hours begin: time for a queue, a retry and
/// differing clocks.
pub const EARLY_LEAD: Millis = 10 * 60_000;
/// Minimum time between a question and its reminder.
pub const REMINDER_GAP: Millis = 3_600_000;
const HOUR: Millis = 3_600_000;

words! {
    /// Route of a question to its client.
    pub enum Way {
        /// After the line's delay, and after quiet hours.
        InTime = "in_time",
        /// Before that, because it would be blocked later.
        Early = "early",
        /// Outside the window, as a template that the platform approved.
        Template = "template",
        /// Through the line's fallback channel.
        Fallback = "fallback",
        /// Without knowing whether the window is open: the time of the client's last message is unknown, and there is no safe
        /// route.
        WindowUnknown = "window_unknown",
    }
}

/// The fallback channel, for a client who has an address there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FallbackFact {
    /// Its window.
    pub window: WindowFact,
    /// It shows the question in the web chat's window, so quiet hours do not apply.
    pub asks_at_close: bool,
}

/// Options for asking a question on the line's scale while the window is closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outside {
    /// Not at all.
    Never,
    /// With a template that the platform approved, within a window of its own.
    Form(WindowFact),
    /// Only with a template that is missing: this is the reason.
    Missing(NotAsked),
}

impl Outside {
    /// The window of the template, if there is one that is certainly open at `at`.
    fn admits(self, at: Millis) -> Option<WindowFact> {
        match self {
            Outside::Form(window) if window != WindowFact::Unknown && window.admits(at) => Some(window),
            Outside::Form(_) | Outside::Never | Outside::Missing(_) => None,
        }
    }
}

/// Possible routes to one client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ways {
    /// The window of the conversation's channel.
    pub window: WindowFact,
    /// That channel shows the question in the visitor's own window.
    pub asks_at_close: bool,
    /// Options of that channel outside its window.
    pub outside: Outside,
    /// The fallback channel, if the line has one and the client has an address there.
    pub fallback: Option<FallbackFact>,
}

/// Planned time and route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Leaving {
    /// The route.
    pub way: Way,
    /// The time.
    pub at: Millis,
    /// The end of the window that applies.
    pub window_closes_at: Option<Millis>,
}

/// Range of times at which a question may be sent.
#[derive(Clone, Copy, Debug)]
pub struct Span {
    /// Earliest time.
    pub from: Millis,
    /// Time at which it is sent if nothing prevents it.
    pub wanted: Millis,
    /// Latest time, exclusive.
    pub until: Millis,
}

/// Finds the route of a question, in the line's order.
///
/// # Errors
/// The reason why there is none.
pub fn find(settings: &LineSettings, quiet: Option<Quiet>, ways: &Ways, span: Span) -> Result<Leaving, NotAsked> {
    if span.wanted >= span.until {
        return Err(NotAsked::TooLate);
    }
    let held_by = |asks_at_close: bool| quiet.filter(|_| !asks_at_close);
    let (quiet, window) = (held_by(ways.asks_at_close), ways.window);
    if let Some(sure) =
        Some(window).filter(|window| *window == WindowFact::Unknown).and_then(|_| sure(settings, held_by(false), ways, span))
    {
        return Ok(sure);
    }
    let leaving = |way, at, window: WindowFact| {
        let way = if window == WindowFact::Unknown { Way::WindowUnknown } else { way };
        Ok(Leaving { way, at, window_closes_at: window.closes_at() })
    };
    let waited = quiet.map_or(span.wanted, |quiet| quiet.free_from(span.wanted));
    if waited < span.until && window.admits(waited) {
        return leaving(Way::InTime, waited, window);
    }
    let by_quiet = window.admits(span.wanted);
    let shut_out = settings.quiet_hours.as_ref().map_or(ShutOut::Early, |quiet| quiet.shut_out);
    let reason = match ways.outside {
        _ if by_quiet => NotAsked::QuietHours,
        Outside::Missing(reason) if settings.window.template => reason,
        Outside::Missing(_) | Outside::Never | Outside::Form(_) => NotAsked::WindowShut,
    };
    if by_quiet && shut_out == ShutOut::Skip {
        return Err(reason);
    }
    if (by_quiet || settings.window.ask_early)
        && let Some(at) = early(quiet, window, span)
    {
        return leaving(Way::Early, at, window);
    }
    next(settings, held_by(false), ways, Tried::default(), span).ok_or(reason)
}

/// A route that does not depend on a window with an unknown state.
fn sure(settings: &LineSettings, quiet: Option<Quiet>, ways: &Ways, span: Span) -> Option<Leaving> {
    let fallback = ways.fallback.filter(|fallback| fallback.window != WindowFact::Unknown);
    next(settings, quiet, &Ways { fallback, ..*ways }, Tried::default(), span)
}

/// The last good time before the window closes and quiet hours begin.
fn early(quiet: Option<Quiet>, window: WindowFact, span: Span) -> Option<Millis> {
    let before_shut = window.closes_at().map_or(span.wanted, |closes_at| span.wanted.min(closes_at - EARLY_LEAD));
    let at = before_shut.max(span.from);
    let good = |at: &Millis| quiet.is_none_or(|quiet| !quiet.holds(*at)) && *at < span.until && window.admits(*at);
    let around = quiet.map(|quiet| [(quiet.began(at) - EARLY_LEAD).max(span.from), quiet.free_from(at)]);
    std::iter::once(at).chain(around.into_iter().flatten()).find(good)
}

/// Routes already tried.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tried {
    /// A template was refused.
    pub template: bool,
    /// The fallback channel was refused.
    pub fallback: bool,
}

/// The next route of a question whose window is closed: a template, then the fallback channel, each if the line allows it and it
/// was not tried before.
pub fn next(settings: &LineSettings, quiet: Option<Quiet>, ways: &Ways, tried: Tried, span: Span) -> Option<Leaving> {
    let free = |asks_at_close: bool| quiet.filter(|_| !asks_at_close).map_or(span.wanted, |quiet| quiet.free_from(span.wanted));
    let template = settings.window.template && !tried.template && !tried.fallback;
    let at = free(false);
    if let Some(window) = ways.outside.admits(at).filter(|_| template && at < span.until) {
        return Some(Leaving { way: Way::Template, at, window_closes_at: window.closes_at() });
    }
    let fallback = ways.fallback.filter(|_| !tried.fallback)?;
    let at = free(fallback.asks_at_close);
    let open = at < span.until && fallback.window.admits(at);
    open.then_some(Leaving { way: Way::Fallback, at, window_closes_at: fallback.window.closes_at() })
}

/// Time and route of the reminder after a planned question: by the same rules, but never through another channel than the
/// question's.
pub fn reminder(settings: &LineSettings, quiet: Option<Quiet>, ways: &Ways, question: Leaving, until: Millis) -> Option<Leaving> {
    let after = Millis::from(settings.reminder_after_hours?) * HOUR;
    let span = Span { from: question.at + REMINDER_GAP, wanted: question.at + after.max(REMINDER_GAP), until };
    let ways = match (question.way, ways.fallback) {
        (Way::Fallback, Some(fallback)) => {
            Ways { window: fallback.window, asks_at_close: fallback.asks_at_close, outside: Outside::Never, fallback: None }
        }
        _ => Ways { fallback: None, ..*ways },
    };
    find(settings, quiet, &ways, span).ok()
}

#[cfg(test)]
mod tests;
