//! `lastword desk setup KIND`: sets up a help desk, and prints the settings to add.

use super::opening::{code, print_json, shown, with_loaded};
use crate::app::admin::{Failure, ReadyDesk, WantedDesk, set_up_desk, write_history};
use crate::settings::Settings;
use clap::Subcommand;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

#[derive(Debug, Subcommand)]
pub(super) enum Desk {
    /// Register our webhook with a desk, report what is wrong there and what to add to the settings
    Setup(Setup),
}

#[derive(Debug, clap::Args)]
pub(super) struct Setup {
    /// The kind of desk, such as chatwoot
    kind: String,
    /// The connection's name [default: the one of this kind in the settings, or else the kind]
    #[arg(long)]
    name: Option<String>,
    /// URL of the desk
    #[arg(long)]
    url: Option<String>,
    /// The desk's access token, preferably an administrator's
    #[arg(long, env = "LASTWORD_DESK_TOKEN", hide_env_values = true)]
    token: Option<String>,
    /// Another setting of the connection; may be repeated
    #[arg(long = "set", value_name = "KEY=VALUE")]
    set: Vec<String>,
    /// URL that the desk posts to [default: /hooks/NAME at http.public_url]
    #[arg(long, value_name = "URL")]
    hook_url: Option<String>,
    /// Switch off the desk's own rating question, so that clients are not asked twice
    #[arg(long)]
    native_off: bool,
    /// Only show what would be done
    #[arg(long)]
    dry_run: bool,
    /// Write the desk's own ratings of the last 90 days to a file for lastword import
    #[arg(long, value_name = "FILE")]
    history: Option<PathBuf>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub(super) fn run(config: Option<&Path>, desk: &Desk) -> ExitCode {
    let Desk::Setup(args) = desk;
    let (name, extra) = match wanted(config, args) {
        Ok(wanted) => wanted,
        Err(failure) => return code(Err(failure)),
    };
    with_loaded(config, extra, async |settings| {
        let wanted = WantedDesk { name: name.clone(), hook_url: args.hook_url.clone(), native_off: args.native_off, change: !args.dry_run };
        let ready = set_up_desk(&settings, &wanted).await?;
        if args.json {
            print_json(&serde_json::json!(ready));
        } else {
            print(args, &name, &ready);
        }
        if let Some(file) = &args.history {
            let count = write_history(&settings, &name, file).await?;
            println!("{count} ratings of the last 90 days are in {}", file.display());
            println!("import them with: lastword import {} --format csv --source {name} --line LINE --check", file.display());
        }
        Ok(())
    })
}

/// The connection's name, and its settings from the arguments in the form of environment variables.
fn wanted(config: Option<&Path>, args: &Setup) -> Result<(String, Vec<(String, String)>), Failure> {
    let settings = Settings::load(config, super::environment()).map_err(|problems| Failure::Usage(problems.to_string()))?;
    let known: Vec<&str> = settings.connections.values().filter(|one| one.kind == args.kind).map(|one| one.name.as_str()).collect();
    let name = match (&args.name, known.as_slice()) {
        (Some(name), _) => name.clone(),
        (None, [one]) => (*one).to_owned(),
        (None, []) => args.kind.clone(),
        (None, several) => return Err(Failure::Usage(format!("there are several: choose one with --name ({})", several.join(", ")))),
    };
    let variable = |key: &str| format!("LASTWORD__CONNECTIONS__{}__{}", name.to_uppercase().replace('-', "_"), key.to_uppercase());
    let mut extra = vec![(variable("kind"), args.kind.clone())];
    extra.extend(args.url.iter().map(|url| (variable("url"), url.clone())));
    extra.extend(args.token.iter().map(|token| (variable("token"), token.clone())));
    for pair in &args.set {
        let Some((key, value)) = pair.split_once('=') else {
            return Err(Failure::Usage(format!("--set {pair}: write KEY=VALUE")));
        };
        extra.push((variable(key.trim()), value.to_owned()));
    }
    let has_proof = settings.connections.get(&name).is_some_and(|one| {
        let texts = one.texts();
        texts.contains_key("secret") || texts.contains_key("path")
    });
    if !has_proof && !args.set.iter().any(|pair| pair.starts_with("secret=") || pair.starts_with("path=")) {
        // The desk returns it during setup; until then no caller can be verified.
        extra.push((variable("secret"), "not known before the desk is set up".to_owned()));
    }
    Ok((name, extra))
}

fn print(args: &Setup, name: &str, ready: &ReadyDesk) {
    println!("{}", shown(&ready.who));
    let would = if args.dry_run { "would: " } else { "" };
    ready.steps.iter().for_each(|step| println!("  {would}{}", shown(step)));
    ready.warnings.iter().for_each(|warning| println!("! {}", shown(warning)));
    if args.dry_run {
        return;
    }
    println!("\nin lastword.toml:\n\n[connections.{name}]\nkind = \"{}\"", args.kind);
    let given = args.url.iter().map(|url| ("url", url)).chain(args.token.iter().map(|token| ("token", token)));
    given.for_each(|(key, value)| println!("{key} = {value:?}"));
    ready.settings.iter().for_each(|(key, value)| println!("{key} = {value:?}"));
    println!("line = \"…\"                # the line of its chats; lines = {{ \"3\" = \"sales\" }} by inbox, group or department");
    if let Some(through) = &ready.ask_through {
        let through = if through.is_empty() { "…" } else { through };
        println!(
            "ask_through = {{ \"*\" = \"{through}\" }}   # the connection that asks its clients, of the kind email, whatsapp or telegram: {} carries no questions",
            args.kind
        );
    }
}
