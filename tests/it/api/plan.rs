//! `GET /v1/lines/{id}/plan`: which closes a line would have asked about.

use crate::rig::caller::Api;
use crate::rig::world::MORNING;
use lastword::domain::line::LineSettings;
use serde_json::json;

#[tokio::test]
async fn a_line_that_is_off_says_what_it_would_ask() {
    let api = Api::in_memory().await;
    api.world.line(LineSettings { enabled: false, ..LineSettings::default() }).await;
    for (number, closed_by) in ["operator", "bot", "operator"].into_iter().enumerate() {
        let close = json!({
            "event_key": number.to_string(), "session": format!("S-{number}"), "line": "support", "closed_at": MORNING - 3_000 + number as i64 * 1_000,
            "closed_by": closed_by, "operator": { "id": "op-7" }, "client": format!("c-{number}"), "connection": "bot",
            "address": { "chat": number.to_string() },
        });
        assert_eq!(api.post("/v1/sessions/close", &close).await.json()["reason"], "line_off");
    }
    let plan = api.get("/v1/lines/support/plan?from=2026-09-01T00:00:00Z&until=2026-10-01T00:00:00Z&limit=2").await;
    assert_eq!(plan.status, 200, "{plan:?}");
    let plan = plan.json();
    let summary = json!({ "closes": 3, "asked": 2, "by_way": { "in_time": 2 }, "not_asked": { "bot_close": 1 } });
    assert_eq!((&plan["summary"], &plan["truncated"], &plan["line_version"]), (&summary, &json!(false), &json!(2)));
    assert_eq!(plan["items"].as_array().unwrap().len(), 2, "the newest two");
    let newest = &plan["items"][0];
    assert_eq!((&newest["session"], &newest["way"], &newest["asked_through"]), (&json!("S-2"), &json!("in_time"), &json!("bot")));
    assert_eq!(newest["due_at"], "2026-09-21T14:13:21.000Z");
    assert_eq!((&plan["items"][1]["way"], &plan["items"][1]["reason"]), (&json!(null), &json!("bot_close")));

    let early = api.get("/v1/lines/support/plan?from=2026-09-01T00:00:00Z&until=2026-09-02T00:00:00Z").await.json();
    assert_eq!(early["summary"]["closes"], 0);
    assert_eq!(api.get("/v1/lines/none/plan?from=2026-09-01T00:00:00Z").await.status, 404);
    assert_eq!(api.get("/v1/lines/support/plan").await.problem().1, "missing_field");
    let backwards = api.get("/v1/lines/support/plan?from=2026-09-02T00:00:00Z&until=2026-09-01T00:00:00Z").await;
    assert_eq!(backwards.problem(), (422, "invalid_field".into(), "until".into()));
    assert_eq!(api.get("/v1/lines/support/plan?from=yesterday").await.problem().2, "from");
}
