//! Recipients of alerts: people, groups and rooms, the lines that use them, and a test alert by the same path as one about a low rating.

pub(super) mod letters;

use super::frame::changes::said;
use super::frame::form::{Fields, Form};
use super::frame::visit::SignedIn;
use super::frame::{Frame, html};
use super::lines::part;
use super::{Pages, done};
use askama::Template;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use lastword_base::names::RequestId;
use lastword_contract::Address;
use lastword_domain::access::rights::Right;
use lastword_domain::alert::{AlertKind, AlertState, RecipientKind};
use lastword_http::api::recipients::{RecipientBody, RoomBody, check};
use lastword_http::api::request::fields::AddressBody;
use lastword_http::locale::language::Language;
use lastword_http::problem::{Code, Problem};
use lastword_http::query::Query;
use lastword_life::admin::change_line::{reachable, save_recipient_by};
use lastword_life::admin::delete_recipient::delete_recipient;
use lastword_life::alert::test_alert::raise_test;
use lastword_life::engine::stop::Deleted;
use lastword_life::recipient::room::{self, ROOMS};
use lastword_store::alert;
use lastword_store::alert::recipient::{self, Recipient};
use lastword_store::line;
use lastword_store::question::delivery;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Form fields whose names differ from those in the API.
const NAMES: [(&str, &str); 6] = [
    ("address.chat", "chat"),
    ("address", "chat"),
    ("room", "room_url"),
    ("room.service", "room_service"),
    ("room.url", "room_url"),
    ("room.token", TOKEN),
];
/// Form field of a room's token. Fields of this name are not shown again.
const TOKEN: &str = "room_password";
/// Services of rooms, with their names.
const SERVICES: [(&str, &str); 11] = [
    ("slack", "Slack"),
    ("teams", "Microsoft Teams"),
    ("google_chat", "Google Chat"),
    ("discord", "Discord"),
    ("mattermost", "Mattermost"),
    ("rocketchat", "Rocket.Chat"),
    ("zulip", "Zulip"),
    ("matrix", "Matrix"),
    ("ntfy", "ntfy"),
    ("gotify", "Gotify"),
    ("pagerduty", "PagerDuty"),
];

/// Address of a recipient's page.
fn address(id: &str) -> String {
    format!("/recipients/{}", part(id))
}

/// A row of the list.
struct Listed {
    id: String,
    address: String,
    name: String,
    group: bool,
    place: String,
    members: Vec<String>,
    lines: Vec<(String, String)>,
    state: &'static str,
}

#[derive(Template)]
#[template(path = "pages/recipients/list.html")]
struct ListPage {
    page: Frame,
    recipients: Vec<Listed>,
    may_change: bool,
    editor: Editor,
    open: bool,
}

/// The form of a recipient.
struct Editor {
    action: String,
    made: bool,
    fields: Fields,
    connections: Vec<(String, String)>,
    others: Vec<(String, String)>,
    languages: Vec<(&'static str, &'static str)>,
    services: [(&'static str, &'static str); 11],
    /// The visible part of the room's present address.
    room: String,
}

/// `GET /recipients`
pub(super) async fn list(State(pages): State<Arc<Pages>>, person: SignedIn) -> Result<Response, Problem> {
    Ok(html(&list_page(&pages, &person, Fields::default()).await?))
}

async fn list_page(pages: &Pages, person: &SignedIn, fields: Fields) -> Result<ListPage, Problem> {
    let engine = &pages.app.engine;
    let page = Frame::of(pages, &person.visit).await?;
    let all = recipient::all(&engine.db).await?;
    let uses = uses(pages, person).await?;
    let may_change = person.rights.may(Right::ChangeRecipients);
    let listed = all.iter().map(|recipient| Listed {
        address: address(&recipient.id),
        group: recipient.kind == RecipientKind::Group,
        place: place(recipient, may_change),
        members: recipient.members.iter().map(|id| name_of(&all, id)).collect(),
        lines: uses.get(&recipient.id).cloned().unwrap_or_default(),
        state: state(pages, recipient),
        name: recipient.name.clone(),
        id: recipient.id.clone(),
    });
    let listed: Vec<Listed> = listed.collect();
    let open = !fields.fine() || listed.is_empty();
    Ok(ListPage { editor: editor(pages, "/recipients".to_owned(), false, fields, &all, ""), recipients: listed, may_change, open, page })
}

fn name_of(all: &[Recipient], id: &str) -> String {
    all.iter().find(|other| other.id == id).map_or_else(|| id.to_owned(), |other| other.name.clone())
}

/// The place where a person is notified. The whole address is for people who may change it.
fn place(recipient: &Recipient, whole: bool) -> String {
    if let Some(shown) = room::shown(recipient) {
        return if whole {
            format!("{} · {}", service_name(&shown.service), shown.place)
        } else {
            service_name(&shown.service).to_owned()
        };
    }
    let connection = recipient.connection.clone().unwrap_or_default();
    let address: Option<Address> = recipient.address.as_deref().and_then(|address| serde_json::from_str(address).ok());
    match address.filter(|_| whole) {
        Some(address) => format!("{connection} · {}", address.chat),
        None => connection.into(),
    }
}

fn service_name(service: &str) -> &str {
    SERVICES.iter().find(|(known, _)| *known == service).map_or(service, |(_, name)| *name)
}

fn state(pages: &Pages, recipient: &Recipient) -> &'static str {
    match (recipient.disabled_at, recipient.kind.as_str()) {
        (Some(_), _) if recipient.gone_at.is_some() => "gone",
        (Some(_), _) => "off",
        (None, "group") if recipient.members.is_empty() => "empty",
        (None, "group") => "on",
        _ if recipient.unreached_at.is_none() && reachable(&pages.app.engine, recipient) => "on",
        _ => "lost",
    }
}

/// The lines visible to this person that name each recipient, by ID: address and name.
async fn uses(pages: &Pages, person: &SignedIn) -> Result<BTreeMap<String, Vec<(String, String)>>, Problem> {
    let mut uses: BTreeMap<String, Vec<(String, String)>> = BTreeMap::new();
    let lines = line::all(&pages.app.engine.db).await?;
    for line in lines.into_iter().filter(|line| line.archived_at.is_none() && person.rights.lines.admit(&line.id)) {
        for id in line.settings.alerts.named().collect::<std::collections::BTreeSet<_>>() {
            uses.entry(id.clone()).or_default().push((super::lines::address(line.id.as_str()), line.name.clone()));
        }
    }
    Ok(uses)
}

fn editor(pages: &Pages, action: String, made: bool, fields: Fields, all: &[Recipient], own: &str) -> Editor {
    let carriers = pages.app.engine.channels.told_through();
    let mut connections: Vec<(String, String)> =
        carriers.map(|(name, connection)| (name.to_string(), format!("{name} ({})", connection.channel.kind()))).collect();
    let chosen = fields.value("connection");
    if !chosen.is_empty() && chosen != ROOMS && !connections.iter().any(|(name, _)| name == chosen) {
        connections.push((chosen.to_owned(), chosen.to_owned()));
    }
    let others = all.iter().filter(|other| other.kind != RecipientKind::Group && other.id != own);
    let known = all.iter().find(|known| known.id == own).and_then(room::shown);
    Editor {
        action,
        made,
        connections,
        others: others.map(|other| (other.id.clone(), other.name.clone())).collect(),
        languages: Language::ALL.map(|language| (language.tag(), language.own_name())).to_vec(),
        services: SERVICES,
        room: known.map(|shown| format!("{} · {}", service_name(&shown.service), shown.place)).unwrap_or_default(),
        fields,
    }
}

/// `POST /recipients`: creates a recipient.
pub(super) async fn make(State(pages): State<Arc<Pages>>, person: SignedIn, form: Form) -> Result<Response, Problem> {
    let language = person.visit.language;
    let mut fields = Fields::of(&form);
    let id = form.get("id");
    let fits = (1..=64).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.:".contains(&b));
    let all = recipient::all(&pages.app.engine.db).await?;
    if !fits {
        fields.wrong("set-bad-id", "id", language);
    } else if all.iter().any(|other| other.id == id) {
        fields.wrong("set-bad-id-taken", "id", language);
    }
    if fields.fine() && keep(&pages, &person, id, &form, None, &mut fields).await? {
        return Ok(done(&pages, &address(id), "done-recipient-made", form.get("name")));
    }
    Ok((StatusCode::UNPROCESSABLE_ENTITY, html(&list_page(&pages, &person, fields).await?)).into_response())
}

/// Saves a recipient from the form. On failure, shows the form with the problems at its fields.
async fn keep(
    pages: &Pages,
    person: &SignedIn,
    id: &str,
    form: &Form,
    known: Option<Recipient>,
    fields: &mut Fields,
) -> Result<bool, Problem> {
    let engine = &pages.app.engine;
    let text = |name: &str| Some(form.get(name).to_owned()).filter(|text| !text.is_empty());
    let kind = RecipientKind::parse(form.get("kind")).unwrap_or_default();
    let (group, in_room, person_alone) = (kind == RecipientKind::Group, kind == RecipientKind::Room, kind == RecipientKind::Person);
    // Parts of an address that the form does not show are kept while the chat is the same.
    let before: Option<Address> = known.as_ref().and_then(|known| serde_json::from_str(known.address.as_deref()?).ok());
    let before = before.filter(|before| before.chat == form.get("chat"));
    let (user, via) = before.map_or((None, None), |before| (before.user, before.via));
    let body = RecipientBody {
        name: form.get("name").to_owned(),
        kind,
        room: room_of(form).filter(|_| in_room),
        connection: text("connection").filter(|_| person_alone),
        address: text("chat").filter(|_| person_alone).map(|chat| AddressBody { chat, user, via }),
        operator: text("operator").filter(|_| person_alone),
        language: text("language"),
        members: if group { form.all("members").map(str::to_owned).collect() } else { Vec::new() },
        disabled: form.ticked("disabled"),
    };
    let language = person.visit.language;
    let recipient = match check(&pages.app, id.to_owned(), body, known) {
        Ok(recipient) => recipient,
        Err(problem) => {
            let field = problem.field.unwrap_or_default();
            let field = NAMES.iter().find(|(name, _)| *name == field).map_or(field.as_str(), |(_, name)| name);
            let field = if field.starts_with("members") { "members" } else { field };
            let words = language.text(&format!("recipient-bad-{}", field.replace('_', "-")), &[]);
            let known = ["id", "name", "connection", "chat", "operator", "language", "members"].contains(&field);
            let of_room = ["room_service", "room_url", TOKEN].contains(&field);
            // Descriptions of a service's addresses are the same in all languages.
            let words = match problem.remedy.filter(|_| of_room) {
                Some(remedy) => format!("{words} {remedy}"),
                None => words,
            };
            fields.refuse(if known || of_room { field } else { "name" }, if known || of_room { words } else { problem.detail });
            return Ok(false);
        }
    };
    if !save_recipient_by(engine, &person.by(), recipient, engine.now()).await? {
        fields.wrong("recipient-bad-operator-taken", "operator", language);
        return Ok(false);
    }
    Ok(true)
}

/// The room in a form; `None` if there is no address, which leaves the room unchanged.
fn room_of(form: &Form) -> Option<RoomBody> {
    let text = |name: &str| form.get(name).to_owned();
    let (url, token) = (text("room_url"), text(TOKEN));
    let is_named = !url.is_empty() || !token.is_empty();
    is_named.then(|| RoomBody { service: text("room_service"), url, token: Some(token).filter(|token| !token.is_empty()) })
}

/// The test that a recipient's page shows.
#[derive(Debug, Deserialize)]
pub(super) struct RecipientsQuery {
    /// ID of the made-up rating request of a test.
    test: Option<String>,
}

/// Result of a test for one person.
struct Tested {
    name: String,
    words: String,
    detail: String,
    good: bool,
    waits: bool,
    delivery: Option<String>,
}

#[derive(Template)]
#[template(path = "pages/recipients/one.html")]
struct OnePage {
    page: Frame,
    id: String,
    name: String,
    address: String,
    state: &'static str,
    place: String,
    members: Vec<String>,
    lines: Vec<(String, String)>,
    may_change: bool,
    group: bool,
    editor: Editor,
    tested: Vec<Tested>,
    /// Data that depends on it, if it could not be deleted.
    hangs: String,
    /// Reason why the last alert did not arrive.
    unreached: String,
}

/// `GET /recipients/{id}`
pub(super) async fn one(
    State(pages): State<Arc<Pages>>,
    person: SignedIn,
    Path(id): Path<String>,
    Query(asked): Query<RecipientsQuery>,
) -> Result<Response, Problem> {
    let found = find(&pages, &id).await?;
    let fields = fields(&found);
    Ok(html(&one_page(&pages, &person, found, fields, asked.test.as_deref()).await?))
}

async fn find(pages: &Pages, id: &str) -> Result<Recipient, Problem> {
    let all = recipient::all(&pages.app.engine.db).await?;
    all.into_iter().find(|recipient| recipient.id == id).ok_or_else(Problem::not_found)
}

fn fields(recipient: &Recipient) -> Fields {
    let address: Option<Address> = recipient.address.as_deref().and_then(|address| serde_json::from_str(address).ok());
    let fields = Fields::default()
        .with("name", &*recipient.name)
        .with("kind", recipient.kind.as_str())
        .with("connection", recipient.connection.clone().unwrap_or_default())
        .with("chat", address.filter(|_| recipient.kind == RecipientKind::Person).map(|address| address.chat).unwrap_or_default())
        .with("room_service", room::shown(recipient).map(|shown| shown.service).unwrap_or_default())
        .with("operator", recipient.operator_id.clone().unwrap_or_default())
        .with("language", recipient.language.clone().unwrap_or_default());
    let fields = recipient.members.iter().fold(fields, |fields, member| fields.with("members", &**member));
    if recipient.disabled_at.is_some() { fields.with("disabled", "1") } else { fields }
}

async fn one_page(pages: &Pages, person: &SignedIn, found: Recipient, fields: Fields, test: Option<&str>) -> Result<OnePage, Problem> {
    let page = Frame::of(pages, &person.visit).await?;
    let all = recipient::all(&pages.app.engine.db).await?;
    let may_change = person.rights.may(Right::ChangeRecipients);
    let tested = match test.and_then(|test| test.parse().ok()) {
        Some(test) => tested(pages, &page, &all, test).await?,
        None => Vec::new(),
    };
    let why = found.unreached_at.and(found.unreached_why.as_deref());
    let unreached = why.map(|why| page.t2("line-warning-unreached", "name", found.name.as_str(), "why", why)).unwrap_or_default();
    Ok(OnePage {
        editor: editor(pages, address(&found.id), true, fields, &all, &found.id),
        address: address(&found.id),
        state: state(pages, &found),
        place: place(&found, may_change),
        members: found.members.iter().map(|id| name_of(&all, id)).collect(),
        lines: uses(pages, person).await?.remove(&found.id).unwrap_or_default(),
        group: found.kind == RecipientKind::Group,
        name: found.name,
        id: found.id,
        may_change,
        tested,
        hangs: String::new(),
        unreached,
        page,
    })
}

/// Result of each alert of a test, as text.
async fn tested(pages: &Pages, page: &Frame, all: &[Recipient], test: RequestId) -> Result<Vec<Tested>, Problem> {
    let db = &pages.app.engine.db;
    let mut tested = Vec::new();
    for alert in alert::of_requests(db, &[test]).await?.into_iter().filter(|alert| alert.kind == AlertKind::Test) {
        let delivery = match &alert.delivery_id {
            Some(id) => delivery::find(db, *id).await?,
            None => None,
        };
        let word = match (&delivery, alert.state) {
            (_, AlertState::Undeliverable) => alert.reason.clone().unwrap_or_default(),
            (Some(delivery), AlertState::Raised | AlertState::Canceled) => delivery.state.to_string(),
            (_, state) => state.to_string(),
        };
        let words = said(page, &format!("tested-{}", word.replace('_', "-"))).unwrap_or_else(|| word.clone());
        tested.push(Tested {
            name: if alert.recipient_id.is_empty() { page.t("alert-nobody") } else { name_of(all, &alert.recipient_id) },
            good: matches!(word.as_str(), "sent" | "delivered"),
            waits: matches!(word.as_str(), "scheduled" | "leased" | "sending" | "digested"),
            detail: delivery.as_ref().and_then(|delivery| delivery.detail.clone()).unwrap_or_default(),
            delivery: delivery
                .map(|delivery| format!("/deliveries/{}", part(&delivery.id.to_string())))
                .filter(|_| page.leads("/deliveries")),
            words,
        });
    }
    Ok(tested)
}

/// `POST /recipients/{id}`: changes a recipient.
pub(super) async fn change(
    State(pages): State<Arc<Pages>>,
    person: SignedIn,
    Path(id): Path<String>,
    form: Form,
) -> Result<Response, Problem> {
    let known = find(&pages, &id).await?;
    let mut fields = Fields::of(&form);
    if keep(&pages, &person, &id, &form, Some(known.clone()), &mut fields).await? {
        return Ok(done(&pages, &address(&id), "done-recipient-saved", form.get("name")));
    }
    let page = one_page(&pages, &person, known, fields, None).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, html(&page)).into_response())
}

/// `POST /recipients/{id}/delete`: deletes a recipient that no line and no group names.
pub(super) async fn delete(
    State(pages): State<Arc<Pages>>,
    person: SignedIn,
    Path(id): Path<String>,
    form: Form,
) -> Result<Response, Problem> {
    let (found, engine) = (find(&pages, &id).await?, &pages.app.engine);
    if !form.ticked("sure") {
        return Err(Problem::invalid_field("sure", "This needs your confirmation.", "Tick the box first."));
    }
    match delete_recipient(engine, &person.by(), &id, engine.now()).await? {
        Deleted::Done => Ok(done(&pages, "/recipients", "done-recipient-deleted", &found.name)),
        Deleted::Unknown => Err(Problem::not_found()),
        Deleted::Hangs(hanging) => {
            let shown = fields(&found);
            let mut page = one_page(&pages, &person, found, shown, None).await?;
            page.hangs = page.page.t1("recipient-hangs", "what", hanging.join("; "));
            Ok((StatusCode::CONFLICT, html(&page)).into_response())
        }
    }
}

/// `POST /recipients/{id}/test`
pub(super) async fn test(State(pages): State<Arc<Pages>>, person: SignedIn, Path(id): Path<String>) -> Result<Response, Problem> {
    find(&pages, &id).await?;
    let engine = &pages.app.engine;
    let alerts = raise_test(engine, &person.by(), &id, None, engine.now()).await?;
    let test = alerts.first().map(|alert| alert.request_id);
    let test = test.ok_or_else(|| Problem::new(Code::Conflict, "The test reached nobody."))?;
    Ok((StatusCode::SEE_OTHER, [(header::LOCATION, format!("{}?test={test}#tested", address(&id)))]).into_response())
}
