//! `database.url`: which database, parsed once.

use secrecy::{ExposeSecret, SecretString};
use std::path::{Path, PathBuf};

/// Where everything is kept.
#[derive(Clone, Debug)]
pub enum DatabaseUrl {
    /// One SQLite file.
    SqliteFile(PathBuf),
    /// SQLite in memory: gone when the process ends.
    SqliteMemory,
    /// PostgreSQL; the URL holds the password.
    Postgres(SecretString),
}

impl DatabaseUrl {
    pub(super) const REMEDY: &'static str =
        "is not a database we know; write \"sqlite://FILE\", \"sqlite::memory:\" or \"postgres://USER:PASSWORD@HOST/NAME\"";

    /// Reads a URL; `None` when it is none of the three forms.
    pub fn parse(text: &str) -> Option<Self> {
        if text == "sqlite::memory:" {
            return Some(DatabaseUrl::SqliteMemory);
        }
        if let Some(path) = text.strip_prefix("sqlite://") {
            // A query would silently become part of the file's name.
            return (!path.is_empty() && !path.contains(['?', '#', '\0'])).then(|| DatabaseUrl::SqliteFile(PathBuf::from(path)));
        }
        let url = url::Url::parse(text).ok().filter(|url| matches!(url.scheme(), "postgres" | "postgresql"))?;
        (url.path().len() > 1).then(|| DatabaseUrl::Postgres(SecretString::from(text)))
    }

    /// The form that is fit for logs: without user and password.
    pub fn shown(&self) -> String {
        match self {
            DatabaseUrl::SqliteFile(path) => format!("SQLite in {}", path.display()),
            DatabaseUrl::SqliteMemory => "SQLite in memory".to_owned(),
            DatabaseUrl::Postgres(text) => match url::Url::parse(text.expose_secret()) {
                Ok(url) => format!("PostgreSQL at {}{}", url.host_str().filter(|host| !host.is_empty()).unwrap_or("localhost"), url.path()),
                Err(_) => "PostgreSQL".to_owned(),
            },
        }
    }

    /// The whole address, with user and password: for opening the database, and for nothing else.
    pub fn address(&self) -> String {
        match self {
            DatabaseUrl::SqliteFile(path) => format!("sqlite://{}", path.display()),
            DatabaseUrl::SqliteMemory => "sqlite::memory:".to_owned(),
            DatabaseUrl::Postgres(text) => text.expose_secret().to_owned(),
        }
    }

    /// The folder of the SQLite file, or the working directory.
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
    fn three_forms_are_read_and_others_refused() {
        for (text, shown) in [
            ("sqlite://lastword.db", "SQLite in lastword.db"),
            ("sqlite:///var/lib/lastword/l.db", "SQLite in /var/lib/lastword/l.db"),
            ("sqlite::memory:", "SQLite in memory"),
            ("postgres://me:hidden@db.example:5432/lw", "PostgreSQL at db.example/lw"),
            ("postgresql:///lw?host=/run/postgresql", "PostgreSQL at localhost/lw"),
        ] {
            let url = DatabaseUrl::parse(text).unwrap_or_else(|| panic!("{text} is refused"));
            assert_eq!(url.shown(), shown);
            assert!(!format!("{url:?}").contains("hidden"), "{url:?}");
        }
        for text in ["", "sqlite://", "sqlite:x.db", "lastword.db", "mysql://a/b", "postgres://host", "sqlite://a.db?mode=ro"] {
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
