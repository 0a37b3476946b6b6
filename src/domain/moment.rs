//! Format of times in data for programs: RFC 3339 in UTC, with milliseconds.

use super::Millis;
use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::Value;

/// The last millisecond of the year 9999.
pub const LATEST: Millis = 253_402_300_799_999;

/// Formats a time as `2026-05-01T12:00:00.000Z`.
pub fn rfc3339(at: Millis) -> String {
    let at = DateTime::<Utc>::from_timestamp_millis(at.clamp(0, LATEST)).unwrap_or_default();
    at.to_rfc3339_opts(SecondsFormat::Millis, true)
}

/// Formats every time in a document of rows: numbers whose key names a time (`at`, `closed_at`, `until`).
pub fn write_out(document: &mut Value) {
    match document {
        Value::Object(fields) => fields.iter_mut().for_each(|(name, value)| match value {
            Value::Number(number) if names_a_moment(name) => {
                if let Some(at) = number.as_i64() {
                    *value = Value::String(rfc3339(at));
                }
            }
            value => write_out(value),
        }),
        Value::Array(items) => items.iter_mut().for_each(write_out),
        _ => {}
    }
}

fn names_a_moment(name: &str) -> bool {
    matches!(name, "at" | "since" | "until") || name.ends_with("_at") || name.ends_with("_until")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn moments_are_written_out_and_other_numbers_are_not() {
        let mut told =
            json!({ "id": "a", "closed_at": 1_777_636_800_000_i64, "score": 1, "none_at": null, "rows": [{ "at": 0, "count": 7 }] });
        write_out(&mut told);
        let expected = json!({
            "id": "a", "closed_at": "2026-05-01T12:00:00.000Z", "score": 1, "none_at": null,
            "rows": [{ "at": "1970-01-01T00:00:00.000Z", "count": 7 }],
        });
        assert_eq!(told, expected);
    }
}
