//! Whether anything arrives through a connection, as far as silence can say.

use crate::Millis;

/// A fetch that works is heard of at least this often; ten times as long without one is no pause any more.
const FETCH_SILENCE: Millis = 10 * 60_000;
/// A platform that reports on each message has something to say after a few of them.
const REPORTS_MIN: i64 = 3;
/// Of clients alone nothing may be heard for long; of so many, at least one answers.
const ANSWERS_MIN: i64 = 50;

/// What is known of a connection's reception.
#[derive(Clone, Copy, Debug)]
pub struct Reception {
    /// Answers arrive by fetching.
    pub fetches: bool,
    /// The platform reports what arrived.
    pub reports: bool,
    /// Clients can answer through it.
    pub answers: bool,
    /// Something was last heard then, or it was started then.
    pub heard_at: Millis,
    /// Messages that left since.
    pub unheard: i64,
    /// The first of them left then.
    pub unheard_since: Option<Millis>,
}

/// Why nothing seems to arrive at `now`, where something should have within `patience`; in words for a person.
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
