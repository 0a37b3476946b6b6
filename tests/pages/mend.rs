//! Stuck deliveries, and alerts, on their pages.

use crate::on_both_databases;
use crate::rig::house::House;
use crate::rig::world::PUBLIC_URL;
use lastword::domain::access::rights::{Lines, Role};
use lastword::domain::alert::AlertState;
use lastword::domain::line::{Alerts, LineSettings};
use lastword::domain::question::delivery::{Kind, State};
use lastword::life::session::close_batch::Close;
use lastword::store::access::audit;
use lastword::store::alert;
use lastword::store::question::delivery;
use lastword::store::question::delivery_list::{self, DeliveryCursor, Filter};
use lastword_contract::{InboundKind, Purpose, SendError, TextMessage, Verdict};

on_both_databases! {
    a_stuck_delivery_is_sent_again_by_somebodys_word => stuck;
    the_schedule_is_paged_in_its_order => schedule;
    an_alert_is_seen_by_its_button => alerts;
    alerts_are_folded_under_their_rating => folded;
}

async fn stuck(url: String) {
    let house = House::on(&url, None).await;
    let anna = house.person("anna", Role::Admin, &[]).await;
    let boris = house.person("boris", Role::Supervisor, &["sales"]).await;
    house.world.client.fails_with([SendError::new(Verdict::CannotKnow, "timeout", "no answer in time")]);
    house.world.tell(house.world.close_of("s-1")).await;
    house.world.clock.advance(5_000);
    house.world.work().await;
    let (mut hers, mut his) = (house.signed_in(&anna).await, house.signed_in(&boris).await);
    let id = delivery_list::stuck(&house.world.engine.db, None, &Filter::default(), None, 9).await.unwrap().remove(0).id;
    let (path, resend) = (format!("/deliveries/{id}"), format!("/deliveries/{id}/resend"));
    let list = hers.get("/deliveries").await.text;
    assert!(list.contains(&path) && list.contains("delivery unconfirmed") && list.contains("no answer in time"), "{list}");
    assert!(list.contains("Support · chat s-1"));
    for kind in Kind::ALL {
        let choice = list.split(&format!("<option value=\"{}\">", kind.as_str())).nth(1).and_then(|rest| rest.split('<').next());
        assert!(choice.is_some_and(|words| words != kind.as_str()), "{kind:?} cannot be chosen, or has no name: {choice:?}");
    }
    assert!(!hers.get("/deliveries?state=dead").await.text.contains(&path));
    assert!(!hers.get("/deliveries?connection=mail").await.text.contains(&path));
    assert!(!his.get("/deliveries").await.text.contains(&path), "of another line");
    assert_eq!((his.get(&path).await.status, his.send("/account", &resend, &[("sure", "1")]).await.status), (404, 404));

    let page = hers.get(&path).await.text;
    assert!(page.contains("someone may get it twice") && page.contains("no answer in time"), "{page}");
    assert_eq!(hers.send(&path, &resend, &[]).await.status, 422, "not without a word");
    assert_eq!(hers.send(&path, &resend, &[("sure", "1")]).await.leads_to(), path);
    house.world.work().await;
    let sent = delivery::find(&house.world.engine.db, id).await.unwrap().unwrap();
    assert_eq!((sent.state.as_str(), sent.resends), ("sent", 1));
    assert_eq!(hers.send(&path, &resend, &[("sure", "1")]).await.status, 409, "it is not stuck any more");
    let trail = audit::list(&house.world.engine.db, &audit::Filter::default(), None, 1).await.unwrap().remove(0);
    assert_eq!((trail.act.as_str(), trail.line_id.as_ref().map(|id| id.as_str())), ("delivery.resent", Some("support")));
    assert_eq!(hers.get("/deliveries?state=nonsense").await.status, 422);

    // Once dismissed, it is in no list, and its state is unchanged.
    house.world.client.fails_with([SendError::new(Verdict::Refused, "bad_request", "this chat takes no buttons")]);
    house.world.tell(house.world.close_of("s-2")).await;
    house.world.clock.advance(5_000);
    house.world.work().await;
    let id = delivery_list::stuck(&house.world.engine.db, None, &Filter::default(), None, 9).await.unwrap().remove(0).id;
    let (path, dismiss) = (format!("/deliveries/{id}"), format!("/deliveries/{id}/dismiss"));
    assert!(
        hers.get("/deliveries?line=support").await.text.contains(&path) && !hers.get("/deliveries?line=sales").await.text.contains(&path)
    );
    let until = hers.get("/deliveries?state=dead&until=2020-01-01").await.text;
    assert!(
        !until.contains(&path) && until.contains("1 Jan 2020") && until.contains("<a href=\"/deliveries?until=2020-01-01\">"),
        "{until}"
    );
    assert!(hers.get(&path).await.text.contains("Dismiss"));
    assert_eq!(hers.send(&path, &dismiss, &[]).await.status, 422, "not without a word");
    assert_eq!(hers.send(&path, &dismiss, &[("sure", "1")]).await.leads_to(), path);
    assert!(!hers.get("/deliveries").await.text.contains(&path));
    let page = hers.get(&path).await.text;
    assert!(page.contains("dismissed") && !page.contains("Dismiss"), "{page}");
}

async fn schedule(url: String) {
    let house = House::on(&url, None).await;
    let anna = house.person("anna", Role::Admin, &[]).await;
    for session in 0..7 {
        house.world.tell(house.world.close_of(&format!("s-{session}"))).await;
        house.world.clock.advance(10);
    }
    let db = &house.world.engine.db;
    let (mut after, mut seen) = (DeliveryCursor::default(), Vec::new());
    loop {
        let page = delivery_list::scheduled(db, &Filter::default(), &after, 3).await.unwrap();
        let Some(last) = page.last() else { break };
        after = DeliveryCursor::parse(&DeliveryCursor::of(last).text()).unwrap();
        seen.extend(page.into_iter().map(|delivery| delivery.due_at));
    }
    assert!(seen.len() == 7 && seen.is_sorted(), "{seen:?}");
    let others = Filter { lines: Lines::Some(["sales".into()].into()), ..Filter::default() };
    assert!(delivery_list::scheduled(db, &others, &DeliveryCursor::default(), 9).await.unwrap().is_empty());
    let mut browser = house.signed_in(&anna).await;
    let list = browser.get("/deliveries?state=scheduled").await.text;
    let first = delivery_list::scheduled(db, &Filter::default(), &DeliveryCursor::default(), 1).await.unwrap().remove(0);
    let path = format!("/deliveries/{}", first.id);
    assert!(list.contains(&path));
    assert_eq!(browser.send(&path, &format!("{path}/cancel"), &[("sure", "1")]).await.leads_to(), path);
    assert_eq!(delivery::find(db, first.id).await.unwrap().unwrap().state, State::Canceled);
}

async fn alerts(url: String) {
    let house = House::on(&url, None).await;
    let alerts = Alerts {
        recipients: vec!["anna".to_owned(), "nobody-there".to_owned()],
        escalate_after_minutes: Some(10),
        escalate_to: vec!["anna".to_owned()],
        ..Alerts::default()
    };
    house.world.line(LineSettings { alerts, ..LineSettings::default() }).await;
    let anna = house.person("anna", Role::Supervisor, &["support"]).await;
    let boris = house.person("boris", Role::Supervisor, &["sales"]).await;
    let (request, question) = house.world.ask("s-1").await;
    house.world.tap(&question, "👎").await;
    let told = house.world.staff.take().into_iter().find(|message| message.purpose == Purpose::Alert).unwrap();
    let address = format!("{PUBLIC_URL}ratings/{request}");
    assert_eq!(told.data["url"], address.as_str(), "programs are told where the rating is");
    assert!(told.text.ends_with(&format!("\n{address}")), "and people: {}", told.text);
    let mut hers = house.signed_in(&anna).await;
    let page = hers.get("/alerts?show=waiting").await.text;
    let rows = |page: &str| page.split("<tr data-key").skip(1).map(str::to_owned).collect::<Vec<_>>();
    let row = rows(&page).pop().unwrap();
    assert!(rows(&page).len() == 1 && row.contains(&format!("href=\"/ratings/{request}\"")), "one row for the rating: {page}");
    assert!(row.contains("👎") && row.contains("2 alerts") && row.matches("<li data-key").count() == 2, "{row}");
    let rating = hers.get(&format!("/ratings/{request}")).await.text;
    let (_, told) = rating.split_once("id=\"alerts\"").expect("the rating's page says who was told");
    let told = told.split("</section>").next().unwrap();
    assert!(told.contains("anna") && told.contains("this recipient does not exist"), "{told}");
    assert!(page.contains("Low rating") && page.contains("escalates ") && page.contains("Mark as seen"), "{page}");
    assert!(hers.get("/alerts?show=lost").await.text.contains("this recipient does not exist"));
    assert!(hers.get("/alerts?recipient=anna&line=support").await.text.contains(&format!("/ratings/{request}")));
    let chips = hers.get("/alerts?show=waiting&recipient=anna&line=support").await.text;
    assert!(chips.contains("<a href=\"/alerts?show=waiting&#38;line=support\">"), "a chip leads to the list without it: {chips}");
    for other in ["/alerts?recipient=boris", "/alerts?line=sales", "/alerts?until=2020-01-01"] {
        assert!(!hers.get(other).await.text.contains(&format!("/ratings/{request}")), "{other}");
    }
    let db = &house.world.engine.db;
    let all = alert::page(db, &alert::Filter { shown: alert::AlertFilter::Waiting, ..alert::Filter::default() }, None, 9).await.unwrap();
    let raised = all.iter().find(|alert| alert.state == AlertState::Raised).unwrap();
    let path = format!("/alerts/{}/acknowledge", raised.id);
    let mut his = house.signed_in(&boris).await;
    let foreign = his.get("/alerts").await.text;
    assert!(!foreign.contains("Mark as seen") && all.iter().all(|alert| !foreign.contains(&alert.id.to_string())), "{foreign}");
    assert_eq!(his.send("/account", &path, &[]).await.status, 404);
    assert_eq!(hers.send("/alerts", &path, &[]).await.leads_to(), "/alerts");
    let seen = alert::by_id(db, raised.id).await.unwrap().unwrap();
    assert_eq!((seen.acknowledged_by.as_deref(), seen.escalate_at), (Some("anna"), None));
    assert!(hers.get("/alerts").await.text.contains("anna"));
}

async fn folded(url: String) {
    let house = House::on(&url, None).await;
    let alerts = Alerts {
        recipients: vec!["anna".to_owned()],
        escalate_after_minutes: Some(10),
        escalate_to: vec!["boris".to_owned()],
        ..Alerts::default()
    };
    house.world.line(LineSettings { alerts, ..LineSettings::default() }).await;
    let anna = house.person("anna", Role::Supervisor, &["support"]).await;
    house.person("boris", Role::Supervisor, &["support"]).await;
    let first = Close { client_name: Some("Mateo Khan".to_owned()), ..house.world.close_of("s-1") };
    house.world.tell(first).await;
    house.world.pass(5_000).await;
    let question = house.world.client.take().pop().expect("the question");
    house.world.tap(&question, "👎").await;
    let words = TextMessage::new("Nobody <b>answered</b>", question.to.clone()).in_reply_to(format!("m-{}", question.key));
    house.world.happens("bot", InboundKind::Text(words)).await;
    house.world.pass(5 * 60_000).await;
    let (second, question) = house.world.ask("s-2").await;
    house.world.tap(&question, "👎").await;
    let mut hers = house.signed_in(&anna).await;
    let rows = |page: &str| page.split("<tr data-key=\"").skip(1).map(str::to_owned).collect::<Vec<_>>();
    let before = rows(&hers.get("/alerts").await.text);
    assert!(before.len() == 2 && before[0].starts_with(&second), "the newest first: {before:?}");
    house.world.pass(6 * 60_000).await;
    let after = rows(&hers.get("/alerts").await.text);
    let [top, below] = after.as_slice() else { panic!("{after:?}") };
    assert!(top.contains("Mateo Khan") && top.contains("Nobody &#60;b&#62;answered"), "{top}");
    assert!(top.contains("level 1") && top.contains("2 alerts") && top.contains("boris"), "the escalation is within its row: {top}");
    assert!(below.starts_with(&second) && below.contains("client-of-s-2") && !below.contains("<details"), "{below}");
    let db = &house.world.engine.db;
    let page = async |filter: &alert::Filter, before| alert::newest(db, filter, before, 1).await.unwrap().pop();
    let all = alert::Filter::default();
    let one = page(&all, None).await.unwrap();
    let two = page(&all, Some(one.id)).await.unwrap();
    assert!(one.recipient_id == "boris" && two.request_id.to_string() == second && page(&all, Some(two.id)).await.is_none());
    let to_boris = alert::Filter { recipient: Some("boris".to_owned()), ..all.clone() };
    assert_eq!(alert::newest(db, &to_boris, None, 9).await.unwrap().len(), 1);
    let to_anna = alert::Filter { recipient: Some("anna".to_owned()), ..all };
    assert_eq!(alert::newest(db, &to_anna, None, 9).await.unwrap().len(), 2, "the newer alert to another does not hide the one to her");
}
