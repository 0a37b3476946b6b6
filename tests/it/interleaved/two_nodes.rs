//! Two nodes on one PostgreSQL, and the steps that they can run concurrently.

use super::stage::Stage;
use crate::rig::postgres::Cluster;
use crate::rig::world::{World, messenger};
use lastword::app::runner;
use lastword::domain::access::audit::By;
use lastword::domain::answer::opt_out::Wish;
use lastword::domain::line::{Alerts, LineSettings, WhileTalking};
use lastword::domain::question::delivery::Kind;
use lastword::id::Ids;
use lastword::life::Engine;
use lastword::life::admin::mend_delivery;
use lastword::life::alert::acknowledge::by_hand;
use lastword::life::alert::escalate::escalate;
use lastword::life::answer::accept::accept;
use lastword::life::answer::opt_out;
use lastword::life::facts::inbound::Arrived;
use lastword::life::question::expire::expire;
use lastword::life::records::client_data::erase;
use lastword::life::review::act::{ReviewAct, act};
use lastword::life::session::change::{SessionChange, change_session};
use lastword::life::session::close::close_sessions;
use lastword::life::session::event::EventEnvelope;
use lastword::names::{AlertId, DeliveryId, RequestId};
use lastword::queue::{Runner, Tuning};
use lastword::store::db::Turns;
use lastword::store::question::delivery;
use lastword::store::{Db, alert};
use lastword_contract::{DeliveryStatus, Inbound, InboundKind, Outgoing, TextMessage};
use std::sync::Arc;

const MINUTE: i64 = 60_000;

/// A step of a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Step {
    /// Clients press, all in one batch: the number of each, and true for a good score.
    Press(&'static [(usize, bool)]),
    /// A client writes a comment.
    Comment(usize),
    /// A client edits the typed score.
    Correct(usize, &'static str),
    /// A client opts out.
    Stop(usize),
    /// The platform reports that messages arrived, and a client presses, in one batch.
    Arrived(&'static [usize]),
    /// A desk closes sessions, those of these clients and a new one, in one batch.
    Close(&'static [usize]),
    Reopen(usize),
    /// A recipient acknowledges the alerts about a rating.
    Seen(usize),
    Resolve(usize),
    /// A person cancels everything that is scheduled for a client.
    TakeBack(usize),
    OptOut(usize),
    Erase(usize),
    /// The queue sends what is due.
    Send,
    Rescue,
    Expire,
    Escalate,
}

/// Two nodes, and the clients they asked.
pub(crate) struct TwoNodes {
    pub(crate) world: World,
    nodes: Vec<Engine>,
    url: String,
    /// The rating request and the question of each client.
    pub(crate) asked: Vec<(String, Outgoing)>,
    /// Result of each press: client, order and score.
    pub(crate) presses: Vec<(usize, i64, i64)>,
    order: i64,
}

impl TwoNodes {
    /// On a fresh database of `cluster`: six clients gave low scores, so that a digest waits, and `clients` more were asked.
    pub(crate) async fn on(cluster: &Cluster, clients: usize) -> Self {
        let url = cluster.database().await;
        let world = World::on(&url, messenger()).await;
        world.recipient("boris", None).await;
        let alerts = Alerts {
            recipients: vec!["anna".to_owned()],
            escalate_after_minutes: Some(1),
            escalate_to: vec!["boris".to_owned()],
            ..Alerts::default()
        };
        let while_talking = WhileTalking { enabled: true, closes: true, ..WhileTalking::default() };
        world.line_as_it_is(LineSettings { alerts, while_talking, once_per_client_hours: 0, ..LineSettings::default() }).await;
        let mut asked = Vec::new();
        for number in 0..6 + clients {
            asked.push(world.ask(&format!("S-{number}")).await);
        }
        for (_, question) in asked.iter().take(6) {
            world.try_tap(question, "\u{1f44e}").await.unwrap();
        }
        world.work().await;
        let other = Db::open(&url, 6).await.unwrap();
        let second = Engine { db: other, ids: Arc::new(Ids::seeded(2)), lines: Arc::default(), ..world.engine.clone() };
        let nodes = vec![world.engine.clone(), second];
        Self { world, nodes, url, asked, presses: (0..6).map(|client| (client, 0, 0)).collect(), order: 1_000 }
    }

    /// Runs one step on each node concurrently, interleaved according to `seed`. Returns the order of their statements.
    pub(crate) async fn at_once(&mut self, steps: &[Step], seed: u64) -> String {
        let mut stage = Stage::new(&self.url, seed).await;
        for (at, step) in steps.iter().enumerate() {
            let (act, what) = (self.act(*step, at).await, *step);
            stage.enter(|turns| async move {
                if let Err(error) = act(turns).await {
                    panic!("{what:?}: {error}");
                }
            });
        }
        stage.play().await
    }

    fn next(&mut self) -> i64 {
        self.order += 1;
        self.order
    }

    fn arrived(&mut self, kind: InboundKind) -> Arrived {
        let order = self.next();
        let inbound = Inbound { key: format!("n{order}"), order, at: None, kind };
        Arrived { connection: "bot".into(), inbound, body_hash: String::new(), came: None, form: None }
    }

    fn press(&mut self, client: usize, good: bool) -> Arrived {
        let question = self.asked[client].1.clone();
        let label = if good { "\u{1f44d}" } else { "\u{1f44e}" };
        let token = question.choices.iter().find(|choice| choice.label == label).unwrap().token.clone();
        let arrived = self.arrived(InboundKind::Press { token, by: question.to, message_id: None, press_id: None });
        self.presses.push((client, arrived.inbound.order, i64::from(good)));
        arrived
    }

    /// The work of a step on node `number`.
    async fn act(&mut self, step: Step, number: usize) -> impl FnOnce(Arc<dyn Turns>) -> Acting + Send + 'static {
        let (node, now, by) = (self.nodes[number % self.nodes.len()].clone(), self.world.now(), By::command());
        let what = self.what(step, &node).await;
        move |turns: Arc<dyn Turns>| -> Acting {
            let engine = Engine { db: node.db.in_turns(turns), ..node };
            Box::pin(async move {
                match what {
                    What::Accept(arrived) => accept(&engine, arrived, None, now).await.map(drop).map_err(said)?,
                    What::Close(closes) => close_sessions(&engine, closes, now).await.map(drop).map_err(said)?,
                    What::Reopen(told) => change_session(&engine, told, SessionChange::Reopened, now).await.map(drop).map_err(said)?,
                    What::Seen(Some(id)) => by_hand(&engine, id, "Olga", now).await.map(drop).map_err(said)?,
                    What::Seen(None) => {}
                    What::Resolve(id) => act(&engine, &by, RequestId::named(&id), ReviewAct::Settle(String::new()), None, now)
                        .await
                        .map(drop)
                        .map_err(said)?,
                    What::TakeBack(ids) => {
                        for id in ids {
                            mend_delivery::cancel(&engine, &by, id, now).await.map_err(said)?;
                        }
                    }
                    What::OptOut(client) => {
                        opt_out::set(&engine, &by, &client.as_str().into(), Wish::Stop, now).await.map(drop).map_err(said)?
                    }
                    What::Erase(client) => erase(&engine, &by, &client.as_str().into(), now).await.map(drop).map_err(said)?,
                    What::Duty(Step::Expire) => expire(&engine, now, 100).await.map(drop).map_err(said)?,
                    What::Duty(Step::Escalate) => escalate(&engine, now, 100).await.map(drop).map_err(said)?,
                    What::Duty(step) => {
                        let queue: Runner<_> = runner(&engine, Tuning::default(), None);
                        if step == Step::Rescue { queue.rescue().await } else { queue.tick().await }.map(drop).map_err(said)?;
                    }
                }
                Ok(())
            })
        }
    }

    /// The input of a step.
    async fn what(&mut self, step: Step, node: &Engine) -> What {
        let now = self.world.now();
        let request = |client: usize| self.asked[client].0.clone();
        let session = |client: usize| format!("S-{client}");
        match step {
            Step::Press(presses) => What::Accept(presses.iter().map(|(client, good)| self.press(*client, *good)).collect()),
            Step::Comment(client) => {
                let (question, order) = (self.asked[client].1.clone(), self.order);
                let text = TextMessage::new(format!("Rude {order}"), question.to).in_reply_to(format!("m-{}", question.key));
                What::Accept(vec![self.arrived(InboundKind::Text(text))])
            }
            Step::Correct(client, score) => {
                let question = self.asked[client].1.clone();
                What::Accept(vec![self.arrived(InboundKind::Edited(typed(&question, score)))])
            }
            Step::Stop(client) => {
                let by = self.asked[client].1.to.clone();
                What::Accept(vec![self.arrived(InboundKind::Text(TextMessage::new("STOP", by)))])
            }
            Step::Arrived(clients) => {
                let keys: Vec<String> = clients.iter().map(|client| self.asked[*client].1.key.clone()).collect();
                let mut all = Vec::new();
                for key in keys {
                    let message_id = Some(format!("m-{key}"));
                    all.push(self.arrived(InboundKind::Status { message_id, key: None, status: DeliveryStatus::Delivered }));
                }
                all.push(self.press(clients[0], false));
                What::Accept(all)
            }
            Step::Close(clients) => {
                let fresh = self.next();
                let mut closes: Vec<_> = clients.iter().map(|client| self.world.close_of(&session(*client))).collect();
                closes.push(self.world.close_of(&format!("N-{fresh}")));
                What::Close(closes)
            }
            Step::Reopen(client) => {
                let (session_id, key) = (session(client), format!("reopen-{}", self.next()));
                What::Reopen(EventEnvelope {
                    source: "desk".into(),
                    body_hash: key.clone(),
                    event_key: key,
                    session_id: session_id.into(),
                    occurred_at: now,
                })
            }
            Step::Seen(client) => {
                let alerts = alert::of_requests(&node.db, &[RequestId::named(&request(client))]).await.unwrap();
                What::Seen(alerts.first().map(|alert| alert.id))
            }
            Step::Resolve(client) => What::Resolve(request(client)),
            Step::TakeBack(client) => {
                let about = delivery::about(&node.db, &[&request(client)]).await.unwrap();
                What::TakeBack(about.into_iter().filter(|one| one.kind == Kind::Ask || one.kind == Kind::Alert).map(|one| one.id).collect())
            }
            Step::OptOut(client) => What::OptOut(format!("desk/client-of-S-{client}")),
            Step::Erase(client) => What::Erase(format!("desk/client-of-S-{client}")),
            Step::Send | Step::Rescue | Step::Expire | Step::Escalate => What::Duty(step),
        }
    }

    /// Lets time pass, and one node do everything that is due, alone.
    pub(crate) async fn rest(&self) {
        for _ in 0..4 {
            self.world.pass(MINUTE).await;
        }
    }

    /// The database of the first node.
    pub(crate) fn db(&self) -> &Db {
        &self.world.engine.db
    }
}

/// A score typed as a reply to the question, in the one message that may be edited.
pub(crate) fn typed(question: &Outgoing, score: &str) -> TextMessage {
    TextMessage::new(score, question.to.clone()).in_reply_to(format!("m-{}", question.key)).with_id(format!("t-{}", question.key))
}

/// Input of a step.
enum What {
    Accept(Vec<Arrived>),
    Close(Vec<lastword::life::session::close_batch::Close>),
    Reopen(EventEnvelope),
    Seen(Option<AlertId>),
    Resolve(String),
    TakeBack(Vec<DeliveryId>),
    OptOut(String),
    Erase(String),
    Duty(Step),
}

/// A running step.
pub(crate) type Acting = std::pin::Pin<Box<dyn Future<Output = Result<(), String>> + Send>>;

fn said(error: impl std::fmt::Display) -> String {
    error.to_string()
}
