//! The frame of every page: its texts, the navigation, the signed-in person, and one-time messages.

pub(crate) mod assets;
pub mod changes;
pub(crate) mod choice;
pub(crate) mod client;
pub(crate) mod cookies;
pub(crate) mod days;
pub(crate) mod duration;
pub(crate) mod filter;
pub mod form;
pub(crate) mod guard;
pub mod live;
pub(crate) mod manifest;
pub(crate) mod own_chats;
pub(crate) mod problem;
pub(crate) mod qr;
pub mod visit;

use self::visit::{Flash, Theme, Visit};
use super::{Pages, has_page};
use askama::Template;
use askama::filters::Safe;
use axum::response::{Html, IntoResponse, Response};
use chrono_tz::Tz;
use lastword_domain::access::rights::Right;
use lastword_domain::answer::rating::Scale;
use lastword_domain::quarantine::Cause;
use lastword_domain::session::label::Named;
use lastword_http::locale::catalogue::Argument;
use lastword_http::locale::format;
use lastword_http::locale::language::Language;
use lastword_http::problem::Problem;
use lastword_life::Millis;
use lastword_life::access::admit_person::Person;
use lastword_store::records::installation;
use lastword_store::report::today;

/// A section of the navigation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Section {
    /// Daily work.
    Work,
    /// Numbers about ratings.
    Numbers,
    /// Setup and maintenance.
    Setup,
}

impl Section {
    const ALL: [Section; 3] = [Section::Work, Section::Numbers, Section::Setup];

    /// The message key of its name.
    pub fn key(self) -> &'static str {
        match self {
            Section::Work => "nav-work",
            Section::Numbers => "nav-numbers",
            Section::Setup => "nav-setup",
        }
    }
}

/// An entry of the navigation: address, message key, icon, required right, and section. It appears once a route for its address exists.
struct Entry(&'static str, &'static str, &'static str, Right, Section);

const NAVIGATION: [Entry; 16] = [
    Entry("/today", "nav-today", "today", Right::SeeToday, Section::Work),
    Entry("/low", "nav-low", "low", Right::SeeLowRatings, Section::Work),
    Entry("/chats", "nav-chats", "chat", Right::AnswerChats, Section::Work),
    Entry("/ratings", "nav-ratings", "star", Right::SeeRatings, Section::Work),
    Entry("/clients", "nav-clients", "person", Right::SeeRatings, Section::Work),
    Entry("/me", "nav-me", "star", Right::SeeOwnNumbers, Section::Work),
    Entry("/reports", "nav-reports", "chart", Right::SeeRatings, Section::Numbers),
    Entry("/operators", "nav-operators", "people", Right::SeeOperators, Section::Numbers),
    Entry("/lines", "nav-lines", "lines", Right::SeeLines, Section::Setup),
    Entry("/organisation", "nav-organisation", "brand", Right::ChangeOrganisation, Section::Setup),
    Entry("/recipients", "nav-recipients", "bell", Right::SeeRecipients, Section::Setup),
    Entry("/connections", "nav-connections", "plug", Right::SeeConnections, Section::Setup),
    Entry("/deliveries", "nav-deliveries", "send", Right::SeeDeliveries, Section::Setup),
    Entry("/alerts", "nav-alerts", "alert", Right::SeeAlerts, Section::Setup),
    Entry("/people", "nav-people", "key", Right::ManagePeople, Section::Setup),
    Entry("/audit", "nav-audit", "audit", Right::SeeAudit, Section::Setup),
];

/// A link of the navigation.
#[derive(Debug)]
pub struct Link {
    /// Its address.
    pub path: &'static str,
    /// Its message key.
    pub key: &'static str,
    /// Its icon.
    pub icon: &'static str,
    /// True if the current page is its target or below it.
    pub here: bool,
    /// Number of items that wait there; 0 is not shown.
    pub waiting: i64,
}

/// A section of the navigation for one person.
#[derive(Debug)]
pub struct Group {
    /// The section.
    pub section: Section,
    /// Its links, at least one.
    pub links: Vec<Link>,
}

impl Group {
    /// True if it contains the current page.
    pub fn here(&self) -> bool {
        self.links.iter().any(|link| link.here)
    }
}

/// The frame of a page. Each page's struct has one in its field `page`.
#[derive(Debug)]
pub struct Frame {
    /// The language.
    pub language: Language,
    /// The chosen theme.
    pub theme: Option<Theme>,
    /// The signed-in person.
    pub person: Option<Person>,
    /// The one-time message.
    pub flash: Option<Flash>,
    /// The address of this page.
    pub address: String,
    /// The organisation's name.
    pub organisation: String,
    /// The labels and fields defined by an admin.
    pub named: Named,
    /// Time when the page was rendered.
    pub now: Millis,
    /// If nothing is sent: the reason, and since when.
    pub quarantine: Option<(Cause, Millis)>,
    form_token: String,
    zone: Tz,
    waiting: i64,
    /// Number of open chats that wait for an answer, and the time of the newest message in them; `None` without a web chat of our own.
    chats: Option<(i64, Millis)>,
}

impl Frame {
    /// Builds the frame of a page for this visit.
    ///
    /// # Errors
    /// A database error, as a problem.
    pub async fn of(pages: &Pages, visit: &Visit) -> Result<Self, Problem> {
        let engine = &pages.app.engine;
        let waiting = match &visit.person {
            Some(person) if person.rights.may(Right::SeeLowRatings) => today::low_unanswered(&engine.db, &person.rights.lines).await?,
            _ => 0,
        };
        Ok(Self {
            chats: own_chats::waiting(pages, visit).await?,
            language: visit.language,
            theme: visit.theme,
            person: visit.person.clone(),
            flash: visit.flash.clone(),
            address: visit.address.clone(),
            organisation: pages.app.engine.organisation(),
            named: engine.options.named.clone(),
            now: engine.now(),
            quarantine: installation::quarantine(&engine.db).await?,
            form_token: visit.form_token.clone(),
            zone: engine.options.time_zone,
            waiting,
        })
    }

    /// The text of a key.
    pub fn t(&self, key: &str) -> String {
        self.language.text(key, &[])
    }

    /// The text of a key with one argument.
    pub fn t1(&self, key: &str, name: &'static str, value: impl Argument) -> String {
        self.language.text(key, &[(name, &value)])
    }

    /// The text of a key with two arguments.
    pub fn t2(&self, key: &str, a: &'static str, of_a: impl Argument, b: &'static str, of_b: impl Argument) -> String {
        self.language.text(key, &[(a, &of_a), (b, &of_b)])
    }

    /// Formats an integer.
    pub fn number(&self, number: &i64) -> String {
        format::number(self.language, *number)
    }

    /// Formats a percentage.
    pub fn percent(&self, percent: &f64) -> String {
        format::percent(self.language, *percent, 1)
    }

    /// The name of the organisation's time zone.
    pub fn zone_name(&self) -> &'static str {
        self.zone.name()
    }

    /// Formats an instant in the organisation's time zone: the time if it is today, else the date and the time.
    pub fn moment(&self, at: &Millis) -> Safe<String> {
        self.timed(*at, &format::moment(self.language, self.zone, *at, self.now))
    }

    /// The present time of day.
    pub fn clock(&self) -> String {
        format::time(self.zone, self.now)
    }

    /// Formats a date.
    pub fn date(&self, at: &Millis) -> Safe<String> {
        self.timed(*at, &format::date(self.language, self.zone, *at))
    }

    /// Formats roughly how long ago an instant was.
    pub fn ago(&self, at: &Millis) -> Safe<String> {
        let minutes = (self.now - at).max(0) / 60_000;
        let words = match minutes {
            0 => self.t("just-now"),
            1..60 => self.t1("ago-minutes", "n", minutes),
            60..1_440 => self.t1("ago-hours", "n", minutes / 60),
            _ => self.t1("ago-days", "n", minutes / 1_440),
        };
        self.timed(*at, &words)
    }

    /// A `<time>` element. `words` come from our message files and contain no markup.
    fn timed(&self, at: Millis, words: &str) -> Safe<String> {
        let words = words.replace('&', "&amp;").replace('<', "&lt;");
        Safe(format!("<time datetime=\"{}\">{words}</time>", format::machine(at)))
    }

    /// [`Frame::score`] of stars.
    pub fn stars(&self, score: &i64) -> Safe<String> {
        self.score(&Scale::FiveStar, score)
    }

    /// A score as an icon, a thumb or stars, with a text for screen readers.
    pub fn score(&self, scale: &Scale, score: &i64) -> Safe<String> {
        let score = (*score).clamp(0, 5);
        Safe(match scale {
            Scale::Binary if score > 0 => {
                format!("<span class=\"score good\" role=\"img\" aria-label=\"{}\">👍</span>", self.t("score-good"))
            }
            Scale::Binary => format!("<span class=\"score bad\" role=\"img\" aria-label=\"{}\">👎</span>", self.t("score-bad")),
            Scale::FiveStar => {
                let tone = if score <= 2 { "bad" } else { "good" };
                let (full, empty) = ("★".repeat(score.unsigned_abs() as usize), "★".repeat((5 - score).unsigned_abs() as usize));
                let words = self.t1("score-stars", "n", score);
                format!("<span class=\"score stars {tone}\" role=\"img\" aria-label=\"{words}\">{full}<i>{empty}</i></span>")
            }
        })
    }

    /// The token that binds a form to this browser: the first element in every form that is posted.
    pub fn form_token(&self) -> Safe<String> {
        // Base64url letters only, so there is nothing to escape.
        Safe(format!("<input type=\"hidden\" name=\"{}\" value=\"{}\">", self::form::TOKEN_FIELD, self.form_token))
    }

    /// Address of a style, script or icon.
    pub fn asset(&self, file: &str) -> String {
        assets::address(file)
    }

    /// The sections of the navigation that this person sees, each with its links.
    pub fn navigation(&self) -> Vec<Group> {
        let groups = Section::ALL.map(|section| Group { section, links: self.links(section) });
        groups.into_iter().filter(|group| !group.links.is_empty()).collect()
    }

    fn links(&self, section: Section) -> Vec<Link> {
        let path = self.address.split('?').next().unwrap_or_default();
        let under = |entry: &str| path == entry || path.strip_prefix(entry).is_some_and(|rest| rest.starts_with('/'));
        // Chats are listed once there is a web chat.
        let there = |entry: &str| entry != "/chats" || self.chats.is_some() || under(entry);
        let shown = NAVIGATION.iter().filter(|entry| entry.4 == section && self.leads(entry.0) && there(entry.0));
        let link = |&Entry(path, key, icon, ..): &Entry| {
            let waiting = match path {
                "/low" => self.waiting,
                "/chats" => self.chats.map_or(0, |(waiting, _)| waiting),
                _ => 0,
            };
            Link { path, key, icon, here: under(path), waiting }
        };
        shown.map(link).collect()
    }

    /// Number of open low ratings.
    pub fn waiting(&self) -> i64 {
        self.waiting
    }

    /// Open chats that wait for an answer, as [`Frame`] has them.
    pub fn chats(&self) -> Option<(i64, Millis)> {
        self.chats
    }

    /// True if low ratings or chats wait.
    pub fn calls(&self) -> bool {
        self.waiting > 0 || self.chats.is_some_and(|(waiting, _)| waiting > 0)
    }

    /// All languages.
    pub fn languages(&self) -> [Language; Language::ALL.len()] {
        Language::ALL
    }

    /// True if the person has this right.
    pub fn may(&self, right: Right) -> bool {
        self.person.as_ref().is_some_and(|person| person.rights.may(right))
    }

    /// The message key of the reason why nothing is sent.
    pub fn quarantine_cause(&self, cause: &Cause) -> String {
        format!("quarantine-cause-{}", cause.as_str())
    }

    /// True if the person may end the quarantine and is not on that page already.
    pub fn leads_to_release(&self) -> bool {
        self.may(Right::ReleaseQuarantine) && self.address != "/quarantine"
    }

    /// True if a page exists and this person may open it.
    pub fn leads(&self, path: &str) -> bool {
        has_page(path) && NAVIGATION.iter().any(|entry| entry.0 == path && self.may(entry.3))
    }

    /// Initials of the person's name.
    pub fn initials(&self) -> String {
        let name = self.person.as_ref().map(|person| person.name.as_str()).unwrap_or_default();
        name.split_whitespace().filter_map(|word| word.chars().next()).take(2).flat_map(char::to_uppercase).collect()
    }

    /// The person's role as text.
    pub fn role(&self) -> String {
        self.person.as_ref().map(|person| self.t(&format!("role-{}", person.rights.role.as_str()))).unwrap_or_default()
    }

    /// True if this theme is the chosen one.
    pub fn has_theme(&self, word: &str) -> bool {
        self.theme_word() == word
    }

    /// The theme for the root element.
    pub fn theme_word(&self) -> &'static str {
        self.theme.map_or("auto", Theme::as_str)
    }
}

/// Renders a template as a response.
pub fn html(template: &impl Template) -> Response {
    match template.render() {
        Ok(text) => Html(text).into_response(),
        Err(error) => {
            tracing::error!(%error, "a page could not be rendered");
            Problem::internal().into_response()
        }
    }
}
