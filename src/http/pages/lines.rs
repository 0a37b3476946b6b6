//! Lines: list, create, archive, delete. The pages of a line are in the submodules.

pub mod alarms;
pub mod bitrix;
pub mod dry_run;
pub mod experiments;
mod fill;
pub mod preview;
pub mod rating_tab;
mod read;
mod setting;
mod tabs;
pub mod versions;

use super::frame::form::{Fields, Form};
use super::frame::visit::SignedIn;
use super::frame::{Frame, html};
use super::{Pages, done};
use crate::frame::duration::duration;
use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use lastword_domain::access::rights::Right;
use lastword_domain::answer::rating::Scale;
use lastword_domain::line::LineSettings;
use lastword_domain::report::calendar::Day;
use lastword_domain::report::period::Period;
use lastword_http::locale::language::Language;
use lastword_http::problem::{Code, Problem};
use lastword_life::admin::change_line::{Changed, Warning, doubts, save_line_by};
use lastword_life::admin::delete_line::delete_line;
use lastword_life::engine::stop::Deleted;
use lastword_life::report::groups;
use lastword_store::alert::recipient::{self, Recipient};
use lastword_store::line::{self, Line, LineChange};
use lastword_store::report::{By, Closes, alarm};
use std::collections::HashMap;
use std::sync::Arc;

/// Maximum number of lines with figures of today.
const GROUPS_MAX: usize = 10_000;

/// Encodes an ID as one path segment.
pub(super) fn part(id: &str) -> String {
    // Form encoding writes a space as `+`, which in a path is a literal plus.
    url::form_urlencoded::byte_serialize(id.as_bytes()).collect::<String>().replace('+', "%20")
}

/// Path of a line's page.
pub(super) fn address(id: &str) -> String {
    format!("/lines/{}", part(id))
}

/// The line, if the person may see it; otherwise not found.
pub(super) async fn theirs(pages: &Pages, person: &SignedIn, id: &str) -> Result<Line, Problem> {
    person.sees(&id.into(), None)?;
    line::find(&pages.app.engine.db, &id.into()).await?.ok_or_else(Problem::not_found)
}

/// Text of a warning.
pub(super) fn warned(page: &Frame, warning: &Warning) -> String {
    match warning {
        Warning::NoRecipient => page.t("line-warning-no-recipient"),
        Warning::NoSupervisors => page.t("line-warning-no-supervisors"),
        Warning::UnknownRecipient(id) => page.t1("line-warning-unknown-recipient", "name", id.as_str()),
        Warning::EmptyGroup(name) => page.t1("line-warning-empty-group", "name", name.as_str()),
        Warning::Unreached(name, why) => page.t2("line-warning-unreached", "name", name.as_str(), "why", why.as_str()),
        Warning::NobodyReached => page.t("line-warning-nobody-reached"),
        Warning::NotReached(name) => page.t1("line-warning-not-reached", "name", name.as_str()),
        Warning::NoFallback(name) => page.t1("line-warning-no-fallback", "name", name.as_str()),
        Warning::FallbackCannotAsk(name, _) => page.t1("line-warning-fallback-cannot", "name", name.as_str()),
    }
}

/// Name of a recipient of a line.
pub(super) fn recipient_name(page: &Frame, id: &str, recipients: &[Recipient]) -> String {
    match id {
        "operator" => page.t("alert-to-operator"),
        "supervisors" => page.t("alert-to-supervisors"),
        id => recipients.iter().find(|recipient| recipient.id == id).map_or_else(|| id.to_owned(), |recipient| recipient.name.clone()),
    }
}

/// A line in the list.
struct Listed {
    id: String,
    address: String,
    name: String,
    enabled: bool,
    archived: bool,
    binary: bool,
    delay: String,
    recipients: Vec<String>,
    warnings: Vec<String>,
    /// Number of active alarms.
    alarms: usize,
    today: Option<Today>,
}

/// Figures of today.
struct Today {
    closed: i64,
    asked: i64,
    answered: i64,
    good: Option<f64>,
}

#[derive(Template)]
#[template(path = "pages/lines/list.html")]
struct ListPage {
    page: Frame,
    lines: Vec<Listed>,
    fields: Fields,
    open: bool,
    may_make: bool,
}

/// `GET /lines`
pub(super) async fn list(State(pages): State<Arc<Pages>>, person: SignedIn) -> Result<Response, Problem> {
    Ok(html(&list_page(&pages, &person, Fields::default()).await?))
}

async fn list_page(pages: &Pages, person: &SignedIn, fields: Fields) -> Result<ListPage, Problem> {
    let engine = &pages.app.engine;
    let page = Frame::of(pages, &person.visit).await?;
    let today = Day::of(engine.now(), engine.db.zone());
    let closes = Closes { sees: person.rights.lines.clone(), ..Closes::of(Period { from: today, until: today.plus(1) }) };
    let (numbers, _) = groups(&engine.db, &closes, By::Line, GROUPS_MAX).await?;
    let mut numbers: HashMap<String, Today> = numbers
        .into_iter()
        .map(|row| {
            let (funnel, good) = (row.report.funnel, row.report.score.adjusted.share.percent);
            (row.id, Today { closed: funnel.closed, asked: funnel.asked, answered: funnel.answered, good })
        })
        .collect();
    let recipients = recipient::all(&engine.db).await?;
    let standing = alarm::standing(&engine.db, &person.rights.lines).await?;
    let mut lines: Vec<Line> = line::all(&engine.db).await?;
    lines.retain(|line| person.rights.lines.admit(&line.id));
    lines.sort_by_key(|line| (line.archived_at.is_some(), line.name.to_lowercase()));
    let listed = lines.into_iter().map(|line| Listed {
        address: address(line.id.as_str()),
        enabled: line.settings.enabled,
        archived: line.archived_at.is_some(),
        binary: line.settings.scale == Scale::Binary,
        delay: duration(&page, line.settings.delay_secs.into()),
        recipients: line.settings.alerts.recipients.iter().map(|id| recipient_name(&page, id, &recipients)).collect(),
        warnings: doubts(engine, &line.settings, &recipients).iter().map(|warning| warned(&page, warning)).collect(),
        alarms: standing.iter().filter(|alarm| alarm.line_id == line.id).count(),
        today: numbers.remove(line.id.as_str()),
        name: line.name,
        id: line.id.into(),
    });
    let listed: Vec<Listed> = listed.collect();
    let may_make = may_make(person);
    Ok(ListPage { open: !fields.fine() || (listed.is_empty() && may_make), may_make, lines: listed, page, fields })
}

/// Only people who see all lines may create one: others would not see it.
fn may_make(person: &SignedIn) -> bool {
    person.rights.may(Right::ChangeLines) && person.rights.sees_everything()
}

/// `POST /lines`: creates a line with the default settings.
pub(super) async fn make(State(pages): State<Arc<Pages>>, person: SignedIn, form: Form) -> Result<Response, Problem> {
    if !may_make(&person) {
        return Err(Problem::not_found());
    }
    let (engine, language) = (&pages.app.engine, person.visit.language);
    let mut fields = Fields::of(&form);
    let (id, name) = (form.get("id"), form.get("name"));
    let fits = (1..=64).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.:".contains(&b));
    if !fits || id == "new" {
        fields.wrong("set-bad-id", "id", language);
    }
    check_name(&mut fields, name, language);
    let scale = if form.get("scale").is_empty() { Some(Scale::default()) } else { Scale::parse(form.get("scale")) };
    if scale.is_none() {
        fields.wrong("set-bad-scale", "scale", language);
    }
    if let Some(scale) = scale.filter(|_| fields.fine()) {
        let settings = LineSettings { scale, language: engine.options.language.clone(), ..LineSettings::default() };
        let change = LineChange {
            id: id.into(),
            name: name.to_owned(),
            settings,
            archived: false,
            seen_version: 0,
            by: person.name.clone(),
            at: engine.now(),
        };
        match save_line_by(engine, &person.by(), change).await? {
            Changed::Saved(line) => return Ok(done(&pages, &address(line.id.as_str()), "done-line-made", &line.name)),
            Changed::Outdated(_) => fields.wrong("set-bad-id-taken", "id", language),
            Changed::Bad(bad) => fields.refuse("id", bad.problem),
        }
    }
    Ok((StatusCode::UNPROCESSABLE_ENTITY, html(&list_page(&pages, &person, fields).await?)).into_response())
}

/// Checks the name of a line: not empty, on one line.
pub(super) fn check_name(fields: &mut Fields, name: &str, language: Language) {
    if name.is_empty() || name.chars().count() > 200 || name.chars().any(char::is_control) {
        fields.wrong("set-bad-line-name", "name", language);
    }
}

/// `POST /lines/{id}/delete`: deletes a line without any data.
pub(super) async fn delete(
    State(pages): State<Arc<Pages>>,
    person: SignedIn,
    Path(id): Path<String>,
    form: Form,
) -> Result<Response, Problem> {
    let (line, engine) = (theirs(&pages, &person, &id).await?, &pages.app.engine);
    if !form.ticked("sure") {
        return Err(Problem::invalid_field("sure", "This needs your confirmation.", "Tick the box first."));
    }
    match delete_line(engine, &person.by(), &id.as_str().into(), engine.now()).await? {
        Deleted::Done => Ok(done(&pages, "/lines", "done-line-deleted", &line.name)),
        Deleted::Unknown => Err(Problem::not_found()),
        Deleted::Hangs(hanging) => {
            let language = person.visit.language;
            let words = language.text("line-hangs", &[("name", &line.name), ("what", &hanging.join("; "))]);
            Err(Problem::new(Code::Conflict, words).remedy(language.text("line-archive-hint", &[])))
        }
    }
}

/// `POST /lines/{id}/archive`: archives or restores a line.
pub(super) async fn archive(
    State(pages): State<Arc<Pages>>,
    person: SignedIn,
    Path(id): Path<String>,
    form: Form,
) -> Result<Response, Problem> {
    let line = theirs(&pages, &person, &id).await?;
    let archived = form.get("archived") == "1";
    let change = LineChange {
        id: line.id,
        name: line.name,
        settings: line.settings,
        archived,
        seen_version: form.get("version").parse().unwrap_or(-1),
        by: person.name.clone(),
        at: pages.app.engine.now(),
    };
    match save_line_by(&pages.app.engine, &person.by(), change).await? {
        Changed::Saved(line) => {
            let key = if archived { "done-line-archived" } else { "done-line-restored" };
            Ok(done(&pages, if archived { "/lines" } else { form.get("back") }, key, &line.name))
        }
        _ => Err(Problem::new(Code::Conflict, "The line was changed in the meantime.")),
    }
}
