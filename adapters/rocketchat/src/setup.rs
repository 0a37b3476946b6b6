//! Sets up a workspace: its webhook, and the custom fields of rooms.

use crate::config::Config;
use crate::look::{Hook, find, rights};
use lastword_contract::http::Api;
use lastword_contract::{Arrangement, SendError, SetUp, Verdict};
use secrecy::ExposeSecret;
use serde_json::json;

/// Sets up the workspace, or lists the changes that this would make.
///
/// # Errors
/// Errors of the API, and [`Verdict::Refused`] if the webhook is another program's and replacing it is not allowed.
pub(crate) async fn set_up(api: &Api, config: &Config, wish: &SetUp) -> Result<Arrangement, SendError> {
    let Some(url) = wish.hook_url.as_deref() else {
        return Err(SendError::new(Verdict::Refused, "no_address", "http.public_url is not set, so Rocket.Chat has no way to us"));
    };
    let found = find(api, config).await?;
    let mut done = Arrangement { warnings: rights(&found), ..Arrangement::default() };
    let Some(hook) = found.hook else {
        let why = "the user of the token may not see the webhook (view-livechat-manager): give them the role livechat-manager";
        return Err(SendError::new(Verdict::ConnectionBroken, "missing_right", why));
    };
    webhook(api, config, wish, url, &hook, &mut done).await?;
    for (field, label) in config.fields().filter(|(field, _)| found.missing_fields.iter().any(|missing| missing == field)) {
        custom_field(api, wish, field, label, &mut done).await?;
    }
    done.settings = vec![("user", config.user.clone()), ("secret", config.secret.expose_secret().to_owned())];
    Ok(done)
}

async fn webhook(api: &Api, config: &Config, wish: &SetUp, url: &str, hook: &Hook, done: &mut Arrangement) -> Result<(), SendError> {
    if hook.is_ready(config, url) {
        done.steps.push("The webhook is there already.".to_owned());
        return Ok(());
    }
    match hook.taken_by(url) {
        Some(host) if !config.replace_webhook => {
            let why = format!(
                "Rocket.Chat has one webhook, and it calls {host}: it is left alone. Let that program pass closed chats on, or run this again \
                 with --set replace_webhook=true, which cuts that program off"
            );
            return Err(SendError::new(Verdict::Refused, "webhook_taken", why));
        }
        Some(host) => done.steps.push(format!("The webhook, which calls {host}, calls us: {host} is no longer called.")),
        None if hook.url.is_some() => done.steps.push("The webhook's secret token and its events are set again.".to_owned()),
        None => done.steps.push("The webhook is set, and tells of chats that begin, change hands and are closed.".to_owned()),
    }
    if !wish.change {
        return Ok(());
    }
    let body = json!({
        "LivechatWebhookUrl": url, "LivechatSecretToken": config.secret.expose_secret(), "LivechatWebhookOnClose": true,
        "LivechatWebhookOnStart": true, "LivechatWebhookOnForward": true,
    });
    api.post("omnichannel/integrations", &body).await?;
    // Some releases accept the call without setting the switches.
    if !find(api, config).await?.hook.is_some_and(|hook| hook.tells_of_closes()) {
        done.warnings
            .push("This release did not switch on what the webhook tells: switch on \"Chat close\" in Omnichannel → Webhooks.".to_owned());
    }
    Ok(())
}

async fn custom_field(api: &Api, wish: &SetUp, field: &str, label: &str, done: &mut Arrangement) -> Result<(), SendError> {
    let step = format!("The custom field \"{field}\" of rooms is made.");
    if !wish.change {
        done.steps.push(step);
        return Ok(());
    }
    let body = json!({
        "customFieldId": null,
        "customFieldData": {
            "field": field, "label": label, "scope": "room", "visibility": "visible", "type": "input", "regexp": "", "searchable": true,
            "required": false, "defaultValue": "", "options": "", "public": false,
        },
    });
    match api.post("livechat/custom-fields.save", &body).await {
        Ok(_) => done.steps.push(step),
        // Releases before 7.11 do not have this call.
        Err(error) if error.kind == "not_found" => done.warnings.push(format!(
            "This release makes no custom fields by a call: make \"{field}\" by hand (Omnichannel → Custom Fields: field {field}, label {label}, scope Room, visible)."
        )),
        Err(error) => return Err(error),
    }
    Ok(())
}
