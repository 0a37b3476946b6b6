//! Lost requests are recovered, problems are reported, and repeated set-up does no harm.

use super::{Act, DeskHarness, Wrong, act, closes, hear, once, only_close, read_changed};
use crate::kit::cases::ensure;
use crate::kit::{CaseResult, Passed};
use crate::{CloseBy, DeskEvent, Millis, SetUp};

/// Maximum number of searches to find everything.
const LOOKS_MAX: usize = 20;

/// A close whose request was lost is found later, with the key that it would have had.
pub async fn finds_a_lost_close<H: DeskHarness>(harness: &H) -> CaseResult {
    if !harness.desk().abilities().reconciles {
        return not_claimed();
    }
    let since = harness.now() - 1_000;
    let (session, opening) = harness.open().await;
    hear(harness, &opening).await?;
    let lost = act(harness, &session, Act::Close(CloseBy::Operator)).await?;
    let found = find(harness, since).await?;
    let (found, _) = closes(&found).find(|(event, _)| event.session == session).ok_or("a close that was not told was not found")?;
    let told = hear(harness, &lost).await?;
    let (told, _) = only_close(&told)?;
    ensure(found.key == told.key && found.at == told.at, || {
        format!("found as {:?} at {}, told as {:?} at {}: it would be two closes", found.key, found.at, told.key, told.at)
    })?;
    Ok(Passed::Held)
}

/// Searching again finds the same, or nothing.
pub async fn finds_nothing_new_twice<H: DeskHarness>(harness: &H) -> CaseResult {
    if !harness.desk().abilities().reconciles {
        return not_claimed();
    }
    let since = harness.now() - 1_000;
    let (session, _) = harness.open().await;
    act(harness, &session, Act::Close(CloseBy::Operator)).await?;
    let first = find(harness, since).await?;
    let known: Vec<&str> = first.iter().map(|event| event.key.as_str()).collect();
    let second = find(harness, since).await?;
    let new = second.iter().find(|event| !known.contains(&event.key.as_str()));
    ensure(new.is_none(), || format!("nothing happened, and a second look found {new:?}"))?;
    Ok(Passed::Held)
}

/// An outage of a day results in more than one page.
pub async fn finds_all_of_many<H: DeskHarness>(harness: &H) -> CaseResult {
    if !harness.desk().abilities().reconciles {
        return not_claimed();
    }
    let since = harness.now() - 1_000;
    let mut sessions = Vec::new();
    for _ in 0..60 {
        let (session, _) = harness.open().await;
        act(harness, &session, Act::Close(CloseBy::Operator)).await?;
        sessions.push(session);
    }
    let found = find(harness, since).await?;
    let missing = sessions.iter().filter(|session| !closes(&found).any(|(event, _)| event.session == **session)).count();
    ensure(missing == 0, || format!("of {} closes that were not told {missing} were not found", sessions.len()))?;
    Ok(Passed::Held)
}

/// Of chats that were open, those closed meanwhile are found, with the key that their close would have had. A chat that is
/// still open is not reported as closed.
pub async fn finds_lost_closes_of_open_chats<H: DeskHarness>(harness: &H) -> CaseResult {
    if !harness.desk().abilities().follows {
        return Ok(Passed::NotClaimed("the desk cannot be asked about single chats"));
    }
    let (mut open, mut lost) = (Vec::new(), Vec::new());
    for _ in 0..3 {
        let (session, opening) = harness.open().await;
        hear(harness, &opening).await?;
        open.push(session);
    }
    for session in &open[..2] {
        lost.push(act(harness, session, Act::Close(CloseBy::Operator)).await?);
    }
    harness.later().await;
    let asked = harness.desk().follow(&open, harness.now()).await.map_err(|error| format!("follow says: {error}"))?;
    let found = once(read_changed(harness, asked).await?)?;
    ensure(found.iter().all(|event| event.session != open[2]), || "a chat that is still open was told of".into())?;
    for (session, posted) in open.iter().zip(&lost) {
        let (found, _) = closes(&found).find(|(event, _)| event.session == *session).ok_or("a close that was not told was not found")?;
        let told = hear(harness, posted).await?;
        let (told, _) = only_close(&told)?;
        ensure(found.key == told.key && found.at == told.at, || {
            format!("found as {:?} at {}, told as {:?} at {}: it would be two closes", found.key, found.at, told.key, told.at)
        })?;
    }
    Ok(Passed::Held)
}

/// Each detectable problem is reported in one sentence; a desk without problems has no warnings.
pub async fn names_what_is_wrong<H: DeskHarness>(harness: &H) -> CaseResult {
    let url = harness.hook_url();
    let well = harness.desk().look(Some(&url)).await.map_err(|error| format!("all is well, but look says: {error}"))?;
    ensure(well.warnings.is_empty(), || format!("all is well, but look warns: {:?}", well.warnings))?;
    let mut played = false;
    for wrong in [Wrong::NoHook, Wrong::AsksItself, Wrong::FewRights] {
        if !harness.spoil(wrong).await {
            continue;
        }
        played = true;
        let named = match harness.desk().look(Some(&url)).await {
            Ok(account) => account.warnings.iter().any(|warning| warning.len() > 20),
            Err(_) => wrong == Wrong::FewRights,
        };
        // What a token may not see is a doubt, not a detectable problem.
        let doubted = harness.desk().doubts(Some(&url)).await.is_ok_and(|doubts| doubts.iter().any(|doubt| doubt.len() > 20));
        ensure(named || doubted, || format!("{wrong:?} is wrong, and neither look nor doubts say so"))?;
    }
    Ok(if played { Passed::Held } else { Passed::NotClaimed("nothing that can be wrong can be seen") })
}

/// A check changes nothing.
pub async fn looks_without_changing<H: DeskHarness>(harness: &H) -> CaseResult {
    let before = harness.changes().await;
    let url = harness.hook_url();
    harness.desk().look(Some(&url)).await.map_err(|error| format!("all is well, but look says: {error}"))?;
    if harness.desk().abilities().sets_up {
        let dry = SetUp { hook_url: Some(url), native_off: true, change: false };
        harness.desk().set_up(&dry).await.map_err(|error| format!("a dry run says: {error}"))?;
    }
    ensure(harness.changes().await == before, || "a look, or a dry run, changed something at the desk".into())?;
    Ok(Passed::Held)
}

/// After repeated set-up, the desk has one hook of ours, and the problems are fixed.
pub async fn sets_up_twice_without_harm<H: DeskHarness>(harness: &H) -> CaseResult {
    if !harness.desk().abilities().sets_up {
        return Ok(Passed::NotClaimed("the desk is set up by hand"));
    }
    harness.spoil(Wrong::NoHook).await;
    harness.spoil(Wrong::AsksItself).await;
    let wish = SetUp { hook_url: Some(harness.hook_url()), native_off: true, change: true };
    for _ in 0..2 {
        let done = harness.desk().set_up(&wish).await.map_err(|error| format!("setting up says: {error}"))?;
        ensure(done.steps.iter().chain(&done.warnings).all(|line| !line.trim().is_empty()), || "a step is empty".into())?;
    }
    if let Some(hooks) = harness.hooks().await {
        ensure(hooks == 1, || format!("set up twice, the desk has {hooks} hooks of ours"))?;
    }
    let account = harness.desk().look(Some(&harness.hook_url())).await.map_err(|error| format!("after a set-up, look says: {error}"))?;
    ensure(account.warnings.is_empty(), || format!("after a set-up, look warns: {:?}", account.warnings))?;
    Ok(Passed::Held)
}

fn not_claimed() -> CaseResult {
    Ok(Passed::NotClaimed("the desk cannot be asked what was lost"))
}

/// All events since `since`, as found by the engine: repeated searches until now is reached.
async fn find<H: DeskHarness>(harness: &H, since: Millis) -> Result<Vec<DeskEvent>, String> {
    harness.later().await;
    let (mut from, mut found) = (since, Vec::new());
    for _ in 0..LOOKS_MAX {
        let now = harness.now();
        let looked = harness.desk().reconcile(from, now).await.map_err(|error| format!("reconcile says: {error}"))?;
        found.extend(read_changed(harness, looked.events).await?);
        if looked.until >= now {
            return once(found);
        }
        ensure(looked.until > from, || format!("a look got no further than {from}"))?;
        from = looked.until;
    }
    Err(format!("after {LOOKS_MAX} looks there is still more to find"))
}
