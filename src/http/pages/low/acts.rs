//! Actions on one rating: the forms of its review. Each redirects to the page that it was on.

use super::again;
use crate::frame::choice::back as local;
use crate::frame::form::{Fields, Form};
use crate::frame::visit::SignedIn;
use crate::review::panel::filled;
use crate::{Pages, done, has_page};
use axum::extract::{Path, State};
use axum::response::Response;
use lastword_base::names::{AccountId, ObjectionId, RequestId};
use lastword_domain::review::{BadText, FlagReason};
use lastword_http::locale::language::Language;
use lastword_http::problem::Problem;
use lastword_life::review::ask_again::ask_once_more;
use lastword_life::review::judge_objection::{self, Verdict};
use lastword_life::review::object::{ObjectionInput, object};
use lastword_life::review::reply::write_reply;
use lastword_life::review::view::look;
use lastword_life::review::{Done, Refused, assign, resolve};
use lastword_store::line;
use lastword_store::question::rating_request;
use lastword_store::review::reply;
use std::sync::Arc;

/// A submitted form about one rating, from a person who may see it.
struct Act<'a> {
    pages: &'a Pages,
    person: &'a SignedIn,
    form: &'a Form,
    id: &'a str,
}

impl<'a> Act<'a> {
    /// Returns 404 if this person may not see the rating.
    async fn new(pages: &'a Pages, person: &'a SignedIn, form: &'a Form, id: &'a str) -> Result<Self, Problem> {
        let request = rating_request::load(&pages.app.engine.db, &[RequestId::named(id)]).await?.pop().ok_or_else(Problem::not_found)?;
        person.sees(&request.line_id, request.operator_id.as_ref())?;
        Ok(Self { pages, person, form, id })
    }

    /// The revision that the form was rendered with.
    fn seen(&self) -> Option<i64> {
        self.form.get("seen").parse().ok()
    }

    /// The page of the form, if it is one of ours; otherwise the rating's own page.
    fn back(&self) -> String {
        match local(self.form.get("back")) {
            address if address != "/" => address,
            _ if has_page("/ratings/{rating_request}") => format!("/ratings/{}", self.id),
            _ => format!("/low/{}", self.id),
        }
    }

    /// The page to show once this rating is done; the form's own page if it does not name one.
    fn onward(&self) -> String {
        match local(self.form.get("next")) {
            address if address != "/" => address,
            _ => self.back(),
        }
    }

    /// Redirects back, or shows the form again with its problem and everything that was typed.
    async fn end<T>(&self, result: Done<T>, field: &'static str, key: &'static str) -> Result<Response, Problem> {
        self.end_at(result, field, (key, ""), &self.back()).await
    }

    /// Same as [`Act::end`], with a name in the message and another target.
    async fn end_at<T>(
        &self,
        result: Done<T>,
        field: &'static str,
        (key, name): (&'static str, &str),
        to: &str,
    ) -> Result<Response, Problem> {
        match result {
            Ok(_) => Ok(done(self.pages, to, key, name)),
            Err(Refused::Unknown) => Err(Problem::not_found()),
            Err(why) => {
                let status =
                    if matches!(why, Refused::Text(_) | Refused::TooLongForChannel(_) | Refused::NoSuchPerson) { 422 } else { 409 };
                let mut fields = Fields::of(self.form);
                self.say(&mut fields, why, field);
                again(self.pages, self.person, self.id, &self.back(), &fields, status).await
            }
        }
    }

    fn say(&self, fields: &mut Fields, why: Refused, field: &'static str) {
        let field = if matches!(why, Refused::Text(_) | Refused::TooLongForChannel(_)) { field } else { "review" };
        fields.refuse(field, refused(self.person.visit.language, &why));
    }
}

/// The text of a refusal.
pub(crate) fn refused(language: Language, why: &Refused) -> String {
    match why {
        Refused::Text(BadText::Empty) => language.text("review-wrong-empty", &[]),
        Refused::Text(BadText::TooLong(max)) => language.text("review-wrong-long", &[("n", max)]),
        Refused::TooLongForChannel(max) => language.text("review-wrong-channel-long", &[("n", max)]),
        Refused::Outdated(_) => language.text("review-wrong-outdated", &[]),
        Refused::Already => language.text("review-wrong-already", &[]),
        Refused::NothingToJudge => language.text("review-wrong-judged", &[]),
        Refused::NoSuchPerson | Refused::Unknown => language.text("review-wrong-person", &[]),
        Refused::NotAgain(reason) => language.text(&format!("review-not-again-{}", reason.as_str().replace('_', "-")), &[]),
    }
}

/// Key of the text that says why a reply is not sent.
pub(crate) fn not_sent(reason: &str) -> String {
    format!("review-not-sent-{}", reason.replace('_', "-"))
}

/// `POST /ratings/{rating_request}/reply`: `text`, or `template` to put a template into the box.
pub(crate) async fn reply(
    State(pages): State<Arc<Pages>>,
    person: SignedIn,
    Path(id): Path<String>,
    form: Form,
) -> Result<Response, Problem> {
    let act = Act::new(&pages, &person, &form, &id).await?;
    if !form.get("template").is_empty() {
        return with_template(&act).await;
    }
    let engine = &pages.app.engine;
    let result = write_reply(engine, &person.by(), RequestId::named(&id), form.raw("text"), act.seen(), engine.now()).await?;
    match result.as_ref().ok().and_then(|replied| replied.reply.not_sent.clone()) {
        // The text stays visible, with the reason.
        Some(reason) => {
            let why = person.visit.language.text(&not_sent(&reason), &[]);
            act.end_at(result, "text", ("done-reply-kept", &why), &act.back()).await
        }
        None => act.end_at(result, "text", ("done-reply", ""), &act.onward()).await,
    }
}

/// Shows the form again, with a template below the typed text.
async fn with_template(act: &Act<'_>) -> Result<Response, Problem> {
    let engine = &act.pages.app.engine;
    let look = look(engine, RequestId::named(act.id), engine.now()).await?.ok_or_else(Problem::not_found)?;
    let templates = reply::templates(&engine.db, &act.person.rights.lines).await?;
    let wanted = templates.into_iter().find(|template| template.id == act.form.get("template")).ok_or_else(Problem::not_found)?;
    let line = line::find(&engine.db, &look.request.line_id).await?.map(|line| line.name).unwrap_or_default();
    let filled = filled(act.pages, &look, &line, &wanted.text);
    let kept = look.reply().map(|(reply, _)| reply.text.clone()).unwrap_or_default();
    let typed = act.form.raw("text").replace("\r\n", "\n");
    let typed = typed.trim_end();
    let text = if typed.is_empty() || typed == kept { filled } else { format!("{typed}\n\n{filled}") };
    let fields = Fields::default().with("text", text);
    again(act.pages, act.person, act.id, &act.back(), &fields, 200).await
}

/// `POST /ratings/{rating_request}/flag`: `reason`, with the text in `flag`.
pub(crate) async fn flag(
    State(pages): State<Arc<Pages>>,
    person: SignedIn,
    Path(id): Path<String>,
    form: Form,
) -> Result<Response, Problem> {
    let act = Act::new(&pages, &person, &form, &id).await?;
    let reason = FlagReason::parse(form.get("reason")).unwrap_or(FlagReason::Other);
    let engine = &pages.app.engine;
    let result = object(engine, &person.by(), RequestId::named(&id), ObjectionInput::Flag(reason), form.raw("flag"), engine.now()).await?;
    act.end(result, "flag", "done-flag").await
}

/// `POST /ratings/{rating_request}/appeal`: the text in `appeal`.
pub(crate) async fn appeal(
    State(pages): State<Arc<Pages>>,
    person: SignedIn,
    Path(id): Path<String>,
    form: Form,
) -> Result<Response, Problem> {
    let act = Act::new(&pages, &person, &form, &id).await?;
    let engine = &pages.app.engine;
    let result = object(engine, &person.by(), RequestId::named(&id), ObjectionInput::Appeal, form.raw("appeal"), engine.now()).await?;
    act.end(result, "appeal", "done-appeal").await
}

/// `POST /ratings/{rating_request}/judge`: `objection`, `verdict` (`uphold` or `decline`), with the text in `judgement`.
pub(crate) async fn judge(
    State(pages): State<Arc<Pages>>,
    person: SignedIn,
    Path(id): Path<String>,
    form: Form,
) -> Result<Response, Problem> {
    let act = Act::new(&pages, &person, &form, &id).await?;
    let (verdict, key) = match form.get("verdict") {
        "uphold" => (Verdict::Uphold, "done-upheld"),
        "decline" => (Verdict::Decline, "done-declined"),
        _ => return Err(Problem::invalid_field("verdict", "There is no such verdict.", "Send uphold or decline.")),
    };
    let engine = &pages.app.engine;
    let words = form.raw("judgement");
    let result = judge_objection::judge(
        engine,
        &person.by(),
        RequestId::named(&id),
        ObjectionId::named(form.get("objection")),
        verdict,
        words,
        engine.now(),
    )
    .await?;
    act.end(result, "judgement", key).await
}

/// `POST /ratings/{rating_request}/restore`: the text in `restore`.
pub(crate) async fn restore(
    State(pages): State<Arc<Pages>>,
    person: SignedIn,
    Path(id): Path<String>,
    form: Form,
) -> Result<Response, Problem> {
    let act = Act::new(&pages, &person, &form, &id).await?;
    let engine = &pages.app.engine;
    let result = judge_objection::restore(engine, &person.by(), RequestId::named(&id), form.raw("restore"), engine.now()).await?;
    act.end(result, "restore", "done-restored").await
}

/// `POST /ratings/{rating_request}/assign`: `to` is an account or empty; `mine` assigns it to the sender.
pub(crate) async fn assign(
    State(pages): State<Arc<Pages>>,
    person: SignedIn,
    Path(id): Path<String>,
    form: Form,
) -> Result<Response, Problem> {
    let act = Act::new(&pages, &person, &form, &id).await?;
    let chosen = Some(form.get("to")).filter(|to| !to.is_empty()).map(AccountId::named);
    let to = if form.ticked("mine") { Some(person.id) } else { chosen };
    let engine = &pages.app.engine;
    let result = assign::assign(engine, &person.by(), RequestId::named(&id), to, act.seen(), engine.now()).await?;
    act.end(result, "review", "done-assigned").await
}

/// `POST /ratings/{rating_request}/settle`: `note`; `again` reopens it.
pub(crate) async fn settle(
    State(pages): State<Arc<Pages>>,
    person: SignedIn,
    Path(id): Path<String>,
    form: Form,
) -> Result<Response, Problem> {
    let act = Act::new(&pages, &person, &form, &id).await?;
    let (settled, key) = if form.ticked("again") { (false, "done-unsettled") } else { (true, "done-settled") };
    let engine = &pages.app.engine;
    let result = resolve::settle(engine, &person.by(), RequestId::named(&id), settled, form.raw("note"), act.seen(), engine.now()).await?;
    if !settled {
        return act.end(result, "note", key).await;
    }
    let next = act.onward();
    // The list can undo this action with one click.
    let undo = format!("{next}{}undo=reopen&ids={id}", if next.contains('?') { '&' } else { '?' });
    let to = if next.starts_with("/low") { undo } else { next };
    act.end_at(result, "note", (key, ""), &to).await
}

/// `POST /ratings/{rating_request}/ask-again`
pub(crate) async fn ask_again(
    State(pages): State<Arc<Pages>>,
    person: SignedIn,
    Path(id): Path<String>,
    form: Form,
) -> Result<Response, Problem> {
    let act = Act::new(&pages, &person, &form, &id).await?;
    let engine = &pages.app.engine;
    let result = ask_once_more(engine, &person.by(), RequestId::named(&id), act.seen(), engine.now()).await?;
    act.end(result, "review", "done-asked-again").await
}
