//! `lastword plan`: shows what a line would have asked about past closes, before it is switched on.

use super::opening::{print_json, print_table, with_shell};
use crate::app::admin::{DryRun, IfMissing, LinePlan, Shell};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Default number of closes in the table.
const SHOWN: usize = 50;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The line
    #[arg(long, value_name = "ID")]
    line: String,
    /// Closed at or after: a date, or a time with a zone
    #[arg(long, value_name = "TIME")]
    from: String,
    /// Closed before this time, or up to this date, the date included [default: now]
    #[arg(long, value_name = "TIME")]
    until: Option<String>,
    /// Settings to try instead of the line's, as JSON or TOML
    #[arg(long, value_name = "FILE")]
    settings: Option<PathBuf>,
    /// List all closed chats, not only the newest
    #[arg(long)]
    all: bool,
    /// Print JSON: all closed chats
    #[arg(long)]
    json: bool,
}

pub(super) fn run(config: Option<&Path>, args: &Args) -> ExitCode {
    let Args { line, from, until, settings, .. } = args;
    let dry_run = DryRun { line: line.clone(), from: from.clone(), until: until.clone(), settings: settings.clone() };
    with_shell(config, IfMissing::Refuse, async |shell| {
        let plan = shell.plan(&dry_run).await?;
        if args.json {
            print_json(&serde_json::json!({ "summary": plan.summary, "truncated": plan.truncated, "items": plan.closes }));
            return Ok(());
        }
        let left_out = if args.all { 0 } else { plan.closes.len().saturating_sub(SHOWN) };
        print_closes(shell, &plan, left_out);
        if left_out > 0 {
            println!("… and {left_out} older ones; show them with --all");
        }
        print_summary(&plan);
        if plan.truncated {
            eprintln!(
                "warning: there were more closed chats; only the first {} are covered. Use a later --from for the rest",
                plan.closes.len()
            );
        }
        Ok(())
    })
}

fn print_closes(shell: &Shell, plan: &LinePlan, left_out: usize) {
    let rows = plan.closes.iter().skip(left_out).map(|close| {
        let asked = match (close.way, close.reason) {
            (Some(way), _) => words(way),
            (None, Some("by_rule")) => format!("not asked: rule {}", close.rule.unwrap_or_default()),
            (None, reason) => format!("not asked: {}", words(reason.unwrap_or("unknown"))),
        };
        let due = close.due_at.map(|at| shell.shown(at)).unwrap_or_default();
        vec![
            shell.shown(close.closed_at),
            close.session.to_string(),
            asked,
            close.asked_through.clone().map(String::from).unwrap_or_default(),
            due,
        ]
    });
    let rows: Vec<Vec<String>> = rows.collect();
    if !rows.is_empty() {
        print_table(&["CLOSED", "SESSION", "DECISION", "THROUGH", "ASKED AT"], &rows);
    }
}

fn print_summary(plan: &LinePlan) {
    let summary = &plan.summary;
    println!("{} closed chats: {} would be asked about, {} not", summary.closes, summary.asked, summary.closes - summary.asked);
    for (way, count) in &summary.by_way {
        println!("  {count:>6}  {}", words(way));
    }
    for (reason, count) in &summary.not_asked {
        println!("  {count:>6}  not asked: {}", words(reason));
    }
    for (rule, count) in &summary.rules {
        println!(
            "  ask rule {rule}: applies to {}, of which {} would be asked about; it changes {}",
            count.closes, count.asked, count.changed
        );
    }
}

/// Formats a constant such as `window_shut` for people.
fn words(word: &str) -> String {
    word.replace('_', " ")
}
