//! The views for BI tools show nothing of a client.

use super::erased::{MARK, lived};
use super::scan::scan;
use crate::on_both_databases;
use crate::rig::tables::rows;
use crate::rig::world::{World, messenger};
use lastword::store::report::bi::VIEWS;

on_both_databases! {
    no_view_for_bi_tools_shows_anything_of_a_client => nothing_is_shown;
}

async fn nothing_is_shown(url: String) {
    let world = World::on(&url, messenger()).await;
    let (rated, _) = lived(&world, &url).await;
    assert!(scan(&url, MARK).await.found.len() > 20, "the marker is in the tables");
    let mut seen = String::new();
    for view in VIEWS {
        let found = rows(&url, &format!("SELECT * FROM {}", view.name)).await;
        seen.extend(found.into_iter().flatten().flatten().map(|text| text + "\n"));
    }
    assert!(seen.contains(&rated) && seen.contains("support"), "the views show the rating: {seen}");
    assert!(!seen.contains(MARK), "{seen}");
    // Neither the desk's ID of the session nor the texts of people.
    assert!(!seen.lines().any(|line| line == "one" || line.contains("Smith")), "{seen}");
}
