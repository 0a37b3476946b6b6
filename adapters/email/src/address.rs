//! Parses and normalizes email addresses.

use lettre::Address;
use url::Host;

/// Parses a bare address such as `anna@example.com`. A domain in another script is converted to its ASCII form, which every
/// server accepts; a local part in another script is kept and requires a server with SMTPUTF8.
pub(crate) fn parse(text: &str) -> Option<Address> {
    let text = text.trim();
    if text.len() > 254 || text.chars().any(|letter| letter.is_control() || letter.is_whitespace()) {
        return None;
    }
    let (user, domain) = text.rsplit_once('@')?;
    let domain = match Host::parse(domain).ok()? {
        Host::Domain(domain) => domain,
        // An address literal needs brackets, and clients do not use them.
        Host::Ipv4(_) | Host::Ipv6(_) => return None,
    };
    Address::new(user, domain).ok()
}

/// Canonical form of an address, for comparison: no provider distinguishes people by case, although a server might (RFC 5321, section 2.4).
pub(crate) fn identity(text: &str) -> String {
    parse(text).map_or_else(|| text.trim().to_lowercase(), |address| address.to_string().to_lowercase())
}

/// The canonical form without a tag: servers deliver `support+42@example.com` to `support@example.com` (RFC 5233).
pub(crate) fn without_tag(text: &str) -> String {
    let identity = identity(text);
    match identity.rsplit_once('@').and_then(|(name, domain)| Some((name.split_once('+')?.0, domain))) {
        Some((name, domain)) if !name.is_empty() => format!("{name}@{domain}"),
        _ => identity,
    }
}

/// Local parts that say that replies are not read: in English, French, German, Portuguese and Spanish.
const NO_REPLY: [&str; 10] = [
    "noreply",
    "noreplies",
    "donotreply",
    "dontreply",
    "neverreply",
    "nepasrepondre",
    "nichtantworten",
    "naoresponda",
    "naoresponder",
    "noresponder",
];

/// Other local parts of programs. `postmaster` and `mailer-daemon` send delivery reports (RFC 5321, section 4.5.1; RFC 2142).
const PROGRAMS: [&str; 5] = ["autoreply", "bounce", "bounces", "mailerdaemon", "postmaster"];

/// A domain from which only programs send, and one that no mail can reach (RFC 2606).
const UNREAD_DOMAINS: [&str; 2] = ["noreply.github.com", "invalid"];

/// True if the address says that mail to it is not read: `no-reply`, `No.Reply`, `noreply+42`, `do_not_reply`, `noreply-abc`.
pub(crate) fn is_unread(address: &Address) -> bool {
    let (name, _) = address.user().split_once('+').unwrap_or((address.user(), ""));
    let is_among = |names: &[&str], name: &str| {
        let letters: String = name.chars().filter(|letter| !matches!(letter, '-' | '_' | '.')).flat_map(char::to_lowercase).collect();
        names.contains(&letters.as_str())
    };
    // The part after the last hyphen may be the ID of a message: `noreply-2f6a`.
    let with_id = || name.rsplit_once('-').is_some_and(|(before, _)| is_among(&NO_REPLY, before));
    let domain = address.domain().to_lowercase();
    let in_domain = |known: &str| domain.strip_suffix(known).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'));
    is_among(&NO_REPLY, name) || is_among(&PROGRAMS, name) || with_id() || UNREAD_DOMAINS.into_iter().any(in_domain)
}

/// A message ID as in headers: `<…@…>`, in ASCII.
pub(crate) fn message_id(text: &str) -> Option<String> {
    let inner = text.trim().strip_prefix('<')?.strip_suffix('>')?;
    let plain = inner.len() <= 250 && inner.bytes().all(|byte| byte.is_ascii_graphic() && !b"<>\"\\".contains(&byte));
    (plain && inner.contains('@')).then(|| format!("<{inner}>"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn only_a_bare_address_is_one() {
        let table = [
            ("anna@example.com", Some("anna@example.com")),
            (" anna@example.com ", Some("anna@example.com")),
            ("anna+rate@EXAMPLE.com", Some("anna+rate@example.com")),
            ("anna@bücher.example", Some("anna@xn--bcher-kva.example")),
            ("анна@пример.рф", Some("анна@xn--e1afmkfd.xn--p1ai")),
            ("anna", None),
            ("@example.com", None),
            ("anna@", None),
            ("anna@127.0.0.1", None),
            ("Anna <anna@example.com>", None),
            ("anna@example.com, eve@example.com", None),
            ("anna@example.com\r\nBcc: eve@example.com", None),
            ("anna@exa mple.com", None),
            ("<anna@example.com>", None),
        ];
        for (text, expected) in table {
            assert_eq!(parse(text).map(|address| address.to_string()).as_deref(), expected, "{text:?}");
        }
    }

    #[test]
    fn programs_addresses_are_known_by_their_local_part() {
        let unread = |text: &str| parse(text).is_some_and(|address| is_unread(&address));
        for text in [
            "noreply@example.com",
            "No-Reply@Example.com",
            "no.reply@example.com",
            "noreply+42@example.com",
            "noreply-abc@example.com",
            "bounces+1=2@example.com",
            "auto-reply@example.com",
            "ne-pas-repondre@example.com",
            "nicht-antworten@example.com",
            "nao-responda@example.com",
            "no-responder@example.com",
            "1+u@users.noreply.github.com",
            "x@shop.invalid",
            "do_not_reply@example.com",
            "DoNotReply@example.com",
            "MAILER-DAEMON@example.com",
            "postmaster@example.com",
        ] {
            assert!(unread(text), "{text}");
        }
        for text in ["anna@noreply.example", "noreplyanna@example.com", "reply@example.com", "anna+noreply@example.com", "no@reply.com"] {
            assert!(!unread(text), "{text}");
        }
    }

    #[test]
    fn one_address_in_other_letters_is_one() {
        for text in ["anna@example.com", "Anna@Example.COM", " ANNA@example.com "] {
            assert_eq!(identity(text), "anna@example.com");
        }
        assert_eq!(identity("Анна@BÜCHER.example"), "анна@xn--bcher-kva.example");
        assert_eq!(identity(" Not An Address "), "not an address");
    }

    #[test]
    fn only_a_message_id_is_one() {
        assert_eq!(message_id(" <a.b@c> ").as_deref(), Some("<a.b@c>"));
        for text in ["", "<>", "a@b", "<ab>", "<a@b\r\nX: y>", "<a b@c>", "<a@b><c@d>"] {
            assert_eq!(message_id(text), None, "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn whatever_is_taken_fits_a_command_line(text in "\\PC{0,60}") {
            if let Some(address) = parse(&text) {
                prop_assert!(!address.to_string().chars().any(|letter| letter.is_control() || letter.is_whitespace() || "<>".contains(letter)), "{address}");
            }
        }
    }
}
