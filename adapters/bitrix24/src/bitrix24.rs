//! The desk, and the channel for alerts.

use crate::api::Api;
use crate::config::Config;
use crate::form::id;
use crate::install::{Installer, tries_tokens};
use crate::tokens::Tokens;
use crate::{lost, notify, panel, read, receive, setup, write};
use async_trait::async_trait;
use lastword_contract::{
    Abilities, Account, Address, Arrangement, Beside, Capabilities, Channel, Desk, DeskEvent, Heard, Millis, NativePage, Outgoing,
    PanelPlace, PanelTold, Purpose, Rate, RawRequest, Receipt, Reconciled, Rejected, SendError, SetUp, Tells, Vault, Verdict, WriteBack,
};
use reqwest::Client;
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::Duration;

/// Maximum calls for one close or one rating, and further calls if the rating is also written as a vote.
const CALLS_EACH: u32 = 4;
const CALLS_OF_A_VOTE: u32 = 1;

/// One portal of Bitrix24.
pub struct Bitrix24 {
    config: Config,
    api: Api,
    hook_url: Option<String>,
    installer: Installer,
}

/// Omits tokens and secrets.
impl std::fmt::Debug for Bitrix24 {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Bitrix24").field("host", &self.api.host()).finish_non_exhaustive()
    }
}

impl Bitrix24 {
    /// Creates the desk of the connection `name`. Its tokens are stored in `vault`; the portal posts to `hook_url`.
    ///
    /// # Errors
    /// Every problem in the settings, one sentence per line.
    pub fn new(name: &str, config: Config, http: Client, vault: Arc<dyn Vault>, hook_url: Option<String>) -> Result<Self, String> {
        let base = config.check()?;
        let timeout = Duration::from_secs(config.timeout_secs.into());
        let tokens = Tokens::new(name, &config, http.clone(), vault, timeout);
        Ok(Self { api: Api::new(http, base, timeout, tokens), config, hook_url, installer: Installer::default() })
    }

    /// Bitrix24 limits calls; this limits closes and ratings, each of which takes several calls.
    fn rate(&self) -> Rate {
        let each = CALLS_EACH + if self.config.vote_as_client.is_empty() { 0 } else { CALLS_OF_A_VOTE };
        let per_second = f64::from(self.config.calls_per_second) / f64::from(each);
        Rate { per_second, burst: (self.config.calls_at_once / each).max(1), per_chat_ms: 0, per_group_ms: 0 }
    }
}

#[async_trait]
impl Desk for Bitrix24 {
    fn kind(&self) -> &'static str {
        "bitrix24"
    }

    fn abilities(&self) -> Abilities {
        Abilities {
            tells: &[Tells::Opened, Tells::ByTimeout, Tells::Operators, Tells::Programs, Tells::ClientTime],
            reads: true,
            writes_back: self.config.notify || self.config.supervisor_score || !self.config.vote_as_client.is_empty(),
            writes_back_once: true,
            reconciles: true,
            follows: true,
            sets_up: true,
            rates: true,
            rate: self.rate(),
        }
    }

    fn tries_tokens(&self, request: &RawRequest) -> bool {
        tries_tokens(request)
    }

    async fn prepare(&self, request: &RawRequest) -> Result<(), SendError> {
        self.installer.prepare(&self.api, &self.config, self.hook_url.as_deref(), request).await
    }

    fn receive(&self, request: &RawRequest) -> Result<Heard, Rejected> {
        receive::receive(&self.api.tokens, &self.config, request)
    }

    async fn read(&self, session: &str, told_at: Millis, now: Millis) -> Result<Vec<DeskEvent>, SendError> {
        read::read(&self.api, &self.config, session, told_at, now).await
    }

    async fn write_back(&self, rating: &WriteBack) -> Result<Receipt, SendError> {
        write::write_back(&self.api, &self.config, rating).await
    }

    async fn reconcile(&self, since: Millis, now: Millis) -> Result<Reconciled, SendError> {
        lost::reconcile(&self.api, since, now).await
    }

    async fn follow(&self, open: &[String], now: Millis) -> Result<Vec<DeskEvent>, SendError> {
        lost::follow(&self.api, &self.config, open, now).await
    }

    fn panel(&self) -> Option<PanelPlace> {
        Some(PanelPlace { origin: self.api.origin(), told_by: PanelTold::Post })
    }

    async fn panel_chat(&self, request: &RawRequest) -> Result<Option<Beside>, SendError> {
        panel::chat(&self.api, request).await
    }

    async fn look(&self, hook_url: Option<&str>) -> Result<Account, SendError> {
        setup::look(&self.api, &self.config, hook_url).await
    }

    async fn set_up(&self, wish: &SetUp) -> Result<Arrangement, SendError> {
        setup::set_up(&self.api, &self.config, wish).await
    }

    async fn native_ratings(&self, since: Millis, page: Option<&str>) -> Result<NativePage, SendError> {
        lost::native_ratings(&self.api, since, page).await
    }
}

/// Alerts are sent to employees as notifications. Clients are asked through other channels: our message in a closed chat would reopen it.
#[async_trait]
impl Channel for Bitrix24 {
    fn kind(&self) -> &'static str {
        "bitrix24"
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities { alerts: true, idempotent_sends: true, rate: self.rate(), ..Capabilities::default() }
    }

    fn admit(&self, to: Address) -> Result<Address, &'static str> {
        let is_user = id(&Value::String(to.chat.clone())).as_deref() == Some(to.chat.as_str());
        if is_user { Ok(to) } else { Err("Send the number of the user in Bitrix24: it is in the address of their profile.") }
    }

    async fn send(&self, outgoing: &Outgoing) -> Result<Receipt, SendError> {
        if matches!(outgoing.purpose, Purpose::Question(_)) {
            return Err(SendError::new(
                Verdict::Refused,
                "not_carried",
                "clients are not asked through Bitrix24; see through and ask_through",
            ));
        }
        notify::notify(&self.api, &outgoing.to.chat, &outgoing.text, &outgoing.key, &outgoing.key).await
    }

    async fn check(&self) -> Result<Account, SendError> {
        let who = self.api.read("profile", json!({})).await?;
        let name = who["NAME"].as_str().unwrap_or_default();
        Ok(Account { name: format!("{name} ({})", self.api.host()).trim().to_owned(), ..Account::default() })
    }
}
