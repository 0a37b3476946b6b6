//! Missed events. Events are sent only once, and those of built-in channels perhaps not at all. If the plan has reports,
//! the list of sessions (`imopenlines.v2.Session.list`) returns what was closed since; otherwise open chats are polled one by one.

use crate::api::{Api, MISSING_SCOPE, NO_ACCESS, NOT_OFFERED};
use crate::config::Config;
use crate::form::id;
use crate::history::{moment, sixth, waits};
use chrono::{DateTime, SecondsFormat};
use lastword_contract::{DeskEvent, DeskEventKind, Millis, NativePage, NativeRating, Person, Reconciled, Scale, SendError, Verdict};
use serde_json::{Map, Value, json};

/// Sessions per page: the maximum of the API.
const PAGE: u64 = 200;
/// Maximum pages read at a time.
const PAGES_MAX: u64 = 10;
/// Longest period that the API accepts.
const PERIOD_MAX: Millis = 365 * 24 * 3_600_000;
/// Maximum difference between the time of a close in the list and in the history.
const AROUND: Millis = 60_000;
/// Calls per batch: the maximum of the API.
const BATCH: usize = 50;
/// Errors if the list is not available: the plan has no reports, the release is older, or the permission is missing.
const NO_LIST: [&str; 3] = [NOT_OFFERED, NO_ACCESS, MISSING_SCOPE];

/// A closed conversation in the list of sessions.
pub(crate) struct Listed {
    pub(crate) session: String,
    pub(crate) chat: Option<String>,
    pub(crate) line: Option<String>,
    pub(crate) operator: Option<String>,
    pub(crate) reason: Option<String>,
    pub(crate) rated: bool,
    closed_at: Millis,
}

/// One page of what was closed in a period, oldest first, and true if there are more; `None` if the portal has no list.
async fn page(api: &Api, line: Option<&str>, from: Millis, to: Millis, offset: u64) -> Result<Option<(Vec<Listed>, bool)>, SendError> {
    let mut filter = json!({ "dateCloseFrom": date(from), "dateCloseTo": date(to), "order": "dateClose", "orderDirection": "asc",
        "limit": PAGE, "offset": offset });
    if let Some(line) = line.and_then(|line| line.parse::<u64>().ok()) {
        filter["configId"] = json!(line);
    }
    match api.read("imopenlines.v2.Session.list", filter).await {
        Err(error) if NO_LIST.contains(&error.kind) => Ok(None),
        Err(error) => Err(error),
        Ok(read) => {
            let sessions = read["sessions"].as_array();
            let sessions = sessions.ok_or_else(|| SendError::new(Verdict::RetryBackoff, "garbled", "the answer holds no sessions"))?;
            Ok(Some((sessions.iter().filter_map(listed).collect(), read["hasNextPage"] == true)))
        }
    }
}

fn listed(one: &Value) -> Option<Listed> {
    Some(Listed {
        session: id(&one["id"])?,
        chat: id(&one["chatId"]),
        line: id(&one["configId"]),
        operator: id(&one["operatorId"]),
        reason: one["closeReason"].as_str().map(str::to_owned).or_else(|| (one["status"] == "spam").then(|| "spam".to_owned())),
        rated: matches!(one["vote"].as_str(), Some("like" | "dislike")),
        closed_at: moment(&one["dateClose"])?,
    })
}

fn date(at: Millis) -> String {
    DateTime::from_timestamp_millis(at).unwrap_or_default().to_rfc3339_opts(SecondsFormat::Secs, true)
}

/// Conversations closed around `at`; `None` if the portal has no list.
///
/// # Errors
/// Errors of the API.
pub(crate) async fn closed_around(api: &Api, line: Option<&str>, at: Millis) -> Result<Option<Vec<Listed>>, SendError> {
    let mut all = Vec::new();
    for number in 0..PAGES_MAX {
        let Some((listed, more)) = page(api, line, at - AROUND, at + AROUND, number * PAGE).await? else { return Ok(None) };
        all.extend(listed);
        if !more {
            break;
        }
    }
    Ok(Some(all))
}

/// True if this portal has the list.
///
/// # Errors
/// Errors of the API.
pub(crate) async fn has_list(api: &Api) -> Result<bool, SendError> {
    Ok(page(api, None, 0, 1_000, 0).await?.is_some())
}

/// Event for a conversation that has to be read: it is closed, and its close may not have been reported.
fn found(session: String, at: Millis) -> DeskEvent {
    DeskEvent::new(format!("found:{session}"), at, session, DeskEventKind::Changed { read_after: 0 })
}

/// Conversations closed since `since`, if the portal has the list.
///
/// # Errors
/// Errors of the API.
pub(crate) async fn reconcile(api: &Api, since: Millis, now: Millis) -> Result<Reconciled, SendError> {
    let from = since.max(now - PERIOD_MAX);
    let mut events = Vec::new();
    let mut last = from;
    for number in 0..PAGES_MAX {
        let Some((sessions, more)) = page(api, None, from, now, number * PAGE).await? else {
            return Ok(Reconciled { events: Vec::new(), until: now });
        };
        last = sessions.last().map_or(last, |listed| listed.closed_at);
        events.extend(sessions.into_iter().map(|listed| found(listed.session, listed.closed_at)));
        if !more {
            return Ok(Reconciled { events, until: now });
        }
    }
    Ok(Reconciled { events, until: last })
}

/// Polls chats that were open. Reports a chat whose conversation has ended or been replaced by another, or whose operator
/// has closed it while Bitrix24 waits for the client's vote.
///
/// # Errors
/// Errors of the API.
pub(crate) async fn follow(api: &Api, config: &Config, open: &[String], now: Millis) -> Result<Vec<DeskEvent>, SendError> {
    let mut events = Vec::new();
    let sessions: Vec<&String> = open.iter().filter(|session| is_session(session)).collect();
    for some in sessions.chunks(BATCH) {
        let calls: Map<String, Value> =
            some.iter().map(|session| (format!("s{session}"), json!(format!("imopenlines.dialog.get?SESSION_ID={session}")))).collect();
        let answer = api.read("batch", json!({ "halt": 0, "cmd": calls })).await?;
        for session in some {
            // A chat that is no longer visible does not count as closed.
            let dialog = &answer["result"][format!("s{session}")];
            let Some(entity) = dialog["entity_data_1"].as_str() else { continue };
            let connector = dialog["entity_id"].as_str().and_then(|entity| entity.split('|').next()).unwrap_or_default();
            if sixth(entity).as_deref() != Some(session.as_str()) {
                events.push(found((*session).clone(), now));
            } else if waits(entity) && config.vote_as_client.contains_key(connector) {
                let what = DeskEventKind::Changed { read_after: 0 };
                events.push(DeskEvent::new(format!("waits:{session}:{now}"), now, (*session).clone(), what));
            }
        }
    }
    Ok(events)
}

/// Ratings that clients gave in Bitrix24 itself.
///
/// # Errors
/// Errors of the API.
pub(crate) async fn native_ratings(api: &Api, since: Millis, page: Option<&str>) -> Result<NativePage, SendError> {
    let offset: u64 = page.and_then(|page| page.parse().ok()).unwrap_or(0);
    let asked = json!({ "dateVoteFrom": date(since), "dateVoteTo": date(since + PERIOD_MAX), "limit": PAGE, "offset": offset });
    let read = match api.read("imopenlines.v2.Session.Rating.list", asked).await {
        Err(error) if NO_LIST.contains(&error.kind) => {
            let why = "this portal does not return its ratings: its plan has no reports, or its release is too old";
            return Err(SendError::new(Verdict::Refused, "no_reports", why));
        }
        read => read?,
    };
    let rating = |one: &Value| {
        let session = id(&one["sessionId"])?;
        let score = match one["vote"].as_str()? {
            "like" => 1,
            "dislike" => 0,
            _ => return None,
        };
        Some(NativeRating {
            id: session.clone(),
            session,
            scale: Scale::Binary,
            score,
            comment: None,
            operator: id(&one["operatorId"]).map(|id| Person { id, ..Person::default() }),
            client: None,
            queue: id(&one["configId"]),
            at: moment(&one["dateVote"]).or_else(|| moment(&one["dateSessionClose"]))?,
        })
    };
    let ratings = read["ratings"].as_array().into_iter().flatten().filter_map(rating).collect();
    let next = (read["hasNextPage"] == true).then(|| (offset + PAGE).to_string());
    Ok(NativePage { ratings, next })
}

/// True if this is the ID of a conversation.
pub(crate) fn is_session(session: &str) -> bool {
    id(&serde_json::Value::String(session.to_owned())).as_deref() == Some(session)
}
