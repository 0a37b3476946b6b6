//! The way to the server is private, or it is not taken.

use crate::mail::{email, outgoing};
use crate::stub::{Encryption, Server};
use lastword_contract::{Channel, Purpose, Verdict};
use serde_json::json;

/// The stub's authority in a file.
fn authority(server: &Server) -> tempfile::NamedTempFile {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), &server.authority).unwrap();
    file
}

#[tokio::test]
async fn a_mail_goes_out_encrypted_either_way() {
    for (encryption, tls) in [(Encryption::Starttls, "starttls"), (Encryption::Tls, "tls")] {
        let server = Server::start(encryption).await;
        let authority = authority(&server);
        let channel = email(&server, json!({ "host": "localhost", "tls": tls, "ca_file": authority.path() }));
        channel.check().await.unwrap();
        channel.send(&outgoing(Purpose::Text, "Hello.")).await.unwrap();
        assert_eq!(server.mails().len(), 1, "{tls}");
        let commands = server.commands();
        let place = |verb: &str| commands.iter().position(|command| command.starts_with(verb));
        assert!(place("STARTTLS") < place("AUTH"), "{commands:?}");
        assert_eq!(server.connections(), 1, "the connection of the check is kept");
    }
}

#[tokio::test]
async fn a_certificate_of_nobody_known_breaks_the_connection() {
    for (encryption, tls) in [(Encryption::Starttls, "starttls"), (Encryption::Tls, "tls")] {
        let server = Server::start(encryption).await;
        let error = email(&server, json!({ "host": "localhost", "tls": tls })).send(&outgoing(Purpose::Text, "Hello.")).await.unwrap_err();
        assert_eq!((error.verdict, error.kind), (Verdict::ConnectionBroken, "tls_refused"), "{tls}: {error}");
        assert!(server.commands().iter().all(|command| !command.starts_with("AUTH")), "nothing of ours is said");
    }
}

#[tokio::test]
async fn a_server_that_cannot_encrypt_is_told_nothing() {
    let server = Server::start(Encryption::None).await;
    let error = email(&server, json!({ "tls": "starttls" })).send(&outgoing(Purpose::Text, "Hello.")).await.unwrap_err();
    assert_eq!((error.verdict, error.kind), (Verdict::ConnectionBroken, "tls_not_offered"));
    assert!(server.commands().iter().all(|command| !command.starts_with("AUTH")));
}
