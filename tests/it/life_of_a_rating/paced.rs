//! I16: messages to a chat are sent one by one, and more slowly to a group than to a person, however many are due at once.

use crate::on_both_databases;
use crate::rig::world::{World, messenger};
use lastword::domain::line::LineSettings;
use lastword::time::Millis;
use lastword_contract::{Address, Capabilities, Rate};
use std::collections::BTreeMap;

on_both_databases! {
    i16_a_group_gets_twenty_messages_a_minute_and_nobody_else_waits_for_it => group;
}

const GROUP: &str = "-100200";

/// Like Telegram: 30 per second in total, one per second to a chat, 20 per minute to a group.
fn telegram() -> Capabilities {
    Capabilities { rate: Rate { per_second: 25.0, burst: 5, per_chat_ms: 1_000, per_group_ms: 3_000 }, ..messenger() }
}

async fn group(url: String) {
    let world = World::on(&url, telegram()).await;
    world.line(LineSettings { delay_secs: 0, once_per_client_hours: 0, ..LineSettings::default() }).await;
    let chats = |number: usize| [GROUP.to_owned(), "anna".to_owned(), format!("client-{number}")];
    for number in 0..25 {
        for chat in chats(number) {
            let mut close = world.close_of(&format!("S-{chat}-{number}"));
            // In a group, a specific person is asked.
            close.address = Some(Address { user: Some("client".to_owned()), ..Address::chat(chat) });
            world.tell(close).await;
        }
    }
    let started = world.now();
    let mut sent: BTreeMap<String, Vec<Millis>> = BTreeMap::new();
    while sent.values().map(Vec::len).sum::<usize>() < 75 {
        world.work().await;
        let at = world.now();
        for message in world.client.take() {
            sent.entry(message.to.chat).or_default().push(at);
        }
        assert!(at < started + 120_000, "all of them leave: {sent:?}");
        world.clock.advance(100);
    }
    let most_within = |times: &[Millis], span: Millis| {
        times.iter().map(|from| times.iter().filter(|at| (*from..from + span).contains(at)).count()).max().unwrap_or(0)
    };
    assert_eq!(most_within(&sent[GROUP], 60_000), 20, "a group's minute is full, and never fuller");
    assert_eq!(most_within(&sent[GROUP], 3_000), 1);
    // Waiting messages are claimed again at the connection's own rate, which sometimes adds a moment.
    let took = |chat: &str| sent[chat].last().unwrap() - started;
    assert!((24 * 3_000..24 * 3_000 + 3_000).contains(&took(GROUP)), "nor does it wait for much longer than its limit wants: {sent:?}");
    assert_eq!(most_within(&sent["anna"], 1_000), 1, "a person's chat has its own pace");
    assert!((24 * 1_000..24 * 1_000 + 3_000).contains(&took("anna")), "which that of a group does not slow down: {sent:?}");
    let all: Vec<Millis> = sent.values().flatten().copied().collect();
    assert!(most_within(&all, 1_000) <= 30, "over all chats");
    let others = sent.iter().filter(|(chat, _)| chat.starts_with("client-")).flat_map(|(_, times)| times);
    assert!(others.max().unwrap() - started <= 6_000, "whoever is written to once is written to soon: {sent:?}");
}
