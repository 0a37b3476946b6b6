//! Query parameters that select the closes of a report.

use crate::api::openapi::words;
use crate::problem::Problem;
use crate::state::AppState;
use lastword_base::names::{LineId, OperatorId};
use lastword_domain::access::rights::Lines;
use lastword_domain::answer::rating::Scale;
use lastword_domain::report::calendar::Day;
use lastword_domain::report::period::{NoPeriod, Period, Step};
use lastword_domain::report::rating_filter::NONE;
use lastword_domain::session::HandledBy;
use lastword_domain::session::label::LabelIs;
use lastword_store::line;
use lastword_store::report::{By, Closes};
use serde::Deserialize;
use utoipa::IntoParams;

/// Default number of days of a report.
const DAYS: i64 = 30;

/// Declares a query with the common filters and further parameters. Serde refuses unknown names only if all fields are in one struct.
macro_rules! report_query {
    ($(#[$meta:meta])* $Query:ident { $($(#[$field_meta:meta])* $field:ident),* }) => {
        $(#[$meta])*
        #[derive(Debug, Default, Deserialize, IntoParams)]
        #[into_params(parameter_in = Query)]
        #[serde(deny_unknown_fields)]
        pub struct $Query {
            /// Closed on this day or later, such as `2026-09-01`; default: 30 days.
            pub from: Option<String>,
            /// Closed on this day or earlier; default: today.
            pub until: Option<String>,
            /// Only this line.
            pub line: Option<String>,
            /// Only closes credited to this operator; `-` for closes credited to none.
            pub operator: Option<String>,
            /// Only this kind of channel, such as `telegram`; `-` for unknown.
            pub channel: Option<String>,
            /// Only `binary` or `five_star`.
            #[param(value_type = Option<Scale>)]
            pub scale: Option<String>,
            /// Only sessions handled by `human` (only people), `program` (only programs), `both`, or `nobody` (unknown).
            #[param(value_type = Option<HandledBy>)]
            pub handled_by: Option<String>,
            /// Only sessions with this label (`vip`) or with this value of a field (`topic:refund`; `topic` for any value).
            /// Figures of more than 5,000 such sessions are cached for ten minutes.
            pub label: Option<String>,
            $($(#[$field_meta])* pub $field: Option<String>,)*
        }
    };
}

report_query! {
    /// Selects the closes of a report.
    ReportQuery {}
}

report_query! {
    /// Selects the closes of a trend, and its step.
    TrendQuery {
        /// `day`, `week` (from Monday) or `month`; by default, the step that results in a few dozen points.
        #[param(value_type = Option<Step>)]
        step
    }
}

report_query! {
    /// Selects the low ratings of a report, and how to group them.
    ReasonsQuery {
        /// How to group: `operator`, `line`, `channel`, `handled_by`, `label`, `day`, `week` (from Monday) or `month`; no
        /// groups if missing.
        #[param(value_type = Option<words::ReasonGroups>)]
        by
    }
}

/// Parses a day.
pub(in crate::api) fn day(field: &str, text: &str) -> Result<Day, Problem> {
    Day::parse(text).ok_or_else(|| {
        let detail = format!("{field} \"{}\" is not a day.", text.chars().take(40).collect::<String>());
        Problem::invalid_field(field, detail, "Write a day such as 2026-09-30, from 1970-01-01 to 9999-12-31.")
    })
}

/// Parses a scale.
pub(in crate::api) fn scale(text: &str) -> Result<Scale, Problem> {
    Scale::parse(text).ok_or_else(|| {
        let detail = format!("There is no scale \"{}\".", text.chars().take(40).collect::<String>());
        Problem::invalid_field("scale", detail, "Ask for binary or five_star.")
    })
}

/// Parses a value of `handled_by`.
fn handled_by(text: &str) -> Result<HandledBy, Problem> {
    HandledBy::parse(text).ok_or_else(|| {
        let detail = format!("Nothing is handled by \"{}\".", text.chars().take(40).collect::<String>());
        Problem::invalid_field("handled_by", detail, "Ask for human, program, both or nobody.")
    })
}

/// Parses a label, or a field with its value.
fn label(text: &str) -> Result<LabelIs, Problem> {
    LabelIs::parse(text).ok_or_else(|| {
        let detail = format!("\"{}\" is no label.", text.chars().take(40).collect::<String>());
        Problem::invalid_field("label", detail, "Ask for a label such as vip, or a field with its value such as topic:refund.")
    })
}

pub(in crate::api) fn days_of(query: &ReportQuery, today: Day) -> Result<Period, Problem> {
    let (from, until) = (query.from.as_deref().map(|text| day("from", text)), query.until.as_deref().map(|text| day("until", text)));
    let (from, until) = (from.transpose()?, until.transpose()?);
    let until_ = until.unwrap_or_else(|| from.map_or(today, |from| today.max(from)));
    let from_ = from.unwrap_or_else(|| until_.plus(1 - DAYS));
    Period::new(from_, until_.plus(1)).map_err(|why| match why {
        NoPeriod::EndsBeforeItStarts => {
            let detail = format!("until ({until_}) is before from ({from_}), so there is no day between them.");
            Problem::invalid_field("until", detail, "until is the last day: for September write from=2026-09-01&until=2026-09-30.")
        }
        NoPeriod::TooLong => {
            let detail = format!("From {from_} to {until_} is more than ten years.");
            let field = if from.is_some() { "from" } else { "until" };
            Problem::invalid_field(field, detail, "Ask for at most ten years (3653 days) at once.")
        }
    })
}

/// Converts a query to the filter of a report that is split by `by`.
pub(crate) async fn closes(app: &AppState, lines: &Lines, query: ReportQuery, by: By) -> Result<Closes, Problem> {
    let today = Day::of(app.engine.now(), app.engine.db.zone());
    let period = days_of(&query, today)?;
    let scale = query.scale.as_deref().map(scale).transpose()?;
    let handled_by = query.handled_by.as_deref().map(handled_by).transpose()?;
    let label = query.label.as_deref().map(label).transpose()?;
    if let Some(line) = query.line.as_deref().filter(|line| !lines.admit(&LineId::from(*line))) {
        return Err(Problem::other_line("line", line));
    }
    known_line(app, query.line.as_deref()).await?;
    let ReportQuery { line, operator, channel, .. } = query;
    let mut closes = Closes {
        sees: lines.clone(),
        line: line.map(LineId::from),
        operator: operator.and_then(one_or_none).map(OperatorId::from),
        channel: channel.and_then(one_or_none),
        scale,
        handled_by,
        label,
        ..Closes::of(period)
    };
    app.labelled.prepare(&app.engine.db, &mut closes, by, true, app.engine.now()).await?;
    Ok(closes)
}

/// The value of a filter as reports know it, which write none as an empty text. An empty one means any, as in lists.
fn one_or_none(value: String) -> Option<String> {
    match value.as_str() {
        "" => None,
        NONE => Some(String::new()),
        _ => Some(value),
    }
}

/// Refuses a filter by a line that never existed.
pub(in crate::api) async fn known_line(app: &AppState, id: Option<&str>) -> Result<(), Problem> {
    match id {
        Some(id) if line::find(&app.engine.db, &id.into()).await?.is_none() => Err(Problem::unknown_line("line", id)),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_none_and_one_are_told_apart_as_in_lists() {
        let read = |value: &str| one_or_none(value.to_owned());
        assert_eq!((read(""), read("-"), read("telegram")), (None, Some(String::new()), Some("telegram".to_owned())));
    }
}
