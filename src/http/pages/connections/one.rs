//! One connection: its state, the steps left to do at its platform, and its settings if an admin created it here.

use super::fill::{self, Fields, Filled};
use super::setup::{Editor, Judged, Outcome, choices, fresh, joined, judge, kind, kind_words};
use super::shown::{self, Shown, address};
use crate::elsewhere::manual::about_kind;
use crate::frame::form::Form;
use crate::frame::visit::SignedIn;
use crate::frame::{Frame, html};
use crate::{Pages, done};
use askama::Template;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use lastword_base::names::ConnectionId;
use lastword_domain::access::rights::Right;
use lastword_domain::report::calendar::Day;
use lastword_http::problem::Problem;
use lastword_life::admin::replay_events;
use lastword_life::connection::keep::{self, Kept};
use lastword_life::connection::{delete as deleting, resume, suspend};
use lastword_life::engine::adapters::draft::{Draft, Opened, carried, carried_back, opened, plain, secret_keys};
use lastword_life::engine::adapters::{DeskReady, DraftProblem};
use lastword_life::engine::stop::Deleted;
use lastword_store::connection::stored::{self, StoredConnection};
use serde_json::{Map, Value, json};
use std::sync::Arc;

/// The kind of desks that report with one call.
const ANY_DESK: &str = "desk";

#[derive(Template)]
#[template(path = "pages/connections/one.html")]
struct OnePage {
    page: Frame,
    c: Shown,
    kind: String,
    /// The page of its kind in the manual; empty if there is none.
    manual: &'static str,
    may_change: bool,
    may_resume: bool,
    guessed: bool,
    /// The form of its settings, if they can be changed here.
    editor: Option<Editor>,
    changed_by: String,
    changed_at: i64,
    /// Author and time of a change by someone else meanwhile.
    conflict: Option<(String, i64)>,
    /// Data that depends on it, if it could not be deleted.
    hangs: String,
    /// The line of HTML for a site, for a web chat.
    snippet: String,
    /// A call that reports a close, for the kind that any desk can use.
    curl: String,
    /// True if its desk can be set up from here.
    sets_up: bool,
    /// True if it carries events, which can be sent again.
    events: bool,
    /// The steps done or planned at the desk.
    /// The steps at the desk, and true if they were done, false if they were only listed.
    ready: Option<(DeskReady, bool)>,
    ready_wrong: Vec<String>,
}

/// Content of the page in addition to the connection itself.
#[derive(Default)]
struct Told<'a> {
    problems: &'a [DraftProblem],
    /// Entered settings that are not saved.
    draft: Option<(Draft, Option<String>)>,
    version: Option<i64>,
    conflict: Option<(String, i64)>,
    outcome: Option<Outcome>,
    may_save: bool,
    hangs: String,
    /// The steps at the desk, and true if they were done, false if they were only listed.
    ready: Option<(DeskReady, bool)>,
    ready_wrong: Vec<String>,
}

/// `GET /connections/{name}`
pub(crate) async fn show(
    State(pages): State<Arc<Pages>>,
    person: SignedIn,
    Path(name): Path<ConnectionId>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    Ok(html(&one_page(&pages, &person, &name, &headers, Told::default()).await?))
}

async fn one_page(pages: &Pages, person: &SignedIn, name: &ConnectionId, headers: &HeaderMap, told: Told<'_>) -> Result<OnePage, Problem> {
    let page = Frame::of(pages, &person.visit).await?;
    let engine = &pages.app.engine;
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    let mut all = shown::all(pages, &page, host).await?;
    let place = all.iter().position(|shown| shown.state.name == *name).ok_or_else(Problem::not_found)?;
    let c = all.swap_remove(place);
    let may_change = person.rights.may(Right::ManageConnections);
    let kept = stored::find(&engine.db, name).await?.filter(|_| may_change);
    let (changed_by, changed_at) = kept.as_ref().map(|kept| (kept.changed_by.clone(), kept.changed_at)).unwrap_or_default();
    let can_set_up = engine.desks.get(name).is_some_and(|at_desk| at_desk.desk.abilities().sets_up);
    let Told { conflict, hangs, ready, ready_wrong, .. } = &told;
    let (conflict, hangs, ready, ready_wrong) = (conflict.clone(), hangs.clone(), ready.clone(), ready_wrong.clone());
    let editor = match kept {
        Some(kept) => editor(pages, person, &page, &kept, told).await?,
        None => None,
    };
    let script = pages.link("/widget.js", host);
    let is_site = pages.app.sites.get(name.as_str()).is_some();
    Ok(OnePage {
        kind: kind_words(&page, &c.state.kind),
        manual: about_kind(&c.state.kind),
        snippet: if is_site { format!("<script src=\"{script}\" data-connection=\"{name}\" async></script>") } else { String::new() },
        curl: if c.state.kind == ANY_DESK { curl(c.hook.as_deref().unwrap_or_default()) } else { String::new() },
        sets_up: can_set_up && editor.is_some(),
        events: carries_events(pages, name),
        may_resume: person.rights.may(Right::ResumeConnections),
        guessed: pages.public_url.is_none(),
        changed_by,
        changed_at,
        conflict,
        hangs,
        ready,
        ready_wrong,
        may_change,
        editor,
        c,
        page,
    })
}

/// A `curl` command that reports a close. It names an operator: a chat without one is not asked about.
fn curl(hook: &str) -> String {
    format!(
        "curl {hook} \\\n  -H 'Authorization: Bearer YOUR_KEY' -H 'Content-Type: application/json' \\\n  \
         -d '{{\"type\":\"session.closed\",\"data\":{{\"session\":\"T-1\",\
         \"operator\":{{\"id\":\"ann\",\"name\":\"Ann\"}},\"client_email\":\"jane@example.com\"}}}}'"
    )
}

/// The form of an existing connection; `None` if its kind is not in this build.
async fn editor(
    pages: &Pages,
    person: &SignedIn,
    page: &Frame,
    kept: &StoredConnection,
    told: Told<'_>,
) -> Result<Option<Editor>, Problem> {
    let engine = &pages.app.engine;
    let Some(kind) = kind(pages, &kept.kind) else { return Ok(None) };
    let here = secret_keys(kept)?;
    let former = opened(kept, &engine.keys)?.whole();
    let locked = former.is_none();
    let (plain, entered, more) = match told.draft {
        Some((draft, more)) => {
            let (plain, secrets) = draft.split(&kind);
            (plain, secrets, more)
        }
        None => (plain(kept)?, Map::new(), None),
    };
    let mut secrets: Vec<String> = entered.keys().cloned().collect();
    secrets.extend(here.into_iter().filter(|_| !locked));
    let filled = Filled { kind: &kind, plain: &plain, secrets, proposed: Map::new(), problems: told.problems, more };
    let fields = Fields::of(page, &filled, &choices(pages, kept.name.as_str()).await?);
    // The form carries only secrets entered now; the others stay in the database.
    let former = former.map(|former| former.values).unwrap_or_default();
    let entered: Map<String, Value> = entered.into_iter().filter(|(key, value)| former.get(key) != Some(value)).collect();
    Ok(Some(Editor {
        action: address(kept.name.as_str()),
        kind: kind.name,
        name: String::new(),
        name_error: joined(told.problems, "name"),
        new: false,
        version: told.version.unwrap_or(kept.version),
        fields,
        carried: carried(&engine.keys, &engine.ids, &person.id.to_string(), &entered),
        outcome: told.outcome,
        may_save: told.may_save,
    }))
}

/// `POST /connections/{name}`: tries out changed settings, or saves them.
pub(crate) async fn change(
    State(pages): State<Arc<Pages>>,
    person: SignedIn,
    Path(name): Path<ConnectionId>,
    headers: HeaderMap,
    form: Form,
) -> Result<Response, Problem> {
    let engine = &pages.app.engine;
    let page = Frame::of(&pages, &person.visit).await?;
    let kept = stored::find(&engine.db, &name).await?.ok_or_else(Problem::not_found)?;
    let kind = kind(&pages, &kept.kind).ok_or_else(Problem::not_found)?;
    let mut secrets = opened(&kept, &engine.keys)?.whole().map(|former| former.split(&kind).1).unwrap_or_default();
    secrets.extend(carried_back(&engine.keys, &person.id.to_string(), form.get("carried")));
    let read = fill::read(&page, &kind, name.as_str(), &form, &secrets, || fresh(&pages));
    let version: i64 = form.get("version").parse().unwrap_or_default();
    let mut problems = read.problems;
    let mut told = Told { version: Some(version), draft: Some((read.draft.clone(), read.more)), ..Told::default() };
    if problems.is_empty() {
        match judge(&pages, &page, &read.draft, form.get("do")).await {
            Judged::Save => match keep::change(engine, &person.by(), &kind, &read.draft, version, engine.now()).await? {
                Kept::Changed { by, at, version } => (told.conflict, told.version) = (Some((by, at)), Some(version)),
                Kept::Unknown | Kept::Taken => return Err(Problem::not_found()),
                Kept::Done(_) => return Ok(done(&pages, &address(name.as_str()), "done-connection-saved", name.as_str())),
            },
            Judged::Tried(tried) => told.outcome = Some(tried),
            Judged::Wrong(found, may) => (problems, told.may_save) = (found, may),
        }
    }
    let status = match (&told.conflict, problems.is_empty()) {
        (Some(_), _) => StatusCode::CONFLICT,
        (None, false) => StatusCode::UNPROCESSABLE_ENTITY,
        (None, true) => StatusCode::OK,
    };
    told.problems = &problems;
    Ok((status, html(&one_page(&pages, &person, &name, &headers, told).await?)).into_response())
}

/// `POST /connections/{name}/desk`: lists the steps at the desk, or does them.
pub(crate) async fn set_up_desk(
    State(pages): State<Arc<Pages>>,
    person: SignedIn,
    Path(name): Path<ConnectionId>,
    headers: HeaderMap,
    form: Form,
) -> Result<Response, Problem> {
    let engine = &pages.app.engine;
    let kept = stored::find(&engine.db, &name).await?.ok_or_else(Problem::not_found)?;
    let kind = kind(&pages, &kept.kind).ok_or_else(Problem::not_found)?;
    let Opened::Whole(draft) = opened(&kept, &engine.keys)? else { return Err(Problem::not_found()) };
    let change = form.get("do") == "change";
    let mut told = Told::default();
    match engine.adapters.set_up_desk(&draft, change).await {
        Ok(ready) => {
            // Settings obtained from the desk, such as the secret of its webhook, are saved immediately.
            let mut after = draft.clone();
            let given = |(key, value): &(&str, String)| kind.setting(key).is_some() && !value.is_empty();
            after.values.extend(ready.settings.iter().filter(|one| given(one)).map(|(key, value)| ((*key).to_owned(), json!(value))));
            if change && after != draft {
                keep::change(engine, &person.by(), &kind, &after, kept.version, engine.now()).await?;
            }
            told.ready = Some((ready, change));
        }
        Err(wrong) => told.ready_wrong = wrong.into_iter().map(|one| one.message).collect(),
    }
    let status = if told.ready.is_some() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok((status, html(&one_page(&pages, &person, &name, &headers, told).await?)).into_response())
}

/// `POST /connections/{name}/resume`
pub(crate) async fn go_on(State(pages): State<Arc<Pages>>, person: SignedIn, Path(name): Path<ConnectionId>) -> Result<Response, Problem> {
    let engine = &pages.app.engine;
    if !resume::resume(engine, &person.by(), &name, engine.now()).await? {
        return Err(Problem::not_found());
    }
    Ok(done(&pages, &address(name.as_str()), "done-connection-resumed", name.as_str()))
}

/// `POST /connections/{name}/pause`
pub(crate) async fn pause(State(pages): State<Arc<Pages>>, person: SignedIn, Path(name): Path<ConnectionId>) -> Result<Response, Problem> {
    let engine = &pages.app.engine;
    if !suspend::suspend(engine, &person.by(), &name, engine.now()).await? {
        return Err(Problem::not_found());
    }
    Ok(done(&pages, &address(name.as_str()), "done-connection-paused", name.as_str()))
}

/// `POST /connections/{name}/replay`: sends past events again.
pub(crate) async fn replay(
    State(pages): State<Arc<Pages>>,
    person: SignedIn,
    Path(name): Path<ConnectionId>,
    form: Form,
) -> Result<Response, Problem> {
    let engine = &pages.app.engine;
    if !carries_events(&pages, &name) {
        return Err(Problem::not_found());
    }
    let no_day = || Problem::invalid_field("since", "This is not a day.", "Enter one such as 2026-05-01.");
    let since = Day::parse(form.get("since")).ok_or_else(no_day)?.start(engine.options.time_zone);
    let count = replay_events::replay(engine, &person.by(), &name, since, engine.now()).await?;
    Ok(done(&pages, &address(name.as_str()), "done-connection-replayed", &count.to_string()))
}

fn carries_events(pages: &Pages, name: &ConnectionId) -> bool {
    pages.app.engine.channels.get(name).is_some_and(|channel| channel.capabilities().events)
}

/// `POST /connections/{name}/delete`
pub(crate) async fn delete(
    State(pages): State<Arc<Pages>>,
    person: SignedIn,
    Path(name): Path<ConnectionId>,
    headers: HeaderMap,
    form: Form,
) -> Result<Response, Problem> {
    let engine = &pages.app.engine;
    if !form.ticked("sure") {
        return Ok((StatusCode::SEE_OTHER, [(header::LOCATION, address(name.as_str()))]).into_response());
    }
    match deleting::delete(engine, &person.by(), &name, engine.now()).await? {
        Deleted::Done => Ok(done(&pages, "/connections", "done-connection-deleted", name.as_str())),
        Deleted::Unknown => Err(Problem::not_found()),
        Deleted::Hangs(hanging) => {
            let told = Told { hangs: hanging.join("; "), ..Told::default() };
            Ok((StatusCode::CONFLICT, html(&one_page(&pages, &person, &name, &headers, told).await?)).into_response())
        }
    }
}
