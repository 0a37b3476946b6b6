//! Checks a workspace. Each problem is one sentence with its remedy.

use crate::config::Config;
use crate::write::missing_fields;
use lastword_contract::http::{Api, Url};
use lastword_contract::json;
use lastword_contract::{Account, SendError, SetUp};
use secrecy::ExposeSecret;
use serde_json::Value;

/// Required permissions of the user, and what they are for.
const RIGHTS: [(&str, &str); 4] = [
    ("view-l-room", "read chats"),
    ("view-livechat-rooms", "find what was lost"),
    ("view-livechat-manager", "see and set the webhook"),
    ("save-others-livechat-room-info", "show ratings"),
];

/// Current state of the workspace.
pub(crate) struct Found {
    /// Name of the token's user.
    pub(crate) name: String,
    /// Settings of the webhook; `None` if the user may not read them.
    pub(crate) hook: Option<Hook>,
    /// Missing custom fields; empty if the user may not read them.
    pub(crate) missing_fields: Vec<String>,
    /// Missing permissions.
    missing_rights: Vec<&'static str>,
    /// Calls per minute of one endpoint, if they are limited.
    limit: Option<u32>,
}

/// The webhook of the workspace.
pub(crate) struct Hook {
    pub(crate) url: Option<String>,
    secret: String,
    on_close: bool,
    /// True if it also reports all other required events.
    tells_all: bool,
}

impl Hook {
    fn read(settings: &Value) -> Self {
        let all = settings["settings"].as_array().into_iter().flatten();
        let value = |id: &str| all.clone().find(|one| one["_id"] == id).map_or(&Value::Null, |one| &one["value"]);
        let on = |id: &str| *value(id) == true;
        Self {
            url: json::text(value("Livechat_webhookUrl")),
            secret: json::text(value("Livechat_secret_token")).unwrap_or_default(),
            on_close: on("Livechat_webhook_on_close"),
            tells_all: on("Livechat_webhook_on_start") && on("Livechat_webhook_on_forward"),
        }
    }

    /// True if it posts closed chats to us with our secret.
    pub(crate) fn is_ready(&self, config: &Config, url: &str) -> bool {
        self.url.as_deref() == Some(url) && self.has_secret(config) && self.on_close && self.tells_all
    }

    pub(crate) fn tells_of_closes(&self) -> bool {
        self.on_close
    }

    /// Host of another program to which it posts.
    pub(crate) fn taken_by(&self, url: &str) -> Option<String> {
        let other = self.url.as_deref().filter(|other| *other != url)?;
        // The rest of an address may be secret.
        let host = Url::parse(other).ok().and_then(|other| other.host_str().map(str::to_owned));
        Some(host.unwrap_or_else(|| "another program".to_owned()))
    }

    fn has_secret(&self, config: &Config) -> bool {
        self.secret == config.secret.expose_secret()
    }
}

/// Reports our account in the workspace, and every problem.
///
/// # Errors
/// Errors of the API.
pub(crate) async fn look(api: &Api, config: &Config, hook_url: Option<&str>) -> Result<Account, SendError> {
    let found = find(api, config).await?;
    let mut warnings = rights(&found);
    let setup = SetUp::remedy("rocketchat");
    match (&found.hook, hook_url) {
        (_, None) => warnings.push(format!("http.public_url is not set, so Rocket.Chat has no way to us: set it, then {setup}.")),
        (None, Some(_)) => {}
        (Some(hook), Some(url)) => match (&hook.url, hook.taken_by(url)) {
            (None, _) => warnings.push(format!("Rocket.Chat posts nothing to {url}: {setup}.")),
            (_, Some(host)) => warnings.push(format!(
                "Rocket.Chat's only webhook calls {host} and not {url}: let that program pass closed chats on, or {setup} --set replace_webhook=true."
            )),
            _ => {
                if !hook.has_secret(config) {
                    warnings.push(format!("The webhook's secret token is another one than in the settings: {setup}."));
                }
                if !hook.on_close {
                    warnings.push(format!(
                        "The webhook does not tell of closed chats: switch on \"Chat close\" in Omnichannel → Webhooks, or {setup}."
                    ));
                }
            }
        },
    }
    if !found.missing_fields.is_empty() {
        warnings.push(format!("Rooms have no custom field {}, so ratings cannot be shown: {setup}.", found.missing_fields.join(", ")));
    }
    Ok(Account { name: format!("{} at {}", found.name, api.host()), warnings, ..Account::default() })
}

/// Problems with missing permissions, and with a call limit that is too low.
pub(crate) fn rights(found: &Found) -> Vec<String> {
    let mut warnings = Vec::new();
    if !found.missing_rights.is_empty() {
        let named = RIGHTS.iter().filter(|(right, _)| found.missing_rights.contains(right));
        let named: Vec<String> = named.map(|(right, what)| format!("{right} ({what})")).collect();
        let remedy = "give the user of the token the role livechat-manager (Workspace → Users)";
        warnings.push(format!("The user of the token lacks {}: {remedy}.", named.join(", ")));
    }
    if let Some(limit) = found.limit {
        let remedy = "give the user the role bot besides, or the permission api-bypass-rate-limit (Workspace → Permissions)";
        warnings
            .push(format!("Rocket.Chat answers {limit} calls a minute of each kind and no more, so many closes at once wait: {remedy}."));
    }
    warnings
}

/// Reads the current state; changes nothing.
///
/// # Errors
/// Errors of the API.
pub(crate) async fn find(api: &Api, config: &Config) -> Result<Found, SendError> {
    let me = api.look("me").await?;
    let limit = me.headers.get("x-ratelimit-limit").and_then(|limit| limit.to_str().ok()).and_then(|limit| limit.parse().ok());
    let mut missing_rights = lacking(api, &me.body["roles"]).await?;
    let mut hook = None;
    match api.get("livechat/integrations.settings").await {
        Ok(settings) => hook = Some(Hook::read(&settings)),
        Err(error) if error.kind == "missing_right" => missing_rights.push("view-livechat-manager"),
        Err(error) => return Err(error),
    }
    let missing_fields = match missing_fields(api, config).await {
        Ok(missing) => missing,
        Err(error) if error.kind == "missing_right" => {
            missing_rights.push("view-l-room");
            Vec::new()
        }
        Err(error) => return Err(error),
    };
    let name = json::text(&me.body["username"]).or_else(|| json::text(&me.body["name"])).unwrap_or_default();
    Ok(Found { name, hook, missing_fields, missing_rights, limit })
}

/// Permissions that none of these roles has, according to the workspace's table, if it can be read.
async fn lacking(api: &Api, roles: &Value) -> Result<Vec<&'static str>, SendError> {
    let table = match api.get("permissions.listAll").await {
        Ok(table) => table,
        Err(error) if matches!(error.kind, "missing_right" | "not_found" | "refused") => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let Some(roles) = roles.as_array() else { return Ok(Vec::new()) };
    let known = table["update"].as_array().map(Vec::as_slice).unwrap_or_default();
    let lacks = |right: &&str| {
        let allowed = known.iter().find(|one| one["_id"] == *right).and_then(|one| one["roles"].as_array());
        allowed.is_some_and(|allowed| !allowed.iter().any(|role| roles.contains(role)))
    };
    Ok(RIGHTS.iter().map(|(right, _)| *right).filter(lacks).collect())
}
