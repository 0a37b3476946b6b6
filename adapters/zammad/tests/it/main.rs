//! Zammad: the kit of desks against a stub of its API, written from its documents and source.

mod desk;
mod stub;
