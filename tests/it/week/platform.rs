//! Messengers with their own log: time of each client message, and recipient and time of each sent message.

use async_trait::async_trait;
use lastword::time::{Clock, HOUR, Millis, SetClock};
use lastword_contract::{Account, Capabilities, Channel, Outgoing, Purpose, Receipt, Scale, SendError, Verdict, WindowRule};
use std::collections::{HashMap, HashSet};
use std::sync::Mutex;

/// Fault of a platform.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Trouble {
    /// Server errors.
    Down,
    /// The access token was revoked.
    Broken,
    /// Too many calls: retry in two hours.
    Throttled,
    /// No response; every second message arrives nevertheless.
    Silent,
}

/// A message received by the platform.
#[derive(Clone, Debug)]
pub(super) struct Sent {
    pub(super) at: Millis,
    pub(super) chat: String,
    /// True for a question or its reminder.
    pub(super) asks: bool,
    /// True for the form that may be sent at any time.
    pub(super) template: bool,
    /// True if the platform's own window was open.
    pub(super) window_open: bool,
    pub(super) message: Outgoing,
}

#[derive(Debug, Default)]
struct Log {
    wrote_at: HashMap<String, Millis>,
    /// Chats whose client's last message was not reported to us.
    untold: HashSet<String>,
    sent: Vec<Sent>,
    trouble: Option<(Trouble, Millis)>,
    troubles: Vec<(Millis, Millis)>,
}

#[derive(Debug)]
pub(super) struct Platform {
    pub(super) name: &'static str,
    window: Option<Millis>,
    templates: bool,
    clock: SetClock,
    log: Mutex<Log>,
}

impl Platform {
    pub(super) fn new(name: &'static str, window: Option<Millis>, templates: bool, clock: &SetClock) -> Self {
        Self { name, window, templates, clock: clock.clone(), log: Mutex::default() }
    }

    pub(super) fn has_templates(&self) -> bool {
        self.templates
    }

    /// The client wrote.
    pub(super) fn wrote(&self, chat: &str, at: Millis) {
        let mut log = self.log.lock().unwrap();
        let last = log.wrote_at.entry(chat.to_owned()).or_insert(at);
        *last = at.max(*last);
    }

    /// The time of the last client message in this chat is not reported.
    pub(super) fn keeps_silent(&self, chat: &str) {
        self.log.lock().unwrap().untold.insert(chat.to_owned());
    }

    /// Time at which the window of this chat closes; `None` if there is no window.
    pub(super) fn shuts_at(&self, chat: &str) -> Option<Millis> {
        let wrote_at = self.log.lock().unwrap().wrote_at.get(chat).copied();
        self.window.map(|window| wrote_at.map_or(Millis::MIN, |at| at + window))
    }

    pub(super) fn sent(&self) -> Vec<Sent> {
        self.log.lock().unwrap().sent.clone()
    }

    /// Sets or removes the fault.
    pub(super) fn turns(&self, trouble: Option<Trouble>) {
        let now = self.clock.now();
        let mut log = self.log.lock().unwrap();
        if let Some((_, since)) = log.trouble.take() {
            log.troubles.push((since, now));
        }
        log.trouble = trouble.map(|trouble| (trouble, now));
    }

    /// True if there was a fault between these times or shortly before: throttling and growing pauses have longer effects.
    pub(super) fn was_troubled(&self, from: Millis, until: Millis) -> bool {
        self.log.lock().unwrap().troubles.iter().any(|(since, over)| *since < until && over + 4 * HOUR > from)
    }
}

#[async_trait]
impl Channel for Platform {
    fn kind(&self) -> &'static str {
        self.name
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities {
            binary: true,
            five_star: true,
            choices_max: 10,
            free_text: true,
            templates: if self.templates { &[Scale::Binary, Scale::FiveStar] } else { &[] },
            window: self.window.map_or(WindowRule::Always, WindowRule::AfterClient),
            ..Capabilities::default()
        }
    }

    async fn send(&self, outgoing: &Outgoing) -> Result<Receipt, SendError> {
        let (now, chat) = (self.clock.now(), outgoing.to.chat.clone());
        let window_open = self.shuts_at(&chat).is_none_or(|shuts_at| now < shuts_at);
        let mut log = self.log.lock().unwrap();
        let arrives = log.sent.len().is_multiple_of(2);
        let refusal = log.trouble.map(|(trouble, _)| match trouble {
            Trouble::Down => SendError::new(Verdict::RetryBackoff, "server_error", "503"),
            Trouble::Broken => SendError::new(Verdict::ConnectionBroken, "token", "the token was revoked"),
            Trouble::Throttled => SendError::new(Verdict::RetryAfter(2 * HOUR), "throttled", "slow down"),
            Trouble::Silent => SendError::new(Verdict::CannotKnow, "timeout", "no answer"),
        });
        // A sender that does not know the window may try, and is refused.
        if !window_open && !outgoing.outside_window && log.untold.contains(&chat) {
            return Err(refusal.unwrap_or_else(|| SendError::new(Verdict::WindowShut, "window_shut", "more than a day")));
        }
        // An attempt outside the window is as wrong as an arrival.
        if refusal.as_ref().is_none_or(|refusal| refusal.verdict == Verdict::CannotKnow && arrives) || !window_open {
            let asks = matches!(outgoing.purpose, Purpose::Question(_));
            log.sent.push(Sent { at: now, chat, asks, template: outgoing.outside_window, window_open, message: outgoing.clone() });
        }
        refusal.map_or_else(|| Ok(Receipt { message_id: Some(format!("m-{}", outgoing.key)), moved_to: None }), Err)
    }

    async fn check(&self) -> Result<Account, SendError> {
        Ok(Account { name: self.name.to_owned(), ..Account::default() })
    }
}
