//! `/showcase`: all lines with a public showcase, ranked by the lower end of the interval of their good ratings.

use super::{KEEP, Score, spoken};
use askama::Template;
use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use lastword_domain::review::showcase::PublicScore;
use lastword_http::locale::format;
use lastword_http::locale::language::Language;
use lastword_http::problem::Problem;
use lastword_http::state::AppState;
use lastword_life::review::showcase;
use lastword_store::line::Line;
use std::sync::Arc;

#[derive(Template)]
#[template(path = "pages/elsewhere/showcase/index.html")]
struct Index {
    language: Language,
    organisation: String,
    lines: Vec<Ranked>,
}

/// One line for display.
struct Ranked {
    id: String,
    name: String,
    score: Option<Score>,
    /// Lower end of the interval of the share of good ratings, the sort key.
    at_least: Option<String>,
}

impl Index {
    fn t(&self, key: &str) -> String {
        self.language.text(key, &[])
    }

    fn ratings_of(&self, count: &i64) -> String {
        self.language.text("showcase-ratings", &[("n", count)])
    }

    fn at_least(&self, share: &str) -> String {
        self.language.text("showcase-at-least", &[("share", &share)])
    }
}

/// `GET /showcase`
pub(super) async fn page(State(app): State<Arc<AppState>>, headers: HeaderMap) -> Result<Response, Problem> {
    let engine = &app.engine;
    let ranked = showcase::ranking(engine, engine.now()).await?;
    let Some((first, _)) = ranked.first() else { return Err(Problem::not_found()) };
    let language = Language::accepted(&headers).or_else(|| Language::parse(&first.settings.language)).unwrap_or(Language::En);
    let row = |(line, score): (Line, Option<PublicScore>)| Ranked {
        id: line.id.into(),
        name: line.name,
        at_least: score.and_then(PublicScore::lower_end).map(|percent| format::percent(language, percent.floor(), 0)),
        score: score.map(|score| spoken(score, language)),
    };
    let index = Index { language, organisation: engine.organisation(), lines: ranked.into_iter().map(row).collect() };
    let text = index.render().map_err(|_| Problem::internal())?;
    let policy = "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
    let headers = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CACHE_CONTROL, KEEP),
        (header::CONTENT_SECURITY_POLICY, policy),
        (header::VARY, "accept-language"),
    ];
    Ok((headers, text).into_response())
}
