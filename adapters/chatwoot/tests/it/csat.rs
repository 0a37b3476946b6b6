//! Chatwoot's own ratings in the stub: the survey after a close, its answers, and what its report makes of them.

use super::Inside;
use lastword_contract::kit::HttpRequest;
use serde_json::{Value, json};

impl Inside {
    /// The client of a chat.
    pub(super) fn client(&self, id: u64) -> u64 {
        700 + if self.clients == 0 { id } else { id % self.clients }
    }

    /// Chatwoot's own survey goes out, as it does after a close.
    pub(crate) fn survey(&mut self, id: u64) {
        let at = self.now;
        let survey = json!({ "message_type": 3, "content": "Please rate us", "content_type": "input_csat", "private": false });
        self.add_message(id, at, survey);
    }

    /// The client answers the survey. Without an agent nobody was assigned.
    pub(crate) fn rate(&mut self, id: u64, rating: u8, agent: Option<(u64, &str)>) {
        let agent = agent.map_or(Value::Null, |(id, name)| json!({ "id": id, "name": name, "email": format!("{name}@example.com") }));
        let mut item = json!({
            "id": self.ratings.len() + 1, "rating": rating, "feedback_message": "", "account_id": 1, "message_id": id,
            "contact": { "id": self.client(id), "name": "Jane" }, "conversation_id": id, "created_at": self.now / 1_000,
        });
        if agent.is_object() {
            item["assigned_agent"] = agent;
        }
        self.ratings.push(item);
    }

    /// Answers calls about ratings.
    pub(super) fn csat(&self, rest: &[&str], request: &HttpRequest) -> (u16, Value) {
        // Without both ends the range is no range.
        let end = |name: &str| request.asked(name).and_then(|end| end.parse::<i64>().ok());
        let range = end("since").zip(end("until"));
        let within = |at: &Value| range.is_none_or(|(since, until)| at.as_i64().is_some_and(|at| (since..until).contains(&at)));
        let mut found: Vec<&Value> = self.ratings.iter().filter(|rating| within(&rating["created_at"])).collect();
        match rest {
            [] => {
                let page: usize = request.asked("page").and_then(|page| page.parse().ok()).unwrap_or(1);
                if request.asked("sort").is_some_and(|sort| sort.starts_with('-')) {
                    found.reverse();
                }
                (200, found.into_iter().skip((page - 1) * 25).take(25).cloned().collect::<Vec<_>>().into())
            }
            ["metrics"] => {
                let mut counts = serde_json::Map::new();
                for rating in &found {
                    let count = counts.entry(rating["rating"].to_string()).or_insert(json!(0));
                    *count = json!(count.as_i64().unwrap() + 1);
                }
                let messages = self.conversations.values().flat_map(|one| &one.messages);
                let sent = messages.filter(|one| one["content_type"] == "input_csat" && within(&one["created_at"])).count();
                (200, json!({ "total_count": found.len(), "ratings_count": counts, "total_sent_messages_count": sent }))
            }
            _ => (404, json!({})),
        }
    }
}
