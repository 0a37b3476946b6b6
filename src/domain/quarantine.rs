//! Detection of a database that is a copy. A copy does not know what was sent since it was made, so it accepts everything and sends
//! nothing until a person releases it.

use super::Millis;
use crate::word::words;

words! {
    /// Reason why a database sends nothing.
    pub enum Cause {
        /// It is a backup that was made by `lastword backup`.
        Backup = "backup",
        /// It was put in place by `lastword restore`.
        Restored = "restored",
        /// Its location has changed: another file, or another database.
        Elsewhere = "elsewhere",
        /// It was made from a dump, which omits what only the original knows about itself.
        Dump = "dump",
        /// A newer state of it was in use at the same location.
        Older = "older",
        /// It has not been in use for a long time.
        Asleep = "asleep",
    }
}

impl Cause {
    /// A sentence for logs and the command line.
    pub fn sentence(self) -> &'static str {
        match self {
            Cause::Backup => "the database is a backup",
            Cause::Restored => "the database was restored from a backup",
            Cause::Elsewhere => "the database was copied or moved from another place",
            Cause::Dump => "the database was made from a dump",
            Cause::Older => "the database is older than the one that was at work here",
            Cause::Asleep => "the database was last at work long ago, and may be an old copy",
        }
    }
}

/// State stored in the database.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Kept {
    /// Created at the first start; the same in every copy.
    pub lineage: Option<String>,
    /// Last known location.
    pub place: Option<String>,
    /// Number of heartbeats.
    pub beats: i64,
    /// Without a heartbeat until then, it counts as asleep.
    pub awake_until: Option<Millis>,
}

/// Observations about its environment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Seen {
    /// Current location.
    pub place: Option<String>,
    /// The note beside the file: the lineage, and the number of heartbeats at that time.
    pub noted: Option<(String, i64)>,
    /// True if the database has a line.
    pub holds_lines: bool,
}

/// Reason why this database must not send; `None` if it may.
pub fn judge(kept: &Kept, seen: &Seen, now: Millis) -> Option<Cause> {
    if let (Some(before), Some(here)) = (&kept.place, &seen.place)
        && moved(before, here)
    {
        return Some(Cause::Elsewhere);
    }
    if let (Some(lineage), Some((noted, beats))) = (&kept.lineage, &seen.noted)
        && lineage == noted
        && *beats > kept.beats
    {
        return Some(Cause::Older);
    }
    // A copy of the file without its write-ahead log, from before the first heartbeat was in the file.
    if kept.lineage.is_none() && seen.noted.is_some() && seen.holds_lines {
        return Some(Cause::Older);
    }
    kept.awake_until.filter(|until| *until <= now).map(|_| Cause::Asleep)
}

/// Placeholder for a part of a location that could not be determined.
pub const UNKNOWN: &str = "-";

/// True if two locations differ. A location is the kind of the database and its marks. For a file: its number and its time of
/// birth, of which only one may change by itself. For PostgreSQL: identifiers of the server, the database and a table.
fn moved(before: &str, here: &str) -> bool {
    let (before, here): (Vec<&str>, Vec<&str>) = (before.split(' ').collect(), here.split(' ').collect());
    let marks = || before.iter().zip(&here).filter(|(before, here)| **before != UNKNOWN && **here != UNKNOWN);
    match (before.first(), here.first()) {
        (Some(kind), Some(same)) if kind != same => true,
        (Some(&"sqlite"), _) => marks().skip(1).all(|(before, here)| before != here),
        _ => before.len() != here.len() || marks().any(|(before, here)| before != here),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_another_one_when_all_its_marks_differ() {
        for (before, here, differs) in [
            ("sqlite 7 100", "sqlite 7 100", false),
            ("sqlite 7 100", "sqlite 8 200", true),
            ("sqlite 7 100", "sqlite 8 100", false),
            ("sqlite 7 100", "sqlite 7 200", false),
            ("sqlite 7 -", "sqlite 8 200", true),
            ("sqlite 7 -", "sqlite 7 200", false),
            ("postgres 1 2 3", "postgres 1 2 3", false),
            ("postgres 1 2 3", "postgres 9 2 3", true),
            ("postgres 1 2 3", "postgres 1 9 3", true),
            ("postgres 1 2 3", "postgres 1 2 9", true),
            ("postgres - 2 3", "postgres 1 2 3", false),
            ("sqlite 7 100", "postgres 1 2 3", true),
        ] {
            assert_eq!(moved(before, here), differs, "{before} → {here}");
        }
    }

    #[test]
    fn each_sign_of_a_copy_has_its_word() {
        let place = |text: &str| Some(text.to_owned());
        let kept = Kept { lineage: place("l"), place: place("sqlite 1 1"), beats: 5, awake_until: Some(100) };
        let seen = Seen { place: place("sqlite 1 1"), noted: Some(("l".to_owned(), 5)), holds_lines: true };
        assert_eq!(judge(&kept, &seen, 99), None);
        assert_eq!(judge(&kept, &seen, 100), Some(Cause::Asleep));
        assert_eq!(judge(&kept, &Seen { place: place("sqlite 2 2"), ..seen.clone() }, 0), Some(Cause::Elsewhere));
        assert_eq!(judge(&kept, &Seen { noted: Some(("l".to_owned(), 6)), ..seen.clone() }, 0), Some(Cause::Older));
        assert_eq!(judge(&kept, &Seen { noted: Some(("another".to_owned(), 6)), ..seen.clone() }, 0), None);
        assert_eq!(judge(&Kept::default(), &seen, 0), Some(Cause::Older), "a database was at work here, and this one does not know it");
        let empty = Seen { holds_lines: false, ..seen.clone() };
        assert_eq!(judge(&Kept::default(), &empty, 0), None, "a new database has nothing to be a copy of");
        for cause in Cause::ALL {
            assert_eq!(Cause::parse(cause.as_str()), Some(cause));
        }
    }
}
