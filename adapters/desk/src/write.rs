//! Writes a rating to its chat, by the configured calls.

use crate::calls::{Body, Unless, Write};
use crate::template::at;
use chrono::{DateTime, SecondsFormat};
use lastword_contract::http::Api;
use lastword_contract::json;
use lastword_contract::{Receipt, Scale, SendError, Verdict, WriteBack};
use serde_json::{Value, json};

/// Makes the calls in order. A call is skipped if its check finds the rating.
///
/// # Errors
/// Errors of the API. A retry starts with the first call: calls without a check come first, or are harmless to repeat.
pub(crate) async fn write_back(api: &Api, calls: &[Write], rating: &WriteBack) -> Result<Receipt, SendError> {
    // Encoding does not keep such a segment from leading upwards in a path.
    if matches!(rating.session.as_str(), "" | "." | "..") {
        return Err(SendError::new(Verdict::RecipientGone, "no_such_chat", "this is no id of a chat"));
    }
    let values = values(rating);
    let mut receipt = Receipt::default();
    for call in calls {
        if let Some(look) = &call.unless
            && is_there(api, look, &values, &rating.key).await?
        {
            continue;
        }
        let (method, path) = (call.method.clone(), call.path.address(&values));
        let answer = match &call.body {
            Body::Json(form) => api.call(method, &path, Some(&form.filled(&values))).await?,
            Body::Fields(fields) => {
                let fields: Vec<(&str, String)> = fields.iter().map(|(name, text)| (name.as_str(), text.text(&values))).collect();
                api.call_form(method, &path, &fields).await?
            }
        };
        receipt.message_id = json::id(&answer.body["id"]).or(receipt.message_id);
    }
    Ok(receipt)
}

async fn is_there(api: &Api, look: &Unless, values: &Value, key: &str) -> Result<bool, SendError> {
    let answer = api.get(&look.path.address(values)).await?;
    let Some(found) = at(&answer, &look.found).and_then(Value::as_array) else {
        return Err(SendError::new(Verdict::Refused, "no_list", "there is no list in the answer to unless; see found"));
    };
    Ok(found.iter().any(|one| look.searches || holds(one, key)))
}

/// True if a text in the value contains the key.
fn holds(value: &Value, key: &str) -> bool {
    match value {
        Value::String(text) => text.contains(key),
        Value::Array(items) => items.iter().any(|item| holds(item, key)),
        Value::Object(fields) => fields.values().any(|field| holds(field, key)),
        _ => false,
    }
}

fn values(rating: &WriteBack) -> Value {
    let rated_at = DateTime::from_timestamp_millis(rating.rated_at).unwrap_or_default();
    let (scale, shown) = match rating.scale {
        Scale::Binary => ("binary", rating.scale.label(rating.score)),
        Scale::FiveStar => ("five_star", rating.score.to_string()),
    };
    json!({
        "session": rating.session, "key": rating.key, "text": rating.text, "score": rating.score, "rating": shown, "scale": scale,
        "low": rating.low, "comment": rating.comment, "reasons": rating.reasons, "resolved": rating.resolved,
        "rated_at": rated_at.to_rfc3339_opts(SecondsFormat::Secs, true), "changed": rating.changed, "page": rating.page,
        "rating_request": rating.rating_request,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calls::BLANKS;

    #[test]
    fn every_blank_has_its_value_and_every_value_its_blank() {
        let values = values(&WriteBack::default());
        let mut names: Vec<&str> = values.as_object().unwrap().keys().map(String::as_str).collect();
        let mut blanks = BLANKS.to_vec();
        names.sort_unstable();
        blanks.sort_unstable();
        assert_eq!(names, blanks);
    }
}
