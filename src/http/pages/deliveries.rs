//! Deliveries that are stuck or scheduled, one delivery with its attempts, and the actions resend, dismiss and cancel.

use super::frame::changes::said;
use super::frame::days::Days;
use super::frame::filter::{Entry, Filters};
use super::frame::form::{Choice, Form};
use super::frame::visit::SignedIn;
use super::frame::{Frame, html};
use super::lines::part;
use super::{Pages, done};
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use lastword_base::names::{ConnectionId, DeliveryId, LineId, RequestId, Subject};
use lastword_domain::access::rights::{Lines, Right};
use lastword_domain::alert::AlertKind;
use lastword_domain::question::delivery::{Kind, State as DeliveryState};
use lastword_domain::word::words;
use lastword_http::path::PathId;
use lastword_http::problem::{Code, Problem};
use lastword_http::query::Query;
use lastword_life::admin::mend_delivery::{self, Mended};
use lastword_life::recipient::push::WEB_PUSH;
use lastword_store::alert::{self, recipient};
use lastword_store::question::delivery::{self, Delivery};
use lastword_store::question::delivery_list::{self, DeliveryCursor, Filter};
use lastword_store::question::rating_request;
use lastword_store::{Db, StoreError, connection, line};
use serde::Deserialize;
use std::collections::HashMap;
use std::sync::Arc;

/// Deliveries per page.
const SHOWN: usize = 50;

words! {
    /// Lists of deliveries: all that are stuck, those in one state, and scheduled ones.
    enum List {
        /// All stuck deliveries.
        Stuck = "stuck",
        /// Deliveries whose arrival is unknown.
        Unknown = "unknown",
        /// Deliveries that the platform refused.
        Failed = "failed",
        /// Deliveries that were given up.
        Dead = "dead",
        /// Deliveries that cannot reach their recipient.
        Undeliverable = "undeliverable",
        /// Deliveries scheduled for later.
        Scheduled = "scheduled",
    }
}

impl List {
    /// The state of the deliveries in the list, if they all have the same.
    fn state(self) -> Option<DeliveryState> {
        match self {
            List::Stuck => None,
            List::Unknown => Some(DeliveryState::Unknown),
            List::Failed => Some(DeliveryState::Failed),
            List::Dead => Some(DeliveryState::Dead),
            List::Undeliverable => Some(DeliveryState::Undeliverable),
            List::Scheduled => Some(DeliveryState::Scheduled),
        }
    }
}

/// Filters and position in the list.
#[derive(Debug, Deserialize)]
pub(super) struct DeliveriesQuery {
    state: Option<String>,
    connection: Option<String>,
    kind: Option<String>,
    line: Option<String>,
    from: Option<String>,
    until: Option<String>,
    after: Option<String>,
}

fn choices<'v>(values: impl Iterator<Item = (&'v str, String)>, chosen: &str) -> Vec<Choice> {
    values.map(|(value, words)| Choice { value: value.to_owned(), words, chosen: value == chosen }).collect()
}

/// A delivery in the list.
struct Listed {
    delivery: Delivery,
    address: String,
    kind: String,
    state: String,
    tone: &'static str,
    reason: String,
    about: String,
}

#[derive(Template)]
#[template(path = "pages/deliveries/list.html")]
struct ListPage {
    page: Frame,
    filters: Filters,
    scheduled: bool,
    listed: Vec<Listed>,
    next: Option<String>,
}

fn tone(state: DeliveryState) -> &'static str {
    match state {
        DeliveryState::Unknown => "warn",
        DeliveryState::Failed | DeliveryState::Dead | DeliveryState::Undeliverable => "bad",
        DeliveryState::Sent | DeliveryState::Delivered => "on",
        DeliveryState::Scheduled | DeliveryState::Leased | DeliveryState::Sending | DeliveryState::Canceled | DeliveryState::Skipped => "",
    }
}

fn in_words(page: &Frame, prefix: &str, word: &str) -> String {
    said(page, &format!("{prefix}-{}", word.replace(['_', '.'], "-"))).unwrap_or_else(|| word.to_owned())
}

/// `GET /deliveries`
pub(super) async fn list(
    State(pages): State<Arc<Pages>>,
    person: SignedIn,
    Query(asked): Query<DeliveriesQuery>,
) -> Result<Response, Problem> {
    let db = &pages.app.engine.db;
    let page = Frame::of(&pages, &person.visit).await?;
    let text = |text: &Option<String>| text.clone().filter(|text| !text.is_empty());
    let no_list = || Problem::invalid_field("state", "There is no such list.", "Choose one of those that are shown.");
    let shown = text(&asked.state).map_or(Ok(List::Stuck), |word| List::parse(&word).ok_or_else(no_list))?;
    let (line, days) = (text(&asked.line), Days::of(&asked.from, &asked.until, pages.app.engine.options.time_zone));
    let filter = Filter {
        connection: text(&asked.connection).map(ConnectionId::from),
        kind: text(&asked.kind).as_deref().and_then(Kind::parse),
        lines: person.rights.lines.narrowed(line.as_deref().map(LineId::from).as_ref()),
        since: days.starts_at,
        until: days.ends_at,
    };
    let scheduled = shown == List::Scheduled;
    let after = text(&asked.after);
    let limit = (SHOWN + 1) as i64;
    let mut found = if days.wrong {
        Vec::new()
    } else if scheduled {
        let after = after.as_deref().and_then(DeliveryCursor::parse).unwrap_or_default();
        delivery_list::scheduled(db, &filter, &after, limit).await?
    } else {
        delivery_list::stuck(db, shown.state(), &filter, after.as_deref().and_then(|after| after.parse().ok()), limit).await?
    };
    let more = found.len() > SHOWN;
    found.truncate(SHOWN);
    let place = |last: &Delivery| if scheduled { DeliveryCursor::of(last).text() } else { last.id.to_string() };
    let filters = filters(&page, &person, db, shown, &filter, &line, &days).await?;
    let next = found.last().filter(|_| more).map(|last| filters.address(None, &[("after", &place(last))]));
    let about = about(&pages, &page, &found).await?;
    let listed = found.into_iter().map(|delivery| Listed {
        address: format!("/deliveries/{}", part(&delivery.id.to_string())),
        kind: in_words(&page, "delivery-kind", delivery.kind.as_str()),
        state: in_words(&page, "delivery-state", delivery.state.as_str()),
        tone: tone(delivery.state),
        reason: delivery.reason.as_deref().map(|reason| in_words(&page, "delivery-reason", reason)).unwrap_or_default(),
        about: delivery.subject.as_ref().and_then(|subject| about.get(subject)).cloned().unwrap_or_default(),
        delivery,
    });
    Ok(html(&ListPage { filters, scheduled, listed: listed.collect(), next, page }))
}

/// The lines that the person sees, by name.
async fn lines_of(person: &SignedIn, db: &Db) -> Result<Vec<(LineId, String)>, StoreError> {
    let mut named: Vec<(LineId, String)> = line::names(db).await?.into_iter().filter(|(id, _)| person.rights.lines.admit(id)).collect();
    named.sort_by(|(_, a), (_, b)| a.cmp(b));
    Ok(named)
}

/// The filters of the list, each with its present value.
async fn filters(
    page: &Frame,
    person: &SignedIn,
    db: &Db,
    shown: List,
    filter: &Filter,
    line: &Option<String>,
    days: &Days,
) -> Result<Filters, StoreError> {
    let (named, connections) = (lines_of(person, db).await?, connection::all(db).await?);
    let all = || std::iter::once(("", page.t("delivery-any")));
    let states = List::ALL.iter().map(|list| (list.as_str(), in_words(page, "delivery-list", list.as_str())));
    let connections = all().chain(connections.iter().map(|known| (known.name.as_str(), known.name.to_string())));
    let kinds = all().chain(Kind::ALL.iter().map(|kind| (kind.as_str(), in_words(page, "delivery-kind", kind.as_str()))));
    let lines = all().chain(named.iter().map(|(id, name)| (id.as_str(), name.clone())));
    let connection = filter.connection.as_ref().map_or("", ConnectionId::as_str);
    Ok(Filters::of(page, "/deliveries")
        .choices("state", page.t("delivery-state"), choices(states, shown.as_str()))
        .choices("connection", page.t("delivery-connection"), choices(connections, connection))
        .choices("kind", page.t("delivery-kind"), choices(kinds, filter.kind.map_or("", Kind::as_str)))
        .choices("line", page.t("line-word"), choices(lines, line.as_deref().unwrap_or_default()))
        .days(page, days))
}

/// Subjects of deliveries as text: the line and session of a rating request, or a recipient.
async fn about(pages: &Pages, page: &Frame, deliveries: &[Delivery]) -> Result<HashMap<Subject, String>, Problem> {
    let db = &pages.app.engine.db;
    let subjects: Vec<&Subject> = deliveries.iter().filter_map(|delivery| delivery.subject.as_ref()).collect();
    let requests: Vec<RequestId> = deliveries.iter().filter_map(Delivery::request).collect();
    let names = line::names(db).await?;
    let mut about = HashMap::new();
    for request in rating_request::load(db, &requests).await? {
        let line = names.get(&request.line_id).map_or(request.line_id.as_str(), String::as_str);
        about.insert(request.id.into(), page.t2("delivery-about", "line", line, "session", request.session_id.as_str()));
    }
    for recipient in recipient::all(db).await?.into_iter().filter(|recipient| subjects.iter().any(|subject| **subject == *recipient.id)) {
        about.insert(recipient.id.into(), recipient.name);
    }
    let to_browser = |delivery: &&Delivery| delivery.connection == WEB_PUSH && delivery.kind == Kind::Digest;
    for subject in deliveries.iter().filter(to_browser).filter_map(|delivery| delivery.subject.clone()) {
        about.insert(subject, page.t("delivery-about-waiting"));
    }
    let alerts: Vec<DeliveryId> = deliveries.iter().filter(|delivery| delivery.kind == Kind::Alert).map(|delivery| delivery.id).collect();
    let alerts = if alerts.is_empty() { Vec::new() } else { alert::carried_by(db, &alerts).await? };
    for test in alerts.into_iter().filter(|alert| alert.kind == AlertKind::Test) {
        about.insert(test.request_id.into(), page.t("delivery-about-test"));
    }
    Ok(about)
}

/// An attempt for display.
struct Tried {
    began: Option<i64>,
    ended: Option<i64>,
    verdict: String,
    detail: String,
}

#[derive(Template)]
#[template(path = "pages/deliveries/one.html")]
struct OnePage {
    page: Frame,
    id: String,
    delivery: Delivery,
    kind: String,
    state: String,
    tone: &'static str,
    explained: String,
    reason: String,
    about: String,
    tries: Vec<Tried>,
    may_resend: bool,
    may_dismiss: bool,
    may_cancel: bool,
    /// True if sending again may deliver the message twice.
    twice: bool,
}

/// The delivery, if the person may see it.
async fn theirs(pages: &Pages, person: &SignedIn, id: DeliveryId) -> Result<Delivery, Problem> {
    let db = &pages.app.engine.db;
    let found = delivery::find(db, id).await?.ok_or_else(Problem::not_found)?;
    if person.rights.lines == Lines::All {
        return Ok(found);
    }
    let subject = found.request().ok_or_else(Problem::not_found)?;
    let line = match rating_request::load(db, &[subject]).await?.pop() {
        Some(request) => Some(request.line_id),
        None => alert::by_id(db, subject.named_as()).await?.map(|alert| alert.line_id),
    };
    person.sees(&line.unwrap_or_default(), None)?;
    Ok(found)
}

/// `GET /deliveries/{id}`
pub(super) async fn one(State(pages): State<Arc<Pages>>, person: SignedIn, PathId(id): PathId<DeliveryId>) -> Result<Response, Problem> {
    let found = theirs(&pages, &person, id).await?;
    let page = Frame::of(&pages, &person.visit).await?;
    let mut about = about(&pages, &page, std::slice::from_ref(&found)).await?;
    let earlier = delivery::attempts(&pages.app.engine.db, &[id]).await?.into_iter();
    let mut tries: Vec<Tried> = earlier
        .map(|attempt| Tried {
            began: attempt.intent_at,
            ended: Some(attempt.ended_at),
            verdict: in_words(&page, "delivery-verdict", &attempt.verdict),
            detail: attempt.detail.unwrap_or_default(),
        })
        .collect();
    if let Some(began) = found.intent_at.filter(|at| tries.last().is_none_or(|last| last.began != Some(*at))) {
        tries.push(Tried {
            began: Some(began),
            ended: found.ended_at,
            verdict: in_words(&page, "delivery-state", found.state.as_str()),
            detail: found.detail.clone().unwrap_or_default(),
        });
    }
    let may = person.rights.may(Right::MendDeliveries);
    Ok(html(&OnePage {
        id: part(&id.to_string()),
        kind: in_words(&page, "delivery-kind", found.kind.as_str()),
        state: in_words(&page, "delivery-state", found.state.as_str()),
        tone: tone(found.state),
        explained: said(&page, &format!("delivery-explained-{}", found.state)).unwrap_or_default(),
        reason: found.reason.as_deref().map(|reason| in_words(&page, "delivery-reason", reason)).unwrap_or_default(),
        about: found.subject.as_ref().and_then(|subject| about.remove(subject)).unwrap_or_default(),
        may_resend: may
            && matches!(
                found.state,
                DeliveryState::Unknown
                    | DeliveryState::Failed
                    | DeliveryState::Dead
                    | DeliveryState::Undeliverable
                    | DeliveryState::Skipped
            ),
        may_dismiss: may
            && matches!(found.state, DeliveryState::Unknown | DeliveryState::Failed | DeliveryState::Dead | DeliveryState::Undeliverable)
            && found.reason.as_deref() != Some("dismissed"),
        may_cancel: may && matches!(found.state, DeliveryState::Scheduled | DeliveryState::Leased),
        twice: matches!(found.state, DeliveryState::Unknown | DeliveryState::Undeliverable) || found.resends > 0,
        delivery: found,
        tries,
        page,
    }))
}

/// `POST /deliveries/{id}/resend`: requires the confirmation that the message may arrive twice.
pub(super) async fn resend(
    State(pages): State<Arc<Pages>>,
    person: SignedIn,
    PathId(id): PathId<DeliveryId>,
    form: Form,
) -> Result<Response, Problem> {
    theirs(&pages, &person, id).await?;
    confirmed(&form)?;
    let engine = &pages.app.engine;
    told(&pages, id, mend_delivery::resend(engine, &person.by(), id, engine.now()).await?, "done-delivery-resent")
}

/// `POST /deliveries/{id}/dismiss`
pub(super) async fn dismiss(
    State(pages): State<Arc<Pages>>,
    person: SignedIn,
    PathId(id): PathId<DeliveryId>,
    form: Form,
) -> Result<Response, Problem> {
    theirs(&pages, &person, id).await?;
    confirmed(&form)?;
    let engine = &pages.app.engine;
    told(&pages, id, mend_delivery::dismiss(engine, &person.by(), id, engine.now()).await?, "done-delivery-dismissed")
}

/// `POST /deliveries/{id}/cancel`
pub(super) async fn cancel(
    State(pages): State<Arc<Pages>>,
    person: SignedIn,
    PathId(id): PathId<DeliveryId>,
    form: Form,
) -> Result<Response, Problem> {
    theirs(&pages, &person, id).await?;
    confirmed(&form)?;
    let engine = &pages.app.engine;
    told(&pages, id, mend_delivery::cancel(engine, &person.by(), id, engine.now()).await?, "done-delivery-canceled")
}

fn confirmed(form: &Form) -> Result<(), Problem> {
    if form.ticked("sure") {
        return Ok(());
    }
    Err(Problem::invalid_field("sure", "This needs your confirmation.", "Tick the box first."))
}

fn told(pages: &Pages, id: DeliveryId, mended: Mended, key: &'static str) -> Result<Response, Problem> {
    match mended {
        Mended::Done => Ok(done(pages, &format!("/deliveries/{id}"), key, "")),
        Mended::Unknown => Err(Problem::not_found()),
        Mended::NotNow => Err(Problem::new(Code::Conflict, "The delivery has changed state in the meantime.")),
    }
}
