//! The client's own vote, in channels that our application provides. There Bitrix24 asks by itself, in a message to our
//! connector that clients never see. Lastword asks instead, and writes the answer as the client's `1` or `0` while Bitrix24
//! waits for it, so Bitrix24's own statistics include the rating. A later vote would reopen the conversation and is not written.

use crate::api::Api;
use crate::form::id;
use crate::history::{Author, History, Message};
use lastword_contract::{Millis, Scale, SendError, Verdict, WriteBack};
use serde_json::{Value, json};

/// Prefix of the name of a conversation in which Bitrix24 reported its question; marks the close as ours.
const ASKED: &str = "asked:";
/// Placeholder for the chat in the client ID pattern.
const CHAT: &str = "{chat}";
/// Minimum stars that count as Bitrix24's 👍.
const STARS_GOOD: u8 = 4;
/// Maximum difference between the portal's clock and ours.
const CLOCKS_DIFFER: Millis = 60_000;

/// Combines the conversation and the message by which Bitrix24 asks in it.
pub(crate) fn name(session: &str, message: &str) -> String {
    format!("{ASKED}{session}:{message}")
}

/// Splits such a name into the conversation and the message.
pub(crate) fn asked_in(name: &str) -> Option<(&str, &str)> {
    name.strip_prefix(ASKED)?.split_once(':')
}

/// The conversation that a message to our connector asks about.
pub(crate) fn asks_about(message: &Value) -> Option<String> {
    id(&message["params"]["IMOL_VOTE_SID"])
}

/// One change of a conversation in which Bitrix24 asks.
#[derive(Debug, PartialEq)]
pub(crate) struct Stage {
    /// Stable across reads.
    pub(crate) key: String,
    pub(crate) at: Millis,
    /// True if it was closed; false if it continued after a close.
    pub(crate) closed: bool,
}

/// Closes of a conversation and their reopenings, oldest first. The operator closes it when Bitrix24 asks; the final
/// message minutes later is not a close of its own.
pub(crate) fn stages(history: &History, asked_by: Option<u64>) -> Vec<Stage> {
    let session = &history.session;
    let questions: Vec<&Message> =
        history.messages.iter().filter(|message| message.asks || asked_by.is_some_and(|id| id == message.id)).collect();
    let mut stages = Vec::new();
    for (number, question) in questions.iter().enumerate() {
        let key = if number == 0 { format!("closed:{session}") } else { format!("closed:{session}:{}", question.id) };
        stages.push(Stage { key, at: question.at, closed: true });
        let next = questions.get(number + 1);
        let taken_back = match next {
            // Bitrix24 does not ask twice while it waits.
            Some(_) => true,
            // Bitrix24 keeps waiting after a vote, but not after any other message of the client.
            None => wrote_after(history, question).is_some() && !history.is_rated() && !(history.is_open() && history.waits),
        };
        if taken_back {
            let wrote = wrote_after(history, question).filter(|wrote| next.is_none_or(|next| wrote.at <= next.at));
            let at = wrote.map_or_else(|| next.map_or(question.at, |next| next.at), |wrote| wrote.at);
            stages.push(Stage { key: format!("reopened:{session}:{}", question.id), at, closed: false });
        }
    }
    // It continued after the last question and ended without another one.
    if stages.last().is_some_and(|last| !last.closed) && !history.is_open() {
        stages.extend(history.ended().map(|at| Stage { key: format!("closed:{session}:end"), at, closed: true }));
    }
    stages
}

/// The client's first message after `question`.
fn wrote_after<'h>(history: &'h History, question: &Message) -> Option<&'h Message> {
    let after = |message: &&Message| (message.at, message.id) > (question.at, question.id) && message.by == Author::Client;
    history.messages.iter().find(after)
}

/// State of the client's vote.
#[derive(Debug, PartialEq)]
enum Vote {
    /// Bitrix24 waits for it.
    Awaited,
    /// The vote is recorded: ours, or one that the client typed.
    There,
    /// Bitrix24 did not ask, or no longer waits.
    Over,
}

fn vote_of(history: &History, question: &Message, rated_at: Millis) -> Vote {
    // Any other message ends the waiting.
    let wrote = wrote_after(history, question).is_some();
    match (history.is_open() && history.waits, history.is_rated()) {
        (_, true) => Vote::There,
        (true, false) if wrote => Vote::There,
        (true, false) if question.votes_until.is_some_and(|until| rated_at >= until) => Vote::Over,
        // A rating from before this question belongs to another close.
        (true, false) if rated_at + CLOCKS_DIFFER < question.at => Vote::Over,
        (true, false) => Vote::Awaited,
        (false, false) => Vote::Over,
    }
}

/// Writes a rating as the client's vote if Bitrix24 waits for one, then reports its question as delivered.
///
/// # Errors
/// Errors of the API; a retry writes no second vote.
pub(crate) async fn write(api: &Api, history: &History, rating: &WriteBack, form: &str) -> Result<(), SendError> {
    let Some(question) = history.messages.iter().rev().find(|message| message.asks) else { return Ok(()) };
    let (Some(line), Some(outside)) = (&history.line, &history.outside) else { return Ok(()) };
    let own = format!("lastword-{}", rating.rating_request);
    let date = rating.rated_at / 1_000;
    match vote_of(history, question, rating.rated_at) {
        Vote::Over => return Ok(()),
        Vote::There => {}
        Vote::Awaited => {
            if api.tokens.misfit().await?.as_deref() == Some(form) {
                return Err(misfit(&history.connector));
            }
            let message = json!({
                "user": { "id": form.replace(CHAT, outside) },
                "message": { "id": own, "date": date, "text": text(rating.scale, rating.score), "disable_crm": "Y" },
                "chat": { "id": outside },
            });
            let sent = json!({ "CONNECTOR": history.connector, "LINE": line, "MESSAGES": [message] });
            let taken = api.write("imconnector.send.messages", sent).await?;
            let landed = landed(&taken)?;
            if landed != history.session {
                // Stop writing votes until an admin has checked the setting.
                api.tokens.note_misfit(form).await?;
                return Err(misfit(&history.connector));
            }
        }
    }
    let delivered = json!({ "im": { "chat_id": history.chat, "message_id": question.id }, "message": { "id": [own], "date": date },
        "chat": { "id": outside } });
    // Repeating this call has no further effect.
    api.read("imconnector.send.status.delivery", json!({ "CONNECTOR": history.connector, "LINE": line, "MESSAGES": [delivered] }))
        .await
        .map(drop)
}

/// The conversation that received a message.
fn landed(taken: &Value) -> Result<String, SendError> {
    let one = &taken["DATA"]["RESULT"][0];
    if taken["SUCCESS"] == false || one["SUCCESS"] == false {
        return Err(SendError::new(
            Verdict::Refused,
            "vote_refused",
            "Bitrix24 did not take the client's vote: is the connector active on the line?",
        ));
    }
    id(&one["session"]["ID"]).ok_or_else(|| SendError::new(Verdict::CannotKnow, "garbled", "the answer names no conversation"))
}

fn misfit(connector: &str) -> SendError {
    let detail = format!(
        "the vote reached another conversation: vote_as_client does not say how the ids of the clients of {connector} are formed, and no more votes are written until it is changed"
    );
    SendError::new(Verdict::Refused, "another_client", detail)
}

/// A rating as the text that Bitrix24 parses.
fn text(scale: Scale, score: u8) -> &'static str {
    let good = match scale {
        Scale::Binary => score == 1,
        Scale::FiveStar => score >= STARS_GOOD,
    };
    if good { "1" } else { "0" }
}
