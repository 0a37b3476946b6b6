//! The history of a session for people: events, decisions with their reasons, messages and their results. Each sentence exists in
//! English, for the command line and the API, and as a key with arguments, for the pages in each language.

use lastword_base::names::{DeliveryId, LineId, OperatorId, RequestId, SessionId, Source};
use lastword_domain::answer::scanner::Signal;
use lastword_domain::answer::{AnswerKind, Disposition};
use lastword_domain::connection::pause::clock;
use lastword_domain::outcome::NotAsked;
use lastword_domain::question::delivery::State;
use lastword_domain::question::plan::Way;
use lastword_domain::session::{ClosedBy, SessionEventKind, Wish};
use lastword_store::answer::{self, rating, signal};
use lastword_store::connection::{self, ConnectionState};
use lastword_store::question::delivery;
use lastword_store::question::rating_request::{self, RatingRequest};
use lastword_store::records::retention;
use lastword_store::session::{self, Session};
use lastword_store::{Db, Millis, StoreError, alert};
use serde::Serialize;

/// One sentence of a history.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct Sentence {
    /// Its time, in milliseconds since 1970 UTC.
    pub at: Millis,
    /// The event.
    pub text: String,
    /// Key of the text.
    #[serde(skip)]
    pub key: &'static str,
    /// Arguments of the text, with values as in tables.
    #[serde(skip)]
    pub arguments: Vec<(&'static str, String)>,
}

/// The history of one session.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct Story {
    /// The reporting program.
    #[schema(value_type = String)]
    pub source: Source,
    /// The desk's ID.
    #[schema(value_type = String)]
    pub session: SessionId,
    /// Its line.
    #[schema(value_type = String)]
    pub line: LineId,
    /// `open`, `closed` or `merged`.
    pub status: String,
    /// The events, oldest first.
    pub history: Vec<Sentence>,
}

/// The histories of all sessions with this ID, from any source.
#[lastword_base::boxed]
pub async fn explain(db: &Db, id: &SessionId) -> Result<Vec<Story>, StoreError> {
    let mut stories = Vec::new();
    for session in session::find(db, id).await? {
        let requests = rating_request::of_session(db, &session.source, &session.id).await?;
        stories.push(tell(db, session, &requests).await?);
    }
    Ok(stories)
}

/// The sentences so far.
#[derive(Default)]
struct Teller(Vec<Sentence>);

impl Teller {
    fn say(&mut self, at: Millis, text: String, key: &'static str, arguments: &[(&'static str, &str)]) {
        let arguments = arguments.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
        self.0.push(Sentence { at, text, key, arguments });
    }
}

/// The history of a session, limited to these closes.
#[lastword_base::boxed]
pub async fn tell(db: &Db, session: Session, requests: &[RatingRequest]) -> Result<Story, StoreError> {
    let mut told = Teller::default();
    if let Some(opened_at) = session.opened_at {
        let what = format!("Session {} began on line {}.", session.id, session.line_id);
        told.say(opened_at, what, "told-began", &[("line", session.line_id.as_str())]);
    }
    for event in session::events(db, &session.source, &session.id).await?.into_iter().filter(|event| event.kind != SessionEventKind::Opened)
    {
        happened(&event, &mut told);
    }
    requests.iter().for_each(|request| closed(request, &mut told));
    let ids: Vec<RequestId> = requests.iter().map(|request| request.id).collect();
    let deliveries = delivery::about(db, &ids).await?;
    deliveries.iter().for_each(|delivery| sent(delivery, &mut told));
    waits(db, &deliveries, &mut told).await?;
    let delivery_ids: Vec<DeliveryId> = deliveries.iter().map(|delivery| delivery.id).collect();
    for attempt in delivery::attempts(db, &delivery_ids).await? {
        let kind =
            deliveries.iter().find(|delivery| delivery.id == attempt.delivery_id).map_or("message", |delivery| delivery.kind.as_str());
        let detail = attempt.detail.as_deref().unwrap_or("no details");
        let what = format!("Attempt to send the {kind}: {} ({detail}).", attempt.verdict);
        told.say(attempt.ended_at, what, "told-try", &[("kind", kind), ("verdict", &attempt.verdict), ("detail", detail)]);
    }
    for at in requests.iter().filter_map(|request| request.typing_ended_at) {
        let what = "The client wrote something else. From now on only the buttons count; typed text goes to the desk.";
        told.say(at, what.to_owned(), "told-typing-ended", &[]);
    }
    for at in requests.iter().filter_map(|request| request.held_at) {
        let what = "Answers through the links may be automated. They are on hold, and none counts until the client taps once more.";
        told.say(at, what.to_owned(), "told-held", &[]);
    }
    for (_, at) in retention::erased(db, &ids).await? {
        let what = "Personal data removed: who the client was, their address and what they wrote.";
        told.say(at, what.to_owned(), "told-data-removed", &[]);
    }
    for event in answer::about(db, &ids).await? {
        answered(&event, requests, &mut told);
    }
    for signal in signal::about(db, &ids).await? {
        let (why, key) = match signal.kind {
            Signal::TooSoon => ("it came before anyone could have read the message", "told-signal-too-soon"),
            Signal::EveryScore => ("every score was sent within seconds", "told-signal-every-score"),
            Signal::Unopened => ("its page was not opened in a browser", "told-signal-unopened"),
            Signal::Outweighed => ("it contradicts an answer with more evidence of a person", "told-signal-outweighed"),
        };
        told.say(signal.noticed_at, format!("The answer through the link may be automated: {why} ({}).", signal.kind.as_str()), key, &[]);
    }
    for alert in alert::of_requests(db, &ids).await? {
        alerted(&alert, &mut told);
    }
    for rating in rating::of_requests(db, &ids).await?.into_values() {
        rated(&rating, &mut told);
    }
    for request in requests {
        if let (Some(outcome), Some(at)) = (&request.outcome, request.decided_at) {
            let why = request.reason.as_ref().map(|reason| format!(": {reason}")).unwrap_or_default();
            let (close, reason) = (request.epoch.to_string(), request.reason.as_deref().unwrap_or_default());
            let (what, key) =
                if request.again_of.is_some() { ("The second question about close", "told-ended-again") } else { ("Close", "told-ended") };
            let what = format!("{what} {close} ended as {outcome}{why}.");
            told.say(at, what, key, &[("close", &close), ("outcome", outcome.as_str()), ("why", reason)]);
        }
    }
    told.0.sort_by_key(|sentence| sentence.at);
    Ok(Story { source: session.source, session: session.id, line: session.line_id, status: session.status.to_string(), history: told.0 })
}

fn happened(event: &session::PastEvent, told: &mut Teller) {
    let detail = event.detail.as_str();
    let (what, key, argument) = match event.kind {
        SessionEventKind::Moved => (
            format!("The client has a new address on {detail}: the open question and pending messages follow it."),
            "told-moved",
            "connection",
        ),
        SessionEventKind::OptedOut => (format!("The client opted out ({detail})."), "told-opted-out", "way"),
        SessionEventKind::OptedIn => (format!("The client opted back in ({detail})."), "told-opted-in", "way"),
        SessionEventKind::WishHeld => {
            let what = "A form from the page behind a link may be automated, and waits for one more tap";
            (format!("{what}: {}.", if detail == "stop" { "opt out" } else { "opt back in" }), "told-wish-held", "wish")
        }
        SessionEventKind::AskedByHand => (format!("Asked manually: {detail}"), "told-by-hand", "who"),
        SessionEventKind::AskedWhileTalking => {
            (format!("The client was asked while the session was open, by {detail}."), "told-asked-talking", "who")
        }
        SessionEventKind::ClosedByRating => {
            return told.say(event.occurred_at, "The rating closed the session.".to_owned(), "told-closed-by-rating", &[]);
        }
        SessionEventKind::Opened
        | SessionEventKind::Reopened
        | SessionEventKind::Reassigned
        | SessionEventKind::Merged
        | SessionEventKind::Wrote
        | SessionEventKind::ClosedAgain
        | SessionEventKind::ToldAgain
        | SessionEventKind::ClosedAfterQuestion
        | SessionEventKind::Stale
        | SessionEventKind::Mended
        | SessionEventKind::ReopenedByAnswer => {
            let what = format!("From the desk: {}. {detail}", event.kind).trim_end().to_owned();
            return told.say(event.occurred_at, what, "told-desk", &[("event", event.kind.as_str()), ("detail", detail)]);
        }
    };
    told.say(event.occurred_at, what, key, &[(argument, detail)]);
}

fn closed(request: &RatingRequest, told: &mut Teller) {
    if let Some(first) = &request.again_of {
        let what = format!("Decided to ask again after the low rating {first}: rating request {}.", request.id);
        return told.say(request.created_at, what, "told-again", &[("first", &first.to_string())]);
    }
    if let (Some(experiment), Some(variant)) = (&request.experiment_id, request.variant) {
        let (variant, what) = (variant.as_str().to_uppercase(), format!("Experiment {experiment}: this client is asked as variant "));
        told.say(
            request.created_at,
            format!("{what}{variant}."),
            "told-variant",
            &[("experiment", &experiment.to_string()), ("variant", &variant)],
        );
    }
    let Some(by) = request.closed_by.map(ClosedBy::as_str) else { return decided(request, told) };
    let operator = request.operator_id.as_ref().map_or("nobody", OperatorId::as_str);
    let close = request.epoch.to_string();
    let key = if request.operator_id.is_some() { "told-closed" } else { "told-closed-alone" };
    let what = format!("Closed by {by} (close {close}), operator {operator}.");
    let by_whom: &[(&str, &str)] = &[("by", by), ("close", &close), ("operator", operator)];
    told.say(request.closed_at, what, key, &by_whom[..if request.operator_id.is_some() { 3 } else { 2 }]);
    let wish = request.facts.wish;
    if let Some((wanted, key)) = match wish {
        Wish::Auto => None,
        Wish::Ask => Some(("The desk chose to ask the client", "told-wish-ask")),
        Wish::Keep => Some(("The desk chose not to ask the client", "told-wish-keep")),
    } {
        let because = request.wish_reason.as_ref().map(|why| format!(" – {why}")).unwrap_or_default();
        told.say(request.closed_at, format!("{wanted}{because}."), key, &[("because", &because)]);
    }
    if let Some(rule) = request.facts.rule.map(|rule| rule.to_string()) {
        let asks = request.reason.as_deref() != Some(NotAsked::ByRule.as_str());
        let (what, key) = match asks {
            true => (format!("The line’s ask rule {rule} applies: ask."), "told-rule-ask"),
            false => (format!("The line’s ask rule {rule} applies: do not ask."), "told-rule-skip"),
        };
        told.say(request.created_at, what, key, &[("rule", &rule)]);
    }
    if request.facts.imported.is_some() {
        let what = format!("Imported from a file as rating request {}. Nobody was asked or alerted.", request.id);
        told.say(request.created_at, what, "told-imported", &[("request", &request.id.to_string())]);
    }
    decided(request, told);
}

fn decided(request: &RatingRequest, told: &mut Teller) {
    if request.due_at.is_some() {
        let (id, version) = (&request.id, request.line_version.to_string());
        let (why, key) = match request.way {
            Some(Way::Early) => (", early, because the messaging window or quiet hours would prevent it later", "told-decided-early"),
            Some(Way::WindowUnknown) => {
                (", although it is not known when the client last wrote: the messaging window may have closed", "told-decided-unknown")
            }
            Some(Way::InTime | Way::Template | Way::Fallback) | None => ("", "told-decided"),
        };
        let what = format!("Decided to ask{why}: rating request {id}, by version {version} of the line's settings.");
        told.say(request.created_at, what, key, &[("version", &version)]);
    }
}

fn sent(delivery: &delivery::Delivery, told: &mut Teller) {
    let (kind, connection, state) = (delivery.kind.as_str(), &delivery.connection, delivery.state);
    let (how, key) = match delivery.outside_window {
        1 => (", as a template outside the messaging window", "told-planned-template"),
        _ => ("", "told-planned"),
    };
    let what = format!("Planned: {kind} through {connection}{how}, delivery {}.", delivery.id);
    told.say(delivery.created_at, what, key, &[("kind", kind), ("connection", connection.as_str())]);
    let (reason, words) = (delivery.reason.as_deref().unwrap_or_default(), delivery.detail.as_deref().unwrap_or_default());
    let why = delivery.reason.as_ref().map(|reason| format!(" ({reason})")).unwrap_or_default();
    let detail = delivery.detail.as_ref().map(|detail| format!(" – {detail}")).unwrap_or_default();
    let arguments = [("kind", kind), ("state", state.as_str()), ("why", reason), ("words", words)];
    if let Some(at) = delivery.ended_at {
        told.say(at, format!("The {kind} is {state}{why}{detail}."), "told-delivery", &arguments);
    } else if state != State::Scheduled {
        told.say(delivery.intent_at.unwrap_or(delivery.created_at), format!("The {kind} is {state}{why}."), "told-delivery", &arguments);
    }
}

/// Messages that wait because the platform asked for a pause.
async fn waits(db: &Db, deliveries: &[delivery::Delivery], told: &mut Teller) -> Result<(), StoreError> {
    let waiting = |delivery: &&delivery::Delivery| delivery.state == State::Scheduled;
    if !deliveries.iter().any(|delivery| waiting(&delivery)) {
        return Ok(());
    }
    let states = connection::all(db).await?;
    for delivery in deliveries.iter().filter(waiting) {
        let long = |state: &&ConnectionState| state.blocked_until >= delivery.due_at && state.is_long_pause();
        let Some(state) = states.iter().filter(|state| state.name == delivery.connection).find(long) else { continue };
        let (kind, name) = (delivery.kind.as_str(), state.name.as_str());
        let at = state.blocked_at.max(delivery.created_at);
        let until = clock(state.blocked_until, 0, db.zone());
        let what = format!("The {kind} waits: the platform of {name} asked for a pause until {until}.");
        told.say(at, what, "told-waits", &[("kind", kind), ("connection", name), ("until", &until)]);
    }
    Ok(())
}

fn answered(event: &answer::AnswerEvent, requests: &[RatingRequest], told: &mut Teller) {
    if event.disposition == Disposition::Foreign {
        let what = "Someone pressed a button on this question from a different address. It does not count.";
        return told.say(event.received_at, what.to_owned(), "told-foreign", &[]);
    }
    if event.kind == AnswerKind::CommentDeleted && event.disposition.takes_effect() {
        return told.say(event.received_at, "The client deleted the comment.".to_owned(), "told-comment-deleted", &[]);
    }
    let value = if event.kind == AnswerKind::Comment { "…" } else { &event.value };
    let (kind, disposition) = (event.kind.as_str(), event.disposition.as_str());
    let what = format!("The client answered: {kind} {value} – {disposition}.");
    let request = requests.iter().find(|request| request.id == event.request_id);
    let scale = request.map(|request| request.scale).unwrap_or_default();
    let score = event.value.parse().ok().filter(|_| event.kind == AnswerKind::Score).map(|score| scale.show(score));
    let value = score.as_deref().unwrap_or(value);
    told.say(event.received_at, what, "told-answer", &[("answer", kind), ("value", value), ("disposition", disposition)]);
}

fn alerted(alert: &alert::Alert, told: &mut Teller) {
    let nobody = alert.recipient_id.is_empty();
    let who = if nobody { "nobody" } else { &alert.recipient_id };
    let reason = alert.reason.as_deref().unwrap_or_default();
    let why = alert.reason.as_ref().map(|reason| format!(" ({reason})")).unwrap_or_default();
    let level = if alert.level > 0 { format!(", level {}", alert.level) } else { String::new() };
    let what = format!("Alert to {who}{level}: {}{why}.", alert.state);
    let arguments = [("alert", alert.state.as_str()), ("why", reason), ("who", who)];
    match nobody {
        true => told.say(alert.created_at, what, "told-alert-nobody", &arguments[..2]),
        false => told.say(alert.created_at, what, "told-alert", &arguments),
    }
    if let (Some(at), Some(by)) = (alert.acknowledged_at, &alert.acknowledged_by) {
        told.say(at, format!("The alert was acknowledged by {by}."), "told-seen", &[("who", by)]);
    }
}

fn rated(rating: &rating::Rating, told: &mut Teller) {
    let (low, key) = if rating.low == 1 { (", low", "told-rating-low") } else { ("", "told-rating") };
    let scale = rating.scale;
    let (score, revision) = (scale.show(u8::try_from(rating.score).unwrap_or_default()), rating.revision.to_string());
    let what = format!("The rating is {} ({}{low}), revision {revision}.", rating.score, rating.scale.as_str());
    told.say(rating.changed_at, what, key, &[("score", &score), ("revision", &revision)]);
}
