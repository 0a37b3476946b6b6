//! Results of the X-ray for made-up chats.

use super::chat::{AskStatus, Chat, ClientWrote, Person, Rating};
use super::*;
use lastword_domain::answer::rating::Scale;
use proptest::prelude::*;

const HOUR: Millis = 3_600_000;
const DAY: Millis = 24 * HOUR;

fn person(id: &str, program: bool) -> Person {
    Person { id: id.to_owned(), name: None, program }
}

fn stars(score: u8, at: Millis, operator: Option<&str>) -> Option<Rating> {
    Some(Rating { scale: Scale::FiveStar, score, at, operator: operator.map(|id| person(id, false)) })
}

fn chat(session: &str, closed_at: Millis) -> Chat {
    Chat { session: session.to_owned(), closed_at: Some(closed_at), ..Chat::default() }
}

fn judged(source: Source, chats: Vec<Chat>) -> Xray {
    judge(Read { source, since: 0, until: 100 * DAY, chats, told: None, not_read: Vec::new() })
}

fn counts(figure: Option<Figure>) -> Option<(i64, i64)> {
    figure.map(|figure| (figure.part.part, figure.part.of))
}

#[test]
fn a_response_rate_is_of_the_same_chats_above_and_below() {
    let chats = vec![
        Chat { asked: AskStatus::At(DAY), rating: stars(5, 2 * DAY, None), ..chat("rated", DAY) },
        Chat { asked: AskStatus::At(DAY), ..chat("silent", DAY) },
        Chat { asked: AskStatus::No, ..chat("not asked", DAY) },
        Chat { asked: AskStatus::Unknown, rating: stars(1, DAY, None), ..chat("nobody knows", DAY) },
        Chat { asked: AskStatus::At(100 * DAY - HOUR), ..chat("can still answer", 100 * DAY - HOUR) },
        Chat { closed_at: None, rating: stars(2, 3 * DAY, None), ..chat("open again", 0) },
    ];
    let found = judged(Source::Csv, chats);
    assert_eq!((counts(found.response.of_asked), found.response.fresh), (Some((1, 2)), 1));
    assert_eq!(counts(found.response.of_closed), Some((2, 5)));
    assert_eq!(counts(found.score.all), Some((1, 3)), "a rating counts, wherever its chat is");
    let silent = found.score.with_the_silent.unwrap();
    assert_eq!((silent.silent, silent.of, silent.asked, silent.low, silent.high), (1, 2, true, 50.0, 100.0));
    assert_eq!((found.closed, found.ratings), (5, 3));
}

#[test]
fn where_rated_chats_alone_are_listed_nothing_is_said_of_the_others() {
    let chats = (0..5).map(|n| Chat { asked: AskStatus::Yes, rating: stars(5, n, None), ..chat(&n.to_string(), n) }).collect();
    let found = judged(Source::Csv, chats);
    assert_eq!((found.response.of_asked, found.response.of_closed, found.score.with_the_silent), (None, None, None));
    assert_eq!(found.reported.response, None);
}

#[test]
fn each_client_counts_once_by_the_last_rating() {
    let of = |session: &str, client: &str, score, at| Chat {
        client: Some(client.to_owned()),
        rating: stars(score, at, Some("ann")),
        ..chat(session, at)
    };
    let found = judged(Source::Csv, vec![of("a", "c", 5, 3), of("b", "c", 1, 9), of("c", "c", 5, 7), of("d", "e", 4, 1), chat("f", 5)]);
    assert_eq!(counts(found.score.each_client_once), Some((1, 2)));
    assert_eq!((counts(found.clients.repeats), found.clients.most), (Some((2, 4)), 3));
    assert_eq!(found.clients.groups.iter().map(|group| (group.times, group.clients)).collect::<Vec<_>>(), [(1, 1), (3, 1)]);
    assert_eq!(found.operators.operators[0].compared.clients, 2);
}

#[test]
fn ratings_of_nobody_of_others_and_of_programs_are_told() {
    let wrote = |ids: &[(&str, bool)]| Some(ids.iter().map(|(id, program)| person(id, *program)).collect());
    let chats = vec![
        Chat { writers: wrote(&[("ann", false)]), rating: stars(5, 1, Some("ann")), ..chat("own", 1) },
        Chat { writers: wrote(&[("ann", false), ("bot-3", true)]), rating: stars(1, 1, Some("ben")), ..chat("of another", 1) },
        Chat { writers: wrote(&[("bot-3", true)]), rating: stars(1, 1, Some("ben")), ..chat("of a program", 1) },
        Chat { writers: None, rating: stars(5, 1, Some("ben")), ..chat("nobody knows", 1) },
        Chat { writers: wrote(&[("ann", false)]), rating: stars(5, 1, None), ..chat("of nobody", 1) },
    ];
    let found = judged(Source::Chatwoot, chats);
    assert_eq!(counts(found.credit.without_operator), Some((1, 5)));
    assert_eq!(counts(found.credit.credited_elsewhere), Some((1, 2)));
    assert_eq!(counts(found.credit.by_program), Some((1, 5)));
    assert_eq!(counts(found.score.served_by_people), Some((3, 4)));
}

#[test]
fn programs_are_not_compared_with_people() {
    let rated = |n: usize, id: &str, program: bool, good: bool| Chat {
        client: Some(n.to_string()),
        rating: Some(Rating { scale: Scale::Binary, score: u8::from(good), at: 1, operator: Some(person(id, program)) }),
        ..chat(&n.to_string(), 1)
    };
    let chats = (0..120).map(|n| match n % 3 {
        0 => rated(n, "ann", false, n % 30 != 0),
        1 => rated(n, "ben", false, n % 2 == 0),
        _ => rated(n, "helper", true, false),
    });
    let found = judged(Source::Csv, chats.collect()).operators;
    assert_eq!((found.people, found.programs, found.above, found.below, found.not_told_apart), (2, 1, 1, 1, 0));
    let list = found.list.unwrap();
    assert_eq!((list.first.as_str(), list.last.as_str(), list.told_apart), ("ann", "ben", true));
    assert!(list.points > 30.0);
    // With a tenth of the ratings the same list shows no significant difference.
    let few = (0..12).map(|n| rated(n, if n % 2 == 0 { "ann" } else { "ben" }, false, n % 2 == 0 || n % 3 == 0));
    let few = judged(Source::Csv, few.collect()).operators;
    assert_eq!((few.not_told_apart, few.list.unwrap().told_apart), (2, false));
}

#[test]
fn a_window_was_shut_where_the_client_wrote_too_long_ago() {
    let of =
        |session: &str, channel: &str, wrote| Chat { channel: Some(channel.to_owned()), client_wrote: wrote, ..chat(session, 10 * DAY) };
    let at = |hours: i64| ClientWrote::At(10 * DAY - hours * HOUR);
    let not_after = |hours: i64| ClientWrote::NotAfter(10 * DAY - hours * HOUR);
    let chats = vec![
        of("in time", "whatsapp", at(23)),
        Chat { asked: AskStatus::Yes, ..of("late", "whatsapp", at(24)) },
        of("late for sure", "whatsapp", not_after(30)),
        of("perhaps", "whatsapp", not_after(2)),
        of("nobody knows", "WhatsApp Business", ClientWrote::Unknown),
        of("longer", "tiktok", at(47)),
        of("none", "telegram", at(999)),
        of("of a comment", "Facebook: comments", at(999)),
        Chat { closed_at: None, ..of("open", "instagram", at(999)) },
    ];
    let found = judged(Source::Csv, chats).window;
    assert_eq!(counts(found.never_in_time), Some((2, 5)), "at least, of those of whom anything is known");
    let told: Vec<_> =
        found.channels.iter().map(|one| (one.channel.as_str(), one.hours, one.closed, one.shut, one.asked_anyway, one.unknown)).collect();
    assert_eq!(told, [("WhatsApp Business", 24, 1, 0, 0, 1), ("tiktok", 48, 1, 0, 0, 0), ("whatsapp", 24, 4, 2, 1, 1)]);
    let nobody = judged(Source::Csv, vec![of("nobody knows", "instagram", ClientWrote::Unknown)]).window;
    assert_eq!(nobody.never_in_time, None);
}

#[test]
fn each_source_is_judged_by_its_own_rule() {
    let rated = |n: usize, score| Chat { asked: AskStatus::Yes, rating: stars(score, 1, None), ..chat(&n.to_string(), 1) };
    let chats = || [5, 5, 3, 1].into_iter().enumerate().map(|(n, score)| rated(n, score)).chain([chat("unrated", 1)]).collect::<Vec<_>>();
    let score = |source| judged(source, chats()).reported.score.map(|bare| (bare.rule, bare.part, bare.of));
    assert_eq!(score(Source::Chatwoot), Some((Rule::ChatwootScore, 2, 4)));
    assert_eq!(score(Source::Zendesk), Some((Rule::ZendeskScore, 2, 3)));
    for source in [Source::Csv, Source::FreeScout, Source::RocketChat] {
        let reported = judged(source, chats()).reported;
        assert_eq!((reported.basis, reported.score, reported.response), (rates::Basis::Plain, None, None), "nobody reported anything");
    }
    let told = judge(Read {
        source: Source::Chatwoot,
        since: 0,
        until: 1,
        chats: chats(),
        told: Some(rates::DeskFigures { score: Share::of(9, 10), response: Share::of(10, 8) }),
        not_read: Vec::new(),
    });
    assert_eq!(
        (told.reported.basis, told.reported.response.unwrap().percent),
        (rates::Basis::Told, 125.0),
        "what the desk says is not mended"
    );
}

proptest! {
    /// For any input, each numerator is at most its denominator, and the range with silent clients contains the score.
    #[test]
    fn figures_hold_together(
        chats in proptest::collection::vec((0..40_i64, 0..6_u8, 0..4_u8, 0..6_u8, 0..3_u8, any::<bool>()), 0..60),
    ) {
        let made = |(n, (day, score, asked, client, operator, closed)): (usize, (i64, u8, u8, u8, u8, bool))| Chat {
            session: n.to_string(),
            closed_at: closed.then_some(day * DAY),
            channel: Some(["whatsapp", "webchat"][n % 2].to_owned()),
            client: (client > 0).then(|| client.to_string()),
            client_wrote: [ClientWrote::Unknown, ClientWrote::At((day - 2) * DAY), ClientWrote::NotAfter(day * DAY)][n % 3],
            asked: [AskStatus::Unknown, AskStatus::No, AskStatus::Yes, AskStatus::At(day * DAY)][usize::from(asked)],
            rating: if score == 0 { None } else { stars(score, day * DAY, (operator > 0).then(|| ["x", "ann", "ben"][usize::from(operator)])) },
            ..Chat::default()
        };
        let chats: Vec<Chat> = chats.into_iter().enumerate().map(made).collect();
        let found = judged(Source::Csv, chats);
        let figures = [
            found.score.all, found.score.each_client_once, found.score.served_by_people, found.response.of_asked,
            found.response.of_closed, found.credit.without_operator, found.clients.repeats, found.window.never_in_time,
        ];
        for part in figures.into_iter().flatten().map(|figure| figure.part) {
            prop_assert!(0 <= part.part && part.part <= part.of && part.of > 0, "{part:?}");
            let (low, percent, high) = (part.low.unwrap(), part.percent.unwrap(), part.high.unwrap());
            prop_assert!(low <= percent + 1e-9 && percent <= high + 1e-9);
        }
        if let Some(silent) = found.score.with_the_silent {
            prop_assert!(0.0 <= silent.low && silent.low <= silent.high && silent.high <= 100.0 && silent.silent <= silent.of);
        }
        let operators = &found.operators;
        prop_assert_eq!(operators.above + operators.below + operators.not_told_apart, operators.people);
        prop_assert_eq!(found.clients.ratings + found.clients.unknown, found.ratings);
    }
}
