//! The one integration binary: one link step, one private PostgreSQL cluster for everything in it.
#![expect(clippy::disallowed_methods, reason = "tests stand outside: they set environments, wait for real processes and talk to databases")]

mod api;
mod browser;
mod channels;
mod cli;
mod events;
mod fuzz;
mod life_of_a_rating;
mod links;
mod moved;
mod pages;
mod personal;
mod reports;
mod reviews;
mod rig;
mod serve;
mod sharing;
mod simulation;
mod telegram_emulated;
mod telegram_end_to_end;
mod third_party;
mod tidy;
mod torture;
mod week;
mod whatsapp_end_to_end;
