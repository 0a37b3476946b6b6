//! The channel: its capabilities and calls.

use crate::address;
use crate::config::{Checked, Config, Tls};
use crate::message::{TEXT_MAX, compose};
use crate::smtp::Server;
use async_trait::async_trait;
use lastword_contract::{Account, Address, Capabilities, Channel, Outgoing, Purpose, Rate, Receipt, SendError, Verdict};

/// One configured sender.
pub struct Email {
    config: Config,
    checked: Checked,
    server: Server,
}

/// Shows only the server, because the user's name may be a person's.
impl std::fmt::Debug for Email {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Email").field("host", &self.checked.host).field("port", &self.checked.port).finish_non_exhaustive()
    }
}

impl Email {
    /// Creates the connection without connecting.
    ///
    /// # Errors
    /// A sentence for the admin about the wrong setting.
    pub fn new(config: Config) -> Result<Self, String> {
        let checked = config.checked()?;
        let server = Server::new(&checked, config.connections, config.timeout_secs);
        Ok(Self { config, checked, server })
    }

    /// True if mail to `to` is not read by a person and a program might answer it, which could cause a mail loop.
    fn is_unread(&self, to: &lettre::Address) -> bool {
        let ours = || [Some(&self.checked.from), self.checked.reply_to.as_ref()].into_iter().flatten();
        let identity = address::without_tag(to.as_ref());
        let own = || ours().any(|mailbox| address::without_tag(mailbox.email.as_ref()) == identity);
        !self.config.allow_no_reply_addresses && (address::is_unread(to) || own())
    }
}

#[async_trait]
impl Channel for Email {
    fn kind(&self) -> &'static str {
        "email"
    }

    fn admit(&self, to: Address) -> Result<Address, &'static str> {
        match address::parse(&to.chat) {
            // The domain in its normalized form; the local part unchanged.
            Some(address) => Ok(Address { chat: address.to_string(), ..to }),
            None => Err("Send the bare address, such as anna@example.com."),
        }
    }

    fn nobody_reads(&self, to: &Address) -> bool {
        address::parse(&to.chat).is_some_and(|to| self.is_unread(&to))
    }

    fn identity(&self, address: &Address) -> String {
        address::identity(&address.chat)
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
        let to_a_client = matches!(outgoing.purpose, Purpose::Question(_) | Purpose::Settle | Purpose::Text);
        if to_a_client && self.is_unread(&mail.to) {
            return Err(SendError::new(
                Verdict::Refused,
                "nobody_reads",
                "the address is one that programs send from, or this connection's own; allow_no_reply_addresses = true mails it all the same",
            ));
        }
        self.server.deliver(&self.checked.from.email, &mail.to, &mail.content).await?;
        Ok(Receipt { message_id: Some(mail.id), moved_to: None })
    }

    /// Connects, logs in and sends NOOP. No mail is sent.
    async fn check(&self) -> Result<Account, SendError> {
        self.server.check().await?;
        let notes = [
            (self.checked.tls == Tls::None, "Mail travels to the server in the clear: tls is \"none\"."),
            (!self.config.links, "This connection carries alerts alone: links is false."),
        ];
        let notes = notes.into_iter().filter(|(stands, _)| *stands).map(|(_, note)| note.to_owned()).collect();
        Ok(Account { name: self.checked.from.email.to_string(), notes, ..Account::default() })
    }
}
