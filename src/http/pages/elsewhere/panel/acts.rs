//! Actions on the panel: the same steps as on our pages, by the signed-in person, if their role allows them.

use super::caller::{form, person, place};
use super::chat::{Seen, drawn};
use crate::Pages;
use crate::frame::form::Form;
use crate::frame::visit::SignedIn;
use crate::low::acts::{not_sent, refused};
use crate::ratings::words::in_words;
use axum::extract::{Path, Request, State};
use axum::response::Response;
use lastword_base::names::DeliveryId;
use lastword_domain::answer::opt_out::Wish;
use lastword_domain::session::SessionStatus;
use lastword_http::problem::Problem;
use lastword_life::admin::mend_delivery::{self, Mended};
use lastword_life::answer::opt_out;
use lastword_life::asking::by_hand::{AskedByHand, ask_by_hand};
use lastword_life::asking::while_talking::{AskedTalking, ask_while_talking};
use lastword_life::review::act::{self as review, ReviewAct};
use std::sync::Arc;

/// Result of an action, as text.
enum ActResult {
    /// Done.
    Done(String),
    /// Refused, with the reason.
    Refused(String),
}

/// `POST /panel/{connection}/act`: performs `act` on the chat `session` and returns the updated chat.
pub(super) async fn act(State(pages): State<Arc<Pages>>, Path(connection): Path<String>, request: Request) -> Result<Response, Problem> {
    place(&pages, &connection.as_str().into())?;
    let (headers, form) = form(request).await?;
    let person = person(&pages, &headers).await?;
    let id = form.get("session");
    let seen = Seen::of(&pages, &person, &connection, id).await?.ok_or_else(Problem::not_found)?;
    let said = match form.get("act") {
        "ask" if seen.can.ask => ask(&pages, &person, &seen).await?,
        "hold" => match &seen.can.hold {
            Some(delivery) => hold(&pages, &person, *delivery).await?,
            None => ActResult::Refused(words(&person, "panel-too-late")),
        },
        "reply" if seen.can.reply => reply(&pages, &person, &seen, &form).await?,
        "stop" => wish(&pages, &person, &seen, Wish::Stop).await?,
        "start" => wish(&pages, &person, &seen, Wish::Start).await?,
        "ask" | "reply" => ActResult::Refused(words(&person, "panel-too-late")),
        _ => return Err(Problem::invalid_field("act", "There is no such act.", "Use one of the panel's buttons.")),
    };
    let (done, refused) = match said {
        ActResult::Done(done) => (done, String::new()),
        ActResult::Refused(refused) => (String::new(), refused),
    };
    drawn(&pages, &person, &connection, id, done, refused).await
}

fn words(person: &SignedIn, key: &str) -> String {
    person.visit.language.text(key, &[])
}

async fn ask(pages: &Pages, person: &SignedIn, seen: &Seen) -> Result<ActResult, Problem> {
    let (engine, session) = (&pages.app.engine, &seen.session);
    let why = if session.status == SessionStatus::Open {
        match ask_while_talking(engine, &person.by(), &session.source, &session.id, engine.now()).await? {
            AskedTalking::Asked(_) => return Ok(ActResult::Done(words(person, "done-asked-by-hand"))),
            AskedTalking::Unknown => return Err(Problem::not_found()),
            AskedTalking::Not(reason) => reason.as_str(),
        }
    } else {
        let close = seen.close.as_ref().ok_or_else(Problem::not_found)?;
        match ask_by_hand(engine, &person.by(), close.id, "", engine.now()).await? {
            AskedByHand::Asked(_) => return Ok(ActResult::Done(words(person, "done-asked-by-hand"))),
            AskedByHand::Unknown => return Err(Problem::not_found()),
            AskedByHand::Not(reason) => reason.as_str(),
        }
    };
    let reason = in_words(person.visit.language, "ratings-reason", why);
    Ok(ActResult::Refused(format!("{} {reason}", words(person, "rating-ask-refused"))))
}

async fn hold(pages: &Pages, person: &SignedIn, delivery: DeliveryId) -> Result<ActResult, Problem> {
    let engine = &pages.app.engine;
    Ok(match mend_delivery::cancel(engine, &person.by(), delivery, engine.now()).await? {
        Mended::Done => ActResult::Done(words(person, "panel-held")),
        Mended::NotNow | Mended::Unknown => ActResult::Refused(words(person, "panel-too-late")),
    })
}

async fn reply(pages: &Pages, person: &SignedIn, seen: &Seen, form: &Form) -> Result<ActResult, Problem> {
    let (engine, language) = (&pages.app.engine, person.visit.language);
    let close = seen.close.as_ref().ok_or_else(Problem::not_found)?;
    let looked_at = form.get("seen").parse().ok();
    let act = ReviewAct::Reply(form.raw("text").to_owned());
    Ok(match review::act(engine, &person.by(), close.id, act, looked_at, engine.now()).await? {
        Ok(acted) => ActResult::Done(match acted.reply.and_then(|reply| reply.not_sent).as_deref() {
            Some(reason) => language.text("done-reply-kept", &[("name", &language.text(&not_sent(reason), &[]))]),
            None => words(person, "done-reply"),
        }),
        Err(why) => ActResult::Refused(refused(language, &why)),
    })
}

async fn wish(pages: &Pages, person: &SignedIn, seen: &Seen, wish: Wish) -> Result<ActResult, Problem> {
    let engine = &pages.app.engine;
    let client = seen.can.client.as_ref().ok_or_else(|| Problem::forbidden("a right that your role does not have"))?;
    opt_out::set(engine, &person.by(), &client.into(), wish, engine.now()).await?;
    Ok(ActResult::Done(words(person, if wish == Wish::Stop { "done-client-opted-out" } else { "done-client-opted-in" })))
}
