//! Sentences of pages that once said what the data did not show, and links to lists that contradicted their number.

use super::pages::Site;
use super::past::When::{Before, Now};
use super::past::{Batch, past, periods, plain, thumbs};
use crate::on_both_databases;
use crate::rig::world::{World, messenger};
use lastword::domain::access::rights::Role;
use lastword::domain::answer::rating::Scale;
use lastword::domain::line::LineSettings;
use lastword::domain::report::letter::Every;
use lastword::domain::report::period::Period;
use lastword::life::report::letter::text;
use lastword::store::report::letter::Letter;
use lastword::time::{DAY, HOUR, MINUTE};

on_both_databases! {
    rules_are_those_of_the_ratings_of_the_days => rules_of_ratings;
    nobody_could_reply_to_imported_ratings => imported_low;
    usual_numbers_are_those_of_the_same_minute => usual_by_now;
}

/// A page of a world with these closes, about the present period.
async fn shown(all: &[Batch], path: &str) -> String {
    shown_in(&past("sqlite::memory:", all).await, path).await
}

async fn shown_in(world: &World, path: &str) -> String {
    let (now, _) = periods(world);
    let site = Site::over(&world.engine);
    let admin = site.reader("admin", Role::Admin, &[], true).await;
    let sign = if path.contains('?') { '&' } else { '?' };
    admin.page(&format!("{path}{sign}from={}&until={}", now.from, now.until.plus(-1))).await
}

/// The whole page at this address.
async fn opened(world: &World, path: &str) -> String {
    let site = Site::over(&world.engine);
    site.reader("boss", Role::Admin, &[], true).await.page(path).await
}

/// A weekly letter about these days.
async fn letter_of(world: &World, period: Period, language: &str) -> String {
    let letter = Letter { every: Every::Weekly, ..Letter::default() };
    text(&world.engine, &letter, period, language, world.now()).await.unwrap()
}

fn of(operator: &'static str, channel: &'static str, clients: usize, score: u8) -> Batch {
    Batch { operator, channel, ..thumbs(Now, clients, 1, score) }
}

#[tokio::test]
async fn chats_without_low_ratings_were_closed_all_the_same() {
    let page = plain(&shown(&[thumbs(Now, 30, 1, 1), thumbs(Before, 30, 1, 1)], "/reports?tab=reasons").await);
    assert!(page.contains("No low ratings") && !page.contains("No chats closed"), "{page}");
    let page = plain(&shown(&[thumbs(Now, 30, 1, 1)], "/reports?tab=compare&by=label").await);
    assert!(page.contains("None of these chats has a label") && !page.contains("No chats closed"), "{page}");
}

#[tokio::test]
async fn the_others_are_said_something_of_only_where_there_are_others() {
    let worse = [of("ann", "telegram", 80, 1), of("bob", "telegram", 80, 0)];
    let page = plain(&shown(&worse, "/operators").await);
    assert!(page.contains("Below it: Kim Lee (bob).") && !page.contains("The others show"), "{page}");
    let third = [of("ann", "telegram", 80, 1), of("bob", "telegram", 80, 0), of("cid", "telegram", 40, 1), of("cid", "telegram", 40, 0)];
    assert!(plain(&shown(&third, "/operators").await).contains("The others show no clear difference."));
}

#[tokio::test]
async fn operators_who_share_no_channel_are_not_compared() {
    let apart = [of("ann", "telegram", 40, 1), of("bob", "whatsapp", 40, 0)];
    let page = plain(&shown(&apart, "/operators").await);
    assert!(page.contains("Nothing can be compared") && !page.contains("clear difference"), "{page}");
}

#[tokio::test]
async fn operators_under_two_definitions_are_not_compared() {
    let stars = |operator, low_max| Batch { scale: Scale::FiveStar, low_max, ..of(operator, "telegram", 40, 4) };
    let page = plain(&shown(&[stars("ann", None), stars("bob", Some(4))], "/operators").await);
    assert!(!page.contains("Above the rest") && page.contains("whose definition of good changed in these days are left out"), "{page}");
}

#[tokio::test]
async fn what_a_comparison_leaves_out_is_said_beside_it() {
    let stars = |when, operator, low_max| Batch { when, scale: Scale::FiveStar, low_max, ..of(operator, "telegram", 40, 4) };
    let two_rules = [stars(Now, "ann", None), stars(Now, "bob", Some(4))];
    let page = plain(&shown(&two_rules, "/operators/ann").await);
    assert!(page.contains("whose definition of good changed in these days are left out"), "{page}");
    let page = plain(&shown(&two_rules, "/reports?tab=week").await);
    assert!(page.contains("Hours cannot be compared") && !page.contains("No hour has"), "{page}");
    let low = |when, score, low_max| Batch { score: Some(score), reason: Some("slow"), ..stars(when, "ann", low_max) };
    let page = plain(&shown(&[low(Before, 2, None), low(Before, 4, None), low(Now, 4, Some(4))], "/reports?tab=reasons").await);
    assert!(page.contains("Changes leave out lines where other scores counted as low"), "{page}");
    let page = plain(&shown(&[low(Before, 2, None), low(Now, 2, None)], "/reports?tab=reasons").await);
    assert!(!page.contains("Changes leave out"), "{page}");
}

#[tokio::test]
async fn a_target_has_no_verdict_over_two_definitions_of_good() {
    let stars = |channel, low_max| Batch { scale: Scale::FiveStar, low_max, ..of("ann", channel, 40, 4) };
    for (second, redefined) in [(None, false), (Some(4), true)] {
        let shown = async |path: &str| {
            let world = past("sqlite::memory:", &[stars("telegram", None), stars("mail", second)]).await;
            world.line(LineSettings { target_percent: Some(20), scale: Scale::FiveStar, ..LineSettings::default() }).await;
            plain(&shown_in(&world, path).await)
        };
        let page = shown("/reports").await;
        assert_eq!(page.contains("because the scale or the definition of good changed"), redefined, "{page}");
        let of_ann = shown("/reports?operator=ann").await;
        assert!(!of_ann.contains("reached") && !of_ann.contains("no verdict"), "a target is about a whole line: {of_ann}");
        assert_eq!(page.contains("▲ reached"), !redefined, "{page}");
    }
}

#[tokio::test]
async fn an_operator_alone_on_a_channel_has_no_estimate() {
    let all = [of("ann", "telegram", 40, 1), of("bob", "telegram", 40, 0), of("cleo", "mail", 4, 1)];
    let shows = async |operator: &str| plain(&shown(&all, &format!("/operators/{operator}")).await).contains("Estimate:");
    assert!(shows("ann").await && !shows("cleo").await);
    let list = plain(&shown(&all, "/operators").await);
    assert!(list.contains("1 cannot be compared.") && !list.contains("The others show no clear difference"), "{list}");
    let nobody = plain(&shown(&[of("ann", "telegram", 40, 1), of("bob", "mail", 40, 0)], "/operators").await);
    assert!(!nobody.contains("lists of operators are in its order"), "nobody has an estimate: {nobody}");
    let place = |name: &str| list.find(name).unwrap_or_else(|| panic!("{name} is not in {list}"));
    assert!(place("Kim Lee (ann)") < place("Kim Lee (cleo)"), "four lucky ratings do not lead: {list}");
}

#[tokio::test]
async fn equal_shares_are_no_difference_that_may_be_chance() {
    let page = plain(&shown(&[thumbs(Before, 10, 20, 1), thumbs(Now, 10, 20, 1)], "/reports").await);
    assert!(page.contains("are good, as in the previous period") && !page.contains("may be chance"), "{page}");
}

#[tokio::test]
async fn operators_with_good_ratings_alone_show_no_clear_difference() {
    let page = plain(&shown(&[of("ann", "telegram", 40, 1), of("bob", "telegram", 40, 1)], "/operators").await);
    assert!(!page.contains("Nothing can be compared") && !page.contains("cannot be compared"), "{page}");
    // Clients of a line that is left out are counted all the same.
    let stars = |operator, low_max| Batch { scale: Scale::FiveStar, low_max, ..of(operator, "telegram", 40, 4) };
    let page = plain(&shown(&[stars("ann", None), stars("bob", Some(4))], "/operators").await);
    assert!(page.contains("Clients counted: 80. Their ratings: 80."), "{page}");
}

#[tokio::test]
async fn who_is_unknown_is_no_bot() {
    let unknown = Batch { operator: "", ..of("", "telegram", 40, 1) };
    let page = plain(&shown(&[of("ann", "telegram", 40, 1), unknown], "/operators").await);
    assert!(!page.contains("People and bots share the work differently"), "{page}");
}

#[tokio::test]
async fn an_hour_is_the_busiest_only_if_no_other_is_as_busy() {
    let page = plain(&shown(&[thumbs(Now, 1, 1, 1)], "/reports?tab=week").await);
    assert!(page.contains("Busiest hour"), "{page}");
    let page = plain(&shown(&[thumbs(Now, 1, 2, 1)], "/reports?tab=week").await);
    assert!(!page.contains("Busiest hour"), "two hours with one chat each: {page}");
}

#[tokio::test]
async fn operators_of_one_name_are_told_apart_in_the_latest_ratings() {
    let page = plain(&shown(&[of("ann", "telegram", 2, 0), of("bob", "telegram", 2, 0)], "/operators/ann").await);
    assert!(page.contains("Kim Lee (ann)"), "{page}");
}

#[tokio::test]
async fn a_share_of_ratings_chosen_by_their_grade_is_not_shown() {
    let all = [thumbs(Now, 30, 1, 1), of("op", "telegram", 20, 0)];
    assert!(shown(&all, "/ratings").await.contains("data-sum=\"good\""));
    assert!(!shown(&all, "/ratings?grade=good").await.contains("data-sum=\"good\""));
}

#[tokio::test]
async fn no_number_leads_to_a_list_that_contradicts_it() {
    let all = [thumbs(Now, 30, 1, 1), of("op", "telegram", 20, 0)];
    let page = shown(&all, "/ratings?grade=good").await;
    assert!(!page.contains("grade=bad\""), "0 low among the good ones: {page}");
    let page = shown(&all, "/ratings?outcome=not_asked").await;
    assert!(!page.contains("outcome=not_asked&#38;commented=1") && !page.contains("outcome=not_asked&amp;commented=1"), "{page}");
}

/// A line has a rule once it has ratings of its own, and imported ratings have that of their import.
async fn rules_of_ratings(url: String) {
    let stars = Batch { scale: Scale::FiveStar, ..thumbs(Now, 30, 1, 5) };
    let world = past(&url, &[stars]).await;
    let (_, question) = world.ask("A").await;
    let rules = async |login: &str| {
        let site = Site::over(&world.engine);
        let admin = site.reader(login, Role::Admin, &[], true).await;
        plain(&admin.page("/reports?period=30").await)
    };
    let page = rules("first").await;
    assert!(page.contains("Good: 4–5 ★ · bad: 1–2 ★ (Support)") && !page.contains("Good: 👍"), "nobody gave thumbs: {page}");
    world.tap(&question, "👎").await;
    let page = rules("second").await;
    assert!(page.contains("Good: 4–5 ★ · bad: 1–2 ★ (Support)") && page.contains("Good: 👍"), "{page}");
    world.line(LineSettings { scale: Scale::FiveStar, low_max: Some(4), ..LineSettings::default() }).await;
    let page = rules("third").await;
    assert!(!page.contains("Good: 5 ★"), "all stars were imported, by another rule: {page}");
    let (_, question) = world.ask("B").await;
    world.tap(&question, "★★★★★").await;
    let page = rules("fourth").await;
    assert!(page.contains("Good: 5 ★ · bad: 1–4 ★ (Support)") && page.contains("Good: 4–5 ★"), "{page}");
}

async fn imported_low(url: String) {
    let world = past(&url, &[thumbs(Now, 10, 1, 0), thumbs(Now, 10, 1, 1)]).await;
    let (now, _) = periods(&world);
    let said = letter_of(&world, now, "en").await;
    assert!(!said.contains("reply") && !said.contains("No low ratings"), "nobody could reply: {said}");
    assert!(!plain(&shown_in(&world, "/reports").await).contains("Replied to"));
    let (_, question) = world.ask("A").await;
    world.tap(&question, "👎").await;
    let today = Period { until: now.until.plus(4), ..now };
    let said = letter_of(&world, today, "en").await;
    assert!(said.contains("Good ratings: 47.6% (10 of 21)") && said.contains("Low ratings without a reply: 1 of 1"), "{said}");
    let page = plain(&opened(&world, &format!("/reports?from={}&until={}", today.from, today.until.plus(-1))).await);
    assert!(page.contains("(0 of 1)"), "{page}");
}

/// Other scores were low before: of three stars, nobody could say why.
#[tokio::test]
async fn reasons_that_are_not_compared_are_said_where_changes_are() {
    let low = |when, score, low_max| Batch { scale: Scale::FiveStar, low_max, reason: Some("slow"), ..thumbs(when, 40, 1, score) };
    for (second, redefined) in [(Some(3), true), (None, false)] {
        let now = if redefined { 3 } else { 2 };
        let world = past("sqlite::memory:", &[low(Before, 2, None), low(Before, 3, None), low(Now, now, second)]).await;
        let said = letter_of(&world, periods(&world).0, "en").await;
        let page = plain(&shown_in(&world, "/reports").await);
        assert_eq!(
            page.contains("Reasons for low ratings are compared without lines where other scores counted as low"),
            redefined,
            "{page}"
        );
        assert_eq!(said.contains("Reasons of lines where other scores counted as low before are not compared."), redefined, "{said}");
        assert!(!page.contains("Lines whose definition of good has changed"), "no score is good in one period alone: {page}");
    }
}

#[tokio::test]
async fn an_operators_own_past_says_what_it_leaves_out() {
    let stars = |when, low_max| Batch { when, scale: Scale::FiveStar, low_max, ..of("ann", "telegram", 40, 4) };
    for (second, redefined) in [(Some(4), true), (None, false)] {
        let page = plain(&shown(&[stars(Before, None), stars(Now, second)], "/operators/ann").await);
        let (_, section) = page.split_once("Compared with their own past").expect("the section");
        assert_eq!(section.contains("Lines whose definition of good has changed are left out"), redefined, "{section}");
    }
    let thumbs_and_stars = [of("ann", "telegram", 40, 1), Batch { when: Before, ..of("ann", "telegram", 40, 1) }, stars(Now, None)];
    let page = plain(&shown(&thumbs_and_stars, "/operators/ann").await);
    let (_, section) = page.split_once("Compared with their own past").expect("the section");
    assert!(section.contains("Thumbs and stars are never compared with each other"), "{section}");
}

#[tokio::test]
async fn no_answers_are_not_few() {
    let silent = Batch { score: None, ..thumbs(Now, 50, 1, 0) };
    let few = [thumbs(Now, 5, 1, 1)];
    for (all, said) in [(&[silent][..], false), (&few[..], true)] {
        let page = plain(&shown(all, "/reports?tab=compare").await);
        assert_eq!(page.contains("Fewer than 30 answers"), said, "{page}");
        assert_eq!(page.contains("No ratings in this period."), !said, "{page}");
    }
    let page = plain(&shown(&[thumbs(Before, 5, 1, 1)], "/reports?tab=compare").await);
    assert!(!page.contains("Fewer than 30") && !page.contains("No ratings") && page.contains("No chats closed"), "{page}");
}

#[tokio::test]
async fn the_other_period_is_named_only_where_something_is_compared() {
    let all = [thumbs(Now, 40, 1, 0), thumbs(Before, 40, 1, 1)];
    for (tab, compares) in [("overview", true), ("reasons", true), ("compare", false), ("week", false), ("details", false)] {
        let page = plain(&shown(&all, &format!("/reports?tab={tab}")).await);
        let (before, _) = page.split_once("Thumbs").unwrap_or((&page, ""));
        assert_eq!(before.contains("Compared with"), compares, "{tab}: {page}");
    }
    let page = plain(&shown(&[thumbs(Now, 40, 1, 1), thumbs(Before, 40, 1, 1)], "/reports?tab=reasons").await);
    assert!(!page.contains("Compared with"), "no low rating, now or before: {page}");
}

/// A handful of clients says nothing about a mix.
#[tokio::test]
async fn no_mix_is_said_of_a_handful_of_clients() {
    let of = |when, channel, clients, score| Batch { channel, ..thumbs(when, clients, 1, score) };
    for (times, said) in [(1, false), (10, true)] {
        let all = [
            of(Before, "telegram", 5 * times, 1),
            of(Before, "mail", times, 0),
            of(Now, "telegram", times, 1),
            of(Now, "mail", 5 * times, 0),
        ];
        let world = past("sqlite::memory:", &all).await;
        let page = plain(&shown_in(&world, "/reports").await);
        let letter = letter_of(&world, periods(&world).0, "en").await;
        assert_eq!(page.contains("A different mix of them accounts for"), said, "{page}");
        assert_eq!(letter.contains("A different mix"), said, "{letter}");
        assert_eq!(page.contains("Too few clients to say what a different mix of them makes"), !said, "{page}");
        assert!(!page.contains("may be chance"), "plain shares contradict what is within: {page}");
    }
}

/// Answers that came later in the day are not usual yet.
async fn usual_by_now(url: String) {
    let world = World::on(&url, messenger()).await;
    world.clock.set(world.now() / HOUR * HOUR + HOUR + 5 * MINUTE);
    let closed = world.now();
    let (_, question) = world.ask("A").await;
    world.clock.set(closed + 30 * MINUTE);
    world.tap(&question, "👎").await;
    for (minutes, expected) in [(-1, [0, 0, 0]), (1, [1, 0, 0]), (29, [1, 0, 0]), (31, [1, 1, 1])] {
        world.clock.set(closed + 7 * DAY + minutes * MINUTE);
        let site = Site::over(&world.engine);
        let page = site.reader(&format!("at-{minutes}"), Role::Admin, &[], true).await.page("/today").await;
        let usual = ["closed", "answered", "adjusted bad"].map(|key| {
            let (_, after) = page.split_once(&format!("data-figure=\"{key}\"")).unwrap_or_else(|| panic!("{key} is not in {page}"));
            let (_, after) = after.split_once("usually ").expect("usual");
            after.split('<').next().unwrap().parse::<i64>().unwrap()
        });
        assert_eq!(usual, expected, "{minutes} minutes after the close");
    }
}

/// Two rules that call the same scores good are one for a sentence about good ones.
#[tokio::test]
async fn rules_that_differ_in_bad_scores_alone_are_said_once_in_a_letter() {
    let stars = |low_max| Batch { scale: Scale::FiveStar, low_max, ..thumbs(Now, 20, 1, 5) };
    let world = past("sqlite::memory:", &[stars(None), stars(Some(3))]).await;
    let said = letter_of(&world, periods(&world).0, "en").await;
    assert!(said.contains("Good means 4–5 ★."), "{said}");
    let page = plain(&shown_in(&world, "/reports").await);
    assert!(page.contains("bad: 1–2 ★ (Support)") && page.contains("bad: 1–3 ★ (Support)"), "{page}");
}

#[tokio::test]
async fn a_mark_of_changed_settings_names_the_line() {
    let world = past("sqlite::memory:", &[thumbs(Now, 40, 5, 1)]).await;
    let (_, question) = world.ask("A").await;
    world.tap(&question, "👍").await;
    world.line(LineSettings { target_percent: Some(20), ..LineSettings::default() }).await;
    let (now, _) = periods(&world);
    let page = opened(&world, &format!("/reports?from={}&until={}", now.from, now.from.plus(13))).await;
    assert!(page.contains("settings changed: Support") && !page.contains("settings changed: support"), "{page}");
}

#[tokio::test]
async fn one_of_anything_is_said_as_one() {
    let before = |operator| Batch { when: Before, ..of(operator, "telegram", 40, 1) };
    let page = plain(&shown(&[of("ann", "telegram", 40, 1), of("bob", "telegram", 40, 1), before("ann")], "/reports").await);
    assert!(page.contains("all chats, and one line, channel or operator.") && !page.contains("1 lines"), "{page}");
    let page = plain(&shown(&[of("ann", "telegram", 40, 1), before("ann")], "/reports").await);
    assert!(page.contains(": all chats. Each client") && !page.contains("0 lines"), "{page}");
    let page = plain(&shown(&[thumbs(Now, 1, 1, 1)], "/reports").await);
    assert!(page.contains("1 of 1 question whose time is over"), "{page}");
    let low = Batch { reason: Some("slow"), ..thumbs(Now, 1, 1, 0) };
    let page = plain(&shown(&[low], "/reports?tab=reasons").await);
    assert!(page.contains("Shares are of the one low rating (of 1)"), "{page}");
}
