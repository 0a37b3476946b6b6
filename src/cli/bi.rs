//! `lastword bi`: numbers for BI tools.

use super::opening::with_shell;
use super::progress::{Progress, Unit};
use crate::app::admin::{IfMissing, bi_views};
use clap::builder::PossibleValuesParser;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

#[derive(Debug, clap::Subcommand)]
pub(super) enum Bi {
    /// Print the SQL that creates a PostgreSQL role which may read only the views
    Role(RoleArgs),
    /// Write each view as a CSV file, and replace earlier files
    Export(ExportArgs),
}

#[derive(Debug, clap::Args)]
pub(super) struct RoleArgs {
    /// Name of the role
    #[arg(long, value_name = "NAME", default_value = "bi_reader")]
    name: String,
}

#[derive(Debug, clap::Args)]
pub(super) struct ExportArgs {
    /// Folder for the files; created if it is missing
    #[arg(long, value_name = "FOLDER")]
    to: PathBuf,
    /// Only these views, separated by commas
    #[arg(long, value_name = "VIEWS", value_delimiter = ',', value_parser = views())]
    only: Vec<String>,
}

fn views() -> PossibleValuesParser {
    bi_views().into()
}

pub(super) fn run(config: Option<&Path>, bi: &Bi) -> ExitCode {
    with_shell(config, IfMissing::Refuse, async |shell| {
        match bi {
            Bi::Role(args) => println!("{}", shell.reader_statements(&args.name).await?.join("\n")),
            Bi::Export(args) => {
                let bar = Arc::new(Progress::start("exporting", Unit::Things("rows"), None));
                let drawn = bar.clone();
                let progress = Arc::new(move |view: &'static str, done, of| {
                    drawn.go_on(format!("exporting {view}"), Some(of));
                    drawn.set(done);
                });
                let written = shell.export_views(&args.to, &args.only, progress).await;
                drop(bar);
                for (file, rows) in written? {
                    println!("{}: {rows} rows", args.to.join(file).display());
                }
            }
        }
        Ok(())
    })
}
