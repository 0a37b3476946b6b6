//! Meaning of `lastword_commits_total`: figures derived from it are the same on both databases.

use crate::on_both_databases;
use crate::rig::world::{World, messenger};
use futures_util::future::join_all;
use lastword::http::middleware::rate_limit::RateLimits;
use lastword::http::state::{AppState, BodyMax};
use lastword::metrics::Metrics;
use lastword::settings::Limits;
use lastword::store::StoreError;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

on_both_databases! {
    every_transaction_that_was_committed_counts_once => counted;
}

async fn counted(url: String) {
    let world = World::on(&url, messenger()).await;
    let metrics = Arc::new(Metrics::new("test"));
    let app = AppState::open(&world.engine, Default::default(), metrics.clone(), BodyMax::default(), RateLimits::of(&Limits::NONE));
    let number = |name: &str| -> usize {
        let page = metrics.encode();
        page.lines().find_map(|line| line.strip_prefix(name)?.trim().parse().ok()).unwrap_or(0)
    };
    let commits = || number("lastword_commits_total ");
    let (groups, items) = (r#"lastword_group_commits_total{of="closes"}"#, r#"lastword_group_commit_items_total{of="closes"}"#);
    let before = commits();

    app.closes.run(vec![world.close_of("S-1")]).await.unwrap();
    assert_eq!((commits() - before, number(groups), number(items)), (1, 1, 1));

    let closes: Vec<_> = (0..100).map(|number| vec![world.close_of(&format!("S-2-{number}"))]).collect();
    for taken in join_all(closes.into_iter().map(|one| app.closes.run(one))).await {
        taken.unwrap();
    }
    assert_eq!(number(items), 101);
    assert_eq!(commits() - before, number(groups), "nothing else was committed meanwhile");
    assert!(number(groups) <= 20, "callers who come together share commits: {}", number(groups));

    let (shared, array) = (number(groups), (0..500).map(|number| world.close_of(&format!("S-3-{number}"))).collect());
    app.closes.run(array).await.unwrap();
    assert_eq!((number(groups) - shared, number(items)), (1, 601), "a list is kept as a whole");

    let before = commits();
    let failed: Result<(), StoreError> = world.engine.db.write(|_| Box::pin(async { Err(StoreError::DiskFull) })).await;
    assert!(failed.is_err());
    assert_eq!(commits(), before, "what was rolled back is no commit");
    let tries = Arc::new(AtomicUsize::new(0));
    let counter = tries.clone();
    let repeated: Result<(), StoreError> = world
        .engine
        .db
        .write(move |_| {
            let first = counter.fetch_add(1, Ordering::Relaxed) < 2;
            Box::pin(async move { if first { Err(StoreError::Conflict) } else { Ok(()) } })
        })
        .await;
    repeated.unwrap();
    assert_eq!((tries.load(Ordering::Relaxed), commits() - before), (3, 1), "what had to be repeated is one commit");
}
