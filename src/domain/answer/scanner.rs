//! Signs that an answer by link came from a program that opens every link in a mail, and not from the client. They are stored with
//! the rating for a person to judge. A quick client can cause two of them: one alone changes nothing, both together hold the answer
//! until one more tap. A form from a page whose style sheet and picture were not fetched is always held until that tap. So is one
//! that contradicts an answer with more evidence of a person ([`Evidence`]).

use super::rating::Scale;
use crate::Millis;
use crate::word::words;

/// Minimum time to read and answer a message.
pub const READ_MIN: Millis = 10_000;
/// No person gives every score of a scale within this time.
pub const ALL_SCORES_WITHIN: Millis = 5_000;

words! {
    /// A sign that an answer came from a program.
    pub enum Signal {
        /// It came before a person could have read the message.
        TooSoon = "too_soon",
        /// Every score of the scale was given within seconds.
        EveryScore = "every_score",
        /// Its page's style sheet and picture were never fetched.
        Unopened = "unopened",
        /// It contradicted an answer with more evidence of a person.
        Outweighed = "outweighed",
    }
}

words! {
    /// The evidence that an answer came from a person, from the least to the most.
    #[derive(Default)]
    pub enum Evidence {
        /// A form by link, and nothing else: a program needs no more than the page's text to send it.
        Form = "form",
        /// The form's page was fetched as by a browser, with its style sheet or picture. Or the sender ticked the box that is
        /// visible only without style sheets.
        Page = "page",
        /// As [`Evidence::Page`], and there was time to look at the page.
        Read = "read",
        /// It came through the channel itself: a tap, a text, a reaction.
        #[default]
        Tap = "tap",
    }
}

/// Minimum time for which a person looks at a page before they send its form.
pub const LOOK_MIN: Millis = 1_000;

/// Evidence about the sender of a form by link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SentForm {
    /// Time when its page was shown.
    pub shown_at: Millis,
    /// Time when it was sent.
    pub sent_at: Millis,
    /// `true` if the page's style sheet or picture was fetched, or the box was ticked that is visible only without style sheets.
    pub opened: bool,
}

impl SentForm {
    /// Evidence that a person sent it.
    pub fn evidence(self) -> Evidence {
        match (self.opened, self.sent_at >= self.shown_at + LOOK_MIN) {
            (false, _) => Evidence::Form,
            (true, false) => Evidence::Page,
            (true, true) => Evidence::Read,
        }
    }
}

/// Evidence about the answer that counts so far.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Weight {
    /// Evidence of its score.
    pub evidence: Evidence,
    /// `true` if it has a comment.
    pub commented: bool,
}

/// Sign because of which a score by link is held until one more tap; `None` if it takes effect. `counts` is the answer that it would
/// change. With `same_waits`, the same score was held already when the form's page was shown: then this is the tap.
pub fn waits(form: SentForm, counts: Option<Weight>, same_waits: bool) -> Option<Signal> {
    let evidence = form.evidence();
    let outweighed = |counts: Weight| counts.evidence as u8 + u8::from(counts.commented) > evidence as u8;
    match evidence {
        Evidence::Form => Some(Signal::Unopened),
        _ if !same_waits && counts.is_some_and(outweighed) => Some(Signal::Outweighed),
        Evidence::Page | Evidence::Read | Evidence::Tap => None,
    }
}

/// Sign because of which a request on a page to opt out or back in is held until one more tap. It concerns more than one answer, so
/// each sign alone holds it. `given` are the scores by link, and `asked_at` is when the message with the links was sent.
pub fn wish_waits(form: SentForm, scale: Scale, given: &[(u8, Millis)], asked_at: Option<Millis>) -> Option<Signal> {
    let near: Vec<(u8, Millis)> = given.iter().copied().filter(|(_, at)| form.sent_at - at <= ALL_SCORES_WITHIN).collect();
    let too_soon = || asked_at.is_some_and(|asked_at| form.sent_at < asked_at + READ_MIN);
    let every_score = || signals(scale, &near, None).contains(&Signal::EveryScore);
    match form.evidence() {
        Evidence::Form => Some(Signal::Unopened),
        Evidence::Page => Some(Signal::TooSoon),
        Evidence::Read | Evidence::Tap if too_soon() => Some(Signal::TooSoon),
        Evidence::Read | Evidence::Tap => every_score().then_some(Signal::EveryScore),
    }
}

/// Signs in the scores given by link, each with its time; `sent_at` is when the message with the links was sent.
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

    const SHOWN: Millis = 1_000_000;

    fn form(opened: bool, looked: Millis) -> SentForm {
        SentForm { shown_at: SHOWN, sent_at: SHOWN + looked, opened }
    }

    #[test]
    fn a_score_by_link_yields_to_an_answer_with_more_evidence() {
        let counts = |evidence, commented| Some(Weight { evidence, commented });
        let (bare, quick, read) = (form(false, 60_000), form(true, LOOK_MIN - 1), form(true, LOOK_MIN));
        let table = [
            (bare, None, false, Some(Signal::Unopened)),
            (bare, None, true, Some(Signal::Unopened)),
            (bare, counts(Evidence::Page, false), true, Some(Signal::Unopened)),
            (quick, None, false, None),
            (quick, counts(Evidence::Page, false), false, None),
            (quick, counts(Evidence::Read, false), false, Some(Signal::Outweighed)),
            (quick, counts(Evidence::Page, true), false, Some(Signal::Outweighed)),
            (read, counts(Evidence::Read, false), false, None),
            (read, counts(Evidence::Page, true), false, None),
            (read, counts(Evidence::Read, true), false, Some(Signal::Outweighed)),
            (read, counts(Evidence::Tap, false), false, Some(Signal::Outweighed)),
            (read, counts(Evidence::Tap, true), true, None),
        ];
        for (form, counts, same_waits, expected) in table {
            assert_eq!(waits(form, counts, same_waits), expected, "{form:?} {counts:?} {same_waits}");
        }
    }

    #[test]
    fn a_wish_on_a_page_waits_after_each_sign() {
        let read = form(true, LOOK_MIN);
        let calm = Some(read.sent_at - READ_MIN);
        let every = [(0, read.sent_at - 100), (1, read.sent_at - 50)];
        let before = [(0, read.sent_at - ALL_SCORES_WITHIN - 2), (1, read.sent_at - ALL_SCORES_WITHIN - 1)];
        type Row<'a> = (SentForm, &'a [(u8, Millis)], Option<Millis>, Option<Signal>);
        let table: [Row<'_>; 7] = [
            (form(false, 60_000), &[], None, Some(Signal::Unopened)),
            (form(true, LOOK_MIN - 1), &[], None, Some(Signal::TooSoon)),
            (read, &[], Some(read.sent_at - READ_MIN + 1), Some(Signal::TooSoon)),
            (read, &every, calm, Some(Signal::EveryScore)),
            (read, &before, calm, None),
            (read, &[(0, read.sent_at - 50)], calm, None),
            (read, &[], calm, None),
        ];
        for (form, given, asked_at, expected) in table {
            assert_eq!(wish_waits(form, Scale::Binary, given, asked_at), expected, "{form:?} {given:?}");
        }
    }

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
