//! Installation. Bitrix24 sends tokens once, with `OnAppInstall`. Any caller could post such a request, so the tokens are
//! verified before they are stored: they have to belong to our application and to an administrator of our portal.
//! Verification is a call to the portal, so a caller that was refused too often has to wait first ([`tries_tokens`]).

use crate::api::Api;
use crate::config::Config;
use crate::form::{fields, text};
use crate::setup;
use crate::tokens::Grant;
use lastword_contract::{RawRequest, SendError, Verdict};
use serde_json::{Value, json};
use tokio::sync::Mutex;

const INSTALLED: &str = "ONAPPINSTALL";

/// True for a request with tokens, which are verified by a call to the portal.
pub(crate) fn tries_tokens(request: &RawRequest) -> bool {
    fields(&request.body)["event"].as_str().is_some_and(|event| event.eq_ignore_ascii_case(INSTALLED))
}

/// Verifies one installation at a time, to limit the load of unauthenticated calls.
#[derive(Default)]
pub(crate) struct Installer(Mutex<()>);

impl Installer {
    /// Stores the tokens of a request before the request is read.
    ///
    /// # Errors
    /// If the tokens are invalid, or cannot be verified or stored now.
    pub(crate) async fn prepare(&self, api: &Api, config: &Config, hook: Option<&str>, request: &RawRequest) -> Result<(), SendError> {
        let body = fields(&request.body);
        let auth = &body["auth"];
        match body["event"].as_str().unwrap_or_default().to_ascii_uppercase().as_str() {
            INSTALLED => {
                let busy = |_| SendError::new(Verdict::RetryAfter(1_000), "busy", "another installation is looked at");
                let _turn = self.0.try_lock().map_err(busy)?;
                install(api, config, hook, auth).await
            }
            event => {
                let named = text(&auth["application_token"]).unwrap_or_default();
                if api.tokens.admits(named) != Some(true) {
                    api.tokens.catch_up().await?;
                }
                if api.tokens.admits(named) == Some(false) {
                    api.tokens.note_stray(text(&auth["member_id"]).unwrap_or_default()).await?;
                }
                if event == "ONAPPUNINSTALL" && api.tokens.admits(named) == Some(true) {
                    api.tokens.forget().await?;
                }
                Ok(())
            }
        }
    }
}

async fn install(api: &Api, config: &Config, hook: Option<&str>, auth: &Value) -> Result<(), SendError> {
    let refuse = |kind, detail: &str| SendError::new(Verdict::Refused, kind, detail);
    let part = |name: &str| text(&auth[name]).map(str::to_owned);
    let tokens = [part("access_token"), part("refresh_token"), part("application_token"), part("member_id")];
    let [Some(access), Some(refresh), Some(application), Some(member)] = tokens else {
        return Err(refuse(
            "no_tokens",
            "the installation brings no tokens: an event handler for OnAppInstall, and nothing else, belongs here",
        ));
    };
    let endpoint = part("server_endpoint").unwrap_or_default();
    let unknown = || refuse("unknown_server", "the installation names an authorization server that is none of Bitrix24's: set auth_url");
    let server = config.authorization_server(&endpoint).ok_or_else(unknown)?;
    let grant = Grant { access, refresh, application, member, server };
    let judged = |error: SendError| match (error.kind, error.verdict) {
        (kind, Verdict::RetryAfter(_) | Verdict::RetryBackoff) if kind != "token_spent" => error,
        _ => refuse("tokens_not_good", &format!("the tokens of the installation are not good at url: {}", error.detail)),
    };
    let app = api.call_with(&grant, "app.info", &json!({}), true).await.map_err(judged)?;
    if app["CODE"].as_str() != Some(config.client_id.as_str()) {
        return Err(refuse("another_application", "the tokens are of another application than client_id"));
    }
    let who = api.call_with(&grant, "profile", &json!({}), true).await.map_err(judged)?;
    if who["ADMIN"] != true {
        return Err(refuse("no_administrator", "the user who installs the application has to be an administrator of the portal"));
    }
    api.tokens.install(grant).await?;
    // Bitrix24 removes all handlers when an application is reinstalled. `look` reports those that cannot be bound.
    if let Some(hook) = hook {
        let _ = setup::bind(api, hook, true).await;
    }
    Ok(())
}
