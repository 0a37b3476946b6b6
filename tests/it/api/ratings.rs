//! The list of ratings through the API.

use crate::on_both_databases;
use crate::rig::caller::Api;
use lastword::life::session::close_batch::Closed;
use lastword_contract::InboundKind;
use serde_json::{Value, json};

on_both_databases! {
    the_list_takes_the_filters_of_the_page => filters;
    rating_requests_take_them_too => requests;
}

async fn rate(api: &Api, session: &str, label: &str) -> String {
    let (id, question) = api.world.ask(session).await;
    api.world.tap(&question, label).await;
    if let Some(place) = api.world.client.take().pop().and_then(|thanks| thanks.comment) {
        let text = "Ещё жду <b>ответа</b>".to_owned();
        api.world.happens("bot", InboundKind::Comment { token: place.token, by: question.to.clone(), text }).await;
    }
    api.world.clock.advance(60_000);
    id
}

async fn filters(url: String) {
    let api = Api::new(&url).await;
    let (first, second) = (rate(&api, "S1", "👎").await, rate(&api, "S2", "👍").await);
    let ids = |list: &Value| {
        list["items"].as_array().unwrap().iter().map(|item| item["rating_request"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    for (query, expected) in [
        ("", vec![&second, &first]),
        ("?grade=good", vec![&second]),
        ("?low=true", vec![&first]),
        ("?score=0&scale=binary&commented=true&unanswered=true", vec![&first]),
        ("?q=%D0%B5%D1%89%D0%B5+%D0%BE%D1%82%D0%B2", vec![&first]),
        ("?operator=op-7&line=support&channel=parrot", vec![&second, &first]),
        ("?operator=-", vec![]),
        ("?from=2026-09-21&until=2026-09-21", vec![&second, &first]),
        ("?from=2026-09-21T14:14:00Z", vec![&second]),
        ("?until=2026-09-21T14:14:00Z", vec![&first]),
        ("?resolved=true", vec![]),
        ("?score=0&score=1&operator=op-7&operator=-&line=support&channel=-&channel=parrot", vec![&second, &first]),
        ("?score=0&score=5", vec![&first]),
    ] {
        let list = api.get(&format!("/v1/ratings{query}")).await;
        assert_eq!((list.status, ids(&list.json()).iter().collect::<Vec<_>>()), (200, expected), "{query}");
    }
    let page = api.get("/v1/ratings?limit=1").await.json();
    assert_eq!(ids(&page), std::slice::from_ref(&second));
    let next = page["next"].as_str().unwrap();
    let page = api.get(&format!("/v1/ratings?limit=1&cursor={next}")).await.json();
    assert_eq!((ids(&page), page.get("next")), (vec![first.clone()], None));
    let earlier = api.get(&format!("/v1/ratings?cursor={second}")).await.json();
    assert_eq!(ids(&earlier), [first], "a cursor of an earlier release goes on where it was");
    for (query, code, field) in [
        ("score=9", "invalid_field", "score"),
        ("scale=binary&score=3", "invalid_field", "score"),
        ("from=2026-09-31", "invalid_field", "from"),
        ("from=2026-09-22&until=2026-09-21", "invalid_field", "until"),
        ("from=2026-09-21T14:14:00Z&until=2026-09-21T14:14:00Z", "invalid_field", "until"),
        ("line=none", "unknown_line", "line"),
        ("line=support&line=none", "unknown_line", "line"),
        ("score=1&score=9", "invalid_field", "score"),
        ("grade=good&grade=bad", "invalid_field", "grade"),
        ("q=%3F", "invalid_field", "q"),
        ("cursor=none", "invalid_field", "cursor"),
        ("colour=red", "unknown_field", "colour"),
    ] {
        assert_eq!(api.get(&format!("/v1/ratings?{query}")).await.problem(), (422, code.into(), field.into()), "{query}");
    }
    assert_eq!(api.get("/v1/ratings?low=true").await.json()["items"][0]["comment"], json!("Ещё жду <b>ответа</b>"));
}

async fn requests(url: String) {
    let api = Api::new(&url).await;
    let answered = rate(&api, "S1", "👎").await;
    let (open, _) = api.world.ask("S2").await;
    let mut close = api.world.close_of("S3");
    close.operator = None;
    (close.connection, close.address) = (None, None);
    let Closed::Kept { rating_request: not_asked, .. } = api.world.tell(close).await else { panic!("kept") };
    let not_asked = not_asked.to_string();
    let ids =
        |list: &Value| list["items"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap().to_owned()).collect::<Vec<_>>();
    let why = api.get(&format!("/v1/rating-requests/{not_asked}")).await.json()["reason"].as_str().unwrap().to_owned();
    let reason = format!("?reason={why}");
    for (query, expected) in [
        ("", vec![&not_asked, &open, &answered]),
        ("?outcome=all", vec![&not_asked, &open, &answered]),
        ("?outcome=open", vec![&open]),
        ("?outcome=answered", vec![&answered]),
        ("?outcome=not_asked", vec![&not_asked]),
        (reason.as_str(), vec![&not_asked]),
        ("?reason=sampled_out", vec![]),
        ("?operator=op-7", vec![&open, &answered]),
        ("?operator=-", vec![&not_asked]),
        ("?channel=parrot&line=support&scale=binary", vec![&open, &answered]),
        ("?channel=-", vec![&not_asked]),
        ("?scale=five_star", vec![]),
        ("?from=2026-09-21&until=2026-09-21", vec![&not_asked, &open, &answered]),
        ("?from=2026-09-21T14:14:00Z", vec![&not_asked, &open]),
        ("?until=2026-09-21T14:14:00Z&outcome=answered", vec![&answered]),
    ] {
        let list = api.get(&format!("/v1/rating-requests{query}")).await;
        assert_eq!((list.status, ids(&list.json()).iter().collect::<Vec<_>>()), (200, expected), "{query}");
    }
    let first = api.get("/v1/rating-requests?outcome=answered").await.json()["items"][0].clone();
    assert_eq!((&first["outcome"], &first["rating"]["score"]), (&json!("answered"), &json!(0)), "with its rating");
    let (mut seen, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = api.get(&format!("/v1/rating-requests?limit=1{cursor}")).await.json();
        seen.extend(ids(&page));
        let Some(next) = page["next"].as_str() else { break };
        cursor = format!("&cursor={next}");
    }
    assert_eq!(seen, [not_asked, open, answered.clone()]);
    for (query, code, field) in [
        ("outcome=lost", "invalid_field", "outcome"),
        ("outcome=answered&reason=line_off", "invalid_field", "reason"),
        ("scale=stars", "invalid_field", "scale"),
        ("from=2026-09-22&until=2026-09-21", "invalid_field", "until"),
        ("from=2026-09-21T14:14:00Z&until=2026-09-21T14:14:00Z", "invalid_field", "until"),
        ("line=none", "unknown_line", "line"),
        ("cursor=none", "invalid_field", "cursor"),
        ("score=1", "unknown_field", "score"),
        ("limit=0", "invalid_field", "limit"),
    ] {
        assert_eq!(api.get(&format!("/v1/rating-requests?{query}")).await.problem(), (422, code.into(), field.into()), "{query}");
    }
}
