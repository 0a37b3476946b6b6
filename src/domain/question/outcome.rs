//! How the rating request of one close ended: exactly one outcome, with a reason.

/// How a rating request ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Outcome {
    /// The client rated.
    Answered,
    /// The question arrived as far as we know, and no answer came in time.
    Expired,
    /// We did not ask, for a reason known at the close.
    NotAsked,
    /// The question was taken back, before it left or after: reopened, merged, erased, canceled by a person.
    Canceled,
    /// The question could not be brought to the client.
    Unreachable,
    /// Whether the question arrived could never be known, and no answer came.
    Unsure,
}

impl Outcome {
    /// All of them.
    pub const ALL: [Outcome; 6] =
        [Outcome::Answered, Outcome::Expired, Outcome::NotAsked, Outcome::Canceled, Outcome::Unreachable, Outcome::Unsure];

    /// The word in tables and API.
    pub fn as_str(self) -> &'static str {
        match self {
            Outcome::Answered => "answered",
            Outcome::Expired => "expired",
            Outcome::NotAsked => "not_asked",
            Outcome::Canceled => "canceled",
            Outcome::Unreachable => "unreachable",
            Outcome::Unsure => "unsure",
        }
    }

    /// Reads [`Outcome::as_str`] back.
    pub fn parse(word: &str) -> Option<Self> {
        Outcome::ALL.into_iter().find(|outcome| outcome.as_str() == word)
    }

    /// Whether an answer that arrives in time still makes this [`Outcome::Answered`]: the answer is the proof that
    /// the question did arrive.
    pub fn yields_to_an_answer(self) -> bool {
        match self {
            Outcome::Unreachable | Outcome::Unsure => true,
            Outcome::Answered | Outcome::Expired | Outcome::NotAsked | Outcome::Canceled => false,
        }
    }
}

/// Why an open question was withdrawn: its conversation goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Withdrawn {
    /// The session was reopened.
    Reopened,
    /// The session was merged into another one.
    Merged,
    /// The client wrote about something else, and the line keeps no question open then.
    ClientWrote,
}

impl Withdrawn {
    /// All of them.
    pub const ALL: [Withdrawn; 3] = [Withdrawn::Reopened, Withdrawn::Merged, Withdrawn::ClientWrote];

    /// The word in tables and API.
    pub fn as_str(self) -> &'static str {
        match self {
            Withdrawn::Reopened => "reopened",
            Withdrawn::Merged => "merged",
            Withdrawn::ClientWrote => "client_wrote",
        }
    }

    /// Reads [`Withdrawn::as_str`] back.
    pub fn parse(word: &str) -> Option<Self> {
        Withdrawn::ALL.into_iter().find(|why| why.as_str() == word)
    }
}

/// Why a close was not asked about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum NotAsked {
    /// Ratings are off on this line.
    LineOff,
    /// The line is archived.
    LineArchived,
    /// Closed as spam.
    Spam,
    /// Closed by force.
    Forced,
    /// Whoever closed it chose that the client is not asked.
    ByChoice,
    /// Closed by a time-out, and the line does not ask then.
    TimeoutClose,
    /// Closed by a bot, and the line does not ask then.
    BotClose,
    /// Nothing says who the client is or where they can be reached.
    NoClient,
    /// The conversation is a group, and nothing says who of its members is the client: anybody could answer for them.
    Group,
    /// The connection is not known here, or cannot ask on this scale.
    ChannelOff,
    /// No operator took part.
    NoOperator,
    /// No operator wrote.
    OperatorSilent,
    /// The client wrote nothing.
    ClientSilent,
    /// Fewer messages than the line wants.
    TooShort,
    /// The client asked not to be asked.
    OptedOut,
    /// The client blocked us.
    Blocked,
    /// This session was rated already.
    AlreadyRated,
    /// The client was asked too recently, on any line or channel.
    Throttled,
    /// Not in the sample.
    SampledOut,
    /// The channel's window for writing to the client is shut, or will be when the question is due.
    WindowShut,
    /// Outside the window only a template could have asked, and there is none.
    TemplateMissing,
    /// Outside the window only a template could have asked, and the platform did not take it: paused, disabled, wrong.
    TemplateRefused,
    /// Outside the window only the platform's own form could have asked, and this question does not fit it.
    NoForm,
    /// Quiet hours would have held the question longer than it could wait.
    QuietHours,
    /// The close is so old that its question would have expired.
    TooLate,
    /// Closed again and again within minutes: a loop between programs.
    Flapping,
    /// Closed before our time and imported since, and nothing says that anybody was asked.
    Imported,
}

impl NotAsked {
    /// All of them.
    pub const ALL: [NotAsked; 27] = [
        NotAsked::LineOff,
        NotAsked::LineArchived,
        NotAsked::Spam,
        NotAsked::Forced,
        NotAsked::ByChoice,
        NotAsked::TimeoutClose,
        NotAsked::BotClose,
        NotAsked::NoClient,
        NotAsked::Group,
        NotAsked::ChannelOff,
        NotAsked::NoOperator,
        NotAsked::OperatorSilent,
        NotAsked::ClientSilent,
        NotAsked::TooShort,
        NotAsked::OptedOut,
        NotAsked::Blocked,
        NotAsked::AlreadyRated,
        NotAsked::Throttled,
        NotAsked::SampledOut,
        NotAsked::WindowShut,
        NotAsked::TemplateMissing,
        NotAsked::TemplateRefused,
        NotAsked::NoForm,
        NotAsked::QuietHours,
        NotAsked::TooLate,
        NotAsked::Flapping,
        NotAsked::Imported,
    ];

    /// Reads [`NotAsked::as_str`] back.
    pub fn parse(word: &str) -> Option<Self> {
        NotAsked::ALL.into_iter().find(|reason| reason.as_str() == word)
    }

    /// The word in tables and API.
    pub fn as_str(self) -> &'static str {
        match self {
            NotAsked::LineOff => "line_off",
            NotAsked::LineArchived => "line_archived",
            NotAsked::Spam => "spam",
            NotAsked::Forced => "forced",
            NotAsked::ByChoice => "by_choice",
            NotAsked::TimeoutClose => "timeout_close",
            NotAsked::BotClose => "bot_close",
            NotAsked::NoClient => "no_client",
            NotAsked::Group => "group",
            NotAsked::ChannelOff => "channel_off",
            NotAsked::NoOperator => "no_operator",
            NotAsked::OperatorSilent => "operator_silent",
            NotAsked::ClientSilent => "client_silent",
            NotAsked::TooShort => "too_short",
            NotAsked::OptedOut => "opted_out",
            NotAsked::Blocked => "blocked",
            NotAsked::AlreadyRated => "already_rated",
            NotAsked::Throttled => "throttled",
            NotAsked::SampledOut => "sampled_out",
            NotAsked::WindowShut => "window_shut",
            NotAsked::TemplateMissing => "template_missing",
            NotAsked::TemplateRefused => "template_refused",
            NotAsked::NoForm => "no_form",
            NotAsked::QuietHours => "quiet_hours",
            NotAsked::TooLate => "too_late",
            NotAsked::Flapping => "flapping",
            NotAsked::Imported => "imported",
        }
    }

    /// Whether it is a preference of the line or of whoever closed the session, which somebody may overrule who wants the
    /// client asked. What protects the client, and what makes asking impossible, nobody overrules.
    pub fn gives_way(self) -> bool {
        matches!(
            self,
            NotAsked::ByChoice
                | NotAsked::TimeoutClose
                | NotAsked::BotClose
                | NotAsked::NoOperator
                | NotAsked::OperatorSilent
                | NotAsked::ClientSilent
                | NotAsked::TooShort
                | NotAsked::SampledOut
        )
    }

    /// Whether it says that the window stood in the way, or that what goes out outside it could not.
    pub fn is_by_window(self) -> bool {
        matches!(self, NotAsked::WindowShut | NotAsked::TemplateMissing | NotAsked::TemplateRefused | NotAsked::NoForm)
    }
}
