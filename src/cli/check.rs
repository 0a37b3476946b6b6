//! `lastword check`: prints one line per problem with the settings and exits with code 2, or prints a summary.

use super::opening::{shown, with_settings};
use crate::app::admin::{Failure, database_note, try_connections};
use crate::settings::Settings;
use std::fmt::Write;
use std::path::Path;
use std::process::ExitCode;

pub(super) fn run(config: Option<&Path>) -> ExitCode {
    with_settings(config, async |settings| {
        let mut problems: Vec<String> = settings.database.url.hindrance().iter().map(ToString::to_string).collect();
        problems.extend(try_connections(&settings).await);
        if !problems.is_empty() {
            return Err(Failure::Usage(problems.join("\n")));
        }
        print!("{}", summary(&settings));
        // It need not be reached from the machine where settings are checked.
        if let Some(note) = database_note(&settings).await {
            println!("  {:<13} {}", "note", shown(&note));
        }
        Ok(())
    })
}

/// Summary of the settings, without secrets.
fn summary(settings: &Settings) -> String {
    let key = match (&settings.security.key, settings.key_file()) {
        (Some(_), _) => "given in the settings".to_owned(),
        (None, Some(path)) if path.exists() => format!("in {}", path.display()),
        (None, Some(path)) => format!("will be created in {} on the first start", path.display()),
        (None, None) => "a new one at each start".to_owned(),
    };
    let public_url = settings.http.public_url.as_ref().map_or("not set: no links and no webhooks from outside", |url| url.as_str());
    let metrics = match (settings.metrics.enabled, &settings.metrics.token) {
        (false, _) => "off",
        (true, None) => "open to anyone who can reach the server",
        (true, Some(_)) => "with a token",
    };
    let mut text = "settings are valid\n".to_owned();
    let lines = [
        ("listens on", settings.http.listen.to_string()),
        ("reached at", public_url.to_owned()),
        ("database", settings.database.url.shown()),
        ("key", key),
        ("sends", if settings.queue.enabled { "yes" } else { "no: queue.enabled is false" }.to_owned()),
        (
            "organisation",
            format!("{}, {}, {}", settings.organisation.name, settings.organisation.time_zone, settings.organisation.language),
        ),
        ("metrics", metrics.to_owned()),
    ];
    for (name, value) in lines {
        let _ = writeln!(text, "  {name:<13} {value}");
    }
    for connection in settings.connections.values() {
        let _ = writeln!(text, "  {:<13} {} ({})", "connection", connection.name, connection.kind);
    }
    if let Some(path) = settings.http.public_url.as_ref().map(|url| url.path().trim_matches('/')).filter(|path| !path.is_empty()) {
        let _ = writeln!(
            text,
            "  {:<13} http.public_url has the path /{path}: links for clients and webhooks carry it, the pages for staff do not and break \
             behind it; give Lastword a host name of its own, without a path",
            "note"
        );
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_summary_hides_every_secret() {
        let env = [
            ("DATABASE__URL", "postgres://me:hush@db.example/lw"),
            ("SECURITY__KEY", "6875736868757368687573686875736868757368687573686875736868757368"),
            ("METRICS__TOKEN", "hush"),
            ("CONNECTIONS__SHOP__KIND", "telegram"),
            ("CONNECTIONS__SHOP__TOKEN", "hush"),
        ];
        let env = env.map(|(name, value)| (format!("LASTWORD__{name}"), value.to_owned()));
        let text = summary(&Settings::load(None, env.into_iter()).unwrap());
        assert!(!text.contains("hush") && !text.contains("6875"), "{text}");
        for shown in ["PostgreSQL at db.example/lw", "given in the settings", "with a token", "shop (telegram)"] {
            assert!(text.contains(shown), "{shown} is not in\n{text}");
        }
    }

    #[test]
    fn a_path_in_the_public_address_is_noted() {
        let text = |url: &str| {
            let env = [("LASTWORD__HTTP__PUBLIC_URL".to_owned(), url.to_owned())];
            summary(&Settings::load(None, env.into_iter()).unwrap())
        };
        assert!(text("https://example.com/rate/").contains("  note          http.public_url has the path /rate: "));
        assert!(!text("https://rate.example.com").contains("note"));
    }
}
