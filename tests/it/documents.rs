//! Checks the documentation: every link, path, command, setting, call, metric and invariant number in it exists.

mod markdown;
mod shell;

use crate::rig::root;
use lastword::http::api::openapi;
use markdown::{Document, documents, slug};
use shell::Tree;
use std::collections::BTreeSet;

/// Fails with all errors at once.
fn none(wrong: Vec<String>) {
    assert!(wrong.is_empty(), "{} things in the documents are not so:\n{}", wrong.len(), wrong.join("\n"));
}

/// Errors of each document under one rule.
fn each(rule: impl Fn(&Document) -> Vec<String>) {
    let all = documents();
    assert!(all.len() > 12, "the walk finds the documents");
    none(all.iter().flat_map(|document| rule(document).into_iter().map(|what| format!("{}: {what}", document.path))).collect());
}

#[test]
fn every_link_leads_somewhere() {
    let headings = |path: &str| -> BTreeSet<String> {
        let text = std::fs::read_to_string(root().join(path)).unwrap_or_default();
        Document::new(path, &text).headings.iter().map(|heading| slug(heading)).collect()
    };
    each(|document| {
        let mut wrong = Vec::new();
        for link in document.links.iter().filter(|link| !link.contains("://") && !link.starts_with("mailto:")) {
            let (file, anchor) = link.split_once('#').unwrap_or((link, ""));
            let path = if file.is_empty() { document.path.clone() } else { document.beside(file) };
            if !root().join(&path).exists() {
                wrong.push(format!("the link {link} leads nowhere"));
            } else if !anchor.is_empty() && !headings(&path).contains(anchor) {
                wrong.push(format!("{path} has no heading for the link {link}"));
            }
        }
        wrong
    });
}

#[test]
fn every_path_that_is_named_is_there() {
    const FOLDERS: [&str; 10] =
        ["src/", "tests/", "adapters/", "docs/", "examples/", "packaging/", "migrations/", "locales/", "fuzz/", ".github/"];
    each(|document| {
        let named = document.codes.iter().filter(|code| FOLDERS.iter().any(|folder| code.starts_with(folder)));
        // An adapter's README may name its own sources.
        let there = |code: &str| root().join(code).exists() || root().join(document.beside(code)).exists();
        let plain = named.filter(|code| !code.contains(['*', '…', '{', '<', ' ']) && !there(code.trim_end_matches('/')));
        plain.map(|code| format!("there is no {code}")).collect()
    });
}

#[test]
fn every_command_and_flag_is_one_of_the_programs() {
    let tree = Tree::of_the_binary();
    assert!(tree.knows(&["delivery", "dismiss"]) && !tree.knows(&["deliver"]), "the tree is read");
    each(|document| document.commands().iter().flat_map(|line| tree.wrong(line)).collect());
}

#[test]
fn every_setting_has_its_key() {
    let settings: toml::Table = include_str!("../../settings.default.toml").parse().expect("TOML");
    let knows = |section: &str, key: &str| settings.get(section).and_then(|section| section.get(key)).is_some();
    each(|document| {
        let mut wrong = Vec::new();
        for code in &document.codes {
            let key = code.split([' ', '=']).next().unwrap_or_default();
            let (section, key) = match key.strip_prefix("LASTWORD__").and_then(|rest| rest.split_once("__")) {
                Some((section, key)) => (section.to_lowercase(), key.trim_end_matches("_FILE").to_lowercase()),
                None => key.split_once('.').map(|(section, key)| (section.to_owned(), key.to_owned())).unwrap_or_default(),
            };
            let word = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
            if settings.contains_key(&section)
                && word(&key)
                && !["toml", "db", "service", "key"].contains(&key.as_str())
                && !knows(&section, &key)
            {
                wrong.push(format!("{section}.{key} is no setting"));
            }
        }
        wrong
    });
}

#[test]
fn every_call_of_the_api_is_described() {
    let described = openapi::document();
    let plain = |path: &str| -> String {
        let parts = path.split('/').map(|part| if part.starts_with('{') || part.contains("ID") { "{}" } else { part });
        parts.collect::<Vec<_>>().join("/")
    };
    let calls: BTreeSet<(String, String)> = described["paths"]
        .as_object()
        .into_iter()
        .flatten()
        .flat_map(|(path, methods)| {
            methods.as_object().into_iter().flatten().map(|(method, _)| (plain(path), method.to_uppercase())).collect::<Vec<_>>()
        })
        .collect();
    assert!(calls.contains(&("/v1/sessions/close".to_owned(), "POST".to_owned())), "{calls:?}");
    each(|document| {
        let mut wrong = Vec::new();
        for code in document.codes.iter().filter(|code| !code.contains('…')) {
            let (method, path) =
                code.split_once(' ').filter(|(method, _)| ["GET", "POST", "PUT", "DELETE"].contains(method)).unwrap_or(("", code));
            let path = path.split(['?', ' ']).next().unwrap_or_default();
            if !path.starts_with("/v1/") {
                continue;
            }
            let path = plain(path);
            let known = calls.iter().any(|(call, by)| *call == path && (method.is_empty() || by == method));
            if !known {
                wrong.push(format!("there is no call {code}"));
            }
        }
        wrong
    });
}

#[test]
fn every_metric_is_measured() {
    let sources = ["src/base/metrics.rs", "src/base/metrics/ratings.rs"];
    let source = sources.map(|path| std::fs::read_to_string(root().join(path)).expect("it is there")).concat();
    // Custom fields that an adapter creates in its desk have similar names.
    let fields = fields_in_desks();
    each(|document| {
        // So do functions of a sender in another language.
        let codes = document.codes.iter().filter(|code| !code.contains("::") && !code.contains('(') && !fields.contains(code.as_str()));
        let named = codes.filter_map(|code| code.strip_prefix("lastword_"));
        let name =
            |code: &str| code.split(['{', ' ']).next().unwrap_or_default().trim_end_matches("_total").trim_end_matches("_info").to_owned();
        let missing = named.map(name).filter(|name| !name.is_empty() && !source.contains(&format!("\"{name}\"")));
        missing.map(|name| format!("there is no metric lastword_{name}")).collect()
    });
}

/// Every `"lastword_…"` in an adapter's source.
fn fields_in_desks() -> BTreeSet<String> {
    let folders = std::fs::read_dir(root().join("adapters")).expect("it is there").map(|entry| entry.expect("readable").path().join("src"));
    let files = folders.filter_map(|folder| std::fs::read_dir(folder).ok()).flatten().map(|entry| entry.expect("readable").path());
    let sources =
        files.filter(|path| path.extension().is_some_and(|ending| ending == "rs")).map(|path| std::fs::read_to_string(path).expect("text"));
    let words = |source: String| source.split('"').filter(|word| word.starts_with("lastword_")).map(str::to_owned).collect::<Vec<_>>();
    sources.flat_map(words).collect()
}

/// Comments and test names cite invariants by number; each is explained in one document.
#[test]
fn every_number_of_an_invariant_is_explained() {
    let explained: BTreeSet<String> = {
        let text = std::fs::read_to_string(root().join("docs/invariants.md")).expect("it is there");
        let rows = text.lines().filter_map(|line| line.strip_prefix("| ")?.split(" |").next().map(str::to_owned)).collect::<Vec<_>>();
        rows.iter().flat_map(|cell| cell.split(", ").map(str::to_owned)).collect()
    };
    assert!(explained.contains("I1") && explained.contains("M15") && explained.contains("V9"), "{explained:?}");
    let mut wrong = Vec::new();
    for path in markdown::walk(&["src", "tests/it", "adapters", "migrations", "examples"], &[".rs", ".sql"]) {
        let text = std::fs::read_to_string(root().join(&path)).expect("it is there");
        for (at, line) in text.lines().enumerate() {
            let cited = markdown::cited(line).into_iter().filter(|number| !explained.contains(number));
            wrong.extend(cited.map(|number| format!("{path}:{}: {number} is not in docs/invariants.md", at + 1)));
        }
    }
    none(wrong);
}

/// The table diagrams show every table of the schema, and no other.
#[test]
fn every_table_is_in_the_pictures() {
    let text = |path: &str| std::fs::read_to_string(root().join(path)).unwrap();
    let (schema, page) = (text("migrations/sqlite/0001_schema.sql"), text("docs/tables.md"));
    let tables: BTreeSet<&str> = schema.lines().filter_map(|line| line.strip_prefix("CREATE TABLE ")?.split(' ').next()).collect();
    let ends =
        |line: &'static str| line.split(" : ").next().into_iter().flat_map(|pair| [pair.split(' ').next(), pair.split(' ').next_back()]);
    let page: &'static str = page.leak();
    let lines = page.lines().filter_map(|line| line.strip_prefix("    ")).filter(|line| line.contains("--"));
    let shown: BTreeSet<&str> = lines.flat_map(ends).flatten().collect();
    assert!(tables.len() > 50, "the walk finds the tables");
    let wrong = tables.symmetric_difference(&shown).map(|table| format!("{table} is in one of schema and docs/tables.md alone"));
    none(wrong.collect());
}
