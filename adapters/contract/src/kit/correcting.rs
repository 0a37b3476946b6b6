//! What a client does to messages that are there: replies to something else, reactions, edits, deletions.

use super::cases::{MANY_SCRIPTS, ensure};
use super::receiving::only_event;
use super::{CaseResult, Harness, Passed};
use crate::{Context, InboundKind, RawRequest, TextMessage};

/// The id of a message that is not ours.
const FOREIGN: &str = "4711";

/// A text says which message it replies to, also where that message is not ours: the engine knows which are.
pub async fn tells_what_a_text_replies_to<H: Harness>(harness: &H) -> CaseResult {
    let Some(request) = harness.reply(MANY_SCRIPTS, FOREIGN, &harness.client()) else {
        return Ok(Passed::NotClaimed("the platform has no replies"));
    };
    let TextMessage { text, context, .. } = text_in(harness, &request)?;
    ensure(text == MANY_SCRIPTS, || "the text was changed on its way in".into())?;
    ensure(context == Context::ReplyTo(FOREIGN.into()), || format!("a reply to message {FOREIGN} belongs to {context:?}"))?;
    Ok(Passed::Held)
}

/// A text that is not the client's own word, or answers something that is no message of this chat, says so.
pub async fn tells_texts_that_belong_elsewhere<H: Harness>(harness: &H) -> CaseResult {
    let Some(request) = harness.forwarded(MANY_SCRIPTS, &harness.client()) else {
        return Ok(Passed::NotClaimed("the platform has no such texts, or does not mark them"));
    };
    match text_in(harness, &request)?.context {
        Context::Elsewhere(word) if !word.is_empty() => Ok(Passed::Held),
        context => Err(format!("a forwarded text belongs to {context:?} and not elsewhere")),
    }
}

/// A reaction arrives with its emoji and the message that carries it.
pub async fn reads_reactions<H: Harness>(harness: &H) -> CaseResult {
    reaction(harness, Some("👎")).await
}

/// A reaction that was taken back arrives without an emoji.
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

/// A text arrives with its id, and an edit of it with the same id and the new text.
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

/// A deletion arrives with the id of the message that is gone.
pub async fn reads_deletions<H: Harness>(harness: &H) -> CaseResult {
    if !harness.channel().capabilities().deletions_seen {
        return Ok(Passed::NotClaimed("deletions by clients are not claimed"));
    }
    let id = id_of_a_text(harness)?;
    let request = harness.deleted(&id, &harness.client()).ok_or("claims deletions_seen, but the harness gives no deletion")?;
    match only_event(harness, &request)?.kind {
        InboundKind::Deleted { by, message_id } => {
            ensure(message_id == id, || "the deleted message has another id than when it was new".into())?;
            ensure(harness.client().admits(&by), || "who deleted is not recognised as the addressee".into())?;
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
