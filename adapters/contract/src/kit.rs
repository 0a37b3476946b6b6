//! Named test cases for channels, selected by their capabilities.
//!
//! The test file of a channel consists of its set-up and one line:
//!
//! ```text
//! struct Pond;                                       // the specific parts of the platform: messages, refusals
//! impl lastword_contract::kit::HttpPlatform for Pond { … }
//!
//! struct Duck { … }                                  // HttpStub::start(Pond), and our channel pointed at its url()
//!
//! #[async_trait::async_trait]
//! impl lastword_contract::kit::Harness for Duck { … }
//!
//! lastword_contract::channel_cases!(Duck);           // one named #[tokio::test] per case
//! ```
//!
//! Cases read [`crate::Channel::capabilities`]: claims are tested, and what is not claimed is not required. Each case is
//! also a plain function that takes a harness and returns a [`CaseResult`]. `tests/kit_on_a_duck.rs`, a whole toy channel
//! with its harness, uses this to show that broken channels fail.
//!
//! | group | tests |
//! |---|---|
//! | [`sending`] | what is sent: once, within the limits, complete, in place |
//! | [`failing`] | errors when the remote refuses, is slow, down, unreachable or returns garbage |
//! | [`receiving`] | parsing of the platform's requests: signed, keyed, never a panic |
//! | [`listening`] | events of a channel that fetches: for a desk behind us, the platform's own bytes |
//! | [`keeping`] | no secrets shown, a check without side effects, a dropped send without damage |
//!
//! Desks have similar cases: [`desks`].

mod cases;
pub mod correcting;
pub mod desks;
pub mod failing;
mod harness;
mod http_stub;
pub mod keeping;
pub mod listening;
pub mod receiving;
pub mod sending;

pub use harness::{Call, Harness, Played, Remote};
pub use http_stub::{HttpAnswer, HttpPlatform, HttpRequest, HttpStub, posted};

/// Result of a case.
///
/// The error is a sentence for the author of the channel: what was expected, and what happened.
pub type CaseResult = Result<Passed, String>;

/// Why a case passed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Passed {
    /// The channel does what it claims.
    Held,
    /// Nothing to test: the channel does not claim it, or the platform cannot get into that state.
    NotClaimed(&'static str),
}

/// Reports the result of a case in a test: panics with the sentence if it failed, prints the reason if there was nothing to test.
///
/// # Panics
/// If the case failed.
pub fn report(case: &str, result: CaseResult) {
    match result {
        Ok(Passed::Held) => {}
        Ok(Passed::NotClaimed(why)) => println!("{case}: not claimed: {why}"),
        Err(why) => panic!("{case}: {why}"),
    }
}

/// Expands to one named `#[tokio::test]` per case of the kit for a [`Harness`] type.
///
/// The calling crate needs tokio with `macros` and `rt` as a dev-dependency.
#[macro_export]
macro_rules! channel_cases {
    ($harness:ty) => {
        $crate::channel_cases!(@each $harness, sending: [
            sends_once_per_call,
            stays_within_its_text_limit,
            keeps_non_ascii_text,
            shows_every_scale_it_claims,
            carries_as_many_choices_as_it_claims,
            shows_links_where_it_claims_them,
            shows_who_asks_and_why_where_it_claims_to,
            asks_outside_its_window,
            shows_its_native_form,
            edits_in_place,
            carries_its_key,
            carries_alerts,
            carries_alerts_in_parts,
            carries_events,
            tells_groups_from_clients,
            does_without_what_it_does_not_claim,
        ]);
        $crate::channel_cases!(@each $harness, failing: [
            never_retries_by_itself,
            passes_on_the_delay_when_throttled,
            tells_when_the_recipient_is_gone,
            takes_a_server_error_for_a_retry_or_unknown,
            takes_silence_for_unknown,
            takes_a_refused_connection_for_a_retry,
            does_not_resend_after_a_garbled_answer,
        ]);
        $crate::channel_cases!(@each $harness, receiving: [
            reads_the_longest_token_back,
            gives_one_event_one_key,
            tells_who_tapped,
            reads_what_clients_type,
            reads_comments,
            reads_forms,
            tells_when_the_client_wrote,
            reads_proof_of_delivery,
            rejects_what_is_not_signed,
            survives_garbage,
            keeps_unknown_events,
        ]);
        $crate::channel_cases!(@each $harness, correcting: [
            tells_what_a_text_replies_to,
            tells_texts_that_belong_elsewhere,
            reads_reactions,
            reads_reactions_taken_back,
            reads_edits,
            reads_deletions,
        ]);
        $crate::channel_cases!(@each $harness, listening: [
            hands_over_what_it_fetched,
        ]);
        $crate::channel_cases!(@each $harness, keeping: [
            shows_no_secret,
            checks_without_sending,
            survives_a_dropped_send,
            admits_its_clients,
        ]);
    };
    (@each $harness:ty, $group:ident: [$($case:ident),* $(,)?]) => {$(
        #[tokio::test]
        async fn $case() {
            let harness = <$harness as $crate::kit::Harness>::start().await;
            $crate::kit::report(stringify!($case), $crate::kit::$group::$case(&harness).await);
        }
    )*};
}
