//! The SMTP session, over connections that are reused for the next mail.

use crate::config::{Checked, Tls};
use crate::reply::{Phase, judge, no_answer, too_slow};
use lastword_contract::{SendError, Verdict};
use lettre::Address;
use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::{AsyncSmtpConnection, TlsParameters};
use lettre::transport::smtp::commands::{Data, Mail, Noop, Rcpt};
use lettre::transport::smtp::extension::{ClientId, Extension, MailParameter};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::timeout;

/// Login mechanisms in order of preference.
const MECHANISMS: [Mechanism; 2] = [Mechanism::Plain, Mechanism::Login];
/// Servers close a connection after this many mails or more; we close it before.
const MAILS_PER_CONNECTION: u32 = 50;

/// The server and its connections.
pub(crate) struct Server {
    host: String,
    port: u16,
    tls: Tls,
    tls_parameters: Option<TlsParameters>,
    credentials: Option<Credentials>,
    hello: ClientId,
    /// Timeout of everything before the content, and again of the content.
    half: Duration,
    room: Semaphore,
    kept: Mutex<Vec<Line>>,
}

/// One connection, and the number of mails sent over it.
struct Line {
    connection: AsyncSmtpConnection,
    mails: u32,
}

/// A connection on which the server waits for the content.
struct Ready<'a> {
    line: Line,
    _room: SemaphorePermit<'a>,
}

impl Server {
    pub(crate) fn new(checked: &Checked, connections: u32, timeout_secs: u32) -> Self {
        Self {
            host: checked.host.clone(),
            port: checked.port,
            tls: checked.tls,
            tls_parameters: checked.tls_parameters.clone(),
            credentials: checked.credentials.clone(),
            hello: checked.hello.clone(),
            half: Duration::from_secs(timeout_secs.into()) / 2,
            room: Semaphore::new(usize::try_from(connections).unwrap_or(1)),
            kept: Mutex::default(),
        }
    }

    /// Sends one mail, once. A connection with any error is not used again.
    pub(crate) async fn deliver(&self, from: &Address, to: &Address, content: &[u8]) -> Result<(), SendError> {
        let mut ready = timeout(self.half, self.prepare(from, to)).await.map_err(|_| too_slow())??;
        match timeout(self.half, ready.line.connection.message(content)).await {
            Err(_) => Err(no_answer()),
            Ok(Err(error)) => Err(judge(Phase::Content, &error)),
            Ok(Ok(_)) => {
                self.keep(ready.line);
                Ok(())
            }
        }
    }

    /// Connects, logs in and checks that the server responds.
    pub(crate) async fn check(&self) -> Result<(), SendError> {
        let check = async {
            let _room = self.room().await?;
            let mut line = self.connect().await?;
            line.connection.command(Noop).await.map_err(|error| judge(Phase::Data, &error))?;
            self.keep(line);
            Ok(())
        };
        timeout(self.half, check).await.map_err(|_| too_slow())?
    }

    /// Everything before the content: until this returns, the server has accepted nothing.
    async fn prepare(&self, from: &Address, to: &Address) -> Result<Ready<'_>, SendError> {
        let room = self.room().await?;
        let mut line = match self.kept_line().await {
            Some(line) => line,
            None => self.connect().await?,
        };
        let mut parameters = Vec::new();
        if [from, to].into_iter().any(|address| !AsRef::<str>::as_ref(address).is_ascii()) {
            if !line.connection.server_info().supports_feature(Extension::SmtpUtfEight) {
                self.keep(line);
                return Err(SendError::new(
                    Verdict::Refused,
                    "needs_smtputf8",
                    "the server takes no addresses in other scripts (SMTPUTF8)",
                ));
            }
            parameters.push(MailParameter::SmtpUtfEight);
        }
        let connection = &mut line.connection;
        connection.command(Mail::new(Some(from.clone()), parameters)).await.map_err(|error| judge(Phase::Sender, &error))?;
        connection.command(Rcpt::new(to.clone(), Vec::new())).await.map_err(|error| judge(Phase::Recipient, &error))?;
        connection.command(Data).await.map_err(|error| judge(Phase::Data, &error))?;
        line.mails += 1;
        Ok(Ready { line, _room: room })
    }

    async fn room(&self) -> Result<SemaphorePermit<'_>, SendError> {
        self.room.acquire().await.map_err(|_| SendError::new(Verdict::RetryBackoff, "stopping", "no more connections are made"))
    }

    /// A reusable connection that still works. One that is slow to respond is replaced with a new one.
    async fn kept_line(&self) -> Option<Line> {
        loop {
            let mut line = self.kept.lock().unwrap_or_else(PoisonError::into_inner).pop()?;
            if timeout(self.half / 2, line.connection.test_connected()).await == Ok(true) {
                return Some(line);
            }
        }
    }

    fn keep(&self, line: Line) {
        if line.mails < MAILS_PER_CONNECTION {
            self.kept.lock().unwrap_or_else(PoisonError::into_inner).push(line);
        }
    }

    async fn connect(&self) -> Result<Line, SendError> {
        let hello = |error: Error| judge(Phase::Hello, &error);
        let wrapper = self.tls_parameters.clone().filter(|_| self.tls == Tls::Tls);
        let server = (self.host.trim_matches(['[', ']']), self.port);
        let mut connection =
            AsyncSmtpConnection::connect_tokio1(server, Some(self.half), &self.hello, wrapper, None).await.map_err(hello)?;
        if let (Tls::Starttls, Some(parameters)) = (self.tls, self.tls_parameters.clone()) {
            connection.starttls(parameters, &self.hello).await.map_err(hello)?;
        }
        if let Some(credentials) = &self.credentials {
            connection.auth(&MECHANISMS, credentials).await.map_err(|error| judge(Phase::Login, &error))?;
        }
        Ok(Line { connection, mails: 0 })
    }
}
