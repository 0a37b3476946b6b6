//! Bugs planted on purpose, so that the simulation can prove that it finds them, and log for what statements cost. Only the
//! build for tests knows any (feature `planted-bugs`); everywhere else there is none and the compiler removes the questions.

/// A bug that can be planted.
#[derive(Debug)]
pub struct Planted {
    /// Its name.
    pub name: &'static str,
    /// What it makes of our SQL: each text on the left becomes the one on the right.
    pub sql: &'static [(&'static str, &'static str)],
}

#[cfg(feature = "planted-bugs")]
mod thread {
    use super::Planted;
    use std::cell::Cell;
    use std::collections::BTreeMap;
    use std::sync::{Mutex, PoisonError};

    /// Hears which statements run, and how many steps of its machine SQLite needs for each: the most of all its runs.
    #[derive(Debug, Default)]
    pub struct StatementLog(Mutex<BTreeMap<&'static str, i32>>);

    impl StatementLog {
        /// What was heard since it was asked last.
        pub fn heard(&self) -> BTreeMap<&'static str, i32> {
            std::mem::take(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
        }
    }

    /// What is planted in a thread; others that work for it take it over.
    #[derive(Clone, Copy, Debug, Default)]
    pub struct Here {
        bug: Option<&'static Planted>,
        log: Option<&'static StatementLog>,
    }

    impl Here {
        /// This thread has it from now on.
        pub fn plant(self) {
            HERE.set(self);
        }

        /// A statement ran.
        pub fn heard(self, sql: &'static str, steps: impl FnOnce() -> i32) {
            let steps = steps();
            if let Some(StatementLog(heard)) = self.log {
                let mut heard = heard.lock().unwrap_or_else(PoisonError::into_inner);
                let most = heard.entry(sql).or_default();
                *most = steps.max(*most);
            }
        }
    }

    thread_local! {
        static HERE: Cell<Here> = const { Cell::new(Here { bug: None, log: None }) };
    }

    static TWISTED: Mutex<BTreeMap<(&'static str, &'static str), &'static str>> = Mutex::new(BTreeMap::new());

    /// What is planted in this thread.
    pub fn here() -> Here {
        HERE.get()
    }

    /// Plants a bug in this thread, or takes it out again.
    pub fn plant(bug: Option<&'static Planted>) {
        HERE.set(Here { bug, ..HERE.get() });
    }

    /// Lets somebody hear which statements this thread runs, or nobody any more.
    pub fn listen(log: Option<&'static StatementLog>) {
        HERE.set(Here { log, ..HERE.get() });
    }

    /// Whether this bug is planted.
    pub fn is(name: &str) -> bool {
        HERE.get().bug.is_some_and(|bug| bug.name == name)
    }

    /// Whether any statement that ran was changed by this bug. One that changes no statement is always there.
    pub fn is_reached(bug: &Planted) -> bool {
        bug.sql.is_empty() || TWISTED.lock().unwrap_or_else(PoisonError::into_inner).keys().any(|(name, _)| *name == bug.name)
    }

    /// A statement as the planted bug has it.
    pub fn twist(sql: &'static str) -> &'static str {
        let Some(bug) = HERE.get().bug.filter(|bug| bug.sql.iter().any(|(from, _)| sql.contains(from))) else { return sql };
        let made = || -> &'static str { bug.sql.iter().fold(sql.to_owned(), |sql, (from, to)| sql.replace(from, to)).leak() };
        TWISTED.lock().unwrap_or_else(PoisonError::into_inner).entry((bug.name, sql)).or_insert_with(made)
    }
}

#[cfg(not(feature = "planted-bugs"))]
mod thread {
    /// Nothing is planted.
    #[derive(Clone, Copy, Debug, Default)]
    pub struct Here;

    impl Here {
        /// Nothing changes.
        pub const fn plant(self) {}

        /// Nobody hears it.
        pub fn heard(self, _sql: &'static str, _steps: impl FnOnce() -> i32) {}
    }

    /// Nothing.
    pub const fn here() -> Here {
        Here
    }

    /// Never.
    pub const fn is(_name: &str) -> bool {
        false
    }

    /// The statement as it is.
    pub const fn twist(sql: &'static str) -> &'static str {
        sql
    }
}

pub use thread::*;
