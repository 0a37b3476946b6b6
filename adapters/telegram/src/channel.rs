//! Implements the contract's trait for one bot.

use crate::{Config, account, account::Wanted, api::Api, config::UpdatesFrom, error, keyboard, place::Place, poll, receive, send};
use async_trait::async_trait;
use lastword_contract::{
    Account, Address, Capabilities, Channel, Intake, Millis, Outgoing, Rate, RawRequest, Receipt, Received, Rejected, SendError, WindowRule,
};
use secrecy::SecretString;
use std::sync::OnceLock;
use teloxide::{
    payloads::{AnswerCallbackQuery, AnswerCallbackQuerySetters, GetChat},
    types::{CallbackQueryId, ChatId},
};

/// Time after a client's message in which the bot of a business account may write.
const BUSINESS_WINDOW: Millis = 24 * 60 * 60 * 1_000;

/// Maximum length of a notice over a press, in characters.
const NOTICE_CHARS_MAX: usize = 200;

/// One bot.
pub struct Telegram {
    api: Api,
    updates_from: UpdatesFrom,
    wanted: Wanted,
    webhook_secret: Option<SecretString>,
    rate: Rate,
    /// Webhook address that we set, to notice if it is changed elsewhere.
    registered: OnceLock<String>,
}

impl Telegram {
    /// Creates the channel of one bot. `client` is shared by the whole program; every call has its own time limit.
    ///
    /// # Errors
    /// The problems from [`Config::validate`].
    pub fn new(config: Config, client: reqwest::Client) -> Result<Self, String> {
        config.validate()?;
        Ok(Self {
            api: Api::new(&config, client),
            updates_from: config.updates_from(),
            wanted: Wanted::of(&config),
            webhook_secret: config.webhook_secret,
            rate: Rate {
                per_second: config.per_second,
                burst: config.burst,
                per_chat_ms: config.per_chat_ms,
                per_group_ms: config.per_group_ms,
            },
            registered: OnceLock::new(),
        })
    }
}

impl Telegram {
    /// If no updates reach us, presses would be lost, so the buttons are links.
    fn buttons(&self) -> keyboard::Buttons {
        match self.updates_from {
            UpdatesFrom::Polling | UpdatesFrom::Webhook | UpdatesFrom::Desk => keyboard::Buttons::Press,
            UpdatesFrom::Nowhere => keyboard::Buttons::Link,
        }
    }
}

/// Omits the token and the secret.
impl std::fmt::Debug for Telegram {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Telegram").field("base_url", &self.api.base_url()).field("updates_from", &self.updates_from).finish_non_exhaustive()
    }
}

#[async_trait]
impl Channel for Telegram {
    fn kind(&self) -> &'static str {
        "telegram"
    }

    /// Groups, supergroups and channels have negative IDs or a public name; people are addressed by ID only.
    fn is_group(&self, to: &Address) -> bool {
        to.chat.starts_with(['-', '@'])
    }

    fn admit(&self, to: Address) -> Result<Address, &'static str> {
        let chat = to.chat.trim();
        let words =
            "Send the number of the chat, such as 4711, a group's number and topic, such as -1001234/12, or the @name of a channel.";
        send::recipient(chat).map_err(|_| words)?;
        // The general topic is the group itself.
        let chat = chat.parse().map_or_else(|()| chat.to_owned(), |place: Place| place.to_string());
        Ok(Address { chat, ..to })
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities {
            binary: true,
            five_star: true,
            text_max: Some(send::TEXT_MAX),
            choices_max: keyboard::CHOICES_MAX,
            edits: true,
            free_text: self.updates_from != UpdatesFrom::Nowhere,
            reactions: self.updates_from != UpdatesFrom::Nowhere,
            edits_seen: self.updates_from != UpdatesFrom::Nowhere,
            deletions_seen: self.updates_from != UpdatesFrom::Nowhere,
            links: self.updates_from == UpdatesFrom::Nowhere,
            alerts: true,
            window: WindowRule::AfterClientVia(BUSINESS_WINDOW),
            rate: self.rate,
            ..Capabilities::default()
        }
    }

    async fn send(&self, outgoing: &Outgoing) -> Result<Receipt, SendError> {
        send::send(&self.api, outgoing, self.buttons()).await
    }

    fn receive(&self, request: &RawRequest) -> Result<Received, Rejected> {
        match self.updates_from {
            UpdatesFrom::Nowhere => Err(Rejected::NotHere),
            UpdatesFrom::Polling | UpdatesFrom::Webhook | UpdatesFrom::Desk => receive::receive(self.webhook_secret.as_ref(), request),
        }
    }

    async fn acknowledge(&self, press_id: &str, text: &str) {
        let mut answer = AnswerCallbackQuery::new(CallbackQueryId(press_id.to_owned()));
        if !text.is_empty() {
            answer = answer.text(text.chars().take(NOTICE_CHARS_MAX).collect::<String>());
        }
        if let Err(failure) = self.api.call(&answer).await {
            let error = error::classify(&failure);
            // The vote is stored; if the notice is too late, the client only does not see it.
            if error.kind != error::PRESS_TOO_OLD {
                tracing::debug!(error.kind = error.kind, "a press could not be acknowledged");
            }
        }
    }

    async fn name_of(&self, to: &Address) -> Result<Option<String>, SendError> {
        let Ok(Place { chat, .. }) = to.chat.parse() else { return Ok(None) };
        let chat = self.api.call_raw(&GetChat::new(ChatId(chat))).await.map_err(|failure| error::classify(&failure))?;
        let chat: serde_json::Value = serde_json::from_str(chat.get()).unwrap_or_default();
        let word = |key: &str| chat[key].as_str().filter(|word| !word.is_empty());
        let person: Vec<&str> = ["first_name", "last_name"].into_iter().filter_map(word).collect();
        let name = word("title").map_or_else(|| person.join(" "), str::to_owned);
        let user = word("username").map(|user| format!("@{user}"));
        let both: Vec<String> = [Some(name).filter(|name| !name.is_empty()), user].into_iter().flatten().collect();
        Ok(Some(both.join(" ")).filter(|both| !both.is_empty()))
    }

    fn shares_presses(&self) -> bool {
        matches!(self.updates_from, UpdatesFrom::Desk | UpdatesFrom::Nowhere)
    }

    async fn check(&self) -> Result<Account, SendError> {
        account::check(&self.api, self.updates_from, self.registered.get().map(String::as_str)).await
    }

    /// Does nothing unless Telegram posts updates to us: setting a webhook would end polling, and a desk's webhook must not be replaced.
    async fn register_hook(&self, hook_url: &str) -> Result<(), SendError> {
        match self.updates_from {
            UpdatesFrom::Polling | UpdatesFrom::Desk | UpdatesFrom::Nowhere => Ok(()),
            UpdatesFrom::Webhook => {
                account::register_hook(&self.api, self.webhook_secret.as_ref(), hook_url, &self.wanted).await?;
                self.registered.get_or_init(|| hook_url.to_owned());
                Ok(())
            }
        }
    }

    fn listens(&self) -> bool {
        self.updates_from == UpdatesFrom::Polling
    }

    async fn listen(&self, intake: &dyn Intake, cursor: Option<String>) -> Result<(), SendError> {
        match self.updates_from {
            UpdatesFrom::Polling => poll::listen(&self.api, intake, cursor, &self.wanted).await,
            UpdatesFrom::Webhook | UpdatesFrom::Desk | UpdatesFrom::Nowhere => Ok(()),
        }
    }
}
