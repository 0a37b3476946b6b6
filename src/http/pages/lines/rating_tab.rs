//! The Rating page of a line: all settings with explanations, in tabs of one form, beside the preview.

use super::super::frame::{Frame, html};
use super::super::{Pages, done};
use super::alarms::in_one_line;
use super::preview::{Preview, tongues, written_in};
use super::setting::Draw;
use super::tabs::{Material, Tab, Tongue, askers, behind, named, tabs, tongue};
use super::{address, check_name, fill, read, theirs, warned};
use crate::frame::changes::{Change, changes};
use crate::frame::form::{Fields, Form};
use crate::frame::visit::SignedIn;
use askama::Template;
use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use lastword_domain::access::audit::{Act, Entry};
use lastword_domain::access::rights::{Lines, Right};
use lastword_domain::line::LineSettings;
use lastword_domain::line::merge::three_way;
use lastword_http::locale::language::Language;
use lastword_http::problem::Problem;
use lastword_life::admin::change_line::{Changed, HELD_STILL, doubts, save_line_by, summary};
use lastword_store::alert::recipient;
use lastword_store::line::{self, Line, LineChange};
use lastword_store::report::alarm;
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Another person saved the line meanwhile.
struct Clash {
    by: String,
    at: i64,
    changes: Vec<Change>,
}

#[derive(Template)]
#[template(path = "pages/lines/rating.html")]
struct RatingPage {
    page: Frame,
    address: String,
    name: String,
    archived: bool,
    may_change: bool,
    /// The version that was displayed; saving with it overwrites no other.
    version: i64,
    /// The version that the person started from.
    base: i64,
    fields: Fields,
    tabs: Vec<Tab>,
    /// The tab shown.
    tab: &'static str,
    /// Address of the same tab with the saved settings.
    discard: String,
    texts: Vec<Tongue>,
    /// Field values of the saved line, for the bar that counts unsaved changes.
    saved: String,
    languages: Vec<(String, String)>,
    /// Active alarms.
    alarms: Vec<String>,
    warnings: Vec<String>,
    wrong: usize,
    clash: Option<Clash>,
    preview: Preview,
}

/// Data for rendering the page.
struct Drawn<'a> {
    line: &'a Line,
    settings: &'a LineSettings,
    fields: Fields,
    base: i64,
    clash: Option<Clash>,
    tab: &'static str,
}

/// `GET /lines/{id}`
pub async fn show(
    State(pages): State<Arc<Pages>>,
    person: SignedIn,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    let line = theirs(&pages, &person, &id).await?;
    let query = query.unwrap_or_default();
    let tab = url::form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "tab").map_or(named(""), |(_, word)| named(&word));
    let fields = fill::fields(&line.name, &line.settings);
    let drawn = Drawn { line: &line, settings: &line.settings, fields, base: line.version, clash: None, tab };
    Ok(html(&draw(&pages, &person, drawn).await?))
}

/// `POST /lines/{id}`: saves the settings, or shows the form again with a preview, another language, or the changes of another person.
pub async fn save(State(pages): State<Arc<Pages>>, person: SignedIn, Path(id): Path<String>, form: Form) -> Result<Response, Problem> {
    let line = theirs(&pages, &person, &id).await?;
    let (engine, language) = (&pages.app.engine, person.visit.language);
    let mut fields = Fields::of(&form);
    check_name(&mut fields, form.get("name"), language);
    let settings = read::settings(&form, &line.settings, &mut fields, language, engine.now());
    let tab = named(form.get("tab"));
    let base: i64 = form.get("base").parse().unwrap_or(line.version);
    let again = async |fields: Fields, settings: &LineSettings, clash: Option<Clash>, status: StatusCode| {
        let drawn = Drawn { line: &line, settings, fields, base, clash, tab };
        Ok::<_, Problem>((status, html(&draw(&pages, &person, drawn).await?)).into_response())
    };
    match form.get("act") {
        "preview" => return again(fields, &settings, None, StatusCode::OK).await,
        "language" => {
            let fields = with_language(fields, form.get("texts.add"), language);
            return again(fields, &settings, None, StatusCode::OK).await;
        }
        "merge" => {
            let (name, settings) = merged(&pages, &line, base, form.get("name"), &settings).await?;
            return again(fill::fields(&name, &settings), &settings, None, StatusCode::OK).await;
        }
        _ if !fields.fine() => return again(fields, &settings, None, StatusCode::UNPROCESSABLE_ENTITY).await,
        _ => {}
    }
    let change = LineChange {
        id: line.id.clone(),
        name: form.get("name").to_owned(),
        settings: settings.clone(),
        archived: line.archived_at.is_some(),
        seen_version: form.get("version").parse().unwrap_or(-1),
        by: person.name.clone(),
        at: engine.now(),
    };
    match save_line_by(engine, &person.by(), change).await? {
        Changed::Saved(line) => Ok(done(&pages, &format!("{}{}", address(line.id.as_str()), behind(tab)), "done-line-saved", &line.name)),
        Changed::Bad(bad) => {
            let held = bad.problem == HELD_STILL;
            fields.refuse(bad.field, if held { language.text("set-bad-held-still", &[]) } else { bad.problem });
            again(fields, &settings, None, StatusCode::UNPROCESSABLE_ENTITY).await
        }
        Changed::Outdated(_) => {
            let clash = clash(&pages, &person, &line, base).await?;
            again(fields, &settings, Some(clash), StatusCode::CONFLICT).await
        }
    }
}

/// Adds a language for texts to the form.
fn with_language(mut fields: Fields, tag: &str, language: Language) -> Fields {
    let fits = (2..=35).contains(&tag.len()) && tag.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    if fits && !fields.chosen("texts", tag) {
        return fields.with("texts", tag);
    }
    if !fits {
        fields.wrong("set-bad-language", "texts.add", language);
    }
    fields
}

/// Changes by others since the version that the person started from.
async fn clash(pages: &Pages, person: &SignedIn, line: &Line, base: i64) -> Result<Clash, Problem> {
    let page = Frame::of(pages, &person.visit).await?;
    let history = line::history(&pages.app.engine.db, &line.id, line.version + 1, 1).await?;
    let last = history.into_iter().next();
    let before = version(pages, line.id.as_str(), base).await?;
    let now = summary(&line.name, &line.settings, false);
    let entry = Entry::new(Act::LineSaved, line.id.as_str()).with(&before.unwrap_or(Value::Null), &now);
    Ok(Clash {
        changes: changes(&page, &entry.before, &entry.after),
        by: last.as_ref().map(|version| version.by.clone()).unwrap_or_default(),
        at: last.map_or(line.updated_at, |version| version.at),
    })
}

/// A version of a line as JSON.
async fn version(pages: &Pages, line: &str, number: i64) -> Result<Option<Value>, Problem> {
    let found = line::history(&pages.app.engine.db, &line.into(), number.saturating_add(1), 1).await?.into_iter().next();
    Ok(found.filter(|version| version.version == number).map(|version| summary(&version.name, &version.settings, false)))
}

/// Merges the person's input with the changes by others.
async fn merged(pages: &Pages, line: &Line, base: i64, name: &str, mine: &LineSettings) -> Result<(String, LineSettings), Problem> {
    let base = version(pages, line.id.as_str(), base).await?.unwrap_or(Value::Null);
    let both = three_way(&base, &summary(name, mine, false), &summary(&line.name, &line.settings, false));
    let name = both.get("name").and_then(Value::as_str).unwrap_or(name).to_owned();
    let settings = both.get("settings").cloned().and_then(|settings| serde_json::from_value(settings).ok());
    Ok((name, settings.unwrap_or_else(|| mine.clone())))
}

async fn draw(pages: &Pages, person: &SignedIn, drawn: Drawn<'_>) -> Result<RatingPage, Problem> {
    let Drawn { line, settings, mut fields, base, clash, tab } = drawn;
    let engine = &pages.app.engine;
    let page = Frame::of(pages, &person.visit).await?;
    for language in written_in() {
        if !fields.chosen("texts", language) {
            fields = fields.with("texts", language);
        }
    }
    let recipients = recipient::all(&engine.db).await?;
    let languages = tongues(&fields);
    let preview = Preview::of(&page, engine, settings, &fields);
    let draw = Draw { page: &page, fields: &fields };
    let texts: Vec<Tongue> = languages.iter().map(|(tag, name)| tongue(draw, settings, tag, name)).collect();
    let connections = askers(pages, settings);
    let material = Material { languages: &languages, texts: &texts, recipients: &recipients, connections: &connections, settings };
    let tabs = tabs(draw, &material, tab);
    let tab = tabs.iter().find(|tab| tab.chosen).map_or(tab, |tab| tab.id);
    let saved: BTreeMap<String, Vec<String>> = fill::fields(&line.name, &line.settings).filled();
    let doubts = doubts(engine, settings, &recipients);
    let standing = alarm::standing(&engine.db, &Lines::All.narrowed(Some(&line.id))).await?;
    Ok(RatingPage {
        address: address(line.id.as_str()),
        name: line.name.clone(),
        archived: line.archived_at.is_some(),
        may_change: person.rights.may(Right::ChangeLines),
        version: line.version,
        base,
        tab,
        discard: format!("{}{}", address(line.id.as_str()), behind(tab)),
        tabs,
        texts,
        saved: serde_json::to_string(&saved).unwrap_or_default(),
        alarms: standing.iter().map(|alarm| in_one_line(&page, alarm)).collect(),
        warnings: doubts.iter().map(|warning| warned(&page, warning)).collect(),
        wrong: fields.wrong_count(),
        languages,
        clash,
        preview,
        fields,
        page,
    })
}
