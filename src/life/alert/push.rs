//! Low ratings, and those that nobody replied to in time, are shown in the browsers in which people switched that on. Each is a delivery
//! of its own: written when it leaves, for whoever is told there, if they still may see it then.

use crate::domain::access::rights::{Right, Rights};
use crate::domain::access::sealed::open;
use crate::domain::alert::words::words;
use crate::domain::alert::{AlertKind, GIVE_UP_AFTER, shortened};
use crate::domain::question::delivery::{Kind, State};
use crate::domain::question::macros::fill_lines;
use crate::life::engine::Engine;
use crate::life::question::fill_macros::macros;
use crate::store::alert::push_browser::{self, Reader};
use crate::store::answer::rating::{self, Rating};
use crate::store::line::Line;
use crate::store::question::delivery::{self, Delivery, NewDelivery};
use crate::store::question::ending::Ended;
use crate::store::question::rating_request::{self, RatingRequest};
use crate::store::review::reply;
use crate::store::{Millis, StoreError, Tx};
use lastword_contract::{Address, Outgoing, Purpose};
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::collections::{BTreeSet, HashMap};

/// The connection to browsers. It is there by itself.
pub const WEB_PUSH: &str = "web-push";
/// So much of what the client wrote is shown.
const COMMENT_CHARS: usize = 160;

/// What the message to a browser is made of: nothing of what it says.
#[derive(Serialize, Deserialize)]
struct Named {
    rating_request: String,
    /// Nobody replied to it in time.
    late: bool,
}

/// A low rating, to be shown.
#[derive(Clone, Copy)]
pub(crate) struct Notice<'a> {
    pub(crate) request: &'a RatingRequest,
    pub(crate) rating: &'a Rating,
    pub(crate) line: &'a Line,
    /// `low`, or `late` where nobody replied to it in time.
    pub(crate) kind: AlertKind,
}

/// Whether somebody may be told of a rating of this line, in this browser, by what is known of them now.
fn is_for(reader: &Reader, kind: AlertKind, line: &str) -> bool {
    let Reader { browser, account, lines } = reader;
    let wanted = if kind == AlertKind::Late { browser.late } else { browser.low };
    let rights = Rights::of(account.role, account.all_lines, lines.clone(), account.operator_id.clone(), account.comments);
    wanted && account.disabled_at.is_none() && rights.may(Right::SeeLowRatings) && rights.lines.admit(line)
}

/// Puts the messages about these ratings beside their alerts.
///
/// # Errors
/// The database's error.
pub(crate) async fn push(tx: &mut Tx, engine: &Engine, all: &[Notice<'_>], now: Millis) -> Result<(), StoreError> {
    if all.is_empty() || engine.channels.get(WEB_PUSH).is_none() {
        return Ok(());
    }
    let readers = push_browser::wanting(tx).await?;
    let pairs = all.iter().flat_map(|low| readers.iter().filter(|reader| is_for(reader, low.kind, &low.line.id)).map(move |to| (low, to)));
    let messages: Vec<NewDelivery> = pairs.map(|(low, to)| message(engine, low, to, now)).collect();
    delivery::schedule(tx, &messages).await
}

fn message(engine: &Engine, low: &Notice<'_>, to: &Reader, now: Millis) -> NewDelivery {
    let named = Named { rating_request: low.request.id.clone(), late: low.kind == AlertKind::Late };
    NewDelivery {
        id: engine.ids.next(now),
        kind: Kind::Alert,
        connection: WEB_PUSH.to_owned(),
        address: serde_json::to_string(&Address::chat(&to.browser.id)).unwrap_or_default(),
        subject: Some(low.request.id.clone()),
        payload: serde_json::to_string(&named).unwrap_or_default(),
        due_at: now,
        give_up_at: now + GIVE_UP_AFTER,
        window_closes_at: None,
        outside_window: 0,
        resends_max: engine.channels.resends_max(WEB_PUSH, Kind::Alert, true),
        created_at: now,
    }
}

/// What is about to leave for browsers, by delivery. What nobody wants or may see any more is missing.
///
/// # Errors
/// The database's error.
pub(crate) async fn written(engine: &Engine, deliveries: &[Delivery]) -> Result<HashMap<String, Outgoing>, StoreError> {
    let named = deliveries.iter().filter(|delivery| delivery.connection == WEB_PUSH && delivery.kind == Kind::Alert);
    let named = named.filter_map(|delivery| {
        let to: Address = serde_json::from_str(&delivery.address).ok()?;
        Some((delivery, serde_json::from_str::<Named>(&delivery.payload).ok()?, to.chat))
    });
    let named: Vec<(&Delivery, Named, String)> = named.collect();
    if named.is_empty() {
        return Ok(HashMap::new());
    }
    let browsers: BTreeSet<&str> = named.iter().map(|(.., browser)| browser.as_str()).collect();
    let readers = push_browser::these(&engine.db, &browsers.into_iter().collect::<Vec<_>>()).await?;
    let requests: BTreeSet<&str> = named.iter().map(|(_, named, _)| named.rating_request.as_str()).collect();
    let requests: Vec<&str> = requests.into_iter().collect();
    let (ratings, replies) = (rating::of_requests(&engine.db, &requests).await?, reply::newest(&engine.db, &requests).await?);
    let requests = rating_request::load(&engine.db, &requests).await?;
    let lines: BTreeSet<&str> = requests.iter().map(|request| request.line_id.as_str()).collect();
    let lines = engine.lines.present(&engine.db, &lines.into_iter().collect::<Vec<_>>()).await?;
    let one = |(delivery, named, browser): &(&Delivery, Named, String)| {
        let request = requests.iter().find(|request| request.id == named.rating_request)?;
        let (rating, line) = (ratings.get(&request.id).filter(|rating| rating.low == 1)?, lines.get(&request.line_id)?);
        let kind = if named.late { AlertKind::Late } else { AlertKind::Low };
        if named.late && replies.contains_key(&request.id) {
            return None;
        }
        let reader = readers.iter().find(|reader| reader.browser.id == *browser)?;
        let low = Notice { request, rating, line, kind };
        if is_for(reader, kind, &line.id) { Some((delivery.id.clone(), outgoing(engine, reader, &low)?)) } else { None }
    };
    Ok(named.iter().filter_map(one).collect())
}

fn outgoing(engine: &Engine, to: &Reader, low: &Notice<'_>) -> Option<Outgoing> {
    let browser = &to.browser;
    let address = open(engine.keys.each(), &browser.id, &browser.sealed).and_then(|address| serde_json::from_str(&address).ok())?;
    let language = to.account.language.as_deref().unwrap_or(&engine.options.language);
    let words = words(language);
    let title = if low.kind == AlertKind::Late { words.push_late } else { words.push_low };
    let mut known = macros(&engine.options.organisation, &low.line.name, low.request, Some(low.rating));
    known.comment = known.comment.map(|comment| shortened(&comment.split_whitespace().collect::<Vec<_>>().join(" "), COMMENT_CHARS));
    // What the line leaves out of its alerts is left out here too.
    let own = low.line.settings.alerts.text.as_deref();
    let told = ["#REASONS#", "#COMMENT#"].into_iter().filter(|name| own.is_none_or(|text| text.contains(name)));
    let text: Vec<&str> = std::iter::once(title).chain(told).collect();
    Some(Outgoing {
        to: address,
        language: language.to_owned(),
        purpose: Purpose::Alert,
        text: fill_lines(&text.join("\n"), &known),
        // A second notice about the same rating takes the place of the first.
        data: json!({ "tag": format!("rating-{}", low.request.id), "url": format!("/ratings/{}", low.request.id) }),
        ..Outgoing::default()
    })
}

/// Forgets the browsers whose push service said that they are no longer there.
///
/// # Errors
/// The database's error.
pub(crate) async fn forget_gone(tx: &mut Tx, ends: &[Ended], now: Millis) -> Result<(), StoreError> {
    let gone = |end: &&Ended| {
        end.kind == Kind::Alert
            && matches!(end.state, State::Failed | State::Undeliverable)
            && end.reason.as_deref() == Some("recipient_gone")
    };
    let gone: Vec<&str> = ends.iter().filter(gone).map(|end| end.id.as_str()).collect();
    if gone.is_empty() {
        return Ok(());
    }
    push_browser::gone(tx, WEB_PUSH, &gone, now).await
}
