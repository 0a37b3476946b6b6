//! How and when a question reaches its client: in time, earlier because the window or quiet hours would shut it out, as a
//! template outside the window, through the fallback channel, or not at all, with the reason.

use super::outcome::NotAsked;
use super::quiet_hours::Quiet;
use super::window::WindowFact;
use crate::Millis;
use crate::line::{LineSettings, ShutOut};
use crate::word::words;

/// A question that is asked early leaves this long before the window shuts or quiet hours begin: time for a queue, a retry
/// and clocks that differ.
pub const EARLY_LEAD: Millis = 10 * 60_000;
/// A reminder comes at least this long after its question.
pub const REMINDER_GAP: Millis = 3_600_000;
const HOUR: Millis = 3_600_000;

words! {
    /// How a question reaches its client.
    pub enum Way {
        /// After the line's delay, and after quiet hours.
        InTime = "in_time",
        /// Before that: later, it would be shut out.
        Early = "early",
        /// Outside the window, in a form that the platform approved.
        Template = "template",
        /// Through the line's fallback channel.
        Fallback = "fallback",
        /// On the chance that the window is open: nobody told when the client last wrote, and there is no way that is sure.
        WindowUnknown = "window_unknown",
    }
}

/// The fallback channel, for a client who has an address there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FallbackFact {
    /// Its window.
    pub window: WindowFact,
    /// It shows the question inside the visitor's own window, so quiet hours do not hold it.
    pub asks_at_close: bool,
}

/// How a question on the line's scale can be asked while the window is shut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outside {
    /// Not at all.
    Never,
    /// In a form that the platform approved, within a window of its own.
    Form(WindowFact),
    /// Only in a form that is not there: this is the reason.
    Missing(NotAsked),
}

impl Outside {
    /// The window of the form, where there is one that surely is open at `at`.
    fn admits(self, at: Millis) -> Option<WindowFact> {
        match self {
            Outside::Form(window) if window != WindowFact::Unknown && window.admits(at) => Some(window),
            Outside::Form(_) | Outside::Never | Outside::Missing(_) => None,
        }
    }
}

/// The ways there are to one client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ways {
    /// The window of the conversation's channel.
    pub window: WindowFact,
    /// That channel shows the question inside the visitor's own window.
    pub asks_at_close: bool,
    /// What that channel can do outside its window.
    pub outside: Outside,
    /// The fallback channel, if the line has one and the client is there.
    pub fallback: Option<FallbackFact>,
}

/// When to leave, and how.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Leaving {
    /// How.
    pub way: Way,
    /// When.
    pub at: Millis,
    /// The end of the window that it has to keep to.
    pub window_closes_at: Option<Millis>,
}

/// The times between which a question may leave.
#[derive(Clone, Copy, Debug)]
pub struct Span {
    /// Not before.
    pub from: Millis,
    /// When it would leave if nothing stood in its way.
    pub wanted: Millis,
    /// No longer at this moment.
    pub until: Millis,
}

/// Finds the way of a question, by the line's order.
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

/// A way that does not depend on a window of which nobody knows whether it is open.
fn sure(settings: &LineSettings, quiet: Option<Quiet>, ways: &Ways, span: Span) -> Option<Leaving> {
    let fallback = ways.fallback.filter(|fallback| fallback.window != WindowFact::Unknown);
    next(settings, quiet, &Ways { fallback, ..*ways }, Tried::default(), span)
}

/// The last good moment before the window shuts and quiet hours begin.
fn early(quiet: Option<Quiet>, window: WindowFact, span: Span) -> Option<Millis> {
    let before_shut = window.closes_at().map_or(span.wanted, |closes_at| span.wanted.min(closes_at - EARLY_LEAD));
    let at = before_shut.max(span.from);
    let good = |at: &Millis| quiet.is_none_or(|quiet| !quiet.holds(*at)) && *at < span.until && window.admits(*at);
    let around = quiet.map(|quiet| [(quiet.began(at) - EARLY_LEAD).max(span.from), quiet.free_from(at)]);
    std::iter::once(at).chain(around.into_iter().flatten()).find(good)
}

/// What was tried already.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tried {
    /// A template was refused.
    pub template: bool,
    /// The fallback channel was.
    pub fallback: bool,
}

/// The next way of a question whose window is shut: a template, then the fallback channel, each where the line wants it and
/// it was not tried before.
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

/// When and how the one reminder leaves, after a question that leaves in this way: by the same rules, but never through
/// another channel than the question's.
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
