//! The desk and what it tells.

use crate::config::Config;
use crate::proof::Proof;
use crate::receive::events;
use async_trait::async_trait;
use lastword_contract::{Abilities, Account, Desk, Heard, RawRequest, Rejected, SendError, Tells};

/// Any desk that posts `close.v1`.
#[derive(Debug)]
pub struct AnyDesk {
    proof: Proof,
    reply: String,
}

impl AnyDesk {
    /// A desk of these settings.
    ///
    /// # Errors
    /// All that is wrong with them, one sentence a line.
    pub fn new(config: Config) -> Result<Self, String> {
        config.check()?;
        Ok(Self { proof: Proof::new(&config)?, reply: config.reply })
    }
}

#[async_trait]
impl Desk for AnyDesk {
    fn kind(&self) -> &'static str {
        "desk"
    }

    fn abilities(&self) -> Abilities {
        Abilities {
            tells: &[
                Tells::Opened,
                Tells::Reopened,
                Tells::Reassigned,
                Tells::Merged,
                Tells::ByClient,
                Tells::ByTimeout,
                Tells::ByBot,
                Tells::Operators,
                Tells::Programs,
                Tells::ClientTime,
            ],
            ..Abilities::default()
        }
    }

    fn receive(&self, request: &RawRequest) -> Result<Heard, Rejected> {
        self.proof.check(request).map_err(Rejected::Unsigned)?;
        // Some desks try an address with a GET, or with an empty body, before they take it.
        if request.method != "POST" || request.body.iter().all(u8::is_ascii_whitespace) {
            return Ok(Heard { events: Vec::new(), reply: self.reply.clone() });
        }
        Ok(Heard { events: events(request)?, reply: self.reply.clone() })
    }

    async fn look(&self, _: Option<&str>) -> Result<Account, SendError> {
        // Nobody can be asked: the desk calls us.
        Ok(Account::default())
    }
}
