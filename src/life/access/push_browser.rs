//! Browser notifications: a person enables and disables them in their browsers.

use crate::engine::Engine;
use crate::recipient::push::WEB_PUSH;
use lastword_base::names::{AccountId, BrowserId};
use lastword_contract::Address;
use lastword_domain::access::sealed::seal;
use lastword_store::alert::push_browser::{self, PushBrowser};
use lastword_store::{Millis, StoreError, transaction};
use sha2::{Digest, Sha256};

/// Maximum stored length of a user agent, in characters.
const AGENT_CHARS: usize = 300;

/// A browser's push subscription.
#[derive(Clone, Debug)]
pub struct Given {
    /// Its endpoint and its keys.
    pub address: Address,
    /// Its user agent.
    pub agent: String,
    /// Notify of low ratings.
    pub low: bool,
    /// Notify of low ratings without a reply in time.
    pub late: bool,
}

/// The public key for subscriptions; `None` if it is not available.
#[lastword_base::boxed]
pub async fn public_key(engine: &Engine) -> Option<String> {
    match engine.channels.get(&WEB_PUSH.into())?.public_key().await {
        Ok(key) => key,
        Err(error) => {
            tracing::warn!(%error, "the key for browser notifications is not available");
            None
        }
    }
}

/// Enables notifications in a browser of `account_id`. Returns its ID; `None` if the address of the push service is not allowed.
#[lastword_base::boxed]
pub async fn switch_on(engine: &Engine, account_id: AccountId, given: Given, now: Millis) -> Result<Option<BrowserId>, StoreError> {
    let Some(Ok(address)) = engine.channels.get(&WEB_PUSH.into()).map(|channel| channel.admit(given.address)) else { return Ok(None) };
    let id: BrowserId = engine.ids.next(now);
    let key = engine.keys.each().next().unwrap_or_default();
    let browser = PushBrowser {
        account_id,
        endpoint_hash: hex::encode(Sha256::digest(&address.chat)),
        sealed: seal(key, &id.to_string(), engine.ids.bytes(), &serde_json::to_string(&address).unwrap_or_default()),
        agent: given.agent.chars().filter(|letter| !letter.is_control()).take(AGENT_CHARS).collect(),
        low: given.low,
        late: given.late,
        tat: 0,
        created_at: now,
        gone_at: None,
        id,
    };
    transaction!(engine.db, [browser], async |tx| { push_browser::keep(tx, &browser).await }).await?;
    Ok(Some(id))
}

/// Changes the notifications of a browser of `account_id`; without any, it is removed.
#[lastword_base::boxed]
pub async fn choose(engine: &Engine, account_id: AccountId, id: BrowserId, (low, late): (bool, bool)) -> Result<(), StoreError> {
    transaction!(engine.db, async |tx| {
        if low || late {
            return push_browser::choose(tx, account_id, id, low, late).await;
        }
        push_browser::delete(tx, account_id, id).await
    })
    .await
}
