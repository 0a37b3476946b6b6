//! Which operators can be told apart: the product's own comparison, over the ratings of the desk.

use super::Rule;
use super::chat::{Chat, Person};
use lastword_domain::answer::rating::Scale;
use lastword_domain::report::Part;
use lastword_domain::report::comparison::{Compared, Comparison, Verdict};
use lastword_stats::clients::{Cases, Given};
use lastword_stats::share::Share;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// The operators of a desk.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Operators {
    /// The rule of the comparison.
    pub rule: Rule,
    /// People with ratings.
    pub people: usize,
    /// Programs with ratings: they are not compared with people.
    pub programs: usize,
    /// People who are better than the others.
    pub above: usize,
    /// People who are worse than the others.
    pub below: usize,
    /// People of whom the data cannot say either.
    pub not_told_apart: usize,
    /// Whether each client counts once; otherwise, where no client is known, each chat.
    pub clients_known: bool,
    /// The first and the last of a list by score, where there are two.
    pub list: Option<ListEnds>,
    /// The people, best score first.
    pub operators: Vec<Operator>,
}

/// One person.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Operator {
    /// The desk's id.
    pub id: String,
    /// The name; the id where there is none.
    pub name: String,
    /// Good of all ratings, as a list of the desk shows it.
    pub all: Part,
    /// Beside the others.
    #[serde(flatten)]
    pub compared: Compared,
}

/// The two ends of a list by score.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ListEnds {
    /// The name of the first.
    pub first: String,
    /// The name of the last.
    pub last: String,
    /// How far their scores are apart, in percentage points.
    pub points: f64,
    /// Whether the data put the first before the last.
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
