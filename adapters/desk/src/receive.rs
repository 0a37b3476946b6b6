//! Turns a request into events: envelopes, types and keys.

use crate::body::{self, Entry, SESSION};
use crate::charset;
use crate::close::{chat, closing};
use crate::lenient::{Notes, first, id, moment, person, text, words};
use lastword_contract::phone::Country;
use lastword_contract::{DeskEvent, DeskEventKind, Millis, RawRequest, Rejected, Writer};
use serde_json::Value;
use sha2::{Digest, Sha256};

/// Maximum events of one request.
const EVENTS_MAX: usize = 1_000;
/// Maximum faults reported for one request.
const WHYS_MAX: usize = 5;

/// Events of an authenticated request; `country` applies to phone numbers without a country code. An unusable entry of a
/// list becomes an event with its fault; the other entries are accepted.
///
/// # Errors
/// [`Rejected::Unreadable`] if no entry names a chat.
pub(crate) fn events(request: &RawRequest, country: Option<Country>) -> Result<Vec<DeskEvent>, Rejected> {
    let unreadable = |why: String| Rejected::Unreadable(why);
    let (body, set) = charset::text(&request.body, request.headers.get("content-type").unwrap_or_default());
    let mut entries = body::read(request, &body);
    if let Some(set) = set {
        entries.iter_mut().for_each(|entry| entry.notes.insert(0, format!("body: it was read as {set}.")));
    }
    if entries.len() > EVENTS_MAX {
        return Err(unreadable(format!("more than {EVENTS_MAX} events in one request")));
    }
    let (several, hash) = (entries.len() > 1, hash(&body));
    let read = |(at, entry): (usize, Entry)| {
        let Entry { item, notes } = entry;
        let event = item.and_then(|item| Envelope::of(request, &item, if several { Some(at) } else { None }, &hash).event(notes, country));
        event.map_err(|why| if several { format!("[{at}]: {why}") } else { why })
    };
    let read: Vec<Result<DeskEvent, String>> = entries.into_iter().enumerate().map(read).collect();
    if !read.is_empty() && read.iter().all(Result::is_err) {
        let whys: Vec<String> = read.into_iter().filter_map(Result::err).take(WHYS_MAX).collect();
        return Err(unreadable(whys.join("; ")));
    }
    let unusable = |(at, why): (usize, String)| {
        let kind = DeskEventKind::Unusable { why };
        DeskEvent::new(format!("body:{hash}:{at}"), request.received_at, "", kind)
    };
    Ok(read.into_iter().enumerate().map(|(at, read)| read.unwrap_or_else(|why| unusable((at, why)))).collect())
}

/// Hash that identifies a body.
pub(crate) fn hash(body: &str) -> String {
    Sha256::digest(body.as_bytes()).iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}

/// The envelope around the data.
struct Envelope<'a> {
    kind: String,
    key: Option<String>,
    at: Option<Millis>,
    received_at: Millis,
    data: &'a Value,
    fallback_key: String,
    notes: Notes,
}

impl<'a> Envelope<'a> {
    fn of(request: &RawRequest, item: &'a Value, place: Option<usize>, hash: &str) -> Self {
        let mut notes = Notes::default();
        let header = |name: &str| request.headers.get(name).map(str::to_owned).filter(|value| !value.trim().is_empty());
        // An envelope has its data in `data`; a bare close is the data itself.
        let (data, outside) = match item.get("data") {
            Some(data @ Value::Object(_)) => (data, item),
            _ => (item, &Value::Null),
        };
        let kind =
            text(outside, &["type"], &mut notes).or_else(|| header("ce-type")).or_else(|| text(data, &["type", "event"], &mut notes));
        // The ID belongs to the whole request; each of several entries needs its own.
        let numbered = |id: String| place.map_or(id.clone(), |place| format!("{id}:{place}"));
        let whole = || header("webhook-id").or_else(|| header("svix-id")).or_else(|| header("ce-id")).map(numbered);
        let own = text(data, &["event_key"], &mut notes).or_else(|| text(outside, &["id"], &mut notes));
        let at = moment(outside, &["time", "timestamp"], &mut notes).or_else(|| {
            let holder = serde_json::json!({ "time": header("ce-time") });
            moment(&holder, &["time"], &mut notes)
        });
        let fallback_key = format!("body:{hash}:{}", place.unwrap_or(0));
        Self { kind: kind.unwrap_or_default(), key: own.or_else(whole), at, received_at: request.received_at, data, fallback_key, notes }
    }

    /// Builds the event. `mended` goes before the other notes; `country` applies to phone numbers without a country code.
    fn event(mut self, mended: Vec<String>, country: Option<Country>) -> Result<DeskEvent, String> {
        self.notes.0.splice(0..0, mended);
        let kind = self.kind.rsplit(['.', ':', '/']).next().unwrap_or_default().to_ascii_lowercase();
        let data = self.data;
        let Some(session) = id(data, &SESSION, &mut self.notes) else {
            return Err("no chat is named: send its id as data.session".to_owned());
        };
        let notes = &mut self.notes;
        let (what, own_time) = match kind.as_str() {
            "closed" | "resolved" | "close" | "" => {
                (DeskEventKind::Closed(Box::new(closing(data, country, notes))), &["closed_at", "at"][..])
            }
            "opened" | "created" => (DeskEventKind::Opened(Box::new(chat(data, country, notes))), &["opened_at", "at"][..]),
            "reopened" => (DeskEventKind::Reopened, &["reopened_at", "at"][..]),
            "reassigned" | "assigned" => {
                let operator = first(data, &["operator", "assignee"]).and_then(|(value, name)| person(value, &name, notes));
                (DeskEventKind::Reassigned { operator, queue: words(data, &["line", "queue"], notes) }, &["at"][..])
            }
            "merged" => match id(data, &["into", "merged_into"], notes) {
                Some(into) => (DeskEventKind::Merged { into }, &["at"][..]),
                None => return Err("the chat that remains is not named: send its id as data.into".to_owned()),
            },
            "message" | "wrote" => (DeskEventKind::Wrote(writer(data, notes)), &["at"][..]),
            other => (DeskEventKind::Other { kind: other.to_owned() }, &["at"][..]),
        };
        let at = moment(data, own_time, notes).or(self.at);
        // Without an ID, the same chat at the same time is the same event; without a time, the same bytes are.
        let derived =
            || at.map_or(self.fallback_key.clone(), |at| format!("{}:{session}:{at}", if kind.is_empty() { "closed" } else { &kind }));
        let key = self.key.clone().unwrap_or_else(derived);
        if at.is_none() {
            notes.add("closed_at", "no time was given, so the moment of arrival was used");
        }
        Ok(DeskEvent { key, at: at.unwrap_or(self.received_at), session, kind: what, notes: self.notes.0 })
    }
}

fn writer(data: &Value, notes: &mut Notes) -> Writer {
    let by = text(data, &["by", "from"], notes).unwrap_or_default().to_ascii_lowercase();
    match first(data, &["operator", "author"]) {
        Some((value, name)) if by != "client" => Writer::Operator(person(value, &name, notes)),
        _ if matches!(by.as_str(), "operator" | "agent" | "user" | "staff") => Writer::Operator(None),
        _ => Writer::Client,
    }
}
