//! Claims of pages and letters about a period compared with the previous one: one vote per client, like with like, and no
//! claim if there is nothing to compare. The sentences about unusual data are compared with what the data support.

use super::pages::Site;
use super::past::When::{Before, Now};
use super::past::{Batch, page, past, periods, plain, thumbs};
use crate::on_both_databases;
use crate::rig::world::{World, messenger};
use lastword::domain::access::rights::Role;
use lastword::domain::answer::rating::Scale;
use lastword::domain::report::change::Errors;
use lastword::domain::report::comparison::Verdict;
use lastword::domain::report::letter::Every;
use lastword::domain::report::rule::ImportedRule;
use lastword::life::report::changed::{Claims, claims};
use lastword::life::report::letter::text;
use lastword::life::report::summary;
use lastword::names::RequestId;
use lastword::store::StoreError;
use lastword::store::answer::rating::{self, Change, Rating};
use lastword::store::question::rating_request;
use lastword::store::records::inspect;
use lastword::store::report::letter::Letter;
use lastword::store::report::{Closes, imported_rule};
use lastword::time::DAY;

on_both_databases! {
    clients_who_return_have_one_vote => returning;
    another_mix_of_channels_accuses_nobody => mixed;
    another_scale_is_not_compared => scaled;
    what_changed_is_claimed => fell;
    another_definition_of_good_is_not_compared => redefined;
    lines_beside_a_redefined_one_are_compared => redefined_beside;
    a_rule_that_no_rating_shows_is_no_other_definition => renamed;
    a_rule_of_two_files_is_not_that_of_the_days_between => days_apart;
}

async fn claimed(world: &World) -> Claims {
    claims(&world.engine.db, &Closes::of(periods(world).0), Errors::PAGE).await.unwrap().unwrap()
}

/// The letter's text for the period.
async fn letter(world: &World) -> String {
    let letter = Letter { every: Every::Weekly, ..Letter::default() };
    text(&world.engine, &letter, periods(world).0, "en", world.now()).await.unwrap()
}

async fn returning(url: String) {
    // Four identical ratings per client: 90 % become 65 %, which is significant for eighty ratings but not for twenty clients.
    let all = [thumbs(Before, 18, 4, 1), thumbs(Before, 2, 4, 0), thumbs(Now, 13, 4, 1), thumbs(Now, 7, 4, 0)];
    let world = past(&url, &all).await;
    let found = claimed(&world).await;
    assert!(found.changed.is_empty() && found.compares(), "{:?}", found.changed);
    assert_eq!((found.score.now.part, found.score.now.of, found.score.before.part, found.score.before.of), (13, 20, 18, 20));
    let mut summary = summary(&world.engine.db, &Closes::of(periods(&world).0)).await.unwrap();
    assert_eq!(summary.report.score.adjusted.share.share().whole, 80, "the count is of all ratings");
    let narrow = summary.report.score.adjusted.share;
    found.make_sure(&mut summary);
    let sure = summary.report.score.adjusted.share;
    assert!(sure.low.unwrap() < narrow.low.unwrap() - 5.0 && sure.high.unwrap() > narrow.high.unwrap() + 3.0, "{sure:?} {narrow:?}");
    let page = page(&world).await;
    assert!(page.contains("No clear change compared with") && !page.contains("a real change"), "{page}");
    let letter = letter(&world).await;
    assert!(letter.contains("nothing that the data can show (clients now: 20, then: 20)"), "{letter}");
}

async fn mixed(url: String) {
    let of = |when, channel, clients, score| Batch { channel, ..thumbs(when, clients, 1, score) };
    let all = [
        of(Before, "telegram", 304, 1),
        of(Before, "telegram", 16, 0),
        of(Before, "mail", 56, 1),
        of(Before, "mail", 24, 0),
        of(Now, "telegram", 76, 1),
        of(Now, "telegram", 4, 0),
        of(Now, "mail", 224, 1),
        of(Now, "mail", 96, 0),
    ];
    let world = past(&url, &all).await;
    let found = claimed(&world).await;
    assert!(found.changed.is_empty(), "nobody is named: {:?}", found.changed);
    let (within, mix) = (found.score.difference.unwrap(), found.score.mix.unwrap());
    assert!(within.points.abs() < 0.01 && (mix + 15.0).abs() < 0.01, "{within:?} {mix}");
    let page = page(&world).await;
    assert!(page.contains("A different mix of them accounts for −15.0 points"), "{page}");
    assert!(!page.contains("may be chance") && !page.contains("a real change"), "the mix is no chance: {page}");
    assert!(letter(&world).await.contains("makes −15.0 points of the plain difference"));
}

/// A rule that two files share is not the rule of the days between them.
async fn days_apart(url: String) {
    let world = World::on(&url, messenger()).await;
    let db = &world.engine.db;
    let one = |day: i64, low_max| {
        let at = day * DAY + DAY / 2;
        ImportedRule { line: "support".into(), scale: Scale::FiveStar, low_max, first_closed_at: at, last_closed_at: at + 1_000 }
    };
    for file in [vec![one(10, 2), one(40, 2)], vec![one(20, 4), one(10, 2)]] {
        let step = db.write(move |tx| {
            let file = file.clone();
            Box::pin(async move { imported_rule::add(tx, &file).await })
        });
        step.await.unwrap();
    }
    let found = async |from: i64, until: i64| -> Vec<u8> {
        imported_rule::of(db, Some(&"support".into()), from * DAY, until * DAY).await.unwrap().iter().map(|rule| rule.low_max).collect()
    };
    assert_eq!((found(10, 11).await, found(20, 21).await, found(40, 41).await), (vec![2], vec![4], vec![2]));
    assert_eq!((found(11, 20).await, found(15, 30).await, found(21, 40).await), (vec![], vec![4], vec![]));
    assert_eq!(found(0, 100).await, [2, 4]);
}

/// The same stars, of which four are good before and bad now.
async fn redefined(url: String) {
    let stars = |when, score, clients, low_max| Batch { scale: Scale::FiveStar, low_max, ..thumbs(when, clients, 1, score) };
    let all = [stars(Before, 4, 80, None), stars(Before, 2, 20, None), stars(Now, 4, 80, Some(4)), stars(Now, 2, 20, Some(4))];
    let world = past(&url, &all).await;
    let found = claimed(&world).await;
    assert!(found.changed.is_empty() && found.redefined && !found.scale_changed(), "{:?}", found.changed);
    assert_eq!((found.score.difference, found.score.now.of, found.score.before.of), (None, 0, 0), "they are left out on both sides");
    assert!(found.response.difference.is_some(), "the response rate is compared");
    let page = page(&world).await;
    assert!(
        page.contains("another definition of good: not compared") && page.contains("Lines whose definition of good has changed"),
        "{page}"
    );
    assert!(!page.contains("a real change"), "{page}");
    let letter = letter(&world).await;
    assert!(!letter.contains("fell") && letter.contains("whose definition of good changed are not compared"), "{letter}");
}

/// Beside a line whose definition changed, another stays as it is: nothing changed, and no mix did.
async fn redefined_beside(url: String) {
    let stars = |when, score, clients, low_max| Batch { scale: Scale::FiveStar, low_max, ..thumbs(when, clients, 1, score) };
    let thumbs_of = |when| [thumbs(when, 36, 1, 1), thumbs(when, 4, 1, 0)];
    let all: Vec<Batch> =
        [stars(Before, 4, 40, None), stars(Now, 4, 40, Some(4))].into_iter().chain(thumbs_of(Before)).chain(thumbs_of(Now)).collect();
    let found = claimed(&past(&url, &all).await).await;
    assert!(found.redefined && found.score.mix.is_none(), "{:?}", found.score);
    let within = found.score.difference.unwrap().points;
    assert!(within.abs() < 0.01, "{within}");
    assert_eq!((found.score.now.part, found.score.now.of, found.score.before.of), (36, 40, 40), "the counts are of what is compared");
}

/// Another rule that grades no given score differently is no other definition.
async fn renamed(url: String) {
    let stars = |when, score, low_max| Batch { scale: Scale::FiveStar, low_max, ..thumbs(when, 40, 1, score) };
    let all = [stars(Before, 5, None), stars(Before, 1, None), stars(Now, 5, Some(4)), stars(Now, 2, Some(4))];
    let found = claimed(&past(&url, &all).await).await;
    assert!(!found.redefined && found.score.difference.is_some(), "no four stars were given");
}

async fn scaled(url: String) {
    let stars = |score, clients| Batch { scale: Scale::FiveStar, ..thumbs(Now, clients, 1, score) };
    let world = past(&url, &[thumbs(Before, 90, 1, 1), thumbs(Before, 10, 1, 0), stars(5, 60), stars(2, 40)]).await;
    let found = claimed(&world).await;
    assert!(found.changed.is_empty() && found.scale_changed() && !found.compares());
    assert_eq!((found.score.difference, found.score.compared, found.score.compared_before), (None, 0, 0));
    let (now, before) = periods(&world);
    for (period, good) in [(before, vec![1]), (now, vec![4, 5])] {
        let rules = summary(&world.engine.db, &Closes::of(period)).await.unwrap().rules;
        let rules: Vec<_> = rules.into_iter().map(|rule| (rule.good, rule.lines)).collect();
        assert_eq!(rules, [(good, vec!["support".into()])], "graded by the scale of the file, before the line was here");
    }
    let page = page(&world).await;
    assert!(
        page.contains("another scale: not compared") && page.contains("0 of 100 clients now and 0 of 100 before have a counterpart"),
        "{page}"
    );
    assert!(!page.contains("No clear change") && !page.contains("no clear change") && !page.contains("chance"), "{page}");
    assert!(letter(&world).await.contains("Thumbs and stars are not compared."));
}

async fn fell(url: String) {
    let all = [thumbs(Before, 90, 1, 1), thumbs(Before, 10, 1, 0), thumbs(Now, 60, 1, 1), thumbs(Now, 40, 1, 0)];
    let world = past(&url, &all).await;
    let found = claimed(&world).await;
    let verdicts: Vec<Verdict> = found.changed.iter().map(|one| one.shown.change.difference.unwrap().verdict).collect();
    assert_eq!(verdicts, [Verdict::Lower], "one channel and one operator are all closes: {:?}", found.changed);
    let page = page(&world).await;
    assert!(page.contains("▼ 30.0 points, a real change") && !page.contains("No clear change"), "{page}");
    assert!(page.contains("90.0% (90 of 100) → 60.0% (60 of 100) · 95% interval: −40."), "{page}");
    let letter = letter(&world).await;
    assert!(
        letter.contains("• Good ratings fell by 30.0 points (60.0% (60 of 100) of clients now, 90.0% (90 of 100) then; 95% interval"),
        "{letter}"
    );
}

/// Every sentence of a letter with a share contains its counts and its interval.
fn has_counts(letter: &str) {
    for line in letter.lines().filter(|line| line.contains('%')) {
        assert!(line.contains(" of ") && (line.contains("interval") || line.contains("plain difference")), "{line}\n{letter}");
        assert!(!line.contains("is possible"), "{line}");
    }
}

#[tokio::test]
async fn sentences_over_odd_data_say_what_the_data_show() {
    const CHANGE: [&str; 3] = ["a real change", "No clear change", "no clear change"];
    let stars = |when, score, clients| Batch { scale: Scale::FiveStar, ..thumbs(when, clients, 1, score) };
    let silent = |when| Batch { score: None, ..thumbs(when, 50, 1, 0) };
    let sets: Vec<(&str, Vec<Batch>, bool)> = vec![
        ("nothing", Vec::new(), false),
        ("one answer", vec![thumbs(Now, 1, 1, 1)], false),
        ("nothing before", vec![thumbs(Now, 40, 1, 1), thumbs(Now, 10, 1, 0)], false),
        ("nothing now", vec![thumbs(Before, 40, 1, 1)], false),
        ("all good", vec![thumbs(Now, 50, 1, 1), thumbs(Before, 50, 1, 1)], true),
        ("all bad", vec![thumbs(Now, 50, 1, 0), thumbs(Before, 50, 1, 0)], true),
        ("silent", vec![silent(Now), silent(Before)], true),
        ("three stars", vec![stars(Now, 3, 40), stars(Before, 3, 40)], true),
        ("one client sixty times", vec![thumbs(Now, 1, 60, 0), thumbs(Before, 1, 60, 1)], true),
    ];
    for (name, all, compares) in sets {
        let world = past("sqlite::memory:", &all).await;
        let (page, letter) = (page(&world).await, letter(&world).await);
        let said = CHANGE.iter().any(|words| page.contains(words));
        assert_eq!(said, compares, "{name}: something is said of changes only where there is something to compare\n{page}");
        assert!(!page.contains("a real change"), "{name}: nothing changed that the data can show\n{page}");
        assert_eq!(letter.contains("nothing that the data can show"), compares, "{name}\n{letter}");
        assert!(
            !letter.contains("fell") && !letter.contains("rose") && !letter.contains("Fewer") && !letter.contains("More"),
            "{name}\n{letter}"
        );
        assert!(!letter.contains("a reply"), "{name}: nobody could reply to imported ratings\n{letter}");
        let low = all.iter().any(|some| matches!(some.when, Now) && some.score == Some(0));
        assert!(!low || !letter.contains("No low ratings"), "{name}\n{letter}");
        has_counts(&letter);
        if name == "one client sixty times" {
            assert!(page.contains("0 of 60 · 0.0–100.0%"), "one client says nothing of others\n{page}");
            assert!(letter.contains("0.0% (0 of 60); 95% interval 0.0% to 100.0%."), "{letter}");
        }
    }
}

#[tokio::test]
async fn voided_ratings_and_the_future_are_said_nothing_of() {
    let world = past("sqlite::memory:", &[thumbs(Now, 30, 1, 0), thumbs(Before, 30, 1, 1)]).await;
    let ratings = inspect::ratings(&world.engine.db).await.unwrap();
    let voided: Vec<Rating> = ratings.iter().map(|rating| Rating { voided_at: Some(world.now()), ..rating.clone() }).collect();
    let ids: Vec<RequestId> = ratings.iter().map(|rating| rating.request_id).collect();
    let requests = rating_request::load(&world.engine.db, &ids).await.unwrap();
    let pairs: Vec<(Rating, Rating)> = ratings.into_iter().zip(voided).collect();
    let step = world.engine.db.write(move |tx| {
        let (requests, pairs) = (requests.clone(), pairs.clone());
        Box::pin(async move {
            let request = |rating: &Rating| requests.iter().find(|request| request.id == rating.request_id).unwrap();
            let changes = pairs.iter().map(|(before, after)| Change { request: request(after), before: Some(before), after });
            rating::save(tx, &changes.collect::<Vec<_>>()).await
        })
    });
    let done: Result<(), StoreError> = step.await;
    done.unwrap();
    let found = claimed(&world).await;
    assert_eq!((found.score.now.of, found.score.before.of, found.score.difference), (0, 0, None));
    let letter = letter(&world).await;
    assert!(letter.contains("No ratings.") && !letter.contains("low rating"), "{letter}");
    has_counts(&letter);
    let site = Site::over(&world.engine);
    let admin = site.reader("admin", Role::Admin, &[], true).await;
    let future = plain(&admin.page("/reports?from=2027-12-01&until=2027-12-31").await);
    assert!(!future.contains("What changed") && !future.contains("clear change"), "{future}");
    let cases = admin.page("/reports/cases").await;
    assert!(cases.contains("One vote per client and period"), "{cases}");
}
