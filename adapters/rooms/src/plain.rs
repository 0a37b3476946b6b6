//! Neutralizes text of clients, operators and desks. The markup of rooms turns some characters into mentions, links, images and commands;
//! the rules differ between services and change. So all services get the same treatment: a zero-width character follows each character that
//! could start such an element. Then only the escaping of the markup remains.

/// A zero-width character that breaks an element.
const BREAK: char = '\u{200b}';

/// Returns `text` without control characters and changes of direction, and with everything broken that could be a mention, a link, an image
/// or a command.
pub(crate) fn harmless(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut before = ' ';
    let mut rest = text.chars().filter(|letter| !is_dropped(*letter)).peekable();
    while let Some(letter) = rest.next() {
        let next = rest.peek().copied().unwrap_or(' ');
        out.push(if letter == '\t' { ' ' } else { letter });
        if is_broken(before, letter, next) {
            out.push(BREAK);
        }
        before = letter;
    }
    out
}

/// `true` if `letter` between these two could start an element.
fn is_broken(before: char, letter: char, next: char) -> bool {
    match letter {
        // @everyone, <!channel>, #channel, ~channel, and email addresses.
        '@' | '#' | '~' | '<' => !next.is_whitespace(),
        // [label](address), [label][reference], ![image](…), !avatar(…)
        ']' => matches!(next, '(' | '[' | ':'),
        '!' => next == '[' || next.is_ascii_alphabetic(),
        // http://…, mailto:…, and custom emoji such as :smile:
        ':' => next == '/' || next.is_ascii_alphabetic() || matches!(next, '_' | '+' | '-'),
        // www.example.com
        '.' => before.is_alphanumeric() && next.is_alphabetic(),
        // Code blocks that swallow the following text, functions of cards, formulas.
        '`' => true,
        '{' | '$' => next == letter,
        _ => false,
    }
}

/// `true` for invisible characters that change how the rest is read.
fn is_dropped(letter: char) -> bool {
    let bidi = matches!(letter, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}' | '\u{061c}');
    let invisible = matches!(letter, '\u{200b}' | '\u{2060}' | '\u{feff}' | '\u{2028}' | '\u{2029}' | '\u{fff9}'..='\u{fffb}');
    bidi || invisible || (letter.is_control() && !matches!(letter, '\n' | '\t'))
}

/// Cuts `text` to at most `max` characters. A cut text ends with `…`.
pub(crate) fn cut(text: &str, max: usize) -> String {
    lastword_contract::TextLimit::Chars(max).shorten(text)
}

/// Escapes the three special characters of Slack's markup.
pub(crate) fn slack(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// Text as HTML, with its line breaks.
pub(crate) fn html(text: &str) -> String {
    html_escape::encode_quoted_attribute(text).replace('\n', "<br>")
}

/// Each line as a Markdown quote.
pub(crate) fn quoted(text: &str) -> String {
    text.lines().map(|line| format!("> {line}")).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::harmless;

    #[test]
    fn what_means_nothing_stays_as_it_is() {
        for text in [
            "Оцените качество · 評価 · تقييم · 👩‍💻 · ñ",
            "Client: Ann\nOperator: Olga\nScore 4.5 of 5, 12:30, 3 > 2, #",
            "One. Two! Three? (four) [five] {six} $7",
        ] {
            assert_eq!(harmless(text), text);
        }
    }

    #[test]
    fn what_begins_something_is_broken() {
        for (text, made) in [
            ("@everyone", "@\u{200b}everyone"),
            ("<!channel>", "<\u{200b}!\u{200b}channel>"),
            ("[a](https://e.com)", "[a]\u{200b}(https:\u{200b}//e.\u{200b}com)"),
            ("![x](y)", "!\u{200b}[x]\u{200b}(y)"),
            ("a\u{202e}b\u{0}\r\nc\td", "ab\nc d"),
            (":smile: {{DATE()}}", ":\u{200b}smile: {\u{200b}{DATE()}}"),
        ] {
            assert_eq!(harmless(text), made);
        }
    }
}
