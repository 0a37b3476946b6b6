//! A node of the simulation: the real engine and the real steps of the queue, with its own clock. Its memory between two
//! steps is lost in a crash.

use super::provider::{CONNECTIONS, KEYED, Shared, SimChannel};
use super::seeds::mix;
use lastword::app::channel_handler::{ChannelHandler, Letter};
use lastword::domain::question::token::TokenKeys;
use lastword::life::engine::channels::Channels;
use lastword::life::{Engine, Options};
use lastword::queue::record::Finished;
use lastword::queue::runner::Prepared;
use lastword::queue::{Runner, Tuning};
use lastword::store::question::delivery::Delivery;
use lastword::store::{Db, StoreError, connection};
use lastword::time::{Millis, SetClock};
use std::sync::Arc;
use tokio::sync::broadcast;

/// Work in progress of a node.
pub(crate) enum Work {
    /// Leased, not written yet.
    Leased(Vec<Delivery>),
    /// Written; the intent is not committed.
    Prepared(Prepared<Letter>),
    /// The intent was committed at this time; some are sent, but not recorded.
    Sending(Prepared<Letter>, Millis, Vec<Finished>),
}

/// A node.
pub(crate) struct Node {
    pub(crate) engine: Engine,
    pub(crate) runner: Runner<ChannelHandler>,
    pub(crate) owner: String,
    pub(crate) clock: SetClock,
    pub(crate) skew: Millis,
    pub(crate) work: Vec<Work>,
    pub(crate) lives: u64,
}

/// The token key shared by all nodes.
const KEY: &[u8] = b"0123456789abcdef0123456789abcdef";

impl Node {
    /// Starts a node for the `lives`th time.
    pub(crate) async fn start(db: &Db, provider: &Shared, seed: u64, number: u64, lives: u64, now: Millis) -> Result<Self, StoreError> {
        let clock = SetClock::at(now);
        let channels = Channels::default();
        for name in CONNECTIONS {
            let events = if name == KEYED { vec!["rating.created".to_owned()] } else { Vec::new() };
            channels.add(name, Arc::new(SimChannel { name, provider: provider.clone() }), events);
        }
        let ids = Arc::new(lastword::id::Ids::seeded(mix(seed, number * 1_000 + lives)));
        let (news, _) = broadcast::channel(16);
        let engine = Engine::new(db.clone(), Arc::new(clock.clone()), ids, channels, TokenKeys::new(KEY, None), Options::default(), news);
        let tuning = Tuning::default();
        let handler = Arc::new(ChannelHandler::new(engine.clone(), tuning.send_timeout_ms, None));
        let (owner, chance) = (engine.ids.text(now), engine.ids.clone());
        let fraction = Arc::new(move || chance.fraction());
        let runner = Runner::new(db.clone(), handler, engine.clock.clone(), engine.wake.clone(), owner.clone(), tuning, fraction);
        db.write(move |tx| {
            Box::pin(async move {
                for name in CONNECTIONS {
                    connection::started(tx, &name.into(), name, now).await?;
                }
                Ok::<_, StoreError>(())
            })
        })
        .await?;
        Ok(Self { engine, runner, owner, clock, skew: 0, work: Vec::new(), lives })
    }
}
