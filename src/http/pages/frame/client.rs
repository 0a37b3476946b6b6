//! A client as pages name them: the name that the desk reported, else the end of their ID.

use crate::frame::Frame;
use lastword_base::names::ClientId;
use lastword_store::question::rating_request::RatingRequest;

/// Longest ID that is shown whole instead of a name.
const SHOWN_WHOLE: usize = 14;
/// Number of letters that are shown of a longer ID.
const SHOWN_LETTERS: usize = 6;

/// A client with the link to their page.
#[derive(Clone, Debug)]
pub(crate) struct ClientRef {
    /// Name, or a label with the end of the ID.
    pub(crate) name: String,
    /// True if it is a name.
    pub(crate) named: bool,
    /// Address of their page; empty if the person may not open it, or the ID is unknown.
    pub(crate) href: String,
}

impl ClientRef {
    /// The client of a close; `None` if they are unknown, or their data was erased.
    pub(crate) fn of(page: &Frame, request: &RatingRequest) -> Option<Self> {
        Self::known(page, request.client_id.as_ref(), request.client_name.as_deref())
    }

    /// A client with this ID and name; `None` if there is neither.
    pub(crate) fn known(page: &Frame, id: Option<&ClientId>, name: Option<&str>) -> Option<Self> {
        let label = match (name, id) {
            (Some(name), _) => name.to_owned(),
            (None, Some(id)) => page.t1("client-nameless", "id", short(id)),
            (None, None) => return None,
        };
        let href = id.filter(|_| page.leads("/clients")).map(|id| address("/clients/one", id)).unwrap_or_default();
        Some(Self { name: label, named: name.is_some(), href })
    }
}

/// Address of a page about a client.
pub(crate) fn address(path: &str, id: &ClientId) -> String {
    let id: String = url::form_urlencoded::byte_serialize(id.as_str().as_bytes()).collect();
    format!("{path}?id={id}")
}

/// The ID without its source or connection; of a long one the end.
fn short(id: &ClientId) -> &str {
    let own = id.as_str().rsplit(['/', ':']).next().unwrap_or_default();
    let letters = own.chars().count();
    let skipped = if letters > SHOWN_WHOLE { letters - SHOWN_LETTERS } else { 0 };
    own.char_indices().nth(skipped).map_or(own, |(at, _)| &own[at..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_shown_without_its_source_and_a_long_one_by_its_end() {
        assert_eq!(short(&"desk/c-204".into()), "c-204");
        assert_eq!(short(&"bot:+123456789".into()), "+123456789");
        assert_eq!(short(&"site:aéAAAAAAAAAAAAAAAAWxyzы".into()), "AWxyzы");
        assert_eq!(short(&"".into()), "");
        assert_eq!(address("/clients/one", &"desk/Зоя <b>".into()), "/clients/one?id=desk%2F%D0%97%D0%BE%D1%8F+%3Cb%3E");
    }
}
