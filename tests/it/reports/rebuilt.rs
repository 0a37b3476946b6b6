//! `lastword recount`: counters are compared with the rows, repaired after any damage, and right under concurrency.

use super::naive::{self, expected, found, found_reasons, rows};
use super::pages::Site;
use super::shop::{BEGIN, Shop};
use crate::{on_both_databases, rig};
use lastword::domain::access::rights::Role;
use lastword::domain::report::calendar::Day;
use lastword::domain::report::period::Period;
use lastword::life::Engine;
use lastword::life::report::low_reasons::low_reasons;
use lastword::life::report::recount::{doubt, fold, recount};
use lastword::life::report::summary;
use lastword::store::Db;
use lastword::store::report::Closes;
use lastword_base::names::OperatorId;
use rand::Rng;
use sqlx::Connection as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

on_both_databases! {
    recount_restores_what_was_damaged_and_says_what => damaged;
    another_clock_is_noticed_and_recounted => another_clock;
}

fn all() -> Closes {
    let day = |text| Day::parse(text).unwrap();
    Closes::of(Period { from: day("2026-09-01"), until: day("2027-01-01") })
}

async fn is_right(db: &Db) {
    let rows = rows(db).await;
    for operator in [None, Some("olga".to_owned())] {
        let closes = Closes { operator: operator.map(OperatorId::from), ..all() };
        assert_eq!(found(&summary(db, &closes).await.unwrap().report), expected(&rows, &closes), "{closes:?}");
        assert_eq!(found_reasons(&low_reasons(db, &closes).await.unwrap().0), naive::low_reasons(&rows, &closes), "{closes:?}");
    }
}

/// Runs a statement concurrently with the program.
async fn meddle(url: &str, sql: String) {
    if url.starts_with("postgres") {
        let mut connection = sqlx::PgConnection::connect(url).await.unwrap();
        sqlx::query(sqlx::AssertSqlSafe(sql)).execute(&mut connection).await.unwrap();
    } else {
        crate::rig::sqlite::beside(url).execute_batch(&sql).unwrap();
    }
}

async fn damaged(url: String) {
    let mut shop = Shop::open(&url, 99).await;
    shop.set_up().await;
    shop.live(80, 50).await;
    let db = shop.engine.db.clone();
    let untouched = recount(&db, BEGIN, |_| {}).await.unwrap();
    assert_eq!((untouched.wrong, untouched.told.len()), (0, 0), "{untouched:?}");
    while fold(&db).await.unwrap() > 0 {}
    for _ in 0..6 {
        let (table, column, wrong) = [
            ("counter", "counts", r#"{"binary":[3,0,0,2,2],"five_star":[1]}"#),
            ("counter_reason", "reasons", r#"{"binary":{"not_asked":{"line_off":7},"chosen":{"slow":9},"tagged":{"price":1}}}"#),
            ("counter_hour", "hours", r#"{"five_star":{"37":[1,1,0,0,0,0,0,0]}}"#),
        ][shop.chance.random_range(0..3)];
        let grain = ["day", "month", "year"][shop.chance.random_range(0..3)];
        let sql = match shop.chance.random_range(0..3) {
            0 => format!("DELETE FROM {table} WHERE grain = '{grain}' AND period % 3 = 1"),
            1 => format!("UPDATE {table} SET {column} = '{wrong}' WHERE grain = '{grain}' AND period % 2 = 0"),
            _ => format!("UPDATE {table} SET period = period + 100 WHERE grain = '{grain}' AND line_id = 'vip'"),
        };
        meddle(&url, sql).await;
    }
    let mended = recount(&db, BEGIN, |_| {}).await.unwrap();
    assert!(mended.wrong > 0 && !mended.told.is_empty(), "{mended:?}");
    is_right(&db).await;
    let again = recount(&db, BEGIN, |_| {}).await.unwrap();
    assert_eq!(again.wrong, 0, "{again:?}");
    for table in ["counter", "counter_reason", "counter_hour"] {
        meddle(&url, format!("DELETE FROM {table}")).await;
    }
    let rebuilt = recount(&db, BEGIN, |_| {}).await.unwrap();
    assert!(rebuilt.wrong > rebuilt.told.len() && rebuilt.told.iter().all(|wrong| wrong.missing > 0), "{:?}", rebuilt.told);
    is_right(&db).await;
}

async fn another_clock(url: String) {
    let mut shop = Shop::open(&url, 5).await;
    shop.set_up().await;
    let berlin = shop.engine.db.clone();
    assert_eq!(doubt(&berlin).await.unwrap(), None);
    shop.live(40, 30).await;
    assert_eq!(doubt(&berlin).await.unwrap(), None);
    let tokyo = berlin.clone().with_time_zone(chrono_tz::Asia::Tokyo);
    let told = doubt(&tokyo).await.unwrap().expect("the days are cut otherwise");
    assert!(told.contains("Europe/Berlin") && told.contains("Asia/Tokyo") && told.contains("lastword recount"), "{told}");
    let engine = Engine { db: tokyo.clone(), ..shop.engine.clone() };
    let site = Site::over(&engine);
    let admin = site.reader("admin", Role::Admin, &[], true).await;
    for path in ["/today", "/reports", "/operators", "/operators/olga"] {
        assert!(admin.page(path).await.contains("still counted by the clock of Europe/Berlin"), "{path} shows days of another clock");
    }
    let list = admin.page("/ratings").await;
    assert!(list.contains("reports still count those of Europe/Berlin"), "lists read rows");
    assert!(recount(&tokyo, BEGIN, |_| {}).await.unwrap().wrong > 0);
    assert_eq!(doubt(&tokyo).await.unwrap(), None);
    assert!(!admin.page("/reports").await.contains("still counted by the clock"), "counted anew");
    assert!(!admin.page("/ratings").await.contains("reports still count"), "counted anew");
    assert!(doubt(&berlin).await.unwrap().is_some());
    recount(&berlin, BEGIN, |_| {}).await.unwrap();
    is_right(&berlin).await;
}

/// Some nodes close, send and accept answers while others add up and recount: no number is lost or counted twice.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_nodes_count_together() {
    let url = rig::postgres::database().await;
    let first = Shop::open(&url, 1).await;
    first.set_up().await;
    let (db, over) = (first.engine.db.clone(), Arc::new(AtomicBool::new(false)));
    let nodes = (2..5).map(|seed| {
        let db = db.clone();
        tokio::spawn(async move { Shop::over(db, seed).await.live(30, 40).await })
    });
    let nodes: Vec<_> = nodes.collect();
    let keepers = (0..2).map(|_| {
        let (db, over) = (db.clone(), over.clone());
        tokio::spawn(async move {
            let mut wrong = 0;
            while !over.load(Ordering::Relaxed) {
                fold(&db).await.unwrap();
                wrong += recount(&db, BEGIN, |_| {}).await.unwrap().wrong;
            }
            wrong
        })
    });
    let keepers: Vec<_> = keepers.collect();
    for node in nodes {
        node.await.unwrap();
    }
    over.store(true, Ordering::Relaxed);
    for keeper in keepers {
        assert_eq!(keeper.await.unwrap(), 0, "a recount beside the work finds nothing wrong");
    }
    is_right(&db).await;
    while fold(&db).await.unwrap() > 0 {}
    is_right(&db).await;
    assert_eq!(recount(&db, BEGIN, |_| {}).await.unwrap().wrong, 0);
}
