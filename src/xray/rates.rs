//! Score and response rate: as the desk reports them, and with numerator and denominator from the same chats.

use super::chat::{AskStatus, Chat, Rating};
use super::{Figure, Rule, Source, share};
use lastword_domain::Millis;
use lastword_domain::answer::rating::Grade;
use lastword_domain::word::words;
use lastword_stats::share::Share;
use serde::Serialize;
use std::collections::HashMap;

/// Clients asked within this time before the end can still answer, so they do not count as silent.
const FRESH: Millis = 24 * 3_600_000;

/// Figures that a desk shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DeskFigures {
    /// Good ratings of all ratings.
    pub score: Share,
    /// Answered of sent.
    pub response: Share,
}

words! {
    /// Origin of the desk's figures.
    pub enum Basis {
        /// Read from the desk.
        Told = "told",
        /// Computed by the desk's rule.
        Rebuilt = "rebuilt",
        /// Neither a rule nor figures of the desk are known.
        Plain = "plain",
    }
}

/// Figures that the desk reports, without intervals.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Reported {
    /// Origin of the figures.
    pub basis: Basis,
    /// Score; `None` if there are no ratings, or the desk shows none.
    pub score: Option<Bare>,
    /// Response rate; `None` if the desk shows none.
    pub response: Option<Bare>,
}

/// A share without an interval.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Bare {
    /// The rule.
    pub rule: Rule,
    /// Numerator.
    pub part: i64,
    /// Denominator.
    pub of: i64,
    /// Share in percent. It can exceed 100 if numerator and denominator are from different chats.
    pub percent: f64,
}

impl Bare {
    fn of(rule: Rule, share: Share) -> Option<Self> {
        share.percent().map(|percent| Self { rule, part: share.part, of: share.whole, percent })
    }
}

/// The score.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Score {
    /// Good ratings of all ratings.
    pub all: Option<Figure>,
    /// Good ratings, with only each client's last one; `None` if no client is known.
    pub each_client_once: Option<Figure>,
    /// Good ratings, only of chats in which a person wrote; `None` if no chat served by programs has a rating.
    pub served_by_people: Option<Figure>,
    /// Range of the score with the silent clients; `None` if they are unknown.
    pub with_the_silent: Option<WithTheSilent>,
}

/// Score if all clients who did not answer had answered.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct WithTheSilent {
    /// The rule.
    pub rule: Rule,
    /// Number of clients who did not answer.
    pub silent: i64,
    /// Number of clients in total.
    pub of: i64,
    /// True if the total is the clients who were asked; false if it is all closed chats.
    pub asked: bool,
    /// Score in percent if all silent clients were dissatisfied.
    pub low: f64,
    /// Score in percent if all of them were satisfied.
    pub high: f64,
}

/// The response rate.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Response {
    /// Rated of asked; `None` if it is unknown who was asked.
    pub of_asked: Option<Figure>,
    /// Rated of closed; `None` if the source only lists rated chats.
    pub of_closed: Option<Figure>,
    /// Clients asked less than a day before the end: they are not in the figure of asked clients.
    pub fresh: i64,
}

/// Returns the figures that the desk reports.
pub fn reported(source: Source, told: Option<DeskFigures>, chats: &[Chat]) -> Reported {
    if let Some(told) = told {
        let (score, response) = (Bare::of(Rule::ChatwootScore, told.score), Bare::of(Rule::ChatwootResponse, told.response));
        return Reported { basis: Basis::Told, score, response };
    }
    let good = || share(ratings(chats), |rating| rating.is_good());
    let decided = || share(ratings(chats).filter(|rating| rating.grade() != Grade::Neutral), |rating| rating.is_good());
    let offered = || share(chats.iter().filter(|chat| chat.asked_at().is_some()), |chat| chat.rating.is_some());
    let (basis, score, response) = match source {
        Source::Chatwoot | Source::ChatwootCsat => (Basis::Rebuilt, Bare::of(Rule::ChatwootScore, good()), None),
        Source::Bitrix24 => (Basis::Rebuilt, Bare::of(Rule::Bitrix24Score, decided()), None),
        Source::Zendesk => (Basis::Rebuilt, Bare::of(Rule::ZendeskScore, decided()), Bare::of(Rule::ZendeskResponse, offered())),
        // Without reported figures, there is nothing to compare the data with.
        Source::FreeScout | Source::RocketChat | Source::Csv => (Basis::Plain, None, None),
    };
    Reported { basis, score, response }
}

/// Computes the score. Clients asked less than a day before `until` do not count as asked.
pub fn score(chats: &[Chat], until: Millis) -> Score {
    let by_people = |chat: &&Chat| chat.is_by_program() == Some(false);
    let programs = chats.iter().any(|chat| chat.rating.is_some() && chat.is_by_program() == Some(true));
    let people = chats.iter().filter(by_people).filter_map(|chat| chat.rating.as_ref());
    Score {
        all: Figure::of(Rule::AllRatings, share(ratings(chats), |rating| rating.is_good())),
        each_client_once: Figure::of(Rule::EachClientOnce, share(last_of_clients(chats).into_values(), |rating| rating.is_good())),
        served_by_people: programs.then(|| Figure::of(Rule::ServedByPeople, share(people, |rating| rating.is_good()))).flatten(),
        with_the_silent: with_the_silent(chats, until),
    }
}

/// Computes the response rate.
pub fn response(chats: &[Chat], until: Millis) -> Response {
    let fresh = chats.iter().filter(|chat| chat.closed_at.is_some() && chat.asked_at().is_some_and(|at| at > until - FRESH)).count();
    Response {
        // If every chat has a rating, the source leaves out the others, including clients who were asked.
        of_asked: of_closed(chats)
            .and_then(|_| Figure::of(Rule::ResponseOfAsked, share(asked(chats, until), |chat| chat.rating.is_some()))),
        of_closed: of_closed(chats).and_then(|all| Figure::of(Rule::ResponseOfClosed, all)),
        fresh: i64::try_from(fresh).unwrap_or(i64::MAX),
    }
}

fn ratings(chats: &[Chat]) -> impl Iterator<Item = &Rating> {
    chats.iter().filter_map(|chat| chat.rating.as_ref())
}

/// Last rating of each client; of two at the same time, the later one in the list.
fn last_of_clients(chats: &[Chat]) -> HashMap<&str, &Rating> {
    let mut last: HashMap<&str, &Rating> = HashMap::new();
    for (client, rating) in chats.iter().filter_map(|chat| Some((chat.client.as_deref()?, chat.rating.as_ref()?))) {
        let known = last.entry(client).or_insert(rating);
        if known.at <= rating.at {
            *known = rating;
        }
    }
    last
}

/// Closed chats whose clients were asked and had a day to answer.
fn asked(chats: &[Chat], until: Millis) -> impl Iterator<Item = &Chat> {
    chats.iter().filter(move |chat| chat.closed_at.is_some() && chat.asked_at().is_some_and(|at| at <= until - FRESH))
}

/// Rated of closed, if the source also lists chats without a rating.
fn of_closed(chats: &[Chat]) -> Option<Share> {
    let all = share(chats.iter().filter(|chat| chat.closed_at.is_some()), |chat| chat.rating.is_some());
    (all.part < all.whole).then_some(all)
}

fn with_the_silent(chats: &[Chat], until: Millis) -> Option<WithTheSilent> {
    of_closed(chats)?;
    // If the data say for some chats that their clients were asked, only those could answer.
    let is_known = chats.iter().any(|chat| matches!(chat.asked, AskStatus::Yes | AskStatus::At(_)));
    let could: Vec<&Chat> =
        if is_known { asked(chats, until).collect() } else { chats.iter().filter(|chat| chat.closed_at.is_some()).collect() };
    let good = share(&could, |chat| chat.rating.as_ref().is_some_and(Rating::is_good));
    let rated = share(&could, |chat| chat.rating.is_some());
    let silent = rated.whole - rated.part;
    Some(WithTheSilent {
        rule: Rule::WithTheSilent,
        silent,
        of: rated.whole,
        asked: is_known,
        low: good.percent()?,
        high: Share::of(good.part + silent, good.whole).percent()?,
    })
}
