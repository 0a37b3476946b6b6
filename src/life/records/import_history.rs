//! Imports past closes and ratings from a file. They are stored and counted like those that happened here, each by the time of its
//! own close. They cause no questions, alerts or events.
//!
//! A close is identified by the content of its row, so that importing a file twice, or resuming a killed import, creates no
//! duplicates. The progress of a file is stored in the transaction that writes its rows.

use crate::engine::Engine;
use lastword_base::names::{ClientId, LineId, OperatorId, RequestId, SessionId, SessionKey, Source};
use lastword_base::time::DAY;
use lastword_contract::Address;
use lastword_domain::access::audit::{Act, By, Entry};
use lastword_domain::answer::rating::Scale;
use lastword_domain::line::Attribution;
use lastword_domain::line::tag_rule::tags;
use lastword_domain::outcome::{NotAsked, Outcome};
use lastword_domain::past_close::{IMPORTED, PastClose, PastRating};
use lastword_domain::question::kept_facts::KeptFacts;
use lastword_domain::report::rule::ImportedRule;
use lastword_domain::session::{Credit, Operator, SessionStatus, credit};
use lastword_store::access::audit;
use lastword_store::answer::rating::{self, Change, Rating};
use lastword_store::question::rating_request::{self, RatingRequest};
use lastword_store::records::import_run::{self, ImportRun, KnownClose};
use lastword_store::records::retention;
use lastword_store::report::imported_rule;
use lastword_store::review;
use lastword_store::review::supervisor_score::{self, SupervisorScore};
use lastword_store::session::operator::{self, OperatorName};
use lastword_store::session::{self, Session};
use lastword_store::{Db, Millis, StoreError, Tx, counter, transaction};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;

/// A batch of rows of a file.
#[derive(Clone, Debug)]
pub struct Rows {
    /// Their closes.
    pub closes: Arc<Vec<PastClose>>,
    /// Number of rows of the file processed including this batch.
    pub done: i64,
    /// Number of invalid rows since the previous batch.
    pub rejected: i64,
}

/// The stored state of the import with this ID, or its start.
#[lastword_base::boxed]
pub async fn begin(db: &Db, fresh: ImportRun) -> Result<ImportRun, StoreError> {
    Ok(import_run::find(db, &fresh.id).await?.unwrap_or(fresh))
}

/// Writes `rows` and the progress of the import. Returns its new state.
///
/// # Errors
/// A database error; [`StoreError::Conflict`] if another process imports the same file at the same time. Then none of these
/// rows were written.
#[lastword_base::boxed]
pub async fn write(db: &Db, run: ImportRun, rows: Rows, now: Millis) -> Result<ImportRun, StoreError> {
    transaction!(db, [run, rows], async |tx| {
        let before = run.done;
        let mut run = keep(tx, run, &rows.closes, now).await?;
        run.done = rows.done;
        run.rejected += rows.rejected;
        run.changed_at = now;
        import_run::save(tx, &run, before).await?;
        Ok(run)
    })
    .await
}

/// Finishes the import after its last row, and writes it to the audit log.
#[lastword_base::boxed]
pub async fn finish(engine: &Engine, by: &By, run: ImportRun, now: Millis) -> Result<ImportRun, StoreError> {
    transaction!(engine.db, [engine, by, run], async |tx| {
        let run = ImportRun { finished_at: Some(now), ..run };
        import_run::save(tx, &run, run.done).await?;
        let after = json!({ "file": run.file, "format": run.format, "source": run.source, "rows": run.done, "added": run.added,
                    "ratings": run.ratings, "repeated": run.repeated, "rejected": run.rejected });
        let entry = Entry::new(Act::HistoryImported, &run.id[..16]).with(&Value::Null, &after);
        audit::write(tx, engine.ids.next(now), now, &by, &entry).await?;
        Ok(run)
    })
    .await
}

async fn keep(tx: &mut Tx, mut run: ImportRun, closes: &[PastClose], now: Millis) -> Result<ImportRun, StoreError> {
    let named: Vec<(RequestId, &PastClose)> =
        closes.iter().map(|close| (RequestId::made_from(close.closed_at, &key(&run.source, close)), close)).collect();
    let there = import_run::known(tx, &named.iter().map(|&(id, _)| id).collect::<Vec<_>>()).await?;
    let mut seen = HashSet::new();
    let mut new: Vec<(RequestId, &PastClose)> = named.into_iter().filter(|(id, _)| !there.contains(id) && seen.insert(*id)).collect();
    new.sort_by_key(|one| one.0);
    let mut sessions = Sessions::load(tx, &run.source, &new).await?;
    let mut requests = Vec::with_capacity(new.len());
    let mut kept = Vec::with_capacity(new.len());
    for (id, close) in new {
        if let Some((epoch, session)) = sessions.close(&run.source, close) {
            requests.push(request(id, &run, close, epoch, &session, now));
            kept.push(close);
        }
    }
    run.added += count(kept.len());
    run.repeated += count(closes.len() - kept.len());
    if kept.is_empty() {
        return Ok(run);
    }
    session::save(tx, &sessions.written()).await?;
    rating_request::insert(tx, &requests).await?;
    operator::keep(tx, &names(&kept)).await?;
    let ratings: Vec<Option<Rating>> = requests.iter().zip(&kept).map(|(request, close)| rated(request, close)).collect();
    let changes = requests.iter().zip(&ratings);
    let changes: Vec<Change<'_>> =
        changes.filter_map(|(request, after)| after.as_ref().map(|after| Change { request, before: None, after })).collect();
    run.ratings += count(changes.len());
    rating::save(tx, &changes).await?;
    // Old low ratings do not wait for attention.
    let low: Vec<RequestId> = changes.iter().filter(|change| change.after.low == 1).map(|change| change.after.request_id).collect();
    review::worked(tx, &low, now).await?;
    supervise(tx, &requests, &kept, now).await?;
    counter::add_now(tx).await?;
    let mut earliest: HashMap<&LineId, Millis> = HashMap::new();
    for close in &kept {
        let first = earliest.entry(&close.line.id).or_insert(close.closed_at);
        *first = close.closed_at.min(*first);
    }
    retention::look_again(tx, &earliest.into_iter().collect::<Vec<_>>()).await?;
    imported_rule::add(tx, &graded_by(&kept)).await?;
    Ok(run)
}

/// The rules by which these closes' ratings were graded.
fn graded_by(closes: &[&PastClose]) -> Vec<ImportedRule> {
    let mut rules: BTreeMap<(i64, &LineId, Scale, u8), ImportedRule> = BTreeMap::new();
    for close in closes.iter().filter(|close| close.rating.is_some()) {
        let (line, scale, at) = (&close.line.id, close.scale, close.closed_at);
        let low_max = close.line.settings.highest_low(scale);
        let rule = rules.entry((at.div_euclid(DAY), line, scale, low_max)).or_insert_with(|| ImportedRule {
            line: line.clone(),
            scale,
            low_max,
            first_closed_at: at,
            last_closed_at: at,
        });
        (rule.first_closed_at, rule.last_closed_at) = (at.min(rule.first_closed_at), at.max(rule.last_closed_at));
    }
    rules.into_values().collect()
}

/// Names of operators, each from the newest of these closes that has it.
fn names(closes: &[&PastClose]) -> Vec<OperatorName> {
    let mut names: BTreeMap<&OperatorId, OperatorName> = BTreeMap::new();
    for close in closes {
        let Some(Operator { id, name: Some(name), .. }) = &close.operator else { continue };
        if names.get(id).is_none_or(|known| known.named_at <= close.closed_at) {
            names.insert(id, OperatorName { id: id.clone(), name: name.clone(), named_at: close.closed_at });
        }
    }
    names.into_values().collect()
}

fn count(many: usize) -> i64 {
    i64::try_from(many).unwrap_or(i64::MAX)
}

/// Two sources may use the same session IDs.
fn key(source: &Source, close: &PastClose) -> [u8; 32] {
    use sha2::{Digest, Sha256};
    let mut sum = Sha256::new();
    sum.update(close.key);
    sum.update(source.as_str());
    sum.finalize().into()
}

/// The sessions of a batch, before and after it.
struct Sessions {
    known: HashMap<SessionId, Session>,
    closes: HashMap<SessionId, Vec<KnownClose>>,
    touched: HashSet<SessionId>,
}

impl Sessions {
    async fn load(tx: &mut Tx, source: &Source, new: &[(RequestId, &PastClose)]) -> Result<Self, StoreError> {
        let key = |close: &PastClose| SessionKey { source: source.clone(), session: close.session_id.clone() };
        let keys: BTreeSet<SessionKey> = new.iter().map(|(_, close)| key(close)).collect();
        let loaded = session::load(tx, &keys.iter().collect::<Vec<_>>()).await?;
        let known: HashMap<SessionId, Session> = loaded.into_iter().map(|(key, session)| (key.session, session)).collect();
        let mut closes: HashMap<SessionId, Vec<KnownClose>> = HashMap::new();
        for close in import_run::closes_of(tx, source, &known.keys().collect::<Vec<_>>()).await? {
            closes.entry(close.session_id.clone()).or_default().push(close);
        }
        Ok(Self { known, closes, touched: HashSet::new() })
    }

    /// The number of a close within its session; `None` if another source reported it before.
    ///
    /// A close that is older than what is known of its session gets a number below the others: the desk continues counting above
    /// them.
    fn close(&mut self, source: &Source, close: &PastClose) -> Option<(i64, Session)> {
        let others = self.closes.entry(close.session_id.clone()).or_default();
        if others.iter().any(|other| other.closed_at == close.closed_at) {
            return None;
        }
        let before = self.known.get(&close.session_id);
        let epoch = match before {
            None => 1,
            Some(session) if close.closed_at > session.last_event_at && session.status == SessionStatus::Closed => session.epoch + 1,
            Some(session) => others.iter().map(|other| other.epoch).min().unwrap_or(session.epoch + 1) - 1,
        };
        others.push(KnownClose { session_id: close.session_id.clone(), epoch, closed_at: close.closed_at });
        let newest = before.is_none_or(|session| epoch > session.epoch);
        let session = closed(before, source, close, epoch);
        if newest {
            // The first close contains all that is known of the session: it gets a row with its next event.
            let fresh = before.is_some() && self.touched.insert(close.session_id.clone());
            let revision = before.map_or(0, |session| session.revision) + i64::from(fresh);
            self.known.insert(close.session_id.clone(), Session { revision, ..session.clone() });
        }
        Some((epoch, session))
    }

    fn written(&self) -> Vec<Session> {
        let mut written: Vec<Session> = self.touched.iter().filter_map(|id| self.known.get(id)).cloned().collect();
        written.sort_by(|one, next| one.id.cmp(&next.id));
        written
    }
}

/// The session after this close.
fn closed(before: Option<&Session>, source: &Source, close: &PastClose, epoch: i64) -> Session {
    let before = before.cloned().unwrap_or_default();
    let address = close.place.as_ref().map(|place| to_json(&Address::chat(place.chat.as_str())));
    Session {
        source: source.clone(),
        id: close.session_id.clone(),
        line_id: close.line.id.clone(),
        status: SessionStatus::Closed,
        epoch,
        opened_at: close.opened_at.or(before.opened_at),
        closed_at: Some(close.closed_at),
        last_event_at: close.closed_at,
        recent_closes: 1,
        recent_since: close.closed_at,
        operator_id: close.operator.as_ref().map(|operator| operator.id.clone()),
        operators: close.operator.iter().cloned().collect(),
        client_id: client_id(source, close),
        connection: close.place.as_ref().map(|place| place.connection.clone()),
        address,
        language: close.language.clone(),
        last_client_message_at: None,
        merged_into: None,
        active_at: close.closed_at,
        talk_request: None,
        revision: before.revision,
    }
}

fn to_json<T: serde::Serialize + ?Sized>(value: &T) -> String {
    serde_json::to_string(value).unwrap_or_else(|error| unreachable!("plain data: {error}"))
}

/// As for closes that a desk reports: the desk's ID of the person, or the conversation.
fn client_id(source: &Source, close: &PastClose) -> Option<ClientId> {
    close.client.as_ref().map(|client| format!("{source}/{client}").into()).or_else(|| Some(close.person.as_ref()?.0.clone()))
}

fn request(id: RequestId, run: &ImportRun, close: &PastClose, epoch: i64, session: &Session, now: Millis) -> RatingRequest {
    let (outcome, reason, decided_at) = match (&close.rating, close.asked) {
        (Some(rating), _) => (Outcome::Answered, None, rating.at.max(close.closed_at)),
        (None, Some(true)) => (Outcome::Expired, None, close.closed_at),
        (None, _) => (Outcome::NotAsked, Some(NotAsked::Imported.as_str().to_owned()), close.closed_at),
    };
    let Credit { operator_id, operators, handled_by } = credit(session.operator_id.as_ref(), &session.operators);
    let request = RatingRequest {
        id,
        source: run.source.clone(),
        session_id: close.session_id.clone(),
        epoch,
        line_id: close.line.id.clone(),
        line_version: close.line.version,
        scale: close.scale,
        connection: session.connection.clone(),
        channel: close.channel.clone(),
        language: close.language.clone(),
        client_id: session.client_id.clone(),
        operator_id,
        operators,
        handled_by,
        labels: close.labels.clone(),
        fields: close.fields.clone(),
        attribution: Attribution::Closing,
        closed_by: Some(close.closed_by),
        opened_at: close.opened_at,
        closed_at: close.closed_at,
        created_at: now,
        outcome: Some(outcome),
        reason,
        decided_at: Some(decided_at),
        addresses: "[]".to_owned(),
        facts: KeptFacts { imported: Some(run.id[..16].to_owned()), ..KeptFacts::default() },
        delivered_at: (outcome != Outcome::NotAsked).then_some(close.closed_at),
        ..RatingRequest::default()
    };
    match close.place.as_ref().zip(close.person.as_ref()) {
        Some((place, (_, identity))) => request.talked_in(to_json(&Address::chat(place.chat.as_str())), identity.clone()),
        None => request,
    }
}

fn rated(request: &RatingRequest, close: &PastClose) -> Option<Rating> {
    let PastRating { score, low, comment, reasons, resolved, at } = close.rating.as_ref()?;
    Some(Rating {
        request_id: request.id,
        line_id: request.line_id.clone(),
        operator_id: request.operator_id.clone(),
        channel: request.channel.clone(),
        scale: request.scale,
        score: i64::from(*score),
        low: i64::from(*low),
        comment: comment.clone(),
        reasons: reasons.clone(),
        tags: comment.as_ref().and_then(|comment| tags(&close.line.settings.tag_rules, close.language.as_deref(), comment)),
        resolved: resolved.map(i64::from),
        order_key: *at,
        order_event: IMPORTED.to_owned(),
        revision: 1,
        rated_at: *at,
        changed_at: *at,
        closed_at: request.closed_at,
        ..Rating::default()
    })
}

async fn supervise(tx: &mut Tx, requests: &[RatingRequest], kept: &[&PastClose], now: Millis) -> Result<(), StoreError> {
    for (request, close) in requests.iter().zip(kept) {
        let Some((score, comment)) = &close.supervisor else { continue };
        let after = SupervisorScore {
            request_id: request.id,
            score: i64::from(*score),
            comment: comment.clone(),
            scored_by: "import".to_owned(),
            created_at: now,
            changed_at: now,
            revision: 1,
        };
        supervisor_score::save(tx, request, None, &after).await?;
    }
    Ok(())
}
