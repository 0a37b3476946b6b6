//! Dry run: which past closes a line would have asked about, how and when, and the reasons for the others. Decided again from the
//! stored facts of each close, as if the line were on. Nothing is written, and nothing is sent.

use crate::engine::Engine;
use crate::question::person_budget::Names;
use crate::question::routes::place;
use crate::session::kept_facts::KeptClose;
use lastword_base::names::{ClientId, ConnectionId, LineId, RequestId, SessionId, Source};
use lastword_domain::line::LineSettings;
use lastword_domain::line::ask_rule::deciding;
use lastword_domain::line::experiment::{Running, Variant};
use lastword_domain::question::schedule::{Decision, decide};
use lastword_store::question::rating_request::{self, RatingRequest};
use lastword_store::{Millis, StoreError, line};
use serde::Serialize;
use std::collections::{BTreeMap, HashMap};
use utoipa::ToSchema;

/// Maximum number of closes in one dry run.
pub const CLOSES_MAX: usize = 10_000;
const PAGE: i64 = 1_000;

/// Planned result of one close.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Planned {
    /// The source of the session.
    #[schema(value_type = String)]
    pub source: Source,
    /// The session.
    #[schema(value_type = String)]
    pub session: SessionId,
    /// Number of the close within the session, from 1.
    pub close: i64,
    /// Time of the close, in milliseconds since 1970 UTC.
    pub closed_at: Millis,
    /// The client's variant, if an experiment runs on the line.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub variant: Option<Variant>,
    /// `in_time`, `early`, `template`, `fallback` or `window_unknown`; `null` if the client would not be asked.
    pub way: Option<&'static str>,
    /// The connection through which the client would be asked.
    #[schema(value_type = Option<String>)]
    pub asked_through: Option<ConnectionId>,
    /// Time of the question, in milliseconds since 1970 UTC.
    pub due_at: Option<Millis>,
    /// Time of the reminder, in milliseconds since 1970 UTC.
    pub reminder_at: Option<Millis>,
    /// Reason why the client would not be asked.
    pub reason: Option<&'static str>,
    /// Number of the matching ask rule, from 1.
    pub rule: Option<usize>,
}

/// Effect of an ask rule.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = AskRuleEffect)]
pub struct RuleCount {
    /// Closes to which it applies.
    pub closes: u64,
    /// Closes among them that would be asked about.
    pub asked: u64,
    /// Closes among them with a different result without the rules.
    pub changed: u64,
}

/// Number of closes by result.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = PlanSummary)]
pub struct Summary {
    /// All closes in the dry run.
    pub closes: u64,
    /// Closes that would be asked about.
    pub asked: u64,
    /// Those, by route.
    pub by_way: BTreeMap<&'static str, u64>,
    /// The others, by reason.
    pub not_asked: BTreeMap<&'static str, u64>,
    /// Effect of each ask rule, by its number from 1.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    #[schema(required = false)]
    pub rules: BTreeMap<usize, RuleCount>,
}

/// A dry run.
#[derive(Clone, Debug, Default)]
pub struct LinePlan {
    /// Totals.
    pub summary: Summary,
    /// Each close, oldest first.
    pub closes: Vec<Planned>,
    /// There were more closes than fit in one dry run: the later ones are omitted.
    pub truncated: bool,
}

/// Decides again about the closes of `line_id` from `since` to `until`, with these settings.
///
/// Ignores what other lines asked the same clients in the meantime, and the state of a fallback channel at that time.
#[lastword_base::boxed]
pub async fn plan_line(
    engine: &Engine,
    line_id: &LineId,
    settings: &LineSettings,
    since: Millis,
    until: Millis,
) -> Result<LinePlan, StoreError> {
    let settings = LineSettings { enabled: true, ..settings.clone() };
    let running = line::find(&engine.db, line_id).await?.and_then(|line| line.experiment);
    let (mut plan, mut next_ask): (LinePlan, HashMap<ClientId, Millis>) = Default::default();
    let mut after = RequestId::first_of(since);
    loop {
        let page = rating_request::of_line(&engine.db, line_id, after, until, PAGE).await?;
        let Some(last) = page.last() else { return Ok(plan) };
        after = last.id;
        for request in &page {
            if plan.closes.len() == CLOSES_MAX {
                plan.truncated = true;
                return Ok(plan);
            }
            let (planned, changed) = one(engine, &settings, running.as_ref(), request, &mut next_ask)?;
            plan.summary.add(&planned, changed);
            plan.closes.push(planned);
        }
    }
}

impl Summary {
    fn add(&mut self, planned: &Planned, changed: bool) {
        self.closes += 1;
        if let Some(rule) = planned.rule {
            let count = self.rules.entry(rule).or_default();
            count.closes += 1;
            count.asked += u64::from(planned.way.is_some());
            count.changed += u64::from(changed);
        }
        if let Some(way) = planned.way {
            self.asked += 1;
            *self.by_way.entry(way).or_default() += 1;
        }
        if let Some(reason) = planned.reason {
            *self.not_asked.entry(reason).or_default() += 1;
        }
    }
}

fn one(
    engine: &Engine,
    settings: &LineSettings,
    running: Option<&Running>,
    request: &RatingRequest,
    next_ask: &mut HashMap<ClientId, Millis>,
) -> Result<(Planned, bool), StoreError> {
    let close = KeptClose::of(request)?;
    let client = close.client();
    let names = Names::of_request(&engine.channels, request)?;
    let nobody = HashMap::new();
    let tried = running.zip(names.person(&nobody)).map(|(running, person)| (running, running.variant_of(person.as_str())));
    let variant = tried.map(|(_, variant)| variant);
    let tried = tried.filter(|(_, variant)| *variant == Variant::B).map(|(running, _)| settings.tried(&running.trial));
    let settings = tried.as_ref().unwrap_or(settings);
    let next_ask_at = names.all().filter_map(|name| next_ask.get(name)).copied().max().unwrap_or(0);
    let facts = close.facts(engine, settings, &client, |_| None, next_ask_at, request.created_at);
    let planned = Planned {
        source: request.source.clone(),
        session: request.session_id.clone(),
        close: request.epoch,
        closed_at: request.closed_at,
        variant,
        way: None,
        asked_through: None,
        due_at: None,
        reminder_at: None,
        reason: None,
        rule: deciding(&settings.ask_rules, facts.labels).map(|(number, _)| number),
    };
    let decision = decide(settings, &facts);
    let asks = |decision: &Decision| matches!(decision, Decision::Ask(_));
    let without = || LineSettings { ask_rules: Vec::new(), ..settings.clone() };
    let changed = planned.rule.is_some() && asks(&decide(&without(), &facts)) != asks(&decision);
    let planned = match decision {
        Decision::Not(reason) => Planned { reason: Some(reason.as_str()), ..planned },
        Decision::Ask(plan) => {
            next_ask.extend(names.all().map(|name| (name.clone(), plan.next_ask_at)));
            Planned {
                way: Some(plan.question.way.as_str()),
                asked_through: place(plan.question.way, settings, &client).map(|(connection, _)| connection.to_owned()),
                due_at: Some(plan.question.at),
                reminder_at: plan.reminder.map(|reminder| reminder.at),
                ..planned
            }
        }
    };
    Ok((planned, changed))
}
