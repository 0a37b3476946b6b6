//! The real binary as a process: started, its output read, signalled and, at the latest when the test process ends, killed.

use std::ffi::OsStr;
use std::net::SocketAddr;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;
use tokio::io::{AsyncBufReadExt as _, AsyncRead, AsyncWriteExt as _, BufReader};
use tokio::process::{Child, ChildStdin, Command};
use tokio::sync::watch;

/// Long enough for a cold start during a compilation; only a failing test waits for it.
const PATIENCE: Duration = Duration::from_secs(60);
/// Time for which the outputs may stay open after the end.
const LAST_WORDS: Duration = Duration::from_secs(5);
/// Text in the output before the address when the binary accepts connections.
const LISTENING: &str = "listening on";

/// A running process with its output so far.
#[derive(Debug)]
pub(crate) struct Process {
    pub(crate) child: Child,
    pid: u32,
    /// Lines of both outputs in order. Its senders are dropped when the process has closed them.
    log: watch::Receiver<Vec<String>>,
    /// A shell that kills the process when this pipe closes, which happens even if this process is killed.
    pub(crate) guard: (Child, Option<ChildStdin>),
}

impl Process {
    /// The built binary with `arguments`; `environment` is added to a clean one, so that no setting of the machine is used.
    pub(crate) fn lastword(arguments: &[&str], environment: &[(&str, &str)]) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_lastword"));
        command.args(arguments).envs(environment.iter().copied());
        for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("LASTWORD_")) {
            if !environment.iter().any(|(given, _)| OsStr::new(given) == name) {
                command.env_remove(name);
            }
        }
        Self::spawn(command)
    }

    /// Any command.
    pub(crate) fn spawn(mut command: Command) -> Self {
        let piped = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
        let mut child = piped.spawn().unwrap_or_else(|error| panic!("{command:?} does not start: {error}"));
        let pid = child.id().expect("just started");
        let (sender, log) = watch::channel(Vec::new());
        tokio::spawn(hear(child.stdout.take().expect("piped"), sender.clone()));
        tokio::spawn(hear(child.stderr.take().expect("piped"), sender));
        // "let go" is written after the process was reaped: its ID may be reused by then.
        let mut guard = Command::new("sh")
            .args(["-c", "trap '' INT TERM HUP; read -r word || kill -KILL \"$1\"", "guard", &pid.to_string()])
            .stdin(Stdio::piped())
            .process_group(0)
            .spawn()
            .expect("sh starts");
        let pipe = guard.stdin.take();
        Self { child, pid, log, guard: (guard, pipe) }
    }

    /// True until it has ended.
    pub(crate) fn runs(&mut self) -> bool {
        self.child.try_wait().expect("the process is ours").is_none()
    }

    /// Its process id.
    pub(crate) fn pid(&self) -> u32 {
        self.pid
    }

    /// Waits until the process prints its address.
    pub(crate) async fn listening(&self) -> SocketAddr {
        let line = self.says(LISTENING).await;
        address(&line).unwrap_or_else(|| panic!("no address after \"{LISTENING}\" in: {line}"))
    }

    /// Waits for a line with `words`, earlier ones included, and returns it.
    pub(crate) async fn says(&self, words: &str) -> String {
        let mut log = self.log.clone();
        let find = |lines: &[String]| lines.iter().find(|line| line.contains(words)).cloned();
        let heard = tokio::time::timeout(PATIENCE, log.wait_for(|lines| find(lines).is_some())).await;
        match heard {
            Ok(Ok(lines)) => find(&lines).expect("just found"),
            Ok(Err(_)) => panic!("the process ended without saying \"{words}\". It said:\n{}", self.log()),
            Err(_) => panic!("the process did not say \"{words}\" within {PATIENCE:?}. It said:\n{}", self.log()),
        }
    }

    /// The output so far.
    pub(crate) fn log(&self) -> String {
        self.log.borrow().join("\n")
    }

    /// `kill -9`, and waits for its end.
    pub(crate) async fn kill(mut self) -> String {
        self.child.kill().await.expect("killed");
        self.let_go().await
    }

    /// Sends SIGTERM, and waits for its end.
    pub(crate) async fn stop(self) -> (ExitStatus, String) {
        self.signal("TERM").await;
        self.ended().await
    }

    /// Sends a signal by name: `TERM`, `STOP`, `CONT`, `INT`.
    pub(crate) async fn signal(&self, name: &str) {
        let kill = ["-c", "kill -s \"$1\" \"$2\"", "kill", name, &self.pid.to_string()];
        let status = Command::new("sh").args(kill).status().await.expect("sh runs");
        assert!(status.success(), "the process takes no SIG{name}. It said:\n{}", self.log());
    }

    /// Waits until it ends by itself; returns its exit status and output.
    pub(crate) async fn ended(mut self) -> (ExitStatus, String) {
        let ended = tokio::time::timeout(PATIENCE, self.child.wait()).await;
        let status = ended.unwrap_or_else(|_| panic!("still running after {PATIENCE:?}. It said:\n{}", self.log()));
        let status = status.expect("the process is ours");
        (status, self.let_go().await)
    }

    /// Ends the guard and reads the remaining output.
    async fn let_go(mut self) -> String {
        let mut pipe = self.guard.1.take().expect("the pipe is there until the end");
        pipe.write_all(b"let go\n").await.expect("the guard lives");
        self.guard.0.wait().await.expect("the guard is ours");
        // Ends with an error when the outputs are closed. A child of the process may keep them open for longer than this waits.
        let _ = tokio::time::timeout(LAST_WORDS, self.log.wait_for(|_| false)).await;
        self.log()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("---- process {} said:\n{}\n----", self.pid, self.log());
        }
    }
}

/// Collects the lines of one output until it is closed.
async fn hear(output: impl AsyncRead + Unpin, log: watch::Sender<Vec<String>>) {
    let mut lines = BufReader::new(output).split(b'\n');
    while let Ok(Some(line)) = lines.next_segment().await {
        log.send_modify(|log| log.push(String::from_utf8_lossy(&line).trim_end().to_owned()));
    }
}

/// The first socket address after the text, inside a URL, JSON quotes or colour codes.
pub(crate) fn address(line: &str) -> Option<SocketAddr> {
    let after = &line[line.find(LISTENING)? + LISTENING.len()..];
    let mut words = after.split(|letter: char| !letter.is_ascii_hexdigit() && !".:[]".contains(letter));
    words.find_map(|word| word.trim_matches(':').parse().ok())
}
