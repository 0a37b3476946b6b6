//! Manually damaged rows.

use super::world;
use crate::on_both_databases;
use crate::personal::put;
use lastword::domain::answer::Disposition;
use lastword::domain::answer::reason::texts;
use lastword::domain::question::delivery::State;
use lastword::domain::report::calendar::Day;
use lastword::domain::report::counter::Measure;
use lastword::domain::report::period::Period;
use lastword::domain::session::label::LabelIs;
use lastword::life::answer::accept::accept;
use lastword::life::facts::inbound::Arrived;
use lastword::life::report::store_label_counts::store_label_counts;
use lastword::life::session::close_batch::Close;
use lastword::names::RequestId;
use lastword::store::StoreError;
use lastword::store::answer::rating;
use lastword::store::question::delivery_list::{Filter, stuck};
use lastword::store::report::{self, By, Closes, label_counts};
use lastword::time::DAY;
use lastword_contract::{Inbound, InboundKind};

on_both_databases! {
    what_cannot_be_read_is_not_written_over => unreadable;
    a_delivery_that_cannot_be_read_fails_alone_and_says_why => delivery_unreadable;
    a_close_that_cannot_be_counted_does_not_hold_up_the_counts_of_others => uncountable;
}

/// A manually damaged row is not treated as empty, and not counted as something else.
async fn unreadable(url: String) {
    let world = world(url.clone()).await;
    let (request, question) = world.ask("S-1").await;
    world.tap(&question, "👎").await;
    let thanks = world.client.take().pop().expect("thanks");
    let thanks = lastword_contract::Outgoing { key: question.key.clone(), ..thanks };
    let kept = async || {
        rating::of_requests(&world.engine.db, &[RequestId::named(&request)]).await.unwrap().remove(&RequestId::named(&request)).unwrap()
    };
    put(&url, "UPDATE rating SET reasons = '[{\"code\":\"slow\",\"text\":\"Took too lo'").await;
    let tapped = world.try_tap(&thanks, "Unfriendly").await;
    assert!(matches!(tapped, Err(StoreError::Inconsistent { table: "rating", column: "reasons", .. })), "{tapped:?}");
    put(&url, "UPDATE rating SET reasons = reasons || 'ng\"}]'").await;
    assert_eq!(texts(&kept().await.reasons), ["Took too long"], "what is mended is what it was");
    assert_eq!(world.tap(&thanks, "Unfriendly").await.disposition, Disposition::Counted);
    assert_eq!(texts(&kept().await.reasons), ["Took too long", "Unfriendly"]);

    put(&url, "UPDATE rating SET scale = 'ten_points'").await;
    let choice = question.choices.iter().find(|choice| choice.label == "👍").unwrap();
    let what = InboundKind::Press { token: choice.token.clone(), by: question.to.clone(), message_id: None, press_id: None };
    let inbound = Inbound { key: "good".to_owned(), order: 1_000, at: None, kind: what };
    let arrived = Arrived { connection: "bot".into(), inbound, body_hash: String::new(), came: None, form: None };
    let told = accept(&world.engine, vec![arrived], None, world.now()).await;
    assert!(
        matches!(&told, Err(StoreError::Inconsistent { table: "rating", column: "scale", found }) if found == "ten_points"),
        "{told:?}"
    );
    put(&url, "UPDATE rating SET scale = 'binary'").await;
    assert_eq!(kept().await.score, 0, "nothing was written");
}

/// A row of the queue that was damaged, or written by an older release: it fails with an error that names the row, and
/// other rows are sent.
async fn delivery_unreadable(url: String) {
    let world = world(url.clone()).await;
    for session in ["S-1", "S-2", "S-3", "S-4"] {
        world.tell(world.close_of(session)).await;
    }
    let of = |column: &str, session: &str| {
        format!(
            "UPDATE delivery SET {column} = '{{' WHERE kind = 'ask' AND subject = (SELECT id FROM rating_request WHERE session_id = '{session}')"
        )
    };
    put(&url, &of("payload", "S-1")).await;
    put(&url, &of("address", "S-2")).await;
    put(&url, &of("subject", "S-4")).await;
    world.pass(60_000).await;
    assert_eq!(world.client.take().len(), 1, "the third leaves");
    let failed = stuck(&world.engine.db, Some(State::Failed), &Filter::default(), None, 10).await.unwrap();
    let mut said: Vec<(String, String)> =
        failed.iter().map(|one| (one.reason.clone().unwrap(), one.detail.clone().unwrap().replace(&one.id.to_string(), "ID"))).collect();
    said.sort();
    let line =
        |column: &str, found: &str| ("unreadable".to_owned(), format!("delivery.{column} holds something unexpected: row ID, {found}"));
    let lost = line("subject", "ask about no rating request");
    assert_eq!(said, [line("address", "line 1 column 1"), line("payload", "line 1 column 1"), lost]);
}

/// The damaged one is read again by each report, which names it; the others have their counts.
async fn uncountable(url: String) {
    let world = world(url.clone()).await;
    for session in ["S-1", "S-2"] {
        world.tell(Close { labels: vec!["vip".to_owned()], ..world.close_of(session) }).await;
    }
    put(&url, "UPDATE rating_request SET scale = 'ten_points' WHERE session_id = 'S-1'").await;
    let until = world.now() + 10 * DAY;
    assert_eq!(store_label_counts(&world.engine.db, until, usize::MAX).await.unwrap(), 2);
    assert!(!label_counts::pending(&world.engine.db, until).await.unwrap(), "it is tried once");
    let days = Period::last(2, Day::of(world.now(), world.engine.db.zone()));
    let vip = || Closes { label: LabelIs::parse("vip"), ..Closes::of(days) };
    let told = report::counts(&world.engine.db, &vip(), By::Nothing).await;
    assert!(matches!(told, Err(StoreError::Inconsistent { column: "scale", .. })), "{told:?}");
    put(&url, "UPDATE rating_request SET scale = 'binary' WHERE session_id = 'S-1'").await;
    let found = report::counts(&world.engine.db, &vip(), By::Nothing).await.unwrap();
    assert_eq!(found.iter().map(|group| group.counts[Measure::Closes]).sum::<i64>(), 2, "what is mended counts");
}
