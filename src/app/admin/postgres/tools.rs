//! PostgreSQL's tools for backups: run if they are on this machine, otherwise shown as a command. The password never
//! appears in a list of processes.

use crate::app::admin::Failure;
use crate::settings::{DatabaseUrl, PostgresUrl};
use std::ffi::OsString;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// One call of a tool.
pub(in crate::app::admin) struct Tool {
    name: &'static str,
    arguments: Vec<OsString>,
    password: Option<String>,
    /// The file it works on, for error messages.
    file: Option<PathBuf>,
}

/// Result of a call.
pub(in crate::app::admin) enum Tooled<T = ()> {
    /// The call succeeded with this result.
    Done(T),
    /// The tool is not on this machine; the command to run elsewhere.
    Missing(String),
}

impl Tool {
    /// Dumps the database into a file, without the row that allows it to send: a database without this row sends nothing.
    pub(in crate::app::admin) fn dump(url: &DatabaseUrl, to: &Path) -> Self {
        let tool = Self::new("pg_dump", &["--format=custom", "--no-owner", "--no-privileges", "--exclude-table-data=installation"]);
        tool.with("--file", to.as_os_str().to_owned()).at(url)
    }

    /// Lists the contents of a dump, which reads its header.
    pub(in crate::app::admin) fn list(dump: &Path) -> Self {
        Self::new("pg_restore", &["--list"]).on(dump)
    }

    /// Restores a dump into the database: all of it, or nothing.
    pub(in crate::app::admin) fn restore(url: &DatabaseUrl, dump: &Path) -> Self {
        let tool = Self::new("pg_restore", &["--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction"]);
        tool.at(url).on(dump)
    }

    fn new(name: &'static str, arguments: &[&str]) -> Self {
        Self { name, arguments: arguments.iter().map(OsString::from).collect(), password: None, file: None }
    }

    fn with(mut self, name: &str, value: OsString) -> Self {
        self.arguments.extend([name.into(), value]);
        self
    }

    fn on(mut self, file: &Path) -> Self {
        self.arguments.push(file.as_os_str().to_owned());
        self.file = Some(file.to_owned());
        self
    }

    fn at(mut self, url: &DatabaseUrl) -> Self {
        let Ok(url) = PostgresUrl::parse(&url.address()) else { return self };
        let (url, password) = url.for_tools();
        self.password = password;
        self.with("--dbname", url.into())
    }

    /// Runs the tool.
    pub(in crate::app::admin) fn run(self) -> Result<Tooled, Failure> {
        Ok(match self.output()? {
            Tooled::Done(_) => Tooled::Done(()),
            Tooled::Missing(line) => Tooled::Missing(line),
        })
    }

    /// Runs the tool and returns its output; `None` if the tool is missing.
    pub(in crate::app::admin) fn read(self) -> Result<Option<String>, Failure> {
        Ok(match self.output()? {
            Tooled::Done(output) => Some(String::from_utf8_lossy(&output.stdout).into_owned()),
            Tooled::Missing(_) => None,
        })
    }

    fn output(self) -> Result<Tooled<Output>, Failure> {
        let mut command = Command::new(self.name);
        command.args(&self.arguments);
        if let Some(password) = &self.password {
            command.env("PGPASSWORD", password);
        }
        match command.output() {
            Ok(output) if output.status.success() => Ok(Tooled::Done(output)),
            Ok(output) => {
                let file = self.file.map(|file| format!("{}: ", file.display())).unwrap_or_default();
                Err(Failure::Failed(format!("{file}{}: {}", self.name, cause(self.name, &String::from_utf8_lossy(&output.stderr)))))
            }
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(Tooled::Missing(self.line())),
            Err(error) => Err(Failure::Failed(format!("{} cannot be run: {error}", self.name))),
        }
    }

    /// The command for a shell, without the password.
    pub(in crate::app::admin) fn line(&self) -> String {
        let words = self.arguments.iter().map(|word| format!("'{}'", word.to_string_lossy().replace('\'', r"'\''")));
        std::iter::once(self.name.to_owned()).chain(words).collect::<Vec<_>>().join(" ")
    }
}

/// The error message of a tool, with a remedy if it is too old for the server or the file.
fn cause(tool: &str, said: &str) -> String {
    let words = |line: &str| {
        let line = line.trim().trim_start_matches(tool).trim_start_matches(": ");
        line.trim_start_matches("error: ").trim_start_matches("detail: ").to_owned()
    };
    let first = said.lines().next().map_or_else(|| "it failed without a message".to_owned(), words);
    // Both messages are those of src/bin/pg_dump in PostgreSQL.
    if first.contains("server version mismatch") {
        let versions = said.lines().nth(1).map(|line| format!(" ({})", words(line))).unwrap_or_default();
        return format!(
            "it is older than the server{versions}; install the client tools of the server's version, such as Debian's postgresql-client-16, and put them first on the PATH"
        );
    }
    if first.contains("unsupported version") && first.contains("in file header") {
        return format!("{first}: a newer pg_dump made this file; install the client tools of its version, and put them first on the PATH");
    }
    first
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tool_that_is_too_old_is_named_with_the_remedy() {
        let mismatch = "pg_dump: error: aborting because of server version mismatch\npg_dump: detail: server version: 16.14; pg_dump version: 15.14 (Debian 15.14-0+deb12u1)\n";
        let said = cause("pg_dump", mismatch);
        assert!(said.starts_with("it is older than the server (server version: 16.14; pg_dump version: 15.14"), "{said}");
        assert!(said.contains("postgresql-client-16"), "{said}");
        let newer = cause("pg_restore", "pg_restore: error: unsupported version (1.16) in file header\n");
        assert!(newer.starts_with("unsupported version (1.16) in file header: a newer pg_dump made this file"), "{newer}");
        assert_eq!(cause("pg_dump", "pg_dump: error: connection refused\nmore\n"), "connection refused");
        assert_eq!(cause("pg_dump", ""), "it failed without a message");
    }

    #[test]
    fn the_password_stands_in_no_argument() {
        let url = DatabaseUrl::parse("postgres://me:hu%2Fsh+1@db.example/lw?sslmode=require").unwrap();
        let tool = Tool::dump(&url, Path::new("/tmp/it's.dump"));
        assert_eq!(tool.password.as_deref(), Some("hu/sh+1"));
        assert_eq!(
            tool.line(),
            r"pg_dump '--format=custom' '--no-owner' '--no-privileges' '--exclude-table-data=installation' '--file' '/tmp/it'\''s.dump' '--dbname' 'postgres://me@db.example/lw?sslmode=require'"
        );
    }

    #[test]
    fn a_tool_that_is_not_there_is_told_as_a_line() {
        let tool = Tool::new("no-such-tool-of-postgres", &["--x"]);
        assert!(matches!(tool.run().unwrap(), Tooled::Missing(line) if line == "no-such-tool-of-postgres '--x'"));
    }
}
