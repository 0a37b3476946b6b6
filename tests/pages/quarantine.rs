//! A database that came from a copy, on the pages: everyone sees that nothing is sent, and an admin releases it.

use crate::on_both_databases;
use crate::rig::house::House;
use lastword::domain::access::rights::Role;
use lastword::domain::quarantine::Cause;
use lastword::store::access::audit;
use lastword::store::question::{delivery, rating_request};
use lastword::store::records::installation;

on_both_databases! {
    i19_every_page_says_that_nothing_is_sent_until_an_admin_releases_it => released;
    i19_what_waits_is_sent_where_an_admin_says_so => kept;
}

const BANNER: &str = "id=\"quarantine\"";

/// A house whose database was restored while a question was scheduled.
async fn restored(url: &str) -> (House, String) {
    let house = House::on(url, None).await;
    house.world.tell(house.world.close_of("s-1")).await;
    installation::mark(&house.world.engine.db, Cause::Restored, house.world.now()).await.unwrap();
    house.world.pass(60_000).await;
    assert!(house.world.client.take().is_empty(), "nothing leaves");
    let waiting = rating_request::of_session(&house.world.engine.db, &"desk".into(), &"s-1".into()).await.unwrap();
    (house, waiting.last().unwrap().id.to_string())
}

async fn released(url: String) {
    let (house, _) = restored(&url).await;
    let anna = house.person("anna", Role::Admin, &[]).await;
    let boris = house.person("boris", Role::Supervisor, &["support"]).await;
    let (mut hers, mut his) = (house.signed_in(&anna).await, house.signed_in(&boris).await);
    for path in ["/today", "/ratings", "/reports", "/deliveries"] {
        let (admin, supervisor) = (hers.get(path).await.text, his.get(path).await.text);
        assert!(
            admin.contains(BANNER) && admin.contains("restored from a backup") && admin.contains("href=\"/quarantine\""),
            "{path}: {admin}"
        );
        assert!(supervisor.contains(BANNER) && !supervisor.contains("href=\"/quarantine\""), "{path}: {supervisor}");
    }
    // A close is accepted meanwhile.
    house.world.tell(house.world.close_of("s-2")).await;
    assert_eq!(
        (his.get("/quarantine").await.status, his.send("/account", "/quarantine", &[("waiting", "cancel")]).await.status),
        (403, 403)
    );
    let page = hers.get("/quarantine").await.text;
    assert!(page.contains("1 message is due") && page.contains("the other database is no longer running"), "{page}");
    assert_eq!(hers.send("/quarantine", "/quarantine", &[]).await.status, 422, "not without a choice");
    assert!(installation::quarantine(&house.world.engine.db).await.unwrap().is_some());

    house.world.clock.advance(1);
    assert_eq!(hers.send("/quarantine", "/quarantine", &[("waiting", "cancel")]).await.leads_to(), "/quarantine");
    let page = hers.get("/quarantine").await.text;
    assert!(page.contains("Messages canceled: 1") && page.contains("not in quarantine"), "{page}");
    assert!(!his.get("/today").await.text.contains(BANNER));
    assert_eq!(hers.send("/quarantine", "/quarantine", &[("waiting", "cancel")]).await.status, 409, "once");
    let trail = audit::list(&house.world.engine.db, &audit::Filter::default(), None, 1).await.unwrap().remove(0);
    assert_eq!(trail.act, "quarantine.released");
    // Deliveries due before the release are canceled, later ones are sent.
    house.world.pass(60_000).await;
    let asked: Vec<String> = house.world.client.take().into_iter().map(|sent| sent.to.chat).collect();
    assert_eq!(asked, ["chat-s-2"]);
}

async fn kept(url: String) {
    let (house, request) = restored(&url).await;
    let anna = house.person("anna", Role::Admin, &[]).await;
    let mut hers = house.signed_in(&anna).await;
    assert_eq!(hers.send("/quarantine", "/quarantine", &[("waiting", "keep")]).await.leads_to(), "/quarantine");
    house.world.pass(1_000).await;
    assert_eq!(house.world.client.take().len(), 1);
    let asked = delivery::about(&house.world.engine.db, &[&request]).await.unwrap();
    assert_eq!(asked.iter().map(|delivery| delivery.state.as_str()).collect::<Vec<_>>(), ["sent"]);
}
