//! Meaning of a server's reply, by the phase in which it was received.
//!
//! Until the content is sent, the server has received nothing, so every failure is definite. After that an explicit refusal
//! is definite too (RFC 5321 section 4.2.5: the server is then not responsible); only a missing or garbled reply leaves it open.

use lastword_contract::{SendError, Verdict};
use lettre::transport::smtp::Error;

/// Phase of the SMTP session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Phase {
    /// Connecting, the greeting, EHLO and encryption.
    Hello,
    /// Logging in.
    Login,
    /// `MAIL FROM`: the sender.
    Sender,
    /// `RCPT TO`: the recipient.
    Recipient,
    /// `DATA`: permission to send.
    Data,
    /// The content, and the reply to it.
    Content,
}

/// An enhanced status code (RFC 3463), such as 5.1.1.
type Enhanced = (u16, u16, u16);

/// Maps an error to the contract's error.
pub(crate) fn judge(phase: Phase, error: &Error) -> SendError {
    let words = words(error);
    let (verdict, kind) = match error.status().map(u16::from) {
        Some(code) => of_reply(phase, code, enhanced(&words), &words.to_lowercase()),
        None => of_silence(phase, error),
    };
    SendError::new(verdict, kind, hide_addresses(&words))
}

/// The server did not reply to the content in time.
pub(crate) fn no_answer() -> SendError {
    SendError::new(Verdict::CannotKnow, "timeout", "the server took the mail and did not answer in time")
}

/// A step before the content took too long.
pub(crate) fn too_slow() -> SendError {
    SendError::new(Verdict::RetryBackoff, "timeout", "the server took too long before the mail could be handed over")
}

fn of_reply(phase: Phase, code: u16, enhanced: Option<Enhanced>, words: &str) -> (Verdict, &'static str) {
    if code < 500 {
        return (Verdict::RetryBackoff, temporary(phase, code, enhanced, words));
    }
    let login = matches!(code, 530 | 534 | 535 | 538) || matches!(enhanced, Some((5, 7, 3 | 8 | 9 | 11 | 14 | 57 | 139)));
    if phase == Phase::Login || login {
        return (Verdict::ConnectionBroken, "not_authenticated");
    }
    if phase != Phase::Content && blocks_us(words) {
        return (Verdict::ConnectionBroken, "blocked");
    }
    // No or wrong reverse DNS, SPF, DKIM or DMARC of the sender (RFC 7372): the same for every mail.
    if matches!(enhanced, Some((5, 7, 20..=27))) {
        return (Verdict::ConnectionBroken, "sender_refused");
    }
    let full = matches!(enhanced, Some((5, 2, 2)));
    let too_large = matches!(enhanced, Some((5, 3, 4) | (5, 2, 3))) || (code == 552 && phase != Phase::Recipient);
    match phase {
        Phase::Hello => (Verdict::ConnectionBroken, "refused_by_server"),
        Phase::Sender | Phase::Data | Phase::Content if full => (Verdict::Refused, "mailbox_full"),
        Phase::Sender | Phase::Data | Phase::Content if too_large => (Verdict::Refused, "too_large"),
        // All mails have the same sender.
        Phase::Sender => (Verdict::ConnectionBroken, "sender_refused"),
        Phase::Recipient => about_recipient(code, enhanced, words),
        Phase::Data | Phase::Content | Phase::Login => match enhanced {
            Some((5, 1, 1)) => (Verdict::RecipientGone, "no_such_mailbox"),
            Some((5, 7, _)) => (Verdict::Refused, "refused_by_policy"),
            _ => (Verdict::Refused, "refused"),
        },
    }
}

/// True if the server refuses this machine or its address, whatever the mail. A refusal of the content may name a list, too.
fn blocks_us(words: &str) -> bool {
    /// What servers say of a listed address, a bad reputation, or a missing reverse DNS; in the tests as they say it.
    const BLOCKED: [&str; 21] = [
        "administratively denied",
        "black list",
        "blacklist",
        "block list",
        "blocklist",
        "blocked - see",
        "blocked by",
        "blocked using",
        "client host",
        "connection rejected",
        "denylist",
        "dnsbl",
        "helo command rejected",
        "ip name possibly forged",
        "is in an rbl",
        "is listed",
        "reputation",
        "reverse dns",
        "reverse hostname",
        "sending ip",
        "messages from [",
    ];
    BLOCKED.iter().any(|part| words.contains(part))
}

/// Kind of a temporary error. All are retried with growing pauses, as greylisting requires.
fn temporary(phase: Phase, code: u16, enhanced: Option<Enhanced>, words: &str) -> &'static str {
    let grey = words.contains("greylist") || words.contains("graylist") || matches!(enhanced, Some((4, 7, _)));
    match (phase, code) {
        (_, 421) => "unavailable",
        (Phase::Recipient, 450 | 451) if grey => "greylisted",
        (_, 452) => "no_room",
        _ if matches!(enhanced, Some((4, 2, 2) | (4, 3, 1))) => "no_room",
        _ => "asked_to_retry",
    }
}

fn about_recipient(code: u16, enhanced: Option<Enhanced>, words: &str) -> (Verdict, &'static str) {
    let gone = (Verdict::RecipientGone, "no_such_mailbox");
    // Many servers report a refused sender only here.
    if matches!(enhanced, Some((5, 1, 7 | 8))) || words.contains("sender address rejected") {
        return (Verdict::ConnectionBroken, "sender_refused");
    }
    match (enhanced, code) {
        // No mailbox, no domain, syntax error, moved, accepts no mail; disabled; no route.
        (Some((5, 1, _) | (5, 2, 1) | (5, 4, _)), _) => gone,
        (Some((5, 2, 2)), _) | (None | Some((5, 0, _)), 552) => (Verdict::Refused, "mailbox_full"),
        // The server does not let us send to other domains.
        (None | Some((5, 7, _)), _) if words.contains("relay") => (Verdict::ConnectionBroken, "relay_denied"),
        (Some((5, 7, _)), _) => (Verdict::Refused, "refused_by_policy"),
        (None | Some((5, 0, _)), 550 | 551 | 553) => gone,
        _ => (Verdict::Refused, "refused"),
    }
}

/// No reply, or one that cannot be parsed.
fn of_silence(phase: Phase, error: &Error) -> (Verdict, &'static str) {
    match phase {
        Phase::Content if error.is_response() => (Verdict::CannotKnow, "garbled_answer"),
        Phase::Content => (Verdict::CannotKnow, "connection_lost"),
        // The library's own error: the server's offer does not match the settings.
        Phase::Hello if error.is_client() => (Verdict::ConnectionBroken, "tls_not_offered"),
        Phase::Login if error.is_client() => (Verdict::ConnectionBroken, "no_common_login"),
        Phase::Hello if bad_certificate(error) => (Verdict::ConnectionBroken, "tls_refused"),
        Phase::Hello => (Verdict::RetryBackoff, "not_connected"),
        _ if error.is_response() => (Verdict::RetryBackoff, "garbled_answer"),
        _ => (Verdict::RetryBackoff, "connection_lost"),
    }
}

/// True for a rejected certificate, which rustls reports as invalid data.
fn bad_certificate(error: &Error) -> bool {
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        if cause.downcast_ref::<std::io::Error>().is_some_and(|error| error.kind() == std::io::ErrorKind::InvalidData) {
            return true;
        }
        source = cause.source();
    }
    false
}

/// The server's text, or the library's if there is none.
fn words(error: &Error) -> String {
    let own = std::error::Error::source(error).map(ToString::to_string);
    let words = own.filter(|words| !words.trim().is_empty()).unwrap_or_else(|| error.to_string());
    let code = error.status().map(|code| format!("{code} ")).unwrap_or_default();
    format!("{code}{words}").chars().map(|letter| if letter.is_control() { ' ' } else { letter }).collect()
}

/// The enhanced code, which follows the reply code.
fn enhanced(words: &str) -> Option<Enhanced> {
    let mut parts = words.split_whitespace().nth(1)?.split('.');
    let mut number = || parts.next().filter(|part| part.len() <= 3)?.parse::<u16>().ok();
    let code = (number()?, number()?, number()?);
    (parts.next().is_none() && matches!(code.0, 2 | 4 | 5)).then_some(code)
}

/// Hides the recipient's address, which servers repeat, from the log.
fn hide_addresses(words: &str) -> String {
    let hidden = |word: &str| if word.contains('@') { "…".to_owned() } else { word.to_owned() };
    words.split_whitespace().map(hidden).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn enhanced_codes_are_read_where_they_stand() {
        assert_eq!(enhanced("550 5.1.1 <x>: no"), Some((5, 1, 1)));
        assert_eq!(enhanced("535 5.7.139 Authentication"), Some((5, 7, 139)));
        for words in ["550 no such user", "550", "550 5.1 x", "550 1.2.3 x", "550 5.1.1.1 x", "550 5.1000.1 x", "421 4.7.0.x"] {
            assert_eq!(enhanced(words), None, "{words}");
        }
    }

    #[test]
    fn addresses_are_hidden() {
        assert_eq!(hide_addresses("5.1.1 <anna@example.com>: unknown (from me@here)"), "5.1.1 … unknown (from …");
    }
}
