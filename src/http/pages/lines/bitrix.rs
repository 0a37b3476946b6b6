//! A line's settings under the names of Bitrix24: view, import and export.

use super::super::frame::{Frame, html};
use super::super::{Pages, done};
use super::{address, theirs};
use crate::frame::changes::{Change, changes, said};
use crate::frame::form::Form;
use crate::frame::visit::SignedIn;
use askama::Template;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use lastword_domain::access::audit::{Act, Entry};
use lastword_domain::access::rights::Right;
use lastword_domain::line::bitrix24::{Fate, FieldResult, Imported, export, import};
use lastword_http::problem::{Code, Problem};
use lastword_life::admin::change_line::{Changed, save_line_by, summary};
use lastword_store::line::{Line, LineChange};
use serde_json::Value;
use std::sync::Arc;

/// Result for one field, as text.
struct BitrixView {
    field: String,
    tone: &'static str,
    fate: String,
    counterpart: String,
    why: String,
}

fn shown(page: &Frame, told: FieldResult) -> BitrixView {
    let setting = |name: &str| said(page, &format!("set-{}", name.replace('.', "-"))).or_else(|| said(page, &format!("set-texts-{name}")));
    let named = |name: String| setting(&name).unwrap_or(name);
    BitrixView {
        field: named(told.field),
        tone: match told.fate {
            Fate::Taken => "on",
            Fate::Clipped => "warn",
            Fate::Refused => "bad",
            Fate::NoCounterpart => "",
        },
        fate: page.t(&format!("b24-{}", told.fate.as_str().replace('_', "-"))),
        counterpart: told.counterpart.map(named).unwrap_or_default(),
        why: told.reason.and_then(|why| said(page, &format!("b24-why-{}", why.replace('_', "-")))).unwrap_or_default(),
    }
}

#[derive(Template)]
#[template(path = "pages/lines/bitrix.html")]
struct BitrixPage {
    page: Frame,
    address: String,
    name: String,
    archived: bool,
    version: i64,
    may_change: bool,
    /// The pasted text.
    pasted: String,
    wrong: String,
    looked: bool,
    fates: Vec<BitrixView>,
    changes: Vec<Change>,
    exported: String,
    lost: Vec<BitrixView>,
}

/// The pasted text, parsed.
enum Pasted {
    Nothing,
    Unreadable,
    NoneOfIt,
    Read(Box<Imported>),
}

fn paste(text: &str, line: &Line) -> Pasted {
    if text.is_empty() {
        return Pasted::Nothing;
    }
    let Ok(document) = serde_json::from_str::<Value>(text) else { return Pasted::Unreadable };
    import(&document, &line.settings).map_or(Pasted::NoneOfIt, |imported| Pasted::Read(Box::new(imported)))
}

/// `GET /lines/{id}/bitrix24`
pub async fn show(State(pages): State<Arc<Pages>>, person: SignedIn, Path(id): Path<String>) -> Result<Response, Problem> {
    let line = theirs(&pages, &person, &id).await?;
    Ok(html(&draw(&pages, &person, &line, "", Pasted::Nothing, None).await?))
}

async fn draw(
    pages: &Pages,
    person: &SignedIn,
    line: &Line,
    pasted: &str,
    read: Pasted,
    wrong: Option<String>,
) -> Result<BitrixPage, Problem> {
    let page = Frame::of(pages, &person.visit).await?;
    let (fields, lost) = export(&line.name, &line.settings);
    let wrong = wrong.unwrap_or_else(|| match &read {
        Pasted::Unreadable => page.t("b24-unreadable"),
        Pasted::NoneOfIt => page.t("b24-none-of-it"),
        Pasted::Nothing | Pasted::Read(_) => String::new(),
    });
    let (mut fates, mut changed) = (Vec::new(), Vec::new());
    let looked = matches!(read, Pasted::Read(_));
    if let Pasted::Read(imported) = read {
        let name = imported.name.as_deref().unwrap_or(&line.name);
        let (before, after) = (summary(&line.name, &line.settings, false), summary(name, &imported.settings, false));
        let entry = Entry::new(Act::LineSaved, line.id.as_str()).with(&before, &after);
        changed = changes(&page, &entry.before, &entry.after);
        fates = imported.fates.into_iter().map(|told| shown(&page, told)).collect();
    }
    Ok(BitrixPage {
        address: address(line.id.as_str()),
        name: line.name.clone(),
        archived: line.archived_at.is_some(),
        version: line.version,
        may_change: person.rights.may(Right::ChangeLines),
        pasted: pasted.to_owned(),
        wrong,
        looked,
        fates,
        changes: changed,
        exported: serde_json::to_string_pretty(&fields).unwrap_or_default(),
        lost: lost.into_iter().map(|told| shown(&page, told)).collect(),
        page,
    })
}

/// `POST /lines/{id}/bitrix24`: previews or imports the pasted settings.
pub async fn take(State(pages): State<Arc<Pages>>, person: SignedIn, Path(id): Path<String>, form: Form) -> Result<Response, Problem> {
    let line = theirs(&pages, &person, &id).await?;
    let engine = &pages.app.engine;
    let text = form.get("document");
    let read = paste(text, &line);
    let (name, settings) = match &read {
        Pasted::Read(imported) if form.get("act") == "take" => {
            (imported.name.clone().unwrap_or_else(|| line.name.clone()), imported.settings.clone())
        }
        Pasted::Read(_) => return Ok(html(&draw(&pages, &person, &line, text, read, None).await?)),
        _ => return Ok((StatusCode::UNPROCESSABLE_ENTITY, html(&draw(&pages, &person, &line, text, read, None).await?)).into_response()),
    };
    let change = LineChange {
        id: line.id.clone(),
        name,
        settings,
        archived: line.archived_at.is_some(),
        seen_version: form.get("version").parse().unwrap_or(-1),
        by: person.name.clone(),
        at: engine.now(),
    };
    match save_line_by(engine, &person.by(), change).await? {
        Changed::Saved(line) => Ok(done(&pages, &address(line.id.as_str()), "done-line-saved", &line.name)),
        Changed::Outdated(_) => Err(Problem::new(Code::Conflict, "The line was changed in the meantime.")),
        Changed::Bad(bad) => {
            let page = draw(&pages, &person, &line, text, read, Some(bad.problem)).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, html(&page)).into_response())
        }
    }
}

/// `GET /lines/{id}/bitrix24.json`: the fields as a file.
pub async fn file(State(pages): State<Arc<Pages>>, person: SignedIn, Path(id): Path<String>) -> Result<Response, Problem> {
    let line = theirs(&pages, &person, &id).await?;
    let (fields, _) = export(&line.name, &line.settings);
    let mut headers = HeaderMap::new();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json; charset=utf-8"));
    headers.insert(header::CONTENT_DISPOSITION, HeaderValue::from_static("attachment; filename=\"bitrix24-line.json\""));
    Ok((headers, serde_json::to_string_pretty(&fields).unwrap_or_default()).into_response())
}
