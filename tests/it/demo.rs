//! The demo's history as of a Wednesday noon: it contains what a newcomer should find, and looks realistic.

mod desk;

use crate::rig::process::Process;
use lastword::domain::access::rights::Lines;
use lastword::domain::report::calendar::Day;
use lastword::domain::report::experiment::{Figures, outcome};
use lastword::domain::report::period::Period;
use lastword::domain::report::rating_filter::{Ended, Filter};
use lastword::domain::report::stats::alarm::{Heard, Watch};
use lastword::domain::report::watch::{Case, Watched, learn};
use lastword::life::report::compare_operators::compare_operators;
use lastword::store::line::experiment;
use lastword::store::report::Closes;
use lastword::store::report::rating_list::{Listed, page};
use lastword::store::review;
use lastword::store::review::deadline::{self, ReplyDue};
use lastword::store::{Db, connection};
use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;
use std::time::Duration;

const NOON: i64 = 1_795_003_200_000;
const MINUTE: i64 = 60_000;
const DAY: i64 = 24 * 60 * MINUTE;

async fn everything(db: &Db) -> Vec<Listed> {
    let (mut all, mut after) = (Vec::new(), None);
    loop {
        let found = page(db, &Filter { ended: Ended::Any, ..Filter::default() }, &Lines::All, after.as_ref(), 1_000).await.unwrap();
        all.extend(found.items);
        match found.next {
            Some(next) => after = Some(next),
            None => return all,
        }
    }
}

/// The address responds while the history is written: with a progress page, and 503 for everything else. Then it serves the demo.
#[tokio::test]
async fn the_first_page_is_there_before_the_history() {
    let folder = tempfile::tempdir().unwrap();
    let demo = ["demo", "--listen", "127.0.0.1:0", "--days", "60"];
    let demo = Process::lastword(&demo, &[("TMPDIR", &folder.path().display().to_string())]);
    let line = demo.says("Lastword demo: open ").await;
    let base = line.split_whitespace().find(|word| word.starts_with("http://")).unwrap().trim_end_matches('/').to_owned();
    let get = async |path: &str| reqwest::get(format!("{base}{path}")).await.unwrap();
    let first = get("/").await;
    assert_eq!(first.status(), 200);
    assert!(first.headers()["content-security-policy"].to_str().unwrap().contains("default-src 'none'"));
    let first = first.text().await.unwrap();
    assert!(first.contains("Making up 60 days of chats") && first.contains("preparing.js"), "{first}");
    let progress: serde_json::Value = get("/demo/progress").await.json().await.unwrap();
    assert_eq!(progress["days"], 60);
    assert!(progress["done"].as_u64().unwrap() < 60, "{progress}");
    assert_eq!(get("/demo/preparing.js").await.status(), 200);
    let later = get("/v1/lines").await;
    assert_eq!((later.status().as_u16(), &later.headers()["retry-after"]), (503, &"1".parse().unwrap()));
    assert_eq!(format!("http://{}", demo.listening().await), base);
    assert!(get("/").await.text().await.unwrap().contains("Honest numbers"));
    assert_eq!((get("/demo/progress").await.status().as_u16(), get("/readyz").await.status().as_u16()), (404, 200));
    let (status, log) = demo.stop().await;
    assert!(status.success(), "{log}");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "nothing is left");
}

/// A demo stopped before it is ready leaves no files.
#[tokio::test]
async fn a_demo_that_is_stopped_early_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let demo =
        Process::lastword(&["demo", "--listen", "127.0.0.1:0", "--days", "365"], &[("TMPDIR", &folder.path().display().to_string())]);
    demo.says("Lastword demo: open ").await;
    let (status, log) = demo.stop().await;
    assert!(!status.success() && log.contains("stopped before the history was ready"), "{log}");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "nothing is left");
}

#[tokio::test]
async fn the_demos_history_is_lifelike_and_has_something_to_find() {
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().display().to_string();
    let demo = ["demo", "--listen", "127.0.0.1:0", "--days", "90", "--keep", "--at", "2026-11-18T12:00:00Z"];
    let demo = Process::lastword(&demo, &[("TMPDIR", &place)]);
    let address = demo.listening().await;
    the_room_hears(address, &["More low ratings than usual: Support (web chat)", "ratings of the week"]).await;
    let (status, log) = demo.stop().await;
    assert!(status.success(), "{log}");
    let shop = std::fs::read_dir(folder.path()).unwrap().next().unwrap().unwrap().path();
    let db = Db::open(&format!("sqlite://{}", shop.join("lastword.db").display()), 2).await.unwrap();
    let closes = everything(&db).await;

    // Answers arrive within minutes, and no two days are alike.
    let mut waited: Vec<i64> =
        closes.iter().filter_map(|close| close.rating.as_ref().map(|rating| rating.rated_at - close.request.closed_at)).collect();
    waited.sort_unstable();
    assert!(waited[0] > 0 && waited[waited.len() / 2] < 30 * MINUTE, "{} {}", waited[0], waited[waited.len() / 2]);
    let hours: BTreeSet<i64> = closes.iter().map(|close| close.request.closed_at / (60 * MINUTE) % 24).collect();
    assert!(hours.len() >= 22, "{hours:?}");

    // Today has closes up to now, with answers.
    let today: Vec<&Listed> = closes.iter().filter(|close| close.request.closed_at >= NOON - DAY / 2).collect();
    assert!(today.len() > 15 && today.iter().all(|close| close.request.closed_at < NOON), "{}", today.len());
    assert!(today.iter().filter(|close| close.rating.is_some()).count() >= 4);

    // Exactly two operators differ from the others.
    let wednesday = Day::of(NOON, chrono_tz::UTC);
    let compared = compare_operators(&db, &Closes::of(Period::new(wednesday.plus(-29), wednesday.plus(1)).unwrap())).await.unwrap();
    let verdicts: BTreeMap<&str, String> = compared
        .operators
        .iter()
        .map(|one| (one.id.as_str(), format!("{:?}", one.verdict)))
        .filter(|(_, said)| said != "CannotTell")
        .collect();
    assert_eq!(verdicts, BTreeMap::from([("chen", "Higher".to_owned()), ("georg", "Lower".to_owned())]));

    other_words_are_tried(&db).await;
    labels_decide(&closes);
    falls_in_the_last_week(&closes);
    people_work(&closes);
    late_replies_were_told_in_their_time(&db, &closes).await;
    let waiting = review::waiting(&db, &Lines::All).await.unwrap();
    assert!((3..60).contains(&waiting), "{waiting} wait");

    // Messengers exist, and started when the demo did.
    let mut connections = connection::all(&db).await.unwrap();
    connections.retain(|one| !["web-push", "rooms"].contains(&one.name.as_str()));
    assert_eq!(connections.len(), 6);
    assert!(connections.iter().all(|one| (NOON..NOON + 10 * MINUTE).contains(&one.seen_at) && one.stopped_at.is_none()), "{connections:?}");
}

/// The live page shows messages with these titles in the chat room, as soon as they arrive.
async fn the_room_hears(demo: SocketAddr, titles: &[&str]) {
    // The stream has no end of its own.
    let client = reqwest::Client::builder().timeout(Duration::from_secs(180)).build().unwrap();
    let mut live = client.get(format!("http://{demo}/demo/live")).send().await.unwrap();
    let mut said = String::new();
    while let Ok(Some(part)) = live.chunk().await {
        said.push_str(&String::from_utf8_lossy(&part));
        let mut scenes = said.lines().filter_map(|line| serde_json::from_str::<serde_json::Value>(line.strip_prefix("data: ")?).ok());
        let Some(scene) = scenes.next_back() else { continue };
        let room: Vec<&str> = scene["room"].as_array().unwrap().iter().filter_map(|post| post["title"].as_str()).collect();
        if titles.iter().all(|title| room.iter().any(|shown| shown.contains(title))) {
            return;
        }
    }
    panic!("the room does not show {titles:?}: {said}");
}

/// An experiment runs on one line, and more clients answer its other text.
async fn other_words_are_tried(db: &Db) {
    let tried = experiment::of_line(db, &"sales".into(), 10).await.unwrap();
    let [running] = &tried[..] else { panic!("{tried:?}") };
    assert!(running.ended_at.is_none() && running.started_at < NOON - 27 * DAY, "{running:?}");
    let cases = experiment::cases(db, running).await.unwrap();
    let said = outcome(&cases, u8::try_from(running.margin).unwrap(), running.clients_max, NOON);
    let share = |variant: &Figures| variant.answered as f64 / variant.clients as f64;
    assert!(said.a.clients > 100 && said.b.clients > 100 && share(&said.b) > share(&said.a), "{said:?}");
}

/// On one line, clients with warranty questions are not asked unless they are important.
fn labels_decide(closes: &[Listed]) {
    let about = |close: &&Listed| {
        close.request.line_id == "billing" && close.request.fields.0.get("topic").is_some_and(|topic| topic == "warranty")
    };
    let (vip, others): (Vec<_>, Vec<_>) =
        closes.iter().filter(about).partition(|close| close.request.labels.iter().any(|one| one == "vip"));
    let kept_back = |close: &&&Listed| close.request.outcome.is_some_and(|outcome| outcome.as_str() == "not_asked");
    assert!(others.len() > 20 && others.iter().all(|close| kept_back(&close)), "{}", others.len());
    assert!(vip.len() > 1 && !vip.iter().all(|close| kept_back(&close)), "{}", vip.len());
}

/// Most low ratings are replied to in time. For the others, people were notified when they became overdue, so a newly
/// started demo reports only what becomes due from now on.
async fn late_replies_were_told_in_their_time(db: &Db, closes: &[Listed]) {
    let mut due = Vec::new();
    for close in closes.iter().filter(|close| close.rating.as_ref().is_some_and(|rating| rating.low == 1)) {
        due.extend(deadline::of(db, close.request.id).await.unwrap());
    }
    let in_time = due.iter().filter(|due| due.met_at.is_some_and(|at| at <= due.due_at)).count();
    let late: Vec<_> = due.iter().filter(|due| due.due_at < NOON - DAY && due.met_at.is_none_or(|at| at > due.due_at + DAY)).collect();
    assert!(in_time * 2 > due.len() && late.len() > 20, "{in_time} of {} in time, {} late", due.len(), late.len());
    let told_after = |due: &ReplyDue| due.notified_at.map(|at| at - due.due_at);
    assert!(late.iter().all(|due| told_after(due).is_some_and(|after| (0..DAY).contains(&after))), "{late:?}");
}

/// The share of one line and channel has enough history to be watched, falls, and is detected within the week.
fn falls_in_the_last_week(closes: &[Listed]) {
    let of_it = |close: &&Listed| close.request.line_id == "support" && close.request.channel.as_deref() == Some("webchat");
    let mut given: Vec<(i64, bool)> =
        closes.iter().filter(of_it).filter_map(|close| close.rating.as_ref().map(|rating| (rating.rated_at, rating.low == 1))).collect();
    given.sort_unstable();
    let (before, week): (Vec<_>, Vec<_>) = given.iter().partition(|(at, _)| *at < NOON - 7 * DAY);
    let bad = before.iter().filter(|(_, bad)| *bad).count();
    let case = |(number, (at, bad)): (usize, &(i64, bool))| Case { client: number.to_string(), at: *at, bad: *bad };
    let cases: Vec<Case> = before.iter().enumerate().map(case).collect();
    let learnt = learn(Watched::Score, &cases, 1, NOON - 7 * DAY);
    let plan = learnt.baseline.unwrap_or_else(|| panic!("more than 500 ratings: {learnt:?}")).plan;
    let mut watch = Watch::default();
    let mut rings = |of: &[(i64, bool)]| of.iter().any(|(_, bad)| watch.hear(plan, *bad) == Heard::Alarm);
    assert!(!rings(&before), "no false alarm");
    assert!(
        rings(&week),
        "{bad} of {} before, {} of {} in the week",
        before.len(),
        week.iter().filter(|(_, bad)| *bad).count(),
        week.len()
    );
}

/// Actions of people, and failures.
fn people_work(closes: &[Listed]) {
    let ratings = || closes.iter().filter_map(|close| close.rating.as_ref());
    assert!(
        ratings().filter(|rating| rating.resolved == Some(1)).count() > 10
            && ratings().filter(|rating| rating.resolved == Some(0)).count() > 10
    );
    let outcome = |word: &str| closes.iter().filter(|close| close.request.outcome.is_some_and(|outcome| outcome.as_str() == word)).count();
    for word in ["answered", "expired", "not_asked", "unreachable", "unsure"] {
        assert!(outcome(word) > 0, "{word}");
    }
    // Clients of one line have other complaints than those of another.
    let most = |line: &str| {
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        let of_line = closes.iter().filter(|close| close.request.line_id == line).filter_map(|close| close.rating.as_ref());
        of_line.flat_map(|rating| &rating.reasons).for_each(|reason| *counts.entry(&reason.code).or_default() += 1);
        counts.into_iter().max_by_key(|(_, count)| *count).map(|(code, _)| code.to_owned())
    };
    assert_ne!(most("sales"), most("support"));
    assert_ne!(most("sales"), most("billing"));
}
