//! Growth by whole lives: chats that are closed, asked about and rated, and the space that their churn leaves in a database.

use crate::figures::Figures;
use crate::server::{Server, Stub, answers};
use lastword::store::sql::Sql;
use sqlx::{Connection, PgConnection};
use std::time::Duration;

/// The first step.
const SMALLEST: u64 = 10_000;
/// Lives at a time: closed, asked, then rated together.
const WAVE: u64 = 20_000;
/// Time for autovacuum before a step is measured.
const REST: Duration = Duration::from_secs(90);
/// Longest time for the questions of a wave to arrive, and for its answers.
const WAVE_SECS: u64 = 300;

/// Space used by tables and indexes, and how much of it is unused, on PostgreSQL. Needs `pgstattuple`, which comes with the server.
const SPACE: &str = "SELECT sum(pg_table_size(c.oid))::float8, sum(pg_indexes_size(c.oid))::float8, \
    sum((SELECT a.approx_free_space + a.dead_tuple_len FROM pgstattuple_approx(c.oid) a))::float8 / greatest(sum(pg_relation_size(c.oid)), 1)::float8, \
    (SELECT (sum(s.n_dead_tup) / greatest(sum(s.n_live_tup + s.n_dead_tup), 1))::float8 FROM pg_stat_user_tables s), \
    (SELECT (sum(d.leaf_pages * d.avg_leaf_density) / greatest(sum(d.leaf_pages), 1))::float8 FROM pg_index x \
        CROSS JOIN LATERAL pgstatindex(x.indexrelid::regclass::oid) d \
        WHERE d.leaf_pages > 0 AND x.indrelid IN (SELECT r.oid FROM pg_class r WHERE r.relnamespace = current_schema()::regnamespace)) \
    FROM pg_class c WHERE c.relkind = 'r' AND c.relnamespace = current_schema()::regnamespace";

/// Lives ten thousand lives, ten times as many … up to `most`, and shows after each step what the database occupies.
pub(crate) async fn measure(figures: &mut Figures, database: &str, most: u64) {
    let (stub, stub_url) = Stub::start().await;
    let server = Server::start(database, &stub_url, "").await;
    let mut lived = 0;
    let steps = std::iter::successors(Some(SMALLEST), |step| Some(step * 10)).take_while(|step| *step <= most);
    for size in steps {
        while lived < size {
            lived += wave(&server, &stub, lived, WAVE.min(size - lived)).await;
        }
        tokio::time::sleep(REST).await;
        let mut add = |name: &str, value: f64| figures.add(&format!("{database}: after {size:.0e} lives, {name}"), value);
        if database == "sqlite" {
            add("bytes per life", server.size().await / size as f64);
            add("free pages, %", 100.0 * free_pages(&server).await);
            continue;
        }
        let (tables, indexes, unused, dead, density) = on_postgres(server.url()).await;
        add("bytes of tables per life", tables / size as f64);
        add("bytes of indexes per life", indexes / size as f64);
        add("unused space in tables, %", 100.0 * unused);
        add("dead rows, %", 100.0 * dead);
        add("used space in leaves of indexes, %", density);
    }
}

/// Closes `count` sessions, waits for their questions, and answers each.
async fn wave(server: &Server, stub: &Stub, before: u64, count: u64) -> u64 {
    stub.take();
    for number in 0..count / 500 {
        assert!(server.array("soon", before / 500 + number).await, "every array is taken");
    }
    let arrived = async {
        while stub.count() < count {
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(WAVE_SECS), arrived).await.expect("every question arrives");
    let questions = stub.take().into_iter().map(|(chat, _, token)| (chat, token)).collect();
    let run = answers(server, questions, WAVE_SECS).await;
    assert_eq!((run.refused, run.millis.len() as u64), (0, count), "every answer is taken");
    count
}

async fn on_postgres(url: &str) -> (f64, f64, f64, f64, f64) {
    let mut connection = PgConnection::connect(url).await.expect("PostgreSQL");
    sqlx::raw_sql("CREATE EXTENSION IF NOT EXISTS pgstattuple").execute(&mut connection).await.expect("the right to create an extension");
    sqlx::query_as(SPACE).fetch_one(&mut connection).await.expect("the space")
}

/// The share of free pages of a SQLite file.
async fn free_pages(server: &Server) -> f64 {
    static FREE: Sql = Sql::new("SELECT freelist_count, page_count FROM pragma_freelist_count(), pragma_page_count()");
    let mut rows = server.db.read(&FREE, Vec::new()).await.expect("the pages");
    let (free, all) = (rows[0].int().expect("a number"), rows[0].int().expect("a number"));
    free as f64 / all as f64
}
