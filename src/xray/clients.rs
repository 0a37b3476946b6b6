//! Ratings per client: ratings of one client are similar, and a few clients who rate often can dominate a score.

use super::chat::Chat;
use super::{Figure, Rule};
use lastword_stats::share::Share;
use serde::Serialize;
use std::collections::HashMap;

/// Ratings per client.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Clients {
    /// Clients who rated and have an ID.
    pub clients: i64,
    /// Number of their ratings.
    pub ratings: i64,
    /// Share of those ratings beyond the first of their client; `None` if there are no ratings.
    pub repeats: Option<Figure>,
    /// Maximum ratings of one client.
    pub most: i64,
    /// Clients grouped by their number of ratings.
    pub groups: Vec<Group>,
    /// Ratings whose client is unknown.
    pub unknown: i64,
}

/// Clients with the same number of ratings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Group {
    /// Ratings per client.
    pub times: i64,
    /// True if the group includes higher numbers.
    pub or_more: bool,
    /// Number of clients.
    pub clients: i64,
    /// Number of their ratings.
    pub ratings: i64,
}

/// Clients with at least this number of ratings form one group.
const TIMES_MAX: i64 = 5;

/// Computes the ratings per client of these chats.
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
