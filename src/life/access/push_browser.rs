//! A person switches notifications on and off in their browsers.

use crate::alert::push::WEB_PUSH;
use crate::engine::Engine;
use lastword_contract::Address;
use lastword_domain::access::sealed::seal;
use lastword_store::alert::push_browser::{self, PushBrowser};
use lastword_store::{Millis, StoreError};
use sha2::{Digest, Sha256};

/// So much is kept of what a browser says it is.
const AGENT_CHARS: usize = 300;

/// A browser as it gave itself to us.
#[derive(Clone, Debug)]
pub struct Given {
    /// Its endpoint and its keys.
    pub address: Address,
    /// What it says it is.
    pub agent: String,
    /// It wants low ratings.
    pub low: bool,
    /// It wants low ratings that nobody replied to in time.
    pub late: bool,
}

/// The key that a browser has to be given first; none where this cannot be had here, or not now.
pub async fn public_key(engine: &Engine) -> Option<String> {
    match engine.channels.get(WEB_PUSH)?.public_key().await {
        Ok(key) => key,
        Err(error) => {
            tracing::warn!(%error, "the key for notifications in browsers cannot be had");
            None
        }
    }
}

/// Switches notifications on in a browser of `account_id`. Gives its id; none where the browser's address is none that may be written to.
///
/// # Errors
/// The database's error.
pub async fn switch_on(engine: &Engine, account_id: &str, given: Given, now: Millis) -> Result<Option<String>, StoreError> {
    let Some(Ok(address)) = engine.channels.get(WEB_PUSH).map(|channel| channel.admit(given.address)) else { return Ok(None) };
    let id = engine.ids.next(now);
    let key = engine.keys.each().next().unwrap_or_default();
    let browser = PushBrowser {
        account_id: account_id.to_owned(),
        endpoint_hash: hex::encode(Sha256::digest(&address.chat)),
        sealed: seal(key, &id, engine.ids.bytes(), &serde_json::to_string(&address).unwrap_or_default()),
        agent: given.agent.chars().filter(|letter| !letter.is_control()).take(AGENT_CHARS).collect(),
        low: given.low,
        late: given.late,
        tat: 0,
        created_at: now,
        gone_at: None,
        id: id.clone(),
    };
    let kept = engine.db.write(move |tx| {
        let browser = browser.clone();
        Box::pin(async move { push_browser::keep(tx, &browser).await })
    });
    let () = kept.await?;
    Ok(Some(id))
}

/// Changes what a browser of `account_id` wants to hear of: nothing at all switches it off.
///
/// # Errors
/// The database's error.
pub async fn choose(engine: &Engine, account_id: &str, id: &str, (low, late): (bool, bool)) -> Result<(), StoreError> {
    let (account_id, id) = (account_id.to_owned(), id.to_owned());
    let step = engine.db.write(move |tx| {
        let (account_id, id) = (account_id.clone(), id.clone());
        Box::pin(async move {
            if low || late {
                return push_browser::choose(tx, &account_id, &id, low, late).await;
            }
            push_browser::delete(tx, &account_id, &id).await
        })
    });
    step.await
}
