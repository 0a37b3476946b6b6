//! Selection of cases: the last answer of each client to each member of a team. Answers of one client are correlated; counting each
//! would create differences from nothing (of twenty equal operators, half of all pages would show one if each client rates four
//! times).

use super::spread::Spread;
use super::team::Ratings;
use crate::share::Share;
use std::collections::{BTreeMap, HashMap, HashSet};

/// One rating for a comparison.
#[derive(Clone, Copy, Debug)]
pub struct Given<'a> {
    /// The rated member of the team.
    pub member: &'a str,
    /// The client.
    pub client: &'a str,
    /// The stratum within which it is compared: one text for each line, channel and scale.
    pub stratum: &'a str,
    /// True if it is good.
    pub good: bool,
    /// Its order in time: of a client's ratings of one member the highest counts; of equal ones, the one added later.
    pub at: i64,
}

/// Ratings, added one by one.
#[derive(Clone, Debug, Default)]
pub struct Cases {
    strata: Numbered,
    clients: Numbered,
    members: BTreeMap<String, Counting>,
    /// Strata that are excluded from comparisons.
    out: HashSet<u32>,
}

/// Names, numbered in the order of their addition.
#[derive(Clone, Debug, Default)]
struct Numbered(HashMap<String, u32>);

impl Numbered {
    fn next(&self) -> u32 {
        u32::try_from(self.0.len()).unwrap_or(u32::MAX)
    }

    fn of(&mut self, name: &str) -> u32 {
        if let Some(known) = self.0.get(name) { *known } else { self.keep(name.to_owned()) }
    }

    fn keep(&mut self, name: String) -> u32 {
        let next = self.next();
        *self.0.entry(name).or_insert(next)
    }

    /// The names by number.
    fn names(self) -> Vec<String> {
        let mut names = vec![String::new(); self.0.len()];
        for (name, number) in self.0 {
            names[number as usize] = name;
        }
        names
    }

    /// Adds the names of `later` in their order, and returns the number here for each of its numbers.
    fn join(&mut self, later: Numbered) -> Vec<u32> {
        later.names().into_iter().map(|name| self.keep(name)).collect()
    }
}

#[derive(Clone, Debug, Default)]
struct Counting {
    ratings: i64,
    clients: HashMap<u32, Client>,
}

/// The last rating of a client: its time, its stratum, and whether it is good.
type Last = (i64, u32, bool);

/// A client of one member.
#[derive(Clone, Copy, Debug, Default)]
struct Client {
    /// Last rating that is a case; `None` if no rating of the client is one.
    last: Option<Last>,
    /// Good of all ratings.
    given: Share,
}

impl Counting {
    fn see(&mut self, client: u32, rating: Client) {
        let known = self.clients.entry(client).or_default();
        if let Some(last) = rating.last.filter(|last| known.last.is_none_or(|known| known.0 <= last.0)) {
            known.last = Some(last);
        }
        known.given = known.given.and(rating.given);
    }
}

/// Cases of one member.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Case {
    /// The member.
    pub id: String,
    /// The last rating of each client, by stratum.
    pub ratings: Ratings,
    /// Last ratings in strata that are excluded from comparisons ([`Cases::leave_out`]).
    pub left_out: Share,
    /// Number of clients.
    pub clients: i64,
    /// Number of all ratings.
    pub given: i64,
    /// Spread of all ratings over clients, for the interval of their share.
    pub spread: Spread,
}

impl Cases {
    /// Adds a rating.
    pub fn take(&mut self, given: Given<'_>) {
        self.add(given, true);
    }

    /// Adds a rating that counts in the share, but is no case of a comparison.
    pub fn count(&mut self, given: Given<'_>) {
        self.add(given, false);
    }

    fn add(&mut self, given: Given<'_>, is_case: bool) {
        let (stratum, client) = (self.strata.of(given.stratum), self.clients.of(given.client));
        if !self.members.contains_key(given.member) {
            self.members.insert(given.member.to_owned(), Counting::default());
        }
        let Some(member) = self.members.get_mut(given.member) else { return };
        member.ratings += 1;
        let last = is_case.then_some((given.at, stratum, given.good));
        member.see(client, Client { last, given: Share::of(i64::from(given.good), 1) });
    }

    /// Adds all ratings of `later`; of equal ones, these count as later.
    pub fn join(&mut self, later: Cases) {
        if self.members.is_empty() {
            *self = later;
            return;
        }
        let (strata, clients) = (self.strata.join(later.strata), self.clients.join(later.clients));
        for (id, joining) in later.members {
            let member = self.members.entry(id).or_default();
            member.ratings += joining.ratings;
            for (client, Client { last, given }) in joining.clients {
                let last = last.map(|(at, stratum, good)| (at, strata[stratum as usize], good));
                member.see(clients[client as usize], Client { last, given });
            }
        }
    }

    /// Excludes the cases in these strata from comparisons; they are counted separately. Call it after the last [`Cases::join`].
    /// Returns true if there are any.
    pub fn leave_out(&mut self, is_left_out: impl Fn(&str) -> bool) -> bool {
        self.out = self.strata.0.iter().filter(|(name, _)| is_left_out(name)).map(|(_, number)| *number).collect();
        let mut clients = self.members.values().flat_map(|member| member.clients.values());
        clients.any(|client| client.last.is_some_and(|(_, stratum, _)| self.out.contains(&stratum)))
    }

    /// The cases by member.
    pub fn team(&self) -> Vec<Case> {
        let case = |(id, member): (&String, &Counting)| {
            let (mut strata, mut left_out, mut spread): (BTreeMap<u32, Share>, _, _) =
                (BTreeMap::new(), Share::default(), Spread::default());
            for Client { last, given } in member.clients.values() {
                if let Some((_, stratum, good)) = last {
                    let share = if self.out.contains(stratum) { &mut left_out } else { strata.entry(*stratum).or_default() };
                    *share = share.and(Share::of(i64::from(*good), 1));
                }
                spread.add(*given);
            }
            Case {
                id: id.clone(),
                clients: left_out.whole + strata.values().map(|share| share.whole).sum::<i64>(),
                ratings: strata.into_iter().map(|(stratum, share)| (stratum as usize, share)).collect(),
                left_out,
                given: member.ratings,
                spread,
            }
        };
        self.members.iter().map(case).collect()
    }

    /// Pairs of the members of these cases and of those of another time, by ID. A member of only one has an empty case in the other. Also
    /// returns the names of the strata, by number.
    pub fn beside(&self, then: &Cases) -> (Vec<(Case, Case)>, Vec<String>) {
        let mut strata = self.strata.clone();
        let there = strata.join(then.strata.clone());
        let mut pairs: BTreeMap<String, (Case, Case)> = BTreeMap::new();
        let none = |id: &String| Case { id: id.clone(), ..Case::default() };
        for case in self.team() {
            let then = none(&case.id);
            pairs.insert(case.id.clone(), (case, then));
        }
        for mut case in then.team() {
            case.ratings.iter_mut().for_each(|(stratum, _)| *stratum = there[*stratum] as usize);
            let id = case.id.clone();
            pairs.entry(id.clone()).or_insert_with(|| (none(&id), Case::default())).1 = case;
        }
        (pairs.into_values().collect(), strata.names())
    }

    /// Number of clients over all members.
    pub fn clients(&self) -> i64 {
        i64::from(self.clients.next())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

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
        let mut without = cases.clone();
        assert!(!without.leave_out(|stratum| stratum == "mail") && without.leave_out(|stratum| stratum == "vip"));
        let ada = &without.team()[0];
        assert_eq!((ada.clients, ada.ratings.clone(), ada.left_out), (2, vec![(0, Share::of(0, 1))], Share::of(1, 1)), "it is counted");
        cases.count(Given { member: "bob", client: "cleo", stratum: "sales", good: false, at: 3 });
        let bob = &cases.team()[1];
        assert_eq!((bob.clients, bob.given, bob.spread.share()), (1, 2, Share::of(1, 2)), "what is counted alone has no vote");
    }

    #[test]
    fn the_same_members_of_two_times_have_the_same_strata() {
        let of = |given: &[(&str, &str, &str)]| {
            let mut cases = Cases::default();
            given.iter().for_each(|&(member, client, stratum)| cases.take(Given { member, client, stratum, good: true, at: 0 }));
            cases
        };
        let (now, then) =
            (of(&[("ada", "anna", "mail"), ("ada", "ben", "chat")]), of(&[("ada", "cleo", "chat"), ("bob", "anna", "letter")]));
        let (pairs, strata) = now.beside(&then);
        assert_eq!(strata, ["mail", "chat", "letter"]);
        let ratings = |pair: &(Case, Case)| (pair.0.ratings.clone(), pair.1.ratings.clone());
        let one = Share::of(1, 1);
        assert_eq!(ratings(&pairs[0]), (vec![(0, one), (1, one)], vec![(1, one)]));
        assert_eq!((pairs[1].0.id.as_str(), ratings(&pairs[1])), ("bob", (vec![], vec![(2, one)])));
    }

    proptest! {
        #[test]
        fn what_is_taken_in_apart_and_joined_is_what_is_taken_in_at_once(
            given in prop::collection::vec((0..3_usize, 0..6_usize, 0..3_usize, any::<bool>(), 0..4_i64), 0..60),
            cuts in prop::collection::vec(0..60_usize, 0..4),
        ) {
            let names = ["a", "b", "c", "d", "e", "f"];
            let take = |cases: &mut Cases, rating: &(usize, usize, usize, bool, i64)| {
                let (member, client, stratum, good, at) = *rating;
                cases.take(Given { member: names[member], client: names[client], stratum: names[stratum], good, at });
            };
            let (mut at_once, mut joined, mut apart) = (Cases::default(), Cases::default(), Cases::default());
            for (number, rating) in given.iter().enumerate() {
                if cuts.contains(&number) {
                    joined.join(std::mem::take(&mut apart));
                }
                take(&mut at_once, rating);
                take(&mut apart, rating);
            }
            joined.join(apart);
            prop_assert_eq!(joined.clients(), at_once.clients());
            prop_assert_eq!(joined.team(), at_once.team());
        }
    }
}
