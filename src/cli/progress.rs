//! Progress of long work, on standard error: on a terminal a bar with the rate and the remaining time, elsewhere, such as in a log, a line
//! every ten seconds. Work that ends within the first tick shows nothing.

use indicatif::{HumanBytes, HumanCount, HumanDuration, ProgressBar, ProgressState, ProgressStyle};
use std::fmt;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

/// Interval at which the bar is drawn.
const DRAW: Duration = Duration::from_millis(100);
/// Interval of lines if there is no terminal.
const LINE: Duration = Duration::from_secs(10);

/// Unit of the count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unit {
    Bytes,
    /// Nothing is counted: only the time is shown.
    Time,
    /// Things with a plural name, such as rows.
    Things(&'static str),
}

/// The state to show.
#[derive(Clone, Debug)]
struct Shown {
    what: String,
    unit: Unit,
    done: u64,
    total: Option<u64>,
    /// The file whose size is the progress.
    file: Option<PathBuf>,
}

impl Shown {
    fn look(&mut self) {
        let size = self.file.as_ref().and_then(|file| std::fs::metadata(file).ok()).map(|file| file.len());
        self.done = size.unwrap_or(self.done);
    }
}

/// Progress of one piece of work. It disappears when dropped.
pub(super) struct Progress {
    shown: Arc<Mutex<Shown>>,
    ended: Option<Sender<()>>,
    drawer: Option<JoinHandle<()>>,
}

impl Progress {
    /// Shows the progress of `what`, such as "importing", with `total` units if known.
    pub(super) fn start(what: &str, unit: Unit, total: Option<u64>) -> Self {
        let bar = ProgressBar::new(total.unwrap_or(0));
        let shown = Shown { what: what.to_owned(), unit, done: 0, total, file: None };
        if bar.is_hidden() { Self::lines(shown, LINE, Box::new(std::io::stderr())) } else { Self::bar(shown, bar) }
    }

    fn bar(shown: Shown, bar: ProgressBar) -> Self {
        Self::drawn(shown, DRAW, move |seen| match seen {
            Some(shown) => {
                bar.set_style(style(shown));
                bar.set_length(shown.total.unwrap_or(0));
                bar.set_message(shown.what.clone());
                bar.set_position(shown.done);
            }
            None => bar.finish_and_clear(),
        })
    }

    fn lines(shown: Shown, every: Duration, mut out: Box<dyn Write + Send>) -> Self {
        let (mut before, mut passed) = (None, Duration::ZERO);
        Self::drawn(shown, every, move |seen| {
            let Some(shown) = seen else { return };
            passed += every;
            // A failing log does not stop the work.
            let _ = writeln!(out, "{}", line(shown, before.replace(shown.done), every, passed));
        })
    }

    /// Calls `draw` at every tick with the state to show, and with nothing at the end.
    fn drawn(shown: Shown, every: Duration, mut draw: impl FnMut(Option<&Shown>) + Send + 'static) -> Self {
        let shown = Arc::new(Mutex::new(shown));
        let (ended, end) = mpsc::channel::<()>();
        let seen = shown.clone();
        let drawer = std::thread::Builder::new().name("progress".to_owned()).spawn(move || {
            while end.recv_timeout(every) == Err(RecvTimeoutError::Timeout) {
                let mut now = seen.lock().unwrap_or_else(PoisonError::into_inner).clone();
                now.look();
                draw(Some(&now));
            }
            draw(None);
        });
        // Without a thread the work continues without progress.
        Self { shown, ended: Some(ended), drawer: drawer.ok() }
    }

    /// Sets the number of finished units.
    pub(super) fn set(&self, done: u64) {
        self.change(|shown| shown.done = done);
    }

    /// Adds finished units.
    pub(super) fn add(&self, more: u64) {
        self.change(|shown| shown.done += more);
    }

    /// Starts the next part, `what`; the total is now `total`.
    pub(super) fn go_on(&self, what: String, total: Option<u64>) {
        self.change(|shown| (shown.what, shown.total) = (what, total));
    }

    /// Shows the size of `file` as the progress, of `total` bytes.
    pub(super) fn watch(&self, what: &str, file: &Path, total: Option<u64>) {
        let (what, file) = (what.to_owned(), Some(file.to_owned()));
        self.change(|shown| *shown = Shown { what, unit: Unit::Bytes, done: 0, total, file });
    }

    /// Sets the number of finished units of `what`, of `total` if known.
    #[cfg(feature = "chatwoot")]
    pub(super) fn count(&self, what: &str, unit: Unit, done: u64, total: Option<u64>) {
        self.change(|shown| *shown = Shown { what: what.to_owned(), unit, done, total, file: None });
    }

    /// The next part cannot be counted.
    pub(super) fn wait(&self, what: &str) {
        self.change(|shown| *shown = Shown { what: what.to_owned(), unit: Unit::Time, done: 0, total: None, file: None });
    }

    fn change(&self, change: impl FnOnce(&mut Shown)) {
        change(&mut self.shown.lock().unwrap_or_else(PoisonError::into_inner));
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        drop(self.ended.take());
        // Waits for the drawing thread, so that the terminal is clear for the next output.
        let _ = self.drawer.take().map(JoinHandle::join);
    }
}

fn style(shown: &Shown) -> ProgressStyle {
    let template = match (shown.unit, shown.total) {
        (Unit::Bytes, Some(_)) => "{msg} {bar:32} {bytes} of {total_bytes}, {bytes_per_sec}, {eta} left".to_owned(),
        (Unit::Bytes, None) => "{spinner} {msg}, {bytes}, {bytes_per_sec}, {elapsed} so far".to_owned(),
        (Unit::Time, _) => "{spinner} {msg}, {elapsed} so far".to_owned(),
        (Unit::Things(name), Some(_)) => format!("{{msg}} {{bar:32}} {{human_pos}} of {{human_len}} {name}, {{rate}}, {{eta}} left"),
        (Unit::Things(name), None) => format!("{{spinner}} {{msg}}, {{human_pos}} {name}, {{rate}}, {{elapsed}} so far"),
    };
    // `per_sec` of the library has four decimals.
    let rate = |state: &ProgressState, out: &mut dyn fmt::Write| {
        let _ = write!(out, "{}/s", HumanCount(state.per_sec().round() as u64));
    };
    ProgressStyle::with_template(&template).unwrap_or_else(|_| ProgressStyle::default_bar()).with_key("rate", rate)
}

/// Formats one line: progress, rate since the previous line, and remaining time. `passed` is the time since the start.
fn line(shown: &Shown, before: Option<u64>, every: Duration, passed: Duration) -> String {
    let Shown { what, unit, done, .. } = shown;
    let passed = HumanDuration(passed);
    let (count, name): (fn(u64) -> String, _) = match unit {
        Unit::Time => return format!("{what}: {passed} so far"),
        Unit::Bytes => (|count| HumanBytes(count).to_string(), String::new()),
        Unit::Things(name) => (|count| HumanCount(count).to_string(), format!(" {name}")),
    };
    let rate = done.saturating_sub(before.unwrap_or(0)) as f64 / every.as_secs_f64();
    let how_fast = format!("{}/s", count(rate.round() as u64));
    match shown.total.filter(|total| *total > 0) {
        Some(total) => {
            let left = match total.saturating_sub(*done) {
                left if rate > 0.0 => format!("{} left", HumanDuration(Duration::from_secs((left as f64 / rate) as u64))),
                _ => "time left unknown".to_owned(),
            };
            format!("{what}: {} of {}{name}, {how_fast}, {left}", count(*done), count(total))
        }
        None => format!("{what}: {}{name}, {how_fast}, {passed} so far", count(*done)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROWS: Unit = Unit::Things("rows");
    const TEN: Duration = Duration::from_secs(10);

    fn shown(done: u64, total: Option<u64>, unit: Unit) -> Shown {
        Shown { what: "importing".to_owned(), unit, done, total, file: None }
    }

    #[test]
    fn a_line_has_the_rate_since_the_last_one_and_the_time_left() {
        let said = line(&shown(120_000, Some(500_000), ROWS), Some(80_000), TEN, 3 * TEN);
        assert_eq!(said, "importing: 120,000 of 500,000 rows, 4,000/s, 2 minutes left");
        let said = line(&shown(120_000, Some(500_000), ROWS), Some(120_000), TEN, 3 * TEN);
        assert_eq!(said, "importing: 120,000 of 500,000 rows, 0/s, time left unknown");
        let said = line(&shown(3 << 20, None, Unit::Bytes), None, TEN, TEN);
        assert_eq!(said, "importing: 3.00 MiB, 307.20 KiB/s, 10 seconds so far");
        assert_eq!(line(&shown(0, None, Unit::Time), None, TEN, 3 * TEN), "importing: 30 seconds so far");
        // Work that takes longer than estimated is shown as finished too.
        let said = line(&shown(12, Some(10), ROWS), Some(10), TEN, TEN);
        assert_eq!(said, "importing: 12 of 10 rows, 0/s, 0 seconds left");
    }

    #[test]
    fn where_there_is_no_terminal_lines_are_written_until_the_end() {
        let (written, reader) = mpsc::channel::<String>();
        struct Lines(Sender<String>);
        impl Write for Lines {
            fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
                let _ = self.0.send(String::from_utf8_lossy(bytes).into_owned());
                Ok(bytes.len())
            }
            fn flush(&mut self) -> std::io::Result<()> {
                Ok(())
            }
        }
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("copy");
        let copying = Shown { what: "copying".to_owned(), ..shown(0, Some(100), Unit::Bytes) };
        let progress = Progress::lines(copying, Duration::from_millis(1), Box::new(Lines(written)));
        progress.set(10);
        let until = |wanted: &str| {
            let mut all = String::new();
            while !all.contains(wanted) {
                all.push_str(&reader.recv_timeout(TEN).unwrap_or_else(|_| panic!("no {wanted} in {all}")));
            }
        };
        until("copying: 10 B of 100 B");
        progress.add(5);
        until("copying: 15 B of 100 B");
        // A missing file counts as empty.
        progress.watch("writing", &file, None);
        until("writing: 0 B");
        std::fs::write(&file, [0; 77]).unwrap();
        until("writing: 77 B");
        drop(progress);
        assert!(reader.iter().all(|line| !line.is_empty()), "its writer is gone with it");
    }
}
