//! Experiments on lines, running and ended.

use crate::sql::Sql;
use crate::sql::table::table;
use crate::{Db, Row, StoreError, Tx, values};
use lastword_base::names::{ExperimentId, LineId};
use lastword_domain::Millis;
use lastword_domain::answer::rating::Scale;
use lastword_domain::line::experiment::{Running, Trial, Variant};
use lastword_domain::report::experiment::{Case, ExperimentVerdict};
use lastword_domain::report::rule::TriedScale;
use serde::Serialize;

/// Maximum number of questions of one experiment that are read.
const CASES_MAX: i64 = 250_000;

table! {
    /// An experiment.
    #[derive(Clone, Debug, Serialize)]
    pub struct Experiment = columns!(experiment e) {
        /// Its ID.
        id: ExperimentId,
        /// The line.
        line_id: LineId,
        /// The line's own values, in the form of a trial.
        #[serde(serialize_with = "crate::as_json")]
        control: Trial,
        /// The trial.
        #[serde(serialize_with = "crate::as_json")]
        trial: Trial,
        /// A difference that would not matter, in percentage points.
        margin: i64,
        /// Planned number of clients in each variant.
        clients_max: i64,
        /// Time after sending at which a question is mature, in milliseconds.
        matures_ms: i64,
        /// Time of the start.
        started_at: Millis,
        /// The person who started it.
        started_by: String,
        /// Time of the end.
        ended_at: Option<Millis>,
        /// The person who ended it.
        ended_by: Option<String>,
        /// The verdict at the end.
        verdict: Option<ExperimentVerdict>,
        /// The variant that the line kept.
        kept: Option<Variant>,
    }
}

/// Starts an experiment on its line. Returns false unless the line had this version and no experiment.
pub async fn start(tx: &mut Tx, experiment: &Experiment, seen_version: i64) -> Result<bool, StoreError> {
    static START: Sql = Sql::new(columns!(insert));
    let running = Running { id: experiment.id, trial: experiment.trial.clone() };
    let at = experiment.started_at;
    if !turn(tx, &experiment.line_id, Some(&running), seen_version, &experiment.started_by, at).await? {
        return Ok(false);
    }
    tx.execute(&START, values![crate::rows(std::slice::from_ref(experiment))]).await.map(|_| true)
}

/// Ends an experiment. Returns false unless it was running, and its line had this version.
pub async fn end(tx: &mut Tx, ended: &Experiment, seen_version: i64) -> Result<bool, StoreError> {
    static END: Sql =
        Sql::new("UPDATE experiment SET ended_at = $2, ended_by = $3, verdict = $4, kept = $5 WHERE id = $1 AND ended_at IS NULL");
    let (at, by) = (ended.ended_at.unwrap_or(ended.started_at), ended.ended_by.clone().unwrap_or_default());
    if !turn(tx, &ended.line_id, None, seen_version, &by, at).await? {
        return Ok(false);
    }
    Ok(tx.execute(&END, values![&ended.id, at, &by, ended.verdict, ended.kept]).await? == 1)
}

/// Sets or removes the running experiment of a line, as a new version.
async fn turn(tx: &mut Tx, line: &LineId, running: Option<&Running>, seen_version: i64, by: &str, at: Millis) -> Result<bool, StoreError> {
    static TURN: Sql = Sql::new(
        "UPDATE line SET experiment = $2, version = version + 1, updated_at = $4 WHERE id = $1 AND version = $3 \
         AND experiment IS NULL RETURNING version",
    );
    static NONE: Sql = Sql::new(
        "UPDATE line SET experiment = NULL, version = version + 1, updated_at = $3 WHERE id = $1 AND version = $2 \
         AND experiment IS NOT NULL RETURNING version",
    );
    static REMEMBER: Sql = Sql::new(
        "INSERT INTO line_version (line_id, version, name, settings, changed_by, changed_at) \
         SELECT l.id, l.version, l.name, l.settings, $2, $3 FROM line l WHERE l.id = $1",
    );
    let turned = match running {
        Some(running) => tx.fetch(&TURN, values![line, crate::json(running), seen_version, at]).await?,
        None => tx.fetch(&NONE, values![line, seen_version, at]).await?,
    };
    if turned.is_empty() {
        return Ok(false);
    }
    tx.execute(&REMEMBER, values![line, by, at]).await.map(|_| true)
}

/// The experiments of a line, newest first, at most `limit`.
pub async fn of_line(db: &Db, line: &LineId, limit: i64) -> Result<Vec<Experiment>, StoreError> {
    static OF_LINE: Sql =
        Sql::new(concat!("SELECT ", columns!(), " FROM experiment e WHERE e.line_id = $1 ORDER BY e.started_at DESC, e.id DESC LIMIT $2"));
    db.read(&OF_LINE, values![line, limit]).await?.iter_mut().map(Experiment::read).collect()
}

/// The scales that experiments tried on `line`, or on all lines.
pub async fn tried_scales(db: &Db, line: Option<&LineId>) -> Result<Vec<TriedScale>, StoreError> {
    static TRIED: Sql = Sql::new("SELECT line_id, trial, started_at, ended_at FROM experiment WHERE $1 = '' OR line_id = $1");
    let mut found = Vec::new();
    for row in &mut db.read(&TRIED, values![line.map_or("", LineId::as_str)]).await? {
        let (line, trial) = (row.name()?, row.document::<Trial>("experiment", "trial")?);
        let (from, until) = (row.int()?, row.int_or_null()?);
        found.extend(trial.scale.map(|scale| TriedScale { line, scale, from, until }));
    }
    Ok(found)
}

/// The delivered questions of an experiment that were sent before it ended, each with its person under one name.
pub async fn cases(db: &Db, experiment: &Experiment) -> Result<Vec<Case>, StoreError> {
    // An erased client counts as a separate person for each question.
    static CASES: Sql = Sql::new(
        "SELECT COALESCE(p.same_as, c.same_as, q.client_id, q.id), q.variant, q.due_at, \
         CASE WHEN q.outcome = 'answered' AND q.decided_at <= q.due_at + $2 THEN 1 ELSE 0 END, q.scale, t.score, t.low, q.closed_at \
         FROM rating_request q LEFT JOIN client c ON c.id = q.client_id \
         LEFT JOIN client p ON p.id = c.same_as LEFT JOIN rating t ON t.request_id = q.id AND t.voided_at IS NULL \
         WHERE q.experiment_id = $1 AND q.due_at < $3 AND q.delivered_at IS NOT NULL ORDER BY q.id LIMIT $4",
    );
    let matures = experiment.matures_ms;
    let values = values![&experiment.id, matures, experiment.ended_at.unwrap_or(Millis::MAX), CASES_MAX];
    db.read(&CASES, values).await?.iter_mut().map(|row| case(row, matures)).collect()
}

fn case(row: &mut Row, matures: Millis) -> Result<Case, StoreError> {
    let (person, variant, due_at) = (row.text()?, row.column::<Variant>("rating_request", "variant")?, row.int()?);
    let (answered, scale) = (row.int()? == 1, row.column::<Scale>("rating_request", "scale")?);
    let (score, low) = (row.int_or_null()?, row.int_or_null()?);
    let closed_at = row.int()?;
    let rated = score.zip(low).map(|(score, low)| (scale, u8::try_from(score).unwrap_or_default(), low == 1));
    Ok(Case { person, variant, closed_at, matures_at: due_at + matures, answered, rated })
}
