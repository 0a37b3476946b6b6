//! The X-ray: compares a desk's reported ratings with what the same data support. Pure: other modules read the data; the
//! input is the desk's past chats, the output are figures, each with its rule.
//!
//! | file | contents |
//! |---|---|
//! | [`chat`] | data of one chat |
//! | [`rates`] | score and response rate: as reported, and with correct denominators |
//! | [`credit`] | ratings credited to no operator, to one who wrote nothing, or to a program |
//! | [`operators`] | operators whose scores differ significantly |
//! | [`clients`] | ratings per client |
//! | [`window`] | chats closed too late to ask their clients |

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
    /// Source of the data.
    pub enum Source {
        /// Chatwoot, by its API.
        Chatwoot = "chatwoot",
        /// The CSAT report that Chatwoot offers for download.
        ChatwootCsat = "chatwoot_csat",
        /// The list of conversations of Bitrix24.
        Bitrix24 = "bitrix24",
        /// Tickets of Zendesk.
        Zendesk = "zendesk",
        /// Conversations of FreeScout.
        FreeScout = "freescout",
        /// Rooms of Rocket.Chat.
        RocketChat = "rocketchat",
        /// A CSV file in our own format.
        Csv = "csv",
    }
}

impl Source {
    /// Display name.
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
    /// Rule of a figure. Its text is in `locales/*/xray.ftl`.
    pub enum Rule {
        /// Chatwoot's page: ratings of four and five stars of all ratings in the period.
        ChatwootScore = "chatwoot_score",
        /// Chatwoot's page: ratings in the period of surveys sent in the period.
        ChatwootResponse = "chatwoot_response",
        /// Bitrix24's satisfaction: likes of all likes and dislikes.
        Bitrix24Score = "bitrix24_score",
        /// Zendesk's score: good ratings of good and bad ones.
        ZendeskScore = "zendesk_score",
        /// Zendesk's response rate: rated of offered.
        ZendeskResponse = "zendesk_response",
        /// Good ratings of all ratings.
        AllRatings = "all_ratings",
        /// Good ratings, with only each client's last rating.
        EachClientOnce = "each_client_once",
        /// Good ratings, only of chats in which a person wrote.
        ServedByPeople = "served_by_people",
        /// Range of the score if all clients who did not answer had answered.
        WithTheSilent = "with_the_silent",
        /// Rated of asked, in the same chats, without those asked on the last day.
        ResponseOfAsked = "response_of_asked",
        /// Rated of closed.
        ResponseOfClosed = "response_of_closed",
        /// Ratings without an operator.
        WithoutOperator = "without_operator",
        /// Ratings credited to an operator who wrote nothing to the client since the previous close.
        CreditedElsewhere = "credited_elsewhere",
        /// Ratings of chats in which only programs wrote, or that are credited to a program.
        ByProgram = "by_program",
        /// Exact tests of each operator against the others, with one error rate for all.
        ToldApart = "told_apart",
        /// Ratings beyond the first of their client.
        Repeats = "repeats",
        /// Chats closed after the channel's window had closed.
        NeverInTime = "never_in_time",
    }
}

/// A share with its interval and rule.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Figure {
    /// The rule.
    pub rule: Rule,
    /// Numerator, denominator and interval.
    #[serde(flatten)]
    pub part: Part,
}

impl Figure {
    /// Creates a figure; `None` if the denominator is zero.
    fn of(rule: Rule, share: Share) -> Option<Self> {
        (share.whole > 0).then(|| Self { rule, part: share.into() })
    }
}

/// The share of items for which `counts` returns true.
fn share<T>(all: impl IntoIterator<Item = T>, counts: impl Fn(&T) -> bool) -> Share {
    all.into_iter().fold(Share::default(), |sum, one| sum.and(Share::of(i64::from(counts(&one)), 1)))
}

words! {
    /// Data that was left out, or that is less certain than it should be.
    pub enum Missed {
        /// Rows that cannot be parsed.
        Unreadable = "unreadable",
        /// Chats without a close: they are still open and left out.
        Open = "open",
        /// Chats with activity in the period, but closed outside of it.
        OtherPeriod = "other_period",
        /// Rows about the close of an earlier row: the later row counts.
        Repeated = "repeated",
        /// Items of the desk's lists without an ID, a time or a rating.
        ListItem = "list_item",
        /// Chats that were deleted while they were read.
        Gone = "gone",
        /// Chats too long to find out if their client was asked.
        Long = "long",
        /// Chats without a record of their close: the time of their last activity is used.
        NoCloseNote = "no_close_note",
        /// Ratings whose chat is not among the closed ones: reopened, deleted, or closed earlier.
        WithoutChat = "without_chat",
        /// Ratings that the desk counts but does not list, or the other way round.
        OtherCount = "other_count",
        /// Closed chats beyond the maximum to be read.
        BeyondMax = "beyond_max",
        /// Times that a spreadsheet wrote as a number of days, interpreted as days since 1900.
        DayCount = "day_count",
        /// Unknown columns.
        UnknownColumn = "unknown_column",
        /// Ratings whose client has no ID.
        NoClient = "no_client",
    }
}

/// Number of times that something was left out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NotRead {
    /// Kind of data.
    pub what: Missed,
    /// Number of times.
    pub count: i64,
    /// Text that locates the first one; empty if there is nothing to locate.
    pub example: String,
}

/// Data read from a desk.
#[derive(Clone, Debug)]
pub struct Read {
    /// Source of the data.
    pub source: Source,
    /// Start of the period.
    pub since: Millis,
    /// End of the period: nothing later is known.
    pub until: Millis,
    /// The chats.
    pub chats: Vec<Chat>,
    /// The desk's own figures, if it was asked for them.
    pub told: Option<rates::DeskFigures>,
    /// Data that was left out.
    pub not_read: Vec<NotRead>,
}

/// Results of the analysis.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Xray {
    /// Source of the data.
    pub source: Source,
    /// Start of the period.
    pub since: Millis,
    /// End of the period.
    pub until: Millis,
    /// Chats closed in the period.
    pub closed: i64,
    /// Ratings read.
    pub ratings: i64,
    /// Figures that the desk reports.
    pub reported: rates::Reported,
    /// The score.
    pub score: rates::Score,
    /// The response rate.
    pub response: rates::Response,
    /// Operators that ratings are credited to.
    pub credit: credit::Credit,
    /// Comparison of the operators.
    pub operators: operators::Operators,
    /// Ratings per client.
    pub clients: clients::Clients,
    /// Channels with a window.
    pub window: window::Windows,
    /// Data that was left out.
    pub not_read: Vec<NotRead>,
}

/// Analyzes the data.
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
