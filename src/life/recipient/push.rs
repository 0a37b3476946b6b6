//! Browser notifications about low ratings and about those without a reply in time, for people who switched them on. Each is a delivery of
//! its own, composed when it is sent, if the person may still see the rating. During a storm a browser shows a few, then at most one per
//! minute with the number of waiting ratings.

use crate::engine::Engine;
pub use crate::engine::channels::WEB_PUSH;
use crate::facts::fill_macros::macros;
use lastword_base::names::{BrowserId, DeliveryId, LineId, RequestId, Subject};
use lastword_contract::{Address, Outgoing, Purpose};
use lastword_domain::access::rights::{Lines, Right, Rights};
use lastword_domain::access::sealed::open;
use lastword_domain::alert::words::words;
use lastword_domain::alert::{AlertKind, GIVE_UP_AFTER, Route, after_digest, route, shortened};
use lastword_domain::line::macros::fill_lines;
use lastword_domain::question::delivery::{Kind, State};
use lastword_store::alert::gathering_digests;
use lastword_store::alert::push_browser::{self, PushBrowser, Reader};
use lastword_store::answer::rating::{self, Rating};
use lastword_store::line::Line;
use lastword_store::question::delivery::{self, Delivery, NewDelivery};
use lastword_store::question::ending::Ended;
use lastword_store::question::rating_request::{self, RatingRequest};
use lastword_store::review::{WAITING_MAX, reply, waiting};
use lastword_store::{Millis, StoreError, Tx, document_in, document_or_said};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::collections::{BTreeSet, HashMap};

/// Maximum number of characters of a comment that are shown.
const COMMENT_CHARS: usize = 160;

/// Payload of a browser notification. It contains no text.
#[derive(Serialize, Deserialize)]
struct Named {
    rating_request: RequestId,
    /// No reply was sent in time.
    late: bool,
}

/// A low rating to show.
#[derive(Clone, Copy)]
pub(crate) struct Notice<'a> {
    pub(crate) request: &'a RatingRequest,
    pub(crate) rating: &'a Rating,
    pub(crate) line: &'a Line,
    /// `low`, or `late` if no reply was sent in time.
    pub(crate) kind: AlertKind,
}

/// True if this browser's person wants this kind and may see ratings of this line, according to their present rights.
fn is_for(reader: &Reader, kind: AlertKind, line: &LineId) -> bool {
    let wanted = if kind == AlertKind::Late { reader.browser.late } else { reader.browser.low };
    wanted && sees(reader).is_some_and(|lines| lines.admit(line))
}

/// Locks the browsers that may show ratings of these lines, and returns their ids.
pub(crate) async fn hold(tx: &mut Tx, engine: &Engine, lines: &[&Line]) -> Result<Vec<BrowserId>, StoreError> {
    if tx.has_one_writer() || engine.channels.get(&WEB_PUSH.into()).is_none() {
        return Ok(Vec::new());
    }
    let readers = push_browser::wanting(tx).await?;
    let shown = |reader: &&Reader| lines.iter().any(|line| sees(reader).is_some_and(|lines| lines.admit(&line.id)));
    let shown: Vec<BrowserId> = readers.iter().filter(shown).map(|reader| reader.browser.id).collect();
    push_browser::hold(tx, &shown).await?;
    Ok(shown)
}

/// Schedules notifications about these ratings, in addition to the alerts.
pub(crate) async fn push(tx: &mut Tx, engine: &Engine, all: &[Notice<'_>], now: Millis) -> Result<(), StoreError> {
    if all.is_empty() || engine.channels.get(&WEB_PUSH.into()).is_none() {
        return Ok(());
    }
    let mut readers = push_browser::wanting(tx).await?;
    // A browser below its limit has no open digest.
    let is_full = |reader: &&Reader| matches!(route(reader.browser.tat, now), (Route::Digest(_), _));
    let full: Vec<Subject> = readers.iter().filter(is_full).map(|reader| reader.browser.id.into()).collect();
    let gathering = if full.is_empty() { HashMap::new() } else { gathering_digests(tx, &full, now).await? };
    let mut gathering: BTreeSet<Subject> = gathering.into_keys().collect();
    let (mut messages, mut used) = (Vec::new(), BTreeSet::new());
    for low in all {
        for reader in &mut readers {
            if !is_for(reader, low.kind, &low.line.id) {
                continue;
            }
            let browser = &mut reader.browser;
            let message = match route(browser.tat, now) {
                (Route::AtOnce, tat) => {
                    browser.tat = tat;
                    let named = Named { rating_request: low.request.id, late: low.kind == AlertKind::Late };
                    let payload = serde_json::to_string(&named).unwrap_or_default();
                    message(engine, browser, (Kind::Alert, low.request.id.into(), payload), (now, now))
                }
                (Route::Digest(at), _) => {
                    if !gathering.insert(browser.id.into()) {
                        continue;
                    }
                    browser.tat = after_digest(browser.tat, at);
                    message(engine, browser, (Kind::Digest, browser.id.into(), "{}".to_owned()), (now, at))
                }
            };
            used.insert(browser.id);
            messages.push(message);
        }
    }
    let used: Vec<&PushBrowser> = readers.iter().map(|reader| &reader.browser).filter(|browser| used.contains(&browser.id)).collect();
    push_browser::used(tx, &used).await?;
    delivery::schedule(tx, &messages).await
}

fn message(engine: &Engine, to: &PushBrowser, what: (Kind, Subject, String), (now, due_at): (Millis, Millis)) -> NewDelivery {
    let (kind, subject, payload) = what;
    NewDelivery {
        id: engine.ids.next(now),
        kind,
        connection: WEB_PUSH.into(),
        address: serde_json::to_string(&Address::chat(to.id.to_string())).unwrap_or_default(),
        subject: Some(subject),
        payload,
        due_at,
        give_up_at: due_at + GIVE_UP_AFTER,
        window_closes_at: None,
        outside_window: 0,
        resends_max: engine.channels.resends_max(&WEB_PUSH.into(), kind, true),
        created_at: now,
    }
}

/// Messages to browsers, by delivery. A notification that is no longer wanted or allowed is missing.
pub(crate) async fn written(engine: &Engine, deliveries: &[Delivery]) -> Result<HashMap<DeliveryId, Outgoing>, StoreError> {
    let mut written = one_by_one(engine, deliveries).await?;
    written.extend(gathered(engine, deliveries).await?);
    Ok(written)
}

async fn one_by_one(engine: &Engine, deliveries: &[Delivery]) -> Result<HashMap<DeliveryId, Outgoing>, StoreError> {
    let named = deliveries.iter().filter(|delivery| delivery.connection == WEB_PUSH && delivery.kind == Kind::Alert);
    let named = named.filter_map(|delivery| {
        // An unreadable address or payload is reported when it is composed. Another payload is a message of another kind.
        let Ok(to) = document_in::<Address>("delivery", "address", delivery.id, &delivery.address) else { return None };
        let Ok(named) = serde_json::from_str::<Named>(&delivery.payload) else { return None };
        Some((delivery, named, to.chat.parse().ok()?))
    });
    let named: Vec<(&Delivery, Named, BrowserId)> = named.collect();
    if named.is_empty() {
        return Ok(HashMap::new());
    }
    let browsers: BTreeSet<BrowserId> = named.iter().map(|&(.., browser)| browser).collect();
    let readers = push_browser::these(&engine.db, &browsers.into_iter().collect::<Vec<_>>()).await?;
    let requests: BTreeSet<RequestId> = named.iter().map(|(_, named, _)| named.rating_request).collect();
    let requests: Vec<RequestId> = requests.into_iter().collect();
    let (ratings, replies) = (rating::of_requests(&engine.db, &requests).await?, reply::newest(&engine.db, &requests).await?);
    let requests = rating_request::load(&engine.db, &requests).await?;
    let lines: BTreeSet<&LineId> = requests.iter().map(|request| &request.line_id).collect();
    let lines = engine.lines.present(&engine.db, &lines.into_iter().collect::<Vec<_>>()).await?;
    let one = |(delivery, named, browser): &(&Delivery, Named, BrowserId)| {
        let request = requests.iter().find(|request| request.id == named.rating_request)?;
        let (rating, line) = (ratings.get(&request.id).filter(|rating| rating.low == 1)?, lines.get(&request.line_id)?);
        let kind = if named.late { AlertKind::Late } else { AlertKind::Low };
        if named.late && replies.contains_key(&request.id) {
            return None;
        }
        let reader = readers.iter().find(|reader| reader.browser.id == *browser)?;
        let low = Notice { request, rating, line, kind };
        if is_for(reader, kind, &line.id) { Some((delivery.id, about_one(engine, reader, &low)?)) } else { None }
    };
    Ok(named.iter().filter_map(one).collect())
}

/// Digests after a storm: the number of low ratings that still wait when the message is sent.
async fn gathered(engine: &Engine, deliveries: &[Delivery]) -> Result<HashMap<DeliveryId, Outgoing>, StoreError> {
    let ids = deliveries.iter().filter(|delivery| delivery.connection == WEB_PUSH && delivery.kind == Kind::Digest);
    let ids: HashMap<BrowserId, DeliveryId> = ids.filter_map(|delivery| Some((delivery.subject.as_ref()?.as_id()?, delivery.id))).collect();
    let mut written = HashMap::new();
    if ids.is_empty() {
        return Ok(written);
    }
    for reader in push_browser::these(&engine.db, &ids.keys().copied().collect::<Vec<_>>()).await? {
        let browser = &reader.browser;
        let Some(lines) = sees(&reader).filter(|_| browser.low || browser.late) else { continue };
        let many = waiting(&engine.db, &lines).await?;
        if many == 0 {
            continue;
        }
        let title = words(language(engine, &reader))
            .push_many
            .replace("{}", &if many < WAITING_MAX { many.to_string() } else { format!("{}+", WAITING_MAX - 1) });
        let message = outgoing(engine, &reader, title, json!({ "tag": "low-ratings", "url": "/low" }));
        written.extend(ids.get(&browser.id).copied().zip(message));
    }
    Ok(written)
}

/// The lines whose low ratings a person may see, according to their present rights; `None` if they may see no low ratings.
fn sees(reader: &Reader) -> Option<Lines> {
    let Reader { account, lines, .. } = reader;
    let rights = Rights::of(account.role, account.all_lines, lines.clone(), account.operator_id.clone(), account.comments);
    (account.disabled_at.is_none() && rights.may(Right::SeeLowRatings)).then_some(rights.lines)
}

fn language<'a>(engine: &'a Engine, reader: &'a Reader) -> &'a str {
    reader.account.language.as_deref().unwrap_or(&engine.options.language)
}

fn about_one(engine: &Engine, to: &Reader, low: &Notice<'_>) -> Option<Outgoing> {
    let words = words(language(engine, to));
    let title = if low.kind == AlertKind::Late { words.push_late } else { words.push_low };
    let mut known = macros(&engine.organisation(), &low.line.name, low.request, Some(low.rating));
    known.comment = known.comment.map(|comment| shortened(&comment.split_whitespace().collect::<Vec<_>>().join(" "), COMMENT_CHARS));
    // Fields that the line omits from its alerts are omitted here too.
    let own = low.line.settings.alerts.text.as_deref();
    let told = ["#REASONS#", "#COMMENT#"].into_iter().filter(|name| own.is_none_or(|text| text.contains(name)));
    let text: Vec<&str> = std::iter::once(title).chain(told).collect();
    // A second notice about the same rating replaces the first.
    let data = json!({ "tag": format!("rating-{}", low.request.id), "url": format!("/ratings/{}", low.request.id) });
    outgoing(engine, to, fill_lines(&text.join("\n"), &known), data)
}

fn outgoing(engine: &Engine, to: &Reader, text: String, data: Value) -> Option<Outgoing> {
    let browser = &to.browser;
    let address = open(engine.keys.each(), &browser.id.to_string(), &browser.sealed)
        .and_then(|address| document_or_said("push_browser", "sealed", browser.id, &address))?;
    let language = language(engine, to).to_owned();
    Some(Outgoing { to: address, language, purpose: Purpose::Alert, text, data, ..Outgoing::default() })
}

/// Deletes browsers that the push service reported as gone.
pub(crate) async fn forget_gone(tx: &mut Tx, ends: &[Ended], now: Millis) -> Result<(), StoreError> {
    let gone = |end: &&Ended| {
        matches!(end.kind, Kind::Alert | Kind::Digest)
            && matches!(end.state, State::Failed | State::Undeliverable)
            && end.reason.as_deref() == Some("recipient_gone")
    };
    let gone: Vec<DeliveryId> = ends.iter().filter(gone).map(|end| end.id).collect();
    if gone.is_empty() {
        return Ok(());
    }
    push_browser::gone(tx, &WEB_PUSH.into(), &gone, now).await
}
