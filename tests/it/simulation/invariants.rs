//! Invariants: some are checked after every step ([`Watch::look`]), the rest at the end ([`Watch::finish`]). Their numbers
//! are those of `reference/reliability.md`, section 5.

use super::people::told_on;
use super::provider::{CONNECTIONS, Call, KEYED, Provider, Told};
use lastword::app::channel_handler::Letter;
use lastword::domain::alert::{AlertKind, AlertState};
use lastword::domain::question::delivery::{Failure, Kind, State};
use lastword::domain::question::window::MARGIN;
use lastword::life::report::recount::fold;
use lastword::names::{ConnectionId, DeliveryId, Place, RequestId};
use lastword::queue::TryResult;
use lastword::queue::record::Finished;
use lastword::queue::runner::Prepared;
use lastword::store::question::delivery::Delivery;
use lastword::store::question::rating_request::RatingRequest;
use lastword::store::records::inspect::{self, Held};
use lastword::store::report::label_counts;
use lastword::store::report::recount;
use lastword::store::{Db, StoreError, connection};
use lastword::time::Millis;
use std::collections::{BTreeMap, BTreeSet};

/// A violation.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Broken {
    /// An invariant does not hold.
    #[error("{0}: {1}")]
    Invariant(&'static str, String),
    /// The database refused a step, which must not happen in a simulation without such a fault.
    #[error("a step failed: {0}")]
    Store(#[from] StoreError),
}

/// `Err` unless `holds`.
pub(crate) fn check(holds: bool, number: &'static str, what: impl FnOnce() -> String) -> Result<(), Broken> {
    if holds { Ok(()) } else { Err(Broken::Invariant(number, what())) }
}

/// An accepted press.
#[derive(Clone, Debug)]
pub(crate) struct Press {
    pub(crate) order: (i64, String),
    pub(crate) score: i64,
    pub(crate) at: Millis,
    /// True if the question was over when it arrived.
    pub(crate) over: bool,
}

/// A close that was answered with a 2xx.
#[derive(Clone, Debug)]
pub(crate) struct Close {
    pub(crate) session: String,
    pub(crate) line: &'static str,
    pub(crate) operator: Option<String>,
    pub(crate) client: String,
    pub(crate) asked: bool,
    pub(crate) at: Millis,
    /// True if the client was asked while the session was open.
    pub(crate) talk: bool,
}

/// State of the checks.
#[derive(Debug, Default)]
pub(crate) struct Watch {
    pub(crate) rows: BTreeMap<DeliveryId, Held>,
    /// The result of [`inspect::marks`] at the last check.
    marks: BTreeMap<DeliveryId, String>,
    /// Number of commits at the last check.
    seen: u64,
    pub(crate) closes: BTreeMap<RequestId, Close>,
    /// Questions asked during the chat whose session was closed since.
    pub(crate) attached: BTreeSet<String>,
    pub(crate) presses: BTreeMap<RequestId, Vec<Press>>,
    /// Rating requests whose question must not be sent any more, with the reason.
    pub(crate) barred: BTreeMap<RequestId, &'static str>,
    /// Connection and chat of clients who opted out.
    pub(crate) opted_out: BTreeSet<Place>,
    pub(crate) taken_in: BTreeSet<(String, String)>,
    intents: BTreeSet<(DeliveryId, i64)>,
    claims: Vec<(String, Millis, usize)>,
    /// Contents of each digest each time it was written.
    digests: BTreeMap<String, Vec<Told>>,
    /// Time until which the provider requested a pause, by connection.
    pub(crate) paused: BTreeMap<ConnectionId, Millis>,
}

/// True if the lease of a delivery expired, and no node has taken it over since.
fn left_its_lease(held: &Held) -> bool {
    held.delivery.state == State::Unknown && held.delivery.reason.as_deref() == Some("lease_ran_out")
}

/// True if a delivery may go from one state to another in one step.
fn may_follow(before: &Held, after: &Held) -> bool {
    // A refusal of the first copy cancels the second if that was not sent yet.
    let went_before = before.delivery.resends > 0 || after.delivery.resends > 0;
    match (before.delivery.state.as_str(), after.delivery.state.as_str()) {
        (same, now) if same == now => true,
        ("scheduled", "leased" | "canceled" | "skipped") => true,
        ("leased", "scheduled" | "sending" | "canceled" | "skipped" | "dead") => true,
        ("scheduled" | "leased", "sent" | "delivered" | "undeliverable" | "unknown") => went_before,
        ("sending", "canceled" | "sent" | "scheduled" | "failed" | "skipped" | "unknown" | "dead" | "delivered" | "undeliverable") => true,
        ("unknown", "scheduled") if after.delivery.resends == before.delivery.resends + 1 => true,
        ("unknown", "sent" | "delivered" | "undeliverable") => true,
        // Its node lives, and records the result of its attempt after the lease expired.
        ("unknown", "scheduled" | "failed" | "skipped" | "canceled" | "dead") => left_its_lease(before),
        ("sent", "delivered" | "undeliverable") => true,
        // The platform refuses the second copy later: that does not affect the first, which may have arrived.
        ("sent", "unknown") => went_before,
        _ => false,
    }
}

impl Watch {
    /// After every step: checks that rows changed only as permitted.
    pub(crate) async fn look(&mut self, db: &Db) -> Result<(), Broken> {
        // Without a commit, nothing has changed since the last check.
        let commits = db.commits();
        if std::mem::replace(&mut self.seen, commits) == commits {
            return Ok(());
        }
        let marks: BTreeMap<DeliveryId, String> = inspect::marks(db).await?.into_iter().collect();
        let vanished = self.marks.keys().find(|id| !marks.contains_key(*id));
        check(vanished.is_none(), "I15", || format!("delivery {vanished:?} vanished"))?;
        let moved: Vec<DeliveryId> = marks.iter().filter(|(id, mark)| self.marks.get(*id) != Some(mark)).map(|(id, _)| *id).collect();
        for after in inspect::deliveries_of(db, &moved).await? {
            let (id, row) = (after.delivery.id, &after.delivery);
            check(row.resends <= row.resends_max, "I3 budget", || format!("{row:?}"))?;
            let intended = row.state != State::Sending || self.intents.contains(&(id, row.token));
            check(intended, "I6 sending without an intent", || format!("{row:?}"))?;
            let Some(before) = self.rows.insert(id, after.clone()) else { continue };
            let words = || format!("{before:?} → {after:?}");
            check(after.delivery.token >= before.delivery.token, "I6 token", words)?;
            let claimed_anew = after.delivery.state == State::Leased && before.delivery.token != after.delivery.token;
            check(after.delivery.token == before.delivery.token || claimed_anew, "I6 only a claim raises the token", words)?;
            check(before.delivery.state != State::Leased || !claimed_anew, "I6 one live lease", words)?;
            check(may_follow(&before, &after), "states", words)?;
        }
        self.marks = marks;
        Ok(())
    }

    /// A node claimed these deliveries.
    pub(crate) fn claimed(&mut self, leased: &[Delivery], at: Millis) -> Result<(), Broken> {
        for name in CONNECTIONS {
            let count = leased.iter().filter(|one| one.connection == name).count();
            if count > 0 {
                self.claims.push((name.to_owned(), at, count));
            }
            let in_second = |start: Millis| {
                let inside = |(connection, when, _): &&(String, Millis, usize)| connection == name && (start..start + 1_000).contains(when);
                self.claims.iter().filter(inside).map(|(_, _, count)| count).sum::<usize>()
            };
            let most = [at, at - 500, at - 999].into_iter().map(in_second).max().unwrap_or(0);
            check(most <= 9, "I16 rate", || format!("{most} claims in a second on {name}"))?;
        }
        Ok(())
    }

    /// A node committed the intent to send these; `connections` is the state just before.
    pub(crate) fn intended(
        &mut self,
        sending: &Prepared<Letter>,
        at: Millis,
        connections: &[connection::ConnectionState],
    ) -> Result<(), Broken> {
        for (row, _) in sending {
            let words = || format!("intent at {at}: {row:?}");
            check(self.intents.insert((DeliveryId::named(&row.id.to_string()), row.token)), "I6 one intent for a token", words)?;
            let held = self.rows.get(&row.id);
            let ours = held.is_some_and(|held| held.delivery.state == State::Leased && held.delivery.token == row.token);
            check(ours, "I6 intent of the holder", || format!("{} while {held:?}", words()))?;
            check(held.is_some_and(|held| held.lease_until > Some(at)), "I6 intent on a live lease", words)?;
            check(row.due_at <= at, "I8 before it was due", words)?;
            check(at < row.give_up_at, "I8 after the time to give up", words)?;
            check(row.window_closes_at.is_none_or(|closes| at + MARGIN < closes), "I8 window", words)?;
            let question = matches!(row.kind.as_str(), "ask" | "reminder");
            let barred = row.request().filter(|_| question).and_then(|request| self.barred.get(&request));
            check(barred.is_none(), "I9 asked although not wanted any more", || format!("{barred:?} {}", words()))?;
            let to: Option<lastword_contract::Address> = serde_json::from_str(&row.address).ok();
            let listed = to
                .is_some_and(|to| question && self.opted_out.contains(&Place { connection: row.connection.clone(), chat: to.chat.into() }));
            check(!listed, "asked who asked not to be", words)?;
            let connection = connections.iter().find(|connection| connection.name == row.connection);
            check(connection.is_some_and(|connection| connection.blocked_until <= at), "I16 called in a pause", words)?;
            check(self.paused.get(&row.connection).is_none_or(|until| *until <= at), "I16 the provider asked for a pause", words)?;
            check(connection.is_some_and(|connection| connection.stopped_at.is_none()), "a stopped connection was called", words)?;
        }
        Ok(())
    }

    /// Results were recorded: those with an old token changed nothing.
    pub(crate) async fn recorded(&mut self, db: &Db, finished: &[Finished]) -> Result<(), Broken> {
        for one in finished {
            if let TryResult::Failed { failure: Failure::RetryAfter(pause), .. } = &one.result {
                let until = self.paused.entry(one.delivery.connection.clone()).or_default();
                *until = (*until).max(one.at + pause);
            }
        }
        let ids: Vec<DeliveryId> = finished.iter().map(|one| one.delivery.id).collect();
        let now = inspect::deliveries_of(db, &ids).await?;
        for one in finished {
            let Some(before) = self.rows.get(&one.delivery.id) else { continue };
            let open = before.delivery.state == State::Sending || left_its_lease(before);
            let ours = open && before.delivery.token == one.delivery.token;
            let after = now.iter().find(|held| held.delivery.id == one.delivery.id);
            let same =
                after.is_some_and(|after| (&after.delivery.state, after.delivery.token) == (&before.delivery.state, before.delivery.token));
            check(ours || same, "I7 an old token's end", || format!("{before:?} → {after:?}"))?;
        }
        Ok(())
    }

    /// Checks at the end, when no work is left.
    pub(crate) async fn finish(&self, db: &Db, provider: &Provider) -> Result<(), Broken> {
        let requests = inspect::rating_requests(db).await?;
        let rows = inspect::deliveries(db).await?;
        self.closes_are_kept(&requests)?;
        unrated_closes_are_listed(db, &requests).await?;
        self.inbox_is_whole(db).await?;
        let tries: BTreeMap<DeliveryId, i64> = inspect::tries(db).await?.into_iter().collect();
        for held in &rows {
            copies_are_told(held, provider, tries.get(&held.delivery.id).copied().unwrap_or(0))?;
        }
        for request in &requests {
            let has_ask = rows.iter().any(|held| held.delivery.kind == Kind::Ask && held.delivery.request() == Some(request.id));
            check(has_ask == request.due_at.is_some(), "I15 a question for each close that asks", || format!("{request:?}"))?;
            // A reopening and a merge end a question even if the client has seen it.
            let withdrawn = matches!(request.reason.as_deref(), Some("reopened" | "merged"));
            let kept_back = matches!(request.outcome.map(|outcome| outcome.as_str()), Some("canceled" | "not_asked")) && !withdrawn;
            let its =
                |held: &&Held| held.delivery.request() == Some(request.id) && matches!(held.delivery.kind.as_str(), "ask" | "reminder");
            let shown = rows.iter().filter(its).any(|held| provider.copies(&held.delivery.id.to_string()) > 0);
            check(!(kept_back && shown), "an outcome that denies a question the client saw", || format!("{request:?}"))?;
        }
        self.ratings_are_right(db, &requests).await?;
        counters_are_right(db, &requests).await?;
        self.alerts_are_whole(db, &rows, provider).await
    }

    fn closes_are_kept(&self, requests: &[RatingRequest]) -> Result<(), Broken> {
        check(requests.len() == self.closes.len(), "I1", || format!("{} closes, {} requests", self.closes.len(), requests.len()))?;
        let mut keys = BTreeSet::new();
        for request in requests {
            let words = || format!("{request:?}");
            let Some(close) = self.closes.get(&request.id) else { return Err(Broken::Invariant("I1 nobody's request", words())) };
            check(keys.insert((&request.session_id, request.epoch)), "I1 once", words)?;
            check(request.outcome.is_some(), "every close ends in an outcome", words)?;
            check(request.session_id == close.session && request.line_id == close.line, "I20 line", words)?;
            check(request.operator_id.as_ref().map(|id| id.as_str()) == close.operator.as_deref(), "I20 operator", words)?;
            check(request.id.moment() == request.closed_at, "I27", words)?;
        }
        Ok(())
    }

    async fn inbox_is_whole(&self, db: &Db) -> Result<(), Broken> {
        let kept: BTreeSet<(String, String)> =
            inspect::inbox(db).await?.into_iter().map(|event| (event.source.into(), event.key)).collect();
        let lost: Vec<_> = self.taken_in.difference(&kept).collect();
        check(lost.is_empty(), "I12", || format!("not in the inbox: {lost:?}"))
    }

    async fn ratings_are_right(&self, db: &Db, requests: &[RatingRequest]) -> Result<(), Broken> {
        let ratings = inspect::ratings(db).await?;
        for request in requests {
            let expected = effective(self.presses.get(&request.id).map_or(&[], Vec::as_slice), request);
            let rating = ratings.iter().find(|rating| rating.request_id == request.id);
            let words = || format!("expected {expected:?}, is {rating:?}; {:?}; {request:?}", self.presses.get(&request.id));
            check(rating.map(|rating| rating.score) == expected, "I10", words)?;
            check(
                rating.is_some() == (request.outcome.map(|outcome| outcome.as_str()) == Some("answered")),
                "an answer is an outcome",
                words,
            )?;
            let Some(rating) = rating else { continue };
            let same = rating.operator_id == request.operator_id && rating.line_id == request.line_id;
            check(same, "I20 rating", words)?;
        }
        let strays = ratings.iter().filter(|rating| requests.iter().all(|request| request.id != rating.request_id)).count();
        check(strays == 0, "I11", || format!("{strays} ratings of nothing"))
    }

    async fn alerts_are_whole(&self, db: &Db, rows: &[Held], provider: &Provider) -> Result<(), Broken> {
        let alerts = inspect::alerts(db).await?;
        for rating in inspect::ratings(db).await?.iter().filter(|rating| rating.low == 1) {
            for name in told_on(rating.line_id.as_str(), rating.operator_id.as_ref().map(|id| id.as_str()).unwrap_or_default()) {
                let is_its = |alert: &&lastword::store::alert::Alert| {
                    alert.request_id == rating.request_id && alert.recipient_id == name && alert.level == 0 && alert.kind == AlertKind::Low
                };
                let mine: Vec<_> = alerts.iter().filter(is_its).collect();
                let stands = mine.len() == 1
                    && mine.iter().all(|alert| alert.state != AlertState::Canceled && alert.reason.as_deref() != Some("score_changed"));
                check(stands, "I13", || format!("{name} of {rating:?}: {mine:?}"))?;
            }
        }
        for alert in &alerts {
            let row = rows.iter().find(|held| Some(held.delivery.id) == alert.delivery_id);
            let words = || format!("{alert:?} {row:?}");
            check(row.is_some() || matches!(alert.state.as_str(), "undeliverable" | "canceled"), "I13 no message", words)?;
            let taken_back = row.is_some_and(|held| held.delivery.state == State::Canceled) && alert.state != AlertState::Canceled;
            check(!taken_back, "I13 its message was taken back", words)?;
        }
        for held in rows.iter().filter(|held| held.delivery.kind == Kind::Digest) {
            let mut calls = provider.log.iter().filter(|call| call.accepted && call.key == held.delivery.id.to_string());
            calls.clone().try_for_each(|call| self.told_what_it_carried(call, &alerts))?;
            let Some(last) = calls.next_back().filter(|_| held.delivery.state == State::Sent) else { continue };
            // All its alerts were in what it reported.
            for alert in alerts.iter().filter(|alert| alert.delivery_id == Some(held.delivery.id) && alert.state == AlertState::Digested) {
                let told = last.told.as_ref().is_some_and(|told| {
                    let mut told = [
                        (AlertKind::Low, &told.low),
                        (AlertKind::Changed, &told.changed),
                        (AlertKind::More, &told.more),
                        (AlertKind::More, &told.low),
                        // The client changed the score before it was written.
                        (AlertKind::Low, &told.changed),
                        (AlertKind::More, &told.changed),
                    ]
                    .into_iter();
                    told.any(|(kind, (_, requests))| alert.kind == kind && requests.contains(&alert.request_id.to_string()))
                });
                check(told, "I14", || format!("{alert:?} is not in what its digest told: {last:?}"))?;
            }
        }
        Ok(())
    }

    /// A node wrote these messages: a digest counts exactly what it contains at this moment.
    pub(crate) async fn written(&mut self, db: &Db, prepared: &Prepared<Letter>) -> Result<(), Broken> {
        if prepared.iter().all(|(row, _)| row.kind != Kind::Digest) {
            return Ok(());
        }
        let (alerts, ratings) = (inspect::alerts(db).await?, inspect::ratings(db).await?);
        let low: BTreeSet<RequestId> = ratings.iter().filter(|rating| rating.low == 1).map(|rating| rating.request_id).collect();
        for (row, letter) in prepared.iter().filter(|(row, _)| row.kind == Kind::Digest) {
            let Letter::Message(message) = letter else { continue };
            let carried = |kind: AlertKind| {
                let is_its = |alert: &&lastword::store::alert::Alert| {
                    alert.kind.says_now(low.contains(&alert.request_id)) == kind
                        && alert.state == AlertState::Digested
                        && alert.delivery_id == Some(row.id)
                };
                let requests: Vec<String> = alerts.iter().filter(is_its).map(|alert| alert.request_id.to_string()).collect();
                (requests.len() as u64, requests)
            };
            let (low, (_, mut changed), (_, mut more)) = (carried(AlertKind::Low), carried(AlertKind::Changed), carried(AlertKind::More));
            // The client's additions are in the low rating itself.
            more.retain(|request| !low.1.contains(request));
            changed.sort();
            changed.dedup();
            let carried = Told { low, changed: (changed.len() as u64, changed), more: (more.len() as u64, more) };
            check(Told::by(message).as_ref() == Some(&carried), "I14", || format!("it carries {carried:?} and says {message:?}"))?;
            self.digests.entry(row.id.to_string()).or_default().push(carried);
        }
        Ok(())
    }

    /// A digest that arrived reported exactly what it contained when one of its attempts was written, and each of those
    /// alerts still belongs to it, or was raised again since.
    fn told_what_it_carried(&self, call: &Call, alerts: &[lastword::store::alert::Alert]) -> Result<(), Broken> {
        let written = self.digests.get(&call.key).map_or(&[][..], Vec::as_slice);
        let told = call.told.as_ref().filter(|told| written.contains(told));
        let Some(told) = told else { return Err(Broken::Invariant("I14 told what was not written", format!("{call:?} {written:?}"))) };
        for (kind, (count, requests)) in [(AlertKind::Low, &told.low), (AlertKind::Changed, &told.changed), (AlertKind::More, &told.more)] {
            check(*count == requests.len() as u64, "I14 count", || format!("{call:?}"))?;
            let known = |request: &String| {
                alerts
                    .iter()
                    .any(|alert| alert.request_id == RequestId::named(request) && (alert.kind == kind || kind == AlertKind::Changed))
            };
            check(requests.iter().all(known), "I14 told of nothing", || format!("{call:?}"))?;
        }
        Ok(())
    }
}

/// Every figure in reports equals a full count of the rows, and the delivered questions match the deliveries.
pub(crate) async fn counters_are_right(db: &Db, requests: &[RatingRequest]) -> Result<(), Broken> {
    let arrived: BTreeSet<RequestId> = inspect::deliveries(db)
        .await?
        .into_iter()
        .filter(|held| matches!(held.delivery.kind.as_str(), "ask" | "reminder"))
        .filter(|held| matches!(held.delivery.state.as_str(), "sent" | "delivered"))
        .filter_map(|held| held.delivery.request())
        .collect();
    for request in requests {
        let expected = request.outcome.map(|outcome| outcome.as_str()) == Some("answered") || arrived.contains(&request.id);
        check(request.delivered_at.is_some() == expected, "delivered", || format!("{request:?}"))?;
    }
    for folded in [false, true] {
        while folded && fold(db).await? > 0 {}
        let Some((mut day, last)) = recount::extent(db).await? else { return Ok(()) };
        while day <= last {
            let found = recount::look(db, day).await?;
            check(found.is_empty(), "counters", || format!("folded: {folded}, {:?}", recount::in_words(&found)))?;
            let found = recount::look_month(db, day.month()).await?;
            check(found.is_empty(), "counters by month", || format!("{:?}", recount::in_words(&found)))?;
            let outdated = label_counts::outdated(db, day).await?;
            check(outdated.is_empty(), "counts next to labels", || format!("{outdated:?}"))?;
            day = day.plus(1);
        }
    }
    Ok(())
}

/// I3, I4, I5, I25 for one delivery.
fn copies_are_told(held: &Held, provider: &Provider, tries: i64) -> Result<(), Broken> {
    let row = &held.delivery;
    let copies = provider.copies(&row.id.to_string());
    let words = || format!("{copies} copies, {tries} tries kept: {held:?}");
    check(i64::try_from(copies).is_ok_and(|copies| copies <= 1 + row.resends), "I3", words)?;
    check(copies <= 1 || (row.resends >= 1 && tries >= 1), "I4", words)?;
    let superseded = row.kind == Kind::Settle && row.state == State::Canceled;
    let admits = matches!(row.state.as_str(), "sent" | "delivered" | "undeliverable" | "unknown")
        || row.resends > 0 && row.state != State::Canceled && row.state != State::Skipped;
    check(copies == 0 || admits || superseded, "I5 the provider has it", words)?;
    check(!matches!(row.state.as_str(), "sent" | "delivered") || provider.has(&row.id.to_string()), "I5 the provider has it not", words)?;
    check(row.state != State::Dead || held.crashes >= 3 || row.attempts >= 8, "I25 dead too early", words)?;
    check(row.connection != KEYED || copies <= 1, "I3 a key is known again", words)
}

/// The score that counts according to I10, computed from the presses and their times.
fn effective(presses: &[Press], request: &RatingRequest) -> Option<i64> {
    let first = presses.iter().position(|press| !press.over && request.expires_at.is_some_and(|end| press.at <= end))?;
    let until = presses[first].at + request.change_ms;
    let counts = presses[first..].iter().filter(|press| press.at <= until);
    counts.max_by(|a, b| a.order.cmp(&b.order)).map(|press| press.score)
}

/// Lists contain exactly the closes that ended without a rating, under their outcomes.
async fn unrated_closes_are_listed(db: &Db, requests: &[RatingRequest]) -> Result<(), Broken> {
    let listed: BTreeSet<(String, RequestId)> = inspect::unrated_closes(db).await?.into_iter().collect();
    let ended = requests.iter().filter(|request| request.again_of.is_none());
    let ended = ended.filter_map(|request| Some((request.outcome?.to_string(), request.id)));
    let expected: BTreeSet<(String, RequestId)> = ended.filter(|(outcome, _)| outcome != "answered").collect();
    check(listed == expected, "lists of unrated closes", || format!("{:?}", listed.symmetric_difference(&expected).collect::<Vec<_>>()))
}
