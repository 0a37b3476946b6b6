//! Splits an alert for channels that show the client's comment and links to pages outside the text.

use super::alert::AlertFacts;
use crate::engine::Engine;
use crate::recipient::room;
use lastword_contract::{ChoiceKind, Outgoing, PageLink, Purpose};
use lastword_domain::alert::words::words;
use lastword_store::StoreError;
use lastword_store::question::delivery::Delivery;

/// The message in the form that its channel takes: in parts if it supports them, and with the opened address of a room. `None` if the room
/// no longer exists.
///
/// # Errors
/// If the address of the room cannot be opened.
pub(crate) fn finished(
    engine: &Engine,
    facts: &AlertFacts,
    delivery: &Delivery,
    message: Option<Outgoing>,
) -> Result<Option<Outgoing>, StoreError> {
    let Some(mut message) = message else { return Ok(None) };
    let reader = facts.reader(&message.to.chat);
    if engine.channels.takes_parts(&delivery.connection) && message.purpose == Purpose::Alert {
        let language = reader.and_then(|reader| reader.language.as_deref()).unwrap_or(&engine.options.language);
        message = in_parts(engine, message, language);
    }
    if room::goes_to_room(delivery) {
        let Some(address) = room::address_of(engine, reader)? else { return Ok(None) };
        message.to = address;
    }
    Ok(Some(message))
}

/// Moves the link to our page out of the text and the token to acknowledge out of the choices: both become links to pages.
fn in_parts(engine: &Engine, message: Outgoing, language: &str) -> Outgoing {
    let words = words(language);
    let mut pages = Vec::new();
    let mut lines: Vec<&str> = message.text.lines().collect();
    let ours = |line: &str| engine.options.public_url.as_ref().is_some_and(|base| line.starts_with(base.as_str()) && !line.contains(' '));
    if let Some(at) = lines.iter().rposition(|line| ours(line)) {
        pages.push(PageLink { label: words.open.to_owned(), url: lines.remove(at).to_owned() });
    }
    let text = lines.join("\n");
    let seen = message.choices.iter().filter(|choice| choice.kind == ChoiceKind::Acknowledge);
    pages.extend(seen.filter_map(|choice| Some(PageLink { label: choice.label.clone(), url: engine.page(&choice.token)? })));
    Outgoing { text, pages, choices: Vec::new(), language: language.to_owned(), ..message }
}
