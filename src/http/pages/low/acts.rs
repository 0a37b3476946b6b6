//! Actions on one rating: the forms of its review. Each redirects to the page that it was on.

use super::again;
use crate::frame::choice::back as local;
use crate::frame::form::{Fields, Form};
use crate::frame::visit::SignedIn;
use crate::review::panel::filled;
use crate::{Pages, done, has_page};
use axum::extract::State;
use axum::response::Response;
use lastword_base::names::{AccountId, ObjectionId, RequestId};
use lastword_domain::review::{BadText, FlagReason};
use lastword_http::locale::language::Language;
use lastword_http::path::PathId;
use lastword_http::problem::Problem;
use lastword_life::review::act::{self as review, ReviewAct};
use lastword_life::review::judge_objection::Verdict;
use lastword_life::review::view::look;
use lastword_life::review::{Done, Refused};
use lastword_store::line;
use lastword_store::question::rating_request;
use lastword_store::review::reply;
use std::sync::Arc;

/// A submitted form about one rating, from a person who may see it.
struct Act<'a> {
    pages: &'a Pages,
    person: &'a SignedIn,
    form: &'a Form,
    id: RequestId,
}

impl<'a> Act<'a> {
    /// Returns 404 if this person may not see the rating.
    async fn new(pages: &'a Pages, person: &'a SignedIn, form: &'a Form, id: RequestId) -> Result<Self, Problem> {
        let request = rating_request::load(&pages.app.engine.db, &[id]).await?.pop().ok_or_else(Problem::not_found)?;
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

    /// Redirects to `to` with a message, or shows the form again with its problem and everything that was typed.
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

/// What a form asks for: the act, the field of its text, and the key of the message when it is done.
type Asked = (ReviewAct, &'static str, &'static str);

/// A form of the review, by the last part of its path.
#[derive(Clone, Copy, Debug)]
pub(crate) enum ReviewForm {
    /// `text`, or `template` to put a template into the box.
    Reply,
    /// `reason`, with the text in `flag`.
    Flag,
    /// The text in `appeal`.
    Appeal,
    /// `objection`, `verdict` (`uphold` or `decline`), with the text in `judgement`.
    Judge,
    /// The text in `restore`.
    Restore,
    /// `to` is an account or empty; `mine` assigns it to the sender.
    Assign,
    /// `note`; `again` reopens it.
    Settle,
    /// No fields.
    AskAgain,
}

impl ReviewForm {
    fn read(self, form: &Form, person: &SignedIn) -> Result<Asked, Problem> {
        let text = |field: &str| form.raw(field).to_owned();
        Ok(match self {
            ReviewForm::Reply => (ReviewAct::Reply(text("text")), "text", "done-reply"),
            ReviewForm::Flag => {
                let reason = FlagReason::parse(form.get("reason")).unwrap_or(FlagReason::Other);
                (ReviewAct::Flag(reason, text("flag")), "flag", "done-flag")
            }
            ReviewForm::Appeal => (ReviewAct::Appeal(text("appeal")), "appeal", "done-appeal"),
            ReviewForm::Judge => {
                let (verdict, key) = match form.get("verdict") {
                    "uphold" => (Verdict::Uphold, "done-upheld"),
                    "decline" => (Verdict::Decline, "done-declined"),
                    _ => return Err(Problem::invalid_field("verdict", "There is no such verdict.", "Send uphold or decline.")),
                };
                (ReviewAct::Judge(ObjectionId::named(form.get("objection")), verdict, text("judgement")), "judgement", key)
            }
            ReviewForm::Restore => (ReviewAct::Restore(text("restore")), "restore", "done-restored"),
            ReviewForm::Assign => {
                let chosen = Some(form.get("to")).filter(|to| !to.is_empty()).map(AccountId::named);
                (ReviewAct::Assign(if form.ticked("mine") { Some(person.id) } else { chosen }), "review", "done-assigned")
            }
            ReviewForm::Settle if form.ticked("again") => (ReviewAct::Reopen, "note", "done-unsettled"),
            ReviewForm::Settle => (ReviewAct::Settle(text("note")), "note", "done-settled"),
            ReviewForm::AskAgain => (ReviewAct::AskAgain, "review", "done-asked-again"),
        })
    }

    /// The handler of `POST /ratings/{rating_request}/…`.
    pub(crate) async fn take(
        self,
        State(pages): State<Arc<Pages>>,
        person: SignedIn,
        PathId(id): PathId<RequestId>,
        form: Form,
    ) -> Result<Response, Problem> {
        let act = Act::new(&pages, &person, &form, id).await?;
        if matches!(self, ReviewForm::Reply) && !form.get("template").is_empty() {
            return with_template(&act).await;
        }
        let (what, field, key) = self.read(&form, &person)?;
        let engine = &pages.app.engine;
        // An objection does not depend on what others did meanwhile.
        let seen = act.seen().filter(|_| !matches!(self, ReviewForm::Flag | ReviewForm::Appeal | ReviewForm::Judge | ReviewForm::Restore));
        let result = review::act(engine, &person.by(), id, what, seen, engine.now()).await?;
        if let Some(reason) = result.as_ref().ok().and_then(|acted| acted.reply.as_ref()?.not_sent.as_deref()) {
            // The text stays visible, with the reason.
            let why = person.visit.language.text(&not_sent(reason), &[]);
            return act.end_at(result, field, ("done-reply-kept", &why), &act.back()).await;
        }
        let next = act.onward();
        let to = match key {
            "done-reply" => next,
            // The list can undo this action with one click.
            "done-settled" if next.starts_with("/low") => {
                format!("{next}{}undo=reopen&ids={id}", if next.contains('?') { '&' } else { '?' })
            }
            "done-settled" => next,
            _ => act.back(),
        };
        act.end_at(result, field, (key, ""), &to).await
    }
}

/// Shows the form again, with a template below the typed text.
async fn with_template(act: &Act<'_>) -> Result<Response, Problem> {
    let engine = &act.pages.app.engine;
    let look = look(engine, act.id, engine.now()).await?.ok_or_else(Problem::not_found)?;
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
