//! Past data of a Chatwoot installation: closed conversations, its own ratings, and its reports. Read-only; no connection
//! needs to be configured.
//!
//! Chatwoot's list of conversations has no time of closing. It is ordered by last activity, and the note about a close is
//! an activity: reading until the activity is older than a time finds every close since then.

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

/// Timeout of one call.
const TIMEOUT: Duration = Duration::from_secs(30);
/// Maximum pages of messages read of one conversation.
const TALK_PAGES_MAX: usize = 10;
/// Messages per page.
const TALK_PAGE: usize = 20;

/// Read-only client of one Chatwoot installation.
#[derive(Debug)]
pub struct History {
    api: Api,
}

/// Owner of the access token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Who {
    /// Name of the user.
    pub name: String,
    /// Accounts of the user.
    pub accounts: Vec<AccountOfUser>,
}

/// One account of a user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountOfUser {
    /// Account number.
    pub id: u64,
    /// Name of the account.
    pub name: String,
}

/// An inbox.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inbox {
    /// ID of the inbox.
    pub id: String,
    /// Name of the inbox.
    pub name: String,
    /// Our name for its kind of channel.
    pub channel: String,
}

/// Figures of Chatwoot's own report of ratings.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CsatMetrics {
    /// Number of ratings by score, from one to five.
    pub ratings: [i64; 5],
    /// Number of surveys sent.
    pub sent: i64,
}

/// A page of a list.
#[derive(Clone, Debug, PartialEq)]
pub struct Page<T> {
    /// Items that could be parsed.
    pub items: Vec<T>,
    /// Number of items that could not be parsed.
    pub unreadable: usize,
}

/// A closed conversation in the list.
#[derive(Clone, Debug, PartialEq)]
pub struct ClosedConversation {
    /// Conversation number.
    pub session: String,
    /// ID of the inbox.
    pub inbox: Option<String>,
    /// ID of the client.
    pub client: Option<String>,
    /// Time of the last message or activity.
    pub active_at: Millis,
}

/// Facts from the messages of a conversation.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Talk {
    /// Time of the last close, if a message records it.
    pub closed_at: Option<Millis>,
    /// Time of the client's last message before the close; `None` if no such message was found.
    pub client_wrote_at: Option<Millis>,
    /// Time when Chatwoot's own survey was sent, if it was.
    pub asked_at: Option<Millis>,
    /// People and programs who wrote to the client since the previous close; `None` if not all messages since then were read.
    pub writers: Option<Vec<Person>>,
    /// True if `asked_at` is reliable: very long conversations are read only in part.
    pub whole: bool,
}

impl History {
    /// Creates a client of the Chatwoot at `url` with a user's access token.
    ///
    /// # Errors
    /// The problem with the address.
    pub fn new(url: &str, token: SecretString, http: Client) -> Result<Self, String> {
        let base = http::base(url, "api/v1").ok_or("is no address; write for instance https://chat.example.com")?;
        Ok(Self { api: Api::new("Chatwoot", http, base, vec![("api_access_token", token)], TIMEOUT) })
    }

    /// Host of the installation.
    pub fn host(&self) -> String {
        self.api.host()
    }

    /// The owner of the token.
    ///
    /// # Errors
    /// Errors of the API; `garbled` if the server is no Chatwoot.
    pub async fn who(&self) -> Result<Who, SendError> {
        let profile = self.api.get("profile").await?;
        let accounts = profile["accounts"].as_array().ok_or_else(|| garbled("the answer is no profile"))?;
        let account = |one: &Value| {
            Some(AccountOfUser { id: json::id(&one["id"])?.parse().ok()?, name: json::text(&one["name"]).unwrap_or_default() })
        };
        Ok(Who { name: json::text(&profile["name"]).unwrap_or_default(), accounts: accounts.iter().filter_map(account).collect() })
    }

    /// Lists the inboxes of an account.
    ///
    /// # Errors
    /// Errors of the API.
    pub async fn inboxes(&self, account: u64) -> Result<Vec<Inbox>, SendError> {
        let answer = self.api.get(&format!("accounts/{account}/inboxes")).await?;
        let inboxes = answer["payload"].as_array().ok_or_else(|| garbled("the answer holds no inboxes"))?;
        let inbox = |one: &Value| {
            let channel = channel(one["channel_type"].as_str().unwrap_or_default(), one["medium"].as_str()).to_owned();
            Some(Inbox { id: json::id(&one["id"])?, name: json::text(&one["name"]).unwrap_or_default(), channel })
        };
        Ok(inboxes.iter().filter_map(inbox).collect())
    }

    /// Figures of Chatwoot's own page of ratings for these days.
    ///
    /// # Errors
    /// Errors of the API; 401 and 403 if the user may not see it.
    pub async fn metrics(&self, account: u64, since: Millis, until: Millis) -> Result<CsatMetrics, SendError> {
        let path = format!("accounts/{account}/csat_survey_responses/metrics?{}", range(since, until));
        let answer = self.api.get(&path).await?;
        let sent = answer["total_sent_messages_count"].as_i64().ok_or_else(|| garbled("the answer holds no metrics"))?;
        let of = |score: usize| answer["ratings_count"][(score + 1).to_string()].as_i64().unwrap_or_default();
        Ok(CsatMetrics { ratings: std::array::from_fn(of), sent })
    }

    /// Ratings of these days, oldest first. Pages count from 1; a page without items is past the last one.
    ///
    /// # Errors
    /// Errors of the API.
    pub async fn ratings(&self, account: u64, since: Millis, until: Millis, page: usize) -> Result<Page<NativeRating>, SendError> {
        // Oldest first, so new ratings do not shift the pages.
        let path = format!("accounts/{account}/csat_survey_responses?sort=created_at&page={page}&{}", range(since, until));
        let answer = self.api.get(&path).await?;
        Ok(read_page(answer.as_array().ok_or_else(|| garbled("the answer holds no ratings"))?, native_rating))
    }

    /// Closed conversations, by last activity, latest first. Pages count from 1; a page without items is past the last one.
    ///
    /// # Errors
    /// Errors of the API.
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

    /// Reads the messages of a conversation, from the last page back, until the last close, the client's last message
    /// before it and a survey are found, or the rest is older than `since`. `between` is awaited before each page but the first.
    ///
    /// # Errors
    /// Errors of the API; [`Verdict::RecipientGone`] if the conversation no longer exists.
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

/// Chatwoot ignores a range unless both ends are set.
fn range(since: Millis, until: Millis) -> String {
    format!("since={}&until={}", since / 1_000, until / 1_000)
}

/// Our name for a kind of inbox.
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
