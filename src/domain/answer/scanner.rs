//! Signs that an answer by link came from a program that opens every link in a mail, and not from the client. They are
//! kept beside the rating for a person to judge. One alone changes nothing, because a quick client leaves it too; both
//! together hold the answer until one more tap.

use super::rating::Scale;
use crate::Millis;
use crate::word::words;

/// A message cannot be read and answered in less time.
pub const READ_MIN: Millis = 10_000;
/// Nobody gives every score of a scale within so little time.
pub const ALL_SCORES_WITHIN: Millis = 5_000;

words! {
    /// A sign that an answer came from a program.
    pub enum Signal {
        /// It came before anybody could have read the message.
        TooSoon = "too_soon",
        /// Every score of the scale was given within seconds.
        EveryScore = "every_score",
    }
}

/// What the scores given by link, each with its time, say; `sent_at` is when the message with the links left.
pub fn signals(scale: Scale, given: &[(u8, Millis)], sent_at: Option<Millis>) -> Vec<Signal> {
    let mut found = Vec::new();
    if sent_at.is_some_and(|sent_at| given.iter().any(|(_, at)| *at < sent_at + READ_MIN)) {
        found.push(Signal::TooSoon);
    }
    let every = |from: Millis| {
        let near = |score: &u8| given.iter().any(|(other, at)| other == score && (from..=from + ALL_SCORES_WITHIN).contains(at));
        scale.scores().all(|score| near(&score))
    };
    if given.iter().any(|(_, at)| every(*at)) {
        found.push(Signal::EveryScore);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_no_person_does_is_a_signal() {
        let (sent, read) = (Some(100_000), 100_000 + READ_MIN);
        type Row<'a> = (Scale, &'a [(u8, Millis)], Option<Millis>, &'a [Signal]);
        let table: [Row<'_>; 8] = [
            (Scale::Binary, &[(1, read)], sent, &[]),
            (Scale::Binary, &[(1, read - 1)], sent, &[Signal::TooSoon]),
            (Scale::Binary, &[(1, 0)], None, &[]),
            (Scale::Binary, &[(0, read), (1, read + 900)], sent, &[Signal::EveryScore]),
            (Scale::Binary, &[(0, read), (1, read + ALL_SCORES_WITHIN + 1)], sent, &[]),
            (Scale::FiveStar, &[(5, read), (4, read), (3, read), (2, read)], sent, &[]),
            (Scale::FiveStar, &[(5, read + 400), (4, read), (3, read + 1), (2, read), (1, read)], sent, &[Signal::EveryScore]),
            (Scale::Binary, &[(1, 100_001), (0, 100_002)], sent, &[Signal::TooSoon, Signal::EveryScore]),
        ];
        for (scale, given, sent_at, expected) in table {
            assert_eq!(signals(scale, given, sent_at), expected, "{given:?}");
        }
    }
}
