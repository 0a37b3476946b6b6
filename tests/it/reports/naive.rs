//! A full count of the rows, as simple as possible and without the counters.

use super::shop::ZONE;
use chrono::{Datelike as _, TimeZone as _, Timelike as _};
use lastword::domain::answer::rating::Scale;
use lastword::domain::line::Attribution;
use lastword::domain::report::Report;
use lastword::domain::report::low_reasons::LowReasons;
use lastword::names::RequestId;
use lastword::store::Db;
use lastword::store::answer::rating::Rating;
use lastword::store::question::rating_request::RatingRequest;
use lastword::store::records::inspect;
use lastword::store::report::{Closes, Hour};
use std::collections::{BTreeMap, BTreeSet};

/// A close with its rating.
pub(super) struct Row {
    pub(super) request: RatingRequest,
    pub(super) rating: Option<Rating>,
    pub(super) supervisor: Option<i64>,
    /// True while the time for an answer runs.
    pub(super) runs: bool,
}

/// All closes.
pub(super) async fn rows(db: &Db) -> Vec<Row> {
    let mut ratings: BTreeMap<RequestId, Rating> =
        inspect::ratings(db).await.unwrap().into_iter().map(|rating| (rating.request_id, rating)).collect();
    let mut scores: BTreeMap<RequestId, i64> = inspect::supervisor_scores(db).await.unwrap().into_iter().collect();
    let requests = inspect::rating_requests(db).await.unwrap();
    requests.iter().for_each(|request| assert_eq!(request.id.moment(), request.closed_at, "I27: {request:?}"));
    let running: BTreeSet<RequestId> = inspect::running(db).await.unwrap().into_iter().collect();
    let row = |request: RatingRequest| Row {
        rating: ratings.remove(&request.id),
        supervisor: scores.remove(&request.id),
        runs: running.contains(&request.id),
        request,
    };
    // A question asked again is not a separate close.
    requests.into_iter().filter(|request| request.again_of.is_none()).map(row).collect()
}

impl Row {
    fn local(&self) -> chrono::NaiveDateTime {
        ZONE.timestamp_millis_opt(self.request.closed_at).unwrap().naive_local()
    }

    /// Operators it counts for.
    pub(super) fn operators(&self) -> Vec<String> {
        let mut ids: Vec<String> = self.request.operators.iter().map(|operator| operator.id.to_string()).collect();
        if self.request.attribution != Attribution::Shared || ids.is_empty() {
            ids = vec![self.request.operator_id.clone().unwrap_or_default().into()];
        }
        ids.sort();
        ids.dedup();
        ids
    }

    /// True if a report over `closes` includes it.
    pub(super) fn is_in(&self, closes: &Closes) -> bool {
        let day = self.local().date().to_string();
        fn same<T: AsRef<str>>(filter: &Option<T>, mine: &str) -> bool {
            filter.as_ref().is_none_or(|wanted| wanted.as_ref() == mine)
        }
        (closes.from.to_string()..closes.until.to_string()).contains(&day)
            && same(&closes.line, self.request.line_id.as_str())
            && closes.sees.admit(&self.request.line_id)
            && same(&closes.channel, self.request.channel.as_deref().unwrap_or_default())
            && closes.scale.is_none_or(|scale| scale == self.request.scale)
            && closes.handled_by.is_none_or(|handled_by| handled_by == self.request.handled_by)
            && closes.label.as_ref().is_none_or(|label| self.has(&label.key, label.value.as_deref()))
            && closes.operator.as_ref().is_none_or(|operator| self.operators().contains(&operator.to_string()))
    }

    /// True if its session has a label, or a value of a field.
    pub(super) fn has(&self, key: &str, value: Option<&str>) -> bool {
        let of_field = self.request.fields.0.get(key);
        match value {
            None => self.request.labels.iter().any(|label| label == key) || of_field.is_some(),
            Some(value) => of_field.is_some_and(|mine| mine == value),
        }
    }

    fn is(&self, outcome: &str) -> bool {
        self.request.outcome.map(|outcome| outcome.as_str()) == Some(outcome)
    }

    /// `good`, `neutral` or `bad`.
    pub(super) fn grade(&self) -> Option<&'static str> {
        let rating = self.rating.as_ref()?;
        let bad = match rating.line_id.as_str() {
            "sales" => rating.score == 0,
            "support" => rating.score <= 2,
            _ => rating.score <= 3,
        };
        let good = if rating.scale == Scale::Binary { rating.score == 1 } else { rating.score >= 4 };
        Some(if bad {
            "bad"
        } else if good {
            "good"
        } else {
            "neutral"
        })
    }
}

/// Every figure of a report, by name, from the rows.
pub(super) fn expected(rows: &[Row], closes: &Closes) -> BTreeMap<String, i64> {
    let inside: Vec<&Row> = rows.iter().filter(|row| row.is_in(closes)).collect();
    let count = |what: &dyn Fn(&Row) -> bool| inside.iter().filter(|row| what(row)).count() as i64;
    let kept_back = |row: &Row| row.is("not_asked") || row.is("canceled");
    let mut numbers: BTreeMap<String, i64> = BTreeMap::new();
    let mut put = |name: String, number: i64| assert!(numbers.insert(name, number).is_none());
    put("closed".into(), inside.len() as i64);
    for outcome in ["not_asked", "canceled", "answered", "expired", "unreachable", "unsure"] {
        put(outcome.into(), count(&|row| row.is(outcome)));
    }
    put("asked".into(), count(&|row| !kept_back(row)));
    put("open".into(), count(&|row| row.request.outcome.is_none()));
    put("delivered".into(), count(&|row| !kept_back(row) && row.request.delivered_at.is_some()));
    put("delivered and open".into(), count(&|row| row.request.outcome.is_none() && row.request.delivered_at.is_some()));
    put("answered and running".into(), count(&|row| row.is("answered") && row.runs));
    put("delivered and running".into(), count(&|row| !kept_back(row) && row.request.delivered_at.is_some() && row.runs));
    put("over".into(), count(&|row| !kept_back(row) && row.request.delivered_at.is_some() && !row.runs));
    put("late".into(), count(&|row| row.request.late_at.is_some()));
    for grade in ["good", "neutral", "bad"] {
        put(grade.into(), count(&|row| row.grade() == Some(grade)));
        let stays = |row: &Row| row.rating.as_ref().is_some_and(|rating| rating.voided_at.is_none());
        put(format!("adjusted {grade}"), count(&|row| row.grade() == Some(grade) && stays(row)));
    }
    for scale in ["binary", "five_star"] {
        for score in 0..=5 {
            let number = count(&|row| row.rating.as_ref().is_some_and(|rating| rating.scale.as_str() == scale && rating.score == score));
            if number > 0 {
                put(format!("{scale} {score}"), number);
            }
            let of_score = |rating: &Rating| rating.scale.as_str() == scale && rating.score == score && rating.voided_at.is_none();
            let adjusted = count(&|row| row.rating.as_ref().is_some_and(of_score));
            if adjusted > 0 {
                put(format!("adjusted {scale} {score}"), adjusted);
            }
        }
    }
    put("voided".into(), count(&|row| row.rating.as_ref().is_some_and(|rating| rating.voided_at.is_some())));
    let rated =
        |what: &dyn Fn(&Rating) -> bool| inside.iter().filter_map(|row| row.rating.as_ref()).filter(|rating| what(rating)).count() as i64;
    put("resolved".into(), rated(&|rating| rating.resolved == Some(1)));
    put("said whether resolved".into(), rated(&|rating| rating.resolved.is_some()));
    put("commented".into(), rated(&|rating| rating.comment.is_some()));
    let secs = inside.iter().filter_map(|row| row.rating.as_ref()).map(|rating| (rating.rated_at - rating.closed_at).max(0) / 1_000);
    put("average secs".into(), secs.sum::<i64>().checked_div(rated(&|_| true)).unwrap_or(-1));
    put("supervised".into(), count(&|row| row.supervisor.is_some()));
    numbers
}

/// The same figures from a report.
pub(super) fn found(report: &Report) -> BTreeMap<String, i64> {
    let (funnel, score) = (report.funnel, report.score);
    let mut numbers: BTreeMap<String, i64> = [
        ("closed", funnel.closed),
        ("not_asked", funnel.not_asked),
        ("canceled", funnel.canceled),
        ("asked", funnel.asked),
        ("delivered", funnel.delivered),
        ("delivered and open", funnel.delivered_open),
        ("answered and running", funnel.answered_runs),
        ("delivered and running", funnel.delivered_runs),
        ("over", report.response.of),
        ("answered", funnel.answered),
        ("open", funnel.open),
        ("expired", funnel.expired),
        ("unreachable", funnel.unreachable),
        ("unsure", funnel.unsure),
        ("late", funnel.late),
        ("good", score.raw.good),
        ("neutral", score.raw.neutral),
        ("bad", score.raw.bad),
        ("adjusted good", score.adjusted.good),
        ("adjusted neutral", score.adjusted.neutral),
        ("adjusted bad", score.adjusted.bad),
        ("voided", score.voided),
        ("resolved", report.resolved.part),
        ("said whether resolved", report.resolved.of),
        ("commented", report.commented.part),
        ("average secs", report.took.average_secs.unwrap_or(-1)),
        ("supervised", report.supervisor.count),
    ]
    .into_iter()
    .map(|(name, number)| (name.to_owned(), number))
    .collect();
    for scale in &report.scales {
        for bar in scale.distribution.iter().filter(|bar| bar.count > 0) {
            numbers.insert(format!("{} {}", scale.scale.as_str(), bar.score), bar.count);
            if bar.count > bar.voided {
                numbers.insert(format!("adjusted {} {}", scale.scale.as_str(), bar.score), bar.count - bar.voided);
            }
        }
    }
    numbers
}

/// Reasons that closes were kept back or unreachable.
pub(super) fn reasons(rows: &[Row], closes: &Closes) -> BTreeMap<(String, String), i64> {
    let mut reasons = BTreeMap::new();
    for row in rows.iter().filter(|row| row.is_in(closes) && (row.is("not_asked") || row.is("canceled") || row.is("unreachable"))) {
        let key = (row.request.outcome.unwrap().to_string(), row.request.reason.clone().unwrap_or_default());
        *reasons.entry(key).or_default() += 1;
    }
    reasons
}

/// Reasons of low ratings that are not voided: the totals, and the number of each reason.
pub(super) fn low_reasons(rows: &[Row], closes: &Closes) -> BTreeMap<String, i64> {
    let mut numbers: BTreeMap<String, i64> = BTreeMap::new();
    let mut one = |name: &str| *numbers.entry(name.to_owned()).or_default() += 1;
    let low = rows.iter().filter(|row| row.is_in(closes) && row.grade() == Some("bad")).filter_map(|row| row.rating.as_ref());
    for rating in low.filter(|rating| rating.voided_at.is_none()) {
        one("low");
        let mut chosen: Vec<&str> = rating.reasons.iter().map(|reason| reason.code.as_str()).collect();
        chosen.dedup();
        chosen.first().into_iter().for_each(|_| one("reasoned"));
        chosen.iter().for_each(|code| one(&format!("chosen {code}")));
        if let Some(tags) = &rating.tags {
            one("read");
            tags.first().into_iter().for_each(|_| one("tagged"));
            tags.iter().for_each(|code| one(&format!("tagged {code}")));
        }
    }
    numbers
}

/// The same with the remainder, as the page shows it.
pub(super) fn shown_reasons(rows: &[Row], closes: &Closes) -> BTreeMap<String, i64> {
    let mut numbers = low_reasons(rows, closes);
    let part = |name: &str| numbers.get(name).copied().unwrap_or(0);
    let (without_reason, without_tag) = (part("low") - part("reasoned"), part("read") - part("tagged"));
    numbers.extend([("without a reason".to_owned(), without_reason), ("without a tag".to_owned(), without_tag)]);
    numbers
}

/// The same figures from a report.
pub(super) fn found_reasons(report: &LowReasons) -> BTreeMap<String, i64> {
    let wholes = [("low", report.low), ("reasoned", report.reasoned.part), ("read", report.read.part), ("tagged", report.tagged.part)];
    assert!(report.reasoned.of == report.low && report.read.of == report.low && report.tagged.of == report.read.part);
    let mut numbers: BTreeMap<String, i64> = wholes.into_iter().map(|(name, number)| (name.to_owned(), number)).collect();
    for item in &report.items {
        assert_eq!((item.chosen.of, item.tagged.of), (report.reasoned.part, report.read.part), "part and whole are the same ratings");
        numbers.insert(format!("chosen {}", item.code), item.chosen.part);
        numbers.insert(format!("tagged {}", item.code), item.tagged.part);
    }
    numbers.retain(|_, number| *number != 0);
    numbers
}

/// By weekday and hour.
pub(super) fn hours(rows: &[Row], closes: &Closes) -> Vec<Hour> {
    let mut hours: BTreeMap<(i64, i64), Hour> = BTreeMap::new();
    for row in rows.iter().filter(|row| row.is_in(closes)) {
        let (weekday, hour) = (i64::from(row.local().weekday().num_days_from_monday()), i64::from(row.local().hour()));
        let cell = hours.entry((weekday, hour)).or_insert(Hour { weekday, hour, ..Hour::default() });
        cell.closes += 1;
        cell.delivered += i64::from(!row.is("not_asked") && !row.is("canceled") && row.request.delivered_at.is_some());
        cell.answered += i64::from(row.rating.is_some());
        let over = !row.is("not_asked") && !row.is("canceled") && row.request.delivered_at.is_some() && !row.runs;
        cell.over += i64::from(over);
        cell.answered_over += i64::from(over && row.rating.is_some());
        let stays = row.rating.as_ref().is_some_and(|rating| rating.voided_at.is_none());
        cell.rated += i64::from(stays);
        cell.good += i64::from(stays && row.grade() == Some("good"));
        cell.bad += i64::from(stays && row.grade() == Some("bad"));
    }
    hours.into_values().collect()
}
