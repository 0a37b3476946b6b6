//! The desk.

use crate::api::{api, encoded, moment};
use crate::config::Config;
use crate::people::People;
use crate::receive::{closing_key, receive};
use crate::write::Fields;
use crate::{look, read, setup, write};
use async_trait::async_trait;
use chrono::{DateTime, SecondsFormat};
use lastword_contract::http::{Api, Client};
use lastword_contract::json;
use lastword_contract::{
    Abilities, Account, Arrangement, Desk, DeskEvent, DeskEventKind, Heard, Millis, Rate, RawRequest, Receipt, Reconciled, Rejected,
    SendError, SetUp, Tells, Verdict, WriteBack,
};
use serde_json::json;

/// For users without a call limit. For all others the limiter decides: ten calls per endpoint and minute, and a close or a
/// rating takes one or two of each.
const RATE: Rate = Rate { per_second: 5.0, burst: 10, per_chat_ms: 0, per_group_ms: 0 };
/// Rooms per page: the server's maximum.
const PAGE: usize = 100;
/// Maximum pages read at a time.
const PAGES_MAX: usize = 3;

/// One Rocket.Chat workspace.
pub struct RocketChat {
    config: Config,
    api: Api,
    people: People,
    fields: Fields,
}

/// Omits the token.
impl std::fmt::Debug for RocketChat {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RocketChat").field("host", &self.api.host()).finish_non_exhaustive()
    }
}

impl RocketChat {
    /// Creates a desk with these settings.
    ///
    /// # Errors
    /// Every problem in the settings, one sentence per line.
    pub fn new(config: Config, http: Client) -> Result<Self, String> {
        let base = config.check()?;
        let api = api(&config, http, base);
        Ok(Self { config, api, people: People::default(), fields: Fields::default() })
    }
}

#[async_trait]
impl Desk for RocketChat {
    fn kind(&self) -> &'static str {
        "rocketchat"
    }

    fn abilities(&self) -> Abilities {
        Abilities {
            tells: &[
                Tells::Opened,
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
            rates: false,
            rate: RATE,
            ..Abilities::default()
        }
    }

    fn receive(&self, request: &RawRequest) -> Result<Heard, Rejected> {
        receive(&self.config, request)
    }

    async fn read(&self, session: &str, told_at: Millis, now: Millis) -> Result<Vec<DeskEvent>, SendError> {
        read::read(&self.api, &self.config, &self.people, session, told_at, now).await
    }

    async fn write_back(&self, rating: &WriteBack) -> Result<Receipt, SendError> {
        write::write_back(&self.api, &self.config, &self.fields, rating).await
    }

    /// A close that was already reported keeps its key, so it is not read twice: calls are limited.
    async fn reconcile(&self, since: Millis, now: Millis) -> Result<Reconciled, SendError> {
        let start = DateTime::from_timestamp_millis(since).unwrap_or_default().to_rfc3339_opts(SecondsFormat::Millis, true);
        let (closed, sort) = (json!({ "start": start }).to_string(), json!({ "closedAt": 1 }).to_string());
        let asked = format!("open=false&closedAt={}&sort={}&count={PAGE}", encoded(&closed), encoded(&sort));
        let mut closes: Vec<(String, Millis)> = Vec::new();
        let mut is_all = false;
        for page in 0..PAGES_MAX {
            let answer = self.api.get(&format!("livechat/rooms?{asked}&offset={}", page * PAGE)).await?;
            let garbled = || SendError::new(Verdict::RetryBackoff, "garbled", "the answer holds no rooms");
            let rooms = answer["rooms"].as_array().ok_or_else(garbled)?;
            closes.extend(rooms.iter().filter_map(|room| Some((json::text(&room["_id"])?, moment(&room["closedAt"])?))));
            is_all = rooms.len() < PAGE;
            if is_all {
                break;
            }
        }
        closes.sort_by_key(|(_, at)| *at);
        closes.dedup();
        // There are more: the next run continues where this one ended.
        let last = closes.last().map(|(_, at)| *at).filter(|at| !is_all && *at > since);
        let event =
            |(room, at): (String, Millis)| DeskEvent::new(closing_key(&room, at), at, room, DeskEventKind::Changed { read_after: 0 });
        Ok(Reconciled { events: closes.into_iter().map(event).collect(), until: last.unwrap_or(now) })
    }

    async fn look(&self, hook_url: Option<&str>) -> Result<Account, SendError> {
        look::look(&self.api, &self.config, hook_url).await
    }

    async fn set_up(&self, wish: &SetUp) -> Result<Arrangement, SendError> {
        setup::set_up(&self.api, &self.config, wish).await
    }
}
