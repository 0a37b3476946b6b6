//! Outcome of the rating request of one close: exactly one, with a reason.

use crate::word::words;

words! {
    /// Outcome of a rating request.
    pub enum Outcome {
        /// The client rated.
        Answered = "answered",
        /// The question arrived as far as is known, and was not answered before it ended: its time ran out, or it was withdrawn
        /// (then the reason states why).
        Expired = "expired",
        /// The client was not asked, for a reason known at the close.
        NotAsked = "not_asked",
        /// The question was withdrawn before it arrived: reopened, merged, erased, or canceled by a person.
        Canceled = "canceled",
        /// The question could not be delivered to the client.
        Unreachable = "unreachable",
        /// It could not be determined whether the question arrived, and no answer came.
        Unsure = "unsure",
    }
}

impl Outcome {
    /// True if the question was withdrawn or expired: a first answer comes too late.
    pub fn is_over(self) -> bool {
        match self {
            Outcome::Expired | Outcome::Canceled => true,
            Outcome::Answered | Outcome::NotAsked | Outcome::Unreachable | Outcome::Unsure => false,
        }
    }
}

words! {
    /// Reason why an open question was withdrawn: its conversation goes on.
    pub enum Withdrawn {
        /// The session was reopened.
        Reopened = "reopened",
        /// The session was merged into another one.
        Merged = "merged",
        /// The client wrote about something else, and the line's setting cancels open questions then.
        ClientWrote = "client_wrote",
    }
}

words! {
    /// Reason why a close was not asked about.
    pub enum NotAsked {
        /// Ratings are off on this line.
        LineOff = "line_off",
        /// The line is archived.
        LineArchived = "line_archived",
        /// Closed as spam.
        Spam = "spam",
        /// Closed by force.
        Forced = "forced",
        /// The closer chose not to ask the client.
        ByChoice = "by_choice",
        /// Closed by timeout, and the line does not ask then.
        TimeoutClose = "timeout_close",
        /// Closed by a bot, and the line does not ask then.
        BotClose = "bot_close",
        /// The client, or an address of the client, is unknown.
        NoClient = "no_client",
        /// The conversation is a group, and it is unknown which member is the client, so any member could answer.
        Group = "group",
        /// The client's address is not read by a person: programs send from it, or the connection itself.
        NobodyReads = "nobody_reads",
        /// The connection is unknown, or cannot ask on this scale.
        ChannelOff = "channel_off",
        /// No operator took part.
        NoOperator = "no_operator",
        /// No operator wrote.
        OperatorSilent = "operator_silent",
        /// The client wrote nothing.
        ClientSilent = "client_silent",
        /// Fewer messages than the line requires.
        TooShort = "too_short",
        /// The client opted out.
        OptedOut = "opted_out",
        /// The client blocked us.
        Blocked = "blocked",
        /// This session was already rated.
        AlreadyRated = "already_rated",
        /// The client was asked too recently, on any line or channel.
        Throttled = "throttled",
        /// Excluded by sampling.
        SampledOut = "sampled_out",
        /// The line asks only about sessions handled by others (people or programs).
        HandledOtherwise = "handled_otherwise",
        /// An ask rule of the line excludes it, by the session's labels and fields.
        ByRule = "by_rule",
        /// The channel's window is closed, or will be when the question is due.
        WindowShut = "window_shut",
        /// Outside the window only a template can be sent, and there is none.
        TemplateMissing = "template_missing",
        /// Outside the window only a template can be sent, and the platform refused it: paused, disabled, invalid.
        TemplateRefused = "template_refused",
        /// Outside the window only the platform's own form can be sent, and it is disabled, or does not fit this question.
        NoForm = "no_form",
        /// Quiet hours would delay the question longer than it can wait.
        QuietHours = "quiet_hours",
        /// The close is so old that its question would already have expired.
        TooLate = "too_late",
        /// Closed repeatedly within minutes: a loop between programs.
        Flapping = "flapping",
        /// Closed before this installation existed and imported, without evidence that the client was asked.
        Imported = "imported",
    }
}

impl NotAsked {
    /// True if it is a preference of the line or of the closer, which a request to ask overrides. Reasons that protect the client
    /// or make asking impossible are never overridden.
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

    /// True if the window prevented it, or what is allowed outside it could not be sent.
    pub fn is_by_window(self) -> bool {
        matches!(self, NotAsked::WindowShut | NotAsked::TemplateMissing | NotAsked::TemplateRefused | NotAsked::NoForm)
    }
}
