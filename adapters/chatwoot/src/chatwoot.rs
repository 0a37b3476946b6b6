//! The desk and the channel.

use crate::answers::answers;
use crate::config::Config;
use crate::people::Agents;
use crate::read::{About, read};
use crate::receive::{body, events, last_activity_at};
use crate::seen::Seen;
use crate::{panel, send, setup, signature, write};
use async_trait::async_trait;
use lastword_contract::http::Api;
use lastword_contract::json;
use lastword_contract::{
    Abilities, Account, Address, Arrangement, Capabilities, Channel, Desk, DeskEvent, DeskEventKind, Heard, Millis, NativePage, Outgoing,
    PanelPlace, PanelTold, Rate, RawRequest, Receipt, Received, Reconciled, Rejected, SendError, SetUp, Tells, WriteBack,
};
use reqwest::Client;
use serde_json::Value;
use std::time::Duration;
use tokio::sync::OnceCell;

/// Far below Chatwoot's limit of 3,000 calls per minute: a question takes two calls, a rating up to six.
const RATE: Rate = Rate { per_second: 10.0, burst: 20, per_chat_ms: 0, per_group_ms: 0 };
/// Maximum pages of closed conversations, 25 each, read at a time.
const PAGES_MAX: usize = 200;

/// One account of a Chatwoot installation.
pub struct Chatwoot {
    config: Config,
    api: Api,
    /// ID of the user that owns the token: messages of this user are ours.
    own: OnceCell<Option<String>>,
    agents: Agents,
    seen: Seen,
}

/// Omits the token.
impl std::fmt::Debug for Chatwoot {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Chatwoot").field("host", &self.api.host()).field("account", &self.config.account).finish_non_exhaustive()
    }
}

impl Chatwoot {
    /// Creates a desk with these settings.
    ///
    /// # Errors
    /// Every problem in the settings, one sentence per line.
    pub fn new(config: Config, http: Client) -> Result<Self, String> {
        let base = config.check()?;
        let proof = vec![("api_access_token", config.token.clone())];
        let api = Api::new("Chatwoot", http, base, proof, Duration::from_secs(config.timeout_secs.into()));
        Ok(Self { config, api, own: OnceCell::new(), agents: Agents::default(), seen: Seen::default() })
    }

    async fn own(&self) -> Result<Option<&str>, SendError> {
        let found = self.own.get_or_try_init(async || self.api.get("../../profile").await.map(|profile| json::id(&profile["id"]))).await?;
        Ok(found.as_deref())
    }

    /// True if a webhook is about another account. Older releases do not name the account.
    fn is_foreign(&self, body: &Value) -> bool {
        json::id(&body["account"]["id"]).is_some_and(|account| account != self.config.account.to_string())
    }
}

#[async_trait]
impl Desk for Chatwoot {
    fn kind(&self) -> &'static str {
        "chatwoot"
    }

    fn abilities(&self) -> Abilities {
        Abilities {
            tells: &[
                Tells::Opened,
                Tells::Reopened,
                Tells::Reassigned,
                Tells::ByClient,
                Tells::ByTimeout,
                Tells::ByBot,
                Tells::Operators,
                Tells::Programs,
                Tells::ClientTime,
            ],
            reads: true,
            writes_back: true,
            writes_back_once: true,
            reconciles: true,
            sets_up: true,
            rates: true,
            rate: RATE,
            ..Abilities::default()
        }
    }

    fn receive(&self, request: &RawRequest) -> Result<Heard, Rejected> {
        signature::check(&self.config, request).map_err(Rejected::Unsigned)?;
        let body = body(request)?;
        if self.is_foreign(&body) {
            return Ok(Heard::default());
        }
        Ok(events(&body, request.received_at))
    }

    async fn read(&self, session: &str, told_at: Millis, now: Millis) -> Result<Vec<DeskEvent>, SendError> {
        let own = self.own().await?;
        read(&self.api, &About { own, agents: &self.agents, seen: &self.seen }, session, told_at, now).await
    }

    async fn write_back(&self, rating: &WriteBack) -> Result<Receipt, SendError> {
        let own = self.own().await?;
        write::write_back(&self.api, &self.config, own, rating).await
    }

    /// The list is ordered by last activity, and the note about a close is an activity. The API has no time of closing.
    async fn reconcile(&self, since: Millis, now: Millis) -> Result<Reconciled, SendError> {
        let mut events: Vec<DeskEvent> = Vec::new();
        for page in 1..=PAGES_MAX {
            let path = format!("conversations?status=resolved&assignee_type=all&sort_by=last_activity_at_desc&page={page}");
            let answer = self.api.get(&path).await?;
            let Some(conversations) = answer["data"]["payload"].as_array() else { break };
            let mut reached = conversations.is_empty();
            for conversation in conversations {
                let (Some(session), Some(at)) = (json::id(&conversation["id"]), last_activity_at(conversation)) else {
                    continue;
                };
                if at < since {
                    reached = true;
                    break;
                }
                let key = format!("found:{session}:{at}");
                if events.iter().all(|known| known.key != key) {
                    events.push(DeskEvent::new(key, at, session, DeskEventKind::Changed { read_after: 0 }));
                }
            }
            if reached {
                break;
            }
        }
        events.reverse();
        Ok(Reconciled { events, until: now })
    }

    fn panel(&self) -> Option<PanelPlace> {
        Some(PanelPlace { origin: self.config.panel_origin()?, told_by: PanelTold::Message(panel::ASK) })
    }

    async fn look(&self, hook_url: Option<&str>) -> Result<Account, SendError> {
        setup::look(&self.api, &self.config, hook_url).await
    }

    async fn doubts(&self, hook_url: Option<&str>) -> Result<Vec<String>, SendError> {
        Ok(hook_url.and_then(setup::refused).into_iter().collect())
    }

    async fn set_up(&self, wish: &SetUp) -> Result<Arrangement, SendError> {
        setup::set_up(&self.api, &self.config, wish).await
    }

    async fn native_ratings(&self, since: Millis, page: Option<&str>) -> Result<NativePage, SendError> {
        setup::native_ratings(&self.api, since, page).await
    }
}

#[async_trait]
impl Channel for Chatwoot {
    fn kind(&self) -> &'static str {
        "chatwoot"
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities {
            binary: true,
            five_star: true,
            choices_max: 8,
            comment_box: false,
            free_text: true,
            rate: RATE,
            ..Capabilities::default()
        }
    }

    fn admit(&self, to: Address) -> Result<Address, &'static str> {
        if !to.chat.is_empty() && to.chat.len() <= 18 && to.chat.bytes().all(|byte| byte.is_ascii_digit()) {
            Ok(to)
        } else {
            Err("Send the number of the conversation, as shown in the desk.")
        }
    }

    async fn send(&self, outgoing: &Outgoing) -> Result<Receipt, SendError> {
        send::send(&self.api, outgoing).await
    }

    fn receive(&self, request: &RawRequest) -> Result<Received, Rejected> {
        signature::check(&self.config, request).map_err(Rejected::Unsigned)?;
        let body = body(request)?;
        if self.is_foreign(&body) {
            return Ok(Received::default());
        }
        Ok(answers(&body, request.received_at))
    }

    async fn check(&self) -> Result<Account, SendError> {
        let profile = self.api.get("../../profile").await?;
        Ok(Account { name: profile["name"].as_str().unwrap_or_default().to_owned(), ..Account::default() })
    }
}
