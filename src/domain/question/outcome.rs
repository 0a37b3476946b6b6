//! How the rating request of one close ended: exactly one outcome, with a reason.

use crate::word::words;

words! {
    /// How a rating request ended.
    pub enum Outcome {
        /// The client rated.
        Answered = "answered",
        /// The question arrived as far as we know, and no answer came before it ended: its time ran out, or it was withdrawn (then
        /// the reason says why).
        Expired = "expired",
        /// We did not ask, for a reason known at the close.
        NotAsked = "not_asked",
        /// The question was withdrawn before it arrived: reopened, merged, erased, canceled by a person.
        Canceled = "canceled",
        /// The question could not be brought to the client.
        Unreachable = "unreachable",
        /// Whether the question arrived could never be known, and no answer came.
        Unsure = "unsure",
    }
}

impl Outcome {
    /// Whether the question was withdrawn or its time ran out: a first answer comes too late.
    pub fn is_over(self) -> bool {
        match self {
            Outcome::Expired | Outcome::Canceled => true,
            Outcome::Answered | Outcome::NotAsked | Outcome::Unreachable | Outcome::Unsure => false,
        }
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

words! {
    /// Why an open question was withdrawn: its conversation goes on.
    pub enum Withdrawn {
        /// The session was reopened.
        Reopened = "reopened",
        /// The session was merged into another one.
        Merged = "merged",
        /// The client wrote about something else, and the line keeps no question open then.
        ClientWrote = "client_wrote",
    }
}

words! {
    /// Why a close was not asked about.
    pub enum NotAsked {
        /// Ratings are off on this line.
        LineOff = "line_off",
        /// The line is archived.
        LineArchived = "line_archived",
        /// Closed as spam.
        Spam = "spam",
        /// Closed by force.
        Forced = "forced",
        /// Whoever closed it chose that the client is not asked.
        ByChoice = "by_choice",
        /// Closed by a time-out, and the line does not ask then.
        TimeoutClose = "timeout_close",
        /// Closed by a bot, and the line does not ask then.
        BotClose = "bot_close",
        /// Nothing says who the client is or where they can be reached.
        NoClient = "no_client",
        /// The conversation is a group, and nothing says who of its members is the client: anybody could answer for them.
        Group = "group",
        /// Nobody reads what is written to the client's address: programs send from it, or the connection itself does.
        NobodyReads = "nobody_reads",
        /// The connection is not known here, or cannot ask on this scale.
        ChannelOff = "channel_off",
        /// No operator took part.
        NoOperator = "no_operator",
        /// No operator wrote.
        OperatorSilent = "operator_silent",
        /// The client wrote nothing.
        ClientSilent = "client_silent",
        /// Fewer messages than the line wants.
        TooShort = "too_short",
        /// The client asked not to be asked.
        OptedOut = "opted_out",
        /// The client blocked us.
        Blocked = "blocked",
        /// This session was rated already.
        AlreadyRated = "already_rated",
        /// The client was asked too recently, on any line or channel.
        Throttled = "throttled",
        /// Not in the sample.
        SampledOut = "sampled_out",
        /// The line asks about sessions that were handled otherwise: by people, or by programs.
        HandledOtherwise = "handled_otherwise",
        /// An ask rule of the line says so, by the session's labels and fields.
        ByRule = "by_rule",
        /// The channel's window for writing to the client is shut, or will be when the question is due.
        WindowShut = "window_shut",
        /// Outside the window only a template could have asked, and there is none.
        TemplateMissing = "template_missing",
        /// Outside the window only a template could have asked, and the platform did not take it: paused, disabled, wrong.
        TemplateRefused = "template_refused",
        /// Outside the window only the platform's own form could have asked, and it is not switched on, or this question does
        /// not fit it.
        NoForm = "no_form",
        /// Quiet hours would have held the question longer than it could wait.
        QuietHours = "quiet_hours",
        /// The close is so old that its question would have expired.
        TooLate = "too_late",
        /// Closed again and again within minutes: a loop between programs.
        Flapping = "flapping",
        /// Closed before our time and imported since, and nothing says that anybody was asked.
        Imported = "imported",
    }
}

impl NotAsked {
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
                | NotAsked::HandledOtherwise
                | NotAsked::ByRule
        )
    }

    /// Whether it says that the window stood in the way, or that what goes out outside it could not.
    pub fn is_by_window(self) -> bool {
        matches!(self, NotAsked::WindowShut | NotAsked::TemplateMissing | NotAsked::TemplateRefused | NotAsked::NoForm)
    }
}
