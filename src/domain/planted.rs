//! Bugs planted on purpose, so that the simulation can prove that it finds them, and a log of the cost of statements. A test plants
//! them at run time, in its own thread. No setting, argument or request of the program reaches [`plant`] or [`listen`]. Until a
//! process calls one of them, each check below costs one relaxed load.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

/// A bug that can be planted.
#[derive(Debug)]
pub struct Planted {
    /// Its name.
    pub name: &'static str,
    /// Its changes to our SQL: each text on the left is replaced by the one on the right.
    pub sql: &'static [(&'static str, &'static str)],
}

/// Records the statements that run and the number of SQLite VM steps of each: the maximum over all runs.
#[derive(Debug, Default)]
pub struct StatementLog(Mutex<BTreeMap<&'static str, i32>>);

impl StatementLog {
    /// The statements recorded since the last call.
    pub fn heard(&self) -> BTreeMap<&'static str, i32> {
        std::mem::take(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// The planted bug and the statement log of a thread. Threads that work for it adopt them.
#[derive(Clone, Copy, Debug, Default)]
pub struct Here {
    bug: Option<&'static Planted>,
    log: Option<&'static StatementLog>,
}

impl Here {
    /// Adopts them in this thread.
    pub fn plant(self) {
        if is_armed() {
            HERE.set(self);
        }
    }

    /// True if the statements of this thread are recorded.
    pub fn records(self) -> bool {
        self.log.is_some()
    }

    /// Records a statement that ran.
    pub fn heard(self, sql: &'static str, steps: impl FnOnce() -> i32) {
        if let Some(StatementLog(heard)) = self.log {
            let steps = steps();
            let mut heard = heard.lock().unwrap_or_else(PoisonError::into_inner);
            let most = heard.entry(sql).or_default();
            *most = steps.max(*most);
        }
    }
}

thread_local! {
    static HERE: Cell<Here> = const { Cell::new(Here { bug: None, log: None }) };
}

/// Set by the first test of this process that plants anything.
static ARMED: AtomicBool = AtomicBool::new(false);

static TWISTED: Mutex<BTreeMap<(&'static str, &'static str), &'static str>> = Mutex::new(BTreeMap::new());

fn is_armed() -> bool {
    ARMED.load(Ordering::Relaxed)
}

fn arm(here: Here) {
    ARMED.store(true, Ordering::Relaxed);
    HERE.set(here);
}

/// What is planted in this thread.
pub fn here() -> Here {
    if is_armed() { HERE.get() } else { Here::default() }
}

/// Plants a bug in this thread, or removes it.
pub fn plant(bug: Option<&'static Planted>) {
    arm(Here { bug, ..HERE.get() });
}

/// Records the statements of this thread in `log`, or stops recording.
pub fn listen(log: Option<&'static StatementLog>) {
    arm(Here { log, ..HERE.get() });
}

/// True if this bug is planted.
pub fn is(name: &str) -> bool {
    here().bug.is_some_and(|bug| bug.name == name)
}

/// True if a statement that ran was changed by this bug. Always true for a bug that changes no statement.
pub fn is_reached(bug: &Planted) -> bool {
    bug.sql.is_empty() || TWISTED.lock().unwrap_or_else(PoisonError::into_inner).keys().any(|(name, _)| *name == bug.name)
}

/// A statement, as changed by the planted bug.
pub fn twist(sql: &'static str) -> &'static str {
    let Some(bug) = here().bug.filter(|bug| bug.sql.iter().any(|(from, _)| sql.contains(from))) else { return sql };
    let made = || -> &'static str { bug.sql.iter().fold(sql.to_owned(), |sql, (from, to)| sql.replace(from, to)).leak() };
    TWISTED.lock().unwrap_or_else(PoisonError::into_inner).entry((bug.name, sql)).or_insert_with(made)
}
