//! Addresses that nobody reads, and one address in other letters.

use crate::mail::{email, outgoing, question};
use crate::stub::{Encryption, Server};
use lastword_contract::{Address, Channel, Outgoing, Purpose, Scale, Verdict};
use serde_json::json;

/// What the kinds of unread addresses look like: programs', and the connection's own in any letters.
const UNREAD: [&str; 7] = [
    "noreply@shop.example",
    "No-Reply@shop.example",
    "donotreply@shop.example",
    "MAILER-DAEMON@shop.example",
    "Support@Example.COM",
    "help@example.com",
    "support+ticket-42@example.com",
];

fn to(chat: &str, outgoing: Outgoing) -> Outgoing {
    Outgoing { to: Address::chat(chat), ..outgoing }
}

#[tokio::test]
async fn a_client_whose_address_nobody_reads_is_not_mailed() {
    let server = Server::start(Encryption::None).await;
    let channel = email(&server, json!({ "reply_to": "Help <help@example.com>" }));
    for chat in UNREAD {
        assert!(channel.nobody_reads(&Address::chat(chat)), "{chat}");
        for mail in [question(Scale::Binary, "How was it?"), outgoing(Purpose::Text, "Sorry."), outgoing(Purpose::Settle, "Thanks.")] {
            let error = channel.send(&to(chat, mail)).await.unwrap_err();
            assert_eq!((error.kind, error.verdict), ("nobody_reads", Verdict::Refused), "{chat}");
            assert!(error.detail.contains("allow_no_reply_addresses") && !error.detail.contains('@'), "{}", error.detail);
        }
    }
    assert!(server.mails().is_empty());
    for chat in ["anna@example.com", "support@example.org", "nobody in particular"] {
        assert!(!channel.nobody_reads(&Address::chat(chat)), "{chat}");
    }
}

#[tokio::test]
async fn a_recipient_of_alerts_is_written_to_wherever_they_want() {
    let server = Server::start(Encryption::None).await;
    let channel = email(&server, json!({}));
    channel.send(&to("support@example.com", outgoing(Purpose::Alert, "A low rating."))).await.unwrap();
    assert_eq!(server.mails().len(), 1);
}

#[tokio::test]
async fn the_setting_allows_them() {
    let server = Server::start(Encryption::None).await;
    let channel = email(&server, json!({ "allow_no_reply_addresses": true, "reply_to": "help@example.com" }));
    for chat in UNREAD {
        assert!(!channel.nobody_reads(&Address::chat(chat)), "{chat}");
        channel.send(&to(chat, question(Scale::Binary, "How was it?"))).await.unwrap();
    }
    assert_eq!(server.mails().len(), UNREAD.len());
}

#[tokio::test]
async fn an_address_is_one_in_any_letters_and_is_written_as_it_was_told() {
    let server = Server::start(Encryption::None).await;
    let channel = email(&server, json!({}));
    let admitted = channel.admit(Address::chat(" Anna.Client@EXAMPLE.org ")).unwrap();
    assert_eq!(admitted.chat, "Anna.Client@example.org", "the domain in one form, the local part as it was written");
    let names =
        ["Anna.Client@example.org", "anna.client@example.org", "ANNA.CLIENT@Example.Org"].map(|chat| channel.identity(&chat.into()));
    assert_eq!(names, ["anna.client@example.org"; 3].map(str::to_owned));
    channel.send(&to(&admitted.chat, question(Scale::Binary, "How was it?"))).await.unwrap();
    assert_eq!(server.mails()[0].to, ["Anna.Client@example.org"]);
}
