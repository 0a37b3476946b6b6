//! The heading of a rating's page: the result, and the next action.

use crate::frame::Frame;
use lastword_domain::access::rights::Right;
use lastword_life::review::view::Look;
use lastword_store::Millis;
use lastword_store::review::deadline::ReplyDue;

/// The result of a close, and the next action.
#[derive(Default)]
pub(crate) struct Standing {
    /// Tone and text.
    pub(crate) chips: Vec<(&'static str, String)>,
    /// Deadline of the reply, if it is not over.
    pub(crate) reply_by: Option<Millis>,
    /// Place of the next action on the page, and the key of its label.
    pub(crate) act: Option<(&'static str, &'static str)>,
}

impl Standing {
    /// The standing of a close that has no rating.
    pub(crate) fn unrated(may_be_asked: bool) -> Self {
        Self { act: may_be_asked.then_some(("#ask", "rating-ask-do")), ..Self::default() }
    }

    /// The standing of a rating.
    pub(crate) fn rated(page: &Frame, look: &Look, due: Option<&ReplyDue>) -> Self {
        let mut standing = Self::default();
        let overdue = due.filter(|due| due.met_at.is_none()).map(|due| (page.now - due.due_at) / 1_000);
        let mut say = |tone, words| standing.chips.push((tone, words));
        match overdue.filter(|_| look.waits) {
            Some(secs @ 0..) => say("bad", page.t1("low-late-for", "time", crate::report::words::secs(page, secs))),
            None if look.waits => say("bad", page.t("review-waits")),
            Some(_) | None => {}
        }
        if look.review.replied_at.is_some() {
            say("on", page.t("low-replied"));
        } else if let Some(by) = look.review.settled_at.and(look.review.settled_by.as_deref()) {
            say("on", page.t1("review-settled-by", "name", by));
        } else if look.rating.low == 0 {
            say("", page.t("ratings-outcome-answered"));
        }
        if look.open_appeal().is_some() {
            say("warn", page.t("review-appeal"));
        }
        standing.reply_by = due.filter(|_| look.waits && overdue.is_some_and(|secs| secs < 0)).map(|due| due.due_at);
        standing.act = (look.waits && page.may(Right::WorkLowRatings)).then_some(("#reply", "review-reply"));
        standing
    }
}
