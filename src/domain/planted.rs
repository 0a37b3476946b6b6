//! Bugs planted on purpose, so that the simulation can prove that it finds them. Only the build for tests knows any
//! (feature `planted-bugs`); everywhere else there is none and the compiler removes the questions.

/// A bug that can be planted.
#[derive(Debug)]
pub struct Planted {
    /// Its name.
    pub name: &'static str,
    /// What it makes of our SQL: each text on the left becomes the one on the right.
    pub sql: &'static [(&'static str, &'static str)],
}

#[cfg(feature = "planted-bugs")]
mod here {
    use super::Planted;
    use std::cell::{Cell, RefCell};
    use std::collections::BTreeMap;

    thread_local! {
        static PLANTED: Cell<Option<&'static Planted>> = const { Cell::new(None) };
        static TWISTED: RefCell<BTreeMap<(&'static str, &'static str), &'static str>> = const { RefCell::new(BTreeMap::new()) };
    }

    /// Plants a bug in this thread, or takes it out again.
    pub fn plant(bug: Option<&'static Planted>) {
        PLANTED.set(bug);
    }

    /// Whether this bug is planted.
    pub fn is(name: &str) -> bool {
        PLANTED.get().is_some_and(|bug| bug.name == name)
    }

    /// A statement as the planted bug has it.
    pub fn twist(sql: &'static str) -> &'static str {
        let Some(bug) = PLANTED.get().filter(|bug| bug.sql.iter().any(|(from, _)| sql.contains(from))) else { return sql };
        let made = || &*bug.sql.iter().fold(sql.to_owned(), |sql, (from, to)| sql.replace(from, to)).leak();
        TWISTED.with_borrow_mut(|known| *known.entry((bug.name, sql)).or_insert_with(made))
    }
}

#[cfg(not(feature = "planted-bugs"))]
mod here {
    /// Never.
    pub const fn is(_name: &str) -> bool {
        false
    }

    /// The statement as it is.
    pub const fn twist(sql: &'static str) -> &'static str {
        sql
    }
}

pub use here::*;
