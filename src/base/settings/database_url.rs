//! `database.url`, parsed once.

use super::postgres_url::PostgresUrl;
use super::problem::{SettingsProblem, ValueSource};
use rustix::fs::{Access, access};
use secrecy::{ExposeSecret, SecretString};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

/// Location of the database.
#[derive(Clone, Debug)]
pub enum DatabaseUrl {
    /// A SQLite file.
    SqliteFile(PathBuf),
    /// SQLite in memory; lost when the process ends.
    SqliteMemory,
    /// PostgreSQL; the URL contains the password.
    Postgres(SecretString),
}

impl DatabaseUrl {
    const REMEDY: &'static str =
        "is not a database we know; write \"sqlite://FILE\", \"sqlite::memory:\" or \"postgres://USER:PASSWORD@HOST/NAME\"";

    /// The remedy for a URL that is refused.
    pub(super) fn remedy(text: &str) -> String {
        let postgres = text.starts_with("postgres://") || text.starts_with("postgresql://");
        PostgresUrl::parse(text).err().filter(|_| postgres).unwrap_or_else(|| Self::REMEDY.to_owned())
    }

    /// Parses a URL; `None` if it has none of the three forms.
    pub fn parse(text: &str) -> Option<Self> {
        if text == "sqlite::memory:" {
            return Some(DatabaseUrl::SqliteMemory);
        }
        if let Some(path) = text.strip_prefix("sqlite://") {
            // A query would silently become part of the file name.
            return (!path.is_empty() && !path.contains(['?', '#', '\0'])).then(|| DatabaseUrl::SqliteFile(PathBuf::from(path)));
        }
        PostgresUrl::parse(text).ok().map(|_| DatabaseUrl::Postgres(SecretString::from(text)))
    }

    /// The same database, with a relative path resolved against `folder`.
    pub(super) fn within(self, folder: &Path) -> Self {
        match self {
            DatabaseUrl::SqliteFile(path) => DatabaseUrl::SqliteFile(folder.join(path)),
            url => url,
        }
    }

    /// The URL for logs, without user and password.
    pub fn shown(&self) -> String {
        match self {
            DatabaseUrl::SqliteFile(path) => format!("SQLite in {}", path.display()),
            DatabaseUrl::SqliteMemory => "SQLite in memory".to_owned(),
            DatabaseUrl::Postgres(text) => match PostgresUrl::parse(text.expose_secret()) {
                Ok(url) => format!("PostgreSQL at {}", url.shown()),
                Err(_) => "PostgreSQL".to_owned(),
            },
        }
    }

    /// The full URL with user and password, only for opening the database.
    pub fn address(&self) -> String {
        match self {
            DatabaseUrl::SqliteFile(path) => format!("sqlite://{}", path.display()),
            DatabaseUrl::SqliteMemory => "sqlite::memory:".to_owned(),
            DatabaseUrl::Postgres(text) => text.expose_secret().to_owned(),
        }
    }

    /// Checks whether this user can open or create the SQLite file. The driver's own error names neither the folder nor a remedy.
    pub fn hindrance(&self) -> Option<SettingsProblem> {
        let DatabaseUrl::SqliteFile(path) = self else { return None };
        let (folder, may) = (self.folder(), |path: &Path, how| access(path, how).is_ok());
        let shown = folder.display();
        let message = match std::fs::metadata(folder) {
            Err(error) if error.kind() == ErrorKind::NotFound => format!("the folder {shown} is not there; make it, or write another path"),
            Err(error) => format!("the folder {shown} cannot be looked at ({error}); write another path"),
            Ok(found) if !found.is_dir() => format!("{shown} is not a folder; write the path of a file in a folder"),
            Ok(_) if path.is_dir() => format!("{} is a folder; write the path of a file in it", path.display()),
            // The write-ahead log and the lock are next to the file.
            Ok(_) if !may(folder, Access::WRITE_OK | Access::EXEC_OK) => {
                format!("this user may not write in the folder {shown}; make this user its owner, or write another path")
            }
            Ok(_) if path.exists() && !may(path, Access::READ_OK | Access::WRITE_OK) => {
                format!("this user may not read and write {}; make this user its owner, or write another path", path.display())
            }
            Ok(_) => return None,
        };
        Some(SettingsProblem::new("database.url", ValueSource::Default, message))
    }

    /// The folder of the SQLite file; the working directory for other databases.
    pub fn folder(&self) -> &Path {
        match self {
            DatabaseUrl::SqliteFile(path) => path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new(".")),
            DatabaseUrl::SqliteMemory | DatabaseUrl::Postgres(_) => Path::new("."),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_cannot_be_there_is_said_with_its_remedy() {
        let folder = tempfile::tempdir().unwrap();
        let base = folder.path().display();
        let hindrance =
            |path: String| DatabaseUrl::parse(&format!("sqlite://{path}")).unwrap().hindrance().map(|problem| problem.to_string());
        assert_eq!(hindrance(format!("{base}/a.db")), None);
        std::fs::write(folder.path().join("file"), "").unwrap();
        for (path, words) in [
            ("none/a.db", "database.url: the folder {}/none is not there; make it, or write another path"),
            ("file/a.db", "database.url: {}/file is not a folder; write the path of a file in a folder"),
            ("../", "is a folder; write the path of a file in it"),
        ] {
            let said = hindrance(format!("{base}/{path}")).unwrap();
            assert!(said.contains(&words.replace("{}", &base.to_string())), "{said}");
        }
        // No user can write to this folder of the kernel, not even root.
        let said = hindrance("/proc/1/ns/a.db".to_owned());
        assert!(said.is_none_or(|said| said.contains("may not write in the folder /proc/1/ns")));
        assert_eq!(DatabaseUrl::SqliteMemory.hindrance(), None);
    }

    #[test]
    fn three_forms_are_read_and_others_refused() {
        for (text, shown) in [
            ("sqlite://lastword.db", "SQLite in lastword.db"),
            ("sqlite:///var/lib/lastword/l.db", "SQLite in /var/lib/lastword/l.db"),
            ("sqlite::memory:", "SQLite in memory"),
            ("postgres://me:hidden@db.example:5432/lw", "PostgreSQL at db.example/lw"),
            ("postgresql:///lw?host=/run/postgresql", "PostgreSQL at /run/postgresql/lw"),
            ("postgres://me:hidden@a:1,b/lw?target_session_attrs=read-write", "PostgreSQL at a:1,b/lw"),
        ] {
            let url = DatabaseUrl::parse(text).unwrap_or_else(|| panic!("{text} is refused"));
            assert_eq!(url.shown(), shown);
            assert!(!format!("{url:?}").contains("hidden"), "{url:?}");
        }
        for text in [
            "",
            "sqlite://",
            "sqlite:x.db",
            "lastword.db",
            "mysql://a/b",
            "postgres://host",
            "sqlite://a.db?mode=ro",
            "postgres://a:1,b:x/lw",
        ] {
            assert!(DatabaseUrl::parse(text).is_none(), "{text} is taken");
        }
    }

    #[test]
    fn the_key_lies_beside_the_file() {
        let folder = |text| DatabaseUrl::parse(text).unwrap().folder().to_owned();
        assert_eq!(folder("sqlite:///var/lib/l.db"), Path::new("/var/lib"));
        assert_eq!(folder("sqlite://l.db"), Path::new("."));
    }
}
