//! `lastword key`: API keys of programs.

use super::opening::{print_json, print_table, with_shell};
use crate::app::admin::{Failure, IfMissing, Shell, lines_of, scopes};
use clap::builder::PossibleValuesParser;
use std::path::Path;
use std::process::ExitCode;

#[derive(Debug, clap::Subcommand)]
pub(super) enum Key {
    /// Create a key and show it once
    Create {
        /// Name of the key
        #[arg(long)]
        name: String,
        /// Permission; may be repeated
        #[arg(long = "scope", value_name = "SCOPE", required = true, value_parser = PossibleValuesParser::new(scopes()))]
        scopes: Vec<String>,
        /// Limit to this line; may be repeated. A limited key cannot make calls that concern the whole organisation
        #[arg(long = "line", value_name = "LINE")]
        lines: Vec<String>,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// List all keys, without the secrets
    List {
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Revoke a key
    Revoke {
        /// Prefix or ID of the key
        #[arg(value_name = "PREFIX|ID")]
        key: String,
    },
}

pub(super) fn run(config: Option<&Path>, key: &Key) -> ExitCode {
    let missing = IfMissing::create_if(matches!(key, Key::Create { .. }));
    with_shell(config, missing, async |shell| match key {
        Key::Create { name, scopes, lines, json } => {
            let key = shell.create_key(name, scopes, lines).await?;
            if *json {
                print_json(
                    &serde_json::json!({ "id": key.id, "prefix": key.prefix, "key": key.text, "scopes": scopes, "lines": Some(lines).filter(|lines| !lines.is_empty()) }),
                );
            } else {
                // Print only the key on standard output, for scripts.
                println!("{}", key.text);
                eprintln!("copy it now: it is not shown again (prefix {}, scopes {})", key.prefix, scopes.join(", "));
            }
            Ok(())
        }
        Key::List { json } => list(shell, *json).await,
        Key::Revoke { key } => {
            let name = shell.revoke_key(key).await?;
            println!("key \"{name}\" revoked");
            Ok(())
        }
    })
}

async fn list(shell: &Shell, json: bool) -> Result<(), Failure> {
    let keys = shell.keys().await?;
    if json {
        let keys = keys.iter().map(|key| {
            serde_json::json!({ "id": key.id, "name": key.name, "prefix": key.prefix, "scopes": key.scopes, "lines": lines_of(key),
                "created_at": key.created_at, "last_used_at": key.last_used_at, "revoked_at": key.revoked_at })
        });
        print_json(&keys.collect());
        return Ok(());
    }
    let rows = keys.iter().map(|key| {
        let used = match (key.revoked_at, key.last_used_at) {
            (Some(at), _) => format!("revoked {}", shell.shown(at)),
            (None, Some(at)) => format!("used {}", shell.shown(at)),
            (None, None) => "never used".to_owned(),
        };
        let lines = lines_of(key).map_or_else(|| "all".to_owned(), |lines| lines.join(", "));
        vec![key.prefix.clone(), key.name.clone(), used, lines, key.scopes.join(", ")]
    });
    print_table(&["PREFIX", "NAME", "STATE", "LINES", "SCOPES"], &rows.collect::<Vec<_>>());
    Ok(())
}
