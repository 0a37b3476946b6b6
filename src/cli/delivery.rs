//! `lastword delivery`: lists stuck and scheduled messages; resends, cancels or dismisses them.

use super::opening::{print_json, print_table, shown, with_shell};
use crate::app::admin::{Delivery, Failure, IfMissing, Mending, Shell, WantedDeliveries};
use std::path::Path;
use std::process::ExitCode;

#[derive(Debug, clap::Subcommand)]
pub(super) enum DeliveryCommand {
    /// List deliveries: stuck ones, or those in one state
    List {
        /// stuck (everything that needs attention), or one state such as scheduled, unknown, failed, sent
        #[arg(long, default_value = "stuck")]
        state: String,
        /// Only this kind: ask, reminder, settle, alert, digest, event or reply
        #[arg(long)]
        kind: Option<String>,
        /// Only this connection
        #[arg(long, value_name = "NAME")]
        connection: Option<String>,
        /// Only this line
        #[arg(long, value_name = "ID")]
        line: Option<String>,
        /// Only those created since: a date such as 2026-05-01, or 2026-05-01T12:00:00Z
        #[arg(long, value_name = "TIME")]
        from: Option<String>,
        /// At most this many
        #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(i64).range(1..=10_000))]
        limit: i64,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Show one delivery with all attempts
    Show {
        /// The delivery
        id: String,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Resend a stuck delivery; it may arrive twice
    Resend(One),
    /// Dismiss a stuck delivery: it is not resent and no longer needs attention
    Dismiss(One),
    /// Cancel a delivery that has not been sent yet
    Cancel(One),
    /// Send a receiver all its events since a time once more, each under a new ID
    Replay {
        /// The connection
        #[arg(long, value_name = "NAME")]
        connection: String,
        /// A date such as 2026-05-01, or 2026-05-01T12:00:00Z
        #[arg(long, value_name = "TIME")]
        from: String,
    },
}

#[derive(Debug, clap::Args)]
pub(super) struct One {
    /// The delivery
    id: String,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub(super) fn run(config: Option<&Path>, command: DeliveryCommand) -> ExitCode {
    with_shell(config, IfMissing::Refuse, async |shell| match command {
        DeliveryCommand::List { state, kind, connection, line, from, limit, json } => {
            let wanted = WantedDeliveries { state: Some(state), kind, connection, line, from, limit };
            list(shell, wanted, json).await
        }
        DeliveryCommand::Show { id, json } => show(shell, &id, json).await,
        DeliveryCommand::Resend(one) => mend(shell, &one, Mending::Resend, "will be resent as soon as lastword serve runs").await,
        DeliveryCommand::Dismiss(one) => mend(shell, &one, Mending::Dismiss, "is dismissed").await,
        DeliveryCommand::Replay { connection, from } => {
            let count = shell.replay(&connection, &from).await?;
            println!("{count} events will be sent to {connection} again as soon as lastword serve runs");
            Ok(())
        }
        DeliveryCommand::Cancel(one) => mend(shell, &one, Mending::Cancel, "is canceled").await,
    })
}

async fn list(shell: &Shell, wanted: WantedDeliveries, json: bool) -> Result<(), Failure> {
    let found = shell.deliveries(wanted).await?;
    if json {
        print_json(&found.iter().map(as_json).collect());
        return Ok(());
    }
    let rows = found.iter().map(|delivery| {
        let why = [&delivery.reason, &delivery.detail].into_iter().flatten().map(String::as_str).collect::<Vec<_>>().join(": ");
        let made = shell.shown(delivery.created_at);
        vec![delivery.id.to_string(), made, delivery.kind.to_string(), delivery.connection.to_string(), delivery.state.to_string(), why]
    });
    print_table(&["ID", "CREATED", "KIND", "CONNECTION", "STATE", "WHY"], &rows.collect::<Vec<_>>());
    Ok(())
}

async fn show(shell: &Shell, id: &str, json: bool) -> Result<(), Failure> {
    let (delivery, attempts) = shell.delivery(id).await?;
    if json {
        let attempts = attempts.iter().map(|attempt| {
            serde_json::json!({ "tried_at": attempt.intent_at, "ended_at": attempt.ended_at, "verdict": attempt.verdict,
                "detail": attempt.detail })
        });
        let attempts: Vec<serde_json::Value> = attempts.collect();
        print_json(&serde_json::json!({ "delivery": as_json(&delivery), "attempts": attempts }));
        return Ok(());
    }
    let moment = |at: Option<i64>| at.map(|at| shell.shown(at)).unwrap_or_default();
    let facts = [
        ("id", delivery.id.to_string()),
        ("kind", delivery.kind.to_string()),
        ("connection", delivery.connection.to_string()),
        ("about", delivery.subject.clone().map(String::from).unwrap_or_default()),
        ("state", delivery.state.to_string()),
        ("reason", delivery.reason.clone().unwrap_or_default()),
        ("detail", delivery.detail.clone().unwrap_or_default()),
        ("created", shell.shown(delivery.created_at)),
        ("due", shell.shown(delivery.due_at)),
        ("given up after", shell.shown(delivery.give_up_at)),
        ("attempts", delivery.attempts.to_string()),
        ("resent", delivery.resends.to_string()),
        ("last attempt", moment(delivery.intent_at)),
        ("ended", moment(delivery.ended_at)),
        ("message", delivery.message_id.clone().unwrap_or_default()),
    ];
    for (name, value) in facts.iter().filter(|(_, value)| !value.is_empty()) {
        println!("{name:<16}{}", shown(value));
    }
    for attempt in attempts {
        let words = attempt.detail.map(|detail| format!(": {detail}")).unwrap_or_default();
        println!("{:<16}{}", "earlier attempt", shown(&format!("{}  {}{words}", shell.shown(attempt.ended_at), attempt.verdict)));
    }
    Ok(())
}

async fn mend(shell: &Shell, one: &One, mending: Mending, done: &str) -> Result<(), Failure> {
    let delivery = shell.mend(&one.id, mending).await?;
    if one.json {
        print_json(&as_json(&delivery));
    } else {
        println!("the delivery {} {done}", delivery.id);
    }
    Ok(())
}

/// The fields shown by the API; without the address, which is the client's personal data.
fn as_json(delivery: &Delivery) -> serde_json::Value {
    serde_json::json!({
        "id": delivery.id, "kind": delivery.kind, "connection": delivery.connection, "subject": delivery.subject,
        "state": delivery.state, "reason": delivery.reason, "detail": delivery.detail, "due_at": delivery.due_at,
        "give_up_at": delivery.give_up_at, "attempts": delivery.attempts, "resends": delivery.resends,
        "tried_at": delivery.intent_at, "ended_at": delivery.ended_at, "message_id": delivery.message_id,
        "created_at": delivery.created_at,
    })
}
