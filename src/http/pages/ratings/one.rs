//! One rating: the answer, the conversation before it, its history, and the supervisor's own score.

use super::super::alerts::{Listed, listed};
use super::super::frame::{Frame, html};
use super::super::review::ReviewPanel;
use super::super::review::panel::Ways;
use super::super::{Pages, done};
use super::asked::{list_of, outcome_word};
use super::bar::by_rules;
use super::brief::History;
use super::session::closes_seen;
use super::standing::Standing;
use super::talk::{self, Talk};
use super::words::{in_words, segment};
use crate::frame::client::ClientRef;
use crate::frame::form::{Fields, Form};
use crate::frame::visit::SignedIn;
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use lastword_base::names::{OperatorId, RequestId};
use lastword_domain::access::rights::Right;
use lastword_domain::answer::rating::Scale;
use lastword_domain::answer::reason::texts;
use lastword_domain::answer::{AnswerKind, SUPERVISOR_COMMENT_CHARS_MAX, YES};
use lastword_domain::outcome::Outcome;
use lastword_domain::session::{ClosedBy, SessionStatus};
use lastword_http::path::PathId;
use lastword_http::problem::Problem;
use lastword_life::asking::by_hand::{AskedByHand, ask_by_hand};
use lastword_life::report::low_reasons::Labels;
use lastword_life::review::supervisor_score::{Opinion, Scored, score};
use lastword_life::review::view::look;
use lastword_life::session::explain;
use lastword_store::answer::rating::{self, Rating};
use lastword_store::answer::{self, AnswerEvent, signal};
use lastword_store::question::rating_request::{self, RatingRequest};
use lastword_store::review::deadline;
use lastword_store::review::supervisor_score::{self, SupervisorScore};
use lastword_store::session::{self, Session, operator};
use lastword_store::{Db, StoreError, alert, line};
use std::sync::Arc;

#[derive(Template)]
#[template(path = "pages/ratings/one.html")]
struct OnePage {
    page: Frame,
    request: RatingRequest,
    rating: Option<Rating>,
    facts: Facts,
    talk: Talk,
    standing: Standing,
    story: History,
    history: Vec<Past>,
    /// Alerts about the rating; empty if the person may not see them.
    alerts: Vec<Listed>,
    signals: Vec<String>,
    /// True if the client can still be asked by hand.
    may_be_asked: bool,
    /// Form address that asks the client of the open session; empty if that is not possible.
    ask_open: String,
    /// The other closes of the session, newest first.
    closes: Vec<Sibling>,
    score: Option<SupervisorScore>,
    fields: Fields,
    /// The review panel below the rating (reply, flags, appeal), as escaped HTML.
    review: Option<String>,
}

/// Names and links of the heading.
struct Facts {
    client: Option<ClientRef>,
    channel: String,
    line: String,
    line_list: String,
    operator: Option<String>,
    handled_by: String,
    labels: String,
    operator_list: String,
    outcome: String,
    reason: String,
    /// Reason that the closer gave for asking or not asking.
    because: Option<String>,
    comment: Option<String>,
    reasons: Vec<String>,
    /// Tags from keyword rules.
    tags: Vec<String>,
    closed_by: String,
    session: String,
}

/// A previous value, or one that does not count.
struct Past {
    at: i64,
    what: String,
    value: String,
    became: String,
}

/// Another close of the same session.
struct Sibling {
    id: String,
    number: i64,
    closed_at: i64,
    scale: Scale,
    score: Option<i64>,
    outcome: String,
    here: bool,
}

/// `GET /ratings/{rating_request}`
pub(crate) async fn show(State(pages): State<Arc<Pages>>, person: SignedIn, PathId(id): PathId<RequestId>) -> Result<Response, Problem> {
    Ok(html(&page(&pages, &person, id, None).await?))
}

async fn page(pages: &Pages, person: &SignedIn, id: RequestId, fields: Option<Fields>) -> Result<OnePage, Problem> {
    let db = &pages.app.engine.db;
    let request = rating_request::load(db, &[id]).await?.pop().ok_or_else(Problem::not_found)?;
    person.sees(&request.line_id, request.operator_id.as_ref())?;
    let page = Frame::of(pages, &person.visit).await?;
    let key = request.id;
    let rating = rating::of_requests(db, &[key]).await?.remove(&key);
    let score = supervisor_score::of_requests(db, &[key]).await?.remove(&key);
    let closes = closes_seen(db, person, &request.source, &request.session_id).await?;
    let session = session_of(db, &request).await?;
    let ask_open = match &session {
        Some(session) => super::session::ask_address(pages, person, session).await?,
        None => String::new(),
    };
    let story = explain::tell(db, session.unwrap_or_else(|| as_closed(&request)), &closes).await?;
    let signals = signal::about(db, &[key]).await?.into_iter();
    let signals = signals.map(|signal| in_words(page.language, "told-signal", signal.kind.as_str())).collect();
    let facts = facts(db, &page, &request, rating.as_ref(), person.rights.comments).await?;
    let history = answer::about(db, &[key]).await?;
    let history = if history.len() > 1 { past(&page, &request, history, person.rights.comments) } else { Vec::new() };
    let alerts = if person.rights.may(Right::SeeAlerts) { alert::of_requests(db, &[key]).await? } else { Vec::new() };
    let alerts = listed(pages, person, &page, alerts).await?;
    let may_be_asked = request.outcome == Some(Outcome::NotAsked) && person.rights.may(Right::WorkLowRatings);
    let (standing, review) = reviewed(pages, person, &page, key, may_be_asked).await?;
    Ok(OnePage {
        may_be_asked,
        ask_open,
        talk: if person.rights.comments { talk::of(db, &request).await? } else { Talk::default() },
        story: History::of(page.language, &story.history, &facts.channel),
        standing,
        closes: siblings(db, &page, closes, id).await?,
        fields: fields.unwrap_or_else(|| as_scored(score.as_ref())),
        page,
        request,
        rating,
        facts,
        history,
        alerts,
        signals,
        score,
        review,
    })
}

async fn session_of(db: &Db, request: &RatingRequest) -> Result<Option<Session>, StoreError> {
    Ok(session::find(db, &request.session_id).await?.into_iter().find(|session| session.source == request.source))
}

/// The result of the close with the next action, and the review panel of its rating.
async fn reviewed(
    pages: &Pages,
    person: &SignedIn,
    page: &Frame,
    id: RequestId,
    may_be_asked: bool,
) -> Result<(Standing, Option<String>), Problem> {
    let engine = &pages.app.engine;
    let Some(look) = look(engine, id, engine.now()).await? else { return Ok((Standing::unrated(may_be_asked), None)) };
    let due = deadline::of(&engine.db, id).await?;
    let ways = Ways { back: &page.address, next: "" };
    let panel = ReviewPanel::drawn(pages, person, page, &look, ways, &Fields::default()).await?;
    Ok((Standing::rated(page, &look, due.as_ref()), Some(panel)))
}

/// The history of the session of a close, as far as the person may see it.
pub(super) async fn story(pages: &Pages, person: &SignedIn, page: &Frame, request: &RatingRequest) -> Result<History, Problem> {
    let db = &pages.app.engine.db;
    let closes = closes_seen(db, person, &request.source, &request.session_id).await?;
    let session = session_of(db, request).await?.unwrap_or_else(|| as_closed(request));
    let story = explain::tell(db, session, &closes).await?.history;
    Ok(History::of(page.language, &story, &channel(page, request)))
}

/// Name of the channel of a close; empty if it is unknown.
fn channel(page: &Frame, request: &RatingRequest) -> String {
    request.channel.as_deref().map(|kind| crate::report::words::channel(page, kind)).unwrap_or_default()
}

/// A session that is known only from its close.
fn as_closed(request: &RatingRequest) -> Session {
    Session {
        source: request.source.clone(),
        id: request.session_id.clone(),
        line_id: request.line_id.clone(),
        status: SessionStatus::Closed,
        opened_at: request.opened_at,
        ..Session::default()
    }
}

/// Labels and fields of a close, by the names that an admin gave them.
fn labelled(page: &Frame, request: &RatingRequest) -> String {
    let labels = request.labels.iter().map(|label| page.named.name_of(label, ""));
    let fields = request.fields.0.iter().map(|(key, value)| page.named.name_of(&format!("{key}:{value}"), ""));
    labels.chain(fields).collect::<Vec<_>>().join(", ")
}

async fn facts(db: &Db, page: &Frame, request: &RatingRequest, rating: Option<&Rating>, comments: bool) -> Result<Facts, StoreError> {
    let line = line::find(db, &request.line_id).await?;
    let labels = Labels::over(line.iter().map(|line| line.settings.clone()).collect());
    let line = line.map_or_else(|| request.line_id.to_string(), |line| line.name);
    let operator = match &request.operator_id {
        Some(id) => Some(operator::names(db, &[id]).await?.remove(id).unwrap_or_else(|| id.to_string())),
        None => None,
    };
    let words = |of: &str, word: Option<&str>| word.map(|word| in_words(page.language, of, word)).unwrap_or_default();
    Ok(Facts {
        client: ClientRef::of(page, request),
        channel: channel(page, request),
        line,
        line_list: list_of("line", request.line_id.as_str()),
        operator,
        handled_by: words("handled-by", Some(request.handled_by.as_str())),
        labels: labelled(page, request),
        operator_list: list_of("operator", request.operator_id.as_ref().map_or("", OperatorId::as_str)),
        outcome: words("ratings-outcome", Some(outcome_word(request.outcome))),
        reason: words("ratings-reason", request.reason.as_deref()),
        because: request.wish_reason.clone(),
        comment: rating.and_then(|rating| rating.comment.clone()).filter(|_| comments),
        reasons: rating.map(|rating| texts(&rating.reasons)).unwrap_or_default(),
        tags: rating.filter(|_| comments).map(|rating| by_rules(page.language, &labels, rating)).unwrap_or_default(),
        closed_by: words("told-by", Some(request.closed_by.map_or("open", ClosedBy::as_str))),
        session: format!("/sessions/{}/{}", segment(request.source.as_str()), segment(request.session_id.as_str())),
    })
}

fn past(page: &Frame, request: &RatingRequest, events: Vec<AnswerEvent>, comments: bool) -> Vec<Past> {
    let scale = request.scale;
    let value = |event: &AnswerEvent| match event.kind {
        AnswerKind::Score => event.value.parse().map(|score| scale.show(score)).unwrap_or_default(),
        AnswerKind::Comment if !comments => "…".to_owned(),
        AnswerKind::Resolved => page.t(if event.value == YES { "sift-resolved-yes" } else { "sift-resolved-no" }),
        AnswerKind::Reason | AnswerKind::Comment | AnswerKind::CommentDeleted => event.value.clone(),
    };
    let past = |event: AnswerEvent| Past {
        at: event.received_at,
        what: in_words(page.language, "told-what", event.kind.as_str()),
        value: value(&event),
        became: in_words(page.language, "told-disposition", event.disposition.as_str()),
    };
    events.into_iter().map(past).collect()
}

async fn siblings(db: &Db, page: &Frame, closes: Vec<RatingRequest>, here: RequestId) -> Result<Vec<Sibling>, StoreError> {
    let ids: Vec<RequestId> = closes.iter().map(|close| close.id).collect();
    let ratings = rating::of_requests(db, &ids).await?;
    let sibling = |close: &RatingRequest| Sibling {
        id: close.id.to_string(),
        number: close.epoch,
        closed_at: close.closed_at,
        scale: close.scale,
        score: ratings.get(&close.id).map(|rating| rating.score),
        outcome: in_words(page.language, "ratings-outcome", outcome_word(close.outcome)),
        here: close.id == here,
    };
    Ok(closes.iter().rev().map(sibling).collect())
}

/// Initial values of the form.
fn as_scored(score: Option<&SupervisorScore>) -> Fields {
    let revision = score.map_or(0, |score| score.revision);
    let fields = Fields::default().with("seen", revision.to_string());
    match score {
        Some(score) => fields.with("score", score.score.to_string()).with("comment", score.comment.clone().unwrap_or_default()),
        None => fields,
    }
}

/// `POST /ratings/{rating_request}/ask`: asks the client about a close that was not asked about.
pub(crate) async fn ask(
    State(pages): State<Arc<Pages>>,
    PathId(id): PathId<RequestId>,
    person: SignedIn,
    form: Form,
) -> Result<Response, Problem> {
    let engine = &pages.app.engine;
    let request = rating_request::load(&engine.db, &[id]).await?.pop().ok_or_else(Problem::not_found)?;
    person.sees(&request.line_id, request.operator_id.as_ref())?;
    let why: String = form.get("why").chars().filter(|letter| !letter.is_control()).take(200).collect();
    let reason = match ask_by_hand(engine, &person.by(), request.id, why.trim(), engine.now()).await? {
        AskedByHand::Asked(_) => return Ok(done(&pages, &format!("{}/{id}", super::PATH), "done-asked-by-hand", "")),
        AskedByHand::Unknown => return Err(Problem::not_found()),
        AskedByHand::Not(reason) => reason,
    };
    let language = person.visit.language;
    let score = supervisor_score::of_requests(&engine.db, &[request.id]).await?.remove(&request.id);
    let mut fields = as_scored(score.as_ref()).with("why", why);
    fields.refuse("ask", in_words(language, "ratings-reason", reason.as_str()));
    Ok((StatusCode::CONFLICT, html(&page(&pages, &person, id, Some(fields)).await?)).into_response())
}

/// `POST /ratings/{rating_request}/score`
pub(crate) async fn keep_score(
    State(pages): State<Arc<Pages>>,
    PathId(id): PathId<RequestId>,
    person: SignedIn,
    form: Form,
) -> Result<Response, Problem> {
    let engine = &pages.app.engine;
    let request = rating_request::load(&engine.db, &[id]).await?.pop().ok_or_else(Problem::not_found)?;
    person.sees(&request.line_id, request.operator_id.as_ref())?;
    let comment = form.get("comment").replace("\r\n", "\n").replace('\0', "");
    let opinion = Opinion {
        score: form.get("score").parse().ok(),
        comment: Some(comment),
        by: person.by(),
        seen: Some(form.get("seen").parse().unwrap_or(0)),
    };
    let (mut fields, language) = (Fields::of(&form), person.visit.language);
    let status = match score(engine, id, opinion, engine.now()).await? {
        Scored::Kept(_) => return Ok(done(&pages, &format!("{}/{id}", super::PATH), "done-scored", "")),
        Scored::Unknown => return Err(Problem::not_found()),
        Scored::NoScore | Scored::NotAScore => {
            fields.wrong("rating-score-missing", "score", language);
            StatusCode::UNPROCESSABLE_ENTITY
        }
        Scored::TooLong => {
            fields.refuse("comment", language.text("rating-comment-long", &[("n", &SUPERVISOR_COMMENT_CHARS_MAX)]));
            StatusCode::UNPROCESSABLE_ENTITY
        }
        // The input is kept; submitting it again replaces the present score, which is shown above.
        Scored::Outrun(present) => {
            fields = Fields::default()
                .with("score", form.get("score"))
                .with("comment", form.raw("comment"))
                .with("seen", present.revision.to_string());
            fields.refuse("seen", language.text("rating-score-outrun", &[("name", &present.scored_by)]));
            StatusCode::CONFLICT
        }
    };
    Ok((status, html(&page(&pages, &person, id, Some(fields)).await?)).into_response())
}
