//! A desk that accepts connections and never responds gets its notes once it is back.

use super::{MINUTE, SECOND, closed, tell, world_on};
use crate::on_both_databases;
use lastword_contract::{SendError, Verdict};

on_both_databases! {
    a_note_arrives_after_its_desk_hung_for_thirty_hours => a_note_while_its_desk_hangs;
}

async fn a_note_while_its_desk_hangs(url: String) {
    let (world, desk, _) = world_on(&url).await;
    tell(&world, closed(world.now(), "3")).await;
    world.pass(3 * SECOND).await;
    let question = world.client.take().pop().unwrap();
    desk.trouble.lock().unwrap().extend(std::iter::repeat_n(SendError::new(Verdict::CannotKnow, "timeout", "no answer in time"), 10_000));
    world.tap(&question, "👍").await;
    for _ in 0..30 * 20 {
        world.pass(3 * MINUTE).await;
    }
    desk.trouble.lock().unwrap().clear();
    let tried = desk.written.lock().unwrap().len();
    for _ in 0..60 {
        world.pass(SECOND).await;
    }
    let written = desk.written.lock().unwrap();
    assert!(tried > 5 && written.len() == tried + 1, "{tried}, then {}", written.len());
    assert!(written.iter().all(|note| note.key == written[0].key), "it looks for this mark before it writes");
}
