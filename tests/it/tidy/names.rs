//! IDs and names are types: below the edge no field and no parameter carries one as text, and no map is keyed by a pair of texts.
//! Tags of languages are read in one place.

use super::files::{ours, read};
use super::none;
use super::source::Source;

/// Layers below the edge.
const INSIDE: &[&str] = &["src/domain/", "src/store/", "src/life/", "src/queue/"];
/// What has a type in `lastword_base::names`, as fields and parameters call it.
const NAMED: &[&str] = &[
    "account_id",
    "alert_id",
    "by_id",
    "chat",
    "chat_id",
    "client_id",
    "connection",
    "delivery_id",
    "line_id",
    "operator_id",
    "request_id",
    "session_id",
    "source",
];

#[test]
fn no_id_is_carried_as_text() {
    let paths = ours(&[".rs"]).into_iter().filter(|path| INSIDE.iter().any(|layer| path.starts_with(layer)));
    none(&paths.flat_map(|path| texts(&path, &read(&path))).collect::<Vec<_>>());
}

/// Fields and parameters that carry an ID as text, and maps keyed by a pair of texts.
fn texts(path: &str, text: &str) -> Vec<String> {
    let source = Source::new(path, text);
    let carried =
        NAMED.iter().flat_map(|name| source.typed(name).filter(|found| is_text(&found.name)).map(move |found| (found.line, *name)));
    let carried = carried.map(|(line, name)| format!("{path}:{line}: {name} is text: give it its type of lastword_base::names"));
    let keyed = source.maps().filter(|found| found.name.starts_with("(String, String)") || found.name.starts_with("(&str, &str)"));
    let keyed = keyed.map(|found| format!("{path}:{}: a map is keyed by two texts: name the pair with a struct", found.line));
    carried.chain(keyed).collect()
}

/// `String`, `&str`, `Option<&'a str>` …
fn is_text(kind: &str) -> bool {
    let kind = kind.strip_prefix("Option<").unwrap_or(kind);
    let kind = kind.strip_prefix('&').unwrap_or(kind);
    let kind = kind.strip_prefix('\'').map_or(kind, |rest| rest.split_once(' ').map_or(rest, |(_, rest)| rest));
    ["str", "String"]
        .iter()
        .any(|text| kind.strip_prefix(text).is_some_and(|rest| !rest.starts_with(|letter: char| letter.is_alphanumeric())))
}

#[test]
fn one_place_decides_about_languages() {
    let paths = ours(&[".rs"]).into_iter().filter(|path| path.starts_with("src/") || path.starts_with("adapters/"));
    none(&paths.filter(|path| !path.starts_with("src/language/")).filter_map(|path| cuts_a_tag(&path, &read(&path))).collect::<Vec<_>>());
}

fn cuts_a_tag(path: &str, text: &str) -> Option<String> {
    let cuts = text.contains("split(['-', '_'])") || text.contains("split(['_', '-'])");
    cuts.then(|| format!("{path}: a tag of a language is cut by hand: ask lastword_language"))
}

#[test]
fn a_tag_that_is_cut_by_hand_is_found() {
    assert!(cuts_a_tag("src/http/a.rs", "let root = tag.split(['-', '_']).next();").is_some());
    assert!(cuts_a_tag("src/http/a.rs", "let root = primary(tag);").is_none());
}

#[test]
fn a_planted_text_id_is_found() {
    let found = |text: &str| texts("src/store/some.rs", &format!("//! x\n{text}\n")).len();
    assert_eq!(found("struct A { line_id: String, name: String }"), 1);
    assert_eq!(found("fn f(connection: &str, chat: Option<&'a str>) {}"), 2);
    assert_eq!(found("table! { pub struct A = a!(a a) { source: Option<String>, } }"), 1);
    assert_eq!(found("fn f(a: HashMap<(String, String), u8>, b: BTreeMap<(&str, &str), u8>) {}"), 2);
    assert_eq!(found("fn f(line_id: &LineId, connection: ConnectionId, source: Strings) {}"), 0);
    assert_eq!(found("// line_id: String\n#[cfg(test)]\nmod tests { fn f(chat: &str) {} }"), 0);
}
