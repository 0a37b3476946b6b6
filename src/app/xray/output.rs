//! Writes the page and the document. A file of an earlier X-ray is overwritten; other files never are.

use super::Made;
use crate::app::admin::Failure;
use crate::http::locale::language::Language;
use crate::time::Millis;
use chrono_tz::Tz;
use lastword_xray::{Read as ReadChats, judge};
use std::collections::BTreeSet;
use std::fs;
use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};

/// Identifies a document of ours.
pub(super) const KIND: &str = "lastword.xray";
/// Identifies a page of ours: its first bytes.
const PAGE: &str = "<meta name=\"generator\" content=\"Lastword X-ray\">";
/// Bytes read of an existing file.
const START: u64 = 4_096;

/// Output options of an X-ray.
#[derive(Clone, Debug)]
pub struct Output {
    html: PathBuf,
    json: Option<PathBuf>,
    language: Language,
    zone: Tz,
    programs: BTreeSet<String>,
}

impl Output {
    /// Parses the arguments of the command line: paths of the page and of the document, if any (`-` is standard output), a
    /// language tag, the name of a time zone, and operators who are programs.
    ///
    /// # Errors
    /// Names the argument and the remedy. If another file would be overwritten, this fails before any data are read.
    pub fn new(html: &Path, json: Option<&Path>, language: &str, zone: &str, programs: &[String]) -> Result<Self, Failure> {
        let known = || Language::ALL.map(Language::tag).join(", ");
        let language = Language::parse(language).ok_or_else(|| Failure::Usage(format!("--language: write one of {}", known())))?;
        let no_zone = |_| Failure::Usage(format!("--time-zone: there is no time zone \"{zone}\"; write for instance Europe/Berlin"));
        let zone = zone.parse().map_err(no_zone)?;
        let programs = programs.iter().map(|name| name.trim().to_lowercase()).collect();
        let output = Self { html: html.to_owned(), json: json.map(Path::to_owned), language, zone, programs };
        check(&output.html)?;
        output.json_file().map_or(Ok(()), check)?;
        Ok(output)
    }

    /// Time zone of days.
    pub(super) fn zone(&self) -> Tz {
        self.zone
    }

    /// Operators who are programs, by name or ID, in lower case.
    pub(super) fn programs(&self) -> &BTreeSet<String> {
        &self.programs
    }

    /// Analyzes the data.
    pub(super) fn made(&self, name: String, read: ReadChats, made_at: Millis) -> Made {
        Made { xray: judge(read), name, made_at, zone: self.zone, language: self.language }
    }

    fn json_file(&self) -> Option<&Path> {
        self.json.as_deref().filter(|path| path.as_os_str() != "-")
    }

    /// Writes the files and returns their names, and the text for standard output.
    ///
    /// # Errors
    /// If a file cannot be written.
    pub fn write(&self, made: &Made) -> Result<(Vec<String>, Option<String>), Failure> {
        write(&self.html, &made.page().map_err(Failure::Failed)?)?;
        let mut said = vec![format!("page: {}", self.html.display())];
        let document = || format!("{:#}\n", made.document());
        if let Some(path) = self.json_file() {
            write(path, &document())?;
            said.push(format!("JSON: {}", path.display()));
        }
        Ok((said, (self.json.is_some() && self.json_file().is_none()).then(document)))
    }
}

/// Writes a page or a document atomically.
fn write(path: &Path, text: &str) -> Result<(), Failure> {
    let name = path.display();
    let failed = |error: std::io::Error| Failure::Failed(format!("{name} cannot be written: {error}"));
    check(path)?;
    // Write a temporary file first, so that an incomplete page is never visible.
    let mut beside = path.as_os_str().to_owned();
    beside.push(".part");
    fs::write(&beside, text).map_err(failed)?;
    if let Err(error) = fs::rename(&beside, path) {
        let _ = fs::remove_file(&beside);
        return Err(failed(error));
    }
    Ok(())
}

/// Fails if there is a file that is not an X-ray.
fn check(path: &Path) -> Result<(), Failure> {
    let name = path.display();
    let mut start = Vec::new();
    match fs::File::open(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(Failure::Usage(format!("{name} cannot be written: {error}"))),
        Ok(file) => {
            file.take(START).read_to_end(&mut start).map_err(|error| Failure::Usage(format!("{name} cannot be written: {error}")))?
        }
    };
    let start = String::from_utf8_lossy(&start);
    let is_ours = start.is_empty() || start.contains(PAGE) || start.contains(&format!("\"kind\": \"{KIND}\""));
    if is_ours {
        return Ok(());
    }
    Err(Failure::Usage(format!("{name} is there already and is no X-ray; delete it, or name another file with --html or --json")))
}
