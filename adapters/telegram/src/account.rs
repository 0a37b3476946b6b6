//! Who we are at Telegram, what stands in the way of answers, and setting the webhook.

use crate::{Receive, api::Api, error};
use lastword_contract::{Account, SendError, Verdict};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::Value;
use teloxide::{
    payloads::{GetMe, GetWebhookInfo, SetWebhook, SetWebhookSetters},
    types::AllowedUpdate,
};
use url::Url;

/// The updates that a rating bot needs. Left out, Telegram keeps whatever was set before.
pub(crate) const ALLOWED_UPDATES: [AllowedUpdate; 5] = [
    AllowedUpdate::CallbackQuery,
    AllowedUpdate::Message,
    AllowedUpdate::MyChatMember,
    AllowedUpdate::BusinessConnection,
    AllowedUpdate::BusinessMessage,
];

/// What we use of `getMe`. teloxide's type asks for fields that older servers leave out.
#[derive(Deserialize)]
struct Me {
    #[serde(default)]
    first_name: String,
    username: Option<String>,
}

/// What we use of `getWebhookInfo`. teloxide's type fails on kinds of updates that it does not know.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Hook {
    url: String,
    pending_update_count: u64,
    last_error_message: Option<String>,
    allowed_updates: Option<Vec<String>>,
}

/// Asks who we are. `registered` is the address that we set ourselves, if we did.
pub(crate) async fn check(api: &Api, receive: Receive, registered: Option<&str>) -> Result<Account, SendError> {
    let me: Me = parse(api.call(&GetMe::new()).await.map_err(|failure| error::classify(&failure))?)?;
    let hook: Hook = parse(api.call(&GetWebhookInfo::new()).await.map_err(|failure| error::classify(&failure))?)?;
    let name = me.username.map_or(me.first_name, |name| format!("@{name}"));
    Ok(Account { name, warnings: warnings(&hook, receive, registered) })
}

fn warnings(hook: &Hook, receive: Receive, registered: Option<&str>) -> Vec<String> {
    let mut warnings = Vec::new();
    let host = host(&hook.url);
    match receive {
        Receive::Polling if !hook.url.is_empty() => warnings.push(format!(
            "The bot's webhook is set to {host}, so polling gets nothing: delete the webhook there, or use `receive = \"webhook\"`."
        )),
        Receive::Webhook if hook.url.is_empty() => warnings.push("No webhook is set, so no answers arrive.".to_owned()),
        Receive::Webhook if registered.is_some_and(|ours| ours != hook.url) => {
            warnings.push(format!("The bot's webhook was moved to another address, at {host}: another program uses this bot."));
        }
        Receive::Polling | Receive::Webhook => {}
    }
    // Without a webhook the list is set anew by each of our calls. An empty list means all common kinds.
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

/// Where a webhook leads. Its path may be another program's secret.
fn host(address: &str) -> String {
    Url::parse(address).ok().and_then(|url| url.host_str().map(str::to_owned)).unwrap_or_else(|| "another address".to_owned())
}

/// Makes Telegram post to `hook_url`.
pub(crate) async fn register_hook(api: &Api, secret: Option<&SecretString>, hook_url: &str) -> Result<(), SendError> {
    let secret = secret.ok_or_else(|| SendError::new(Verdict::Refused, "no_webhook_secret", "`webhook_secret` is not set"))?;
    let url = Url::parse(hook_url).map_err(|_| SendError::new(Verdict::Refused, "bad_hook_url", "the webhook's address is not a URL"))?;
    let call = SetWebhook::new(url).allowed_updates(ALLOWED_UPDATES).secret_token(secret.expose_secret());
    api.call(&call).await.map(drop).map_err(|failure| error::classify(&failure))
}

fn parse<T: DeserializeOwned>(answer: Value) -> Result<T, SendError> {
    serde_json::from_value(answer).map_err(|_| SendError::new(Verdict::CannotKnow, "garbled_answer", "the answer has another form"))
}
