//! The page about quarantine: its reason, the number of waiting messages, and the form that ends it.

use crate::frame::form::Form;
use crate::frame::visit::SignedIn;
use crate::frame::{Frame, html};
use crate::{Pages, done};
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use lastword_http::problem::{Code, Problem};
use lastword_life::records::release_quarantine::{Waiting, release};
use lastword_store::question::delivery;
use std::sync::Arc;

#[derive(Template)]
#[template(path = "pages/connections/quarantine/one.html")]
struct OnePage {
    page: Frame,
    due: i64,
}

/// `GET /quarantine`
pub(crate) async fn show(State(pages): State<Arc<Pages>>, person: SignedIn) -> Result<Response, Problem> {
    let engine = &pages.app.engine;
    let page = Frame::of(&pages, &person.visit).await?;
    let (due, _) = delivery::due(&engine.db, engine.now()).await?;
    Ok(html(&OnePage { page, due }))
}

/// `POST /quarantine`: ends the quarantine on a person's request.
pub(crate) async fn free(State(pages): State<Arc<Pages>>, person: SignedIn, form: Form) -> Result<Response, Problem> {
    let engine = &pages.app.engine;
    let now = engine.now();
    let waiting = match form.get("waiting") {
        "keep" => Waiting::Keep,
        "moved" => Waiting::Moved,
        "cancel" => Waiting::CancelBefore(now),
        _ => return Err(Problem::invalid_field("waiting", "Nothing was chosen.", "Choose what should happen to waiting messages.")),
    };
    match release(engine, &person.by(), waiting, now).await? {
        Some(released) => Ok(done(&pages, "/quarantine", "done-quarantine-released", &released.canceled.to_string())),
        None => Err(Problem::new(Code::Conflict, "The database is not in quarantine.")),
    }
}
