//! Tests of the planner, by example and by property.

use super::*;
use crate::line::{QuietHours, WindowRules};
use crate::question::window::MARGIN;
use chrono_tz::Tz;
use proptest::prelude::*;

const DAY: Millis = 24 * HOUR;
/// A template that may be sent at any time.
const ALWAYS: Outside = Outside::Form(WindowFact::Always);
/// Midnight in UTC, the zone of these lines.
const MIDNIGHT: Millis = 20_000 * DAY;

fn line(rules: WindowRules, quiet: Option<(&str, &str, ShutOut)>) -> LineSettings {
    let quiet_hours = quiet.map(|(from, to, shut_out)| QuietHours { from: from.to_owned(), to: to.to_owned(), time_zone: None, shut_out });
    LineSettings { window: rules, quiet_hours, reminder_after_hours: Some(24), ..LineSettings::default() }
}

fn ways(window: WindowFact) -> Ways {
    Ways { window, asks_at_close: false, outside: Outside::Never, fallback: None }
}

fn plan(line: &LineSettings, ways: &Ways, span: Span) -> Result<(Way, Millis), NotAsked> {
    find(line, Quiet::of(line.quiet_hours.as_ref(), Tz::UTC), ways, span).map(|leaving| (leaving.way, leaving.at))
}

/// A close at this hour, with the question planned `delay` later.
fn closed(hour: Millis, delay: Millis) -> Span {
    let from = MIDNIGHT + hour * HOUR;
    Span { from, wanted: from + delay, until: from + 3 * DAY }
}

#[test]
fn each_way_has_its_time() {
    let at = |hour: f64| MIDNIGHT + (hour * HOUR as f64) as Millis;
    let (plain, night) = (line(WindowRules::default(), None), line(WindowRules::default(), Some(("22:00", "08:00", ShutOut::Early))));
    let until = |hour: f64| ways(WindowFact::Until(at(hour)));
    let email = FallbackFact { window: WindowFact::Always, asks_at_close: false };
    let cases = [
        ("nothing stands in its way", &plain, until(30.0), closed(12, 0), Ok((Way::InTime, at(12.0)))),
        ("the delay is longer than the window", &plain, until(20.0), closed(12, 24 * HOUR), Ok((Way::Early, at(20.0) - EARLY_LEAD))),
        (
            "the window shuts within minutes",
            &plain,
            ways(WindowFact::Until(at(12.0) + 5 * 60_000)),
            closed(12, HOUR),
            Ok((Way::Early, at(12.0))),
        ),
        ("the window is shut", &plain, until(11.0), closed(12, 0), Err(NotAsked::WindowShut)),
        ("a template goes outside", &plain, Ways { outside: ALWAYS, ..until(11.0) }, closed(12, 0), Ok((Way::Template, at(12.0)))),
        ("the night is waited for", &night, until(40.0), closed(23, 0), Ok((Way::InTime, at(32.0)))),
        ("the night would shut it out", &night, until(31.0), closed(20, 3 * HOUR), Ok((Way::Early, at(22.0) - EARLY_LEAD))),
        ("closed at night, and the window shuts before the morning", &night, until(31.0), closed(23, 0), Err(NotAsked::QuietHours)),
        (
            "a few minutes are left in the morning",
            &night,
            ways(WindowFact::Until(at(32.0) + 5 * 60_000)),
            closed(23, 12 * HOUR),
            Ok((Way::Early, at(32.0))),
        ),
        (
            "a template waits for the morning too",
            &night,
            Ways { outside: ALWAYS, ..until(31.0) },
            closed(23, 0),
            Ok((Way::Template, at(32.0))),
        ),
        ("the fallback too", &night, Ways { fallback: Some(email), ..until(31.0) }, closed(23, 0), Ok((Way::Fallback, at(32.0)))),
        (
            "the visitor is there",
            &night,
            Ways { asks_at_close: true, ..ways(WindowFact::Always) },
            closed(23, 0),
            Ok((Way::InTime, at(23.0))),
        ),
        ("nobody knows the window", &plain, ways(WindowFact::Unknown), closed(12, 0), Ok((Way::WindowUnknown, at(12.0)))),
        (
            "nobody knows the window, and a template is sure",
            &plain,
            Ways { outside: ALWAYS, ..ways(WindowFact::Unknown) },
            closed(12, 0),
            Ok((Way::Template, at(12.0))),
        ),
        (
            "nobody knows the window, and the fallback is sure",
            &plain,
            Ways { fallback: Some(email), ..ways(WindowFact::Unknown) },
            closed(12, 0),
            Ok((Way::Fallback, at(12.0))),
        ),
        (
            "nobody knows either window",
            &plain,
            Ways { fallback: Some(FallbackFact { window: WindowFact::Unknown, ..email }), ..ways(WindowFact::Unknown) },
            closed(12, 0),
            Ok((Way::WindowUnknown, at(12.0))),
        ),
    ];
    for (what, line, ways, span, expected) in cases {
        assert_eq!(plan(line, &ways, span), expected, "{what}");
    }
}

#[test]
fn a_form_for_the_time_outside_has_a_window_of_its_own() {
    let at = |hour: Millis| MIDNIGHT + hour * HOUR;
    let line = line(WindowRules::default(), None);
    let form = |until: WindowFact| Ways { outside: Outside::Form(until), ..ways(WindowFact::Until(at(11))) };
    let left = |ways: &Ways| find(&line, None, ways, closed(12, HOUR));
    let by_form = Leaving { way: Way::Template, at: at(13), window_closes_at: Some(at(30)) };
    assert_eq!(left(&form(WindowFact::Until(at(30)))), Ok(by_form), "and it keeps to its end");
    assert_eq!(left(&form(WindowFact::Until(at(13)))), Err(NotAsked::WindowShut), "it shuts before the question is due");
    assert_eq!(left(&form(WindowFact::Unknown)), Err(NotAsked::WindowShut));
    // The time of the client's last message is unknown: it is tried inside the window, where the platform refuses what is too late.
    let unknown = Ways { window: WindowFact::Unknown, ..form(WindowFact::Unknown) };
    assert_eq!(left(&unknown).map(|leaving| leaving.way), Ok(Way::WindowUnknown));
    let question = find(&line, None, &form(WindowFact::Until(at(30))), closed(12, 0)).expect("asks");
    let remind = |until: Millis| reminder(&line, None, &form(WindowFact::Until(until)), question, at(84)).map(|leaving| leaving.at);
    assert_eq!((remind(at(30)), remind(at(40))), (None, Some(at(36))), "the reminder too");
}

#[test]
fn a_missing_form_is_the_reason_where_the_line_wants_one() {
    let mut rules = WindowRules::default();
    let missing = |reason| Ways { outside: Outside::Missing(reason), ..ways(WindowFact::Until(MIDNIGHT)) };
    for reason in [NotAsked::TemplateMissing, NotAsked::NoForm] {
        assert_eq!(plan(&line(rules.clone(), None), &missing(reason), closed(12, 0)), Err(reason));
    }
    rules.template = false;
    assert_eq!(plan(&line(rules, None), &missing(NotAsked::NoForm), closed(12, 0)), Err(NotAsked::WindowShut));
}

#[test]
fn the_line_switches_each_way_off() {
    let shut = Ways {
        outside: ALWAYS,
        fallback: Some(FallbackFact { window: WindowFact::Always, asks_at_close: false }),
        ..ways(WindowFact::Until(MIDNIGHT + 13 * HOUR))
    };
    let mut rules = WindowRules::default();
    let way = |rules: &WindowRules, ways: &Ways| plan(&line(rules.clone(), None), ways, closed(12, 2 * HOUR)).map(|(way, _)| way);
    assert_eq!(way(&rules, &shut), Ok(Way::Early));
    rules.ask_early = false;
    assert_eq!(way(&rules, &shut), Ok(Way::Template));
    rules.template = false;
    assert_eq!(way(&rules, &shut), Ok(Way::Fallback));
    assert_eq!(way(&rules, &Ways { fallback: None, ..shut }), Err(NotAsked::WindowShut));
    let skips = line(WindowRules::default(), Some(("22:00", "08:00", ShutOut::Skip)));
    let until_seven = Ways { window: WindowFact::Until(MIDNIGHT + 31 * HOUR), ..shut };
    assert_eq!(plan(&skips, &until_seven, closed(20, 3 * HOUR)), Err(NotAsked::QuietHours), "skip means skip");
}

#[test]
fn what_was_refused_is_not_tried_again() {
    let line = line(WindowRules::default(), None);
    let email = FallbackFact { window: WindowFact::Always, asks_at_close: false };
    let all = Ways { outside: ALWAYS, fallback: Some(email), ..ways(WindowFact::Until(MIDNIGHT)) };
    let way = |template, fallback| next(&line, None, &all, Tried { template, fallback }, closed(12, 0)).map(|leaving| leaving.way);
    assert_eq!(way(false, false), Some(Way::Template));
    assert_eq!(way(true, false), Some(Way::Fallback));
    assert_eq!(way(false, true), None, "after the fallback there is nothing");
}

#[test]
fn a_reminder_follows_the_same_plan() {
    let line = line(WindowRules::default(), None);
    let remind = |ways: &Ways, span: Span| {
        let question = find(&line, None, ways, span).expect("asks");
        reminder(&line, None, ways, question, span.until).map(|leaving| (leaving.way, leaving.at))
    };
    let at = |hour: Millis| MIDNIGHT + hour * HOUR;
    assert_eq!(remind(&ways(WindowFact::Always), closed(12, 0)), Some((Way::InTime, at(36))));
    assert_eq!(remind(&ways(WindowFact::Until(at(30))), closed(12, 0)), Some((Way::Early, at(30) - EARLY_LEAD)));
    assert_eq!(remind(&ways(WindowFact::Until(at(12) + HOUR)), closed(12, 0)), None, "not within the hour");
    let templates = Ways { outside: ALWAYS, ..ways(WindowFact::Until(at(11))) };
    assert_eq!(remind(&templates, closed(12, 0)), Some((Way::Template, at(36))));
    let email = FallbackFact { window: WindowFact::Always, asks_at_close: false };
    let fallback = Ways { fallback: Some(email), ..ways(WindowFact::Until(at(11))) };
    assert_eq!(remind(&fallback, closed(12, 0)), Some((Way::InTime, at(36))), "through the question's own channel");
}

fn any_window() -> impl Strategy<Value = WindowFact> {
    prop_oneof![
        1 => Just(WindowFact::Always),
        1 => Just(WindowFact::Unknown),
        6 => (-DAY..4 * DAY).prop_map(|ahead| WindowFact::Until(MIDNIGHT + ahead)),
    ]
}

fn any_line() -> impl Strategy<Value = LineSettings> {
    let quiet = proptest::option::of((0_u32..1_440, 1_u32..1_440, any::<bool>()));
    (any::<bool>(), any::<bool>(), quiet).prop_map(|(ask_early, template, quiet)| {
        let clock = |minute: u32| format!("{:02}:{:02}", minute / 60 % 24, minute % 60);
        let quiet = quiet.map(|(from, length, skip)| {
            let shut_out = if skip { ShutOut::Skip } else { ShutOut::Early };
            QuietHours { from: clock(from), to: clock(from + length), time_zone: Some("Europe/Berlin".to_owned()), shut_out }
        });
        LineSettings { quiet_hours: quiet, ..line(WindowRules { ask_early, template, fallback: None }, None) }
    })
}

fn any_outside() -> impl Strategy<Value = Outside> {
    prop_oneof![
        2 => Just(Outside::Never),
        3 => any_window().prop_map(Outside::Form),
        1 => Just(Outside::Missing(NotAsked::TemplateMissing)),
        1 => Just(Outside::Missing(NotAsked::NoForm)),
    ]
}

fn any_ways() -> impl Strategy<Value = Ways> {
    let fallback = proptest::option::of((any_window(), any::<bool>()));
    (any_window(), any::<bool>(), any_outside(), fallback).prop_map(|(window, asks_at_close, outside, fallback)| Ways {
        window,
        asks_at_close,
        outside,
        fallback: fallback.map(|(window, asks_at_close)| FallbackFact { window, asks_at_close }),
    })
}

fn any_span() -> impl Strategy<Value = Span> {
    (0..2 * DAY, prop_oneof![Just(0), 0..2 * DAY], 1..3 * DAY).prop_map(|(from, delay, lasts)| {
        let from = MIDNIGHT + from;
        Span { from, wanted: from + delay, until: from + lasts }
    })
}

proptest! {
    /// I8: for every line, channel and hour, nothing is planned outside its window, in quiet hours, before the close or after its
    /// end. What is not planned has a reason.
    #[test]
    fn i8_every_plan_keeps_to_windows_and_quiet_hours(line in any_line(), ways in any_ways(), span in any_span()) {
        let quiet = Quiet::of(line.quiet_hours.as_ref(), Tz::UTC);
        let found = find(&line, quiet, &ways, span);
        let at_close = match found {
            Ok(Leaving { way: Way::Fallback, .. }) => ways.fallback.is_some_and(|fallback| fallback.asks_at_close),
            _ => ways.asks_at_close,
        };
        let held = |at: Millis| !at_close && quiet.is_some_and(|quiet| quiet.holds(at));
        // A template that quiet hours delay until the end is no route.
        let waited = quiet.map_or(span.wanted, |quiet| quiet.free_from(span.wanted));
        let form = |at: Millis| matches!(ways.outside, Outside::Form(window) if window != WindowFact::Unknown && window.admits(at));
        let template = form(waited) && line.window.template && waited < span.until;
        match found {
            Ok(leaving) => {
                prop_assert!((span.from..span.until).contains(&leaving.at) && !held(leaving.at), "{:?}", leaving);
                let inside = leaving.window_closes_at.is_none_or(|closes_at| leaving.at + MARGIN < closes_at);
                prop_assert!(inside, "{:?}", leaving);
                match leaving.way {
                    Way::InTime => prop_assert!(leaving.at >= span.wanted && ways.window.admits(leaving.at)),
                    Way::Early => prop_assert!(leaving.at <= span.wanted && ways.window.admits(leaving.at)),
                    Way::Template => {
                        let shut = ways.window == WindowFact::Unknown || !ways.window.admits(leaving.at);
                        prop_assert!(form(leaving.at) && line.window.template && shut);
                    }
                    Way::WindowUnknown => prop_assert!(ways.window == WindowFact::Unknown && !template),
                    Way::Fallback => prop_assert!(ways.fallback.is_some_and(|fallback| fallback.window.admits(leaving.at))),
                }
            }
            Err(NotAsked::TooLate) => prop_assert!(span.wanted >= span.until),
            Err(NotAsked::QuietHours) => prop_assert!(held(span.wanted) && ways.window.admits(span.wanted)),
            Err(reason) => {
                let expected = match ways.outside {
                    Outside::Missing(missing) if line.window.template => missing,
                    _ => NotAsked::WindowShut,
                };
                prop_assert_eq!(reason, expected);
                prop_assert!(!ways.window.admits(span.wanted));
                let could = line.window.ask_early && !held(span.from) && ways.window.admits(span.from);
                prop_assert!(!could, "could have been asked at the close");
            }
        }
    }

    /// A window that stays open longer never makes the route worse.
    #[test]
    fn a_longer_window_is_never_worse(line in any_line(), ways in any_ways(), span in any_span(), longer in 1..2 * DAY) {
        let WindowFact::Until(closes_at) = ways.window else { return Ok(()) };
        let quiet = Quiet::of(line.quiet_hours.as_ref(), Tz::UTC);
        let rank = |ways: &Ways| find(&line, quiet, ways, span).map_or(9, |leaving| leaving.way as usize);
        // Quiet hours with "skip" give up where a closed window would have used the next route.
        let skips = line.quiet_hours.as_ref().is_some_and(|quiet| quiet.shut_out == ShutOut::Skip);
        prop_assume!(!skips);
        let longer = Ways { window: WindowFact::Until(closes_at + longer), ..ways };
        prop_assert!(rank(&longer) <= rank(&ways));
    }

    /// A reminder keeps its distance from the question, and follows the same rules.
    #[test]
    fn a_reminder_keeps_its_distance(line in any_line(), ways in any_ways(), span in any_span()) {
        let quiet = Quiet::of(line.quiet_hours.as_ref(), Tz::UTC);
        let Ok(question) = find(&line, quiet, &ways, span) else { return Ok(()) };
        if let Some(reminder) = reminder(&line, quiet, &ways, question, span.until) {
            prop_assert!(reminder.at >= question.at + REMINDER_GAP && reminder.at < span.until);
            prop_assert!(reminder.window_closes_at.is_none_or(|closes_at| reminder.at + MARGIN < closes_at));
            prop_assert!(reminder.way != Way::Fallback);
        }
    }
}
