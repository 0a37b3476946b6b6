//! Checks of the connections at their platforms.

use super::desks::DeskAt;
use super::{CHECK_LIMIT, Finding, Findings, Grade};
use crate::app::Connections;
use crate::app::admin::probe::make_each;
use crate::life::engine::channels::Channels;
use crate::life::engine::in_time::in_time;
use crate::settings::Settings;
use lastword_contract::{Account, SendError, Verdict};

/// Checks every connection at its platform, all at once. Returns the channels, and the desks with the address for their webhooks.
pub(super) async fn check_all(findings: &mut Findings, settings: &Settings) -> (Channels, Vec<DeskAt>) {
    let (all, mut desks) = (Channels::default(), Vec::new());
    if settings.connections.is_empty() {
        findings.add(
            Grade::Note,
            "connections",
            "there are none",
            "add one on the page Connections, or [connections.NAME] to lastword.toml; see settings.default.toml",
        );
    }
    let mut checks = tokio::task::JoinSet::new();
    for (at, (name, made)) in make_each(settings).await.into_iter().enumerate() {
        match made {
            Err(error) => findings.problem(format!("connection {name}"), error.to_string(), "correct the settings"),
            Ok(Connections { channels, help_desks, .. }) => {
                let Some(channel) = channels.get(&name.as_str().into()) else { continue };
                all.add(name.clone(), channel.clone(), Vec::new());
                let desk = help_desks.get(&name.as_str().into()).map(|at_desk| at_desk.desk.clone());
                let hook_url = settings.http.public_url.as_ref().and_then(|url| url.join(&format!("hooks/{name}")).ok()).map(String::from);
                let known = desk.iter().map(|desk| DeskAt { name: name.clone(), desk: desk.clone(), hook_url: hook_url.clone() });
                desks.extend(known);
                checks.spawn(async move {
                    let found = match desk {
                        Some(desk) => check(&name, desk.kind(), desk.look(hook_url.as_deref())).await,
                        None => check(&name, channel.kind(), channel.check()).await,
                    };
                    (at, found)
                });
            }
        }
    }
    let mut checked = checks.join_all().await;
    checked.sort_by_key(|(at, _)| *at);
    findings.0.extend(checked.into_iter().flat_map(|(_, found)| found));
    (all, desks)
}

async fn check(name: &str, kind: &str, asked: impl Future<Output = Result<Account, SendError>>) -> Vec<Finding> {
    let mut findings = Findings::default();
    let about = format!("connection {name}");
    match in_time(CHECK_LIMIT, Verdict::RetryBackoff, asked).await {
        Err(SendError { kind: "timeout", .. }) => {
            findings.problem(about, "no answer within 10 seconds", "check the network, any proxy, and base_url")
        }
        Err(error) => findings.problem(about, error.to_string(), "check its keys in the settings, and the account on the platform"),
        Ok(account) => {
            // There is no API to check: the desk calls us.
            let works = if kind == "desk" && account.name.is_empty() { "is ready for the desk's calls" } else { "works" };
            let who = if account.name.is_empty() { String::new() } else { format!(": connected as {}", account.name) };
            findings.ok(about.clone(), format!("{kind} {works}{who}"));
            for warning in account.warnings {
                findings.problem(about.clone(), warning, "see the README of its adapter");
            }
            for note in account.notes {
                findings.add(Grade::Note, about.clone(), note, "");
            }
        }
    }
    findings.0
}
