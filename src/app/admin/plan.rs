//! A dry run of a line over past closes.

use super::{Failure, Shell};
use crate::domain::line::LineSettings;
use crate::domain::report::bound::Bound;
use crate::domain::report::calendar::Day;
use crate::life::admin::dry_run::{LinePlan, plan_line};
use crate::store::line;
use crate::time::Millis;
use chrono::DateTime;
use serde::de::DeserializeOwned;
use std::path::{Path, PathBuf};

/// Options of the dry run.
#[derive(Clone, Debug)]
pub struct DryRun {
    /// The line.
    pub line: String,
    /// Closed at or after: a date, or a time with a zone.
    pub from: String,
    /// Closed before this instant, or up to and including this day; default: now.
    pub until: Option<String>,
    /// Settings to try instead of the line's own.
    pub settings: Option<PathBuf>,
}

impl Shell {
    /// Closes that a line would have asked about.
    ///
    /// # Errors
    /// If the line does not exist, a time or a setting is invalid, or errors of the database.
    pub async fn plan(&self, dry_run: &DryRun) -> Result<LinePlan, Failure> {
        let zone = self.settings.organisation.time_zone;
        let since = self.moment("--from", &dry_run.from)?;
        let until =
            dry_run.until.as_deref().map_or(Ok(self.now()), |until| Self::bound("--until", until).map(|until| until.until(zone)))?;
        if until <= since {
            return Err(Failure::Usage("--until: is not after --from; use a later time, or leave it out".to_owned()));
        }
        let Some(line) = line::find(&self.db, &dry_run.line.as_str().into()).await? else {
            return Err(Failure::Failed(format!("there is no line \"{}\"; see: lastword line list", dry_run.line)));
        };
        let settings = match &dry_run.settings {
            Some(file) => read_settings(file)?,
            None => line.settings,
        };
        Ok(plan_line(&self.node().await?.engine, &line.id, &settings, since, until).await?)
    }

    /// The start of a period: the start of a date in the organisation's time zone, or a time with its zone.
    pub(super) fn moment(&self, argument: &str, text: &str) -> Result<Millis, Failure> {
        Ok(Self::bound(argument, text)?.since(self.settings.organisation.time_zone))
    }

    fn bound(argument: &str, text: &str) -> Result<Bound, Failure> {
        let at = || DateTime::parse_from_rfc3339(text).ok().map(|at| Bound::At(at.timestamp_millis()));
        Day::parse(text).map(Bound::Day).or_else(at).ok_or_else(|| {
            Failure::Usage(format!("{argument}: \"{text}\" is not a time; write a date, such as 2026-05-01, or 2026-05-01T12:00:00Z"))
        })
    }
}

/// Reads the settings of a line from a file: TOML by its extension, otherwise JSON.
fn read_settings(file: &Path) -> Result<LineSettings, Failure> {
    let name = file.display();
    let text = std::fs::read_to_string(file).map_err(|error| Failure::Usage(format!("--settings: cannot read {name}: {error}")))?;
    let settings: LineSettings = if file.extension().is_some_and(|extension| extension == "toml") {
        parse(&name.to_string(), toml::Deserializer::parse(&text))?
    } else {
        parse(&name.to_string(), serde_json::from_str::<serde_json::Value>(&text))?
    };
    settings.check().map_err(|bad| Failure::Usage(format!("--settings: {} in {name}: {}", bad.field, bad.problem)))?;
    Ok(settings)
}

fn parse<'de, T: DeserializeOwned, D: serde::Deserializer<'de>, E: std::fmt::Display>(
    name: &str,
    document: Result<D, E>,
) -> Result<T, Failure>
where
    D::Error: std::fmt::Display,
{
    let document = document.map_err(|error| Failure::Usage(format!("--settings: {name} cannot be read: {error}")))?;
    serde_path_to_error::deserialize(document).map_err(|error| {
        let (path, inner) = (error.path().to_string(), error.inner().to_string());
        let what = if path == "." { inner } else { format!("{path} in {name}: {inner}") };
        Failure::Usage(format!("--settings: {}", what.trim_end()))
    })
}
