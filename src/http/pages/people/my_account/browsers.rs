//! Browser notifications: enabled in each browser, and listed or disabled from any browser.

use super::device::device;
use crate::frame::cookies::{self, PUSH, YEAR};
use crate::frame::form::Form;
use crate::frame::visit::SignedIn;
use crate::sign_in::agent;
use crate::{Pages, done};
use axum::extract::{Path, State};
use axum::http::{HeaderMap, header};
use axum::response::Response;
use lastword_base::names::BrowserId;
use lastword_contract::Address;
use lastword_domain::access::rights::Right;
use lastword_http::problem::Problem;
use lastword_life::access::push_browser::{Given, choose, public_key, switch_on as keep};
use lastword_store::alert::push_browser::{self, PushBrowser};
use std::sync::Arc;

/// The notification section of the page.
pub(super) struct Browsers {
    /// Public key that a browser needs to subscribe.
    pub(super) key: String,
    /// ID of this browser's subscription.
    pub(super) here: Option<BrowserId>,
    pub(super) list: Vec<BrowserView>,
}

/// A subscribed browser for display.
pub(super) struct BrowserView {
    pub(super) browser: PushBrowser,
    /// Browser and system, as far as they can be recognised.
    pub(super) device: String,
    pub(super) present: bool,
}

impl Browsers {
    /// Loads the section for a person; `None` if there are no notifications that they could receive.
    pub(super) async fn of(pages: &Pages, person: &SignedIn, headers: &HeaderMap) -> Result<Option<Self>, Problem> {
        if !person.rights.may(Right::SeeLowRatings) {
            return Ok(None);
        }
        let engine = &pages.app.engine;
        let Some(key) = public_key(engine).await else { return Ok(None) };
        let cookie = cookies::read(headers, PUSH, pages.https).and_then(|id| id.parse().ok());
        let list = push_browser::of_account(&engine.db, person.id).await?;
        let is_here = |browser: &PushBrowser| cookie == Some(browser.id);
        let here = list.iter().find(|browser| is_here(browser) && browser.gone_at.is_none()).map(|browser| browser.id);
        let shown = |browser: PushBrowser| BrowserView { device: device(&browser.agent), present: is_here(&browser), browser };
        Ok(Some(Self { key, here, list: list.into_iter().map(shown).collect() }))
    }
}

/// `POST /account/browsers`: stores the subscription, sent by the page's script.
pub(crate) async fn switch_on(
    State(pages): State<Arc<Pages>>,
    person: SignedIn,
    headers: HeaderMap,
    form: Form,
) -> Result<Response, Problem> {
    let engine = &pages.app.engine;
    let text = |name: &str| Some(form.get(name).to_owned());
    let given = Given {
        address: Address { chat: form.get("endpoint").to_owned(), user: text("key"), via: text("auth") },
        agent: agent(&headers).to_owned(),
        low: form.ticked("low"),
        late: form.ticked("late"),
    };
    let Some(id) = keep(engine, person.id, given, engine.now()).await? else {
        return Err(Problem::invalid_field(
            "endpoint",
            "This is not an address of a browser's push service that may be called.",
            "Switch notifications on from the page of the account.",
        ));
    };
    let mut response = done(&pages, "/account", "done-push-on", "");
    response.headers_mut().append(header::SET_COOKIE, cookies::set(PUSH, &id.to_string(), pages.https, Some(YEAR)));
    Ok(response)
}

/// `POST /account/browsers/{id}`: sets the notifications of a browser; none removes the subscription.
pub(crate) async fn change(
    State(pages): State<Arc<Pages>>,
    person: SignedIn,
    Path(id): Path<String>,
    form: Form,
) -> Result<Response, Problem> {
    let (low, late) = (form.ticked("low"), form.ticked("late"));
    choose(&pages.app.engine, person.id, BrowserId::named(&id), (low, late)).await?;
    Ok(done(&pages, "/account", if low || late { "done-push-kept" } else { "done-push-off" }, ""))
}
