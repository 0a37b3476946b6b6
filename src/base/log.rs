//! The log on standard error: text on a terminal, JSON otherwise.
//!
//! Input from callers must not forge log lines or control the terminal: control characters and those that change the text
//! direction are escaped everywhere.

use crate::settings::{Log, LogFormat};
use std::fmt::Write as _;
use std::io::{self, IsTerminal, Write};
use std::panic::PanicHookInfo;
use std::sync::atomic::{AtomicU64, Ordering};
use tracing::{Level, Subscriber};
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::fmt::format::FmtSpan;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{Layer, Registry, fmt};

/// Limits messages about calls that the database refused.
pub static REFUSED: Sparing = Sparing::new(5);

/// Limits how often the same message is logged between two counts, so that messages about a full disk do not fill it.
#[derive(Debug)]
pub struct Sparing {
    most: u64,
    asked: AtomicU64,
}

impl Sparing {
    /// Allows `most` messages between two counts.
    pub const fn new(most: u64) -> Self {
        Self { most, asked: AtomicU64::new(0) }
    }

    /// True if the message should be logged this time.
    pub fn may_speak(&self) -> bool {
        self.asked.fetch_add(1, Ordering::Relaxed) < self.most
    }

    /// Starts counting again. Returns the number of suppressed messages.
    pub fn held_back(&self) -> u64 {
        self.asked.swap(0, Ordering::Relaxed).saturating_sub(self.most)
    }
}

/// Starts the log of this process and installs a panic hook that logs the location.
///
/// # Errors
/// The process already has a log.
pub fn start(log: Log) -> Result<(), tracing_subscriber::util::TryInitError> {
    subscriber(log, io::stderr().is_terminal(), io::stderr).try_init()?;
    std::panic::set_hook(Box::new(panicked));
    Ok(())
}

/// Builds a log in the format of `log` that writes to `writer`.
fn subscriber<W>(log: Log, terminal: bool, writer: W) -> Box<dyn Subscriber + Send + Sync>
where
    W: for<'a> MakeWriter<'a> + Send + Sync + 'static,
{
    let json = match log.format {
        LogFormat::Json => true,
        LogFormat::Text => false,
        LogFormat::Auto => !terminal,
    };
    // The end of a span says how long it took: at this level, each call of the database.
    let ends = if log.level == Level::TRACE { FmtSpan::CLOSE } else { FmtSpan::NONE };
    let layer = fmt::layer().with_ansi(false).with_span_events(ends).with_writer(Escaping(writer));
    let filter = filter(log.level);
    if json {
        let layer = layer.json().flatten_event(true).with_span_list(false);
        Box::new(Registry::default().with(layer.with_filter(filter)))
    } else {
        Box::new(Registry::default().with(layer.with_target(false).with_filter(filter)))
    }
}

/// Our own messages at `level`, those of libraries only if they are important.
fn filter(level: Level) -> Targets {
    let quiet = |most: LevelFilter| most.min(LevelFilter::from_level(level));
    Targets::new()
        .with_default(quiet(LevelFilter::WARN))
        // Slow and silent callers are disconnected by design; hyper would warn about each.
        .with_target("hyper", quiet(LevelFilter::ERROR))
        // Each try to connect to a server that is not the leader would be an error of the pool's; our own words say so once.
        .with_target("sqlx_core::pool", LevelFilter::OFF)
        .with_target("lastword", level)
}

/// Logs the location only: the panic message may contain a client's text.
fn panicked(panic: &PanicHookInfo<'_>) {
    let place = panic.location().map(ToString::to_string).unwrap_or_default();
    tracing::error!(place, "a panic: please report it");
}

/// Creates writers that escape characters which could forge a line.
struct Escaping<W>(W);

impl<'a, W: MakeWriter<'a>> MakeWriter<'a> for Escaping<W> {
    type Writer = EscapingWriter<W::Writer>;

    fn make_writer(&'a self) -> Self::Writer {
        EscapingWriter(self.0.make_writer())
    }
}

/// Expects one whole event per call, which is how `fmt` writes.
struct EscapingWriter<W>(W);

impl<W: Write> Write for EscapingWriter<W> {
    fn write(&mut self, event: &[u8]) -> io::Result<usize> {
        let text = String::from_utf8_lossy(event);
        let (line, end) = text.strip_suffix('\n').map_or((&*text, ""), |line| (line, "\n"));
        if !line.contains(misleads) {
            self.0.write_all(event)?;
            return Ok(event.len());
        }
        let mut escaped = String::with_capacity(line.len() + 16);
        for c in line.chars() {
            if misleads(c) {
                // JSON escapes, so that a line of JSON stays valid.
                let _ = write!(escaped, "\\u{:04x}", u32::from(c));
            } else {
                escaped.push(c);
            }
        }
        escaped.push_str(end);
        self.0.write_all(escaped.as_bytes())?;
        Ok(event.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

/// True for control characters, Unicode line ends, and characters that change the text direction.
fn misleads(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::{Arc, Mutex};

    #[derive(Clone, Default)]
    struct Page(Arc<Mutex<Vec<u8>>>);

    impl Write for Page {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn written(format: LogFormat, terminal: bool, level: Level, speak: impl FnOnce()) -> String {
        let page = Page::default();
        let writer = page.clone();
        let subscriber = subscriber(Log { format, level }, terminal, move || writer.clone());
        tracing::subscriber::with_default(subscriber, speak);
        String::from_utf8(page.0.lock().unwrap().clone()).unwrap()
    }

    #[test]
    fn the_same_is_said_a_few_times_and_then_counted() {
        let sparing = Sparing::new(2);
        assert_eq!((0..5).filter(|_| sparing.may_speak()).count(), 2);
        assert_eq!((sparing.held_back(), sparing.held_back()), (3, 0));
        assert!(sparing.may_speak());
    }

    #[test]
    fn a_hostile_text_stays_on_its_line_in_both_forms() {
        let hostile = "a\n2026 ERROR forged\r\u{1b}[31m\u{9b}\u{202e}\u{2028}";
        for format in [LogFormat::Json, LogFormat::Text] {
            let page = written(format, true, Level::INFO, || tracing::info!(text = hostile, "{hostile}"));
            let line = page.strip_suffix('\n').unwrap();
            assert!(line.contains("forged") && !line.contains(misleads), "{line:?}");
        }
        let page = written(LogFormat::Json, true, Level::INFO, || tracing::info!(text = hostile, "hello"));
        let line: serde_json::Value = serde_json::from_str(&page).unwrap();
        assert_eq!(line["text"], hostile, "JSON gives back what was said");
    }

    #[test]
    fn a_terminal_gets_text_and_a_program_json() {
        let speak = || {
            let _span = tracing::info_span!("http", request.id = "r1").entered();
            tracing::info!("hello");
        };
        assert!(!written(LogFormat::Auto, true, Level::INFO, speak).starts_with('{'));
        let line: serde_json::Value = serde_json::from_str(&written(LogFormat::Auto, false, Level::INFO, speak)).unwrap();
        assert_eq!((line["message"].as_str(), line["span"]["request.id"].as_str()), (Some("hello"), Some("r1")));
    }

    #[test]
    fn the_lowest_level_says_how_long_each_span_took() {
        let speak = || drop(tracing::trace_span!("sql", db.collection.name = "rating").entered());
        assert_eq!(written(LogFormat::Json, false, Level::DEBUG, speak), "");
        let line: serde_json::Value = serde_json::from_str(&written(LogFormat::Json, false, Level::TRACE, speak)).unwrap();
        assert!(line["span"]["db.collection.name"] == "rating" && line["time.busy"].is_string(), "{line}");
    }

    #[test]
    fn libraries_are_quiet_and_our_level_holds() {
        let speak = || {
            tracing::debug!("ours in detail");
            tracing::info!(target: "lastword_telegram::poll", "an adapter's");
            tracing::info!(target: "sqlx::query", "a statement");
            tracing::warn!(target: "hyper::proto", "a slow caller");
        };
        let at = |level| {
            let page = written(LogFormat::Text, true, level, speak);
            ["ours", "adapter's", "statement", "slow"].map(|word| page.contains(word))
        };
        assert_eq!(at(Level::DEBUG), [true, true, false, false]);
        assert_eq!(at(Level::INFO), [false, true, false, false]);
        assert_eq!(at(Level::ERROR), [false; 4]);
    }
}
