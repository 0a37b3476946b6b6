//! A third-party program: Lastword with one additional messenger. The channel is in `signal.rs`.
//!
//! ```toml
//! [connections.signal]
//! kind = "signal"
//! base_url = "http://127.0.0.1:8088"   # where signal-cli-rest-api listens
//! number = "+4915112345678"            # ours
//! secret = "…"                         # RECEIVE_WEBHOOK_URL=https://YOUR-LASTWORD/hooks/signal?secret=…
//! ```
//!
//! ```text
//! cargo run --example third_party_channel -- serve
//! ```

mod signal;

use signal::Signal;
use std::sync::Arc;

fn main() -> std::process::ExitCode {
    lastword::app::register_channel::adopt("signal", |connection, deps| {
        Ok(Arc::new(Signal { config: connection.read()?, http: deps.http.clone() }))
    });
    lastword::cli::run(std::env::args_os())
}
