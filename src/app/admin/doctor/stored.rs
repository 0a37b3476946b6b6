//! Connections made by admins: checked like those of the settings, unless their secrets cannot be decrypted.

use super::Findings;
use crate::app::live::stored::{LockedConnection, with_stored};
use crate::settings::Settings;
use crate::store::Db;

/// The settings, including the connections made by admins.
pub(super) async fn beside_stored(findings: &mut Findings, settings: &Settings, db: Option<&Db>) -> Settings {
    let Some(db) = db else { return settings.clone() };
    match with_stored(settings, db).await {
        Ok((all, locked)) => {
            for LockedConnection { name, secrets } in locked {
                let what = format!("security.key does not open its secrets ({}); nothing is sent through it", secrets.join(", "));
                let remedy = "enter them again on the page Connections, or set security.previous_key to the key they were sealed with";
                findings.problem(format!("connection {name}"), what, remedy);
            }
            all
        }
        Err(error) => {
            findings.problem("connections", error.to_string(), "fix the database, then run lastword doctor again");
            settings.clone()
        }
    }
}
