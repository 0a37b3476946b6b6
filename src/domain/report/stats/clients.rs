//! Who is a case: one answer of each client and member of a team, the last. Answers of one client are alike; counted each,
//! they would make differences out of nothing (of twenty equals, half of all pages would show one where each client rates
//! four times).

use super::team::Ratings;
use crate::domain::report::share::Share;
use std::collections::{BTreeMap, HashMap};

/// One rating as a comparison takes it.
#[derive(Clone, Copy, Debug)]
pub struct Given<'a> {
    /// The member of the team it is of.
    pub member: &'a str,
    /// The client.
    pub client: &'a str,
    /// What it is compared within: one text for each line, channel and scale.
    pub stratum: &'a str,
    /// Whether it is good.
    pub good: bool,
    /// Its place in time: of a client's ratings of one member the one with the highest counts, of equals the one taken in later.
    pub at: i64,
}

/// Ratings as they are taken in.
#[derive(Clone, Debug, Default)]
pub struct Cases {
    strata: HashMap<String, usize>,
    clients: HashMap<String, u32>,
    members: BTreeMap<String, Counting>,
}

#[derive(Clone, Debug, Default)]
struct Counting {
    ratings: i64,
    last: HashMap<u32, (i64, usize, bool)>,
}

/// What is compared of one member.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Case {
    /// The member.
    pub id: String,
    /// The last rating of each client, by stratum.
    pub ratings: Ratings,
    /// How many clients that are.
    pub clients: i64,
    /// All ratings.
    pub given: i64,
}

impl Cases {
    /// Takes a rating in.
    pub fn take(&mut self, given: Given<'_>) {
        let next = self.strata.len();
        let stratum = match self.strata.get(given.stratum) {
            Some(known) => *known,
            None => *self.strata.entry(given.stratum.to_owned()).or_insert(next),
        };
        let next = u32::try_from(self.clients.len()).unwrap_or(u32::MAX);
        let client = match self.clients.get(given.client) {
            Some(known) => *known,
            None => *self.clients.entry(given.client.to_owned()).or_insert(next),
        };
        if !self.members.contains_key(given.member) {
            self.members.insert(given.member.to_owned(), Counting::default());
        }
        let Some(member) = self.members.get_mut(given.member) else { return };
        member.ratings += 1;
        let last = member.last.entry(client).or_insert((given.at, stratum, given.good));
        if last.0 <= given.at {
            *last = (given.at, stratum, given.good);
        }
    }

    /// What is compared, by member.
    pub fn team(&self) -> Vec<Case> {
        let case = |(id, member): (&String, &Counting)| {
            let mut strata: BTreeMap<usize, Share> = BTreeMap::new();
            for (_, stratum, good) in member.last.values() {
                let share = strata.entry(*stratum).or_default();
                *share = Share::of(share.part + i64::from(*good), share.whole + 1);
            }
            let clients = i64::try_from(member.last.len()).unwrap_or(i64::MAX);
            Case { id: id.clone(), ratings: strata.into_iter().collect(), clients, given: member.ratings }
        };
        self.members.iter().map(case).collect()
    }

    /// How many clients there are over all members.
    pub fn clients(&self) -> i64 {
        i64::try_from(self.clients.len()).unwrap_or(i64::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_rating_of_each_client_and_member_counts() {
        let mut cases = Cases::default();
        let mut take = |member, client, line, good, at| {
            cases.take(Given { member, client, stratum: line, good, at });
        };
        take("ada", "anna", "sales", true, 5);
        take("ada", "anna", "sales", false, 9);
        take("ada", "anna", "vip", true, 7);
        take("ada", "ben", "vip", true, 1);
        take("bob", "anna", "sales", true, 2);
        let found = cases.team();
        assert_eq!((found[0].id.as_str(), found[0].clients, found[0].given), ("ada", 2, 4));
        assert_eq!(found[0].ratings, [(0, Share::of(0, 1)), (1, Share::of(1, 1))]);
        assert_eq!((found[1].clients, found[1].ratings.clone()), (1, vec![(0, Share::of(1, 1))]));
        assert_eq!(cases.clients(), 2);
    }
}
