//! The first pass over a file: finds the order of its dates, and the scale of each line that the import creates.

use super::people::People;
use super::{Reader, Wanted, line_id};
use crate::app::admin::Failure;
use crate::domain::answer::rating::Scale;
use lastword_import::{self as import, DateOrderEvidence, Reading};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

/// Sets the order of dates, unless the operator named it. Returns the most frequent scale of each line that the file names,
/// by the ID that a new line gets. Reads the file only if one of the two is unknown.
pub(super) fn first_look(wanted: &Wanted, reading: &mut Reading, people: &People) -> Result<BTreeMap<String, Scale>, Failure> {
    let makes_lines = wanted.make_lines && reading.scale.is_none() && reading.line.is_none();
    if wanted.dates.is_some() && !makes_lines {
        return Ok(BTreeMap::new());
    }
    let mut reader = Reader::open(wanted, (reading.clone(), people.clone()), Arc::new(AtomicU64::new(0)), None)?;
    let mut evidence = DateOrderEvidence::default();
    let mut counted: BTreeMap<String, BTreeMap<Scale, u64>> = BTreeMap::new();
    while let Some(row) = reader.next()? {
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
