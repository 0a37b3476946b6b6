//! Two nodes on one PostgreSQL run steps at the same time, interleaved statement by statement according to a seed, to find
//! races and deadlocks. A seed reproduces its run.
//!
//! ```text
//! cargo test --test it interleaved                                 every pair of steps, and a few seeds
//! LASTWORD_TEST_LONG=1 cargo test --test it interleaved            many seeds
//! LASTWORD_TEST_SEED=17 cargo test --test it interleaved::seeds    one seed, printed step by step
//! ```

mod planted;
mod stage;
mod two_nodes;

use crate::rig::long;
use crate::rig::postgres::{Cluster, Fsync};
use crate::simulation::invariants::counters_are_right;
use lastword::domain::alert::AlertKind;
use lastword::names::RequestId;
use lastword::store::records::inspect;
use lastword_contract::InboundKind;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use two_nodes::{Step, TwoNodes, typed};

/// Steps that lock more than one row. Clients 0 to 5 gave low scores before; 6 to 8 were asked and gave none.
const STEPS: [Step; 17] = [
    Step::Press(&[(6, false)]),
    Step::Press(&[(0, true), (1, true)]),
    Step::Press(&[(1, false), (0, false), (7, true)]),
    Step::Comment(0),
    Step::Stop(6),
    Step::Arrived(&[7, 6]),
    Step::Close(&[1, 0]),
    Step::Reopen(6),
    Step::Seen(0),
    Step::Resolve(1),
    Step::TakeBack(0),
    Step::OptOut(7),
    Step::Erase(1),
    Step::Send,
    Step::Rescue,
    Step::Expire,
    Step::Escalate,
];

/// Number of deadlocks that this server resolved.
fn deadlocks(cluster: &Cluster) -> usize {
    let log = std::fs::read_to_string(cluster.dir().join("server.log")).expect("the server's log");
    log.matches("deadlock detected").count()
}

/// The violated invariant, once all work is done.
async fn broken(nodes: &TwoNodes, erased: &[usize]) -> Option<String> {
    let db = nodes.db();
    let requests = inspect::rating_requests(db).await.unwrap();
    if let Err(broken) = counters_are_right(db, &requests).await {
        return Some(broken.to_string());
    }
    let ratings = inspect::ratings(db).await.unwrap();
    let alerts = inspect::alerts(db).await.unwrap();
    let sent = nodes.world.staff.sent.lock().unwrap().clone();
    for (client, (request, _)) in nodes.asked.iter().enumerate() {
        let rating = ratings.iter().find(|rating| rating.request_id == RequestId::named(&*request));
        let mut presses: Vec<_> = nodes.presses.iter().filter(|(presser, ..)| *presser == client).collect();
        presses.sort_by_key(|(_, order, _)| *order);
        // The platform's order decides, independent of the node.
        let counts = client < 6 && !erased.contains(&client);
        if let (Some(rating), Some((.., score))) = (rating.filter(|_| counts), presses.last())
            && rating.score != *score
        {
            return Some(format!("client {client}: the last press was {score}: {rating:?}"));
        }
        let of = |kind: AlertKind| alerts.iter().filter(move |alert| alert.request_id == RequestId::named(&*request) && alert.kind == kind);
        let low = rating.is_some_and(|rating| rating.low == 1);
        let stands =
            of(AlertKind::Low).filter(|alert| alert.waits_to_be_seen() && alert.reason.as_deref() != Some("score_changed")).count();
        if !low && stands > 0 {
            return Some(format!("client {client}: an alert stands of what is not low: {alerts:?}"));
        }
        // The alert's recipient knows the client's comment: in the message, in its replacement, or in another one.
        let comment =
            rating.filter(|rating| rating.low == 1).and_then(|rating| rating.comment.clone()).filter(|_| !erased.contains(&client));
        if let Some(comment) = comment {
            let about: Vec<_> =
                sent.iter().filter(|message| message.text.contains(&format!("S-{client}")) || message.text.contains(&comment)).collect();
            if !about.is_empty() && !about.iter().any(|message| message.text.contains(&comment)) {
                return Some(format!("client {client}: nobody was told of {comment:?}: {about:#?}"));
            }
        }
    }
    let mut asked: Vec<RequestId> = requests.iter().map(|request| request.id).collect();
    asked.sort();
    asked.dedup();
    (asked.len() != requests.len()).then(|| "one id twice".to_owned())
}

/// Two or three of these steps.
fn some_of(steps: &[Step], rng: &mut StdRng) -> Vec<Step> {
    let mut chosen: Vec<Step> = (0..rng.random_range(2..4)).map(|_| steps[rng.random_range(0..steps.len())]).collect();
    chosen.dedup();
    chosen
}

/// Runs the world of `seed`: several rounds of concurrent steps, as `choose` chooses them. Returns the violated invariant.
async fn play(cluster: &Cluster, seed: u64, choose: impl Fn(&mut StdRng) -> Vec<Step>, loud: bool) -> Option<String> {
    let mut rng = StdRng::seed_from_u64(seed);
    let mut nodes = TwoNodes::on(cluster, 3).await;
    let mut erased = Vec::new();
    let mut told = String::new();
    for round in 0..4 {
        let chosen = choose(&mut rng);
        erased.extend(chosen.iter().filter_map(|step| if let Step::Erase(client) = step { Some(*client) } else { None }));
        let order = nodes.at_once(&chosen, rng.random()).await;
        told.push_str(&format!("round {round}: {chosen:?} as {order}\n"));
        if loud {
            eprintln!("seed {seed}, round {round}: {chosen:?} as {order}");
        }
        nodes.world.clock.advance(rng.random_range(0..20_000));
    }
    nodes.rest().await;
    let broken = broken(&nodes, &erased).await.map(|broken| format!("seed {seed}: {broken}\n{told}"));
    nodes.db().close().await;
    broken
}

#[tokio::test]
async fn no_pair_of_steps_waits_for_each_other() {
    let cluster = Cluster::own(Fsync::Off);
    let mut pairs = 0;
    for (at, one) in STEPS.iter().enumerate() {
        let mut nodes = TwoNodes::on(&cluster, 3).await;
        for (number, other) in STEPS.iter().enumerate().skip(at) {
            for seed in 0..if long() { 20 } else { 1 } {
                let order = nodes.at_once(&[*one, *other], seed * 1_000 + number as u64).await;
                assert_eq!(deadlocks(&cluster), 0, "{one:?} and {other:?} as {order}");
                pairs += 1;
            }
        }
        nodes.db().close().await;
    }
    assert!(pairs >= STEPS.len() * (STEPS.len() + 1) / 2);
}

#[tokio::test]
async fn seeds_keep_what_must_hold() {
    let cluster = Cluster::own(Fsync::Off);
    let one: Option<u64> = std::env::var("LASTWORD_TEST_SEED").ok().and_then(|seed| seed.parse().ok());
    let seeds = one.map_or(0..if long() { 400 } else { 4 }, |seed| seed..seed + 1);
    for seed in seeds {
        let broken = play(&cluster, seed, |rng| some_of(&STEPS, rng), one.is_some()).await;
        assert_eq!(broken, None, "repeat it: LASTWORD_TEST_SEED={seed} cargo test --test it interleaved::seeds");
    }
    assert_eq!(deadlocks(&cluster), 0);
}

/// A client edits the score twice and comments, concurrently and on two nodes: the last edit counts, and nothing is lost.
#[tokio::test]
async fn edits_and_a_comment_at_once_lose_nothing() {
    let cluster = Cluster::own(Fsync::Off);
    let mut nodes = TwoNodes::on(&cluster, if long() { 60 } else { 6 }).await;
    for client in 6..nodes.asked.len() {
        let (request, question) = nodes.asked[client].clone();
        nodes.world.happens("bot", InboundKind::Text(typed(&question, "0"))).await;
        let steps = [Step::Correct(client, "0"), Step::Comment(client), Step::Correct(client, "1")];
        let order = nodes.at_once(&steps, client as u64).await;
        let ratings = inspect::ratings(nodes.db()).await.unwrap();
        let rating = ratings.iter().find(|rating| rating.request_id == RequestId::named(&request)).unwrap();
        assert_eq!(rating.score, 1, "the last edit counts, as {order}: {rating:?}");
        assert!(rating.comment.as_ref().is_some_and(|comment| comment.starts_with("Rude")), "the comment is kept, as {order}: {rating:?}");
        let kept = inspect::inbox(nodes.db()).await.unwrap().into_iter().filter(|event| event.key.starts_with('n')).count();
        assert_eq!(kept, 3 * (client - 5), "each event is kept");
    }
    assert_eq!(deadlocks(&cluster), 0);
}

#[tokio::test]
async fn the_same_seed_plays_the_same_run() {
    let cluster = Cluster::own(Fsync::Off);
    let mut orders = Vec::new();
    for _ in 0..2 {
        let mut nodes = TwoNodes::on(&cluster, 3).await;
        orders.push(nodes.at_once(&[Step::Press(&[(0, true)]), Step::Comment(1), Step::Send], 7).await);
        nodes.db().close().await;
    }
    assert_eq!(orders[0], orders[1]);
    assert!(orders[0].contains("ab") || orders[0].contains("ba"), "{orders:?}");
}
