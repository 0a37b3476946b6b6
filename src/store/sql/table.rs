//! One list for each table: the struct of its rows, and its columns with their types in the order in which they are read. A column
//! with an invalid value is an error that names it, never a default.

use crate::sql::value::Value;
use crate::{Row, StoreError};
use lastword_base::names::{Id, Kind, Name};
use lastword_domain::access::rights::{Lines, Role};
use lastword_domain::alert::{AlertKind, AlertState, RecipientKind};
use lastword_domain::answer::rating::Scale;
use lastword_domain::answer::reason::Reason;
use lastword_domain::answer::scanner::{Evidence, Signal};
use lastword_domain::answer::{AnswerKind, Disposition};
use lastword_domain::line::experiment::{Running, Trial, Variant};
use lastword_domain::line::{Attribution, LineSettings};
use lastword_domain::outcome::Outcome;
use lastword_domain::question::delivery;
use lastword_domain::question::kept_facts::KeptFacts;
use lastword_domain::question::plan::Way;
use lastword_domain::report::experiment::ExperimentVerdict;
use lastword_domain::report::letter::Every;
use lastword_domain::report::watch::{AlarmEnd, AlarmNews, Watched};
use lastword_domain::review::edit::EditState;
use lastword_domain::review::{ObjectionKind, ObjectionState};
use lastword_domain::session::label::Fields;
use lastword_domain::session::{ClosedBy, HandledBy, Operator, OperatorKind, SessionEventKind, SessionStatus};
use serde_json::Map;

/// Defines a struct of a table's rows, and from the same list:
///
/// - `T::read(&mut row)`, which reads the columns in this order, each by its [`Column`];
/// - a macro of the given name: `columns!()` is the list for a `SELECT`, each with the table's alias before it; `columns!(rows)` is
///   the clause that reads whole rows as `r`, and `columns!(insert)` the statement that inserts them.
///
/// ```text
/// table! {
///     /// A line.
///     #[derive(Clone, Debug)]
///     pub struct Line = columns!(line l) {
///         /// Its ID.
///         id: String,
///         /// Time when it was archived.
///         archived_at: Option<Millis>,
///     }
/// }
/// ```
macro_rules! table {
    (
        $(#[$meta:meta])*
        pub struct $Row:ident = $columns:ident!($table:ident $alias:ident) {
            $(#[$first_meta:meta])* $first:ident: $first_type:ident $(<$first_inner:ident>)?,
            $($(#[$field_meta:meta])* $field:ident: $type:ident $(<$inner:ident>)?,)*
        }
    ) => {
        $(#[$meta])*
        pub struct $Row {
            $(#[$first_meta])* pub $first: $first_type $(<$first_inner>)?,
            $($(#[$field_meta])* pub $field: $type $(<$inner>)?,)*
        }

        impl $Row {
            pub(crate) fn read(row: &mut $crate::Row) -> Result<Self, $crate::StoreError> {
                Ok(Self {
                    $first: $crate::sql::table::Column::read(row, stringify!($table), stringify!($first))?,
                    $($field: $crate::sql::table::Column::read(row, stringify!($table), stringify!($field))?,)*
                })
            }
        }

        macro_rules! $columns {
            () => {
                concat!(stringify!($alias), ".", stringify!($first), $(", ", stringify!($alias), ".", stringify!($field)),*)
            };
            (rows) => {
                concat!(
                    "{rows $1 r: ", stringify!($first), " ", $crate::sql::table::kind!($first_type $($first_inner)?),
                    $(", ", stringify!($field), " ", $crate::sql::table::kind!($type $($inner)?),)* "}"
                )
            };
            (insert) => {
                concat!(
                    "INSERT INTO ", stringify!($table), " (", stringify!($first), $(", ", stringify!($field),)* ") SELECT ",
                    stringify!($first), $(", ", stringify!($field),)* " FROM ", $columns!(rows)
                )
            };
        }
    };
}

/// The form in which a statement binds a column of this type: a number or text.
macro_rules! kind {
    (Millis) => {
        "int"
    };
    (i64) => {
        "int"
    };
    (bool) => {
        "int"
    };
    (Option Millis) => {
        "int"
    };
    (Option i64) => {
        "int"
    };
    (Option bool) => {
        "int"
    };
    ($type:ident $($inner:ident)?) => {
        "text"
    };
}

pub(crate) use {kind, table};

/// Type of a column.
pub(crate) trait Column: Sized {
    /// Reads the next column, which is `column` of `table`.
    ///
    /// # Errors
    /// [`StoreError::Inconsistent`] names the column and what was found in it.
    fn read(row: &mut Row, table: &'static str, column: &'static str) -> Result<Self, StoreError>;
}

impl Row {
    /// Reads the next column, which is `column` of `table`, by its type.
    ///
    /// # Errors
    /// As [`Column::read`].
    pub(crate) fn column<T: Column>(&mut self, table: &'static str, column: &'static str) -> Result<T, StoreError> {
        T::read(self, table, column)
    }
}

macro_rules! plain {
    ($($type:ty => $read:ident;)*) => {
        $(impl Column for $type {
            fn read(row: &mut Row, _: &'static str, _: &'static str) -> Result<Self, StoreError> {
                row.$read()
            }
        })*
    };
}

plain! {
    String => text;
    Option<String> => text_or_null;
    i64 => int;
    Option<i64> => int_or_null;
}

impl<K: Kind> Column for Id<K> {
    fn read(row: &mut Row, table: &'static str, column: &'static str) -> Result<Self, StoreError> {
        row.word(table, column, |text| text.parse().ok())
    }
}

impl<K: Kind> Column for Option<Id<K>> {
    fn read(row: &mut Row, table: &'static str, column: &'static str) -> Result<Self, StoreError> {
        let known = |text: String| text.parse().map_err(|_| StoreError::Inconsistent { table, column, found: text });
        row.text_or_null()?.map(known).transpose()
    }
}

impl<K> Column for Name<K> {
    fn read(row: &mut Row, _: &'static str, _: &'static str) -> Result<Self, StoreError> {
        row.text().map(Self::from)
    }
}

impl<K> Column for Option<Name<K>> {
    fn read(row: &mut Row, _: &'static str, _: &'static str) -> Result<Self, StoreError> {
        row.name_or_null()
    }
}

impl Column for u8 {
    fn read(row: &mut Row, table: &'static str, column: &'static str) -> Result<Self, StoreError> {
        let found = row.int()?;
        Self::try_from(found).map_err(|_| StoreError::Inconsistent { table, column, found: found.to_string() })
    }
}

impl Column for bool {
    fn read(row: &mut Row, table: &'static str, column: &'static str) -> Result<Self, StoreError> {
        match row.int()? {
            0 => Ok(false),
            1 => Ok(true),
            other => Err(StoreError::Inconsistent { table, column, found: other.to_string() }),
        }
    }
}

/// Types stored as the text of a `words!` enum.
macro_rules! words {
    ($($type:ty),* $(,)?) => {
        $(impl Column for $type {
            fn read(row: &mut Row, table: &'static str, column: &'static str) -> Result<Self, StoreError> {
                row.word(table, column, <$type>::parse)
            }
        }

        impl Column for Option<$type> {
            fn read(row: &mut Row, table: &'static str, column: &'static str) -> Result<Self, StoreError> {
                let known = |word: String| <$type>::parse(&word).ok_or(StoreError::Inconsistent { table, column, found: word });
                row.text_or_null()?.map(known).transpose()
            }
        }

        impl From<$type> for Value {
            fn from(word: $type) -> Self {
                Value::from(word.as_str())
            }
        }

        impl From<Option<$type>> for Value {
            fn from(word: Option<$type>) -> Self {
                Value::from(word.map(<$type>::as_str))
            }
        })*
    };
}

words!(
    AnswerKind,
    Disposition,
    EditState,
    Evidence,
    Signal,
    Attribution,
    ClosedBy,
    HandledBy,
    ObjectionKind,
    ObjectionState,
    OperatorKind,
    Outcome,
    RecipientKind,
    Role,
    Scale,
    SessionEventKind,
    SessionStatus,
    Watched,
    Way,
    Every,
    AlarmEnd,
    AlarmNews,
    Variant,
    ExperimentVerdict,
    AlertKind,
    AlertState,
    delivery::Kind,
    delivery::State,
);

/// Types stored as JSON.
macro_rules! documents {
    ($($type:ty),* $(,)?) => {
        $(impl Column for $type {
            fn read(row: &mut Row, table: &'static str, column: &'static str) -> Result<Self, StoreError> {
                row.document(table, column)
            }
        })*
    };
}

documents!(Fields, KeptFacts, Vec<Operator>, Vec<Reason>, Vec<String>, LineSettings, Trial, Map<String, serde_json::Value>);

impl Column for Option<Vec<String>> {
    fn read(row: &mut Row, table: &'static str, column: &'static str) -> Result<Self, StoreError> {
        row.text_or_null()?.map(|text| crate::document(table, column, &text)).transpose()
    }
}

impl<K> Column for Option<Vec<Name<K>>> {
    fn read(row: &mut Row, table: &'static str, column: &'static str) -> Result<Self, StoreError> {
        row.text_or_null()?.map(|text| crate::document(table, column, &text)).transpose()
    }
}

impl Column for Option<Running> {
    fn read(row: &mut Row, table: &'static str, column: &'static str) -> Result<Self, StoreError> {
        row.text_or_null()?.map(|text| crate::document(table, column, &text)).transpose()
    }
}

/// The lines that a row is limited to: null means all lines.
impl Column for Lines {
    fn read(row: &mut Row, table: &'static str, column: &'static str) -> Result<Self, StoreError> {
        let some = |text: String| crate::document(table, column, &text).map(Lines::Some);
        row.text_or_null()?.map_or(Ok(Lines::All), some)
    }
}
