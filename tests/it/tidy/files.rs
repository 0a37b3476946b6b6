//! Tests over the whole repository: every source, file names, and matching migrations.

use super::house::violations;
use super::source::Source;
use super::{EMPTY_NAMES, LAYERS, none};
use crate::rig::root;
use std::collections::BTreeSet;
use std::path::Path;

/// Folders that hold our own files.
const OURS: &[&str] = &["src", "adapters", "tests", "examples", "migrations"];

/// Our files with one of these endings, from the root, with `/`.
pub(super) fn ours(endings: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    for folder in OURS {
        walk(&root().join(folder), &mut found);
    }
    found.retain(|path| endings.iter().any(|ending| path.ends_with(ending)));
    found.sort();
    found
}

fn walk(folder: &Path, found: &mut Vec<String>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let (path, name) = (entry.path(), entry.file_name());
        if path.is_dir() {
            if !["node_modules", ".venv", "target"].iter().any(|left_out| name == *left_out) {
                walk(&path, found);
            }
        } else {
            let inside = path.strip_prefix(root()).expect("it is inside");
            found.push(inside.to_string_lossy().replace('\\', "/"));
        }
    }
}

pub(super) fn read(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

#[test]
fn every_source_keeps_the_rules_of_the_house() {
    let sources: Vec<Source> = ours(&[".rs"]).iter().map(|path| Source::new(path, &read(path))).collect();
    assert!(sources.iter().any(|source| source.path == "src/main.rs"), "the walk finds the sources");
    let found: Vec<String> = sources.iter().flat_map(violations).collect();
    none(&found);
}

#[test]
fn no_file_has_a_name_that_says_nothing() {
    let empty = |path: &&String| path.split('/').any(|part| EMPTY_NAMES.contains(&part.split('.').next().unwrap_or_default()));
    none(&ours(&[""]).iter().filter(empty).cloned().collect::<Vec<_>>());
}

#[test]
fn every_script_and_migration_opens_with_a_comment() {
    let opens = |path: &String| {
        let text = read(path);
        ["--", "//", "/*", "#"].iter().any(|mark| text.starts_with(mark))
    };
    none(&ours(&[".sql", ".mjs", ".js", ".css", ".sh"]).into_iter().filter(|path| !opens(path)).collect::<Vec<_>>());
}

#[test]
fn migrations_are_numbered_twins() {
    none(&twins(&names("migrations/sqlite"), &names("migrations/postgres")));
}

#[test]
fn adapters_depend_on_the_contract_alone() {
    let manifests = ours(&["/Cargo.toml"]);
    assert!(manifests.iter().any(|path| path == "adapters/contract/Cargo.toml"));
    let manifests = manifests.iter().filter(|path| path.starts_with("adapters/"));
    none(&manifests.flat_map(|path| dependencies(path, &read(path))).collect::<Vec<_>>());
}

#[test]
fn layers_depend_on_the_layers_below_alone() {
    let manifests: Vec<String> = ours(&["/Cargo.toml"]).into_iter().filter(|path| path.starts_with("src/")).collect();
    assert!(manifests.iter().any(|path| path == "src/life/Cargo.toml"));
    none(&manifests.iter().flat_map(|path| layer(path, &read(path))).collect::<Vec<_>>());
}

/// Forbidden crates of ours in the manifest of a layer, dev-dependencies excluded.
pub(super) fn layer(path: &str, manifest: &str) -> Vec<String> {
    let name = path.trim_start_matches("src/").trim_end_matches("/Cargo.toml");
    let Some(row) = LAYERS.iter().find(|row| row.name == name) else {
        return vec![format!("{path}: the crate has no line in LAYERS of tests/it/tidy.rs")];
    };
    let product = manifest.split("[dev-dependencies]").next().unwrap_or_default();
    let keys = product.lines().map(|line| line.split(['.', '=', ' ']).next().unwrap_or_default());
    let wrong = keys.filter_map(|key| key.strip_prefix("lastword-")).filter(|named| !row.may.contains(named));
    wrong.map(|named| format!("{path}: {name} must not depend on {named}")).collect()
}

fn names(folder: &str) -> BTreeSet<String> {
    let entries = std::fs::read_dir(root().join(folder)).into_iter().flatten().flatten();
    entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect()
}

/// Violations in the two folders of migrations: the same names, numbered from 1 without a gap.
pub(super) fn twins(sqlite: &BTreeSet<String>, postgres: &BTreeSet<String>) -> Vec<String> {
    let mut found: Vec<String> = sqlite.symmetric_difference(postgres).map(|name| format!("{name} has no twin")).collect();
    for (place, name) in sqlite.iter().enumerate() {
        let number = name.split('_').next().unwrap_or_default();
        let numbered = number.len() == 4 && number.parse() == Ok(place + 1) && name.ends_with(".sql");
        if !numbered {
            found.push(format!("{name} should be {:04}_….sql", place + 1));
        }
    }
    found
}

/// Forbidden dependencies in the manifest of an adapter or the contract, dev-dependencies excluded.
pub(super) fn dependencies(path: &str, manifest: &str) -> Vec<String> {
    let contract = path == "adapters/contract/Cargo.toml";
    let (mut counts, mut found) = (false, Vec::new());
    for line in manifest.lines() {
        if line.starts_with('[') {
            counts = line.contains("dependencies") && !line.contains("dev-dependencies");
            continue;
        }
        let key = line.split(['.', '=', ' ']).next().unwrap_or_default();
        // What the contract hands on to adapters.
        let may = if contract { "lastword-language" } else { "lastword-contract" };
        let ours = key == "lastword" || (key.starts_with("lastword-") && key != may);
        let heavy = matches!(key, "sqlx" | "axum" | "rusqlite") || (contract && matches!(key, "tokio" | "reqwest"));
        // The kit may have dependencies that are not part of a third party's build.
        if counts && (ours || (heavy && !line.contains("optional = true"))) {
            found.push(format!("{path}: must not depend on {key}"));
        }
    }
    found
}
