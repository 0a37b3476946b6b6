//! The description of the API: OpenAPI 3.1 from the code, at `/openapi.json`, as a page at `/docs`, and printed by
//! `lastword openapi`.

use crate::domain::api_key::Scope;
use crate::http::doors::BodyMax;
use axum::Router;
use axum::http::{HeaderValue, header};
use tower_http::set_header::SetResponseHeaderLayer;
use utoipa::openapi::schema::Type;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{
    ComponentsBuilder, Content, HeaderBuilder, Info, License, ObjectBuilder, OpenApi, OpenApiBuilder, Ref, ResponseBuilder,
};
use utoipa_swagger_ui::{Config, SwaggerUi};

/// Swagger UI sets styles from its script; everything is ours, nothing from elsewhere.
const DOCS_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; \
     connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const WORDS: &str = "Tell of closed sessions, read ratings, set up lines and recipients, mend what is stuck.\n\n\
     * A 2xx is given after the commit, with the disk told to sync: what is answered is kept.\n\
     * Events carry your `event_key`. The same key with the same body is the same event and gets the same answer; with another body it is refused (422 `key_reused`).\n\
     * Times are RFC 3339 in answers; you may send RFC 3339 or milliseconds since 1970.\n\
     * What goes wrong is `application/problem+json` with a stable `code`, the `field` and the `remedy`.\n\
     * Lists come in pages: send `next` as `cursor`.\n\
     * Calls have limits (`[limits]` in the settings): 429 `rate_limited` with `Retry-After`. What a call that was refused so had to say is not kept.";

/// What the description begins with.
pub(super) fn head() -> OpenApi {
    let mut info = Info::new("Lastword", env!("CARGO_PKG_VERSION"));
    info.description = Some(WORDS.to_owned());
    info.license = Some(License::new(env!("CARGO_PKG_LICENSE")));
    let scopes: Vec<&str> = Scope::ALL.iter().map(|scope| scope.as_str()).collect();
    let mut bearer = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build();
    bearer.description = Some(format!("A key made by `lastword key create --name N --scope S`. Scopes: {}.", scopes.join(", ")));
    let components = ComponentsBuilder::new().security_scheme("api_key", SecurityScheme::Http(bearer)).build();
    OpenApiBuilder::new().info(info).components(Some(components)).build()
}

/// The whole description.
pub fn document() -> OpenApi {
    complete(super::routes(BodyMax::default()).split_for_parts().1)
}

/// Says of every call what any call may be answered, so that no handler has to.
pub fn complete(mut document: OpenApi) -> OpenApi {
    let seconds = ObjectBuilder::new().schema_type(Type::Integer).minimum(Some(1)).build();
    let wait = HeaderBuilder::new().schema(Some(seconds)).description(Some("Seconds to wait before the next call.")).build();
    let too_many = ResponseBuilder::new()
        .description("`rate_limited`: more calls than `[limits]` lets through, of this key or of this address without a right key.")
        .header("Retry-After", wait)
        .content("application/problem+json", Content::new(Some(Ref::from_schema_name("Problem"))))
        .build();
    for item in document.paths.paths.values_mut() {
        let methods = [&mut item.get, &mut item.put, &mut item.post, &mut item.delete, &mut item.patch];
        for operation in methods.into_iter().flatten() {
            operation.responses.responses.insert("429".to_owned(), too_many.clone().into());
        }
    }
    document
}

/// `/openapi.json` and `/docs`.
pub fn routes(document: OpenApi) -> Router {
    let config = Config::new(["/openapi.json"]).persist_authorization(false).try_it_out_enabled(false);
    let page: Router = SwaggerUi::new("/docs").config(config).url("/openapi.json", document).into();
    let policy = HeaderValue::from_static(DOCS_POLICY);
    page.layer(SetResponseHeaderLayer::if_not_present(header::CONTENT_SECURITY_POLICY, policy))
}
