//! Replies: sent if the window permits, edited in place or not at all, never sent twice.

use super::{DAY, HOUR, low, sam};
use crate::on_both_databases;
use crate::rig::world::{World, messenger};
use lastword::domain::review::BadText;
use lastword::life::review::Refused;
use lastword::life::review::act::{ReviewAct, act};
use lastword::names::RequestId;
use lastword::store::access::audit;
use lastword::store::question::delivery;
use lastword::store::review::reply;
use lastword_contract::{Capabilities, Purpose, SendError, TextLimit, Verdict, WindowRule};

on_both_databases! {
    a_reply_reaches_the_client_and_an_edit_takes_its_place => edited_in_place;
    where_nothing_can_be_edited_the_client_keeps_the_first_text => keeps_the_first;
    outside_the_window_the_reply_is_kept_and_the_reason_said => window_shut;
    a_reply_edited_before_it_left_leaves_once_in_its_new_words => edited_before;
    of_two_people_at_once_the_second_is_told => two_at_once;
    a_reply_whose_end_is_unknown_is_not_sent_a_second_time => unknown_end;
}

async fn write(world: &World, request: &str, text: &str) -> lastword::store::review::reply::Reply {
    let done = act(&world.engine, &sam(), RequestId::named(request), ReviewAct::Reply(text.to_owned()), None, world.now()).await.unwrap();
    done.expect("it is kept").reply.unwrap()
}

async fn edited_in_place(url: String) {
    let world = World::on(&url, messenger()).await;
    let (request, _) = low(&world, "S-1").await;
    let first = write(&world, &request, "  Sorry, Anna.\r\nWe are on it. ").await;
    assert_eq!((first.version, first.text.as_str(), first.not_sent.as_deref()), (1, "Sorry, Anna.\nWe are on it.", None));
    world.work().await;
    let sent = world.client.take().pop().expect("the reply");
    assert_eq!((sent.purpose.clone(), sent.text.as_str(), sent.replaces.clone()), (Purpose::Text, "Sorry, Anna.\nWe are on it.", None));
    assert!(sent.choices.is_empty());

    // Days later, after the window has closed: an existing message may still be edited.
    world.pass(3 * DAY).await;
    let second = write(&world, &request, "It is mended now.").await;
    assert_eq!((second.version, second.not_sent), (2, None));
    // Edited again before the edit was sent.
    write(&world, &request, "It is mended now, Anna.").await;
    world.work().await;
    let edits = world.client.take();
    assert_eq!(edits.len(), 1, "{edits:?}");
    assert_eq!((edits[0].text.as_str(), edits[0].replaces.as_deref()), ("It is mended now, Anna.", Some(&*format!("m-{}", sent.key))));

    // The same text again is no new version.
    assert_eq!(write(&world, &request, "It is mended now, Anna.").await.version, 3);
    let versions = reply::versions(&world.engine.db, RequestId::named(&request)).await.unwrap();
    assert_eq!(versions.iter().map(|reply| reply.version).collect::<Vec<_>>(), [1, 2, 3]);
    let trail =
        audit::list(&world.engine.db, &audit::Filter { act: Some("rating.replied".into()), ..Default::default() }, None, 9).await.unwrap();
    assert_eq!(trail.len(), 3);
    assert!(trail.iter().all(|entry| entry.by_name == "Sam" && entry.line_id.as_ref().map(|id| id.as_str()) == Some("support")));
    assert!(!format!("{trail:?}").contains("mended"), "what was written is personal");
}

async fn keeps_the_first(url: String) {
    let world = World::on(&url, Capabilities { edits: false, ..messenger() }).await;
    let (request, _) = low(&world, "S-1").await;
    write(&world, &request, "Sorry.").await;
    world.work().await;
    world.client.take();
    assert_eq!(write(&world, &request, "Very sorry.").await.not_sent.as_deref(), Some("keeps_first"));
    world.work().await;
    assert!(world.client.take().is_empty(), "the client does not get a second text");
    assert_eq!(
        reply::newest(&world.engine.db, &[RequestId::named(&request)]).await.unwrap()[&RequestId::named(&request)].text,
        "Very sorry."
    );
}

async fn window_shut(url: String) {
    let can = Capabilities { window: WindowRule::AfterClient(24 * HOUR), text_max: Some(TextLimit::Chars(50)), ..messenger() };
    let world = World::on(&url, can).await;
    let (request, _) = low(&world, "S-1").await;
    let long = act(&world.engine, &sam(), RequestId::named(&request), ReviewAct::Reply("x".repeat(51)), None, world.now()).await.unwrap();
    assert_eq!(long.unwrap_err(), Refused::TooLongForChannel(50), "a reply is never cut short");
    for (text, bad) in [("  ", BadText::Empty), (&*"x".repeat(2_001), BadText::TooLong(2_000))] {
        let refused =
            act(&world.engine, &sam(), RequestId::named(&request), ReviewAct::Reply(text.to_owned()), None, world.now()).await.unwrap();
        assert_eq!(refused.unwrap_err(), Refused::Text(bad));
    }
    world.pass(25 * HOUR).await;
    assert_eq!(write(&world, &request, "Sorry.").await.not_sent.as_deref(), Some("window_shut"));
    world.work().await;
    assert!(world.client.take().is_empty());

    // Inside the window, the delivery observes its end.
    let (request, _) = low(&world, "S-2").await;
    let sent = write(&world, &request, "Sorry.").await;
    let carried = delivery::find(&world.engine.db, sent.delivery_id.unwrap()).await.unwrap().unwrap();
    assert!(carried.window_closes_at.is_some_and(|at| at < world.now() + 24 * HOUR), "{carried:?}");
    assert_eq!(
        act(&world.engine, &sam(), RequestId::named("nothing"), ReviewAct::Reply("x".to_owned()), None, 0).await.unwrap().unwrap_err(),
        Refused::Unknown
    );
}

async fn edited_before(url: String) {
    let world = World::on(&url, messenger()).await;
    let (request, _) = low(&world, "S-1").await;
    let first = write(&world, &request, "Sory.").await;
    write(&world, &request, "Sorry.").await;
    world.work().await;
    let sent = world.client.take();
    assert_eq!(sent.iter().map(|message| message.text.as_str()).collect::<Vec<_>>(), ["Sorry."]);
    let carried = delivery::find(&world.engine.db, first.delivery_id.unwrap()).await.unwrap().unwrap();
    assert_eq!((carried.state.as_str(), carried.reason.as_deref()), ("canceled", Some("newer_text")));
}

async fn two_at_once(url: String) {
    let world = World::on(&url, messenger()).await;
    let (request, _) = low(&world, "S-1").await;
    let first = act(&world.engine, &sam(), RequestId::named(&request), ReviewAct::Reply("Sorry.".to_owned()), Some(0), world.now())
        .await
        .unwrap()
        .unwrap();
    assert_eq!(first.review.revision, 1);
    let second = act(&world.engine, &sam(), RequestId::named(&request), ReviewAct::Reply("So sorry.".to_owned()), Some(0), world.now())
        .await
        .unwrap();
    let Err(Refused::Outdated(now)) = second else { panic!("{second:?}") };
    assert_eq!(now.revision, 1);
    assert_eq!(reply::versions(&world.engine.db, RequestId::named(&request)).await.unwrap().len(), 1, "nothing was overwritten");
}

async fn unknown_end(url: String) {
    let world = World::on(&url, messenger()).await;
    let (request, _) = low(&world, "S-1").await;
    world.client.fails_with([SendError::new(Verdict::CannotKnow, "timeout", "no answer in time")]);
    write(&world, &request, "Sorry.").await;
    world.work().await;
    assert_eq!(write(&world, &request, "Very sorry.").await.not_sent.as_deref(), Some("unsure"));
    world.pass(HOUR).await;
    assert!(world.client.take().is_empty());
}
