//! Decides whether, when and how a client is asked about a close.

use crate::Millis;
use crate::line::LineSettings;
use crate::line::ask_rule::deciding;
use crate::line::quiet_hours::Quiet;
use crate::outcome::NotAsked;
use crate::question::plan::{self, Leaving, Span, Ways};
use crate::session::label::Labels;
use crate::session::{ClosedBy, FLAPPING_CLOSES_MAX, HandledBy, Wish};
use chrono_tz::Tz;

const HOUR: Millis = 3_600_000;

/// Facts of one close at the time of the decision.
#[derive(Clone, Debug)]
pub struct CloseFacts<'a> {
    /// Identifies this close in the repeatable sample.
    pub sample_key: &'a str,
    /// Time of the close, according to the desk.
    pub closed_at: Millis,
    /// Time of the decision.
    pub now: Millis,
    /// Who closed it.
    pub closed_by: ClosedBy,
    /// The closer's choice: ask, do not ask, or let the line decide.
    pub wish: Wish,
    /// The client and an address are known.
    pub has_client: bool,
    /// The line is archived.
    pub archived: bool,
    /// The conversation is a group, and it is unknown which member is the client.
    pub nobodys_group: bool,
    /// The client's address is not read by a person.
    pub unread: bool,
    /// The connection exists and shows the line's scale.
    pub channel_asks: bool,
    /// An operator took part.
    pub has_operator: bool,
    /// Who handled it.
    pub handled_by: HandledBy,
    /// Its labels and fields.
    pub labels: Labels<'a>,
    /// Messages by operators, if the desk reports them.
    pub operator_messages: Option<i64>,
    /// Messages by the client, if the desk reports them.
    pub client_messages: Option<i64>,
    /// Closes of this session within [`crate::session::FLAPPING_WINDOW`], including this one.
    pub recent_closes: i64,
    /// The client rated this session before it was closed.
    pub already_rated: bool,
    /// The client opted out.
    pub opted_out: bool,
    /// The client blocked us on this channel.
    pub blocked: bool,
    /// Earliest time at which the client may be asked again.
    pub next_ask_at: Millis,
    /// Possible routes to the client.
    pub ways: Ways,
    /// The organisation's time zone, for quiet hours without one.
    pub time_zone: Tz,
}

/// Decision about a close.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// Ask the client.
    Ask(Plan),
    /// Do not ask, for this reason.
    Not(NotAsked),
}

/// Planned times and routes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Plan {
    /// Time and route of the question.
    pub question: Leaving,
    /// After this time an answer is late, and the question is no longer sent.
    pub expires_at: Millis,
    /// Earliest time at which the client is asked again.
    pub next_ask_at: Millis,
    /// Time and route of the reminder, if there is one.
    pub reminder: Option<Leaving>,
}

/// Decides about one close. Reasons are checked from the general to the specific, so that the first one is the one a person would
/// name.
pub fn decide(settings: &LineSettings, facts: &CloseFacts<'_>) -> Decision {
    match reason_not_to_ask(settings, facts) {
        Some(reason) => Decision::Not(reason),
        None => plan(settings, facts),
    }
}

fn reason_not_to_ask(settings: &LineSettings, facts: &CloseFacts<'_>) -> Option<NotAsked> {
    let written = facts.operator_messages.unwrap_or(0) + facts.client_messages.unwrap_or(0);
    let counted = facts.operator_messages.is_some() && facts.client_messages.is_some();
    let rule = deciding(&settings.ask_rules, facts.labels).map(|(_, rule)| rule.ask);
    let reasons = [
        (facts.archived, NotAsked::LineArchived),
        (!settings.enabled, NotAsked::LineOff),
        (facts.closed_by == ClosedBy::Spam, NotAsked::Spam),
        (facts.closed_by == ClosedBy::Forced, NotAsked::Forced),
        (facts.wish == Wish::Keep, NotAsked::ByChoice),
        (rule == Some(false), NotAsked::ByRule),
        (facts.closed_by == ClosedBy::Timeout && !settings.ask_after_timeout, NotAsked::TimeoutClose),
        (facts.closed_by == ClosedBy::Bot && !settings.ask_after_bot, NotAsked::BotClose),
        (facts.recent_closes > FLAPPING_CLOSES_MAX, NotAsked::Flapping),
        (facts.already_rated, NotAsked::AlreadyRated),
        (!facts.has_client, NotAsked::NoClient),
        (facts.nobodys_group, NotAsked::Group),
        (facts.unread, NotAsked::NobodyReads),
        (!facts.channel_asks, NotAsked::ChannelOff),
        (settings.skip.no_operator && !facts.has_operator && facts.closed_by != ClosedBy::Bot, NotAsked::NoOperator),
        (!settings.ask_handled.takes(facts.handled_by), NotAsked::HandledOtherwise),
        (settings.skip.operator_silent && facts.operator_messages == Some(0), NotAsked::OperatorSilent),
        (settings.skip.client_silent && facts.client_messages == Some(0), NotAsked::ClientSilent),
        (counted && written < i64::from(settings.skip.min_messages), NotAsked::TooShort),
        (facts.opted_out, NotAsked::OptedOut),
        (facts.blocked, NotAsked::Blocked),
        (facts.now < facts.next_ask_at, NotAsked::Throttled),
        (!in_sample(facts.sample_key, settings.sampling_percent), NotAsked::SampledOut),
    ];
    // The closer knows the session better than a rule.
    let wanted = facts.wish == Wish::Ask || (facts.wish == Wish::Auto && rule == Some(true));
    let overruled = |reason: NotAsked| wanted && reason.gives_way();
    reasons.into_iter().find_map(|(holds, reason)| (holds && !overruled(reason)).then_some(reason))
}

fn plan(settings: &LineSettings, facts: &CloseFacts<'_>) -> Decision {
    let delay = if facts.ways.asks_at_close { 0 } else { Millis::from(settings.delay_secs) * 1_000 };
    // A close that is reported early (clocks differ) is not asked about before it happened; one that is reported late is asked
    // about immediately.
    let from = facts.closed_at.max(facts.now);
    let expires_at = facts.closed_at + Millis::from(settings.expires_after_hours) * HOUR;
    let span = Span { from, wanted: (facts.closed_at + delay).max(facts.now), until: expires_at };
    let quiet = Quiet::of(settings.quiet_hours.as_ref(), facts.time_zone);
    match plan::find(settings, quiet, &facts.ways, span) {
        Err(reason) => Decision::Not(reason),
        Ok(question) => Decision::Ask(Plan {
            question,
            expires_at,
            next_ask_at: facts.now + Millis::from(settings.once_per_client_hours) * HOUR,
            reminder: plan::reminder(settings, quiet, &facts.ways, question, expires_at),
        }),
    }
}

/// True if a close is in the sample: by hash, so that the same close is always in or always out.
pub fn in_sample(key: &str, percent: u8) -> bool {
    if percent >= 100 {
        return true;
    }
    // FNV-1a: small, well known, and the same on every machine and release.
    let hash = key.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3));
    (hash ^ (hash >> 32)) % 100 < u64::from(percent)
}

#[cfg(test)]
mod tests {
    use super::super::plan::Outside;
    use super::super::window::WindowFact;
    use super::*;
    use crate::line::ask_rule::AskRule;
    use crate::line::{AskHandled, QuietHours, ShutOut};

    fn facts() -> CloseFacts<'static> {
        CloseFacts {
            sample_key: "desk:1:1",
            closed_at: 1_000_000,
            now: 1_000_500,
            closed_by: ClosedBy::Operator,
            wish: Wish::Auto,
            has_client: true,
            archived: false,
            nobodys_group: false,
            unread: false,
            channel_asks: true,
            has_operator: true,
            handled_by: HandledBy::Human,
            labels: Labels::default(),
            operator_messages: Some(2),
            client_messages: Some(2),
            recent_closes: 1,
            already_rated: false,
            opted_out: false,
            blocked: false,
            next_ask_at: 0,
            ways: Ways { window: WindowFact::Always, asks_at_close: false, outside: Outside::Never, fallback: None },
            time_zone: Tz::UTC,
        }
    }

    fn reason(settings: &LineSettings, facts: &CloseFacts<'_>) -> Option<NotAsked> {
        match decide(settings, facts) {
            Decision::Ask(_) => None,
            Decision::Not(reason) => Some(reason),
        }
    }

    #[test]
    fn asks_after_the_delay_counted_from_the_close() {
        let Decision::Ask(plan) = decide(&LineSettings::default(), &facts()) else { panic!("asks") };
        assert_eq!(plan.question.at, 1_002_000);
        assert_eq!(plan.expires_at, 1_000_000 + 72 * HOUR);
    }

    #[test]
    fn the_web_chat_asks_at_once_and_a_late_report_too() {
        let Decision::Ask(plan) =
            decide(&LineSettings::default(), &CloseFacts { ways: Ways { asks_at_close: true, ..facts().ways }, ..facts() })
        else {
            panic!("asks")
        };
        assert_eq!(plan.question.at, 1_000_500);
        let Decision::Ask(plan) = decide(&LineSettings::default(), &CloseFacts { now: 9_000_000, ..facts() }) else { panic!("asks") };
        assert_eq!(plan.question.at, 9_000_000);
    }

    #[test]
    fn every_reason_not_to_ask_is_found() {
        let on = LineSettings { expires_after_hours: 1, ..LineSettings::default() };
        let always_but_a_minute =
            QuietHours { from: "00:00".to_owned(), to: "23:59".to_owned(), time_zone: None, shut_out: ShutOut::Early };
        let picky = LineSettings {
            ask_after_timeout: false,
            skip: crate::line::Skip { operator_silent: true, client_silent: true, min_messages: 5, ..Default::default() },
            ..on.clone()
        };
        let cases = [
            (NotAsked::LineOff, LineSettings { enabled: false, ..on.clone() }, facts()),
            (NotAsked::LineArchived, on.clone(), CloseFacts { archived: true, ..facts() }),
            (NotAsked::Spam, on.clone(), CloseFacts { closed_by: ClosedBy::Spam, ..facts() }),
            (NotAsked::Forced, on.clone(), CloseFacts { closed_by: ClosedBy::Forced, ..facts() }),
            (NotAsked::TimeoutClose, picky.clone(), CloseFacts { closed_by: ClosedBy::Timeout, ..facts() }),
            (NotAsked::BotClose, on.clone(), CloseFacts { closed_by: ClosedBy::Bot, ..facts() }),
            (NotAsked::ByChoice, on.clone(), CloseFacts { wish: Wish::Keep, ..facts() }),
            (NotAsked::Flapping, on.clone(), CloseFacts { recent_closes: 4, ..facts() }),
            (NotAsked::AlreadyRated, on.clone(), CloseFacts { already_rated: true, ..facts() }),
            (NotAsked::NoClient, on.clone(), CloseFacts { has_client: false, ..facts() }),
            (NotAsked::Group, on.clone(), CloseFacts { nobodys_group: true, ..facts() }),
            (NotAsked::NobodyReads, on.clone(), CloseFacts { unread: true, ..facts() }),
            (NotAsked::ChannelOff, on.clone(), CloseFacts { channel_asks: false, ..facts() }),
            (NotAsked::NoOperator, on.clone(), CloseFacts { has_operator: false, ..facts() }),
            (
                NotAsked::HandledOtherwise,
                LineSettings { ask_handled: AskHandled::WithHuman, ..on.clone() },
                CloseFacts { handled_by: HandledBy::Program, ..facts() },
            ),
            (NotAsked::ByRule, LineSettings { ask_rules: AskRule::parse("skip: *").into_iter().collect(), ..on.clone() }, facts()),
            (NotAsked::OperatorSilent, picky.clone(), CloseFacts { operator_messages: Some(0), ..facts() }),
            (NotAsked::ClientSilent, picky.clone(), CloseFacts { client_messages: Some(0), ..facts() }),
            (NotAsked::TooShort, picky, facts()),
            (NotAsked::OptedOut, on.clone(), CloseFacts { opted_out: true, ..facts() }),
            (NotAsked::Blocked, on.clone(), CloseFacts { blocked: true, ..facts() }),
            (NotAsked::Throttled, on.clone(), CloseFacts { next_ask_at: 1_000_501, ..facts() }),
            (NotAsked::SampledOut, LineSettings { sampling_percent: 0, ..on.clone() }, facts()),
            (
                NotAsked::WindowShut,
                on.clone(),
                CloseFacts { ways: Ways { window: WindowFact::Until(1_030_000), ..facts().ways }, ..facts() },
            ),
            (NotAsked::QuietHours, LineSettings { quiet_hours: Some(always_but_a_minute), ..on.clone() }, facts()),
            (NotAsked::TooLate, on, CloseFacts { now: 1_000_000 + HOUR, ..facts() }),
        ];
        for (expected, settings, facts) in cases {
            assert_eq!(reason(&settings, &facts), Some(expected));
            // A request to ask overrides preferences, and nothing else.
            let wanted = reason(&settings, &CloseFacts { wish: Wish::Ask, ..facts });
            assert_eq!(wanted, Some(expected).filter(|reason| !reason.gives_way()));
        }
    }

    #[test]
    fn a_line_asks_about_sessions_that_were_handled_as_it_says() {
        use HandledBy::{Both, Human, Nobody, Program};
        for (rule, asked) in [
            (AskHandled::Any, vec![Human, Program, Both, Nobody]),
            (AskHandled::WithHuman, vec![Human, Both, Nobody]),
            (AskHandled::HumanAlone, vec![Human, Nobody]),
            (AskHandled::WithProgram, vec![Program, Both, Nobody]),
            (AskHandled::ProgramAlone, vec![Program, Nobody]),
        ] {
            let settings = LineSettings { ask_handled: rule, ..LineSettings::default() };
            for handled_by in HandledBy::ALL {
                let expected = if asked.contains(&handled_by) { None } else { Some(NotAsked::HandledOtherwise) };
                assert_eq!(reason(&settings, &CloseFacts { handled_by, ..facts() }), expected, "{rule} and {handled_by}");
            }
        }
    }

    #[test]
    fn a_rule_to_ask_overrules_preferences_but_not_whoever_closed() {
        let labels = vec!["vip".to_owned()];
        let rules = AskRule::parse("ask: vip").into_iter().collect();
        let settings = LineSettings { sampling_percent: 0, ask_rules: rules, ..LineSettings::default() };
        let vip = CloseFacts { labels: Labels { labels: &labels, fields: None }, ..facts() };
        assert_eq!(reason(&settings, &vip), None);
        assert_eq!(reason(&settings, &facts()), Some(NotAsked::SampledOut), "the rule does not fit");
        assert_eq!(reason(&settings, &CloseFacts { wish: Wish::Keep, ..vip.clone() }), Some(NotAsked::ByChoice));
        assert_eq!(reason(&settings, &CloseFacts { opted_out: true, ..vip }), Some(NotAsked::OptedOut), "the client's own word counts");
    }

    #[test]
    fn a_sample_of_half_takes_about_half_and_always_the_same() {
        let taken = (0..10_000).filter(|number| in_sample(&format!("desk:{number}:1"), 50)).count();
        assert!((4_700..5_300).contains(&taken), "{taken}");
        assert!((0..100).all(|number| in_sample(&number.to_string(), 30) == in_sample(&number.to_string(), 30)));
    }
}
