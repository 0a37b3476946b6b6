//! Renews secrets before they expire if the platform supports it: an Instagram token is valid for sixty days. The renewed
//! secret replaces the configured one on every node, and is stored sealed.

use super::keep_secret::{HandedOver, keep};
use crate::engine::Engine;
use crate::engine::in_time::in_time;
use lastword_base::names::ConnectionId;
use lastword_contract::{Channel, SendError, Verdict};
use lastword_domain::access::sealed::open;
use lastword_store::connection::secret;
use lastword_store::records::installation;
use lastword_store::{Millis, StoreError};
use std::time::Duration;

/// Interval of renewal: well before the sixty days are over, with many attempts left.
const RENEW_EVERY: Millis = 7 * 24 * 3_600_000;
/// Time limit of a call to the platform.
const CALL_FOR: Duration = Duration::from_secs(20);

/// Applies secrets renewed by other nodes, and renews those that are due. Returns the number renewed now.
///
/// # Errors
/// A database error; the secrets in use stay in use.
#[lastword_base::boxed]
pub async fn renew(engine: &Engine, now: Millis) -> Result<usize, StoreError> {
    let renewable: Vec<(ConnectionId, String)> =
        engine.channels.iter().filter_map(|(name, one)| Some((name, one.channel.renewable_secret()?))).collect();
    if renewable.is_empty() {
        return Ok(0);
    }
    let kept = secret::all(&engine.db).await?;
    // A copy calls no platform.
    let may_call = installation::quarantine(&engine.db).await?.is_none();
    let mut renewed = 0;
    for (name, made_from) in renewable {
        let Some(channel) = engine.channels.get(&name) else { continue };
        let known = kept.iter().find(|secret| secret.connection == name && secret.made_from == made_from);
        if let Some(secret) = known.filter(|secret| secret.ends_at > now)
            && let Some(text) = open(engine.keys.each(), name.as_str(), &secret.sealed)
        {
            channel.use_secret(&text);
        }
        if may_call && known.is_none_or(|secret| now - secret.renewed_at >= RENEW_EVERY) {
            renewed += usize::from(renew_one(engine, &name, channel.as_ref(), made_from, now).await?);
        }
    }
    Ok(renewed)
}

async fn renew_one(
    engine: &Engine,
    name: &ConnectionId,
    channel: &dyn Channel,
    made_from: String,
    now: Millis,
) -> Result<bool, StoreError> {
    let renewed = match in_time(CALL_FOR, Verdict::RetryBackoff, channel.renew_secret(now)).await {
        Ok(renewed) => renewed,
        Err(SendError { kind, detail, .. }) => {
            tracing::warn!(
                connection = name.as_str(),
                kind,
                detail,
                "could not renew a secret; the present one stays in use, and renewal is retried"
            );
            return Ok(false);
        }
    };
    let lasts = renewed.ends_at.saturating_sub(now);
    let given = HandedOver { connection: name, made_from: &made_from, secret: &renewed.secret, lasts };
    keep(&engine.db, &engine.keys, &engine.ids, given, now).await?;
    channel.use_secret(&renewed.secret);
    tracing::info!(connection = name.as_str(), "renewed a secret");
    Ok(true)
}
