//! What became of a deletion.

/// Result of a deletion.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Deleted {
    /// Deleted.
    Done,
    /// It does not exist.
    Unknown,
    /// It has this dependent data.
    Hangs(Vec<String>),
}
