//! Faults of the provider: each connection has a mood, which decides the results of its calls.

use lastword_contract::Verdict;
use rand::Rng;
use rand::rngs::StdRng;

/// How a connection behaves for a while.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mood {
    /// No faults.
    Good,
    /// Some of each fault.
    Flaky,
    /// Responses are lost.
    Losing,
    /// Unreachable.
    Down,
    /// Requests pauses.
    Throttling,
    /// Rejects our credentials.
    Broken,
}

/// Result of one call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    /// Accepted, with a response.
    Accepted,
    /// Accepted, but the response is lost.
    AcceptedAndLost,
    /// Lost before it was accepted, without a response.
    Dropped,
    /// Refused, with a response.
    Refusal(Verdict),
}

impl Mood {
    /// Another mood.
    pub(crate) fn draw(rng: &mut StdRng) -> Self {
        match rng.random_range(0..10) {
            0..2 => Mood::Good,
            2..5 => Mood::Flaky,
            5..7 => Mood::Losing,
            7..9 => [Mood::Down, Mood::Throttling][rng.random_range(0..2)],
            _ => [Mood::Throttling, Mood::Broken][usize::from(rng.random_bool(0.3))],
        }
    }

    /// Result of a call in this mood.
    pub(crate) fn fate(self, rng: &mut StdRng) -> Fate {
        let percent = rng.random_range(0..100);
        let pause = rng.random_range(1_000..300_000);
        match (self, percent) {
            (Mood::Good, _) => Fate::Accepted,
            (Mood::Flaky, 0..70) => Fate::Accepted,
            (Mood::Flaky, 70..78) => Fate::AcceptedAndLost,
            (Mood::Flaky, 78..82) => Fate::Dropped,
            (Mood::Flaky, 82..86) => Fate::Refusal(Verdict::RetryBackoff),
            (Mood::Flaky, 86..95) => Fate::Refusal(Verdict::RetryAfter(pause)),
            (Mood::Flaky, 95..97) => Fate::Refusal(Verdict::RecipientGone),
            (Mood::Flaky, 97..98) => Fate::Refusal(Verdict::WindowShut),
            (Mood::Flaky, _) => Fate::Refusal(Verdict::Refused),
            (Mood::Losing, 0..50) => Fate::AcceptedAndLost,
            (Mood::Losing, 50..75) => Fate::Dropped,
            (Mood::Losing, _) => Fate::Accepted,
            (Mood::Down, 0..70) => Fate::Refusal(Verdict::RetryBackoff),
            (Mood::Down, _) => Fate::Dropped,
            (Mood::Throttling, 0..70) => Fate::Refusal(Verdict::RetryAfter(pause)),
            (Mood::Throttling, _) => Fate::Accepted,
            (Mood::Broken, _) => Fate::Refusal(Verdict::ConnectionBroken),
        }
    }
}
