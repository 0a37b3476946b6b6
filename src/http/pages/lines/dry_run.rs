//! Dry run: which past closes this line's settings would have asked about. Nothing is sent.

use super::super::Pages;
use super::super::frame::{Frame, html};
use super::{address, theirs};
use crate::frame::visit::SignedIn;
use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use lastword_domain::line::LineSettings;
use lastword_domain::line::ask_rule::AskRule;
use lastword_domain::report::calendar::Day;
use lastword_http::problem::Problem;
use lastword_http::query::Query;
use lastword_life::admin::dry_run::{Planned, RuleCount, plan_line};
use serde::Deserialize;
use std::sync::Arc;

/// Default number of days of closes.
const DAYS: i64 = 7;
/// Numbers of closes that can be listed.
const LIMITS: [usize; 3] = [25, 50, 200];

/// Selection of closes.
#[derive(Debug, Deserialize)]
pub struct DryRunQuery {
    /// Closed on this day or later.
    since: Option<String>,
    /// Number of closes to list.
    limit: Option<usize>,
}

/// Number of closes with the same result.
struct Counted {
    words: String,
    count: u64,
}

/// A close for display.
struct DryRunView {
    session: String,
    closed_at: i64,
    asked: bool,
    words: String,
    through: String,
    due_at: Option<i64>,
    reminder_at: Option<i64>,
}

#[derive(Template)]
#[template(path = "pages/lines/plan.html")]
struct PlanPage {
    page: Frame,
    address: String,
    name: String,
    archived: bool,
    since: String,
    wrong: bool,
    limits: Vec<(usize, bool)>,
    closes: u64,
    asked: u64,
    ways: Vec<Counted>,
    reasons: Vec<Counted>,
    rules: Vec<String>,
    listed: Vec<DryRunView>,
    truncated: bool,
}

/// `GET /lines/{id}/plan`
pub async fn show(
    State(pages): State<Arc<Pages>>,
    person: SignedIn,
    Path(id): Path<String>,
    Query(asked): Query<DryRunQuery>,
) -> Result<Response, Problem> {
    let line = theirs(&pages, &person, &id).await?;
    let engine = &pages.app.engine;
    let page = Frame::of(&pages, &person.visit).await?;
    let (now, zone) = (engine.now(), engine.options.time_zone);
    let today = Day::of(now, zone);
    let day = asked.since.as_deref().filter(|text| !text.is_empty()).map_or(Some(today.plus(-DAYS)), Day::parse);
    let wrong = day.is_none_or(|day| day > today);
    let day = day.filter(|day| *day <= today).unwrap_or_else(|| today.plus(-DAYS));
    let limit = asked.limit.filter(|limit| LIMITS.contains(limit)).unwrap_or(LIMITS[1]);
    let plan = plan_line(engine, &line.id, &line.settings, day.start(zone), now + 1).await?;
    let counted = |prefix: &str, counts: &std::collections::BTreeMap<&'static str, u64>| {
        let mut counted: Vec<Counted> =
            counts.iter().map(|(word, count)| Counted { words: page.t(&word_key(prefix, word)), count: *count }).collect();
        counted.sort_by_key(|counted| std::cmp::Reverse(counted.count));
        counted
    };
    let shown = |close: Planned| DryRunView {
        words: match (close.way, close.reason) {
            (Some(way), _) => page.t(&word_key("plan-way", way)),
            (None, Some(reason)) => page.t(&word_key("plan-not-asked", reason)),
            (None, None) => String::new(),
        },
        asked: close.way.is_some(),
        session: close.session.into(),
        closed_at: close.closed_at,
        through: close.asked_through.map(String::from).unwrap_or_default(),
        due_at: close.due_at,
        reminder_at: close.reminder_at,
    };
    Ok(html(&PlanPage {
        address: address(line.id.as_str()),
        name: line.name,
        archived: line.archived_at.is_some(),
        since: if wrong { asked.since.unwrap_or_default() } else { day.to_string() },
        wrong,
        limits: LIMITS.iter().map(|&other| (other, other == limit)).collect(),
        closes: plan.summary.closes,
        asked: plan.summary.asked,
        ways: counted("plan-way", &plan.summary.by_way),
        reasons: counted("plan-not-asked", &plan.summary.not_asked),
        rules: plan.summary.rules.iter().map(|(number, count)| rule_words(&page, &line.settings, *number, count)).collect(),
        listed: plan.closes.into_iter().rev().take(limit).map(shown).collect(),
        truncated: plan.truncated,
        page,
    }))
}

/// Effect of an ask rule, with the rule as text.
fn rule_words(page: &Frame, settings: &LineSettings, number: usize, count: &RuleCount) -> String {
    let rule = settings.ask_rules.get(number - 1).map(AskRule::written).unwrap_or_default();
    page.language.text(
        "plan-rule",
        &[("number", &number), ("rule", &rule), ("closes", &count.closes), ("asked", &count.asked), ("changed", &count.changed)],
    )
}

fn word_key(prefix: &str, word: &str) -> String {
    format!("{prefix}-{}", word.replace('_', "-"))
}
