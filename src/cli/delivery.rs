//! `lastword delivery`: messages that need somebody, or wait for their time, and what a person decides about them.

use super::opening::{print_json, print_table, shown, with_shell};
use crate::app::shell::{Delivery, Failure, IfMissing, Mending, Shell, WantedDeliveries};
use std::path::Path;
use std::process::ExitCode;

#[derive(Debug, clap::Subcommand)]
pub(super) enum DeliveryCommand {
    /// Lists deliveries: those that are stuck, or in one state
    List {
        /// stuck (those that need somebody), or one state such as scheduled, unknown, failed, sent
        #[arg(long, default_value = "stuck")]
        state: String,
        /// Only those that carry this: ask, reminder, settle, alert, digest, event or reply
        #[arg(long)]
        kind: Option<String>,
        /// Only those through this connection
        #[arg(long, value_name = "NAME")]
        connection: Option<String>,
        /// Only those about closes of this line
        #[arg(long, value_name = "ID")]
        line: Option<String>,
        /// Only those made since then: a day such as 2026-05-01, or 2026-05-01T12:00:00Z
        #[arg(long, value_name = "TIME")]
        since: Option<String>,
        /// At most so many
        #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(i64).range(1..=10_000))]
        limit: i64,
        /// For programs
        #[arg(long)]
        json: bool,
    },
    /// Shows one delivery with all its tries
    Show {
        /// The delivery
        id: String,
        /// For programs
        #[arg(long)]
        json: bool,
    },
    /// Sends a stuck delivery again; it may then be there twice
    Resend(One),
    /// Gives up a stuck delivery: it is not sent again, and needs nobody any more
    GiveUp(One),
    /// Takes back a delivery that has not left
    Cancel(One),
}

#[derive(Debug, clap::Args)]
pub(super) struct One {
    /// The delivery
    id: String,
    /// For programs
    #[arg(long)]
    json: bool,
}

pub(super) fn run(config: Option<&Path>, command: DeliveryCommand) -> ExitCode {
    with_shell(config, IfMissing::Refuse, async |shell| match command {
        DeliveryCommand::List { state, kind, connection, line, since, limit, json } => {
            let wanted = WantedDeliveries { state: Some(state), kind, connection, line, since, limit };
            list(shell, wanted, json).await
        }
        DeliveryCommand::Show { id, json } => show(shell, &id, json).await,
        DeliveryCommand::Resend(one) => mend(shell, &one, Mending::Resend, "leaves again now, as soon as lastword serve runs").await,
        DeliveryCommand::GiveUp(one) => mend(shell, &one, Mending::GiveUp, "is given up").await,
        DeliveryCommand::Cancel(one) => mend(shell, &one, Mending::Cancel, "is taken back").await,
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
        vec![delivery.id.clone(), made, delivery.kind.clone(), delivery.connection.clone(), delivery.state.clone(), why]
    });
    print_table(&["ID", "CREATED", "KIND", "CONNECTION", "STATE", "WHY"], &rows.collect::<Vec<_>>());
    Ok(())
}

async fn show(shell: &Shell, id: &str, json: bool) -> Result<(), Failure> {
    let (delivery, tries) = shell.delivery(id).await?;
    if json {
        let tries = tries.iter().map(|attempt| {
            serde_json::json!({ "tried_at": attempt.intent_at, "ended_at": attempt.ended_at, "verdict": attempt.verdict,
                "detail": attempt.detail })
        });
        let tries: Vec<serde_json::Value> = tries.collect();
        print_json(&serde_json::json!({ "delivery": as_json(&delivery), "tries": tries }));
        return Ok(());
    }
    let moment = |at: Option<i64>| at.map(|at| shell.shown(at)).unwrap_or_default();
    let facts = [
        ("id", delivery.id.clone()),
        ("kind", delivery.kind.clone()),
        ("connection", delivery.connection.clone()),
        ("about", delivery.subject.clone().unwrap_or_default()),
        ("state", delivery.state.clone()),
        ("reason", delivery.reason.clone().unwrap_or_default()),
        ("detail", delivery.detail.clone().unwrap_or_default()),
        ("created", shell.shown(delivery.created_at)),
        ("due", shell.shown(delivery.due_at)),
        ("given up after", shell.shown(delivery.give_up_at)),
        ("tries", delivery.attempts.to_string()),
        ("sent again", delivery.resends.to_string()),
        ("last try", moment(delivery.intent_at)),
        ("ended", moment(delivery.ended_at)),
        ("message", delivery.message_id.clone().unwrap_or_default()),
    ];
    for (name, value) in facts.iter().filter(|(_, value)| !value.is_empty()) {
        println!("{name:<16}{}", shown(value));
    }
    for attempt in tries {
        let words = attempt.detail.map(|detail| format!(": {detail}")).unwrap_or_default();
        println!("{:<16}{}", "earlier try", shown(&format!("{}  {}{words}", shell.shown(attempt.ended_at), attempt.verdict)));
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

/// As the API shows it: where it goes is the client's.
fn as_json(delivery: &Delivery) -> serde_json::Value {
    serde_json::json!({
        "id": delivery.id, "kind": delivery.kind, "connection": delivery.connection, "subject": delivery.subject,
        "state": delivery.state, "reason": delivery.reason, "detail": delivery.detail, "due_at": delivery.due_at,
        "give_up_at": delivery.give_up_at, "attempts": delivery.attempts, "resends": delivery.resends,
        "tried_at": delivery.intent_at, "ended_at": delivery.ended_at, "message_id": delivery.message_id,
        "created_at": delivery.created_at,
    })
}
