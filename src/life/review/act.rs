//! The door for what people and programs do with a rating: the API, the pages and the panel of a desk hand over a [`ReviewAct`].

use super::judge_objection::{Verdict, judge, restore};
use super::{Acted, Done, Held, Refused, hold};
use super::{ask_again::ask, assign::assign, object::object, reply::keep, resolve::settle};
use crate::engine::Engine;
use crate::engine::notifications::Notification;
use crate::engine::stop::Stop;
use lastword_base::names::{AccountId, ObjectionId, RequestId};
use lastword_domain::access::audit::By;
use lastword_domain::review::{BadText, FlagReason, ObjectionKind, REASON_CHARS_MAX, REPLY_CHARS_MAX, clean};
use lastword_store::{Millis, StoreError, Tx, transaction};

/// What is done with a rating.
#[derive(Clone, Debug)]
pub enum ReviewAct {
    /// Stores a reply with this text, and sends it to the client if possible.
    Reply(String),
    /// Assigns it to this account; `None` unassigns it.
    Assign(Option<AccountId>),
    /// Marks it as resolved. The note may be empty.
    Settle(String),
    /// Undoes [`ReviewAct::Settle`]: it waits again, unless it has a reply.
    Reopen,
    /// Flags its comment as abusive or off-topic, with an explanation.
    Flag(FlagReason, String),
    /// Asks for it to be excluded from the score, with an explanation.
    Appeal(String),
    /// Decides about a flag or an appeal, with an explanation.
    Judge(ObjectionId, Verdict, String),
    /// Restores a voided rating, with an explanation.
    Restore(String),
    /// Asks the client once more.
    AskAgain,
}

impl ReviewAct {
    /// The same with its text cleaned.
    fn cleaned(mut self) -> Result<Self, BadText> {
        match &mut self {
            ReviewAct::Reply(text) => *text = clean(text, REPLY_CHARS_MAX)?,
            ReviewAct::Flag(_, text) | ReviewAct::Appeal(text) | ReviewAct::Judge(_, _, text) | ReviewAct::Restore(text) => {
                *text = clean(text, REASON_CHARS_MAX)?;
            }
            ReviewAct::Settle(note) => match clean(note, REASON_CHARS_MAX) {
                Err(BadText::Empty) => note.clear(),
                cleaned => *note = cleaned?,
            },
            ReviewAct::Assign(_) | ReviewAct::Reopen | ReviewAct::AskAgain => {}
        }
        Ok(self)
    }
}

/// Does `act` with the rating of `request` on behalf of `by`, who saw revision `seen` of its review; `None` skips the check.
#[lastword_base::boxed]
pub async fn act(
    engine: &Engine,
    by: &By,
    request: RequestId,
    act: ReviewAct,
    seen: Option<i64>,
    now: Millis,
) -> Result<Done<Acted>, StoreError> {
    let act = match act.cleaned() {
        Ok(act) => act,
        Err(bad) => return Ok(Err(Refused::Text(bad))),
    };
    let done = transaction!(engine.db, [engine, by, act], async |tx| -> Result<_, Stop<Refused>> {
        let held = hold(tx, request, seen).await?;
        take(tx, &engine, &by, &held, act, now).await
    });
    let done = Stop::split(done.await)?;
    if done.is_ok() {
        engine.wake.ring();
        engine.tell(Notification::Reviewed { rating_request: request });
    }
    Ok(done)
}

async fn take(tx: &mut Tx, engine: &Engine, by: &By, held: &Held, act: ReviewAct, now: Millis) -> Result<Acted, Stop<Refused>> {
    match act {
        ReviewAct::Reply(text) => keep(tx, engine, by, held, text, now).await,
        ReviewAct::Assign(to) => assign(tx, engine, by, held, to, now).await,
        ReviewAct::Settle(note) => settle(tx, engine, by, held, Some(note), now).await,
        ReviewAct::Reopen => settle(tx, engine, by, held, None, now).await,
        ReviewAct::Flag(reason, text) => object(tx, engine, by, held, (ObjectionKind::Flag, reason.as_str(), text), now).await,
        ReviewAct::Appeal(text) => object(tx, engine, by, held, (ObjectionKind::Appeal, "", text), now).await,
        ReviewAct::Judge(objection, verdict, text) => judge(tx, engine, by, held, (objection, verdict, &text), now).await,
        ReviewAct::Restore(text) => restore(tx, engine, by, held, &text, now).await,
        ReviewAct::AskAgain => ask(tx, engine, by, held, now).await,
    }
}
