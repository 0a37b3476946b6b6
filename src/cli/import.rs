//! `lastword import`: imports past ratings and closes from a file, after checking it.

use super::opening::{shown, with_shell};
use super::progress::{Progress, Unit};
use crate::app::admin::{Checked, Encoding, Failure, IfMissing, Shell, Wanted, import_formats, import_wanted};
use std::io::{BufRead, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The file
    file: PathBuf,
    /// Format: our table (csv) or JSON lines (jsonl), Bitrix24's conversation list, Chatwoot's CSAT report
    #[arg(long, value_name = "FORMAT", value_parser = clap::builder::PossibleValuesParser::new(import_formats()))]
    format: String,
    /// Line for all rows, by ID or name [default: as each row says]
    #[arg(long, value_name = "LINE")]
    line: Option<String>,
    /// Create missing lines; they ask no clients until they are switched on
    #[arg(long)]
    make_lines: bool,
    /// Source name of the sessions: your desk's, if it keeps reporting them [default: the format]
    #[arg(long, value_name = "NAME")]
    source: Option<String>,
    /// Scale of scores that do not name one [default: the line's]
    #[arg(long, value_name = "SCALE", value_parser = ["binary", "five_star"])]
    scale: Option<String>,
    /// utf-8, utf-16le, windows-1251, windows-1252 or another name of the Encoding Standard [default: detected]
    #[arg(long, value_name = "NAME")]
    encoding: Option<String>,
    /// Cell separator: , ; or tab [default: detected]
    #[arg(long, value_name = "LETTER")]
    separator: Option<String>,
    /// Time zone of times that name none, such as Europe/Berlin [default: the organisation's]
    #[arg(long, value_name = "ZONE")]
    time_zone: Option<String>,
    /// Order in dates such as 03/04/2026: mdy or dmy [default: detected]
    #[arg(long, value_name = "ORDER", value_parser = ["mdy", "dmy"])]
    dates: Option<String>,
    /// Only check the file; import nothing
    #[arg(long, conflicts_with = "yes")]
    check: bool,
    /// Do not ask for confirmation
    #[arg(long, short)]
    yes: bool,
}

impl Args {
    fn wanted(&self) -> Result<Wanted, Failure> {
        let encoding = self.encoding.as_deref().map(|word| Encoding::parse(word).ok_or(word)).transpose();
        let encoding = encoding.map_err(|word| {
            Failure::Usage(format!("--encoding: \"{word}\" is not known; write for instance utf-8, utf-16le, windows-1251 or windows-1252"))
        })?;
        let separator = match self.separator.as_deref() {
            None => None,
            Some("tab" | "\t" | "\\t") => Some(b'\t'),
            Some("," | ";" | "|") => self.separator.as_deref().and_then(|text| text.bytes().next()),
            Some(other) => return Err(Failure::Usage(format!("--separator: \"{other}\" is not known; write , or ; or tab"))),
        };
        let mut wanted =
            import_wanted(self.file.clone(), &self.format, self.dates.as_deref(), self.scale.as_deref(), self.time_zone.as_deref())?;
        wanted.line.clone_from(&self.line);
        wanted.source = self.source.clone().unwrap_or(wanted.source);
        (wanted.encoding, wanted.separator, wanted.make_lines) = (encoding, separator, self.make_lines);
        Ok(wanted)
    }
}

pub(super) fn run(config: Option<&Path>, args: &Args) -> ExitCode {
    with_shell(config, IfMissing::Create, async |shell| {
        let bytes = std::fs::metadata(&args.file).map_or(0, |metadata| metadata.len());
        let bar = Arc::new(Progress::start("reading the file", Unit::Bytes, Some(bytes)));
        let checked = shell.check_import(args.wanted()?, telling(&bar)).await;
        drop(bar);
        let checked = checked?;
        tell(shell, args, &checked);
        if args.check {
            return Ok(());
        }
        if let Some(at) = checked.run.finished_at {
            println!("This file was already imported on {}; nothing to do", shell.shown(at));
            return Ok(());
        }
        if checked.good == 0 {
            return Err(Failure::Failed("there is nothing to import".to_owned()));
        }
        if !args.yes && !agreed(&checked)? {
            return Err(Failure::Failed("nothing was imported".to_owned()));
        }
        import(shell, checked).await
    })
}

async fn import(shell: &Shell, checked: Checked) -> Result<(), Failure> {
    let bar = Arc::new(Progress::start("importing", Unit::Things("rows"), Some(checked.rows)));
    let imported = shell.import(checked, telling(&bar)).await;
    drop(bar);
    let (run, rejects) = imported?;
    let closes = counted(u64::try_from(run.added).unwrap_or(0), "closed chat");
    println!("imported {closes}, {} of them with a rating; {} already existed", run.ratings, run.repeated);
    if let Some(path) = rejects {
        let rows = counted(u64::try_from(run.rejected).unwrap_or(0), "row");
        println!("{rows} could not be imported: see {} for the reasons", path.display());
    }
    Ok(())
}

fn telling(bar: &Arc<Progress>) -> Arc<dyn Fn(u64) + Send + Sync> {
    let bar = bar.clone();
    Arc::new(move |at| bar.set(at))
}

fn tell(shell: &Shell, args: &Args, checked: &Checked) {
    println!("{}: {}, {}", args.file.display(), counted(checked.rows, "row"), checked.encoding);
    if let Some((first, last)) = checked.extent {
        println!("  {} can be imported, {} of them with a rating", counted(checked.good, "closed chat"), checked.ratings);
        println!("  closed between {} and {}", shell.shown(first), shell.shown(last));
        let lines: Vec<String> = checked.lines.iter().take(30).map(|(line, count)| format!("{line} ({count})")).collect();
        println!("  lines: {}", shown(&lines.join(", ")));
    }
    if !checked.new_lines.is_empty() {
        let names: Vec<String> =
            checked.new_lines.iter().map(|(id, line)| format!("{} ({id}, {})", line.name, line.scale.as_str())).collect();
        println!("  lines to create, switched off: {}", shown(&names.join(", ")));
    }
    if !checked.unknown_columns.is_empty() {
        println!("  columns not used: {}", shown(&checked.unknown_columns.join(", ")));
    }
    for note in &checked.notes {
        println!("  {}", shown(note));
    }
    if checked.rejected() > 0 {
        println!("  {} cannot be imported:", counted(checked.rejected(), "row"));
        for (line, bad) in &checked.problems {
            println!("    line {line}: {}", shown(&bad.to_string()));
        }
        let more = checked.rejected().saturating_sub(checked.problems.len() as u64);
        if more > 0 {
            println!("    … and {more} more");
        }
    }
    if checked.run.done > 0 && checked.run.finished_at.is_none() {
        let rows = counted(u64::try_from(checked.run.done).unwrap_or(0), "row");
        println!("  {rows} already imported; continuing from there");
    }
}

fn agreed(checked: &Checked) -> Result<bool, Failure> {
    if !std::io::stdin().is_terminal() {
        return Err(Failure::Usage("no terminal to ask for confirmation; add --yes to import, or --check to only check".to_owned()));
    }
    print!("Import {}? Nobody is asked or alerted. [y/N] ", counted(checked.good, "closed chat"));
    let _ = std::io::stdout().flush();
    let mut answer = String::new();
    let _ = std::io::stdin().lock().read_line(&mut answer);
    Ok(matches!(answer.trim().to_lowercase().as_str(), "y" | "yes"))
}

/// A number with a noun in singular or plural.
fn counted(count: u64, thing: &str) -> String {
    if count == 1 { format!("1 {thing}") } else { format!("{count} {thing}s") }
}
