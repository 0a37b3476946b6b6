//! What a Chatwoot remembers, only read.

use crate::desk::MORNING;
use crate::stub::{Inside, Stub, TOKEN};
use lastword_chatwoot::history::{CsatMetrics, History};
use lastword_contract::Verdict;

const HOUR: i64 = 3_600_000;

async fn desk() -> (Stub, History) {
    let stub = Stub::start(Inside::at(MORNING)).await;
    let history = History::new(&stub.url(), TOKEN.to_owned().into(), reqwest::Client::new()).unwrap();
    (stub, history)
}

#[tokio::test]
async fn a_talk_tells_who_wrote_when_and_whether_the_client_was_asked() {
    let (stub, history) = desk().await;
    let id = {
        let mut stub = stub.lock();
        let id = stub.open("Channel::Whatsapp");
        stub.close(id, "operator");
        stub.says(id, "client", "Another thing");
        // Enough messages to push the close and the client's last message onto different pages.
        for _ in 0..45 {
            stub.says(id, "ben", "One moment");
        }
        stub.now += 30 * HOUR;
        stub.close(id, "operator");
        stub.run_jobs();
        stub.survey(id);
        id
    };
    let talk = history.talk(1, &id.to_string(), MORNING, async || {}).await.unwrap();
    let closed_at = talk.closed_at.unwrap();
    assert!(closed_at - talk.client_wrote_at.unwrap() > 30 * HOUR && talk.asked_at.unwrap() >= closed_at, "{talk:?}");
    let writers = talk.writers.unwrap();
    assert_eq!(writers.iter().map(|one| one.id.as_str()).collect::<Vec<_>>(), ["2"], "who wrote before the earlier close is not credited");
    let inboxes = history.inboxes(1).await.unwrap();
    assert_eq!(inboxes.iter().map(|one| one.channel.as_str()).collect::<Vec<_>>(), ["webchat", "whatsapp"]);
    assert_eq!(history.talk(1, "99", MORNING, async || {}).await.unwrap_err().verdict, Verdict::RecipientGone);
}

#[tokio::test]
async fn ratings_are_those_of_the_range_and_the_report_counts_the_same() {
    let (stub, history) = desk().await;
    for n in 0..30 {
        let mut stub = stub.lock();
        let id = stub.open("Channel::WebWidget");
        stub.close(id, "operator");
        stub.survey(id);
        stub.rate(id, 1 + u8::try_from(n % 5).unwrap(), Some((1, "Ann")));
        stub.now += HOUR;
    }
    let until = stub.lock().now;
    let since = until - 10 * HOUR - HOUR / 2;
    let mut found = Vec::new();
    for page in 1..=3 {
        found.extend(history.ratings(1, since, until, page).await.unwrap().items);
    }
    let metrics = history.metrics(1, since, until).await.unwrap();
    assert!(found.iter().all(|rating| rating.at >= since) && found.len() == 10, "{}", found.len());
    assert_eq!(metrics, CsatMetrics { ratings: [2; 5], sent: 10 });
    assert_eq!(stub.changes(), 0);
}
