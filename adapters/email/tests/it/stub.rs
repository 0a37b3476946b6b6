//! A small SMTP server: takes every mail and keeps it, and says what the test wants it to say.

use rcgen::{CertificateParams, CertifiedIssuer, KeyPair};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Notify, watch};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};

/// What the server does at one place of a conversation.
#[derive(Clone, Debug)]
pub(crate) enum Says {
    /// This reply.
    Reply(&'static str),
    /// Nothing, but it holds the connection.
    Nothing,
    /// It closes the connection.
    Closes,
    /// It breaks the connection off, as a machine that goes down does.
    BreaksOff,
}

/// Where in a conversation something is said: the first word of a command, `greeting`, or `content` after the last dot.
pub(crate) type Rules = Vec<(&'static str, Says)>;

/// How a connection is encrypted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Encryption {
    None,
    Starttls,
    Tls,
}

/// A mail as it was handed over.
#[derive(Clone, Debug, Default)]
pub(crate) struct Mail {
    pub(crate) from: String,
    pub(crate) to: Vec<String>,
    pub(crate) content: String,
}

struct State {
    rules: Mutex<Rules>,
    mails: watch::Sender<Vec<Mail>>,
    /// Every command of every connection, in order, with the connection's number.
    commands: Mutex<Vec<(usize, String)>>,
    connections: Mutex<usize>,
    encryption: Encryption,
    acceptor: Option<TlsAcceptor>,
    hang_up: Notify,
}

/// A running server on a free port; it ends with the test.
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    /// The authority that its certificate is from, as PEM.
    pub(crate) authority: String,
    state: Arc<State>,
}

impl Server {
    pub(crate) async fn start(encryption: Encryption) -> Self {
        let (authority, acceptor) = if encryption == Encryption::None { Default::default() } else { certificate() };
        let state = Arc::new(State {
            rules: Mutex::default(),
            mails: watch::channel(Vec::new()).0,
            commands: Mutex::default(),
            connections: Mutex::default(),
            encryption,
            acceptor,
            hang_up: Notify::new(),
        });
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let shared = state.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let state = shared.clone();
                let number = {
                    let mut connections = state.connections.lock().unwrap();
                    *connections += 1;
                    *connections
                };
                tokio::spawn(async move {
                    tokio::select! {
                        _ = serve(&state, number, stream) => {}
                        () = state.hang_up.notified() => {}
                    }
                });
            }
        });
        Self { address, authority, state }
    }

    /// Behaves so from now on.
    pub(crate) fn says(&self, rules: Rules) {
        *self.state.rules.lock().unwrap() = rules;
    }

    /// All mails so far.
    pub(crate) fn mails(&self) -> Vec<Mail> {
        self.state.mails.borrow().clone()
    }

    /// All commands so far, those of logging in without what they carry.
    pub(crate) fn commands(&self) -> Vec<String> {
        self.state.commands.lock().unwrap().iter().map(|(_, command)| command.clone()).collect()
    }

    /// How many connections there have been.
    pub(crate) fn connections(&self) -> usize {
        *self.state.connections.lock().unwrap()
    }

    /// Closes all connections, as servers do with those that are quiet.
    pub(crate) fn hangs_up(&self) {
        self.state.hang_up.notify_waiters();
    }
}

/// An authority, and a certificate for this machine from it.
fn certificate() -> (String, Option<TlsAcceptor>) {
    let mut params = CertificateParams::new(Vec::<String>::new()).unwrap();
    params.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
    let authority = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
    let key = KeyPair::generate().unwrap();
    let params = CertificateParams::new(vec!["localhost".to_owned(), "127.0.0.1".to_owned()]).unwrap();
    let own = params.signed_by(&key, &authority).unwrap();
    let chain = vec![CertificateDer::from(own.der().to_vec())];
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let provider = Arc::new(tokio_rustls::rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    let config = config.with_no_client_auth().with_single_cert(chain, key).unwrap();
    (authority.pem(), Some(TlsAcceptor::from(Arc::new(config))))
}

async fn serve(state: &State, number: usize, stream: TcpStream) -> std::io::Result<()> {
    if state.rules.lock().unwrap().iter().any(|(_, says)| matches!(says, Says::BreaksOff)) {
        stream.set_zero_linger()?;
    }
    match (state.encryption, &state.acceptor) {
        (Encryption::None, _) | (_, None) => talk(state, number, BufReader::new(stream), true).await.map(drop),
        (Encryption::Tls, Some(acceptor)) => {
            let stream = acceptor.accept(stream).await?;
            Box::pin(talk(state, number, BufReader::new(stream), true)).await.map(drop)
        }
        (Encryption::Starttls, Some(acceptor)) => {
            let Some(stream) = talk(state, number, BufReader::new(stream), true).await? else { return Ok(()) };
            let stream = acceptor.accept(stream.into_inner()).await?;
            Box::pin(talk(state, number, BufReader::new(stream), false)).await.map(drop)
        }
    }
}

/// Talks until the other side leaves. Gives the stream back after STARTTLS.
async fn talk<S>(state: &State, number: usize, mut stream: BufReader<S>, fresh: bool) -> std::io::Result<Option<BufReader<S>>>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let rule = |place: &str| state.rules.lock().unwrap().iter().find(|(at, _)| *at == place).map(|(_, says)| says.clone());
    let mut mail = Mail::default();
    if fresh && !say(&mut stream, rule("greeting").unwrap_or(Says::Reply("220 stub ready"))).await? {
        return Ok(None);
    }
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).await? == 0 {
            return Ok(None);
        }
        let line = line.trim_end().to_owned();
        let verb = line.split([' ', ':']).next().unwrap_or_default().to_uppercase();
        let shown = if verb == "AUTH" { line.split(' ').take(2).collect::<Vec<_>>().join(" ") } else { line.clone() };
        state.commands.lock().unwrap().push((number, shown));
        let verb: &'static str = match verb.as_str() {
            "EHLO" => "EHLO",
            "STARTTLS" => "STARTTLS",
            "AUTH" => "AUTH",
            "MAIL" => "MAIL",
            "RCPT" => "RCPT",
            "DATA" => "DATA",
            "NOOP" => "NOOP",
            "QUIT" => "QUIT",
            other => panic!("the stub does not know {other}"),
        };
        let between = |line: &str| line.split_once('<').and_then(|(_, rest)| rest.split_once('>')).map(|(inner, _)| inner.to_owned());
        match verb {
            "MAIL" => mail = Mail { from: between(&line).unwrap_or_default(), ..Mail::default() },
            "RCPT" => mail.to.extend(between(&line)),
            _ => {}
        }
        let says = rule(verb).unwrap_or(match verb {
            "EHLO" if state.encryption == Encryption::Starttls && fresh => Says::Reply("250-stub\r\n250-STARTTLS\r\n250 AUTH PLAIN LOGIN"),
            "EHLO" => Says::Reply("250-stub\r\n250-SIZE 1000000\r\n250 AUTH PLAIN LOGIN"),
            "AUTH" => Says::Reply("235 2.7.0 welcome"),
            "DATA" => Says::Reply("354 go on"),
            "QUIT" => Says::Reply("221 bye"),
            _ => Says::Reply("250 2.0.0 ok"),
        });
        let positive = matches!(says, Says::Reply(reply) if reply.starts_with(['2', '3']));
        if !say(&mut stream, says).await? || verb == "QUIT" {
            return Ok(None);
        }
        if verb == "STARTTLS" && positive {
            return Ok(Some(stream));
        }
        if verb == "DATA" && positive {
            mail.content = content(&mut stream).await?;
            state.mails.send_modify(|mails| mails.push(mail.clone()));
            if !say(&mut stream, rule("content").unwrap_or(Says::Reply("250 2.0.0 queued"))).await? {
                return Ok(None);
            }
        }
    }
}

/// Says it. Gives whether the conversation goes on.
async fn say<S: AsyncRead + AsyncWrite + Unpin>(stream: &mut BufReader<S>, says: Says) -> std::io::Result<bool> {
    match says {
        Says::Reply(reply) => {
            stream.write_all(format!("{reply}\r\n").as_bytes()).await?;
            stream.flush().await?;
            Ok(true)
        }
        Says::Nothing => std::future::pending().await,
        Says::Closes | Says::BreaksOff => Ok(false),
    }
}

/// Everything up to the line with a dot alone, dots undone.
async fn content<S: AsyncRead + Unpin>(stream: &mut BufReader<S>) -> std::io::Result<String> {
    let mut content = String::new();
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).await? == 0 || line == ".\r\n" {
            return Ok(content);
        }
        content.push_str(line.strip_prefix('.').unwrap_or(&line));
    }
}
