//! The edge: sockets in, answers out. What surrounds every call is here; the calls themselves are in the files beside it.

pub mod api;
pub mod auth;
pub mod client_ip;
pub mod demo;
pub mod doors;
pub mod edge;
pub mod export;
pub mod head;
pub mod headers;
pub mod hooks;
pub mod json;
pub mod links;
pub mod listener;
pub mod ops;
pub mod pages;
pub mod path;
pub mod problem;
pub mod query;
pub mod rate_limit;
pub mod routes;
pub mod schemas;
pub mod shares;
pub mod showcase;
pub mod timestamp;
pub mod widget;
