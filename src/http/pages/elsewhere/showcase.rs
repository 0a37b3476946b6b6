//! `/showcase` and `/showcase/{line}`: published ratings for the public, small, without scripts or cookies.

mod index;

use askama::Template;
use axum::Router;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono_tz::Tz;
use lastword_domain::answer::rating::{Grade, Scale};
use lastword_domain::review::showcase::PublicScore;
use lastword_domain::review::wording::public_name;
use lastword_http::api::request::page::{read_place, write_place};
use lastword_http::locale::format;
use lastword_http::locale::language::Language;
use lastword_http::middleware::client_ip::ClientIp;
use lastword_http::problem::Problem;
use lastword_http::query::Query;
use lastword_http::state::AppState;
use lastword_life::review::showcase::{self, Showcase, ends};
use lastword_store::line::Line;
use lastword_store::review::showcase::ShowcaseRating;
use serde::Deserialize;
use serde_json::json;
use sha2::{Digest, Sha256};
use std::sync::Arc;

/// Cache lifetime of the public pages.
const KEEP: &str = "public, max-age=300";

/// The public routes.
pub fn routes(app: &Arc<AppState>) -> Router {
    Router::new()
        .route("/showcase", get(index::page))
        .route("/showcase/page.css", get(style))
        .route("/showcase/{line}", get(page))
        .route("/showcase/{line}/badge.svg", get(badge))
        .route_layer(from_fn_with_state(app.clone(), in_time))
        .with_state(app.clone())
}

async fn in_time(State(app): State<Arc<AppState>>, ClientIp(ip): ClientIp, request: Request, next: Next) -> Result<Response, Problem> {
    let taken = app.limits.page_views.take(ip, app.engine.now());
    taken.map_err(|too_soon| too_soon.problem("Too many looks at showcases came from this address."))?;
    Ok(next.run(request).await)
}

async fn style() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "text/css; charset=utf-8"), (header::CACHE_CONTROL, KEEP)], include_str!("showcase/page.css"))
}

/// Position in the list.
#[derive(Debug, Default, Deserialize)]
struct Paging {
    before: Option<String>,
}

#[derive(Template)]
#[template(path = "pages/elsewhere/showcase/page.html")]
struct Page {
    language: Language,
    organisation: String,
    line: String,
    id: String,
    score: Option<Score>,
    ratings: Vec<Card>,
    next: Option<String>,
    /// schema.org data as JSON, escaped so that it cannot end a script element.
    data: Option<String>,
}

/// The score for display.
struct Score {
    value: String,
    count: i64,
    stars: Option<i64>,
}

/// One rating for display.
struct Card {
    client: String,
    score: String,
    good: bool,
    comment: String,
    at: String,
    reply: Option<String>,
}

impl Page {
    fn t(&self, key: &str) -> String {
        self.language.text(key, &[])
    }

    fn ratings_of(&self, count: &i64) -> String {
        self.language.text("showcase-ratings", &[("n", count)])
    }
}

/// `GET /showcase/{line}`; with the suffix `.json` only the schema.org data.
async fn page(
    State(app): State<Arc<AppState>>,
    Path(id): Path<String>,
    Query(place): Query<Paging>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let engine = &app.engine;
    if let Some(id) = id.strip_suffix(".json") {
        let (line, score) = showcase::score(engine, &id.into(), engine.now()).await?.ok_or_else(Problem::not_found)?;
        let data = data(&line, score, &engine.organisation()).ok_or_else(Problem::not_found)?;
        let headers = [(header::CONTENT_TYPE, "application/ld+json"), (header::CACHE_CONTROL, KEEP)];
        return Ok((headers, data).into_response());
    }
    let before = place.before.as_deref().and_then(read_place);
    let shown = showcase::show(engine, &id.as_str().into(), before.as_ref(), engine.now()).await?.ok_or_else(Problem::not_found)?;
    let language = Language::accepted(&headers).or_else(|| Language::parse(&shown.line.settings.language)).unwrap_or(Language::En);
    drawn(shown, id, language, &engine.organisation(), engine.options.time_zone)
}

fn drawn(shown: Showcase, id: String, language: Language, organisation: &str, zone: Tz) -> Result<Response, Problem> {
    let data = data(&shown.line, shown.score, organisation);
    let drawn = Page {
        language,
        organisation: organisation.to_owned(),
        line: shown.line.name,
        id,
        score: shown.score.map(|score| spoken(score, language)),
        ratings: shown.ratings.into_iter().map(|rating| card(rating, language, zone)).collect(),
        next: shown.next.as_ref().map(write_place),
        data: data.clone(),
    };
    let text = drawn.render().map_err(|_| Problem::internal())?;
    // The data is not executable, but some browsers apply the content policy to every script element.
    let hash = data.map(|data| STANDARD.encode(Sha256::digest(data.as_bytes())));
    let scripts = hash.map_or_else(|| "'none'".to_owned(), |hash| format!("'sha256-{hash}'"));
    let policy = format!(
        "default-src 'none'; style-src 'self'; script-src {scripts}; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    );
    let policy = HeaderValue::from_str(&policy).map_err(|_| Problem::internal())?;
    let mut response = ([(header::CONTENT_TYPE, "text/html; charset=utf-8"), (header::CACHE_CONTROL, KEEP)], text).into_response();
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    response.headers_mut().insert(header::VARY, HeaderValue::from_static("accept-language"));
    Ok(response)
}

fn spoken(score: PublicScore, language: Language) -> Score {
    match score.scale {
        Scale::Binary => Score { value: format::percent(language, score.mean * 100.0, 0), count: score.count, stars: None },
        #[expect(clippy::cast_possible_truncation, reason = "one to five")]
        Scale::FiveStar => {
            Score { value: format::decimal(language, score.mean, 1), count: score.count, stars: Some(score.mean.round() as i64) }
        }
    }
}

fn card(shown: ShowcaseRating, language: Language, zone: Tz) -> Card {
    let scale = shown.scale;
    let score = u8::try_from(shown.score).unwrap_or(0);
    Card {
        client: public_name(shown.client_name.as_deref()).unwrap_or_else(|| language.text("showcase-client", &[])),
        score: scale.show(score),
        good: Grade::of(scale, score, shown.low) == Grade::Good,
        comment: shown.comment,
        at: format::date(language, zone, shown.rated_at),
        reply: shown.reply,
    }
}

/// The score for search engines (schema.org `AggregateRating`); `None` without ratings.
fn data(line: &Line, score: Option<PublicScore>, organisation: &str) -> Option<String> {
    let score = score?;
    let (best, worst) = ends(score.scale);
    let document = json!({
        "@context": "https://schema.org",
        "@type": "Organization",
        "name": organisation,
        "department": {
            "@type": "Organization",
            "name": line.name,
            "aggregateRating": {
                "@type": "AggregateRating",
                "ratingValue": (score.mean * 100.0).round() / 100.0,
                "bestRating": best,
                "worstRating": worst,
                "ratingCount": score.count,
            },
        },
    });
    // Escapes `<`, so that nothing can end the surrounding script element.
    Some(document.to_string().replace('<', "\\u003c"))
}

#[derive(Template)]
#[template(path = "pages/elsewhere/showcase/badge.svg", escape = "html")]
struct Badge {
    label: String,
    value: String,
}

/// `GET /showcase/{line}/badge.svg`
async fn badge(State(app): State<Arc<AppState>>, Path(id): Path<String>) -> Result<Response, Problem> {
    let engine = &app.engine;
    let (line, score) = showcase::score(engine, &id.as_str().into(), engine.now()).await?.ok_or_else(Problem::not_found)?;
    let language = Language::parse(&line.settings.language).unwrap_or(Language::En);
    let value = score.map_or_else(
        || "–".to_owned(),
        |score| {
            let spoken = spoken(score, language);
            let sign = if spoken.stars.is_some() { "★" } else { "👍" };
            format!("{sign} {} ({})", spoken.value, format::number(language, spoken.count))
        },
    );
    let text = Badge { label: line.name.chars().take(24).collect(), value }.render().map_err(|_| Problem::internal())?;
    let policy = "default-src 'none'; style-src 'none'; frame-ancestors *";
    let headers = [(header::CONTENT_TYPE, "image/svg+xml"), (header::CACHE_CONTROL, KEEP), (header::CONTENT_SECURITY_POLICY, policy)];
    Ok((headers, text).into_response())
}
