//! The desk and its events.

use crate::calls::{Calls, Write};
use crate::config::Config;
use crate::proof::Proof;
use crate::receive::events;
use crate::{found, write};
use async_trait::async_trait;
use lastword_contract::http::Client;
use lastword_contract::phone::Country;
use lastword_contract::{
    Abilities, Account, Desk, Heard, Millis, Rate, RawRequest, Receipt, Reconciled, Rejected, SendError, Tells, Verdict, WriteBack,
};

/// Any desk that posts `close.v1`.
#[derive(Debug)]
pub struct AnyDesk {
    proof: Proof,
    reply: String,
    calls: Option<Calls>,
    per_second: u32,
    reports_reopening: bool,
    country: Option<Country>,
}

impl AnyDesk {
    /// Creates a desk with these settings.
    ///
    /// # Errors
    /// Every problem in the settings, one sentence per line.
    pub fn new(config: Config, http: Client) -> Result<Self, String> {
        let mut wrong = config.problems();
        let calls = Calls::new(&config, http).unwrap_or_else(|problems| {
            wrong.extend(problems);
            None
        });
        if !wrong.is_empty() {
            return Err(wrong.join("\n"));
        }
        let (proof, reports_reopening, country) = (Proof::new(&config)?, config.reports_reopening, config.default_country);
        Ok(Self { proof, reply: config.reply, calls, per_second: config.per_second, reports_reopening, country })
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
            writes_back: self.calls.as_ref().is_some_and(|calls| !calls.write_back.is_empty()),
            writes_back_once: self.calls.as_ref().is_some_and(|calls| calls.write_back.iter().all(Write::repeats_harmlessly)),
            reconciles: self.calls.as_ref().is_some_and(|calls| !calls.reconcile.is_empty()),
            rate: Rate { per_second: self.per_second.into(), burst: self.per_second.saturating_mul(2), ..Rate::default() },
            ..Abilities::default()
        }
    }

    fn closes_anew(&self) -> bool {
        !self.reports_reopening
    }

    fn receive(&self, request: &RawRequest) -> Result<Heard, Rejected> {
        self.proof.check(request).map_err(Rejected::Unsigned)?;
        // Some desks test an address with a GET or an empty body before they accept it.
        if request.method != "POST" || request.body.iter().all(u8::is_ascii_whitespace) {
            return Ok(Heard { events: Vec::new(), reply: self.reply.clone() });
        }
        Ok(Heard { events: events(request, self.country)?, reply: self.reply.clone() })
    }

    async fn write_back(&self, rating: &WriteBack) -> Result<Receipt, SendError> {
        match &self.calls {
            Some(calls) if !calls.write_back.is_empty() => write::write_back(&calls.api, &calls.write_back, rating).await,
            _ => Err(SendError::new(Verdict::Refused, "not_shown", "this desk shows no ratings; see write_back")),
        }
    }

    async fn reconcile(&self, since: Millis, now: Millis) -> Result<Reconciled, SendError> {
        match &self.calls {
            Some(calls) => found::reconcile(calls, since, now).await,
            None => Ok(Reconciled { events: Vec::new(), until: now }),
        }
    }

    async fn look(&self, _: Option<&str>) -> Result<Account, SendError> {
        // Without configured calls there is no API to check: the desk calls us.
        let Some(calls) = &self.calls else { return Ok(Account::default()) };
        found::look(calls).await?;
        let asked = !calls.reconcile.is_empty();
        Ok(Account { name: if asked { calls.api.host() } else { String::new() }, ..Account::default() })
    }
}
