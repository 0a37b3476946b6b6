//! Integration tests of everything but the pages, in one binary: one link step, and one private PostgreSQL cluster for all of them.
#![expect(clippy::disallowed_methods, reason = "tests stand outside: they set environments, wait for real processes and talk to databases")]

mod api;
mod assistants;
mod browser;
mod channels;
mod cli;
mod clocks;
mod database_away;
mod demo;
mod desks;
mod documents;
mod events;
mod failover;
mod first_hour;
mod fuzz;
mod honest;
mod interleaved;
mod life_of_a_rating;
mod links;
mod metrics;
mod move_database;
mod moved;
mod n8n;
mod opt_out;
mod outages;
mod outside;
mod packaging;
mod periodic;
mod personal;
mod pooler;
mod purged;
mod quarantine;
mod read_only;
mod reports;
mod reviews;
#[path = "../rig/rig.rs"]
#[expect(dead_code, reason = "other tests need the rest")]
mod rig;
mod rig_itself;
mod rolling_upgrade;
mod serve;
mod several_hosts;
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
