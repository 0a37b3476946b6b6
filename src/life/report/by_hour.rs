//! Figures by hours, from the counters: since a person's last visit, and the usual values at this time of the day.

use lastword_base::time::{DAY, Millis};
use lastword_domain::access::rights::Lines;
use lastword_domain::report::calendar::{Day, hour, next_hour};
use lastword_domain::report::period::Period;
use lastword_domain::report::rating_filter::parse_hour;
use lastword_domain::report::stats::team::{Ratings, Verdict, against_the_rest};
use lastword_store::report::today::{rated_by, rest_of_hour};
use lastword_store::report::votes::{self, Votes};
use lastword_store::report::{Closes, Hour, hours};
use lastword_store::{Db, StoreError};
use std::collections::BTreeSet;

/// Number of weeks whose same weekday is the usual value.
pub const WEEKS: i64 = 4;
const HOUR: Millis = 60 * 60 * 1_000;

/// Closes of some hours, by their result.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Happened {
    /// Closed sessions.
    pub closed: i64,
    /// Closed sessions whose question was delivered.
    pub delivered: i64,
    /// Of these, rated.
    pub answered: i64,
    /// Of these, with a rating that is not voided.
    pub rated: i64,
    /// Of these, with a good rating; without voided ones.
    pub good: i64,
    /// Of these, with a bad rating; without voided ones.
    pub bad: i64,
}

impl Happened {
    fn add(&mut self, other: Happened) {
        self.closed += other.closed;
        self.delivered += other.delivered;
        self.answered += other.answered;
        self.rated += other.rated;
        self.good += other.good;
        self.bad += other.bad;
    }
}

impl From<Hour> for Happened {
    fn from(Hour { closes: closed, delivered, answered, rated, good, bad, .. }: Hour) -> Self {
        Self { closed, delivered, answered, rated, good, bad }
    }
}

/// The closes on these lines from `from` to `now`.
#[lastword_base::boxed]
pub async fn happened(db: &Db, lines: &Lines, from: Millis, now: Millis) -> Result<Happened, StoreError> {
    let zone = db.zone();
    let mut happened = Happened::from(rest_of_hour(db, lines, from).await?);
    let whole = next_hour(from, zone);
    if whole > now {
        return Ok(happened);
    }
    let (first, last) = (Day::of(whole, zone), Day::of(now, zone));
    for day in (0..=last.0 - first.0).map(|days| first.plus(days)) {
        let begins = if day == first { hour(whole, zone) } else { 0 };
        let of_day = Closes { sees: lines.clone(), ..Closes::of(Period { from: day, until: day.plus(1) }) };
        let found = hours(db, &of_day).await?.into_iter().filter(|one| one.hour >= begins);
        found.for_each(|one| happened.add(one.into()));
    }
    Ok(happened)
}

/// Usual numbers of a weekday up to a time of the day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Usual {
    /// Closed sessions.
    pub closed: i64,
    /// Of these, with a delivered question.
    pub delivered: i64,
    /// Ratings given until then.
    pub answered: i64,
    /// Bad ratings given until then, without voided ones.
    pub bad: i64,
}

/// Average of the same weekday up to this time of the day, over up to [`WEEKS`] weeks: those since the first with any closes. What
/// came later is left out: today it cannot have come yet. `None` if there is no such day.
#[lastword_base::boxed]
pub async fn usual(db: &Db, lines: &Lines, now: Millis) -> Result<Option<Usual>, StoreError> {
    let zone = db.zone();
    let (today, this) = (Day::of(now, zone), hour(now, zone));
    let (mut sums, mut weeks) = ([0; 4], 0);
    for week in 1..=WEEKS {
        let day = today.plus(-7 * week);
        let of_day = Closes { sees: lines.clone(), ..Closes::of(Period { from: day, until: day.plus(1) }) };
        let found = hours(db, &of_day).await?;
        if found.is_empty() {
            continue;
        }
        weeks = week;
        // Clocks may have been changed since then.
        let then = now - 7 * week * DAY;
        let is_same = |at: &Millis| Day::of(*at, zone) == day && hour(*at, zone) == this;
        let until = [then, then - HOUR, then + HOUR].into_iter().find(is_same).unwrap_or(then);
        let (answered, bad) = rated_by(db, lines, day.start(zone), until).await?;
        let later = rest_of_hour(db, lines, until).await?;
        let [mut closed, mut delivered] = [-later.closes, -later.delivered];
        for one in found.iter().filter(|one| one.hour <= this) {
            (closed, delivered) = (closed + one.closes, delivered + one.delivered);
        }
        sums.iter_mut().zip([closed, delivered, answered, bad]).for_each(|(sum, count)| *sum += count.max(0));
    }
    let [closed, delivered, answered, bad] = sums.map(|sum| (sum as f64 / weeks.max(1) as f64).round() as i64);
    Ok((weeks > 0).then_some(Usual { closed, delivered, answered, bad }))
}

/// Hours with clearly more bad ratings than the others.
#[derive(Clone, Debug, Default)]
pub struct WorseHours {
    /// Weekday, from 0 for Monday, and hour.
    pub hours: BTreeSet<(i64, i64)>,
    /// True if ratings of some lines are left out, because their definition of bad changed in these days.
    pub redefined: bool,
    /// True if none are left.
    pub nothing: bool,
}

/// Hours of the week in which clearly more ratings are bad than in the others: each client counts
/// once per hour, like is compared with like, and over all hours the error is 5 %.
#[lastword_base::boxed]
pub async fn worse_hours(db: &Db, closes: &Closes) -> Result<WorseHours, StoreError> {
    let Votes { mut cases, graded } = votes::by_hour(db, closes).await?;
    let redefined = graded.redefined();
    let redefined = cases.leave_out(|stratum| redefined.contains(stratum));
    let team = cases.team();
    let ratings: Vec<Ratings> = team.iter().map(|case| case.ratings.clone()).collect();
    let found = team.iter().zip(against_the_rest(&ratings)).filter(|(_, standing)| standing.verdict == Verdict::Lower);
    let hours = found.filter_map(|(case, _)| parse_hour(&case.id)).collect();
    Ok(WorseHours { hours, redefined, nothing: redefined && ratings.iter().all(Vec::is_empty) })
}
