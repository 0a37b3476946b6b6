//! The number's account at WhatsApp, its problems, and setting the number's webhook.

use super::config::{Template, WhatsAppConfig};
use crate::error::classify;
use crate::event::{items, word};
use crate::graph::Graph;
use crate::hook;
use crate::sharing::Sharing;
use lastword_contract::{Account, Scale, SendError, Verdict};
use secrecy::ExposeSecret;
use serde_json::{Value, json};

/// Reads the account. `registered` is the webhook address that we set ourselves, if we did.
pub(super) async fn check(graph: &Graph, config: &WhatsAppConfig, registered: Option<&str>) -> Result<Account, SendError> {
    let fields = "verified_name,display_phone_number,quality_rating,status,webhook_configuration";
    let me = get(graph, &config.phone_number_id, &[("fields", fields)]).await?;
    let name = word(&me, "/verified_name").or_else(|| word(&me, "/display_phone_number")).unwrap_or_else(|| "unnamed number".to_owned());
    let mut warnings = number_warnings(&me);
    if config.sharing == Sharing::Own {
        warnings.extend(hook_warning(&me, registered));
    }
    match &config.business_account_id {
        Some(account) => {
            if config.sharing != Sharing::Links {
                warnings.extend(subscription_warning(graph, account).await);
            }
            for scale in [Scale::Binary, Scale::FiveStar] {
                if let Some(template) = config.templates.of(scale) {
                    warnings.extend(template_warnings(graph, account, template, scale).await);
                }
            }
        }
        None if !config.asked_outside_window().is_empty() => {
            warnings.push("`business_account_id` is not set, so the templates were not looked at.".to_owned());
        }
        None => {}
    }
    Ok(Account { name, warnings, ..Account::default() })
}

async fn get(graph: &Graph, path: &str, query: &[(&str, &str)]) -> Result<Value, SendError> {
    graph.get(path, query).await.map_err(|failure| classify(&failure, graph, None))
}

fn number_warnings(me: &Value) -> Vec<String> {
    let mut warnings = Vec::new();
    if let Some(status) = word(me, "/status").filter(|status| status != "CONNECTED") {
        warnings.push(format!("The number's status is {status}, not CONNECTED: see WhatsApp Manager."));
    }
    match word(me, "/quality_rating").as_deref() {
        Some("YELLOW") => warnings.push("The number's quality rating is medium: clients block or report its messages.".to_owned()),
        Some("RED") => warnings.push("The number's quality rating is low: Meta may limit it. Ask less, or ask better.".to_owned()),
        _ => {}
    }
    warnings
}

/// Address of this number's webhook: the most specific one wins.
fn leads_to(me: &Value) -> Option<String> {
    let place = |name: &str| word(me, &format!("/webhook_configuration/{name}"));
    place("phone_number").or_else(|| place("whatsapp_business_account")).or_else(|| place("application"))
}

fn hook_warning(me: &Value, registered: Option<&str>) -> Option<String> {
    match (leads_to(me), registered) {
        (None, _) if me.get("webhook_configuration").is_some() => Some("No webhook is set, so no answers arrive.".to_owned()),
        (Some(address), Some(ours)) if address != ours => {
            Some(format!("The number's webhook was moved to another address, at {}: another program uses it.", hook::host(&address)))
        }
        _ => None,
    }
}

async fn subscription_warning(graph: &Graph, account: &str) -> Option<String> {
    match get(graph, &format!("{account}/subscribed_apps"), &[]).await {
        Ok(apps) if items(&apps, "/data").next().is_none() => {
            Some("No app is subscribed to the WhatsApp Business account, so no answers arrive.".to_owned())
        }
        Ok(_) => None,
        Err(error) => Some(format!("The account's subscriptions could not be read: {}.", error.detail)),
    }
}

/// Problems of a template, found before a client is asked with it.
async fn template_warnings(graph: &Graph, account: &str, template: &Template, scale: Scale) -> Vec<String> {
    let query = [("name", template.name.as_str()), ("fields", "name,language,status,category,components"), ("limit", "100")];
    let found = match get(graph, &format!("{account}/message_templates"), &query).await {
        Ok(found) => found,
        Err(error) => return vec![format!("The template {} could not be read: {}.", template.name, error.detail)],
    };
    let in_language = |code: &String| {
        // The filter `name` also matches longer names.
        let same = |one: &&Value| one["name"] == template.name.as_str() && one["language"] == code.as_str();
        (code.clone(), items(&found, "/data").find(same).cloned())
    };
    template.languages.iter().map(in_language).filter_map(|(code, one)| template_warning(template, &code, one.as_ref(), scale)).collect()
}

fn template_warning(template: &Template, code: &str, found: Option<&Value>, scale: Scale) -> Option<String> {
    let about = format!("The template {} in {code}", template.name);
    let Some(found) = found else { return Some(format!("{about} does not exist: submit it in WhatsApp Manager.")) };
    match word(found, "/status") {
        Some(status) if status != "APPROVED" => return Some(format!("{about} is {status}, not APPROVED: it is not sent.")),
        _ => {}
    }
    let buttons = items(found, "/components").flat_map(|component| items(component, "/buttons"));
    let buttons = buttons.filter(|button| button["type"] == "QUICK_REPLY").count();
    let needed = scale.scores().len();
    if buttons != needed {
        return Some(format!("{about} has {buttons} quick-reply buttons, and this scale needs {needed}."));
    }
    (found["category"] == "MARKETING").then(|| format!("{about} is a MARKETING template now: Meta limits how many of those a client gets."))
}

/// Points this number's webhook at `hook_url`, unless it leads to another program: replacing it automatically could disconnect a help desk.
pub(super) async fn register_hook(graph: &Graph, config: &WhatsAppConfig, hook_url: &str) -> Result<(), SendError> {
    hook::check(hook_url)?;
    let Some(verify_token) = &config.verify_token else { return Ok(()) };
    let me = get(graph, &config.phone_number_id, &[("fields", "webhook_configuration")]).await?;
    let own = word(&me, "/webhook_configuration/phone_number");
    // A desk that gets all other events from us loses nothing if this number no longer uses the address of its app.
    let in_the_way = if config.passes_on { own } else { leads_to(&me) };
    match in_the_way {
        Some(address) if address == hook_url => return Ok(()),
        Some(address) => {
            let said = format!(
                "the number's webhook leads to {}: remove it there, or pass on to it, or use `sharing = \"forwarded\"` or \"links\"",
                hook::host(&address)
            );
            return Err(SendError::new(Verdict::Refused, "webhook_taken", said));
        }
        None => {}
    }
    if let Some(account) = &config.business_account_id {
        graph.post(&format!("{account}/subscribed_apps"), &json!({})).await.map_err(|failure| classify(&failure, graph, None))?;
    }
    let configuration = json!({ "override_callback_uri": hook_url, "verify_token": verify_token.expose_secret() });
    let body = json!({ "webhook_configuration": configuration });
    graph.post(&config.phone_number_id, &body).await.map(drop).map_err(|failure| classify(&failure, graph, None))
}
