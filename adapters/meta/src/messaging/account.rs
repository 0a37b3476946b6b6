//! The account's name, and which of its events are sent to the app.

use crate::error::{INVALID_PARAMETER, classify};
use crate::event::{items, word};
use crate::graph::Graph;
use crate::hook;
use lastword_contract::SendError;
use serde_json::{Value, json};

/// The value of the first of `fields` that the account has.
pub(crate) async fn name(graph: &Graph, id: &str, fields: &[&str]) -> Result<Option<String>, SendError> {
    let me = get(graph, id, &[("fields", &fields.join(","))]).await?;
    Ok(fields.iter().find_map(|field| word(&me, &format!("/{field}"))))
}

async fn get(graph: &Graph, path: &str, query: &[(&str, &str)]) -> Result<Value, SendError> {
    graph.get(path, query).await.map_err(|failure| classify(&failure, graph, None))
}

/// Fields to which the app is subscribed.
async fn subscribed(graph: &Graph, id: &str) -> Result<Vec<String>, SendError> {
    let apps = get(graph, &format!("{id}/subscribed_apps"), &[]).await?;
    let fields = items(&apps, "/data").flat_map(|app| items(app, "/subscribed_fields"));
    // Newer responses have objects with a name instead of names.
    let name = |field: &Value| field.as_str().map(str::to_owned).or_else(|| word(field, "/name"));
    let mut fields: Vec<String> = fields.filter_map(name).collect();
    fields.sort();
    fields.dedup();
    Ok(fields)
}

/// A sentence about missing subscribed fields; `None` if there are none.
pub(crate) async fn subscription_warning(graph: &Graph, id: &str, fields: &[&str]) -> Option<String> {
    match subscribed(graph, id).await {
        Ok(found) => {
            let missing: Vec<&str> = fields.iter().copied().filter(|field| found.iter().all(|one| one != field)).collect();
            (!missing.is_empty())
                .then(|| format!("The account is not subscribed to {}: what happens there does not reach us.", missing.join(", ")))
        }
        Err(error) => Some(format!("The account's subscriptions could not be read: {}.", error.detail)),
    }
}

/// Subscribes the account to `fields` in addition to its current ones. If Meta refuses one of them, as an older version of
/// the API does with a newer field, only `needed` are added. The webhook's address is set in the app's dashboard.
pub(crate) async fn subscribe(graph: &Graph, id: &str, hook_url: &str, needed: &[&str], fields: &[&str]) -> Result<(), SendError> {
    hook::check(hook_url)?;
    let has = subscribed(graph, id).await?;
    let lacks = |wanted: &[&str]| wanted.iter().any(|&field| has.iter().all(|one| one != field));
    if !lacks(fields) {
        return Ok(());
    }
    match add(graph, id, &has, fields).await {
        Err(error) if error.kind == INVALID_PARAMETER => {
            tracing::warn!(error.detail, "Meta refused one of the webhook fields {fields:?}: only {needed:?} are subscribed");
            if lacks(needed) { add(graph, id, &has, needed).await } else { Ok(()) }
        }
        ended => ended,
    }
}

async fn add(graph: &Graph, id: &str, has: &[String], fields: &[&str]) -> Result<(), SendError> {
    let mut all: Vec<&str> = has.iter().map(String::as_str).chain(fields.iter().copied()).collect();
    let mut seen = std::collections::HashSet::new();
    all.retain(|field| seen.insert(*field));
    let body = json!({ "subscribed_fields": all });
    graph.post(&format!("{id}/subscribed_apps"), &body).await.map(drop).map_err(|failure| classify(&failure, graph, None))
}
