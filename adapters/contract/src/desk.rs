//! The trait of help desks.

use crate::{Account, DeskEvent, Heard, Millis, Person, Rate, RawRequest, Receipt, Rejected, Scale, SendError};
use async_trait::async_trait;

/// An installation of a help desk, where operators work and close chats.
///
/// A desk reports what happens to chats ([`Desk::receive`], [`Desk::read`], [`Desk::reconcile`]) and shows ratings to
/// operators ([`Desk::write_back`]). A desk that can also carry questions to clients implements [`crate::Channel`] too,
/// under the same connection.
///
/// The `Debug` output must not contain secrets; the kit checks it.
#[async_trait]
pub trait Desk: Send + Sync + std::fmt::Debug {
    /// Kind of desk, as in settings, such as `chatwoot`.
    fn kind(&self) -> &'static str;

    /// Abilities of this desk.
    fn abilities(&self) -> Abilities;

    /// Called with a request before [`Desk::receive`] parses it, to load what is needed to identify the caller: tokens sent
    /// with an installation, which are verified and stored here, or tokens stored by another node. Most desks need nothing.
    ///
    /// # Errors
    /// Data of the request cannot be stored at the moment: a verdict to retry. With any other verdict the request is
    /// refused as unsigned.
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

    /// Parses one request from the desk. Pure and synchronous; must not panic on any input.
    ///
    /// # Errors
    /// [`Rejected`] if it is not signed, not readable, or nothing is received here.
    fn receive(&self, request: &RawRequest) -> Result<Heard, Rejected>;

    /// True if the desk reports neither reopenings nor messages, although the same chat continues. Then a close an hour or
    /// more after the previous one of its chat is a new close.
    fn closes_anew(&self) -> bool {
        false
    }

    /// Reads a chat that changed at `told_at`, and returns its state: closed, reopened, or nothing of interest. Never
    /// returns [`crate::DeskEventKind::Changed`].
    ///
    /// # Errors
    /// As [`crate::Channel::send`]. `not_yet` with [`crate::Verdict::RetryAfter`] if the desk has not stored everything
    /// yet: it is read again then, and nothing else waits for it. Do not wait longer than seconds after `told_at`.
    async fn read(&self, session: &str, told_at: Millis, now: Millis) -> Result<Vec<DeskEvent>, SendError> {
        let _ = (session, told_at, now);
        Ok(Vec::new())
    }

    /// Shows a rating to operators at the end of its chat, once per [`WriteBack::key`]: if it is called again after a call
    /// with an unknown result, it first checks whether the rating is there. Data of others is preserved.
    ///
    /// # Errors
    /// As [`crate::Channel::send`]; [`crate::Verdict::RecipientGone`] if the chat no longer exists.
    async fn write_back(&self, rating: &WriteBack) -> Result<Receipt, SendError> {
        let _ = rating;
        Err(SendError::new(crate::Verdict::Refused, "not_shown", "this desk shows no ratings"))
    }

    /// Finds events since `since` that may not have been reported, because requests of desks get lost.
    ///
    /// # Errors
    /// As [`crate::Channel::send`].
    async fn reconcile(&self, since: Millis, now: Millis) -> Result<Reconciled, SendError> {
        let _ = since;
        Ok(Reconciled { events: Vec::new(), until: now })
    }

    /// Returns the current state of chats that were open when last reported, for desks that can be asked about single chats
    /// but not, or not everywhere, for a list. Chats that are still open are left out.
    ///
    /// # Errors
    /// As [`crate::Channel::send`].
    async fn follow(&self, open: &[String], now: Millis) -> Result<Vec<DeskEvent>, SendError> {
        let _ = (open, now);
        Ok(Vec::new())
    }

    /// Asks the desk for the account and for problems, without changing anything, for `lastword doctor`. `hook_url` is the
    /// URL of our webhook, if we are reachable from outside.
    ///
    /// # Errors
    /// As [`crate::Channel::send`].
    async fn look(&self, hook_url: Option<&str>) -> Result<Account, SendError>;

    /// Possible obstacles for the desk's calls to us that cannot be checked from here, as sentences that name the remedy.
    /// `lastword doctor` shows them until a call arrives. `hook_url` is as in [`Desk::look`].
    ///
    /// # Errors
    /// As [`crate::Channel::send`].
    async fn doubts(&self, hook_url: Option<&str>) -> Result<Vec<String>, SendError> {
        let _ = hook_url;
        Ok(Vec::new())
    }

    /// Sets up the desk, or reports what that would change. Idempotent.
    ///
    /// # Errors
    /// As [`crate::Channel::send`].
    async fn set_up(&self, wish: &SetUp) -> Result<Arrangement, SendError> {
        let _ = wish;
        Err(SendError::new(crate::Verdict::Refused, "by_hand", "this desk is set up by hand; see the README of its adapter"))
    }

    /// Where the desk can show our panel beside a chat; `None` by default.
    fn panel(&self) -> Option<PanelPlace> {
        None
    }

    /// The chat or client beside which the desk opens the panel, from the request that opens it ([`PanelTold::Post`]);
    /// `None` if there is none.
    ///
    /// # Errors
    /// [`crate::Verdict::Refused`] if the request does not prove that the desk made it; otherwise as [`crate::Channel::send`].
    async fn panel_chat(&self, request: &RawRequest) -> Result<Option<Beside>, SendError> {
        let _ = request;
        Err(SendError::new(crate::Verdict::Refused, "no_panel", "this desk posts nothing to the panel"))
    }

    /// Returns the desk's own ratings since `since` by page: `page` is `next` of the previous page.
    ///
    /// # Errors
    /// As [`crate::Channel::send`].
    async fn native_ratings(&self, since: Millis, page: Option<&str>) -> Result<NativePage, SendError> {
        let _ = (since, page);
        Ok(NativePage::default())
    }
}

/// Place of our panel in a desk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PanelPlace {
    /// Origin of the desk's pages, the only one that may frame the panel: `https://chat.example.com`.
    pub origin: String,
    /// How the panel learns the chat.
    pub told_by: PanelTold,
}

/// How the panel learns which chat it is beside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PanelTold {
    /// By a message from the surrounding page, which answers this text with JSON (`{"event": "appContext", "data":
    /// {"conversation": {"id": …}}}`). It is not signed.
    Message(&'static str),
    /// By the request that opens it: see [`Desk::panel_chat`].
    Post,
}

/// The subject of a panel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Beside {
    /// This chat, by its ID.
    Chat(String),
    /// The last chat of this client, if the desk does not say which chat it is.
    Client {
        /// The desk's ID of the client, as in its events.
        id: String,
        /// The queue.
        queue: Option<String>,
    },
}

/// Abilities of a desk, as data. Everything is off by default: a claim is explicit, and the kit tests it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Abilities {
    /// Reports besides closes by operators.
    pub tells: &'static [Tells],
    /// Events can require that a chat is read ([`crate::DeskEventKind::Changed`]), and [`Desk::read`] does it.
    pub reads: bool,
    /// Shows ratings to operators ([`Desk::write_back`]).
    pub writes_back: bool,
    /// A rating written again with the same key appears only once, because it is looked for first, or replaced. Such a
    /// write-back is repeated after an unclear response until its time is over; others only a few times.
    pub writes_back_once: bool,
    /// Can be asked for missed events ([`Desk::reconcile`]).
    pub reconciles: bool,
    /// Can be asked about chats that were open ([`Desk::follow`]).
    pub follows: bool,
    /// Can be set up by a call ([`Desk::set_up`]).
    pub sets_up: bool,
    /// Has ratings of its own ([`Desk::native_ratings`]).
    pub rates: bool,
    /// Rate limit.
    pub rate: Rate,
}

impl Abilities {
    /// True if the desk reports this.
    pub fn tell(&self, what: Tells) -> bool {
        self.tells.contains(&what)
    }
}

/// Reports that a desk can make besides closes by operators.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tells {
    /// New chats.
    Opened,
    /// Reopened chats.
    Reopened,
    /// Changes of operator or queue.
    Reassigned,
    /// Chats merged into others.
    Merged,
    /// Closes by clients, identified as such.
    ByClient,
    /// Closes by timeout, identified as such.
    ByTimeout,
    /// Closes by programs, identified as such.
    ByBot,
    /// All operators who wrote, not only the responsible one.
    Operators,
    /// Which of them are programs.
    Programs,
    /// Time of the client's last message.
    ClientTime,
}

/// A rating to show to operators.
#[derive(Clone, Default, PartialEq)]
pub struct WriteBack {
    /// The same for every attempt of one write-back; a different one when the rating changes.
    pub key: String,
    /// The chat.
    pub session: String,
    /// Our ID of the question.
    pub rating_request: String,
    /// The scale.
    pub scale: Scale,
    /// The score: 0 or 1, or 1 to 5.
    pub score: u8,
    /// True if it is low by the line's rule.
    pub low: bool,
    /// The client's comment.
    pub comment: Option<String>,
    /// Reasons chosen by the client, as displayed to them.
    pub reasons: Vec<String>,
    /// Answer to "Was your issue resolved?"
    pub resolved: Option<bool>,
    /// Time of this score.
    pub rated_at: Millis,
    /// True if it replaces an earlier score of this question.
    pub changed: bool,
    /// Everything as one text for a note: score, reasons, comment.
    pub text: String,
    /// URL of our page of this rating, if we are reachable from outside.
    pub page: Option<String>,
}

/// Leaves clients' texts out of debug output.
impl std::fmt::Debug for WriteBack {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("WriteBack").field("key", &self.key).field("session", &self.session).finish_non_exhaustive()
    }
}

/// Events found at a desk.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reconciled {
    /// The events, oldest first. Events that were already reported have the same key.
    pub events: Vec<DeskEvent>,
    /// All events up to this time are included; the next search starts here. Earlier than `now` if there is more to find.
    pub until: Millis,
}

/// How to set up a desk.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SetUp {
    /// URL that the desk should post to.
    pub hook_url: Option<String>,
    /// Switch off its own rating question, so that clients are not asked twice.
    pub native_off: bool,
    /// Make the changes; otherwise only report them.
    pub change: bool,
}

impl SetUp {
    /// The end of a warning that setting up a desk of this kind remedies.
    pub fn remedy(kind: &str) -> String {
        format!("use \"Set up the desk\" on its page, or run lastword desk setup {kind}")
    }
}

/// Result of setting up a desk, or of a dry run.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Arrangement {
    /// Steps done, or to be done, as sentences.
    pub steps: Vec<String>,
    /// Problems that an admin has to fix by hand, as sentences that name the remedy.
    pub warnings: Vec<String>,
    /// Settings of the connection returned by the desk, such as the secret of its requests.
    pub settings: Vec<(&'static str, String)>,
}

/// Leaves the settings out, which may be secrets.
impl std::fmt::Debug for Arrangement {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let names: Vec<_> = self.settings.iter().map(|(name, _)| name).collect();
        f.debug_struct("Arrangement").field("steps", &self.steps).field("warnings", &self.warnings).field("settings", &names).finish()
    }
}

/// A page of a desk's own ratings.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct NativePage {
    /// The ratings.
    pub ratings: Vec<NativeRating>,
    /// `page` of the next call; `None` on the last page.
    pub next: Option<String>,
}

/// A rating given in the desk itself.
#[derive(Clone, PartialEq)]
pub struct NativeRating {
    /// The desk's ID of the rating.
    pub id: String,
    /// The chat.
    pub session: String,
    /// The scale.
    pub scale: Scale,
    /// The score.
    pub score: u8,
    /// The client's comment.
    pub comment: Option<String>,
    /// The operator credited by the desk.
    pub operator: Option<Person>,
    /// The desk's ID of the client.
    pub client: Option<String>,
    /// The queue.
    pub queue: Option<String>,
    /// Time of the rating.
    pub at: Millis,
}

/// Leaves clients' texts out of debug output.
impl std::fmt::Debug for NativeRating {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("NativeRating").field("id", &self.id).field("score", &self.score).finish_non_exhaustive()
    }
}
