//! Ratings shown to operators: once, whatever the network does, and without losing data of others.

use super::{Act, DeskHarness, Traces, act, closes, hear, only_close};
use crate::kit::cases::{MANY_SCRIPTS, ensure};
use crate::kit::{CaseResult, Passed, Played, Remote};
use crate::{CloseBy, DeskEventKind, Receipt, Scale, SendError, Verdict, WriteBack};
use std::time::Duration;

/// Far beyond any adapter's own timeout; reaching it means that it has none.
const WRITE_MAX: Duration = Duration::from_secs(30);

/// One rating is one note, however often it is written with the same key.
pub async fn writes_back_once_per_key<H: DeskHarness>(harness: &H) -> CaseResult {
    let Some((session, _)) = closed_chat(harness).await? else { return not_claimed() };
    let rating = rating(harness, &session, "dlv_kit_1", 4);
    for _ in 0..3 {
        write_ok(harness, &rating).await?;
    }
    let traces = harness.traces(&session).await;
    let notes = traces.notes.len();
    ensure(notes == 1, || format!("one rating, written three times with one key, left {notes} notes"))?;
    ensure(traces.notes[0].contains(MANY_SCRIPTS), || format!("the note says {:?}", traces.notes[0]))?;
    Ok(Passed::Held)
}

/// A changed rating is shown with its current values.
pub async fn writes_a_changed_rating_as_well<H: DeskHarness>(harness: &H) -> CaseResult {
    let Some((session, _)) = closed_chat(harness).await? else { return not_claimed() };
    write_ok(harness, &rating(harness, &session, "dlv_kit_1", 4)).await?;
    let first = harness.traces(&session).await;
    write_ok(harness, &WriteBack { changed: true, ..rating(harness, &session, "dlv_kit_2", 2) }).await?;
    let second = harness.traces(&session).await;
    ensure(second.notes.len() == 2, || format!("a changed rating left {} notes", second.notes.len()))?;
    ensure(first.field.is_none() || first.field != second.field, || "the field still shows the rating before".into())?;
    Ok(Passed::Held)
}

/// Fields, labels and tags of others are preserved.
pub async fn keeps_what_others_wrote<H: DeskHarness>(harness: &H) -> CaseResult {
    let Some((session, _)) = closed_chat(harness).await? else { return not_claimed() };
    let before = harness.traces(&session).await.of_others;
    ensure(!before.is_empty(), || "the harness begins with nothing of others".into())?;
    write_ok(harness, &rating(harness, &session, "dlv_kit_1", 5)).await?;
    write_ok(harness, &rating(harness, &session, "dlv_kit_2", 1)).await?;
    let after = harness.traces(&session).await.of_others;
    let lost: Vec<_> = before.iter().filter(|mark| !after.contains(mark)).collect();
    ensure(lost.is_empty(), || format!("lost of what others wrote: {lost:?}"))?;
    Ok(Passed::Held)
}

/// The client sees nothing of it.
pub async fn says_nothing_to_the_client<H: DeskHarness>(harness: &H) -> CaseResult {
    let Some((session, _)) = closed_chat(harness).await? else { return not_claimed() };
    let before = harness.traces(&session).await.client_sees;
    write_ok(harness, &rating(harness, &session, "dlv_kit_1", 1)).await?;
    let after = harness.traces(&session).await.client_sees;
    ensure(after == before, || "a rating was shown to the client".into())?;
    Ok(Passed::Held)
}

/// The desk's requests about our own note, field and labels are not a new chat, a message or a second close.
pub async fn hears_no_event_in_its_own_traces<H: DeskHarness>(harness: &H) -> CaseResult {
    let Some((session, key)) = closed_chat(harness).await? else { return not_claimed() };
    harness.echoes().await;
    write_ok(harness, &rating(harness, &session, "dlv_kit_1", 4)).await?;
    let told = hear(harness, &harness.echoes().await).await?;
    // A chat that is read again is still closed, with the same key.
    let another = closes(&told).find(|(event, _)| event.key != key);
    ensure(another.is_none(), || format!("our own traces were told as another close: {another:?}"))?;
    let loud = told.iter().find(|event| !matches!(event.kind, DeskEventKind::Other { .. } | DeskEventKind::Closed(_)));
    ensure(loud.is_none(), || format!("our own traces were told as {loud:?}"))?;
    Ok(Passed::Held)
}

/// If the desk accepted it but the response was lost, the next attempt with the same key leaves one note.
pub async fn writes_once_when_the_answer_was_lost<H: DeskHarness>(harness: &H) -> CaseResult {
    let Some((session, _)) = closed_chat(harness).await? else { return not_claimed() };
    if let Played::CannotHappen(why) = harness.play(Remote::Hang).await {
        return Ok(Passed::NotClaimed(why));
    }
    let rating = rating(harness, &session, "dlv_kit_1", 3);
    match write(harness, &rating).await? {
        Err(SendError { verdict: Verdict::CannotKnow | Verdict::RetryBackoff, .. }) => {}
        other => return Err(format!("the answer was lost, and write_back says {other:?}")),
    }
    harness.play(Remote::Ok).await;
    write_ok(harness, &rating).await?;
    let notes = harness.traces(&session).await.notes.len();
    ensure(notes == 1, || format!("one rating, whose first answer was lost, left {notes} notes"))?;
    Ok(Passed::Held)
}

/// A deleted chat is gone: neither a retry nor a broken connection.
pub async fn tells_when_the_chat_is_gone<H: DeskHarness>(harness: &H) -> CaseResult {
    let Some((session, _)) = closed_chat(harness).await? else { return not_claimed() };
    if let Played::CannotHappen(why) = harness.play(Remote::Blocked).await {
        return Ok(Passed::NotClaimed(why));
    }
    match write(harness, &rating(harness, &session, "dlv_kit_1", 3)).await? {
        Err(SendError { verdict: Verdict::RecipientGone, .. }) => Ok(Passed::Held),
        other => Err(format!("the chat is gone, and write_back says {other:?}")),
    }
}

/// A rate limit is `RetryAfter` with the desk's own delay (and at most a second more).
pub async fn passes_on_the_delay_when_throttled<H: DeskHarness>(harness: &H) -> CaseResult {
    let Some((session, _)) = closed_chat(harness).await? else { return not_claimed() };
    for wait in [3_000, 7_000] {
        if let Played::CannotHappen(why) = harness.play(Remote::Throttled(wait)).await {
            return Ok(Passed::NotClaimed(why));
        }
        match write(harness, &rating(harness, &session, "dlv_kit_1", 3)).await? {
            Err(SendError { verdict: Verdict::RetryAfter(ms), .. }) if (wait..=wait + 1_000).contains(&ms) => {}
            other => return Err(format!("the desk asked for {wait} ms, and write_back says {other:?}")),
        }
    }
    Ok(Passed::Held)
}

/// A desk that is down, unreachable or returns garbage has not accepted the rating; it is retried.
pub async fn never_takes_trouble_for_success<H: DeskHarness>(harness: &H) -> CaseResult {
    let Some((session, _)) = closed_chat(harness).await? else { return not_claimed() };
    for remote in [Remote::Down, Remote::Garbage, Remote::Refused] {
        if let Played::CannotHappen(_) = harness.play(remote).await {
            continue;
        }
        match write(harness, &rating(harness, &session, "dlv_kit_1", 3)).await? {
            Err(SendError { verdict: Verdict::RetryBackoff | Verdict::CannotKnow, .. }) => {}
            other => return Err(format!("the desk is {remote:?}, and write_back says {other:?}")),
        }
    }
    harness.play(Remote::Ok).await;
    write_ok(harness, &rating(harness, &session, "dlv_kit_1", 3)).await?;
    let Traces { notes, .. } = harness.traces(&session).await;
    ensure(notes.len() == 1, || format!("after trouble and one good try there are {} notes", notes.len()))?;
    Ok(Passed::Held)
}

fn not_claimed() -> CaseResult {
    Ok(Passed::NotClaimed("no ratings are shown there"))
}

/// A closed chat and the key of its close, if the desk shows ratings.
async fn closed_chat<H: DeskHarness>(harness: &H) -> Result<Option<(String, String)>, String> {
    if !harness.desk().abilities().writes_back {
        return Ok(None);
    }
    let (session, opening) = harness.open().await;
    hear(harness, &opening).await?;
    let told = hear(harness, &act(harness, &session, Act::Close(CloseBy::Operator)).await?).await?;
    let key = only_close(&told)?.0.key.clone();
    Ok(Some((session, key)))
}

fn rating<H: DeskHarness>(harness: &H, session: &str, key: &str, score: u8) -> WriteBack {
    WriteBack {
        key: key.to_owned(),
        session: session.to_owned(),
        rating_request: "rrq_kit".to_owned(),
        scale: Scale::FiveStar,
        score,
        low: score <= 2,
        comment: Some(MANY_SCRIPTS.to_owned()),
        rated_at: harness.now(),
        text: format!("{} {MANY_SCRIPTS}", Scale::FiveStar.label(score)),
        page: Some("https://rate.example/ratings/rrq_kit".to_owned()),
        ..WriteBack::default()
    }
}

/// Writes once. The outer error is a failure of the case: the adapter hung.
async fn write<H: DeskHarness>(harness: &H, rating: &WriteBack) -> Result<Result<Receipt, SendError>, String> {
    tokio::time::timeout(WRITE_MAX, harness.desk().write_back(rating))
        .await
        .map_err(|_| format!("write_back did not end within {WRITE_MAX:?}: an adapter needs a time limit of its own"))
}

async fn write_ok<H: DeskHarness>(harness: &H, rating: &WriteBack) -> Result<Receipt, String> {
    write(harness, rating).await?.map_err(|error| format!("the desk took the rating, but write_back said: {error}"))
}
