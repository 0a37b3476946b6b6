//! The score and the response rate: as the desk reports them, and with numerator and denominator of the same chats.

use super::chat::{AskStatus, Chat, Rating};
use super::{Figure, Rule, Source, share};
use lastword_domain::Millis;
use lastword_domain::answer::rating::Grade;
use lastword_domain::word::words;
use lastword_stats::share::Share;
use serde::Serialize;
use std::collections::HashMap;

/// Who was asked later than this before the end can still answer, and is not silent yet.
const FRESH: Millis = 24 * 3_600_000;

/// The figures that a desk shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DeskFigures {
    /// Good of rated.
    pub score: Share,
    /// Answered of sent.
    pub response: Share,
}

words! {
    /// Where the figures of the desk are from.
    pub enum Basis {
        /// The desk was asked for them.
        Told = "told",
        /// They are worked out by the rule of the desk.
        Rebuilt = "rebuilt",
        /// No rule of the desk is known, and no figure of its own.
        Plain = "plain",
    }
}

/// What the desk reports. It shows no intervals.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Reported {
    /// Where this is from.
    pub basis: Basis,
    /// The score; nothing where there are no ratings, or the desk shows none.
    pub score: Option<Bare>,
    /// The response rate; nothing where the desk shows none.
    pub response: Option<Bare>,
}

/// A share without an interval.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Bare {
    /// The rule.
    pub rule: Rule,
    /// Those that count.
    pub part: i64,
    /// All of them.
    pub of: i64,
    /// The share in percent. It can be above 100 where the two are not of the same chats.
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
    /// Good of all ratings.
    pub all: Option<Figure>,
    /// Good of each client's last rating; nothing where no client is known.
    pub each_client_once: Option<Figure>,
    /// Good of the ratings of chats in which a person wrote; nothing where programs gave no chat a rating.
    pub served_by_people: Option<Figure>,
    /// What the silent could make of it; nothing where it is not known who was silent.
    pub with_the_silent: Option<WithTheSilent>,
}

/// The score if all who did not answer had answered.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct WithTheSilent {
    /// The rule.
    pub rule: Rule,
    /// Those who did not answer.
    pub silent: i64,
    /// Of so many.
    pub of: i64,
    /// Whether those many are the ones who were asked; otherwise all whose chat was closed.
    pub asked: bool,
    /// The score if all of the silent were discontent, in percent.
    pub low: f64,
    /// The score if all of them were content, in percent.
    pub high: f64,
}

/// The response rate.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Response {
    /// Rated of asked; nothing where it is not known who was asked.
    pub of_asked: Option<Figure>,
    /// Rated of closed; nothing where the source lists rated chats alone.
    pub of_closed: Option<Figure>,
    /// AskStatus less than a day before the end: they are in neither figure of the asked.
    pub fresh: i64,
}

/// What the desk reports.
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
        // What nobody reported is not put beside what the data say.
        Source::FreeScout | Source::RocketChat | Source::Csv => (Basis::Plain, None, None),
    };
    Reported { basis, score, response }
}

/// The score. Of the asked, those count who were asked a day before `until` or earlier.
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

/// The response rate.
pub fn response(chats: &[Chat], until: Millis) -> Response {
    let fresh = chats.iter().filter(|chat| chat.closed_at.is_some() && chat.asked_at().is_some_and(|at| at > until - FRESH)).count();
    Response {
        // Where every chat has a rating, the others are left out of the source, and who was asked with them.
        of_asked: of_closed(chats)
            .and_then(|_| Figure::of(Rule::ResponseOfAsked, share(asked(chats, until), |chat| chat.rating.is_some()))),
        of_closed: of_closed(chats).and_then(|all| Figure::of(Rule::ResponseOfClosed, all)),
        fresh: i64::try_from(fresh).unwrap_or(i64::MAX),
    }
}

fn ratings(chats: &[Chat]) -> impl Iterator<Item = &Rating> {
    chats.iter().filter_map(|chat| chat.rating.as_ref())
}

/// The last rating of each client; of two at the same moment, the one that comes later.
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

/// Closed chats whose clients were asked, and had a day to answer.
fn asked(chats: &[Chat], until: Millis) -> impl Iterator<Item = &Chat> {
    chats.iter().filter(move |chat| chat.closed_at.is_some() && chat.asked_at().is_some_and(|at| at <= until - FRESH))
}

/// Rated of closed, where chats without a rating are listed at all.
fn of_closed(chats: &[Chat]) -> Option<Share> {
    let all = share(chats.iter().filter(|chat| chat.closed_at.is_some()), |chat| chat.rating.is_some());
    (all.part < all.whole).then_some(all)
}

fn with_the_silent(chats: &[Chat], until: Millis) -> Option<WithTheSilent> {
    of_closed(chats)?;
    // Where somebody says of some chats that their clients were asked, those are the ones who could answer.
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
