//! Tests of the rooms: the kit for each service, its answers, harmless markup, addresses, and apprise as a second opinion.

mod addresses;
mod answers;
mod harmless;
mod kit;
mod oracle;
mod shape;
mod stub;
