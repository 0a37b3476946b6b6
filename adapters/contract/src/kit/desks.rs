//! Named test cases for desks, selected by their abilities, similar to those for channels.
//!
//! ```text
//! struct Inside { … }                                // what the desk holds
//! impl lastword_contract::kit::desks::DeskApi for Inside { … }
//!
//! struct Nest { … }                                  // DeskStub::start(Inside { … }), and our adapter pointed at its url()
//!
//! #[async_trait::async_trait]
//! impl lastword_contract::kit::desks::DeskHarness for Nest { … }
//!
//! lastword_contract::desk_cases!(Nest);              // one named #[tokio::test] per case
//! ```
//!
//! A case makes something happen at the stub ([`Act`]), passes the stub's requests to [`crate::Desk::receive`], reads the
//! chat if required, as the engine does, and checks the resulting events. `tests/kit_on_a_nest.rs`, a whole toy desk with
//! its harness, shows that broken desks fail.
//!
//! | group | tests |
//! |---|---|
//! | [`telling`] | reports about chats: once, in order, who closed, who served, also after later changes |
//! | [`writing`] | ratings shown to operators: once, without losing data of others |
//! | [`mending`] | lost requests recovered, problems reported, repeated set-up without harm |
//! | [`guarding`] | forgeries refused, no panic on any bytes, no secrets shown |

pub mod guarding;
mod harness;
pub mod mending;
mod stub;
pub mod telling;
pub mod writing;

pub use harness::{Act, DeskHarness, Traces, Wrong};
pub use stub::{DeskApi, DeskStub};

use super::{CaseResult, Passed};
use crate::{Closing, DeskEvent, DeskEventKind, RawRequest, Tells, Verdict};

/// Number of times a chat is read before the case gives up: some desks record who closed it a moment later.
const READS_MAX: usize = 8;

/// The events of these requests as the engine sees them: each received, and changed chats read. Repeated events count once.
async fn hear<H: DeskHarness>(harness: &H, requests: &[RawRequest]) -> Result<Vec<DeskEvent>, String> {
    let mut heard = Vec::new();
    for request in requests {
        harness.desk().prepare(request).await.map_err(|error| format!("the desk's own request was not taken: {error}"))?;
        let events = harness.desk().receive(request).map_err(|rejected| format!("the desk's own request was rejected: {rejected}"))?.events;
        heard.extend(read_changed(harness, events).await?);
    }
    once(heard)
}

/// The events, with changed chats read.
async fn read_changed<H: DeskHarness>(harness: &H, events: Vec<DeskEvent>) -> Result<Vec<DeskEvent>, String> {
    let mut heard = Vec::new();
    for event in events {
        if let DeskEventKind::Changed { read_after } = event.kind {
            if !harness.desk().abilities().reads {
                return Err("asks for a chat to be read, but does not claim to read".into());
            }
            heard.extend(read(harness, &event, read_after).await?);
        } else {
            heard.push(event);
        }
    }
    Ok(heard)
}

async fn read<H: DeskHarness>(harness: &H, event: &DeskEvent, read_after: i64) -> Result<Vec<DeskEvent>, String> {
    let mut now = harness.now().max(event.at) + read_after;
    for _ in 0..READS_MAX {
        match harness.desk().read(&event.session, event.at, now).await {
            Ok(found) if found.iter().any(|found| matches!(found.kind, DeskEventKind::Changed { .. })) => {
                return Err("a chat that was read has to be read again: that never ends".into());
            }
            Ok(found) => return Ok(found),
            Err(error) => match error.verdict {
                Verdict::RetryAfter(pause) => {
                    harness.later().await;
                    now += pause;
                }
                _ => return Err(format!("the chat could not be read: {error}")),
            },
        }
    }
    Err(format!("the chat could not be read in {READS_MAX} tries"))
}

/// Removes repeated events, by key.
fn once(heard: Vec<DeskEvent>) -> Result<Vec<DeskEvent>, String> {
    let mut kept: Vec<DeskEvent> = Vec::new();
    for event in heard {
        match kept.iter().find(|known| known.key == event.key) {
            None => kept.push(event),
            Some(known) if known.session == event.session && known.at == event.at => {}
            Some(known) => return Err(format!("two events have the key {:?}: at {} and at {}", event.key, known.at, event.at)),
        }
    }
    Ok(kept)
}

/// Makes something happen that the desk claims to report.
async fn act<H: DeskHarness>(harness: &H, session: &str, act: Act) -> Result<Vec<RawRequest>, String> {
    harness.act(session, act).await.ok_or_else(|| format!("the harness cannot play {act:?}, which the case needs"))
}

/// The only close among these events.
fn only_close(events: &[DeskEvent]) -> Result<(&DeskEvent, &Closing), String> {
    let closes: Vec<_> = closes(events).collect();
    match closes[..] {
        [one] => Ok(one),
        _ => Err(format!("one close was told as {}: {events:?}", closes.len())),
    }
}

fn closes(events: &[DeskEvent]) -> impl Iterator<Item = (&DeskEvent, &Closing)> {
    events.iter().filter_map(|event| match &event.kind {
        DeskEventKind::Closed(closing) => Some((event, &**closing)),
        _ => None,
    })
}

/// Ends the case if the desk does not claim to report this.
fn claimed<H: DeskHarness>(harness: &H, what: Tells) -> Result<(), CaseResult> {
    if harness.desk().abilities().tell(what) { Ok(()) } else { Err(Ok(Passed::NotClaimed("the desk does not tell it"))) }
}

/// Expands to one named `#[tokio::test]` per case of the kit for a [`DeskHarness`] type.
///
/// The calling crate needs tokio with `macros` and `rt` as a dev-dependency.
#[macro_export]
macro_rules! desk_cases {
    ($harness:ty) => {
        $crate::desk_cases!(@each $harness, telling: [
            tells_of_new_chats,
            tells_a_close_by_an_operator,
            tells_a_close_by_a_client,
            tells_a_close_by_timeout,
            tells_a_close_by_a_bot,
            tells_a_close_once,
            tells_a_second_close_apart,
            tells_each_of_many_closes,
            tells_of_a_reopening,
            takes_back_a_close_that_was_undone,
            leaves_the_close_as_it_was_when_reassigned,
            tells_of_a_merge,
            tells_all_who_served,
            tells_when_the_client_last_wrote,
            tells_the_clients_answer_as_no_new_chat,
            tells_nothing_of_edits_after_the_close,
            reads_calls_without_an_account,
        ]);
        $crate::desk_cases!(@each $harness, writing: [
            writes_back_once_per_key,
            writes_a_changed_rating_as_well,
            keeps_what_others_wrote,
            says_nothing_to_the_client,
            hears_no_event_in_its_own_traces,
            writes_once_when_the_answer_was_lost,
            tells_when_the_chat_is_gone,
            passes_on_the_delay_when_throttled,
            never_takes_trouble_for_success,
        ]);
        $crate::desk_cases!(@each $harness, mending: [
            finds_a_lost_close,
            finds_nothing_new_twice,
            finds_all_of_many,
            finds_lost_closes_of_open_chats,
            names_what_is_wrong,
            looks_without_changing,
            sets_up_twice_without_harm,
        ]);
        $crate::desk_cases!(@each $harness, guarding: [
            rejects_what_is_not_signed,
            survives_garbage,
            keeps_unknown_events,
            shows_no_secret,
        ]);
    };
    (@each $harness:ty, $group:ident: [$($case:ident),* $(,)?]) => {$(
        #[tokio::test]
        async fn $case() {
            let harness = <$harness as $crate::kit::desks::DeskHarness>::start().await;
            $crate::kit::report(stringify!($case), $crate::kit::desks::$group::$case(&harness).await);
        }
    )*};
}
