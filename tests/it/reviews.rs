//! The rules of reviews: actions on ratings as stories, on both databases.

mod deadlines;
mod edited;
mod judged;
mod recovered;
mod replied;
mod shown;
mod worked;

use crate::rig::world::World;
use lastword::domain::access::audit::By;
use lastword::domain::access::rights::Role;
use lastword::life::access::change_account::{self, Wanted};
use lastword::names::AccountId;
use lastword::store::access::account::Account;
use lastword_contract::Outgoing;

pub(crate) const MINUTE: i64 = 60_000;
pub(crate) const HOUR: i64 = 60 * MINUTE;
pub(crate) const DAY: i64 = 24 * HOUR;

/// A supervisor who acts.
pub(crate) fn sam() -> By {
    By::person(AccountId::first_of(2), "Sam")
}

/// Closes `session` and taps thumbs down. Returns the rating request and the question.
pub(crate) async fn low(world: &World, session: &str) -> (String, Outgoing) {
    let (request, question) = world.ask(session).await;
    world.tap(&question, "👎").await;
    world.client.take();
    world.staff.take();
    (request, question)
}

/// Creates an account.
pub(crate) async fn person(world: &World, login: &str, role: Role, lines: &[&str]) -> Account {
    let wanted = Wanted {
        name: login.to_owned(),
        role,
        operator_id: None,
        all_lines: lines.is_empty(),
        lines: lines.iter().map(|&line| line.into()).collect(),
        comments: false,
        disabled: false,
    };
    change_account::add(&world.engine, &By::command(), login, wanted, None, world.now()).await.unwrap().expect("a free login")
}
