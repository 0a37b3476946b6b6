//! A client's emoji reaction to one of our messages. On a question it is a score if it is clear (`domain::answer::reaction`): it
//! counts like a tap, with thank-you and alerts, and another one changes it while a score can be changed. A tapped or typed score
//! outranks it, because a thank-you may have replaced the question. A removed reaction changes nothing, and one on any other
//! message is ignored: it is no message of the client, so typed answers stay possible.

use super::batch::{Batch, Judged, Scored};
use crate::facts::inbound::Arrived;
use crate::message::settle::{SettleMessage, Settling};
use lastword_contract::Reaction;
use lastword_domain::answer::{Disposition, reaction};
use lastword_store::question::ending::Behind;

impl Batch<'_> {
    /// Judges a reaction.
    pub(super) fn react(&mut self, one: &Arrived, Reaction { by, message_id, emoji }: &Reaction) -> Judged {
        let asked = self.behind(one, by, message_id).into_iter().find(|behind| asks(behind)).and_then(|behind| self.asked(behind.subject));
        let scored = asked.and_then(|asked| Some((reaction::read(emoji.as_deref()?, asked.0.scale)?, asked)));
        let Some((score, (request, line))) = scored else { return Judged::nothing(Disposition::NotAnAnswer) };
        let disposition = self.score(one, &request, &line, Scored::ByReaction(score), Some(message_id.clone()));
        Judged::about(request.id, disposition)
    }
}

/// True if a message asks for a score.
pub(super) fn asks(behind: &Behind) -> bool {
    let again = || serde_json::from_str(&behind.payload).is_ok_and(|Settling { says, .. }| says == SettleMessage::Again);
    behind.kind.is_question() || again()
}
