//! Letters to owners: recipients, frequency, a preview for today, and a trial.

use crate::frame::form::{Fields, Form};
use crate::frame::visit::SignedIn;
use crate::frame::{Frame, html};
use crate::lines::{part, recipient_name};
use crate::{Pages, done};
use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use lastword_base::names::LineId;
use lastword_domain::access::rights::Right;
use lastword_domain::report::letter::Every;
use lastword_http::problem::Problem;
use lastword_life::admin::change_letter::{Saved, delete_letter, save_letter};
use lastword_life::report::letter::{last_period, send_trial, text};
use lastword_store::alert::recipient::{self, Recipient};
use lastword_store::line;
use lastword_store::report::letter::{self, Letter};
use std::sync::Arc;

/// A row of the list.
struct Listed {
    id: String,
    address: String,
    recipient: String,
    every: String,
    lines: String,
    sent_at: Option<i64>,
    people: i64,
}

#[derive(Template)]
#[template(path = "pages/recipients/letters.html")]
struct ListPage {
    page: Frame,
    letters: Vec<Listed>,
    recipients: Vec<(String, String)>,
    lines: Vec<(String, String)>,
    fields: Fields,
    may_change: bool,
    open: bool,
}

#[derive(Template)]
#[template(path = "pages/recipients/letter.html")]
struct OnePage {
    page: Frame,
    address: String,
    name: String,
    when: String,
    text: String,
    may_change: bool,
}

/// The frequency as text.
fn every_words(page: &Frame, every: Every, hour: i64) -> String {
    let hour = format!("{hour:02}:00");
    match every {
        Every::Daily => page.t1("letter-daily", "hour", hour),
        Every::Weekly => page.t1("letter-weekly", "hour", hour),
        Every::Monthly => page.t1("letter-monthly", "hour", hour),
    }
}

/// A letter covers all of its lines, so only a person who may see all of them may see it.
fn sees(person: &SignedIn, letter: &Letter) -> bool {
    match &letter.lines {
        None => person.rights.sees_everything(),
        Some(lines) => lines.iter().all(|line| person.rights.lines.admit(line)),
    }
}

async fn theirs(pages: &Pages, person: &SignedIn, id: &str) -> Result<Letter, Problem> {
    let found = letter::all(&pages.app.engine.db).await?.into_iter().find(|letter| letter.id == id);
    found.filter(|letter| sees(person, letter)).ok_or_else(Problem::not_found)
}

/// `GET /letters`
pub(crate) async fn list(State(pages): State<Arc<Pages>>, person: SignedIn) -> Result<Response, Problem> {
    Ok(html(&list_page(&pages, &person, Fields::default().with("hour", "8")).await?))
}

async fn list_page(pages: &Pages, person: &SignedIn, fields: Fields) -> Result<ListPage, Problem> {
    let db = &pages.app.engine.db;
    let page = Frame::of(pages, &person.visit).await?;
    let recipients: Vec<Recipient> = recipient::all(db).await?;
    let names = line::names(db).await?;
    let sent = letter::last_sent(db).await?;
    let listed = letter::all(db).await?.into_iter().filter(|letter| sees(person, letter)).map(|letter| Listed {
        address: format!("/letters/{}", part(&letter.id)),
        recipient: recipient_name(&page, &letter.recipient_id, &recipients),
        every: every_words(&page, letter.every, letter.hour),
        lines: match &letter.lines {
            None => page.t("num-all-lines"),
            Some(lines) => lines.iter().map(|id| names.get(id).map_or(id.as_str(), String::as_str)).collect::<Vec<_>>().join(", "),
        },
        sent_at: sent.get(&letter.id).map(|sent| sent.sent_at),
        people: sent.get(&letter.id).map_or(0, |sent| sent.people),
        id: letter.id,
    });
    let listed: Vec<Listed> = listed.collect();
    let mut lines: Vec<(String, String)> =
        names.iter().filter(|(id, _)| person.rights.lines.admit(id)).map(|(id, name)| (id.to_string(), name.clone())).collect();
    lines.sort_by(|a, b| a.1.cmp(&b.1));
    Ok(ListPage {
        open: !fields.fine() || listed.is_empty(),
        letters: listed,
        recipients: recipients.into_iter().map(|recipient| (recipient.id, recipient.name)).collect(),
        lines,
        fields,
        may_change: person.rights.may(Right::ChangeRecipients),
        page,
    })
}

/// `POST /letters`: creates a letter.
pub(crate) async fn make(State(pages): State<Arc<Pages>>, person: SignedIn, form: Form) -> Result<Response, Problem> {
    let (engine, language) = (&pages.app.engine, person.visit.language);
    let mut fields = Fields::of(&form);
    let now = engine.now();
    let chosen: Vec<LineId> = form.all("lines").filter(|id| !id.is_empty()).map(LineId::from).collect();
    let letter = Letter {
        id: form.get("id").to_owned(),
        recipient_id: form.get("recipient").to_owned(),
        every: Every::parse(form.get("every")).unwrap_or_default(),
        hour: form.get("hour").parse().unwrap_or(-1),
        lines: (!chosen.is_empty()).then_some(chosen),
        created_at: now,
        changed_at: now,
        changed_by: person.name.clone(),
    };
    if !sees(&person, &letter) {
        fields.wrong("letter-bad-lines", "lines", language);
    }
    if letter::all(&engine.db).await?.iter().any(|known| known.id == letter.id) {
        fields.wrong("set-bad-id-taken", "id", language);
    }
    if fields.fine() {
        match save_letter(engine, &person.by(), letter, now).await? {
            Saved::Letter(letter) => return Ok(done(&pages, &format!("/letters/{}", part(&letter.id)), "done-letter-made", &letter.id)),
            Saved::Bad(bad) => match bad.field.as_str() {
                "id" => fields.wrong("set-bad-id", "id", language),
                "hour" => fields.wrong("letter-bad-hour", "hour", language),
                "recipient" => fields.wrong("letter-bad-recipient", "recipient", language),
                _ => fields.refuse(bad.field, bad.problem),
            },
        }
    }
    Ok((StatusCode::UNPROCESSABLE_ENTITY, html(&list_page(&pages, &person, fields).await?)).into_response())
}

/// `GET /letters/{id}`: a preview of the letter as of now, in the reader's language.
pub(crate) async fn one(State(pages): State<Arc<Pages>>, person: SignedIn, Path(id): Path<String>) -> Result<Response, Problem> {
    let letter = theirs(&pages, &person, &id).await?;
    let (engine, page) = (&pages.app.engine, Frame::of(&pages, &person.visit).await?);
    let now = engine.now();
    let known = recipient::all(&engine.db).await?;
    let language = known.iter().find(|known| known.id == letter.recipient_id).and_then(|known| known.language.as_deref());
    let language = language.unwrap_or(&engine.options.language);
    Ok(html(&OnePage {
        address: format!("/letters/{}", part(&letter.id)),
        name: recipient_name(&page, &letter.recipient_id, &known),
        when: every_words(&page, letter.every, letter.hour),
        text: text(engine, &letter, last_period(engine, letter.every, now), language, now).await?,
        may_change: person.rights.may(Right::ChangeRecipients),
        page,
    }))
}

/// `POST /letters/{id}/send`: sends a trial.
pub(crate) async fn send(State(pages): State<Arc<Pages>>, person: SignedIn, Path(id): Path<String>) -> Result<Response, Problem> {
    let letter = theirs(&pages, &person, &id).await?;
    let people = send_trial(&pages.app.engine, &person.by(), &letter, pages.app.engine.now()).await?;
    let key = if people > 0 { "done-letter-sent" } else { "done-letter-nobody" };
    Ok(done(&pages, &format!("/letters/{}", part(&letter.id)), key, &people.to_string()))
}

/// `POST /letters/{id}/delete`
pub(crate) async fn delete(State(pages): State<Arc<Pages>>, person: SignedIn, Path(id): Path<String>) -> Result<Response, Problem> {
    let letter = theirs(&pages, &person, &id).await?;
    delete_letter(&pages.app.engine, &person.by(), &letter.id, pages.app.engine.now()).await?;
    Ok(done(&pages, "/letters", "done-letter-deleted", &letter.id))
}
