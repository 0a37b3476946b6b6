//! Sets up a help desk from the command line.

use super::Failure;
use super::probe::make_each;
use crate::app::Connections;
use crate::settings::Settings;
use crate::time::{Clock, DAY, SystemClock};
use lastword_contract::{Desk, NativeRating, SetUp};
use serde::Serialize;
use std::path::Path;
use std::sync::Arc;

/// Period of a desk's own ratings that are read.
const HISTORY: i64 = 90 * DAY;
/// Maximum pages of ratings.
const PAGES_MAX: usize = 4_000;

/// Kinds of connections that can reach a desk's clients by the addresses that the desk knows.
const CARRIERS: [&str; 3] = ["email", "whatsapp", "telegram"];

/// Options of the setup.
#[derive(Clone, Debug)]
pub struct WantedDesk {
    /// Name of the connection.
    pub name: String,
    /// Address for the desk's webhooks, if it is not under `http.public_url`.
    pub hook_url: Option<String>,
    /// Switch off the desk's own rating question.
    pub native_off: bool,
    /// True to make the changes, false to list them only.
    pub change: bool,
}

/// Result of a setup, or of its dry run.
#[derive(Clone, Debug, Serialize)]
pub struct ReadyDesk {
    /// Our account in the desk.
    pub who: String,
    /// Changes that were made.
    pub steps: Vec<String>,
    /// Steps for a person.
    pub warnings: Vec<String>,
    /// Settings that the desk returned.
    pub settings: Vec<(String, String)>,
    /// Connection that asks the desk's clients, if the desk itself sends no questions to clients; empty if there is none yet.
    pub ask_through: Option<String>,
}

/// Sets up the desk of a connection.
///
/// # Errors
/// Names what the desk or the settings lack.
pub async fn set_up_desk(settings: &Settings, wanted: &WantedDesk) -> Result<ReadyDesk, Failure> {
    let (desk, asks) = desk(settings, &wanted.name).await?;
    if !desk.abilities().sets_up {
        let kind = desk.kind();
        return Err(Failure::Usage(format!("a desk of kind {kind} is set up by hand; see docs/desks.md and docs/close.md")));
    }
    let ours = || settings.http.public_url.as_ref().and_then(|url| url.join(&format!("hooks/{}", wanted.name)).ok()).map(String::from);
    let Some(hook_url) = wanted.hook_url.clone().or_else(ours) else {
        return Err(Failure::Usage("http.public_url is not set, so the desk cannot reach us; set it, or add --hook-url".to_owned()));
    };
    let failed = |error: lastword_contract::SendError| Failure::Failed(format!("{}: {}", wanted.name, error.detail));
    let wish = SetUp { hook_url: Some(hook_url.clone()), native_off: wanted.native_off, change: wanted.change };
    let done = desk.set_up(&wish).await.map_err(failed)?;
    // A desk that needs manual setup first does not return our account yet.
    let account = desk.look(Some(&hook_url)).await.unwrap_or_default();
    let carrier = || settings.connections.values().find(|one| CARRIERS.contains(&one.kind.as_str())).map(|one| one.name.clone());
    let ask_through = (!asks).then(|| carrier().unwrap_or_default());
    let settings = done.settings.into_iter().map(|(key, value)| (key.to_owned(), value)).collect();
    let who = if account.name.is_empty() { desk.kind().to_owned() } else { account.name };
    Ok(ReadyDesk { who, steps: done.steps, warnings: done.warnings, settings, ask_through })
}

/// Writes a desk's own ratings to a file for `lastword import`. Returns their number.
///
/// # Errors
/// Names what failed.
pub async fn write_history(settings: &Settings, name: &str, file: &Path) -> Result<usize, Failure> {
    let (desk, _) = desk(settings, name).await?;
    if !desk.abilities().rates {
        return Err(Failure::Usage(format!("a desk of kind {} has no ratings of its own", desk.kind())));
    }
    let since = SystemClock::default().now() - HISTORY;
    let mut written = csv::Writer::from_path(file).map_err(|error| Failure::Failed(format!("{}: {error}", file.display())))?;
    let broken = |error: csv::Error| Failure::Failed(format!("{}: {error}", file.display()));
    let head = ["session", "closed_at", "rated_at", "scale", "score", "comment", "operator", "operator_name", "client", "asked"];
    written.write_record(head).map_err(broken)?;
    let (mut page, mut count) = (None, 0);
    for _ in 0..PAGES_MAX {
        let got = desk.native_ratings(since, page.as_deref()).await;
        let got = got.map_err(|error| Failure::Failed(format!("{name}: {}", error.detail)))?;
        for rating in got.ratings.iter().filter(|rating| rating.at >= since) {
            written.write_record(row(rating)).map_err(broken)?;
            count += 1;
        }
        page = got.next;
        if page.is_none() {
            break;
        }
    }
    written.flush().map_err(|error| Failure::Failed(format!("{}: {error}", file.display())))?;
    Ok(count)
}

fn row(rating: &NativeRating) -> [String; 10] {
    let operator = rating.operator.clone().unwrap_or_default();
    let at = rating.at.to_string();
    [
        rating.session.clone(),
        at.clone(),
        at,
        rating.scale.as_str().to_owned(),
        rating.score.to_string(),
        rating.comment.clone().unwrap_or_default(),
        operator.id,
        operator.name.unwrap_or_default(),
        rating.client.clone().unwrap_or_default(),
        "yes".to_owned(),
    ]
}

/// The desk of a connection, and true if it sends questions to clients itself.
async fn desk(settings: &Settings, name: &str) -> Result<(Arc<dyn Desk>, bool), Failure> {
    let made = make_each(settings).await.into_iter().find(|(made, _)| made == name).map(|(_, made)| made);
    let Connections { help_desks, channels, .. } = match made {
        Some(Ok(made)) => made,
        Some(Err(error)) => return Err(Failure::Usage(error.to_string())),
        None => return Err(Failure::Usage(format!("there is no connection {name}; add [connections.{name}] to lastword.toml"))),
    };
    let asks = channels.get(&name.into()).is_some_and(|channel| {
        let can = channel.capabilities();
        can.free_text || can.binary || can.five_star || can.links
    });
    let found = help_desks.get(&name.into()).map(|at_desk| (at_desk.desk.clone(), asks));
    found.ok_or_else(|| Failure::Usage(format!("{name} is not a desk; see docs/desks.md for the supported ones")))
}
