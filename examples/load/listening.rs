//! Reads the address of a server from its output.

use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::Child;

/// Waits until `server`, whose output is piped, listens. Returns its address. Later output is dropped.
pub(crate) async fn listening(server: &mut Child) -> String {
    let mut lines = BufReader::new(server.stdout.take().expect("its words")).lines();
    let address = loop {
        let line = lines.next_line().await.expect("its words").expect("the server listens");
        if let Some(rest) = line.split("listening on http://").nth(1) {
            break rest.trim().trim_end_matches('/').to_owned();
        }
    };
    tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
    address
}
