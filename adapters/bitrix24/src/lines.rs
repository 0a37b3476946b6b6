//! Lines of a portal: which ask clients by themselves, and which should, because they have a channel of our application
//! whose clients' votes are written.

use crate::api::{Api, NO_ACCESS};
use crate::config::Config;
use crate::form::{id, text};
use lastword_contract::{SendError, SetUp};
use serde_json::{Map, Value, json};

/// Maximum number of lines checked, in batches of fifty.
const LINES_MAX: usize = 500;
const BATCH: usize = 50;
/// Minimum time that Bitrix24 should wait after a close, so that a client can answer elsewhere.
const WAITS_MINUTES: u64 = 10;

/// One line of the portal.
pub(crate) struct Line {
    pub(crate) id: String,
    pub(crate) name: String,
    /// True if the line asks clients by itself.
    pub(crate) asks: bool,
    /// Channels on the line whose clients' votes are written.
    connectors: Vec<String>,
    /// Minutes that Bitrix24 waits after a close.
    waits_minutes: u64,
    /// Seconds after which a vote no longer counts; 0 for no limit.
    limit_secs: u64,
}

impl Line {
    /// True if votes are written on this line.
    pub(crate) fn votes(&self) -> bool {
        !self.connectors.is_empty()
    }
}

/// Returns all active lines.
///
/// # Errors
/// Errors of the API.
pub(crate) async fn all(api: &Api, config: &Config) -> Result<Vec<Line>, SendError> {
    let listed =
        api.read("imopenlines.config.list.get", json!({ "PARAMS": { "select": ["ID", "LINE_NAME", "ACTIVE"], "limit": 200 } })).await?;
    let lines: Vec<&Value> = listed.as_array().into_iter().flatten().filter(|line| line["ACTIVE"] != "N").take(LINES_MAX).collect();
    let ids: Vec<String> = lines.iter().filter_map(|line| id(&line["ID"])).collect();
    let mut all = Vec::new();
    for some in ids.chunks(BATCH) {
        let read = each(api, some, |id| format!("imopenlines.config.get?CONFIG_ID={id}")).await?;
        for id in some {
            let line = &read["result"][format!("l{id}")];
            let number = |field: &str| line[field].as_u64().or_else(|| line[field].as_str()?.parse().ok());
            all.push(Line {
                id: id.clone(),
                name: text(&line["LINE_NAME"]).unwrap_or_default().to_owned(),
                asks: line["VOTE_MESSAGE"] == "Y",
                connectors: Vec::new(),
                // A missing value is no fault.
                waits_minutes: number("FULL_CLOSE_TIME").unwrap_or(WAITS_MINUTES),
                limit_secs: number("VOTE_TIME_LIMIT").unwrap_or(0),
            });
        }
    }
    for connector in config.vote_as_client.keys() {
        let encoded: String = url::form_urlencoded::byte_serialize(connector.as_bytes()).collect();
        for some in ids.chunks(BATCH) {
            let read = each(api, some, |id| format!("imconnector.status?LINE={id}&CONNECTOR={encoded}")).await?;
            for line in all.iter_mut().filter(|line| read["result"][format!("l{}", line.id)]["STATUS"] == true) {
                line.connectors.push(connector.clone());
            }
        }
    }
    Ok(all)
}

/// Makes one call for each line, in one batch.
async fn each(api: &Api, ids: &[String], call: impl Fn(&str) -> String) -> Result<Value, SendError> {
    let calls: Map<String, Value> = ids.iter().map(|id| (format!("l{id}"), json!(call(id)))).collect();
    api.read("batch", json!({ "halt": 0, "cmd": calls })).await
}

/// Problems with Bitrix24's own question, one sentence each.
///
/// # Errors
/// Errors of the API.
pub(crate) async fn wrong(api: &Api, config: &Config) -> Result<Vec<String>, SendError> {
    let lines = all(api, config).await?;
    let mut wrong = Vec::new();
    for Line { id, name, .. } in lines.iter().filter(|line| line.asks && !line.votes()) {
        wrong.push(format!(
            "The line \"{name}\" ({id}) asks clients to rate by itself: run lastword desk setup bitrix24 --native-off, or switch it off there (line → Quality assessment)."
        ));
    }
    for Line { id, name, .. } in lines.iter().filter(|line| !line.asks && line.votes()) {
        wrong.push(format!(
            "The line \"{name}\" ({id}) does not ask clients to rate, so Bitrix24 takes no votes there: {}, or switch it on there (line → Quality assessment).",
            SetUp::remedy("bitrix24")
        ));
    }
    wrong.extend(by_hand(api, config, &lines).await?);
    Ok(wrong)
}

/// Settings that a person has to change so that votes can be written.
///
/// # Errors
/// Errors of the API.
pub(crate) async fn by_hand(api: &Api, config: &Config, lines: &[Line]) -> Result<Vec<String>, SendError> {
    let mut wrong = Vec::new();
    if config.vote_as_client.is_empty() {
        return Ok(wrong);
    }
    let registered = match api.read("imconnector.list", json!({})).await {
        Err(error) if error.kind == NO_ACCESS => None,
        listed => Some(listed?),
    };
    let misfit = api.tokens.misfit().await?;
    for (connector, form) in &config.vote_as_client {
        if registered.as_ref().is_some_and(|registered| registered.get(connector).is_none()) {
            wrong.push(format!(
                "vote_as_client names the connector {connector}, which is not registered: the program that brings its messages registers it (imconnector.register, with NEED_SYSTEM_MESSAGES) under the same application."
            ));
        } else if lines.iter().all(|line| !line.connectors.contains(connector)) {
            wrong.push(format!(
                "The connector {connector} is active on no line, so no votes can be written there: switch it on in the Contact Center, or by imconnector.activate."
            ));
        }
        if misfit.as_ref() == Some(form) {
            wrong.push(format!(
                "A vote by {connector} reached another conversation than its own, and no more are written: set vote_as_client.{connector} to how the ids of its clients are formed of those of their chats."
            ));
        }
    }
    for Line { id, name, waits_minutes, limit_secs, .. } in lines.iter().filter(|line| line.votes()) {
        if *waits_minutes < WAITS_MINUTES {
            wrong.push(format!(
                "The line \"{name}\" ({id}) waits {waits_minutes} minutes for a vote, and later ones are not written: set the time until the full close (FULL_CLOSE_TIME) to {WAITS_MINUTES} minutes or more."
            ));
        }
        if *limit_secs > 0 && *limit_secs < waits_minutes * 60 {
            wrong.push(format!(
                "The line \"{name}\" ({id}) takes votes for {limit_secs} seconds only: switch its time limit for ratings off (line → Quality assessment)."
            ));
        }
    }
    Ok(wrong)
}
