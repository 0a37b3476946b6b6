//! PagerDuty: all messages about one subject are one incident; it is acknowledged when a person has seen it, and resolved at its end.

use super::NAME;
use crate::note::{Note, Tone};
use crate::place::Place;
use crate::plain::cut;
use serde_json::{Value, json};

const SUMMARY_MAX: usize = 1_024;
const DEDUP_KEY_MAX: usize = 255;

pub(super) fn pagerduty(place: &Place, note: &Note<'_>) -> Value {
    let dedup_key = cut(&format!("lastword-{}", note.about), DEDUP_KEY_MAX);
    if note.over || note.seen {
        let action = if note.over { "resolve" } else { "acknowledge" };
        return json!({ "routing_key": place.token, "event_action": action, "dedup_key": dedup_key });
    }
    let severity = match note.tone {
        Tone::Bad => "critical",
        Tone::Warning => "warning",
        Tone::Good | Tone::Plain => "info",
    };
    let mut payload = json!({ "summary": note.whole_within(SUMMARY_MAX), "severity": severity, "source": NAME });
    if let Some(quote) = &note.quote {
        payload["custom_details"] = json!({ "quote": quote });
    }
    let links: Vec<Value> = note.pages.iter().map(|page| json!({ "href": page.url, "text": page.label })).collect();
    let mut body = json!({
        "routing_key": place.token, "event_action": "trigger", "dedup_key": dedup_key, "client": NAME, "payload": payload,
    });
    if let Some(page) = note.page() {
        body["client_url"] = json!(page.url);
        body["links"] = json!(links);
    }
    body
}
