//! Contents of a release: scripts, units, files for Compose and Kubernetes, and the files that the program generates for
//! them. Packages and images themselves are tested by `packaging/smoke`, in the long form of `./test`.

use crate::rig::root;
use lastword::settings::Settings;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const BINARY: &str = env!("CARGO_BIN_EXE_lastword");

fn run(program: impl AsRef<std::ffi::OsStr>, arguments: &[&str]) -> Output {
    Command::new(program).args(arguments).current_dir(root()).output().expect("it can be run")
}

fn text(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The files below `packaging`.
fn files() -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![root().join("packaging")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            if entry.is_dir() { folders.push(entry) } else { found.push(entry) }
        }
    }
    found
}

#[test]
fn scripts_are_read_by_their_shell_and_explain_themselves() {
    let scripts: Vec<(PathBuf, String)> = files()
        .into_iter()
        .filter_map(|path| Some((path.clone(), std::fs::read_to_string(path).ok()?)))
        .filter(|(_, text)| text.starts_with("#!"))
        .collect();
    assert!(scripts.len() > 10, "{scripts:?}");
    for (path, text) in &scripts {
        let read = match text.lines().next().unwrap() {
            "#!/bin/sh" => run("sh", &["-n", path.to_str().unwrap()]),
            "#!/usr/bin/env bash" => run("bash", &["-n", path.to_str().unwrap()]),
            _ => run("python3", &["-c", "import ast, sys; ast.parse(open(sys.argv[1]).read())", path.to_str().unwrap()]),
        };
        assert!(read.status.success(), "{}: {read:?}", path.display());
    }
    for script in ["build", "image", "deb", "release", "site", "smoke"] {
        let help = run(root().join("packaging").join(script), &["--help"]);
        let said = String::from_utf8_lossy(&help.stdout);
        assert!(help.status.success() && said.contains(&format!("packaging/{script}")), "{script}: {help:?}");
        let wrong = run(root().join("packaging").join(script), &["--no-such"]);
        assert!(!wrong.status.success(), "{script}: {wrong:?}");
    }
}

#[test]
fn the_manifest_for_kubernetes_is_valid() {
    let validate = root().join("tests/openapi/.venv/bin/kubernetes-validate");
    assert!(validate.exists(), "{} is missing: run ./test, which installs it", validate.display());
    let right = run(&validate, &["--strict", "packaging/kubernetes.yaml"]);
    assert!(right.status.success(), "{right:?}");
    let folder = tempfile::tempdir().unwrap();
    let broken = folder.path().join("broken.yaml");
    std::fs::write(&broken, text("packaging/kubernetes.yaml").replace("replicas: 2", "replicas: two")).unwrap();
    assert!(!run(&validate, &[broken.to_str().unwrap()]).status.success(), "a wrong one is refused");
}

/// Every variable set by a container file is a setting with a valid value.
#[test]
fn every_variable_of_the_files_is_a_setting() {
    let mut names = BTreeSet::new();
    for path in [
        "packaging/Containerfile",
        "packaging/kubernetes.yaml",
        "packaging/compose/compose.yaml",
        "packaging/compose/compose.postgres.yaml",
    ] {
        let text = text(path);
        let words = text.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_');
        names.extend(words.filter(|word| word.starts_with("LASTWORD__")).map(str::to_owned));
    }
    assert!(names.len() >= 5, "{names:?}");
    let folder = tempfile::tempdir().unwrap();
    let value = |name: &str| match name.trim_end_matches("_FILE") {
        "LASTWORD__HTTP__LISTEN" => "0.0.0.0:8080",
        "LASTWORD__HTTP__PUBLIC_URL" => "https://rate.example.com",
        "LASTWORD__HTTP__TRUSTED_PROXIES" => "10.0.0.0/8",
        "LASTWORD__DATABASE__URL" => "postgres://lastword:x@postgres/lastword",
        "LASTWORD__SECURITY__KEY" => "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
        other => panic!("what is {other} in this test?"),
    };
    for name in &names {
        let file = folder.path().join(name);
        std::fs::write(&file, value(name)).unwrap();
        let given = if name.ends_with("_FILE") { file.display().to_string() } else { value(name).to_owned() };
        Settings::load(None, std::iter::once((name.clone(), given))).unwrap_or_else(|problems| panic!("{name}: {problems}"));
    }
    Settings::load(Some(Path::new(&root().join("packaging/lastword.toml"))), std::iter::empty()).unwrap();
}

/// The image sets no variable that a user sets in the other form, with `_FILE`: the program accepts only one of them.
#[test]
fn the_image_leaves_secrets_to_whoever_runs_it() {
    let image = text("packaging/Containerfile");
    assert!(!image.contains("LASTWORD__DATABASE__URL") && !image.contains("LASTWORD__SECURITY"), "{image}");
}

#[test]
fn systemd_reads_the_units_and_finds_them_hardened() {
    if run("sh", &["-c", "command -v systemd-analyze"]).stdout.is_empty() {
        eprintln!("SKIPPED: systemd-analyze is not on this machine");
        return;
    }
    let security = run("systemd-analyze", &["security", "--offline=true", "--threshold=15", "packaging/systemd/lastword.service"]);
    assert!(security.status.success(), "{}", String::from_utf8_lossy(&security.stdout));
}

#[test]
fn the_program_gives_manual_pages_completions_and_its_version() {
    let folder = tempfile::tempdir().unwrap();
    let made = run(BINARY, &["man", folder.path().join("man").to_str().unwrap()]);
    assert!(made.status.success(), "{made:?}");
    let page = std::fs::read_to_string(folder.path().join("man/lastword.1")).unwrap();
    assert!(page.contains(".TH") && page.contains("lastword\\-backup(1)"), "{page}");
    assert!(folder.path().join("man/lastword-line-add.1").exists());
    for shell in ["bash", "zsh", "fish"] {
        let made = run(BINARY, &["completions", shell]);
        assert!(made.status.success() && String::from_utf8_lossy(&made.stdout).contains("healthcheck"), "{shell}: {made:?}");
    }
    let version = String::from_utf8(run(BINARY, &["--version"]).stdout).unwrap();
    let told = String::from_utf8(run(root().join("packaging/version"), &[]).stdout).unwrap();
    assert!(version.starts_with(&format!("lastword {} (", told.trim())) && version.trim().ends_with(')'), "{version}");
}

#[test]
fn the_changelog_has_what_a_release_says_of_itself() {
    let notes = run(root().join("packaging/notes"), &["--dry-run", "0.1.0"]);
    assert!(notes.status.success() && notes.stdout.len() > 200, "{notes:?}");
    let unknown = run(root().join("packaging/notes"), &["77.0.0"]);
    assert!(!unknown.status.success() && String::from_utf8_lossy(&unknown.stderr).contains("no section \"## 77.0.0\""), "{unknown:?}");
}
