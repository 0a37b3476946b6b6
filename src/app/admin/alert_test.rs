//! Sends a test alert now: the regular step raises it, and this process sends its message unless a server does so first.

use super::{Failure, Shell};
use crate::app::Node;
use crate::app::quarantine::{noted, warning};
use crate::domain::access::audit::By;
use crate::domain::question::delivery::State;
use crate::life::alert::test_alert::raise_test;
use crate::life::records::detect_copy::beat;
use crate::store::alert::Alert;
use crate::store::line;
use crate::store::question::delivery::{self, Delivery};
use crate::time::{Millis, SECOND, wait};
use lastword_store::transaction;
use serde::Serialize;

/// Maximum time that the command waits.
const PATIENCE: Millis = 20 * SECOND;
/// Interval of checks for a server that has sent it.
const LOOK: Millis = 100;

/// Result of a test alert to one person.
#[derive(Clone, Debug, Serialize)]
pub struct TestAlertResult {
    /// ID of the recipient.
    pub recipient: String,
    /// True if it arrived, as far as the platform reports.
    pub arrived: bool,
    /// State of the delivery.
    pub state: String,
    /// What happened, and the remedy.
    pub what: String,
}

impl Shell {
    /// Sends a test alert to a recipient, or to each member of a group, with the texts of a line.
    ///
    /// # Errors
    /// If the recipient or the line does not exist.
    pub async fn test_alert(&self, recipient: &str, line: Option<&str>) -> Result<Vec<TestAlertResult>, Failure> {
        let node = self.node().await?;
        if let Some(cause) = beat(&node.engine, noted(&self.db), self.now()).await?.quarantine {
            return Err(Failure::Failed(warning(cause)));
        }
        let line = match line {
            None => None,
            Some(id) => match line::find(&self.db, &id.into()).await? {
                None => return Err(Failure::Failed(format!("--line: there is no line \"{id}\"; see: lastword line list"))),
                some => some,
            },
        };
        let known = self.recipients().await?;
        if !known.iter().any(|one| one.id == recipient) {
            let ids: Vec<&str> = known.iter().map(|one| one.id.as_str()).collect();
            let there = if ids.is_empty() { "there is none yet".to_owned() } else { format!("there is {}", ids.join(", ")) };
            return Err(Failure::Failed(format!("there is no recipient \"{recipient}\" ({there}); add one with: lastword recipient add")));
        }
        let alerts = raise_test(&node.engine, &By::command(), recipient, line, self.now()).await?;
        let mut told = Vec::new();
        for alert in alerts {
            told.push(self.follow(&node, alert).await?);
        }
        Ok(told)
    }

    async fn follow(&self, node: &Node, alert: Alert) -> Result<TestAlertResult, Failure> {
        let recipient = alert.recipient_id;
        let Some(id) = alert.delivery_id else {
            let why = alert.reason.unwrap_or_default();
            return Ok(TestAlertResult {
                what: format!("not sent: {why}; {}", remedy(&why)),
                recipient,
                arrived: false,
                state: alert.state.to_string(),
            });
        };
        let (runner, give_up) = (node.runner(None), self.now() + PATIENCE);
        loop {
            runner.tick_one(id).await?;
            let delivery = delivery::find(&self.db, id).await?;
            let Some(delivery) = delivery else { return Err(Failure::Failed("the message is no longer in the database".to_owned())) };
            let again = delivery.state == State::Scheduled && delivery.ended_at.is_some();
            if again || self.now() >= give_up {
                return self.take_back(recipient, &delivery).await;
            }
            if delivery.ended_at.is_some() || delivery.state == State::Unknown {
                return Ok(end(recipient, &delivery));
            }
            wait(LOOK).await;
        }
    }

    /// Cancels the test: a late one would confuse people who have tried again meanwhile.
    async fn take_back(&self, recipient: String, delivery: &Delivery) -> Result<TestAlertResult, Failure> {
        let (id, now) = (delivery.id, self.now());
        let canceled = transaction!(self.db, async |tx| { delivery::cancel_one(tx, id, now).await });
        let left = if canceled.await? { "it was canceled" } else { "it is on its way now" };
        let (connection, said) = (&delivery.connection, said(delivery));
        let what = format!("not sent{said}: {left}; check the connection {connection} with: lastword doctor, then try again");
        Ok(TestAlertResult { recipient, arrived: false, state: delivery.state.to_string(), what })
    }
}

/// The platform's own message, in brackets.
fn said(delivery: &Delivery) -> String {
    let words = [&delivery.reason, &delivery.detail].into_iter().flatten().map(String::as_str).collect::<Vec<_>>().join(" – ");
    if words.is_empty() { words } else { format!(" ({words})") }
}

fn end(recipient: String, delivery: &Delivery) -> TestAlertResult {
    let arrived = delivery.state.was_sent();
    let said = said(delivery);
    let connection = &delivery.connection;
    let what = match delivery.state {
        State::Sent | State::Delivered => match &delivery.message_id {
            Some(id) => format!("sent through {connection}: the platform accepted it as message {id}"),
            None => format!("sent through {connection}: the platform accepted it"),
        },
        State::Unknown => {
            format!("unknown{said}: it may have arrived, and is not resent automatically; check there before you try again")
        }
        _ => format!("{}{said}: check the connection {connection} and the recipient's address, then try again", delivery.state),
    };
    TestAlertResult { recipient, arrived, state: delivery.state.to_string(), what }
}

fn remedy(why: &str) -> &'static str {
    match why {
        "recipient_disabled" => "the recipient is disabled",
        "channel_unlinked" => "its connection is not in the settings, or carries no alerts",
        "empty_group" => "add members with: lastword recipient group --replace",
        "unknown_recipient" => "a member of the group no longer exists",
        _ => "see: lastword recipient list",
    }
}
