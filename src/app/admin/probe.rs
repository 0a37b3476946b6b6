//! Checks from outside: a running server, and connections before a server runs.

use super::Failure;
use crate::app::mailbox::EngineMailbox;
use crate::app::vault::CommandVault;
use crate::app::{ChannelDeps, Connections, StartError, connections, http_client};
use crate::settings::Settings;
use crate::store::Db;
use crate::time::SystemClock;
use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

/// Timeout of a server's readiness check.
const LIMIT: Duration = Duration::from_secs(3);

/// The readiness URL, from this machine, of a server that listens on `listen`.
pub fn readyz_of(listen: SocketAddr) -> String {
    let ip = match listen.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => IpAddr::V4(Ipv4Addr::LOCALHOST),
        IpAddr::V6(ip) if ip.is_unspecified() => IpAddr::V6(Ipv6Addr::LOCALHOST),
        ip => ip,
    };
    format!("http://{}/readyz", SocketAddr::new(ip, listen.port()))
}

/// Checks that a server is ready.
///
/// # Errors
/// The reason if it is not.
pub async fn probe(url: &str) -> Result<(), Failure> {
    if !url::Url::parse(url).is_ok_and(|url| matches!(url.scheme(), "http" | "https")) {
        return Err(Failure::Usage(format!("--url: \"{url}\" is not an address; write for example http://127.0.0.1:8080/readyz")));
    }
    let answer = http_client()?.get(url).timeout(LIMIT).send().await;
    let answer = answer.map_err(|error| {
        let why = if error.is_timeout() { "no answer within 3 seconds" } else { "nothing responds there" };
        Failure::Failed(format!("not ready: {why} ({url}); is lastword serve running?"))
    })?;
    let status = answer.status();
    if status.is_success() {
        return Ok(());
    }
    let body: serde_json::Value = answer.json().await.unwrap_or_default();
    let not_ready_reasons = body["not_ready_reasons"].as_array().into_iter().flatten().filter_map(|one| one.as_str());
    let not_ready_reasons: Vec<&str> = not_ready_reasons.collect();
    let why = if not_ready_reasons.is_empty() { status.to_string() } else { not_ready_reasons.join("; ") };
    Err(Failure::Failed(format!("not ready: {why} ({url})")))
}

/// Creates each connection of the settings without calling any platform, and returns the problems.
pub async fn try_connections(settings: &Settings) -> Vec<String> {
    make_each(settings).await.into_iter().filter_map(|(_, made)| made.err()).map(|error| error.to_string()).collect()
}

/// Creates each connection of the settings separately, so that an invalid one does not hide the others.
pub(super) async fn make_each(settings: &Settings) -> Vec<(String, Result<Connections, StartError>)> {
    let mut made = Vec::new();
    for (name, connection) in &settings.connections {
        let one = BTreeMap::from([(name.clone(), connection.clone())]);
        let result = match deps(settings).await {
            Ok(deps) => connections(&one, &deps),
            Err(error) => Err(error),
        };
        made.push((name.clone(), result));
    }
    made
}

/// Dependencies of channels, with a mailbox that drops messages. The vault is the real one: tokens from platforms are needed to check them.
async fn deps(settings: &Settings) -> Result<ChannelDeps, StartError> {
    let db = Db::open("sqlite::memory:", 2).await?;
    let mailbox = Arc::new(EngineMailbox::new(db, tokio::sync::broadcast::channel(1).0, Arc::new(SystemClock::default())));
    let vault = Arc::new(CommandVault::new(settings.clone()));
    Ok(ChannelDeps { http: http_client()?, mailbox, visitor_key: Arc::new([0; 32]), vault, public_url: settings.http.public_url.clone() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_that_listens_everywhere_is_asked_at_home() {
        for (listen, url) in [
            ("0.0.0.0:80", "http://127.0.0.1:80/readyz"),
            ("[::]:8080", "http://[::1]:8080/readyz"),
            ("10.0.0.7:1", "http://10.0.0.7:1/readyz"),
        ] {
            assert_eq!(readyz_of(listen.parse().unwrap()), url);
        }
    }
}
