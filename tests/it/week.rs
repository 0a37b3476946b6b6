//! A simulated week of a shop with five lines on four channels: windows of a day and of seven days, quiet hours, outages
//! and throttling, clients who write, answer, or stay silent. The platforms log the times of all messages. No message is
//! sent outside its window or in quiet hours, and every close that was not asked about has a reason that a second, simple
//! implementation of the rules confirms.

mod platform;
mod shop;

use lastword::domain::outcome::{NotAsked, Outcome};
use lastword::store::question::{delivery, rating_request};
use lastword::time::HOUR;
use platform::Sent;
use shop::{LINES, Shop};

/// Seeds of the short form, each a separate week.
const SEEDS: u64 = 3;

#[tokio::test]
async fn no_message_leaves_outside_its_window_and_every_skip_has_its_reason() {
    let seeds = if std::env::var_os("LASTWORD_TEST_LONG").is_some() { 60 } else { SEEDS };
    let mut reasons = std::collections::BTreeMap::new();
    for seed in 0..seeds {
        let shop = a_week(seed, "sqlite::memory:".to_owned()).await;
        judge(&shop, seed, &mut reasons).await;
    }
    for expected in ["window_shut", "quiet_hours", "answered", "expired", "in_time", "early", "template", "fallback", "window_unknown"] {
        assert!(reasons.contains_key(expected), "a week without \"{expected}\" shows little: {reasons:?}");
    }
}

#[tokio::test]
async fn a_week_on_postgres() {
    let shop = a_week(1_000, crate::rig::postgres::database().await).await;
    judge(&shop, 1_000, &mut Default::default()).await;
}

async fn a_week(seed: u64, url: String) -> Shop {
    let mut shop = Shop::open(seed, &url).await;
    let end = shop.now() + 7 * 24 * HOUR;
    while shop.now() < end {
        shop.somebody_acts().await;
        shop.pass_minutes(3..40).await;
        shop.do_duties().await;
    }
    // Open questions expire; platforms recover.
    shop.mend().await;
    for _ in 0..30 {
        shop.pass(3 * HOUR).await;
        shop.do_duties().await;
    }
    shop
}

async fn judge(shop: &Shop, seed: u64, reasons: &mut std::collections::BTreeMap<String, usize>) {
    let mut asked = 0;
    for sent in shop.sent() {
        asked += usize::from(sent.asks);
        held_to_the_rules(shop, &sent, seed);
    }
    assert!(asked > 100, "seed {seed}: only {asked} questions in a week");
    for fact in &shop.facts {
        let request = rating_request::load(&shop.engine.db, &[fact.request]).await.unwrap().remove(0);
        let about = || format!("seed {seed}: {request:?}\n{fact:?}");
        let outcome = request.outcome.unwrap_or_else(|| panic!("open for ever: {}", about()));
        *reasons.entry(outcome.as_str().to_owned()).or_default() += 1;
        request.way.iter().for_each(|way| *reasons.entry(way.to_string()).or_default() += 1);
        let reason = request.reason.as_deref();
        let asks = delivery::about(&shop.engine.db, &[&fact.request]).await.unwrap();
        for row in asks.iter().filter(|row| ["skipped", "undeliverable", "failed", "canceled", "dead"].contains(&row.state.as_str())) {
            assert!(row.reason.as_deref().is_some_and(|reason| !reason.is_empty()), "{row:?}\n{}", about());
        }
        match outcome {
            Outcome::NotAsked => {
                let reason = reason.and_then(NotAsked::parse).unwrap_or_else(|| panic!("no reason: {}", about()));
                *reasons.entry(reason.as_str().to_owned()).or_default() += 1;
                if request.decided_at == Some(request.closed_at) {
                    assert_eq!(Some(reason), shop.why_not(fact), "{}", about());
                } else {
                    // It was to be asked, but its platform was down for too long, or its window turned out to be closed.
                    assert!([NotAsked::WindowShut, NotAsked::QuietHours, NotAsked::TooLate].contains(&reason), "{}", about());
                    assert!(shop.why_not(fact).is_none() && (fact.untold || shop.was_troubled(fact)), "{}", about());
                }
            }
            Outcome::Unreachable | Outcome::Unsure => {
                assert!(outcome == Outcome::Unsure || reason.is_some(), "no reason: {}", about());
                assert!(shop.was_troubled(fact), "nothing stood in its way: {}", about());
            }
            Outcome::Answered | Outcome::Expired => assert_eq!(shop.why_not(fact), None, "{}", about()),
            Outcome::Canceled => panic!("nobody canceled it: {}", about()),
        }
    }
}

fn held_to_the_rules(shop: &Shop, sent: &Sent, seed: u64) {
    assert!(sent.window_open || sent.template, "seed {seed}: it left outside its window: {sent:?}");
    assert!(!sent.template || sent.asks, "seed {seed}: a template that is no question: {sent:?}");
    if sent.asks {
        let line = shop.line_of(&sent.chat);
        assert!(!LINES[line].quiet_at(sent.at), "seed {seed}: in quiet hours of {}: {sent:?}", LINES[line].id);
    }
}
