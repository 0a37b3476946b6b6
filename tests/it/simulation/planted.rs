//! Bugs planted in the engine that the simulation must find, which tests the checks themselves. Product code contains two
//! queries and one place that passes a statement's text (`domain::planted`); everything else is here.

use super::simulate;
use lastword::domain::planted::{Planted, is_reached, plant};

const fn bug(name: &'static str, sql: &'static [(&'static str, &'static str)]) -> Planted {
    Planted { name, sql }
}

/// The planted bugs: the change that each makes to our SQL.
static BUGS: &[Planted] = &[
    bug("MAC not checked", &[]),
    bug("foreign press accepted", &[]),
    bug(
        "a node calls without looking at its lease",
        &[("AND delivery.token = r.token AND delivery.state = 'leased' AND delivery.lease_until > $2", "")],
    ),
    bug(
        "an old token's end is recorded",
        &[(
            "delivery.id = r.id AND delivery.token = r.token AND (delivery.state = 'sending' OR (delivery.state = 'unknown' AND delivery.reason = 'lease_ran_out'))",
            "delivery.id = r.id AND delivery.intent_at IS NOT NULL",
        )],
    ),
    bug(
        "rescue sends again what may have left",
        &[(
            "SET state = 'unknown', reason = 'lease_ran_out', lease_until = NULL, owner = NULL, ended_at = $1, resend_at = CASE WHEN resends < resends_max AND $1 + $2 < give_up_at AND (window_closes_at IS NULL OR $1 + $2 + $3 < window_closes_at) THEN $1 + $2 END",
            "SET state = 'scheduled', reason = 'lease_ran_out', lease_until = NULL, owner = NULL, ended_at = $1, resend_at = NULL * ($1 + $2 + $3)",
        )],
    ),
    bug(
        "an unknown end is tried again silently",
        &[
            (
                "THEN r.state WHEN delivery.resends",
                "THEN CASE WHEN r.state = 'unknown' THEN 'scheduled' ELSE r.state END WHEN delivery.resends",
            ),
            ("resend_at = CASE WHEN r.resend_at < delivery.give_up_at THEN r.resend_at END", "resend_at = NULL"),
        ],
    ),
    bug(
        "counts next to a label are not deleted when they change",
        &[("UPDATE close_label SET counts = NULL WHERE", "UPDATE close_label SET counts = counts WHERE")],
    ),
    bug("resends are not counted", &[("due_at = $1, resends = resends + 1", "due_at = $1, resends = resends")]),
    bug(
        "a reopening forgets leased questions",
        &[("AND state IN ('scheduled', 'leased') RETURNING subject, state", "AND state = 'scheduled' RETURNING subject, state")],
    ),
    bug(
        "a reopening forgets what is being tried",
        &[("SET give_up_at = min(give_up_at, due_at), resend_at = NULL", "SET give_up_at = give_up_at")],
    ),
    bug(
        "the window is not checked at the intent",
        &[("AND (delivery.window_closes_at IS NULL OR $2 + $4 < delivery.window_closes_at) AND NOT", "AND $4 > 0 AND NOT")],
    ),
    bug(
        "the time to give up is not checked at the intent",
        &[("AND delivery.due_at <= $2 AND delivery.give_up_at > $2", "AND delivery.due_at <= $2")],
    ),
    bug(
        "expiry ends answered requests",
        &[
            (
                "FROM rating_request q WHERE q.outcome IS NULL AND q.id",
                "FROM rating_request q WHERE (q.outcome IS NULL OR q.outcome = 'answered') AND q.id",
            ),
            ("(rating_request.outcome IS NULL OR", "(rating_request.outcome IN ('answered') OR rating_request.outcome IS NULL OR"),
        ],
    ),
    bug(
        "the inbox forgets",
        &[(
            "SELECT source, event_key, kind, body_hash, received_at, subject, disposition, body",
            "SELECT source, event_key || '/' || lower(hex(randomblob(8))), kind, body_hash, received_at, subject, disposition, body",
        )],
    ),
    bug(
        "the last arrival wins",
        &[(
            "t.reasons, t.tags, t.resolved, t.order_key, t.order_event, t.evidence, t.reacted, t.revision, t.rated_at",
            "t.reasons, t.tags, t.resolved, -1000000 AS order_key, t.order_event, t.evidence, t.reacted, t.revision, t.rated_at",
        )],
    ),
    bug(
        "scores never lock",
        &[(
            "t.revision, t.rated_at, t.changed_at, t.closed_at, t.voided_at FROM rating t WHERE t.request_id IN",
            "t.revision, t.rated_at + 999999999 AS rated_at, t.changed_at, t.closed_at, t.voided_at FROM rating t WHERE t.request_id IN",
        )],
    ),
    bug(
        "an alert is not raised anew when a score falls again",
        &[(
            "DO UPDATE SET state = excluded.state, reason = excluded.reason, delivery_id",
            "DO UPDATE SET state = alert.state, reason = alert.reason, delivery_id",
        )],
    ),
    bug(
        "a group hears nothing",
        &[("recipient.language, recipient.members, recipient.tat", "recipient.language, '[]' AS members, recipient.tat")],
    ),
    bug(
        "a digest takes alerts in after it left",
        &[("AND d.kind = 'digest' AND d.state = 'scheduled' AND d.attempts = 0 AND d.due_at > $2", "AND d.kind = 'digest' AND $2 > 0")],
    ),
    bug(
        "a pause is not kept",
        &[("UPDATE connection SET blocked_until = max(blocked_until, $2)", "UPDATE connection SET blocked_until = blocked_until + 0 * $2")],
    ),
    bug("a pause is not checked at the intent", &[("AND (c.blocked_until > $2 OR c.stopped_at IS NOT NULL)", "AND c.stopped_at = -1")]),
    bug(
        "limits are not shared",
        &[("UPDATE connection SET tat = $2, last_served_at = $3", "UPDATE connection SET tat = 0 * $2, last_served_at = $3")],
    ),
    bug(
        "attribution follows the session",
        &[(
            "SELECT request_id, line_id, operator_id, channel, scale, score",
            "SELECT request_id, line_id, (SELECT s.operator_id FROM session s JOIN rating_request q ON q.source = s.source AND q.session_id = s.id WHERE q.id = request_id) AS operator_id, channel, scale, score",
        )],
    ),
    bug("clients are asked again and again", &[("c.same_as, c.next_ask_at, c.revision", "c.same_as, 0 AS next_ask_at, c.revision")]),
    bug(
        "an answer proves every question",
        &[
            ("AND kind = 'ask' AND intent_at IS NOT NULL", "AND intent_at IS NOT NULL"),
            (
                "AND NOT EXISTS (SELECT 1 FROM delivery o WHERE (o.id = delivery.subject OR (o.subject = delivery.subject AND o.id <> o.subject)) \
                 AND o.kind = 'reminder' AND o.intent_at IS NOT NULL)",
                "",
            ),
        ],
    ),
    bug(
        "a close is acknowledged and its question is not kept",
        &[
            ("created_at FROM jsonb_each($1)) AS r", "created_at FROM jsonb_each($1)) AS r WHERE kind <> 'ask'"),
            ("WHERE kind <> 'ask' WHERE true", "WHERE kind <> 'ask'"),
        ],
    ),
    bug(
        "what may still leave is overlooked when a question ends",
        &[("SELECT subject, kind, state, message_id FROM delivery WHERE", "SELECT subject, kind, 'sent', message_id FROM delivery WHERE")],
    ),
    bug("a counter forgets", &[("SELECT r.n, c.counts FROM", "SELECT r.n, '{}' FROM")]),
    bug("an arrival is counted and not kept", &[("SET delivered_at = $2 WHERE", "SET delivered_at = delivered_at + 0 * $2 WHERE")]),
];

/// First seeds of the search, to be fast: they found a bug that is hard to find. If the world has changed, the search continues.
const KNOWN: &[(&str, u64)] = &[
    ("an alert is not raised anew when a score falls again", 11),
    ("the last arrival wins", 29),
    ("a reopening forgets what is being tried", 100),
    ("the time to give up is not checked at the intent", 70),
    ("a group hears nothing", 8),
    ("a pause is not kept", 11),
    ("limits are not shared", 11),
    ("a digest takes alerts in after it left", 38),
    ("a pause is not checked at the intent", 41),
    ("an answer proves every question", 100),
    ("the window is not checked at the intent", 60),
];

/// Maximum number of seeds that may miss a bug.
const SEEDS_MAX: u64 = 400;

/// The search for a bug ends after this many seeds if its statement never ran, because the statement's text must have changed.
const SEEDS_WITHOUT: u64 = 30;

/// The first seed that finds the bug, and the violation.
fn found(bug: &'static Planted) -> Option<(u64, String)> {
    plant(Some(bug));
    let from = KNOWN.iter().find(|(name, _)| *name == bug.name).map_or(0, |(_, seed)| *seed);
    let mut seeds = (from..from + SEEDS_MAX).take_while(|seed| *seed < from + SEEDS_WITHOUT || is_reached(bug));
    let found = seeds.find_map(|seed| simulate(seed, false).err().map(|broken| (seed, broken)));
    plant(None);
    found
}

#[test]
fn every_planted_bug_is_found() {
    let halves = [0, 1].map(|half| {
        std::thread::spawn(move || {
            let mine = BUGS.iter().skip(half).step_by(2);
            let look = |bug: &'static Planted| {
                let found = found(bug);
                let how = found.as_ref().map(|(seed, broken)| format!("seed {seed}, {}", broken.split(": ").nth(1).unwrap_or_default()));
                eprintln!("{}: {}", bug.name, how.as_deref().unwrap_or("NOT FOUND"));
                (bug.name, found)
            };
            mine.map(look).collect::<Vec<_>>()
        })
    });
    let all: Vec<_> = halves.into_iter().flat_map(|half| half.join().unwrap_or_default()).collect();
    let missed: Vec<_> = all.iter().filter(|(_, found)| found.is_none()).map(|(name, _)| name).collect();
    let unreached: Vec<_> = BUGS.iter().filter(|bug| !is_reached(bug)).map(|bug| bug.name).collect();
    assert!(unreached.is_empty(), "no statement has the text that these bugs change: {unreached:?}");
    assert!(missed.is_empty(), "not found: {missed:?}");
    let by_accident: Vec<_> =
        all.iter().filter(|(_, found)| found.as_ref().is_some_and(|(_, how)| how.contains("a step failed"))).collect();
    assert!(by_accident.is_empty(), "found by SQL that does not run, which proves nothing: {by_accident:?}");
    assert_eq!(all.len(), BUGS.len());
}
