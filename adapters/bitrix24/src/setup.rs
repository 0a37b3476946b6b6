//! Checks and setup of a portal: binds events, and switches Bitrix24's own question off.

use crate::api::{Api, BOUND_ALREADY, NO_ACCESS};
use crate::config::Config;
use crate::crm;
use crate::form::text;
use crate::lines::{self, Line};
use crate::lost::has_list;
use crate::panel;
use crate::receive::EVENTS;
use lastword_contract::{Account, Arrangement, SendError, SetUp, Verdict};
use serde_json::{Value, json};

/// Required permissions, and what they are for.
const SCOPES: [(&str, &str); 2] = [("imopenlines", "conversations"), ("im", "notices")];

/// Reports our account in the portal, and every problem.
///
/// # Errors
/// Errors of the API.
pub(crate) async fn look(api: &Api, config: &Config, hook_url: Option<&str>) -> Result<Account, SendError> {
    let (mut warnings, mut notes) = (Vec::new(), Vec::new());
    let app = match api.read("app.info", json!({})).await {
        Err(error) if error.kind == "not_installed" => {
            let detail = format!("The application is not installed: {}", by_hand(hook_url));
            return Err(SendError::new(error.verdict, error.kind, detail));
        }
        app => app?,
    };
    let who = api.read("profile", json!({})).await?;
    let name = [text(&who["NAME"]), text(&who["LAST_NAME"])].into_iter().flatten().collect::<Vec<_>>().join(" ");
    let name = format!("{name} ({})", api.host()).trim().to_owned();
    if who["ADMIN"] != true {
        warnings.push("Whoever installed the application is no administrator any more: let an administrator install it again.".to_owned());
    }
    if app["INSTALLED"] == false {
        warnings.push("Bitrix24 still waits for the end of the installation and sends no events: tick \"Script only\" on the application's page, then press Reinstall.".to_owned());
    }
    if api.tokens.has_strays().await? {
        warnings.push("Bitrix24 called with another application_token than that of the installation, and was refused: press Reinstall on the application's page.".to_owned());
    }
    let scopes = scopes(api).await?;
    let for_votes = (!config.vote_as_client.is_empty()).then_some(("imconnector", "votes of clients"));
    for (scope, what) in SCOPES.into_iter().chain(for_votes).filter(|(scope, _)| !scopes.iter().any(|has| has == scope)) {
        warnings.push(format!(
            "The application lacks the permission {scope} ({what}): tick it on the application's page, then press Reinstall."
        ));
    }
    if config.crm && !scopes.iter().any(|has| has == crm::SCOPE) {
        warnings.push("The application lacks the permission crm, so no client can be asked by mail or WhatsApp: tick it on the application's page, then press Reinstall; or set crm = false if no client is asked that way.".to_owned());
    }
    let remedy = SetUp::remedy("bitrix24");
    match hook_url {
        None => warnings.push(format!("http.public_url is not set, so Bitrix24 has no way to us: set it, then {remedy}.")),
        Some(url) => {
            let missing = unbound(api, url, &scopes).await?;
            if !missing.is_empty() {
                warnings.push(format!("Bitrix24 does not tell {url} of {}: {remedy}.", missing.join(", ")));
            }
            if let Some(panel) = panel::address(url).filter(|_| scopes.iter().any(|scope| scope == panel::SCOPE)) {
                let missing = panel::unbound(api, &panel).await?;
                if !missing.is_empty() {
                    warnings.push(format!("The panel {panel} is not in {}: {remedy}.", missing.join(", ")));
                }
            }
        }
    }
    warnings.extend(lines::wrong(api, config).await?);
    if !has_list(api).await? {
        notes.push(
            "Bitrix24 returns no list of closed conversations (a plan with open channel reports, and the right to see them, are needed): closes that it does not tell are found only of chats that were seen open."
                .to_owned(),
        );
    }
    Ok(Account { name, warnings, notes })
}

/// Steps for a person, because no API call does them.
fn by_hand(hook_url: Option<&str>) -> String {
    let url = hook_url.unwrap_or("https://YOUR-SERVER/hooks/NAME");
    format!(
        "in Bitrix24, as an administrator, Developer resources → Other → Local application: type Server, \"Script only (no user interface)\" ticked, handler path and initial installation path {url}, permissions imopenlines, im, imconnector and crm. Copy client_id and client_secret into the settings, restart lastword serve, and press Reinstall on that page."
    )
}

async fn scopes(api: &Api) -> Result<Vec<String>, SendError> {
    let read = api.read("scope", json!({})).await?;
    Ok(read.as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect())
}

/// Events not bound to `url`. Those of connectors count only if the application has their permission.
async fn unbound(api: &Api, url: &str, scopes: &[String]) -> Result<Vec<&'static str>, SendError> {
    let bound = api.read("event.get", json!({})).await?;
    let is_bound = |event: &str| {
        let mut all = bound.as_array().into_iter().flatten();
        all.any(|one| one["handler"] == url && one["event"].as_str().is_some_and(|name| name.eq_ignore_ascii_case(event)))
    };
    let has_connectors = scopes.iter().any(|scope| scope == "imconnector");
    let wanted = EVENTS.iter().filter(|(_, connectors)| has_connectors || !connectors).map(|(event, _)| *event);
    Ok(wanted.filter(|event| !is_bound(event)).collect())
}

/// Binds the missing events and returns them.
///
/// # Errors
/// Errors of the API.
pub(crate) async fn bind(api: &Api, url: &str, change: bool) -> Result<Vec<&'static str>, SendError> {
    let scopes = scopes(api).await?;
    let missing = unbound(api, url, &scopes).await?;
    for event in missing.iter().filter(|_| change) {
        match api.write("event.bind", json!({ "event": event, "handler": url })).await {
            Err(error) if error.kind != BOUND_ALREADY => return Err(error),
            _ => {}
        }
    }
    Ok(missing)
}

/// Sets up the portal, or lists the changes that this would make.
///
/// # Errors
/// Errors of the API.
pub(crate) async fn set_up(api: &Api, config: &Config, wish: &SetUp) -> Result<Arrangement, SendError> {
    let Some(url) = wish.hook_url.as_deref() else {
        return Err(SendError::new(Verdict::Refused, "no_address", "http.public_url is not set, so Bitrix24 has no way to us"));
    };
    let mut done = Arrangement { settings: settings(config), ..Arrangement::default() };
    let missing = match bind(api, url, wish.change).await {
        Err(error) if error.kind == "not_installed" => {
            done.warnings.push(format!("By hand: {}", by_hand(Some(url))));
            return Ok(done);
        }
        missing => missing?,
    };
    if missing.is_empty() {
        done.steps.push("All events are bound already.".to_owned());
    }
    done.steps.extend(missing.iter().map(|event| format!("The event {event} is bound to {url}.")));
    panel_place(api, url, wish, &mut done).await?;
    own_question(api, config, wish, &mut done).await?;
    if config.supervisor_score {
        done.warnings.push("By hand: the user who installed the application needs the right to rate conversations as a supervisor (Contact Center → Access permissions), and a plan that has it.".to_owned());
    }
    Ok(done)
}

/// Adds the panel to the chats of open lines, if the application may.
async fn panel_place(api: &Api, url: &str, wish: &SetUp, done: &mut Arrangement) -> Result<(), SendError> {
    let Some(url) = panel::address(url) else { return Ok(()) };
    if !scopes(api).await?.iter().any(|scope| scope == panel::SCOPE) {
        done.warnings.push(format!(
            "Without the permission {} there is no panel beside chats: tick it on the application's page, press Reinstall, and run this again.",
            panel::SCOPE
        ));
        return Ok(());
    }
    for place in panel::unbound(api, &url).await? {
        done.steps.push(format!("The panel is put into {place}, at {url}."));
        if wish.change {
            panel::bind(api, place, &url).await?;
        }
    }
    Ok(())
}

/// Switches Bitrix24's own question on where votes are written, and off everywhere else.
async fn own_question(api: &Api, config: &Config, wish: &SetUp, done: &mut Arrangement) -> Result<(), SendError> {
    let lines = lines::all(api, config).await?;
    for line in lines.iter().filter(|line| line.asks != line.votes()) {
        if line.asks && !wish.native_off {
            done.warnings.push(format!(
                "The line \"{}\" ({}) asks clients to rate by itself, so they would be asked twice: run it again with --native-off.",
                line.name, line.id
            ));
            continue;
        }
        let (flag, state) = if line.votes() { ("Y", "on, for the votes of clients,") } else { ("N", "off") };
        done.steps.push(format!("Bitrix24's own question is switched {state} on the line \"{}\" ({}).", line.name, line.id));
        if wish.change {
            let changed = json!({ "CONFIG_ID": line.id, "PARAMS": { "VOTE_MESSAGE": flag } });
            api.write("imopenlines.config.update", changed).await.map_err(|error| denied(error, line))?;
        }
    }
    done.warnings.extend(lines::by_hand(api, config, &lines).await?);
    Ok(())
}

fn denied(error: SendError, line: &Line) -> SendError {
    if error.kind != NO_ACCESS {
        return error;
    }
    let detail = format!("the user who installed the application may not change the line \"{}\": switch its question by hand", line.name);
    SendError::new(Verdict::Refused, "missing_right", detail)
}

/// Values for the settings file.
fn settings(config: &Config) -> Vec<(&'static str, String)> {
    use secrecy::ExposeSecret;
    vec![("client_id", config.client_id.clone()), ("secret", config.secret.expose_secret().to_owned())]
}
