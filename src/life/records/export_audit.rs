//! Audit log entries of exports: who downloaded which list, with which filter, and how many rows. Text searched for in comments is
//! personal data, and is not logged.

use crate::engine::Engine;
use lastword_domain::access::audit::{Act, By, Entry};
use lastword_store::access::audit;
use lastword_store::{Millis, StoreError, transaction};
use serde_json::{Map, Value, json};

/// A download of a file.
#[derive(Clone, Debug)]
pub struct Export {
    /// The actor.
    pub by: By,
    /// [`Act::ListExported`] or [`Act::ReportExported`].
    pub act: Act,
    /// The list, or what the report is split by.
    pub subject: String,
    /// `csv`, `xlsx` or `jsonl`.
    pub format: &'static str,
    /// The filter, by parameter names.
    pub filter: Map<String, Value>,
}

impl Export {
    /// An export from the parameters of its address, without personal data.
    pub fn new<'n, 'v>(by: By, act: Act, subject: &str, format: &'static str, asked: impl Iterator<Item = (&'n str, &'v str)>) -> Self {
        let said = |name: &str, value: &str| if name == "q" { json!(true) } else { json!(value) };
        let mut filter: Map<String, Value> = Map::new();
        for (name, value) in asked.filter(|(_, value)| !value.is_empty()) {
            let before = filter.remove(name);
            let value = match before {
                None => said(name, value),
                Some(Value::Array(mut several)) => {
                    several.push(said(name, value));
                    Value::Array(several)
                }
                Some(one) => Value::Array(vec![one, said(name, value)]),
            };
            filter.insert(name.to_owned(), value);
        }
        Self { by, act, subject: subject.to_owned(), format, filter }
    }

    fn entry(&self, rows: u64, whole: bool) -> Entry {
        let mut after = json!({ "format": self.format, "rows": rows, "filter": self.filter });
        if !whole {
            after["cut"] = json!(true);
        }
        let entry = Entry::new(self.act, &self.subject).with(&Value::Null, &after);
        match self.filter.get("line").and_then(Value::as_str) {
            Some(line) => entry.on_line(&line.into()),
            None => entry,
        }
    }
}

/// Records the download of a file with this many rows; `whole` is false if it was aborted.
#[lastword_base::boxed]
pub async fn note(engine: &Engine, export: &Export, rows: u64, whole: bool, now: Millis) -> Result<(), StoreError> {
    let (ids, by, entry) = (engine.ids.clone(), export.by.clone(), export.entry(rows, whole));
    transaction!(engine.db, [ids, by, entry], async |tx| { audit::write(tx, ids.next(now), now, &by, &entry).await }).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_searched_for_stays_out() {
        let asked = [("line", "vip"), ("operator", "-"), ("q", "anna@example.com"), ("grade", "")];
        let export = Export::new(By::command(), Act::ListExported, "ratings", "csv", asked.into_iter());
        let entry = export.entry(7, true);
        let expected = json!({ "format": "csv", "rows": 7, "filter.line": "vip", "filter.operator": "-", "filter.q": true });
        assert_eq!((Value::Object(entry.after), entry.line.as_ref().map(|id| id.as_str())), (expected, Some("vip")));
        assert_eq!(export.entry(3, false).after["cut"], json!(true));
        let asked = [("line", "vip"), ("line", "sales"), ("line", "support")];
        let entry = Export::new(By::command(), Act::ListExported, "ratings", "csv", asked.into_iter()).entry(7, true);
        assert_eq!((&entry.after["filter.line"], entry.line), (&json!(["vip", "sales", "support"]), None));
    }
}
