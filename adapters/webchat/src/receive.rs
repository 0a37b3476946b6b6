//! Parses what a widget posts: one frame, or an array of frames.
//!
//! The HTTP server has verified the visitor's token and names the visitor in a header of its own. Either all frames of a
//! post are accepted or none, so that a retry changes nothing.

use crate::frames::ClientFrame;
use crate::visitor::is_visitor_id;
use lastword_contract::{Address, Inbound, InboundKind, Millis, RawRequest, Received, Rejected, TextMessage};
use serde::Deserialize;
use serde_json::Value;

/// Header in which the HTTP server names the visitor. The server removes it from browsers' requests.
pub const VISITOR_HEADER: &str = "x-lastword-visitor";
/// Maximum frames in one post.
pub const FRAMES_MAX: usize = 20;
/// Maximum length of a comment, in characters.
pub const COMMENT_CHARS_MAX: usize = 4_000;
/// Maximum length of a message, in characters.
pub const MESSAGE_CHARS_MAX: usize = 4_000;
/// Maximum size of a post: enough for 20 frames with the longest texts.
const BODY_BYTES_MAX: usize = 512 * 1024;
/// The latest time that a browser's clock can show.
const AT_MAX: Millis = 8_640_000_000_000_000;
/// A known frame, or one whose kind only a newer widget knows.
enum Frame {
    Known(ClientFrame),
    Unknown { id: String, kind: String },
}

/// Fields of every frame, of any kind.
#[derive(Deserialize)]
struct Outline {
    kind: String,
    id: String,
}

pub(crate) fn read(request: &RawRequest) -> Result<Received, Rejected> {
    let visitor = request.headers.get(VISITOR_HEADER).ok_or(Rejected::Unsigned("no visitor is named"))?;
    if !is_visitor_id(visitor) {
        return Err(Rejected::Unsigned("the visitor's name has not the form of one"));
    }
    let frames = parse(&request.body).map_err(Rejected::Unreadable)?;
    let events = frames.into_iter().map(|frame| event(frame, visitor, request.received_at)).collect();
    Ok(Received { events, reply: String::new() })
}

fn event(frame: Frame, visitor: &str, received_at: Millis) -> Inbound {
    let key = |id: &str| format!("{visitor}:{id}");
    let by = Address::chat(visitor);
    match frame {
        // The visitor's clock only orders the visitor's frames, so that a delayed one does not undo a later one. It is not
        // used as the time of the event, because it must not decide until when an answer counts.
        Frame::Known(frame) => Inbound {
            key: key(frame.id()),
            order: frame.at().unwrap_or(received_at),
            at: None,
            kind: match frame {
                ClientFrame::Press { token, .. } => InboundKind::Press { token, by, message_id: None, press_id: None },
                ClientFrame::Comment { token, text, .. } => InboundKind::Comment { token, by, text },
                ClientFrame::Message { text, .. } => InboundKind::Text(TextMessage::new(text, by)),
            },
        },
        Frame::Unknown { id, kind } => Inbound { key: key(&id), order: received_at, at: None, kind: InboundKind::Other { kind } },
    }
}

fn parse(body: &[u8]) -> Result<Vec<Frame>, String> {
    if body.len() > BODY_BYTES_MAX {
        return Err(format!("the post has more than {BODY_BYTES_MAX} bytes"));
    }
    let posted: Value =
        serde_json::from_slice(body).map_err(|error| format!("not JSON, at line {} column {}", error.line(), error.column()))?;
    let posted = match posted {
        Value::Array(frames) => frames,
        one => vec![one],
    };
    match posted.len() {
        0 => Err("the post has no frames".to_owned()),
        1..=FRAMES_MAX => posted.into_iter().map(parse_frame).collect(),
        more => Err(format!("the post has {more} frames, more than {FRAMES_MAX}")),
    }
}

fn parse_frame(posted: Value) -> Result<Frame, String> {
    // Serde's message may quote what the visitor wrote, so it is not passed on.
    let outline = Outline::deserialize(&posted).map_err(|_| "a frame needs a kind and an id".to_owned())?;
    check_id(&outline.id)?;
    let Outline { id, kind } = outline;
    if !["press", "comment", "message"].contains(&kind.as_str()) {
        let word = (1..=32).contains(&kind.len()) && kind.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
        return if word { Ok(Frame::Unknown { id, kind }) } else { Err("a frame's kind has to be a word".to_owned()) };
    }
    let frame: ClientFrame = serde_json::from_value(posted).map_err(|_| format!("a {kind} has other fields than this one"))?;
    check(&frame)?;
    Ok(Frame::Known(frame))
}

fn check_id(id: &str) -> Result<(), String> {
    let fits = (1..=64).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-');
    if fits { Ok(()) } else { Err("a frame's id has to be 1 to 64 characters of [A-Za-z0-9_-]".to_owned()) }
}

fn check(frame: &ClientFrame) -> Result<(), String> {
    if frame.at().is_some_and(|at| !(0..=AT_MAX).contains(&at)) {
        return Err("at has to be a time in milliseconds".to_owned());
    }
    match frame {
        ClientFrame::Press { token, .. } => check_token(token),
        ClientFrame::Comment { token, text, .. } => check_token(token).and_then(|()| check_text("comment", text, COMMENT_CHARS_MAX)),
        ClientFrame::Message { text, .. } => check_text("message", text, MESSAGE_CHARS_MAX),
    }
}

fn check_token(token: &str) -> Result<(), String> {
    let fits = !token.is_empty() && token.len() <= 64 && token.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    if fits { Ok(()) } else { Err("a token has to be 1 to 64 characters of [A-Za-z0-9_]".to_owned()) }
}

/// A text that is too long is refused, not cut, because a cut may change its meaning.
fn check_text(what: &str, text: &str, chars_max: usize) -> Result<(), String> {
    if text.trim().is_empty() {
        return Err(format!("the {what} is empty"));
    }
    if text.chars().count() > chars_max {
        return Err(format!("the {what} has more than {chars_max} characters"));
    }
    // PostgreSQL cannot store NUL in a text.
    if text.contains('\0') { Err(format!("the {what} contains a NUL character")) } else { Ok(()) }
}
