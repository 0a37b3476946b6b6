//! The X-ray: what a desk reports of its ratings, beside what the same data allow to say. Pure: reading is done elsewhere;
//! here chats come in as the desk remembers them, and figures go out, each with the rule that it follows.
//!
//! | file | answers |
//! |---|---|
//! | [`chat`] | what was read of one chat |
//! | [`rates`] | the score and the response rate: as reported, and with honest denominators |
//! | [`credit`] | ratings that count for nobody, for somebody who wrote nothing, or for a program |
//! | [`operators`] | which operators can be told apart |
//! | [`clients`] | how many ratings are whose |
//! | [`window`] | chats whose clients could not be asked any more when they were closed |

pub mod chat;
pub mod clients;
pub mod credit;
pub mod operators;
pub mod rates;
pub mod window;

use self::chat::Chat;
use lastword_domain::Millis;
use lastword_domain::report::Part;
use lastword_domain::word::words;
use lastword_stats::share::Share;
use serde::Serialize;

words! {
    /// Where the data are from.
    pub enum Source {
        /// Chatwoot, by its API.
        Chatwoot = "chatwoot",
        /// The CSAT report that Chatwoot gives for download.
        ChatwootCsat = "chatwoot_csat",
        /// The list of conversations of Bitrix24.
        Bitrix24 = "bitrix24",
        /// Tickets of Zendesk.
        Zendesk = "zendesk",
        /// Conversations of FreeScout.
        FreeScout = "freescout",
        /// Rooms of Rocket.Chat.
        RocketChat = "rocketchat",
        /// A table of ours.
        Csv = "csv",
    }
}

impl Source {
    /// What people call it.
    pub fn name(self) -> &'static str {
        match self {
            Source::Chatwoot | Source::ChatwootCsat => "Chatwoot",
            Source::Bitrix24 => "Bitrix24",
            Source::Zendesk => "Zendesk",
            Source::FreeScout => "FreeScout",
            Source::RocketChat => "Rocket.Chat",
            Source::Csv => "CSV",
        }
    }
}

words! {
    /// The rule that a figure follows. Its words are in `locales/*/xray.ftl`.
    pub enum Rule {
        /// Chatwoot's page: four and five stars of all ratings that were given in the period.
        ChatwootScore = "chatwoot_score",
        /// Chatwoot's page: ratings given in the period, of surveys sent in the period.
        ChatwootResponse = "chatwoot_response",
        /// Bitrix24's satisfaction: likes of likes and dislikes.
        Bitrix24Score = "bitrix24_score",
        /// Zendesk's score: good of good and bad.
        ZendeskScore = "zendesk_score",
        /// Zendesk's response rate: rated of offered.
        ZendeskResponse = "zendesk_response",
        /// Good of all ratings.
        AllRatings = "all_ratings",
        /// Good of each client's last rating.
        EachClientOnce = "each_client_once",
        /// Good of ratings of chats in which a person wrote.
        ServedByPeople = "served_by_people",
        /// The score, if all who did not answer had.
        WithTheSilent = "with_the_silent",
        /// Rated of asked, of the same chats, those asked in the last day left out.
        ResponseOfAsked = "response_of_asked",
        /// Rated of closed.
        ResponseOfClosed = "response_of_closed",
        /// Ratings that name no operator.
        WithoutOperator = "without_operator",
        /// Ratings credited to somebody who wrote nothing to the client since the close before.
        CreditedElsewhere = "credited_elsewhere",
        /// Ratings of chats in which programs alone wrote, or that are credited to a program.
        ByProgram = "by_program",
        /// Exact tests of each operator against the others, one error over all.
        ToldApart = "told_apart",
        /// Ratings beyond the first of their client.
        Repeats = "repeats",
        /// The channel's window was shut when the chat was closed.
        NeverInTime = "never_in_time",
    }
}

/// A share with its interval and its rule.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Figure {
    /// The rule.
    pub rule: Rule,
    /// So many of so many.
    #[serde(flatten)]
    pub part: Part,
}

impl Figure {
    /// So many of so many; nothing of nothing.
    fn of(rule: Rule, share: Share) -> Option<Self> {
        (share.whole > 0).then(|| Self { rule, part: share.into() })
    }
}

/// The share of those for which `counts` holds.
fn share<T>(all: impl IntoIterator<Item = T>, counts: impl Fn(&T) -> bool) -> Share {
    all.into_iter().fold(Share::default(), |sum, one| sum.and(Share::of(i64::from(counts(&one)), 1)))
}

words! {
    /// Something that was left out, or is known less well than it should be.
    pub enum Missed {
        /// Rows that cannot be read.
        Unreadable = "unreadable",
        /// Chats without a close: they are still open, and left out.
        Open = "open",
        /// Chats of which the period holds activity, but not the close.
        OtherPeriod = "other_period",
        /// Rows about a close that an earlier row told: the later one counts.
        Repeated = "repeated",
        /// Items of the desk's lists without an id, a time or a rating.
        ListItem = "list_item",
        /// Chats that were deleted while they were read.
        Gone = "gone",
        /// Chats so long that it is not known whether their client was asked.
        Long = "long",
        /// Chats whose close is written down nowhere: their last activity stands for it.
        NoCloseNote = "no_close_note",
        /// Ratings whose chat is not among the closed ones: open again, deleted, or closed before.
        WithoutChat = "without_chat",
        /// Ratings that the desk counts and does not list, or the other way round.
        OtherCount = "other_count",
        /// Closed chats beyond the most that were to be read.
        BeyondMax = "beyond_max",
        /// Moments that a spreadsheet wrote as a count of days: they are read as counted from 1900.
        DayCount = "day_count",
        /// Columns that nobody knows.
        UnknownColumn = "unknown_column",
        /// Ratings whose client is not named by an id.
        NoClient = "no_client",
    }
}

/// How often something was missed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NotRead {
    /// What.
    pub what: Missed,
    /// How often.
    pub count: i64,
    /// The first one, in words that name its place; empty where there is nothing to name.
    pub example: String,
}

/// What was read of a desk.
#[derive(Clone, Debug)]
pub struct Read {
    /// Where it is from.
    pub source: Source,
    /// The beginning of the period.
    pub since: Millis,
    /// Its end: nothing is known of what came later.
    pub until: Millis,
    /// The chats.
    pub chats: Vec<Chat>,
    /// The desk's own figures, where it was asked for them.
    pub told: Option<rates::DeskFigures>,
    /// What was not read.
    pub not_read: Vec<NotRead>,
}

/// What all of it says.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Xray {
    /// Where the data are from.
    pub source: Source,
    /// The beginning of the period.
    pub since: Millis,
    /// Its end.
    pub until: Millis,
    /// Chats that were closed in it.
    pub closed: i64,
    /// Ratings that were read.
    pub ratings: i64,
    /// What the desk reports.
    pub reported: rates::Reported,
    /// The score.
    pub score: rates::Score,
    /// The response rate.
    pub response: rates::Response,
    /// For whom ratings count.
    pub credit: credit::Credit,
    /// The operators.
    pub operators: operators::Operators,
    /// Whose ratings they are.
    pub clients: clients::Clients,
    /// Channels with a window.
    pub window: window::Windows,
    /// What was not read.
    pub not_read: Vec<NotRead>,
}

/// Judges what was read.
pub fn judge(read: Read) -> Xray {
    let Read { source, since, until, chats, told, mut not_read } = read;
    let clients = clients::clients(&chats);
    if clients.unknown > 0 {
        not_read.push(NotRead { what: Missed::NoClient, count: clients.unknown, example: String::new() });
    }
    not_read.sort_by_key(|missed| missed.what);
    let count = |counts: fn(&Chat) -> bool| i64::try_from(chats.iter().filter(|chat| counts(chat)).count()).unwrap_or(i64::MAX);
    Xray {
        source,
        since,
        until,
        closed: count(|chat| chat.closed_at.is_some()),
        ratings: count(|chat| chat.rating.is_some()),
        reported: rates::reported(source, told, &chats),
        score: rates::score(&chats, until),
        response: rates::response(&chats, until),
        credit: credit::credit(&chats),
        operators: operators::operators(&chats),
        clients,
        window: window::windows(&chats),
        not_read,
    }
}

#[cfg(test)]
mod tests;
