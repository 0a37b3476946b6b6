//! Rocket.Chat: the kit of desks against a stub of its API, written from its documents and source.

mod desk;
mod faults;
mod showing;
mod stub;
mod telling;
