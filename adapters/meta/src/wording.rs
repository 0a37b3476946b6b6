//! Fits texts and titles into their limits: the main text is cut, what follows it is kept.

use lastword_contract::{Choice, ChoiceKind, Outgoing, SendError, TextLimit, Verdict};

/// The text of a message, cut to `limit`: its text, then `below`, then the label of its comment box, separated by empty
/// lines. These platforms have no comment box, but clients can type.
pub(crate) fn body(outgoing: &Outgoing, below: Option<String>, limit: TextLimit) -> Result<String, SendError> {
    let main = outgoing.text.trim_end();
    if main.trim().is_empty() {
        return Err(SendError::new(Verdict::Refused, "empty_text", "Meta takes no message without text"));
    }
    let comment = outgoing.comment.as_ref().map(|comment| half(limit).shorten(comment.label.trim())).filter(|label| !label.is_empty());
    let below = below.filter(|below| !below.is_empty()).into_iter().chain(comment).collect::<Vec<_>>().join("\n\n");
    if below.is_empty() {
        return Ok(limit.shorten(main));
    }
    // What is below is never cut, and some of the text always remains.
    match less(limit, measure(limit, &below) + 2).filter(|&room| measure(room, "…") < size(room)) {
        Some(room) => Ok(format!("{}\n\n{below}", room.shorten(main))),
        None => Err(SendError::new(Verdict::Refused, "text_too_long", "what has to stand below the text leaves no room for it")),
    }
}

/// Explains how to answer by typing, because the buttons are not shown everywhere: the engine's text, or the scale as numbers.
pub(crate) fn numbered(outgoing: &Outgoing) -> Option<String> {
    let scores = || outgoing.choices.iter().filter(|choice| choice.kind == ChoiceKind::Score);
    // The digit of a score comes from the part of its label that needs no language: its number of stars, or its thumb.
    let line = |choice: &Choice| match choice.label.matches('★').count() {
        0 => format!("{} = {}", u8::from(choice.label.contains('👍')), choice.label),
        stars => format!("{stars} = {}", choice.label),
    };
    match outgoing.hint.as_deref().map(str::trim).filter(|hint| !hint.is_empty()) {
        Some(hint) => Some(hint.to_owned()),
        None => Some(scores().map(line).collect::<Vec<_>>().join("\n")).filter(|lines| !lines.is_empty()),
    }
}

/// The choices as lines with links.
pub(crate) fn links(outgoing: &Outgoing) -> Result<Option<String>, SendError> {
    let line = |choice: &Choice| choice.link.as_ref().map(|link| format!("{} {link}", choice.label.trim()));
    let lines: Option<Vec<String>> = outgoing.choices.iter().map(line).collect();
    let lines =
        lines.ok_or_else(|| SendError::new(Verdict::Refused, "no_link", "a choice has no link, and nothing else can be tapped here"))?;
    Ok(Some(lines.join("\n")).filter(|lines| !lines.is_empty()))
}

/// Titles for `choices` within `limit`: not empty and all different, as Meta requires. The choice to change the score is
/// marked with a sign if there is space, so that it does not look like another reason.
pub(crate) fn titles(choices: &[Choice], limit: TextLimit) -> Vec<String> {
    let mut titles: Vec<String> = Vec::with_capacity(choices.len());
    for (place, choice) in choices.iter().enumerate() {
        let marked = format!("↩ {}", choice.label.trim());
        let label = if choice.kind == ChoiceKind::Change && limit.admits(&marked) { marked.as_str() } else { choice.label.trim() };
        let mut title = if label.is_empty() { (place + 1).to_string() } else { limit.shorten(label) };
        if titles.contains(&title) {
            let mark = format!(" {}", place + 1);
            title =
                less(limit, measure(limit, &mark)).map_or_else(|| mark.trim().to_owned(), |room| format!("{}{mark}", room.shorten(label)));
        }
        titles.push(title);
    }
    titles
}

/// Fails unless there are at most `max` choices with tokens of 1 to `token_max` characters.
pub(crate) fn check_choices(choices: &[Choice], max: usize, token_max: usize) -> Result<(), SendError> {
    if choices.len() > max {
        return Err(SendError::new(Verdict::Refused, "too_many_choices", format!("this platform takes at most {max} choices")));
    }
    if choices.iter().any(|choice| !(1..=token_max).contains(&choice.token.chars().count())) {
        return Err(SendError::new(Verdict::Refused, "bad_token", format!("a choice's token has to be 1 to {token_max} characters")));
    }
    Ok(())
}

fn size(limit: TextLimit) -> usize {
    match limit {
        TextLimit::Chars(max) | TextLimit::Bytes(max) | TextLimit::Utf16(max) => max,
    }
}

fn half(limit: TextLimit) -> TextLimit {
    less(limit, size(limit) / 2).unwrap_or(limit)
}

/// `limit` minus `taken`; `None` if nothing is left.
fn less(limit: TextLimit, taken: usize) -> Option<TextLimit> {
    let left = |max: usize| max.checked_sub(taken).filter(|&left| left > 0);
    match limit {
        TextLimit::Chars(max) => left(max).map(TextLimit::Chars),
        TextLimit::Bytes(max) => left(max).map(TextLimit::Bytes),
        TextLimit::Utf16(max) => left(max).map(TextLimit::Utf16),
    }
}

fn measure(limit: TextLimit, text: &str) -> usize {
    match limit {
        TextLimit::Chars(_) => text.chars().count(),
        TextLimit::Bytes(_) => text.len(),
        TextLimit::Utf16(_) => text.encode_utf16().count(),
    }
}
