//! Every figure of every report equals a full count of the rows, under every filter.

use super::naive::{Row, expected, found, hours, reasons, rows};
use super::shop::{CHANNELS, LINES, OPERATORS, Shop};
use crate::on_both_databases;
use lastword::domain::access::rights::Lines;
use lastword::domain::answer::rating::Scale;
use lastword::domain::report::calendar::Day;
use lastword::domain::report::period::{Period, Step};
use lastword::domain::session::HandledBy;
use lastword::domain::session::label::{LabelIs, VALUES_SHOWN};
use lastword::life::report::by_hour::happened;
use lastword::life::report::recount::fold;
use lastword::life::report::store_label_counts::store_label_counts;
use lastword::life::report::timeline::timeline;
use lastword::life::report::{groups, summary, trend};
use lastword::store::Db;
use lastword::store::report::{self, By, Closes};
use lastword::time::DAY;
use lastword_base::names::{LineId, OperatorId};
use std::collections::BTreeMap;

on_both_databases! {
    every_score_is_a_full_count_of_the_rows => full_counts;
    trends_groups_and_hours_are_full_counts_too => splits;
}

pub(super) fn day(text: &str) -> Day {
    Day::parse(text).unwrap()
}

/// No filter.
pub(super) fn all() -> Closes {
    Closes::of(Period { from: day("2026-09-01"), until: day("2027-01-01") })
}

fn some<T: Clone>(values: &[T]) -> Vec<Option<T>> {
    std::iter::once(None).chain(values.iter().cloned().map(Some)).collect()
}

fn words(values: &[&str]) -> Vec<Option<String>> {
    some(&values.iter().map(|&value| value.to_owned()).collect::<Vec<_>>())
}

/// Each combination of filters over several periods: a whole year, most of one, parts of months, one day.
fn filters() -> Vec<Closes> {
    let periods = [
        ("2026-01-01", "2027-01-01"),
        ("2025-12-28", "2026-10-27"),
        ("2026-09-03", "2027-11-30"),
        ("2026-09-25", "2026-11-03"),
        ("2026-10-25", "2026-10-26"),
    ];
    let mut filters = Vec::new();
    for line in words(&["vip"]) {
        for operator in words(&["", "olga"]) {
            for channel in words(&["", "bluebird"]) {
                for scale in some(&[Scale::FiveStar]) {
                    for (from, until) in periods {
                        let (line, operator, channel) = (line.clone(), operator.clone(), channel.clone());
                        let period = Period { from: day(from), until: day(until) };
                        filters.push(Closes {
                            line: line.map(LineId::from),
                            operator: operator.map(OperatorId::from),
                            channel,
                            scale,
                            ..Closes::of(period)
                        });
                    }
                }
            }
        }
    }
    filters
}

async fn full_counts(url: String) {
    let mut shop = Shop::open(&url, 20_260_920).await;
    shop.set_up().await;
    shop.live(420, 60).await;
    assert!(shop.seconds > 3, "clients were asked once more: {}", shop.seconds);
    for became in ["changed", "held", "withdrawn", "locked"] {
        assert!(shop.edited.contains(became), "no edit was {became}: {:?}", shop.edited);
    }
    let rows = rows(&shop.engine.db).await;
    let sees = Lines::Some(["sales".into(), "vip".into()].into());
    let everything = expected(&rows, &all());
    for name in ["answered", "good", "neutral", "bad", "expired", "unreachable", "unsure", "late", "canceled", "not_asked", "resolved"] {
        assert!(everything[name] > 0, "the history has none that is {name}: {everything:?}");
    }
    let mut with_answers = 0;
    let of_some_lines = Closes { sees, ..all() };
    for handled_by in HandledBy::ALL {
        assert!(rows.iter().any(|row| row.request.handled_by == handled_by), "the history has none that is handled by {handled_by}");
    }
    let handled = HandledBy::ALL.map(|handled_by| Closes { handled_by: Some(handled_by), ..all() }).into_iter().flat_map(|closes| {
        let odd = Closes { from: day("2026-09-25"), until: day("2026-11-03"), line: Some("vip".into()), ..closes.clone() };
        [Closes { operator: Some("olga".into()), ..closes.clone() }, Closes { scale: Some(Scale::FiveStar), ..closes.clone() }, closes, odd]
    });
    let labelled =
        ["vip", "topic", "topic:bill"].map(|label| Closes { label: LabelIs::parse(label), ..all() }).into_iter().flat_map(|closes| {
            let odd = Closes { from: day("2026-09-25"), until: day("2026-11-03"), line: Some("vip".into()), ..closes.clone() };
            let olgas = Closes { operator: Some("olga".into()), handled_by: Some(HandledBy::Human), ..closes.clone() };
            [Closes { scale: Some(Scale::FiveStar), channel: Some("bluebird".to_owned()), ..closes.clone() }, closes, odd, olgas]
        });
    for closes in filters().into_iter().chain([of_some_lines]).chain(handled).chain(labelled) {
        let report = summary(&shop.engine.db, &closes).await.unwrap();
        assert_eq!(found(&report.report), expected(&rows, &closes), "{closes:?}");
        let why: BTreeMap<(String, String), i64> =
            report.reasons.into_iter().map(|(outcome, reason, count)| ((outcome.as_str().to_owned(), reason), count)).collect();
        assert_eq!(why, reasons(&rows, &closes), "{closes:?}");
        with_answers += i32::from(report.report.funnel.answered > 0);
        if let Some((before, figures)) = report.previous {
            let before = Closes { from: before.from, until: before.until, ..closes };
            assert_eq!(found(&figures), expected(&rows, &before), "{before:?}");
        }
    }
    assert!(with_answers > 20, "most filters leave something to count: {with_answers}");
    let lived = Closes { from: day("2026-09-20"), until: day("2026-11-19"), ..all() };
    let time = timeline(&shop.engine.db, &lived).await.unwrap().expect("two months hold enough answers");
    assert_eq!((time.points[0].period.from, time.points[time.points.len() - 1].period.until), (lived.from, lived.until));
    for point in time.points.iter().chain(&time.before) {
        let only = Closes { from: point.period.from, until: point.period.until, ..lived.clone() };
        assert_eq!(found(&point.report), expected(&rows, &only), "{only:?}");
    }
    assert!(!time.rolling.days.is_empty(), "two months hold enough answers for a line");
    for (day, rolling) in &time.rolling.days {
        let first = day.plus(1 - i64::try_from(time.rolling.window).unwrap());
        let only = Closes { from: first, until: day.plus(1), ..lived.clone() };
        let full = expected(&rows, &only);
        let rated: i64 = ["good", "neutral", "bad"].iter().map(|grade| full[&format!("adjusted {grade}")]).sum();
        assert_eq!((rolling.good.part, rolling.good.whole), (full["adjusted good"], rated), "{only:?}");
    }
    assert_eq!(
        timeline(&shop.engine.db, &Closes { until: lived.from.plus(1), ..lived }).await.unwrap().map(|time| time.points.len()),
        None
    );
}

async fn splits(url: String) {
    let mut shop = Shop::open(&url, 7).await;
    shop.set_up().await;
    shop.live(120, 60).await;
    let (db, rows) = (shop.engine.db.clone(), rows(&shop.engine.db).await);
    for folded in [false, true] {
        if folded {
            add_up(&shop).await;
        }
        let odd = Closes { from: day("2026-09-25"), until: day("2026-11-03"), ..all() };
        let sees = Lines::Some(["sales".into(), "vip".into()].into());
        for closes in [
            all(),
            Closes { line: Some("vip".into()), ..odd.clone() },
            Closes { channel: Some("bluebird".to_owned()), sees: sees.clone(), ..odd.clone() },
            Closes { from: day("2025-12-28"), until: day("2026-10-27"), operator: Some("olga".into()), sees, ..all() },
        ] {
            for (by, ids) in [
                (By::Line, &LINES[..]),
                (By::Operator, &["", OPERATORS[0], OPERATORS[1], OPERATORS[2]][..]),
                (By::Channel, &["", CHANNELS[0], CHANNELS[1]][..]),
                (By::HandledBy, &HandledBy::ALL.map(HandledBy::as_str)[..]),
                (By::Label, &["vip", "refund", "topic:bill"][..]),
            ] {
                let (items, _) = groups(&db, &closes, by, 100).await.unwrap();
                for id in ids {
                    let id_ = Some((*id).to_owned());
                    let only = match by {
                        By::Line if closes.line.is_some() && closes.line.as_ref().is_none_or(|line| *line != **id) => continue,
                        By::Operator if closes.operator.is_some() && closes.operator.as_ref().is_none_or(|operator| *operator != **id) => {
                            continue;
                        }
                        By::Channel if closes.channel.is_some() && closes.channel != id_ => continue,
                        By::Line => Closes { line: id_.map(LineId::from), ..closes.clone() },
                        By::Operator => Closes { operator: id_.map(OperatorId::from), ..closes.clone() },
                        By::HandledBy => Closes { handled_by: HandledBy::parse(id), ..closes.clone() },
                        By::Label => Closes { label: LabelIs::parse(id), ..closes.clone() },
                        _ => Closes { channel: id_, ..closes.clone() },
                    };
                    let expected = expected(&rows, &only);
                    let item = items.iter().find(|item| item.id == *id);
                    assert_eq!(
                        item.map(|item| found(&item.report)).unwrap_or_else(|| found(&lastword::domain::report::Report::of(&[]))),
                        expected,
                        "{by:?} {id}"
                    );
                }
            }
            trend_of_a_label(&db, &rows, &closes).await;
            for step in [Step::Day, Step::Week, Step::Month] {
                for point in trend(&db, &closes, step).await.unwrap().unwrap() {
                    let only = Closes { from: point.period.from, until: point.period.until, ..closes.clone() };
                    assert_eq!(found(&point.report), expected(&rows, &only), "{step:?} {only:?}");
                }
            }
            for (operator, scale) in [(None, None), (Some("olga".to_owned()), None), (None, Some(Scale::FiveStar))] {
                let handled_by = scale.map(|_| HandledBy::Human);
                for label in [None, LabelIs::parse("vip")] {
                    let of_label = Closes { label, operator: operator.clone().map(OperatorId::from), scale, handled_by, ..closes.clone() };
                    assert_eq!(report::hours(&db, &of_label).await.unwrap(), hours(&rows, &of_label), "{of_label:?}");
                }
                let closes = Closes { operator: operator.map(OperatorId::from), scale, handled_by, ..closes.clone() };
                assert_eq!(report::hours(&db, &closes).await.unwrap(), hours(&rows, &closes), "{closes:?}");
            }
        }
    }
    labels_within(&db, &rows).await;
    names(&db).await;
    since(&db, &rows).await;
}

/// Adds up the counters, and stores the counts of all labelled closes.
async fn add_up(shop: &Shop) {
    while fold(&shop.engine.db).await.unwrap() > 0 {}
    store_label_counts(&shop.engine.db, shop.engine.now() + 10 * DAY, usize::MAX).await.unwrap();
}

/// An operator is named as in the newest close, and told apart from others of that name.
async fn names(db: &Db) {
    let names = groups(db, &all(), By::Operator, 100).await.unwrap().0;
    assert_eq!(names.iter().find(|row| row.id == "olga").unwrap().name.as_deref(), Some("N. (olga)"));
}

/// The figures since a moment leave out earlier closes of the same hour.
async fn since(db: &Db, rows: &[Row]) {
    let counted: Vec<&Row> = rows.iter().filter(|row| row.is_in(&all())).collect();
    let mut times: Vec<i64> = counted.iter().map(|row| row.request.closed_at).collect();
    times.sort_unstable();
    let now = *times.last().unwrap();
    for from in [times[0], times[times.len() / 2] + 1, times[times.len() - 40], now - 60_000, now, now + 1] {
        let (mut closed, mut rated, mut good) = (0, 0, 0);
        for row in counted.iter().filter(|row| row.request.closed_at >= from) {
            let stays = row.rating.as_ref().is_some_and(|rating| rating.voided_at.is_none());
            closed += 1;
            rated += i64::from(stays);
            good += i64::from(stays && row.grade() == Some("good"));
        }
        let found = happened(db, &Lines::All, from, now).await.unwrap();
        assert_eq!((found.closed, found.rated, found.good), (closed, rated, good), "since {from}");
    }
}

async fn trend_of_a_label(db: &Db, rows: &[Row], closes: &Closes) {
    let labelled = Closes { label: LabelIs::parse("refund"), ..closes.clone() };
    for point in trend(db, &labelled, Step::Week).await.unwrap().unwrap() {
        let only = Closes { from: point.period.from, until: point.period.until, ..labelled.clone() };
        assert_eq!(found(&point.report), expected(rows, &only), "{only:?}");
    }
}

async fn labels_within(db: &Db, rows: &[Row]) {
    // A label within a label; and the rarer values of a field with many values form one group.
    let vips = Closes { label: LabelIs::parse("vip"), ..all() };
    let both = |row: &Row| row.has("vip", None) && row.has("refund", None);
    let item = groups(db, &vips, By::Label, 100).await.unwrap().0.into_iter().find(|row| row.id == "refund").unwrap();
    assert_eq!(item.report.funnel.closed, rows.iter().filter(|row| both(row)).count() as i64);
    let topics = groups(db, &all(), By::Label, 100).await.unwrap().0;
    let topics: Vec<_> = topics.into_iter().filter(|row| row.id.starts_with("topic:")).collect();
    assert_eq!(topics.len(), VALUES_SHOWN + 1, "and the rest");
    assert!(topics.iter().any(|row| row.id == "topic:"));
    let closed: i64 = topics.iter().map(|row| row.report.funnel.closed).sum();
    assert_eq!(closed, rows.iter().filter(|row| row.has("topic", None)).count() as i64);
}
