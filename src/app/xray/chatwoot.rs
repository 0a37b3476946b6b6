//! Reads a Chatwoot by its API. Calls are made one after another with pauses, and wait as requested, because other programs
//! use the desk too.

use super::{Made, Missing, Output};
use crate::app::admin::Failure;
use crate::app::chatwoot_history::{ClosedConversation, CsatMetrics, History, Inbox, Talk};
use crate::app::http_client;
use crate::domain::answer::rating::Scale;
use crate::domain::report::share::Share;
use crate::time::{Clock, DAY, Millis, SECOND, SystemClock, wait};
use lastword_contract::{NativeRating, SendError, Verdict};
use lastword_xray::chat::{AskStatus, Chat, ClientWrote, Person, Rating};
use lastword_xray::rates::DeskFigures;
use lastword_xray::{Missed, Read, Source};
use secrecy::SecretString;
use std::collections::{BTreeSet, HashMap, HashSet};
use std::net::IpAddr;
use url::{Host, Url};

/// Pause before each call. Chatwoot itself allows fifty calls per second.
const PAUSE: Millis = 50;
/// Maximum attempts of a call that Chatwoot defers or that fails.
const PATIENCE: u32 = 30;
const TRIES: u32 = 5;
/// Pause if a rate limit names none: its minute is then over, or soon.
const LIMIT_WAIT: Millis = 15 * SECOND;

/// Options of reading a Chatwoot.
#[derive(Clone, Debug)]
pub struct WantedChatwoot {
    /// Address of the installation.
    pub url: String,
    /// Access token of an administrator.
    pub token: SecretString,
    /// Account; default: the only one of the user.
    pub account: Option<u64>,
    /// Days to go back.
    pub days: u32,
    /// Maximum closed chats to read, latest first.
    pub chats_max: usize,
}

/// Progress of reading.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// Number of listed ratings.
    Ratings(usize),
    /// Number of listed conversations.
    Listed(usize),
    /// Number of conversations whose messages were read, and their total.
    Chats(usize, usize),
    /// Seconds that Chatwoot asks to wait.
    Waits(i64),
}

/// Reads and analyzes a Chatwoot.
///
/// # Errors
/// Names the problem with the address, the token or the desk.
pub async fn look_at_chatwoot(wanted: &WantedChatwoot, output: &Output, tell: &dyn Fn(Progress)) -> Result<Made, Failure> {
    let now = SystemClock::default().now();
    let (host, read) = read_chatwoot(wanted, output.programs(), now, tell).await?;
    Ok(output.made(host, read, now))
}

/// Reads up to `now`. Also returns the host.
async fn read_chatwoot(
    wanted: &WantedChatwoot,
    programs: &BTreeSet<String>,
    now: Millis,
    tell: &dyn Fn(Progress),
) -> Result<(String, Read), Failure> {
    let http = http_client()?;
    let history = History::new(&wanted.url, wanted.token.clone(), http).map_err(|wrong| Failure::Usage(format!("--url {wrong}")))?;
    let account = account(&history, wanted, tell).await?;
    let (since, until) = (now - Millis::from(wanted.days) * DAY, now);
    let mut desk = Polite { history, account, tell, missing: Missing::default() };
    let told = desk.told(since, until).await?;
    let inboxes: HashMap<String, Inbox> = desk
        .call(async |desk: &Polite<'_>| desk.history.inboxes(desk.account).await)
        .await?
        .into_iter()
        .map(|inbox| (inbox.id.clone(), inbox))
        .collect();
    let mut ratings = desk.ratings(since, until).await?;
    let counted: i64 = told.ratings.iter().sum();
    let listed = i64::try_from(ratings.len()).unwrap_or(i64::MAX);
    desk.missing.note(Missed::OtherCount, usize::try_from(counted.abs_diff(listed)).unwrap_or(usize::MAX), "");
    let conversations = desk.conversations(since, wanted.chats_max).await?;
    let mut chats = Vec::new();
    for (done, conversation) in conversations.iter().enumerate() {
        tell(Progress::Chats(done, conversations.len()));
        let Some(talk) = desk.talk(&conversation.session, since).await? else { continue };
        let closed_at = talk.closed_at.unwrap_or(conversation.active_at);
        desk.missing.note(Missed::NoCloseNote, usize::from(talk.closed_at.is_none()), &conversation.session);
        if closed_at < since {
            desk.missing.note(Missed::OtherPeriod, 1, &conversation.session);
            continue;
        }
        desk.missing.note(Missed::Long, usize::from(!talk.whole && talk.asked_at.is_none()), &conversation.session);
        let rating = ratings.remove(&conversation.session);
        let inbox = conversation.inbox.as_ref().and_then(|inbox| inboxes.get(inbox));
        chats.push(closed_chat(conversation, talk, closed_at, since, inbox, rating, programs));
    }
    tell(Progress::Chats(conversations.len(), conversations.len()));
    desk.missing.note(Missed::WithoutChat, ratings.len(), ratings.keys().min().cloned().unwrap_or_default());
    let mut others: Vec<NativeRating> = ratings.into_values().collect();
    others.sort_by(|a, b| a.id.cmp(&b.id));
    chats.extend(others.into_iter().map(|rating| {
        let (session, client) = (rating.session.clone(), rating.client.clone());
        Chat { session, client, rating: Some(rated(rating, programs)), ..Chat::default() }
    }));
    let told = DeskFigures { score: Share::of(told.ratings[3] + told.ratings[4], counted), response: Share::of(counted, told.sent) };
    let read = Read { source: Source::Chatwoot, since, until, chats, told: Some(told), not_read: desk.missing.0 };
    Ok((desk.history.host(), read))
}

/// The account to read. The first call verifies that the server is a Chatwoot and that it accepts the token.
async fn account(history: &History, wanted: &WantedChatwoot, tell: &dyn Fn(Progress)) -> Result<u64, Failure> {
    // A wrong address fails immediately.
    let who = patiently(tell, 1, async || history.who().await).await.map_err(|error| refused(&error, &wanted.url))?;
    let known = || who.accounts.iter().map(|account| format!("{} ({})", account.id, account.name)).collect::<Vec<_>>().join(", ");
    match (wanted.account, who.accounts.as_slice()) {
        (Some(id), accounts) if accounts.iter().any(|account| account.id == id) => Ok(id),
        (Some(id), _) => Err(Failure::Usage(format!("--account: this user is not in the account {id}, but in: {}", known()))),
        (None, [one]) => Ok(one.id),
        (None, []) => Err(Failure::Usage("this user is in no account; take the access token of an administrator".to_owned())),
        (None, _) => Err(Failure::Usage(format!("this user is in several accounts; name one with --account: {}", known()))),
    }
}

/// Error of the first call.
fn refused(error: &SendError, url: &str) -> Failure {
    let inside = private(url);
    Failure::Failed(match error.kind {
        "token_refused" | "missing_right" => {
            "Chatwoot does not know this token; copy the access token of an administrator: Profile settings, Access token".to_owned()
        }
        "not_found" | "garbled" | "refused" => {
            format!("there is no Chatwoot at {url} ({}); give the address of its pages without a path", error.detail)
        }
        "redirected" => format!("{url} leads elsewhere; give the address that the browser shows in the end, with https:// where it has it"),
        "not_connected" | "timeout" if inside => {
            format!("{url} does not answer: it is an address inside a private network; run this on a machine of that network")
        }
        "not_connected" | "timeout" | "connection_lost" => format!("{url} does not answer ({}); is the address right?", error.detail),
        _ => format!("{url}: {}", error.detail),
    })
}

/// Error of a later call. Chatwoot also responds with 401 to a valid token that lacks a right.
fn later(error: &SendError) -> Failure {
    Failure::Failed(match error.kind {
        "token_refused" | "missing_right" => {
            "this token is not an administrator's, and an agent sees a part of the chats alone; take the access token of an administrator"
                .to_owned()
        }
        "not_found" => "Chatwoot has no such list; is it older than 2.0, or is the address that of a page inside of it?".to_owned(),
        _ => format!("Chatwoot could not be read any more: {}", error.detail),
    })
}

/// True if an address is in a private network, as far as it shows.
fn private(url: &str) -> bool {
    match Url::parse(url.trim()).ok().as_ref().and_then(Url::host) {
        Some(Host::Ipv4(ip)) => ip.is_private() || ip.is_link_local(),
        Some(Host::Ipv6(ip)) => matches!(IpAddr::V6(ip), IpAddr::V6(ip) if (ip.segments()[0] & 0xfe00) == 0xfc00),
        Some(Host::Domain(name)) => !name.contains('.') && name != "localhost" || name.ends_with(".internal") || name.ends_with(".local"),
        None => false,
    }
}

/// Calls until there is a response: as often as Chatwoot defers the call, and at most `tries` times if it fails.
async fn patiently<T>(tell: &dyn Fn(Progress), tries: u32, make: impl AsyncFn() -> Result<T, SendError>) -> Result<T, SendError> {
    let mut tried = 0;
    loop {
        wait(PAUSE).await;
        let error = match make().await {
            Ok(done) => return Ok(done),
            Err(error) => error,
        };
        tried += 1;
        let pause = match error.verdict {
            Verdict::RetryAfter(pause) if tried < PATIENCE => pause,
            Verdict::RetryBackoff if error.kind == "throttled" && tried < PATIENCE => LIMIT_WAIT,
            Verdict::RetryBackoff if error.kind != "garbled" && tried < tries => SECOND << tried,
            _ => return Err(error),
        };
        tell(Progress::Waits(pause.div_euclid(SECOND)));
        wait(pause).await;
    }
}

/// Makes calls one after another.
struct Polite<'a> {
    history: History,
    account: u64,
    tell: &'a dyn Fn(Progress),
    missing: Missing,
}

impl Polite<'_> {
    async fn call<T>(&self, make: impl AsyncFn(&Self) -> Result<T, SendError>) -> Result<T, Failure> {
        self.patiently(make).await.map_err(|error| later(&error))
    }

    async fn patiently<T>(&self, make: impl AsyncFn(&Self) -> Result<T, SendError>) -> Result<T, SendError> {
        patiently(self.tell, TRIES, async || make(self).await).await
    }

    async fn told(&self, since: Millis, until: Millis) -> Result<CsatMetrics, Failure> {
        self.call(async |desk: &Self| desk.history.metrics(desk.account, since, until).await).await
    }

    /// Ratings by chat; of several for one chat, the last.
    async fn ratings(&mut self, since: Millis, until: Millis) -> Result<HashMap<String, NativeRating>, Failure> {
        let (mut ids, mut found) = (HashSet::new(), HashMap::<String, NativeRating>::new());
        for page in 1.. {
            let got = self.call(async |desk: &Self| desk.history.ratings(desk.account, since, until, page).await).await?;
            self.missing.note(Missed::ListItem, got.unreadable, "");
            if got.items.is_empty() && got.unreadable == 0 {
                break;
            }
            for rating in got.items.into_iter().filter(|rating| (since..=until).contains(&rating.at)) {
                if ids.insert(rating.id.clone())
                    && let Some(earlier) = found.insert(rating.session.clone(), rating)
                {
                    self.missing.note(Missed::Repeated, 1, earlier.session);
                }
            }
            (self.tell)(Progress::Ratings(ids.len()));
        }
        Ok(found)
    }

    /// Closed conversations with activity since `since`.
    async fn conversations(&mut self, since: Millis, max: usize) -> Result<Vec<ClosedConversation>, Failure> {
        let (mut ids, mut found) = (HashSet::new(), Vec::new());
        for page in 1.. {
            let got = self.call(async |desk: &Self| desk.history.closed(desk.account, page).await).await?;
            self.missing.note(Missed::ListItem, got.unreadable, "");
            let is_last = got.items.is_empty() && got.unreadable == 0 || got.items.iter().any(|one| one.active_at < since);
            // New activity shifts the others, so one may be listed twice.
            found.extend(got.items.into_iter().filter(|one| one.active_at >= since && ids.insert(one.session.clone())));
            (self.tell)(Progress::Listed(found.len()));
            if is_last {
                break;
            }
        }
        self.missing.note(Missed::BeyondMax, found.len().saturating_sub(max), "");
        found.truncate(max);
        Ok(found)
    }

    /// Facts from the messages; `None` if the conversation was deleted meanwhile.
    async fn talk(&mut self, session: &str, since: Millis) -> Result<Option<Talk>, Failure> {
        let between = async || wait(PAUSE).await;
        match self.patiently(async |desk: &Self| desk.history.talk(desk.account, session, since, between).await).await {
            Ok(talk) => Ok(Some(talk)),
            Err(error) if error.verdict == Verdict::RecipientGone => {
                self.missing.note(Missed::Gone, 1, session);
                Ok(None)
            }
            Err(error) => Err(later(&error)),
        }
    }
}

fn closed_chat(
    conversation: &ClosedConversation,
    talk: Talk,
    closed_at: Millis,
    since: Millis,
    inbox: Option<&Inbox>,
    rating: Option<NativeRating>,
    programs: &BTreeSet<String>,
) -> Chat {
    Chat {
        session: conversation.session.clone(),
        closed_at: Some(closed_at),
        line: inbox.map(|inbox| inbox.name.clone()),
        channel: inbox.map(|inbox| inbox.channel.clone()),
        client: conversation.client.clone().or_else(|| rating.as_ref()?.client.clone()),
        client_wrote: talk.client_wrote_at.map_or(ClientWrote::Unknown, ClientWrote::At),
        asked: match talk.asked_at {
            Some(at) if at >= since => AskStatus::At(at),
            Some(_) => AskStatus::No,
            None if talk.whole => AskStatus::No,
            None => AskStatus::Unknown,
        },
        writers: talk.writers.map(|writers| writers.into_iter().map(|one| person(one, programs)).collect()),
        rating: rating.map(|rating| rated(rating, programs)),
    }
}

fn rated(rating: NativeRating, programs: &BTreeSet<String>) -> Rating {
    // Chatwoot has no other scale.
    Rating { scale: Scale::FiveStar, score: rating.score, at: rating.at, operator: rating.operator.map(|one| person(one, programs)) }
}

fn person(person: lastword_contract::Person, programs: &BTreeSet<String>) -> Person {
    let named = |word: &str| programs.contains(&word.to_lowercase());
    let program = person.program || named(&person.id) || person.name.as_deref().is_some_and(named);
    Person { id: person.id, name: person.name, program }
}
