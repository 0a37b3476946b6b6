//! Composes the message of an alert when it is sent, from the rating at that time, so it includes what the client added meanwhile. A
//! message that was already sent is composed again and edited.

use crate::engine::Engine;
use crate::events;
use crate::facts::fill_macros::macros;
use crate::message::settle::{SettleMessage, Settling};
use crate::recipient::push;
use crate::report::letter;
use lastword_base::names::{ConnectionId, DeliveryId, LineId, OperatorId, RequestId};
use lastword_contract::{Choice, ChoiceKind, Outgoing, Purpose};
use lastword_domain::alert::words::{AlertWords, words};
use lastword_domain::alert::{AlertKind, AlertState, COMMENT_CHARS_MAX, DIGEST_CHARS_MAX, ENTRY_COMMENT_CHARS_MAX, shortened};
use lastword_domain::line::macros::{Macros, fill_lines};
use lastword_domain::question::delivery::{Kind, State};
use lastword_domain::question::token::{Purpose as TokenPurpose, TokenValue};
use lastword_store::alert::recipient::{self, Recipient};
use lastword_store::alert::{self, Alert};
use lastword_store::answer::rating::{self, Rating};
use lastword_store::line::Line;
use lastword_store::question::delivery::{self, Delivery};
use lastword_store::question::rating_request::{self, RatingRequest};
use lastword_store::{Millis, StoreError, document_in};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

/// Delay of an update while the message that it edits is being sent.
const ON_ITS_WAY: Millis = 1_000;

/// Data for the alerts of a batch of deliveries.
#[derive(Default)]
pub(crate) struct AlertFacts {
    /// By the ID of the delivery that carries them.
    carried: BTreeMap<DeliveryId, Vec<Alert>>,
    /// Text and data of letters, by delivery.
    letters: HashMap<DeliveryId, (String, Value)>,
    /// Messages to browsers, by delivery.
    pushed: HashMap<DeliveryId, Outgoing>,
    /// Messages that are edited.
    earlier: HashMap<DeliveryId, Delivery>,
    requests: HashMap<RequestId, RatingRequest>,
    ratings: HashMap<RequestId, Rating>,
    lines: HashMap<LineId, Arc<Line>>,
    recipients: HashMap<String, Recipient>,
}

/// An alert and what it is about.
pub(crate) struct About<'a> {
    /// The rating request.
    pub(crate) request: &'a RatingRequest,
    /// Its rating.
    pub(crate) rating: &'a Rating,
    /// Its line.
    pub(crate) line: &'a Line,
    /// `low`, `changed`, `more` or `test`.
    pub(crate) kind: AlertKind,
    /// 0: sent immediately; 1, 2 …: escalation level.
    pub(crate) level: i64,
    /// Name of the recipient that could not be notified.
    pub(crate) instead_of: Option<&'a str>,
    /// The recipient's language.
    pub(crate) language: &'a str,
    /// The client's comment is shown outside the text.
    pub(crate) quoted_apart: bool,
}

impl AlertFacts {
    /// Reads the data for the alerts among `deliveries`.
    pub(crate) async fn gather(engine: &Engine, deliveries: &[Delivery], now: Millis) -> Result<Self, StoreError> {
        let is_alert = |delivery: &&Delivery| delivery.kind.carries_alerts();
        let earlier: Vec<DeliveryId> = deliveries.iter().filter_map(updated).collect();
        let mut ids: Vec<DeliveryId> = deliveries.iter().filter(is_alert).map(|delivery| delivery.id).collect();
        ids.extend(&earlier);
        if ids.is_empty() {
            return Ok(Self::default());
        }
        let mut facts = Self::default();
        if !earlier.is_empty() {
            let found = delivery::these(&engine.db, &earlier).await?;
            facts.earlier = found.into_iter().map(|delivery| (delivery.id, delivery)).collect();
        }
        let alerts = alert::carried_by(&engine.db, &ids).await?;
        let requests: BTreeSet<RequestId> = alerts.iter().map(|alert| alert.request_id).collect();
        let requests: Vec<RequestId> = requests.into_iter().collect();
        facts.ratings = rating::of_requests(&engine.db, &requests).await?;
        let requests = rating_request::load(&engine.db, &requests).await?;
        let lines: BTreeSet<&LineId> = requests.iter().map(|request| &request.line_id).collect();
        facts.lines = engine.lines.present(&engine.db, &lines.into_iter().collect::<Vec<_>>()).await?;
        facts.requests = requests.into_iter().map(|request| (request.id, request)).collect();
        facts.recipients = recipient::all(&engine.db).await?.into_iter().map(|recipient| (recipient.id.clone(), recipient)).collect();
        let known: Vec<Recipient> = facts.recipients.values().cloned().collect();
        for message in deliveries.iter().filter(|message| message.kind == Kind::Alert) {
            if let Some(written) = letter::written(engine, &message.payload, &known, now).await? {
                facts.letters.insert(message.id, written);
            }
        }
        facts.pushed = push::written(engine, deliveries).await?;
        for alert in alerts {
            facts.carried.entry(alert.delivery_id.unwrap_or_default()).or_default().push(alert);
        }
        Ok(facts)
    }

    /// Data of a made-up low rating, in the message `delivery`, for a reader of `language`.
    pub(crate) fn imagined(request: RatingRequest, rating: Rating, line: Line, delivery: DeliveryId, language: &str) -> Self {
        let alert = Alert {
            id: request.id.named_as(),
            request_id: request.id,
            recipient_id: request.id.to_string(),
            kind: AlertKind::Low,
            state: AlertState::Raised,
            delivery_id: Some(delivery),
            ..Alert::default()
        };
        let reader = Recipient { id: request.id.to_string(), language: Some(language.to_owned()), ..Recipient::default() };
        Self {
            carried: [(delivery, vec![alert])].into(),
            recipients: [(reader.id.clone(), reader)].into(),
            ratings: [(request.id, rating)].into(),
            lines: [(line.id.clone(), Arc::new(line))].into(),
            requests: [(request.id, request)].into(),
            earlier: HashMap::new(),
            letters: HashMap::new(),
            pushed: HashMap::new(),
        }
    }

    /// The message to a browser, if the delivery goes to one.
    fn pushed(&self, draft: &Draft<'_>) -> Option<Outgoing> {
        let pushed = self.pushed.get(&draft.delivery.id)?;
        Some(Outgoing { key: draft.outgoing.key.clone(), at: draft.outgoing.at, ..pushed.clone() })
    }

    /// The recipient with this ID.
    pub(crate) fn reader(&self, id: &str) -> Option<&Recipient> {
        self.recipients.get(id)
    }

    fn about<'a>(&'a self, engine: &'a Engine, alert: &'a Alert) -> Option<About<'a>> {
        let (request, rating) = (self.requests.get(&alert.request_id)?, self.ratings.get(&alert.request_id)?);
        let name = |id: &'a String| self.recipients.get(id).map_or(id.as_str(), |recipient| recipient.name.as_str());
        Some(About {
            line: self.lines.get(&request.line_id)?,
            kind: alert.kind.says_now(rating.low == 1),
            level: alert.level,
            instead_of: alert.instead_of.as_ref().filter(|id| !id.is_empty()).map(name),
            language: self.language(engine, &alert.recipient_id),
            quoted_apart: false,
            rating,
            request,
        })
    }

    /// Present kind of an alert's message: the rating may have changed since it was raised.
    fn kind_now(&self, alert: &Alert) -> AlertKind {
        alert.kind.says_now(self.ratings.get(&alert.request_id).is_none_or(|rating| rating.low == 1))
    }

    fn language<'a>(&'a self, engine: &'a Engine, recipient: &str) -> &'a str {
        language_of(engine, self.recipients.get(recipient))
    }

    /// Earliest time to send an update whose earlier message is being sent; `None` if it need not wait.
    pub(crate) fn waits_until(&self, delivery: &Delivery, now: Millis) -> Option<Millis> {
        let earlier = self.earlier.get(&updated(delivery)?)?;
        matches!(earlier.state, State::Leased | State::Sending).then_some(now + ON_ITS_WAY)
    }
}

/// Language of messages to a recipient.
pub(crate) fn language_of<'a>(engine: &'a Engine, recipient: Option<&'a Recipient>) -> &'a str {
    recipient.and_then(|recipient| recipient.language.as_deref()).unwrap_or(&engine.options.language)
}

/// ID of the message that this one edits, if it updates an alert.
fn updated(delivery: &Delivery) -> Option<DeliveryId> {
    if delivery.kind != Kind::Settle {
        return None;
    }
    // An unreadable payload is reported when it is composed.
    match serde_json::from_str(&delivery.payload) {
        Ok(Settling { says: SettleMessage::Alert(earlier), .. }) => Some(earlier),
        _ => None,
    }
}

/// Data of an alert for programs. All messages about a rating carry the same fields.
pub(crate) fn data(engine: &Engine, about: &About<'_>) -> Value {
    let mut data = events::facts(about.request, about.rating);
    data["kind"] = json!(about.kind.as_str());
    // Praise does not reveal the client or the page to the operator.
    if about.kind == AlertKind::Praise {
        return data;
    }
    data["client"] = json!({ "id": about.request.client_id, "name": about.request.client_name });
    if let Some(page) = page_of(engine, about) {
        data["url"] = json!(page);
    }
    data
}

/// Page of the rating; `None` for a test.
fn page_of(engine: &Engine, about: &About<'_>) -> Option<String> {
    if about.kind == AlertKind::Test { None } else { engine.rating_page(about.request.id) }
}

fn macros_of(engine: &Engine, about: &About<'_>, comment_chars_max: usize) -> Macros {
    let time = chrono::DateTime::from_timestamp_millis(about.rating.changed_at).unwrap_or_default();
    let time = time.with_timezone(&engine.options.time_zone).format("%Y-%m-%d %H:%M %Z").to_string();
    let known = macros(&engine.organisation(), &about.line.name, about.request, Some(about.rating));
    Macros {
        operator: known.operator.or_else(|| about.request.operator_id.as_ref().map(OperatorId::to_string)),
        comment: match known.comment {
            _ if about.quoted_apart => None,
            None if about.rating.comment_deleted_at.is_some() => Some(words(about.language).comment_deleted.to_owned()),
            comment => comment.map(|comment| shortened(&comment, comment_chars_max)),
        },
        time: Some(time),
        link: page_of(engine, about),
        ..known
    }
}

/// The text of one alert.
pub(crate) fn text(engine: &Engine, about: &About<'_>) -> String {
    let words = words(about.language);
    let text = fill_lines(template(about), &macros_of(engine, about, COMMENT_CHARS_MAX));
    match (about.kind, about.instead_of) {
        (AlertKind::Test, _) => format!("{}\n{text}", words.test),
        (AlertKind::Low, Some(name)) => format!("{}\n{text}", words.unreached.replace("{}", name)),
        (AlertKind::Low, None) if about.level > 0 => format!("{}\n{text}", words.unseen),
        _ => text,
    }
}

/// The comment, if the alert shows it outside the text.
fn quote<'a>(about: &'a About<'_>) -> Option<&'a str> {
    let deleted = || about.rating.comment_deleted_at.map(|_| words(about.language).comment_deleted);
    let told = about.quoted_apart && template(about).contains("#COMMENT#");
    about.rating.comment.as_deref().or_else(deleted).filter(|_| told)
}

/// Template of an alert's text, with macros.
fn template<'a>(about: &'a About<'_>) -> &'a str {
    let words = words(about.language);
    match about.kind {
        AlertKind::Changed => words.changed,
        AlertKind::More => words.more,
        AlertKind::Late => words.late,
        AlertKind::Praise if about.rating.is_praise() => words.praise,
        AlertKind::Praise => words.praise_over,
        _ => about.line.settings.alerts.text.as_deref().unwrap_or(words.low),
    }
}

/// Who acknowledged the alerts of a message; `None` if one still has to be acknowledged.
fn seen_by<'a>(alerts: &[&'a Alert]) -> Option<&'a str> {
    let all = alerts.iter().all(|alert| alert.acknowledged_at.is_some() || alert.kind.is_only_news());
    alerts.iter().filter(|_| all).find_map(|alert| alert.acknowledged_by.as_deref())
}

fn seen_choice(engine: &Engine, connection: &ConnectionId, alert: &Alert, recipient: &str, words: &AlertWords) -> Vec<Choice> {
    let token = engine.keys.mint(TokenPurpose::Acknowledge, alert.id, recipient, TokenValue::Seen);
    let link = engine.link(connection, &token);
    vec![Choice { label: words.seen.to_owned(), token, kind: ChoiceKind::Acknowledge, link }]
}

/// A message to compose: delivery, recipient, and the parts already known.
pub(crate) struct Draft<'a> {
    pub(crate) delivery: &'a Delivery,
    pub(crate) recipient: &'a str,
    pub(crate) outgoing: Outgoing,
}

/// Composes the message of one alert; `None` if the rating has changed so that it no longer applies.
pub(crate) fn alert_message(engine: &Engine, facts: &AlertFacts, payload: &Value, draft: Draft<'_>) -> Option<Outgoing> {
    if let Some(pushed) = facts.pushed(&draft) {
        return Some(pushed);
    }
    if let Some(text) = payload.get("text").and_then(Value::as_str) {
        let data = payload.get("data").cloned().unwrap_or_default();
        return Some(Outgoing { purpose: Purpose::Alert, text: text.to_owned(), data, ..draft.outgoing });
    }
    if let Some((text, data)) = facts.letters.get(&draft.delivery.id) {
        return Some(Outgoing { purpose: Purpose::Alert, text: text.clone(), data: data.clone(), ..draft.outgoing });
    }
    let alert = facts.carried.get(&draft.delivery.id)?.first()?;
    let rating = facts.ratings.get(&alert.request_id)?;
    let stands = match alert.kind {
        AlertKind::Praise => rating.is_praise(),
        kind => (rating.low == 1) != (kind == AlertKind::Changed),
    };
    if stands { one(engine, facts, alert, draft) } else { None }
}

fn one(engine: &Engine, facts: &AlertFacts, alert: &Alert, draft: Draft<'_>) -> Option<Outgoing> {
    let about = About { quoted_apart: engine.channels.takes_parts(&draft.delivery.connection), ..facts.about(engine, alert)? };
    let words = words(about.language);
    let (mut text, quote) = (text(engine, &about), quote(&about).map(|quote| shortened(quote, COMMENT_CHARS_MAX)));
    let mut choices = Vec::new();
    if let Some(by) = seen_by(&[alert]).filter(|_| alert.kind != AlertKind::Praise) {
        text = format!("{text}\n{}", words.seen_by.replace("{}", by));
    } else if !alert.kind.is_only_news() {
        choices = seen_choice(engine, &draft.delivery.connection, alert, draft.recipient, words);
    }
    let data = data(engine, &about);
    Some(Outgoing { purpose: Purpose::Alert, language: about.language.to_owned(), text, quote, choices, data, ..draft.outgoing })
}

/// Composes the message of the digest `id`. A digest with one alert is that alert's message.
pub(crate) fn digest(engine: &Engine, facts: &AlertFacts, id: DeliveryId, payload: &Value, draft: Draft<'_>) -> Option<Outgoing> {
    if let Some(pushed) = facts.pushed(&draft) {
        return Some(pushed);
    }
    let all: Vec<&Alert> = facts.carried.get(&id)?.iter().filter(|alert| alert.state == AlertState::Digested).collect();
    let told = |request: RequestId| all.iter().any(|alert| alert.kind == AlertKind::Low && alert.request_id == request);
    // The low rating shows what the client added if it is in the same message.
    let alerts: Vec<&Alert> = all.iter().filter(|alert| alert.kind != AlertKind::More || !told(alert.request_id)).copied().collect();
    if let [only] = alerts[..] {
        return one(engine, facts, only, draft);
    }
    let language = facts.language(engine, &alerts.first()?.recipient_id);
    let words = words(language);
    let of = |kind: AlertKind| -> Vec<&Alert> { alerts.iter().filter(|alert| facts.kind_now(alert) == kind).copied().collect() };
    let (low, mut changed, more, late) = (of(AlertKind::Low), of(AlertKind::Changed), of(AlertKind::More), of(AlertKind::Late));
    changed.sort_by_key(|alert| &alert.request_id);
    changed.dedup_by_key(|alert| &alert.request_id);
    let praise: Vec<&Alert> =
        of(AlertKind::Praise).into_iter().filter(|alert| facts.ratings.get(&alert.request_id).is_some_and(Rating::is_praise)).collect();
    let mut said = Vec::new();
    for (alerts, head) in [
        (&late, words.digest_late),
        (&low, words.digest_low),
        (&more, words.digest_more),
        (&changed, words.digest_changed),
        (&praise, words.digest_praise),
    ] {
        said.extend(section(engine, facts, alerts, head, words));
    }
    if said.is_empty() {
        // All of it was withdrawn praise: nothing is sent, but a message already sent is edited.
        draft.outgoing.replaces.as_ref()?;
        said.push(words.praise_over.to_owned());
    }
    let requests = |alerts: &[&Alert]| alerts.iter().map(|alert| alert.request_id).collect::<Vec<_>>();
    let about = |alert: &&Alert| facts.about(engine, alert).map(|about| data(engine, &about));
    let mut data = json!({
        "count": low.len(), "rating_requests": requests(&low),
        "changed": changed.len(), "changed_rating_requests": requests(&changed),
        "more": more.len(), "more_rating_requests": requests(&more),
        "late": late.len(), "late_rating_requests": requests(&late),
        "praise": praise.len(), "praise_rating_requests": requests(&praise),
        "ratings": alerts.iter().filter_map(about).collect::<Vec<_>>(),
        "line": payload.get("line"),
    });
    let waiting: Vec<&Alert> = alerts.iter().filter(|alert| !alert.kind.is_only_news()).copied().collect();
    if let Some(page) = engine.low_ratings_page().filter(|_| !low.is_empty() || !more.is_empty() || !late.is_empty()) {
        data["url"] = page.as_str().into();
        said.push(page);
    }
    let mut choices = Vec::new();
    match (seen_by(&waiting), waiting.first()) {
        (Some(by), _) => said.push(words.seen_by.replace("{}", by)),
        (None, Some(first)) => choices = seen_choice(engine, &draft.delivery.connection, first, draft.recipient, words),
        (None, None) => {}
    }
    let (text, language) = (said.join("\n"), language.to_owned());
    Some(Outgoing { purpose: Purpose::Alert, language, text, choices, data, ..draft.outgoing })
}

/// A section of a digest: the number of alerts of one kind and an entry for each, from the line's own text if it has one.
fn section(engine: &Engine, facts: &AlertFacts, alerts: &[&Alert], head: &str, words: &AlertWords) -> Option<String> {
    if alerts.is_empty() {
        return None;
    }
    let mut said = head.replace("{}", &alerts.len().to_string());
    for (at, alert) in alerts.iter().enumerate() {
        let entry = facts.about(engine, alert).map(|about| entry(engine, &about, words)).unwrap_or_default();
        if said.chars().count() + entry.chars().count() > DIGEST_CHARS_MAX {
            return Some(format!("{said}\n{}", words.and_more.replace("{}", &(alerts.len() - at).to_string())));
        }
        let between = if entry.contains('\n') { "\n\n" } else { "\n" };
        said = format!("{said}{between}{entry}");
    }
    Some(said)
}

fn entry(engine: &Engine, about: &About<'_>, words: &AlertWords) -> String {
    let macros = macros_of(engine, about, ENTRY_COMMENT_CHARS_MAX);
    if about.kind == AlertKind::Praise {
        return fill_lines("#SCORE# #LINE# – “#COMMENT#”", &macros);
    }
    if let Some(own) = about.line.settings.alerts.text.as_deref().filter(|_| about.kind == AlertKind::Low) {
        return fill_lines(own, &macros);
    }
    let known = |text: &Option<String>| text.clone().filter(|text| !text.is_empty());
    let added =
        [known(&macros.client), known(&macros.reasons), known(&macros.comment).map(|text| format!("“{}”", text.replace('\n', " ")))];
    let entry = std::iter::once(fill_lines(words.entry, &macros)).chain(added.into_iter().flatten());
    entry.collect::<Vec<_>>().join(" – ")
}

/// A sent message, composed again and edited.
///
/// # Errors
/// If the payload of that message cannot be parsed.
pub(crate) fn update(
    engine: &Engine,
    facts: &AlertFacts,
    replaces: Option<String>,
    earlier: DeliveryId,
    draft: Draft<'_>,
) -> Result<Option<Outgoing>, StoreError> {
    let Some(earlier) = facts.earlier.get(&earlier) else { return Ok(None) };
    let payload: Value = document_in("delivery", "payload", earlier.id, &earlier.payload)?;
    Ok(anew(engine, facts, replaces, (earlier, &payload), draft))
}

fn anew(
    engine: &Engine,
    facts: &AlertFacts,
    replaces: Option<String>,
    (earlier, payload): (&Delivery, &Value),
    draft: Draft<'_>,
) -> Option<Outgoing> {
    // A message that was not sent yet will include the change.
    let there = !matches!(earlier.state, State::Scheduled | State::Canceled | State::Skipped | State::Failed | State::Dead);
    let replaces = replaces.or_else(|| earlier.message_id.clone()).filter(|_| there)?;
    let written = match earlier.kind {
        Kind::Digest => digest(engine, facts, earlier.id, payload, draft)?,
        _ => one(engine, facts, facts.carried.get(&earlier.id)?.first()?, draft)?,
    };
    Some(Outgoing { purpose: Purpose::Settle, replaces: Some(replaces), ..written })
}
