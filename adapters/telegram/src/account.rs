//! The bot's account at Telegram: its name, problems that keep answers from arriving, and setting the webhook.

use crate::{Config, api::Api, config::UpdatesFrom, error};
use lastword_contract::{Account, SendError, Verdict};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::Value;
use teloxide::{
    payloads::{GetMe, GetWebhookInfo, SetWebhook, SetWebhookSetters},
    types::AllowedUpdate,
};
use url::Url;

/// Updates that a rating bot needs.
const OURS: [AllowedUpdate; 9] = [
    AllowedUpdate::CallbackQuery,
    AllowedUpdate::Message,
    AllowedUpdate::MyChatMember,
    AllowedUpdate::BusinessConnection,
    AllowedUpdate::BusinessMessage,
    AllowedUpdate::EditedMessage,
    AllowedUpdate::EditedBusinessMessage,
    AllowedUpdate::DeletedBusinessMessages,
    AllowedUpdate::MessageReaction,
];

/// Updates that Telegram sends by default. Other kinds are sent only if they are requested by name.
const USUAL: [AllowedUpdate; 20] = [
    AllowedUpdate::Message,
    AllowedUpdate::EditedMessage,
    AllowedUpdate::ChannelPost,
    AllowedUpdate::EditedChannelPost,
    AllowedUpdate::BusinessConnection,
    AllowedUpdate::BusinessMessage,
    AllowedUpdate::EditedBusinessMessage,
    AllowedUpdate::DeletedBusinessMessages,
    AllowedUpdate::InlineQuery,
    AllowedUpdate::ChosenInlineResult,
    AllowedUpdate::CallbackQuery,
    AllowedUpdate::ShippingQuery,
    AllowedUpdate::PreCheckoutQuery,
    AllowedUpdate::PurchasedPaidMedia,
    AllowedUpdate::Poll,
    AllowedUpdate::PollAnswer,
    AllowedUpdate::MyChatMember,
    AllowedUpdate::ChatJoinRequest,
    AllowedUpdate::ChatBoost,
    AllowedUpdate::RemovedChatBoost,
];

/// Kinds of updates to request. If none were named, Telegram would keep the previous selection.
pub(crate) struct Wanted(pub(crate) Vec<AllowedUpdate>);

impl Wanted {
    /// The kinds that we need; with a desk behind us all default kinds, including future ones, which an empty list means;
    /// and those that the settings add.
    pub(crate) fn of(config: &Config) -> Self {
        let kinds = match (config.passes_on, config.more_updates.is_empty()) {
            (false, _) => &OURS[..],
            (true, true) => &[],
            (true, false) => &USUAL[..],
        };
        let more = config.more_updates.iter().filter(|more| !kinds.contains(more));
        Self(kinds.iter().chain(more).copied().collect())
    }
}

/// The fields of `getMe` that we use. teloxide's type requires fields that older servers omit.
#[derive(Deserialize)]
struct Me {
    #[serde(default)]
    first_name: String,
    username: Option<String>,
}

/// The fields of `getWebhookInfo` that we use. teloxide's type fails on unknown kinds of updates.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Hook {
    url: String,
    pending_update_count: u64,
    last_error_message: Option<String>,
    allowed_updates: Option<Vec<String>>,
}

/// Reads the bot's account. `registered` is the webhook address that we set ourselves, if we did.
pub(crate) async fn check(api: &Api, updates_from: UpdatesFrom, registered: Option<&str>) -> Result<Account, SendError> {
    let me: Me = parse(api.call(&GetMe::new()).await.map_err(|failure| error::classify(&failure))?)?;
    let hook: Hook = parse(api.call(&GetWebhookInfo::new()).await.map_err(|failure| error::classify(&failure))?)?;
    let name = me.username.map_or(me.first_name, |name| format!("@{name}"));
    Ok(Account { name, warnings: warnings(&hook, updates_from, registered), ..Account::default() })
}

fn warnings(hook: &Hook, updates_from: UpdatesFrom, registered: Option<&str>) -> Vec<String> {
    let mut warnings = Vec::new();
    let host = host(&hook.url);
    match updates_from {
        // The desk that owns the webhook has the same problems and reports them.
        UpdatesFrom::Nowhere => return warnings,
        UpdatesFrom::Polling if !hook.url.is_empty() => warnings.push(format!(
            "The bot's webhook is set to {host}, so polling gets nothing: delete the webhook there, or use `receive = \"webhook\"`."
        )),
        UpdatesFrom::Webhook if hook.url.is_empty() => warnings.push("No webhook is set, so no answers arrive.".to_owned()),
        UpdatesFrom::Webhook if registered.is_some_and(|ours| ours != hook.url) => {
            warnings.push(format!("The bot's webhook was moved to another address, at {host}: another program uses this bot."));
        }
        UpdatesFrom::Polling | UpdatesFrom::Webhook | UpdatesFrom::Desk => {}
    }
    // While polling, each of our calls sets the list. An empty list means all default kinds.
    let allowed = hook.allowed_updates.as_deref().unwrap_or_default();
    if !hook.url.is_empty() && !allowed.is_empty() && !allowed.iter().any(|kind| kind == "callback_query") {
        warnings.push("The webhook's `allowed_updates` lack `callback_query`, so presses on buttons are lost.".to_owned());
    }
    if hook.pending_update_count > 0 {
        let count = hook.pending_update_count;
        warnings.push(format!("Updates that wait at Telegram: {count}. A press is dropped after 150 seconds."));
    }
    if let Some(message) = hook.last_error_message.as_deref().filter(|_| !hook.url.is_empty()) {
        let message: String = message.chars().take(200).collect();
        warnings.push(format!("Telegram's last delivery to the webhook failed: {message}"));
    }
    warnings
}

/// Host of a webhook. Its path may be another program's secret.
fn host(address: &str) -> String {
    Url::parse(address).ok().and_then(|url| url.host_str().map(str::to_owned)).unwrap_or_else(|| "another address".to_owned())
}

/// Sets `hook_url` as the bot's webhook.
pub(crate) async fn register_hook(api: &Api, secret: Option<&SecretString>, hook_url: &str, wanted: &Wanted) -> Result<(), SendError> {
    let secret = secret.ok_or_else(|| SendError::new(Verdict::Refused, "no_webhook_secret", "`webhook_secret` is not set"))?;
    let url = Url::parse(hook_url).map_err(|_| SendError::new(Verdict::Refused, "bad_hook_url", "the webhook's address is not a URL"))?;
    let call = SetWebhook::new(url).allowed_updates(wanted.0.iter().copied()).secret_token(secret.expose_secret());
    api.call(&call).await.map(drop).map_err(|failure| error::classify(&failure))
}

fn parse<T: DeserializeOwned>(answer: Value) -> Result<T, SendError> {
    serde_json::from_value(answer).map_err(|_| SendError::new(Verdict::CannotKnow, "garbled_answer", "the answer has another form"))
}
