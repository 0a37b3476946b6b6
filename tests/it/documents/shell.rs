//! The program's command tree, parsed from its help.

use crate::rig::root;
use std::collections::BTreeMap;
use std::process::Command;

/// Every command with its help.
pub(super) struct Tree(BTreeMap<Vec<String>, String>);

impl Tree {
    /// Runs the built binary.
    pub(super) fn of_the_binary() -> Self {
        let mut tree = BTreeMap::new();
        let mut open = vec![Vec::<String>::new()];
        while let Some(path) = open.pop() {
            let output = Command::new(env!("CARGO_BIN_EXE_lastword")).args(&path).arg("--help").output().expect("it starts");
            let help = String::from_utf8_lossy(&output.stdout).into_owned();
            assert!(output.status.success() && !help.is_empty(), "{path:?} has no help");
            let listed = help.split_once("\nCommands:\n").map_or("", |(_, rest)| rest.split("\n\n").next().unwrap_or_default());
            // Names are indented by two spaces, continued lines by more.
            let names = listed.lines().filter_map(|line| line.strip_prefix("  ").filter(|rest| !rest.starts_with(' '))?.split(' ').next());
            for name in names.filter(|name| *name != "help") {
                open.push([path.as_slice(), &[name.to_owned()]].concat());
            }
            tree.insert(path, help);
        }
        Self(tree)
    }

    /// True if this command exists.
    pub(super) fn knows(&self, path: &[&str]) -> bool {
        self.0.contains_key(&path.iter().map(|&word| word.to_owned()).collect::<Vec<_>>())
    }

    /// Errors in a command line of a document.
    pub(super) fn wrong(&self, line: &str) -> Vec<String> {
        let line = line.split(" #").next().unwrap_or_default().split(" → ").next().unwrap_or_default();
        let words: Vec<&str> = line.split_whitespace().collect();
        match words.as_slice() {
            // A line of a Cargo.toml.
            ["lastword", "=", ..] => Vec::new(),
            ["lastword", rest @ ..] => self.of_ours(rest, line),
            ["cargo", "run", rest @ ..] => match rest.iter().position(|word| *word == "--") {
                _ if rest.contains(&"--example") => example(rest, line),
                Some(at) => self.of_ours(&rest[at + 1..], line),
                None => Vec::new(),
            },
            [script, ..] if script.starts_with("./") && !root().join(script).exists() => vec![format!("there is no {script}")],
            _ => Vec::new(),
        }
    }

    fn of_ours(&self, words: &[&str], line: &str) -> Vec<String> {
        let mut found = vec![Vec::<String>::new()];
        let mut rest = words;
        // `client find|export` means both.
        while let [word, after @ ..] = rest {
            let names: Vec<&str> = word.split('|').collect();
            let next: Vec<Vec<String>> =
                found.iter().flat_map(|path| names.iter().map(|name| [path.as_slice(), &[(*name).to_owned()]].concat())).collect();
            if !next.iter().any(|path| self.0.contains_key(path)) {
                break;
            }
            if let Some(unknown) = next.iter().find(|path| !self.0.contains_key(*path)) {
                return vec![format!("there is no command {} ({line})", unknown.join(" "))];
            }
            (found, rest) = (next, after);
        }
        let has_commands = |path: &Vec<String>| self.0.get(path).is_some_and(|help| help.contains("\nCommands:\n"));
        if let Some(word) = rest.first().filter(|word| !word.starts_with('-') && found.iter().any(has_commands)) {
            return vec![format!("there is no command {word} ({line})")];
        }
        let flags = rest.iter().filter(|word| word.starts_with("--") && word.len() > 2);
        let flags = flags.map(|word| word.split(['=', '`', ',', ']', ')', '|']).next().unwrap_or_default().trim_start_matches('['));
        let known = |flag: &str| found.iter().any(|path| self.0[path].split([' ', '\n', ',']).any(|word| word == flag));
        flags.filter(|flag| !known(flag)).map(|flag| format!("there is no {flag} ({line})")).collect()
    }
}

fn example(words: &[&str], line: &str) -> Vec<String> {
    let name = words.iter().skip_while(|word| **word != "--example").nth(1).unwrap_or(&"");
    let there = [format!("examples/{name}.rs"), format!("examples/{name}/main.rs")].iter().any(|path| root().join(path).exists());
    if there { Vec::new() } else { vec![format!("there is no example {name} ({line})")] }
}
