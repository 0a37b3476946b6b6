//! Operators that ratings are credited to.

use super::chat::{Chat, Person};
use super::{Figure, Rule, share};
use serde::Serialize;

/// Operators that ratings are credited to.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Credit {
    /// Ratings without an operator; `None` if there are no ratings.
    pub without_operator: Option<Figure>,
    /// Of the ratings with a human operator, those credited to an operator who wrote nothing; `None` if the writers are unknown.
    pub credited_elsewhere: Option<Figure>,
    /// Ratings of chats that only programs served; `None` if that is unknown.
    pub by_program: Option<Figure>,
}

/// Computes the credits of these chats' ratings.
pub fn credit(chats: &[Chat]) -> Credit {
    let rated = || chats.iter().filter_map(|chat| Some((chat, chat.rating.as_ref()?)));
    let named = rated().filter_map(|(chat, rating)| Some((rating.operator.as_ref()?, people(chat)?)));
    let by = rated().filter_map(|(chat, _)| chat.is_by_program());
    Credit {
        without_operator: Figure::of(Rule::WithoutOperator, share(rated(), |(_, rating)| rating.operator.is_none())),
        credited_elsewhere: Figure::of(
            Rule::CreditedElsewhere,
            share(named, |(operator, wrote)| !wrote.iter().any(|person| person.id == operator.id)),
        ),
        by_program: Figure::of(Rule::ByProgram, share(by, |by_program| *by_program)),
    }
}

/// People who wrote in a chat; `None` if unknown or if there were none.
fn people(chat: &Chat) -> Option<Vec<&Person>> {
    let people: Vec<&Person> = chat.writers.as_ref()?.iter().filter(|writer| !writer.program).collect();
    (!people.is_empty()).then_some(people)
}
