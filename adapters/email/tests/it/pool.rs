//! Connections are kept for the next mail, and given up when they are no good.

use crate::mail::{at_once, email, outgoing};
use crate::stub::{Encryption, Says, Server};
use lastword_contract::{Channel, Purpose};
use serde_json::json;

#[tokio::test]
async fn a_connection_serves_many_mails_and_a_dead_one_is_replaced() {
    let server = Server::start(Encryption::None).await;
    let channel = email(&server, json!({}));
    for number in 1..=3 {
        channel.send(&outgoing(Purpose::Text, "Hello.")).await.unwrap();
        assert_eq!((server.mails().len(), server.connections()), (number, 1));
    }
    let logins = || server.commands().iter().filter(|command| command.starts_with("AUTH")).count();
    assert_eq!(logins(), 1);
    server.hangs_up();
    channel.send(&outgoing(Purpose::Text, "Hello.")).await.unwrap();
    assert_eq!((server.mails().len(), server.connections(), logins()), (4, 2, 2));
}

#[tokio::test]
async fn a_connection_on_which_something_went_wrong_is_not_used_again() {
    let server = Server::start(Encryption::None).await;
    let channel = email(&server, json!({}));
    channel.send(&outgoing(Purpose::Text, "Hello.")).await.unwrap();
    server.says(vec![("RCPT", Says::Reply("550 5.1.1 no"))]);
    channel.send(&outgoing(Purpose::Text, "Hello.")).await.unwrap_err();
    server.says(vec![]);
    channel.send(&outgoing(Purpose::Text, "Hello.")).await.unwrap();
    assert_eq!((server.mails().len(), server.connections()), (2, 2));
}

#[tokio::test]
async fn no_more_connections_than_allowed_are_made_at_once() {
    let server = Server::start(Encryption::None).await;
    let channel = email(&server, json!({ "connections": 2 }));
    let hello = outgoing(Purpose::Text, "Hello.");
    let sends = (0..12).map(|_| channel.send(&hello));
    for sent in at_once(sends).await {
        sent.unwrap();
    }
    assert_eq!(server.mails().len(), 12);
    assert!(server.connections() <= 2, "{}", server.connections());
}
