//! The public showcase: three days after the answer, without ratings that were voided or rightly flagged, and small.

use super::{DAY, HOUR, sam};
use crate::on_both_databases;
use crate::rig::caller::Api;
use lastword::domain::answer::rating::Scale;
use lastword::domain::line::LineSettings;
use lastword::domain::review::FlagReason;
use lastword::life::review::act::{ReviewAct, act};
use lastword::life::review::judge_objection::Verdict;
use lastword::life::session::close_batch::Closed;
use lastword::names::RequestId;
use lastword_contract::{InboundKind, TextMessage};

on_both_databases! {
    ratings_are_shown_three_days_after_they_were_given => shown;
}

/// A client with a name rates and comments.
async fn rates(api: &Api, session: &str, name: Option<&str>, label: &str, comment: &str) -> String {
    let mut close = api.world.close_of(session);
    close.client_name = name.map(str::to_owned);
    let Closed::Kept { rating_request, decision: Ok(at), .. } = api.world.tell(close).await else { panic!("asks") };
    api.world.clock.set(at);
    api.world.work().await;
    let question = api.world.client.take().pop().unwrap();
    api.world.tap(&question, label).await;
    api.world.client.take();
    let by = question.to.clone();
    let said = InboundKind::Text(TextMessage::new(comment, by).in_reply_to(format!("m-{}", question.key)));
    api.world.happens("bot", said).await;
    rating_request.to_string()
}

async fn shown(url: String) {
    let api = Api::new(&url).await;
    let stars = |publication: bool| LineSettings { scale: Scale::FiveStar, publication, ..LineSettings::default() };
    api.world.line(stars(false)).await;
    rates(&api, "A", Some("Anna Berg"), "★★★★★", "Quick & kind <script>").await;
    let low = rates(&api, "B", None, "★", "Rude words").await;
    rates(&api, "C", None, "★★★", "It was all right").await;
    let page = "/showcase/support";
    assert_eq!(api.send("GET", page, &[], Vec::new()).await.status, 404, "only where the line wants it");
    api.world.line(stars(true)).await;
    let empty = api.send("GET", page, &[], Vec::new()).await;
    assert!(empty.status == 200 && empty.text.contains("No ratings yet") && !empty.text.contains("Quick"), "{empty:?}");
    act(&api.world.engine, &sam(), RequestId::named(&low), ReviewAct::Reply("We are sorry.".to_owned()), None, api.world.now())
        .await
        .unwrap()
        .unwrap();

    api.world.pass(4 * DAY + HOUR).await;
    // It remains after the line is disabled.
    api.world.line(LineSettings { enabled: false, ..stars(true) }).await;
    let shown = api.send("GET", page, &[], Vec::new()).await;
    assert!(shown.text.contains("Anna B.") && shown.text.contains("Quick &#38; kind &#60;script&#62;"), "{shown:?}");
    assert!(shown.text.contains("We are sorry.") && shown.text.contains("<b>3.0</b>") && shown.text.contains("3 ratings"), "{shown:?}");
    assert!(!shown.text.contains("Anna Berg") && shown.text.len() < 30_000);
    let policy = shown.headers["content-security-policy"].to_str().unwrap();
    assert!(policy.contains("default-src 'none'") && policy.contains("sha256-") && !policy.contains("unsafe"), "{policy}");
    assert!(!shown.headers.contains_key("set-cookie"));

    let flag = act(
        &api.world.engine,
        &sam(),
        RequestId::named(&low),
        ReviewAct::Flag(FlagReason::Profanity, "Rude".to_owned()),
        None,
        api.world.now(),
    )
    .await
    .unwrap()
    .unwrap();
    act(
        &api.world.engine,
        &sam(),
        RequestId::named(&low),
        ReviewAct::Judge(flag.objection.unwrap(), Verdict::Uphold, "It is".to_owned()),
        None,
        api.world.now(),
    )
    .await
    .unwrap()
    .unwrap();
    let after = api.send("GET", page, &[], Vec::new()).await.text;
    assert!(!after.contains("Rude words") && after.contains("<b>4.0</b>") && after.contains("2 ratings"), "{after}");
    let data = api.send("GET", "/showcase/support.json", &[], Vec::new()).await;
    assert_eq!(data.headers["content-type"], "application/ld+json");
    let rating = &data.json()["department"]["aggregateRating"];
    assert_eq!(
        (rating["ratingValue"].as_f64(), rating["ratingCount"].as_i64(), rating["bestRating"].as_i64()),
        (Some(4.0), Some(2), Some(5))
    );
    let badge = api.send("GET", "/showcase/support/badge.svg", &[], Vec::new()).await;
    assert!(badge.headers["content-type"] == "image/svg+xml" && badge.text.contains("★ 4.0 (2)"), "{badge:?}");
    let index = api.send("GET", "/showcase", &[], Vec::new()).await;
    assert!(index.status == 200 && index.text.contains("href=\"/showcase/support\""), "{index:?}");
    assert!(index.text.contains("2 ratings") && index.text.contains("at least 9") && index.text.contains("lower end"), "{}", index.text);
    api.world.line(stars(false)).await;
    assert_eq!(api.send("GET", "/showcase", &[], Vec::new()).await.status, 404, "no line wants to be shown");
    for nothing in ["/showcase/none", "/showcase/none.json", "/showcase/none/badge.svg"] {
        assert_eq!(api.send("GET", nothing, &[], Vec::new()).await.status, 404);
    }
}
