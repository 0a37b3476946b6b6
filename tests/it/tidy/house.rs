//! The rules about Rust sources, each a function from one file to its violations.

use super::source::{Named, Source};
use super::{ADAPTERS_ARE_NAMED_IN, DRIVER_IS_NAMED_IN, FILE_LINES_MAX, FUNCTION_LINES_MAX, MAY_KNOW, PRINTS, PRIVATE_WORDS, SQL_IS_IN};
use std::collections::BTreeMap;

/// Macros of ours and the module each is from: an exported one is named `crate::name`, not by its module.
pub(super) type Macros = BTreeMap<String, String>;

/// The macros of one file.
pub(super) fn macros(source: &Source) -> Macros {
    let Some(module) = module(&source.path) else {
        return Macros::new();
    };
    source.defined_macros().into_iter().map(|name| (name, module.to_owned())).collect()
}

/// All violations of one file, as `path:line: what`.
pub(super) fn violations(source: &Source, macros: &Macros) -> Vec<String> {
    let rules = [adapters, driver, sql, prints, sizes, opening, words];
    let found = who_knows_whom(source, macros).into_iter().chain(rules.iter().flat_map(|rule| rule(source)));
    found.map(|(line, what)| format!("{}:{line}: {what}", source.path)).collect()
}

type Found = Vec<(usize, String)>;

/// The module a file belongs to, as [`MAY_KNOW`] calls it; `None` for tests, examples and `lib.rs`, which is the map.
fn module(path: &str) -> Option<&str> {
    if path.starts_with("adapters/contract/src/") {
        return Some("contract");
    }
    if path.starts_with("adapters/") {
        return path.contains("/src/").then_some("adapters");
    }
    let inside = path.strip_prefix("src/")?;
    let name = inside.split('/').next()?.trim_end_matches(".rs");
    (name != "lib").then_some(name)
}

fn who_knows_whom(source: &Source, macros: &Macros) -> Found {
    let Some(who) = module(&source.path) else {
        return Vec::new();
    };
    let Some(row) = MAY_KNOW.iter().find(|row| row.who == who) else {
        return vec![(1, format!("the module {who} has no line in MAY_KNOW of tests/it/tidy.rs"))];
    };
    let mut named = source.after("lastword");
    if source.path.starts_with("src/") {
        // src/life.rs and src/life/close.rs climb to the root in one and two steps.
        let depth = source.path.matches('/').count();
        named.extend(source.after("crate"));
        named.extend(source.after_supers(depth));
    }
    named.extend(source.roots().filter(|named| named.name == "lastword_contract").map(|named| Named { name: "contract".into(), ..named }));
    for named in &mut named {
        if let Some(module) = macros.get(&named.name) {
            named.name.clone_from(module);
        }
    }
    let wrong = named.into_iter().filter(|named| named.name != who && named.name != "self" && !row.may.contains(&named.name.as_str()));
    wrong.map(|named| (named.line, format!("{who} must not know {}", named.name))).collect()
}

fn adapters(source: &Source) -> Found {
    if module(&source.path).is_none() || source.path == ADAPTERS_ARE_NAMED_IN {
        return Vec::new();
    }
    let named = source.roots().filter(|named| named.name.starts_with("lastword_") && named.name != "lastword_contract");
    // An adapter may hold a crate of that name as a word of its own metrics or tables, but a path never begins with it.
    named.map(|named| (named.line, format!("only {ADAPTERS_ARE_NAMED_IN} names adapters, and this is {}", named.name))).collect()
}

fn driver(source: &Source) -> Found {
    let free = source.path == format!("{DRIVER_IS_NAMED_IN}.rs") || source.path.starts_with(&format!("{DRIVER_IS_NAMED_IN}/"));
    if free || module(&source.path).is_none() {
        return Vec::new();
    }
    let named = ["sqlx", "rusqlite"].into_iter().flat_map(|driver| source.words(driver).map(move |line| (line, driver)));
    named.map(|(line, driver)| (line, format!("only {DRIVER_IS_NAMED_IN}.rs names {driver}"))).collect()
}

fn sql(source: &Source) -> Found {
    if module(&source.path).is_none() || SQL_IS_IN.iter().any(|place| source.path.starts_with(place)) {
        return Vec::new();
    }
    let statements = source.strings.iter().filter(|(_, text)| is_sql(text));
    statements.map(|(line, _)| (*line, "SQL is written in src/store and in migrations".to_owned())).collect()
}

/// Shouted keywords anywhere, or a whole statement in any case.
fn is_sql(text: &str) -> bool {
    let words: Vec<&str> = text.split_whitespace().collect();
    let shouted = words.windows(2).any(|pair| matches!(pair, ["INSERT", "INTO"] | ["DELETE", "FROM"] | ["CREATE", "TABLE"]))
        || words.windows(3).any(|three| three[0] == "UPDATE" && three[2] == "SET")
        || (words.contains(&"SELECT") && words.len() > 1);
    let lower: Vec<String> = words.iter().map(|word| word.to_lowercase()).collect();
    let has = |word: &str| lower.iter().any(|other| other == word);
    let whole = match lower.first().map(String::as_str) {
        Some("select") => has("from") && (has("where") || has("order") || has("limit") || has("join")),
        Some("insert") => has("into") && (has("values") || has("select")),
        Some("update") => has("set") && has("where"),
        Some("delete") => has("from") && has("where"),
        _ => false,
    };
    shouted || whole
}

fn words(source: &Source) -> Found {
    let named = PRIVATE_WORDS.iter().flat_map(|(ours, usual)| source.words(ours).map(move |line| (line, ours, usual)));
    named.map(|(line, ours, usual)| (line, format!("say {usual}, not {ours}"))).collect()
}

fn prints(source: &Source) -> Found {
    let free =
        PRINTS.iter().any(|place| source.path.starts_with(place)) || source.path.contains("/tests/") || source.path.contains("/examples/");
    let banned = move |name: &str| name == "dbg" || (!free && matches!(name, "println" | "print" | "eprintln" | "eprint"));
    source.macros().filter(|called| banned(&called.name)).map(|called| (called.line, format!("{}! is left over", called.name))).collect()
}

fn sizes(source: &Source) -> Found {
    let mut found = Vec::new();
    let lines = source.code_lines();
    if lines > FILE_LINES_MAX {
        found.push((1, format!("{lines} lines of code, and {FILE_LINES_MAX} is much: split it by what it is about")));
    }
    for (name, line, lines) in source.functions() {
        if lines > FUNCTION_LINES_MAX {
            found.push((line, format!("fn {name} has {lines} lines, and {FUNCTION_LINES_MAX} fit on a screen")));
        }
    }
    found
}

fn opening(source: &Source) -> Found {
    let opens = source.first_line.starts_with("//");
    if opens { Vec::new() } else { vec![(1, "a file opens with what it is, as a comment".to_owned())] }
}
