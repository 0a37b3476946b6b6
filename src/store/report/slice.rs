//! Slices of a cell, passed on one by one while its JSON is parsed: a report over ten million closes reads thousands of cells, most
//! for a few numbers of each.

use super::Closes;
use crate::counter::cell::{Body, parse_slice};
use crate::{StoreError, not_a_document};
use lastword_domain::answer::rating::Scale;
use lastword_domain::session::HandledBy;
use serde::de::{Deserialize, DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, Visitor};
use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

/// The slices of a report. `None` matches any.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct WantedSlices {
    scale: Option<Scale>,
    handled_by: Option<HandledBy>,
}

impl WantedSlices {
    /// Those of a report over `closes`.
    pub(super) fn of(closes: &Closes) -> Self {
        Self { scale: closes.scale, handled_by: closes.handled_by }
    }

    /// The slice with this name, if it is wanted.
    pub(super) fn pick(self, word: &str) -> Result<Option<(Scale, HandledBy)>, StoreError> {
        let (scale, handled_by) = parse_slice(word)?;
        let wants = self.scale.is_none_or(|wanted| wanted == scale) && self.handled_by.is_none_or(|wanted| wanted == handled_by);
        Ok(wants.then_some((scale, handled_by)))
    }

    /// Parses a part of a cell, and passes on the content of each wanted slice.
    ///
    /// # Errors
    /// [`StoreError::Inconsistent`] if it cannot be parsed.
    pub(super) fn read<'de, V: Deserialize<'de>>(
        self,
        body: Body,
        json: &'de str,
        take: impl FnMut(Scale, HandledBy, V),
    ) -> Result<(), StoreError> {
        let mut reader = serde_json::Deserializer::from_str(json);
        let slices = Slices { wanted: self, take, holds: PhantomData };
        let read = slices.deserialize(&mut reader).and_then(|()| reader.end());
        read.map_err(|error| not_a_document(body.table(), body.column(), &error))
    }
}

/// A visitor that stores nothing.
struct Slices<V, F> {
    wanted: WantedSlices,
    take: F,
    holds: PhantomData<V>,
}

impl<'de, V: Deserialize<'de>, F: FnMut(Scale, HandledBy, V)> DeserializeSeed<'de> for Slices<V, F> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<(), D::Error> {
        from.deserialize_map(self)
    }
}

impl<'de, V: Deserialize<'de>, F: FnMut(Scale, HandledBy, V)> Visitor<'de> for Slices<V, F> {
    type Value = ();

    fn expecting(&self, text: &mut fmt::Formatter<'_>) -> fmt::Result {
        text.write_str("slices of a cell")
    }

    fn visit_map<M: MapAccess<'de>>(mut self, mut map: M) -> Result<(), M::Error> {
        while let Some(word) = map.next_key::<Word<'de>>()? {
            match self.wanted.pick(&word.0).map_err(M::Error::custom)? {
                Some((scale, handled_by)) => (self.take)(scale, handled_by, map.next_value()?),
                None => drop(map.next_value::<IgnoredAny>()?),
            }
        }
        Ok(())
    }
}

/// A text that is borrowed if it has no escapes.
#[derive(PartialEq, Eq, PartialOrd, Ord, serde::Deserialize)]
#[serde(transparent)]
pub(super) struct Word<'a>(#[serde(borrow)] pub(super) Cow<'a, str>);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::counter::cell::KeptCounts;

    const CELL: &str = r#"{"binary/human":[3,2],"five_star/program":[1],"five_star/human":[]}"#;

    fn read(wanted: WantedSlices, json: &str) -> Result<Vec<(Scale, HandledBy, [i64; 2])>, StoreError> {
        let mut found = Vec::new();
        wanted.read(Body::Counts, json, |scale, handled_by, KeptCounts(counts)| {
            found.push((scale, handled_by, [counts.0[0], counts.0[1]]))
        })?;
        Ok(found)
    }

    #[test]
    fn only_wanted_slices_are_handed_over() {
        let any = WantedSlices { scale: None, handled_by: None };
        let [human, program] = ["human", "program"].map(|word| HandledBy::parse(word).unwrap());
        let all = [(Scale::Binary, human, [3, 2]), (Scale::FiveStar, program, [1, 0]), (Scale::FiveStar, human, [0, 0])];
        assert_eq!(read(any, CELL).unwrap(), all);
        assert_eq!(read(WantedSlices { scale: Some(Scale::FiveStar), ..any }, CELL).unwrap(), all[1..]);
        assert_eq!(read(WantedSlices { handled_by: Some(program), ..any }, CELL).unwrap(), all[1..2]);
    }

    #[test]
    fn what_cannot_be_read_is_named() {
        let any = WantedSlices { scale: None, handled_by: None };
        for damaged in [r#"{"binary/human":[3,"#, r#"{"binary":[3]}"#, r#"{"binary/human":["x"]}"#, r#"{}{}"#, "[]"] {
            let error = read(any, damaged).unwrap_err();
            let StoreError::Inconsistent { table: "counter", column: "counts", found } = error else { panic!("{damaged}: {error}") };
            assert!(found.starts_with("line 1 column "), "{damaged}: {found}");
        }
    }
}
