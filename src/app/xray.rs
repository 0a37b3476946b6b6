//! `lastword xray`: reads a desk's data from its API or from a file, and compares its reported figures with what the same
//! data support. Changes nothing; needs no settings and no database.
//!
//! | file | contents |
//! |---|---|
//! | `chatwoot.rs` | reads a Chatwoot by its API, with pauses |
//! | `file.rs` | reads exports of desks, and files in our own format |
//! | `json_rows.rs` | the rows of a JSON file |
//! | `output.rs` | writes the page and the document without overwriting other files |
//! | `summary.rs` | the most important results, for the screen |

#[cfg(feature = "chatwoot")]
mod chatwoot;
mod file;
mod json_rows;
mod output;
mod summary;

#[cfg(feature = "chatwoot")]
pub use self::chatwoot::{Progress, WantedChatwoot, look_at_chatwoot};
pub use self::file::{WantedFile, kinds, look_at_file};
pub use self::output::Output;

use crate::http::locale::language::Language;
use crate::http::pages::report::xray as page;
use crate::time::Millis;
use chrono_tz::Tz;
use lastword_xray::{Missed, NotRead, Rule, Xray};
use serde_json::{Map, Value, json};

/// An X-ray and its metadata.
#[derive(Debug)]
pub struct Made {
    xray: Xray,
    /// Source of the data: a host or a file.
    name: String,
    made_at: Millis,
    /// Time zone of its days.
    zone: Tz,
    /// Language of its texts.
    language: Language,
}

impl Made {
    /// The most important results, in a few lines.
    pub fn summary(&self) -> Vec<String> {
        summary::lines(self)
    }

    /// The page: one self-contained file.
    fn page(&self) -> Result<String, String> {
        page::draw_page(&self.xray, &self.name, self.made_at, self.zone, self.language)
    }

    /// The results for programs.
    fn document(&self) -> Value {
        let rules: Map<String, Value> =
            Rule::ALL.into_iter().map(|rule| (rule.as_str().to_owned(), page::rule(self.language, rule).into())).collect();
        let mut document = json!({
            "kind": output::KIND,
            "version": 1,
            "name": self.name,
            "made_at": self.made_at,
            "time_zone": self.zone.name(),
            "rules": rules,
        });
        if let (Value::Object(document), Value::Object(xray)) = (&mut document, json!(self.xray)) {
            document.extend(xray);
        }
        super::admin::with_moments(document)
    }
}

/// Counts missing data, with the first example of each kind.
#[derive(Debug, Default)]
struct Missing(Vec<NotRead>);

impl Missing {
    fn note(&mut self, what: Missed, count: usize, example: impl Into<String>) {
        let count = i64::try_from(count).unwrap_or(i64::MAX);
        match self.0.iter_mut().find(|known| known.what == what) {
            _ if count == 0 => {}
            Some(known) => known.count += count,
            None => self.0.push(NotRead { what, count, example: example.into() }),
        }
    }
}
