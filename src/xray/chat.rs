//! Data of one chat.

use lastword_domain::Millis;
use lastword_domain::answer::rating::{Grade, Scale};

/// One chat in the desk's past data.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Chat {
    /// The desk's ID of the session.
    pub session: String,
    /// Time of the close; `None` if only the rating is known.
    pub closed_at: Option<Millis>,
    /// Queue, inbox or group.
    pub line: Option<String>,
    /// Kind of channel.
    pub channel: Option<String>,
    /// The desk's ID of the client.
    pub client: Option<String>,
    /// Time of the client's last message before the close.
    pub client_wrote: ClientWrote,
    /// True if the client was asked for a rating.
    pub asked: AskStatus,
    /// People and programs who wrote to the client since the previous close; `None` if the desk does not report them.
    pub writers: Option<Vec<Person>>,
    /// The client's rating.
    pub rating: Option<Rating>,
}

/// An operator.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Person {
    /// The desk's ID of the operator.
    pub id: String,
    /// Name of the operator.
    pub name: Option<String>,
    /// True for a program.
    pub program: bool,
}

/// Time of a client's last message.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ClientWrote {
    /// Unknown.
    #[default]
    Unknown,
    /// At this time.
    At(Millis),
    /// At this time or earlier: the time of the last message of either side.
    NotAfter(Millis),
}

/// True if a client was asked for a rating.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AskStatus {
    /// Unknown.
    #[default]
    Unknown,
    /// Not asked about this close.
    No,
    /// Asked about this close, at an unknown time after it.
    Yes,
    /// Asked at this time.
    At(Millis),
}

/// A client's rating.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rating {
    /// The scale.
    pub scale: Scale,
    /// Score on that scale.
    pub score: u8,
    /// Time of the rating.
    pub at: Millis,
    /// The operator credited by the desk.
    pub operator: Option<Person>,
}

impl Rating {
    /// Grade of the score by the usual rule of its scale.
    pub fn grade(&self) -> Grade {
        Grade::of(self.scale, self.score, self.score <= self.scale.low_max_default())
    }

    /// True if the grade is good.
    pub fn is_good(&self) -> bool {
        self.grade() == Grade::Good
    }
}

impl Chat {
    /// Best known time at which the client was asked.
    pub fn asked_at(&self) -> Option<Millis> {
        match self.asked {
            AskStatus::Unknown | AskStatus::No => None,
            AskStatus::Yes => self.closed_at,
            AskStatus::At(at) => Some(at),
        }
    }

    /// True if only programs served the client; `None` if unknown.
    pub fn is_by_program(&self) -> Option<bool> {
        let credited = || self.rating.as_ref()?.operator.as_ref().map(|operator| operator.program);
        match self.writers.as_deref() {
            None | Some([]) => credited(),
            Some(writers) => Some(writers.iter().all(|writer| writer.program)),
        }
    }
}
