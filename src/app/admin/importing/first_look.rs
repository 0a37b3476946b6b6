//! What a file must say before its rows can be read: the order of its dates, and the scale of each line that will be made.

use super::people::People;
use super::{Reader, Wanted, line_id};
use crate::app::admin::Failure;
use crate::domain::answer::rating::Scale;
use lastword_import::{self as import, DateOrderEvidence, Reading};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

/// Sets the order of dates, unless the person named it, and gives the scale of most scores of each line that the file names and that
/// is not there, by the id it will have. The file is read only where one of the two is to be found out.
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
        let said = Some(()).filter(|()| makes_lines).and_then(|()| {
            let name = reader.layout.line_named(&reader.cells)?;
            Some((line_id(import::whole(name).unwrap_or(name)), reader.layout.scale_said(&reader.cells)?))
        });
        if let Some((line, scale)) = said {
            *counted.entry(line).or_default().entry(scale).or_default() += 1;
        }
    }
    if wanted.dates.is_none() {
        reading.dates = evidence.order().map_err(|problem| Failure::Usage(format!("--dates: {problem}")))?;
    }
    let most = |scales: BTreeMap<Scale, u64>| scales.into_iter().max_by_key(|(scale, count)| (*count, *scale)).map(|(scale, _)| scale);
    Ok(counted.into_iter().filter_map(|(line, scales)| Some((line, most(scales)?))).collect())
}
