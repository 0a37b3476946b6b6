//! "Do not ask me again": what a client may type to say so or to take it back, and the mark by which somebody is known
//! again who said it, also after everything else about them is erased.

use crate::word::words;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// What a client wants of our questions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Wish {
    /// Not to be asked again.
    Stop,
    /// To be asked again after all.
    Start,
}

impl Wish {
    /// The wish that a typed message is, if it is nothing else: one of the words that people know from text messages, in
    /// any case, perhaps with a final mark or in quotes. "Please stop the delivery" is an ordinary message.
    pub fn read(text: &str) -> Option<Self> {
        const MARKS: [char; 13] = ['.', '!', '…', '¡', '"', '\'', '«', '»', '“', '”', '„', '‘', '’'];
        let word = text.trim().trim_matches(|letter: char| MARKS.contains(&letter) || letter.is_whitespace());
        if word.chars().count() > 10 {
            return None;
        }
        match word.to_lowercase().as_str() {
            "stop" | "arrêt" | "arret" | "arrêter" | "dur" | "durdur" | "стоп" | "parar" | "alto" | "stopp" | "إيقاف" | "ايقاف"
            | "توقف" => Some(Wish::Stop),
            "start" | "старт" => Some(Wish::Start),
            _ => None,
        }
    }
}

words! {
    /// By which way somebody said that they do not want to be asked, or who said it for them.
    pub enum ToldBy {
        /// The client typed it.
        Text = "text",
        /// The client pressed a button in the messenger.
        Button = "button",
        /// The client said it on the page behind a link.
        Link = "link",
        /// The client's mail program said it: one click on "unsubscribe".
        Mail = "mail",
        /// One of us, signed in.
        Person = "person",
        /// A program with an API key.
        Program = "program",
        /// Somebody at the command line of the server.
        Command = "command",
    }
}

/// The name of a client whom no desk names: where they are talked to.
pub fn place_name(connection: &str, chat: &str) -> String {
    format!("{connection}:{chat}")
}

/// The key that marks are made with.
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

    /// The mark of one name of a person: the same for the same name, and without the key no way from one to the other.
    pub fn mark(&self, name: &str) -> String {
        let mut hmac = Hmac::<Sha256>::new_from_slice(&self.0).unwrap_or_else(|_| unreachable!("HMAC takes a key of any length"));
        // Nobody means another mailbox by capitals.
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
            "stop, please",
            "non-stop",
            "/stop",
            "/start",
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
        /// Whatever has a second word in it goes to the desk.
        #[test]
        fn a_sentence_is_never_a_wish(before in "\\w{1,8}", after in "\\w{1,8}") {
            for text in [format!("{before} stop"), format!("stop {after}"), format!("{before} СТОП {after}")] {
                prop_assert_eq!(Wish::read(&text), None);
            }
        }
    }
}
