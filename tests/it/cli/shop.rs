//! A folder with a settings file, in which the real binary runs.

use crate::rig::sqlite;
use serde_json::Value;
use sqlx::{Connection as _, PgConnection};
use std::path::Path;
use std::process::Stdio;
use tempfile::TempDir;
use tokio::io::AsyncWriteExt as _;
use tokio::process::Command;

/// The working folder of an installation.
pub(super) struct Shop {
    dir: TempDir,
    database: Option<String>,
}

/// Output and exit code of a command.
pub(super) struct Said {
    pub(super) out: String,
    pub(super) err: String,
    code: Option<i32>,
}

impl Said {
    /// Its output; it must have succeeded.
    pub(super) fn done(self) -> String {
        assert_eq!(self.code, Some(0), "{}{}", self.out, self.err);
        self.out.trim_end().to_owned()
    }

    /// The same as JSON.
    pub(super) fn json(self) -> Value {
        serde_json::from_str(&self.done()).expect("JSON")
    }

    /// Its error; it must have ended with this code.
    pub(super) fn refused(self, code: i32) -> String {
        assert_eq!(self.code, Some(code), "{}{}", self.out, self.err);
        self.err.trim_end().to_owned()
    }
}

impl Shop {
    /// With these settings and a SQLite file.
    pub(super) fn new(settings: &str) -> Self {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("lastword.toml"), settings).unwrap();
        Self { dir, database: None }
    }

    /// With these settings and this database.
    pub(super) fn over(settings: &str, database: &str) -> Self {
        Self { database: Some(database.to_owned()), ..Self::new(settings) }
    }

    /// With a Telegram bot whose API is at `base_url`.
    pub(super) fn with_bot(base_url: &str) -> Self {
        Self::new(&bot(base_url))
    }

    pub(super) fn dir(&self) -> &Path {
        self.dir.path()
    }

    /// URL of its database.
    pub(super) fn url(&self) -> String {
        self.database.clone().unwrap_or_else(|| format!("sqlite://{}", self.dir().join("lastword.db").display()))
    }

    pub(super) async fn run(&self, arguments: &[&str]) -> Said {
        self.whole(arguments, &[], "").await
    }

    /// With text on standard input.
    pub(super) async fn run_with(&self, arguments: &[&str], input: &str) -> Said {
        self.whole(arguments, &[], input).await
    }

    /// With additional environment variables.
    pub(super) async fn run_in(&self, arguments: &[&str], environment: &[(&str, &str)]) -> Said {
        self.whole(arguments, environment, "").await
    }

    /// The binary in this folder, without the machine's own settings.
    pub(super) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_lastword"));
        command.args(arguments).current_dir(self.dir());
        for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("LASTWORD_")) {
            command.env_remove(name);
        }
        if let Some(database) = &self.database {
            command.env("LASTWORD__DATABASE__URL", database);
        }
        command
    }

    async fn whole(&self, arguments: &[&str], environment: &[(&str, &str)], input: &str) -> Said {
        let mut command = self.command(arguments);
        command.envs(environment.iter().copied()).kill_on_drop(true);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        // A command that reads nothing may have ended already.
        let _ = child.stdin.take().unwrap().write_all(input.as_bytes()).await;
        let output = child.wait_with_output().await.unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        Said { out: text(output.stdout), err: text(output.stderr), code: output.status.code() }
    }

    /// Simulates an upgrade by a newer release.
    pub(super) async fn newer_release(&self) {
        let newer = "INSERT INTO _sqlx_migrations SELECT 9999, description, installed_on, success, checksum, execution_time \
                     FROM _sqlx_migrations WHERE version = 1; \
                     UPDATE schema_support SET oldest_migration = 9999, oldest_program = '99.0.0'";
        self.sql(newer).await;
    }

    /// Runs statements in its database, concurrently with the program.
    pub(super) async fn sql(&self, statements: &str) {
        match &self.database {
            Some(url) => {
                let mut connection = PgConnection::connect(url).await.unwrap();
                sqlx::raw_sql(sqlx::AssertSqlSafe(statements.to_owned())).execute(&mut connection).await.unwrap();
                connection.close().await.unwrap();
            }
            None => sqlite::beside(&self.url()).execute_batch(statements).unwrap(),
        }
    }
}

/// The settings of a Telegram bot.
pub(super) fn bot(base_url: &str) -> String {
    format!("[connections.bot]\nkind = \"telegram\"\ntoken = \"123456:ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghi\"\nbase_url = \"{base_url}\"\n")
}
