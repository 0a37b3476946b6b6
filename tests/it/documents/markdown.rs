//! What a Markdown file names: its links, headings, inline code and commands.

use crate::rig::root;
use std::path::Path;

/// One document, read for what it names.
pub(super) struct Document {
    /// Where it is, from the root.
    pub(super) path: String,
    /// The texts of its headings.
    pub(super) headings: Vec<String>,
    /// Where its links lead.
    pub(super) links: Vec<String>,
    /// What stands between backticks.
    pub(super) codes: Vec<String>,
    /// The lines of its fenced blocks.
    blocks: Vec<String>,
}

impl Document {
    pub(super) fn new(path: &str, text: &str) -> Self {
        let mut document = Self { path: path.to_owned(), headings: vec![], links: vec![], codes: vec![], blocks: vec![] };
        let mut fenced = false;
        let mut prose = String::new();
        for line in text.lines() {
            // A block may begin right behind the number of a list.
            if line.trim_start_matches(|letter: char| letter.is_ascii_digit() || [' ', '.', '-'].contains(&letter)).starts_with("```") {
                fenced = !fenced;
            } else if fenced {
                document.blocks.push(line.trim().to_owned());
            } else {
                if let Some(heading) = line.strip_prefix('#') {
                    document.headings.push(heading.trim_start_matches('#').trim().to_owned());
                }
                prose.push_str(line);
                // A link or a piece of code may go on in the next line.
                prose.push(' ');
            }
        }
        document.codes = prose.split('`').skip(1).step_by(2).map(str::to_owned).collect();
        let without_code: String = prose.split('`').step_by(2).collect::<Vec<_>>().join("code");
        document.links = without_code.split("](").skip(1).filter_map(|rest| Some(rest.split_once(')')?.0.to_owned())).collect();
        document
    }

    /// A path as this document writes it, from the root.
    pub(super) fn beside(&self, path: &str) -> String {
        let folder = Path::new(&self.path).parent().unwrap_or(Path::new(""));
        let mut parts: Vec<&str> = folder.to_str().unwrap_or_default().split('/').filter(|part| !part.is_empty()).collect();
        for part in path.split('/') {
            match part {
                "." | "" => {}
                ".." => drop(parts.pop()),
                name => parts.push(name),
            }
        }
        parts.join("/")
    }

    /// The command lines in it, inline and in blocks, without a prompt.
    pub(super) fn commands(&self) -> Vec<String> {
        let lines = self.blocks.iter().chain(&self.codes).map(|line| line.trim_start_matches("$ ").to_owned());
        lines.filter(|line| ["lastword ", "cargo ", "./"].iter().any(|start| line.starts_with(start))).collect()
    }
}

/// All documents that people read.
pub(super) fn documents() -> Vec<Document> {
    let mut paths: Vec<String> =
        ["README.md", "README.ru.md", "README.pt-BR.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md", "fuzz/README.md"]
            .map(str::to_owned)
            .to_vec();
    paths.extend(walk(&["docs", "adapters"], &[".md"]));
    let read = |path: &String| std::fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"));
    paths.iter().map(|path| Document::new(path, &read(path))).collect()
}

/// Files of ours under these folders with one of these endings, from the root.
pub(super) fn walk(folders: &[&str], endings: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    for folder in folders {
        inside(&root().join(folder), &mut found);
    }
    found.retain(|path| endings.iter().any(|ending| path.ends_with(ending)));
    found.sort();
    found
}

fn inside(folder: &Path, found: &mut Vec<String>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if !path.is_dir() {
            found.push(path.strip_prefix(root()).expect("it is inside").to_string_lossy().into_owned());
        } else if !["node_modules", ".venv", "target"].iter().any(|left_out| entry.file_name() == *left_out) {
            inside(&path, found);
        }
    }
}

/// The anchor of a heading, as Git hosts make it.
pub(super) fn slug(heading: &str) -> String {
    let kept =
        heading.to_lowercase().chars().filter(|letter| letter.is_alphanumeric() || [' ', '-', '_'].contains(letter)).collect::<String>();
    kept.replace(' ', "-")
}

/// The numbers of invariants that a line of source cites, in a comment or in the name of a test: I6, M3, `i23_…`.
pub(super) fn cited(line: &str) -> Vec<String> {
    let line = line.trim();
    let comment = line.find("//").or_else(|| line.starts_with("--").then_some(0)).map_or("", |at| &line[at..]);
    let words = comment.split(|letter: char| !letter.is_ascii_alphanumeric());
    let number = |word: &str, starts: &[char]| {
        let digits = word.strip_prefix(starts)?;
        ((1..=2).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit())).then(|| word.to_uppercase())
    };
    let in_comment = words.filter_map(|word| number(word, &['I', 'M', 'V']));
    let test = line.trim_start_matches("async ").trim_start_matches("fn ").split(['_', '(']).next().unwrap_or_default();
    in_comment.chain(number(test, &['i'])).collect()
}

#[test]
fn a_document_is_read_for_what_it_names() {
    let text = "# A `b` c, d\n[x](y.md#z) and `lastword\nserve`\n```sh\n$ lastword check\n[no](link)\n```\n";
    let document = Document::new("docs/a.md", text);
    assert_eq!((slug(&document.headings[0]), document.links.as_slice()), ("a-b-c-d".to_owned(), ["y.md#z".to_owned()].as_slice()));
    assert_eq!(document.commands(), ["lastword check", "lastword serve"]);
    assert_eq!([document.beside("../x/y.rs"), document.beside("pages")], ["x/y.rs", "docs/pages"]);
    assert_eq!(cited("/// I6 holds (M3); an I640 or `let M9 = 1`"), ["I6", "M3", "M9"]);
    assert_eq!(
        (cited("async fn i23_nothing_is_left() {"), cited("let x = M9;"), cited("fn id()")),
        (vec!["I23".to_owned()], vec![], vec![])
    );
}
