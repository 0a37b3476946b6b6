//! Reports about chats: once, in order, who closed and who served, also after later changes.

use super::{Act, DeskHarness, act, claimed, closes, hear, only_close};
use crate::kit::cases::ensure;
use crate::kit::{CaseResult, Passed};
use crate::{CloseBy, Closing, DeskEvent, DeskEventKind, Tells};

/// A new chat is reported as one, if that is claimed, and never as a close.
pub async fn tells_of_new_chats<H: DeskHarness>(harness: &H) -> CaseResult {
    let (session, requests) = harness.open().await;
    let events = hear(harness, &requests).await?;
    ensure(closes(&events).next().is_none(), || "a new chat was told as a close".into())?;
    if let Err(ended) = claimed(harness, Tells::Opened) {
        return ended;
    }
    let opened = events.iter().any(|event| event.session == session && matches!(event.kind, DeskEventKind::Opened(_)));
    ensure(opened, || format!("a new chat was told as {events:?}"))?;
    Ok(Passed::Held)
}

/// A close by an operator is reported as such, with the chat and its operator.
pub async fn tells_a_close_by_an_operator<H: DeskHarness>(harness: &H) -> CaseResult {
    let (session, told) = close(harness, CloseBy::Operator).await?;
    let (event, closing) = only_close(&told)?;
    ensure(event.session == session, || format!("the chat {session} was told as {}", event.session))?;
    ensure(!event.key.is_empty(), || "a close has no key".into())?;
    ensure(closing.by == CloseBy::Operator, || format!("an operator closed it, and the desk says {:?}", closing.by))?;
    let [operator, ..] = harness.people();
    let named = closing.chat.operator.as_ref().map(|person| person.id.as_str());
    ensure(named == Some(operator.as_str()), || format!("the responsible operator is {operator}, not {named:?}"))?;
    Ok(Passed::Held)
}

/// A close by the client is reported as such.
pub async fn tells_a_close_by_a_client<H: DeskHarness>(harness: &H) -> CaseResult {
    closed_by(harness, CloseBy::Client, Tells::ByClient).await
}

/// A close by timeout is reported as such.
pub async fn tells_a_close_by_timeout<H: DeskHarness>(harness: &H) -> CaseResult {
    closed_by(harness, CloseBy::Timeout, Tells::ByTimeout).await
}

/// A close by a program is reported as such.
pub async fn tells_a_close_by_a_bot<H: DeskHarness>(harness: &H) -> CaseResult {
    closed_by(harness, CloseBy::Bot, Tells::ByBot).await
}

async fn closed_by<H: DeskHarness>(harness: &H, by: CloseBy, claim: Tells) -> CaseResult {
    if let Err(ended) = claimed(harness, claim) {
        return ended;
    }
    let (_, told) = close(harness, by).await?;
    let (_, closing) = only_close(&told)?;
    ensure(closing.by == by, || format!("closed by {by:?}, told as {:?}", closing.by))?;
    Ok(Passed::Held)
}

/// The same close, posted again or by several requests, has one key and the same content.
pub async fn tells_a_close_once<H: DeskHarness>(harness: &H) -> CaseResult {
    let (session, opening) = harness.open().await;
    hear(harness, &opening).await?;
    let posted = act(harness, &session, Act::Close(CloseBy::Operator)).await?;
    let told = hear(harness, &posted).await?;
    let (first, _) = only_close(&told)?;
    let mut again = posted.clone();
    again.iter_mut().for_each(|request| request.received_at += 1_000);
    let replayed = hear(harness, &[posted, again].concat()).await?;
    let (second, _) = only_close(&replayed)?;
    ensure(first == second, || format!("one close, told again, was read differently: {first:?} and {second:?}"))?;
    Ok(Passed::Held)
}

/// Closed, reopened and closed again: two closes, the second one later.
pub async fn tells_a_second_close_apart<H: DeskHarness>(harness: &H) -> CaseResult {
    if let Err(ended) = claimed(harness, Tells::Reopened) {
        return ended;
    }
    let (session, told) = close(harness, CloseBy::Operator).await?;
    let (first, _) = only_close(&told)?;
    for between in [Act::Reopen, Act::ClientWrites, Act::OperatorWrites] {
        hear(harness, &act(harness, &session, between).await?).await?;
    }
    let told = hear(harness, &act(harness, &session, Act::Close(CloseBy::Operator)).await?).await?;
    let (second, _) = only_close(&told)?;
    ensure(second.key != first.key, || format!("two closes have one key {:?}", first.key))?;
    ensure(second.at > first.at, || format!("the second close at {} is not after the first at {}", second.at, first.at))?;
    Ok(Passed::Held)
}

/// Many closes at once are separate closes, each of its chat.
pub async fn tells_each_of_many_closes<H: DeskHarness>(harness: &H) -> CaseResult {
    let (mut sessions, mut posted) = (Vec::new(), Vec::new());
    for _ in 0..12 {
        sessions.push(harness.open().await.0);
    }
    for session in &sessions {
        posted.extend(act(harness, session, Act::Close(CloseBy::Operator)).await?);
    }
    // In reverse order, because requests can overtake each other.
    posted.reverse();
    let told = hear(harness, &posted).await?;
    for session in &sessions {
        let its = closes(&told).filter(|(event, _)| event.session == *session).count();
        ensure(its == 1, || format!("chat {session} was closed once and told as {its} closes"))?;
    }
    Ok(Passed::Held)
}

/// A reopening is reported, later than its close.
pub async fn tells_of_a_reopening<H: DeskHarness>(harness: &H) -> CaseResult {
    if let Err(ended) = claimed(harness, Tells::Reopened) {
        return ended;
    }
    let (session, told) = close(harness, CloseBy::Operator).await?;
    let (closed, _) = only_close(&told)?;
    let told = hear(harness, &act(harness, &session, Act::Reopen).await?).await?;
    let reopened = told.iter().find(|event| event.session == session && event.kind == DeskEventKind::Reopened);
    let reopened = reopened.ok_or_else(|| format!("a reopening was told as {told:?}"))?;
    ensure(reopened.at > closed.at, || "the reopening is not later than the close, so it would be taken for an old event".into())?;
    ensure(closes(&told).next().is_none(), || "a reopening was told as a close".into())?;
    Ok(Passed::Held)
}

/// Closed and reopened before the requests arrived: the events must not leave the chat closed.
pub async fn takes_back_a_close_that_was_undone<H: DeskHarness>(harness: &H) -> CaseResult {
    if let Err(ended) = claimed(harness, Tells::Reopened) {
        return ended;
    }
    let (session, opening) = harness.open().await;
    hear(harness, &opening).await?;
    let mut posted = act(harness, &session, Act::Close(CloseBy::Operator)).await?;
    posted.extend(act(harness, &session, Act::Reopen).await?);
    for order in [posted.clone(), posted.into_iter().rev().collect()] {
        let told = hear(harness, &order).await?;
        let last = |matches: fn(&DeskEventKind) -> bool| told.iter().filter(|event| matches(&event.kind)).map(|event| event.at).max();
        let closed = last(|what| matches!(what, DeskEventKind::Closed(_)));
        let reopened = last(|what| *what == DeskEventKind::Reopened);
        ensure(closed.is_none_or(|closed| reopened.is_some_and(|reopened| reopened > closed)), || {
            format!("the chat is open, and what was heard leaves it closed: {told:?}")
        })?;
    }
    Ok(Passed::Held)
}

/// A person who becomes responsible after the close gets neither the close nor a separate one.
pub async fn leaves_the_close_as_it_was_when_reassigned<H: DeskHarness>(harness: &H) -> CaseResult {
    let (session, told) = close(harness, CloseBy::Operator).await?;
    let (first, _) = only_close(&told)?;
    let Some(posted) = harness.act(&session, Act::Reassign).await else {
        return Ok(Passed::NotClaimed("nobody else becomes responsible here"));
    };
    let told = hear(harness, &posted).await?;
    ensure(closes(&told).all(|(event, _)| event.key == first.key), || "another operator was told as another close".into())?;
    if let Err(ended) = claimed(harness, Tells::Reassigned) {
        return ended;
    }
    let [_, colleague, _] = harness.people();
    let reassigned = told.iter().any(|event| {
        matches!(&event.kind, DeskEventKind::Reassigned { operator: Some(person), .. } if person.id == colleague) && event.at >= first.at
    });
    ensure(reassigned, || format!("another operator was told as {told:?}"))?;
    Ok(Passed::Held)
}

/// A merge is reported with the chat that remains.
pub async fn tells_of_a_merge<H: DeskHarness>(harness: &H) -> CaseResult {
    if let Err(ended) = claimed(harness, Tells::Merged) {
        return ended;
    }
    let (session, opening) = harness.open().await;
    hear(harness, &opening).await?;
    let told = hear(harness, &act(harness, &session, Act::Merge).await?).await?;
    let into = told.iter().find_map(|event| match &event.kind {
        DeskEventKind::Merged { into } if event.session == session => Some(into.clone()),
        _ => None,
    });
    let into = into.ok_or_else(|| format!("a merge was told as {told:?}"))?;
    ensure(!into.is_empty() && into != session, || format!("the chat was merged into {into:?}"))?;
    ensure(closes(&told).all(|(event, _)| event.session != session), || "a merge was told as a close".into())?;
    Ok(Passed::Held)
}

/// All who wrote to the client are named at the close, and programs are distinguished from people.
pub async fn tells_all_who_served<H: DeskHarness>(harness: &H) -> CaseResult {
    if let Err(ended) = claimed(harness, Tells::Operators) {
        return ended;
    }
    let (session, opening) = harness.open().await;
    hear(harness, &opening).await?;
    let programs = harness.desk().abilities().tell(Tells::Programs);
    if programs {
        hear(harness, &act(harness, &session, Act::ProgramWrites).await?).await?;
    }
    for act_now in [Act::ColleagueWrites, Act::OperatorWrites] {
        hear(harness, &act(harness, &session, act_now).await?).await?;
    }
    let told = hear(harness, &act(harness, &session, Act::Close(CloseBy::Operator)).await?).await?;
    let (_, Closing { chat, .. }) = only_close(&told)?;
    let [operator, colleague, program] = harness.people();
    for (id, is_program) in [(operator, false), (colleague, false), (program, true)] {
        if is_program && !programs {
            continue;
        }
        let named: Vec<_> = chat.operators.iter().filter(|person| person.id == id).collect();
        ensure(named.len() == 1, || format!("{id} wrote to the client and is named {} times", named.len()))?;
        ensure(named[0].program == is_program, || format!("{id} is {}a program", if is_program { "" } else { "not " }))?;
    }
    Ok(Passed::Held)
}

/// The time of the client's last message is reported, so that closes before and after it can be distinguished.
pub async fn tells_when_the_client_last_wrote<H: DeskHarness>(harness: &H) -> CaseResult {
    if let Err(ended) = claimed(harness, Tells::ClientTime) {
        return ended;
    }
    let (session, opening) = harness.open().await;
    hear(harness, &opening).await?;
    let before = harness.now();
    hear(harness, &act(harness, &session, Act::ClientWrites).await?).await?;
    hear(harness, &act(harness, &session, Act::OperatorWrites).await?).await?;
    let told = hear(harness, &act(harness, &session, Act::Close(CloseBy::Operator)).await?).await?;
    let (event, closing) = only_close(&told)?;
    let at = closing.chat.last_client_message_at;
    // Platforms report whole seconds.
    ensure(at.is_some_and(|at| at > before - 1_000 && at < event.at), || {
        format!("the client wrote after {before} and before {}, told as {at:?}", event.at)
    })?;
    Ok(Passed::Held)
}

/// A client who answers in a closed chat may reopen it; that is neither a new chat nor a close.
pub async fn tells_the_clients_answer_as_no_new_chat<H: DeskHarness>(harness: &H) -> CaseResult {
    let (session, told) = close(harness, CloseBy::Operator).await?;
    let (first, _) = only_close(&told)?;
    let Some(posted) = harness.act(&session, Act::ClientWrites).await else {
        return Ok(Passed::NotClaimed("clients cannot write into a closed chat here"));
    };
    let told = hear(harness, &posted).await?;
    ensure(told.iter().all(|event| event.session == session), || "the answer was told of another chat".into())?;
    ensure(!told.iter().any(|event| matches!(event.kind, DeskEventKind::Opened(_))), || "the answer was told as a new chat".into())?;
    ensure(closes(&told).all(|(event, _)| event.key == first.key), || "the answer was told as another close".into())?;
    Ok(Passed::Held)
}

/// A label, a field or a note after the close is not a second close.
pub async fn tells_nothing_of_edits_after_the_close<H: DeskHarness>(harness: &H) -> CaseResult {
    let (session, told) = close(harness, CloseBy::Operator).await?;
    let (first, _) = only_close(&told)?;
    let told = hear(harness, &act(harness, &session, Act::Edit).await?).await?;
    ensure(closes(&told).all(|(event, _)| event.key == first.key), || "an edit was told as another close".into())?;
    Ok(Passed::Held)
}

/// Requests of older releases without the account have the same meaning.
pub async fn reads_calls_without_an_account<H: DeskHarness>(harness: &H) -> CaseResult {
    let (session, opening) = harness.open().await;
    hear(harness, &opening).await?;
    let posted = act(harness, &session, Act::Close(CloseBy::Operator)).await?;
    let bare: Option<Vec<_>> = posted.iter().map(|request| harness.without_account(request)).collect();
    let Some(bare) = bare else { return Ok(Passed::NotClaimed("no account is in a request")) };
    let (told, bare) = (hear(harness, &posted).await?, hear(harness, &bare).await?);
    ensure(only_close(&told)?.0 == only_close(&bare)?.0, || "without the account a close was read differently".into())?;
    Ok(Passed::Held)
}

/// A chat that was opened and closed, and the events of the close.
async fn close<H: DeskHarness>(harness: &H, by: CloseBy) -> Result<(String, Vec<DeskEvent>), String> {
    let (session, opening) = harness.open().await;
    hear(harness, &opening).await?;
    let told = hear(harness, &act(harness, &session, Act::Close(by)).await?).await?;
    Ok((session, told))
}
