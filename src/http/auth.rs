//! Authentication of programs and their scopes. A valid key is cached for some seconds, so that calls do not query the
//! database and a revoked key still stops working within seconds.

use crate::listener::Place;
use crate::middleware::client_ip::ClientIp;
use crate::middleware::rate_limit::TooSoon;
use crate::problem::{Code, Problem};
use crate::state::AppState;
use axum::extract::FromRequestParts;
use axum::http::header;
use axum::http::request::Parts;
use lastword_domain::access::api_key::{ApiKey, START, Scope};
use lastword_domain::access::audit::By;
use lastword_domain::access::rights::Lines;
use lastword_life::Millis;
use lastword_life::access::admit_program::{self, Program};
use std::sync::Arc;

/// Precision with which the last use of a key is recorded.
const USE_EVERY: Millis = 60_000;

/// The calling program, with the scope `SCOPE` for the whole organisation. Argument of every handler that is not public,
/// such as `Caller<{ Scope::LinesRead as u8 }>`. It comes first, so that callers without the scope learn nothing else about
/// the call. Keys that are limited to lines are refused: handlers that enforce the limits use [`LineCaller`] instead.
#[derive(Clone, Debug)]
pub struct Caller<const SCOPE: u8>(Arc<Program>);

/// As [`Caller`], but also accepts keys that are limited to lines. The handler must not let them see or change anything
/// outside of [`LineCaller::lines`].
#[derive(Clone, Debug)]
pub struct LineCaller<const SCOPE: u8>(Arc<Program>);

impl<const SCOPE: u8> Caller<SCOPE> {
    /// Identity of the program for the audit log.
    pub fn by(&self) -> By {
        By::program(self.0.id, &self.0.name)
    }

    /// Name of the key, for records of who did what.
    pub fn name(&self) -> &str {
        &self.0.name
    }
}

impl<const SCOPE: u8> LineCaller<SCOPE> {
    /// Identity of the program for the audit log.
    pub fn by(&self) -> By {
        By::program(self.0.id, &self.0.name)
    }

    /// Name of the key, for records of who did what.
    pub fn name(&self) -> &str {
        &self.0.name
    }

    /// The program itself.
    pub fn program(&self) -> &Program {
        &self.0
    }

    /// Lines that the key may see and change.
    pub fn lines(&self) -> &Lines {
        &self.0.lines
    }

    /// Refuses a call about a line that is not among those of the key.
    ///
    /// # Errors
    /// The same problem whether the line exists or not.
    pub fn must_admit(&self, field: &str, line: &str) -> Result<(), Problem> {
        if self.0.lines.admit(&line.into()) { Ok(()) } else { Err(Problem::other_line(field, line)) }
    }
}

impl<const SCOPE: u8> FromRequestParts<Arc<AppState>> for Caller<SCOPE> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<AppState>) -> Result<Self, Problem> {
        let program = entitled(parts, app, SCOPE).await?;
        if program.lines == Lines::All {
            return Ok(Self(program));
        }
        let detail = "This call concerns the whole organisation, and this API key is limited to some lines.";
        Err(Problem::new(Code::Forbidden, detail).remedy("Create a key for the whole organisation: lastword key create without --line."))
    }
}

impl<const SCOPE: u8> FromRequestParts<Arc<AppState>> for LineCaller<SCOPE> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<AppState>) -> Result<Self, Problem> {
        entitled(parts, app, SCOPE).await.map(Self)
    }
}

/// The calling program, if its key has this scope.
async fn entitled(parts: &Parts, app: &Arc<AppState>, scope: u8) -> Result<Arc<Program>, Problem> {
    admitted(parts, app, Scope::ALL[usize::from(scope)]).await
}

/// The program that calls, if its key has this scope.
///
/// # Errors
/// Says what is missing: the key, or the scope.
pub(crate) async fn admitted(parts: &Parts, app: &Arc<AppState>, scope: Scope) -> Result<Arc<Program>, Problem> {
    let program = program(parts, app).await?;
    if scope.is_in(&program.scopes) {
        return Ok(program);
    }
    let word = scope.as_str();
    Err(Problem::forbidden(&format!("an API key with the scope {word}"))
        .remedy(format!("Create one: lastword key create --name NAME --scope {word}")))
}

async fn program(parts: &Parts, app: &Arc<AppState>) -> Result<Arc<Program>, Problem> {
    let (ip, now) = (ClientIp::of(&parts.extensions).0, app.engine.now());
    // Unauthenticated callers above the limit are refused before anything else.
    let stranger =
        || app.limits.unauthenticated.take(ip, app.engine.now()).map_or_else(too_many_unauthenticated, |()| Problem::unauthorized());
    if parts.uri.query().is_some_and(|query| query.contains(START)) {
        return Err(
            stranger().remedy("Never put a key into the URL, where logs keep it: send Authorization: Bearer lw_…, and revoke this key.")
        );
    }
    let sent = parts.headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let Some(key) = bearer(sent).and_then(ApiKey::parse) else { return Err(stranger()) };
    let hash = key.hash();
    if let Some(program) = app.api_keys.get(&hash, now) {
        Place::vouch_for(&parts.extensions);
        return within_limit(app, program, now);
    }
    // A valid key is never refused because of other callers at the same address, which may be that of a proxy. Wrong keys
    // above the limit do not each cost a database query.
    if !app.api_keys.knows(&hash)
        && let Err(too_soon) = app.limits.unauthenticated.ask(ip, now)
        && !app.api_keys.is_listed(&app.engine, &hash).await?
    {
        return Err(too_many_unauthenticated(too_soon));
    }
    let Some(program) = admit_program::admit(&app.engine, &hash).await? else {
        app.api_keys.forget(&hash);
        return Err(stranger());
    };
    Place::vouch_for(&parts.extensions);
    let program = Arc::new(program);
    // Read again: the query may have taken time, and others have called in between.
    let now = app.engine.now();
    let is_first = app.api_keys.keep(hash, program.clone(), now);
    if is_first && program.last_used_at.is_none_or(|at| now - at >= USE_EVERY) {
        write_down_use(app, program.clone(), now);
    }
    within_limit(app, program, now)
}

fn within_limit(app: &AppState, program: Arc<Program>, now: Millis) -> Result<Arc<Program>, Problem> {
    let taken = app.limits.keys.take(&program.id, now);
    taken.map(|()| program).map_err(|too_soon| too_soon.problem("This API key calls more often than limits.key_per_second lets it."))
}

fn too_many_unauthenticated(too_soon: TooSoon) -> Problem {
    too_soon.problem("Too many calls without a valid API key came from this address.")
}

/// Recorded in the background; the call does not wait.
fn write_down_use(app: &Arc<AppState>, program: Arc<Program>, now: Millis) {
    let engine = app.engine.clone();
    tokio::spawn(async move {
        if let Err(error) = admit_program::used(&engine, program.id, now).await {
            tracing::warn!(%error, "could not record the use of an API key");
        }
    });
}

/// The name of the scheme is case-insensitive (RFC 9110).
fn bearer(sent: &str) -> Option<&str> {
    let (scheme, token) = sent.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}
