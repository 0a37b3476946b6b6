//! The rule for "good" that applied while the ratings of a report could be given; shown with every score.

pub mod graded;

use crate::Millis;
use crate::answer::rating::{Grade, Scale};
use crate::line::LineSettings;
use lastword_base::names::LineId;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
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

/// Another scale that an experiment tried on a line, with that scale's default rule.
#[derive(Clone, Debug)]
pub struct TriedScale {
    /// The line.
    pub line: LineId,
    /// The scale.
    pub scale: Scale,
    /// Start of the experiment.
    pub from: Millis,
    /// Its end; `None` while it runs.
    pub until: Option<Millis>,
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

/// A line and a scale.
pub type Place = (LineId, Scale);

/// The lines and scales with ratings in a period.
#[derive(Clone, Debug, Default)]
pub struct Rated {
    /// Lines and scales with any ratings.
    pub any: BTreeSet<Place>,
    /// Lines and scales whose ratings were all imported.
    pub imported: BTreeSet<Place>,
}

/// The rules of the settings by which closes from `from` up to `until` (exclusive) could be rated.
fn in_force(versions: &[Version], from: Millis, until: Millis) -> impl Iterator<Item = (Place, u8)> {
    let of = move |(place, version): (usize, &Version)| {
        let next = versions[place + 1..].iter().find(|later| later.line == version.line).map_or(Millis::MAX, |later| later.since);
        // Rated by the rule at the time of the answer, which comes at most this long after the close.
        let answers_until = until.saturating_add(Millis::from(version.settings.expires_after_hours) * 3_600_000);
        let scale = version.settings.scale;
        (version.since < answers_until && from < next).then(|| ((version.line.clone(), scale), version.settings.highest_low(scale)))
    };
    versions.iter().enumerate().filter_map(of)
}

/// The rules of imported ratings of closes from `from` up to `until` (exclusive).
fn of_imports(imported: &[ImportedRule], from: Millis, until: Millis) -> impl Iterator<Item = (Place, u8)> {
    let inside = imported.iter().filter(move |one| one.first_closed_at < until && from <= one.last_closed_at);
    inside.map(|one| ((one.line.clone(), one.scale), one.low_max))
}

/// The rules of scales that experiments tried on closes from `from` up to `until` (exclusive).
fn of_trials(tried: &[TriedScale], from: Millis, until: Millis) -> impl Iterator<Item = (Place, u8)> {
    let inside = tried.iter().filter(move |one| one.from < until && one.until.is_none_or(|end| from < end));
    inside.map(|one| ((one.line.clone(), one.scale), one.scale.low_max_default()))
}

/// The lines and scales whose settings have a rule that their imported ratings do not have: it is shown only if other ratings exist.
pub fn disputed(versions: &[Version], imported: &[ImportedRule], from: Millis, until: Millis) -> BTreeSet<Place> {
    let known: BTreeSet<(Place, u8)> = of_imports(imported, from, until).collect();
    let places: BTreeSet<&Place> = known.iter().map(|(place, _)| place).collect();
    let new = in_force(versions, from, until).filter(|rule| places.contains(&rule.0) && !known.contains(rule));
    new.map(|(place, _)| place).collect()
}

/// The rules by which ratings of closes from `from` up to `until` (exclusive) could be graded, on the lines and scales that were `rated`.
/// `versions` are those of all selected lines, oldest first; `tried` are other scales of experiments; `imported` are the rules of imported
/// ratings, which do not follow the settings of their days.
pub fn rules(
    versions: &[Version],
    tried: &[TriedScale],
    imported: &[ImportedRule],
    rated: &Rated,
    from: Millis,
    until: Millis,
) -> Vec<Rule> {
    let mut found: BTreeMap<(Scale, u8), Vec<LineId>> = BTreeMap::new();
    let of_settings = in_force(versions, from, until).chain(of_trials(tried, from, until));
    let of_settings = of_settings.filter(|(place, _)| !rated.imported.contains(place));
    for ((line, scale), low_max) in of_settings.chain(of_imports(imported, from, until)) {
        let lines = found.entry((scale, low_max)).or_default();
        if rated.any.contains(&(line.clone(), scale)) && !lines.contains(&line) {
            lines.push(line);
        }
    }
    found.retain(|_, lines| !lines.is_empty());
    found.into_iter().map(|((scale, low_max), lines)| rule(scale, low_max, lines)).collect()
}

/// Rules that call the same scores good are one, for a text that names only those: each with the lines of both.
pub fn by_good<L: Clone + PartialEq>(rules: &[(Rule, Vec<L>)]) -> Vec<(Rule, Vec<L>)> {
    let mut found: Vec<(Rule, Vec<L>)> = Vec::new();
    for (rule, lines) in rules {
        match found.iter_mut().find(|(known, _)| (known.scale, &known.good) == (rule.scale, &rule.good)) {
            Some((_, known)) => {
                let new: Vec<L> = lines.iter().filter(|line| !known.contains(line)).cloned().collect();
                known.extend(new);
            }
            None => found.push((rule.clone(), lines.clone())),
        }
    }
    found
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

    /// Both scales of these lines were rated, and not only by imports.
    fn rated(lines: &[&str]) -> Rated {
        let both = |line: &&str| [Scale::Binary, Scale::FiveStar].map(|scale| (LineId::from(*line), scale));
        Rated { any: lines.iter().flat_map(both).collect(), ..Rated::default() }
    }

    fn rules(versions: &[Version], imported: &[ImportedRule], from: Millis, until: Millis) -> Vec<Rule> {
        super::rules(versions, &[], imported, &rated(&["a", "b", "c"]), from, until)
    }

    #[test]
    fn only_lines_with_ratings_have_rules() {
        let versions = [version("a", 0, None), version("b", 0, Some(4))];
        let of = |rated: &Rated| super::rules(&versions, &[], &[], rated, 0, 1).into_iter().map(|rule| rule.lines).collect::<Vec<_>>();
        assert_eq!(of(&rated(&["a"])), [vec![LineId::from("a")]]);
        assert!(of(&Rated::default()).is_empty());
    }

    #[test]
    fn imported_ratings_do_not_follow_the_settings_of_their_days() {
        let versions = [version("a", 0, None)];
        let import =
            |low_max| ImportedRule { line: "a".into(), scale: Scale::FiveStar, low_max, first_closed_at: 100, last_closed_at: 200 };
        let place = BTreeSet::from([(LineId::from("a"), Scale::FiveStar)]);
        assert_eq!(disputed(&versions, &[import(4)], 100, 300), place);
        assert!(disputed(&versions, &[import(2)], 100, 300).is_empty() && disputed(&versions, &[], 100, 300).is_empty());
        assert!(disputed(&versions, &[import(4)], 300, 400).is_empty(), "nothing was imported of these days");
        let of = |imported| {
            let rated = Rated { any: place.clone(), imported };
            super::rules(&versions, &[], &[import(4)], &rated, 100, 300).into_iter().map(|rule| rule.good).collect::<Vec<_>>()
        };
        assert_eq!((of(place.clone()), of(BTreeSet::new())), (vec![vec![5]], vec![vec![4, 5], vec![5]]));
    }

    #[test]
    fn rules_with_the_same_good_scores_are_one_for_who_asks_for_those() {
        let rules = [(rule(Scale::FiveStar, 2, vec![]), vec!["a", "b"]), (rule(Scale::FiveStar, 3, vec![]), vec!["b", "c"])];
        let found = by_good(&rules);
        assert_eq!((found.len(), &found[0].1[..]), (1, &["a", "b", "c"][..]));
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
    fn the_other_scale_of_an_experiment_has_its_default_rule() {
        let tried = |until| [TriedScale { line: "a".into(), scale: Scale::Binary, from: 100, until }];
        let of = |until, (from, to): (Millis, Millis)| {
            let found = super::rules(&[version("a", 0, Some(4))], &tried(until), &[], &rated(&["a"]), from, to);
            found.into_iter().map(|rule| (rule.scale, rule.good)).collect::<Vec<_>>()
        };
        let (thumbs, stars) = ((Scale::Binary, vec![1]), (Scale::FiveStar, vec![5]));
        assert_eq!(of(Some(200), (199, 300)), [thumbs.clone(), stars.clone()]);
        assert_eq!((of(Some(200), (200, 300)), of(None, (0, 100))), (vec![stars.clone()], vec![stars.clone()]), "not on other days");
        assert_eq!(of(None, (900, 901)), [thumbs, stars], "it is still running");
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
