//! The body of a mail: HTML with buttons, and plain text with links.

use askama::Template;
use lastword_contract::language::direction;
use lastword_contract::{Choice, ChoiceKind, Footer, Outgoing, Purpose, Scale};

/// The HTML uses tables and inline styles, because mail programs support little else. Dark mode uses `prefers-color-scheme`
/// if it is supported, and otherwise colors that can be inverted.
#[derive(Template)]
#[template(path = "mail.html")]
struct Html<'a> {
    language: &'a str,
    direction: &'static str,
    title: &'a str,
    paragraphs: Vec<&'a str>,
    /// Thumbs or stars, side by side.
    scores: Vec<Button<'a>>,
    stars: bool,
    /// Meaning of the first and of the last star.
    ends: Option<&'a [String; 2]>,
    /// All other choices, one below the other.
    others: Vec<Button<'a>>,
    /// Color of the edge of the card.
    color: &'a str,
    /// The sender, the conversation, the reason, and how to opt out.
    footer: Option<&'a Footer>,
}

struct Button<'a> {
    label: String,
    link: &'a str,
}

/// Color of a sender without one.
const COLOR: &str = "#0b6b62";

/// True for a color that cannot leave its place in a style: `#` and six hexadecimal digits.
fn is_color(text: &str) -> bool {
    text.strip_prefix('#').is_some_and(|digits| digits.len() == 6 && digits.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

/// A choice as a button; a star is shown above its number.
fn button(choice: &Choice, star: bool) -> Option<Button<'_>> {
    let label = if star { choice.label.chars().count().to_string() } else { choice.label.clone() };
    Some(Button { label, link: choice.link.as_deref()? })
}

/// The HTML of a message.
pub(crate) fn html(outgoing: &Outgoing, title: &str) -> Result<String, askama::Error> {
    let stars = outgoing.purpose == Purpose::Question(Scale::FiveStar);
    let (scores, others): (Vec<&Choice>, Vec<&Choice>) = outgoing.choices.iter().partition(|choice| choice.kind == ChoiceKind::Score);
    let mut scores: Vec<Button<'_>> = scores.into_iter().filter_map(|choice| button(choice, stars)).collect();
    let others = others.into_iter().filter_map(|choice| button(choice, false)).collect();
    if stars {
        // Rows of stars go from one to five.
        scores.reverse();
    }
    let paragraphs = outgoing.text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let direction = direction(&outgoing.language);
    let (footer, ends) = (outgoing.footer.as_ref(), outgoing.ends.as_ref().filter(|_| stars));
    let color = footer.and_then(|footer| footer.color.as_deref()).filter(|color| is_color(color)).unwrap_or(COLOR);
    Html { language: &outgoing.language, direction, title, paragraphs, scores, stars, ends, others, color, footer }.render()
}

/// The plain text of a message.
pub(crate) fn text(outgoing: &Outgoing) -> String {
    let topic = |footer: &Footer| footer.topic.as_ref().map(|topic| format!("{topic}\n")).unwrap_or_default();
    let head = outgoing.footer.as_ref().map(|footer| format!("{}\n{}\n{}\n", footer.sender, footer.about, topic(footer)));
    let mut text = head.unwrap_or_default() + outgoing.text.trim();
    let stars = outgoing.purpose == Purpose::Question(Scale::FiveStar);
    let (mut scores, others): (Vec<&Choice>, Vec<&Choice>) = outgoing.choices.iter().partition(|choice| choice.kind == ChoiceKind::Score);
    if stars {
        scores.reverse();
    }
    let [lowest, highest] = outgoing.ends.as_ref().filter(|_| stars).map_or(["", ""], |[lowest, highest]| [lowest, highest]);
    let last = scores.len().saturating_sub(1);
    for (place, choice) in scores.into_iter().chain(others).enumerate() {
        let meaning = match place {
            0 => lowest,
            place if place == last => highest,
            _ => "",
        };
        let meaning = if meaning.is_empty() { String::new() } else { format!(" – {meaning}") };
        if let Some(link) = &choice.link {
            text.push_str(&format!("\n\n{}{meaning}\n{link}", choice.label));
        }
    }
    if let Some(footer) = &outgoing.footer {
        // Text below this line is a signature (RFC 3676, section 4.3).
        text.push_str(&format!("\n\n-- \n{}", footer.why));
        if let Some(Choice { label, link: Some(link), .. }) = &footer.stop {
            text.push_str(&format!("\n{label}: {link}"));
        }
    }
    text.push('\n');
    text
}
