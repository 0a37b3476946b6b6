//! Shared by cases: sample messages, sends with a timeout, and failure messages.

use super::{Call, CaseResult, Harness, Passed, Played, Remote};
use crate::{Account, Choice, ChoiceKind, Outgoing, Purpose, Receipt, Scale, SendError};
use std::time::Duration;

/// Far beyond any channel's own timeout; reaching it means that the channel has none.
const SEND_MAX: Duration = Duration::from_secs(30);

/// Text in several scripts, with characters outside the basic plane and a joined emoji.
pub(super) const MANY_SCRIPTS: &str = "Оцените качество · 評価 · تقييم · 👩‍💻 · ñ";

/// A token of maximum length.
pub(super) fn longest_token(last: char) -> String {
    let mut token = "r1_Zz9".repeat(11);
    token.truncate(63);
    token.push(last);
    token
}

/// A message that every channel can carry.
pub(super) fn plain<H: Harness>(harness: &H, text: &str) -> Outgoing {
    Outgoing {
        key: "dlv_kit_1".to_owned(),
        to: harness.client(),
        language: "en".to_owned(),
        text: text.to_owned(),
        at: 1_700_000_000_000,
        ..Outgoing::default()
    }
}

/// The question on `scale`, as asked by the engine.
pub(super) fn question<H: Harness>(harness: &H, scale: Scale, text: &str) -> Outgoing {
    let score = |&score: &u8| choice(harness, &scale.label(score), format!("r1_kitKITkit_{score}"), ChoiceKind::Score);
    let choices = scale.scores().iter().map(score).collect();
    Outgoing { purpose: Purpose::Question(scale), choices, ..plain(harness, text) }
}

/// A choice, also as a link if the channel shows links.
pub(super) fn choice<H: Harness>(harness: &H, label: &str, token: String, kind: ChoiceKind) -> Choice {
    let link = harness.channel().capabilities().links.then(|| format!("https://rate.example/r/{token}"));
    Choice { label: label.to_owned(), token, kind, link }
}

/// The question on `scale` with tokens of maximum length.
pub(super) fn question_with_longest_tokens<H: Harness>(harness: &H, scale: Scale) -> Outgoing {
    let scores = scale.scores().iter().zip('a'..);
    let longest = |(&score, last)| choice(harness, &scale.label(score), longest_token(last), ChoiceKind::Score);
    Outgoing { choices: scores.map(longest).collect(), ..question(harness, scale, "How was it?") }
}

/// The scales claimed by the channel.
pub(super) fn claimed_scales<H: Harness>(harness: &H) -> Vec<Scale> {
    let capabilities = harness.channel().capabilities();
    [Scale::Binary, Scale::FiveStar].into_iter().filter(|&scale| capabilities.shows(scale)).collect()
}

/// A typical message: a question if the channel can ask, otherwise a text.
pub(super) fn usual<H: Harness>(harness: &H, text: &str) -> Outgoing {
    match claimed_scales(harness).first() {
        Some(&scale) => question(harness, scale, text),
        None => plain(harness, text),
    }
}

/// Sends once. The outer error is a failure of the case: the channel hung.
pub(super) async fn send<H: Harness>(harness: &H, outgoing: &Outgoing) -> Result<Result<Receipt, SendError>, String> {
    tokio::time::timeout(SEND_MAX, harness.channel().send(outgoing))
        .await
        .map_err(|_| format!("send did not end within {SEND_MAX:?}: a channel needs a time limit of its own"))
}

/// Checks once. The outer error is a failure of the case: the channel hung.
pub(super) async fn check<H: Harness>(harness: &H) -> Result<Result<Account, SendError>, String> {
    tokio::time::timeout(SEND_MAX, harness.channel().check())
        .await
        .map_err(|_| format!("check did not end within {SEND_MAX:?}: a channel needs a time limit of its own"))
}

/// Sends once to a platform that accepts everything.
pub(super) async fn send_ok<H: Harness>(harness: &H, outgoing: &Outgoing) -> Result<Receipt, String> {
    send(harness, outgoing).await?.map_err(|error| format!("the platform took the message, but send said: {error}"))
}

/// Sends once to a platform that behaves like `remote`. `Err(Ok(..))` ends the case: it cannot happen here.
pub(super) async fn send_to<H: Harness>(harness: &H, remote: Remote) -> Result<Result<Receipt, SendError>, CaseResult> {
    if let Played::CannotHappen(why) = harness.play(remote).await {
        return Err(Ok(Passed::NotClaimed(why)));
    }
    send(harness, &usual(harness, "How was it?")).await.map_err(Err)
}

/// The only call received by the stub.
pub(super) async fn only_call<H: Harness>(harness: &H) -> Result<Call, String> {
    let mut calls = harness.calls().await;
    ensure(calls.len() == 1, || format!("the stub got {} messages instead of one", calls.len()))?;
    Ok(calls.remove(0))
}

/// Fails the case with a sentence unless `held`.
pub(super) fn ensure(held: bool, why: impl FnOnce() -> String) -> Result<(), String> {
    if held { Ok(()) } else { Err(why()) }
}

/// Fails the case unless every token of `outgoing` was sent, complete and in order.
pub(super) fn ensure_tokens(outgoing: &Outgoing, call: &Call) -> Result<(), String> {
    let mut on_the_wire = call.tokens.iter();
    let missing = outgoing.choices.iter().find(|choice| !on_the_wire.any(|token| *token == choice.token));
    match missing {
        None => Ok(()),
        Some(choice) => Err(format!("the choice with the token {} is not on the wire, whole and in order", choice.token)),
    }
}
