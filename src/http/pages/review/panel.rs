//! The review of one rating, drawn as a part of a page.

use crate::Pages;
use crate::frame::Frame;
use crate::frame::form::Fields;
use crate::frame::visit::SignedIn;
use askama::Template as _;
use lastword_domain::access::rights::{Right, Rights};
use lastword_domain::question::macros::fill;
use lastword_domain::review::{ObjectionKind, ObjectionState};
use lastword_http::problem::Problem;
use lastword_life::question::fill_macros::macros;
use lastword_life::review::view::{Look, look};
use lastword_store::access::account;
use lastword_store::question::delivery::Delivery;
use lastword_store::review::reply::{self, Reply, Template};
use std::collections::{BTreeMap, BTreeSet};

/// The review of one rating.
#[derive(askama::Template)]
#[template(path = "pages/review/panel.html")]
pub struct ReviewPanel<'a> {
    page: &'a Frame,
    look: &'a Look,
    /// Where the forms lead back to.
    back: String,
    /// Where a reply, or marking it as resolved, leads on to; empty for back.
    next: String,
    fields: &'a Fields,
    templates: Vec<Template>,
    /// Who may work it off: account and name.
    people: Vec<(String, String)>,
    me: String,
}

/// Where the forms of a review lead.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ways<'a> {
    /// Back to the page that they are on.
    pub(super) back: &'a str,
    /// On to the next rating, once this one is done with; empty for back.
    pub(super) next: &'a str,
}

impl ReviewPanel<'_> {
    /// The review of the rating of `request`, as markup; empty where there is no rating (yet).
    ///
    /// # Errors
    /// What is not for these eyes is not there; and the database's.
    pub async fn of(pages: &Pages, person: &SignedIn, page: &Frame, request: &str) -> Result<String, Problem> {
        Self::beside(pages, person, page, request, &page.address).await
    }

    /// As [`ReviewPanel::of`], with forms that lead back to `back`.
    ///
    /// # Errors
    /// What is not for these eyes is not there; and the database's.
    pub async fn beside(pages: &Pages, person: &SignedIn, page: &Frame, request: &str, back: &str) -> Result<String, Problem> {
        let engine = &pages.app.engine;
        let Some(look) = look(engine, request, engine.now()).await? else { return Ok(String::new()) };
        person.sees(&look.request.line_id, look.request.operator_id.as_deref())?;
        Self::drawn(pages, person, page, &look, Ways { back, next: "" }, &Fields::default()).await
    }

    /// As [`ReviewPanel::of`], with what stood in a form that was not taken, and leading back to `back`.
    pub(super) async fn drawn(
        pages: &Pages,
        person: &SignedIn,
        page: &Frame,
        look: &Look,
        ways: Ways<'_>,
        fields: &Fields,
    ) -> Result<String, Problem> {
        let db = &pages.app.engine.db;
        let works = person.rights.may(Right::WorkLowRatings);
        let mine = |template: &Template| template.line_id.as_ref().is_none_or(|line| *line == look.request.line_id);
        let templates =
            if works { reply::templates(db, &person.rights.lines).await?.into_iter().filter(mine).collect() } else { Vec::new() };
        let people = if works { people(pages, &look.request.line_id).await? } else { Vec::new() };
        let (back, next) = (ways.back.to_owned(), ways.next.to_owned());
        ReviewPanel { page, look, back, next, fields, templates, people, me: person.id.clone() }.render().map_err(|error| {
            tracing::error!(%error, "the review of a rating could not be drawn");
            Problem::internal()
        })
    }

    fn works(&self) -> bool {
        self.page.may(Right::WorkLowRatings)
    }

    fn judges(&self) -> bool {
        self.page.may(Right::JudgeAppeals)
    }

    /// What stands in the reply box: what was typed, else the reply as it is.
    fn text(&self) -> &str {
        let typed = self.fields.value("text");
        if !typed.is_empty() || !self.fields.error("text").is_empty() {
            return typed;
        }
        self.look.reply().map(|(reply, _)| reply.text.as_str()).unwrap_or_default()
    }

    /// Whether the box of a reply that is there already is open: something was typed into it.
    fn edits(&self) -> bool {
        !self.fields.value("text").is_empty() || !self.fields.error("text").is_empty()
    }

    /// The words of a key that ends with a word of the tables.
    fn words(&self, start: &str, word: &str) -> String {
        self.page.t(&format!("{start}{}", word.replace('_', "-")))
    }

    /// How a version of the reply fared, in words.
    fn fared(&self, (reply, delivery): &(Reply, Option<Delivery>)) -> String {
        match (&reply.not_sent, delivery) {
            (Some(reason), _) => self.words("review-not-sent-", reason),
            (None, Some(delivery)) => self.words("review-state-", delivery.state.as_str()),
            (None, None) => self.page.t("review-state-scheduled"),
        }
    }

    /// The tone of the chip that says so.
    fn tone(&self, (reply, delivery): &(Reply, Option<Delivery>)) -> &'static str {
        match (&reply.not_sent, delivery.as_ref().map(|delivery| delivery.state.as_str())) {
            (None, Some("sent" | "delivered")) => "on",
            (None, Some("scheduled" | "leased" | "sending") | None) => "",
            _ => "warn",
        }
    }

    fn channel(&self) -> String {
        self.look.request.channel.as_deref().or(self.look.request.asked_through()).unwrap_or_default().to_owned()
    }

    /// Whether the client can be asked once more, as far as the page can know; the rest is said when it is tried.
    fn may_ask_again(&self) -> bool {
        let look = self.look;
        look.rating.low == 1 && look.rating.voided_at.is_none() && look.review.asked_again.is_none() && look.request.again_of.is_none()
    }
}

/// A template as a reply to this rating begins with it.
pub(super) fn filled(pages: &Pages, look: &Look, line: &str, text: &str) -> String {
    fill(text, &macros(&pages.organisation, line, &look.request, Some(&look.rating)))
}

/// Who may work off ratings of this line, by name.
async fn people(pages: &Pages, line: &str) -> Result<Vec<(String, String)>, Problem> {
    let db = &pages.app.engine.db;
    let mut lines: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (account, line) in account::all_lines(db).await? {
        lines.entry(account).or_default().insert(line);
    }
    let mut people = Vec::new();
    for account in account::all(db).await?.into_iter().filter(|account| account.disabled_at.is_none()) {
        let rights = Rights::of(account.role, account.all_lines, lines.remove(&account.id).unwrap_or_default(), None, false);
        if rights.may(Right::WorkLowRatings) && rights.sees(line, None) {
            people.push((account.id, account.name));
        }
    }
    people.sort_by(|(_, a), (_, b)| a.cmp(b));
    Ok(people)
}
