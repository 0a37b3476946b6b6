//! Checks and setup of a Zammad installation: a webhook, and two triggers that call it.

use crate::config::Config;
use crate::receive::text;
use lastword_contract::http::Api;
use lastword_contract::json;
use lastword_contract::{Account, Arrangement, SendError, SetUp, Verdict};
use secrecy::ExposeSecret;
use serde_json::{Value, json};

/// Triggers run in order of their names: this name puts ours after those that reopen tickets.
const CLOSED: &str = "zz Lastword: closed";
const OPENED: &str = "zz Lastword: open again";

/// Reports our account in Zammad, and every problem.
///
/// # Errors
/// Errors of the API.
pub(crate) async fn look(api: &Api, admin: &Api, hook_url: Option<&str>) -> Result<Account, SendError> {
    let me = api.get("users/me").await?;
    let name = text(&me["email"]).or_else(|| text(&me["login"])).unwrap_or_default();
    let (mut warnings, remedy) = (Vec::new(), SetUp::remedy("zammad"));
    let Some(url) = hook_url else {
        warnings.push(format!("http.public_url is not set, so Zammad has no way to us: set it, then {remedy}."));
        return Ok(Account { name, warnings, ..Account::default() });
    };
    match admin.get("webhooks").await {
        // Only administrators see webhooks; the owner of the working token need not be one.
        Err(error) if error.kind == "missing_right" => {}
        Err(error) => return Err(error),
        Ok(hooks) => match hook(&hooks, url) {
            None => warnings.push(format!("Zammad posts nothing to {url}: {remedy}.")),
            Some(hook) => {
                let triggers = admin.get("triggers").await?;
                let id = json::id(&hook["id"]).unwrap_or_default();
                let missing: Vec<&str> = [CLOSED, OPENED].into_iter().filter(|name| !calls(&triggers, name, &id)).collect();
                if !missing.is_empty() {
                    warnings.push(format!("Triggers are missing or switched off ({}): {remedy}.", missing.join(", ")));
                }
            }
        },
    }
    Ok(Account { name, warnings, ..Account::default() })
}

/// Reasons why it cannot be checked if Zammad posts to us: it shows webhooks to administrators only.
///
/// # Errors
/// Errors of the API.
pub(crate) async fn doubts(admin: &Api) -> Result<Vec<String>, SendError> {
    match admin.get("webhooks").await {
        Err(error) if error.kind == "missing_right" => Ok(vec![
            "The token may not see webhooks (admin.webhook), so it is not known whether Zammad posts to us, and nothing has arrived yet: close \
             a ticket, or set setup_token to have it looked up."
                .to_owned(),
        ]),
        Err(error) => Err(error),
        Ok(_) => Ok(Vec::new()),
    }
}

/// Sets up Zammad, or lists the changes that this would make.
///
/// # Errors
/// Errors of the API.
pub(crate) async fn set_up(admin: &Api, config: &Config, wish: &SetUp) -> Result<Arrangement, SendError> {
    let Some(url) = wish.hook_url.as_deref() else {
        return Err(SendError::new(Verdict::Refused, "no_address", "http.public_url is not set, so Zammad has no way to us"));
    };
    let denied = |error: SendError| match error.kind {
        "missing_right" => SendError::new(error.verdict, error.kind, "the token lacks admin.webhook and admin.trigger: set setup_token"),
        _ => error,
    };
    let hooks = admin.get("webhooks").await.map_err(denied)?;
    let triggers = admin.get("triggers").await.map_err(denied)?;
    let states = admin.get("ticket_states").await.map_err(denied)?;
    let ids = |closed: bool| -> Vec<String> {
        let all = states.as_array().into_iter().flatten().filter(|state| state["name"] != "merged" && state["name"] != "removed");
        let wanted = all.filter(|state| state["name"].as_str().is_some_and(|name| config.is_closed(name) == closed));
        wanted.filter_map(|state| json::id(&state["id"])).collect()
    };
    let mut done = Arrangement { settings: vec![("secret", config.secret.expose_secret().to_owned())], ..Arrangement::default() };
    if ids(true).is_empty() {
        let names = config.closed_states.join(", ");
        done.warnings.push(format!("Zammad has no state of these names: {names}. Set closed_states to names that it has."));
        return Ok(done);
    }
    let id = match hook(&hooks, url) {
        Some(hook) => {
            done.steps.push("The webhook is there already; its signature token is replaced.".to_owned());
            let id = json::id(&hook["id"]).unwrap_or_default();
            if wish.change {
                admin.put(&format!("webhooks/{id}"), &webhook(config, url)).await?;
            }
            id
        }
        None => {
            done.steps.push("A webhook is made.".to_owned());
            if wish.change {
                json::id(&admin.post("webhooks", &webhook(config, url)).await?["id"]).unwrap_or_default()
            } else {
                String::new()
            }
        }
    };
    for (name, states, what) in [(CLOSED, ids(true), "closed tickets"), (OPENED, ids(false), "tickets that are open again")] {
        let body = trigger(name, &states, &id);
        match triggers.as_array().into_iter().flatten().find(|trigger| trigger["name"] == name) {
            Some(_) if !id.is_empty() && calls(&triggers, name, &id) => {
                done.steps.push(format!("The trigger \"{name}\" is there already."))
            }
            Some(found) => {
                done.steps.push(format!("The trigger \"{name}\" calls our webhook."));
                if wish.change {
                    admin.put(&format!("triggers/{}", json::id(&found["id"]).unwrap_or_default()), &body).await?;
                }
            }
            None => {
                done.steps.push(format!("The trigger \"{name}\" is made, which tells of {what}."));
                if wish.change {
                    admin.post("triggers", &body).await?;
                }
            }
        }
    }
    Ok(done)
}

fn hook<'a>(hooks: &'a Value, url: &str) -> Option<&'a Value> {
    hooks.as_array()?.iter().find(|hook| hook["endpoint"] == url)
}

/// True if this trigger is active and calls the webhook.
fn calls(triggers: &Value, name: &str, hook: &str) -> bool {
    let trigger = triggers.as_array().into_iter().flatten().find(|trigger| trigger["name"] == name);
    trigger.is_some_and(|trigger| {
        trigger["active"] != false && json::id(&trigger["perform"]["notification.webhook"]["webhook_id"]).as_deref() == Some(hook)
    })
}

fn webhook(config: &Config, url: &str) -> Value {
    json!({
        "name": "Lastword", "endpoint": url, "http_method": "post", "signature_token": config.secret.expose_secret(), "ssl_verify": true,
        "customized_payload": false, "note": "", "active": true,
    })
}

fn trigger(name: &str, states: &[String], hook: &str) -> Value {
    json!({
        "name": name, "active": true, "activator": "action", "execution_condition_mode": "selective",
        "condition": {
            "ticket.action": { "operator": "is", "value": "update" },
            "ticket.state_id": { "operator": "is", "value": states },
        },
        "perform": { "notification.webhook": { "webhook_id": hook } },
    })
}
