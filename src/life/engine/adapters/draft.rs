//! A connection as an admin enters it, and its stored form: secrets are sealed with the installation's key, other settings are plain.

use super::kind::{Kind, PASS_ON_URL};
use lastword_base::id::Ids;
use lastword_base::names::ConnectionId;
use lastword_domain::access::sealed::{open, seal};
use lastword_domain::question::token::TokenKeys;
use lastword_store::connection::stored::StoredConnection;
use lastword_store::{StoreError, document_in};
use serde_json::{Map, Value};
use std::collections::BTreeSet;
use std::fmt;

/// A connection as entered.
#[derive(Clone, PartialEq)]
pub struct Draft {
    /// Name: 1 to 40 lower-case letters, digits and hyphens.
    pub name: ConnectionId,
    /// Kind of channel or desk.
    pub kind: String,
    /// All settings, secrets included.
    pub values: Map<String, Value>,
}

/// Hides the values, which may be secrets.
impl fmt::Debug for Draft {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let keys: Vec<&String> = self.values.keys().collect();
        f.debug_struct("Draft").field("name", &self.name).field("kind", &self.kind).field("keys", &keys).finish()
    }
}

/// A stored connection, opened with this installation's key.
#[derive(Clone, Debug, PartialEq)]
pub enum Opened {
    /// With its secrets.
    Whole(Draft),
    /// The secrets cannot be opened: `security.key` has changed since they were entered.
    Locked,
}

impl Opened {
    /// The opened connection; `None` if locked.
    pub fn whole(self) -> Option<Draft> {
        match self {
            Opened::Whole(draft) => Some(draft),
            Opened::Locked => None,
        }
    }
}

/// The context that the secrets of a connection are sealed for, so that they cannot be used elsewhere.
pub(crate) fn bound_to(name: &ConnectionId) -> String {
    format!("stored connection {name}")
}

impl Draft {
    /// Splits the settings into plain values and secrets.
    pub fn split(&self, kind: &Kind) -> (Map<String, Value>, Map<String, Value>) {
        self.values.clone().into_iter().partition(|(key, _)| !kind.is_secret(key))
    }

    /// True if a desk behind the account gets what is not ours.
    pub fn passes_on(&self) -> bool {
        self.values.contains_key(PASS_ON_URL)
    }

    /// Keys of the secrets.
    pub fn secrets(&self, kind: &Kind) -> BTreeSet<String> {
        self.values.keys().filter(|key| kind.is_secret(key)).cloned().collect()
    }

    /// The texts to store: plain settings, keys of the secrets, and the sealed secrets.
    ///
    /// # Errors
    /// If there is no key to seal with.
    pub(crate) fn sealed(&self, kind: &Kind, keys: &TokenKeys, ids: &Ids) -> Result<(String, String, String), StoreError> {
        let (settings, secrets) = self.split(kind);
        let names = serde_json::to_string(&secrets.keys().collect::<Vec<_>>()).unwrap_or_default();
        let key = keys.each().next().ok_or_else(|| StoreError::Driver("there is no key to seal it with".to_owned()))?;
        let sealed = seal(key, &bound_to(&self.name), ids.bytes(), &Value::Object(secrets).to_string());
        Ok((Value::Object(settings).to_string(), names, sealed))
    }
}

/// The plain settings of a stored connection.
///
/// # Errors
/// If they cannot be parsed.
pub fn plain(stored: &StoredConnection) -> Result<Map<String, Value>, StoreError> {
    document_in("stored_connection", "settings", stored.name.as_str(), &stored.settings)
}

/// The keys of the secrets of a stored connection.
///
/// # Errors
/// If they cannot be parsed.
pub fn secret_keys(stored: &StoredConnection) -> Result<BTreeSet<String>, StoreError> {
    document_in("stored_connection", "secrets", stored.name.as_str(), &stored.secrets)
}

/// Opens a stored connection, with its secrets if the key fits.
///
/// # Errors
/// If it cannot be parsed.
pub fn opened(stored: &StoredConnection, keys: &TokenKeys) -> Result<Opened, StoreError> {
    let mut values = plain(stored)?;
    let Some(text) = open(keys.each(), &bound_to(&stored.name), &stored.sealed) else { return Ok(Opened::Locked) };
    let secrets: Map<String, Value> = document_in("stored_connection", "sealed", stored.name.as_str(), &text)?;
    values.extend(secrets);
    Ok(Opened::Whole(Draft { name: stored.name.clone(), kind: stored.kind.clone(), values }))
}

/// Seals secrets of an unsaved form for this person, so that the form carries them without showing them.
pub fn carried(keys: &TokenKeys, ids: &Ids, person: &str, secrets: &Map<String, Value>) -> String {
    let key = keys.each().next().filter(|_| !secrets.is_empty());
    key.map(|key| seal(key, &for_person(person), ids.bytes(), &Value::Object(secrets.clone()).to_string())).unwrap_or_default()
}

/// Opens what [`carried`] sealed for this person; empty if it was changed, or sealed for someone else.
pub fn carried_back(keys: &TokenKeys, person: &str, sealed: &str) -> Map<String, Value> {
    // Anything that opens was sealed by us and is JSON. Everything else is a changed form and carries nothing.
    open(keys.each(), &for_person(person), sealed).map(|text| serde_json::from_str(&text).unwrap_or_default()).unwrap_or_default()
}

fn for_person(person: &str) -> String {
    format!("connection form of {person}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use lastword_contract::{Input, Setting};
    use serde_json::json;

    const SETTINGS: &[Setting] = &[Setting::required("token", Input::Secret, ""), Setting::optional("receive", Input::Text, "")];
    const KIND: Kind = Kind { name: "telegram", desk: false, settings: SETTINGS, shared: &[] };

    fn stored(draft: &Draft, keys: &TokenKeys) -> StoredConnection {
        let (settings, secrets, sealed) = draft.sealed(&KIND, keys, &Ids::seeded(1)).unwrap();
        let (name, kind) = (draft.name.clone(), draft.kind.clone());
        StoredConnection { name, kind, settings, secrets, sealed, version: 1, created_at: 1, changed_at: 1, changed_by: "anna".to_owned() }
    }

    #[test]
    fn secrets_are_kept_sealed_and_opened_by_the_same_key_alone() {
        let values = json!({"token": "1:hush", "receive": "polling"}).as_object().unwrap().clone();
        let draft = Draft { name: "bot".into(), kind: "telegram".to_owned(), values };
        let keys = TokenKeys::new(&[1; 32], None);
        let kept = stored(&draft, &keys);
        assert!(!format!("{kept:?}{draft:?}").contains("hush"), "{kept:?}");
        assert_eq!((kept.settings.as_str(), kept.secrets.as_str()), (r#"{"receive":"polling"}"#, r#"["token"]"#));
        assert_eq!(opened(&kept, &keys).unwrap(), Opened::Whole(draft.clone()));
        assert_eq!(opened(&kept, &TokenKeys::new(&[2; 32], None)).unwrap(), Opened::Locked);
        let both = TokenKeys::new(&[2; 32], Some(&[1; 32]));
        assert_eq!(opened(&kept, &both).unwrap(), Opened::Whole(draft), "the key before the present one");
        let other = StoredConnection { name: "other".into(), ..kept.clone() };
        assert_eq!(opened(&other, &keys).unwrap(), Opened::Locked, "sealed secrets are worth nothing under another name");
        let broken = StoredConnection { settings: "[".to_owned(), ..kept };
        assert!(opened(&broken, &keys).unwrap_err().to_string().contains("stored_connection"));
    }

    #[test]
    fn a_form_carries_secrets_of_one_person() {
        let (keys, ids) = (TokenKeys::new(&[1; 32], None), Ids::seeded(1));
        let secrets = json!({"token": "1:hush"}).as_object().unwrap().clone();
        let sealed = carried(&keys, &ids, "anna", &secrets);
        assert!(!sealed.is_empty() && !sealed.contains("hush"));
        assert_eq!(carried_back(&keys, "anna", &sealed), secrets);
        for (person, text) in [("boris", sealed.as_str()), ("anna", ""), ("anna", "AAAA")] {
            assert!(carried_back(&keys, person, text).is_empty(), "{person} {text}");
        }
        assert_eq!(carried(&keys, &ids, "anna", &Map::new()), "");
    }
}
