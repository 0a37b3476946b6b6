//! Converts a submitted form of a link's page into events as from any channel, for [`super::accept`]. Submitting the same page
//! twice yields the same events.

use super::batch::{BARE, ONE_CLICK};
use super::open_link::{LinkedAlert, Question};
use crate::answer::batch::EVENT_KEY_PREFIX;
use crate::engine::Engine;
use crate::facts::inbound::Arrived;
use lastword_base::names::ConnectionId;
use lastword_contract::{Address, Inbound, InboundKind};
use lastword_domain::answer::opt_out::Wish;
use lastword_domain::answer::scanner::SentForm;
use lastword_domain::fingerprint::fingerprint;
use lastword_domain::question::token::{Purpose, Shown, TokenValue};
use lastword_store::answer::page_fetch;
use lastword_store::{Millis, StoreError, transaction};

/// One field of a form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FormInput {
    /// A score.
    Score(u8),
    /// The reason with this index in the line's list.
    Reason(u8),
    /// True if the issue was resolved.
    Resolved(bool),
    /// A comment.
    Comment(String),
    /// The client opts out, or in again.
    Wish(Wish),
}

/// Page from which a form was sent.
#[derive(Clone, Debug)]
pub struct SentPage {
    /// ID of the page.
    pub id: String,
    /// Evidence about the sender; `None` for the one click of a mail program.
    pub form: Option<SentForm>,
}

/// Records that the style sheet or the picture of a page was fetched.
#[lastword_base::boxed]
pub async fn fetched(engine: &Engine, page: &str, now: Millis) -> Result<(), StoreError> {
    if page_fetch::is_kept(&engine.db, page).await? {
        return Ok(());
    }
    transaction!(engine.db, [page], async |tx| { page_fetch::keep(tx, &page, now).await }).await
}

/// Page with this nonce, from which a form was sent now. `ticked` is the box for readers whose browser shows no style sheets.
#[lastword_base::boxed]
pub async fn sent<'a>(engine: &'a Engine, shown: Shown<'a>, ticked: bool, now: Millis) -> Result<SentPage, StoreError> {
    let opened = ticked || page_fetch::is_kept(&engine.db, shown.id).await?;
    Ok(SentPage { id: shown.id.to_owned(), form: Some(SentForm { shown_at: shown.at, sent_at: now, opened }) })
}

/// Events of a form that was sent from this page.
pub fn answers(engine: &Engine, question: &Question, said: &[FormInput], page: &SentPage, now: Millis) -> Vec<Arrived> {
    let Question { connection, to, request, .. } = question;
    let mint = |value| engine.keys.mint(Purpose::Rate, request.id, &format!("{connection}:{}", to.chat), value);
    let press = |value| InboundKind::Press { token: mint(value), by: to.clone(), message_id: None, press_id: None };
    let one = |said: &FormInput| {
        let (name, what) = match said {
            FormInput::Score(score) => (format!("score{score}"), press(TokenValue::Score(*score))),
            FormInput::Reason(place) => (format!("reason{place}"), press(TokenValue::Reason(*place))),
            FormInput::Resolved(yes) => (format!("resolved{}", u8::from(*yes)), press(TokenValue::Resolved(*yes))),
            FormInput::Wish(Wish::Stop) => ("stop".to_owned(), press(TokenValue::Stop)),
            FormInput::Wish(Wish::Start) => ("start".to_owned(), press(TokenValue::Start)),
            FormInput::Comment(text) => {
                let what = InboundKind::Comment { token: mint(TokenValue::Comment), by: to.clone(), text: text.clone() };
                (format!("comment{}", fingerprint(text.as_bytes())), what)
            }
        };
        arrived(connection, page, &name, what, now)
    };
    said.iter().map(one).collect()
}

/// The event of a one-click "unsubscribe" in a mail program (RFC 8058). `id` is unique.
pub fn unsubscribed(engine: &Engine, question: &Question, id: &str, now: Millis) -> Vec<Arrived> {
    let page = SentPage { id: format!("{ONE_CLICK}{id}"), form: None };
    answers(engine, question, &[FormInput::Wish(Wish::Stop)], &page, now)
}

/// The event of a recipient who acknowledges an alert.
pub fn seen(engine: &Engine, told: &LinkedAlert, page: &SentPage, now: Millis) -> Arrived {
    let LinkedAlert { connection, to, message_id, alert, .. } = told;
    let token = engine.keys.mint(Purpose::Acknowledge, alert.id, &format!("{connection}:{}", to.chat), TokenValue::Seen);
    let by = Address::clone(to);
    arrived(connection, page, "seen", InboundKind::Press { token, by, message_id: message_id.clone(), press_id: None }, now)
}

fn arrived(connection: &ConnectionId, page: &SentPage, name: &str, what: InboundKind, now: Millis) -> Arrived {
    // A form that is sent again with the box ticked is a new event.
    let bare = if page.form.is_some_and(|form| !form.opened) { BARE } else { "" };
    let key = format!("{EVENT_KEY_PREFIX}{}:{name}{bare}", page.id);
    Arrived {
        connection: connection.to_owned(),
        inbound: Inbound { key, order: now, at: None, kind: what },
        body_hash: fingerprint(name.as_bytes()),
        came: None,
        form: page.form,
    }
}
