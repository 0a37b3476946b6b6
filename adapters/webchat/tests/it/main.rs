//! The web chat as the engine uses it: into a mailbox, out of a post, and from which sites.

mod kit;
mod mailbox;
mod origins;
mod posts;
mod sends;
