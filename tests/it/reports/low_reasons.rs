//! Reasons of low ratings: every figure equals a full count of the rows under every filter, and links to a list of the same
//! number of ratings.

use super::counts::day;
use super::naive::{self, Row, found_reasons, rows};
use super::shop::{Shop, ZONE};
use crate::on_both_databases;
use lastword::domain::access::rights::Lines;
use lastword::domain::answer::rating::Scale;
use lastword::domain::answer::reason::ReasonOrigin;
use lastword::domain::report::low_reasons::LowReasons;
use lastword::domain::report::period::{Period, Step};
use lastword::domain::report::rating_filter::read;
use lastword::life::report::low_reasons::{by_group, by_step, low_reasons};
use lastword::life::report::recount::{fold, recount};
use lastword::store::Db;
use lastword::store::report::rating_list::page;
use lastword::store::report::{By, Closes};
use lastword_base::names::{LineId, OperatorId};

on_both_databases! {
    reasons_are_full_counts_that_lead_to_their_ratings => full_counts;
}

fn filters() -> Vec<Closes> {
    let all = || Closes::of(Period { from: day("2026-09-01"), until: day("2027-01-01") });
    let text = |text: &str| Some(text.to_owned());
    vec![
        all(),
        Closes { from: day("2026-09-25"), until: day("2026-11-03"), ..all() },
        Closes { line: text("support").map(LineId::from), ..all() },
        Closes { operator: text("olga").map(OperatorId::from), ..all() },
        Closes { operator: text("").map(OperatorId::from), ..all() },
        Closes { channel: text("bluebird"), scale: Some(Scale::FiveStar), ..all() },
        Closes { operator: text("pavel").map(OperatorId::from), channel: text("redbird"), ..all() },
        Closes { sees: Lines::Some(["sales".into(), "vip".into()].into()), ..all() },
    ]
}

/// Number of ratings in the list of a figure.
async fn listed(db: &Db, closes: &Closes, name: &str, value: &str) -> i64 {
    let (from, until) = (closes.from.to_string(), closes.until.plus(-1).to_string());
    fn or_none<T: AsRef<str>>(filter: &Option<T>) -> String {
        filter.as_ref().map(|value| if value.as_ref().is_empty() { "-" } else { value.as_ref() }).unwrap_or_default().to_owned()
    }
    let filters = [("line", or_none(&closes.line)), ("operator", or_none(&closes.operator)), ("channel", or_none(&closes.channel))];
    let scale = closes.scale.map_or("", Scale::as_str);
    let (filter, wrong) = read(
        |asked| match asked {
            "from" => vec![&from],
            "until" => vec![&until],
            "grade" => vec!["bad"],
            "voided" => vec!["no"],
            "scale" => vec![scale],
            asked if asked == name => vec![value],
            asked => filters.iter().filter(|(name, _)| *name == asked).map(|(_, value)| value.as_str()).collect(),
        },
        ZONE,
    );
    assert_eq!(wrong, []);
    let (mut count, mut after) = (0, None);
    loop {
        let page = page(db, &filter, &closes.sees, after.as_ref(), 50).await.unwrap();
        count += page.items.len() as i64;
        after = page.next;
        if after.is_none() {
            return count;
        }
    }
}

fn is_right(report: &LowReasons, rows: &[Row], closes: &Closes) {
    assert_eq!(found_reasons(report), naive::low_reasons(rows, closes), "{closes:?}");
}

async fn full_counts(url: String) {
    let mut shop = Shop::open(&url, 20_260_920).await;
    shop.set_up().await;
    shop.erases = true;
    shop.live(420, 60).await;
    let db = shop.engine.db.clone();
    let rows = rows(&db).await;
    let lived = naive::low_reasons(&rows, &filters()[0]);
    for name in ["chosen slow", "chosen price", "chosen unclear", "tagged broken", "tagged price", "tagged slow"] {
        assert!(lived.contains_key(name), "the history has no {name}: {lived:?}");
    }
    let several = |row: &&Row| row.rating.as_ref().is_some_and(|rating| rating.reasons.len() > 1);
    let voided = |row: &&Row| row.rating.as_ref().is_some_and(|rating| rating.voided_at.is_some() && !rating.reasons.is_empty());
    let erased = |row: &&Row| row.rating.as_ref().is_some_and(|rating| rating.comment.as_deref() == Some("") && rating.tags.is_some());
    for (what, count) in [
        ("several reasons", rows.iter().filter(several).count()),
        ("a reason, and are voided", rows.iter().filter(voided).count()),
        ("tags of a comment that is gone", rows.iter().filter(erased).count()),
    ] {
        assert!(count > 0, "no rating has {what}");
    }
    // Before the counter differences are added up, and after.
    for folded in [false, true] {
        while folded && fold(&db).await.unwrap() > 0 {}
        for closes in filters() {
            let (report, before) = low_reasons(&db, &closes).await.unwrap();
            is_right(&report, &rows, &closes);
            let before = before.expect("there is a period before");
            let before = Closes { from: before.from, until: before.until, ..closes.clone() };
            let then = naive::low_reasons(&rows, &before);
            for item in &report.items {
                for origin in ReasonOrigin::ALL {
                    let was = item.before(origin).0.map(|part| part.part);
                    assert_eq!(was, Some(then.get(&format!("{} {}", origin.as_str(), item.code)).copied().unwrap_or(0)), "{before:?}");
                }
            }
            for by in [By::Line, By::Operator, By::Channel] {
                for row in by_group(&db, &closes, by, 100).await.unwrap().0 {
                    let id = Some(row.id.clone());
                    let only = match by {
                        By::Line => Closes { line: id.map(LineId::from), ..closes.clone() },
                        By::Operator => Closes { operator: id.map(OperatorId::from), ..closes.clone() },
                        _ => Closes { channel: id, ..closes.clone() },
                    };
                    is_right(&row.reasons, &rows, &only);
                }
            }
            for step in [Step::Day, Step::Week, Step::Month] {
                for row in by_step(&db, &closes, step).await.unwrap().unwrap() {
                    let period = row.period.unwrap();
                    is_right(&row.reasons, &rows, &Closes { from: period.from, until: period.until, ..closes.clone() });
                }
            }
        }
    }
    lead_to_lists(&db).await;
    let recounted = recount(&db, shop.engine.now(), |_| {}).await.unwrap();
    assert_eq!(recounted.wrong, 0, "{recounted:?}");
}

/// Each figure links to a list of the same number of ratings.
async fn lead_to_lists(db: &Db) {
    for closes in filters() {
        let report = low_reasons(db, &closes).await.unwrap().0;
        assert_eq!(listed(db, &closes, "chosen", "*").await, report.reasoned.part, "{closes:?}");
        assert_eq!(listed(db, &closes, "chosen", "-").await, report.low - report.reasoned.part, "{closes:?}");
        assert_eq!(listed(db, &closes, "tagged", "*").await, report.tagged.part, "{closes:?}");
        assert_eq!(listed(db, &closes, "tagged", "-").await, report.read.part - report.tagged.part, "{closes:?}");
        for item in &report.items {
            for origin in ReasonOrigin::ALL {
                assert_eq!(
                    listed(db, &closes, origin.as_str(), &item.code).await,
                    item.part(origin).part,
                    "{origin:?} {} {closes:?}",
                    item.code
                );
            }
        }
    }
}
