//! A client opts out on the page of a link, or by one click in the mail program, and sees their other ratings there.

use super::{decided, ended, later, outcome};
use crate::links::visitor::{fill_in, open, path, read_and_fill_in, send};
use crate::on_both_databases;
use crate::rig::caller::Api;
use crate::rig::world::{PUBLIC_URL, World, messenger};
use lastword::domain::answer::scanner::READ_MIN;
use lastword::domain::line::LineSettings;
use lastword::domain::session::Operator;
use lastword_contract::{Address, Capabilities, Outgoing};

on_both_databases! {
    the_page_asks_before_it_acts_and_can_be_taken_back => on_the_page;
    one_click_in_a_mail_program_acts_at_once => one_click;
    a_client_finds_the_other_ratings_of_the_same_partner => own_ratings;
}

/// A channel like mail.
fn mail() -> Capabilities {
    Capabilities { links: true, footer: true, edits: false, free_text: false, ..messenger() }
}

async fn world(url: &str) -> Api {
    let world = World::on(url, mail()).await;
    world.line(LineSettings { once_per_client_hours: 0, ..LineSettings::default() }).await;
    Api::over(world).await
}

/// Path of "do not ask me again" below a question.
fn stop(question: &Outgoing) -> String {
    let footer = question.footer.as_ref().expect("a footer");
    let link = footer.stop.as_ref().and_then(|stop| stop.link.clone()).expect("a link");
    link.strip_prefix(PUBLIC_URL.trim_end_matches('/')).expect("ours").to_owned()
}

async fn on_the_page(url: String) {
    let api = world(&url).await;
    let (request, question) = api.world.ask("S-1").await;
    let footer = question.footer.clone().expect("a footer");
    assert_eq!(footer.sender, "Our team");
    assert!(footer.why.contains("your conversation with Our team (Support) ended on 21 September"), "{}", footer.why);

    // Viewing changes nothing, on either path.
    let link = path(&question, "👍");
    let page = open(&api, &link).await;
    assert!(page.text.contains("href=\"?stop\""), "{}", page.text);
    let asks = open(&api, &format!("{link}?stop")).await;
    assert!(asks.text.contains("Stop asking for ratings?") && asks.text.contains("name=\"wish\" value=\"stop\""), "{}", asks.text);
    assert!(!asks.text.contains("name=\"score\""));
    assert!(open(&api, &stop(&question)).await.text.contains("Stop asking for ratings?"));
    assert_eq!(outcome(&api.world, &request).await, (None, None));
    let blind = send(&api, &link, &[("wish", "stop")]).await;
    assert!(blind.status == 200 && blind.text.contains("Nothing has been sent yet"), "not without the page's nonce: {}", blind.text);
    assert_eq!(outcome(&api.world, &request).await, (None, None));

    // Too fast for a person: must be repeated.
    let waits = read_and_fill_in(&api, &stop(&question), &[("wish", "stop")]).await;
    assert!(waits.text.contains("press the button once more") && waits.text.contains("name=\"wish\" value=\"stop\""), "{}", waits.text);
    assert_eq!(outcome(&api.world, &request).await, (None, None));
    api.world.clock.advance(READ_MIN);
    let done = read_and_fill_in(&api, &stop(&question), &[("wish", "stop")]).await;
    assert!(
        done.text.contains("You will no longer be asked to rate conversations.") && done.text.contains("Ask me again"),
        "{}",
        done.text
    );
    assert_eq!(outcome(&api.world, &request).await, ended("expired", "opted_out"));
    assert_eq!(decided(&api.world, later(&api.world, "S-1")).await, Err("opted_out".to_owned()));
    let back = read_and_fill_in(&api, &link, &[("wish", "start")]).await;
    assert!(!back.text.contains("You will no longer be asked"), "{}", back.text);
    assert!(decided(&api.world, later(&api.world, "S-1")).await.is_ok());
}

async fn one_click(url: String) {
    let api = world(&url).await;
    let (request, question) = api.world.ask("S-1").await;
    let link = stop(&question);
    let click = [("List-Unsubscribe", "One-Click")];
    // Only its own address acts, and only on a POST.
    for method in ["GET", "HEAD"] {
        assert_eq!(api.send(method, &link, &[], Vec::new()).await.status, 200);
    }
    let other = send(&api, &path(&question, "👎"), &click).await;
    assert!(other.status == 200 && other.text.contains("Nothing has been sent yet"), "a score's link does not unsubscribe: {}", other.text);
    assert_eq!(outcome(&api.world, &request).await, (None, None));
    assert_eq!(send(&api, &link.replace("_x_", "_1_"), &click).await.status, 404, "not a token of ours");
    let done = send(&api, &link, &click).await;
    assert_eq!((done.status, done.headers.contains_key("location"), done.headers.contains_key("set-cookie")), (200, false, false));
    assert_eq!(outcome(&api.world, &request).await, ended("expired", "opted_out"));
    assert_eq!(send(&api, &link, &click).await.status, 200, "a mail program may say it twice");
    let key = lastword::store::session::opt_out::key_of(&api.world.engine.db).await.unwrap();
    let listed = lastword::store::session::opt_out::look(&api.world.engine.db, &[&key.mark("desk/client-of-S-1")]).await.unwrap();
    assert_eq!(listed[0].opted_out_by, "mail");
    // Ended on the page, and repeated.
    api.world.clock.advance(READ_MIN);
    read_and_fill_in(&api, &link, &[("wish", "start")]).await;
    assert!(decided(&api.world, later(&api.world, "S-1")).await.is_ok());
    // In the format of some mail programs.
    let form = "--b\r\nContent-Disposition: form-data; name=\"List-Unsubscribe\"\r\n\r\nOne-Click\r\n--b--\r\n";
    let headers = [("content-type", "multipart/form-data; boundary=b".to_owned())];
    assert_eq!(api.send("POST", &link, &headers, form.as_bytes().to_vec()).await.status, 200);
    assert_eq!(decided(&api.world, later(&api.world, "S-1")).await, Err("opted_out".to_owned()));
}

async fn own_ratings(url: String) {
    let api = world(&url).await;
    let rates = async |session: &str, client: &str, operator: &str, score: &str| {
        let mut close = api.world.close_of(session);
        (close.client, close.operator) = (Some(client.into()), Some(Operator { id: operator.into(), name: None, kind: None }));
        close.address = Some(Address::chat(format!("chat-of-{client}")));
        api.world.tell(close).await;
        api.world.pass(10_000).await;
        let question = api.world.client.take().into_iter().find(|message| message.footer.is_some()).expect("the question");
        fill_in(&api, &path(&question, "👍"), &[("score", score)]).await;
        api.world.client.take();
        question
    };
    let first = rates("S-1", "anna", "op-7", "1").await;
    rates("S-2", "anna", "op-7", "0").await;
    rates("S-3", "boris", "op-7", "0").await;
    let page = open(&api, &path(&first, "👍")).await;
    assert!(page.text.contains("Your other ratings"), "{}", page.text);
    let own = page.text.split("<section class=\"own\"").nth(1).unwrap().split("</section>").next().unwrap().to_owned();
    assert!(own.matches("<li>").count() == 1 && own.contains("Support") && own.contains("👎"), "one's own alone: {own}");
    let token = own.split("href=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a link").to_owned();
    let changed = fill_in(&api, &format!("/r/{token}"), &[("score", "1")]).await;
    assert!(changed.text.contains("👍"), "{}", changed.text);
    let page = open(&api, &path(&first, "👍")).await;
    assert!(page.text.split("<section class=\"own\"").nth(1).is_some_and(|own| own.contains("👍") && !own.contains("👎")), "{}", page.text);
    // Months later nothing can be changed: it is still shown, but without links.
    api.world.pass(120 * 24 * 3_600_000).await;
    let late = open(&api, &path(&first, "👍")).await.text;
    let own = late.split("<section class=\"own\"").nth(1).expect("still there").split("</section>").next().unwrap().to_owned();
    assert!(own.contains("<li>") && !own.contains("href"), "{own}");
}
