//! Reply templates, for one line or for all.

use crate::frame::form::{Fields, Form};
use crate::frame::visit::SignedIn;
use crate::frame::{Frame, html};
use crate::{Pages, done};
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use lastword_base::names::LineId;
use lastword_domain::access::rights::Lines;
use lastword_domain::line::macros::REPLIED;
use lastword_domain::review::BadText;
use lastword_http::problem::Problem;
use lastword_http::query::Query;
use lastword_life::review::change_template::{self, Changed, Wanted};
use lastword_store::line;
use lastword_store::review::reply::{self, Template};
use serde::Deserialize;
use std::sync::Arc;

const PATH: &str = "/low/templates";

/// The template to edit.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct TemplatesQuery {
    edit: Option<String>,
}

#[derive(askama::Template)]
#[template(path = "pages/review/templates.html")]
struct TemplatesPage {
    page: Frame,
    fields: Fields,
    /// Templates, each with the name of its line.
    templates: Vec<(Template, Option<String>)>,
    lines: Vec<(String, String)>,
    /// True if this person sees all lines and so may edit templates for all of them.
    sees_all: bool,
    macros: &'static [&'static str],
}

impl TemplatesPage {
    /// True if this person may change the template.
    fn may(&self, template: &Template) -> bool {
        self.sees_all || template.line_id.is_some()
    }
}

async fn page(pages: &Pages, person: &SignedIn, fields: Fields) -> Result<TemplatesPage, Problem> {
    let db = &pages.app.engine.db;
    let names = line::names(db).await?;
    let templates = reply::templates(db, &person.rights.lines).await?;
    let named = |template: Template| {
        let line = template.line_id.as_ref().map(|id| names.get(id).cloned().unwrap_or_else(|| id.to_string()));
        (template, line)
    };
    let templates = templates.into_iter().map(named).collect();
    let mut lines: Vec<(String, String)> =
        names.iter().filter(|(id, _)| person.rights.lines.admit(id)).map(|(id, name)| (id.to_string(), name.clone())).collect();
    lines.sort_by(|(_, a), (_, b)| a.cmp(b));
    let sees_all = person.rights.lines == Lines::All;
    Ok(TemplatesPage { page: Frame::of(pages, &person.visit).await?, fields, templates, lines, sees_all, macros: REPLIED })
}

/// `GET /low/templates`
pub(crate) async fn list(
    State(pages): State<Arc<Pages>>,
    person: SignedIn,
    Query(query): Query<TemplatesQuery>,
) -> Result<Response, Problem> {
    let mut shown = page(&pages, &person, Fields::default()).await?;
    if let Some(id) = query.edit {
        let (template, _) = shown.templates.iter().find(|(template, _)| template.id == id).ok_or_else(Problem::not_found)?;
        shown.fields = fields_of(template);
    }
    Ok(html(&shown))
}

fn fields_of(template: &Template) -> Fields {
    let line = template.line_id.clone().unwrap_or_default();
    let fields = Fields::default().with("id", &template.id).with("name", &template.name).with("text", &template.text).with("line", line);
    fields.with("seen", template.updated_at.to_string())
}

/// `POST /low/templates`: `id` (empty for a new one), `line`, `name`, `text`, `seen`.
pub(crate) async fn save(State(pages): State<Arc<Pages>>, person: SignedIn, form: Form) -> Result<Response, Problem> {
    let engine = &pages.app.engine;
    let some = |name: &str| Some(form.get(name).to_owned()).filter(|value| !value.is_empty());
    let wanted = Wanted {
        id: some("id"),
        line_id: some("line").map(LineId::from),
        name: form.get("name").to_owned(),
        text: form.raw("text").to_owned(),
        seen: form.get("seen").parse().ok(),
    };
    if let Some(line) = &wanted.line_id
        && line::find(&engine.db, line).await?.is_none()
    {
        return Err(Problem::not_found());
    }
    let mut fields = Fields::of(&form);
    let language = person.visit.language;
    let long = |max: usize| language.text("review-wrong-long", &[("n", &max)]);
    let mut status = StatusCode::UNPROCESSABLE_ENTITY;
    match change_template::save(engine, &person.by(), &person.rights.lines, wanted, engine.now()).await? {
        Changed::Done(template) => return Ok(done(&pages, PATH, "done-template", &template.name)),
        Changed::Unknown => return Err(Problem::not_found()),
        Changed::BadName(BadText::Empty) => fields.wrong("review-wrong-empty", "name", language),
        Changed::BadText(BadText::Empty) => fields.wrong("review-wrong-empty", "text", language),
        Changed::UnknownMacro(name) => {
            fields.refuse("text", language.text("wrong-macro", &[("name", &name), ("known", &REPLIED.join(", "))]));
        }
        Changed::BadName(BadText::TooLong(max)) => fields.refuse("name", long(max)),
        Changed::BadText(BadText::TooLong(max)) => fields.refuse("text", long(max)),
        Changed::Outdated(now) => {
            // The typed text stays in the boxes. Submitting it again overwrites the other person's change.
            status = StatusCode::CONFLICT;
            let seen = now.updated_at.to_string();
            fields = ["id", "line", "name", "text"].iter().fold(Fields::default(), |kept, name| kept.with(name, form.raw(name)));
            fields = fields.with("seen", seen).with("theirs", now.text);
            fields.wrong("template-wrong-outdated", "theirs", language);
        }
    }
    Ok((status, html(&page(&pages, &person, fields).await?)).into_response())
}

/// `POST /low/templates/remove`: `id`.
pub(crate) async fn remove(State(pages): State<Arc<Pages>>, person: SignedIn, form: Form) -> Result<Response, Problem> {
    let engine = &pages.app.engine;
    match change_template::remove(engine, &person.by(), &person.rights.lines, form.get("id"), engine.now()).await? {
        Changed::Done(template) => Ok(done(&pages, PATH, "done-template-removed", &template.name)),
        _ => Err(Problem::not_found()),
    }
}
