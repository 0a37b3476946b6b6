//! Checks and setup of a Chatwoot account.

use crate::config::Config;
use crate::panel;
use crate::receive::seconds;
use crate::write::{GOOD, LOW};
use lastword_contract::http::Api;
use lastword_contract::json;
use lastword_contract::{Account, Arrangement, Millis, NativePage, NativeRating, Person, Scale, SendError, SetUp, Verdict};
use secrecy::ExposeSecret;
use serde_json::{Value, json};
use std::net::IpAddr;
use url::{Host, Url};

/// Events to which a webhook has to subscribe.
const SUBSCRIPTIONS: [&str; 5] =
    ["conversation_created", "conversation_status_changed", "conversation_updated", "message_created", "message_updated"];
/// Ratings per page of Chatwoot's list.
const PAGE: usize = 25;
/// The year 2100, in seconds: the end of an open range.
const DISTANT: i64 = 4_102_444_800;

/// Current state of the account.
struct Found {
    name: String,
    hook: Option<Value>,
    asking: Vec<(String, String)>,
}

/// Reports our account in Chatwoot, and every problem.
///
/// # Errors
/// Errors of the API.
pub(crate) async fn look(api: &Api, config: &Config, hook_url: Option<&str>) -> Result<Account, SendError> {
    let mut warnings = Vec::new();
    let found = match find(api, config, hook_url).await {
        Ok(found) => found,
        Err(error) if error.kind == "missing_right" => {
            let remedy = "use the access token of an administrator; with this one nothing can be set up or made good";
            return Ok(Account {
                name: String::new(),
                warnings: vec![format!("The token is not an administrator's: {remedy}.")],
                ..Account::default()
            });
        }
        Err(error) => return Err(error),
    };
    let remedy = SetUp::remedy("chatwoot");
    match (&found.hook, hook_url) {
        (_, None) => warnings.push(format!("http.public_url is not set, so Chatwoot has no way to us: set it, then {remedy}.")),
        (None, Some(url)) => {
            warnings.push(format!("Chatwoot posts nothing to {url}: {remedy}."));
        }
        (Some(hook), Some(_)) => {
            let missing = missing(hook);
            if !missing.is_empty() {
                warnings.push(format!("The webhook does not tell {}: {remedy}.", missing.join(", ")));
            }
            let secret = hook["secret"].as_str();
            if let (Some(theirs), Some(ours)) = (secret, &config.secret)
                && theirs != ours.expose_secret()
            {
                warnings.push(format!("The webhook's secret is another one than in the settings: {remedy}, which prints it."));
            }
        }
    }
    if let Some(url) = hook_url {
        warnings.extend(panel::faults(api, config, url).await);
    }
    warnings.extend(found.asking.iter().map(|(_, inbox)| {
        format!(
            "Chatwoot's own CSAT is on in the inbox \"{inbox}\", so clients are asked twice: run lastword desk setup chatwoot --native-off."
        )
    }));
    Ok(Account { name: found.name, warnings, ..Account::default() })
}

/// Sets up the account, or lists the changes that this would make.
///
/// # Errors
/// Errors of the API.
pub(crate) async fn set_up(api: &Api, config: &Config, wish: &SetUp) -> Result<Arrangement, SendError> {
    let Some(url) = wish.hook_url.as_deref().map(|url| with_path(config, url)) else {
        return Err(SendError::new(Verdict::Refused, "no_address", "http.public_url is not set, so Chatwoot has no way to us"));
    };
    let found = find(api, config, wish.hook_url.as_deref()).await.map_err(|error| match error.kind {
        "missing_right" => SendError::new(error.verdict, error.kind, "the token is not an administrator's: use the access token of one"),
        _ => error,
    })?;
    let mut done = Arrangement::default();
    let hook = hook(api, wish, &url, found.hook, &mut done).await?;
    if let Some(secret) = hook.as_ref().and_then(|hook| hook["secret"].as_str()) {
        done.settings.push(("secret", secret.to_owned()));
    } else if wish.change && config.path.is_none() {
        done.warnings.push("This Chatwoot signs nothing (before 4.11.2): set path in the settings, then run this again.".to_owned());
    }
    if !config.attribute.is_empty() {
        attribute(api, config, wish, &mut done).await?;
    }
    if config.labels {
        labels(api, wish, &mut done).await?;
    }
    panel::set_up(api, config, wish, &mut done).await?;
    for (id, name) in &found.asking {
        if !wish.native_off {
            done.warnings
                .push(format!("Chatwoot's own CSAT is on in the inbox \"{name}\": clients are asked twice. Run this with --native-off."));
            continue;
        }
        done.steps.push(format!("Chatwoot's own CSAT is switched off in the inbox \"{name}\"."));
        if wish.change {
            api.patch(&format!("inboxes/{id}"), &json!({ "csat_survey_enabled": false })).await?;
        }
    }
    done.warnings.extend(refused(&url));
    Ok(done)
}

/// Why Chatwoot may not call this address; `None` if it may.
pub(crate) fn refused(hook_url: &str) -> Option<String> {
    let host = private(hook_url)?;
    Some(format!(
        "Chatwoot 4.14 and newer refuse webhooks to {host}, silently: set SAFE_FETCH_ALLOW_PRIVATE_NETWORK=true there, on web and worker."
    ))
}

async fn find(api: &Api, config: &Config, hook_url: Option<&str>) -> Result<Found, SendError> {
    let profile = api.get("../../profile").await?;
    let hooks = api.get("webhooks").await.map_err(lacking_right)?;
    let inboxes = api.get("inboxes").await?;
    let url = hook_url.map(|url| with_path(config, url));
    let hook = hooks["payload"]["webhooks"].as_array().into_iter().flatten().find(|hook| hook["url"].as_str() == url.as_deref());
    let asking = inboxes["payload"].as_array().into_iter().flatten().filter(|inbox| inbox["csat_survey_enabled"] == true);
    let asking = asking.filter_map(|inbox| Some((json::id(&inbox["id"])?, json::text(&inbox["name"]).unwrap_or_default())));
    let name = json::text(&profile["name"]).unwrap_or_default();
    Ok(Found { name: format!("{name} at {}", api.host()), hook: hook.cloned(), asking: asking.collect() })
}

/// Chatwoot also responds with 401 to a valid token that lacks a right.
fn lacking_right(error: SendError) -> SendError {
    match error.kind {
        "token_refused" => SendError::new(error.verdict, "missing_right", "the token is not an administrator's"),
        _ => error,
    }
}

/// The webhook's address, with the secret path if that is the proof.
fn with_path(config: &Config, url: &str) -> String {
    config.path.as_ref().map_or_else(|| url.to_owned(), |path| format!("{url}/{}", path.expose_secret()))
}

fn missing(hook: &Value) -> Vec<&'static str> {
    let has = |name: &str| hook["subscriptions"].as_array().is_some_and(|all| all.iter().any(|one| one == name));
    SUBSCRIPTIONS.into_iter().filter(|name| !has(name)).collect()
}

async fn hook(api: &Api, wish: &SetUp, url: &str, found: Option<Value>, done: &mut Arrangement) -> Result<Option<Value>, SendError> {
    let body = json!({ "webhook": { "name": "Lastword", "url": url, "subscriptions": SUBSCRIPTIONS } });
    let answered = match found {
        Some(hook) if missing(&hook).is_empty() => {
            done.steps.push("The webhook is there already.".to_owned());
            return Ok(Some(hook));
        }
        Some(hook) => {
            done.steps.push(format!("The webhook tells {} as well.", missing(&hook).join(", ")));
            let id = json::id(&hook["id"]).unwrap_or_default();
            if !wish.change {
                return Ok(Some(hook));
            }
            api.patch(&format!("webhooks/{id}"), &body).await?
        }
        None => {
            done.steps.push("A webhook is made, which tells us of conversations and messages.".to_owned());
            if !wish.change {
                return Ok(None);
            }
            api.post("webhooks", &body).await?
        }
    };
    Ok(Some(answered["payload"]["webhook"].clone()))
}

async fn attribute(api: &Api, config: &Config, wish: &SetUp, done: &mut Arrangement) -> Result<(), SendError> {
    let all = api.get("custom_attribute_definitions?attribute_model=conversation_attribute").await?;
    if all.as_array().is_some_and(|all| all.iter().any(|one| one["attribute_key"] == config.attribute.as_str())) {
        return Ok(());
    }
    done.steps.push(format!("The attribute \"{}\" of conversations is made, which shows the rating.", config.attribute));
    if wish.change {
        let definition = json!({ "custom_attribute_definition": {
            "attribute_display_name": "Rating", "attribute_key": config.attribute, "attribute_display_type": "text",
            "attribute_model": "conversation_attribute", "attribute_description": "What the client answered to Lastword" } });
        api.post("custom_attribute_definitions", &definition).await?;
    }
    Ok(())
}

async fn labels(api: &Api, wish: &SetUp, done: &mut Arrangement) -> Result<(), SendError> {
    let all = api.get("labels").await?;
    let has = |title: &str| all["payload"].as_array().is_some_and(|all| all.iter().any(|one| one["title"] == title));
    for (title, color) in [(GOOD, "#3f8f46"), (LOW, "#c03838")] {
        if has(title) {
            continue;
        }
        done.steps.push(format!("The label \"{title}\" is made."));
        if wish.change {
            let label = json!({ "title": title, "description": "Rated by the client", "color": color, "show_on_sidebar": true });
            api.post("labels", &label).await?;
        }
    }
    Ok(())
}

/// The host of an address in a private network, if that is visible without a DNS lookup.
fn private(url: &str) -> Option<String> {
    let url = Url::parse(url).ok()?;
    let inside = match url.host()? {
        Host::Ipv4(ip) => is_inside(IpAddr::V4(ip)),
        Host::Ipv6(ip) => is_inside(IpAddr::V6(ip)),
        // A name without a dot is another container in the same network.
        Host::Domain(name) => name == "localhost" || name.ends_with(".localhost") || name.ends_with(".internal") || !name.contains('.'),
    };
    inside.then(|| url.host_str().unwrap_or_default().to_owned())
}

fn is_inside(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => ip.is_private() || ip.is_loopback() || ip.is_link_local() || ip.is_unspecified(),
        IpAddr::V6(ip) => ip.is_loopback() || ip.is_unspecified() || (ip.segments()[0] & 0xfe00) == 0xfc00,
    }
}

/// One page of Chatwoot's own ratings since `since`.
///
/// # Errors
/// Errors of the API.
pub(crate) async fn native_ratings(api: &Api, since: Millis, page: Option<&str>) -> Result<NativePage, SendError> {
    let page: usize = page.and_then(|page| page.parse().ok()).unwrap_or(1);
    // Chatwoot ignores a range unless both ends are set.
    let path = format!("csat_survey_responses?sort=-created_at&page={page}&since={}&until={DISTANT}", since / 1_000);
    let answer = api.get(&path).await?;
    let Some(items) = answer.as_array() else {
        return Err(SendError::new(Verdict::RetryBackoff, "garbled", "the answer holds no ratings"));
    };
    let next = (items.len() >= PAGE).then(|| (page + 1).to_string());
    Ok(NativePage { ratings: items.iter().filter_map(native_rating).collect(), next })
}

/// Parses one of Chatwoot's own ratings.
pub(crate) fn native_rating(item: &Value) -> Option<NativeRating> {
    let agent = &item["assigned_agent"];
    let operator = json::id(&agent["id"]).map(|id| Person { id, name: json::text(&agent["name"]), program: false });
    Some(NativeRating {
        id: json::id(&item["id"])?,
        session: json::id(&item["conversation_id"]).or_else(|| json::id(&item["conversation"]["id"]))?,
        scale: Scale::FiveStar,
        score: item["rating"].as_u64().and_then(|score| u8::try_from(score).ok()).filter(|score| (1..=5).contains(score))?,
        comment: json::text(&item["feedback_message"]),
        operator,
        client: json::id(&item["contact"]["id"]),
        queue: None,
        at: seconds(&item["created_at"])?,
    })
}
