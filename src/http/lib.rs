//! The edge: sockets, middleware, the API, hooks, links and files. Pages for people are a crate of their own above this one.

pub mod api;
pub mod export;
pub mod hooks;
pub mod json;
pub mod links;
pub mod listener;
pub mod locale;
pub mod middleware;
pub mod ops;
pub mod path;
pub mod problem;
pub mod query;
pub mod schemas;
pub mod state;
pub mod timestamp;
pub mod widget;
