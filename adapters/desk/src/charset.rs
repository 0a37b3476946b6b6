//! Character sets of a body. Old desks and scripts send their own; a name in the wrong letters reaches clients.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, REPLACEMENT, UTF_8};
use std::borrow::Cow;

/// The text of `bytes`, and the name of their character set if it is not UTF-8. `kind` is the content type.
pub(crate) fn text<'a>(bytes: &'a [u8], kind: &str) -> (Cow<'a, str>, Option<&'static str>) {
    if let Some((marked, _)) = Encoding::for_bom(bytes).filter(|(marked, _)| *marked != UTF_8) {
        return (marked.decode(bytes).0, Some(marked.name()));
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf".as_slice()).unwrap_or(bytes);
    let set = set(bytes, kind);
    (set.decode_without_bom_handling(bytes).0, (set != UTF_8).then(|| set.name()))
}

/// The character set of `bytes`. The `charset` of the content type counts unless they are UTF-8 all the same. Without one the set is
/// detected; single damaged bytes of UTF-8 stay damaged.
pub(crate) fn set(bytes: &[u8], kind: &str) -> &'static Encoding {
    if std::str::from_utf8(bytes).is_ok() { UTF_8 } else { named(kind).unwrap_or_else(|| detected(bytes)) }
}

/// The character set that a content type names; `None` for UTF-8, which many programs name whatever they send.
fn named(kind: &str) -> Option<&'static Encoding> {
    let parameter = |one: &'_ str| {
        let (name, value) = one.split_once('=')?;
        name.trim().eq_ignore_ascii_case("charset").then(|| value.trim().trim_matches('"').to_owned())
    };
    let label = kind.split(';').find_map(parameter)?;
    Encoding::for_label(label.as_bytes()).filter(|set| *set != REPLACEMENT && *set != UTF_8)
}

fn detected(bytes: &[u8]) -> &'static Encoding {
    let (mut right, mut wrong) = (0_usize, 0_usize);
    for chunk in bytes.utf8_chunks() {
        right += chunk.valid().chars().filter(|letter| !letter.is_ascii()).count();
        wrong += usize::from(!chunk.invalid().is_empty());
    }
    if right >= wrong {
        return UTF_8;
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    detector.guess(None, Utf8Detection::Deny)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_read_in_the_set_that_is_named_or_seen() {
        let cyrillic = b"{\"client_name\":\"\xcc\xe0\xf0\xe8\xff\"}";
        for (bytes, kind, name, set) in [
            ("{\"client_name\":\"Müller\"}".as_bytes(), "application/json; charset=windows-1251", "Müller", None),
            (b"{\"client_name\":\"M\xfcller\"}", "application/json", "Müller", Some("windows-1252")),
            (b"{\"client_name\":\"M\xfcller\"}", "application/json; charset=iso-8859-1", "Müller", Some("windows-1252")),
            (b"{\"client_name\":\"M\xfcller\"}", "application/json; charset=utf-8", "Müller", Some("windows-1252")),
            (cyrillic, "application/json; Charset=\"windows-1251\"", "Мария", Some("windows-1251")),
            (b"\xef\xbb\xbf{\"client_name\":\"Ann\"}", "", "Ann", None),
            (b"\xff\xfe{\0\"\0A\0n\0n\0\"\0}\0", "", "{\"Ann\"}", Some("UTF-16LE")),
            // One damaged byte in UTF-8 does not change the set of the others.
            (b"{\"client_name\":\"M\xc3\xbcller\xff\"}", "", "Müller\u{fffd}", None),
        ] {
            let (text, found) = text(bytes, kind);
            assert!(text.contains(name) && found == set, "{text} {found:?}");
        }
    }
}
