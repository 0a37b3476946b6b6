//! Stuck and waiting deliveries, and what to do about them.

use super::{Failure, Shell};
use crate::domain::access::audit::By;
use crate::domain::access::rights::Lines;
use crate::domain::question::delivery::{Kind, State};
use crate::life::admin::mend_delivery::{self, Mended};
use crate::life::admin::replay_events::replay;
use crate::names::{ConnectionId, DeliveryId};
pub use crate::store::question::delivery::Delivery;
use crate::store::question::delivery::{self, Attempt};
use crate::store::question::delivery_list::{self, DeliveryCursor, Filter};

/// Filter of deliveries.
#[derive(Clone, Debug, Default)]
pub struct WantedDeliveries {
    /// With this state, or `stuck`.
    pub state: Option<String>,
    /// Of this kind.
    pub kind: Option<String>,
    /// Through this connection.
    pub connection: Option<String>,
    /// About closes of this line.
    pub line: Option<String>,
    /// Created at or after this time.
    pub from: Option<String>,
    /// Maximum number of deliveries.
    pub limit: i64,
}

/// Action on a delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mending {
    /// Send it again.
    Resend,
    /// Dismiss it from the list of stuck deliveries.
    Dismiss,
    /// Cancel it.
    Cancel,
}

impl Mending {
    /// The states in which the action is possible, as text.
    fn rule(self) -> &'static str {
        match self {
            Mending::Resend => "only deliveries that are unknown, failed, dead, undeliverable or skipped can be resent",
            Mending::Dismiss => "only deliveries that are unknown, failed, dead or undeliverable, and not dismissed yet, can be dismissed",
            Mending::Cancel => "only deliveries that have not been sent yet can be canceled",
        }
    }
}

impl Shell {
    /// Lists deliveries, newest first; waiting ones in the order of their times.
    ///
    /// # Errors
    /// Names the invalid option.
    pub async fn deliveries(&self, wanted: WantedDeliveries) -> Result<Vec<Delivery>, Failure> {
        let unknown = |kind: &String| {
            let known = Kind::ALL.map(Kind::as_str).join(", ");
            Failure::Usage(format!("--kind: there is no kind \"{kind}\"; write one of {known}"))
        };
        let kind = wanted.kind.as_ref().map(|kind| Kind::parse(kind).ok_or_else(|| unknown(kind))).transpose()?;
        let lines = wanted.line.map_or(Lines::All, |line| Lines::Some([line.into()].into()));
        let since = wanted.from.map(|from| self.moment("--from", &from)).transpose()?;
        let filter = Filter { connection: wanted.connection.map(ConnectionId::from), kind, lines, since, until: None };
        let Some(word) = wanted.state.as_deref().filter(|word| *word != "stuck") else {
            return Ok(delivery_list::stuck(&self.db, None, &filter, None, wanted.limit).await?);
        };
        Ok(match State::parse(word) {
            Some(State::Scheduled) => delivery_list::scheduled(&self.db, &filter, &DeliveryCursor::default(), wanted.limit).await?,
            Some(state) => delivery_list::in_state(&self.db, state, &filter, None, wanted.limit).await?,
            None => {
                let known = State::ALL.map(State::as_str).join(", ");
                return Err(Failure::Usage(format!("--state: there is no state \"{word}\"; write stuck, {known}")));
            }
        })
    }

    /// A delivery with its earlier attempts.
    ///
    /// # Errors
    /// If it does not exist.
    pub async fn delivery(&self, id: &str) -> Result<(Delivery, Vec<Attempt>), Failure> {
        let found = delivery::find(&self.db, named(id)?).await?.ok_or_else(|| no_delivery(id))?;
        let tries = delivery::attempts(&self.db, &[found.id]).await?;
        Ok((found, tries))
    }

    /// Sends all events of a connection since a time again. Returns their number.
    ///
    /// # Errors
    /// Names the option that makes no sense.
    pub async fn replay(&self, connection: &str, from: &str) -> Result<usize, Failure> {
        let (node, since) = (self.node().await?, self.moment("--from", from)?);
        let connection = ConnectionId::from(connection);
        if !node.engine.channels.get(&connection).is_some_and(|channel| channel.capabilities().events) {
            let there: Vec<String> = node
                .engine
                .channels
                .iter()
                .filter(|(_, one)| one.channel.capabilities().events)
                .map(|(name, _)| name.to_string())
                .collect();
            let there = if there.is_empty() { "there is none".to_owned() } else { format!("there is {}", there.join(", ")) };
            return Err(Failure::Usage(format!("--connection: \"{connection}\" is no connection that carries events ({there})")));
        }
        Ok(replay(&node.engine, &By::command(), &connection, since, self.now()).await?)
    }

    /// Applies an action to a delivery. Returns the delivery afterwards.
    ///
    /// # Errors
    /// If it does not exist, or is in another state.
    pub async fn mend(&self, id: &str, mending: Mending) -> Result<Delivery, Failure> {
        let (named, node, by, now) = (named(id)?, self.node().await?, By::command(), self.now());
        let mended = match mending {
            Mending::Resend => mend_delivery::resend(&node.engine, &by, named, now).await?,
            Mending::Dismiss => mend_delivery::dismiss(&node.engine, &by, named, now).await?,
            Mending::Cancel => mend_delivery::cancel(&node.engine, &by, named, now).await?,
        };
        let found = delivery::find(&self.db, named).await?.ok_or_else(|| no_delivery(id))?;
        match mended {
            Mended::Done => Ok(found),
            Mended::Unknown => Err(no_delivery(id)),
            Mended::NotNow => {
                let why = found.reason.map(|reason| format!(" ({reason})")).unwrap_or_default();
                Err(Failure::Failed(format!("the delivery is {}{why}: {}", found.state, mending.rule())))
            }
        }
    }
}

fn named(id: &str) -> Result<DeliveryId, Failure> {
    id.parse().map_err(|_| no_delivery(id))
}

fn no_delivery(id: &str) -> Failure {
    Failure::Failed(format!("there is no delivery \"{id}\"; see: lastword delivery list"))
}
