//! Content of the stand-in desk's page: conversations as its agent and its visitors see them, and what the engine knows about each.

use super::Desk;
use super::conversation::{Conversation, Message, Status, Writer};
use crate::page::Stage;
use crate::page::scene::{Rated, of_session};
use lastword_life::Millis;
use lastword_life::session::explain::Sentence;
use lastword_store::StoreError;
use serde::Serialize;
use serde_json::Value;

/// Maximum conversations: a demo has few visitors.
const CONVERSATIONS_MAX: usize = 4;

/// Current content of the desk.
#[derive(Serialize)]
pub(in crate::page) struct DeskScene {
    /// Address of the dashboard app.
    panel: Option<String>,
    /// Labels of the account.
    labels: Vec<Label>,
    /// Newest conversation first.
    conversations: Vec<ConversationView>,
}

#[derive(Serialize)]
struct Label {
    title: String,
    color: String,
}

#[derive(Serialize)]
struct ConversationView {
    id: u64,
    visitor: String,
    contact: String,
    open: bool,
    labels: Vec<String>,
    attributes: Vec<(String, String)>,
    messages: Vec<MessageView>,
    /// Data that Chatwoot sends to the panel.
    context: Value,
    /// True if the question was sent and has no answer yet.
    asked: bool,
    /// ID of its session in the engine, once known.
    session: Option<String>,
    rating: Option<Rated>,
    story: Vec<Sentence>,
}

#[derive(Serialize)]
struct MessageView {
    id: u64,
    at: Millis,
    /// `contact`, `user` or `activity`.
    from: &'static str,
    /// Name of a user.
    name: Option<String>,
    text: String,
    private: bool,
    reply_to: Option<u64>,
    items: Vec<String>,
    tapped: Option<usize>,
}

/// Reads the content of the desk.
pub(in crate::page) async fn read(stage: &Stage, desk: &Desk) -> Result<DeskScene, StoreError> {
    let mut scene = desk.with(|account| {
        let word = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let label = |label: &Value| Label { title: word(&label["title"]), color: word(&label["color"]) };
        let agent = account.agent();
        DeskScene {
            panel: account.apps.iter().find_map(|app| app["content"][0]["url"].as_str()).map(str::to_owned),
            labels: account.labels.iter().map(label).collect(),
            conversations: account.newest().take(CONVERSATIONS_MAX).map(|one| shown(one, &agent)).collect(),
        }
    });
    for shown in &mut scene.conversations {
        let Some(known) = of_session(&stage.engine.db, &desk.connection.as_str().into(), &shown.id.to_string().into()).await? else {
            continue;
        };
        (shown.asked, shown.rating, shown.story) = (known.asked, known.rating, known.story);
        shown.session = Some(shown.id.to_string());
    }
    Ok(scene)
}

fn shown(conversation: &Conversation, agent: &Value) -> ConversationView {
    let attribute = |(key, value): (&String, &Value)| (key.clone(), value.as_str().map_or_else(|| value.to_string(), str::to_owned));
    ConversationView {
        id: conversation.id,
        visitor: conversation.visitor.clone(),
        contact: conversation.contact_name(),
        open: conversation.status == Status::Open,
        labels: conversation.labels.clone(),
        attributes: conversation.attributes.iter().map(attribute).collect(),
        messages: conversation.messages.iter().map(said).collect(),
        context: conversation.shown(agent),
        asked: false,
        session: None,
        rating: None,
        story: Vec::new(),
    }
}

fn said(message: &Message) -> MessageView {
    let (from, name) = match &message.writer {
        Writer::Contact => ("contact", None),
        Writer::User { name, .. } => ("user", Some(name.clone())),
        Writer::Activity => ("activity", None),
    };
    MessageView {
        id: message.id,
        at: message.at,
        from,
        name,
        text: message.text.clone(),
        private: message.private,
        reply_to: message.reply_to,
        items: message.items.iter().map(|item| item.title.clone()).collect(),
        tapped: message.tapped,
    }
}
