//! Totals above the list, in one line. Slow totals are loaded after the page.

use super::asked::{COUNT, RatingsQuery};
use super::bar::Bar;
use crate::Pages;
use crate::frame::Frame;
use crate::frame::visit::SignedIn;
use crate::report::words as numbers;
use lastword_domain::outcome::Outcome;
use lastword_domain::report::rating_filter::Ended;
use lastword_store::StoreError;
use lastword_store::report::rating_list::sums::{self, AT_MOST, AT_ONCE, Sums};

/// One figure of the line.
pub(super) struct Sum {
    /// Key for programs that read the page, such as tests.
    pub(super) key: &'static str,
    /// Value as displayed; empty while it is not computed.
    pub(super) value: String,
    pub(super) label: String,
    /// The whole, or the precision.
    pub(super) of: String,
    /// Link to the list behind it; empty if that is the present list.
    pub(super) href: String,
}

/// The line of totals.
#[derive(Default)]
pub(super) struct SumLine {
    pub(super) sums: Vec<Sum>,
    /// Address that computes all totals; empty if they are all here.
    pub(super) wait: String,
    /// Earliest day counted; empty if everything was counted.
    pub(super) since: String,
}

impl SumLine {
    /// Computes the totals of the list.
    ///
    /// # Errors
    /// The database's.
    pub(super) async fn of(pages: &Pages, person: &SignedIn, page: &Frame, asked: &RatingsQuery, bar: &Bar) -> Result<Self, StoreError> {
        let (db, sees, rows) = (&pages.app.engine.db, &person.rights.lines, if asked.count { AT_MOST } else { AT_ONCE });
        let found = sums::sums(db, &bar.filter, sees, rows).await?;
        let closes = page.t1("sums-closes", "n", found.closes);
        let mut line = Self::default();
        // Partial totals stay hidden until all of them are computed.
        let told = |cut: bool, value: String| if cut && !asked.count { String::new() } else { value };
        let mut put = |key, cut: bool, value: String, label: String, of: String, href: String| {
            line.sums.push(Sum { key, value: told(cut, value), label, of, href });
        };
        let cut = found.since.is_some();
        if bar.filter.ended != Ended::As(Outcome::Answered) {
            put("closes", cut, page.number(&found.closes), closes, String::new(), String::new());
        }
        if !answered(bar.filter.ended) {
            line.ends(page, asked, found.since);
            return Ok(line);
        }
        let score = &found.report.score;
        let rated = score.raw.rated;
        put("ratings", cut, page.number(&rated), page.t1("sums-ratings", "n", rated), String::new(), String::new());
        let share = &score.adjusted.share;
        // Among ratings chosen by their score, the share of good ones says nothing.
        if bar.filter.grade.is_none() && bar.filter.scores.is_empty() {
            put("good", cut, numbers::percent(page, share.percent), page.t("sums-good"), numbers::interval(page, share), String::new());
        }
        // No link from none: a filter that the list has already would be replaced.
        let some = |count: i64, list: String| if count > 0 { list } else { String::new() };
        let low = some(score.adjusted.bad, low_list(asked, &found));
        put("low", cut, page.number(&score.adjusted.bad), page.t("sums-low"), String::new(), low);
        let commented = found.report.commented.part;
        let with_words = some(commented, asked.with(super::PATH, "commented", "1"));
        put("commented", cut, page.number(&commented), page.t("sums-commented"), String::new(), with_words);
        let (waiting, since) = sums::waiting(db, &bar.filter, sees, rows).await?;
        let unanswered = some(waiting, asked.with(super::PATH, "unanswered", "1"));
        put("waiting", since.is_some(), page.number(&waiting), page.t("sums-waiting"), String::new(), unanswered);
        line.ends(page, asked, found.since.max(since));
        Ok(line)
    }

    fn ends(&mut self, page: &Frame, asked: &RatingsQuery, since: Option<i64>) {
        match since {
            None => {}
            Some(_) if !asked.count => self.wait = asked.here(super::PATH, &[(COUNT, "all")]),
            Some(since) => self.since = page.t1("sums-since", "day", page.date(&since).0.as_str()),
        }
    }
}

/// True if closes with this outcome can have ratings.
pub(super) fn answered(ended: Ended) -> bool {
    use Ended::{AnsweredOver, Any, As, Asked, Delivered, Late, Over};
    matches!(ended, As(Outcome::Answered) | Asked | Delivered | Over | AnsweredOver | Late | Any)
}

/// Link to the list of low ratings that the score counts.
fn low_list(asked: &RatingsQuery, found: &Sums) -> String {
    let bad = asked.with(super::PATH, "grade", "bad");
    if found.report.score.voided == 0 {
        return bad;
    }
    RatingsQuery::read(bad.split_once('?').map_or("", |(_, query)| query)).with(super::PATH, "voided", "no")
}
