//! The wording of texts that are not English does not matter; none of them is Chatwoot's.

use super::*;
use crate::names::Who;
use serde_json::json;

/// `>` is the client, `<` an operator, `?` our question; anything else is written by Chatwoot. Messages are one minute apart.
fn talk(lines: &[&str]) -> Vec<Value> {
    let message = |(n, line): (usize, &&str)| {
        let (kind, content_type) = match *line {
            ">" => (0, "text"),
            "<" => (1, "text"),
            "?" => (1, "input_select"),
            _ => (2, "text"),
        };
        let sender = json!({ "id": 1, "name": "Ann", "type": "user" });
        json!({ "id": n, "message_type": kind, "content_type": content_type, "sender": sender, "content": line, "created_at": 1_000 + n * 60 })
    };
    lines.iter().enumerate().map(message).collect()
}

fn names() -> Names {
    let mut names = Names::default();
    names.add("Ann", Who::Person(Some("1".to_owned())));
    names.add("Jane", Who::Client);
    names
}

fn timeline(messages: &[Value]) -> Timeline {
    let told_at = messages.last().and_then(time);
    Timeline::of(messages, &Facts { is_resolved: true, told_at, own: None, labels: &["vip"], closes: &[] }, &names())
}

fn closed(lines: &[&str]) -> Option<usize> {
    timeline(&talk(lines)).close()
}

const ANN_CLOSES: &str = "Conversation was marked resolved by Ann";
const ANN_ENDS: &str = "Ann macht den Deckel drauf";
const CLIENT_ENDS: &str = "Jane又把它打开了";
const ANN_OPENS: &str = "Ann又把它打开了";

#[test]
fn a_close_is_found_by_status_and_time_and_not_by_words_alone() {
    assert_eq!(closed(&[">", "<", ANN_CLOSES]), Some(2));
    assert_eq!(closed(&[">", "<", ANN_ENDS]), Some(2), "words that nobody knows");
    assert_eq!(closed(&[">", ANN_CLOSES, ">", "<"]), None, "of the second close nothing is written down yet");
    assert_eq!(closed(&[">", ANN_CLOSES, ">", "<", ANN_ENDS]), Some(4));
    assert_eq!(closed(&[">", "<", CLIENT_ENDS]), Some(2), "the words say opened again");
    assert_eq!(closed(&[">", CLIENT_ENDS, ANN_OPENS, "<", CLIENT_ENDS]), Some(4));
    assert_eq!(closed(&[">", ANN_CLOSES, "Ann added billing"]), Some(1), "labels are no status");
    assert_eq!(closed(&[">", "<", ANN_ENDS, "?", "Ann klebt vip dran"]), Some(2), "found later by a label");
}

#[test]
fn words_before_the_time_of_the_change_are_not_sure_to_be_the_close() {
    let messages = talk(&[">", "<", "Ann hält das für eilig", ">"]);
    let facts = |told_at| Facts { is_resolved: true, told_at: Some(told_at), own: None, labels: &[], closes: &[] };
    let told_at = time(&messages[2]).unwrap();
    let read = |messages: &[Value], told_at| {
        let found = Timeline::of(messages, &facts(told_at), &names());
        (found.close(), found.is_close_sure())
    };
    assert_eq!(read(&messages[..3], told_at), (Some(2), true));
    assert_eq!(read(&messages[..3], told_at + 10_000), (Some(2), false));
    assert_eq!(read(&messages, told_at + 70_000), (None, false), "the client wrote since");
}

#[test]
fn earlier_closes_are_known_in_any_language() {
    for close in [ANN_CLOSES, ANN_ENDS, CLIENT_ENDS] {
        let messages = talk(&[">", "<", close, ANN_OPENS, "<", close]);
        let found = timeline(&messages);
        assert_eq!((found.close(), found.close_before(5)), (Some(5), Some(2)), "{close}");
    }
    for lines in [
        // The client was asked, or wrote and a text without names followed, or a time of silence was recorded.
        [">", "<", ANN_ENDS, "?", ANN_OPENS, "<", "Jane hat genug"],
        [">", "<", ANN_ENDS, "?", ">", "<", "Jane hat genug"],
        [">", "<", ANN_ENDS, "Conversation was reopened by Ann", ">", "<", "Jane hat genug"],
    ] {
        let found = timeline(&talk(&lines));
        assert_eq!((found.close(), found.close_before(6)), (Some(6), Some(2)), "{lines:?}");
    }
    let mut messages = talk(&[">", "<", "Stille seit 3 Tagen", ANN_OPENS, "<", "Jane hat genug"]);
    for message in &mut messages[2..] {
        message["created_at"] = json!(message["created_at"].as_i64().unwrap() + 3 * 86_400);
    }
    assert_eq!(timeline(&messages).close_before(5), Some(2));
    // The message caused by a client's message directly follows it.
    let mut messages = talk(&[">", "<", ANN_ENDS, ">", "Weiter geht es", "<", "Jane hat genug"]);
    messages[4]["created_at"] = json!(messages[3]["created_at"].as_i64().unwrap() + 1);
    assert_eq!(timeline(&messages).close_before(6), Some(2));
    assert_eq!(timeline(&messages).last_opening(), Some(3));
}

#[test]
fn labels_and_other_things_that_happen_are_no_closes() {
    let found = timeline(&talk(&[">", "Ann klebt vip dran", "<", "Ann hält das für eilig", ">", "<", ANN_ENDS]));
    assert_eq!((found.close(), found.close_before(6)), (Some(6), None));
}
