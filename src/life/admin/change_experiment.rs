//! Starts an experiment on a line, and ends it with the variant that the line keeps. Nothing ends automatically: the verdict may be
//! read every day, and a person decides.

use crate::engine::Engine;
use crate::events;
use lastword_domain::access::audit::{Act, By, Entry};
use lastword_domain::line::BadSetting;
use lastword_domain::line::experiment::{CLIENTS_MAX, Trial, Variant};
use lastword_domain::report::experiment::{Outcome, both_sent_until, outcome, split};
use lastword_store::access::audit;
use lastword_store::line::experiment::{self, Experiment};
use lastword_store::line::{self, Line, LineChange};
use lastword_store::question::delivery;
use lastword_store::{Millis, StoreError, Tx, transaction};
use serde_json::{Value, json};

const HOUR: Millis = 3_600_000;

/// Input for an experiment.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// Differences of B from the line.
    pub trial: Trial,
    /// A difference that would not matter, in percentage points.
    pub margin: u8,
    /// Planned number of clients in each variant.
    pub clients_max: u32,
}

/// Result of a change.
#[derive(Debug)]
pub enum ExperimentChange {
    /// Done.
    Done(Box<Experiment>),
    /// An experiment is already running, or none is, or the line was changed at the same time.
    Conflict,
    /// An invalid setting.
    Bad(BadSetting),
}

/// Starts an experiment on a line.
#[lastword_base::boxed]
pub async fn start(engine: &Engine, by: &By, line: &Line, wanted: Wanted, now: Millis) -> Result<ExperimentChange, StoreError> {
    let bad = |field: &str, problem: String| Ok(ExperimentChange::Bad(BadSetting { field: field.to_owned(), problem }));
    if !(1..=50).contains(&wanted.margin) {
        return bad("margin", "write 1 to 50 percentage points".to_owned());
    }
    if !CLIENTS_MAX.contains(&wanted.clients_max) {
        return bad("clients_max", format!("write {} to {} clients", CLIENTS_MAX.start(), CLIENTS_MAX.end()));
    }
    if let Err(bad) = line.settings.check_trial(&wanted.trial) {
        return Ok(ExperimentChange::Bad(bad));
    }
    if line.experiment.is_some() || line.archived_at.is_some() {
        return Ok(ExperimentChange::Conflict);
    }
    let begun = Experiment {
        id: engine.ids.next(now),
        line_id: line.id.clone(),
        control: control(line, &wanted.trial),
        trial: wanted.trial,
        margin: i64::from(wanted.margin),
        clients_max: i64::from(wanted.clients_max),
        matures_ms: Millis::from(line.settings.expires_after_hours.min(24)) * HOUR,
        started_at: now,
        started_by: by.name.clone(),
        ended_at: None,
        ended_by: None,
        verdict: None,
        kept: None,
    };
    let seen = line.version;
    let started = transaction!(engine.db, [engine, by, begun], async |tx| {
        let started = experiment::start(tx, &begun, seen).await?;
        if started {
            let entry = Entry::new(Act::LineExperimentStarted, begun.line_id.as_str()).with(&Value::Null, &told_of(&begun));
            trail(tx, &engine, &by, entry, &begun, now).await?;
        }
        Ok(started)
    })
    .await?;
    Ok(if started { ExperimentChange::Done(Box::new(begun)) } else { ExperimentChange::Conflict })
}

/// The line's own values of the settings that the trial changes, in the form of a trial.
fn control(line: &Line, trial: &Trial) -> Trial {
    let words = |language: &String| lastword_domain::line::texts::words(&line.settings, Some(language)).question;
    Trial {
        questions: trial.questions.keys().map(|language| (language.clone(), words(language))).collect(),
        delay_secs: trial.delay_secs.map(|_| line.settings.delay_secs),
        scale: trial.scale.map(|_| line.settings.scale),
    }
}

/// Ends the experiment of a line, which from now on asks as in variant `kept`.
#[lastword_base::boxed]
pub async fn end(engine: &Engine, by: &By, line: &Line, kept: Variant, now: Millis) -> Result<ExperimentChange, StoreError> {
    let running = experiment::of_line(&engine.db, &line.id, 1).await?.into_iter().find(|one| one.ended_at.is_none());
    let Some(running) = running.filter(|_| line.experiment.is_some()) else { return Ok(ExperimentChange::Conflict) };
    let verdict = figures(engine, &running, now).await?.verdict;
    let ended =
        Experiment { ended_at: Some(now), ended_by: Some(by.name.clone()), verdict: Some(verdict), kept: Some(kept), ..running.clone() };
    let change = (kept == Variant::B).then(|| LineChange {
        id: line.id.clone(),
        name: line.name.clone(),
        settings: line.settings.tried(&running.trial),
        archived: line.archived_at.is_some(),
        seen_version: line.version + 1,
        by: by.name.clone(),
        at: now,
    });
    let seen = line.version;
    let done = transaction!(engine.db, [engine, by, ended, change], async |tx| {
        if !experiment::end(tx, &ended, seen).await? {
            return Ok(false);
        }
        if let Some(change) = &change {
            // The version that it follows was written in this transaction.
            line::save(tx, change).await?;
        }
        let entry = Entry::new(Act::LineExperimentEnded, ended.line_id.as_str()).with(&Value::Null, &told_of(&ended));
        trail(tx, &engine, &by, entry, &ended, now).await?;
        delivery::schedule(tx, &events::experiment_ended(&engine, &ended, now)).await?;
        Ok(true)
    })
    .await?;
    Ok(if done { ExperimentChange::Done(Box::new(ended)) } else { ExperimentChange::Conflict })
}

/// The result of an experiment.
#[lastword_base::boxed]
pub async fn figures(engine: &Engine, one: &Experiment, now: Millis) -> Result<Outcome, StoreError> {
    let cases = experiment::cases(&engine.db, one).await?;
    let found = outcome(&cases, u8::try_from(one.margin).unwrap_or(u8::MAX), one.clients_max, now);
    let until = both_sent_until([one.control.delay_secs, one.trial.delay_secs], one.ended_at, now);
    Ok(Outcome { split: split(&cases, until), ..found })
}

async fn trail(tx: &mut Tx, engine: &Engine, by: &By, entry: Entry, about: &Experiment, now: Millis) -> Result<(), StoreError> {
    audit::write(tx, engine.ids.next(now), now, by, &entry.on_line(&about.line_id)).await
}

/// Summary of an experiment for the audit log.
fn told_of(one: &Experiment) -> Value {
    json!({ "experiment": one.id, "trial": one.trial, "margin": one.margin, "verdict": one.verdict, "kept": one.kept })
}
