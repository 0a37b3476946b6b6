//! Comments and documents are written in plain technical English: no word of a list that marks prose which reads as if translated.

use super::files::{ours, read};
use super::none;

/// Each word with what to write instead. A word inside quotation marks or backticks is a value, and free.
const WORDS: &[(&str, &str)] = &[
    ("whoever", "the caller, the client, the person who …"),
    ("whom", "the client or person, by name"),
    ("told of", "reported, notified"),
    ("dearest", "preferred"),
    ("anew", "again, from scratch"),
    ("so many", "maximum number of …"),
    ("taken back", "revoked, canceled"),
    ("the trail", "the audit log"),
    ("by now", "already"),
];

/// Documents outside the folders of the sources.
const DOCUMENTS: &[&str] = &["README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md", "settings.default.toml"];

#[test]
fn comments_and_documents_are_in_plain_english() {
    let sources = ours(&[".rs", ".sql", ".md"]);
    let documents = std::fs::read_dir(crate::rig::root().join("docs")).expect("docs").flatten();
    let documents = documents.map(|entry| format!("docs/{}", entry.file_name().to_string_lossy())).filter(|path| path.ends_with(".md"));
    let all = sources.into_iter().chain(documents).chain(DOCUMENTS.iter().map(|path| (*path).to_owned()));
    none(&all.flat_map(|path| violations(&path, &read(&path))).collect::<Vec<_>>());
}

#[test]
fn a_planted_word_is_found_where_people_read_it() {
    let lines = |path: &str, text: &str| violations(path, text).len();
    assert_eq!(lines("src/a.rs", "/// Whoever calls.\nfn f() {}\n// for whom\n"), 2);
    assert_eq!(lines("docs/a.md", "Told of a close, so many\ntimes.\n"), 2);
    assert_eq!(lines("migrations/a.sql", "-- Counted anew.\nSELECT 1;\n"), 1);
    assert_eq!(lines("src/a.rs", "const ANEW: &str = \"anew\"; // the value `anew`, the text \"by now\"\n"), 0);
    assert_eq!(lines("src/a.rs", "let url = \"https://whoever.example\";\n"), 0, "code is not prose");
}

/// As `path:line: what`.
fn violations(path: &str, text: &str) -> Vec<String> {
    let found = text.lines().enumerate().flat_map(|(at, line)| {
        let prose = unquoted(prose(path, line)).to_lowercase();
        WORDS.iter().filter(move |(word, _)| has(&prose, word)).map(move |(word, instead)| (at + 1, *word, *instead))
    });
    found.map(|(line, word, instead)| format!("{path}:{line}: \"{word}\": write {instead}")).collect()
}

/// The part of a line that is a comment or a sentence of a document.
fn prose<'a>(path: &str, line: &'a str) -> &'a str {
    let mark = match path.rsplit('.').next() {
        Some("rs") => "//",
        Some("sql") => "--",
        Some("toml") => "#",
        _ => return line,
    };
    // `https://` in a string is no comment: a comment begins the line, or stands after a blank.
    let begins = line.trim_start().starts_with(mark).then_some(0).or_else(|| line.find(&format!(" {mark}")));
    begins.map_or("", |at| &line[at..])
}

/// Without what is between backticks or quotation marks.
fn unquoted(prose: &str) -> String {
    let mut quote = None;
    prose
        .chars()
        .filter(|letter| match (quote, letter) {
            (None, '`' | '"') => {
                quote = Some(*letter);
                false
            }
            (Some(open), letter) => {
                if open == *letter {
                    quote = None;
                }
                false
            }
            (None, _) => true,
        })
        .collect()
}

/// True if a word, or two in a row, are in a text as words.
fn has(text: &str, word: &str) -> bool {
    let letters: Vec<&str> = text.split(|letter: char| !letter.is_alphabetic()).filter(|word| !word.is_empty()).collect();
    let wanted: Vec<&str> = word.split(' ').collect();
    letters.windows(wanted.len()).any(|window| window == wanted)
}
