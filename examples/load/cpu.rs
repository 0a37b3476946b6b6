//! Processor time per unit of work. Unlike rates, it hardly depends on other load of the machine, so it shows the effect of a change.

use sqlx::Connection;

/// Clock ticks per second, the same on every Linux.
const TICKS: f64 = 100.0;

/// Processor time used so far, in seconds, by each part of the run.
#[derive(Clone, Copy)]
pub(crate) struct Cpu {
    server: f64,
    database: f64,
    load: f64,
}

impl Cpu {
    /// Reads the times of the server's process, of the database's backends if they run on this machine, and of this program.
    pub(crate) async fn read(server: u32, url: &str) -> Self {
        let database = if url.starts_with("postgres") { backends(url).await.into_iter().map(used).sum() } else { 0.0 };
        Self { server: used(server), database, load: used(std::process::id()) }
    }

    /// Time used since `before`, in microseconds for each of `count`: server, database, load.
    pub(crate) fn since(self, before: Self, count: f64) -> [(&'static str, f64); 3] {
        let each = |after: f64, before: f64| (after - before).max(0.0) * 1e6 / count.max(1.0);
        [
            ("server", each(self.server, before.server)),
            ("database", each(self.database, before.database)),
            ("load", each(self.load, before.load)),
        ]
    }
}

/// The processes of the PostgreSQL at `url`, if it runs on this machine.
async fn backends(url: &str) -> Vec<u32> {
    let mut connection = sqlx::PgConnection::connect(url).await.expect("PostgreSQL");
    let own =
        sqlx::query_scalar::<_, i32>("SELECT pid FROM pg_stat_activity WHERE pid <> pg_backend_pid()").fetch_all(&mut connection).await;
    let _ = connection.close().await;
    let is_here = |pid: &u32| std::fs::read_to_string(format!("/proc/{pid}/comm")).is_ok_and(|name| name.starts_with("postgres"));
    own.expect("its backends").into_iter().filter_map(|pid| u32::try_from(pid).ok()).filter(is_here).collect()
}

/// User and system time of a process in seconds; 0 if it is not on this machine.
fn used(process: u32) -> f64 {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
    let fields = stat.rsplit(") ").next().unwrap_or_default();
    let ticks: f64 = fields.split(' ').skip(11).take(2).filter_map(|field| field.parse::<f64>().ok()).sum();
    ticks / TICKS
}
