//! The demo: its people, their three months of made-up history, and the page that shows them side by side. It uses the same
//! steps and tables as everything else; `lastword demo` runs a node around it.

mod agenda;
pub mod cast;
mod client;
mod day;
pub mod history;
pub mod page;
pub mod preparing;
pub mod silent;
mod team;
mod words;
