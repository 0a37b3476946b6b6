//! Connections and how they are. Secrets are never here: they are in the settings of the server alone.

pub mod quarantine;

use super::frame::visit::SignedIn;
use super::frame::{Frame, html};
use super::lines::part;
use super::{Pages, done};
use askama::Template;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, header};
use axum::response::Response;
use lastword_domain::access::rights::Right;
use lastword_http::problem::Problem;
use lastword_life::connection::resume::resume;
use lastword_store::connection::forward_outbox::{self, DeskState};
use lastword_store::connection::{self, ConnectionState};
use lastword_store::question::delivery_list::{self, Waiting};
use lastword_store::records::refused_call::{self, RefusedCall};
use std::sync::Arc;

/// What to write into `lastword.toml` for a new connection of each kind, and its secrets as the environment has them.
pub const SNIPPETS: [(&str, &str, &str); 7] = [
    ("telegram", "[connections.support-bot]\nkind = \"telegram\"", "LASTWORD__CONNECTIONS__SUPPORT_BOT__TOKEN=123456:ABC-…"),
    (
        "whatsapp",
        "[connections.shop-whatsapp]\nkind = \"whatsapp\"\nphone_number_id = \"106540352242922\"\nbusiness_account_id = \"102290129340398\"",
        "LASTWORD__CONNECTIONS__SHOP_WHATSAPP__ACCESS_TOKEN=EAA…\nLASTWORD__CONNECTIONS__SHOP_WHATSAPP__APP_SECRET=…\nLASTWORD__CONNECTIONS__SHOP_WHATSAPP__VERIFY_TOKEN=…",
    ),
    (
        "messenger",
        "[connections.shop-page]\nkind = \"messenger\"\npage_id = \"201540352242944\"",
        "LASTWORD__CONNECTIONS__SHOP_PAGE__ACCESS_TOKEN=EAA…\nLASTWORD__CONNECTIONS__SHOP_PAGE__APP_SECRET=…\nLASTWORD__CONNECTIONS__SHOP_PAGE__VERIFY_TOKEN=…",
    ),
    (
        "instagram",
        "[connections.shop-instagram]\nkind = \"instagram\"\naccount_id = \"17841405822304914\"",
        "LASTWORD__CONNECTIONS__SHOP_INSTAGRAM__ACCESS_TOKEN=IGAA…\nLASTWORD__CONNECTIONS__SHOP_INSTAGRAM__APP_SECRET=…\nLASTWORD__CONNECTIONS__SHOP_INSTAGRAM__VERIFY_TOKEN=…",
    ),
    ("webchat", "[connections.site]\nkind = \"webchat\"\nline = \"support\"\norigins = [\"https://shop.example\"]", ""),
    (
        "email",
        "[connections.mail]\nkind = \"email\"\nhost = \"smtp.example.com\"\nuser = \"support@example.com\"\nfrom = \"Example Support <support@example.com>\"",
        "LASTWORD__CONNECTIONS__MAIL__PASSWORD=…",
    ),
    (
        "webhook",
        "[connections.crm]\nkind = \"webhook\"\nurl = \"https://crm.example.com/lastword\"\nevents = [\"rating.created\"]",
        "LASTWORD__CONNECTIONS__CRM__SECRET=whsec_…",
    ),
];

/// How many refused calls the page shows; the API has them all.
const REFUSED_SHOWN: i64 = 20;

/// How a connection is, as a word: the worst there is to say.
fn health(state: &ConnectionState, configured: bool, waiting: &Waiting, now: i64) -> &'static str {
    if state.stopped_at.is_some() {
        "stopped"
    } else if !configured {
        "gone"
    } else if state.deaf_at.is_some() {
        "deaf"
    } else if state.blocked_until > now {
        "paused"
    } else if waiting.since.is_some_and(|since| now - since > 60_000) {
        "behind"
    } else {
        "works"
    }
}

/// A connection as it is shown.
struct ConnectionsView {
    state: ConnectionState,
    health: &'static str,
    waiting: Waiting,
    /// "12 a second, 5 at once", where it has a limit of ours.
    per_second: Option<f64>,
    burst: u32,
    asks: Vec<String>,
    alerts: bool,
    desk: Option<DeskState>,
    blocked: Option<i64>,
    served: Option<i64>,
    /// When a node last started with it; imported and made-up closes may name one that none ever had.
    started: Option<i64>,
    hook: Option<String>,
    resume: String,
}

/// A kind to set up.
struct Kind {
    kind: &'static str,
    name: String,
    toml: &'static str,
    secrets: &'static str,
}

#[derive(Template)]
#[template(path = "pages/connections/list.html")]
struct ListPage {
    page: Frame,
    connections: Vec<ConnectionsView>,
    kinds: Vec<Kind>,
    may_resume: bool,
    /// Addresses of hooks begin with what the browser said.
    guessed: bool,
    /// What desks told and was refused, for those who see the whole organisation.
    refused: Vec<RefusedCall>,
}

/// `GET /connections`
pub(super) async fn list(State(pages): State<Arc<Pages>>, person: SignedIn, headers: HeaderMap) -> Result<Response, Problem> {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    let engine = &pages.app.engine;
    let page = Frame::of(&pages, &person.visit).await?;
    let now = engine.now();
    let (mut desks, waiting) = (forward_outbox::desks(&engine.db).await?, delivery_list::waiting(&engine.db, now).await?);
    let mut connections = Vec::new();
    for state in connection::all(&engine.db).await? {
        let channel = engine.channels.get(&state.name);
        let can = channel.map(|channel| channel.capabilities()).unwrap_or_default();
        let waiting = waiting.iter().find(|waiting| waiting.connection == state.name).cloned().unwrap_or_default();
        let place = desks.iter().position(|desk| desk.connection == state.name);
        let desk = place.map(|place| desks.swap_remove(place));
        let shared = engine.channels.desk(&state.name).is_some() || desk.as_ref().is_some_and(|desk| desk.backlog > 0);
        let scales = [(can.binary, "line-scale-binary"), (can.five_star, "line-scale-five-star")];
        let hears = channel.is_some_and(|channel| !channel.listens() && can.free_text);
        connections.push(ConnectionsView {
            health: health(&state, channel.is_some(), &waiting, now),
            asks: scales.iter().filter(|(can, _)| *can).map(|(_, key)| page.t(key)).collect(),
            per_second: Some(can.rate.per_second).filter(|rate| *rate > 0.0),
            burst: can.rate.burst,
            alerts: can.alerts,
            desk: shared.then(|| desk.unwrap_or_default()),
            blocked: Some(state.blocked_until).filter(|until| *until > now),
            served: Some(state.last_served_at).filter(|at| *at > 0),
            started: Some(state.seen_at).filter(|at| *at > 0),
            hook: hears.then(|| pages.link(&format!("/hooks/{}", state.name), host)),
            resume: format!("/connections/{}/resume", part(&state.name)),
            waiting,
            state,
        });
    }
    // What needs somebody stands first.
    connections.sort_by_key(|shown| ["stopped", "deaf", "behind", "paused", "works", "gone"].iter().position(|word| *word == shown.health));
    let kinds = SNIPPETS.map(|(kind, toml, secrets)| Kind { kind, name: page.t(&format!("connection-kind-{kind}")), toml, secrets });
    let may_resume = person.rights.may(Right::ResumeConnections);
    let refused = if may_resume { refused_call::page(&engine.db, None, i64::MAX, REFUSED_SHOWN).await? } else { Vec::new() };
    Ok(html(&ListPage { page, connections, kinds: kinds.into(), may_resume, guessed: pages.public_url.is_none(), refused }))
}

/// `POST /connections/{name}/resume`
pub(super) async fn go_on(State(pages): State<Arc<Pages>>, person: SignedIn, Path(name): Path<String>) -> Result<Response, Problem> {
    let engine = &pages.app.engine;
    if !resume(engine, &person.by(), &name, engine.now()).await? {
        return Err(Problem::not_found());
    }
    Ok(done(&pages, "/connections", "done-connection-resumed", &name))
}
