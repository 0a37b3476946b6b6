//! Recipients of alerts.

pub(super) mod letters;

use super::{Failure, Shell, check_id, check_name};
use crate::domain::access::audit::By;
use crate::domain::alert::RecipientKind;
use crate::life::admin::change_line::save_recipient_by;
use crate::life::admin::delete_recipient::delete_recipient;
use crate::life::engine::stop::Deleted;
use crate::life::recipient::room::{BadRoom, ROOMS, at_room};
pub use crate::life::recipient::room::{NamedRoom, shown as shown_room};
use crate::names::ConnectionId;
use crate::store::alert::recipient::{self, Recipient};
use crate::store::session::conversation::{self, Wrote};
use crate::time::Millis;
use lastword_base::names::OperatorId;
use lastword_contract::Address;
use std::time::Duration;

/// A person or group to create as a recipient of alerts.
#[derive(Clone, Debug, Default)]
pub struct NewRecipient {
    /// ID of the recipient.
    pub id: String,
    /// Name of the recipient.
    pub name: String,
    /// Connection and chat, for a person.
    pub through: Option<(String, String)>,
    /// Address of a room, if it is one.
    pub room: Option<NamedRoom>,
    /// The desk's operator, for a person.
    pub operator: Option<String>,
    /// IDs of the members, for a group.
    pub members: Vec<String>,
    /// Replace a recipient with the same ID.
    pub replace: bool,
}

/// A recent author of a message.
#[derive(Clone, Debug)]
pub struct WroteLately {
    /// The platform's name of the author, if known.
    pub name: Option<String>,
    /// Connection of the message.
    pub connection: String,
    /// ID of the chat.
    pub chat: String,
    /// Time of the message.
    pub at: Millis,
}

/// Maximum recent chats shown; the one that you look for is among the latest.
const LATELY_MAX: i64 = 20;
/// Timeout of looking up a name on a platform.
const NAME_WITHIN: Duration = Duration::from_secs(5);

impl Shell {
    /// Adds a person or a group.
    ///
    /// # Errors
    /// Names the problem and the remedy.
    pub async fn add_recipient(&self, new: NewRecipient) -> Result<(), Failure> {
        check_id("--id", &new.id)?;
        check_name("--name", &new.name)?;
        if matches!(new.id.as_str(), "operator" | "supervisors") {
            return Err(Failure::Usage(format!("--id: \"{}\" is reserved in a line's settings; choose another", new.id)));
        }
        let node = self.node().await?;
        let all = recipient::all(&self.db).await?;
        let before = all.iter().find(|recipient| recipient.id == new.id);
        if before.is_some() && !new.replace {
            return Err(Failure::Failed(format!("--id: the recipient \"{}\" already exists; choose another ID, or add --replace", new.id)));
        }
        let mut address = None;
        if let Some((connection, chat)) = &new.through {
            let Some(channel) = node.engine.channels.get(&connection.into()) else {
                let names = node.engine.channels.told_through().map(|(name, _)| name.to_string()).collect::<Vec<_>>().join(", ");
                let there = if names.is_empty() { "there is none".to_owned() } else { format!("there is {names}") };
                return Err(Failure::Usage(format!(
                    "--connection: \"{connection}\" is not in the settings ({there}); add [connections.{connection}] to lastword.toml"
                )));
            };
            if connection == ROOMS {
                return Err(Failure::Usage("--connection: a chat room is added with: lastword recipient room".to_owned()));
            }
            if !channel.capabilities().alerts {
                return Err(Failure::Usage(format!(
                    "--connection: \"{connection}\" ({}) carries no alerts; choose a telegram or webhook connection",
                    channel.kind()
                )));
            }
            check_name("--chat", chat)?;
            let admitted = channel.admit(Address::chat(chat));
            address = Some(admitted.map_err(|words| Failure::Usage(format!("--chat: \"{chat}\" is not a valid address there. {words}")))?);
        }
        for member in &new.members {
            match all.iter().find(|recipient| recipient.id == *member) {
                None => {
                    return Err(Failure::Usage(format!(
                        "--member: there is no recipient \"{member}\"; add it first with: lastword recipient add --id {member} …"
                    )));
                }
                Some(group) if group.kind == RecipientKind::Group => {
                    return Err(Failure::Usage(format!("--member: \"{member}\" is a group; name its members")));
                }
                Some(_) => {}
            }
        }
        let recipient = Recipient {
            kind: if new.through.is_some() { RecipientKind::Person } else { RecipientKind::Group },
            created_at: before.map_or_else(|| self.now(), |before| before.created_at),
            address: address.map(|address| serde_json::to_string(&address).unwrap_or_default()),
            connection: new.through.map(|(connection, _)| connection.into()),
            id: new.id,
            name: new.name,
            operator_id: new.operator.clone().map(OperatorId::from),
            members: new.members,
            ..Recipient::default()
        };
        let recipient = match new.room {
            Some(room) => at_room(&node.engine, recipient, room)
                .map_err(|BadRoom { field, problem }| Failure::Usage(format!("--{field}: it cannot be used. {problem}")))?,
            None => recipient,
        };
        if save_recipient_by(&node.engine, &By::command(), recipient, self.now()).await? {
            return Ok(());
        }
        let operator = new.operator.unwrap_or_default();
        Err(Failure::Failed(format!("--operator: \"{operator}\" already belongs to another recipient; see: lastword recipient list")))
    }

    /// Deletes a recipient that is not used.
    ///
    /// # Errors
    /// Names what uses it.
    pub async fn delete_recipient(&self, id: &str) -> Result<(), Failure> {
        match delete_recipient(&self.node().await?.engine, &By::command(), id, self.now()).await? {
            Deleted::Done => Ok(()),
            Deleted::Unknown => Err(Failure::Failed(format!("there is no recipient \"{id}\"; see: lastword recipient list"))),
            Deleted::Hangs(hanging) => Err(Failure::Failed(format!(
                "the recipient {id} cannot be deleted because of {}: remove it there first",
                hanging.join("; ")
            ))),
        }
    }

    /// The last authors on connections that can send alerts, with their names on the platforms. Shows the IDs of their chats.
    ///
    /// # Errors
    /// Errors of the database, or an unknown connection.
    pub async fn wrote_lately(&self, connection: Option<&str>) -> Result<Vec<WroteLately>, Failure> {
        let node = self.node().await?;
        let carriers: Vec<ConnectionId> = node.engine.channels.told_through().map(|(name, _)| name).collect();
        if let Some(wanted) = connection.filter(|wanted| !carriers.iter().any(|carrier| carrier == wanted)) {
            let there = if carriers.is_empty() {
                "there is none".to_owned()
            } else {
                carriers.iter().map(ConnectionId::as_str).collect::<Vec<_>>().join(", ")
            };
            return Err(Failure::Usage(format!("--connection: \"{wanted}\" cannot carry alerts; connections that can: {there}")));
        }
        let wanted: Vec<ConnectionId> = connection.map_or(carriers, |wanted| vec![wanted.into()]);
        let mut found = Vec::new();
        for Wrote { connection, chat, at } in conversation::wrote_lately(&self.db, &wanted, LATELY_MAX).await? {
            let asked = match node.engine.channels.get(&connection) {
                Some(channel) => tokio::time::timeout(NAME_WITHIN, channel.name_of(&Address::chat(chat.as_str()))).await.ok(),
                None => None,
            };
            found.push(WroteLately { name: asked.and_then(Result::ok).flatten(), connection: connection.into(), chat: chat.into(), at });
        }
        Ok(found)
    }

    /// Lists all recipients.
    ///
    /// # Errors
    /// Errors of the database.
    pub async fn recipients(&self) -> Result<Vec<Recipient>, Failure> {
        Ok(recipient::all(&self.db).await?)
    }
}
