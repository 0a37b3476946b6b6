//! English sentences and other texts. The wording of the others does not matter; none of them is Chatwoot's.

use super::*;

const MINUTE: Millis = 60_000;

fn names() -> Names {
    let mut names = Names::default();
    for (name, id) in
        [("Ann", "1"), ("Anna Lee", "2"), ("Desk 24", "3"), ("Auto", "4"), ("李明", "5"), ("علي", "6"), ("Twin", "8"), ("Twin", "9")]
    {
        names.add(name, Who::Person(Some(id.to_owned())));
    }
    names.add("Helper", Who::Program);
    names.add("jane doe", Who::Client);
    names.add("autumn-leaf-42", Who::Client);
    names
}

fn closer(text: &str, silence: Option<Millis>) -> (CloseBy, Option<String>) {
    Activity::of(text).closer(&names(), silence)
}

#[test]
fn english_sentences_are_read() {
    for (text, by, person) in [
        ("Conversation was marked resolved by Ann", CloseBy::Operator, Some("1")),
        ("Conversation was marked resolved by Anna Lee", CloseBy::Operator, Some("2")),
        ("Conversation was marked resolved by Somebody Else", CloseBy::Operator, None),
        ("Conversation was marked resolved by Helper", CloseBy::Bot, None),
        ("Conversation was marked resolved by Automation System", CloseBy::Forced, None),
        ("Conversation was marked resolved by system due to 3 days of inactivity", CloseBy::Timeout, None),
        ("Conversation was marked resolved by system due to 0 minutes of inactivity", CloseBy::Bot, None),
        ("Conversation was marked resolved by Captain due to inactivity", CloseBy::Bot, None),
        ("Conversation was marked resolved by Captain (the client said thanks)", CloseBy::Bot, None),
        ("Conversation was resolved by Jane doe", CloseBy::Client, None),
        ("Conversation was resolved by somebody who has another name now", CloseBy::Client, None),
    ] {
        let read = Activity::of(text);
        assert!(read.closes() && !read.opens() && !read.is_unknown(), "{text}");
        assert_eq!(read.closer(&names(), Some(0)), (by, person.map(str::to_owned)), "{text}");
    }
    for text in ["Conversation was reopened by Ann", "System reopened the conversation due to a new incoming message."] {
        assert!(Activity::of(text).opens() && !Activity::of(text).closes(), "{text}");
    }
    for other in ["Assigned to Ann by Ben", "Ann added billing", "Ann has muted the conversation"] {
        let read = Activity::of(other);
        assert!(!read.is_unknown() && !read.closes() && !read.opens(), "{other}");
    }
}

#[test]
fn other_words_are_read_by_the_names_and_numbers_in_them() {
    for (text, by, person) in [
        ("Anna Lee settled the matter", CloseBy::Operator, Some("2")),
        ("Helper settled the matter", CloseBy::Bot, None),
        ("JANE DOE settled the matter", CloseBy::Client, None),
        ("Settled after 5 days", CloseBy::Timeout, None),
        ("Settled after 0 days", CloseBy::Bot, None),
        ("Settled by rule: Automation System", CloseBy::Forced, None),
        // Numbers in names are not durations.
        ("Desk 24 settled the matter", CloseBy::Operator, Some("3")),
        ("Autumn-leaf-42 settled the matter", CloseBy::Client, None),
        ("Unit R2D2 settled the matter", CloseBy::Operator, None),
        ("Nobody for 600000 minutes", CloseBy::Operator, None),
        // A name matches whole words only.
        ("Automatik: Schluss nach Annahme", CloseBy::Operator, None),
        ("Annas Kollegin macht Schluss", CloseBy::Operator, None),
        ("Ann'ın kararı", CloseBy::Operator, Some("1")),
        ("李明到此为止", CloseBy::Operator, Some("5")),
        ("Annさん、これまで", CloseBy::Operator, Some("1")),
        ("\u{202b}قال \u{2067}علي\u{2069} كفى\u{202c}", CloseBy::Operator, Some("6")),
        ("كفى عليهم", CloseBy::Operator, None),
        // Two people have this name.
        ("Twin settled the matter", CloseBy::Operator, None),
        ("", CloseBy::Operator, None),
    ] {
        assert!(Activity::of(text).is_unknown(), "{text}");
        assert_eq!(closer(text, Some(6 * 24 * 60 * MINUTE)), (by, person.map(str::to_owned)), "{text}");
    }
}

#[test]
fn a_number_is_a_silence_where_nobody_wrote_for_so_long() {
    for name in ["Agent 007", "Desk 240"] {
        assert_eq!(closer(&format!("{name} macht Schluss"), Some(MINUTE)), (CloseBy::Operator, None), "{name}");
    }
    assert_eq!(closer("Schluss nach 30 Minuten", Some(30 * MINUTE)).0, CloseBy::Timeout);
    assert_eq!(closer("Schluss nach 30 Minuten", None).0, CloseBy::Timeout, "nobody ever wrote");
}

#[test]
fn names_in_other_letters_are_the_same() {
    for (known, said) in
        [("ΝΙΚΟΣ", "Νίκος".replace('ί', "ι")), ("İPEK", "İpek".to_owned()), ("Jane  DOE", "Jane doe".to_owned()), ("ЖАННА", "Жанна".into())]
    {
        let mut names = Names::default();
        names.add(known, Who::Client);
        assert_eq!(Activity::of(&format!("{said} !")).closer(&names, None).0, CloseBy::Client, "{known}");
    }
}

/// Pseudo-random numbers that are the same in each run.
fn chance(seed: &mut u64) -> usize {
    *seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    usize::try_from(*seed >> 33).unwrap()
}

#[test]
fn no_text_is_credited_to_somebody_whom_it_does_not_name() {
    const PARTS: [&str; 24] = [
        "Ann",
        "anna",
        "Lee",
        "Desk",
        "24",
        "7",
        "0",
        " ",
        " ",
        "-",
        "Auto",
        "李",
        "明",
        "علي",
        "\u{202e}",
        "\u{1}",
        "%{",
        "}",
        "😀",
        "Conversation was ",
        "marked resolved by ",
        "resolved by ",
        " due to inactivity",
        "ß",
    ];
    let known = [("1", "ann"), ("2", "anna lee"), ("3", "desk 24"), ("4", "auto"), ("5", "李明"), ("6", "علي")];
    let mut seed = 7;
    for _ in 0..20_000 {
        let text: String = (0..chance(&mut seed) % 9).map(|_| PARTS[chance(&mut seed) % PARTS.len()]).collect();
        let read = Activity::of(&text);
        let (by, person) = read.closer(&names(), Some(MINUTE));
        let _ = (read.pattern(&names()), read.silence(&names()));
        if let Some(id) = person {
            let name = known.iter().find(|(known, _)| *known == id).map(|(_, name)| *name).unwrap();
            let seen: String = text.to_lowercase().chars().filter(|letter| !matches!(letter, '\u{202e}' | '\u{1}')).collect();
            let seen = seen.split_whitespace().collect::<Vec<_>>().join(" ");
            assert!(by == CloseBy::Operator && seen.contains(name), "{text:?}: {name}");
        }
    }
}
