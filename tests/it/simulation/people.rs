//! The people of the world: lines with different settings, recipients of alerts, sessions and their clients.

use super::provider::{CONNECTIONS, KEYED, PLAIN};
use lastword::domain::alert::RecipientKind;
use lastword::domain::answer::rating::Scale;
use lastword::domain::line::{Alerts, LineSettings, WhileTalking};
use lastword::life::Engine;
use lastword::life::admin::change_line::{Changed, save_line, save_recipient};
use lastword::store::StoreError;
use lastword::store::alert::recipient::Recipient;
use lastword::store::line::LineChange;
use lastword::time::Millis;
use lastword_base::names::OperatorId;
use lastword_contract::Address;
use rand::Rng;
use rand::rngs::StdRng;

/// The lines.
pub(crate) const LINES: [&str; 4] = ["support", "sales", "silent", "again"];

/// Recipients of a low rating on a line; an empty name if no one can receive it.
pub(crate) fn told_on(line: &str, operator: &str) -> Vec<&'static str> {
    match (line, operator) {
        ("support", _) => vec!["anna", "boris", "clara"],
        ("sales", "op0") => vec!["olga"],
        ("again", _) => vec!["gone", "anna"],
        _ => vec![""],
    }
}

/// How often a client may be asked on a line.
pub(crate) fn once_in_hours(line: &str) -> u32 {
    if line == "again" { 0 } else { 24 }
}

fn settings(line: &str) -> LineSettings {
    let names = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect();
    let while_talking = WhileTalking { enabled: true, closes: line == "again", time_limit_secs: Some(600).filter(|_| line == "sales") };
    let base = LineSettings { once_per_client_hours: once_in_hours(line), while_talking, ..LineSettings::default() };
    match line {
        "support" => LineSettings {
            alerts: Alerts {
                recipients: names(&["anna", "team"]),
                escalate_after_minutes: Some(5),
                escalate_to: names(&["olga"]),
                ..Alerts::default()
            },
            ..base
        },
        "sales" => LineSettings {
            scale: Scale::FiveStar,
            reminder_after_hours: Some(5),
            delay_secs: 30,
            alerts: Alerts { recipients: names(&["operator"]), ..Alerts::default() },
            ..base
        },
        "again" => LineSettings {
            delay_secs: 0,
            expires_after_hours: 4,
            reminder_after_hours: Some(1),
            alerts: Alerts { recipients: names(&["gone", "anna"]), ..Alerts::default() },
            ..base
        },
        _ => base,
    }
}

fn person(id: &str, connection: &str, operator: Option<&str>, disabled: bool) -> Recipient {
    let address = serde_json::to_string(&Address::chat(format!("boss-{id}"))).unwrap_or_default();
    Recipient {
        id: id.to_owned(),
        name: id.to_owned(),
        kind: RecipientKind::Person,
        connection: Some(connection.into()),
        address: Some(address),
        operator_id: operator.map(OperatorId::from),
        disabled_at: disabled.then_some(1),
        ..Recipient::default()
    }
}

/// Creates lines and recipients.
pub(crate) async fn settle_in(engine: &Engine, now: Millis) -> Result<(), StoreError> {
    for line in LINES {
        let (id, name) = (line.to_owned(), line.to_owned());
        let change =
            LineChange { id: id.into(), name, settings: settings(line), archived: false, seen_version: 0, by: "sim".to_owned(), at: now };
        assert!(matches!(save_line(engine, change).await?, Changed::Saved(_)), "the simulation's lines make sense");
    }
    let team = Recipient {
        id: "team".to_owned(),
        name: "team".to_owned(),
        kind: RecipientKind::Group,
        members: vec!["boris".to_owned(), "clara".to_owned(), "anna".to_owned()],
        ..Recipient::default()
    };
    let people = [
        person("anna", PLAIN, None, false),
        person("boris", KEYED, None, false),
        person("clara", PLAIN, None, false),
        person("olga", KEYED, Some("op0"), false),
        person("gone", PLAIN, None, true),
        team,
    ];
    for recipient in people {
        save_recipient(engine, recipient).await?;
    }
    Ok(())
}

/// A session as the desk sees it.
#[derive(Clone, Debug)]
pub(crate) struct Chat {
    pub(crate) id: String,
    pub(crate) client: String,
    pub(crate) connection: &'static str,
    pub(crate) line: &'static str,
    pub(crate) operator: String,
    pub(crate) to: Address,
    pub(crate) wrote_at: Millis,
}

/// The sessions of a run. In a storm, many clients of one line are unhappy at once.
pub(crate) fn chats(rng: &mut StdRng, now: Millis, storm: bool) -> Vec<Chat> {
    let count = if storm { 24 } else { rng.random_range(3..9) };
    (0..count)
        .map(|number| {
            let client = if storm { number } else { rng.random_range(0..count) };
            Chat {
                id: format!("s{number}"),
                client: format!("p{client}"),
                connection: CONNECTIONS[rng.random_range(0..3)],
                line: if storm { "again" } else { LINES[rng.random_range(0..4)] },
                operator: format!("op{}", rng.random_range(0..2)),
                to: Address { chat: format!("c{client}"), user: rng.random_bool(0.7).then(|| format!("u{client}")), via: None },
                wrote_at: now,
            }
        })
        .collect()
}
