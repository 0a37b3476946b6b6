//! The edge: sockets in, answers out. What surrounds every call is here; the calls themselves are in the files beside it.

pub mod api;
pub mod export;
pub mod hooks;
pub mod json;
pub mod links;
pub mod listener;
pub mod middleware;
pub mod ops;
pub mod pages;
pub mod panel;
pub mod path;
pub mod problem;
pub mod query;
pub mod routes;
pub mod schemas;
pub mod showcase;
pub mod state;
pub mod timestamp;
pub mod widget;
