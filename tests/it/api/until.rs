//! `until` has one meaning in every list and report: a day is included, an instant is excluded.

use crate::on_both_databases;
use crate::rig::caller::Api;
use serde_json::{Value, json};

on_both_databases! {
    until_means_the_same_in_every_list_and_report => until;
}

/// Addresses with the pointer to their count, and the names of their range parameters.
const PLACES: [(&str, &str); 16] = [
    ("/v1/ratings?from={from}&until={until}", "/items"),
    ("/v1/rating-requests?from={from}&until={until}", "/items"),
    ("/v1/alerts?from={from}&until={until}", "/items"),
    ("/v1/deliveries?state=sent&kind=ask&from={from}&until={until}", "/items"),
    ("/v1/low-ratings?show=all&rated_until={until}", "/items"),
    ("/v1/lines/support/plan?from={from}&until={until}", "/items"),
    ("/v1/reports/summary?from={from}&until={until}", "/report/funnel/closed"),
    ("/v1/reports/operators?from={from}&until={until}", "/items"),
    ("/v1/reports/lines?from={from}&until={until}", "/items"),
    ("/v1/reports/channels?from={from}&until={until}", "/items"),
    ("/v1/reports/trend?from={from}&until={until}&step=month", "/points/0/report/funnel/closed"),
    ("/v1/reports/heat?from={from}&until={until}", "/hours"),
    ("/v1/reports/funnel?from={from}&until={until}", "/funnel/closed"),
    ("/v1/reports/reasons?from={from}&until={until}", "/reasons/low"),
    ("/v1/reports/recovery?from={from}&until={until}", "/replied/of"),
    ("/v1/reports/handled-by?from={from}&until={until}", "/items"),
];

/// The count that an address returns.
async fn count(api: &Api, place: &str, (pointer, from, until): (&str, &str, &str)) -> i64 {
    let answer = api.get(&place.replace("{from}", from).replace("{until}", until)).await;
    assert_eq!(answer.status, 200, "{place} from {from} until {until}: {answer:?}");
    match answer.json().pointer(pointer).unwrap_or_else(|| panic!("{place}: no {pointer} in {answer:?}")) {
        Value::Array(items) => items.len() as i64,
        number => number.as_i64().unwrap_or_else(|| panic!("{place}: {number}")),
    }
}

async fn until(url: String) {
    let api = Api::new(&url).await;
    let (_, question) = api.world.ask("S-1").await;
    api.world.tap(&question, "👎").await;
    api.world.work().await;
    for (place, pointer) in PLACES {
        assert_eq!(count(&api, place, (pointer, "2026-09-01", "2026-09-21")).await, 1, "the day belongs to it: {place}");
        assert_eq!(count(&api, place, (pointer, "2026-09-01", "2026-09-20")).await, 0, "{place}");
        if !place.contains("/reports/") {
            assert_eq!(count(&api, place, (pointer, "2026-09-01", "2026-09-21T23:00:00Z")).await, 1, "{place}");
        }
    }
    for report in ["summary", "labels", "handled-by", "heat", "funnel", "recovery"] {
        let days = api.get(&format!("/v1/reports/{report}?from=2026-09-01&until=2026-09-21")).await.json()["days"].clone();
        assert_eq!(
            (&days["from"], &days["until"]),
            (&json!("2026-09-01"), &json!("2026-09-21")),
            "a report says what it was asked: {report}"
        );
    }
    // An instant is the first one excluded.
    for (place, name, begin) in [
        ("ratings?", "closed_at", Some("from")),
        ("rating-requests?", "closed_at", Some("from")),
        ("alerts?", "created_at", Some("from")),
        ("deliveries?state=sent&kind=ask", "created_at", Some("from")),
        ("low-ratings?show=all", "rated_at", None),
        ("lines/support/plan?from=2026-09-01", "closed_at", None),
    ] {
        let list = async |filter: &str| api.get(&format!("/v1/{place}{filter}")).await.json()["items"].clone();
        let at = list("").await[0][name].as_str().unwrap_or_else(|| panic!("{place}: no {name}")).to_owned();
        let after = at.parse::<chrono::DateTime<chrono::Utc>>().unwrap() + chrono::TimeDelta::milliseconds(1);
        let after = after.to_rfc3339_opts(chrono::SecondsFormat::Millis, true);
        let until = if place.starts_with("low") { "rated_until" } else { "until" };
        assert_eq!(list(&format!("&{until}={at}")).await, json!([]), "{place}");
        assert_eq!(list(&format!("&{until}={after}")).await.as_array().unwrap().len(), 1, "{place}");
        if let Some(begin) = begin {
            assert_eq!(list(&format!("&{begin}={at}")).await.as_array().unwrap().len(), 1, "{place}");
            assert_eq!(list(&format!("&{begin}={after}")).await, json!([]), "{place}");
        }
    }
}
