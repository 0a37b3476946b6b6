//! The review of one rating, rendered as a part of a page.

use crate::Pages;
use crate::frame::Frame;
use crate::frame::form::Fields;
use crate::frame::visit::SignedIn;
use crate::report::words::channel;
use askama::Template as _;
use lastword_base::names::{AccountId, ConnectionId, LineId, RequestId};
use lastword_domain::access::rights::{Right, Rights};
use lastword_domain::line::macros::fill;
use lastword_domain::review::{ObjectionKind, ObjectionState};
use lastword_http::problem::Problem;
use lastword_life::facts::fill_macros::macros;
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
    /// Redirect target of the forms.
    back: String,
    /// Redirect target after a reply or a resolution; empty to go back.
    next: String,
    fields: &'a Fields,
    templates: Vec<Template>,
    /// People who may handle it: account and name.
    people: Vec<(AccountId, String)>,
    me: AccountId,
}

/// Redirect targets of the forms of a review.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ways<'a> {
    /// The page that the forms are on.
    pub(crate) back: &'a str,
    /// The next rating, once this one is done; empty to go back.
    pub(crate) next: &'a str,
}

impl ReviewPanel<'_> {
    /// Renders the review of the rating of `request`; empty if there is no rating (yet).
    ///
    /// # Errors
    /// Not found if this person may not see it, or a database error.
    pub async fn of(pages: &Pages, person: &SignedIn, page: &Frame, request: RequestId) -> Result<String, Problem> {
        Self::beside(pages, person, page, request, &page.address).await
    }

    /// True if the rating is assigned to this account.
    fn is_assigned_to(&self, id: &AccountId) -> bool {
        self.look.review.assigned_to == Some(*id)
    }

    /// Same as [`ReviewPanel::of`], with forms that redirect to `back`.
    ///
    /// # Errors
    /// Not found if this person may not see it, or a database error.
    pub async fn beside(pages: &Pages, person: &SignedIn, page: &Frame, request: RequestId, back: &str) -> Result<String, Problem> {
        let engine = &pages.app.engine;
        let Some(look) = look(engine, request, engine.now()).await? else { return Ok(String::new()) };
        person.sees(&look.request.line_id, look.request.operator_id.as_ref())?;
        Self::drawn(pages, person, page, &look, Ways { back, next: "" }, &Fields::default()).await
    }

    /// Same as [`ReviewPanel::of`], with the values of a refused form and redirects to `back`.
    pub(crate) async fn drawn(
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
        ReviewPanel { page, look, back, next, fields, templates, people, me: person.id }.render().map_err(|error| {
            tracing::error!(%error, "the review of a rating could not be rendered");
            Problem::internal()
        })
    }

    fn works(&self) -> bool {
        self.page.may(Right::WorkLowRatings)
    }

    fn judges(&self) -> bool {
        self.page.may(Right::JudgeAppeals)
    }

    /// Text of the reply box: the typed text, else the present reply.
    fn text(&self) -> &str {
        let typed = self.fields.value("text");
        if !typed.is_empty() || !self.fields.error("text").is_empty() {
            return typed;
        }
        self.look.reply().map(|(reply, _)| reply.text.as_str()).unwrap_or_default()
    }

    /// True if the box of an existing reply is open, because something was typed into it.
    fn edits(&self) -> bool {
        !self.fields.value("text").is_empty() || !self.fields.error("text").is_empty()
    }

    /// The text of a key that ends with a value from the database.
    fn words(&self, start: &str, word: &str) -> String {
        self.page.t(&format!("{start}{}", word.replace('_', "-")))
    }

    /// Delivery result of a version of the reply, as text.
    fn fared(&self, (reply, delivery): &(Reply, Option<Delivery>)) -> String {
        match (&reply.not_sent, delivery) {
            (Some(reason), _) => self.words("review-not-sent-", reason),
            (None, Some(delivery)) => self.words("review-state-", delivery.state.as_str()),
            (None, None) => self.page.t("review-state-scheduled"),
        }
    }

    /// Tone of the chip with that result.
    fn tone(&self, (reply, delivery): &(Reply, Option<Delivery>)) -> &'static str {
        match (&reply.not_sent, delivery.as_ref().map(|delivery| delivery.state.as_str())) {
            (None, Some("sent" | "delivered")) => "on",
            (None, Some("scheduled" | "leased" | "sending") | None) => "",
            _ => "warn",
        }
    }

    /// Name of the channel, or the connection if the channel is unknown.
    fn channel(&self) -> String {
        let connection = || self.look.request.asked_through().map(ConnectionId::to_string).unwrap_or_default();
        self.look.request.channel.as_deref().map_or_else(connection, |kind| channel(self.page, kind))
    }

    /// True if the client can probably be asked once more. The final check is done on submission.
    fn may_ask_again(&self) -> bool {
        let look = self.look;
        look.rating.low == 1 && look.rating.voided_at.is_none() && look.review.asked_again.is_none() && look.request.again_of.is_none()
    }
}

/// A template with its macros filled in for this rating.
pub(crate) fn filled(pages: &Pages, look: &Look, line: &str, text: &str) -> String {
    fill(text, &macros(&pages.app.engine.organisation(), line, &look.request, Some(&look.rating)))
}

/// People who may handle ratings of this line, by name.
async fn people(pages: &Pages, line: &LineId) -> Result<Vec<(AccountId, String)>, Problem> {
    let db = &pages.app.engine.db;
    let mut lines: BTreeMap<AccountId, BTreeSet<LineId>> = BTreeMap::new();
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
