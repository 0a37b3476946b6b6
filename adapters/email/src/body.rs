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
    /// All other choices, one below the other.
    others: Vec<Button<'a>>,
    /// The sender, the reason, and how to opt out.
    footer: Option<&'a Footer>,
}

struct Button<'a> {
    label: String,
    link: &'a str,
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
    Html { language: &outgoing.language, direction, title, paragraphs, scores, stars, others, footer: outgoing.footer.as_ref() }.render()
}

/// The plain text of a message.
pub(crate) fn text(outgoing: &Outgoing) -> String {
    let head = outgoing.footer.as_ref().map(|footer| format!("{}\n{}\n\n", footer.sender, footer.about));
    let mut text = head.unwrap_or_default() + outgoing.text.trim();
    for choice in &outgoing.choices {
        if let Some(link) = &choice.link {
            text.push_str(&format!("\n\n{}\n{link}", choice.label));
        }
    }
    if let Some(footer) = &outgoing.footer {
        // Text below this line is a signature (RFC 3676, section 4.3).
        text.push_str(&format!("\n\n-- \n{}\n{}", footer.sender, footer.why));
        if let Some(Choice { label, link: Some(link), .. }) = &footer.stop {
            text.push_str(&format!("\n{label}: {link}"));
        }
    }
    text.push('\n');
    text
}
