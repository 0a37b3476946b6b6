//! The description of the API: OpenAPI 3.1 from the code, at `/openapi.json`, as a page at `/docs`, and printed by
//! `lastword openapi`.

mod calls;
mod limits;
mod responses;
pub(super) mod words;

use crate::state::BodyMax;
use axum::Router;
use axum::http::{HeaderValue, header};
use lastword_domain::access::api_key::Scope;
use serde_json::{Value, json};
use tower_http::set_header::SetResponseHeaderLayer;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::server::ServerBuilder;
use utoipa::openapi::tag::TagBuilder;
use utoipa::openapi::{ComponentsBuilder, Info, LicenseBuilder, OpenApi, OpenApiBuilder};
use utoipa_swagger_ui::{Config, SwaggerUi};

/// Swagger UI sets styles from its script; everything is ours, nothing from elsewhere.
const DOCS_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; \
     connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const WORDS: &str = "Report closed sessions, read ratings, set up lines and recipients, fix what is stuck.\n\n\
     * A 2xx is given after the commit, with the disk told to sync: what is answered is kept.\n\
     * Events carry your `event_key`. The same key with the same body is the same event and gets the same answer; with another body it is refused (422 `key_reused`).\n\
     * Times are RFC 3339 in answers; you may send RFC 3339 or milliseconds since 1970.\n\
     * What you report is not lost over its form: an integer is taken as an id, null and empty as not given, names are shortened, and `notes` say how. What is refused all the same is kept for a while: `GET /v1/refused-calls`.\n\
     * A key may be limited to lines: it does not see the others, and what concerns the whole organisation is 403 `forbidden`.\n\
     * What goes wrong is `application/problem+json` with a stable `code`, the `field` and the `remedy`.\n\
     * Lists come in pages: send `next` as `cursor`.\n\
     * Calls have limits (`[limits]` in the settings): 429 `rate_limited` with `Retry-After`. The body of a call refused for this reason is not kept.";

/// What calls are about: the groups of the page and the modules of generated clients.
const TAGS: [(&str, &str); 13] = [
    ("sessions", "Conversations: that they began, ended, moved, and what became of them."),
    ("ratings", "What clients said, and how every close ended."),
    ("reviews", "What people do about ratings: replies, flags, appeals."),
    ("lines", "Open lines and their rating settings."),
    ("recipients", "Who is alerted to low ratings."),
    ("letters", "Letters with the numbers of the day, week or month."),
    ("alerts", "Alerts about low ratings, and who has seen them."),
    ("chats", "Our own web chat, from the operator's side."),
    ("clients", "One client's data: find, export, erase."),
    ("access", "Keys of programs, and people who sign in."),
    ("connections", "Configured accounts of channels, and their health."),
    ("deliveries", "Every message that leaves us."),
    ("reports", "Numbers over closes of a period."),
];

/// What the description begins with.
pub(super) fn head() -> OpenApi {
    let mut info = Info::new("Lastword", env!("CARGO_PKG_VERSION"));
    info.description = Some(WORDS.to_owned());
    info.license = Some(LicenseBuilder::new().name(env!("CARGO_PKG_LICENSE")).identifier(Some(env!("CARGO_PKG_LICENSE"))).build());
    let scopes: Vec<&str> = Scope::ALL.iter().map(|scope| scope.as_str()).collect();
    let mut bearer = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build();
    bearer.description = Some(format!("A key made by `lastword key create --name N --scope S`. Scopes: {}.", scopes.join(", ")));
    let components = words::add(ComponentsBuilder::new().security_scheme("api_key", SecurityScheme::Http(bearer))).build();
    let tags = TAGS.map(|(name, words)| TagBuilder::new().name(name).description(Some(words)).build());
    let here = ServerBuilder::new().url("/").description(Some("The server that this description came from.")).build();
    OpenApiBuilder::new().info(info).servers(Some([here])).components(Some(components)).tags(Some(tags)).build()
}

/// The whole description.
pub fn document() -> Value {
    complete(super::routes(BodyMax::default()).split_for_parts().1)
}

/// Says of every call what any call may be answered and how long what is sent may be, so that no handler has to.
pub fn complete(document: OpenApi) -> Value {
    let mut document = serde_json::to_value(document).unwrap_or_default();
    name_items_of_pages(&mut document);
    responses::add(&mut document);
    limits::add(&mut document);
    document
}

/// The items of a page are the type of that name, also in generated clients: utoipa writes them out once more.
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

/// `/openapi.json` and `/docs`.
pub fn routes(document: Value) -> Router {
    let config = Config::new(["/openapi.json"]).persist_authorization(false).try_it_out_enabled(false);
    let page: Router = SwaggerUi::new("/docs").config(config).external_url_unchecked("/openapi.json", document).into();
    let policy = HeaderValue::from_static(DOCS_POLICY);
    page.layer(SetResponseHeaderLayer::if_not_present(header::CONTENT_SECURITY_POLICY, policy))
}
