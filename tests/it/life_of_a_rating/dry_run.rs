//! A dry run predicts what a line does once it is enabled.

use super::HOUR;
use crate::on_both_databases;
use crate::rig::world::{World, messenger};
use lastword::domain::line::{LineSettings, QuietHours, ShutOut, Skip, WindowRules};
use lastword::domain::session::ClosedBy;
use lastword::life::admin::dry_run::{LinePlan, plan_line};
use lastword::life::engine::other_address::OtherAddress;
use lastword::life::session::close_batch::{Close, Closed};
use lastword::names::ConnectionId;
use lastword::store::question::rating_request;
use lastword_contract::{Address, Capabilities, Scale, WindowRule};

on_both_databases! {
    a_dry_run_says_what_the_line_would_do_and_then_does => agrees;
}

const DAY: i64 = 24 * HOUR;

/// The settings tried: quiet hours, a long delay, a fallback.
fn settings() -> LineSettings {
    let quiet = QuietHours { from: "22:00".into(), to: "08:00".into(), time_zone: Some("Europe/Berlin".into()), shut_out: ShutOut::Early };
    LineSettings {
        delay_secs: 6 * 3_600,
        window: WindowRules { template: false, fallback: Some("mail".into()), ..WindowRules::default() },
        quiet_hours: Some(quiet),
        skip: Skip { operator_silent: true, ..Skip::default() },
        reminder_after_hours: Some(24),
        ..LineSettings::default()
    }
}

/// A week of chats, one every two hours: silent clients, silent operators, bots, the same client twice per day.
fn closes(world: &World, number: i64) -> Close {
    let with_mail = number % 3 == 0;
    let ann = OtherAddress { connection: "mail".into(), address: Address::chat(format!("client-{number}@example.com")) };
    Close {
        last_client_message_at: Some(world.now() - number % 27 * HOUR),
        addresses: with_mail.then_some(ann).into_iter().collect(),
        client: Some(format!("client-{}", number % 11).into()),
        operator_messages: Some(number % 11),
        closed_by: if number % 13 == 0 { ClosedBy::Bot } else { ClosedBy::Operator },
        client_name: None,
        already_rated: number % 17 == 0,
        ..world.close_of(&format!("S-{number}"))
    }
}

async fn agrees(url: String) {
    let windowed = Capabilities { window: WindowRule::AfterClient(DAY), templates: &[Scale::Binary, Scale::FiveStar], ..messenger() };
    let world = World::on(&url, windowed).await;
    let start = world.now();
    world.line(LineSettings { enabled: false, ..LineSettings::default() }).await;
    let mut ids = Vec::new();
    for number in 0..84 {
        world.clock.set(start + number * 2 * HOUR);
        let Closed::Kept { rating_request, decision, .. } = world.tell(closes(&world, number)).await else { panic!("kept") };
        assert_eq!(decision, Err("line_off".into()));
        ids.push(rating_request);
    }
    let dry = plan_line(&world.engine, &"support".into(), &settings(), start, world.now() + 1).await.unwrap();
    assert_eq!((dry.closes.len(), dry.summary.closes, dry.truncated), (84, 84, false));
    assert_eq!(dry.summary.asked + dry.summary.not_asked.values().sum::<u64>(), 84);
    for way in ["in_time", "early", "fallback"] {
        assert!(dry.summary.by_way.get(way).is_some_and(|count| *count > 0), "{way} is missing in {:?}", dry.summary);
    }
    for reason in ["window_shut", "bot_close", "already_rated", "operator_silent", "throttled"] {
        assert!(dry.summary.not_asked.get(reason).is_some_and(|count| *count > 0), "{reason} is missing in {:?}", dry.summary);
    }
    let asks = rating_request::load(&world.engine.db, &ids).await.unwrap();
    assert!(asks.iter().all(|request| request.outcome.map(|word| word.as_str()) == Some("not_asked")), "nothing was changed");

    // The same week again, with the line enabled: the prediction was right.
    let again = start + 14 * DAY;
    world.clock.set(again);
    world.line(settings()).await;
    let mut real = Vec::new();
    for number in 0..84 {
        world.clock.set(again + number * 2 * HOUR);
        let Closed::Kept { rating_request, .. } =
            world.tell(Close { session_id: format!("T-{number}").into(), ..closes(&world, number) }).await
        else {
            panic!()
        };
        let request = rating_request::load(&world.engine.db, &[rating_request]).await.unwrap().remove(0);
        real.push((
            request.way.map(|way| way.to_string()),
            request.asked_through().cloned(),
            request.due_at.map(|at| at - again),
            request.reason,
        ));
    }
    assert_eq!(said(&dry, start), real);
    // A dry run over closes with real decisions agrees with them.
    let over_real = plan_line(&world.engine, &"support".into(), &settings(), again, world.now() + 1).await.unwrap();
    assert_eq!(said(&over_real, again), real);
}

type Said = (Option<String>, Option<ConnectionId>, Option<i64>, Option<String>);

fn said(plan: &LinePlan, start: i64) -> Vec<Said> {
    let one = |close: &lastword::life::admin::dry_run::Planned| {
        (close.way.map(str::to_owned), close.asked_through.clone(), close.due_at.map(|at| at - start), close.reason.map(str::to_owned))
    };
    plan.closes.iter().map(one).collect()
}
