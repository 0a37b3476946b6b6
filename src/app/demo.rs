//! `lastword demo`: a node like any other, over a database that lives as long as the demo, with three months of made-up
//! history behind it and one page more.

mod cast;
mod folder;
mod history;
mod silent;

use super::serve::{self, Ended, Running, Signals};
use super::{Node, StartError};
use crate::domain::access::audit::By;
use crate::domain::access::rights::Role;
use crate::http::demo::{Stage, routes};
use crate::id::Ids;
use crate::life::access::change_account::{self, Wanted};
use crate::life::admin::change_line::{save_line, save_recipient};
use crate::settings::Settings;
use crate::store::alert::recipient::Recipient;
use crate::store::line::LineChange;
use crate::time::{DAY, Millis, SystemClock};
use cast::{ADMIN, LINES, LIVE_LINE, SUPERVISOR, SUPERVISOR_CHAT};
use folder::Folder;
use history::History;
use lastword_contract::Address;
use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use tokio::net::TcpListener;

/// The connection of the visitor's chat.
const SITE: &str = "site";

/// What kind of demo.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Where to listen.
    pub listen: SocketAddr,
    /// Days of history.
    pub days: u32,
    /// What the history grows from.
    pub seed: u64,
    /// Whether the folder stays afterwards.
    pub keep: bool,
}

/// A demo that is ready to be shown.
pub struct Demo {
    plan: Plan,
    // Before the folder, so that the database is shut when the folder goes.
    node: Node,
    settings: Settings,
    socket: TcpListener,
    clock: Arc<SystemClock>,
    signals: Signals,
    folder: Folder,
}

impl Demo {
    /// Makes the folder, the database and the history; `progress` is told how many days are done.
    ///
    /// # Errors
    /// Says why there can be no demo.
    pub async fn open(plan: Plan, progress: impl Fn(u64)) -> Result<Self, StartError> {
        let mut signals = Signals::listen()?;
        let socket = serve::bind(plan.listen).await?;
        let address = socket.local_addr().map_err(|error| StartError::Listen(plan.listen, error))?;
        let ids = Arc::new(Ids::random());
        let folder = Folder::make(&ids.next(0), plan.keep)?;
        let settings = folder.settings(address)?;
        let clock = Arc::new(SystemClock::default());
        let node = Node::open(&settings, clock.clone(), ids).await?;
        tokio::select! {
            written = write(&node, &plan, progress) => written?,
            // The folder goes with us.
            () = signals.next() => return Err(StartError::Other("stopped before the history was ready".to_owned())),
        }
        Ok(Self { plan, node, settings, socket, clock, signals, folder })
    }

    /// The folder with everything in it.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Shows the demo until a signal says stop. `announce` is told the address as soon as calls are taken.
    ///
    /// # Errors
    /// When the socket is not one to listen on.
    pub async fn serve(mut self, announce: impl FnOnce(SocketAddr)) -> Result<Ended, StartError> {
        let (engine, sites) = (self.node.engine.clone(), &self.node.sites);
        let (Some(site), Some(screen)) = (sites.get(SITE).cloned(), sites.get(SUPERVISOR).cloned()) else {
            return Err(StartError::Other("the demo's own connections are missing".to_owned()));
        };
        let days = self.plan.days;
        let running = Running::start(&self.node, &self.settings, self.socket, self.clock, |pages| {
            routes(Arc::new(Stage {
                engine,
                connection: SITE.to_owned(),
                site,
                supervisor: (SUPERVISOR.to_owned(), SUPERVISOR_CHAT.to_owned()),
                screen,
                operator: cast::operator_on_duty(),
                days,
                pages: pages.clone(),
                people: (ADMIN.to_owned(), cast::operator_on_duty().id),
                stop: pages.stop.clone(),
            }))
        })?;
        announce(running.address);
        Ok(serve::until_told(running, &mut self.signals).await)
    }
}

/// Lines, the supervisor, those who see the people's pages, and the history.
async fn write(node: &Node, plan: &Plan, progress: impl Fn(u64)) -> Result<(), StartError> {
    let now = node.engine.clock.now();
    let today = now - now.rem_euclid(DAY);
    let first = today - Millis::from(plan.days) * DAY;
    for &(id, name, scale, _) in LINES {
        let settings = cast::settings(id, scale);
        let (id, name, by) = (id.to_owned(), name.to_owned(), "demo".to_owned());
        save_line(&node.engine, LineChange { id, name, settings, archived: false, seen_version: 0, by, at: first }).await?;
    }
    let supervisor = Recipient {
        id: SUPERVISOR.to_owned(),
        name: "the supervisor".to_owned(),
        kind: "person".to_owned(),
        connection: Some(SUPERVISOR.to_owned()),
        address: serde_json::to_string(&Address::chat(SUPERVISOR_CHAT)).ok(),
        created_at: first,
        ..Recipient::default()
    };
    save_recipient(&node.engine, supervisor).await?;
    // Without passwords: nobody signs in as these but through the demo's own page.
    let operator = cast::operator_on_duty();
    let name = operator.name.unwrap_or_default();
    for (login, name, role, operator_id) in
        [(ADMIN, "Demo Admin".to_owned(), Role::Admin, None), (operator.id.as_str(), name, Role::Operator, Some(operator.id.clone()))]
    {
        let wanted = Wanted { name, role, operator_id, all_lines: true, lines: BTreeSet::new(), comments: true, disabled: false };
        change_account::add(&node.engine, &By::nobody("demo"), login, wanted, None, now).await?;
    }
    let mut history = History::open(&node.engine.db, &node.engine.keys, plan.seed).await?;
    for day in 0..plan.days {
        history.day(first + Millis::from(day) * DAY).await?;
        progress(u64::from(day) + 1);
    }
    debug_assert!(LINES.iter().any(|line| line.0 == LIVE_LINE), "the page's chat belongs to a line of the demo");
    Ok(())
}
