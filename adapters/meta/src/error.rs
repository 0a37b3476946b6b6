//! Maps Meta's errors to kinds and verdicts. Only this module reads Meta's error codes.

use crate::graph::{Failure, Fault, Graph};
use lastword_contract::{Address, Millis, SendError, Verdict};

/// Meaning of one code, subcode or phrase.
struct Rule {
    when: When,
    kind: &'static str,
    then: Then,
}

/// Condition of a rule.
enum When {
    /// One of these subcodes, with any code: a code has several meanings, its subcode only one.
    Subcode(&'static [i64]),
    /// One of these codes with one of these subcodes.
    Both(&'static [i64], &'static [i64]),
    /// One of these, as code or subcode: the documentation does not say which.
    Either(&'static [i64]),
    /// This code with this text in its message (lower case).
    Words(i64, &'static str),
    /// One of these codes.
    Code(&'static [i64]),
    /// A code in this range, inclusive.
    Range(i64, i64),
}

/// Consequence of a rule.
#[derive(Clone, Copy)]
enum Then {
    Do(Verdict),
    /// Wait as long as the response says, otherwise with growing pauses.
    Throttle,
    /// The connection is broken; this is the remedy.
    Mend(&'static str),
}

const fn rule(when: When, kind: &'static str, then: Then) -> Rule {
    Rule { when, kind, then }
}

use Then::{Do, Mend, Throttle};
use When::{Both, Code, Either, Range, Subcode, Words};

/// Kind of a refused parameter. With the feedback tag it means that the window is closed.
pub(crate) const INVALID_PARAMETER: &str = "invalid_parameter";

const NEW_TOKEN: &str = "make a new access token and set `access_token`";
const PERMISSION: &str = "the app lacks a permission or is not live; see the adapter's README";

/// The first match counts: subcodes, then texts, then codes.
const RULES: &[Rule] = &[
    // Messenger and Instagram, by subcode.
    rule(Subcode(&[2_018_278, 2_534_022, 2_018_065]), "window_shut", Do(Verdict::WindowShut)),
    rule(Subcode(&[2_018_108, 1_545_041]), "client_unavailable", Do(Verdict::RecipientGone)),
    rule(Subcode(&[2_018_001]), "client_unknown", Do(Verdict::RecipientGone)),
    rule(Subcode(&[1_893_063]), "page_restricted", Mend("Meta restricts this Page from sending for a while; see its Page Quality")),
    rule(
        Subcode(&[2_534_041, 2_534_122, 2_534_029]),
        "account_restricted",
        Mend("the account does not let apps read and send its messages"),
    ),
    rule(Subcode(&[2_534_040]), "throttled", Throttle),
    rule(Either(&[2_018_300, 2_018_321]), "thread_taken", Do(Verdict::RetryBackoff)),
    rule(Both(&[100], &[33]), "unknown_object", Do(Verdict::Refused)),
    rule(Both(&[190], &[458, 460, 463]), "invalid_token", Mend(NEW_TOKEN)),
    // By text: code 10 means the window or a missing permission.
    rule(Words(10, "outside of allowed window"), "window_shut", Do(Verdict::WindowShut)),
    rule(Words(10, "outside the allowed window"), "window_shut", Do(Verdict::WindowShut)),
    // WhatsApp, by code.
    rule(Code(&[131_047]), "window_shut", Do(Verdict::WindowShut)),
    rule(Code(&[131_026]), "undeliverable", Do(Verdict::RecipientGone)),
    rule(Code(&[131_021]), "recipient_is_sender", Do(Verdict::Refused)),
    rule(Code(&[131_030]), "not_on_test_list", Mend("the app is in development and this number is not on its test list")),
    rule(Code(&[131_056]), "pair_throttled", Do(Verdict::RetryBackoff)),
    rule(Code(&[131_048]), SPAM, Throttle),
    rule(Code(&[130_429, 80_007]), "throttled", Throttle),
    rule(Code(&[131_049]), "engagement_limit", Do(Verdict::Refused)),
    rule(Code(&[130_472]), "client_in_experiment", Do(Verdict::Refused)),
    rule(Code(&[131_050]), "marketing_stopped", Do(Verdict::Refused)),
    rule(Code(&[131_051]), "unsupported_type", Do(Verdict::Refused)),
    rule(Code(&[131_052, 131_053]), "media_failed", Do(Verdict::Refused)),
    rule(Code(&[131_062]), "id_not_supported", Do(Verdict::Refused)),
    rule(Code(&[131_008]), "missing_parameter", Do(Verdict::Refused)),
    rule(Code(&[131_009]), INVALID_PARAMETER, Do(Verdict::Refused)),
    // The template is faulty, not the account: inside the window everything still works. Without a template the window is
    // closed, and the line's fallback applies.
    rule(Code(&[132_000]), "template_parameters", Do(Verdict::WindowShut)),
    rule(Code(&[132_001]), "template_missing", Do(Verdict::WindowShut)),
    rule(Code(&[132_005]), "template_too_long", Do(Verdict::WindowShut)),
    rule(Code(&[132_007]), "template_against_policy", Do(Verdict::WindowShut)),
    rule(Code(&[132_012]), "template_format", Do(Verdict::WindowShut)),
    rule(Code(&[132_015]), "template_paused", Do(Verdict::WindowShut)),
    rule(Code(&[132_016]), "template_disabled", Do(Verdict::WindowShut)),
    rule(Code(&[131_031]), "account_locked", Mend("Meta locked the account; see its Business Support")),
    rule(Code(&[368]), "policy_block", Mend("Meta blocks the account for a breach of its policy; see its Business Support")),
    rule(Code(&[131_042]), "payment_needed", Mend("there is a problem with the account's payment method")),
    rule(Code(&[133_010]), "not_registered", Mend("register the phone number with the Cloud API")),
    rule(Code(&[131_057, 131_016, 131_000]), "unavailable", Do(Verdict::RetryBackoff)),
    // All three platforms.
    rule(Code(&[4, 17, 32, 613, 80_002]), "throttled", Throttle),
    rule(Code(&[551]), "client_unavailable", Do(Verdict::RecipientGone)),
    rule(Code(&[1, 2]), "unavailable", Do(Verdict::RetryBackoff)),
    rule(Code(&[100]), INVALID_PARAMETER, Do(Verdict::Refused)),
    rule(Code(&[190, 0]), "invalid_token", Mend(NEW_TOKEN)),
    rule(Code(&[10]), "no_permission", Mend(PERMISSION)),
    rule(Range(200, 299), "no_permission", Mend(PERMISSION)),
];

/// Kind of a limit caused by clients' complaints, which needs a person's attention.
const SPAM: &str = "spam_throttled";

impl When {
    fn holds(&self, fault: &Fault) -> bool {
        let among = |codes: &[i64], code: Option<i64>| code.is_some_and(|code| codes.contains(&code));
        match *self {
            Subcode(subcodes) => among(subcodes, fault.subcode),
            Both(codes, subcodes) => among(codes, fault.code) && among(subcodes, fault.subcode),
            Either(codes) => among(codes, fault.code) || among(codes, fault.subcode),
            Words(code, words) => fault.code == Some(code) && fault.words.to_lowercase().contains(words),
            Code(codes) => among(codes, fault.code),
            Range(first, last) => fault.code.is_some_and(|code| (first..=last).contains(&code)),
        }
    }
}

/// Returns why a call failed and what to do next. `to` is removed from the text.
pub(crate) fn classify(failure: &Failure, graph: &Graph, to: Option<&Address>) -> SendError {
    let error = match failure {
        Failure::Unmade => SendError::new(Verdict::Refused, "cannot_call", "the call could not be made"),
        Failure::NotConnected => SendError::new(Verdict::RetryBackoff, "not_connected", "no connection to the Graph API"),
        Failure::NoAnswer { timed_out: true } => {
            SendError::new(Verdict::CannotKnow, "timeout", "the request left us, and no answer came in time")
        }
        Failure::NoAnswer { timed_out: false } => {
            SendError::new(Verdict::CannotKnow, "connection_lost", "the request left us, and the connection broke before the answer")
        }
        Failure::Answered { status, fault: Some(fault), wait } => {
            let fault = Fault { words: graph.without_token(&fault.words), ..fault.clone() };
            by_fault(&fault, *status, *wait, to)
        }
        Failure::Answered { status, fault: None, wait } => by_status(*status, *wait),
    };
    if error.kind == SPAM {
        tracing::error!(error.kind = SPAM, "Meta limits this account because clients blocked or reported it; check its quality rating");
    }
    error
}

/// Maps the items of a status' `errors`, which have the same codes.
pub(crate) fn of_status(errors: Option<&serde_json::Value>, to: &Address) -> SendError {
    match errors.filter(|error| error.is_object()) {
        Some(error) => by_fault(&Fault::read(error), 200, None, Some(to)),
        None => SendError::new(Verdict::Refused, "failed", "Meta says that it failed, and not why"),
    }
}

/// Meta itself responded, so a refusal is definite: the message was not delivered.
fn by_fault(fault: &Fault, status: u16, wait: Option<Millis>, to: Option<&Address>) -> SendError {
    let said = without_people(&fault.words, to);
    let said = match (fault.code, fault.subcode) {
        (Some(code), Some(subcode)) => format!("{said} (code {code}, subcode {subcode})"),
        (Some(code), None) => format!("{said} (code {code})"),
        (None, _) => said,
    };
    match RULES.iter().find(|rule| rule.when.holds(fault)) {
        Some(Rule { kind, then: Do(verdict), .. }) => SendError::new(*verdict, kind, said),
        Some(Rule { kind, then: Throttle, .. }) => throttled(kind, wait, &said),
        Some(Rule { kind, then: Mend(remedy), .. }) => SendError::new(Verdict::ConnectionBroken, kind, format!("{said}. {remedy}")),
        None if fault.transient || status >= 500 => SendError::new(Verdict::RetryBackoff, "unavailable", said),
        None if status == 429 => throttled("throttled", wait, &said),
        None if status == 401 => SendError::new(Verdict::ConnectionBroken, "invalid_token", format!("{said}. {NEW_TOKEN}")),
        None => SendError::new(Verdict::Refused, "refused", said),
    }
}

/// Something between us and Meta responded, so only the status is known.
fn by_status(status: u16, wait: Option<Millis>) -> SendError {
    let said = format!("HTTP {status} without a readable answer");
    match status {
        200..=299 => SendError::new(Verdict::CannotKnow, "garbled_answer", said),
        401 | 403 | 404 | 407 | 300..=399 => {
            SendError::new(Verdict::ConnectionBroken, "not_the_graph_api", format!("{said}: is `base_url` right?"))
        }
        429 => throttled("throttled", wait, &said),
        // Refused before it was processed.
        503 => SendError::new(Verdict::RetryBackoff, "unavailable", said),
        // The proxy timed out; the request behind it may have been processed.
        408 | 500.. => SendError::new(Verdict::CannotKnow, "server_error", said),
        _ => SendError::new(Verdict::Refused, "refused", said),
    }
}

fn throttled(kind: &'static str, wait: Option<Millis>, said: &str) -> SendError {
    SendError::new(wait.map_or(Verdict::RetryBackoff, Verdict::RetryAfter), kind, said)
}

/// Minimum digits of a phone number or a person's ID. Meta's codes have six.
const NUMBER_DIGITS_MIN: usize = 7;

/// Removes the recipient's names and everything that could be a person's number from `words`.
fn without_people(words: &str, to: Option<&Address>) -> String {
    let names = to.into_iter().flat_map(|to| [Some(to.chat.as_str()), to.user.as_deref()]).flatten();
    let words = names.filter(|name| !name.is_empty()).fold(words.to_owned(), |words, name| words.replace(name, "…"));
    let (mut shown, mut run) = (String::new(), String::new());
    for character in words.chars().chain(['\n']) {
        let inside = character.is_ascii_digit() || (!run.is_empty() && matches!(character, ' ' | '-' | '.' | '(' | ')'));
        if inside {
            run.push(character);
            continue;
        }
        let digits = run.bytes().filter(u8::is_ascii_digit).count();
        let number = run.trim_end_matches(|last: char| !last.is_ascii_digit());
        let rest = &run[number.len()..];
        shown.push_str(if digits >= NUMBER_DIGITS_MIN { "…" } else { number });
        shown.push_str(rest);
        shown.push(character);
        run.clear();
    }
    shown.pop();
    shown
}
