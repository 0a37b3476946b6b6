//! The rule for "good" that applied while the ratings of a report could be given; shown with every score.

use crate::Millis;
use crate::answer::rating::{Grade, Scale};
use crate::line::LineSettings;
use lastword_base::names::LineId;
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;

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

/// The rules by which closes from `from` up to `until` (exclusive) could be rated. `versions` are those of all selected lines,
/// oldest first.
pub fn rules(versions: &[Version], from: Millis, until: Millis) -> Vec<Rule> {
    let mut found: BTreeMap<(Scale, u8), Vec<LineId>> = BTreeMap::new();
    for (place, version) in versions.iter().enumerate() {
        let next = versions[place + 1..].iter().find(|later| later.line == version.line).map_or(Millis::MAX, |later| later.since);
        // Rated by the rule at the time of the answer, which comes at most this long after the close.
        let answers_until = until.saturating_add(Millis::from(version.settings.expires_after_hours) * 3_600_000);
        if version.since < answers_until && from < next {
            let low_max = version.settings.low_max.unwrap_or(version.settings.scale.low_max_default());
            let lines = found.entry((version.settings.scale, low_max)).or_default();
            if !lines.contains(&version.line) {
                lines.push(version.line.clone());
            }
        }
    }
    found.into_iter().map(|((scale, low_max), lines)| rule(scale, low_max, lines)).collect()
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
        let found = rules(&versions, 10 * DAY, 20 * DAY);
        assert_eq!(found.len(), 2);
        assert_eq!((&found[0].good[..], &found[0].neutral[..], &found[0].bad[..]), (&[4, 5][..], &[3][..], &[1, 2][..]));
        assert_eq!((&found[1].good[..], &found[1].bad[..], &found[1].lines[..]), (&[5][..], &[1, 2, 3, 4][..], &["b".into()][..]));
        let both = rules(&versions, 40 * DAY, 49 * DAY);
        assert_eq!(
            both.iter().filter(|rule| rule.lines.contains(&"a".to_owned().as_str().into())).count(),
            2,
            "answers come later than the change"
        );
        assert_eq!(rules(&versions, 60 * DAY, 70 * DAY).len(), 2);
        let thumbs = rules(&[Version { settings: LineSettings::default(), ..version("c", 0, None) }], 0, DAY);
        assert_eq!((&thumbs[0].good[..], &thumbs[0].bad[..]), (&[1][..], &[0][..]));
    }
}
