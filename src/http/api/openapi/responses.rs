//! Responses that many calls share, derived from the scope, the body and the path of a call. A handler describes only its
//! own responses; these fill in statuses that it does not describe.

use super::calls;
use serde_json::{Map, Value, json};

/// A response that the layers around a handler can return.
struct Common {
    status: &'static str,
    /// True if the call can return it.
    may: fn(&Call) -> bool,
    codes: &'static str,
    words: &'static str,
}

/// The properties of a call that determine its responses.
struct Call {
    asks_for_key: bool,
    reads_body: bool,
    reads_query: bool,
    /// True if the path names a resource, which may be missing or invalid.
    names_something: bool,
}

impl Call {
    fn of(operation: &Map<String, Value>) -> Self {
        let parameters = operation.get("parameters").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        let takes = |place: &str| parameters.iter().any(|parameter| parameter["in"] == place);
        Self {
            asks_for_key: operation.contains_key("security"),
            reads_body: operation.contains_key("requestBody"),
            reads_query: takes("query"),
            names_something: takes("path"),
        }
    }
}

const COMMON: [Common; 13] = [
    Common {
        status: "400",
        may: |call| call.reads_body,
        codes: "`invalid_json`, `too_deep`, `bad_request`",
        words: "the body is not JSON or is nested too deeply, or the request is malformed",
    },
    Common { status: "400", may: |_| true, codes: "`bad_request`", words: "the request line or a header is malformed" },
    Common { status: "401", may: |call| call.asks_for_key, codes: "`unauthorized`", words: "no valid API key" },
    Common {
        status: "403",
        may: |call| call.asks_for_key,
        codes: "`forbidden`",
        words: "the key lacks the scope of this call, or is limited to other lines",
    },
    Common {
        status: "404",
        may: |call| call.names_something,
        codes: "`not_found`",
        words: "it does not exist, or this key may not see it",
    },
    Common { status: "408", may: |call| call.reads_body, codes: "`too_slow`", words: "the body did not arrive in time" },
    Common {
        status: "413",
        may: |call| call.reads_body,
        codes: "`too_large`, `too_many`",
        words: "the body exceeds the maximum size or number of items",
    },
    Common {
        status: "414",
        may: |_| true,
        codes: "`address_too_long`",
        words: "the address is longer than 32 KiB; the response has no body if the call is longer than the server reads",
    },
    Common {
        status: "415",
        may: |call| call.reads_body,
        codes: "`unsupported_media_type`",
        words: "the content type is not JSON, or the body is compressed",
    },
    Common {
        status: "422",
        may: |call| call.reads_body || call.reads_query || call.names_something,
        codes: "`missing_field`, `unknown_field`, `invalid_field` and others",
        words: "a field is missing, unknown or invalid; `field` names it",
    },
    Common {
        status: "431",
        may: |_| true,
        codes: "`head_too_large`",
        words: "the address and the headers exceed 64 KiB; no body is sent above 64 headers, or above the size that the server reads",
    },
    Common { status: "500", may: |_| true, codes: "`internal`", words: "a server error; find it in the log by `request_id`" },
    Common {
        status: "503",
        may: |_| true,
        codes: "`busy`, `timed_out`",
        words: "the server is busy; send the same request again after `Retry-After`",
    },
];

/// Descriptions of successful responses that have none.
const WELL: [(&str, &str); 4] =
    [("200", "Done; the current state."), ("201", "Created."), ("202", "Accepted and committed."), ("204", "Done.")];

/// Adds the common responses to each call, a description to each response, and the schema to each problem.
pub(super) fn add(document: &mut Value) {
    calls::each(document, |method, operation| {
        let call = Call::of(operation);
        let of_call: Vec<&Common> = COMMON.iter().filter(|common| (common.may)(&call)).collect();
        let reads = method == "get";
        let Some(responses) = operation.get_mut("responses").and_then(Value::as_object_mut) else { return };
        for common in of_call {
            responses.entry(common.status).or_insert_with(|| json!({ "description": format!("{}: {}.", common.codes, common.words) }));
        }
        if call.asks_for_key {
            responses.insert("429".to_owned(), too_many());
        }
        for (status, response) in responses {
            describe(status, reads, response);
        }
    });
}

fn describe(status: &str, reads: bool, response: &mut Value) {
    let is_problem = status.starts_with(['4', '5']);
    if response["description"].as_str().unwrap_or_default().is_empty() {
        let common = COMMON.iter().find(|common| common.status == status).map(|common| format!("{}: {}.", common.codes, common.words));
        let conflict = (status == "409").then(|| "`conflict`: the call conflicts with the current state.".to_owned());
        let well = || {
            let word =
                if reads { "The requested data." } else { WELL.iter().find(|(of, _)| *of == status).map_or("Done.", |(_, words)| words) };
            word.to_owned()
        };
        response["description"] = common.or(conflict).unwrap_or_else(well).into();
    }
    if is_problem {
        response["content"] = json!({ "application/problem+json": { "schema": { "$ref": "#/components/schemas/Problem" } } });
    }
    if matches!(status, "429" | "503") {
        let seconds = json!({ "type": "integer", "minimum": 1, "maximum": 86_400 });
        response["headers"] = json!({ "Retry-After": { "description": "Seconds to wait before the next call.", "schema": seconds } });
    }
    if status == "401" {
        let scheme = json!({ "type": "string", "maxLength": 200 });
        response["headers"] = json!({ "WWW-Authenticate": { "description": "Always `Bearer`.", "schema": scheme } });
    }
}

fn too_many() -> Value {
    let words = "`rate_limited`: more calls than `[limits]` allows for this key, or for this address without a valid key.";
    json!({ "description": words })
}
