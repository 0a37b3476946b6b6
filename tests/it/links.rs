//! One-tap links, from the message that carries them to the page behind them.

mod in_messages;
mod page;
mod scanner;
mod visitor;
