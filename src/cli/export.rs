//! `lastword export`: writes lists to files, with the filters of their pages.

use super::opening::with_shell;
use super::progress::{Progress, Unit};
use crate::app::admin::{Failure, FileKind, IfMissing};
use std::fs::OpenOptions;
use std::io::{self, BufWriter, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

#[derive(Debug, clap::Subcommand)]
pub(super) enum Export {
    /// Closed chats and their ratings, most recently closed first
    Ratings(Args),
}

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Closed on or after this day, in the organisation's time zone
    #[arg(long, value_name = "DAY")]
    from: Option<String>,
    /// Closed on or before this day
    #[arg(long, value_name = "DAY")]
    until: Option<String>,
    /// Only this line; can be given several times, as operator, channel, score, reason, chosen and tagged can
    #[arg(long, value_name = "ID")]
    line: Vec<String>,
    /// Only this operator's chats; - for chats without an operator
    #[arg(long, value_name = "ID", allow_hyphen_values = true)]
    operator: Vec<String>,
    /// Only this kind of channel; - where it is unknown
    #[arg(long, value_name = "KIND", allow_hyphen_values = true)]
    channel: Vec<String>,
    /// binary or five_star
    #[arg(long)]
    scale: Option<String>,
    /// Who handled the chat: human, program, both or nobody
    #[arg(long, value_name = "WHO")]
    handled_by: Option<String>,
    /// Only sessions with this label, or with this value of a field: vip, topic:refund
    #[arg(long, value_name = "LABEL")]
    label: Option<String>,
    /// 0 to 5
    #[arg(long)]
    score: Vec<String>,
    /// good, neutral or bad
    #[arg(long)]
    grade: Option<String>,
    /// answered, expired, not_asked, canceled, unreachable, unsure, open, asked, delivered, over, answered_over, late or all [default: answered]
    #[arg(long)]
    outcome: Option<String>,
    /// Only with this reason, such as too_short
    #[arg(long)]
    reason: Vec<String>,
    /// Only with a comment
    #[arg(long)]
    commented: bool,
    /// Only those waiting for our reply
    #[arg(long)]
    unanswered: bool,
    /// The client says the issue was resolved: yes or no
    #[arg(long)]
    resolved: Option<String>,
    /// Voided by an admin: yes or no
    #[arg(long)]
    voided: Option<String>,
    /// Only those also scored by a supervisor
    #[arg(long)]
    supervised: bool,
    /// Only closed in one hour of the week: 1-14 is Monday from 14:00
    #[arg(long)]
    hour: Option<String>,
    /// Only where the client chose this reason: a code such as slow; * for any, - for none
    #[arg(long, value_name = "CODE", allow_hyphen_values = true)]
    chosen: Vec<String>,
    /// Only where keyword rules tagged the comment with this reason: a code such as slow; * for any, - for none
    #[arg(long, value_name = "CODE", allow_hyphen_values = true)]
    tagged: Vec<String>,
    /// Words in the comment: all must match, the last one as a prefix
    #[arg(long, value_name = "WORDS")]
    q: Option<String>,
    /// File format
    #[arg(long, value_enum, default_value_t = Format::Csv)]
    format: Format,
    /// Output file; must not exist yet [default: standard output]
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum Format {
    Csv,
    Xlsx,
    Jsonl,
}

impl Args {
    /// The filter, by the parameter names of the page of ratings.
    fn filter(&self) -> Vec<(&'static str, String)> {
        let ticked = |ticked: bool| ticked.then(|| "1".to_owned());
        let values = [
            ("from", self.from.clone()),
            ("until", self.until.clone()),
            ("scale", self.scale.clone()),
            ("handled_by", self.handled_by.clone()),
            ("label", self.label.clone()),
            ("grade", self.grade.clone()),
            ("outcome", self.outcome.clone()),
            ("commented", ticked(self.commented)),
            ("unanswered", ticked(self.unanswered)),
            ("resolved", self.resolved.clone()),
            ("voided", self.voided.clone()),
            ("supervised", ticked(self.supervised)),
            ("hour", self.hour.clone()),
            ("q", self.q.clone()),
        ];
        let several = [
            ("line", &self.line),
            ("operator", &self.operator),
            ("channel", &self.channel),
            ("score", &self.score),
            ("reason", &self.reason),
            ("chosen", &self.chosen),
            ("tagged", &self.tagged),
        ];
        let several = several.into_iter().flat_map(|(name, values)| values.iter().map(move |value| (name, value.clone())));
        values.into_iter().filter_map(|(name, value)| Some((name, value?))).chain(several).collect()
    }
}

pub(super) fn run(config: Option<&Path>, export: &Export) -> ExitCode {
    let Export::Ratings(args) = export;
    with_shell(config, IfMissing::Refuse, async |shell| {
        let kind = match args.format {
            Format::Csv => FileKind::Csv,
            Format::Xlsx => FileKind::Xlsx,
            Format::Jsonl => FileKind::Jsonl,
        };
        if args.output.is_none() && kind == FileKind::Xlsx && io::stdout().is_terminal() {
            return Err(Failure::Usage("--output: name a file; XLSX cannot be shown on a terminal".to_owned()));
        }
        let mut out = opened(args.output.as_deref())?;
        let bar = Arc::new(Progress::start("exporting", Unit::Things("days"), None));
        let drawn = bar.clone();
        let progress = Box::new(move |done, of| {
            drawn.go_on("exporting".to_owned(), Some(of));
            drawn.set(done);
        });
        let exported = shell.export_ratings(&args.filter(), kind, &mut *out, progress).await;
        drop(bar);
        let count = match exported {
            Ok(count) => count,
            Err(error) => {
                // Fail, so that a partial file does not look complete.
                drop(out);
                let _ = args.output.as_ref().map(std::fs::remove_file);
                return Err(error);
            }
        };
        out.flush().map_err(|error| Failure::Failed(format!("--output: cannot be written: {error}")))?;
        match count {
            1 => eprintln!("1 row"),
            count => eprintln!("{count} rows"),
        }
        Ok(())
    })
}

/// Opens the output. An existing file is never overwritten.
fn opened(output: Option<&Path>) -> Result<Box<dyn Write + Send>, Failure> {
    let Some(path) = output else { return Ok(Box::new(BufWriter::new(io::stdout()))) };
    let file = OpenOptions::new().write(true).create_new(true).open(path);
    let file = file.map_err(|error| Failure::Usage(format!("--output: cannot create {}: {error}", path.display())))?;
    Ok(Box::new(BufWriter::new(file)))
}
