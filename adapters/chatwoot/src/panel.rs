//! The panel beside each conversation: a dashboard app, which frames a page of ours.

use crate::config::Config;
use lastword_contract::http::Api;
use lastword_contract::{Arrangement, SendError, SetUp};
use serde_json::{Value, json};

/// Message that asks Chatwoot's page for the conversation it shows.
pub(crate) const ASK: &str = "chatwoot-dashboard-app:fetch-info";
/// Path of the hooks, and of the panel.
const HOOKS: &str = "/hooks/";
const PANEL: &str = "/panel/";

/// The panel's address, derived from the hook's.
fn address(hook_url: &str) -> Option<String> {
    let (before, name) = hook_url.rsplit_once(HOOKS)?;
    Some(format!("{before}{PANEL}{name}"))
}

/// Addresses framed by dashboard apps.
async fn framed(api: &Api) -> Result<Vec<String>, SendError> {
    let apps = api.get("dashboard_apps").await?;
    let all = apps.as_array().or_else(|| apps["payload"].as_array()).into_iter().flatten();
    let frames = all.flat_map(|app| app["content"].as_array().into_iter().flatten());
    Ok(frames.filter_map(|frame| frame["url"].as_str().map(str::to_owned)).collect())
}

/// Creates the dashboard app, or reports that it would be created.
///
/// # Errors
/// Errors of the API.
pub(crate) async fn set_up(api: &Api, config: &Config, wish: &SetUp, done: &mut Arrangement) -> Result<(), SendError> {
    let Some(url) = wish.hook_url.as_deref().and_then(address) else { return Ok(()) };
    done.warnings.extend(insecure(config, &url));
    if framed(api).await?.contains(&url) {
        return Ok(());
    }
    done.steps.push(format!("The dashboard app \"Lastword\" is made: the panel beside each conversation, at {url}."));
    if wish.change {
        let content: Value = json!([{ "type": "frame", "url": url }]);
        api.post("dashboard_apps", &json!({ "dashboard_app": { "title": "Lastword", "content": content } })).await?;
    }
    Ok(())
}

/// Problems with the panel, if there is one. A missing panel is no problem.
pub(crate) async fn faults(api: &Api, config: &Config, hook_url: &str) -> Vec<String> {
    let Some(url) = address(hook_url) else { return Vec::new() };
    let Ok(framed) = framed(api).await else { return Vec::new() };
    let ours = url.rsplit_once(PANEL).map(|(_, name)| format!("{PANEL}{name}")).unwrap_or_default();
    let other = framed.iter().find(|framed| **framed != url && framed.ends_with(&ours));
    let mut faults: Vec<String> = other
        .map(|other| format!("A dashboard app shows the panel of {other} and not of {url}: change its address in Settings → Integrations → Dashboard apps."))
        .into_iter()
        .collect();
    faults.extend(insecure(config, &url).filter(|_| framed.contains(&url)));
    faults
}

/// Browsers do not show a page without TLS inside a page with TLS.
fn insecure(config: &Config, url: &str) -> Option<String> {
    let desk = config.panel_origin()?;
    let refused = desk.starts_with("https:") && url.starts_with("http:");
    refused.then(|| format!("Browsers refuse the panel, since {desk} is https and {url} is not: set http.public_url to an https address."))
}
