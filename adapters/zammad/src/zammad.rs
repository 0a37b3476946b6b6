//! The desk.

use crate::config::Config;
use crate::receive::{moment, receive};
use crate::{read, setup, write};
use async_trait::async_trait;
use chrono::{DateTime, SecondsFormat};
use lastword_contract::http::Api;
use lastword_contract::json;
use lastword_contract::{
    Abilities, Account, Arrangement, Desk, DeskEvent, DeskEventKind, Heard, Millis, Rate, RawRequest, Receipt, Reconciled, Rejected,
    SendError, SetUp, Tells, Verdict, WriteBack,
};
use reqwest::Client;
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};
use std::time::Duration;

/// A close takes up to ten calls. Zammad has no rate limit, but few threads.
const RATE: Rate = Rate { per_second: 5.0, burst: 10, per_chat_ms: 0, per_group_ms: 0 };
/// Tickets per page of a search.
const PAGE: usize = 200;

/// One Zammad installation.
pub struct Zammad {
    config: Config,
    api: Api,
    admin: Api,
}

/// Omits the tokens.
impl std::fmt::Debug for Zammad {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Zammad").field("closed_states", &self.config.closed_states).finish_non_exhaustive()
    }
}

impl Zammad {
    /// Creates a desk with these settings.
    ///
    /// # Errors
    /// Every problem in the settings, one sentence per line.
    pub fn new(config: Config, http: Client) -> Result<Self, String> {
        let base = config.check()?;
        let timeout = Duration::from_secs(config.timeout_secs.into());
        let with = |token: &SecretString| {
            let proof = SecretString::from(format!("Token token={}", token.expose_secret()));
            Api::new("Zammad", http.clone(), base.clone(), vec![("authorization", proof)], timeout)
        };
        let (api, admin) = (with(&config.token), with(config.setup_token.as_ref().unwrap_or(&config.token)));
        Ok(Self { config, api, admin })
    }

    /// IDs of the states that count as closed.
    async fn closed_states(&self) -> Result<Vec<String>, SendError> {
        let states = self.api.get("ticket_states").await?;
        let closed =
            states.as_array().into_iter().flatten().filter(|state| state["name"].as_str().is_some_and(|name| self.config.is_closed(name)));
        Ok(closed.filter_map(|state| json::id(&state["id"])).collect())
    }
}

#[async_trait]
impl Desk for Zammad {
    fn kind(&self) -> &'static str {
        "zammad"
    }

    fn abilities(&self) -> Abilities {
        Abilities {
            tells: &[Tells::Reopened, Tells::ByClient, Tells::ByTimeout, Tells::Operators, Tells::ClientTime],
            reads: true,
            writes_back: true,
            writes_back_once: true,
            reconciles: true,
            sets_up: true,
            rates: false,
            rate: RATE,
            ..Abilities::default()
        }
    }

    fn receive(&self, request: &RawRequest) -> Result<Heard, Rejected> {
        receive(&self.config, request)
    }

    async fn read(&self, session: &str, _: Millis, _: Millis) -> Result<Vec<DeskEvent>, SendError> {
        read::read(&self.api, &self.config, session).await
    }

    async fn write_back(&self, rating: &WriteBack) -> Result<Receipt, SendError> {
        write::write_back(&self.api, &self.config, rating).await
    }

    async fn reconcile(&self, since: Millis, now: Millis) -> Result<Reconciled, SendError> {
        let after = DateTime::from_timestamp_millis(since).unwrap_or_default().to_rfc3339_opts(SecondsFormat::Secs, true);
        let condition = json!({
            "ticket.state_id": { "operator": "is", "value": self.closed_states().await? },
            "ticket.last_close_at": { "operator": "after (absolute)", "value": after },
        });
        let mut search = json!({ "condition": condition, "sort_by": "last_close_at", "order_by": "asc", "per_page": PAGE, "page": 1 });
        search["expand"] = json!(true);
        let found = self.api.search("tickets/search", &search).await?;
        let tickets = tickets(&found).ok_or_else(|| SendError::new(Verdict::RetryBackoff, "garbled", "the answer holds no tickets"))?;
        let closes = tickets.iter().filter_map(|ticket| Some((json::id(&ticket["id"])?, moment(&ticket["last_close_at"])?)));
        let mut closes: Vec<(String, Millis)> = closes.collect();
        closes.sort_by_key(|(_, at)| *at);
        // A full page: the next run continues where this one ended.
        let last = closes.last().map(|(_, at)| *at).filter(|at| closes.len() >= PAGE && *at > since);
        let event =
            |(id, at): (String, Millis)| DeskEvent::new(format!("found:{id}:{at}"), at, id, DeskEventKind::Changed { read_after: 0 });
        Ok(Reconciled { events: closes.into_iter().map(event).collect(), until: last.unwrap_or(now) })
    }

    async fn look(&self, hook_url: Option<&str>) -> Result<Account, SendError> {
        setup::look(&self.api, &self.admin, hook_url).await
    }

    async fn doubts(&self, _: Option<&str>) -> Result<Vec<String>, SendError> {
        setup::doubts(&self.admin).await
    }

    async fn set_up(&self, wish: &SetUp) -> Result<Arrangement, SendError> {
        setup::set_up(&self.admin, &self.config, wish).await
    }
}

/// Tickets of a search result: a list, or objects beside the IDs of the matches.
fn tickets(found: &Value) -> Option<Vec<Value>> {
    let beside = || found["assets"]["Ticket"].as_object().map(|tickets| tickets.values().cloned().collect());
    let none = || found["tickets"].as_array().filter(|tickets| tickets.is_empty()).map(|_| Vec::new());
    found.as_array().cloned().or_else(beside).or_else(none)
}
