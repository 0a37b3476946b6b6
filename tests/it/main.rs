//! The one integration binary: one link step, one private PostgreSQL cluster for everything in it.
#![expect(clippy::disallowed_methods, reason = "tests stand outside: they set environments, wait for real processes and talk to databases")]

mod api;
mod browser;
mod channels;
mod cli;
mod clocks;
mod demo;
mod desks;
mod documents;
mod events;
mod fuzz;
mod honest;
mod life_of_a_rating;
mod links;
mod moved;
mod opt_out;
mod outages;
mod outside;
mod pages;
mod periodic;
mod personal;
mod quarantine;
mod reports;
mod reviews;
mod rig;
mod serve;
mod sharing;
mod simulation;
mod storage;
mod telegram_emulated;
mod telegram_end_to_end;
mod third_party;
mod tidy;
mod torture;
mod week;
mod whatsapp_end_to_end;
