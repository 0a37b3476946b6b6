//! Runs a script of tests/browser with Node, playwright-core and the machine's Chromium.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;
use tokio::process::Command;

/// Timeout of a script; in the long form it visits everything in each language.
fn patience() -> Duration {
    Duration::from_secs(if super::long() { 3 * 3_600 } else { 900 })
}

/// Runs `tests/browser/<script>` with these variables (and `CHROMIUM`), and returns its output. Fails the test if the
/// script fails. A script that needs variables must not be named `*.test.mjs`: those are run without any.
pub(crate) async fn run(script: &str, environment: &[(&str, &str)]) -> String {
    let (success, output) = ran(script, environment).await;
    assert!(success, "tests/browser/{script} failed:\n{output}");
    output
}

pub(crate) async fn ran(script: &str, environment: &[(&str, &str)]) -> (bool, String) {
    let folder = super::root().join("tests/browser");
    let (node, chromium) = (found(&["node"], "nodejs"), found(&["chromium", "chromium-browser"], "chromium"));
    let installed = folder.join("node_modules/playwright-core/package.json").exists();
    assert!(installed, "{}", remedy("playwright-core", "cd tests/browser && npm ci"));
    let mut command = Command::new(node);
    command.arg(folder.join(script)).current_dir(&folder).env("CHROMIUM", chromium).envs(environment.iter().copied());
    let running = command.stdin(Stdio::null()).kill_on_drop(true).output();
    let ended = tokio::time::timeout(patience(), running).await;
    let ended = ended.unwrap_or_else(|_| panic!("tests/browser/{script} still ran after {:?}", patience()));
    let ended = ended.unwrap_or_else(|error| panic!("tests/browser/{script} does not start: {error}"));
    let output = [ended.stdout, ended.stderr].concat();
    (ended.status.success(), String::from_utf8_lossy(&output).into_owned())
}

/// The first of these programs on the PATH.
fn found(names: &[&str], package: &str) -> PathBuf {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let candidates = std::env::split_paths(&path).flat_map(|folder| names.iter().map(move |name| folder.join(name)));
    let mut present = candidates.filter(|candidate| Path::is_file(candidate));
    present.next().unwrap_or_else(|| panic!("{}", remedy(package, &format!("apt-get install {package}"))))
}

fn remedy(what: &str, command: &str) -> String {
    format!("browser tests need {what}: run ./test, which installs it, or `{command}`")
}
