//! The HTTP server: sockets, middleware, the API, hooks, links, files and the widget. Pages for people are a separate
//! crate, `pages`, that depends on this one.

pub mod api;
pub mod auth;
pub mod export;
pub mod hooks;
pub mod json;
pub mod links;
pub mod listener;
pub mod locale;
pub mod mcp;
pub mod middleware;
pub mod ops;
pub mod path;
pub mod problem;
pub mod query;
pub mod schemas;
pub mod site;
pub mod state;
pub mod timestamp;
pub mod widget;
