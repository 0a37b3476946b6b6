//! Detects from silence that a connection receives nothing.

use crate::Millis;

/// A working fetch reports at least this often; ten times as long without one is no longer a pause.
const FETCH_SILENCE: Millis = 10 * 60_000;
/// A platform that reports on each message should have reported after this many.
const REPORTS_MIN: i64 = 3;
/// A few silent clients are normal; of this many, one should answer.
const ANSWERS_MIN: i64 = 50;

/// State of a connection's reception.
#[derive(Clone, Copy, Debug)]
pub struct Reception {
    /// Answers are received by polling.
    pub fetches: bool,
    /// The platform reports deliveries.
    pub reports: bool,
    /// Clients can answer through it.
    pub answers: bool,
    /// Time of the last event received, or of the start.
    pub heard_at: Millis,
    /// Messages sent since then.
    pub unheard: i64,
    /// Time when the first of them was sent.
    pub unheard_since: Option<Millis>,
}

/// Reason to believe that nothing arrives at `now`, although something should have arrived within `patience`; as a sentence. `None`
/// if there is none.
pub fn silence(reception: &Reception, now: Millis, patience: Millis) -> Option<String> {
    let minutes = |millis: Millis| millis / 60_000;
    if reception.fetches {
        let silent = now - reception.heard_at;
        return (silent >= FETCH_SILENCE).then(|| format!("nothing could be fetched for {} minutes", minutes(silent)));
    }
    let enough = match (reception.reports, reception.answers) {
        (true, _) => REPORTS_MIN,
        (false, true) => ANSWERS_MIN,
        (false, false) => return None,
    };
    let silent = now - reception.unheard_since?;
    let long = reception.unheard >= enough && silent >= patience;
    long.then(|| format!("nothing was heard for {} minutes, although {} messages left", minutes(silent), reception.unheard))
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: Millis = 60_000;
    const PATIENCE: Millis = 180 * MINUTE;

    fn reception() -> Reception {
        Reception { fetches: false, reports: false, answers: true, heard_at: 0, unheard: 0, unheard_since: None }
    }

    #[test]
    fn silence_is_told_where_something_should_have_come() {
        let since = Some(0);
        for (reception, at, deaf) in [
            (reception(), 900 * MINUTE, false),
            (Reception { unheard: 49, unheard_since: since, ..reception() }, 900 * MINUTE, false),
            (Reception { unheard: 50, unheard_since: since, ..reception() }, 179 * MINUTE, false),
            (Reception { unheard: 50, unheard_since: since, ..reception() }, 180 * MINUTE, true),
            (Reception { reports: true, unheard: 2, unheard_since: since, ..reception() }, 900 * MINUTE, false),
            (Reception { reports: true, unheard: 3, unheard_since: since, ..reception() }, 180 * MINUTE, true),
            (Reception { answers: false, unheard: 900, unheard_since: since, ..reception() }, 900 * MINUTE, false),
            (Reception { fetches: true, ..reception() }, 9 * MINUTE, false),
            (Reception { fetches: true, ..reception() }, 10 * MINUTE, true),
        ] {
            assert_eq!(silence(&reception, at, PATIENCE).is_some(), deaf, "{reception:?} at {at}");
        }
    }
}
