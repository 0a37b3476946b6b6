//! An opt-out entered by a user or a program for a client; it outlives the client's erasure.

use super::{decided, ended, later, outcome, types};
use crate::on_both_databases;
use crate::personal::scan;
use crate::rig::caller::Api;
use crate::rig::house::House;
use crate::rig::world::{World, messenger};
use lastword::domain::access::audit::By;
use lastword::domain::access::rights::{Lines, Role};
use lastword::domain::answer::opt_out::Wish;
use lastword::domain::line::LineSettings;
use lastword::life::answer::opt_out;
use lastword::life::records::client_data::{erase, find, look};
use lastword::life::session::close_batch::Closed;
use lastword::store::access::audit;
use serde_json::json;

on_both_databases! {
    a_wish_outlives_the_erasure_of_the_client => outlives;
    a_program_sets_reads_and_lifts_it => by_program;
    an_admin_sets_and_lifts_it_on_the_clients_page => by_page;
}

async fn outlives(url: String) {
    let world = World::on(&url, messenger()).await;
    world.line(LineSettings { once_per_client_hours: 0, ..LineSettings::default() }).await;
    world.ask("S-1").await;
    types(&world, "S-1", "STOP", None).await;
    erase(&world.engine, &By::command(), &"desk/client-of-S-1".into(), world.now()).await.unwrap().unwrap();
    let found = scan::scan(&url, "S-1").await.found;
    assert!(found.iter().all(|place| !place.starts_with("opt_out")), "the list names nobody: {found:?}");
    let mut by_chat = world.close_of("S-2");
    (by_chat.client, by_chat.address) = (None, world.close_of("S-1").address);
    assert_eq!(decided(&world, by_chat).await, Err("opted_out".to_owned()));
    let mut by_id = world.close_of("S-3");
    by_id.client = Some("client-of-S-1".into());
    assert_eq!(decided(&world, by_id).await, Err("opted_out".to_owned()));
    erase(&world.engine, &By::command(), &"desk/client-of-S-1".into(), world.now()).await.unwrap();

    // It can still be found by the ID, and ended, for all names at once.
    let known = find(&world.engine, "desk/client-of-S-1", &Lines::All).await.unwrap();
    assert_eq!((known.len(), known[0].sessions, known[0].opted_out_at.is_some()), (1, 0, true));
    assert!(look(&world.engine, &"desk/client-of-S-1".into()).await.unwrap().unwrap().contains_key("opt_out"));
    assert!(opt_out::set(&world.engine, &By::command(), &"desk/client-of-S-1".into(), Wish::Start, world.now()).await.unwrap());
    let mut by_chat = world.close_of("S-4");
    (by_chat.client, by_chat.address) = (None, world.close_of("S-1").address);
    assert!(decided(&world, by_chat).await.is_ok(), "the chat is the same person");
}

async fn by_program(url: String) {
    let api = Api::new(&url).await;
    let Closed::Kept { rating_request, decision: Ok(_), .. } = api.world.tell(api.world.close_of("s1")).await else { panic!("asked") };
    let path = "/v1/clients/desk%2Fclient-of-s1/opt-out";
    assert_eq!(api.get(path).await.json(), json!({ "client": "desk/client-of-s1", "known": true, "opted_out": false }));
    let own = api.key(8, &["clients:manage"]).await;
    let few = api.key(7, &["ratings:read", "sessions:write"]).await;
    for method in ["GET", "PUT", "DELETE"] {
        assert_eq!(api.call(method, path, Some(&few), "").await.status, 403, "{method}");
        assert_eq!(api.call(method, path, None, "").await.status, 401, "{method}");
    }
    let out = api.call("PUT", path, Some(&own), "").await;
    assert_eq!((out.status, &out.json()["opted_out"], &out.json()["opted_out_by"]), (200, &json!(true), &json!("program")), "{out:?}");
    assert_eq!(
        outcome(&api.world, &rating_request.to_string()).await,
        ended("not_asked", "opted_out"),
        "the question on its way is taken back"
    );
    assert_eq!(api.call("PUT", path, Some(&own), "").await.json(), out.json(), "said twice, it is the same");
    let found = api.get("/v1/clients?q=client-of-s1").await.json();
    assert!(found["items"][0]["opted_out_at"].is_string(), "{found}");
    assert_eq!(decided(&api.world, later(&api.world, "s1")).await, Err("opted_out".to_owned()));
    assert_eq!(
        api.call("DELETE", path, Some(&own), "").await.json(),
        json!({ "client": "desk/client-of-s1", "known": true, "opted_out": false })
    );

    // Also for an unknown client, but not for a part of a name.
    let stranger = api.call("PUT", "/v1/clients/desk%2Fnobody/opt-out", Some(&own), "").await;
    assert_eq!((stranger.status, &stranger.json()["known"], &stranger.json()["opted_out"]), (201, &json!(false), &json!(true)));
    let mut close = api.world.close_of("s2");
    close.client = Some("nobody".into());
    assert_eq!(decided(&api.world, close).await, Err("opted_out".to_owned()));
    let half = api.call("PUT", "/v1/clients/nobody/opt-out", Some(&own), "").await;
    assert_eq!((half.status, &half.json()["field"]), (422, &json!("id")), "{half:?}");
    let entries = audit::list(&api.world.engine.db, &audit::Filter::default(), None, 50).await.unwrap();
    let acts: Vec<&str> = entries.iter().map(|entry| entry.act.as_str()).filter(|act| act.starts_with("client.")).collect();
    assert_eq!(acts, ["client.opted_out", "client.opted_in", "client.opted_out"], "only what changed something");
    assert!(!format!("{entries:?}").contains("client-of"), "the trail does not name the client");
}

async fn by_page(url: String) {
    let house = House::on(&url, None).await;
    house.world.tell(house.world.close_of("s1")).await;
    let (anna, boris) = (house.person("anna", Role::Admin, &[]).await, house.person("boris", Role::Supervisor, &[]).await);
    let (mut hers, mut his) = (house.signed_in(&anna).await, house.signed_in(&boris).await);
    let (page, act, id) = ("/clients/one?id=desk%2Fclient-of-s1", "/clients/opt-out", "desk/client-of-s1");
    assert!(hers.get(page).await.text.contains("This client is asked according to each line’s settings."));
    assert_eq!(hers.send(page, act, &[("id", id), ("wish", "perhaps")]).await.status, 422);
    assert_eq!(his.send("/account", act, &[("id", id), ("wish", "stop")]).await.status, 403);
    assert_eq!(hers.send(page, act, &[("id", id), ("wish", "stop")]).await.status, 303);
    let text = hers.get(page).await.text;
    assert!(text.contains("Opted out since") && text.contains("set on this page") && text.contains("Allow questions again"), "{text}");
    assert!(hers.get("/clients?find=client-of-s1").await.text.contains("opted out"));
    assert_eq!(decided(&house.world, later(&house.world, "s1")).await, Err("opted_out".to_owned()));
    assert_eq!(hers.send(page, act, &[("id", id), ("wish", "start")]).await.status, 303);
    assert_eq!(decided(&house.world, later(&house.world, "s1")).await, Err("throttled".to_owned()), "as any other client");
    let trail = audit::list(&house.world.engine.db, &audit::Filter::default(), None, 50).await.unwrap();
    assert_eq!(trail.iter().filter(|entry| entry.act.starts_with("client.opted") && entry.by_name == anna.name).count(), 2);
}
