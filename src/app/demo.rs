//! `lastword demo`: a regular node over a temporary database, with three months of made-up history and an additional page.

mod desk;
mod folder;
mod room;
mod waiting;

use super::serve::{self, Ended, Running, Signals};
use super::{Node, StartError};
use crate::domain::access::audit::By;
use crate::domain::access::rights::Role;
use crate::domain::alert::RecipientKind;
use crate::domain::report::letter::Every;
use crate::id::Ids;
use crate::life::Engine;
use crate::life::access::change_account::{self, Wanted};
use crate::life::access::passwords;
use crate::life::access::sign_in::let_in;
use crate::life::admin::change_letter::save_letter;
use crate::life::admin::change_line::{save_line, save_recipient};
use crate::names::Place;
use crate::settings::Settings;
use crate::store::StoreError;
use crate::store::alert::recipient::Recipient;
use crate::store::line::LineChange;
use crate::store::report::letter::Letter;
use crate::time::{DAY, HOUR, Millis, SystemClock};
use desk::Chatwoot;
use folder::Folder;
use lastword_base::names::OperatorId;
use lastword_contract::Address;
use lastword_demo::cast::{self, ADMIN, HEAD, LINES, LIVE_LINE, MESSENGERS, SUPERVISOR, SUPERVISOR_CHAT, SUPERVISORS, TRIED};
use lastword_demo::history::History;
use lastword_demo::page::{Stage, routes};
use lastword_demo::silent::Silent;
use room::TeamRoom;
use std::collections::BTreeSet;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::Path;
use std::sync::Arc;
use tokio::net::TcpListener;
use waiting::Waiting;

/// Connection of the visitor's chat.
const SITE: &str = "site";

/// Address and browser from which the demo's people signed in. The address is one for documentation.
const OFFICE: &str = "192.0.2.17";
/// See [`OFFICE`].
const BROWSER: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";

/// Options of the demo.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Address to listen on.
    pub listen: SocketAddr,
    /// Days of history.
    pub days: u32,
    /// Seed of the history.
    pub seed: u64,
    /// Keep the folder afterwards.
    pub keep: bool,
    /// Time at the start of the demo, if it is not the machine's.
    pub at: Option<Millis>,
}

/// A demo that is ready.
pub struct Demo {
    plan: Plan,
    // Before the folder, so that the database is closed before the folder is deleted.
    node: Node,
    settings: Settings,
    socket: TcpListener,
    clock: Arc<SystemClock>,
    signals: Signals,
    folder: Folder,
    chatwoot: Option<Chatwoot>,
    room: Option<TeamRoom>,
}

impl Demo {
    /// Creates the folder, the database and the history. `bound` receives the address immediately, where the progress of
    /// the history is shown. `progress` receives the number of finished days.
    ///
    /// # Errors
    /// The reason why the demo cannot start.
    pub async fn open(plan: Plan, bound: impl FnOnce(SocketAddr), progress: impl Fn(u64)) -> Result<Self, StartError> {
        let mut signals = Signals::listen()?;
        let socket = serve::bind(plan.listen).await?;
        let address = socket.local_addr().map_err(|error| StartError::Listen(plan.listen, error))?;
        let ids = Arc::new(Ids::random());
        let folder = Folder::make(&ids.text(0), plan.keep)?;
        let base = base(address);
        let (chatwoot, room) = (Chatwoot::new(base.clone(), &ids), TeamRoom::new(base, &ids));
        let stand_ins = [chatwoot.as_ref().map(Chatwoot::settings), room.as_ref().map(|_| TeamRoom::settings())];
        let settings = folder.settings(address, &stand_ins.into_iter().flatten().collect::<String>())?;
        let (waiting, socket) =
            Waiting::serve(socket, &settings.http, plan.days).map_err(|error| StartError::Listen(plan.listen, error))?;
        bound(address);
        let progress = |done: u32| {
            waiting.set(done);
            progress(u64::from(done));
        };
        let clock = Arc::new(plan.at.map(SystemClock::at).unwrap_or_default());
        let mut node = Node::open(&settings, clock.clone(), ids).await?;
        tokio::select! {
            written = write(&mut node, &plan, room.as_ref(), progress) => written?,
            // The folder is deleted on exit.
            () = signals.next() => return Err(StartError::Other("stopped before the history was ready".to_owned())),
        }
        waiting.end().await;
        Ok(Self { plan, node, settings, socket, clock, signals, folder, chatwoot, room })
    }

    /// The folder of the demo.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Serves the demo until a stop signal. `announce` receives the address as soon as requests are accepted.
    ///
    /// # Errors
    /// If the socket cannot be listened on.
    pub async fn serve(mut self, announce: impl FnOnce(SocketAddr)) -> Result<Ended, StartError> {
        let (engine, sites) = (self.node.engine.clone(), &self.node.sites);
        let (Some(site), Some(screen)) = (sites.get(SITE), sites.get(SUPERVISOR)) else {
            return Err(StartError::Other("the demo's own connections are missing".to_owned()));
        };
        let days = self.plan.days;
        let carrier = self.chatwoot.as_ref().map(|chatwoot| chatwoot.carrier(&engine)).transpose()?;
        let (desk, posts) = self.chatwoot.as_ref().map(Chatwoot::open).unzip();
        let room = self.room.as_ref().map(TeamRoom::open);
        let running = Running::start(&self.node, &self.settings, self.socket, self.clock, |pages| {
            if let Some((carrier, posts)) = carrier.zip(posts) {
                tokio::spawn(carrier.carry(posts, pages.stop.clone()));
            }
            routes(Arc::new(Stage {
                engine: engine.clone(),
                desk: desk.map(Arc::new),
                room,
                connection: SITE.into(),
                site,
                supervisor: Place { connection: SUPERVISOR.into(), chat: SUPERVISOR_CHAT.into() },
                screen,
                operator: cast::operator_on_duty(),
                days,
                pages: pages.clone(),
                people: (ADMIN.to_owned(), cast::operator_on_duty().id.into()),
                stop: pages.stop.clone(),
            }))
        })?;
        if let Some(chatwoot) = &self.chatwoot {
            chatwoot.set_up(&engine).await;
        }
        announce(running.address);
        Ok(serve::until_told(running, &mut self.signals).await)
    }
}

/// The address of this machine's own calls to the server that listens on `address`.
fn base(address: SocketAddr) -> String {
    let ip = if address.ip().is_unspecified() { IpAddr::V4(Ipv4Addr::LOCALHOST) } else { address.ip() };
    format!("http://{}", SocketAddr::new(ip, address.port()))
}

/// Writes lines, the supervisor, the accounts of the people's pages, and the history. Afterwards the made-up messengers
/// respond as if they existed, so that a reply is sent and a dry run asks.
async fn write(node: &mut Node, plan: &Plan, room: Option<&TeamRoom>, progress: impl Fn(u32)) -> Result<(), StoreError> {
    let now = node.engine.clock.now();
    let today = now - now.rem_euclid(DAY);
    let first = today - Millis::from(plan.days) * DAY;
    for &(id, name, scale, _) in LINES {
        let settings = cast::settings(id, scale);
        let (id, name, by) = (id.to_owned(), name.to_owned(), "demo".to_owned());
        save_line(&node.engine, LineChange { id: id.into(), name, settings, archived: false, seen_version: 0, by, at: first }).await?;
    }
    let told = [(SUPERVISOR, "the supervisor", SUPERVISOR, SUPERVISOR_CHAT), (HEAD.0, "the head of service", HEAD.1, HEAD.2)];
    for (id, name, connection, chat) in told {
        let recipient = Recipient {
            id: id.to_owned(),
            name: name.to_owned(),
            kind: RecipientKind::Person,
            connection: Some(connection.into()),
            address: serde_json::to_string(&Address::chat(chat)).ok(),
            created_at: first,
            ..Recipient::default()
        };
        save_recipient(&node.engine, recipient).await?;
    }
    let weekly = Letter {
        id: "weekly".to_owned(),
        recipient_id: SUPERVISOR.to_owned(),
        every: Every::Weekly,
        hour: 8,
        lines: None,
        created_at: now,
        changed_at: now,
        changed_by: "demo".to_owned(),
    };
    save_letter(&node.engine, &By::nobody("demo"), weekly, now).await?;
    let supervisors = people(node, first, now).await?;
    let queue = |engine: &Engine, tuning| super::runner(engine, tuning, None);
    // Durability does not matter for made-up data in a temporary database.
    node.engine.db.wait_for_disk(false).await?;
    let mut history = History::open(&node.engine.db, &node.engine.keys, plan.seed, supervisors, (first, now), queue).await?;
    let tried = i64::from(plan.days).saturating_sub(TRIED.days).max(0);
    for day in 0..=plan.days {
        if i64::from(day) == tried {
            history.try_other_words().await?;
        }
        history.day(first + Millis::from(day) * DAY).await?;
        progress(day);
    }
    history.end().await?;
    if let Some(room) = room {
        room.join(&node.engine, now).await?;
    }
    node.engine.db.wait_for_disk(true).await?;
    let channels = &node.engine.channels;
    for &(name, kind, ..) in MESSENGERS {
        channels.add(name, Arc::new(Silent::new(kind)), Vec::new());
    }
    node.register().await?;
    debug_assert!(LINES.iter().any(|line| line.0 == LIVE_LINE), "the page's chat belongs to a line of the demo");
    Ok(())
}

/// Creates the accounts, which were last used today, and returns the supervisors who handle low ratings. Nobody knows their password:
/// visitors sign in only through the demo's own page.
async fn people(node: &Node, at: Millis, now: Millis) -> Result<Vec<By>, StoreError> {
    let ids = &node.engine.ids;
    let password = passwords::hash(&ids.text(at), ids.bytes()).ok();
    let add = async |login: &str, name: &str, role: Role, operator_id: Option<String>| {
        let name = name.to_owned();
        let wanted = Wanted {
            name,
            role,
            operator_id: operator_id.map(OperatorId::from),
            all_lines: true,
            lines: BTreeSet::new(),
            comments: true,
            disabled: false,
        };
        let added = change_account::add(&node.engine, &By::nobody("demo"), login, wanted, password.clone(), at).await?;
        if let Some(account) = &added {
            let before = HOUR / 2 + (node.engine.ids.fraction() * 3.0 * HOUR as f64) as Millis;
            let_in(&node.engine, account, OFFICE, BROWSER, now - before).await?;
        }
        Ok::<_, StoreError>(added)
    };
    let operator = cast::operator_on_duty();
    add(ADMIN, "Demo Admin", Role::Admin, None).await?;
    add(operator.id.as_str(), operator.name.as_deref().unwrap_or_default(), Role::Operator, Some(operator.id.to_string())).await?;
    let mut supervisors = Vec::new();
    for (login, name) in SUPERVISORS {
        let account = add(login, name, Role::Supervisor, None).await?;
        supervisors.extend(account.map(|account| By::person(account.id, &account.name)));
    }
    Ok(supervisors)
}
