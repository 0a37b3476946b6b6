//! Normalizes the characters of a text: full-width and keycap digits become digits, skin tones and invisible characters are
//! dropped, and every kind of minus becomes a minus.

/// One visible character, folded, and its position in the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Glyph {
    /// The character: lowercase, a plain digit, ` ` for any blank, `\n` for any line end.
    pub(super) letter: char,
    /// Byte offset.
    pub(super) from: usize,
}

/// The visible characters of a text.
pub(super) fn glyphs(text: &str) -> Vec<Glyph> {
    text.char_indices().filter_map(|(from, letter)| fold(letter).map(|letter| Glyph { letter, from })).collect()
}

fn fold(letter: char) -> Option<char> {
    let folded = match letter {
        // Soft hyphen, combining accents, joiners, direction marks, variation selectors, keycap frame, skin tones, tags.
        '\u{ad}'
        | '\u{300}'..='\u{36f}'
        | '\u{61c}'
        | '\u{180e}'
        | '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{2069}' => return None,
        '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{20e3}' | '\u{1f3fb}'..='\u{1f3ff}' | '\u{e0000}'..='\u{e007f}' => return None,
        '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}' => '\n',
        letter if letter.is_whitespace() => ' ',
        // Full-width forms of ASCII.
        '\u{ff01}'..='\u{ff5e}' => return fold(shifted(letter, '\u{ff01}', '!')),
        '\u{2010}'..='\u{2013}' | '\u{2212}' | '\u{fe63}' | '➖' => '-',
        '\u{2014}' | '\u{2015}' => '—',
        '\u{fe62}' | '➕' => '+',
        '\u{2044}' | '\u{2215}' => '/',
        '؟' => '?',
        'ё' | 'Ё' => 'е',
        // Capitals do not tell which of the two Turkish letters it is.
        'ı' | 'İ' => 'i',
        '’' | '‘' | '`' | '\u{2bc}' | '\u{2b9}' | '´' => '\'',
        letter => digit(letter).or_else(|| letter.to_lowercase().next()).unwrap_or(letter),
    };
    Some(folded)
}

/// Decimal digits of other scripts, and circled digits.
fn digit(letter: char) -> Option<char> {
    let zeros = ['\u{660}', '\u{6f0}', '\u{966}', '\u{9e6}', '\u{e50}', '\u{1d7ce}', '\u{1d7d8}', '\u{1d7e2}', '\u{1d7ec}', '\u{1d7f6}'];
    let ones = ['①', '❶', '➀', '➊'];
    let of = |first: char, most: u32, base: u32| {
        let place = u32::from(letter).checked_sub(u32::from(first)).filter(|place| *place < most)?;
        char::from_digit(place + base, 10)
    };
    zeros.into_iter().find_map(|zero| of(zero, 10, 0)).or_else(|| ones.into_iter().find_map(|one| of(one, 9, 1)))
}

fn shifted(letter: char, from: char, to: char) -> char {
    u32::from(letter).checked_sub(u32::from(from)).and_then(|place| char::from_u32(u32::from(to) + place)).unwrap_or(letter)
}

/// True if a folded character is an emoji.
pub(in super::super) fn is_emoji(letter: char) -> bool {
    matches!(letter, '\u{2600}'..='\u{27bf}' | '\u{2b50}' | '\u{1f300}'..='\u{1faff}')
}
