//! API keys of programs.

use super::{Failure, Shell, check_name};
use crate::domain::access::api_key::Scope;
use crate::domain::access::audit::By;
use crate::domain::access::rights::Lines;
use crate::life::access::change_key::{self, Made};
use crate::store::access::api_key;
use crate::store::line;
use lastword_base::names::LineId;

/// A new key. Its text is not stored.
pub struct NewKey {
    /// ID of the key.
    pub id: String,
    /// First characters of the key.
    pub prefix: String,
    /// The complete key.
    pub text: String,
}

/// Lines to which a key is limited; `None` if it is not.
pub fn lines_of(key: &api_key::ApiKey) -> Option<Vec<String>> {
    match &key.lines {
        Lines::All => None,
        Lines::Some(lines) => Some(lines.iter().map(LineId::to_string).collect()),
    }
}

/// Names of all scopes.
pub fn scopes() -> Vec<&'static str> {
    Scope::ALL.iter().map(|scope| scope.as_str()).collect()
}

impl Shell {
    /// Creates a key.
    ///
    /// # Errors
    /// If a scope or a line is unknown.
    pub async fn create_key(&self, name: &str, scopes: &[String], lines: &[String]) -> Result<NewKey, Failure> {
        check_name("--name", name)?;
        let mut chosen: Vec<Scope> = Vec::new();
        for word in scopes {
            let scope = Scope::parse(word)
                .ok_or_else(|| Failure::Usage(format!("--scope: \"{word}\" is not a scope; choose among {}", self::scopes().join(", "))))?;
            if !chosen.contains(&scope) {
                chosen.push(scope);
            }
        }
        for line in lines {
            if line::find(&self.db, &line.as_str().into()).await?.is_none() {
                return Err(Failure::Usage(format!("--line: there is no line \"{line}\"; see: lastword line list")));
            }
        }
        let lines = if lines.is_empty() { Lines::All } else { Lines::Some(lines.iter().map(LineId::from).collect()) };
        let engine = self.node().await?.engine;
        let Made { row, key } = change_key::create(&engine, &By::command(), name, &chosen, lines, self.now()).await?;
        Ok(NewKey { id: row.id.to_string(), prefix: row.prefix, text: key.text().to_owned() })
    }

    /// Lists all keys, newest first.
    ///
    /// # Errors
    /// Errors of the database.
    pub async fn keys(&self) -> Result<Vec<api_key::ApiKey>, Failure> {
        Ok(api_key::all(&self.db).await?)
    }

    /// Revokes a key, by its prefix or ID.
    ///
    /// # Errors
    /// If the key does not exist, or several have the prefix.
    pub async fn revoke_key(&self, which: &str) -> Result<String, Failure> {
        let keys = api_key::all(&self.db).await?;
        let meant: Vec<_> = keys.iter().filter(|key| key.id.to_string() == which || key.prefix == which).collect();
        let live: Vec<_> = meant.iter().filter(|key| key.revoked_at.is_none()).collect();
        let key = match (live.as_slice(), meant.is_empty()) {
            ([key], _) => *key,
            ([], true) => return Err(Failure::Failed(format!("there is no key \"{which}\"; see: lastword key list"))),
            ([], false) => return Err(Failure::Failed(format!("the key \"{which}\" is already revoked; nothing to do"))),
            _ => return Err(Failure::Failed(format!("several keys begin with \"{which}\"; use the ID, see: lastword key list"))),
        };
        change_key::revoke(&self.node().await?.engine, &By::command(), &key.id.to_string(), self.now()).await?;
        Ok(key.name.clone())
    }
}
