//! Later actions of clients on messages: replies to something else, reactions, edits, deletions.

use super::cases::{MANY_SCRIPTS, ensure};
use super::receiving::only_event;
use super::{CaseResult, Harness, Passed};
use crate::{Address, Context, InboundKind, RawRequest, TextMessage};

/// ID of a message that is not ours.
const FOREIGN: &str = "4711";

/// A text names the message it replies to, even if that message is not ours: the engine knows which are.
pub async fn tells_what_a_text_replies_to<H: Harness>(harness: &H) -> CaseResult {
    let Some(request) = harness.reply(MANY_SCRIPTS, FOREIGN, &harness.client()) else {
        return Ok(Passed::NotClaimed("the platform has no replies"));
    };
    let TextMessage { text, context, .. } = text_in(harness, &request)?;
    ensure(text == MANY_SCRIPTS, || "the text was changed on its way in".into())?;
    ensure(context == Context::ReplyTo(FOREIGN.into()), || format!("a reply to message {FOREIGN} belongs to {context:?}"))?;
    Ok(Passed::Held)
}

/// A text that was forwarded, or refers to something that is not a message of this chat, is marked as such.
pub async fn tells_texts_that_belong_elsewhere<H: Harness>(harness: &H) -> CaseResult {
    let Some(request) = harness.forwarded(MANY_SCRIPTS, &harness.client()) else {
        return Ok(Passed::NotClaimed("the platform has no such texts, or does not mark them"));
    };
    match text_in(harness, &request)?.context {
        Context::Elsewhere(word) if !word.is_empty() => Ok(Passed::Held),
        context => Err(format!("a forwarded text belongs to {context:?} and not elsewhere")),
    }
}

/// A reaction arrives with its emoji and the ID of the message.
pub async fn reads_reactions<H: Harness>(harness: &H) -> CaseResult {
    reaction(harness, Some("👎")).await
}

/// A removed reaction arrives without an emoji.
pub async fn reads_reactions_taken_back<H: Harness>(harness: &H) -> CaseResult {
    reaction(harness, None).await
}

async fn reaction<H: Harness>(harness: &H, emoji: Option<&str>) -> CaseResult {
    if !harness.channel().capabilities().reactions {
        return Ok(Passed::NotClaimed("reactions are not claimed"));
    }
    let request = harness.reaction(FOREIGN, emoji, &harness.client()).ok_or("claims reactions, but the harness gives none")?;
    match only_event(harness, &request)?.kind {
        InboundKind::Reaction(reaction) => {
            ensure(reaction.message_id == FOREIGN, || "the message that carries the reaction is another one".into())?;
            ensure(reaction.emoji.as_deref() == emoji, || format!("the emoji {emoji:?} was read as {:?}", reaction.emoji))?;
            ensure(harness.client().admits(&reaction.by), || "who reacted is not recognised as the addressee".into())?;
            Ok(Passed::Held)
        }
        other => Err(format!("a reaction was read as {other:?}")),
    }
}

/// A text arrives with its ID, and an edit with the same ID and the new text.
pub async fn reads_edits<H: Harness>(harness: &H) -> CaseResult {
    if !harness.channel().capabilities().edits_seen {
        return Ok(Passed::NotClaimed("edits by clients are not claimed"));
    }
    let id = id_of_a_text(harness)?;
    let request = harness.edited(MANY_SCRIPTS, &id, &harness.client()).ok_or("claims edits_seen, but the harness gives no edit")?;
    match only_event(harness, &request)?.kind {
        InboundKind::Edited(TextMessage { text, by, message_id, .. }) => {
            ensure(message_id == Some(id), || "the edited message has another id than when it was new".into())?;
            ensure(text == MANY_SCRIPTS, || "the new text was changed on its way in".into())?;
            ensure(harness.client().admits(&by), || "who edited is not recognised as the addressee".into())?;
            Ok(Passed::Held)
        }
        other => Err(format!("an edit was read as {other:?}")),
    }
}

/// A deletion arrives with the ID of the deleted message.
pub async fn reads_deletions<H: Harness>(harness: &H) -> CaseResult {
    if !harness.channel().capabilities().deletions_seen {
        return Ok(Passed::NotClaimed("deletions by clients are not claimed"));
    }
    let id = id_of_a_text(harness)?;
    let request = harness.deleted(&id, &harness.client()).ok_or("claims deletions_seen, but the harness gives no deletion")?;
    match only_event(harness, &request)?.kind {
        InboundKind::Deleted { by, message_id } => {
            ensure(message_id == id, || "the deleted message has another id than when it was new".into())?;
            // Some platforms report deletions only in conversations with an intermediary.
            let there = Address { via: by.via.clone(), ..harness.client() };
            ensure(there.admits(&by), || "who deleted is not recognised as the addressee".into())?;
            Ok(Passed::Held)
        }
        other => Err(format!("a deletion was read as {other:?}")),
    }
}

fn id_of_a_text<H: Harness>(harness: &H) -> Result<String, String> {
    let request = harness.text(MANY_SCRIPTS, &harness.client()).ok_or("claims to see corrections, but the harness gives no text")?;
    text_in(harness, &request)?.message_id.ok_or_else(|| "a text has no id, so nothing can say that it was corrected".into())
}

fn text_in<H: Harness>(harness: &H, request: &RawRequest) -> Result<TextMessage, String> {
    match only_event(harness, request)?.kind {
        InboundKind::Text(message) => Ok(message),
        other => Err(format!("a text was read as {other:?}")),
    }
}
