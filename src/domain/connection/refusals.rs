//! Calls to the address of a connection that were refused: a wrong secret or another clock looks healthy otherwise, because the platform
//! or the desk calls us.

use crate::Millis;

/// Code of a call without valid authentication.
pub const NOT_SIGNED: &str = "not_signed";
/// Code of a call that could not be parsed.
pub const UNREADABLE: &str = "unreadable";

/// Minimum refused calls or failed fetches without an accepted one that make a connection deaf. A stranger's call is one.
const FAILED_MIN: u32 = 3;
/// Minimum time that they last. A shorter one is seen in `doctor` and the API, and reported to nobody.
const FAILED_FOR: Millis = 60 * 60_000;

/// Calls refused, or fetches that failed, since something was last received.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failing {
    /// Time of the first of them.
    pub since: Millis,
    /// Time of the last of them.
    pub last_at: Millis,
    /// Their number.
    pub count: u32,
    /// Cause of the last one.
    pub cause: String,
}

impl Failing {
    /// Reason to report the connection as deaf, as a sentence, if every call was refused for long.
    pub fn lasting(&self) -> Option<String> {
        let lasts = self.last_at - self.since;
        let long = self.count >= FAILED_MIN && lasts >= FAILED_FOR;
        long.then(|| format!("all {} calls of {} minutes were refused; the last one: {}", self.count, lasts / 60_000, self.cause))
    }
}

/// Recently refused calls of one connection.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Refusals {
    /// Codes of those since a call was last accepted.
    pub since_accepted: Vec<String>,
    /// Number of all.
    pub in_all: usize,
    /// Cause of the last one, without a full stop.
    pub cause: String,
}

impl Refusals {
    /// Adds a call that was refused at `at` with this code, of a connection that last received something at `heard_at`.
    pub fn add(&mut self, code: String, at: Millis, heard_at: Option<Millis>) {
        self.in_all += 1;
        if heard_at.is_none_or(|heard_at| at >= heard_at) {
            self.since_accepted.push(code);
        }
    }

    /// What happened to the calls since the last accepted one: `3 of the last 3 calls could not be read`. `None` if there are none.
    pub fn sentence(&self) -> Option<String> {
        let count = self.since_accepted.len();
        let all = |code: &str| self.since_accepted.iter().all(|one| one == code);
        let became = if all(NOT_SIGNED) {
            "were not signed correctly"
        } else if all(UNREADABLE) {
            "could not be read"
        } else {
            "could not be used"
        };
        (count > 0).then(|| format!("{count} of the last {count} calls {became}"))
    }
}

/// The cause of a call without valid authentication as a sentence, with what to compare. `why` is the adapter's own word.
pub fn cause(why: &str) -> String {
    let remedy = match why {
        "webhook-signature" => "the signature is not that of this body under this secret: compare the secret on both sides",
        "webhook-timestamp is more than five minutes from now" => "synchronise the clocks of both machines, and sign when you send",
        "X-Hub-Signature-256" => "compare app_secret with the app secret on the app's page at Meta (App settings, Basic)",
        "hub.verify_token" => "give Meta the verify_token of this connection, or save here what Meta sends",
        why if why.contains("clocks") || why.starts_with("webhook-timestamp") => "synchronise both clocks with NTP",
        _ => "compare what is sent with the settings of this connection",
    };
    format!("{why}: {remedy}.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_connection_whose_every_call_is_refused_for_an_hour_is_deaf() {
        let failing = |count, last_at| Failing { since: 0, last_at, count, cause: "the secret is wrong".to_owned() };
        assert_eq!(failing(2, FAILED_FOR).lasting(), None);
        assert_eq!(failing(3, FAILED_FOR - 1).lasting(), None);
        assert_eq!(
            failing(12, 63 * 60_000).lasting().unwrap(),
            "all 12 calls of 63 minutes were refused; the last one: the secret is wrong"
        );
    }

    #[test]
    fn refused_calls_are_counted_since_one_was_accepted() {
        let said = |codes: &[&str], heard_at| {
            let mut refusals = Refusals::default();
            codes.iter().zip(1..).for_each(|(&code, at)| refusals.add(code.to_owned(), at, heard_at));
            assert_eq!(refusals.in_all, codes.len());
            refusals.sentence()
        };
        assert_eq!(said(&[], None), None);
        assert_eq!(said(&[NOT_SIGNED], Some(2)), None, "accepted since");
        assert_eq!(said(&[NOT_SIGNED], None).unwrap(), "1 of the last 1 calls were not signed correctly");
        assert_eq!(said(&[NOT_SIGNED, UNREADABLE, UNREADABLE], Some(2)).unwrap(), "2 of the last 2 calls could not be read");
        assert_eq!(said(&[UNREADABLE, "not_usable"], None).unwrap(), "2 of the last 2 calls could not be used");
    }
}
