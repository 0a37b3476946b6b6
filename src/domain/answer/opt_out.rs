//! Opt-out: the texts by which a client opts out or in again, and the mark by which an opted-out person is recognized even after
//! all their other data was erased.

use super::text::glyphs::is_emoji;
use crate::word::words;
use hmac::{Hmac, KeyInit, Mac};
use lastword_base::names::{ChatId, ConnectionId};
use sha2::Sha256;

/// The client's wish about our questions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Wish {
    /// Not to be asked.
    Stop,
    /// To be asked again.
    Start,
}

/// Words that mean an opt-out in any conversation. English: 47 CFR 64.1200(a)(10), and the standard words of carriers (CTIA
/// Messaging Principles, section 5.1.3). Other languages: what senders of text messages are required to accept.
const STOP: [&str; 52] = [
    "stop",
    "stopall",
    "unsubscribe",
    "unsubscribe me",
    "revoke",
    "optout",
    "opt out",
    "opt-out",
    "opt me out",
    "do not ask me again",
    "don't ask me again",
    // Russian, Ukrainian
    "стоп",
    "отписаться",
    "отписка",
    "отпишите",
    "отпишите меня",
    "отписать меня",
    "не спрашивайте меня больше",
    "відписатися",
    "відписка",
    // German, Dutch
    "stopp",
    "abmelden",
    "abbestellen",
    "austragen",
    "afmelden",
    "uitschrijven",
    // French
    "arrêt",
    "arret",
    "arrêter",
    "arreter",
    "désabonner",
    "desabonner",
    "me désabonner",
    "se désabonner",
    "désinscrire",
    "me désinscrire",
    "désinscription",
    // Spanish, Portuguese, Italian
    "darse de baja",
    "darme de baja",
    "cancelar suscripción",
    "cancelar suscripcion",
    "descadastrar",
    "cancelar inscrição",
    "cancelar subscrição",
    "disiscrivimi",
    "annulla iscrizione",
    // Turkish, Arabic
    "abonelikten çik",
    "durdur",
    "إيقاف",
    "ايقاف",
    "إلغاء الاشتراك",
    "الغاء الاشتراك",
];

/// Words that carriers list too, but that people also say to a person or a program ("cancel" of an order, "parar" of a machine):
/// they count only where we asked.
const STOP_WHERE_ASKED: [&str; 12] =
    ["cancel", "end", "quit", "отмена", "dur", "iptal", "parar", "alto", "baja", "sair", "توقف", "cancelar"];

const START: [&str; 7] = ["start", "unstop", "старт", "subscribe", "подписаться", "opt in", "optin"];

/// Polite or filler words around it, such as "all messages".
const BESIDES: [&str; 24] = [
    "please",
    "pls",
    "plz",
    "now",
    "all",
    "thanks",
    "thank you",
    "пожалуйста",
    "все",
    "всё",
    "спасибо",
    "будь ласка",
    "bitte",
    "alle",
    "alles",
    "danke",
    "svp",
    "s'il vous plaît",
    "merci",
    "por favor",
    "todo",
    "tudo",
    "lütfen",
    "من فضلك",
];

impl Wish {
    /// Parses a typed wish, if the text contains nothing else: one of the words known from text messages, in any case, perhaps as a
    /// command (`/stop`), in quotes, with a final mark or with a "please". "Please stop the delivery" is an ordinary message. If no
    /// question was asked, use [`Wish::read_unasked`].
    pub fn read(text: &str) -> Option<Self> {
        let said = said(text)?;
        let among = |words: &[&str]| words.contains(&said.as_str());
        if among(&STOP) || among(&STOP_WHERE_ASKED) {
            return Some(Wish::Stop);
        }
        (among(&START) && !text.trim_start().starts_with('/')).then_some(Wish::Start)
    }

    /// As [`Wish::read`], but only by words that mean it in any conversation.
    pub fn read_unasked(text: &str) -> Option<Self> {
        Self::read(text).filter(|wish| *wish == Wish::Start || said(text).is_some_and(|said| STOP.contains(&said.as_str())))
    }
}

/// The words of a short text, without punctuation, politeness and the slash of a command.
fn said(text: &str) -> Option<String> {
    const MARKS: [char; 15] = ['.', '!', '…', '¡', '"', '\'', '«', '»', '“', '”', '„', '‘', '’', ',', '،'];
    const CHARS_MAX: usize = 40;
    let text = text.trim();
    if text.chars().nth(CHARS_MAX).is_some() {
        return None;
    }
    let ends = |letter: char| MARKS.contains(&letter) || letter.is_whitespace() || letter == '\u{fe0f}' || is_emoji(letter);
    let bare = |text: &str| text.trim_matches(ends).to_owned();
    // Capitals do not tell which of the two Turkish letters an I is; that of İ has a dot of its own in lower case.
    let lower = bare(&text.to_lowercase().replace('’', "'").replace('ı', "i").replace('\u{307}', ""));
    // In Telegram groups a command names the bot: `/stop@our_bot`.
    let command = lower.strip_prefix('/').map(|command| command.split('@').next().unwrap_or_default().to_owned());
    let mut said = command.unwrap_or(lower);
    // Filler words, separated by a comma or a space on either side.
    while let Some(shorter) = BESIDES.iter().find_map(|besides| without(&said, besides)) {
        said = bare(&shorter);
    }
    let mut words: Vec<&str> = said.split_whitespace().collect();
    words.dedup();
    (!words.is_empty()).then(|| words.join(" "))
}

/// `said` without `besides` at one of its ends.
fn without(said: &str, besides: &str) -> Option<String> {
    let parts = |letter: char| letter.is_whitespace() || matches!(letter, ',' | '.' | '!' | '…' | '،');
    let before = said.strip_suffix(besides).filter(|rest| rest.ends_with(parts));
    before.or_else(|| said.strip_prefix(besides).filter(|rest| rest.starts_with(parts))).map(str::to_owned)
}

words! {
    /// Way in which an opt-out was received.
    pub enum ToldBy {
        /// The client typed it.
        Text = "text",
        /// The client pressed a button in the messenger.
        Button = "button",
        /// The client used the page behind a link.
        Link = "link",
        /// The client's mail program sent a one-click "unsubscribe".
        Mail = "mail",
        /// A signed-in person.
        Person = "person",
        /// A program with an API key.
        Program = "program",
        /// The command line of the server.
        Command = "command",
    }
}

/// Name of a client without a desk's ID: the connection and the chat.
pub fn place_name(connection: &ConnectionId, chat: &ChatId) -> String {
    format!("{connection}:{chat}")
}

/// The key for marks.
#[derive(Clone)]
pub struct MarkKey(Vec<u8>);

impl std::fmt::Debug for MarkKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("MarkKey(…)")
    }
}

impl MarkKey {
    /// Wraps the key's bytes.
    pub fn new(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }

    /// The mark of one name of a person: the same for the same name, and not reversible without the key.
    pub fn mark(&self, name: &str) -> String {
        let mut hmac = Hmac::<Sha256>::new_from_slice(&self.0).unwrap_or_else(|_| unreachable!("HMAC takes a key of any length"));
        // Case does not distinguish mailboxes.
        let folded = name.contains('@').then(|| name.to_lowercase());
        hmac.update(folded.as_deref().unwrap_or(name).as_bytes());
        hex::encode(hmac.finalize().into_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn only_a_whole_message_is_a_wish() {
        for stop in [
            "STOP",
            "stop",
            " Stop. ",
            "Стоп!",
            "СТОП",
            "parar",
            "ALTO",
            "Stopp!",
            "«стоп»",
            "\"STOP\"",
            "stop…",
            "STOP\n",
            "Arrêt",
            "DUR",
            "إيقاف",
            "/stop",
            "/stop@our_bot",
            "/unsubscribe",
            "unsubscribe",
            "Отписаться",
            "отписаться, пожалуйста",
            "STOP ALL",
            "STOPALL",
            "Stop please",
            "Please stop.",
            "stop, please",
            "Bitte abmelden!",
            "OPT OUT",
            "opt-out",
            "Don’t ask me again",
            "Désabonner",
            "por favor, darme de baja",
            "CANCEL",
            "END",
            "QUIT",
            "REVOKE",
            "STOP STOP",
            "stop 🛑",
            "İPTAL",
            "IPTAL",
            "ABONELİKTEN ÇIK",
            "abonelikten çık",
        ] {
            assert_eq!(Wish::read(stop), Some(Wish::Stop), "{stop:?}");
        }
        for start in ["START", "start", "Старт.", "старт!"] {
            assert_eq!(Wish::read(start), Some(Wish::Start), "{start:?}");
        }
        let ordinary = [
            "please stop the delivery",
            "stop it",
            "STOP?",
            "non-stop",
            "/start",
            "please",
            "please, all",
            "/",
            "/stop the delivery",
            "cancel my order",
            "the end",
            "unsubscribed",
            "стоп-кран",
            "не стоп",
            "stopstop",
            "s t o p",
            "",
            "!",
            "stop\nthe delivery",
            "para",
            "1",
        ];
        for text in ordinary {
            assert_eq!(Wish::read(text), None, "{text:?}");
        }
    }

    #[test]
    fn a_word_that_means_something_else_elsewhere_counts_where_we_asked_alone() {
        for word in ["cancel", "END", "/quit", "parar", "отмена", "alto"] {
            assert_eq!((Wish::read(word), Wish::read_unasked(word)), (Some(Wish::Stop), None), "{word:?}");
        }
        for word in STOP {
            assert_eq!(Wish::read_unasked(word), Some(Wish::Stop), "{word:?} holds nothing that is left out");
        }
        assert_eq!(Wish::read_unasked("START"), Some(Wish::Start));
    }

    #[test]
    fn a_mark_is_one_names_and_one_keys() {
        let key = MarkKey::new(vec![7; 32]);
        assert_eq!(key.mark("bot:777"), key.mark("bot:777"));
        assert_ne!(key.mark("bot:777"), key.mark("bot:778"));
        assert_ne!(key.mark("bot:777"), MarkKey::new(vec![8; 32]).mark("bot:777"));
        assert_eq!(key.mark("mail:Anna@Example.org"), key.mark("mail:anna@example.org"));
        assert_ne!(key.mark("bot:AbC"), key.mark("bot:abc"), "ids of platforms know capitals");
        assert_eq!(key.mark("x").len(), 64);
    }

    #[test]
    fn ways_are_words_of_their_own() {
        for told_by in ToldBy::ALL {
            assert_eq!(ToldBy::parse(told_by.as_str()), Some(told_by));
        }
    }

    proptest! {
        /// A text with any other word than a "please" goes to the desk.
        #[test]
        fn a_sentence_is_never_a_wish(before in "\\w{1,8}", after in "\\w{1,8}") {
            prop_assume!([&before, &after].into_iter().all(|word| !BESIDES.contains(&word.to_lowercase().as_str())));
            for text in [format!("{before} stop"), format!("stop {after}"), format!("{before} СТОП {after}")] {
                prop_assert_eq!(Wish::read(&text), None);
            }
        }
    }
}
