//! The API description: OpenAPI 3.1 generated from the code. Served at `/openapi.json` and as a page at `/docs`, printed by
//! `lastword openapi`.

mod calls;
mod examples;
mod growing;
mod limits;
mod names;
pub mod page;
mod present;
mod responses;
pub(super) mod words;

use crate::state::BodyMax;
use lastword_domain::access::api_key::Scope;
use serde_json::{Value, json};
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::server::ServerBuilder;
use utoipa::openapi::tag::TagBuilder;
use utoipa::openapi::{ComponentsBuilder, Info, LicenseBuilder, OpenApi, OpenApiBuilder};

const WORDS: &str = "Report closed sessions, read ratings, set up lines and recipients, fix what is stuck.\n\n\
     * A 2xx response is sent only after the commit is durable.\n\
     * Events carry your `event_key`. The same key with the same body is the same event and returns the same response; \
     with another body it is refused (422 `key_reused`).\n\
     * Times are RFC 3339 in responses; requests may use RFC 3339 or milliseconds since 1970.\n\
     * Reports are not refused for small errors of form: integers are accepted as IDs, null and empty count as missing, long names are \
     shortened, and `notes` list what was corrected. Refused reports are stored for a while: `GET /v1/refused-calls`.\n\
     * A key may be limited to lines: it does not see other lines, and calls that concern the whole organisation return 403 `forbidden`.\n\
     * Errors are `application/problem+json` with a stable `code`, the `field` and the `remedy`.\n\
     * A missing value of a response is `null`. An `enum` is a list that does not grow; `x-extensible-enum` lists the values of today, so accept \
     others too.\n\
     * Lists are paged: send `next` as `cursor` to get the next page.\n\
     * Calls are rate-limited (`[limits]` in the settings): 429 `rate_limited` with `Retry-After`. The body of such a call is not stored.";

/// Groups of calls on the page, and modules of generated clients.
const TAGS: [(&str, &str); 13] = [
    ("sessions", "Conversations: report their start, end and changes, and read their history."),
    ("ratings", "Ratings given by clients, and how each close ended."),
    ("reviews", "Work with ratings: replies, flags, appeals."),
    ("lines", "Lines and their rating settings."),
    ("recipients", "People and groups who receive alerts about low ratings."),
    ("letters", "Letters with the figures of a day, week or month."),
    ("alerts", "Alerts about low ratings, and their acknowledgement."),
    ("chats", "The built-in web chat, from the operator's side."),
    ("clients", "Data of one client: find, export, erase, opt out."),
    ("access", "API keys, and people who sign in."),
    ("connections", "Configured accounts of channels, and their health."),
    ("deliveries", "All outgoing messages."),
    ("reports", "Figures of the closes of a period."),
];

/// The head of the description: title, version, servers, security, tags.
pub(super) fn head() -> OpenApi {
    let mut info = Info::new("Lastword", env!("CARGO_PKG_VERSION"));
    info.description = Some(WORDS.to_owned());
    info.license = Some(LicenseBuilder::new().name(env!("CARGO_PKG_LICENSE")).identifier(Some(env!("CARGO_PKG_LICENSE"))).build());
    let scopes: Vec<&str> = Scope::ALL.iter().map(|scope| scope.as_str()).collect();
    let mut bearer = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build();
    bearer.description = Some(format!("A key created with `lastword key create --name N --scope S`. Scopes: {}.", scopes.join(", ")));
    let components = words::add(ComponentsBuilder::new().security_scheme("api_key", SecurityScheme::Http(bearer))).build();
    let tags = TAGS.map(|(name, words)| TagBuilder::new().name(name).description(Some(words)).build());
    let here = ServerBuilder::new().url("/").description(Some("The server that returned this description.")).build();
    OpenApiBuilder::new().info(info).servers(Some([here])).components(Some(components)).tags(Some(tags)).build()
}

/// The complete description.
pub fn document() -> Value {
    complete(super::routes(BodyMax::default()).split_for_parts().1)
}

/// Adds the responses and limits that apply to every call, so that handlers need not repeat them.
pub fn complete(document: OpenApi) -> Value {
    let mut document = serde_json::to_value(document).unwrap_or_default();
    name_items_of_pages(&mut document);
    responses::add(&mut document);
    limits::add(&mut document);
    present::add(&mut document);
    names::give(&mut document);
    growing::add(&mut document);
    examples::add(&mut document);
    document
}

/// Refers the items of a page to the named type, also in generated clients. utoipa writes the schema out again.
fn name_items_of_pages(document: &mut Value) {
    let Some(schemas) = document.pointer_mut("/components/schemas").and_then(Value::as_object_mut) else { return };
    let known: Vec<String> = schemas.keys().cloned().collect();
    for (name, schema) in schemas.iter_mut() {
        let item = name.strip_prefix("Page_").filter(|item| known.iter().any(|known| known == item));
        if let (Some(item), Some(items)) = (item, schema.pointer_mut("/properties/items/items")) {
            *items = json!({ "$ref": format!("#/components/schemas/{item}") });
        }
    }
}
