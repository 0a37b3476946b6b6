//! The part of the opt-out list that concerns a batch, and its changes.

use lastword_domain::answer::opt_out::ToldBy;
use lastword_store::session::opt_out::{self, OptOut, SamePerson};
use lastword_store::{Millis, StoreError, Tx};
use std::collections::{BTreeMap, BTreeSet};

/// Names of opted-out people, by their marks.
#[derive(Clone, Debug, Default)]
pub(crate) struct OptOutList {
    names: Vec<OptOut>,
    /// The marks that are not stored yet.
    new: BTreeSet<String>,
    /// Persons who turned out to be the same as others.
    joined: BTreeMap<String, String>,
    /// Persons who may be asked again.
    lifted: BTreeSet<String>,
}

impl OptOutList {
    /// The list as it was read.
    pub(crate) fn of(names: Vec<OptOut>) -> Self {
        Self { names, ..Self::default() }
    }

    /// True if one of these marks is on it.
    pub(crate) fn has(&self, marks: &[String]) -> bool {
        self.names.iter().any(|name| marks.contains(&name.mark))
    }

    /// The ones among `marks` that are on it, the oldest first.
    fn find(&self, marks: &[String]) -> Vec<OptOut> {
        let mut found: Vec<OptOut> = self.names.iter().filter(|name| marks.contains(&name.mark)).cloned().collect();
        found.sort_by(|one, other| (one.opted_out_at, &one.mark).cmp(&(other.opted_out_at, &other.mark)));
        found
    }

    /// Adds all names of a person who is on the list, or is added to it `now` under a new ID. Returns whether the person was added.
    pub(crate) fn note(&mut self, marks: &[String], now: Option<(ToldBy, Millis)>, new_id: impl FnOnce() -> String) -> bool {
        let known = self.find(marks);
        let (person, opted_out_at, told_by) = match (known.first(), now) {
            (Some(first), _) => (first.person.clone(), first.opted_out_at, first.opted_out_by.clone()),
            (None, Some((told_by, now))) => (new_id(), now, told_by.as_str().to_owned()),
            (None, None) => return false,
        };
        for other in known.iter().map(|name| name.person.as_str()).filter(|other| *other != person) {
            self.join(other, &person);
        }
        for mark in marks.iter().filter(|mark| known.iter().all(|known| known.mark != **mark)) {
            if self.new.insert(mark.clone()) {
                self.names.push(OptOut { mark: mark.clone(), person: person.clone(), opted_out_at, opted_out_by: told_by.clone() });
            }
        }
        known.is_empty()
    }

    fn join(&mut self, other: &str, person: &str) {
        self.names.iter_mut().filter(|name| name.person == other).for_each(|name| person.clone_into(&mut name.person));
        self.joined.values_mut().filter(|known| *known == other).for_each(|known| person.clone_into(known));
        self.joined.insert(other.to_owned(), person.to_owned());
    }

    /// Removes the person with these marks. Returns whether they were on the list.
    pub(crate) fn lift(&mut self, marks: &[String]) -> bool {
        let persons: BTreeSet<String> = self.find(marks).into_iter().map(|name| name.person).collect();
        self.names.retain(|name| !persons.contains(&name.person));
        self.new.retain(|mark| self.names.iter().any(|name| name.mark == *mark));
        // All who turned out to be one of them are the same person.
        let (theirs, others): (BTreeMap<_, _>, BTreeMap<_, _>) =
            std::mem::take(&mut self.joined).into_iter().partition(|(_, person)| persons.contains(person));
        self.joined = others;
        self.lifted.extend(theirs.into_keys());
        let were_on_it = !persons.is_empty();
        self.lifted.extend(persons);
        were_on_it
    }

    /// Writes the changes.
    pub(crate) async fn write(&self, tx: &mut Tx) -> Result<(), StoreError> {
        opt_out::lift(tx, &self.lifted.iter().map(String::as_str).collect::<Vec<_>>()).await?;
        let joined = self.joined.iter().map(|(before, person)| SamePerson { before: before.clone(), person: person.clone() });
        opt_out::join(tx, &joined.collect::<Vec<_>>()).await?;
        let new: Vec<OptOut> = self.names.iter().filter(|name| self.new.contains(&name.mark)).cloned().collect();
        opt_out::keep(tx, &new).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Option<(ToldBy, Millis)> = Some((ToldBy::Text, 50));

    fn name(mark: &str, person: &str, opted_out_at: Millis) -> OptOut {
        OptOut { mark: mark.to_owned(), person: person.to_owned(), opted_out_at, opted_out_by: "link".to_owned() }
    }

    fn marks(marks: &[&str]) -> Vec<String> {
        marks.iter().map(|&mark| mark.to_owned()).collect()
    }

    fn new_names(list: &OptOutList) -> Vec<(&str, &str, Millis)> {
        let new = list.names.iter().filter(|name| list.new.contains(&name.mark));
        new.map(|name| (name.mark.as_str(), name.person.as_str(), name.opted_out_at)).collect()
    }

    #[test]
    fn two_who_turn_out_to_be_one_are_one_from_the_first_word_on() {
        let mut list = OptOutList::of(vec![name("chat", "B", 20), name("phone", "A", 10)]);
        assert!(!list.note(&marks(&["chat", "phone", "mail"]), NOW, || unreachable!("they are known")));
        assert_eq!(list.joined.iter().collect::<Vec<_>>(), [(&"B".to_owned(), &"A".to_owned())]);
        assert_eq!(new_names(&list), [("mail", "A", 10)]);
        // If it is removed in the same batch, it is removed for both.
        assert!(list.lift(&marks(&["mail"])));
        assert_eq!((list.lifted.iter().map(String::as_str).collect::<Vec<_>>(), list.joined.len()), (vec!["A", "B"], 0));
        assert!(new_names(&list).is_empty() && !list.has(&marks(&["chat", "phone", "mail"])));
        assert!(!list.lift(&marks(&["chat"])), "nobody is on it any more");
    }

    #[test]
    fn the_last_word_of_a_batch_counts() {
        let mut list = OptOutList::default();
        assert!(list.note(&marks(&["chat"]), NOW, || "A".to_owned()) && !list.note(&marks(&["chat"]), NOW, || "B".to_owned()));
        assert!(list.lift(&marks(&["chat"])) && list.note(&marks(&["chat"]), NOW, || "C".to_owned()));
        assert_eq!((new_names(&list), list.has(&marks(&["chat"]))), (vec![("chat", "C", 50)], true));
        assert!(!list.note(&marks(&["mail"]), None, || unreachable!("nobody comes onto it")), "only those who are on it stay");
    }
}
