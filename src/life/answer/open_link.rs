//! Opens a link: loads the current state of what its token refers to. Opening never writes.

use crate::engine::Engine;
use crate::facts::opted_out::unwanted;
use crate::message::edits::edits;
use lastword_base::names::{ConnectionId, LineId};
use lastword_contract::Address;
use lastword_domain::answer::opt_out::place_name;
use lastword_domain::question::token::{self, Claimed, Purpose, TokenValue};
use lastword_domain::review::edit::{EditState, left, used_up};
use lastword_store::alert::{self, Alert, recipient};
use lastword_store::answer::own_ratings::{self, Partner};
use lastword_store::answer::rating::{self, Rating};
use lastword_store::answer::rating_edit::{self, RatingEdit};
use lastword_store::line::{self, Line};
use lastword_store::question::delivery;
use lastword_store::question::rating_request::{self, RatingRequest};
use lastword_store::session::address_move;
use lastword_store::{Millis, StoreError, document_in, document_or_said};

/// Maximum number of a client's other ratings that are shown.
const SHOWN: i64 = 20;

/// Target of a link.
#[derive(Clone, Debug)]
pub enum Behind {
    /// A rating request, for the client.
    Question(Box<Question>),
    /// An alert, for its recipient.
    Alert(Box<LinkedAlert>),
}

impl Behind {
    /// The connection that carried the link.
    pub fn connection(&self) -> &ConnectionId {
        match self {
            Behind::Question(question) => &question.connection,
            Behind::Alert(told) => &told.connection,
        }
    }

    /// The question, if the link is for opting out.
    pub fn unsubscribes(&self) -> Option<&Question> {
        match self {
            Behind::Question(question) if question.value == TokenValue::Stop => Some(question),
            Behind::Question(_) | Behind::Alert(_) => None,
        }
    }
}

/// A rating request behind a link.
#[derive(Clone, Debug)]
pub struct Question {
    /// The connection that carried the link.
    pub connection: ConnectionId,
    /// The recipient. Opening the link identifies them, because the token is bound to them.
    pub to: Address,
    /// The value of the token.
    pub value: TokenValue,
    /// The rating request.
    pub request: RatingRequest,
    /// The client's rating.
    pub rating: Option<Rating>,
    /// The line.
    pub line: Line,
    /// The client's later edits.
    pub edits: Vec<RatingEdit>,
    /// True if the client opted out.
    pub opted_out: bool,
}

/// Another rating of the same client, for the same operator or line.
#[derive(Clone, Debug)]
pub struct OwnRating {
    /// Token of its page; `None` if nothing can be changed any more.
    pub token: Option<String>,
    /// The rating.
    pub rating: Rating,
    /// The line's name.
    pub line: String,
}

/// True if a client may give another score at `now`.
fn may_change(request: &RatingRequest, rating: &Rating, made: &[RatingEdit], now: Millis) -> bool {
    let edits = edits(rating, made);
    now <= rating.rated_at + request.change_ms || left(edits, now) > 0 || edits.held.is_some()
}

impl Question {
    /// True if the client may give another score at `now`.
    pub fn may_change(&self, now: Millis) -> bool {
        self.rating.as_ref().is_some_and(|rating| may_change(&self.request, rating, &self.edits, now))
    }

    /// True if the client has used all edits of the score.
    pub fn edits_used_up(&self, now: Millis) -> bool {
        self.rating.as_ref().is_some_and(|rating| used_up(edits(rating, &self.edits), now))
    }

    /// The edit that is held.
    pub fn held(&self) -> Option<&RatingEdit> {
        self.edits.iter().find(|edit| edit.state == EditState::Held)
    }
}

/// An alert behind a link.
#[derive(Clone, Debug)]
pub struct LinkedAlert {
    /// The connection that carried the link.
    pub connection: ConnectionId,
    /// The recipient.
    pub to: Address,
    /// The platform's ID of the message.
    pub message_id: Option<String>,
    /// The alert.
    pub alert: Alert,
    /// The language of its recipient.
    pub language: Option<String>,
}

/// Opens `token`. `None` if it is not ours, not for this recipient, or refers to something deleted; the caller cannot distinguish
/// these cases.
#[lastword_base::boxed]
pub async fn open(engine: &Engine, token: &str) -> Result<Option<Behind>, StoreError> {
    let Some(claimed) = token::read(token) else { return Ok(None) };
    match claimed.purpose {
        Purpose::Rate => Ok(question(engine, &claimed).await?.map(Box::new).map(Behind::Question)),
        Purpose::Acknowledge => Ok(told(engine, &claimed).await?.map(Box::new).map(Behind::Alert)),
    }
}

async fn question(engine: &Engine, claimed: &Claimed) -> Result<Option<Question>, StoreError> {
    let Some(id) = claimed.subject.as_id() else { return Ok(None) };
    let Some(request) = rating_request::load(&engine.db, &[id]).await?.pop() else { return Ok(None) };
    // The token itself proves to which of its places it was sent.
    let sent_to = |(connection, address): (&ConnectionId, &str)| {
        let to: Address = document_or_said("rating_request", "address", request.id, address)?;
        engine.keys.vouch(claimed, &format!("{connection}:{}", to.chat)).then(|| (connection.to_owned(), to))
    };
    let place = match request.places().find_map(|(connection, address)| sent_to((connection, &address))) {
        None => {
            let earlier = address_move::earlier_places(&engine.db, &request.id.into()).await?;
            earlier.iter().find_map(|(connection, address)| sent_to((connection, address)))
        }
        here => here,
    };
    let Some((connection, to)) = place else { return Ok(None) };
    let Some(line) = line::find(&engine.db, &request.line_id).await? else { return Ok(None) };
    let rating = rating::of_requests(&engine.db, &[request.id]).await?.remove(&request.id);
    let edits = if rating.is_some() { rating_edit::of_requests(&engine.db, &[request.id]).await? } else { Vec::new() };
    let opted_out = !unwanted(engine, std::iter::once(&request)).await?.is_empty();
    Ok(Some(Question { connection, to, value: claimed.value, request, rating, line, edits, opted_out }))
}

async fn told(engine: &Engine, claimed: &Claimed) -> Result<Option<LinkedAlert>, StoreError> {
    let Some(id) = claimed.subject.as_id() else { return Ok(None) };
    let Some(alert) = alert::by_id(&engine.db, id).await? else { return Ok(None) };
    let Some(id) = alert.delivery_id else { return Ok(None) };
    let Some(message) = delivery::find(&engine.db, id).await? else { return Ok(None) };
    let to: Address = document_in("delivery", "address", message.id, &message.address)?;
    if !engine.keys.vouch(claimed, &format!("{}:{}", message.connection, to.chat)) {
        return Ok(None);
    }
    let recipients = recipient::all(&engine.db).await?;
    let language = recipients.into_iter().find(|recipient| recipient.id == alert.recipient_id).and_then(|recipient| recipient.language);
    Ok(Some(LinkedAlert { connection: message.connection, to, message_id: message.message_id, alert, language }))
}

/// The client's other ratings of the same operator or line, the newest first. Those that can still be changed have a token for
/// their page, bound to the client like that of a message.
#[lastword_base::boxed]
pub async fn own_ratings(engine: &Engine, question: &Question, now: Millis) -> Result<Vec<OwnRating>, StoreError> {
    let request = &question.request;
    let Some(client) = request.client_id.as_ref() else { return Ok(Vec::new()) };
    let partner = Partner { client, operator: request.operator_id.as_ref(), line: &request.line_id };
    let ids = own_ratings::of_partner(&engine.db, partner, request.id, SHOWN).await?;
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let requests = rating_request::load(&engine.db, &ids).await?;
    let mut ratings = rating::of_requests(&engine.db, &ids).await?;
    let edits = rating_edit::of_requests(&engine.db, &ids).await?;
    let lines: Vec<&LineId> = requests.iter().map(|request| &request.line_id).collect();
    let lines = engine.lines.present(&engine.db, &lines).await?;
    let mut own = Vec::with_capacity(ids.len());
    for request in ids.iter().filter_map(|id| requests.iter().find(|request| request.id == *id)) {
        let Some(rating) = ratings.remove(&request.id) else { continue };
        let token = request.asked_at().filter(|_| may_change(request, &rating, &edits, now)).and_then(|(connection, address)| {
            let to: Address = document_or_said("rating_request", "address", request.id, &address)?;
            Some(engine.keys.mint(Purpose::Rate, request.id, &place_name(connection, &(&to.chat).into()), TokenValue::Again))
        });
        let line = lines.get(&request.line_id).map_or_else(|| request.line_id.to_string(), |line| line.name.clone());
        own.push(OwnRating { token, rating, line });
    }
    Ok(own)
}
