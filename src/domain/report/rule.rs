//! The rule for "good" that applied while the ratings of a report could be given; shown with every score.

pub mod graded;

use crate::Millis;
use crate::answer::rating::{Grade, Scale};
use crate::line::LineSettings;
use lastword_base::names::LineId;
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// Number of lines that a sentence about a rule names.
const LINES_NAMED: usize = 4;

/// One rule, and the lines with it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = GradeRule)]
pub struct Rule {
    /// The scale.
    pub scale: Scale,
    /// Scores that are good.
    pub good: Vec<u8>,
    /// Scores that are neither.
    pub neutral: Vec<u8>,
    /// Scores that are bad: they raise alerts.
    pub bad: Vec<u8>,
    /// The lines with this rule.
    #[schema(value_type = Vec<String>)]
    pub lines: Vec<LineId>,
}

/// The settings of a line from one change to the next.
#[derive(Clone, Debug)]
pub struct Version {
    /// The line.
    pub line: LineId,
    /// Start.
    pub since: Millis,
    /// The settings.
    pub settings: LineSettings,
}

/// A rule by which imported ratings of a line were graded. They follow the settings at the time of the import, which may be much
/// later than their closes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ImportedRule {
    /// The line.
    pub line: LineId,
    /// The scale of these ratings.
    pub scale: Scale,
    /// The highest bad score.
    pub low_max: u8,
    /// Time of the first close of a UTC day with such a rating.
    pub first_closed_at: Millis,
    /// Time of the last one of that day.
    pub last_closed_at: Millis,
}

/// The rules by which closes from `from` up to `until` (exclusive) could be rated. `versions` are those of all selected lines,
/// oldest first; `imported` are the rules of their imported ratings.
pub fn rules(versions: &[Version], imported: &[ImportedRule], from: Millis, until: Millis) -> Vec<Rule> {
    let mut found: BTreeMap<(Scale, u8), Vec<LineId>> = BTreeMap::new();
    let mut add = |scale: Scale, low_max: u8, line: &LineId| {
        let lines = found.entry((scale, low_max)).or_default();
        if !lines.contains(line) {
            lines.push(line.clone());
        }
    };
    for (place, version) in versions.iter().enumerate() {
        let next = versions[place + 1..].iter().find(|later| later.line == version.line).map_or(Millis::MAX, |later| later.since);
        // Rated by the rule at the time of the answer, which comes at most this long after the close.
        let answers_until = until.saturating_add(Millis::from(version.settings.expires_after_hours) * 3_600_000);
        if version.since < answers_until && from < next {
            let scale = version.settings.scale;
            add(scale, version.settings.highest_low(scale), &version.line);
        }
    }
    for one in imported {
        if one.first_closed_at < until && from <= one.last_closed_at {
            add(one.scale, one.low_max, &one.line);
        }
    }
    found.into_iter().map(|((scale, low_max), lines)| rule(scale, low_max, lines)).collect()
}

/// Names of a rule's lines for a sentence: the first ones, and the number of the others.
pub fn named(lines: &[impl AsRef<str>]) -> String {
    let named = lines.iter().take(LINES_NAMED).map(AsRef::as_ref).collect::<Vec<_>>().join(", ");
    let more = lines.len().saturating_sub(LINES_NAMED);
    if more > 0 { format!("{named} +{more}") } else { named }
}

/// Consecutive scores as text: `4–5`, or `5`. `None` if there are none.
pub fn score_span(scores: &[u8]) -> Option<String> {
    let (first, last) = scores.first().zip(scores.last())?;
    Some(if first == last { first.to_string() } else { format!("{first}–{last}") })
}

fn rule(scale: Scale, low_max: u8, lines: Vec<LineId>) -> Rule {
    let scores = match scale {
        Scale::Binary => 0..=1,
        Scale::FiveStar => 1..=5,
    };
    let of = |grade: Grade| scores.clone().filter(|&score| Grade::of(scale, score, score <= low_max) == grade).collect();
    Rule { scale, good: of(Grade::Good), neutral: of(Grade::Neutral), bad: of(Grade::Bad), lines }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn version(line: &str, since: Millis, low_max: Option<u8>) -> Version {
        Version { line: line.into(), since, settings: LineSettings { scale: Scale::FiveStar, low_max, ..LineSettings::default() } }
    }

    #[test]
    fn a_report_names_the_rules_of_its_time() {
        const DAY: Millis = 86_400_000;
        let versions = [version("a", 0, None), version("b", 0, Some(4)), version("a", 50 * DAY, Some(3))];
        let found = rules(&versions, &[], 10 * DAY, 20 * DAY);
        assert_eq!(found.len(), 2);
        assert_eq!((&found[0].good[..], &found[0].neutral[..], &found[0].bad[..]), (&[4, 5][..], &[3][..], &[1, 2][..]));
        assert_eq!((&found[1].good[..], &found[1].bad[..], &found[1].lines[..]), (&[5][..], &[1, 2, 3, 4][..], &["b".into()][..]));
        let both = rules(&versions, &[], 40 * DAY, 49 * DAY);
        assert_eq!(
            both.iter().filter(|rule| rule.lines.contains(&"a".to_owned().as_str().into())).count(),
            2,
            "answers come later than the change"
        );
        assert_eq!(rules(&versions, &[], 60 * DAY, 70 * DAY).len(), 2);
        let thumbs = rules(&[Version { settings: LineSettings::default(), ..version("c", 0, None) }], &[], 0, DAY);
        assert_eq!((&thumbs[0].good[..], &thumbs[0].bad[..]), (&[1][..], &[0][..]));
    }

    #[test]
    fn imported_ratings_follow_the_rule_of_their_import() {
        let versions = [version("a", 1_000_000_000, None)];
        let imported = [ImportedRule { line: "a".into(), scale: Scale::Binary, low_max: 0, first_closed_at: 100, last_closed_at: 200 }];
        let scales = |from, until| rules(&versions, &imported, from, until).iter().map(|rule| rule.scale).collect::<Vec<_>>();
        assert_eq!(scales(150, 160), [Scale::Binary], "before the line was created here, on the scale of the file");
        assert_eq!((scales(200, 201), scales(100, 101)), (vec![Scale::Binary], vec![Scale::Binary]), "both ends belong to it");
        assert_eq!((scales(0, 100), scales(201, 300)), (vec![], vec![]), "nothing was imported of these days");
        assert_eq!(scales(0, 2_000_000_000), [Scale::Binary, Scale::FiveStar]);
    }
}
