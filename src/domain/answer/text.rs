//! Typed answers: which texts are a score, and which are a score with a comment.
//!
//! The rule is strict, because a person does not answer a text that is taken for a score. A text that is not clearly a score is
//! passed on as an ordinary message, and the question stays open.
//!
//! | typed | 👍/👎 | stars |
//! |---|---|---|
//! | `1`, `0` · `1`…`5`, also `５`, `5️⃣`, `٥`, `(5)`, `*5*`, `5!`, `5)))`, `5 😊` | score | score |
//! | `👍🏽`, `👎👎`, `+`, `-`, `yes`, `плюс`, `very good` | score | – (no number in it) |
//! | `★★★★`, `⭐⭐⭐⭐`, `4 stars`, `4*`, `five`, `4/5`, `4 out of 5` | – | score |
//! | `5 - great`, `5, thanks`, `5: great`, `5! great`, `5` and a new line | score and comment | score and comment |
//! | `1 item is missing`, `0 problems, thank you`, `5 thanks`, `👍 will do` | – | – |
//! | `1: the box is broken 2: no manual`, `1) slow 2) late` | – | – |
//! | `-5`, `10`, `1.5`, `1:30`, `4711`, `1st`, `5-star`, `5. Mai`, `5%`, `5?` | – | – |
//!
//! Between a score and a comment on its own line:
//!
//! - **A separator is required**: a new line, or `,` `;` `:` `!` and a space, or a dash between spaces. A space alone is not
//!   enough, because digits count things ("1 item is missing") and thumbs agree to things ("👍 see you at five").
//! - **No question mark and no list**: a client who asks something, begins another line with a number, or continues with the next
//!   number and a separator (`1: … 2: …`) wants to be read.

pub(super) mod glyphs;
mod words;

use self::glyphs::{Glyph, glyphs};
use self::words::{Meaning, Vocabulary};
use super::rating::Scale;

/// A typed score, perhaps with a comment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Typed {
    /// The score, on the question's scale.
    pub score: u8,
    /// The text beside it, unchanged.
    pub comment: Option<String>,
}

/// Longer texts are read as messages.
const CHARS_MAX: usize = 4_000;

/// Parses a typed answer to a question on `scale`; `None` if it is not clearly one. Recognizes words of `languages` (BCP 47,
/// regions ignored) and English.
pub fn read(text: &str, scale: Scale, languages: &[&str]) -> Option<Typed> {
    if text.chars().nth(CHARS_MAX).is_some() {
        return None;
    }
    let all = glyphs(text);
    let (said, until) = unwrapped(trimmed(&all), text.len());
    let vocabulary = Vocabulary::of(languages);
    let by_head = head(said, scale, &vocabulary).and_then(|(score, length)| {
        let comment = tail(&said[length..], score, scale)?;
        Some(Typed { score, comment: comment.map(|from| text[from..until].trim().to_owned()) })
    });
    by_head.or_else(|| (scale == Scale::Binary).then(|| by_words(said, &vocabulary)).flatten())
}

/// The score at the beginning, and its length in glyphs.
fn head(said: &[Glyph], scale: Scale, vocabulary: &Vocabulary) -> Option<(u8, usize)> {
    match scale {
        Scale::Binary => match said.first()?.letter {
            letter @ ('0' | '1') => Some((u8::from(letter == '1'), 1)),
            thumb @ ('👍' | '👎') => Some((u8::from(thumb == '👍'), run(said, |letter| letter == thumb).1)),
            '+' | '-' if said.len() == 1 => Some((u8::from(said[0].letter == '+'), 1)),
            _ => None,
        },
        Scale::FiveStar => stars(said).or_else(|| {
            let (score, length) = number(said, vocabulary)?;
            let unit = of_five(&said[length..], vocabulary).or_else(|| unit(&said[length..], score, vocabulary)).unwrap_or(0);
            Some((score, length + unit))
        }),
    }
}

/// One to five, as a digit or a word.
fn number(said: &[Glyph], vocabulary: &Vocabulary) -> Option<(u8, usize)> {
    let first = said.first()?.letter;
    if let Some(digit @ 1..=5) = first.to_digit(10) {
        return Some((u8::try_from(digit).ok()?, 1));
    }
    let (word, length) = word(said)?;
    vocabulary.number(&word).map(|score| (score, length))
}

/// Filled stars, perhaps padded to five with empty ones.
fn stars(said: &[Glyph]) -> Option<(u8, usize)> {
    let (full, end) = run(said, is_star);
    let (empty, end_of_empty) = run(&said[end..], |letter| letter == '☆');
    let fits = (1..=5).contains(&full) && (empty == 0 || full + empty == 5);
    fits.then_some((u8::try_from(full).ok()?, end + end_of_empty))
}

fn is_star(letter: char) -> bool {
    matches!(letter, '★' | '⭐' | '🌟')
}

/// Number of glyphs of one kind at the beginning, ignoring spaces between them, and the position after the last one.
fn run(said: &[Glyph], is_it: impl Fn(char) -> bool) -> (usize, usize) {
    let (mut count, mut end) = (0, 0);
    for (at, glyph) in said.iter().enumerate() {
        match glyph.letter {
            letter if is_it(letter) => (count, end) = (count + 1, at + 1),
            ' ' => {}
            _ => break,
        }
    }
    (count, end)
}

/// `/5`, ` out of 5`: its length in glyphs.
fn of_five(rest: &[Glyph], vocabulary: &Vocabulary) -> Option<usize> {
    let mut at = blanks(rest);
    if rest.get(at)?.letter == '/' {
        at += 1;
    } else {
        let (mut linked, start) = (false, at);
        while let Some((word, length)) = word(&rest[at..]).filter(|(word, _)| vocabulary.links(word)) {
            linked |= !word.is_empty();
            at += length + blanks(&rest[at + length..]);
        }
        if !linked || start == 0 {
            return None;
        }
    }
    at += blanks(&rest[at..]);
    (rest.get(at)?.letter == '5').then_some(at + 1)
}

/// ` stars`, ` points`, ` ★`: its length in glyphs.
fn unit(rest: &[Glyph], score: u8, vocabulary: &Vocabulary) -> Option<usize> {
    let at = blanks(rest);
    let (count, end) = run(&rest[at..], |letter| is_star(letter) || letter == '*');
    if count == 1 || count == usize::from(score) {
        return Some(at + end);
    }
    let (word, length) = word(&rest[at..])?;
    vocabulary.is_unit(&word).then_some(at + length)
}

/// The part after a score: nothing that matters, or a comment starting at this byte of the text. `None` if the whole text is not a
/// score.
fn tail(rest: &[Glyph], score: u8, scale: Scale) -> Option<Option<usize>> {
    if is_stray(rest, score, scale) {
        return Some(None);
    }
    if rest.iter().any(|glyph| glyph.letter == '?') || has_list(rest) || counts_on(rest, score) {
        return None;
    }
    let at = after_sign(rest).filter(|&at| begins_comment(&rest[at..]))?;
    Some(Some(rest[at].from))
}

/// True if only closing punctuation and emoji follow: `5!`, `5)))`, `👍 😊`.
fn is_stray(rest: &[Glyph], score: u8, scale: Scale) -> bool {
    let smiley = |at: usize| at > 0 && matches!(rest[at - 1].letter, ':' | ';');
    rest.iter().enumerate().all(|(at, glyph)| match glyph.letter {
        ' ' | '\n' | '.' | '…' | '!' | ',' | ';' | ':' | ')' | '(' | '"' | '\'' | '”' | '»' | ']' => true,
        '-' => smiley(at),
        '+' => scale == Scale::FiveStar && score == 5 && rest.iter().all(|glyph| glyph.letter == '+'),
        '👍' => score > scale.low_max_default(),
        '👎' => score <= scale.low_max_default(),
        letter => glyphs::is_emoji(letter) && !is_star(letter),
    })
}

/// Start of the comment after a separator.
fn after_sign(rest: &[Glyph]) -> Option<usize> {
    let letter = |at: usize| rest.get(at).map_or('\n', |glyph| glyph.letter);
    let spaces = blanks(rest);
    let mut at = spaces;
    match letter(at) {
        '\n' => {}
        '-' if spaces > 0 && letter(at + 1) == ' ' => at += 1,
        // Its length distinguishes it from a hyphen, so it needs no spaces.
        '—' => at += 1,
        ',' | ';' | ':' | '!' | '.' | ')' | '…' => {
            let signs = rest[at..].iter().take_while(|glyph| matches!(glyph.letter, ',' | ';' | ':' | '!' | '.' | ')' | '…')).count();
            let ends = |glyph: &Glyph| matches!(glyph.letter, ',' | ';' | ':' | '!');
            let own_line = letter(at + signs + blanks(&rest[at + signs..])) == '\n';
            let parts = rest[at..at + signs].iter().all(ends) && letter(at + signs) == ' ';
            if !own_line && !parts {
                return None;
            }
            at += signs;
        }
        _ => return None,
    }
    let skipped = rest[at..].iter().take_while(|glyph| matches!(glyph.letter, ' ' | '\n')).count();
    (at + skipped < rest.len()).then_some(at + skipped)
}

/// True if a comment has content and does not start with a number or an arithmetic sign.
fn begins_comment(comment: &[Glyph]) -> bool {
    let first = comment.first().map_or(' ', |glyph| glyph.letter);
    let picture = |letter: char| glyphs::is_emoji(letter) && !matches!(letter, '👍' | '👎');
    let speaks = comment.iter().any(|glyph| glyph.letter.is_alphabetic() || picture(glyph.letter));
    speaks && (first.is_alphabetic() || picture(first) || matches!(first, '"' | '\'' | '«' | '“' | '„' | '(' | '¡'))
}

/// True if a later line begins with a number: then it is a list.
fn has_list(rest: &[Glyph]) -> bool {
    let mut at_start = false;
    rest.iter().any(|glyph| {
        let numbered = at_start && glyph.letter.is_ascii_digit();
        at_start = glyph.letter == '\n' || (at_start && glyph.letter == ' ');
        numbered
    })
}

/// True if the number after `score` follows as the next item of a list: `2:`, `2)`, `2.`, `2,`, `2 -`.
fn counts_on(rest: &[Glyph], score: u8) -> bool {
    let letter = |at: usize| rest.get(at).map_or('\n', |glyph| glyph.letter);
    let blank = |letter: char| matches!(letter, ' ' | '\n');
    let next = char::from_digit(u32::from(score) + 1, 10).unwrap_or('\n');
    (1..rest.len()).any(|at| {
        let signed = matches!(letter(at + 1), ':' | ')' | '.' | ',' | ';') && blank(letter(at + 2));
        let dashed = letter(at + 1) == ' ' && matches!(letter(at + 2), '-' | '—') && letter(at + 3) == ' ';
        letter(at) == next && (blank(letter(at - 1)) || letter(at - 1) == '(') && (signed || dashed)
    })
}

/// `yes`, `плюс`, `very good, thank you`: a text of known words only, all with the same meaning.
fn by_words(said: &[Glyph], vocabulary: &Vocabulary) -> Option<Typed> {
    let words = plain_words(said)?;
    let thumbs = |up: bool| said.iter().any(|glyph| glyph.letter == if up { '👍' } else { '👎' });
    let good = match (vocabulary.meaning(&words.join(" ")), words.as_slice()) {
        (Some(Meaning::Plus), _) => true,
        (Some(Meaning::Minus), _) => false,
        _ => {
            let meanings: Option<Vec<Meaning>> = words.iter().map(|word| vocabulary.meaning(word)).collect();
            let meanings = meanings?;
            let (good, bad) = (meanings.contains(&Meaning::Good), meanings.contains(&Meaning::Bad));
            // "No, thanks" is no score: "yes" and "no" only count on their own.
            if good == bad || meanings.iter().any(|meaning| matches!(meaning, Meaning::Plus | Meaning::Minus)) {
                return None;
            }
            good
        }
    };
    (!thumbs(!good)).then_some(Typed { score: u8::from(good), comment: None })
}

/// The words of a text that has only words, closing punctuation and emoji.
fn plain_words(said: &[Glyph]) -> Option<Vec<String>> {
    let plain = |letter: char| {
        letter.is_alphabetic() || matches!(letter, ' ' | '\n' | '.' | '…' | '!' | '¡' | ',' | ')' | '(') || glyphs::is_emoji(letter)
    };
    if !said.iter().all(|glyph| plain(glyph.letter)) {
        return None;
    }
    let text: String = said.iter().map(|glyph| if glyph.letter.is_alphabetic() { glyph.letter } else { ' ' }).collect();
    let words: Vec<String> = text.split(' ').filter(|word| !word.is_empty()).map(str::to_owned).collect();
    (!words.is_empty()).then_some(words)
}

/// The word at the beginning, and its length in glyphs.
fn word(said: &[Glyph]) -> Option<(String, usize)> {
    let is_letter = |at: usize| said.get(at).is_some_and(|glyph| glyph.letter.is_alphabetic());
    // An apostrophe between letters belongs to the word: `п'ять`.
    let inside = |at: usize| is_letter(at) || (at > 0 && said[at].letter == '\'' && is_letter(at - 1) && is_letter(at + 1));
    let word: String = said.iter().enumerate().take_while(|(at, _)| inside(*at)).map(|(_, glyph)| glyph.letter).collect();
    let length = word.chars().count();
    (length > 0).then_some((word, length))
}

fn blanks(said: &[Glyph]) -> usize {
    said.iter().take_while(|glyph| glyph.letter == ' ').count()
}

fn trimmed(said: &[Glyph]) -> &[Glyph] {
    let blank = |glyph: &Glyph| matches!(glyph.letter, ' ' | '\n');
    let from = said.iter().position(|glyph| !blank(glyph)).unwrap_or(said.len());
    let until = said.iter().rposition(|glyph| !blank(glyph)).map_or(from, |at| at + 1);
    &said[from..until]
}

/// The text without quotes or brackets around the whole, and the byte at which it ends.
fn unwrapped(said: &[Glyph], end: usize) -> (&[Glyph], usize) {
    // The signs of bold, italic and crossed text in messengers, too.
    let pairs = [
        ('"', '"'),
        ('\'', '\''),
        ('(', ')'),
        ('[', ']'),
        ('«', '»'),
        ('“', '”'),
        ('„', '“'),
        ('„', '”'),
        ('*', '*'),
        ('_', '_'),
        ('「', '」'),
    ];
    match said {
        [open, inside @ .., close] if pairs.contains(&(open.letter, close.letter)) => (trimmed(inside), close.from),
        _ => (said, end),
    }
}

#[cfg(test)]
mod tests;
