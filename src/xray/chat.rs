//! What was read of one chat.

use lastword_domain::Millis;
use lastword_domain::answer::rating::{Grade, Scale};

/// One chat, as the desk remembers it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Chat {
    /// The desk's id.
    pub session: String,
    /// When it was closed; nothing where only its rating is known.
    pub closed_at: Option<Millis>,
    /// The queue, inbox or group.
    pub line: Option<String>,
    /// The kind of channel.
    pub channel: Option<String>,
    /// The desk's id of the client.
    pub client: Option<String>,
    /// When the client wrote last before the close.
    pub client_wrote: ClientWrote,
    /// Whether the client was asked to rate.
    pub asked: AskStatus,
    /// Who wrote to the client since the close before; nothing where the desk does not say.
    pub writers: Option<Vec<Person>>,
    /// What the client said.
    pub rating: Option<Rating>,
}

/// Somebody who serves clients.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Person {
    /// The desk's id.
    pub id: String,
    /// The name.
    pub name: Option<String>,
    /// It is a program.
    pub program: bool,
}

/// When a client wrote last.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ClientWrote {
    /// Nobody knows.
    #[default]
    Unknown,
    /// At this moment.
    At(Millis),
    /// At this moment or earlier: then somebody wrote last.
    NotAfter(Millis),
}

/// Whether a client was asked to rate.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AskStatus {
    /// Nobody knows.
    #[default]
    Unknown,
    /// Not about this close.
    No,
    /// About this close, at an unknown moment after it.
    Yes,
    /// At this moment.
    At(Millis),
}

/// What a client said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rating {
    /// The scale.
    pub scale: Scale,
    /// The score on it.
    pub score: u8,
    /// When it was given.
    pub at: Millis,
    /// Whom the desk credits.
    pub operator: Option<Person>,
}

impl Rating {
    /// What the score says by the usual rule of its scale.
    pub fn grade(&self) -> Grade {
        Grade::of(self.scale, self.score, self.score <= self.scale.low_max_default())
    }

    /// Whether it is good.
    pub fn is_good(&self) -> bool {
        self.grade() == Grade::Good
    }
}

impl Chat {
    /// When its client was asked, as near as is known.
    pub fn asked_at(&self) -> Option<Millis> {
        match self.asked {
            AskStatus::Unknown | AskStatus::No => None,
            AskStatus::Yes => self.closed_at,
            AskStatus::At(at) => Some(at),
        }
    }

    /// Whether programs alone served the client; nothing where nobody knows.
    pub fn is_by_program(&self) -> Option<bool> {
        let credited = || self.rating.as_ref()?.operator.as_ref().map(|operator| operator.program);
        match self.writers.as_deref() {
            None | Some([]) => credited(),
            Some(writers) => Some(writers.iter().all(|writer| writer.program)),
        }
    }
}
