//! What the reader sees: the same message as HTML with buttons and as plain text with links.

use askama::Template;
use lastword_contract::{Choice, ChoiceKind, Footer, Outgoing, Purpose, Scale};

/// The HTML: tables and inline styles, because mail programs know little else. Dark mode by `prefers-color-scheme` where
/// it is known, and by colours that survive being inverted where it is not.
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
    /// Everything else, one below the other.
    others: Vec<Button<'a>>,
    /// Who asks, why, and how not to be asked again.
    footer: Option<&'a Footer>,
}

struct Button<'a> {
    label: String,
    link: &'a str,
}

/// A choice as a button; a star is drawn above its number.
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
        // Rows of stars are read from one to five.
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
        // What stands below this line is no part of what is said (RFC 3676, section 4.3).
        text.push_str(&format!("\n\n-- \n{}\n{}", footer.sender, footer.why));
        if let Some(Choice { label, link: Some(link), .. }) = &footer.stop {
            text.push_str(&format!("\n{label}: {link}"));
        }
    }
    text.push('\n');
    text
}

/// The side from which a language is read.
fn direction(language: &str) -> &'static str {
    const FROM_THE_RIGHT: [&str; 9] = ["ar", "he", "fa", "ur", "ps", "yi", "dv", "ckb", "sd"];
    let root = language.split(['-', '_']).next().unwrap_or(language);
    if FROM_THE_RIGHT.iter().any(|right| right.eq_ignore_ascii_case(root)) { "rtl" } else { "ltr" }
}
