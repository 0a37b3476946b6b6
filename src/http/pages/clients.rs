//! Clients: the search, and the page of one with their chats and ratings on the lines that the person sees.

pub(crate) mod chats;
pub(crate) mod data;

use super::Pages;
use super::frame::client::{ClientRef, address};
use super::frame::visit::SignedIn;
use super::frame::{Frame, html};
use super::ratings::rows::{Row, rows};
use super::report::words::channel;
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use lastword_base::names::{ClientId, LineId, RequestId};
use lastword_domain::access::rights::Right;
use lastword_http::problem::Problem;
use lastword_http::query::Query;
use lastword_life::facts::opted_out;
use lastword_life::records::client_data;
use lastword_life::report::low_reasons::Labels;
use lastword_store::answer::rating;
use lastword_store::question::rating_request::{self, client_word};
use lastword_store::records::client_data::{self as stored, ClientSum, FoundClient, SUMMED_MAX};
use lastword_store::report::rating_list::Listed;
use lastword_store::session::client;
use lastword_store::{Millis, StoreError, line};
use serde::Deserialize;
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

/// Maximum length of a search text; longer than any ID, address or chat.
const FIND_CHARS_MAX: usize = 400;
/// Chats per page of a client.
const SHOWN: usize = 50;

/// The search query.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Search {
    #[serde(default)]
    find: String,
}

/// The client that is requested.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Which {
    #[serde(default)]
    id: String,
    /// The oldest close of the previous page.
    #[serde(default)]
    before: String,
}

#[derive(Template)]
#[template(path = "pages/clients/find.html")]
struct FindPage {
    page: Frame,
    find: String,
    count: i64,
    /// True if there may be more.
    cut: bool,
    found: Vec<ClientsView>,
}

/// A client in the list.
struct ClientsView {
    client: FoundClient,
    link: String,
}

#[derive(Template)]
#[template(path = "pages/clients/one.html")]
struct OnePage {
    page: Frame,
    id: ClientId,
    /// Name, or a label with the end of the ID.
    name: String,
    channels: String,
    sum: ClientSum,
    /// When the client opted out, and how.
    opted_out: Option<(Millis, String)>,
    /// Earliest time of the next question, if it is in the future.
    next_ask_at: Option<Millis>,
    rows: Vec<Row>,
    older: Option<String>,
    /// True if it is not the first page.
    later: bool,
    /// Address of the newest low rating that still waits; empty if there is none.
    reply: String,
    /// Address of the stored data.
    data: String,
}

impl OnePage {
    /// Closes counted in the sums: with a plus if there may be more.
    fn closes(&self) -> String {
        format!("{}{}", self.page.number(&self.sum.closes), if self.sum.closes >= SUMMED_MAX { "+" } else { "" })
    }

    /// Address of the first page.
    fn first(&self) -> String {
        address("/clients/one", &self.id)
    }
}

/// `GET /clients`
pub(super) async fn find(State(pages): State<Arc<Pages>>, person: SignedIn, Query(search): Query<Search>) -> Result<Response, Problem> {
    let find: String = search.find.trim().chars().take(FIND_CHARS_MAX).collect();
    let found = client_data::find(&pages.app.engine, &find, &person.rights.lines).await?;
    let shown = |client: FoundClient| ClientsView { link: address("/clients/one", &client.id), client };
    let count = i64::try_from(found.len()).unwrap_or(i64::MAX);
    let (page, cut) = (Frame::of(&pages, &person.visit).await?, count >= stored::FOUND_MAX);
    Ok(html(&FindPage { page, find, count, cut, found: found.into_iter().map(shown).collect() }))
}

/// `GET /clients/one?id=…`
pub(super) async fn show(State(pages): State<Arc<Pages>>, person: SignedIn, Query(which): Query<Which>) -> Result<Response, Problem> {
    let (engine, lines) = (&pages.app.engine, &person.rights.lines);
    let db = &engine.db;
    let id = engine.channels.client(&which.id.as_str().into());
    let before = match which.before.as_str() {
        "" => RequestId::first_of(Millis::MAX),
        text => text.parse().map_err(|_| Problem::not_found())?,
    };
    let limit = i64::try_from(SHOWN + 1).unwrap_or(i64::MAX);
    let mut ids = stored::closes(db, &id, lines, before, limit).await?;
    let sum = stored::sum(db, &id, lines).await?;
    let listed = opted_out::state(engine, &id).await?;
    // Others appear not to exist; those without a close are known to people who manage clients.
    if sum.closes == 0 && !(person.rights.may(Right::ManageClients) && client_data::look(engine, &id).await?.is_some()) {
        return Err(Problem::not_found());
    }
    let older = (ids.len() > SHOWN).then(|| format!("{}&before={}", address("/clients/one", &id), ids[SHOWN - 1]));
    ids.truncate(SHOWN);
    let items = items(db, &ids).await?;
    let page = Frame::of(&pages, &person.visit).await?;
    let name = client_word::newest_names(db, &[&id], lines).await?.remove(&id);
    let channels: BTreeSet<&str> = items.iter().filter_map(|item| item.request.channel.as_deref()).collect();
    let all = line::all(db).await?.into_iter().filter(|line| lines.admit(&line.id)).collect::<Vec<_>>();
    let names: HashMap<LineId, String> = all.iter().map(|line| (line.id.clone(), line.name.clone())).collect();
    let labels = Labels::over(all.into_iter().map(|line| line.settings).collect());
    let line = |id: &LineId| names.get(id).cloned().unwrap_or_else(|| id.to_string());
    let next_ask_at = client::next_ask_at(db, &id).await?.filter(|at| *at > page.now);
    Ok(html(&OnePage {
        name: ClientRef::known(&page, Some(&id), name.as_deref()).map(|client| client.name).unwrap_or_default(),
        channels: channels.into_iter().map(|kind| channel(&page, kind)).collect::<Vec<_>>().join(", "),
        reply: sum.waits.map(|id| format!("/low/{id}")).unwrap_or_default(),
        sum,
        opted_out: listed.map(|listed| (listed.opted_out_at, format!("client-told-by-{}", listed.opted_out_by))),
        next_ask_at,
        rows: rows(db, &page, &items, (&labels, line), person.rights.comments).await?,
        older,
        later: !which.before.is_empty(),
        data: address("/clients/data", &id),
        id,
        page,
    }))
}

/// These closes with their ratings, the newest first.
async fn items(db: &lastword_store::Db, ids: &[RequestId]) -> Result<Vec<Listed>, StoreError> {
    let mut ratings = rating::of_requests(db, ids).await?;
    let requests = rating_request::load(db, ids).await?.into_iter().rev();
    Ok(requests.map(|request| Listed { rating: ratings.remove(&request.id), request }).collect())
}
