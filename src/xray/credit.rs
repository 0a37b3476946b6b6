//! For whom ratings count.

use super::chat::{Chat, Person};
use super::{Figure, Rule, share};
use serde::Serialize;

/// For whom ratings count.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Credit {
    /// Ratings that name no operator; nothing where there are no ratings.
    pub without_operator: Option<Figure>,
    /// Of the ratings that name a person, those credited to somebody who wrote nothing; nothing where it is not known who wrote.
    pub credited_elsewhere: Option<Figure>,
    /// Ratings of chats that programs alone served; nothing where it is not known who did.
    pub by_program: Option<Figure>,
}

/// For whom the ratings of these chats count.
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

/// The people who wrote in a chat, where it is known and there were any.
fn people(chat: &Chat) -> Option<Vec<&Person>> {
    let people: Vec<&Person> = chat.writers.as_ref()?.iter().filter(|writer| !writer.program).collect();
    (!people.is_empty()).then_some(people)
}
