//! The contract between Lastword and the adapters that carry its messages.
//!
//! A third party that adds a messenger depends only on this crate. To add a channel:
//!
//! 1. implement [`Channel`] for a type that represents one configured account (a *connection*): declare its capabilities
//!    with [`Channel::capabilities`], send one [`Outgoing`] message with [`Channel::send`], and parse the platform's
//!    requests with [`Channel::receive`], which is pure: bytes and headers in, values out, signature checked;
//! 2. run the kit (`kit`, a feature of this crate) against it: cases are selected by the claimed capabilities, so every
//!    claim is tested;
//! 3. add it to a program: your own `main` that calls `lastword::app::register_channel::adopt` with the kind's name and a
//!    function that creates the channel of a connection, and then `lastword::cli::run`. `examples/third_party_channel` is
//!    such a program, and the README has its `Cargo.toml`. (Inside this repository: one feature and one line in
//!    `src/app.rs`.)
//!
//! A help desk is added in the same way: implement [`Desk`], run its kit (`kit::desks`), add one line. A desk that carries
//! questions to clients itself is a [`Channel`] too, under the same connection.
//!
//! This crate does **not** know databases, HTTP servers, lines, ratings, time zones or retries. A channel never retries by
//! itself: it reports what happened ([`SendError`]) and the queue decides.
//!
//! For adapters that call a JSON API there is [`json`], and `http`, a feature of this crate: the call, and what each failure means;
//! and, for addresses that somebody typed, which of them may be called.
//!
//! All times are integer milliseconds since 1970 UTC ([`Millis`]).

#![deny(missing_docs)]

mod address;
#[cfg(feature = "http")]
pub mod address_filter;
mod capabilities;
mod channel;
mod desk;
mod desk_event;
#[cfg(feature = "http")]
pub mod http;
mod inbound;
pub mod json;
mod outgoing;
#[cfg(feature = "phone")]
pub mod phone;
mod send_error;
mod setting;
mod vault;

#[cfg(feature = "kit")]
pub mod kit;

pub use address::{Address, Conversation};
pub use capabilities::{Capabilities, OutsideForm, Rate, TextLimit, WindowRule};
pub use channel::{Account, Channel, DeskHook, Fetched, Intake, IntakeError, Mailbox, Renewed, Window};
pub use desk::{
    Abilities, Arrangement, Beside, Desk, NativePage, NativeRating, PanelPlace, PanelTold, Reconciled, SetUp, Tells, WriteBack,
};
pub use desk_event::{Chat, CloseBy, Closing, DeskEvent, DeskEventKind, Heard, Means, Person, Reach, Writer};
pub use inbound::{Context, DeliveryStatus, Headers, Inbound, InboundKind, RawRequest, Reaction, Received, Rejected, TextMessage};
pub use lastword_language as language;
pub use outgoing::{Choice, ChoiceKind, CommentBox, Footer, Outgoing, PageLink, Purpose, Receipt, Scale};
pub use send_error::{SendError, Verdict};
pub use setting::{Input, Setting};
pub use vault::{Vault, VaultError};

/// Milliseconds since 1970-01-01T00:00:00Z.
pub type Millis = i64;
