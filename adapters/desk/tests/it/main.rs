//! Any desk by `close.v1`: the kit, the vectors, the schema, the senders of the docs, calls of a desk's API, recipes.

mod called;
mod forms;
mod kit;
mod live_helper_chat;
mod outbox;
mod php_desks;
mod senders;
mod stub;
mod vectors;
mod wire;
