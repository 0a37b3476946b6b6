//! Worlds with an imported history, for claims and sentences about it.

use super::pages::Site;
use crate::rig::world::{World, messenger};
use When::{Before, Now};
use lastword::domain::access::rights::Role;
use lastword::domain::answer::rating::Scale;
use lastword::domain::answer::reason::Reason;
use lastword::domain::line::LineSettings;
use lastword::domain::past_close::{KnownLine, PastClose, PastRating};
use lastword::domain::report::calendar::Day;
use lastword::domain::report::period::Period;
use lastword::domain::session::{ClosedBy, Operator};
use lastword::life::records::import_history::{Rows, write};
use lastword::store::records::import_run::ImportRun;
use std::sync::Arc;

#[derive(Clone, Copy)]
pub(super) enum When {
    Now,
    Before,
}

/// A batch of similar closes.
pub(super) struct Batch {
    pub(super) when: When,
    /// Number of clients, and of closes per client.
    pub(super) clients: usize,
    pub(super) times: i64,
    pub(super) operator: &'static str,
    pub(super) channel: &'static str,
    pub(super) scale: Scale,
    pub(super) score: Option<u8>,
    /// The line's rule for low scores at the time of the import.
    pub(super) low_max: Option<u8>,
    /// The reason that the clients chose.
    pub(super) reason: Option<&'static str>,
}

/// Thumbs of these clients on one channel, of one operator.
pub(super) fn thumbs(when: When, clients: usize, times: i64, score: u8) -> Batch {
    Batch {
        when,
        clients,
        times,
        operator: "op",
        channel: "telegram",
        scale: Scale::Binary,
        score: Some(score),
        low_max: None,
        reason: None,
    }
}

/// The present period, and the previous one.
pub(super) fn periods(world: &World) -> (Period, Period) {
    let today = Day::of(world.now(), world.engine.db.zone());
    let now = Period { from: today.plus(-13), until: today.plus(-3) };
    (now, now.previous().unwrap())
}

/// A world with these closes in its history.
pub(super) async fn past(url: &str, all: &[Batch]) -> World {
    let world = World::on(url, messenger()).await;
    let zone = world.engine.db.zone();
    let (now, before) = periods(&world);
    let mut closes = Vec::new();
    for (kind, some) in all.iter().enumerate() {
        let settings = LineSettings { scale: some.scale, low_max: some.low_max, ..LineSettings::default() };
        let line = Arc::new(KnownLine { id: "support".into(), version: 1, settings });
        let period = match some.when {
            Now => now,
            Before => before,
        };
        for (client, time) in (0..some.clients).flat_map(|client| (0..some.times).map(move |time| (client, time))) {
            let at = period.from.start(zone) + 3_600_000 + time * 7_200_000 + client as i64 * 1_000;
            let rated = |score: u8| PastRating {
                score,
                low: line.settings.is_low(some.scale, score),
                comment: None,
                reasons: some.reason.map(|code| Reason { code: code.to_owned(), text: code.to_owned() }).into_iter().collect(),
                resolved: None,
                at,
            };
            let mut key = [0; 32];
            key[..8].copy_from_slice(&(closes.len() as u64).to_be_bytes());
            closes.push(PastClose {
                key,
                session_id: format!("s{}", closes.len()).into(),
                line: line.clone(),
                closed_at: at,
                opened_at: None,
                closed_by: ClosedBy::Operator,
                operator: Some(Operator { id: some.operator.into(), name: Some("Kim Lee".into()), ..Operator::default() }),
                client: Some(format!("{kind}-{client}").into()),
                contact: None,
                person: None,
                channel: Some(some.channel.into()),
                place: None,
                language: None,
                client_wrote_at: None,
                last_message_at: None,
                asked: Some(true),
                scale: some.scale,
                rating: some.score.map(rated),
                labels: Vec::new(),
                fields: Default::default(),
                supervisor: None,
            });
        }
    }
    let run = ImportRun { id: "f".repeat(64), source: "desk".into(), format: "test".into(), ..ImportRun::default() };
    let rows = Rows { done: closes.len() as i64, closes: Arc::new(closes), rejected: 0 };
    write(&world.engine.db, run, rows, world.now()).await.unwrap();
    world
}

/// The report of the period as text, without tags.
pub(super) async fn page(world: &World) -> String {
    let (now, _) = periods(world);
    let site = Site::over(&world.engine);
    let admin = site.reader("admin", Role::Admin, &[], true).await;
    plain(&admin.page(&format!("/reports?from={}&until={}", now.from, now.until.plus(-1))).await)
}

/// The content of a page as text, without tags.
pub(super) fn plain(page: &str) -> String {
    let content = page.split_once("data-report").map_or(page, |(_, content)| content);
    let parts = content.split('<').map(|part| part.split_once('>').map_or(part, |(_, text)| text));
    parts.flat_map(str::split_whitespace).collect::<Vec<_>>().join(" ")
}
