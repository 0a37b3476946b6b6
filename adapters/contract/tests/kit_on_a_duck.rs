//! The kit on a toy channel, and the proof that the kit catches lies.
//!
//! A duck carries messages over a pond that is only memory, so this file is also the shortest complete example of a
//! channel and its harness. Below, ducks that are broken on purpose each fail the case that is about their fault.

use async_trait::async_trait;
use lastword_contract::kit::{self, Call, CaseResult, Harness, Passed, Played, Remote};
use lastword_contract::{
    Account, Address, Capabilities, Channel, Context, DeliveryStatus, Headers, Inbound, InboundKind, Outgoing, RawRequest, Reaction,
    Receipt, Received, Rejected, Scale, SendError, TextLimit, TextMessage, Verdict, WindowRule,
};
use serde_json::{Value, json};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

#[path = "kit_on_a_duck/mute.rs"]
mod a_mute_channel_passes;

const SECRET: &str = "quack-quack-secret";

/// What is wrong with a duck.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Fault {
    None,
    SendsTwice,
    RetriesByItself,
    IgnoresTheLimit,
    CutsBytes,
    ShortensTokens,
    DropsChoices,
    DropsLinks,
    DropsFooters,
    DropsChoicesOutside,
    DropsForms,
    MisreadsForms,
    NeverSaysThatSomebodyWrote,
    EditsAnew,
    InventsKeys,
    FixedDelay,
    BlamesTheConnection,
    RetriesAfterSilence,
    ResendsGarbled,
    OneKeyForAll,
    TrustsAnybody,
    UnwrapsBodies,
    FailsUnknownEvents,
    ShowsItsSecret,
    ChecksByQuacking,
    MistakesStrangers,
    HangsForEver,
    ForgetsWhatIsRepliedTo,
    TakesForwardsForOwnWords,
    MixesUpReactions,
    KeepsReactionsTakenBack,
    GivesEditsNewIds,
    MistakesWhatIsDeleted,
}

/// The remote: behaves as it is told and remembers what it got.
struct Pond {
    remote: Mutex<Remote>,
    calls: Mutex<Vec<Call>>,
}

impl Pond {
    async fn take(&self, call: Call) -> Result<String, SendError> {
        let remote = *self.remote.lock().unwrap();
        if remote != Remote::Refused {
            self.calls.lock().unwrap().push(call);
        }
        let error = |verdict, kind| Err(SendError::new(verdict, kind, "the pond says no"));
        match remote {
            Remote::Ok => Ok(self.calls.lock().unwrap().len().to_string()),
            Remote::Garbage => error(Verdict::CannotKnow, "garbled"),
            Remote::Blocked => error(Verdict::RecipientGone, "blocked_by_client"),
            Remote::Throttled(wait) => error(Verdict::RetryAfter(wait), "throttled"),
            Remote::Down => error(Verdict::RetryBackoff, "server_error"),
            Remote::Hang => {
                tokio::time::sleep(Duration::from_millis(20)).await;
                error(Verdict::CannotKnow, "timeout")
            }
            Remote::Refused => error(Verdict::RetryBackoff, "connection_refused"),
        }
    }
}

/// The channel. A real one holds an HTTP client where this one holds the pond.
struct Duck {
    fault: Fault,
    pond: Arc<Pond>,
}

impl std::fmt::Debug for Duck {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Duck({})", if self.fault == Fault::ShowsItsSecret { SECRET } else { "…" })
    }
}

#[async_trait]
impl Channel for Duck {
    fn kind(&self) -> &'static str {
        "duck"
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities {
            binary: true,
            five_star: true,
            text_max: Some(TextLimit::Bytes(200)),
            choices_max: 8,
            edits: true,
            comment_box: true,
            free_text: true,
            reactions: true,
            edits_seen: true,
            deletions_seen: true,
            links: true,
            footer: true,
            alerts: true,
            events: true,
            templates: &[Scale::Binary, Scale::FiveStar],
            native_form: &[Scale::Binary, Scale::FiveStar],
            window: WindowRule::AfterClient(86_400_000),
            idempotent_sends: true,
            proof_of_delivery: true,
            ..Capabilities::default()
        }
    }

    async fn send(&self, outgoing: &Outgoing) -> Result<Receipt, SendError> {
        let mut tokens: Vec<String> = outgoing.choices.iter().map(|choice| choice.token.clone()).collect();
        let links: Vec<&str> = outgoing.choices.iter().filter_map(|choice| choice.link.as_deref()).collect();
        let mut call = Call {
            text: TextLimit::Bytes(200).shorten(&outgoing.text),
            replaces: outgoing.replaces.clone(),
            key: Some(outgoing.key.clone()),
            raw: format!("{:?} {} {} {:?}", outgoing.purpose, outgoing.data, links.join(" "), outgoing.footer),
            ..Call::default()
        };
        match self.fault {
            Fault::IgnoresTheLimit => call.text = outgoing.text.clone(),
            Fault::CutsBytes => call.text = String::from_utf8_lossy(&outgoing.text.as_bytes()[..outgoing.text.len().min(24)]).into_owned(),
            Fault::ShortensTokens => tokens.iter_mut().for_each(|token| token.truncate(60)),
            Fault::DropsChoices => tokens.truncate(5),
            Fault::DropsLinks => call.raw.clear(),
            Fault::DropsFooters => call.raw = links.join(" "),
            Fault::DropsChoicesOutside if outgoing.outside_window => tokens.clear(),
            Fault::EditsAnew => call.replaces = None,
            Fault::InventsKeys => call.key = Some(format!("k{}", self.pond.calls.lock().unwrap().len())),
            Fault::HangsForEver if *self.pond.remote.lock().unwrap() == Remote::Hang => std::future::pending().await,
            _ => {}
        }
        if self.fault != Fault::DropsForms && !(self.fault == Fault::DropsChoicesOutside && outgoing.outside_window) {
            tokens.extend(outgoing.form.clone());
        }
        call.tokens = tokens;
        if self.fault == Fault::SendsTwice {
            self.pond.take(call.clone()).await?;
        }
        let mut answer = self.pond.take(call.clone()).await;
        if self.fault == Fault::RetriesByItself && answer.is_err() {
            answer = self.pond.take(call).await;
        }
        match answer {
            Ok(id) => Ok(Receipt { message_id: Some(outgoing.replaces.clone().unwrap_or(id)), moved_to: None }),
            Err(mut error) => {
                error.verdict = match (self.fault, error.verdict) {
                    (Fault::FixedDelay, Verdict::RetryAfter(_)) => Verdict::RetryAfter(3_000),
                    (Fault::BlamesTheConnection, Verdict::RecipientGone) => Verdict::ConnectionBroken,
                    (Fault::RetriesAfterSilence, Verdict::CannotKnow) if error.kind == "timeout" => Verdict::RetryBackoff,
                    (Fault::ResendsGarbled, Verdict::CannotKnow) => Verdict::RetryBackoff,
                    (_, verdict) => verdict,
                };
                Err(error)
            }
        }
    }

    fn receive(&self, request: &RawRequest) -> Result<Received, Rejected> {
        if request.headers.get("x-duck-secret") != Some(SECRET) && self.fault != Fault::TrustsAnybody {
            return Err(Rejected::Unsigned("x-duck-secret"));
        }
        if self.fault == Fault::UnwrapsBodies {
            let _: Value = serde_json::from_slice(&request.body).unwrap();
        }
        let body: Value = serde_json::from_slice(&request.body).map_err(|_| Rejected::Unreadable("not JSON".into()))?;
        let word = |name: &str| body[name].as_str().map(str::to_owned);
        let need = |name: &'static str| word(name).ok_or_else(|| Rejected::Unreadable(format!("no {name}")));
        let user = if self.fault == Fault::MistakesStrangers { Some("drake".into()) } else { word("user") };
        let by = Address { chat: word("chat").unwrap_or_default(), user, via: None };
        let what = match need("quack")?.as_str() {
            "press" => InboundKind::Press { token: need("token")?, by, message_id: word("message"), press_id: None },
            "text" => {
                let context = match word("about") {
                    Some(id) if self.fault != Fault::ForgetsWhatIsRepliedTo => Context::ReplyTo(id),
                    _ if body["forwarded"] == true && self.fault != Fault::TakesForwardsForOwnWords => Context::Elsewhere("forward"),
                    _ => Context::Own,
                };
                InboundKind::Text(TextMessage::new(need("text")?, by).with_id(body["id"].to_string()).about(context))
            }
            "reaction" => {
                let message_id = if self.fault == Fault::MixesUpReactions { "1".into() } else { need("message")? };
                let emoji = word("emoji").or_else(|| (self.fault == Fault::KeepsReactionsTakenBack).then(String::new));
                InboundKind::Reaction(Reaction { by, message_id, emoji })
            }
            "edit" => {
                let id = if self.fault == Fault::GivesEditsNewIds { body["id"].to_string() } else { need("message")? };
                InboundKind::Edited(TextMessage::new(need("text")?, by).with_id(id))
            }
            "deletion" => {
                let message_id = if self.fault == Fault::MistakesWhatIsDeleted { "another".into() } else { need("message")? };
                InboundKind::Deleted { by, message_id }
            }
            "comment" => InboundKind::Comment { token: need("token")?, by, text: need("text")? },
            "form" => {
                let score = body["score"].as_u64().and_then(|score| score.try_into().ok()).unwrap_or(0);
                let comment = word("text").filter(|_| self.fault != Fault::MisreadsForms);
                InboundKind::Form { token: need("token")?, by, score, comment }
            }
            "arrived" => InboundKind::Status { message_id: word("message"), key: word("key"), status: DeliveryStatus::Delivered },
            _ if self.fault == Fault::FailsUnknownEvents => return Err(Rejected::Unreadable("what?".into())),
            kind => InboundKind::Other { kind: kind.to_owned() },
        };
        let id = body["id"].as_i64().ok_or_else(|| Rejected::Unreadable("no id".into()))?;
        let key = if self.fault == Fault::OneKeyForAll { "quack".into() } else { id.to_string() };
        let mut events = vec![Inbound { key: key.clone(), order: id, at: None, kind: what }];
        if let (InboundKind::Press { by, .. }, true) = (&events[0].kind, self.fault != Fault::NeverSaysThatSomebodyWrote) {
            let wrote = InboundKind::Wrote { by: by.clone(), at: id, window_expires_at: None };
            events.push(Inbound { key: format!("{key}:wrote"), order: id, at: None, kind: wrote });
        }
        Ok(Received { events, reply: String::new() })
    }

    async fn check(&self) -> Result<Account, SendError> {
        if self.fault == Fault::ChecksByQuacking {
            self.pond.take(Call::default()).await?;
        }
        Ok(Account { name: "Duck".into(), ..Account::default() })
    }
}

/// The harness: the duck, its pond, and how the pond signs.
struct OnThePond {
    duck: Duck,
    last_id: AtomicI64,
}

impl OnThePond {
    fn with(fault: Fault) -> Self {
        let pond = Arc::new(Pond { remote: Mutex::new(Remote::Ok), calls: Mutex::default() });
        Self { duck: Duck { fault, pond }, last_id: AtomicI64::new(0) }
    }

    fn event(&self, by: &Address, mut body: Value) -> Option<RawRequest> {
        body["id"] = (self.last_id.fetch_add(1, Ordering::Relaxed) + 1).into();
        body["chat"] = by.chat.clone().into();
        body["user"] = by.user.clone().into();
        self.signed(body.to_string().as_bytes())
    }
}

#[async_trait]
impl Harness for OnThePond {
    async fn start() -> Self {
        Self::with(Fault::None)
    }

    fn channel(&self) -> &dyn Channel {
        &self.duck
    }

    async fn play(&self, remote: Remote) -> Played {
        *self.duck.pond.remote.lock().unwrap() = remote;
        Played::Ready
    }

    async fn calls(&self) -> Vec<Call> {
        self.duck.pond.calls.lock().unwrap().clone()
    }

    fn client(&self) -> Address {
        Address { chat: "pond-1".into(), user: Some("drake".into()), via: None }
    }

    fn stranger(&self) -> Option<Address> {
        Some(Address { user: Some("goose".into()), ..self.client() })
    }

    fn press(&self, token: &str, by: &Address, message_id: Option<&str>) -> Option<RawRequest> {
        self.event(by, json!({ "quack": "press", "token": token, "message": message_id }))
    }

    fn text(&self, text: &str, by: &Address) -> Option<RawRequest> {
        self.event(by, json!({ "quack": "text", "text": text }))
    }

    fn reply(&self, text: &str, to: &str, by: &Address) -> Option<RawRequest> {
        self.event(by, json!({ "quack": "text", "text": text, "about": to }))
    }

    fn forwarded(&self, text: &str, by: &Address) -> Option<RawRequest> {
        self.event(by, json!({ "quack": "text", "text": text, "forwarded": true }))
    }

    fn reaction(&self, message_id: &str, emoji: Option<&str>, by: &Address) -> Option<RawRequest> {
        self.event(by, json!({ "quack": "reaction", "message": message_id, "emoji": emoji }))
    }

    fn edited(&self, text: &str, message_id: &str, by: &Address) -> Option<RawRequest> {
        self.event(by, json!({ "quack": "edit", "message": message_id, "text": text }))
    }

    fn deleted(&self, message_id: &str, by: &Address) -> Option<RawRequest> {
        self.event(by, json!({ "quack": "deletion", "message": message_id }))
    }

    fn comment(&self, token: &str, text: &str, by: &Address) -> Option<RawRequest> {
        self.event(by, json!({ "quack": "comment", "token": token, "text": text }))
    }

    fn form(&self, token: &str, score: u8, comment: &str, by: &Address) -> Option<RawRequest> {
        self.event(by, json!({ "quack": "form", "token": token, "score": score, "text": comment }))
    }

    fn delivered(&self, message_id: &str, key: &str) -> Option<RawRequest> {
        self.event(&self.client(), json!({ "quack": "arrived", "message": message_id, "key": key }))
    }

    fn unknown_event(&self) -> Option<RawRequest> {
        self.event(&self.client(), json!({ "quack": "moulting" }))
    }

    fn signed(&self, body: &[u8]) -> Option<RawRequest> {
        Some(RawRequest {
            method: "POST".into(),
            query: String::new(),
            headers: Headers::new([("X-Duck-Secret", SECRET)]),
            body: body.to_vec(),
            received_at: 1_700_000_000_000,
        })
    }

    fn forgeries(&self, request: &RawRequest) -> Vec<RawRequest> {
        let without = RawRequest { headers: Headers::default(), ..request.clone() };
        let wrong = RawRequest { headers: Headers::new([("x-duck-secret", "moo")]), ..request.clone() };
        vec![without, wrong]
    }

    fn secrets(&self) -> Vec<String> {
        vec![SECRET.into()]
    }
}

mod a_good_duck_passes {
    use super::OnThePond;

    lastword_contract::channel_cases!(OnThePond);
}

fn caught(fault: Fault, result: CaseResult) {
    assert!(result.is_err(), "a duck with the fault {fault:?} got away with it: {result:?}");
}

/// Each broken duck fails the case about its fault, while the good duck holds that very case.
macro_rules! catches {
    ($($name:ident: $fault:ident by $group:ident::$case:ident;)*) => {$(
        #[tokio::test]
        async fn $name() {
            assert_eq!(kit::$group::$case(&OnThePond::with(Fault::None)).await, Ok(Passed::Held));
            caught(Fault::$fault, kit::$group::$case(&OnThePond::with(Fault::$fault)).await);
        }
    )*};
}

catches! {
    catches_a_double_send: SendsTwice by sending::sends_once_per_call;
    catches_a_hidden_retry: RetriesByItself by failing::never_retries_by_itself;
    catches_a_text_beyond_the_limit: IgnoresTheLimit by sending::stays_within_its_text_limit;
    catches_a_text_cut_inside_a_character: CutsBytes by sending::stays_within_its_text_limit;
    catches_a_changed_text: CutsBytes by sending::keeps_non_ascii_text;
    catches_a_shortened_token: ShortensTokens by sending::shows_every_scale_it_claims;
    catches_lost_choices: DropsChoices by sending::carries_as_many_choices_as_it_claims;
    catches_links_left_out: DropsLinks by sending::shows_links_where_it_claims_them;
    catches_footers_left_out: DropsFooters by sending::shows_who_asks_and_why_where_it_claims_to;
    catches_choices_lost_outside_the_window: DropsChoicesOutside by sending::asks_outside_its_window;
    catches_a_form_without_its_token: DropsForms by sending::shows_its_native_form;
    catches_a_form_that_loses_its_comment: MisreadsForms by receiving::reads_forms;
    catches_a_press_that_opens_no_window: NeverSaysThatSomebodyWrote by receiving::tells_when_the_client_wrote;
    catches_an_edit_that_is_a_new_message: EditsAnew by sending::edits_in_place;
    catches_a_key_that_changes: InventsKeys by sending::carries_its_key;
    catches_a_made_up_delay: FixedDelay by failing::passes_on_the_delay_when_throttled;
    catches_a_blocked_client_taken_for_a_broken_connection: BlamesTheConnection by failing::tells_when_the_recipient_is_gone;
    catches_silence_taken_for_a_retry: RetriesAfterSilence by failing::takes_silence_for_unknown;
    catches_a_resend_after_a_garbled_answer: ResendsGarbled by failing::does_not_resend_after_a_garbled_answer;
    catches_one_key_for_all_events: OneKeyForAll by receiving::gives_one_event_one_key;
    catches_a_missing_signature_check: TrustsAnybody by receiving::rejects_what_is_not_signed;
    catches_a_panic_on_garbage: UnwrapsBodies by receiving::survives_garbage;
    catches_a_refused_unknown_event: FailsUnknownEvents by receiving::keeps_unknown_events;
    catches_a_stranger_taken_for_the_client: MistakesStrangers by receiving::tells_who_tapped;
    catches_a_reply_that_forgets_its_message: ForgetsWhatIsRepliedTo by correcting::tells_what_a_text_replies_to;
    catches_a_forward_taken_for_own_words: TakesForwardsForOwnWords by correcting::tells_texts_that_belong_elsewhere;
    catches_a_reaction_on_another_message: MixesUpReactions by correcting::reads_reactions;
    catches_a_reaction_that_is_never_taken_back: KeepsReactionsTakenBack by correcting::reads_reactions_taken_back;
    catches_an_edit_under_another_id: GivesEditsNewIds by correcting::reads_edits;
    catches_a_deletion_of_another_message: MistakesWhatIsDeleted by correcting::reads_deletions;
    catches_a_secret_in_debug: ShowsItsSecret by keeping::shows_no_secret;
    catches_a_check_that_sends: ChecksByQuacking by keeping::checks_without_sending;
}

#[tokio::test(start_paused = true)]
async fn catches_a_send_without_a_time_limit() {
    caught(Fault::HangsForEver, kit::failing::takes_silence_for_unknown(&OnThePond::with(Fault::HangsForEver)).await);
}
