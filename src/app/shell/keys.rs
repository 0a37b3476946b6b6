//! Keys of programs that call the API.

use super::{Failure, Shell, check_name};
use crate::domain::api_key::{ApiKey, Scope};
use crate::store::api_key;

/// A key that was just made. Its text is kept nowhere.
pub struct NewKey {
    /// Its id.
    pub id: String,
    /// Its first letters.
    pub prefix: String,
    /// The whole key.
    pub text: String,
}

/// The words of all scopes.
pub fn scopes() -> Vec<&'static str> {
    Scope::ALL.iter().map(|scope| scope.as_str()).collect()
}

impl Shell {
    /// Makes a key.
    ///
    /// # Errors
    /// When a scope is not known.
    pub async fn create_key(&self, name: &str, scopes: &[String]) -> Result<NewKey, Failure> {
        check_name("--name", name)?;
        let mut words: Vec<String> = Vec::new();
        for word in scopes {
            let scope = Scope::parse(word)
                .ok_or_else(|| Failure::Usage(format!("--scope: \"{word}\" is not a scope; choose among {}", self::scopes().join(", "))))?;
            if !words.iter().any(|known| known == scope.as_str()) {
                words.push(scope.as_str().to_owned());
            }
        }
        let key = ApiKey::generate(self.ids.bytes());
        let row = api_key::ApiKey {
            id: self.ids.next(self.now()),
            name: name.to_owned(),
            prefix: key.prefix().to_owned(),
            hash: key.hash(),
            scopes: words,
            created_at: self.now(),
            last_used_at: None,
            revoked_at: None,
        };
        let made = NewKey { id: row.id.clone(), prefix: row.prefix.clone(), text: key.text().to_owned() };
        let kept = self.db.write(move |tx| {
            let row = row.clone();
            Box::pin(async move { api_key::insert(tx, &row).await })
        });
        kept.await?;
        Ok(made)
    }

    /// All keys, newest first.
    ///
    /// # Errors
    /// The database's error.
    pub async fn keys(&self) -> Result<Vec<api_key::ApiKey>, Failure> {
        Ok(api_key::all(&self.db).await?)
    }

    /// Takes a key back, by its prefix or id.
    ///
    /// # Errors
    /// When there is no such key, or several share the prefix.
    pub async fn revoke_key(&self, which: &str) -> Result<String, Failure> {
        let keys = api_key::all(&self.db).await?;
        let meant: Vec<_> = keys.iter().filter(|key| key.id == which || key.prefix == which).collect();
        let live: Vec<_> = meant.iter().filter(|key| key.revoked_at.is_none()).collect();
        let key = match (live.as_slice(), meant.is_empty()) {
            ([key], _) => *key,
            ([], true) => return Err(Failure::Failed(format!("there is no key \"{which}\"; see: lastword key list"))),
            ([], false) => return Err(Failure::Failed(format!("the key \"{which}\" was taken back before; nothing is left to do"))),
            _ => return Err(Failure::Failed(format!("several keys begin with \"{which}\"; name the id, see: lastword key list"))),
        };
        let (id, now) = (key.id.clone(), self.now());
        let revoked = self.db.write(move |tx| {
            let id = id.clone();
            Box::pin(async move { api_key::revoke(tx, &id, now).await })
        });
        revoked.await?;
        Ok(key.name.clone())
    }
}
