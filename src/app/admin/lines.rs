//! Lines and their settings.

mod experiments;

use super::{Failure, Shell, check_id, check_name};
use crate::domain::access::audit::By;
use crate::domain::line::LineSettings;
use crate::domain::line::bitrix24::{self, FieldResult};
use crate::life::Engine;
use crate::life::admin::change_line::{Changed, save_line_by, warnings};
use crate::life::admin::delete_line::delete_line;
use crate::life::engine::stop::Deleted;
use crate::store::alert::recipient;
use crate::store::line::{self, Line, LineChange};
use lastword_import::icalendar;
use serde_json::{Map, Value, json};

/// Author of changes in a line's history.
const BY: &str = "command line";

/// A line to create.
#[derive(Clone, Debug, Default)]
pub struct NewLine {
    /// ID of the line.
    pub id: String,
    /// Name of the line.
    pub name: String,
    /// Scale, if it is not the default.
    pub scale: Option<String>,
    /// Recipients of alerts about low ratings.
    pub recipients: Vec<String>,
}

impl Shell {
    /// Creates a line. Returns the warnings about it.
    ///
    /// # Errors
    /// If the ID is taken, or a setting is invalid.
    pub async fn add_line(&self, new: NewLine) -> Result<Vec<String>, Failure> {
        check_id("--id", &new.id)?;
        if line::find(&self.db, &new.id.as_str().into()).await?.is_some() {
            let id = new.id;
            return Err(Failure::Failed(format!(
                "--id: the line \"{id}\" already exists; change it with: lastword line set {id} key=value"
            )));
        }
        let mut document = document(&LineSettings::default());
        if let Some(scale) = new.scale {
            document["scale"] = Value::String(scale);
        }
        document["alerts"]["recipients"] = json!(new.recipients);
        self.save(&new.id, new.name, false, document, 0).await
    }

    /// Deletes a line that is not used.
    ///
    /// # Errors
    /// Names what uses it.
    pub async fn delete_line(&self, id: &str) -> Result<(), Failure> {
        match delete_line(&self.node().await?.engine, &By::command(), &id.into(), self.now()).await? {
            Deleted::Done => Ok(()),
            Deleted::Unknown => Err(Failure::Failed(format!("there is no line \"{id}\"; see: lastword line list"))),
            Deleted::Hangs(hanging) => Err(Failure::Failed(format!(
                "the line {id} cannot be deleted because of {}: archive it with: lastword line set {id} archived=true",
                hanging.join("; ")
            ))),
        }
    }

    /// Changes settings of a line, each given as `key=value` with a dotted key. Returns the warnings about the line.
    ///
    /// # Errors
    /// Names the key and the remedy.
    pub async fn set_line(&self, id: &str, changes: &[String]) -> Result<Vec<String>, Failure> {
        let Some(line) = line::find(&self.db, &id.into()).await? else {
            return Err(Failure::Failed(format!("there is no line \"{id}\"; see: lastword line list")));
        };
        let (mut name, mut archived, mut document) = (line.name, line.archived_at.is_some(), document(&line.settings));
        for change in changes {
            let Some((key, text)) = change.split_once('=') else {
                return Err(Failure::Usage(format!("\"{change}\" is not a setting; write key=value, for example scale=five_star")));
            };
            match (key, text) {
                ("name", text) => text.clone_into(&mut name),
                ("archived", "true") => archived = true,
                ("archived", "false") => archived = false,
                ("archived", _) => return Err(Failure::Usage("archived: write true or false".to_owned())),
                (key, text) => put(&mut document, key, value(text))?,
            }
        }
        self.save(id, name, archived, document, line.version).await
    }

    /// Replaces the days off of a line's deadline with those of an iCalendar file. Returns them, the events that were left out, and the
    /// warnings about the line.
    ///
    /// # Errors
    /// If the line does not exist or has no deadline, or the file has no days off.
    pub async fn set_days_off(&self, id: &str, text: &str) -> Result<(Vec<String>, Vec<String>, Vec<String>), Failure> {
        let line = self.line(id).await?;
        if line.settings.deadline.is_none() {
            let remedy = format!("set one with: lastword line set {id} deadline.hours=8");
            return Err(Failure::Usage(format!("the line \"{id}\" has no deadline that days off could move; {remedy}")));
        }
        let calendar = icalendar::read(text, self.now()).map_err(|problem| Failure::Usage(format!("the file {problem}")))?;
        let days: Vec<String> = calendar.days.iter().map(ToString::to_string).collect();
        let mut left_out = calendar.left_out;
        if calendar.unused > left_out.len() {
            left_out.push(format!("{} more events", calendar.unused - left_out.len()));
        }
        let mut document = document(&line.settings);
        put(&mut document, "deadline.days_off", json!(days))?;
        let warnings = self.save(id, line.name, line.archived_at.is_some(), document, line.version).await?;
        Ok((days, left_out, warnings))
    }

    /// A line in Bitrix24's settings format, and the result for each of our settings.
    ///
    /// # Errors
    /// If the line does not exist.
    pub async fn to_bitrix(&self, id: &str) -> Result<(Value, Vec<Vec<String>>), Failure> {
        let line = self.line(id).await?;
        let (fields, fates) = bitrix24::export(&line.name, &line.settings);
        Ok((Value::Object(fields), fates.iter().map(row).collect()))
    }

    /// Imports settings in Bitrix24's format, or with `dry_run` only reports the result for each field. Returns the
    /// results, and the warnings about the line.
    ///
    /// # Errors
    /// If the line does not exist, or `text` is not in that format.
    pub async fn from_bitrix(&self, id: &str, text: &str, dry_run: bool) -> Result<(Vec<Vec<String>>, Vec<String>), Failure> {
        let line = self.line(id).await?;
        let document: Value = serde_json::from_str(text).map_err(|error| Failure::Usage(format!("this is not JSON: {error}")))?;
        let imported = bitrix24::import(&document, &line.settings).ok_or_else(|| {
            Failure::Usage(
                "these are not the settings of a Bitrix24 line: no field VOTE_… was found; save the response of imopenlines.config.get"
                    .to_owned(),
            )
        })?;
        if dry_run {
            return Ok((imported.fates.iter().map(row).collect(), Vec::new()));
        }
        let (name, archived) = (imported.name.unwrap_or(line.name), line.archived_at.is_some());
        let warnings = self.save(id, name, archived, self::document(&imported.settings), line.version).await?;
        Ok((imported.fates.iter().map(row).collect(), warnings))
    }

    async fn line(&self, id: &str) -> Result<Line, Failure> {
        let missing = || Failure::Failed(format!("there is no line \"{id}\"; see: lastword line list"));
        line::find(&self.db, &id.into()).await?.ok_or_else(missing)
    }

    /// Lists all lines, each with its warnings.
    ///
    /// # Errors
    /// Errors of the database or the settings.
    pub async fn lines(&self) -> Result<Vec<(Line, Vec<String>)>, Failure> {
        let (engine, recipients) = (self.node().await?.engine, recipient::all(&self.db).await?);
        let lines = line::all(&self.db).await?.into_iter();
        Ok(lines.map(|line| (line.clone(), warnings(&engine, &line, &recipients))).collect())
    }

    async fn save(&self, id: &str, name: String, archived: bool, document: Value, seen_version: i64) -> Result<Vec<String>, Failure> {
        check_name("name", &name)?;
        let settings: LineSettings = serde_path_to_error::deserialize(document).map_err(|error| {
            let (path, inner) = (error.path().to_string(), error.inner().to_string());
            Failure::Usage(if path == "." { inner } else { format!("{path}: {inner}") })
        })?;
        let engine: Engine = self.node().await?.engine;
        let change = LineChange { id: id.into(), name, settings, archived, seen_version, by: BY.to_owned(), at: self.now() };
        match save_line_by(&engine, &By::command(), change).await? {
            Changed::Saved(line) => Ok(warnings(&engine, &line, &recipient::all(&self.db).await?)),
            Changed::Bad(bad) => Err(Failure::Usage(format!("{}: {}", bad.field, bad.problem))),
            Changed::Outdated(_) => {
                Err(Failure::Failed(format!("another person changed the line \"{id}\" at the same time; check it and try again")))
            }
        }
    }
}

/// The result for a field as a table row: field, result, the field on the other side, reason.
fn row(told: &FieldResult) -> Vec<String> {
    let why = told.reason.unwrap_or_default().replace('_', " ");
    vec![told.field.clone(), told.fate.as_str().replace('_', " "), told.counterpart.clone().unwrap_or_default(), why]
}

fn document(settings: &LineSettings) -> Value {
    serde_json::to_value(settings).unwrap_or_else(|error| unreachable!("settings are plain data: {error}"))
}

/// Parses a value from the shell: JSON if it is valid, otherwise the text itself.
fn value(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|_| Value::String(text.to_owned()))
}

/// Sets a value at a dotted key and creates missing sections, for example for a language without texts.
fn put(document: &mut Value, key: &str, value: Value) -> Result<(), Failure> {
    let mut place = document;
    let mut parts = key.split('.').peekable();
    while let Some(part) = parts.next() {
        let Value::Object(section) = place else {
            return Err(Failure::Usage(format!("{key}: there is nothing below a single value; leave out .{part}")));
        };
        if parts.peek().is_none() {
            section.insert(part.to_owned(), value);
            return Ok(());
        }
        place = section.entry(part).or_insert_with(|| Value::Object(Map::new()));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_in_dots_reaches_into_the_document() {
        let mut settings = document(&LineSettings::default());
        put(&mut settings, "alerts.recipients", value(r#"["anna"]"#)).unwrap();
        put(&mut settings, "texts.pt-BR.question", value("Gostou?")).unwrap();
        put(&mut settings, "delay_secs", value("5")).unwrap();
        let settings: LineSettings = serde_json::from_value(settings).unwrap();
        assert_eq!((settings.alerts.recipients, settings.delay_secs), (vec!["anna".to_owned()], 5));
        assert_eq!(settings.texts["pt-BR"].question.as_deref(), Some("Gostou?"));
        let wrong = put(&mut document(&LineSettings::default()), "delay_secs.x", Value::Null).unwrap_err();
        assert_eq!(wrong.to_string(), "delay_secs.x: there is nothing below a single value; leave out .x");
    }
}
