//! The channel: its claims, and its calls.

use crate::address;
use crate::config::{Checked, Config, Tls};
use crate::message::{TEXT_MAX, compose};
use crate::smtp::Server;
use async_trait::async_trait;
use lastword_contract::{Account, Address, Capabilities, Channel, Outgoing, Rate, Receipt, SendError};

/// One configured sender of mail.
pub struct Email {
    config: Config,
    checked: Checked,
    server: Server,
}

/// The user's name may be a person's, so only the server is shown.
impl std::fmt::Debug for Email {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Email").field("host", &self.checked.host).field("port", &self.checked.port).finish_non_exhaustive()
    }
}

impl Email {
    /// Builds the connection. Nobody is called yet.
    ///
    /// # Errors
    /// A sentence for the admin: which setting is wrong.
    pub fn new(config: Config) -> Result<Self, String> {
        let checked = config.checked()?;
        let server = Server::new(&checked, config.connections, config.timeout_secs);
        Ok(Self { config, checked, server })
    }
}

#[async_trait]
impl Channel for Email {
    fn kind(&self) -> &'static str {
        "email"
    }

    fn admit(&self, to: Address) -> Result<Address, &'static str> {
        let to = Address { chat: to.chat.trim().to_owned(), ..to };
        if address::parse(&to.chat).is_some() { Ok(to) } else { Err("Send the bare address, such as anna@example.com.") }
    }

    fn capabilities(&self) -> Capabilities {
        let links = self.config.links;
        Capabilities {
            binary: links,
            five_star: links,
            text_max: Some(TEXT_MAX),
            choices_max: if links { 20 } else { 0 },
            links,
            footer: links,
            alerts: true,
            rate: Rate { per_second: self.config.per_second.into(), burst: self.config.per_second, ..Rate::default() },
            ..Capabilities::default()
        }
    }

    async fn send(&self, outgoing: &Outgoing) -> Result<Receipt, SendError> {
        let mail = compose(&self.checked, outgoing)?;
        self.server.deliver(&self.checked.from.email, &mail.to, &mail.content).await?;
        Ok(Receipt { message_id: Some(mail.id), moved_to: None })
    }

    /// Connects, logs in and says NOOP; no mail leaves.
    async fn check(&self) -> Result<Account, SendError> {
        self.server.check().await?;
        let warnings = [
            (self.checked.tls == Tls::None, "Mail travels to the server in the clear: tls is \"none\"."),
            (!self.config.links, "This connection carries alerts alone: links is false."),
        ];
        let warnings = warnings.into_iter().filter(|(stands, _)| *stands).map(|(_, warning)| warning.to_owned()).collect();
        Ok(Account { name: self.checked.from.email.to_string(), warnings })
    }
}
