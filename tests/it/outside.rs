//! A channel can be developed outside this repository: the example's channel and its kit set-up, in a separate crate that
//! depends only on the contract crate.

use crate::rig::folder::Folder;
use crate::rig::root;
use std::path::Path;
use std::process::Command;

const SIGNAL: &str = include_str!("../../examples/third_party_channel/signal.rs");
const PROGRAM: &str = include_str!("../../examples/third_party_channel/main.rs");
/// The set-up with which the kit runs here as well; there, the channel is a crate instead of a file beside it.
const SET_UP: &str = include_str!("third_party.rs");
const BESIDE: &str = "#[path = \"../../examples/third_party_channel/signal.rs\"]\nmod signal;\n";

/// The manifest of a third-party channel. `CONTRACT` is the location of the contract crate: a path here, a repository elsewhere.
const MANIFEST: &str = r#"
[package]
name = "signal"
version = "0.1.0"
edition = "2024"

[workspace]

[dependencies]
async-trait = "0.1"
lastword-contract = { path = "CONTRACT" }
reqwest = { version = "0.12", default-features = false, features = ["json"] }
serde = { version = "1", features = ["derive"] }
serde_json = "1"
subtle = "2"
url = "2"

[dev-dependencies]
lastword-contract = { path = "CONTRACT", features = ["kit"] }
tokio = { version = "1", features = ["macros", "rt"] }
"#;

#[test]
fn the_example_is_short() {
    let lines = SIGNAL.lines().count() + PROGRAM.lines().count();
    assert!(lines < 150, "{lines} lines");
}

#[test]
fn a_channel_is_made_outside_with_the_contract_crate_alone() {
    let folder = Folder::new();
    let put = |name: &str, text: &str| {
        let file = folder.path().join(name);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, text).unwrap();
    };
    assert!(SET_UP.contains(BESIDE));
    put("Cargo.toml", &MANIFEST.replace("CONTRACT", &root().join("adapters/contract").display().to_string()));
    // A crate's own types are public.
    put("src/lib.rs", &SIGNAL.replace("pub(crate)", "pub"));
    put("tests/kit.rs", &SET_UP.replace(BESIDE, ""));
    // The present versions, so that no network is needed.
    put("Cargo.lock", &std::fs::read_to_string(root().join("Cargo.lock")).unwrap());

    let (said, ok) = cargo(folder.path(), &["test", "--offline", "--test", "kit"]);
    assert!(ok, "{said}");
    let passed = said.lines().find_map(|line| line.strip_prefix("test result: ok. ")?.split(' ').next()?.parse::<usize>().ok());
    assert!(passed.is_some_and(|passed| passed > 20), "{said}");
    let (known, ok) = cargo(folder.path(), &["tree", "--offline", "--edges", "normal", "--prefix", "none"]);
    assert!(ok && known.contains("lastword-contract v"), "{known}");
    for heavy in ["lastword v", "sqlx", "axum", "teloxide"] {
        assert!(!known.lines().any(|line| line.starts_with(heavy)), "{heavy} comes with the contract:\n{known}");
    }
}

/// Runs cargo in `folder`, with a target folder beside ours so that later runs are fast. Returns the output, and true if it succeeded.
fn cargo(folder: &Path, arguments: &[&str]) -> (String, bool) {
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(arguments).current_dir(folder).env("CARGO_TARGET_DIR", root().join("target/outside"));
    let output = cargo.output().expect("cargo runs");
    let said = [output.stdout, output.stderr].map(|words| String::from_utf8_lossy(&words).into_owned());
    (said.concat(), output.status.success())
}
