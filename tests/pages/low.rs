//! Low ratings on pages: the list, the review of one and its forms; no input is lost.

use crate::on_both_databases;
use crate::rig::house::{Browser, House};
use lastword::domain::access::rights::Role;
use lastword::domain::review::edit::EditState;
use lastword::names::RequestId;
use lastword::store::StoreError;
use lastword::store::answer::rating_edit::{self, RatingEdit};

on_both_databases! {
    what_is_done_gives_way_to_the_next => flows;
    a_low_rating_is_worked_off_on_its_page => worked_off;
    of_two_people_the_second_loses_no_word => second;
    a_supervisor_of_another_line_finds_nothing => other_line;
    an_admin_voids_and_puts_back => judged;
    templates_fill_the_box_and_keep_what_was_typed => templates;
    a_lowered_score_that_is_held_is_shown_while_there_is_time => held;
    several_are_taken_or_resolved_at_once_and_given_back => several;
    the_list_is_filtered_and_its_links_keep_the_filter => filtered;
}

/// Closes `session` and taps thumbs down.
async fn low(house: &House, session: &str) -> String {
    let (request, question) = house.world.ask(session).await;
    house.world.tap(&question, "👎").await;
    house.world.client.take();
    request
}

/// The revision that the page shows.
async fn seen(browser: &mut Browser<'_>, id: &str) -> String {
    let page = browser.get(&format!("/low/{id}")).await;
    let (_, rest) = page.text.split_once("name=\"seen\" value=\"").expect("a revision");
    rest.split('"').next().unwrap().to_owned()
}

async fn worked_off(url: String) {
    let house = House::on(&url, None).await;
    let anna = house.person("anna", Role::Supervisor, &["support"]).await;
    let mut browser = house.signed_in(&anna).await;
    let empty = browser.get("/low").await;
    assert!(empty.status == 200 && empty.text.contains("Nothing waiting"), "{empty:?}");
    let id = low(&house, "S-1").await;
    let list = browser.get("/low").await;
    assert!(list.text.contains(&format!("/low/{id}")) && list.text.contains("1 low rating to answer"), "{list:?}");
    let here = format!("/low/{id}?show=waiting");
    let page = browser.get(&here).await;
    assert!(page.text.contains("Will be sent to the client right away") && page.text.contains("Tips for a good reply"), "{page:?}");

    let path = |act: &str| format!("/ratings/{id}/{act}");
    let sent = browser.send(&here, &path("reply"), &[("text", "Sorry <b>Anna</b>."), ("back", &here), ("seen", "0")]).await;
    assert_eq!(sent.leads_to(), here);
    house.world.work().await;
    assert_eq!(house.world.client.take().pop().unwrap().text, "Sorry <b>Anna</b>.");
    let page = browser.get(&here).await;
    assert!(page.text.contains("Sorry &#60;b&#62;Anna") && page.text.contains("sent to the client"), "{page:?}");
    assert!(!browser.get("/low").await.text.contains(&format!("/low/{id}")), "it waits no more");
    assert!(browser.get("/low?show=done").await.text.contains(&format!("/low/{id}")));

    let asked = browser.send(&here, &path("ask-again"), &[("back", "https://evil.example/"), ("seen", "1")]).await;
    assert_eq!(asked.leads_to(), format!("/ratings/{id}"), "never to another site");
    let took = browser.send(&here, &path("assign"), &[("mine", "1"), ("seen", "2"), ("back", &here)]).await;
    assert_eq!(took.status, 303, "{took:?}");
    let settled = browser.send(&here, &path("settle"), &[("note", "called"), ("seen", "3"), ("back", &here)]).await;
    assert_eq!(settled.status, 303, "{settled:?}");
    let page = browser.get(&here).await.text;
    assert!(page.contains("Done by anna") && page.contains("<q>called</q>") && page.contains("no answer yet"), "{page}");
    let again = browser.send(&here, &path("ask-again"), &[]).await;
    assert!(again.status == 409 && again.text.contains("already been asked again"), "{again:?}");
}

/// One is done with, and the next one is there; with one click it is back.
async fn flows(url: String) {
    let house = House::on(&url, None).await;
    let anna = house.person("anna", Role::Supervisor, &[]).await;
    let mut browser = house.signed_in(&anna).await;
    let (old, new) = (low(&house, "S-1").await, low(&house, "S-2").await);
    let alert = lastword::store::alert::of_requests(&house.world.engine.db, &[RequestId::named(&old)]).await.unwrap().remove(0);
    lastword::life::alert::acknowledge::by_hand(&house.world.engine, alert.id, "Sam", house.world.now()).await.unwrap();
    let list = browser.get("/low").await.text;
    assert!(list.contains("2 low ratings to answer") && list.contains("seen"), "seen is a mark: {list}");
    let here = format!("/low/{new}?show=waiting");
    let next =
        |text: &str| text.split("name=\"next\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap().replace("&#38;", "&");
    let onward = next(&browser.get(&here).await.text);
    assert!(onward.starts_with(&format!("/low/{old}?")), "{onward}");
    let fields = [("note", "called"), ("seen", "0"), ("back", &*here), ("next", &*onward)];
    let settled = browser.send(&here, &format!("/ratings/{new}/settle"), &fields).await;
    let to = settled.leads_to().to_owned();
    assert!(to.starts_with(&onward) && to.ends_with(&format!("undo=reopen&ids={new}")), "{to}");
    let there = browser.get(&to).await.text;
    assert!(there.contains("class=\"note undo\"") && there.contains("1 low rating to answer"), "{there}");
    let undone = browser.send(&to, "/low/bulk", &[("act", "reopen"), ("rating", &new), ("back", "/low")]).await;
    assert!(browser.get(undone.leads_to()).await.text.contains("2 low ratings to answer"));
    // After the last one, the list.
    let last = next(&browser.get(&format!("/low/{old}?show=all")).await.text);
    assert!(last.starts_with(&format!("/low/{new}")), "the first other one: {last}");
}

async fn second(url: String) {
    let house = House::on(&url, None).await;
    let (anna, bert) = (house.person("anna", Role::Supervisor, &[]).await, house.person("bert", Role::Supervisor, &[]).await);
    let (mut first, mut second) = (house.signed_in(&anna).await, house.signed_in(&bert).await);
    let id = low(&house, "S-1").await;
    let (here, path) = (format!("/low/{id}"), format!("/ratings/{id}/reply"));
    let (one, two) = (seen(&mut first, &id).await, seen(&mut second, &id).await);
    assert_eq!(first.send(&here, &path, &[("text", "Sorry."), ("seen", &one)]).await.status, 303);
    let late = second.send(&here, &path, &[("text", "We are very sorry."), ("seen", &two)]).await;
    assert_eq!(late.status, 409);
    assert!(late.text.contains("Someone else made a change first") && late.text.contains("Sorry.</blockquote>"), "{late:?}");
    assert!(late.text.contains("We are very sorry.</textarea>"), "what was typed is still there");
    // Submitted again with the present revision of the page.
    let now = late.text.split_once("name=\"seen\" value=\"").unwrap().1.split('"').next().unwrap().to_owned();
    assert_eq!(second.send(&here, &path, &[("text", "We are very sorry."), ("seen", &now)]).await.status, 303);
    for (text, words) in [(" ".to_owned(), "Enter some text."), ("x".repeat(2_001), "Use at most 2,000 characters.")] {
        let wrong = second.send(&here, &path, &[("text", &text)]).await;
        assert!(wrong.status == 422 && wrong.text.contains(words) && wrong.text.contains(text.trim()), "{wrong:?}");
    }
}

async fn other_line(url: String) {
    let house = House::on(&url, None).await;
    let stranger = house.person("stranger", Role::Supervisor, &["sales"]).await;
    let mut browser = house.signed_in(&stranger).await;
    let id = low(&house, "S-1").await;
    assert!(browser.get("/low?show=all").await.text.contains("No low ratings"));
    for hidden in [id.as_str(), "none"] {
        assert_eq!(browser.get(&format!("/low/{hidden}")).await.status, 404);
        for act in ["reply", "flag", "appeal", "assign", "settle", "ask-again"] {
            let answer = browser.send("/low", &format!("/ratings/{hidden}/{act}"), &[("text", "x"), ("flag", "x"), ("appeal", "x")]).await;
            assert_eq!(answer.status, 404, "{act}: {answer:?}");
        }
    }
    assert!(lastword::store::review::reply::versions(&house.world.engine.db, RequestId::named(&id)).await.unwrap().is_empty());
}

async fn judged(url: String) {
    let house = House::on(&url, None).await;
    let (sam, ada) = (house.person("sam", Role::Supervisor, &[]).await, house.person("ada", Role::Admin, &[]).await);
    let (mut sam, mut ada) = (house.signed_in(&sam).await, house.signed_in(&ada).await);
    let id = low(&house, "S-1").await;
    let (here, path) = (format!("/low/{id}"), |act: &str| format!("/ratings/{id}/{act}"));
    let empty = sam.send(&here, &path("appeal"), &[("appeal", "")]).await;
    assert!(empty.status == 422 && empty.text.contains("id=\"appeal\" open"), "{empty:?}");
    sam.send(&here, &path("appeal"), &[("appeal", "Another shop")]).await.leads_to();
    sam.send(&here, &path("flag"), &[("flag", "Rude"), ("reason", "offensive")]).await.leads_to();
    let waits = "Appeals to decide";
    assert!(ada.get("/low").await.text.contains(waits) && !sam.get("/low").await.text.contains(waits));
    let page = ada.get(&here).await.text;
    assert!(page.contains("Exclude from score") && page.contains("Offensive"), "{page}");
    assert!(!sam.get(&here).await.text.contains("Exclude from score"), "a supervisor does not judge");
    let said = lastword::store::review::objection::of_request(&house.world.engine.db, RequestId::named(&id)).await.unwrap();
    let objection = said[0].id.to_string();
    let verdict = [("objection", objection.as_str()), ("verdict", "uphold"), ("judgement", "It is so")];
    ada.send(&here, &path("judge"), &verdict).await.leads_to();
    let page = sam.get(&here).await.text;
    assert!(page.contains("Excluded from the score; the rating itself is kept") && page.contains("It is so"), "{page}");
    ada.send(&here, &path("restore"), &[("restore", "It was ours")]).await.leads_to();
    assert!(!sam.get(&here).await.text.contains("Excluded from the score; the rating itself is kept"));
    assert_eq!(ada.send(&here, &path("judge"), &verdict).await.status, 409);
}

async fn templates(url: String) {
    let house = House::on(&url, None).await;
    let (all, some) = (house.person("all", Role::Supervisor, &[]).await, house.person("some", Role::Supervisor, &["support"]).await);
    let (mut all, mut some) = (house.signed_in(&all).await, house.signed_in(&some).await);
    let there = "/low/templates";
    let bad = all.send(there, there, &[("name", ""), ("text", "Hello")]).await;
    assert!(bad.status == 422 && bad.text.contains("Hello</textarea>"), "{bad:?}");
    all.send(there, there, &[("name", "Sorry"), ("text", "Hello #CLIENT#, #OPERATOR# of #LINE# is sorry.")]).await.leads_to();
    let forbidden = some.send(there, there, &[("name", "Mine"), ("text", "x")]).await;
    assert_eq!(forbidden.status, 404, "a template for all lines is for those who see all of them");
    some.send(there, there, &[("name", "Ours"), ("text", "x"), ("line", "support")]).await.leads_to();
    let listed = some.get(there).await.text;
    assert!(listed.contains("Sorry") && listed.contains("Ours") && listed.matches("?edit=").count() == 1, "{listed}");

    let mut close = house.world.close_of("S-1");
    close.client_name = Some("Anna Berg".to_owned());
    let lastword::life::session::close_batch::Closed::Kept { rating_request: id, decision: Ok(at), .. } = house.world.tell(close).await
    else {
        panic!("asks")
    };
    house.world.clock.set(at);
    house.world.work().await;
    let question = house.world.client.take().pop().unwrap();
    house.world.tap(&question, "👎").await;
    let here = format!("/low/{id}");
    let templates =
        lastword::store::review::reply::templates(&house.world.engine.db, &lastword::domain::access::rights::Lines::All).await.unwrap();
    let sorry = templates.iter().find(|template| template.name == "Sorry").unwrap();
    let drafted = some.send(&here, &format!("/ratings/{id}/reply"), &[("text", "Typed before"), ("template", &sorry.id)]).await;
    assert_eq!(drafted.status, 200);
    assert!(drafted.text.contains("Typed before\n\nHello Anna Berg, Olga of Support is sorry.</textarea>"), "{drafted:?}");
    assert!(lastword::store::review::reply::versions(&house.world.engine.db, id).await.unwrap().is_empty(), "nothing was sent");

    let stale = [("id", sorry.id.as_str()), ("name", "Sorry"), ("text", "Mine"), ("seen", "1")];
    let late = all.send(there, there, &stale).await;
    assert!(
        late.status == 409 && late.text.contains("Mine</textarea>") && late.text.contains("#OPERATOR# of #LINE# is sorry."),
        "{late:?}"
    );
    all.send(there, &format!("{there}/remove"), &[("id", &sorry.id)]).await.leads_to();
    assert!(!all.get(there).await.text.contains("#OPERATOR# of"));
}

async fn held(url: String) {
    let house = House::on(&url, None).await;
    let (request, question) = house.world.ask("S-1").await;
    house.world.tap(&question, "👍").await;
    let anna = house.person("anna", Role::Supervisor, &["support"]).await;
    let boris = house.person("boris", Role::Supervisor, &["sales"]).await;
    let (mut hers, mut his) = (house.signed_in(&anna).await, house.signed_in(&boris).await);
    assert!(!hers.get("/low").await.text.contains("Lowered, on hold"));
    let due_at = house.world.now() + 3 * 24 * 3_600_000;
    let edit = |state, decided_at| RatingEdit {
        request_id: RequestId::named(&request.clone()),
        number: 1,
        before: 1,
        score: 0,
        state,
        made_at: house.world.now(),
        due_at: Some(due_at),
        decided_at,
    };
    let keep = async |edit: RatingEdit| {
        let step = house.world.engine.db.write(move |tx| {
            let edit = edit.clone();
            Box::pin(async move { rating_edit::save(tx, &[edit]).await })
        });
        let kept: Result<(), StoreError> = step.await;
        kept.unwrap();
    };
    keep(edit(EditState::Held, None)).await;
    let page = hers.get("/low").await.text;
    let (_, shown) = page.split_once("Lowered, on hold").expect("it is shown");
    let shown = shown.split("</section>").next().unwrap();
    assert!(shown.contains(&format!("href=\"/low/{request}\"")) && shown.contains("Takes effect") && shown.contains("Olga"), "{shown}");
    assert!(shown.find("aria-label=\"Good\"") < shown.find("aria-label=\"Bad\""), "from what counts to what will: {shown}");
    assert!(hers.get("/today").await.text.contains("data-wait=\"wait-held\">1<"));
    let one = hers.get(&format!("/low/{request}")).await.text;
    assert!(one.contains("it is on hold and takes effect"), "{one}");
    assert!(!his.get("/low").await.text.contains("Lowered, on hold"), "of another line");
    keep(edit(EditState::Withdrawn, Some(house.world.now()))).await;
    assert!(!hers.get("/low").await.text.contains("Lowered, on hold"), "the client took it back");
}

fn with<'a>(act: &'a str, some: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    [&[("act", act)], some].concat()
}

async fn several(url: String) {
    let house = House::on(&url, None).await;
    let (anna, bert) = (house.person("anna", Role::Supervisor, &["support"]).await, house.person("bert", Role::Supervisor, &[]).await);
    let stranger = house.person("stranger", Role::Supervisor, &["sales"]).await;
    let (mut anna, mut bert) = (house.signed_in(&anna).await, house.signed_in(&bert).await);
    let (one, two, three) = (low(&house, "S-1").await, low(&house, "S-2").await, low(&house, "S-3").await);
    bert.send("/low", &format!("/ratings/{two}/assign"), &[("mine", "1")]).await.leads_to();
    let all =
        [("rating", one.as_str()), ("rating", two.as_str()), ("rating", three.as_str()), ("rating", "none"), ("back", "/low?show=mine")];
    // Ratings assigned to others stay assigned.
    let taken = anna.send("/low", "/low/bulk", &with("take", &all)).await.leads_to().to_owned();
    assert!(taken.starts_with("/low?show=mine&undo=release&ids="), "{taken}");
    let page = anna.get(&taken).await.text;
    assert!(
        page.contains("Assigned to you: 2.") && page.contains(&one) && page.contains(&three) && page.contains("2 ratings were changed"),
        "{page}"
    );
    assert!(!page.contains(&format!("/low/{two}?")), "it is Bert's");
    // Undone as offered by the page: unassigned again, and nothing left to undo.
    let back = [("rating", one.as_str()), ("rating", three.as_str()), ("back", "/low?show=mine")];
    assert_eq!(anna.send("/low", "/low/bulk", &with("release", &back)).await.leads_to(), "/low?show=mine");
    assert!(anna.get("/low?show=nobody").await.text.contains(&one));
    // All resolved, Bert's as well; a second time changes nothing.
    let settled = anna.send("/low", "/low/bulk", &with("settle", &all)).await.leads_to().to_owned();
    assert!(anna.get(&settled).await.text.contains("3 ratings were changed"));
    assert_eq!(anna.send("/low", "/low/bulk", &with("settle", &all)).await.leads_to(), "/low?show=mine");
    assert!(anna.get("/low").await.text.contains("Nothing waiting"));
    let reopened = anna.send("/low", "/low/bulk", &with("reopen", &all)).await.leads_to().to_owned();
    assert_eq!(reopened, "/low?show=mine");
    assert!(anna.get("/low").await.text.contains(&two));
    // Only on the person's own lines, only existing ratings, and no redirect to another site.
    let mut stranger = house.signed_in(&stranger).await;
    let elsewhere = [("rating", one.as_str()), ("back", "https://evil.example/low")];
    assert_eq!(stranger.send("/low", "/low/bulk", &with("settle", &elsewhere)).await.leads_to(), "/low");
    assert!(anna.get("/low").await.text.contains(&one));
    assert_eq!(anna.send("/low", "/low/bulk", &with("burn", &all)).await.status, 422);
}

async fn filtered(url: String) {
    let house = House::on(&url, None).await;
    let anna = house.person("anna", Role::Supervisor, &[]).await;
    let (old, day) = (low(&house, "S-1").await, 24 * 60 * 60 * 1_000);
    house.world.pass(2 * day).await;
    let new = low(&house, "S-2").await;
    let mut browser = house.signed_in(&anna).await;
    let shown = async |browser: &mut Browser<'_>, address: &str| {
        let text = browser.get(address).await.text;
        [&old, &new].map(|id| text.contains(&format!("href=\"/low/{id}?")))
    };
    for (address, wanted) in [
        ("/low", [true, true]),
        ("/low?line=support", [true, true]),
        ("/low?line=sales", [false, false]),
        ("/low?age=1", [true, false]),
        ("/low?age=3", [false, false]),
        ("/low?operator=op-7", [true, true]),
        ("/low?operator=nobody-has-this-id", [false, false]),
        ("/low?reason=rude", [false, false]),
        ("/low?show=all&age=1&order=oldest", [true, false]),
    ] {
        assert_eq!(shown(&mut browser, address).await, wanted, "{address}");
    }
    let page = browser.get("/low?age=1&line=support&order=oldest").await.text;
    assert!(page.contains(&format!("/low/{old}?show=waiting&#38;order=oldest&#38;line=support&#38;age=1")), "{page}");
    assert!(page.contains("<a href=\"/low?show=waiting&#38;age=1&#38;order=oldest\">"), "a chip leads to the list without it: {page}");
    assert!(page.contains("<option value=\"op-7\">Olga</option>"), "an operator is chosen by name: {page}");
    assert!(browser.get("/low?line=sales").await.text.contains("No matches"));
    let oldest = browser.get("/low?order=oldest").await.text;
    assert!(oldest.find(&format!("/low/{old}?")) < oldest.find(&format!("/low/{new}?")));
    assert_eq!(browser.get("/low?colour=red").await.status, 422);
}
