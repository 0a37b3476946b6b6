//! A channel that claims nothing needs nothing but plain texts.

use super::*;

struct Mute(OnThePond);

#[async_trait]
impl Channel for Mute {
    fn kind(&self) -> &'static str {
        "mute"
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities::default()
    }

    async fn send(&self, outgoing: &Outgoing) -> Result<Receipt, SendError> {
        if !outgoing.choices.is_empty() {
            return Err(SendError::new(Verdict::Refused, "no_choices", "only texts"));
        }
        self.0.duck.send(outgoing).await
    }

    async fn check(&self) -> Result<Account, SendError> {
        Ok(Account::default())
    }
}

impl std::fmt::Debug for Mute {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Mute")
    }
}

#[async_trait]
impl Harness for Mute {
    async fn start() -> Self {
        Mute(OnThePond::start().await)
    }

    fn channel(&self) -> &dyn Channel {
        self
    }

    async fn play(&self, remote: Remote) -> Played {
        match remote {
            Remote::Ok => self.0.play(remote).await,
            _ => Played::CannotHappen("mute water runs smooth"),
        }
    }

    async fn calls(&self) -> Vec<Call> {
        self.0.calls().await
    }

    fn client(&self) -> Address {
        self.0.client()
    }

    fn press(&self, _: &str, _: &Address, _: Option<&str>) -> Option<RawRequest> {
        None
    }

    fn signed(&self, _: &[u8]) -> Option<RawRequest> {
        None
    }

    fn forgeries(&self, _: &RawRequest) -> Vec<RawRequest> {
        Vec::new()
    }

    fn secrets(&self) -> Vec<String> {
        Vec::new()
    }
}

lastword_contract::channel_cases!(Mute);
