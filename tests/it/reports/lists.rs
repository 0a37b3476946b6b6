//! Lists contain exactly the closes of their filter, newest first: compared with a scan of all rows.

use super::naive::{Row, rows};
use super::shop::{BEGIN, CHANNELS, LINES, OPERATORS, Shop, ZONE};
use crate::on_both_databases;
use lastword::domain::access::audit::By;
use lastword::domain::access::rights::Lines;
use lastword::domain::outcome::NotAsked;
use lastword::domain::report::calendar::Day;
use lastword::domain::report::rating_filter::{Ended, Filter, SEVERAL, read};
use lastword::life::review::act::{ReviewAct, act};
use lastword::names::RequestId;
use lastword::store::answer::rating::Rating;
use lastword::store::records::inspect;
use lastword::store::report::rating_list::sums::{Sums, from_counters, from_rows, waiting};
use lastword::store::report::rating_list::{LOOKED_AT, RatingCursor, page, page_looking_at};
use lastword::store::sql::Sql;
use lastword::store::{Db, StoreError, review};
use lastword::time::DAY;
use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use rand::{Rng, SeedableRng};
use std::collections::{BTreeMap, BTreeSet};

on_both_databases! {
    every_filter_shows_exactly_what_it_says => filters;
    pages_show_each_close_once_while_others_arrive => paging;
    words_of_older_comments_are_read_later => older_comments;
}

/// A query of a list.
type Asked = BTreeMap<&'static str, Vec<String>>;

/// A random query, with several values for some filters.
fn address(chance: &mut StdRng) -> Asked {
    let mut values = Asked::new();
    let day = |chance: &mut StdRng| Day::of(BEGIN + chance.random_range(0..60) * DAY, ZONE).to_string();
    let mut put = |chance: &mut StdRng, name, often: f64, value: &dyn Fn(&mut StdRng) -> String| {
        if chance.random_bool(often) {
            let several = if SEVERAL.contains(&name) && chance.random_bool(0.5) { chance.random_range(2..5) } else { 1 };
            values.insert(name, (0..several).map(|_| value(chance)).collect());
        }
    };
    let one = |of: &'static [&'static str]| move |chance: &mut StdRng| (*of.choose(chance).unwrap()).to_owned();
    put(chance, "from", 0.3, &day);
    put(chance, "until", 0.3, &day);
    put(chance, "line", 0.3, &one(&LINES));
    put(chance, "operator", 0.3, &one(&[OPERATORS[0], OPERATORS[1], OPERATORS[2], "-", "nobody"]));
    put(chance, "channel", 0.2, &one(&[CHANNELS[0], CHANNELS[1], "-"]));
    put(chance, "scale", 0.2, &one(&["binary", "five_star"]));
    put(chance, "handled_by", 0.15, &one(&["human", "program", "both", "nobody"]));
    put(chance, "label", 0.15, &one(&["vip", "refund", "topic", "topic:bill", "topic:none", "nowhere"]));
    put(chance, "score", 0.2, &|chance| chance.random_range(0..=5).to_string());
    put(chance, "grade", 0.2, &one(&["good", "neutral", "bad"]));
    put(chance, "outcome", 0.4, &|chance| Ended::all().collect::<Vec<_>>().choose(chance).unwrap().as_str().to_owned());
    put(chance, "reason", 0.1, &|chance| NotAsked::ALL.choose(chance).unwrap().as_str().to_owned());
    put(chance, "commented", 0.15, &one(&["1"]));
    put(chance, "unanswered", 0.15, &one(&["1"]));
    put(chance, "resolved", 0.15, &one(&["yes", "no"]));
    put(chance, "voided", 0.15, &one(&["yes", "no"]));
    put(chance, "supervised", 0.15, &one(&["1"]));
    put(chance, "chosen", 0.1, &one(&["slow", "price", "unclear", "nowhere", "*", "-"]));
    put(chance, "tagged", 0.1, &one(&["broken", "price", "slow", "*", "-"]));
    put(
        chance,
        "q",
        0.2,
        &one(&["printer", "the pri", "p", "ещё", "НЕ РАБОТАЕТ", "cafe tres", "no no", "sum b broken", "broken the", "xyz", "printer xyz"]),
    );
    values
}

/// True if a row matches a query, implemented as simply as possible.
fn fits(row: &Row, asked: &Asked, worked: &BTreeSet<RequestId>) -> bool {
    let day = Day::of(row.request.closed_at, ZONE).to_string();
    let request = &row.request;
    let ended = request.outcome.map(|word| word.as_str()).unwrap_or("open");
    let answered = if asked.contains_key("reason") { "all" } else { "answered" };
    let wanted = asked.get("outcome").map_or(answered, |values| &values[0]);
    let kept_back = matches!(ended, "not_asked" | "canceled");
    let far_enough = match wanted {
        "all" => true,
        "asked" => !kept_back,
        "delivered" => !kept_back && request.delivered_at.is_some(),
        "over" => !kept_back && request.outcome.is_some() && (ended == "answered" || request.delivered_at.is_some()) && !row.runs,
        "answered_over" => ended == "answered" && !row.runs,
        "late" => request.late_at.is_some(),
        wanted => wanted == ended,
    };
    far_enough && asked.iter().all(|(name, values)| values.iter().any(|value| is(row, name, value, &day, worked)))
}

/// True if a row matches one value of a query.
fn is(row: &Row, name: &str, value: &str, day: &str, worked: &BTreeSet<RequestId>) -> bool {
    let (request, rating) = (&row.request, row.rating.as_ref());
    let or_none = |mine: &Option<String>| mine.as_deref().unwrap_or("-") == value;
    match name {
        "from" => day >= value,
        "until" => day <= value,
        "line" => request.line_id == value,
        "operator" => row.operators().iter().any(|mine| mine == if value == "-" { "" } else { value }),
        "channel" => or_none(&request.channel),
        "scale" => request.scale.as_str() == value,
        "handled_by" => request.handled_by.as_str() == value,
        "label" => match value.split_once(':') {
            None => row.has(value, None),
            Some((key, value)) => row.has(key, Some(value)),
        },
        "score" => rating.is_some_and(|rating| rating.score.to_string() == value),
        "grade" => row.grade() == Some(value),
        "reason" => request.reason.as_deref() == Some(value),
        "commented" => rating.is_some_and(|rating| rating.comment.is_some()),
        "unanswered" => rating.is_some_and(|rating| rating.low == 1 && rating.voided_at.is_none()) && !worked.contains(&request.id),
        "resolved" => rating.is_some_and(|rating| rating.resolved == Some(i64::from(value == "yes"))),
        "voided" => rating.is_some_and(|rating| rating.voided_at.is_some() == (value == "yes")),
        "supervised" => row.supervisor.is_some(),
        "chosen" => rating.is_some_and(|rating| {
            let codes: Vec<&str> = rating.reasons.iter().map(|reason| reason.code.as_str()).collect();
            match value {
                "*" => !codes.is_empty(),
                "-" => codes.is_empty(),
                code => codes.contains(&code),
            }
        }),
        "tagged" => rating.and_then(|rating| rating.tags.as_ref()).is_some_and(|tags| match value {
            "*" => !tags.is_empty(),
            "-" => tags.is_empty(),
            code => tags.iter().any(|tag| tag == code),
        }),
        "q" => rating.and_then(|rating| rating.comment.as_deref()).is_some_and(|text| has(text, value)),
        _ => true,
    }
}

/// The totals of a list equal those of its rows, implemented as simply as possible, for all ways to compute them.
async fn sums_are_right(db: &Db, filter: &Filter, sees: &Lines, rows: &[&Row], worked: &BTreeSet<RequestId>) -> bool {
    let rated: Vec<_> = rows.iter().filter_map(|row| Some((*row, row.rating.as_ref()?))).collect();
    let count = |wanted: &dyn Fn(&Row, &Rating) -> bool| rated.iter().filter(|(row, rating)| wanted(row, rating)).count() as i64;
    let counts = |_: &Row, rating: &Rating| rating.voided_at.is_none();
    let expected = [
        rows.len() as i64,
        rated.len() as i64,
        count(&counts),
        count(&|row, rating| counts(row, rating) && row.grade() == Some("good")),
        count(&|row, rating| counts(row, rating) && rating.low == 1),
        count(&|_, rating| rating.comment.is_some()),
    ];
    let found = |sums: &Sums| {
        let (score, commented) = (&sums.report.score, sums.report.commented.part);
        [sums.closes, score.raw.rated, score.adjusted.rated, score.adjusted.good, score.adjusted.bad, commented]
    };
    let by_rows = from_rows(db, filter, sees, 1_000_000).await.unwrap();
    assert_eq!((found(&by_rows), by_rows.since), (expected, None), "by rows: {filter:?} {sees:?}");
    let waits = count(&|row, rating| rating.low == 1 && counts(row, rating) && !worked.contains(&row.request.id));
    assert_eq!(waiting(db, filter, sees, 1_000_000).await.unwrap(), (waits, None), "{filter:?}");
    // Partial totals are those of the newest closes, and state since when.
    let few = from_rows(db, filter, sees, 40).await.unwrap();
    let newer = rows.iter().filter(|row| few.since.is_none_or(|since| row.request.closed_at >= since)).count() as i64;
    assert!(few.closes <= newer && (few.since.is_some() || few.closes == expected[0]), "{filter:?}: {} of {newer}", few.closes);
    let Some(counted) = from_counters(db, filter, sees).await.unwrap() else { return false };
    assert_eq!(found(&counted), expected, "by counters: {filter:?} {sees:?}");
    true
}

fn has(text: &str, search: &str) -> bool {
    let plain = |text: &str| text.to_lowercase().replace('ё', "е").replace(['é', 'è'], "e");
    let words = |text: &str| {
        plain(text).split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_owned).collect::<Vec<_>>()
    };
    let (there, mut wanted) = (words(text), words(search));
    let last = wanted.pop().unwrap();
    wanted.iter().all(|word| there.contains(word)) && there.iter().any(|word| word.starts_with(&last))
}

async fn all_pages(db: &Db, filter: &Filter, sees: &Lines, limit: usize, steps: &[i64]) -> Vec<RequestId> {
    let (mut ids, mut after): (Vec<RequestId>, Option<RatingCursor>) = (Vec::new(), None);
    loop {
        let page = page_looking_at(db, filter, sees, after.as_ref(), limit, steps).await.unwrap();
        assert!(page.items.len() <= limit && (page.items.len() == limit || page.next.is_none() || page.cut), "a page is full or says why");
        assert!(page.next.is_none() || page.next < after || after.is_none(), "each page goes on");
        ids.extend(page.items.into_iter().map(|item| item.request.id));
        after = page.next;
        if after.is_none() {
            return ids;
        }
    }
}

/// Somebody has marked every third low rating as resolved.
async fn resolve_some(shop: &Shop) {
    for alert in inspect::alerts(&shop.engine.db).await.unwrap().iter().step_by(3) {
        // Several alerts are about one rating: the second time it is resolved already.
        act(&shop.engine, &By::command(), alert.request_id, ReviewAct::Settle(String::new()), None, shop.engine.now()).await.unwrap().ok();
    }
}

/// Removes the search index, as in an older version.
async fn forget_words(db: &Db) {
    static WORDS: Sql = Sql::new("DELETE FROM comment_word");
    static STATE: Sql = Sql::new("UPDATE comment_word_state SET below = 'zzzzzzzzzzzzzzzzzzzzzzz'");
    let step = db.write(|tx| {
        Box::pin(async move {
            tx.execute(&WORDS, vec![]).await?;
            tx.execute(&STATE, vec![]).await.map(drop)
        })
    });
    let () = step.await.map_err(|error: StoreError| error).unwrap();
}

async fn filters(url: String) {
    let mut shop = Shop::open(&url, 4_711).await;
    shop.set_up().await;
    shop.live(150, 60).await;
    resolve_some(&shop).await;
    let db = &shop.engine.db;
    let (rows, mut worked) = (rows(db).await, BTreeSet::new());
    for row in rows.iter().filter(|row| row.rating.as_ref().is_some_and(|rating| rating.low == 1)) {
        if review::done_at(db, row.request.id).await.unwrap().is_some() {
            worked.insert(row.request.id);
        }
    }
    let mut chance = StdRng::seed_from_u64(7);
    let (mut made_sense, mut found, mut counted, mut seen) = (0, 0, 0, BTreeMap::new());
    let alone = [
        ("chosen", "slow"),
        ("chosen", "-"),
        ("chosen", "price"),
        ("chosen", "*"),
        ("tagged", "broken"),
        ("tagged", "price"),
        ("tagged", "*"),
        ("operator", "-"),
        ("outcome", "open"),
        ("label", "vip"),
        ("label", "topic:bill"),
    ];
    let mut alone = alone.into_iter().map(|(name, value)| BTreeMap::from([(name, vec![value.to_owned()])]));
    for _ in 0..900 {
        let asked = alone.next().unwrap_or_else(|| address(&mut chance));
        let (filter, wrong) = read(|name| asked.get(name).into_iter().flatten().map(String::as_str).collect(), ZONE);
        if !wrong.is_empty() {
            continue;
        }
        let sees = match chance.random_range(0..4) {
            0 => Lines::Some(["sales".into(), "vip".into()].into()),
            1 => Lines::Some((0..20).map(|n| format!("l{n}").into()).chain(["support".into()]).collect()),
            _ => Lines::All,
        };
        let mut expected: Vec<&Row> = rows.iter().filter(|row| sees.admit(&row.request.line_id) && fits(row, &asked, &worked)).collect();
        expected.sort_by_key(|row| std::cmp::Reverse((row.request.closed_at, row.request.id)));
        counted += i32::from(sums_are_right(db, &filter, &sees, &expected, &worked).await);
        let expected: Vec<RequestId> = expected.iter().map(|row| row.request.id).collect();
        let (limit, few) = (chance.random_range(1..40), chance.random_bool(0.3));
        let steps: &[i64] = if few { &[3, 5] } else { &LOOKED_AT };
        assert_eq!(all_pages(db, &filter, &sees, limit, steps).await, expected, "{asked:?} {sees:?}");
        made_sense += 1;
        found += i32::from(!expected.is_empty());
        let some = |(name, values): (&&'static str, &Vec<String>)| {
            let apart = matches!(*name, "outcome" | "voided") || values == &["-"];
            let several = if values.len() > 1 { " several" } else { "" };
            if apart { format!("{name}={}", values[0]) } else { format!("{name}{several}") }
        };
        for name in asked.iter().filter(|_| !expected.is_empty()).map(some) {
            *seen.entry(name).or_insert(0) += 1;
        }
    }
    assert!(made_sense > 200 && found > 80, "{found} of {made_sense} found something");
    assert!(counted > 20, "{counted} of them were counted");
    for name in SEVERAL {
        assert!(seen.contains_key(&format!("{name} several")), "several of {name}: {seen:?}");
    }
    // 14 filters with one variant each, and labels, voided or not, with and without a reason, chosen and tagged, ten
    // outcomes, without an operator and without a channel; unsure has none here.
    assert!(seen.len() >= 14 + 2 + 4 + Ended::all().count() - 1 + 2, "each filter found something: {seen:?}");
}

async fn paging(url: String) {
    let mut shop = Shop::open(&url, 99).await;
    shop.set_up().await;
    shop.live(60, 20).await;
    let there: Vec<RequestId> = rows(&shop.engine.db).await.into_iter().map(|row| row.request.id).collect();
    let filter = Filter { ended: Ended::Any, ..Filter::default() };
    let (mut seen, mut after): (Vec<(i64, RequestId)>, Option<RatingCursor>) = (Vec::new(), None);
    loop {
        let page = page(&shop.engine.db, &filter, &Lines::All, after.as_ref(), 7).await.unwrap();
        seen.extend(page.items.into_iter().map(|item| (item.request.closed_at, item.request.id)));
        after = page.next;
        if after.is_none() {
            break;
        }
        // Desks also report closes that are hours old.
        shop.live(1, 1).await;
    }
    assert!(seen.is_sorted_by(|a, b| a > b), "newest close first, none of them twice");
    assert!(there.iter().all(|id| seen.iter().any(|(_, seen)| seen == id)), "none is left out");
}

async fn older_comments(url: String) {
    use lastword::domain::word_split::Search;
    use lastword::life::report::index_comments::{ratings, read_all, read_older};
    let mut shop = Shop::open(&url, 4_711).await;
    shop.set_up().await;
    shop.live(120, 60).await;
    let db = &shop.engine.db;
    while read_older(db, 10).await.unwrap() {}
    let search = |text: &str| Filter { search: Some(Search::read(text).unwrap()), ..Filter::default() };
    let expected = all_pages(db, &search("b"), &Lines::All, 20, &LOOKED_AT).await;
    assert!(!expected.is_empty());
    forget_words(&shop.engine.db).await;
    let db = &shop.engine.db;
    assert_eq!(all_pages(db, &search("b"), &Lines::All, 20, &LOOKED_AT).await, Vec::<RequestId>::new());
    while read_older(db, 1).await.unwrap() {}
    assert_eq!(all_pages(db, &search("b"), &Lines::All, 20, &LOOKED_AT).await, expected);
    assert!(!read_older(db, 1).await.unwrap(), "it is done once");

    // Lost index entries are restored by a recount, and only those.
    assert_eq!(read_all(db, |_| {}).await.unwrap(), 0);
    static SOME: Sql = Sql::new("DELETE FROM comment_word WHERE word LIKE 'b%'");
    let lost: Result<u64, StoreError> = db.write(|tx| Box::pin(async move { tx.execute(&SOME, vec![]).await })).await;
    let lost = lost.unwrap();
    assert!(lost > 0);
    assert_eq!(all_pages(db, &search("b"), &Lines::All, 20, &LOOKED_AT).await, Vec::<RequestId>::new());
    let looked_at = std::cell::Cell::new(0);
    assert_eq!(read_all(db, |ratings| looked_at.set(looked_at.get() + ratings)).await.unwrap(), lost);
    assert_eq!(i64::try_from(looked_at.get()).unwrap(), ratings(db).await.unwrap(), "the bar comes to its end");
    assert_eq!(all_pages(db, &search("b"), &Lines::All, 20, &LOOKED_AT).await, expected);
}
