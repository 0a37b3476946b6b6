//! Rules for Rust sources, each a function from a file to its violations.

use super::source::Source;
use super::{
    ADAPTERS_ARE_NAMED_IN, DRIVER_IS_NAMED_IN, FILE_LINES_MAX, FUNCTION_LINES_MAX, LAYERS, PRINTS, PRIVATE_WORDS, ROOT, SQL_IS_IN,
};

/// All violations of one file, as `path:line: what`.
pub(super) fn violations(source: &Source) -> Vec<String> {
    let rules = [who_knows_whom, adapters, driver, sql, prints, sizes, opening, words, boxed];
    rules.iter().flat_map(|rule| rule(source)).map(|(line, what)| format!("{}:{line}: {what}", source.path)).collect()
}

type Found = Vec<(usize, String)>;

/// The crate, or the module of the root crate, of a file; `None` for tests, examples and the root's `lib.rs`, which is an index.
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

/// Checks modules of the root crate; between crates the compiler enforces it.
fn who_knows_whom(source: &Source) -> Found {
    let Some((who, may)) = ROOT.iter().find(|(who, _)| module(&source.path) == Some(who)) else { return Vec::new() };
    // src/cli.rs and src/cli/serve.rs reach the root in one and two steps.
    let depth = source.path.matches('/').count();
    let named = source.after("lastword").into_iter().chain(source.after("crate")).chain(source.after_supers(depth));
    let wrong = named.filter(|named| named.name != *who && named.name != "self" && !may.contains(&named.name.as_str()));
    wrong.map(|named| (named.line, format!("{who} must not know {}", named.name))).collect()
}

fn adapters(source: &Source) -> Found {
    let in_root = ["app", "cli", "main"].iter().any(|module_of_root| module(&source.path) == Some(module_of_root));
    if !in_root || source.path == ADAPTERS_ARE_NAMED_IN {
        return Vec::new();
    }
    let ours = |name: &str| LAYERS.iter().any(|layer| layer.name.rsplit('/').next() == Some(name)) || name == "contract";
    let named = source.roots().filter(|named| named.name.strip_prefix("lastword_").is_some_and(|name| !ours(name)));
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

/// Upper-case keywords anywhere, or a whole statement in any case.
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

/// Public steps of life are compiled once: see `lastword_base::boxed`. It cannot box a function with type parameters.
fn boxed(source: &Source) -> Found {
    const OPENS: &str = "pub async fn ";
    if !source.path.starts_with("src/life/") {
        return Vec::new();
    }
    let code = source.code();
    let lines: Vec<&str> = code.lines().map(str::trim).collect();
    let is_plain = |at: &usize| {
        let signature = lines[*at..].join(" ");
        let signature = signature.split('{').next().unwrap_or_default();
        let generics = signature[OPENS.len()..].split_once('(').map_or("", |(name, _)| name).split_once('<');
        generics.is_none_or(|(_, names)| names.starts_with('\'')) && !signature.contains("impl ")
    };
    let is_boxed = |at: &usize| lines[..*at].iter().rev().take_while(|line| line.starts_with("#[")).any(|line| line.contains("::boxed]"));
    let found = (0..lines.len()).filter(|at| lines[*at].starts_with(OPENS)).filter(is_plain).filter(|at| !is_boxed(at));
    found.map(|at| (at + 1, "public async functions of life are #[lastword_base::boxed]".to_owned())).collect()
}

fn opening(source: &Source) -> Found {
    let opens = source.first_line.starts_with("//");
    if opens { Vec::new() } else { vec![(1, "a file opens with what it is, as a comment".to_owned())] }
}
