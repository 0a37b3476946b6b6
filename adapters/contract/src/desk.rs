//! What a desk is.

use crate::{Account, DeskEvent, Heard, Millis, Person, Rate, RawRequest, Receipt, Rejected, Scale, SendError};
use async_trait::async_trait;

/// One installation of a help desk: where operators work, and where chats are closed.
///
/// A desk tells what happens to chats ([`Desk::receive`], [`Desk::read`], [`Desk::reconcile`]) and shows ratings to
/// operators ([`Desk::write_back`]). One that can also carry questions to clients is a [`crate::Channel`] besides, under
/// the same connection.
///
/// Its `Debug` form must not show secrets; the kit checks it.
#[async_trait]
pub trait Desk: Send + Sync + std::fmt::Debug {
    /// The kind of desk, as in settings: `chatwoot`.
    fn kind(&self) -> &'static str;

    /// What this desk can do.
    fn abilities(&self) -> Abilities;

    /// Sees a request before [`Desk::receive`] reads it, and takes up what it needs to know who calls: tokens that come with an
    /// installation, which are checked and kept here, or what another node keeps since. Most desks need nothing.
    ///
    /// # Errors
    /// When what the request hands over cannot be kept now, with a verdict to try again; with any other one it is refused as
    /// not signed.
    async fn prepare(&self, request: &RawRequest) -> Result<(), SendError> {
        let _ = request;
        Ok(())
    }

    /// True if [`Desk::prepare`] calls the desk's servers to verify this request. Such a request needs no authentication, so a caller
    /// with too many refused requests has to wait before that call is made.
    fn tries_tokens(&self, request: &RawRequest) -> bool {
        let _ = request;
        false
    }

    /// Reads one request from the desk: pure, synchronous, never panics on any bytes.
    ///
    /// # Errors
    /// [`Rejected`] when it is not signed, not readable, or nothing is received here.
    fn receive(&self, request: &RawRequest) -> Result<Heard, Rejected>;

    /// Whether it tells neither that a chat is open again nor who writes in it, and goes on with the same chat all the same: then a
    /// close an hour or more after the last one of its chat is a close of its own.
    fn closes_anew(&self) -> bool {
        false
    }

    /// Reads a chat of which something changed `told_at`, and says how it stands: closed, open again, or nothing of
    /// interest. It never answers with [`crate::DeskEventKind::Changed`].
    ///
    /// # Errors
    /// As [`crate::Channel::send`]. `not_yet` with [`crate::Verdict::RetryAfter`] when the desk has not written everything
    /// down yet: it is read again then, and nothing else waits for it. Do not wait longer than seconds after `told_at`.
    async fn read(&self, session: &str, told_at: Millis, now: Millis) -> Result<Vec<DeskEvent>, SendError> {
        let _ = (session, told_at, now);
        Ok(Vec::new())
    }

    /// Shows a rating to operators at the end of its chat, once per [`WriteBack::key`]: when it is called again after an end
    /// that could not be known, it looks first whether it is there. What others wrote there stays.
    ///
    /// # Errors
    /// As [`crate::Channel::send`]; [`crate::Verdict::RecipientGone`] when there is no such chat any more.
    async fn write_back(&self, rating: &WriteBack) -> Result<Receipt, SendError> {
        let _ = rating;
        Err(SendError::new(crate::Verdict::Refused, "not_shown", "this desk shows no ratings"))
    }

    /// Finds what happened since `since` and may not have been told: requests of desks get lost.
    ///
    /// # Errors
    /// As [`crate::Channel::send`].
    async fn reconcile(&self, since: Millis, now: Millis) -> Result<Reconciled, SendError> {
        let _ = since;
        Ok(Reconciled { events: Vec::new(), until: now })
    }

    /// How the chats stand by now that were open when they were last heard of: for desks that can be asked about single chats and
    /// not, or not everywhere, for a list. What is still open is not told.
    ///
    /// # Errors
    /// As [`crate::Channel::send`].
    async fn follow(&self, open: &[String], now: Millis) -> Result<Vec<DeskEvent>, SendError> {
        let _ = (open, now);
        Ok(Vec::new())
    }

    /// Asks the desk who we are and what is wrong, without changing anything: what `lastword doctor` shows. `hook_url` is
    /// where the desk should post to, where the outside has a way to us.
    ///
    /// # Errors
    /// As [`crate::Channel::send`].
    async fn look(&self, hook_url: Option<&str>) -> Result<Account, SendError>;

    /// What may keep the desk's calls from reaching us and cannot be seen from here, as sentences that name the remedy: `lastword doctor`
    /// shows them as long as no call has arrived. `hook_url` is as in [`Desk::look`].
    ///
    /// # Errors
    /// As [`crate::Channel::send`].
    async fn doubts(&self, hook_url: Option<&str>) -> Result<Vec<String>, SendError> {
        let _ = hook_url;
        Ok(Vec::new())
    }

    /// Makes the desk ready, or says what that would change. Done twice, it changes nothing more.
    ///
    /// # Errors
    /// As [`crate::Channel::send`].
    async fn set_up(&self, wish: &SetUp) -> Result<Arrangement, SendError> {
        let _ = wish;
        Err(SendError::new(crate::Verdict::Refused, "by_hand", "this desk is set up by hand; see the README of its adapter"))
    }

    /// Where the desk has a place for our panel beside a chat; nowhere by default.
    fn panel(&self) -> Option<PanelPlace> {
        None
    }

    /// What the desk opens the panel beside, of the request by which it does ([`PanelTold::Post`]); none where that is no chat.
    ///
    /// # Errors
    /// [`crate::Verdict::Refused`] when the request does not prove that the desk made it; else as [`crate::Channel::send`].
    async fn panel_chat(&self, request: &RawRequest) -> Result<Option<Beside>, SendError> {
        let _ = request;
        Err(SendError::new(crate::Verdict::Refused, "no_panel", "this desk posts nothing to the panel"))
    }

    /// The desk's own ratings since `since`, a page at a time: `page` is what the page before named as the next one.
    ///
    /// # Errors
    /// As [`crate::Channel::send`].
    async fn native_ratings(&self, since: Millis, page: Option<&str>) -> Result<NativePage, SendError> {
        let _ = (since, page);
        Ok(NativePage::default())
    }
}

/// The place of our panel in a desk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PanelPlace {
    /// The origin of the desk's pages, which alone may frame the panel: `https://chat.example.com`.
    pub origin: String,
    /// How the chat beside it is told.
    pub told_by: PanelTold,
}

/// How the panel learns which chat it is beside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PanelTold {
    /// By a message of the page around the frame, which answers this text with JSON (`{"event": "appContext", "data": {"conversation":
    /// {"id": …}}}`). Nobody signs it.
    Message(&'static str),
    /// By the request that opens it: see [`Desk::panel_chat`].
    Post,
}

/// What a panel is beside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Beside {
    /// This chat, by its id.
    Chat(String),
    /// Whatever this client's last chat is, where the desk does not say which that was.
    Client {
        /// The desk's id of the client, as its events name them.
        id: String,
        /// Where it is queued.
        queue: Option<String>,
    },
}

/// What a desk can do, as data. Everything is off by default: a claim is made on purpose, and the kit tests it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Abilities {
    /// What it tells besides closes by operators.
    pub tells: &'static [Tells],
    /// Events can ask that a chat be read ([`crate::DeskEventKind::Changed`]), and [`Desk::read`] does it.
    pub reads: bool,
    /// Shows ratings to operators ([`Desk::write_back`]).
    pub writes_back: bool,
    /// A rating that is written again with the same key is there once, because it is looked for before, or set in its place. Such a
    /// write-back is repeated after an unclear answer until its time is over; others only a few times.
    pub writes_back_once: bool,
    /// Can be asked what was lost ([`Desk::reconcile`]).
    pub reconciles: bool,
    /// Can be asked about chats that were open ([`Desk::follow`]).
    pub follows: bool,
    /// Can be made ready by a call ([`Desk::set_up`]).
    pub sets_up: bool,
    /// Has ratings of its own ([`Desk::native_ratings`]).
    pub rates: bool,
    /// How fast it may be called.
    pub rate: Rate,
}

impl Abilities {
    /// Whether the desk tells this.
    pub fn tell(&self, what: Tells) -> bool {
        self.tells.contains(&what)
    }
}

/// What a desk may tell besides closes by operators.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tells {
    /// Chats that begin.
    Opened,
    /// Chats that are open again.
    Reopened,
    /// Other operators or queues.
    Reassigned,
    /// Chats that became parts of others.
    Merged,
    /// Closes by clients, as such.
    ByClient,
    /// Closes after silence, as such.
    ByTimeout,
    /// Closes by programs, as such.
    ByBot,
    /// All operators who wrote, not only the responsible one.
    Operators,
    /// Which of them are programs.
    Programs,
    /// When the client last wrote.
    ClientTime,
}

/// A rating, to be shown to operators.
#[derive(Clone, Default, PartialEq)]
pub struct WriteBack {
    /// The same for every try of one write-back; another one when the rating changed.
    pub key: String,
    /// The chat.
    pub session: String,
    /// Our id of the question that was answered.
    pub rating_request: String,
    /// The scale.
    pub scale: Scale,
    /// The score on it: 0 or 1, or 1 to 5.
    pub score: u8,
    /// It is low by the line's rule.
    pub low: bool,
    /// What the client wrote.
    pub comment: Option<String>,
    /// The reasons that they chose, as they read them.
    pub reasons: Vec<String>,
    /// "Was your issue resolved?"
    pub resolved: Option<bool>,
    /// When the client gave this score.
    pub rated_at: Millis,
    /// It is not the first score of this question.
    pub changed: bool,
    /// The whole as one text for a note: the score, the reasons, what the client wrote.
    pub text: String,
    /// Our page of this rating, where the outside has a way to us.
    pub page: Option<String>,
}

/// What clients write stays out of debug output.
impl std::fmt::Debug for WriteBack {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("WriteBack").field("key", &self.key).field("session", &self.session).finish_non_exhaustive()
    }
}

/// What was found at a desk.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reconciled {
    /// What happened, oldest first. What was told already has the key that it had.
    pub events: Vec<DeskEvent>,
    /// Everything up to this moment is in `events`; the next look begins here. Before `now` where there is more to find.
    pub until: Millis,
}

/// How a desk is to be made ready.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SetUp {
    /// Where the desk should post to.
    pub hook_url: Option<String>,
    /// Its own rating question is switched off, so that nobody is asked twice.
    pub native_off: bool,
    /// Do it. Otherwise only say what would be done.
    pub change: bool,
}

/// What was done at a desk, or would be.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Arrangement {
    /// What was done, or would be, as sentences.
    pub steps: Vec<String>,
    /// Things an admin has to mend by hand, as sentences that name the remedy.
    pub warnings: Vec<String>,
    /// Settings of the connection that the desk gave us, such as the secret of its requests.
    pub settings: Vec<(&'static str, String)>,
}

/// Settings may be secrets.
impl std::fmt::Debug for Arrangement {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let names: Vec<_> = self.settings.iter().map(|(name, _)| name).collect();
        f.debug_struct("Arrangement").field("steps", &self.steps).field("warnings", &self.warnings).field("settings", &names).finish()
    }
}

/// Some of a desk's own ratings.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct NativePage {
    /// The ratings.
    pub ratings: Vec<NativeRating>,
    /// What to ask for next; nothing when this was the last page.
    pub next: Option<String>,
}

/// A rating that a client gave to the desk itself.
#[derive(Clone, PartialEq)]
pub struct NativeRating {
    /// The desk's id of it.
    pub id: String,
    /// The chat.
    pub session: String,
    /// The scale.
    pub scale: Scale,
    /// The score on it.
    pub score: u8,
    /// What the client wrote.
    pub comment: Option<String>,
    /// Whom the desk credits.
    pub operator: Option<Person>,
    /// The desk's id of the client.
    pub client: Option<String>,
    /// The queue.
    pub queue: Option<String>,
    /// When it was given.
    pub at: Millis,
}

/// What clients write stays out of debug output.
impl std::fmt::Debug for NativeRating {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("NativeRating").field("id", &self.id).field("score", &self.score).finish_non_exhaustive()
    }
}
