//! Filters of events that name lines.

use super::Findings;
use crate::app::live::draft::unknown_event_lines;
use crate::life::engine::channels::Channels;
use crate::store::{Db, StoreError};

/// Lines in filters that do not exist: no event about them is ever sent.
pub(super) async fn unknown_lines(findings: &mut Findings, channels: &Channels, db: &Db) -> Result<(), StoreError> {
    for (name, connection) in channels.iter() {
        for words in unknown_event_lines(db, &*connection.channel).await? {
            findings.problem(format!("connection {name}"), format!("event_lines: {words}"), "correct event_lines, or create the line");
        }
    }
    Ok(())
}
