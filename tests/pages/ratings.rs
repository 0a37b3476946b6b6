//! The list of ratings, one rating's page, and files, as people use them.

use crate::on_both_databases;
use crate::rig::house::{Answer, House};
use crate::rig::world::World;
use calamine::{Data, Reader, Xlsx};
use lastword::domain::access::rights::Role;
use lastword::domain::line::LineSettings;
use lastword::domain::question::token::{Purpose, TokenValue};
use lastword::life::admin::change_line::{Changed, save_line};
use lastword::life::session::close_batch::Closed;
use lastword::life::session::web_chat;
use lastword::settings::Limits;
use lastword::store::access::audit;
use lastword::store::line::LineChange;
use lastword_contract::{Address, InboundKind};
use serde_json::{Value, json};
use std::io::Cursor;
use std::time::Duration;

on_both_databases! {
    the_list_shows_what_is_asked_for => list;
    a_supervisor_of_some_lines_sees_nothing_of_others => rights;
    a_filter_without_sense_is_told_beside_its_field => nonsense;
    a_rating_has_its_page_and_its_story => one;
    a_supervisor_scores_a_conversation => own_score;
    files_open_and_formulas_in_them_are_harmless => files;
    what_is_taken_as_a_file_stands_in_the_trail => trail;
    a_file_that_would_take_too_long_says_what_to_take_instead => too_long;
}

pub(super) const MARKUP: &str = "<script>alert(1)</script> & \"so\"";

/// A client rates a session, optionally with a comment.
pub(super) async fn rate(world: &World, session: &str, label: &str, comment: Option<&str>) -> String {
    let (id, question) = world.ask(session).await;
    world.tap(&question, label).await;
    if let Some(text) = comment {
        let token = world.client.take().pop().unwrap().comment.expect("a place for a comment").token;
        let by = Address::chat(format!("chat-{session}"));
        world.happens("bot", InboundKind::Comment { token, by, text: text.to_owned() }).await;
    }
    world.work().await;
    world.client.take();
    id
}

pub(super) async fn line(world: &World, id: &str) {
    let (id, name) = (id.to_owned(), id.to_uppercase());
    let change = LineChange {
        id: id.into(),
        name,
        settings: LineSettings::default(),
        archived: false,
        seen_version: 0,
        by: "t".to_owned(),
        at: world.now(),
    };
    assert!(matches!(save_line(&world.engine, change).await.unwrap(), Changed::Saved(_)));
}

/// A close of another line that is not asked about.
pub(super) async fn unasked(world: &World, session: &str, line: &str) -> String {
    let mut close = world.close_of(session);
    close.line_id = line.into();
    close.closed_by = lastword::domain::session::ClosedBy::Spam;
    let Closed::Kept { rating_request, .. } = world.tell(close).await else { panic!("kept") };
    rating_request.to_string()
}

/// The closes on a page, in their order.
pub(super) fn shown(answer: &Answer) -> Vec<String> {
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.text.split("data-key=\"").skip(1).map(|rest| rest.split('"').next().unwrap().to_owned()).collect()
}

async fn list(url: String) {
    let house = House::on(&url, None).await;
    let world = &house.world;
    let anna = house.person("anna", Role::Admin, &[]).await;
    let mut browser = house.signed_in(&anna).await;
    assert!(browser.get("/ratings").await.text.contains("No ratings yet"));
    let bad = rate(world, "S1", "👎", Some(MARKUP)).await;
    world.pass(60_000).await;
    let good = rate(world, "S2", "👍", None).await;
    world.pass(60_000).await;
    let spam = unasked(world, "S3", "support").await;
    let page = browser.get("/ratings").await;
    assert_eq!(shown(&page), [good.clone(), bad.clone()]);
    assert!(page.text.contains("&#60;script&#62;alert(1)&#60;/script&#62; &#38;") && !page.text.contains("<script>alert"), "{}", page.text);
    assert!(page.text.contains("data-live=\"ratings closes\"") && page.text.contains("Olga") && page.text.contains("Support"));
    for (query, expected) in [
        ("grade=bad", vec![&bad]),
        ("grade=good&line=support&operator=op-7", vec![&good]),
        ("operator=op-8", vec![]),
        ("outcome=not_asked&reason=spam", vec![&spam]),
        ("outcome=all", vec![&spam, &good, &bad]),
        ("q=ALERT", vec![&bad]),
        ("q=so+scri", vec![&bad]),
        ("q=scri+so", vec![]),
        ("commented=1&unanswered=1&channel=parrot&scale=binary&score=0", vec![&bad]),
        ("from=2026-09-21&until=2026-09-21", vec![&good, &bad]),
        ("from=2026-09-22", vec![]),
        ("until=2026-09-20", vec![]),
    ] {
        let page = browser.get(&format!("/ratings?{query}")).await;
        assert_eq!(shown(&page).iter().collect::<Vec<_>>(), expected, "{query}");
    }
    // Each active filter can be removed individually, and the files contain the same list.
    let page = browser.get("/ratings?grade=bad&line=support&q=ale").await.text;
    for link in ["/ratings?line=support&#38;q=ale", "/ratings?line=support&#38;grade=bad", "/ratings?grade=bad&#38;q=ale"] {
        assert!(page.contains(&format!("href=\"{link}\"")), "{link} is not in {page}");
    }
    assert!(page.contains("href=\"/ratings.csv?line=support&#38;grade=bad&#38;q=ale\""), "{page}");
    assert!(page.contains("<option value=\"bad\" selected>") && page.contains("value=\"ale\""), "what was asked stands in the form");
}

async fn rights(url: String) {
    let house = House::on(&url, None).await;
    let world = &house.world;
    line(world, "sales").await;
    let secret = rate(world, "S1", "👎", Some("top secret")).await;
    let ours = unasked(world, "S2", "sales").await;
    let sam = house.person("sam", Role::Supervisor, &["sales"]).await;
    let mut browser = house.signed_in(&sam).await;
    assert_eq!(shown(&browser.get("/ratings?outcome=all").await), std::slice::from_ref(&ours));
    assert_eq!(shown(&browser.get("/ratings?outcome=all&operator=op-7").await), std::slice::from_ref(&ours));
    assert_eq!(shown(&browser.get("/ratings?q=secret").await), Vec::<String>::new());
    let other = browser.get("/ratings?line=support").await;
    let none = browser.get("/ratings?line=no-such-line").await;
    assert_eq!((other.status, none.status), (422, 422));
    assert_eq!(other.text.replace("support", "X"), none.text.replace("no-such-line", "X"), "as if it were not there");
    for path in [format!("/ratings/{secret}"), "/sessions/desk/S1".to_owned(), "/ratings/none".to_owned(), "/sessions/desk/none".to_owned()]
    {
        assert_eq!(browser.get(&path).await.status, 404, "{path}");
    }
    assert_eq!(browser.send("/account", &format!("/ratings/{secret}/score"), &[("score", "1")]).await.status, 404);
    let file = browser.get("/ratings.csv?outcome=all").await;
    assert!(file.text.contains(&ours) && !file.text.contains("secret") && !file.text.contains(&secret), "{}", file.text);
    assert_eq!(browser.get(&format!("/ratings/{ours}")).await.status, 200);
    assert_eq!(browser.get("/sessions/desk/S2").await.leads_to(), format!("/ratings/{ours}"));
}

async fn nonsense(url: String) {
    let house = House::on(&url, None).await;
    let anna = house.person("anna", Role::Admin, &[]).await;
    let mut browser = house.signed_in(&anna).await;
    for (query, words) in [
        ("from=yesterday", "Enter a date such as 2026-09-30."),
        ("from=2026-09-30&until=2026-09-01", "The end date is before the start date."),
        ("from=2001-01-01&until=2026-09-01", "Choose a period of ten years or less."),
        ("line=none", "This line does not exist. Choose another."),
        ("scale=binary&score=4", "This score is not on the chosen scale. Choose another."),
        ("score=11", "Enter a score from 0 to 5."),
        ("grade=superb", "Choose one of the options."),
        ("outcome=expired&commented=1", "Only rated chats have this"),
        ("q=%21%21", "Enter at least one word."),
        ("operator=%00", "Too long, or contains characters that cannot be used."),
    ] {
        let page = browser.get(&format!("/ratings?{query}&resolved=yes")).await;
        assert_eq!(page.status, 422, "{query}");
        assert!(page.text.contains(words), "{query}: {words} is not in {}", page.text);
        assert!(page.text.contains("<option value=\"yes\" selected>"), "{query}: nothing else is lost");
        assert_eq!(browser.get(&format!("/ratings.csv?{query}")).await.status, 422, "{query}");
    }
    let typed = browser.get("/ratings?from=yesterday&grade=superb").await.text;
    assert!(typed.contains("value=\"yesterday\"") && typed.contains("value=\"superb\" selected"), "what was typed stays: {typed}");
    assert_eq!(browser.get("/ratings?cursor=rubbish&utm_source=mail").await.status, 200);
}

async fn one(url: String) {
    let house = House::on(&url, None).await;
    let world = &house.world;
    let anna = house.person("anna", Role::Admin, &[]).await;
    for (key, from, text) in [("m1", "visitor", "Where is <i>it</i>?"), ("m2", "operator", "On its way.")] {
        let body = serde_json::json!({ "kind": "message", "from": from, "name": "Olga O.", "text": text });
        web_chat::put(&world.engine.db, &world.engine.news, &"bot".into(), &"chat-S 1/ы".into(), key, &body, world.now()).await.unwrap();
    }
    let id = rate(world, "S 1/ы", "👎", Some(MARKUP)).await;
    let mut browser = house.signed_in(&anna).await;
    let page = browser.get(&format!("/ratings/{id}")).await.text;
    for words in [
        "aria-label=\"Bad\"",
        "Olga",
        "Support",
        "client-of-S 1/ы",
        "Closed by the operator (close 1), operator op-7.",
        "Decided to ask (version 1",
        "question: sent",
        "The rating is 👎, low (revision 2).",
        "Close 1 ended: Answered.",
        "Client’s answers",
        "Where is &#60;i&#62;it&#60;/i&#62;?",
        "On its way.",
        "Olga O.",
        "too late",
    ] {
        let there = page.contains(words);
        assert_eq!(there, words != "too late", "{words}: {page}");
    }
    assert!(page.contains("&#60;script&#62;alert(1)") && !page.contains("<script>alert"), "{page}");
    let head = page.split("<header class=\"head verdict\">").nth(1).and_then(|rest| rest.split("</header>").next()).expect("a heading");
    assert!(head.contains("waiting") && head.contains("href=\"#reply\""), "the next action is in the heading: {head}");
    let (brief, whole) = page.split("id=\"story\"").nth(1).and_then(|story| story.split_once("<details")).expect("a history");
    assert!(brief.contains("closed by the operator") && brief.contains("answered 👎 · "), "{brief}");
    assert!(!brief.contains("Decided to ask") && whole.contains("Decided to ask"), "internal steps are one click away: {brief}");
    let token = world.engine.keys.mint(Purpose::Rate, id.clone(), "bot:chat-S 1/ы", TokenValue::Resolved(true));
    let by = Address::chat("chat-S 1/ы");
    world.happens("bot", InboundKind::Press { token, by, message_id: None, press_id: None }).await;
    let told = browser.get(&format!("/ratings/{id}")).await.text;
    let (_, told) = told.split_once("Client’s answers").expect("the history");
    assert!(told.contains("<span dir=\"auto\">Resolved</span>"), "the client said so: {told}");
    // A second close of the session: its address redirects to the newest, which lists both.
    world.pass(25 * 3_600_000).await;
    let again = unasked(world, "S 1/ы", "support").await;
    let address = "/sessions/desk/S%201%2F%D1%8B";
    assert!(page.contains(&format!("href=\"{address}\"")), "{page}");
    let mut browser = house.signed_in(&anna).await;
    assert_eq!(browser.get(address).await.leads_to(), format!("/ratings/{again}"));
    let page = browser.get(&format!("/ratings/{again}")).await.text;
    assert!(page.contains(&format!("href=\"/ratings/{id}\"")) && page.contains("Not asked") && page.contains("spam"), "{page}");
    assert!(page.contains("class=\"button main\" href=\"#ask\""), "the next action is to ask after all: {page}");

    browser.send("/account", "/choice", &[("language", "ru"), ("back", "/account")]).await;
    let page = browser.get(&format!("/ratings/{id}")).await.text;
    assert!(page.contains("Оценка: 👎, низкая (версия 3).") && page.contains("Клиент ответил: балл 👎 — засчитано."), "{page}");
}

async fn own_score(url: String) {
    let house = House::on(&url, None).await;
    let world = &house.world;
    let anna = house.person("anna", Role::Supervisor, &["support"]).await;
    let id = rate(world, "S1", "👍", None).await;
    let (path, to) = (format!("/ratings/{id}"), format!("/ratings/{id}/score"));
    let mut browser = house.signed_in(&anna).await;
    let none = browser.send(&path, &to, &[("comment", "kept <b>words</b>"), ("seen", "0")]).await;
    assert!(none.status == 422 && none.text.contains("Choose 1 to 5 stars.") && none.text.contains("kept &#60;b&#62;words"), "{none:?}");
    let long = "ы".repeat(10_001);
    let long = browser.send(&path, &to, &[("score", "4"), ("comment", &long), ("seen", "0")]).await;
    assert!(long.status == 422 && long.text.contains("Enter at most 10,000 characters."), "{}", long.status);
    let kept = browser.send(&path, &to, &[("score", "4"), ("comment", "Calm and clear."), ("seen", "0")]).await;
    assert_eq!(kept.leads_to(), path);
    let page = browser.get(&path).await.text;
    assert!(page.contains("Score saved.") && page.contains("Calm and clear.") && page.contains("value=\"4\" required checked"), "{page}");
    assert!(browser.get("/ratings").await.text.contains("supervisor: 4 of 5"));

    // A person with an outdated page overwrites nothing, and loses no input.
    let late = browser.send(&path, &to, &[("score", "1"), ("comment", "Mine."), ("seen", "0")]).await;
    assert!(late.status == 409 && late.text.contains("scored this conversation while you were writing"), "{late:?}");
    assert!(
        late.text.contains("Calm and clear.") && late.text.contains(">Mine.</textarea>") && late.text.contains("name=\"seen\" value=\"1\""),
        "{}",
        late.text
    );
    assert_eq!(browser.send(&path, &to, &[("score", "1"), ("comment", "Mine."), ("seen", "1")]).await.status, 303);
    let trail = audit::list(&world.engine.db, &audit::Filter { act: Some("rating.scored".to_owned()), ..Default::default() }, None, 10)
        .await
        .unwrap();
    assert_eq!(trail.len(), 2);
    assert_eq!(
        (&trail[0].subject, trail[0].line_id.as_ref().map(|id| id.as_str()), &trail[0].by_name),
        (&id, Some("support"), &"anna".to_owned())
    );
    assert_eq!((&trail[0].before["score"], &trail[0].after["score"]), (&4.into(), &1.into()));
}

async fn files(url: String) {
    let house = House::on(&url, None).await;
    let world = &house.world;
    let anna = house.person("anna", Role::Admin, &[]).await;
    let comments = ["=HYPERLINK(\"http://evil.example\")", "two\nlines, \"quoted\"", "@SUM(1)", "ещё 👎"];
    let mut ids = Vec::new();
    for (place, comment) in comments.iter().enumerate() {
        world.pass(60_000).await;
        ids.insert(0, rate(world, &format!("S{place}"), "👎", Some(comment)).await);
    }
    let mut browser = house.signed_in(&anna).await;
    let file = browser.get("/ratings.csv").await;
    assert_eq!((file.status, file.bytes.starts_with(b"\xef\xbb\xbf")), (200, true));
    assert!(
        file.headers["content-disposition"].to_str().unwrap().starts_with("attachment; filename=\"ratings-2026-"),
        "{:?}",
        file.headers
    );
    assert!(file.text.contains("\r\n") && file.headers["content-type"].to_str().unwrap().starts_with("text/csv"));
    let mut reader = csv::Reader::from_reader(&file.bytes[3..]);
    let head = reader.headers().unwrap().clone();
    let at = |title: &str| head.iter().position(|column| column.starts_with(title)).unwrap_or_else(|| panic!("{title} in {head:?}"));
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    let column = |title: &str| rows.iter().map(|row| row[at(title)].to_owned()).collect::<Vec<_>>();
    assert_eq!(column("Rating request"), ids);
    assert_eq!(column("Comment"), ["ещё 👎", "'@SUM(1)", "two\nlines, \"quoted\"", "'=HYPERLINK(\"http://evil.example\")"]);
    assert_eq!((column("Score"), column("Operator name")), (vec!["0".to_owned(); 4], vec!["Olga".to_owned(); 4]));
    assert!(column("Closed (UTC)")[3].starts_with("2026-09-21 14:1"), "{:?}", column("Closed"));

    let file = browser.get("/ratings.xlsx?q=hyperlink").await;
    assert_eq!(file.status, 200);
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(file.bytes)).unwrap();
    let sheet = book.worksheet_range("Ratings").unwrap();
    assert_eq!(sheet.get_size(), (2, head.len()));
    assert_eq!(sheet.get_value((0, 0)).unwrap().to_string(), "Closed (UTC)");
    let cell = |title: &str| sheet.get_value((1, at(title) as u32)).unwrap();
    assert_eq!(cell("Comment"), &Data::String(comments[0].to_owned()), "a text, and no formula");
    assert_eq!(cell("Score"), &Data::Float(0.0));
    assert!(matches!(cell("Closed"), Data::DateTime(_)), "{:?}", cell("Closed"));
    assert!(book.worksheet_formula("Ratings").unwrap().used_cells().next().is_none(), "no formula anywhere");
}

/// Audit log entries about files, newest first: act, subject, line and details.
async fn taken(world: &World) -> Vec<(String, String, Option<String>, Value)> {
    let all = audit::list(&world.engine.db, &audit::Filter::default(), None, 50).await.unwrap();
    let files = all.into_iter().filter(|entry| entry.act.ends_with(".exported"));
    files.map(|entry| (entry.act, entry.subject, entry.line_id.map(String::from), Value::Object(entry.after))).collect()
}

async fn trail(url: String) {
    let house = House::on(&url, None).await;
    let world = &house.world;
    let anna = house.person("anna", Role::Admin, &[]).await;
    rate(world, "S1", "👎", Some("my number is 0170 1234567")).await;
    world.pass(60_000).await;
    rate(world, "S2", "👍", None).await;
    let mut browser = house.signed_in(&anna).await;
    for refused in ["/ratings.csv?score=11", "/ratings.xlsx?score=11", "/reports/file?line=nowhere", "/clients/file?id=nobody"] {
        assert!(browser.get(refused).await.status >= 400, "{refused}");
    }
    assert_eq!(taken(world).await, [], "what is not handed out is not noted");
    let paths = [
        "/ratings.csv?line=support&q=1234567",
        "/ratings.xlsx?grade=good",
        "/reports/file?by=line&format=xlsx&period=7",
        "/clients/file?id=desk%2Fclient-of-S1",
    ];
    for path in paths {
        assert_eq!(browser.get(path).await.status, 200, "{path}");
        world.clock.advance(1_000);
    }
    assert!(browser.break_off("/ratings.csv?outcome=all").await.contains("Closed (UTC)"));
    // The entry for an aborted file is written concurrently.
    let mut found = taken(world).await;
    while found.len() < 5 {
        tokio::task::yield_now().await;
        found = taken(world).await;
    }
    let list = |line: Option<&str>, after: Value| ("list.exported".to_owned(), "ratings".to_owned(), line.map(str::to_owned), after);
    assert_eq!(found[0], list(None, json!({ "format": "csv", "rows": 0, "filter.outcome": "all", "cut": true })));
    assert!(found[1].0 == "client.exported" && !found[1].1.contains("S1") && found[1].3["rows"].as_u64() > Some(2), "{:?}", found[1]);
    let (act, subject, _, after) = &found[2];
    assert_eq!((act.as_str(), subject.as_str(), &after["rows"], &after["format"]), ("report.exported", "line", &json!(1), &json!("xlsx")));
    assert!(after["filter.from"].is_string() && after["filter.until"].is_string(), "{after}");
    assert_eq!(found[3], list(None, json!({ "format": "xlsx", "rows": 1, "filter.grade": "good" })));
    let asked = json!({ "format": "csv", "rows": 1, "filter.line": "support", "filter.q": true });
    assert_eq!(found[4], list(Some("support"), asked), "what was searched for is a client's word");
    let page = browser.get("/audit").await.text;
    for words in ["List exported as:</b> Ratings", "Report exported, by:</b> Line", "Rows", "Cut short", "Rating", "anna"] {
        assert!(page.contains(words), "{words} is not in {page}");
    }
    browser.send("/account", "/choice", &[("language", "ru"), ("back", "/account")]).await;
    let page = browser.get("/audit?kind=list").await.text;
    assert!(page.contains("Список выгружен:") && page.contains("Строк") && !page.contains("audit-"), "{page}");
}

async fn too_long(url: String) {
    let house = House::limited(&url, None, Limits::NONE, Some(Duration::ZERO)).await;
    let anna = house.person("anna", Role::Admin, &[]).await;
    rate(&house.world, "S1", "👎", None).await;
    let mut browser = house.signed_in(&anna).await;
    let page = browser.get("/ratings.xlsx?grade=bad").await;
    assert!(page.status == 413 && page.text.contains("Download it as CSV, or narrow the filter"), "{page:?}");
    assert_eq!(taken(&house.world).await, [], "nothing left");
    let file = browser.get("/ratings.csv?grade=bad").await;
    assert_eq!((file.status, file.text.lines().count()), (200, 2), "CSV leaves while it is read");
}
