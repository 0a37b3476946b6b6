//! Channel of one Instagram professional account.

mod config;

pub use config::InstagramConfig;

use crate::error::classify;
use crate::messaging::{Inbox, WINDOW, account, message};
use crate::sharing::Sharing;
use crate::wording::{body, links, numbered};
use async_trait::async_trait;
use lastword_contract::{
    Account, Address, Capabilities, Channel, Millis, Outgoing, Purpose, RawRequest, Receipt, Received, Rejected, Renewed, SendError,
    TextLimit, Verdict, WindowRule,
};
use secrecy::ExposeSecret;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// Maximum length of a text: less than 1000 bytes.
const TEXT_MAX: TextLimit = TextLimit::Bytes(999);
/// Maximum choices shown as links.
const LINKS_MAX: usize = 10;

/// Fields without which no answers arrive. Echoes are part of `messages`.
const FIELDS_NEEDED: [&str; 2] = ["messages", "messaging_postbacks"];
/// Fields to which the account is subscribed.
const FIELDS: [&str; 6] = ["messages", "messaging_postbacks", "messaging_seen", "message_reactions", "message_edit", "messaging_referral"];

/// One Instagram professional account.
pub struct Instagram {
    inbox: Inbox,
    /// True if it is accessed through a Page (Facebook login); then the Page has the subscription.
    by_page: bool,
    /// Hex SHA-256 of the token in the settings.
    token_digest: String,
}

impl Instagram {
    /// Creates the channel of one account. `client` is shared by the whole program; every call has its own time limit.
    ///
    /// # Errors
    /// The problems from [`InstagramConfig::validate`].
    pub fn new(config: InstagramConfig, client: reqwest::Client) -> Result<Self, String> {
        config.validate()?;
        let ours: Vec<&str> = [Some(config.account_id.as_str()), config.page_id.as_deref()].into_iter().flatten().collect();
        let through = config.page_id.as_deref().unwrap_or(&config.account_id);
        let inbox = Inbox::new(&config.access(), config.per_chat_ms, through, &ours, client);
        let token_digest = hex::encode(Sha256::digest(config.access_token.expose_secret().as_bytes()));
        Ok(Self { inbox, by_page: config.page_id.is_some(), token_digest })
    }

    /// Quick replies are only shown on phones, so a question always explains how to answer by typing.
    fn body(&self, outgoing: &Outgoing) -> Result<Value, SendError> {
        message::check_purpose(outgoing)?;
        if outgoing.outside_window {
            return Err(SendError::new(Verdict::WindowShut, "window_shut", "Instagram has no form for the time outside the window"));
        }
        if self.inbox.links() {
            return message::to(outgoing, json!({ "text": body(outgoing, links(outgoing)?, TEXT_MAX)? }));
        }
        let typed = match &outgoing.purpose {
            Purpose::Question(_) => numbered(outgoing),
            _ => outgoing.hint.clone(),
        };
        message::to(outgoing, message::quick_replies(outgoing, body(outgoing, typed, TEXT_MAX)?)?)
    }

    /// Fields that matter to this account.
    fn fields(&self) -> &'static [&'static str] {
        if self.by_page { &FIELDS_NEEDED } else { &FIELDS }
    }
}

/// Omits the token, the secret and the IDs.
impl std::fmt::Debug for Instagram {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut shown = f.debug_struct("Instagram");
        shown.field("graph", &self.inbox.graph.root()).field("sharing", &self.inbox.sharing).finish_non_exhaustive()
    }
}

#[async_trait]
impl Channel for Instagram {
    fn kind(&self) -> &'static str {
        "instagram"
    }

    fn admit(&self, to: Address) -> Result<Address, &'static str> {
        message::admit(to)
    }

    fn capabilities(&self) -> Capabilities {
        let receives = !self.inbox.links();
        Capabilities {
            binary: true,
            five_star: true,
            text_max: Some(TEXT_MAX),
            choices_max: if receives { message::QUICK_REPLIES_MAX } else { LINKS_MAX },
            label_max: receives.then_some(message::TITLE_MAX),
            free_text: receives,
            reactions: receives,
            edits_seen: receives,
            deletions_seen: receives,
            links: !receives,
            proof_of_delivery: receives,
            window: WindowRule::AfterClient(WINDOW),
            rate: self.inbox.rate,
            ..Capabilities::default()
        }
    }

    async fn send(&self, outgoing: &Outgoing) -> Result<Receipt, SendError> {
        let body = self.body(outgoing)?;
        self.inbox.send(outgoing, &body).await
    }

    fn receive(&self, request: &RawRequest) -> Result<Received, Rejected> {
        self.inbox.receive(request)
    }

    async fn check(&self) -> Result<Account, SendError> {
        let fields: &[&str] = if self.by_page { &["name"] } else { &["username", "name"] };
        let name = account::name(&self.inbox.graph, &self.inbox.through, fields).await?;
        let warning = match self.inbox.sharing {
            Sharing::Own | Sharing::Forwarded => {
                account::subscription_warning(&self.inbox.graph, &self.inbox.through, &FIELDS_NEEDED).await
            }
            Sharing::Links => None,
        };
        Ok(Account {
            name: name.unwrap_or_else(|| "unnamed account".to_owned()),
            warnings: warning.into_iter().collect(),
            ..Account::default()
        })
    }

    /// The token of an Instagram login expires after sixty days. A Page's token does not, and cannot be renewed.
    fn renewable_secret(&self) -> Option<String> {
        (!self.by_page).then(|| self.token_digest.clone())
    }

    async fn renew_secret(&self, now: Millis) -> Result<Renewed, SendError> {
        let graph = &self.inbox.graph;
        let (secret, seconds) = graph.refresh_token().await.map_err(|failure| classify(&failure, graph, None))?;
        Ok(Renewed { secret, ends_at: now + seconds.saturating_mul(1_000) })
    }

    fn use_secret(&self, secret: &str) {
        self.inbox.graph.use_token(secret);
    }

    /// Subscribes the account to the app. The webhook's address is set in the app's dashboard.
    async fn register_hook(&self, hook_url: &str) -> Result<(), SendError> {
        self.inbox.register_hook(hook_url, &FIELDS_NEEDED, self.fields()).await
    }
}
