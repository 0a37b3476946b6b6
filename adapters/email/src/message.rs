//! One mail: its headers and its two bodies. Texts are sanitized before they are used in headers.

use crate::address;
use crate::body::{html, text};
use crate::config::Checked;
use lastword_contract::{Outgoing, Purpose, SendError, TextLimit, Verdict};
use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, Message, MultiPart, SinglePart};
use lettre::{Address, message::MessageBuilder};
use std::time::{Duration, SystemTime};

/// Maximum length of a mail's text.
pub(crate) const TEXT_MAX: TextLimit = TextLimit::Chars(10_000);
/// Maximum length of a subject. Mail programs cut longer ones in lists.
const SUBJECT_MAX: TextLimit = TextLimit::Chars(78);

/// A mail, ready to be sent.
pub(crate) struct Composed {
    pub(crate) to: Address,
    pub(crate) id: String,
    pub(crate) content: Vec<u8>,
}

/// Composes the mail. Its ID is derived from the delivery's key, so that a repeated mail can be recognized.
///
/// # Errors
/// If it cannot be sent to anyone.
pub(crate) fn compose(checked: &Checked, outgoing: &Outgoing) -> Result<Composed, SendError> {
    let to = address::parse(&outgoing.to.chat)
        .ok_or_else(|| SendError::new(Verdict::RecipientGone, "not_an_address", "the chat of this conversation is not a mail address"))?;
    let asks = matches!(outgoing.purpose, Purpose::Question(_));
    if asks && outgoing.choices.iter().all(|choice| choice.link.is_none()) {
        return Err(refused("no_links", "a mail can be answered through links alone, and there are none"));
    }
    let outgoing = Outgoing { text: TEXT_MAX.shorten(&outgoing.text), language: language(&outgoing.language), ..outgoing.clone() };
    let key: String = outgoing.key.chars().filter(|letter| letter.is_ascii_alphanumeric() || *letter == '_').take(120).collect();
    let id = format!("<{key}@{}>", checked.from.email.domain());
    let subject = subject(&outgoing.text, checked.from.name.as_deref());
    // A list of mails shows little besides the sender and the subject.
    let sender =
        outgoing.footer.as_ref().map(|footer| plain(&footer.sender)).filter(|sender| !sender.is_empty() && !subject.contains(sender));
    let subject = sender.map_or(subject.clone(), |sender| SUBJECT_MAX.shorten(&format!("{sender}: {subject}")));
    let html = html(&outgoing, &subject).map_err(|_| refused("not_sendable", "the mail cannot be drawn"))?;
    let at = Duration::from_millis(u64::try_from(outgoing.at).unwrap_or(0));
    let mut message = Message::builder()
        .from(checked.from.clone())
        .to(Mailbox::new(None, to.clone()))
        .subject(subject)
        .date(SystemTime::UNIX_EPOCH + at)
        .message_id(Some(id.clone()))
        .raw_header(header("Auto-Submitted", "auto-generated"))
        .raw_header(header("Content-Language", &outgoing.language));
    if let Some(reply_to) = &checked.reply_to {
        message = message.reply_to(reply_to.clone());
    }
    message = in_thread(message, &outgoing);
    if asks {
        message = unsubscribing(message, checked.unsubscribe.as_deref(), &outgoing);
    }
    // The boundary cannot occur at the start of a line of an encoded body.
    let parts = MultiPart::alternative().boundary(format!("=_lastword_{key}"));
    let parts = parts.singlepart(SinglePart::plain(text(&outgoing))).singlepart(SinglePart::html(html));
    let message = message.multipart(parts).map_err(|_| refused("not_sendable", "the mail cannot be put together"))?;
    Ok(Composed { to, id, content: message.formatted() })
}

/// Headers for unsubscribing in a mail program: one click at our own address (RFC 8058), beside a mailbox of the
/// organisation if there is one. The organisation's own page replaces ours.
fn unsubscribing(message: MessageBuilder, own: Option<&str>, outgoing: &Outgoing) -> MessageBuilder {
    let ours = outgoing.footer.as_ref().and_then(|footer| footer.stop.as_ref()?.link.as_deref()).filter(|link| is_https(link));
    let (ours, own) = match own {
        Some(own) if is_https(own) => (None, Some(own)),
        own => (ours, own),
    };
    let ways: Vec<String> = ours.iter().chain(&own).map(|address| format!("<{address}>")).collect();
    if ways.is_empty() {
        return message;
    }
    let message = message.raw_header(header("List-Unsubscribe", &ways.join(", ")));
    match ours {
        Some(_) => message.raw_header(header("List-Unsubscribe-Post", "List-Unsubscribe=One-Click")),
        None => message,
    }
}

/// True if the address fits a header.
fn is_https(address: &str) -> bool {
    address.starts_with("https://") && address.bytes().all(|byte| byte.is_ascii_graphic() && !b"<>,".contains(&byte))
}

/// Adds the mail to the thread of the client's own mail, if the desk reported its ID (`via`), or of the earlier message of ours.
fn in_thread(message: MessageBuilder, outgoing: &Outgoing) -> MessageBuilder {
    let before: Vec<String> =
        [&outgoing.to.via, &outgoing.replaces].into_iter().flatten().filter_map(|id| address::message_id(id)).collect();
    match before.last() {
        None => message,
        Some(last) => message.in_reply_to(last.clone()).references(before.join(" ")),
    }
}

/// Subject: the first line of the text, or the sender's name if there is no text.
fn subject(text: &str, name: Option<&str>) -> String {
    let line = text.lines().map(plain).find(|line| !line.is_empty());
    let line = line.or_else(|| name.map(plain)).unwrap_or_else(|| "Message".to_owned());
    SUBJECT_MAX.shorten(&line)
}

/// A text on one line, without characters that could end a header or change its direction.
fn plain(text: &str) -> String {
    let bidi = |letter: char| matches!(letter, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let clean: String = text
        .chars()
        .map(|letter| if letter.is_control() || bidi(letter) || letter == '\u{2028}' || letter == '\u{2029}' { ' ' } else { letter })
        .collect();
    clean.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A language tag; English if it is invalid.
fn language(tag: &str) -> String {
    let fits = (2..=35).contains(&tag.len()) && tag.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    if fits { tag.to_owned() } else { "en".to_owned() }
}

fn header(name: &'static str, value: &str) -> HeaderValue {
    HeaderValue::new(HeaderName::new_from_ascii_str(name), value.to_owned())
}

fn refused(kind: &'static str, why: &str) -> SendError {
    SendError::new(Verdict::Refused, kind, why)
}
