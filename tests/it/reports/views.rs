//! The views for BI tools: their columns and types on both databases, their sums against the reports, and the documentation of both.

use super::counts::{all, day};
use super::naive::{found, found_reasons};
use super::shop::{CHANNELS, LINES, OPERATORS, Shop};
use crate::on_both_databases;
use crate::rig::root;
use crate::rig::tables::{number, rows};
use lastword::domain::session::HandledBy;
use lastword::domain::session::label::LabelIs;
use lastword::life::report::low_reasons::low_reasons;
use lastword::life::report::recount::fold;
use lastword::life::report::replies::replies;
use lastword::life::report::summary;
use lastword::store::report::Closes;
use lastword::store::report::bi::{Kind, VIEWS, Value};
use lastword::time::Clock as _;
use std::collections::BTreeMap;
use std::fmt::Write as _;

on_both_databases! {
    the_columns_and_types_of_the_views_are_the_contract => golden;
    the_sums_of_the_views_are_those_of_the_reports => sums;
    the_documented_questions_are_answered_like_the_reports => documented;
    the_days_of_a_view_are_found_without_reading_the_others => by_day;
}

/// The contract. A change of a line that is here breaks queries of others: new columns are added at the end, all others belong into
/// a new version of the view.
const GOLDEN: &str = "\
bi1_alarms: alarm_id text, line_id text, channel text, kind text, raised_at time, ended_at time, end_reason text, cases number, bad number
bi1_closes: close_id text, closed_at time, day day, line_id text, channel text, scale text, operator_id text, handled_by text, closed_by text, outcome text, reason text, asked number, delivered number, matured number, answered number, answered_matured number, late number
bi1_daily: day day, line_id text, channel text, scale text, handled_by text, closes number, not_asked number, canceled number, asked number, delivered number, matured number, answered number, answered_matured number, expired number, unreachable number, unsure number, open number, late number, counted number, good number, bad number, score_0 number, score_1 number, score_2 number, score_3 number, score_4 number, score_5 number, voided number, resolved_yes number, resolved_no number, commented number, seconds_to_rate number, supervised number, supervisor_sum number
bi1_lines: line_id text, name text, archived number
bi1_low_ratings: close_id text, day day, line_id text, channel text, scale text, operator_id text, handled_by text, rated_at time, done_at time, replied_at time, settled_at time, waits number, seconds_to_reply number
bi1_operator_daily: day day, line_id text, channel text, scale text, operator_id text, handled_by text, closes number, not_asked number, canceled number, asked number, delivered number, matured number, answered number, answered_matured number, expired number, unreachable number, unsure number, open number, late number, counted number, good number, bad number, score_0 number, score_1 number, score_2 number, score_3 number, score_4 number, score_5 number, voided number, resolved_yes number, resolved_no number, commented number, seconds_to_rate number, supervised number, supervisor_sum number
bi1_operators: operator_id text, name text, kind text
bi1_ratings: close_id text, closed_at time, day day, line_id text, channel text, scale text, operator_id text, handled_by text, rated_at time, score number, grade text, voided number, counted number, good number, bad number, matured number, resolved number, has_comment number, seconds_to_rate number, supervisor_score number
bi1_reasons: close_id text, day day, line_id text, channel text, scale text, operator_id text, handled_by text, origin text, code text
";

fn word(kind: Kind) -> &'static str {
    match kind {
        Kind::Text => "text",
        Kind::Int => "number",
        Kind::Moment => "time",
        Kind::Day => "day",
    }
}

/// The views with their columns as listed by the database; types as by PostgreSQL, or by the values in SQLite.
async fn described(url: &str) -> BTreeMap<String, Vec<(String, String)>> {
    let mut views: BTreeMap<String, Vec<(String, String)>> = BTreeMap::new();
    if url.starts_with("postgres") {
        let columns = "SELECT table_name, column_name, data_type FROM information_schema.columns \
                       WHERE table_schema = current_schema() AND table_name LIKE 'bi%' ORDER BY table_name, ordinal_position";
        for row in rows(url, columns).await {
            let [view, column, kind] = row.try_into().expect("three columns");
            let kind = match kind.unwrap().as_str() {
                "text" => "text",
                "bigint" => "number",
                "timestamp with time zone" => "time",
                "date" => "day",
                other => panic!("{view:?}.{column:?} is {other}"),
            };
            views.entry(view.unwrap()).or_default().push((column.unwrap(), kind.to_owned()));
        }
        return views;
    }
    let columns = "SELECT t.name, c.name FROM sqlite_schema t JOIN pragma_table_info(t.name) c \
                   WHERE t.type = 'view' AND t.name LIKE 'bi%' ORDER BY t.name, c.cid";
    for row in rows(url, columns).await {
        let [view, column] = row.try_into().expect("two columns");
        let (view, column) = (view.unwrap(), column.unwrap());
        let kinds = "CASE WHEN typeof(COLUMN) = 'integer' THEN 'number' WHEN typeof(COLUMN) <> 'text' THEN typeof(COLUMN) \
                     WHEN COLUMN GLOB '20[0-9][0-9]-[0-1][0-9]-[0-3][0-9]' THEN 'day' \
                     WHEN COLUMN GLOB '20[0-9][0-9]-[0-1][0-9]-[0-3][0-9] [0-2][0-9]:[0-5][0-9]:[0-5][0-9]' THEN 'time' ELSE 'text' END";
        let kinds = kinds.replace("COLUMN", &column);
        let kinds = rows(url, &format!("SELECT DISTINCT {kinds} FROM {view} WHERE {column} IS NOT NULL")).await;
        let kinds: Vec<String> = kinds.into_iter().flatten().flatten().collect();
        assert_eq!(kinds.len(), 1, "{view}.{column} has values of one type: {kinds:?}");
        views.entry(view).or_default().push((column, kinds[0].clone()));
    }
    views
}

async fn lived(url: &str, seed: u64) -> Shop {
    let mut shop = Shop::open(url, seed).await;
    shop.set_up().await;
    shop.live(300, 60).await;
    shop
}

async fn golden(url: String) {
    let shop = lived(&url, 11).await;
    let alarm = "INSERT INTO share_alarm (id, line_id, channel, kind, raised_at, from_at, until_at, cases, bad, usual, promise, ended_at, end_reason) \
                 VALUES ('a', 'vip', 'bluebird', 'score', 1790000000000, 1, 2, 3, 2, 1, 1, 1790000000000, 'all_clear')";
    crate::personal::put(&url, alarm).await;
    let low = "SELECT request_id FROM rating WHERE low = 1 AND voided_at IS NULL LIMIT 1";
    let review = "INSERT INTO review (request_id, line_id, revision, settled_at, replied_at) VALUES";
    let low = rows(&url, low).await.remove(0).remove(0).unwrap();
    crate::personal::put(&url, &format!("DELETE FROM review WHERE request_id = '{low}'")).await;
    crate::personal::put(&url, &format!("{review} ('{low}', 'vip', 1, 1795000000000, 1795000000000)")).await;
    crate::personal::put(&url, &format!("UPDATE rating SET done_at = 1795000000000 WHERE request_id = '{low}'")).await;
    let mut text = String::new();
    for (view, columns) in described(&url).await {
        let columns: Vec<String> = columns.into_iter().map(|(column, kind)| format!("{column} {kind}")).collect();
        writeln!(text, "{view}: {}", columns.join(", ")).unwrap();
    }
    assert_eq!(text, GOLDEN);
    let mut program = String::new();
    let mut views: Vec<_> = VIEWS.iter().collect();
    views.sort_by_key(|view| view.name);
    for view in views {
        let columns: Vec<String> = view.columns.iter().map(|(column, kind)| format!("{column} {}", word(*kind))).collect();
        writeln!(program, "{}: {}", view.name, columns.join(", ")).unwrap();
        // The pages are together the whole view.
        let (mut reading, mut read) = (view.open(&shop.engine.db).await.unwrap(), 0);
        loop {
            let page = reading.next().await.unwrap();
            if page.is_empty() {
                break;
            }
            assert!(page.iter().flatten().all(|value| !matches!(value, Value::Text(text) if text.contains("+00"))), "times are UTC");
            read += page.len() as u64;
        }
        assert_eq!((read, read > 0), (view.count(&shop.engine.db).await.unwrap(), true), "{}", view.name);
    }
    assert_eq!(program, GOLDEN, "src/store/report/bi.rs lists the same columns");
}

/// The figures of a report, and the expressions over a view of days that have to give the same.
const DAILY: &[(&str, &str)] = &[
    ("closed", "sum(closes)"),
    ("not_asked", "sum(not_asked)"),
    ("canceled", "sum(canceled)"),
    ("asked", "sum(asked)"),
    ("delivered", "sum(delivered)"),
    ("over", "sum(matured)"),
    ("answered", "sum(answered)"),
    ("answered and running", "sum(answered - answered_matured)"),
    ("expired", "sum(expired)"),
    ("unreachable", "sum(unreachable)"),
    ("unsure", "sum(unsure)"),
    ("open", "sum(open)"),
    ("late", "sum(late)"),
    ("adjusted good", "sum(good)"),
    ("adjusted bad", "sum(bad)"),
    ("adjusted neutral", "sum(counted - good - bad)"),
    ("voided", "sum(voided)"),
    ("resolved", "sum(resolved_yes)"),
    ("said whether resolved", "sum(resolved_yes + resolved_no)"),
    ("commented", "sum(commented)"),
    ("supervised", "sum(supervised)"),
];

/// The same over the view of closes,
const CLOSES: &[(&str, &str)] = &[
    ("closed", "count(*)"),
    ("not_asked", "sum(CASE WHEN outcome = 'not_asked' THEN 1 ELSE 0 END)"),
    ("canceled", "sum(CASE WHEN outcome = 'canceled' THEN 1 ELSE 0 END)"),
    ("open", "sum(CASE WHEN outcome = 'open' THEN 1 ELSE 0 END)"),
    ("asked", "sum(asked)"),
    ("delivered", "sum(delivered)"),
    ("over", "sum(matured)"),
    ("answered", "sum(answered)"),
    ("answered and running", "sum(answered - answered_matured)"),
    ("late", "sum(late)"),
];

/// and over the view of ratings.
const RATINGS: &[(&str, &str)] = &[
    ("answered", "count(*)"),
    ("answered and running", "sum(1 - matured)"),
    ("good", "sum(CASE WHEN grade = 'good' THEN 1 ELSE 0 END)"),
    ("neutral", "sum(CASE WHEN grade = 'neutral' THEN 1 ELSE 0 END)"),
    ("bad", "sum(CASE WHEN grade = 'bad' THEN 1 ELSE 0 END)"),
    ("adjusted good", "sum(good)"),
    ("adjusted bad", "sum(bad)"),
    ("adjusted neutral", "sum(counted - good - bad)"),
    ("voided", "sum(voided)"),
    ("resolved", "sum(resolved)"),
    ("said whether resolved", "count(resolved)"),
    ("commented", "sum(has_comment)"),
];

async fn figures(url: &str, view: &str, figures: &[(&str, &str)], condition: &str) -> BTreeMap<String, i64> {
    let list: Vec<&str> = figures.iter().map(|(_, expression)| *expression).collect();
    let row = rows(url, &format!("SELECT {} FROM {view} WHERE {condition}", list.join(", "))).await.remove(0);
    let number = |text: Option<String>| text.map_or(0, |text| text.parse().unwrap_or_else(|_| panic!("{view}: {text}")));
    figures.iter().zip(row).map(|((name, _), text)| ((*name).to_owned(), number(text))).collect()
}

/// Filters of reports, and the same as conditions.
fn filters() -> Vec<(Closes, String)> {
    let periods = [("2026-09-01", "2027-01-01"), ("2026-09-25", "2026-11-03"), ("2026-10-25", "2026-10-26"), ("2026-10-01", "2026-11-01")];
    let mut filters = Vec::new();
    for (from, until) in periods {
        let period = format!("day >= '{from}' AND day < '{until}'");
        let closes = Closes { from: day(from), until: day(until), ..all() };
        filters.push((closes.clone(), period.clone()));
        for line in LINES {
            filters.push((Closes { line: Some(line.into()), ..closes.clone() }, format!("{period} AND line_id = '{line}'")));
        }
        for channel in CHANNELS.into_iter().chain([""]) {
            filters.push((Closes { channel: Some(channel.to_owned()), ..closes.clone() }, format!("{period} AND channel = '{channel}'")));
        }
        for handled_by in HandledBy::ALL {
            let filter = Closes { handled_by: Some(handled_by), line: Some("vip".into()), ..closes.clone() };
            filters.push((filter, format!("{period} AND line_id = 'vip' AND handled_by = '{handled_by}'")));
        }
    }
    filters
}

async fn sums(url: String) {
    let shop = lived(&url, 20_260_921).await;
    let db = &shop.engine.db;
    for folded in [false, true] {
        while folded && fold(db).await.unwrap() > 0 {}
        let (mut counted, mut replies_seen) = (0, 0);
        for (closes, condition) in filters() {
            let report = found(&summary(db, &closes).await.unwrap().report);
            for (view, expressions) in [("bi1_daily", DAILY), ("bi1_closes", CLOSES), ("bi1_ratings", RATINGS)] {
                let expected: BTreeMap<String, i64> = expressions.iter().map(|(name, _)| ((*name).to_owned(), report[*name])).collect();
                assert_eq!(figures(&url, view, expressions, &condition).await, expected, "{view} where {condition}");
                counted += i64::from(expected["answered"] > 0);
            }
            let reasons = found_reasons(&low_reasons(db, &closes).await.unwrap().0);
            let low = number(&url, &format!("SELECT count(*) FROM bi1_low_ratings WHERE {condition}")).await;
            assert_eq!(low, report["adjusted bad"], "bi1_low_ratings where {condition}");
            let replied = number(&url, &format!("SELECT count(replied_at) FROM bi1_low_ratings WHERE {condition}")).await;
            let (all, _) = replies(db, &closes, shop.clock.now()).await.unwrap();
            assert_eq!((all.replied.part, all.replied.of), (replied, low), "replies where {condition}");
            replies_seen += replied;
            let list = format!("SELECT origin, code, count(*) FROM bi1_reasons WHERE {condition} GROUP BY origin, code");
            for row in rows(&url, &list).await {
                let [origin, code, n] = row.map_texts();
                assert_eq!(reasons.get(&format!("{origin} {code}")).map(i64::to_string), Some(n), "{origin} {code} where {condition}");
            }
            let both =
                reasons.iter().filter(|(name, _)| name.starts_with("chosen ") || name.starts_with("tagged ")).map(|(_, n)| n).sum::<i64>();
            assert_eq!(number(&url, &format!("SELECT count(*) FROM bi1_reasons WHERE {condition}")).await, both, "{condition}");
        }
        let of_vip = Closes { label: LabelIs::parse("vip"), ..all() };
        let (vip, _) = replies(db, &of_vip, shop.clock.now()).await.unwrap();
        let with_vip = "FROM bi1_low_ratings v JOIN close_label l ON l.request_id = v.close_id WHERE l.key = 'vip'";
        let low = (
            number(&url, &format!("SELECT count(v.replied_at) {with_vip}")).await,
            number(&url, &format!("SELECT count(*) {with_vip}")).await,
        );
        assert_eq!((vip.replied.part, vip.replied.of), low, "replies with a label");
        assert!(replies_seen > 0 && low.0 > 0 && low.0 < low.1, "some low ratings have a reply: {low:?}");
        assert!(counted > 60, "most filters leave something to count: {counted}");
        for (view, by) in [
            ("bi1_daily", "day, line_id, channel, scale, handled_by"),
            ("bi1_operator_daily", "day, line_id, channel, scale, operator_id, handled_by"),
        ] {
            let twice = format!("SELECT count(*) FROM (SELECT 1 FROM {view} GROUP BY {by} HAVING count(*) > 1) AS t");
            assert_eq!(number(&url, &twice).await, 0, "{view} has one row for each {by}; added up: {folded}");
        }
        let mut over = 0;
        for operator in OPERATORS.into_iter().chain([""]) {
            let closes = Closes { operator: Some(operator.into()), line: Some("vip".into()), ..all() };
            let report = found(&summary(db, &closes).await.unwrap().report);
            let expected: BTreeMap<String, i64> = DAILY.iter().map(|(name, _)| ((*name).to_owned(), report[*name])).collect();
            let condition = format!("operator_id = '{operator}' AND line_id = 'vip'");
            assert_eq!(figures(&url, "bi1_operator_daily", DAILY, &condition).await, expected, "{condition}");
            over += expected["closed"];
        }
        let once = number(&url, "SELECT sum(closes) FROM bi1_daily WHERE line_id = 'vip'").await;
        assert!(over > once, "shared closes count for each of their operators: {over}, {once}");
    }
}

/// The texts of a row without nulls.
trait Texts {
    fn map_texts<const N: usize>(self) -> [String; N];
}

impl Texts for Vec<Option<String>> {
    fn map_texts<const N: usize>(self) -> [String; N] {
        let texts: Vec<String> = self.into_iter().map(Option::unwrap_or_default).collect();
        texts.try_into().unwrap_or_else(|texts| panic!("{texts:?}"))
    }
}

fn page() -> String {
    std::fs::read_to_string(root().join("docs/bi.md")).unwrap()
}

/// The statements of the page.
fn statements() -> Vec<String> {
    page().split("```sql\n").skip(1).map(|rest| rest.split("```").next().unwrap().trim().trim_end_matches(';').to_owned()).collect()
}

fn percent(part: i64, whole: i64) -> f64 {
    (1000.0 * part as f64 / whole as f64).round() / 10.0
}

async fn documented(url: String) {
    let shop = lived(&url, 5).await;
    shop.clock.advance(3_600_000);
    let (db, now) = (&shop.engine.db, shop.clock.now());
    let [months, channels, reasons, operators, low] = statements().try_into().expect("five statements");
    let parsed = |text: &str| text.parse::<f64>().unwrap_or_else(|_| panic!("no number: {text}"));

    let mut seen = 0;
    for row in rows(&url, &months).await {
        let [month, line, scale, good, counted, share] = row.map_texts();
        let from = day(&format!("{month}-01"));
        let closes = Closes { from, until: from.month().plus(1).first(), line: Some(line.into()), ..all() };
        let report = found(&summary(db, &closes).await.unwrap().report);
        let all = report["adjusted good"] + report["adjusted neutral"] + report["adjusted bad"];
        assert_eq!((good, counted), (report["adjusted good"].to_string(), all.to_string()), "{month} {scale}");
        assert!((parsed(&share) - percent(report["adjusted good"], all)).abs() < 0.11, "{share}");
        seen += all;
    }
    assert_eq!(seen, number(&url, "SELECT sum(counted) FROM bi1_ratings").await);

    let found_channels = rows(&url, &channels).await;
    assert_eq!(found_channels.len(), 2);
    for row in found_channels {
        let [channel, answered, asked, share] = row.map_texts();
        let report = summary(db, &Closes { channel: Some(channel), ..all() }).await.unwrap().report;
        assert_eq!((answered, asked), (report.response.part.to_string(), report.response.of.to_string()));
        assert!((parsed(&share) - percent(report.response.part, report.response.of)).abs() < 0.11, "{share}");
    }

    let found_codes = rows(&url, &reasons).await;
    assert!(found_codes.len() > 3, "{found_codes:?}");
    for row in found_codes {
        let [line, code, n] = row.map_texts();
        let report = low_reasons(db, &Closes { line: Some(line.into()), ..all() }).await.unwrap().0;
        assert_eq!(found_reasons(&report)[&format!("chosen {code}")].to_string(), n);
    }

    let found_operators = rows(&url, &operators).await;
    assert_eq!(found_operators.len(), OPERATORS.len() + 1, "and the chats without an operator");
    for row in found_operators {
        let [operator, name, good, bad, counted] = row.map_texts();
        let report = found(&summary(db, &Closes { operator: Some(operator.as_str().into()), ..all() }).await.unwrap().report);
        let all = report["adjusted good"] + report["adjusted neutral"] + report["adjusted bad"];
        assert_eq!((good, bad, counted), (report["adjusted good"].to_string(), report["adjusted bad"].to_string(), all.to_string()));
        assert_eq!(name, if operator.is_empty() { "" } else { "N." });
    }

    let (_, lines) = replies(db, &all(), now).await.unwrap();
    let found_lines = rows(&url, &low).await;
    assert_eq!(found_lines.len(), lines.len());
    for row in found_lines {
        let [line, all_low, replied, _, _] = row.map_texts();
        let report = lines.iter().find(|report| report.line == line).unwrap();
        assert_eq!((all_low, replied), (report.replied.of.to_string(), report.replied.part.to_string()));
    }
}

async fn by_day(url: String) {
    let shop = lived(&url, 12).await;
    while fold(&shop.engine.db).await.unwrap() > 0 {}
    // With statistics, and without the plans that a planner prefers for small tables.
    let on_postgres = "ANALYZE counter; SET enable_seqscan = off; SET enable_mergejoin = off; EXPLAIN";
    let explain = if url.starts_with("postgres") { on_postgres } else { "EXPLAIN QUERY PLAN" };
    for view in ["bi1_daily", "bi1_operator_daily"] {
        let week = format!("{explain} SELECT sum(good) FROM {view} WHERE day >= '2026-10-01' AND day < '2026-10-08'");
        let plan: Vec<String> = rows(&url, &week).await.into_iter().map(|row| row.last().unwrap().clone().unwrap()).collect();
        let plan = plan.join("\n");
        let by_index = if url.starts_with("postgres") {
            plan.lines().any(|line| line.contains("Index Cond") && line.contains("2026-10-01"))
        } else {
            plan.contains("counter_day (roll_up=? AND <expr>>? AND <expr><?)")
        };
        assert!(by_index && plan.contains("counter_day"), "{view}:\n{plan}");
    }
}

/// Each view has a heading with a table of all its columns, their types and their meaning.
#[test]
fn every_view_and_column_is_documented() {
    let page = page();
    for view in VIEWS {
        let section = page.split(&format!("\n### {}\n", view.name)).nth(1).unwrap_or_else(|| panic!("{} has no heading", view.name));
        let table = section.split("\n#").next().unwrap().lines().filter_map(|line| line.strip_prefix("| `")).filter_map(|line| {
            let mut cells = line.split(" | ");
            Some((cells.next()?.trim_end_matches('`'), cells.next()?, cells.next()?.trim_end_matches(" |")))
        });
        let mut columns: Vec<(String, String)> = Vec::new();
        for (column, kind, meaning) in table {
            assert!(!meaning.trim().is_empty(), "{}.{column} is explained", view.name);
            let counts = VIEWS.iter().find(|view| view.name == "bi1_daily").unwrap().columns.iter().skip(5);
            match column {
                "closes` … `supervisor_sum" => {
                    columns.extend(counts.map(|(column, kind)| ((*column).to_owned(), word(*kind).to_owned())))
                }
                _ => columns.push((column.to_owned(), kind.to_owned())),
            }
        }
        let expected: Vec<(String, String)> =
            view.columns.iter().map(|(column, kind)| ((*column).to_owned(), word(*kind).to_owned())).collect();
        assert_eq!(columns, expected, "{}", view.name);
    }
    assert_eq!(page.matches("\n### bi1_").count(), VIEWS.len(), "and no other view");
}
