//! Operators whose scores differ significantly: the product's own comparison, applied to the desk's ratings.

use super::Rule;
use super::chat::{Chat, Person};
use lastword_domain::answer::rating::Scale;
use lastword_domain::report::Part;
use lastword_domain::report::comparison::{Compared, Comparison, Verdict};
use lastword_stats::clients::{Cases, Given};
use lastword_stats::share::Share;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// Comparison of a desk's operators.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Operators {
    /// Rule of the comparison.
    pub rule: Rule,
    /// Number of people with ratings.
    pub people: usize,
    /// Number of programs with ratings, which are not compared with people.
    pub programs: usize,
    /// Number of people significantly better than the others.
    pub above: usize,
    /// Number of people significantly worse than the others.
    pub below: usize,
    /// Number of people without a significant difference.
    pub not_told_apart: usize,
    /// True if each client counts once; false if clients are unknown and each chat counts.
    pub clients_known: bool,
    /// First and last of a list by score, if it has at least two entries.
    pub list: Option<ListEnds>,
    /// The people, best score first.
    pub operators: Vec<Operator>,
}

/// One person.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Operator {
    /// The desk's ID of the operator.
    pub id: String,
    /// Name; the ID if there is none.
    pub name: String,
    /// Good ratings of all ratings, as a list of the desk shows it.
    pub all: Part,
    /// Comparison with the others.
    #[serde(flatten)]
    pub compared: Compared,
}

/// Both ends of a list by score.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ListEnds {
    /// Name of the first.
    pub first: String,
    /// Name of the last.
    pub last: String,
    /// Difference of their scores, in percentage points.
    pub points: f64,
    /// True if the difference is significant.
    pub told_apart: bool,
}

/// Compares the operators of these chats.
pub fn operators(chats: &[Chat]) -> Operators {
    let (mut cases, mut scales): (Cases, BTreeSet<Scale>) = Default::default();
    let (mut people, mut programs): (BTreeMap<&str, (&Person, Share)>, BTreeSet<&str>) = Default::default();
    let mut clients_known = true;
    for (chat, rating) in chats.iter().filter_map(|chat| Some((chat, chat.rating.as_ref()?))) {
        let Some(operator) = &rating.operator else { continue };
        if operator.program {
            programs.insert(&operator.id);
            continue;
        }
        let known = people.entry(&operator.id).or_insert((operator, Share::default()));
        *known = (operator, known.1.and(Share::of(i64::from(rating.is_good()), 1)));
        clients_known &= chat.client.is_some();
        scales.insert(rating.scale);
        let alone = format!("chat {}", chat.session);
        let (line, channel) = (chat.line.as_deref().unwrap_or_default(), chat.channel.as_deref().unwrap_or_default());
        cases.take(Given {
            member: &operator.id,
            client: chat.client.as_deref().unwrap_or(&alone),
            stratum: &format!("{line}\u{1f}{channel}\u{1f}{}", rating.scale.as_str()),
            good: rating.is_good(),
            at: rating.at,
        });
    }
    let comparison = Comparison::of(cases.team(), scales.into_iter().collect());
    let named = |compared: Compared| {
        let (person, all) = people.get(compared.id.as_str())?;
        let name = person.name.clone().unwrap_or_else(|| person.id.clone());
        Some(Operator { id: person.id.clone(), name, all: (*all).into(), compared })
    };
    let mut operators: Vec<Operator> = comparison.operators.into_iter().filter_map(named).collect();
    operators.sort_by(|a, b| b.all.percent.unwrap_or_default().total_cmp(&a.all.percent.unwrap_or_default()).then(b.all.of.cmp(&a.all.of)));
    let count = |verdict| operators.iter().filter(|operator| operator.compared.verdict == verdict).count();
    Operators {
        rule: Rule::ToldApart,
        people: operators.len(),
        programs: programs.len(),
        above: count(Verdict::Higher),
        below: count(Verdict::Lower),
        not_told_apart: count(Verdict::CannotTell),
        clients_known,
        list: ends(&operators),
        operators,
    }
}

fn ends(operators: &[Operator]) -> Option<ListEnds> {
    let [first, .., last] = operators else { return None };
    let points = first.all.percent? - last.all.percent?;
    let told_apart = match (first.compared.places, last.compared.places) {
        (Some(first), Some(last)) => first.to < last.from,
        _ => first.compared.verdict == Verdict::Higher && last.compared.verdict == Verdict::Lower,
    };
    Some(ListEnds { first: first.name.clone(), last: last.name.clone(), points, told_apart })
}
