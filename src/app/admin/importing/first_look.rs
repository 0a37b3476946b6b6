//! The first pass over a file: finds the order of its dates, and the scale of each line that the import creates.

use super::people::People;
use super::{Pass, Reader, Wanted, line_id};
use crate::app::admin::Failure;
use crate::domain::answer::rating::Scale;
use lastword_import::{self as import, DateOrderEvidence, Reading};
use std::collections::BTreeMap;

/// True if the lines that the import creates get their scales from the file.
fn makes_lines(wanted: &Wanted, reading: &Reading) -> bool {
    wanted.make_lines && reading.scale.is_none() && reading.line.is_none()
}

/// True if the file has to be read for the order of its dates or for the scales of new lines.
pub(super) fn is_needed(wanted: &Wanted, reading: &Reading) -> bool {
    wanted.dates.is_none() || makes_lines(wanted, reading)
}

/// Sets the order of dates, unless the operator named it. Returns the most frequent scale of each line that the file names,
/// by the ID that a new line gets.
pub(super) fn first_look(
    wanted: &Wanted,
    reading: &mut Reading,
    people: &People,
    pass: &Pass<'_>,
) -> Result<BTreeMap<String, Scale>, Failure> {
    let makes_lines = makes_lines(wanted, reading);
    let mut reader = Reader::open(wanted, (reading.clone(), people.clone()), pass.read.clone(), None)?;
    let mut evidence = DateOrderEvidence::default();
    let mut counted: BTreeMap<String, BTreeMap<Scale, u64>> = BTreeMap::new();
    let mut rows = 0;
    while let Some(row) = reader.next()? {
        rows += 1;
        pass.tell(rows);
        reader.layout.moments(&reader.cells).for_each(|moment| evidence.look(row.line, moment));
        if makes_lines
            && let Some(name) = reader.layout.line_named(&reader.cells)
            && let Some(scale) = reader.layout.scale_said(&reader.cells)
        {
            let line = line_id(import::whole(name).unwrap_or(name));
            *counted.entry(line).or_default().entry(scale).or_default() += 1;
        }
    }
    if wanted.dates.is_none() {
        reading.dates = evidence.order().map_err(|problem| Failure::Usage(format!("--dates: {problem}")))?;
    }
    let most = |scales: BTreeMap<Scale, u64>| scales.into_iter().max_by_key(|(scale, count)| (*count, *scale)).map(|(scale, _)| scale);
    Ok(counted.into_iter().filter_map(|(line, scales)| Some((line, most(scales)?))).collect())
}
