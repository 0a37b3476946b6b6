//! Tokens of an installation. The access token lasts an hour; the refresh token lasts 180 days and changes at each use, so
//! the new one is stored immediately, for all nodes. Tokens are not renewed before they expire: Bitrix24 threatens to block
//! applications that do.

use crate::config::Config;
use lastword_contract::{Millis, SendError, Vault, VaultError, Verdict};
use reqwest::Client;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;
use subtle::ConstantTimeEq;
use tokio::sync::Mutex;
use url::Url;

/// Lifetime of a refresh token.
const LASTS: Millis = 180 * 24 * 3_600_000;
/// Time for which it is reported that our portal called with another token than ours.
const STRAY_FOR: Millis = 7 * 24 * 3_600_000;
/// Value stored after such a call.
const STRAYED: &str = "strayed";

/// Tokens of an installation.
#[derive(Clone, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Grant {
    /// Access token; empty after the application was removed.
    pub(crate) access: String,
    /// Refresh token.
    pub(crate) refresh: String,
    /// Application token, which is part of every event.
    pub(crate) application: String,
    /// ID of the portal, independent of its address.
    pub(crate) member: String,
    /// Authorization server.
    pub(crate) server: String,
}

#[derive(Default)]
struct Known {
    grant: Option<Grant>,
    /// True until the grant has been stored.
    unkept: bool,
    /// Refresh token that was refused once; another node may have just used it.
    refused: Option<String>,
}

/// Tokens of one connection.
pub(crate) struct Tokens {
    connection: String,
    /// Vault entry that records calls of our portal with another token.
    strays: String,
    /// Vault entry for the client ID pattern by which a vote reached a wrong chat.
    misfits: String,
    made_from: String,
    client_id: String,
    secret: SecretString,
    config: Config,
    http: Client,
    timeout: Duration,
    vault: Arc<dyn Vault>,
    known: RwLock<Known>,
    turn: Mutex<()>,
}

impl Tokens {
    pub(crate) fn new(connection: &str, config: &Config, http: Client, vault: Arc<dyn Vault>, timeout: Duration) -> Self {
        let mut digest = Sha256::new();
        for part in [config.url.trim().trim_end_matches('/'), config.client_id.as_str(), config.secret.expose_secret()] {
            digest.update(part.as_bytes());
            digest.update([0]);
        }
        Self {
            connection: connection.to_owned(),
            strays: format!("{connection}#strays"),
            misfits: format!("{connection}#misfits"),
            made_from: hex::encode(digest.finalize()),
            client_id: config.client_id.clone(),
            secret: config.secret.clone(),
            config: config.clone(),
            http,
            timeout,
            vault,
            known: RwLock::default(),
            turn: Mutex::new(()),
        }
    }

    fn grant(&self) -> Option<Grant> {
        self.known.read().unwrap_or_else(PoisonError::into_inner).grant.clone()
    }

    fn change(&self, change: impl FnOnce(&mut Known)) {
        change(&mut self.known.write().unwrap_or_else(PoisonError::into_inner));
    }

    /// True if this is the token of our installation; `None` while none is known.
    pub(crate) fn admits(&self, application: &str) -> Option<bool> {
        let grant = self.grant()?;
        Some(!grant.application.is_empty() && bool::from(grant.application.as_bytes().ct_eq(application.as_bytes())))
    }

    /// True if this is the portal of our installation, whatever its address.
    pub(crate) fn is_of(&self, member: &str) -> bool {
        self.grant().is_some_and(|grant| !grant.member.is_empty() && grant.member == member)
    }

    /// Loads the stored tokens, which another node may have changed.
    ///
    /// # Errors
    /// If the vault cannot be read.
    pub(crate) async fn catch_up(&self) -> Result<Option<Grant>, SendError> {
        let kept = self.vault.open(&self.connection, &self.made_from).await.map_err(|error| unusable(&error))?;
        let kept: Option<Grant> = kept.and_then(|text| serde_json::from_str(&text).ok());
        self.change(|known| {
            if !known.unkept && kept.is_some() {
                known.grant.clone_from(&kept);
            }
        });
        Ok(kept)
    }

    /// The tokens to call with.
    ///
    /// # Errors
    /// If there are none, or they cannot be read.
    pub(crate) async fn current(&self) -> Result<Grant, SendError> {
        let unkept = self.known.read().unwrap_or_else(PoisonError::into_inner).unkept;
        if unkept && let Some(grant) = self.grant() {
            self.keep(&grant).await?;
        }
        let grant = match self.grant() {
            Some(grant) => Some(grant),
            None => self.catch_up().await?,
        };
        grant.filter(|grant| !grant.access.is_empty()).ok_or_else(not_installed)
    }

    /// Tokens that replace the expired `spent`: those stored by another node, or renewed ones.
    ///
    /// # Errors
    /// If Bitrix24 refuses to renew them.
    pub(crate) async fn after(&self, spent: &Grant) -> Result<Grant, SendError> {
        let _turn = self.turn.lock().await;
        if let Some(other) = self.other_than(spent).await? {
            return Ok(other);
        }
        if !self.vault.may_renew().await.map_err(|error| unusable(&error))? {
            return Err(SendError::new(
                Verdict::RetryBackoff,
                "copy",
                "this database is a copy: tokens are not renewed before its release",
            ));
        }
        let renewed = self.renew(spent).await?;
        // Use the new tokens even if they cannot be stored now: the previous ones are no longer valid.
        self.change(|known| *known = Known { grant: Some(renewed.clone()), unkept: true, refused: None });
        self.keep(&renewed).await?;
        Ok(renewed)
    }

    /// Tokens other than `spent`, if there are any already.
    ///
    /// # Errors
    /// If the vault cannot be read.
    pub(crate) async fn other_than(&self, spent: &Grant) -> Result<Option<Grant>, SendError> {
        let usable = |grant: &Grant| grant.access != spent.access && !grant.access.is_empty();
        match self.grant().filter(usable) {
            Some(grant) => Ok(Some(grant)),
            None => Ok(self.catch_up().await?.filter(usable)),
        }
    }

    async fn renew(&self, spent: &Grant) -> Result<Grant, SendError> {
        let garbled = || SendError::new(Verdict::RetryBackoff, "garbled", "the authorization server's answer makes no sense");
        let mut url = Url::parse(&format!("{}/oauth/token/", spent.server)).map_err(|_| not_installed())?;
        url.query_pairs_mut()
            .append_pair("grant_type", "refresh_token")
            .append_pair("client_id", &self.client_id)
            .append_pair("client_secret", self.secret.expose_secret())
            .append_pair("refresh_token", &spent.refresh);
        // The URL contains secrets, so a network error is reported without its own text.
        let answer = self.http.get(url).timeout(self.timeout).send().await;
        let answer = answer.map_err(|_| SendError::new(Verdict::RetryBackoff, "timeout", "the authorization server did not answer"))?;
        let (status, body) = (answer.status(), answer.bytes().await.map_err(|_| garbled())?);
        let body: Value = serde_json::from_slice(&body).map_err(|_| garbled())?;
        match (body["access_token"].as_str(), body["refresh_token"].as_str()) {
            (Some(access), Some(refresh)) if status.is_success() && !access.is_empty() && !refresh.is_empty() => {
                let named = body["server_endpoint"].as_str().and_then(|endpoint| self.config.authorization_server(endpoint));
                let server = named.unwrap_or_else(|| spent.server.clone());
                Ok(Grant { access: access.to_owned(), refresh: refresh.to_owned(), server, ..spent.clone() })
            }
            _ => Err(self.refused(spent, body["error"].as_str().unwrap_or_default())),
        }
    }

    fn refused(&self, spent: &Grant, code: &str) -> SendError {
        let broken = |kind, detail| SendError::new(Verdict::ConnectionBroken, kind, detail);
        match code {
            "invalid_client" => broken("secret_refused", "Bitrix24 does not know this application: check client_id and secret"),
            "PAYMENT_REQUIRED" => broken("payment_required", "the portal's plan allows no applications any more: renew it"),
            "insufficient_scope" => {
                broken("missing_scope", "the application lacks a permission: tick imopenlines and im, and install it again")
            }
            "invalid_grant" => {
                let again = self.known.read().unwrap_or_else(PoisonError::into_inner).refused.as_ref() == Some(&spent.refresh);
                self.change(|known| known.refused = Some(spent.refresh.clone()));
                // Another node may have just renewed it without having stored the result yet.
                let verdict = if again { Verdict::ConnectionBroken } else { Verdict::RetryBackoff };
                let detail = "Bitrix24 no longer renews the token (unused tokens last 180 days): install the application again";
                SendError::new(verdict, "token_refused", detail)
            }
            _ => SendError::new(Verdict::RetryBackoff, "not_renewed", "the authorization server renews no token now"),
        }
    }

    /// Stores the tokens of an installation.
    ///
    /// # Errors
    /// If they cannot be stored.
    pub(crate) async fn install(&self, grant: Grant) -> Result<(), SendError> {
        let _turn = self.turn.lock().await;
        self.keep(&grant).await?;
        self.change(|known| *known = Known { grant: Some(grant), unkept: false, refused: None });
        if self.has_strays().await? {
            self.vault.keep(&self.strays, &self.made_from, "", STRAY_FOR).await.map_err(|error| unusable(&error))?;
        }
        Ok(())
    }

    /// Records a call with another token than ours. If it is from our portal, `look` reports it on every node.
    ///
    /// # Errors
    /// If that cannot be stored.
    pub(crate) async fn note_stray(&self, member: &str) -> Result<(), SendError> {
        let is_ours = self.grant().is_some_and(|grant| !grant.access.is_empty() && grant.member == member);
        if !is_ours || self.has_strays().await? {
            return Ok(());
        }
        self.vault.keep(&self.strays, &self.made_from, STRAYED, STRAY_FOR).await.map_err(|error| unusable(&error))
    }

    /// True if our portal recently called with another token than ours.
    ///
    /// # Errors
    /// If the vault cannot be read.
    pub(crate) async fn has_strays(&self) -> Result<bool, SendError> {
        let kept = self.vault.open(&self.strays, &self.made_from).await.map_err(|error| unusable(&error))?;
        Ok(kept.as_deref() == Some(STRAYED))
    }

    /// The client ID pattern by which a vote reached a wrong chat, if one did.
    ///
    /// # Errors
    /// If the vault cannot be read.
    pub(crate) async fn misfit(&self) -> Result<Option<String>, SendError> {
        self.vault.open(&self.misfits, &self.made_from).await.map_err(|error| unusable(&error))
    }

    /// Records that a vote reached a wrong chat by this client ID pattern.
    ///
    /// # Errors
    /// If that cannot be stored.
    pub(crate) async fn note_misfit(&self, form: &str) -> Result<(), SendError> {
        self.vault.keep(&self.misfits, &self.made_from, form, LASTS).await.map_err(|error| unusable(&error))
    }

    /// Forgets the tokens of a removed application, except for the token that proves its requests.
    ///
    /// # Errors
    /// If that cannot be stored.
    pub(crate) async fn forget(&self) -> Result<(), SendError> {
        let Some(grant) = self.grant() else { return Ok(()) };
        self.install(Grant { application: grant.application, member: grant.member, ..Grant::default() }).await
    }

    async fn keep(&self, grant: &Grant) -> Result<(), SendError> {
        let text = serde_json::to_string(grant).unwrap_or_default();
        self.vault.keep(&self.connection, &self.made_from, &text, LASTS).await.map_err(|error| unusable(&error))?;
        self.change(|known| known.unkept = false);
        Ok(())
    }
}

fn unusable(error: &VaultError) -> SendError {
    SendError::new(Verdict::RetryBackoff, "vault", error.to_string())
}

fn not_installed() -> SendError {
    let detail = "the application is not installed: press Reinstall on its page in Bitrix24 while lastword serve runs";
    SendError::new(Verdict::ConnectionBroken, "not_installed", detail)
}
