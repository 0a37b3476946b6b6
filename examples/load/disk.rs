//! What work writes. Of a commit it is the figure to steer by: the fewer pages it touches, the less it costs on every disk.

use sqlx::Connection;

/// A page, as the figures count them: SQLite's own size, and half of PostgreSQL's.
pub(crate) const PAGE: f64 = 4096.0;

/// The bytes written so far: by the server's process into its SQLite log and file, or into PostgreSQL's log.
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
