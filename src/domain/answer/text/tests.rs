//! Tests for typed scores, by example and by property.

use super::{Typed, read};
use crate::answer::rating::Scale::{self, Binary, FiveStar};
use proptest::prelude::*;

const LANGUAGES: [&str; 5] = ["en", "ru", "de-AT", "es", "pt-BR"];

fn score(text: &str, scale: Scale) -> Option<u8> {
    read(text, scale, &LANGUAGES).map(|typed| typed.score)
}

/// Texts between bars.
fn cases(texts: &str) -> impl Iterator<Item = &str> {
    texts.split(" | ")
}

fn comment(text: &str, scale: Scale) -> Option<String> {
    read(text, scale, &LANGUAGES).and_then(|typed| typed.comment)
}

#[test]
fn thumbs_are_read_however_they_are_typed() {
    let good = [
        "1",
        " 1 ",
        "1!",
        "1.",
        "(1)",
        "«1»",
        "1️⃣",
        "１",
        "۱",
        "١",
        "①",
        "1 😊",
        "1)))",
        "1 👍",
        "👍",
        "👍🏽",
        "👍🏿👍🏿 👍",
        "👍!",
        "+",
        "＋",
        "➕",
    ];
    good.iter().for_each(|text| assert_eq!(read(text, Binary, &LANGUAGES), Some(Typed { score: 1, comment: None }), "{text}"));
    let bad = ["0", "0!", "０", "0️⃣", "👎", "👎🏾", "👎👎", "-", "−", "➖", "0 👎", "0 :-("];
    bad.iter().for_each(|text| assert_eq!(read(text, Binary, &LANGUAGES), Some(Typed { score: 0, comment: None }), "{text}"));
}

#[test]
fn words_of_the_language_in_which_a_client_writes_are_read() {
    for (language, good, bad, five) in [
        ("it", "Ottimo!", "pessimo", "5 stelle | cinque | 5 su 5"),
        ("pl", "świetnie, dziękuję", "źle", "5 gwiazdek | pięć | 5 na 5"),
        ("nl", "heel goed", "slecht", "5 sterren | vijf | 5 van de 5"),
        ("he", "מצוין", "גרוע", "5 כוכבים | חמש | 5 מתוך 5"),
        ("zh-CN", "非常满意", "差评", "5星 | 五星 | 5分"),
        ("uk", "чудово", "погано", "п\u{2bc}ять | п'ять | 5 зірок"),
    ] {
        assert_eq!(read(good, Binary, &[language]).map(|typed| typed.score), Some(1), "{language}: {good}");
        assert_eq!(read(bad, Binary, &[language]).map(|typed| typed.score), Some(0), "{language}: {bad}");
        for text in cases(five) {
            assert_eq!(read(text, FiveStar, &[language]), Some(Typed { score: 5, comment: None }), "{language}: {text}");
        }
    }
    for text in ["*5*", "_5_", "`5`", "5*", "5 *"] {
        assert_eq!(score(text, FiveStar), Some(5), "{text}");
    }
    for text in ["*5* items", "5 * 3", "5*3", "*5", "2*"] {
        assert_eq!(score(text, FiveStar).filter(|_| text != "2*"), None, "{text}");
    }
    assert_eq!(score("2*", FiveStar), Some(2));
}

#[test]
fn turkish_capitals_are_read() {
    for (text, score) in [("HAYIR", 0), ("hayır", 0), ("EVET", 1)] {
        assert_eq!(read(text, Binary, &["tr"]), Some(Typed { score, comment: None }), "{text}");
    }
    assert_eq!(read("BEŞ YILDIZ", FiveStar, &["tr"]).map(|typed| typed.score), Some(5));
}

#[test]
fn words_count_in_the_languages_of_the_line() {
    for text in cases(
        "yes | Yes! | GOOD | very good | Good, thank you! | да | Плюс | отлично 👍 | Очень хорошо | ja | \
         Sehr gut, danke | sí | muy bien | Sim | ótimo | thumbs up | super 😊",
    ) {
        assert_eq!(score(text, Binary), Some(1), "{text}");
    }
    for text in ["no", "bad", "нет", "плохо", "Очень плохо!", "nein", "schlecht", "no.", "muy mal", "não", "péssimo", "Thumbs down"]
    {
        assert_eq!(score(text, Binary), Some(0), "{text}");
    }
    assert_eq!(read("ужасно", Binary, &["de"]), None, "not a language of this line");
    assert_eq!(read("awful", Binary, &["de"]), Some(Typed { score: 0, comment: None }), "English always counts");
}

#[test]
fn words_that_do_not_say_it_alone_do_not_count() {
    for text in cases(
        "no thanks | нет, спасибо | yes please | да, но не сразу | not bad | не плохо | nicht gut | ok | thanks | \
         спасибо | good or bad | good morning | bad gateway | yes? | good 👎 | the parcel is late |  |   | ? | … | 😊 | \
         👍👎 | 👎 👍",
    ) {
        assert_eq!(score(text, Binary), None, "{text}");
    }
}

#[test]
fn stars_are_read_however_they_are_typed() {
    let cases = [
        ("5", 5),
        ("1", 1),
        ("5!", 5),
        ("５", 5),
        ("5️⃣", 5),
        ("٤", 4),
        ("③", 3),
        ("(4)", 4),
        ("\"4\"", 4),
        ("5/5", 5),
        ("4 / 5", 4),
        ("4 out of 5", 4),
        ("4 of 5!", 4),
        ("4 из 5", 4),
        ("3 von 5", 3),
        ("2 de 5", 2),
        ("★★★★", 4),
        ("⭐⭐⭐⭐", 4),
        ("⭐ ⭐ ⭐", 3),
        ("★★★☆☆", 3),
        ("⭐️⭐️", 2),
        ("4 stars", 4),
        ("5 звёзд", 5),
        ("5 баллов", 5),
        ("3 Sterne", 3),
        ("1 estrella", 1),
        ("4 estrelas", 4),
        ("5 ⭐", 5),
        ("3★★★", 3),
        ("five", 5),
        ("Пять", 5),
        ("vier", 4),
        ("cinco estrellas", 5),
        ("5+", 5),
        ("5)))", 5),
        ("5 ❤️", 5),
        ("1 👎", 1),
        ("5 👍🏽", 5),
        ("5 :-)", 5),
    ];
    cases.iter().for_each(|&(text, expected)| {
        assert_eq!(read(text, FiveStar, &LANGUAGES), Some(Typed { score: expected, comment: None }), "{text}")
    });
}

#[test]
fn what_only_contains_a_number_is_no_score() {
    for text in cases(
        "-5 | −5 | +5 | 0 | 6 | 10 | 4711 | 1️⃣0️⃣ | 🔟 | 5 items are missing | 5 items | 1.5 | 1,5 | 4½ | 1:30 | 5% | \
         5€ | $5 | 5 € | 5° | #5 | №5 | 5th | 1st | 5x | 5 x 3 | 5-star hotel | 5. Mai | 1. The parcel is late | \
         5 - 10 | 5-10 | 2-3 days | 5 3 | 5/10 | 10/10 | 5/5/2026 | 55 | 5 of my parcels | 4/5 items arrived | 5? | \
         5 - is that the best? | 5 stars hotel | one of them | I give 5 | room 5 | 0800 123456 | 5 000 | 5!late | \
         5)late | 1) late\n2) broken | 1, late\n2, broken | ⭐ Special offer | ⭐⭐⭐⭐⭐⭐ | ★★☆ | 1 👍 | 5 👎 | 5- | 5=5 | \
         yes | 👍 | good | 5 terrible | 1 excellent | 5 thanks | 5 Спасибо большое! | 5. Danke | 5 very good 😊 | 1 terrible | five thanks | \
         ★★★★ thanks | 1: the box is broken 2: no manual | 1, late, 2, broken | 3! Slow (4) rude",
    ) {
        assert_eq!(read(text, FiveStar, &LANGUAGES), None, "{text}");
    }
    for text in cases(
        "-1 | 10 | 01 | 00 | 2 | 5 | 1.5 | 1st floor | 1:30 | 1 234 | 1 000 rubles | 0 800 123456 | 1% | +1 | -1 | \
         - late | 1 question? | 1) late | 1. late | 1-2 days | 1/5 | 👍👎 mixed | 1 👎 | 0 👍 | 1 late\n2 broken | 1 item is missing | 0 problems, thank you | 0 problems, all good | 1 too slow | 0 bad | 1 thanks | \
         0 nobody answered for 3 days | 1: the box is broken 2: no manual | 1, slow 2) late | 0: late 1: rude | 1 - slow 2 - late | 👎🏽 too slow | 👍 will do, see you at five | 1 thank you, all good",
    ) {
        assert_eq!(read(text, Binary, &LANGUAGES), None, "{text}");
    }
}

#[test]
fn a_comment_needs_its_sign_on_stars() {
    let cases = [
        ("5 - great", 5, "great"),
        ("5 – Great service, thank you", 5, "Great service, thank you"),
        ("2 — waited 40 minutes", 2, "waited 40 minutes"),
        ("5, всё отлично", 5, "всё отлично"),
        ("4: a bit slow", 4, "a bit slow"),
        ("5! Loved it", 5, "Loved it"),
        ("1\nWaited an hour", 1, "Waited an hour"),
        ("5️⃣\n\nSuper", 5, "Super"),
        ("3.\nSo so", 3, "So so"),
        ("5/5 - great", 5, "great"),
        ("4 stars, friendly", 4, "friendly"),
        ("★★ - rude", 2, "rude"),
        ("(5 - great)", 5, "great"),
        ("5 - 😊", 5, "😊"),
    ];
    for (text, expected, said) in cases {
        assert_eq!((score(text, FiveStar), comment(text, FiveStar).as_deref()), (Some(expected), Some(said)), "{text}");
    }
}

#[test]
fn a_comment_needs_its_sign_on_thumbs_too() {
    let cases = [
        ("1, too slow", 1, "too slow"),
        ("0 - rude", 0, "rude"),
        ("0: rude", 0, "rude"),
        ("1, got 2 parcels in 2 days", 1, "got 2 parcels in 2 days"),
        ("1 – Anna was kind", 1, "Anna was kind"),
        ("0\nrude", 0, "rude"),
        ("0\nnobody answered for 3 days", 0, "nobody answered for 3 days"),
        ("👎🏽, too slow", 0, "too slow"),
        ("👍 - Anna was kind", 1, "Anna was kind"),
    ];
    for (text, expected, said) in cases {
        assert_eq!((score(text, Binary), comment(text, Binary).as_deref()), (Some(expected), Some(said)), "{text}");
    }
}

/// Ways to write one digit.
fn written(digit: u8) -> Vec<String> {
    let at = |zero: u32| char::from_u32(zero + u32::from(digit)).map(String::from).unwrap_or_default();
    let plain = char::from(b'0' + digit);
    vec![
        plain.to_string(),
        at(0xff10),
        format!("{plain}\u{fe0f}\u{20e3}"),
        at(0x660),
        format!("\u{200b}{plain}\u{200e}"),
        format!("\u{a0}{plain}\u{3000}"),
    ]
}

proptest! {
    #[test]
    fn no_text_breaks_it_and_every_score_is_on_its_scale(text in any::<String>(), five in any::<bool>()) {
        let scale = if five { FiveStar } else { Binary };
        if let Some(typed) = read(&text, scale, &LANGUAGES) {
            prop_assert!(scale.admits(typed.score));
            if let Some(comment) = typed.comment {
                prop_assert!(!comment.is_empty() && text.contains(&comment), "a comment is what was written");
            }
        }
    }

    #[test]
    fn texts_of_the_signs_that_matter_do_not_break_it(text in "[0-9１⭐★☆👍👎🏽+\\-–—.,:;!?/() \n\u{fe0f}\u{20e3}\u{200d}a-cгood]{0,24}", five in any::<bool>()) {
        let scale = if five { FiveStar } else { Binary };
        if let Some(typed) = read(&text, scale, &LANGUAGES) {
            prop_assert!(scale.admits(typed.score));
            prop_assert!(typed.comment.is_none_or(|comment| text.contains(&comment)));
        }
    }

    /// A digit in any form has the same meaning.
    #[test]
    fn a_digit_is_a_digit_however_it_is_written(digit in 0_u8..=9, form in 0_usize..6, rest in "( - great|, thanks|!|\n[a-z]{1,9}| [a-z]{2,9} [a-z]{2,9}|)", five in any::<bool>()) {
        let scale = if five { FiveStar } else { Binary };
        let plain = read(&format!("{digit}{rest}"), scale, &LANGUAGES);
        prop_assert_eq!(read(&format!("{}{rest}", written(digit)[form]), scale, &LANGUAGES), plain);
    }

    /// Skin tones and marks of presentation change nothing.
    #[test]
    fn a_thumb_is_a_thumb_whatever_its_colour(tone in 0x1f3fb_u32..=0x1f3ff, up in any::<bool>(), rest in "(|!|, [a-z]{2,9}| - [a-z]{2,9})") {
        let thumb = if up { '👍' } else { '👎' };
        let toned = format!("{thumb}{}\u{fe0f}{rest}", char::from_u32(tone).unwrap_or_default());
        prop_assert_eq!(score(&toned, Binary), Some(u8::from(up)));
    }

    /// Numbers in running text are not scores, in any position.
    #[test]
    fn numbers_in_running_text_are_no_scores(before in "[a-z]{2,9}( [a-z]{2,9}){0,3}", number in 0_u32..100_000, after in "[b-z]{4,9}( [a-z]{2,9}){1,3}") {
        let inside = format!("{before} {number} {after}");
        prop_assert_eq!(score(&inside, FiveStar), None);
        prop_assert_eq!(score(&inside, Binary), None);
        let at_end = format!("{before} {number}");
        prop_assert_eq!(score(&at_end, FiveStar), None);
        let leading = format!("{number} xx{after}");
        prop_assert_eq!(score(&leading, FiveStar), None);
        prop_assert_eq!(score(&leading, Binary), None);
    }

    /// Decimals, negative numbers, amounts, times and everything above the scale are not scores.
    #[test]
    fn other_numbers_are_no_scores(whole in 0_u32..100, part in 0_u32..100, sign in "[-−+#$€№~<>=]", unit in "[%€$°x²]") {
        for text in [format!("{whole}.{part}"), format!("{whole},{part}"), format!("{whole}:{part:02}"), format!("{whole}-{part}"), format!("{sign}{whole}"), format!("{whole}{unit}"), format!("{whole} {part}")] {
            prop_assert_eq!(score(&text, FiveStar), None, "{}", text);
            prop_assert_eq!(score(&text, Binary), None, "{}", text);
        }
        let above = whole + 6;
        prop_assert_eq!(score(&above.to_string(), FiveStar), None);
        prop_assert_eq!(score(&format!("{above} - great"), FiveStar), None);
        prop_assert_eq!(score(&(whole + 2).to_string(), Binary), None);
    }
}
