//! Foundations for every layer: time, IDs, settings, log and metrics. Depends on no other crate of the workspace.

/// Makes an `async fn` return a boxed future (`Pin<Box<dyn Future + Send>>`). The code of an ordinary `async fn` is compiled again in
/// every crate that awaits it, with all that it awaits; that of a boxed one is compiled once, in its own crate.
pub use async_recursion::async_recursion as boxed;

pub mod completion;
pub mod id;
pub mod log;
pub mod metrics;
pub mod names;
pub mod settings;
pub mod time;
