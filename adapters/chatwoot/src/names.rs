//! Names in a text of unknown language: whole words, ignoring case.

/// English name of automation rules as an author.
const AUTOMATION: &str = "Automation System";

/// Kind of bearer of a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Who {
    /// A person with this ID; `None` if several people have the name.
    Person(Option<String>),
    /// A bot or an assistant.
    Program,
    /// Automation rules.
    Automation,
    /// The client.
    Client,
}

impl Who {
    /// Replaces such a name in a masked text.
    fn mark(&self) -> char {
        match self {
            Self::Person(_) => '\u{1}',
            Self::Program => '\u{2}',
            Self::Automation => '\u{3}',
            Self::Client => '\u{4}',
        }
    }
}

/// Names that a text may contain.
#[derive(Debug)]
pub(crate) struct Names {
    /// Folded names, longest first. They never contain a mark.
    known: Vec<(String, Who)>,
}

impl Default for Names {
    fn default() -> Self {
        Self { known: vec![(fold(AUTOMATION), Who::Automation)] }
    }
}

impl Names {
    /// Names of things, which belong to no person.
    pub(crate) fn of_things(names: &[&str]) -> Self {
        let mut things = Self { known: Vec::new() };
        names.iter().for_each(|name| things.add(name, Who::Program));
        things
    }

    /// Adds a name. If several have it, a person takes precedence, then a program, then the client.
    pub(crate) fn add(&mut self, name: &str, who: Who) {
        let name = fold(name);
        if name.is_empty() {
            return;
        }
        let rank =
            |who: &Who| [Who::Program.mark(), Who::Automation.mark(), Who::Client.mark()].iter().position(|mark| *mark == who.mark());
        match self.known.iter_mut().find(|(known, _)| *known == name) {
            Some((_, Who::Person(known))) => {
                if let Who::Person(id) = who {
                    *known = known.take().filter(|known| id.as_ref() == Some(known));
                }
            }
            Some((_, known)) if rank(&who) < rank(known) => *known = who,
            Some(_) => {}
            None => {
                self.known.push((name, who));
                self.known.sort_by_key(|(name, _)| std::cmp::Reverse(name.chars().count()));
            }
        }
    }

    /// The bearer of exactly this name.
    pub(crate) fn called(&self, name: &str) -> Option<Who> {
        let name = fold(name);
        self.known.iter().find(|(known, _)| *known == name).map(|(_, who)| who.clone())
    }

    /// True if a text contains one of the names.
    pub(crate) fn are_in(&self, text: &str) -> bool {
        self.longest_in(text).is_some()
    }

    /// The bearer of the longest name in a text. "Ann" is not in "Annual", and "Ann Lee" takes precedence over "Ann".
    pub(crate) fn longest_in(&self, text: &str) -> Option<Who> {
        let text: Vec<char> = fold(text).chars().collect();
        let found = self.known.iter().filter_map(|(name, who)| Some((name.chars().count(), place(&text, name)?, who)));
        found.min_by_key(|(length, at, _)| (std::cmp::Reverse(*length), *at)).map(|(_, _, who)| who.clone())
    }
}

/// Replaces known names and numbers in a text with marks.
pub(crate) fn mask(text: &str, names: &Names) -> String {
    let mut text: Vec<char> = fold(text).chars().collect();
    for (name, who) in &names.known {
        while let Some(at) = place(&text, name) {
            text.splice(at..at + name.chars().count(), [who.mark()]);
        }
    }
    let mut masked = String::new();
    for letter in text {
        if !letter.is_ascii_digit() {
            masked.push(letter);
        } else if !masked.ends_with('0') {
            masked.push('0');
        }
    }
    masked
}

/// Position of a name in a text, as whole words.
fn place(text: &[char], name: &str) -> Option<usize> {
    let name: Vec<char> = name.chars().collect();
    let is_alone = |at: usize| {
        let before = at.checked_sub(1).map(|before| text[before]);
        let after = text.get(at + name.len()).copied();
        let one = name.len() == 1;
        !before.is_some_and(|before| goes_on(before, name[0], one)) && !after.is_some_and(|after| goes_on(after, name[name.len() - 1], one))
    };
    (0..(text.len() + 1).saturating_sub(name.len())).find(|at| text[*at..].starts_with(&name) && is_alone(*at))
}

/// True if a letter next to a name's edge makes it a part of another word. Not so in languages without spaces, in languages
/// that attach endings to names, or for a letter of another script.
fn goes_on(beside: char, edge: char, is_one_letter: bool) -> bool {
    if is_one_letter && beside.is_alphanumeric() {
        return true;
    }
    let kind = script(edge);
    kind != Script::Other && kind != Script::Unspaced && kind == script(beside)
}

#[derive(PartialEq, Eq)]
enum Script {
    /// With capital and small letters.
    Cased,
    Digit,
    /// Without capital letters, with spaces between words: Arabic, Hebrew, Indian scripts.
    Spaced,
    /// Chinese, Japanese, Korean, Thai, Lao, Burmese, Khmer.
    Unspaced,
    Other,
}

fn script(letter: char) -> Script {
    match letter {
        letter if letter.is_ascii_digit() => Script::Digit,
        '\u{e00}'..='\u{eff}' | '\u{1000}'..='\u{109f}' | '\u{1100}'..='\u{11ff}' | '\u{1780}'..='\u{17ff}' => Script::Unspaced,
        '\u{2e80}'..='\u{d7ff}' | '\u{f900}'..='\u{faff}' | '\u{ff66}'..='\u{ffdc}' | '\u{20000}'..='\u{3ffff}' => Script::Unspaced,
        letter if letter.is_lowercase() || letter.is_uppercase() => Script::Cased,
        letter if letter.is_alphabetic() => Script::Spaced,
        _ => Script::Other,
    }
}

/// Removes differences of case and white space, and invisible characters. Chatwoot capitalizes a client's name and writes
/// the rest in lower case.
fn fold(text: &str) -> String {
    let is_seen = |letter: &char| match letter {
        '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => false,
        letter => letter.is_whitespace() || !letter.is_control(),
    };
    let letters = text.chars().filter(is_seen).flat_map(char::to_lowercase);
    let folded: String = letters.map(|letter| if letter == 'ς' { 'σ' } else { letter }).filter(|letter| *letter != '\u{307}').collect();
    folded.split_whitespace().collect::<Vec<_>>().join(" ")
}
