//! `lastword doctor`: prints one line per finding, with its remedy; exits with code 1 if something needs attention.

use super::opening::{print_json, shown, with_settings};
use crate::app::admin::{Failure, Grade, examine};
use std::path::Path;
use std::process::ExitCode;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub(super) fn run(config: Option<&Path>, args: &Args) -> ExitCode {
    with_settings(config, async |settings| {
        let findings = examine(&settings).await;
        if args.json {
            print_json(&serde_json::json!(findings));
        } else {
            for finding in &findings {
                let grade = match finding.grade {
                    Grade::Ok => "ok      ",
                    Grade::Note => "note    ",
                    Grade::Problem => "PROBLEM ",
                };
                let remedy = if finding.remedy.is_empty() { String::new() } else { format!(" → {}", finding.remedy) };
                println!("{grade}{}", shown(&format!("{}: {}{remedy}", finding.about, finding.what)));
            }
        }
        let problems = findings.iter().filter(|finding| finding.grade == Grade::Problem).count();
        if problems > 0 { Err(Failure::Failed(String::new())) } else { Ok(()) }
    })
}
