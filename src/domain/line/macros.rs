//! Macros in texts that people write: `#LINE#` is replaced by the line's name when a message is composed.

/// Values of the macros. `None`: unknown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Macros {
    /// `#CLIENT#`: the client's name.
    pub client: Option<String>,
    /// `#OPERATOR#`: the responsible operator's name.
    pub operator: Option<String>,
    /// `#LINE#`: the line's name.
    pub line: Option<String>,
    /// `#ORGANISATION#`: the organisation's name.
    pub organisation: Option<String>,
    /// `#SCORE#`: the score as people read it.
    pub score: Option<String>,
    /// `#SESSION#`: the desk's ID of the session.
    pub session: Option<String>,
    /// `#CHANNEL#`: the kind of channel.
    pub channel: Option<String>,
    /// `#REASONS#`: the reasons that the client chose.
    pub reasons: Option<String>,
    /// `#COMMENT#`: the client's comment.
    pub comment: Option<String>,
    /// `#TIME#`: when the answer arrived, in the organisation's time zone.
    pub time: Option<String>,
    /// `#LINK#`: the page of the rating.
    pub link: Option<String>,
}

/// Macros of questions, reminders and other texts for clients who have given no score yet. `#DIALOG#` is Bitrix24's name for the
/// session.
pub const ASKED: &[&str] = &["#NAME#", "#CLIENT#", "#OPERATOR#", "#LINE#", "#ORGANISATION#", "#SESSION#", "#DIALOG#"];
/// Macros of thank-you texts.
pub const THANKED: &[&str] = &["#NAME#", "#CLIENT#", "#OPERATOR#", "#LINE#", "#ORGANISATION#", "#SESSION#", "#DIALOG#", "#SCORE#"];
/// Macros of reply templates.
pub const REPLIED: &[&str] = &["#CLIENT#", "#NAME#", "#OPERATOR#", "#LINE#", "#ORGANISATION#", "#SCORE#"];
/// Macros of alerts.
pub const ALERTED: &[&str] = &[
    "#SCORE#",
    "#LINE#",
    "#CLIENT#",
    "#NAME#",
    "#OPERATOR#",
    "#REASONS#",
    "#COMMENT#",
    "#SESSION#",
    "#DIALOG#",
    "#CHANNEL#",
    "#TIME#",
    "#LINK#",
    "#ORGANISATION#",
];

/// Positions of the macros in a text, known or not: letters, digits and underscores between two `#`. Letters of scripts without
/// capitals do not count: between two `#` they are a topic, not a macro.
fn tokens(text: &str) -> Vec<(usize, &str)> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(start) = text[from..].find('#').map(|at| from + at) {
        let inside = &text[start + 1..];
        let name = &inside
            [..inside.find(|c: char| !(c == '_' || c.is_ascii_digit() || c.is_lowercase() || c.is_uppercase())).unwrap_or(inside.len())];
        let is_one = inside[name.len()..].starts_with('#') && name.chars().any(char::is_alphabetic);
        from = if is_one { start + name.len() + 2 } else { start + 1 };
        if is_one {
            found.push((start, &text[start..from]));
        }
    }
    found
}

/// The first macro in `text` that is not in `known`.
pub fn unknown<'t>(text: &'t str, known: &[&str]) -> Option<&'t str> {
    tokens(text).into_iter().map(|(_, name)| name).find(|name| !known.contains(name))
}

/// Value of the macro `name`: `None` if there is no such macro, `Some(None)` if its value is unknown.
fn value<'m>(name: &str, macros: &'m Macros) -> Option<Option<&'m str>> {
    let value = match name {
        "#CLIENT#" | "#NAME#" => &macros.client,
        "#OPERATOR#" => &macros.operator,
        "#LINE#" => &macros.line,
        "#ORGANISATION#" => &macros.organisation,
        "#SCORE#" => &macros.score,
        "#SESSION#" | "#DIALOG#" => &macros.session,
        "#CHANNEL#" => &macros.channel,
        "#REASONS#" => &macros.reasons,
        "#COMMENT#" => &macros.comment,
        "#TIME#" => &macros.time,
        "#LINK#" => &macros.link,
        _ => return None,
    };
    Some(value.as_deref().map(str::trim).filter(|value| !value.is_empty()))
}

/// Fills in the macros of a text. A macro without a value is removed with the blank before it, so that "Hello #CLIENT#," becomes
/// "Hello,". Values are not expanded: a name that contains `#LINE#` stays as it is.
pub fn fill(text: &str, macros: &Macros) -> String {
    let (mut out, mut from) = (String::with_capacity(text.len() + 40), 0);
    for (at, name) in tokens(text) {
        let Some(value) = value(name, macros) else { continue };
        out.push_str(&text[from..at]);
        from = at + name.len();
        match value {
            Some(value) => out.push_str(value),
            None if out.ends_with(' ') => out.truncate(out.len() - 1),
            None => {}
        }
    }
    out + &text[from..]
}

/// Fills in the macros of a text with several lines. A line that has only macros without values is omitted; within a line, a dash
/// replaces them.
pub fn fill_lines(text: &str, macros: &Macros) -> String {
    let says = |line: &&str| {
        let values: Vec<Option<&str>> = tokens(line).into_iter().filter_map(|(_, name)| value(name, macros)).collect();
        values.is_empty() || values.iter().any(Option::is_some)
    };
    let lines: Vec<&str> = text.lines().filter(says).collect();
    let lines = if lines.iter().all(|line| line.trim().is_empty()) { text.lines().collect() } else { lines };
    let filled: Vec<String> = lines.into_iter().map(|line| fill_line(line, macros)).collect();
    filled.join("\n").trim_end().to_owned()
}

fn fill_line(line: &str, macros: &Macros) -> String {
    let (mut out, mut from) = (String::with_capacity(line.len() + 40), 0);
    for (at, name) in tokens(line) {
        let Some(value) = value(name, macros) else { continue };
        out.push_str(&line[from..at]);
        out.push_str(value.unwrap_or("–"));
        from = at + name.len();
    }
    out + &line[from..]
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn known() -> Macros {
        let some = |value: &str| Some(value.to_owned());
        Macros { client: some("Anna Berg"), operator: some("Olga"), line: some("Support"), score: some("👎"), ..Macros::default() }
    }

    #[test]
    fn macros_are_filled_in_and_unknown_names_leave_no_gap() {
        assert_eq!(
            fill("Hello #NAME#, #OPERATOR# of #LINE# here. #COLOUR# 5#", &known()),
            "Hello Anna Berg, Olga of Support here. #COLOUR# 5#"
        );
        assert_eq!(fill("Hello #CLIENT#, how was it?", &Macros::default()), "Hello, how was it?");
        assert_eq!(fill("#CLIENT#!", &Macros { client: Some("#LINE#".to_owned()), ..known() }), "#LINE#!", "a value is no text to fill");
    }

    #[test]
    fn a_line_that_says_only_what_nobody_knows_is_left_out() {
        let text = "Low #SCORE# on #LINE#\nReasons: #REASONS#\n“#COMMENT#”\n\nSession #SESSION#, #LINE#\n#LINK#";
        assert_eq!(fill_lines(text, &known()), "Low 👎 on Support\n\nSession –, Support");
        assert_eq!(fill_lines("Look: #LINK#", &known()), "Look: –", "something is said in any case");
        assert_eq!(fill_lines("No macros", &Macros::default()), "No macros");
    }

    #[test]
    fn a_macro_that_is_none_is_found() {
        let cases = [
            ("Hello #NAME#, #LINE#", None),
            ("Hello #COLOUR#", Some("#COLOUR#")),
            ("#name#", Some("#name#")),
            ("#ИМЯ#, оцените", Some("#ИМЯ#")),
            ("#USER_NAME#", Some("#USER_NAME#")),
            ("##NAME##", None),
            ("#1 of #2, 50 # and # 7, #満足#", None),
        ];
        for (text, expected) in cases {
            assert_eq!(unknown(text, ASKED), expected, "{text}");
        }
        for name in ASKED.iter().chain(THANKED).chain(REPLIED).chain(ALERTED) {
            assert!(value(name, &Macros::default()).is_some(), "{name} is known and stands for something");
        }
    }

    proptest! {
        #[test]
        fn text_without_macros_stays(text in "[^#]{0,60}") {
            prop_assert_eq!(fill(&text, &known()), text);
        }

        #[test]
        fn any_text_can_be_read(text in "[#a-zA-Zß_ 1\n満]{0,40}") {
            unknown(&text, ASKED);
            fill_lines(&fill(&text, &known()), &known());
        }
    }
}
