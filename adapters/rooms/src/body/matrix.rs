//! Matrix: an event of a room with a transaction ID of our own, so that a repeat creates no second message.

use super::{Body, Call, beneath};
use crate::note::Note;
use crate::place::Place;
use crate::plain::html;
use reqwest::Method;
use serde_json::json;

pub(super) fn matrix(place: &Place, note: &Note<'_>) -> Result<Call, &'static str> {
    let mut plain = vec![format!("# {}", note.title)];
    let mut formatted = vec![format!("<h1>{}</h1>", html(&note.title))];
    if !note.text.is_empty() {
        plain.push(note.text.clone());
        formatted.push(format!("<br/>{}", html(&note.text)));
    }
    if !note.pages.is_empty() {
        plain.extend(note.pages.iter().map(|page| format!("{}: {}", page.label, page.url)));
        let link = |page: &lastword_contract::PageLink| format!("<a href=\"{}\">{}</a>", html(&page.url), html(&page.label));
        formatted.push(format!("<p>{}</p>", note.pages.iter().map(link).collect::<Vec<_>>().join(" · ")));
    }
    if let Some(quote) = &note.quote {
        plain.push(crate::plain::quoted(quote));
        formatted.push(format!("<blockquote>{}</blockquote>", html(quote)));
    }
    let body = json!({
        "msgtype": "m.text",
        "body": plain.join("\r\n"),
        "format": "org.matrix.custom.html",
        "formatted_body": formatted.concat(),
        "m.mentions": {},
    });
    let url = beneath(&place.url, &["_matrix", "client", "v3", "rooms", &place.room, "send", "m.room.message", note.key])?;
    let headers = vec![("authorization", format!("Bearer {}", place.token.clone().unwrap_or_default()))];
    Ok(Call { method: Method::PUT, url, headers, body: Body::Json(body) })
}
