//! What a Chatwoot remembers: its conversations that are closed, its own ratings, and what it reports of them. Everything is
//! read, and nothing is changed; no settings of a connection are needed.
//!
//! Chatwoot's list of conversations knows no time of closing. It is ordered by the last activity, and the note about the
//! close is an activity: whoever reads on until the activity is older than a moment has every close since.

use crate::people::{is_incoming_message, is_service, named, writer};
use crate::receive::last_activity_at;
use crate::setup::native_rating;
use crate::timeline::{Facts, Timeline, time};
use lastword_contract::http::{self, Api};
use lastword_contract::json;
use lastword_contract::{Millis, NativeRating, Person, SendError, Verdict};
use reqwest::Client;
use secrecy::SecretString;
use serde_json::Value;
use std::time::Duration;

/// How long one call may take.
const TIMEOUT: Duration = Duration::from_secs(30);
/// The most pages of messages that are read of one conversation.
const TALK_PAGES_MAX: usize = 10;
/// Messages on one of them.
const TALK_PAGE: usize = 20;

/// A Chatwoot that is only read.
#[derive(Debug)]
pub struct History {
    api: Api,
}

/// Whose token it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Who {
    /// The user's name.
    pub name: String,
    /// The accounts where they are.
    pub accounts: Vec<AccountOfUser>,
}

/// An account, as one of its users has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountOfUser {
    /// Its number.
    pub id: u64,
    /// Its name.
    pub name: String,
}

/// An inbox.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inbox {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Our word for its kind of channel.
    pub channel: String,
}

/// What Chatwoot's own report of ratings says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CsatMetrics {
    /// Ratings of one to five.
    pub ratings: [i64; 5],
    /// Surveys that were sent.
    pub sent: i64,
}

/// A page of a list.
#[derive(Clone, Debug, PartialEq)]
pub struct Page<T> {
    /// What can be read of it.
    pub items: Vec<T>,
    /// How many items of it cannot.
    pub unreadable: usize,
}

/// A conversation that is closed, as the list has it.
#[derive(Clone, Debug, PartialEq)]
pub struct ClosedConversation {
    /// Its number.
    pub session: String,
    /// The inbox.
    pub inbox: Option<String>,
    /// The client.
    pub client: Option<String>,
    /// The last message or activity in it.
    pub active_at: Millis,
}

/// What the messages of a conversation say.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Talk {
    /// When it was closed last, where that is written down.
    pub closed_at: Option<Millis>,
    /// When the client wrote last before that; nothing where no such message was found.
    pub client_wrote_at: Option<Millis>,
    /// When Chatwoot's own survey was sent, if it was.
    pub asked_at: Option<Millis>,
    /// Who wrote to the client since the close before, people and programs; nothing where not everything since was read.
    pub writers: Option<Vec<Person>>,
    /// Whether `asked_at` can be relied on: of a very long conversation not everything is read.
    pub whole: bool,
}

impl History {
    /// The Chatwoot at `url`, as the user with this access token sees it.
    ///
    /// # Errors
    /// What is wrong with the address.
    pub fn new(url: &str, token: SecretString, http: Client) -> Result<Self, String> {
        let base = http::base(url, "api/v1").ok_or("is no address; write for instance https://chat.example.com")?;
        Ok(Self { api: Api::new("Chatwoot", http, base, vec![("api_access_token", token)], TIMEOUT) })
    }

    /// The host.
    pub fn host(&self) -> String {
        self.api.host()
    }

    /// Whose token it is.
    ///
    /// # Errors
    /// As the API's; `garbled` where whoever answers is no Chatwoot.
    pub async fn who(&self) -> Result<Who, SendError> {
        let profile = self.api.get("profile").await?;
        let accounts = profile["accounts"].as_array().ok_or_else(|| garbled("the answer is no profile"))?;
        let account = |one: &Value| {
            Some(AccountOfUser { id: json::id(&one["id"])?.parse().ok()?, name: json::text(&one["name"]).unwrap_or_default() })
        };
        Ok(Who { name: json::text(&profile["name"]).unwrap_or_default(), accounts: accounts.iter().filter_map(account).collect() })
    }

    /// The inboxes of an account.
    ///
    /// # Errors
    /// As the API's.
    pub async fn inboxes(&self, account: u64) -> Result<Vec<Inbox>, SendError> {
        let answer = self.api.get(&format!("accounts/{account}/inboxes")).await?;
        let inboxes = answer["payload"].as_array().ok_or_else(|| garbled("the answer holds no inboxes"))?;
        let inbox = |one: &Value| {
            let channel = channel(one["channel_type"].as_str().unwrap_or_default(), one["medium"].as_str()).to_owned();
            Some(Inbox { id: json::id(&one["id"])?, name: json::text(&one["name"]).unwrap_or_default(), channel })
        };
        Ok(inboxes.iter().filter_map(inbox).collect())
    }

    /// What Chatwoot's own page of ratings shows for these days.
    ///
    /// # Errors
    /// As the API's; 401 and 403 where the user may not see it.
    pub async fn metrics(&self, account: u64, since: Millis, until: Millis) -> Result<CsatMetrics, SendError> {
        let path = format!("accounts/{account}/csat_survey_responses/metrics?{}", range(since, until));
        let answer = self.api.get(&path).await?;
        let sent = answer["total_sent_messages_count"].as_i64().ok_or_else(|| garbled("the answer holds no metrics"))?;
        let of = |score: usize| answer["ratings_count"][(score + 1).to_string()].as_i64().unwrap_or_default();
        Ok(CsatMetrics { ratings: std::array::from_fn(of), sent })
    }

    /// Ratings of these days, oldest first, a page at a time from 1. A page without items is behind the last one.
    ///
    /// # Errors
    /// As the API's.
    pub async fn ratings(&self, account: u64, since: Millis, until: Millis, page: usize) -> Result<Page<NativeRating>, SendError> {
        // Oldest first: what comes in meanwhile moves nothing.
        let path = format!("accounts/{account}/csat_survey_responses?sort=created_at&page={page}&{}", range(since, until));
        let answer = self.api.get(&path).await?;
        Ok(read_page(answer.as_array().ok_or_else(|| garbled("the answer holds no ratings"))?, native_rating))
    }

    /// Closed conversations, the last active one first, a page at a time from 1. A page without items is behind the last one.
    ///
    /// # Errors
    /// As the API's.
    pub async fn closed(&self, account: u64, page: usize) -> Result<Page<ClosedConversation>, SendError> {
        let path = format!("accounts/{account}/conversations?status=resolved&assignee_type=all&sort_by=last_activity_at_desc&page={page}");
        let answer = self.api.get(&path).await?;
        let conversations = answer["data"]["payload"].as_array().ok_or_else(|| garbled("the answer holds no conversations"))?;
        let conversation = |one: &Value| {
            Some(ClosedConversation {
                session: json::id(&one["id"])?,
                inbox: json::id(&one["inbox_id"]),
                client: json::id(&one["meta"]["sender"]["id"]),
                active_at: last_activity_at(one)?,
            })
        };
        Ok(read_page(conversations, conversation))
    }

    /// What the messages of a conversation say. Pages are read from the last one back, until the last close, the client's last
    /// words before it and a survey are found, or everything left is older than `since`. `between` is awaited before each page
    /// but the first.
    ///
    /// # Errors
    /// As the API's; [`Verdict::RecipientGone`] where there is no such conversation any more.
    pub async fn talk(&self, account: u64, session: &str, since: Millis, between: impl AsyncFn()) -> Result<Talk, SendError> {
        let mut all: Vec<Value> = Vec::new();
        for page in 0..TALK_PAGES_MAX {
            if page > 0 {
                between().await;
            }
            let before = all.first().and_then(|first| json::id(&first["id"])).map(|id| format!("?before={id}")).unwrap_or_default();
            let mut answer = self.api.get(&format!("accounts/{account}/conversations/{session}/messages{before}")).await?;
            let Value::Array(mut older) = answer["payload"].take() else { return Err(garbled("the answer holds no messages")) };
            let known = all.first().and_then(|first| first["id"].as_u64());
            older.retain(|message| known.is_none_or(|known| message["id"].as_u64().is_some_and(|id| id < known)));
            let is_first = older.len() < TALK_PAGE;
            older.sort_by_key(|message| message["id"].as_u64());
            older.append(&mut all);
            all = older;
            if is_first {
                return Ok(Talk { whole: true, ..talk(&all, true) });
            }
            let found = talk(&all, false);
            let is_old = all.first().and_then(time).is_some_and(|at| at < since);
            if found.client_wrote_at.is_some() && found.closed_at.is_some() && (found.asked_at.is_some() || is_old) {
                return Ok(Talk { whole: true, ..found });
            }
        }
        Ok(talk(&all, false))
    }
}

/// `begins`: the first message is the first one of the conversation.
fn talk(messages: &[Value], begins: bool) -> Talk {
    // Only closed conversations are read.
    let facts = Facts { is_resolved: true, told_at: None, own: None, labels: &[], closes: &[] };
    let timeline = Timeline::of(messages, &facts, &named(messages));
    let close = timeline.close().or_else(|| timeline.last_close()).or_else(|| timeline.last_unknown());
    let before = &messages[..close.unwrap_or(messages.len())];
    let earlier = timeline.close_before(before.len());
    let mut writers: Vec<Person> = Vec::new();
    for person in before[earlier.map_or(0, |earlier| earlier + 1)..].iter().filter(|message| is_service(message, None)).filter_map(writer) {
        writers.retain(|known| known.id != person.id);
        writers.push(person);
    }
    let asked = messages.iter().find(|message| message["content_type"] == "input_csat");
    Talk {
        closed_at: close.and_then(|place| time(&messages[place])),
        client_wrote_at: before.iter().rev().find(|message| is_incoming_message(message)).and_then(time),
        asked_at: asked.and_then(time),
        writers: (begins || earlier.is_some()).then_some(writers),
        whole: false,
    }
}

fn read_page<T>(items: &[Value], read: impl Fn(&Value) -> Option<T>) -> Page<T> {
    let found: Vec<T> = items.iter().filter_map(read).collect();
    Page { unreadable: items.len() - found.len(), items: found }
}

/// Without both ends Chatwoot takes no notice of either.
fn range(since: Millis, until: Millis) -> String {
    format!("since={}&until={}", since / 1_000, until / 1_000)
}

/// Our word for a kind of inbox.
fn channel(kind: &str, medium: Option<&str>) -> &'static str {
    match kind.strip_prefix("Channel::").unwrap_or(kind) {
        "WebWidget" => "webchat",
        "Whatsapp" => "whatsapp",
        "TwilioSms" if medium == Some("whatsapp") => "whatsapp",
        "TwilioSms" | "Sms" => "sms",
        "FacebookPage" => "messenger",
        "Instagram" => "instagram",
        "Telegram" => "telegram",
        "Line" => "line",
        "Email" => "email",
        "Tiktok" => "tiktok",
        "TwitterProfile" => "twitter",
        "Voice" => "phone",
        _ => "api",
    }
}

fn garbled(detail: &str) -> SendError {
    SendError::new(Verdict::RetryBackoff, "garbled", detail)
}
