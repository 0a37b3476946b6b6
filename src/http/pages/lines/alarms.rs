//! Alarms of a line: watched shares per channel, their baselines, and the chats behind each alarm.

use super::super::frame::{Frame, html};
use super::super::report::words;
use super::super::{Pages, done};
use super::{address, part, theirs};
use crate::frame::form::Form;
use crate::frame::visit::SignedIn;
use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use lastword_base::names::OperatorId;
use lastword_domain::access::rights::Right;
use lastword_domain::report::stats::alarm::BASELINE_MIN;
use lastword_domain::report::stats::alarm_days::DAYS_MIN;
use lastword_domain::report::watch::{FALSE_A_YEAR, Watched, matures_after};
use lastword_http::locale::catalogue::Argument;
use lastword_http::locale::format;
use lastword_http::problem::Problem;
use lastword_life::report::watch::learn::{Anew, look};
use lastword_store::report::alarm::{self, Behind, ShareAlarm};
use lastword_store::report::watch::{self, ShareWatch};
use lastword_store::session::operator;
use std::sync::Arc;

/// Maximum number of alarms shown.
const ALARMS: i64 = 20;
/// Maximum number of chats shown for each alarm.
const CHATS: i64 = 20;

/// A watched share for display.
struct WatchView {
    channel: String,
    channel_id: String,
    kind: Watched,
    words: String,
    alarmed: bool,
    learnt_at: Option<i64>,
    usual: String,
    baseline: String,
    sum: String,
    promise: String,
    /// Reason that nothing is watched.
    why: String,
}

/// A chat behind an alarm.
struct ChatView {
    address: String,
    session: String,
    closed_at: i64,
    operator: String,
}

/// An alarm for display.
struct AlarmView {
    words: String,
    place: String,
    raised_at: i64,
    ended_at: Option<i64>,
    ended: String,
    figures: String,
    chats: Vec<ChatView>,
    more: String,
}

#[derive(Template)]
#[template(path = "pages/lines/alarms.html")]
struct AlarmsPage {
    page: Frame,
    address: String,
    name: String,
    archived: bool,
    may_change: bool,
    watches: Vec<WatchView>,
    alarms: Vec<AlarmView>,
}

/// `GET /lines/{id}/alarms`
pub async fn show(State(pages): State<Arc<Pages>>, person: SignedIn, Path(id): Path<String>) -> Result<Response, Problem> {
    let line = theirs(&pages, &person, &id).await?;
    let db = &pages.app.engine.db;
    let page = Frame::of(&pages, &person.visit).await?;
    let watches = watch::all(db, Some(&line.id)).await?.iter().map(|watch| watched(&page, watch)).collect();
    let mut alarms = Vec::new();
    for found in alarm::of_line(db, &line.id, ALARMS).await? {
        let chats = alarm::behind(db, &found, matures_after(&line.settings), CHATS).await?;
        let ids: Vec<&OperatorId> = chats.iter().filter_map(|chat| chat.operator.as_ref()).collect();
        let names = operator::names(db, &ids).await?;
        let chat = |chat: Behind| ChatView {
            address: format!("/ratings/{}", part(&chat.rating_request)),
            operator: chat.operator.map(|id| names.get(&id).cloned().unwrap_or_else(|| id.to_string())).unwrap_or_default(),
            session: chat.session.into(),
            closed_at: chat.closed_at,
        };
        alarms.push(raised(&page, &found, chats.into_iter().map(chat).collect()));
    }
    Ok(html(&AlarmsPage {
        address: address(line.id.as_str()),
        name: line.name,
        archived: line.archived_at.is_some(),
        may_change: person.rights.may(Right::ChangeLines),
        watches,
        alarms,
        page,
    }))
}

/// `POST /lines/{id}/alarms`: learns the baselines again.
pub async fn learn(State(pages): State<Arc<Pages>>, person: SignedIn, Path(id): Path<String>, form: Form) -> Result<Response, Problem> {
    let line = theirs(&pages, &person, &id).await?;
    let engine = &pages.app.engine;
    let kind = Watched::parse(form.get("kind")).ok_or_else(Problem::not_found)?;
    let channel = form.get("channel").to_owned();
    let known = watch::all(&engine.db, Some(&line.id)).await?;
    if !known.iter().any(|watch| watch.kind == kind && watch.channel == channel) {
        return Err(Problem::not_found());
    }
    look(engine, &line, Some(Anew { channel, kind, by: person.by() }), engine.now()).await?;
    Ok(done(&pages, &format!("{}/alarms", address(line.id.as_str())), "done-baseline-learnt", &line.name))
}

/// Name of a share.
fn share_words(page: &Frame, kind: Watched) -> String {
    match kind {
        Watched::Score => page.t("alarm-share-score"),
        Watched::Response => page.t("alarm-share-response"),
        Watched::Delivery => page.t("alarm-share-delivery"),
    }
}

fn channel_words(page: &Frame, channel: &str) -> String {
    if channel.is_empty() { page.t("alarm-channel-none") } else { words::channel(page, channel) }
}

/// Converts millionths to percent.
fn percent(page: &Frame, millionths: i64) -> String {
    page.percent(&(millionths as f64 / 10_000.0))
}

fn watched(page: &Frame, watch: &ShareWatch) -> WatchView {
    let number = |number: i64| format::number(page.language, number);
    let (few, baseline) = match watch.kind {
        Watched::Score => ("alarm-few-clients", "alarm-learnt-score"),
        Watched::Response => ("alarm-few-clients", "alarm-learnt-response"),
        Watched::Delivery => ("alarm-few-messages", "alarm-learnt-messages"),
    };
    let sum = [("adds", &watch.adds), ("takes", &watch.takes), ("sum", &watch.sum), ("limit", &watch.sum_limit)];
    WatchView {
        channel: channel_words(page, &watch.channel),
        channel_id: watch.channel.clone(),
        kind: watch.kind,
        words: share_words(page, watch.kind),
        alarmed: watch.alarm_id.is_some(),
        learnt_at: watch.learnt_at,
        usual: page.t2("alarm-between", "low", percent(page, watch.usual_low), "high", percent(page, watch.usual)),
        baseline: format!("{} {}", page.t2(baseline, "bad", number(watch.bad), "n", watch.clients), page.t1("alarm-days", "n", watch.days)),
        sum: page.language.text("alarm-sum", &sum.map(|(name, value)| (name, value as &dyn Argument))),
        promise: page.t2("alarm-promise", "n", number(watch.promise), "all", number(FALSE_A_YEAR)),
        why: if watch.clients < BASELINE_MIN {
            page.t2(few, "n", watch.clients, "min", number(BASELINE_MIN))
        } else if watch.days < DAYS_MIN as i64 {
            page.t2("alarm-few-days", "n", watch.days, "min", number(DAYS_MIN as i64))
        } else {
            page.t("alarm-never")
        },
    }
}

/// Figures behind an alarm.
pub(super) fn figures(page: &Frame, alarm: &ShareAlarm) -> String {
    let key = match alarm.kind {
        Watched::Score => "alarm-figures-score",
        Watched::Response => "alarm-figures-response",
        Watched::Delivery => "alarm-figures-delivery",
    };
    let usual = percent(page, alarm.usual);
    page.language.text(key, &[("bad", &alarm.bad), ("cases", &alarm.cases), ("usual", &usual)])
}

/// An alarm on one line: share, channel and figures.
pub(super) fn in_one_line(page: &Frame, alarm: &ShareAlarm) -> String {
    format!("{} ({}): {}", share_words(page, alarm.kind), channel_words(page, &alarm.channel), figures(page, alarm))
}

fn raised(page: &Frame, alarm: &ShareAlarm, chats: Vec<ChatView>) -> AlarmView {
    AlarmView {
        words: share_words(page, alarm.kind),
        place: channel_words(page, &alarm.channel),
        raised_at: alarm.raised_at,
        ended_at: alarm.ended_at,
        ended: alarm.end_reason.map(|how| page.t(&format!("alarm-end-{}", how.as_str().replace('_', "-")))).unwrap_or_default(),
        figures: figures(page, alarm),
        more: match chats.len() as i64 >= CHATS && alarm.bad > CHATS {
            true => page.t1("alarm-chats-newest", "n", CHATS),
            false => String::new(),
        },
        chats,
    }
}
