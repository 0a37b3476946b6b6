//! Versions of a line: author, time and changes of each, and restoring one.

use super::super::frame::{Frame, html};
use super::super::{Pages, done};
use super::{address, theirs};
use crate::frame::changes::{Change, changes};
use crate::frame::form::Form;
use crate::frame::visit::SignedIn;
use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use lastword_domain::access::audit::{Act, Entry};
use lastword_domain::access::rights::Right;
use lastword_http::problem::{Code, Problem};
use lastword_http::query::Query;
use lastword_life::admin::change_line::{Changed, save_line_by, summary};
use lastword_store::line::{self, LineChange};
use serde::Deserialize;
use serde_json::Value;
use std::sync::Arc;

/// Versions per page.
const SHOWN: usize = 20;

/// Position in the list.
#[derive(Debug, Deserialize)]
pub struct VersionsQuery {
    /// Versions before this one.
    before: Option<i64>,
}

/// A version for display.
struct VersionsView {
    version: i64,
    by: String,
    at: i64,
    present: bool,
    changes: Vec<Change>,
}

#[derive(Template)]
#[template(path = "pages/lines/versions.html")]
struct VersionsPage {
    page: Frame,
    address: String,
    name: String,
    archived: bool,
    version: i64,
    may_change: bool,
    versions: Vec<VersionsView>,
    next: Option<i64>,
}

/// `GET /lines/{id}/versions`
pub async fn show(
    State(pages): State<Arc<Pages>>,
    person: SignedIn,
    Path(id): Path<String>,
    Query(asked): Query<VersionsQuery>,
) -> Result<Response, Problem> {
    let line = theirs(&pages, &person, &id).await?;
    let page = Frame::of(&pages, &person.visit).await?;
    let before = asked.before.unwrap_or(i64::MAX);
    // One more than shown, to compute the changes of the last one on the page.
    let found = line::history(&pages.app.engine.db, &line.id, before, (SHOWN + 1) as i64).await?;
    let document = |version: &line::Version| summary(&version.name, &version.settings, false);
    let versions: Vec<VersionsView> = found
        .iter()
        .take(SHOWN)
        .enumerate()
        .map(|(place, version)| {
            let older = found.get(place + 1).map_or(Value::Null, document);
            let entry = Entry::new(Act::LineSaved, line.id.as_str()).with(&older, &document(version));
            VersionsView {
                version: version.version,
                by: version.by.clone(),
                at: version.at,
                present: version.version == line.version,
                changes: if older.is_null() { Vec::new() } else { changes(&page, &entry.before, &entry.after) },
            }
        })
        .collect();
    let next = versions.last().map(|version| version.version).filter(|_| found.len() > SHOWN);
    Ok(html(&VersionsPage {
        address: address(line.id.as_str()),
        name: line.name,
        archived: line.archived_at.is_some(),
        version: line.version,
        may_change: person.rights.may(Right::ChangeLines),
        versions,
        next,
        page,
    }))
}

/// `POST /lines/{id}/versions`: restores a version as a new version.
pub async fn back(State(pages): State<Arc<Pages>>, person: SignedIn, Path(id): Path<String>, form: Form) -> Result<Response, Problem> {
    let line = theirs(&pages, &person, &id).await?;
    let engine = &pages.app.engine;
    let wanted: i64 = form.get("to").parse().map_err(|_| Problem::not_found())?;
    let found = line::history(&engine.db, &line.id, wanted.saturating_add(1), 1).await?.into_iter().next();
    let version = found.filter(|version| version.version == wanted).ok_or_else(Problem::not_found)?;
    let change = LineChange {
        id: line.id.clone(),
        name: version.name,
        settings: version.settings,
        archived: line.archived_at.is_some(),
        seen_version: form.get("version").parse().unwrap_or(-1),
        by: person.name.clone(),
        at: engine.now(),
    };
    match save_line_by(engine, &person.by(), change).await? {
        Changed::Saved(line) => Ok(done(&pages, &address(line.id.as_str()), "done-line-back", &wanted.to_string())),
        Changed::Outdated(_) => Err(Problem::new(Code::Conflict, "The line was changed in the meantime.")),
        Changed::Bad(bad) => Err(Problem::invalid_field(&bad.field, bad.problem, "Change the setting by hand.")),
    }
}
