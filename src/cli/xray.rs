//! `lastword xray`: compares what a desk reports about its ratings with what the data support. Read only.

use super::opening::{Done, code, shown};
use super::progress::{self, Unit};
use crate::app::admin::{Encoding, Failure};
use crate::app::xray::{Made, Output, WantedFile, kinds, look_at_file};
use clap::Subcommand;
use std::path::PathBuf;
use std::process::ExitCode;

#[derive(Debug, Subcommand)]
pub(super) enum Xray {
    /// Read a Chatwoot through its API
    #[cfg(feature = "chatwoot")]
    Chatwoot(Chatwoot),
    /// Read an export of a desk, or a table of your own
    File(File),
}

#[cfg(feature = "chatwoot")]
#[derive(Debug, clap::Args)]
pub(super) struct Chatwoot {
    /// URL of Chatwoot, such as https://chat.example.com
    #[arg(long)]
    url: String,
    /// Access token of an administrator
    #[arg(long, env = "LASTWORD_DESK_TOKEN", hide_env_values = true)]
    token: Option<String>,
    /// File that contains the token; takes precedence over --token
    #[arg(long, value_name = "FILE")]
    token_file: Option<PathBuf>,
    /// Account number [default: the only one of this user]
    #[arg(long, value_name = "NUMBER")]
    account: Option<u64>,
    /// Number of days to look back
    #[arg(long, value_name = "N", default_value_t = 90, value_parser = clap::value_parser!(u32).range(1..=3_660))]
    days: u32,
    /// Maximum number of closed chats to read, most recent first
    #[arg(long, value_name = "N", default_value_t = 20_000)]
    max_chats: usize,
    #[command(flatten)]
    output: OutputArgs,
}

#[derive(Debug, clap::Args)]
pub(super) struct File {
    /// The file: CSV, the HTML table that Bitrix24 calls Excel, JSON or JSON lines
    file: PathBuf,
    /// Source of the file [default: detected]
    #[arg(long, value_name = "DESK", value_parser = clap::builder::PossibleValuesParser::new(kinds()))]
    from: Option<String>,
    /// Scale of scores that do not name one [default: detected]
    #[arg(long, value_name = "SCALE", value_parser = ["binary", "five_star"])]
    scale: Option<String>,
    /// utf-8, utf-16le, windows-1251, windows-1252 or another name of the Encoding Standard [default: detected]
    #[arg(long, value_name = "NAME")]
    encoding: Option<String>,
    /// Cell separator: , ; or tab [default: detected]
    #[arg(long, value_name = "LETTER")]
    separator: Option<String>,
    /// Order in dates such as 03/04/2026: mdy or dmy [default: detected]
    #[arg(long, value_name = "ORDER", value_parser = ["mdy", "dmy"])]
    dates: Option<String>,
    #[command(flatten)]
    output: OutputArgs,
}

#[derive(Debug, clap::Args)]
struct OutputArgs {
    /// Output page; an existing file of that name is replaced
    #[arg(long, value_name = "FILE", default_value = "lastword-xray.html")]
    html: PathBuf,
    /// Also write the result as JSON; - for standard output
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Language of the page: en, ru, de, es, pt or pt-PT
    #[arg(long, value_name = "TAG", default_value = "en")]
    language: String,
    /// Time zone of days and of times without one, such as Europe/Berlin
    #[arg(long, value_name = "ZONE", default_value = "UTC")]
    time_zone: String,
    /// An operator who is a program, by name or ID; may be repeated
    #[arg(long, value_name = "NAME")]
    program: Vec<String>,
}

impl OutputArgs {
    fn output(&self) -> Result<Output, Failure> {
        Output::new(&self.html, self.json.as_deref(), &self.language, &self.time_zone, &self.program)
    }
}

/// Writes the files and prints a summary, on standard error if standard output is used for the result.
fn finish(made: &Made, output: &Output) -> Done {
    let (files, document) = output.write(made)?;
    let said: Vec<String> = made.summary().iter().chain(&files).map(|line| shown(line)).collect();
    match document {
        None => said.iter().for_each(|line| println!("{line}")),
        Some(document) => {
            said.iter().for_each(|line| eprintln!("{line}"));
            print!("{document}");
        }
    }
    Ok(())
}

pub(super) fn run(xray: &Xray) -> ExitCode {
    code(match xray {
        #[cfg(feature = "chatwoot")]
        Xray::Chatwoot(args) => chatwoot(args),
        Xray::File(args) => file(args),
    })
}

#[cfg(feature = "chatwoot")]
fn chatwoot(args: &Chatwoot) -> Done {
    use crate::app::xray::{Progress, WantedChatwoot, look_at_chatwoot};
    let output = args.output.output()?;
    let token = match (&args.token, &args.token_file) {
        (Some(token), None) => token.clone(),
        (_, Some(file)) => std::fs::read_to_string(file)
            .map_err(|error| Failure::Usage(format!("--token-file: {} cannot be read: {error}", file.display())))?,
        (None, None) => {
            let remedy = "give --token, --token-file or LASTWORD_DESK_TOKEN";
            return Err(Failure::Usage(format!("an administrator's access token is needed (Profile settings, Access token): {remedy}")));
        }
    };
    let wanted = WantedChatwoot {
        url: args.url.clone(),
        token: token.trim().to_owned().into(),
        account: args.account,
        days: args.days,
        chats_max: args.max_chats,
    };
    let bar = progress::Progress::start("asking Chatwoot", Unit::Time, None);
    let tell = |progress: Progress| match progress {
        Progress::Ratings(count) => bar.count("listing ratings", Unit::Things("ratings"), count as u64, None),
        Progress::Listed(count) => bar.count("listing closed chats", Unit::Things("chats"), count as u64, None),
        Progress::Chats(done, of) => bar.count("reading chats", Unit::Things("chats"), done as u64, Some(of as u64)),
        Progress::Waits(secs) => bar.wait(&format!("Chatwoot asks to wait for {secs} s")),
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| Failure::Failed(format!("cannot start an event loop: {error}")))?;
    let made = runtime.block_on(look_at_chatwoot(&wanted, &output, &tell));
    drop(bar);
    finish(&made?, &output)
}

fn file(args: &File) -> Done {
    let output = args.output.output()?;
    let encoding = args.encoding.as_deref().map(|word| {
        Encoding::parse(word).ok_or_else(|| {
            Failure::Usage(format!("--encoding: \"{word}\" is not known; write for instance utf-8, utf-16le, windows-1251 or windows-1252"))
        })
    });
    let separator = args.separator.as_deref().map(|letter| match letter {
        "tab" | "\t" | "\\t" => Ok(b'\t'),
        "," => Ok(b','),
        ";" => Ok(b';'),
        "|" => Ok(b'|'),
        other => Err(Failure::Usage(format!("--separator: \"{other}\" is not known; write , ; or tab"))),
    });
    let wanted = WantedFile {
        path: args.file.clone(),
        from: args.from.clone(),
        encoding: encoding.transpose()?,
        separator: separator.transpose()?,
        dates: args.dates.clone(),
        scale: args.scale.clone(),
    };
    let bar = progress::Progress::start("reading the file", Unit::Time, None);
    let made = look_at_file(&wanted, &output);
    drop(bar);
    finish(&made?, &output)
}
