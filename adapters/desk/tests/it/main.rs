//! Any desk by `close.v1`: the kit, the vectors, the schema, the senders of the docs.

mod forms;
mod kit;
mod senders;
mod vectors;
mod wire;
