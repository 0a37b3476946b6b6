//! Recipients and connections on their pages: made, tested, mended.

use super::house::House;
use crate::on_both_databases;
use lastword::domain::line::{Alerts, LineSettings};
use lastword::domain::rights::Role;
use lastword::store::{audit, connection, recipient};
use lastword_contract::{SendError, Verdict};

on_both_databases! {
    a_recipient_is_made_tested_and_put_away => recipients;
    a_stopped_connection_says_why_and_runs_again => connections;
}

async fn recipients(url: String) {
    let house = House::on(&url, None).await;
    house
        .world
        .line(LineSettings { alerts: Alerts { recipients: vec!["boris".to_owned()], ..Alerts::default() }, ..LineSettings::default() })
        .await;
    let anna = house.person("anna", Role::Admin, &[]).await;
    let mut browser = house.signed_in(&anna).await;
    let person = [("id", "boris"), ("name", "Boris"), ("kind", "person"), ("connection", "staff"), ("chat", "boris-chat")];
    for (field, typed, words) in [
        ("chat", "", "A person needs an address"),
        ("connection", "", "Choose a connection that carries alerts."),
        ("connection", "mail", "Choose a connection that carries alerts."),
        ("name", " ", "Write 1 to 200 characters"),
        ("id", "a b", "Write 1 to 64 letters"),
        ("id", "anna", "This id is taken."),
        ("id", "operator", "This id cannot be used."),
        ("operator", "op-7", "Another recipient is this operator already."),
    ] {
        let mut fields: Vec<(&str, &str)> = person.into_iter().filter(|(name, _)| *name != field).collect();
        fields.push((field, typed));
        let answer = browser.send("/recipients", "/recipients", &fields).await;
        assert!(answer.status == 422 && answer.text.contains(words), "{field} = {typed}: {}", answer.status);
        assert!(answer.text.contains("value=\"Boris\"") || field == "name", "what was typed stays");
    }
    assert_eq!(browser.send("/recipients", "/recipients", &person).await.leads_to(), "/recipients/boris");
    let page = browser.get("/recipients/boris").await.text;
    assert!(page.contains("/lines/support") && page.contains("boris-chat"), "the line that uses it, and where it is told");

    let test = browser.send("/recipients/boris", "/recipients/boris/test", &[]).await.leads_to().to_owned();
    assert!(browser.get(test.split('#').next().unwrap()).await.text.contains("the test is on its way"));
    house.world.work().await;
    assert!(browser.get(test.split('#').next().unwrap()).await.text.contains("the test has been sent"));
    assert_eq!(house.world.staff.take().pop().unwrap().to.chat, "boris-chat");

    let away = [("name", "Boris"), ("kind", "person"), ("connection", "staff"), ("chat", "boris-chat"), ("disabled", "1")];
    assert_eq!(browser.send("/recipients/boris", "/recipients/boris", &away).await.leads_to(), "/recipients/boris");
    let test = browser.send("/recipients/boris", "/recipients/boris/test", &[]).await.leads_to().to_owned();
    assert!(browser.get(test.split('#').next().unwrap()).await.text.contains("the recipient is put away"));
    assert!(browser.get("/lines").await.text.contains("Boris cannot be told"), "the line says so too");
    let group = [("id", "all"), ("name", "All"), ("kind", "group"), ("members", "anna"), ("members", "boris")];
    browser.send("/recipients", "/recipients", &group).await.leads_to();
    let kept = recipient::all(&house.world.engine.db).await.unwrap().into_iter().find(|kept| kept.id == "all").unwrap();
    assert_eq!(kept.members, ["anna", "boris"]);
    let filter = audit::Filter { subject_kind: Some("recipient".to_owned()), ..audit::Filter::default() };
    let acts: Vec<String> =
        audit::list(&house.world.engine.db, &filter, None, 10).await.unwrap().into_iter().map(|entry| entry.act).collect();
    assert_eq!(acts, ["recipient.saved", "recipient.tested", "recipient.saved", "recipient.tested", "recipient.saved"]);
}

async fn connections(url: String) {
    let house = House::on(&url, None).await;
    let anna = house.person("anna", Role::Admin, &[]).await;
    let boris = house.person("boris", Role::Supervisor, &[]).await;
    let words = "Unauthorized: bot token <revoked>";
    house.world.client.fails_with([SendError::new(Verdict::ConnectionBroken, "broken", words)]);
    house.world.tell(house.world.close_of("s-1")).await;
    house.world.clock.advance(5_000);
    house.world.work().await;
    let mut hers = house.signed_in(&anna).await;
    let page = hers.get("/connections").await.text;
    assert!(page.contains("bot token &#60;revoked&#62;") && page.contains("Let it run again"), "{page}");
    assert!(page.contains("1 message"), "what waits is counted");
    let his = house.signed_in(&boris).await.get("/connections").await.text;
    assert!(his.contains("revoked") && !his.contains("Let it run again"), "resuming is the admin's");
    assert_eq!(hers.send("/connections", "/connections/bot/resume", &[]).await.leads_to(), "/connections");
    let states = connection::all(&house.world.engine.db).await.unwrap();
    assert!(states.iter().all(|state| state.stopped_at.is_none()));
    assert_eq!(hers.send("/connections", "/connections/none/resume", &[]).await.status, 404);
    house.world.work().await;
    assert_eq!(house.world.client.take().len(), 1, "what waited has left");
}
