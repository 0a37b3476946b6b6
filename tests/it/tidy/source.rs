//! A minimal parser of Rust files for tidy: it recognises comments, strings, braces and `#[cfg(test)]`, but no grammar.

/// A parsed file. `code` has the same length and lines as the text, with comments and tests blanked and the contents of
/// strings replaced with quotes, so every position is also a position in the text.
pub(super) struct Source {
    /// Path from the repository's root, with `/`.
    pub(super) path: String,
    pub(super) first_line: String,
    code: Vec<char>,
    /// Positions of the line ends.
    ends: Vec<usize>,
    /// Strings outside tests: first line and content.
    pub(super) strings: Vec<(usize, String)>,
}

/// A path such as `crate::store::Db`, cut after the relevant segment.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Named {
    pub(super) line: usize,
    pub(super) name: String,
}

impl Source {
    pub(super) fn new(path: &str, text: &str) -> Self {
        let (mut code, strings) = strip(&text.chars().collect::<Vec<_>>());
        for (from, to) in tests(&code) {
            blank(&mut code[from..to]);
        }
        let first_line = text.lines().next().unwrap_or_default().to_owned();
        let ends = code.iter().enumerate().filter(|(_, letter)| **letter == '\n').map(|(at, _)| at).collect();
        let mut source = Self { path: path.to_owned(), first_line, code, ends, strings: Vec::new() };
        // Strings in tests were blanked.
        let kept = strings.into_iter().filter(|&(at, _)| source.code[at] != ' ');
        source.strings = kept.map(|(at, inside)| (source.line(at), inside)).collect();
        source
    }

    /// The file without comments and tests.
    pub(super) fn code(&self) -> String {
        self.code.iter().collect()
    }

    /// Number of lines with code, without tests and comments.
    pub(super) fn code_lines(&self) -> usize {
        self.code().lines().filter(|line| !line.trim().is_empty()).count()
    }

    /// All places where `word` is a whole identifier.
    pub(super) fn words<'a>(&'a self, word: &'a str) -> impl Iterator<Item = usize> + 'a {
        self.identifiers().filter(move |(_, name)| name == word).map(|(at, _)| self.line(at))
    }

    /// The type of everything that is called `word`: what follows its colon.
    pub(super) fn typed<'a>(&'a self, word: &'a str) -> impl Iterator<Item = Named> + 'a {
        self.identifiers().filter(move |(_, name)| name == word).filter_map(|(at, name)| {
            let rest: String = self.code[at + name.chars().count()..].iter().take(60).collect();
            let kind = rest.strip_prefix(':').filter(|rest| !rest.starts_with(':'))?.trim_start();
            Some(Named { line: self.line(at), name: kind.to_owned() })
        })
    }

    /// The keys of all types of maps.
    pub(super) fn maps(&self) -> impl Iterator<Item = Named> + '_ {
        let maps = self.identifiers().filter(|(_, name)| name == "HashMap" || name == "BTreeMap");
        maps.filter_map(|(at, name)| {
            let rest: String = self.code[at + name.chars().count()..].iter().take(60).collect();
            Some(Named { line: self.line(at), name: rest.strip_prefix('<')?.to_owned() })
        })
    }

    /// Macro calls by name.
    pub(super) fn macros(&self) -> impl Iterator<Item = Named> + '_ {
        let called = |&(at, ref name): &(usize, String)| self.code.get(at + name.chars().count()) == Some(&'!');
        self.identifiers().filter(called).map(|(at, name)| Named { line: self.line(at), name })
    }

    /// The identifiers right after `root::`, including those in the braces of a `use`.
    pub(super) fn after(&self, root: &str) -> Vec<Named> {
        let roots = self.identifiers().filter(|(at, name)| name == root && !self.is_segment(*at));
        roots.flat_map(|(at, name)| self.heads(at + name.chars().count())).collect()
    }

    /// The identifiers after `super::super::…` that reach the root of the crate from a file at this depth.
    pub(super) fn after_supers(&self, depth: usize) -> Vec<Named> {
        let mut found = Vec::new();
        for (at, _) in self.identifiers().filter(|(at, name)| name == "super" && !self.is_segment(*at)) {
            let (mut end, mut climbed) = (at + 5, 1);
            while let Some(next) = self.colons(end).filter(|&next| self.identifier(next) == "super") {
                (end, climbed) = (next + 5, climbed + 1);
            }
            if climbed >= depth {
                found.extend(self.heads(end));
            }
        }
        found
    }

    /// Identifiers that begin a path (`name::…`), such as names of other crates.
    pub(super) fn roots(&self) -> impl Iterator<Item = Named> + '_ {
        self.identifiers().filter(|(at, _)| !self.is_segment(*at)).map(|(at, name)| Named { line: self.line(at), name })
    }

    /// Functions with a body: name, first line, number of lines.
    pub(super) fn functions(&self) -> Vec<(String, usize, usize)> {
        let mut found = Vec::new();
        for (at, _) in self.identifiers().filter(|(_, name)| name == "fn") {
            let name_at = self.skip_blank(at + 2);
            let name = self.identifier(name_at);
            if name.is_empty() {
                continue; // a type such as fn(u8)
            }
            let mut depth = 0_i32;
            let body = (name_at..self.code.len()).find(|&at| {
                match self.code[at] {
                    '(' | '[' => depth += 1,
                    ')' | ']' => depth -= 1,
                    _ => {}
                }
                depth == 0 && matches!(self.code[at], '{' | ';')
            });
            if let Some(open) = body.filter(|&body| self.code[body] == '{') {
                let (first, last) = (self.line(at), self.line(closing(&self.code, open)));
                found.push((name, first, last - first + 1));
            }
        }
        found
    }

    fn line(&self, at: usize) -> usize {
        self.ends.partition_point(|&end| end < at) + 1
    }

    fn identifiers(&self) -> impl Iterator<Item = (usize, String)> + '_ {
        let starts = |&at: &usize| part(self.code[at]) && !self.code[at].is_ascii_digit() && (at == 0 || !part(self.code[at - 1]));
        (0..self.code.len()).filter(starts).map(|at| (at, self.identifier(at)))
    }

    fn identifier(&self, at: usize) -> String {
        self.code[at.min(self.code.len())..].iter().take_while(|letter| part(**letter)).collect()
    }

    fn skip_blank(&self, mut at: usize) -> usize {
        while self.code.get(at).is_some_and(|letter| letter.is_whitespace()) {
            at += 1;
        }
        at
    }

    /// Position after `::`, if it follows.
    fn colons(&self, at: usize) -> Option<usize> {
        let at = self.skip_blank(at);
        self.code[at..].starts_with(&[':', ':']).then(|| self.skip_blank(at + 2))
    }

    /// True if `::` precedes, so that this is not the beginning of a path. (`$crate::x` and `::x` begin one.)
    fn is_segment(&self, at: usize) -> bool {
        let before: Vec<char> = self.code[..at].iter().rev().filter(|letter| !letter.is_whitespace()).take(3).copied().collect();
        matches!(before[..], [':', ':', letter] if part(letter) || letter == '>')
    }

    /// The first identifiers after `::` at this position: one, or each of a group.
    fn heads(&self, at: usize) -> Vec<Named> {
        let Some(next) = self.colons(at) else {
            return Vec::new();
        };
        if self.code.get(next) != Some(&'{') {
            let name = if self.code.get(next) == Some(&'*') { "*".to_owned() } else { self.identifier(next) };
            return vec![Named { line: self.line(next), name }];
        }
        let (mut depth, mut fresh, mut found) = (0, false, Vec::new());
        for at in next..=closing(&self.code, next) {
            match self.code[at] {
                '{' => (depth, fresh) = (depth + 1, depth == 0),
                '}' => depth -= 1,
                ',' if depth == 1 => fresh = true,
                letter if fresh && (part(letter) || letter == '*') => {
                    let name = if letter == '*' { "*".to_owned() } else { self.identifier(at) };
                    found.push(Named { line: self.line(at), name });
                    fresh = false;
                }
                _ => {}
            }
        }
        found
    }
}

fn part(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '_'
}

fn blank(code: &mut [char]) {
    for letter in code.iter_mut().filter(|letter| **letter != '\n') {
        *letter = ' ';
    }
}

/// Position of the brace that closes the one at `open`; the end if there is none.
fn closing(code: &[char], open: usize) -> usize {
    let mut depth = 0_i32;
    let close = (open..code.len()).find(|&at| {
        match code[at] {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        depth == 0
    });
    close.unwrap_or(code.len().saturating_sub(1))
}

/// The ranges excluded by `#[cfg(test)]`: the attribute and its item.
fn tests(code: &[char]) -> Vec<(usize, usize)> {
    const ATTRIBUTE: &str = "#[cfg(test)]";
    let attribute: Vec<char> = ATTRIBUTE.chars().collect();
    let mut found = Vec::new();
    let mut at = 0;
    while at < code.len() {
        if !code[at..].starts_with(&attribute) {
            at += 1;
            continue;
        }
        let mut depth = 0_i32;
        let end = (at + attribute.len()..code.len()).find(|&at| {
            match code[at] {
                '(' | '[' => depth += 1,
                ')' | ']' => depth -= 1,
                _ => {}
            }
            depth == 0 && matches!(code[at], '{' | ';')
        });
        let end = end.map_or(code.len(), |end| if code[end] == '{' { closing(code, end) + 1 } else { end + 1 });
        found.push((at, end));
        at = end;
    }
    found
}

/// Blanks comments, fills strings with quotes, and returns the strings with their positions.
fn strip(text: &[char]) -> (Vec<char>, Vec<(usize, String)>) {
    let (mut code, mut strings) = (text.to_vec(), Vec::new());
    let mut at = 0;
    while at < text.len() {
        let raw = raw_string(text, at);
        let end = match text[at] {
            '/' if text.get(at + 1) == Some(&'/') => {
                text[at..].iter().position(|&letter| letter == '\n').map_or(text.len(), |end| at + end)
            }
            '/' if text.get(at + 1) == Some(&'*') => block_comment(text, at),
            '"' => string(text, at),
            '\'' => character(text, at),
            _ => raw.map_or(at + 1, |(_, end)| end),
        };
        let end = end.min(text.len());
        if text[at] == '/' && end > at + 1 {
            blank(&mut code[at..end]);
        } else if text[at] == '"' || raw.is_some() {
            strings.push((at, text[at..end].iter().collect::<String>().trim_start_matches(['r', 'b', '#', '"']).to_owned()));
            for letter in code[at..end].iter_mut().filter(|letter| !letter.is_whitespace()) {
                *letter = '"';
            }
        } else if text[at] == '\'' && end > at + 1 {
            code[at..end].fill('"');
        }
        at = end;
    }
    (code, strings)
}

fn block_comment(text: &[char], from: usize) -> usize {
    let (mut depth, mut at) = (0, from);
    while at < text.len() {
        if text[at..].starts_with(&['/', '*']) {
            (depth, at) = (depth + 1, at + 2);
        } else if text[at..].starts_with(&['*', '/']) {
            (depth, at) = (depth - 1, at + 2);
            if depth == 0 {
                return at;
            }
        } else {
            at += 1;
        }
    }
    at
}

fn string(text: &[char], from: usize) -> usize {
    let mut at = from + 1;
    while at < text.len() && text[at] != '"' {
        at += if text[at] == '\\' { 2 } else { 1 };
    }
    at + 1
}

/// A raw string that begins here (`r"`, `br#"` …): number of hashes and end.
fn raw_string(text: &[char], from: usize) -> Option<(usize, usize)> {
    if from > 0 && part(text[from - 1]) {
        return None;
    }
    let letter = if text[from] == 'b' { from + 1 } else { from };
    if text.get(letter) != Some(&'r') {
        return None;
    }
    let hashes = text[letter + 1..].iter().take_while(|&&letter| letter == '#').count();
    let open = letter + 1 + hashes;
    if text.get(open) != Some(&'"') {
        return None;
    }
    let closes = |at: &usize| text[*at] == '"' && text[at + 1..].iter().take_while(|&&letter| letter == '#').count() >= hashes;
    let close = (open + 1..text.len()).find(closes).unwrap_or(text.len());
    Some((hashes, close + 1 + hashes))
}

/// Length of a character such as `'{'` or `'\''`; a lifetime counts as one character.
fn character(text: &[char], from: usize) -> usize {
    match text.get(from + 1) {
        Some('\\') => text[from + 3..].iter().position(|&letter| letter == '\'').map_or(text.len(), |end| from + 3 + end + 1),
        Some(_) if text.get(from + 2) == Some(&'\'') => from + 3,
        _ => from + 1,
    }
}
