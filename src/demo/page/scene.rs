//! Current content of the page, read from the store: conversations with their ratings and stories, and alerts.

use super::Stage;
use lastword_base::names::{AlertId, ChatId, Place, SessionId, Source};
use lastword_domain::answer::reason::texts;
use lastword_domain::question::token;
use lastword_domain::session::SessionStatus;
use lastword_life::Millis;
use lastword_life::session::explain::{Sentence, explain};
use lastword_life::session::web_chat;
use lastword_store::answer::rating;
use lastword_store::question::rating_request;
use lastword_store::session::mail;
use lastword_store::{Db, StoreError, alert};
use serde::Serialize;
use serde_json::Value;

/// Maximum chats: a demo has few visitors.
const CHATS_MAX: i64 = 4;
/// Maximum messages per chat.
const MESSAGES_MAX: i64 = 100;
/// Maximum alerts, newest first.
const ALERTS_MAX: i64 = 40;

/// Current content of the page.
#[derive(Serialize)]
pub(super) struct Scene {
    /// Newest conversation first.
    chats: Vec<Chat>,
    /// Newest alert first.
    alerts: Vec<Alert>,
}

#[derive(Serialize)]
struct Chat {
    visitor: ChatId,
    /// True if the chat is open.
    open: bool,
    /// True if the visitor sees the question and has not answered it.
    asked: bool,
    session: Option<String>,
    messages: Vec<Message>,
    rating: Option<Rated>,
    story: Vec<Sentence>,
}

#[derive(Serialize)]
struct Message {
    seq: i64,
    at: Millis,
    from: String,
    text: String,
}

/// A rating as text.
#[derive(Serialize, PartialEq, Eq)]
pub(super) struct Rated {
    score: String,
    low: bool,
    comment: Option<String>,
    reasons: Vec<String>,
    resolved: Option<bool>,
}

#[derive(Serialize)]
struct Alert {
    key: String,
    at: Millis,
    text: String,
    /// Token of its button; `None` if it was acknowledged.
    token: Option<String>,
    seen: Option<String>,
    /// ID of its rating: the last part of the address of the rating's page.
    rating: Option<String>,
}

/// Reads the scene.
pub(super) async fn read(stage: &Stage) -> Result<Scene, StoreError> {
    let db = &stage.engine.db;
    let mut chats = Vec::new();
    for (visitor, _) in mail::conversations(db, &stage.connection, 0, CHATS_MAX).await? {
        chats.push(chat(stage, visitor).await?);
    }
    let Place { connection, chat: screen } = &stage.supervisor;
    let mail = mail::after(db, connection, screen, 0, ALERTS_MAX).await?;
    let mut alerts = alerts(&mail);
    for alert in &mut alerts {
        let Some(id) = alert.rating.take() else { continue };
        alert.rating = alert::by_id(db, AlertId::named(&id)).await?.map(|alert| alert.request_id.to_string());
    }
    Ok(Scene { chats, alerts })
}

async fn chat(stage: &Stage, visitor: ChatId) -> Result<Chat, StoreError> {
    let db = &stage.engine.db;
    let mail = mail::after(db, &stage.connection, &visitor, 0, MESSAGES_MAX).await?;
    let messages = mail.iter().filter_map(message).collect();
    let session = web_chat::current_session(&stage.engine, &stage.connection, &visitor).await?;
    let Some(session) = session else {
        return Ok(Chat { visitor, open: false, asked: false, session: None, messages, rating: None, story: Vec::new() });
    };
    let Known { asked, rating, story } = of_session(db, &session.source, &session.id).await?.unwrap_or_default();
    Ok(Chat { visitor, open: session.status == SessionStatus::Open, asked, session: Some(session.id.into()), messages, rating, story })
}

/// What the engine knows about a session.
#[derive(Default)]
pub(super) struct Known {
    /// True if the client has the question and has not answered it.
    pub(super) asked: bool,
    pub(super) rating: Option<Rated>,
    pub(super) story: Vec<Sentence>,
}

/// Reads what is known about the session `id` of `source`; `None` if it is unknown.
pub(super) async fn of_session(db: &Db, source: &Source, id: &SessionId) -> Result<Option<Known>, StoreError> {
    let Some(story) = explain(db, id).await?.into_iter().find(|story| story.source == *source) else { return Ok(None) };
    let request = rating_request::of_session(db, source, id).await?.pop();
    let asked = request.as_ref().is_some_and(|request| request.due_at.is_some() && request.outcome.is_none());
    let rating = match &request {
        Some(request) => rating::of_requests(db, &[request.id]).await?.into_values().next().map(rated),
        None => None,
    };
    Ok(Some(Known { asked, rating, story: story.history }))
}

fn rated(rating: rating::Rating) -> Rated {
    let scale = rating.scale;
    Rated {
        score: scale.show(u8::try_from(rating.score).unwrap_or(0)),
        low: rating.low == 1,
        comment: rating.comment,
        reasons: texts(&rating.reasons),
        resolved: rating.resolved.map(|resolved| resolved == 1),
    }
}

fn message(mail: &mail::Mail) -> Option<Message> {
    let frame: Value = serde_json::from_str(&mail.body).ok()?;
    let text = frame.get("text")?.as_str()?;
    let from = match frame.get("kind")?.as_str()? {
        "message" => frame.get("from")?.as_str()?.to_owned(),
        "question" => "question".to_owned(),
        _ => return None,
    };
    Some(Message { seq: mail.seq, at: mail.put_at, from, text: text.to_owned() })
}

fn alerts(mail: &[mail::Mail]) -> Vec<Alert> {
    let mut alerts: Vec<Alert> = Vec::new();
    for mail in mail {
        let Ok(frame) = serde_json::from_str::<Value>(&mail.body) else { continue };
        let word = |name: &str| frame.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
        let token = frame.pointer("/choices/0/token").and_then(Value::as_str).map(str::to_owned);
        if word("kind") == "alert" {
            // The ID of the alert, until the store returns its rating.
            let rating = token.as_deref().and_then(token::read).map(|claimed| String::from(claimed.subject));
            alerts.push(Alert { key: mail.key.clone(), at: mail.put_at, text: word("text"), token, seen: None, rating });
        } else if let Some(alert) = alerts.iter_mut().find(|alert| alert.key == word("replaces")) {
            // A replaced message: the last line is what the client added, or who acknowledged it.
            let text = word("text");
            match token {
                Some(token) => (alert.text, alert.token) = (text, Some(token)),
                None => {
                    let (body, seen) = text.rsplit_once('\n').unwrap_or(("", &text));
                    (alert.text, alert.token, alert.seen) = (body.to_owned(), None, Some(seen.to_owned()));
                }
            }
        }
    }
    alerts.reverse();
    alerts
}
