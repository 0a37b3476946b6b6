//! Experiments on a line.

use crate::app::admin::{Failure, Shell};
use crate::domain::access::audit::By;
use crate::domain::line::experiment::{Trial, Variant};
use crate::life::admin::change_experiment::{ExperimentChange, Wanted, end, figures, start};
use crate::store::line::experiment;

/// Maximum experiments listed, newest first.
const LISTED: i64 = 20;

impl Shell {
    /// Starts an experiment on a line; `trial` is JSON with the settings of variant B.
    ///
    /// # Errors
    /// If the line does not exist, a value is invalid, or an experiment is already running.
    pub async fn start_experiment(&self, id: &str, trial: &str, margin: u8, clients_max: u32) -> Result<(), Failure> {
        let line = self.line(id).await?;
        let trial: Trial = serde_json::from_str(trial).map_err(|error| Failure::Usage(format!("--start: {error}")))?;
        let wanted = Wanted { trial, margin, clients_max };
        changed(start(&self.node().await?.engine, &By::command(), &line, wanted, self.now()).await?)
    }

    /// Ends the experiment of a line, which continues with the variant `keep`.
    ///
    /// # Errors
    /// If the line does not exist, or no experiment is running.
    pub async fn end_experiment(&self, id: &str, keep: &str) -> Result<(), Failure> {
        let line = self.line(id).await?;
        let kept = Variant::parse(keep).ok_or_else(|| Failure::Usage("--end: write a or b".to_owned()))?;
        changed(end(&self.node().await?.engine, &By::command(), &line, kept, self.now()).await?)
    }

    /// Experiments of a line, newest first, each variant as a row: experiment, variant, arrived, mature, clients, answered, verdict, kept.
    ///
    /// # Errors
    /// If the line does not exist, or errors of the database.
    pub async fn experiments(&self, id: &str) -> Result<Vec<Vec<String>>, Failure> {
        let line = self.line(id).await?;
        let mut rows = Vec::new();
        for one in experiment::of_line(&self.db, &line.id, LISTED).await? {
            let found = figures(&self.node().await?.engine, &one, self.now()).await?;
            let verdict = one.verdict.unwrap_or(found.verdict);
            for (variant, figures) in [(Variant::A, found.a), (Variant::B, found.b)] {
                let numbers = [figures.asked, figures.matured, figures.clients, figures.answered].map(|number| number.to_string());
                let mut row = vec![one.id.to_string(), variant.to_string()];
                row.extend(numbers);
                row.extend([verdict.to_string(), one.kept.map(|kept| kept.to_string()).unwrap_or_default()]);
                rows.push(row);
            }
        }
        Ok(rows)
    }
}

fn changed(change: ExperimentChange) -> Result<(), Failure> {
    match change {
        ExperimentChange::Done(_) => Ok(()),
        ExperimentChange::Conflict => Err(Failure::Failed(
            "an experiment runs already, none does, or the line is archived; see: lastword line experiment ID".to_owned(),
        )),
        ExperimentChange::Bad(bad) => Err(Failure::Usage(format!("{}: {}", bad.field, bad.problem))),
    }
}
