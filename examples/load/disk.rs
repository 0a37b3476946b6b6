//! Bytes written per unit of work. The fewer pages a commit touches, the less it costs on any disk.

use sqlx::Connection;

/// Page size of the figures: SQLite's own, and half of PostgreSQL's.
pub(crate) const PAGE: f64 = 4096.0;

/// Bytes written so far: by the server's process to its SQLite log and file, or to PostgreSQL's log.
pub(crate) async fn written(server: u32, url: &str) -> f64 {
    if !url.starts_with("postgres") {
        let io = std::fs::read_to_string(format!("/proc/{server}/io")).unwrap_or_default();
        return io.lines().find_map(|line| line.strip_prefix("write_bytes: ")?.parse().ok()).unwrap_or(0.0);
    }
    let mut connection = sqlx::PgConnection::connect(url).await.expect("PostgreSQL");
    let bytes = sqlx::query_scalar::<_, i64>("SELECT (pg_current_wal_insert_lsn() - '0/0')::bigint").fetch_one(&mut connection).await;
    let _ = connection.close().await;
    bytes.expect("the place in its log") as f64
}
