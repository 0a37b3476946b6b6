//! A link is opened: what is behind its token, as it stands. Nothing is written here, whoever looks.

use super::edit_rating::edits;
use super::engine::Engine;
use crate::domain::review::edit::left;
use crate::domain::token::{self, Claimed, Purpose, TokenValue};
use crate::store::alert::{self, Alert};
use crate::store::line::{self, Line};
use crate::store::rating::{self, Rating};
use crate::store::rating_edit::{self, HELD, RatingEdit};
use crate::store::rating_request::{self, RatingRequest};
use crate::store::{Millis, StoreError, address_move, delivery, recipient};
use lastword_contract::Address;

/// What is behind a link.
#[derive(Clone, Debug)]
pub enum Behind {
    /// A rating request, for the client.
    Question(Box<Question>),
    /// An alert, for its recipient.
    Alert(Box<Told>),
}

impl Behind {
    /// The connection that carried the link.
    pub fn connection(&self) -> &str {
        match self {
            Behind::Question(question) => &question.connection,
            Behind::Alert(told) => &told.connection,
        }
    }
}

/// A rating request behind a link.
#[derive(Clone, Debug)]
pub struct Question {
    /// The connection that carried the link.
    pub connection: String,
    /// Whom it was sent to. Whoever opens a link is its addressee: the token is bound to them.
    pub to: Address,
    /// What the token stands for.
    pub value: TokenValue,
    /// The rating request.
    pub request: RatingRequest,
    /// What the client has answered.
    pub rating: Option<Rating>,
    /// The line.
    pub line: Line,
    /// What the client edited later.
    pub edits: Vec<RatingEdit>,
}

impl Question {
    /// Whether the client may give another score at `now`.
    pub fn may_change(&self, now: Millis) -> bool {
        let Some(rating) = &self.rating else { return false };
        let edits = edits(rating, &self.edits);
        now <= rating.first_at + self.request.change_ms || left(edits, now) > 0 || edits.held.is_some()
    }

    /// The edit that is held.
    pub fn held(&self) -> Option<&RatingEdit> {
        self.edits.iter().find(|edit| edit.state == HELD)
    }
}

/// An alert behind a link.
#[derive(Clone, Debug)]
pub struct Told {
    /// The connection that carried the link.
    pub connection: String,
    /// Whom it was sent to.
    pub to: Address,
    /// The platform's id of the message.
    pub message_id: Option<String>,
    /// The alert.
    pub alert: Alert,
    /// The language of its recipient.
    pub language: Option<String>,
}

/// Opens `token`. `None` for whatever is not ours, not this recipient's, or gone: nobody outside learns which.
///
/// # Errors
/// The database's error.
pub async fn open(engine: &Engine, token: &str) -> Result<Option<Behind>, StoreError> {
    let Some(claimed) = token::read(token) else { return Ok(None) };
    match claimed.purpose {
        Purpose::Rate => Ok(question(engine, &claimed).await?.map(Box::new).map(Behind::Question)),
        Purpose::Acknowledge => Ok(told(engine, &claimed).await?.map(Box::new).map(Behind::Alert)),
    }
}

async fn question(engine: &Engine, claimed: &Claimed) -> Result<Option<Question>, StoreError> {
    let Some(request) = rating_request::load(&engine.db, &[&claimed.subject]).await?.pop() else { return Ok(None) };
    // The token itself says to which of its places it was sent.
    let sent_to = |(connection, address): (&str, &str)| {
        let to: Address = serde_json::from_str(address).ok()?;
        engine.keys.vouch(claimed, &format!("{connection}:{}", to.chat)).then(|| (connection.to_owned(), to))
    };
    let place = match request.places().find_map(sent_to) {
        None => {
            let earlier = address_move::earlier_places(&engine.db, &request.id).await?;
            earlier.iter().find_map(|(connection, address)| sent_to((connection, address)))
        }
        here => here,
    };
    let Some((connection, to)) = place else { return Ok(None) };
    let Some(line) = line::find(&engine.db, &request.line_id).await? else { return Ok(None) };
    let rating = rating::of_requests(&engine.db, &[&request.id]).await?.remove(&request.id);
    let edits = if rating.is_some() { rating_edit::of_requests(&engine.db, &[&request.id]).await? } else { Vec::new() };
    Ok(Some(Question { connection, to, value: claimed.value, request, rating, line, edits }))
}

async fn told(engine: &Engine, claimed: &Claimed) -> Result<Option<Told>, StoreError> {
    let Some(alert) = alert::by_id(&engine.db, &claimed.subject).await? else { return Ok(None) };
    let Some(id) = alert.delivery_id.as_deref() else { return Ok(None) };
    let Some(message) = delivery::find(&engine.db, id).await? else { return Ok(None) };
    let Ok(to) = serde_json::from_str::<Address>(&message.address) else { return Ok(None) };
    if !engine.keys.vouch(claimed, &format!("{}:{}", message.connection, to.chat)) {
        return Ok(None);
    }
    let recipients = recipient::all(&engine.db).await?;
    let language = recipients.into_iter().find(|recipient| recipient.id == alert.recipient_id).and_then(|recipient| recipient.language);
    Ok(Some(Told { connection: message.connection, to, message_id: message.message_id, alert, language }))
}
