//! Periodic statements read only the rows they need: over large tables, no statement of a round, a sweep or a measurement
//! scans a table. Neither does a statement in the life of a rating over new tables, for which PostgreSQL has no statistics
//! when it makes its plans.

use crate::on_both_databases;
use crate::rig::sqlite;
use crate::rig::world::{World, messenger};
use lastword::app::{maintenance, metrics_task, quarantine};
use lastword::domain::planted::{StatementLog, listen};
use lastword::domain::report::calendar::Day;
use lastword::domain::report::period::Period;
use lastword::life::connection::watch::watch;
use lastword::life::records::retention::{remove, sweep_places};
use lastword::life::report::replies::replies;
use lastword::life::session::close::close_sessions;
use lastword::metrics::Metrics;
use lastword::store::report::Closes;
use lastword::store::review::showcase::flagged;
use lastword::store::sql::Dialect;
use sqlx::{AssertSqlSafe, Connection, Row};
use std::collections::BTreeMap;

on_both_databases! {
    no_statement_that_is_repeated_goes_through_a_table => repeated;
    no_statement_of_a_rating_goes_through_a_table_that_is_new => over_new_tables;
    a_page_about_few_ratings_reads_those_first => few_first;
}

/// Number of closes that wait for their question, and for their answer.
const WAITING: usize = 2_000;
/// Maximum steps of SQLite's virtual machine for a statement that finds its rows by a key; a scan of a table of [`WAITING`]
/// rows takes at least twice as many.
const STEPS_MAX: i32 = 4_000;
/// Upper bound of the cost of a PostgreSQL plan that finds its rows by a key.
const COST_MAX: f64 = 40.0;
/// Tables that grow with the closes. The paces of chats do not: they are swept after minutes.
const LARGE: &[&str] = &[
    "inbox",
    "session",
    "client",
    "rating_request",
    "question_expiry",
    "unrated_close",
    "delivery",
    "rating",
    "alert",
    "attempt",
    "answer_event",
    "session_event",
];
/// Statements that scan a table, rarely and without blocking writers.
const SELDOM: &[&str] = &["SELECT c.id FROM client c WHERE c.updated_at < $1 LIMIT $2"];
/// Indexes that contain only rows in progress.
const SMALL: &[&str] = &["delivery_lease", "delivery_resend", "alert_escalation", "rating_edit_due"];
/// Columns in which very many rows have the same value.
const BROAD: &[&str] = &["source", "line_id", "operator_id", "scale", "outcome", "state", "kind", "connection"];
/// Indexes for lists. Queries for single rows never start there.
const LISTS: &[&str] = &[
    "rating_request_line",
    "rating_request_operator",
    "rating_request_nobody",
    "rating_request_no_channel",
    "rating_line",
    "rating_operator",
    "rating_nobody",
    "rating_score",
    "rating_low",
];

async fn filled(url: &str) -> World {
    let world = World::on(url, messenger()).await;
    for number in 0..60 {
        let (_, question) = world.ask(&format!("answered-{number}")).await;
        world.tap(&question, "👎").await;
        world.staff.take();
    }
    for batch in 0..WAITING / 500 {
        let closes: Vec<_> = (0..500).map(|number| world.close_of(&format!("waits-{batch}-{number}"))).collect();
        close_sessions(&world.engine, closes, world.now()).await.unwrap();
    }
    // Counter differences are recorded, and every statement is prepared.
    for _ in 0..3 {
        maintenance::round(&world.engine, &world.runner).await.unwrap();
    }
    world
}

async fn repeated(url: String) {
    let world = filled(&url).await;
    let (engine, ears): (_, &'static StatementLog) = (&world.engine, Box::leak(Box::default()));
    let metrics = Metrics::new("test");
    listen(Some(ears));
    maintenance::round(engine, &world.runner).await.unwrap();
    maintenance::sweep(engine).await.unwrap();
    metrics_task::measure(engine, &metrics).await;
    metrics_task::measure_places(engine, &metrics).await;
    quarantine::beat(engine, false).await.unwrap();
    watch(engine, engine.now()).await.unwrap();
    remove(engine, engine.now(), 1_000).await.unwrap();
    sweep_places(engine, engine.now(), 10_000).await.unwrap();
    world.runner.tick().await.unwrap();
    listen(None);
    let mut heard = ears.heard();
    for seldom in SELDOM {
        assert!(heard.remove(seldom).is_some(), "it is heard: {seldom}");
    }
    assert!(heard.len() > 20, "{} statements", heard.len());
    let wrong = match engine.db.dialect() {
        Dialect::Sqlite => on_sqlite(&url, &heard).await,
        Dialect::Postgres => on_postgres(&url, &heard, "ANALYZE", COST_MAX).await,
    };
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

/// Plans are made once and kept: one that scans a table is cheap while the table is new, and expensive soon after.
async fn over_new_tables(url: String) {
    let world = World::on(&url, messenger()).await;
    let ears: &'static StatementLog = Box::leak(Box::default());
    listen(Some(ears));
    for number in 0..3 {
        let (_, question) = world.ask(&format!("first-{number}")).await;
        world.tap(&question, "👎").await;
        world.pass(60_000).await;
    }
    listen(None);
    let heard = ears.heard();
    assert!(heard.len() > 20, "{} statements", heard.len());
    let mut wrong = Vec::new();
    // The estimated cost of a plan depends on the amount of data.
    for round in 0..12 {
        let closes: Vec<_> = (0..40).map(|number| world.close_of(&format!("more-{round}-{number}"))).collect();
        close_sessions(&world.engine, closes, world.now()).await.unwrap();
        wrong.extend(match world.engine.db.dialect() {
            Dialect::Sqlite => on_sqlite(&url, &heard).await,
            // The table has not been analysed yet.
            Dialect::Postgres => on_postgres(&url, &heard, "DELETE FROM pg_statistic", 0.0).await,
        });
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

/// SQLite knows the sizes of tables only from its indexes: it considers a range of IDs equally good among all ratings as
/// among the few that have a reply, a deadline or a flag.
async fn few_first(url: String) {
    let world = World::on(&url, messenger()).await;
    let (engine, now) = (&world.engine, world.now());
    let ears: &'static StatementLog = Box::leak(Box::default());
    listen(Some(ears));
    let today = Day::of(now, engine.db.zone());
    replies(&engine.db, &Closes::of(Period { from: today, until: today.plus(1) }), now).await.unwrap();
    flagged(&engine.db, &"sales".into(), "binary", 0, now).await.unwrap();
    listen(None);
    let few = ["FROM reply_due f", "FROM review f", "FROM objection o"];
    let about: Vec<_> = ears.heard().into_keys().filter(|text| few.iter().any(|few| text.contains(few))).collect();
    assert_eq!(about.len(), 4, "{about:?}");
    if engine.db.dialect() == Dialect::Postgres {
        return;
    }
    let connection = sqlite::beside(&url);
    for text in about {
        let first = &plan(&connection, text)[0];
        assert!(["SEARCH f ", "SEARCH o "].iter().any(|few| first.starts_with(few)), "{first}: {text}");
    }
}

/// SQLite's query plan of a statement, step by step.
fn plan(connection: &rusqlite::Connection, statement: &str) -> Vec<String> {
    sqlite::texts(connection, &format!("EXPLAIN QUERY PLAN {statement}")).into_iter().map(|mut row| row.remove(3)).collect()
}

async fn on_sqlite(url: &str, heard: &BTreeMap<&'static str, i32>) -> Vec<String> {
    let mut wrong: Vec<String> =
        heard.iter().filter(|(_, steps)| **steps > STEPS_MAX).map(|(text, steps)| format!("{steps} steps: {text}")).collect();
    if url.contains(":memory:") {
        return wrong;
    }
    let connection = sqlite::beside(url);
    for text in heard.keys() {
        for line in plan(&connection, text) {
            let scanned = line.strip_prefix("SCAN ").and_then(|rest| rest.split(' ').next()).map(|name| table_of(text, name));
            let words: Vec<&str> = line.split(' ').collect();
            let begins_at_a_list = words.windows(2).any(|two| two[0] == "INDEX" && is_a_list(text, two[1], words[1]));
            if begins_at_a_list || scanned.is_some_and(|table| LARGE.contains(&table)) && !SMALL.iter().any(|index| line.ends_with(index)) {
                wrong.push(format!("{line}: {text}"));
            }
        }
    }
    wrong
}

/// True if the only condition of an index lookup matches very many rows.
fn is_broad(condition: &str) -> bool {
    let only = condition.trim().strip_prefix("Index Cond: (").filter(|rest| !rest.contains(" AND "));
    only.and_then(|rest| rest.split_once(" = ")).is_some_and(|(column, _)| BROAD.contains(&column))
}

/// True if a statement starts at a list index of the table with this alias, unless it reads the newest rows of a line.
fn is_a_list(text: &str, index: &str, alias: &str) -> bool {
    LISTS.contains(&index) && !text.contains(&format!("{alias}.line_id = $1"))
}

/// The table with this alias in the statement.
fn table_of<'t>(text: &'t str, name: &'t str) -> &'t str {
    let words: Vec<&str> = text.split([' ', '(', ')', ',']).filter(|word| !word.is_empty()).collect();
    let named = words.windows(3).find(|three| matches!(three[0], "FROM" | "JOIN" | "UPDATE") && three[2] == name);
    named.map_or(name, |three| three[1])
}

async fn on_postgres(url: &str, heard: &BTreeMap<&'static str, i32>, before: &str, cost_max: f64) -> Vec<String> {
    let mut connection = sqlx::PgConnection::connect(url).await.unwrap();
    let set = format!(
        "{before}; SET plan_cache_mode = force_generic_plan; SET enable_seqscan = off; SET enable_hashjoin = off; \
         SET enable_mergejoin = off; SET enable_bitmapscan = on"
    );
    sqlx::raw_sql(AssertSqlSafe(set)).execute(&mut connection).await.unwrap();
    let mut wrong = Vec::new();
    for text in heard.keys() {
        let values = (1..100).take_while(|number| text.contains(&format!("${number}"))).count();
        let nulls = if values == 0 { String::new() } else { format!("({})", vec!["NULL"; values].join(", ")) };
        sqlx::raw_sql(AssertSqlSafe(format!("PREPARE asked AS {text}"))).execute(&mut connection).await.unwrap();
        let explain = sqlx::raw_sql(AssertSqlSafe(format!("EXPLAIN EXECUTE asked{nulls}"))).fetch_all(&mut connection).await.unwrap();
        sqlx::raw_sql("DEALLOCATE asked").execute(&mut connection).await.unwrap();
        let plan: Vec<String> = explain.iter().map(|row| row.get(0)).collect();
        for (at, line) in plan.iter().enumerate() {
            let Some((how, on)) = line.split_once("Scan").filter(|(_, rest)| rest.contains(" on ")) else { continue };
            let named = |before: &str| on.split_once(before).and_then(|(_, rest)| rest.split(' ').next()).unwrap_or_default();
            let is_large = LARGE.contains(&named(" on "));
            let by_key = plan.get(at + 1).is_some_and(|next| next.contains("Index Cond")) || how.contains("Bitmap Heap");
            let cost = line.split_once("..").and_then(|(_, rest)| rest.split(' ').next()?.parse::<f64>().ok()).unwrap_or(f64::MAX);
            let alias = on.split_once(" on ").and_then(|(_, rest)| rest.split(' ').nth(1)).unwrap_or_default();
            let broad = plan.get(at + 1).is_some_and(|next| is_broad(next));
            let at_a_list =
                is_a_list(text, named(" using "), alias) || is_large && broad && !text.contains(&format!("{alias}.line_id = $1"));
            if at_a_list || is_large && !by_key && cost > cost_max && !SMALL.contains(&named(" using ")) {
                wrong.push(format!("{text}\n{}", plan.join("\n")));
            }
        }
    }
    wrong
}

/// Columns of a rating request that change after its close are in none of its indexes: on PostgreSQL an update that changes
/// an indexed column writes an entry to every index.
#[test]
fn an_answer_changes_no_index_of_its_rating_request() {
    const GIVEN_LATER: [&str; 5] = ["outcome", "reason", "decided_at", "delivered_at", "typing_ended_at"];
    for database in ["sqlite", "postgres"] {
        let schema = std::fs::read_to_string(crate::rig::root().join(format!("migrations/{database}/0001_schema.sql"))).unwrap();
        let statements = schema.split(';').filter(|statement| statement.contains("INDEX ") && statement.contains(" ON rating_request "));
        let mut count = 0;
        for statement in statements {
            let text = statement.rsplit("CREATE ").next().unwrap();
            let words: Vec<&str> = text.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_').collect();
            assert!(!GIVEN_LATER.iter().any(|column| words.contains(column)), "{database}: {text}");
            count += 1;
        }
        assert!(count > 8, "{database}: {count} indexes were looked at");
    }
}
