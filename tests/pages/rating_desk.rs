//! The list of ratings as a workplace: several values in a filter, totals, a rating beside the list, saved views.

use super::ratings::{MARKUP, line, rate, shown, unasked};
use crate::on_both_databases;
use crate::rig::house::{Answer, Browser, House, wanted};
use lastword::domain::access::audit::By;
use lastword::domain::access::rights::Role;
use lastword::life::access::change_account::{Changed, Wanted, change};
use lastword::store::access::audit;
use lastword::store::report::saved_view;

on_both_databases! {
    several_values_are_any_of_them_and_the_sums_are_theirs => several;
    a_rating_opens_beside_the_list => beside;
    views_are_ones_own_or_shared_and_show_what_the_reader_may_see => own_and_shared;
    views_have_names_of_their_own_and_there_are_not_too_many => names_and_limits;
    views_of_a_closed_account_stay_if_they_are_shared => closed_account;
}

async fn several(url: String) {
    let house = House::on(&url, None).await;
    let world = &house.world;
    line(world, "sales").await;
    let anna = house.person("anna", Role::Admin, &[]).await;
    let mut browser = house.signed_in(&anna).await;
    let bad = rate(world, "S1", "👎", Some("never again")).await;
    world.pass(60_000).await;
    let good = rate(world, "S2", "👍", None).await;
    world.pass(60_000).await;
    let spam = unasked(world, "S3", "sales").await;
    for (query, expected) in [
        ("line=support&line=sales&outcome=all", vec![&spam, &good, &bad]),
        ("line=sales&outcome=all", vec![&spam]),
        ("score=0&score=1&line=support", vec![&good, &bad]),
        ("score=0&score=5", vec![&bad]),
        ("operator=op-7&operator=op-8", vec![&good, &bad]),
        ("operator=op-8&operator=-", vec![]),
        ("channel=-&channel=parrot&score=1", vec![&good]),
        ("outcome=not_asked&reason=spam&reason=throttled", vec![&spam]),
        ("chosen=-&chosen=slow&score=1", vec![&good]),
    ] {
        let page = browser.get(&format!("/ratings?{query}")).await;
        assert_eq!(shown(&page).iter().collect::<Vec<_>>(), expected, "{query}");
    }
    let page = browser.get("/ratings?line=support&line=sales&score=0&score=1").await.text;
    for part in [
        "href=\"/ratings?line=sales&#38;score=0&#38;score=1\"",
        "href=\"/ratings?line=support&#38;line=sales&#38;score=1\"",
        "href=\"/ratings.csv?line=support&#38;line=sales&#38;score=0&#38;score=1\"",
        "name=\"line\" value=\"sales\" checked",
        "name=\"line\" value=\"support\" checked",
        "2 chosen",
    ] {
        assert!(page.contains(part), "{part} is not in {page}");
    }
    // An invalid filter is reported and shown.
    let wrong = browser.get("/ratings?line=support&line=nowhere").await;
    assert_eq!(wrong.status, 422);
    assert!(wrong.text.contains("This line does not exist.") && wrong.text.contains("value=\"nowhere\" checked"), "{}", wrong.text);
    let many: String = (0..51).map(|n| format!("&operator=o{n}")).collect();
    let many = browser.get(&format!("/ratings?{many}")).await;
    assert!(many.status == 422 && many.text.contains("Choose at most 50 values."), "{}", many.text);

    let sum = |page: &Answer, key: &str| {
        let part = page.text.split(&format!("data-sum=\"{key}\"><b>")).nth(1).map(|rest| rest.split("</b>").next().unwrap().to_owned());
        part.unwrap_or_default()
    };
    let all = browser.get("/ratings").await;
    let sums = ["ratings", "good", "low", "commented", "waiting", "closes"].map(|key| sum(&all, key));
    assert_eq!(sums, ["2", "50.0%", "1", "1", "1", ""], "{}", all.text);
    let asked = browser.get("/ratings?outcome=all").await;
    assert_eq!([sum(&asked, "closes"), sum(&asked, "ratings")], ["3", "2"]);
    let words = browser.get("/ratings?commented=1&score=0&score=1").await;
    assert_eq!(["ratings", "good", "low", "waiting"].map(|key| sum(&words, key)), ["1", "", "1", "1"], "no share among chosen scores");
    assert!(words.text.contains("href=\"/ratings?score=0&#38;score=1\""), "all of them are one click away");
    let none = browser.get("/ratings?outcome=not_asked").await;
    assert_eq!([sum(&none, "closes"), sum(&none, "ratings")], ["1", ""]);
}

async fn beside(url: String) {
    let house = House::on(&url, None).await;
    let world = &house.world;
    line(world, "sales").await;
    let bad = rate(world, "S1", "👎", Some(MARKUP)).await;
    let spam = unasked(world, "S2", "sales").await;
    let anna = house.person("anna", Role::Admin, &[]).await;
    let mut browser = house.signed_in(&anna).await;
    let page = browser.get(&format!("/ratings?grade=bad&open={bad}")).await;
    assert!(page.status == 200 && page.text.contains("id=\"drawer\"") && page.text.contains("aria-current=\"true\""), "{}", page.text);
    assert!(page.text.contains("data-close href=\"/ratings?grade=bad\"") && !page.text.contains("<script>alert"), "{}", page.text);
    // Its forms lead back to where it was opened.
    let back = format!("name=\"back\" value=\"/ratings?grade=bad&#38;open={bad}\"");
    let part = browser.get(&format!("/ratings/{bad}/drawer?grade=bad&open=other")).await;
    assert!(page.text.contains(&back) && part.text.contains(&back) && part.text.contains("f-text"), "{}", part.text);
    assert!(!part.text.contains("<html"), "a part, not a page");
    let unrated = browser.get(&format!("/ratings/{spam}/drawer?outcome=all")).await;
    assert!(unrated.status == 200 && unrated.text.contains("Not asked") && !unrated.text.contains("f-text"), "{}", unrated.text);
    assert_eq!(browser.get("/ratings/none/drawer").await.status, 404);
    let sam = house.person("sam", Role::Supervisor, &["sales"]).await;
    let mut other = house.signed_in(&sam).await;
    assert_eq!(other.get(&format!("/ratings/{bad}/drawer")).await.status, 404);
    assert_eq!(other.get(&format!("/ratings?open={bad}")).await.status, 404);
    assert_eq!(other.get(&format!("/ratings/{spam}/drawer")).await.status, 200);
}

/// IDs of the views on their page.
fn views(answer: &Answer) -> Vec<String> {
    shown(answer)
}

async fn save(browser: &mut Browser<'_>, name: &str, query: &str, shared: &str) -> Answer {
    browser.send("/account", "/ratings/views", &[("name", name), ("query", query), ("shared", shared)]).await
}

async fn own_and_shared(url: String) {
    let house = House::on(&url, None).await;
    let world = &house.world;
    line(world, "sales").await;
    let bad = rate(world, "S1", "👎", Some("never again")).await;
    let anna = house.person("anna", Role::Admin, &[]).await;
    let sam = house.person("sam", Role::Supervisor, &["sales"]).await;
    let pat = house.person("pat", Role::Supervisor, &["support"]).await;
    let (mut anna_sees, mut sam_sees, mut pat_sees) =
        (house.signed_in(&anna).await, house.signed_in(&sam).await, house.signed_in(&pat).await);
    let saved = save(&mut pat_sees, "  Bad & loud ", "grade=bad&score=0&score=1&q=never&cursor=5.a&open=7&utm=x", "1").await;
    // Search text comes from a client and is not stored.
    assert_eq!(saved.leads_to(), "/ratings?score=0&score=1&grade=bad");
    assert!(save(&mut pat_sees, "Mine", "line=support", "").await.leads_to().starts_with("/ratings?line=support"));
    let list = pat_sees.get("/ratings?score=0&score=1&grade=bad").await;
    assert!(list.text.contains("href=\"/ratings?score=0&#38;score=1&#38;grade=bad\" aria-current=\"page\""), "{}", list.text);
    assert!(list.text.contains("Bad &#38; loud</a>") && list.text.contains(">Mine</a>"), "{}", list.text);
    assert_eq!(shown(&list), [bad]);

    // Shared views are visible to all, each with the reader's own rights; private ones only to their owner.
    let theirs = sam_sees.get("/ratings/views").await;
    let all = views(&theirs);
    assert!(all.len() == 1 && theirs.text.contains("by pat") && !theirs.text.contains("Mine"), "{}", theirs.text);
    let list = sam_sees.get("/ratings?score=0&score=1&grade=bad").await;
    assert!(list.text.contains("Bad &#38; loud</a>") && shown(&list).is_empty(), "the view is shown, and no rating of another line");
    assert!(!theirs.text.contains("/delete"), "nothing to rename or delete");
    let delete = format!("/ratings/views/{}/delete", all[0]);
    assert_eq!(sam_sees.send("/account", &delete, &[]).await.status, 404);
    let rename = [("id", all[0].as_str()), ("name", "Stolen"), ("shared", "1")];
    assert_eq!(sam_sees.send("/account", "/ratings/views", &rename).await.status, 404);
    // A view of lines that a person does not see is hidden from them.
    save(&mut pat_sees, "Support alone", "line=support&grade=good", "1").await;
    assert_eq!(views(&sam_sees.get("/ratings/views").await), all);
    assert!(!sam_sees.get("/ratings").await.text.contains("Support alone"));
    assert_eq!(views(&anna_sees.get("/ratings/views").await).len(), 2);

    // Its owner and admins rename, unshare and delete it; its filter stays.
    let rename = [("id", all[0].as_str()), ("name", "Loud"), ("shared", "1")];
    assert_eq!(anna_sees.send("/account", "/ratings/views", &rename).await.leads_to(), "/ratings/views");
    assert!(pat_sees.get("/ratings?score=0&score=1&grade=bad").await.text.contains("aria-current=\"page\" dir=\"auto\">Loud</a>"));
    assert_eq!(pat_sees.send("/account", "/ratings/views", &[("id", &all[0]), ("name", "Loud")]).await.leads_to(), "/ratings/views");
    assert_eq!(views(&sam_sees.get("/ratings/views").await), Vec::<String>::new());
    assert_eq!(anna_sees.send("/account", &delete, &[]).await.status, 404, "what is not shared is its owner's alone");
    assert_eq!(pat_sees.send("/account", &delete, &[]).await.leads_to(), "/ratings/views");
    assert_eq!(pat_sees.send("/account", &delete, &[]).await.status, 404);

    let trail = audit::list(&world.engine.db, &audit::Filter::default(), None, 50).await.unwrap();
    let acts: Vec<String> = trail.iter().map(|entry| entry.act.clone()).filter(|act| act.starts_with("view.")).collect();
    let expected = ["view.deleted", "view.saved", "view.saved", "view.saved", "view.saved", "view.saved"];
    assert_eq!(acts, expected, "{trail:?}");
    assert!(!format!("{trail:?}").contains("never"), "{trail:?}");
    let page = anna_sees.get("/audit").await.text;
    assert!(page.contains("View saved:") && page.contains("View deleted:") && !page.contains("audit-"), "{page}");
}

async fn names_and_limits(url: String) {
    let house = House::on(&url, None).await;
    let pat = house.person("pat", Role::Supervisor, &["support"]).await;
    let sam = house.person("sam", Role::Supervisor, &["support"]).await;
    let (mut browser, mut other) = (house.signed_in(&pat).await, house.signed_in(&sam).await);
    let long = "ы".repeat(61);
    for (name, words) in [("", "Enter a name."), (" \n ", "Enter a name."), (&*long, "Use at most 60 characters.")] {
        let refused = save(&mut browser, name, "grade=bad", "").await;
        assert!(refused.status == 422 && refused.text.contains(words), "{name:?}: {}", refused.text);
        assert!(refused.text.contains("name=\"query\" value=\"grade=bad\""), "what was to be saved is still there: {}", refused.text);
    }
    assert_eq!(save(&mut browser, &long[2..], "grade=bad", "1").await.status, 303);
    let same = save(&mut browser, &long[2..], "grade=good", "").await;
    assert!(same.status == 422 && same.text.contains("There is already a view with this name."), "{}", same.text);
    assert_eq!(save(&mut other, &long[2..], "grade=good", "").await.status, 303, "of another person");
    for n in 1..50 {
        assert_eq!(save(&mut browser, &format!("view {n}"), "grade=good", if n < 30 { "1" } else { "" }).await.status, 303, "{n}");
    }
    let full = save(&mut browser, "one more", "grade=good", "").await;
    assert!(full.status == 422 && full.text.contains("You already have 50 views."), "{}", full.text);
    for n in 0..20 {
        assert_eq!(save(&mut other, &format!("shared {n}"), "grade=good", "1").await.status, 303, "{n}");
    }
    let full = save(&mut other, "one more", "grade=good", "1").await;
    assert!(full.status == 422 && full.text.contains("The team already shares 50 views."), "{}", full.text);
    assert_eq!(save(&mut other, "one more", "grade=good", "").await.status, 303, "for oneself there is room");
    // A rejected name is shown again in its field.
    let id = views(&other.get("/ratings/views").await)[0].clone();
    let taken = other.send("/account", "/ratings/views", &[("id", &id), ("name", "shared 7"), ("shared", "1")]).await;
    assert!(taken.status == 422 && taken.text.contains("value=\"shared 7\" aria-invalid=\"true\""), "{}", taken.text);
}

/// After an account is closed its shared views remain; its private ones are deleted.
async fn closed_account(url: String) {
    let house = House::on(&url, None).await;
    let world = &house.world;
    let anna = house.person("anna", Role::Admin, &[]).await;
    let pat = house.person("pat", Role::Supervisor, &["support"]).await;
    let (mut admin, mut browser) = (house.signed_in(&anna).await, house.signed_in(&pat).await);
    save(&mut browser, "Ours", "grade=bad", "1").await;
    save(&mut browser, "Mine", "grade=good", "").await;
    let gone = Wanted { disabled: true, ..wanted("pat", Role::Supervisor, &["support"]) };
    let changed = change(&world.engine, &By::command(), pat.id, gone, world.now()).await.unwrap();
    assert_eq!(changed, Changed::Done);
    let left: Vec<String> =
        saved_view::of(&world.engine.db, &pat.id.to_string()).await.unwrap().into_iter().map(|(view, _)| view.name).collect();
    assert_eq!(left, ["Ours"]);
    let id = views(&admin.get("/ratings/views").await)[0].clone();
    assert_eq!(admin.send("/account", &format!("/ratings/views/{id}/delete"), &[]).await.leads_to(), "/ratings/views");
}
