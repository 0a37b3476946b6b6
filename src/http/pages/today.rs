//! Today at a glance: the verdict on the last days, what needs attention, how today compares with the usual numbers at this hour, and
//! what happened since the last visit.

use super::Pages;
use super::chart::Chart;
use super::frame::guard::LOOK;
use super::frame::visit::SignedIn;
use super::frame::{Frame, html};
use super::report::figures::{Figure, Maker};
use super::report::latest::{self, Latest};
use super::report::lists::Lists;
use super::report::verdict::VerdictView;
use super::report::{charts, seen_lines, today as day_of, words};
use askama::Template;
use axum::extract::{RawQuery, State};
use axum::http::HeaderMap;
use axum::response::Response;
use lastword_contract::Capabilities;
use lastword_domain::access::rights::Right;
use lastword_domain::access::since::Since;
use lastword_domain::report::period::{Period, Step};
use lastword_http::problem::Problem;
use lastword_life::access::visit::visit;
use lastword_life::engine::brand::UNNAMED;
use lastword_life::report::by_hour::{self, Happened, Usual};
use lastword_life::report::timeline::timeline;
use lastword_life::report::{self, Point, Summary};
use lastword_store::alert::recipient;
use lastword_store::answer::rating_edit;
use lastword_store::report::{Closes, alarm, today};
use lastword_store::review::deadline;
use lastword_store::{Db, Millis, StoreError, connection, line};
use std::sync::Arc;

/// Number of days in the small trend, including today.
const DAYS: i64 = 30;
/// Number of latest ratings shown.
const LATEST: usize = 8;
/// Maximum age, in days, of the closes of the latest ratings.
const LATEST_DAYS: i64 = 14;
/// Number of low ratings since the last visit that are shown with their comments.
const WORST: i64 = 3;
/// A low rating that waits longer is overdue.
const SLIPPED: Millis = 24 * 60 * 60 * 1_000;

#[derive(Template)]
#[template(path = "pages/today.html")]
struct TodayPage {
    page: Frame,
    steps: Vec<FirstStep>,
    verdict: Option<VerdictView>,
    since: Since,
    happened: Happened,
    low: i64,
    worst: Vec<Latest>,
    figures: Vec<Figure>,
    /// Meaning of "usually"; empty if there are not enough data yet.
    usual: String,
    rules: Vec<String>,
    waits: Vec<Wait>,
    calm: bool,
    trend: Option<Chart>,
    latest: Vec<Latest>,
}

/// A first step of a new installation.
struct FirstStep {
    key: &'static str,
    done: bool,
    href: String,
}

/// An item that needs attention.
struct Wait {
    key: &'static str,
    icon: &'static str,
    count: i64,
    value: String,
    words: String,
    href: &'static str,
}

/// `GET /today`
pub(super) async fn show(
    State(pages): State<Arc<Pages>>,
    person: SignedIn,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let (page, db) = (Frame::of(&pages, &person.visit).await?, &pages.app.engine.db);
    let (day, sees) = (day_of(&pages), person.rights.lines.clone());
    let names = seen_lines(db, &person).await?;
    let month = Closes { sees: sees.clone(), ..Closes::of(Period::last(DAYS, day)) };
    let now = Closes { from: day, ..month.clone() };
    let (engine, clock) = (&pages.app.engine, pages.app.engine.now());
    let since = visit(engine, person.id, !headers.contains_key(LOOK), clock).await?;
    let points = report::trend(db, &month, Step::Day).await?.unwrap_or_default();
    let whole = report::summary(db, &month).await?;
    let summary = report::summary(db, &now).await?;
    let usual = by_hour::usual(db, &sees, clock).await?;
    let worst = today::worst(db, &sees, since.at(), WORST).await?;
    let worst = latest::of_requests(db, &page, &names, None, &worst).await?;
    let mut newest = latest::read(db, &page, (&sees, &names), None, day.plus(-LATEST_DAYS).start(db.zone()), LATEST).await?;
    newest.retain(|one| worst.iter().all(|other| other.key != one.key));
    let waits = waits(db, &page, &person, clock).await?;
    let weekday = page.t(&format!("num-weekday-long-{}", day.weekday() + 1));
    Ok(html(&TodayPage {
        steps: first_steps(&pages, &page, &person).await?,
        verdict: VerdictView::of(&pages, &page, (&sees, &names), &query.unwrap_or_default()).await?,
        happened: by_hour::happened(db, &sees, since.at(), clock).await?,
        low: today::low_since(db, &sees, since.at()).await?,
        worst,
        since,
        figures: figures(&page, &summary, Lists::of(&page, &now), &points, usual),
        usual: usual.map(|_| page.t2("today-usual", "weekday", weekday, "time", page.clock())).unwrap_or_default(),
        rules: words::rules(db, &page, &summary.rules, &names).await?,
        calm: waits.iter().all(|wait| wait.count == 0),
        waits,
        trend: timeline(db, &month).await?.map(|time| charts::over_time(&page, &time, Some(&month), &whole.report, None)),
        latest: newest,
        page,
    }))
}

/// Today's figures compared with the usual ones of this weekday at this hour; the score is compared with that of whole days.
fn figures(page: &Frame, summary: &Summary, lists: Lists, points: &[Point], usual: Option<Usual>) -> Vec<Figure> {
    let make = Maker { page, report: &summary.report, lists };
    let usually = |of: fn(&Usual) -> i64| usual.as_ref().map(|usual| page.t1("usually", "n", of(usual))).unwrap_or_default();
    let funnel = &summary.report.funnel;
    let mut closed = make.count("closed", "figure-closed", funnel.closed, Some(&[("outcome", "all")]));
    closed.of = usually(|usual| usual.closed);
    let mut arrived = make.count("delivered", "figure-delivered", funnel.delivered, Some(&[("outcome", "delivered")]));
    arrived.of = usually(|usual| usual.delivered);
    let mut answered = make.count("answered", "figure-answered", funnel.answered, Some(&[]));
    answered.of = usually(|usual| usual.answered);
    let mut bad = make.bad();
    bad.of = usually(|usual| usual.bad);
    let mut score = make.score();
    let before = points.iter().rev().skip(7).step_by(7);
    let (good, rated) =
        before.map(|point| point.report.score.adjusted.share).fold((0, 0), |(part, of), share| (part + share.part, of + share.of));
    if rated > 0 {
        score.chip = page.t1("usually", "n", words::percent(page, Some(good as f64 * 100.0 / rated as f64)).as_str());
        score.tone = "";
    }
    vec![closed, arrived, answered, score, bad]
}

/// Items that need attention, among those that this person may see.
async fn waits(db: &Db, page: &Frame, person: &SignedIn, now: Millis) -> Result<Vec<Wait>, StoreError> {
    let sees = &person.rights.lines;
    let mut waits = Vec::new();
    let mut wait = |key: &'static str, icon: &'static str, count: i64, href: &'static str| {
        let value = if count >= today::COUNT_MAX { format!("{}+", page.number(&today::COUNT_MAX)) } else { page.number(&count) };
        let href = if page.leads(href.split('?').next().unwrap_or_default()) { href } else { "" };
        waits.push(Wait { key, icon, count, value, words: page.t1(key, "n", count), href });
    };
    wait("wait-low", "low", today::low_unanswered(db, sees).await?, "/low?show=waiting");
    wait("wait-late", "low", deadline::open(db, sees, now).await?.1, "/low?show=due");
    wait("wait-slipped", "low", today::low_waiting_since(db, sees, now - SLIPPED).await?, "/low?show=waiting&age=1&order=oldest");
    wait("wait-held", "low", rating_edit::held(db, sees, today::COUNT_MAX).await?.len().try_into().unwrap_or(i64::MAX), "/low");
    wait("wait-alerts", "alert", today::alerts_for_nobody(db, sees).await?, "/alerts");
    wait("wait-alarms", "alert", alarm::standing(db, sees).await?.len().try_into().unwrap_or(i64::MAX), "/lines");
    if page.may(Right::SeeDeliveries) {
        wait("wait-deliveries", "send", today::stuck_deliveries(db, sees).await?.iter().map(|(_, count)| count).sum(), "/deliveries");
    }
    if page.may(Right::SeeConnections) {
        let stopped = connection::all(db).await?.into_iter().filter(|connection| connection.stopped_at.is_some()).count();
        wait("wait-connections", "plug", i64::try_from(stopped).unwrap_or(i64::MAX), "/connections");
    }
    let deaf = |line: &line::Line| line.archived_at.is_none() && sees.admit(&line.id) && line.settings.alerts.recipients.is_empty();
    let deaf = line::all(db).await?.iter().filter(|line| deaf(line)).count();
    wait("wait-lines", "lines", i64::try_from(deaf).unwrap_or(i64::MAX), "/lines");
    Ok(waits)
}

/// Steps that a new installation still needs. Empty if all are done, and for people who cannot do them.
async fn first_steps(pages: &Pages, page: &Frame, person: &SignedIn) -> Result<Vec<FirstStep>, StoreError> {
    if !person.rights.sees_everything() || !page.may(Right::ChangeRecipients) {
        return Ok(Vec::new());
    }
    let (db, channels) = (&pages.app.engine.db, &pages.app.engine.channels);
    let can = |wanted: fn(&Capabilities) -> bool| {
        let mut all = channels.of_clients();
        // A web chat is tried out on the site.
        let try_out = |name: String| {
            if pages.app.sites.get(&name).is_some() { format!("/connections/{name}") } else { format!("/connections/{name}/people") }
        };
        all.find(|(_, connection)| wanted(&connection.channel.capabilities())).map(|(name, _)| try_out(name.to_string()))
    };
    let asks = can(|can| can.binary || can.five_star || can.links);
    let alerts = can(|can| can.alerts);
    let lines: Vec<line::Line> = line::all(db).await?.into_iter().filter(|line| line.archived_at.is_none()).collect();
    let told = !recipient::all(db).await?.is_empty() && lines.iter().any(|line| line.settings.alerts.named().next().is_some());
    let step = |key, done, href: String| FirstStep { key, done, href };
    let connections = || if page.may(Right::ManageConnections) { "/connections/new" } else { "/connections" }.to_owned();
    let engine = &pages.app.engine;
    let named = engine.options.organisation != UNNAMED || engine.brand.look().version > 0;
    let steps = vec![
        step("first-organisation", named, "/organisation".to_owned()),
        step("first-connect", asks.is_some(), connections()),
        step("first-line", !lines.is_empty(), "/lines".to_owned()),
        step("first-recipient", told, alerts.filter(|_| !lines.is_empty()).unwrap_or_else(|| "/recipients".to_owned())),
        step("first-try", today::has_answers(db).await?, asks.filter(|_| !lines.is_empty()).unwrap_or_default()),
    ];
    Ok(if steps.iter().all(|step| step.done) { Vec::new() } else { steps })
}
