//! Previews of a line's messages on each channel, for clients or for recipients of alerts: composed by the same step as real ones,
//! and cut where the channel cuts. Nothing is stored, and nothing is sent.

use crate::engine::channels::Channels;
use crate::engine::{Engine, Options};
use crate::message::alert::AlertFacts;
use crate::message::compose::imagined;
use crate::message::settle::{SettleMessage, Settling};
use lastword_base::names::{ConnectionId, DeliveryId, RequestId};
use lastword_contract::{Capabilities, ChoiceKind, Outgoing};
use lastword_domain::answer::rating::Grade;
use lastword_domain::line::LineSettings;
use lastword_domain::line::texts::words;
use lastword_domain::outcome::Withdrawn;
use lastword_domain::question::delivery::{Kind, State};
use lastword_domain::session::Operator;
use lastword_store::Millis;
use lastword_store::answer::rating::Rating;
use lastword_store::line::Line;
use lastword_store::question::delivery::Delivery;
use lastword_store::question::rating_request::RatingRequest;
use std::sync::Arc;

/// Kinds of channels in the usual order; others follow.
const ORDER: [&str; 6] = ["telegram", "whatsapp", "messenger", "instagram", "webchat", "email"];
/// Maximum number of connections that are shown next to each other.
const SHOWN_MAX: usize = 16;
/// Base of links in a preview if there is no public URL yet.
const NOWHERE: &str = "https://rate.example.com/";
/// Values of the macros in a preview.
const SESSION: &str = "4711";
const OPERATOR: &str = "Olga";
const CLIENT: &str = "Anna Berg";

/// The message to preview.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Moment {
    /// The question.
    #[default]
    Question,
    /// The thank-you after a good score.
    ThanksGood,
    /// The thank-you after a score that is neither good nor low.
    ThanksNeutral,
    /// The thank-you after a low score, with the follow-up questions.
    ThanksLow,
    /// The reminder.
    Reminder,
    /// The question has expired.
    Expired,
    /// There is nothing to rate, because the conversation goes on.
    GoesOn,
    /// The alert about a low rating, for the line's recipients.
    Alert,
}

impl Moment {
    /// All moments.
    pub const ALL: [Moment; 8] = [
        Moment::Question,
        Moment::ThanksGood,
        Moment::ThanksNeutral,
        Moment::ThanksLow,
        Moment::Reminder,
        Moment::Expired,
        Moment::GoesOn,
        Moment::Alert,
    ];

    /// The text in forms.
    pub fn as_str(self) -> &'static str {
        match self {
            Moment::Question => "question",
            Moment::ThanksGood => "thanks_good",
            Moment::ThanksNeutral => "thanks_neutral",
            Moment::ThanksLow => "thanks_low",
            Moment::Reminder => "reminder",
            Moment::Expired => "expired",
            Moment::GoesOn => "goes_on",
            Moment::Alert => "alert",
        }
    }

    /// Parses [`Moment::as_str`].
    pub fn parse(word: &str) -> Option<Self> {
        Moment::ALL.into_iter().find(|moment| moment.as_str() == word)
    }
}

/// Preview of a choice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChoicePreview {
    /// Its label.
    pub label: String,
    /// The channel cuts its label.
    pub cut: bool,
    /// Its meaning.
    pub kind: ChoiceKind,
    /// The address it opens, if the channel shows links.
    pub link: Option<String>,
}

/// A message as one channel shows it.
#[derive(Clone, Debug)]
pub struct MessagePreview {
    /// The kind of channel.
    pub kind: &'static str,
    /// The connection; `None` if this organisation has none of the kind.
    pub connection: Option<ConnectionId>,
    /// The text.
    pub text: String,
    /// The channel cuts the text.
    pub cut: bool,
    /// The choices.
    pub choices: Vec<ChoicePreview>,
    /// Number of choices for which the channel has no room.
    pub left_out: usize,
    /// How to answer by typing, if the channel accepts that.
    pub hint: Option<String>,
    /// The invitation to comment.
    pub comment: Option<String>,
    /// The channel has a comment box.
    pub comment_box: bool,
    /// It replaces the question.
    pub edits: bool,
    /// The channel cannot ask on the line's scale, so that the client is not asked there.
    pub cannot_ask: bool,
}

/// The message at `moment` on each channel, for clients who read `language` (or for recipients of alerts), on a line with this name
/// and these settings.
pub fn preview(engine: &Engine, line: (&str, &LineSettings), language: &str, moment: Moment, now: Millis) -> Vec<MessagePreview> {
    let mut shown: Vec<MessagePreview> = Vec::new();
    let places = [(engine.channels.clone(), true), (engine.samples.clone(), false)];
    for (channels, configured) in places {
        // An alert links to the page of the rating only if there is a public URL: the preview has to show that.
        let made_up = || NOWHERE.parse().ok().filter(|_| moment != Moment::Alert);
        let base = engine.options.public_url.clone().or_else(made_up);
        let options = Arc::new(Options { public_url: base, ..(*engine.options).clone() });
        let there = Engine { channels: channels.clone(), options, ..engine.clone() };
        for (name, kind, can) in &readers_of(&channels, moment) {
            let (kind, can) = (*kind, can);
            let known = shown.iter().any(|other| other.kind == kind && other.connection.is_some());
            if shown.len() < SHOWN_MAX && (configured || !known) {
                shown.extend(one(&there, line, (name, kind, language), moment, now).map(|message| {
                    let connection = configured.then(|| name.to_owned());
                    let asks = moment == Moment::Alert || can.shows(crate::engine::channels::contract_scale(line.1.scale));
                    MessagePreview { cannot_ask: !asks, ..cut(kind, connection, can, message) }
                }));
            }
        }
    }
    // Existing connections come before possible ones.
    shown.sort_by_key(|shown| (shown.connection.is_none(), ORDER.iter().position(|kind| *kind == shown.kind).unwrap_or(ORDER.len())));
    shown
}

/// The connections that carry messages to clients, or alerts.
fn readers_of(channels: &Channels, moment: Moment) -> Vec<(ConnectionId, &'static str, Capabilities)> {
    let all = channels.iter().map(|(name, connection)| (name, connection.channel.kind(), connection.channel.capabilities()));
    let asks = |can: &Capabilities| can.binary || can.five_star || can.choices_max > 0;
    all.filter(|(.., can)| if moment == Moment::Alert { can.alerts } else { asks(can) }).collect()
}

/// Composes the message with the step for real messages, for an imaginary rating request.
fn one(
    engine: &Engine,
    (name, settings): (&str, &LineSettings),
    (connection, channel, language): (&ConnectionId, &str, &str),
    moment: Moment,
    now: Millis,
) -> Option<Outgoing> {
    let (scale, id) = (settings.scale, RequestId::default());
    let request = RatingRequest {
        id,
        line_id: "preview".into(),
        scale,
        connection: Some(connection.to_owned()),
        chat: Some("1".into()),
        language: Some(language.to_owned()),
        change_ms: i64::from(settings.change_minutes) * 60_000,
        session_id: SESSION.into(),
        channel: Some(channel.to_owned()),
        operator_id: Some(OPERATOR.into()),
        operators: vec![Operator { id: OPERATOR.into(), name: Some(OPERATOR.to_owned()), kind: None }],
        client_name: Some(CLIENT.to_owned()),
        reason: (moment == Moment::GoesOn).then(|| Withdrawn::Reopened.as_str().to_owned()),
        ..RatingRequest::default()
    };
    let own = words(settings, Some(language));
    let low = matches!(moment, Moment::ThanksLow | Moment::Alert);
    let neutral = scale.scores().find(|&score| Grade::of(scale, score, score <= scale.low_max_default()) == Grade::Neutral);
    let score = match moment {
        Moment::ThanksLow | Moment::Alert => scale.scores().next(),
        Moment::ThanksNeutral => neutral.or(scale.scores().next_back()),
        Moment::Question | Moment::ThanksGood | Moment::Reminder | Moment::Expired | Moment::GoesOn => scale.scores().next_back(),
    };
    let score = score.unwrap_or(0);
    let rating = Rating {
        request_id: id,
        scale,
        score: score.into(),
        low: i64::from(low),
        reasons: own.reasons[..own.reasons.len().min(usize::from(moment == Moment::Alert))].to_vec(),
        comment: Some("…".to_owned()).filter(|_| moment == Moment::Alert),
        rated_at: now,
        changed_at: now,
        ..Rating::default()
    };
    let (kind, says) = match moment {
        Moment::Question => (Kind::Ask, None),
        Moment::Reminder => (Kind::Reminder, None),
        Moment::ThanksGood | Moment::ThanksNeutral | Moment::ThanksLow => (Kind::Settle, Some(SettleMessage::Thanks)),
        Moment::Expired | Moment::GoesOn => (Kind::Settle, Some(SettleMessage::Expired)),
        Moment::Alert => (Kind::Alert, None),
    };
    let settling = says.map(|says| Settling { replaces: None, says });
    let line = Line {
        id: "preview".into(),
        name: name.to_owned(),
        settings: settings.clone(),
        version: 1,
        created_at: now,
        updated_at: now,
        archived_at: None,
        experiment: None,
    };
    let payload = settling.map_or_else(|| Ok("{}".to_owned()), |settling| serde_json::to_string(&settling)).ok()?;
    let rated = matches!(moment, Moment::ThanksGood | Moment::ThanksNeutral | Moment::ThanksLow);
    let delivery = delivery(kind, connection, payload, now);
    let alerts = AlertFacts::imagined(request.clone(), rating.clone(), line.clone(), delivery.id, language);
    imagined(engine, line, (request, Some(rating).filter(|_| rated)), alerts, &delivery, now)
}

fn delivery(kind: Kind, connection: &ConnectionId, payload: String, now: Millis) -> Delivery {
    Delivery {
        id: DeliveryId::default(),
        kind,
        connection: connection.to_owned(),
        address: "{\"chat\":\"1\"}".to_owned(),
        subject: Some(RequestId::default().into()),
        payload,
        state: State::Leased,
        reason: None,
        due_at: now,
        give_up_at: now,
        window_closes_at: None,
        token: 1,
        attempts: 0,
        resends: 0,
        resends_max: 0,
        intent_at: None,
        ended_at: None,
        message_id: None,
        detail: None,
        created_at: now,
        outside_window: 0,
        brought_from: None,
    }
}

/// Cuts the message to the limits of the channel. Where it names its rating request, which has the ID of nothing, it says `preview`.
fn cut(kind: &'static str, connection: Option<ConnectionId>, can: &Capabilities, message: Outgoing) -> MessagePreview {
    let message = Outgoing { text: message.text.replace(&RequestId::default().to_string(), "preview"), ..message };
    let text = can.text_max.map_or_else(|| message.text.clone(), |limit| limit.shorten(&message.text));
    let room = message.choices.len().min(can.choices_max);
    let choices = message.choices.iter().take(room).map(|choice| {
        let label = can.label_max.map_or_else(|| choice.label.clone(), |limit| limit.shorten(&choice.label));
        ChoicePreview { cut: label != choice.label, label, kind: choice.kind, link: choice.link.clone() }
    });
    MessagePreview {
        kind,
        connection,
        cut: text != message.text,
        left_out: message.choices.len() - room,
        choices: choices.collect(),
        hint: message.hint,
        comment: message.comment.map(|comment| comment.label).filter(|_| can.free_text || can.comment_box),
        comment_box: can.comment_box,
        edits: can.edits,
        cannot_ask: false,
        text,
    }
}
