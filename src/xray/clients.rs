//! How many ratings are whose: ratings of one client are alike, and a few who rate often can make a score.

use super::chat::Chat;
use super::{Figure, Rule};
use lastword_stats::share::Share;
use serde::Serialize;
use std::collections::HashMap;

/// Whose ratings they are.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Clients {
    /// Clients who rated and are known by an id.
    pub clients: i64,
    /// Their ratings.
    pub ratings: i64,
    /// Ratings beyond the first of their client, of those ratings; nothing where there are none.
    pub repeats: Option<Figure>,
    /// The most ratings of one client.
    pub most: i64,
    /// Clients by how often they rated.
    pub groups: Vec<Group>,
    /// Ratings whose client is not known.
    pub unknown: i64,
}

/// Clients who rated as often.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Group {
    /// So often.
    pub times: i64,
    /// Or more often.
    pub or_more: bool,
    /// So many clients.
    pub clients: i64,
    /// Their ratings.
    pub ratings: i64,
}

/// From so many ratings on, clients are of one group.
const TIMES_MAX: i64 = 5;

/// Whose the ratings of these chats are.
pub fn clients(chats: &[Chat]) -> Clients {
    let mut times: HashMap<&str, i64> = HashMap::new();
    let mut unknown = 0;
    for chat in chats.iter().filter(|chat| chat.rating.is_some()) {
        match chat.client.as_deref() {
            Some(client) => *times.entry(client).or_default() += 1,
            None => unknown += 1,
        }
    }
    let group = |least: i64| {
        let or_more = least == TIMES_MAX;
        let own = times.values().filter(|&&times| times == least || or_more && times > least);
        let (clients, ratings) = own.fold((0, 0), |(clients, ratings), times| (clients + 1, ratings + times));
        Group { times: least, or_more, clients, ratings }
    };
    let (clients, ratings) = (i64::try_from(times.len()).unwrap_or(i64::MAX), times.values().sum());
    Clients {
        clients,
        ratings,
        repeats: Figure::of(Rule::Repeats, Share::of(ratings - clients, ratings)),
        most: times.values().copied().max().unwrap_or(0),
        groups: (1..=TIMES_MAX).map(group).filter(|group| group.clients > 0).collect(),
        unknown,
    }
}
