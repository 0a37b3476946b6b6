//! What stands in the head of a mail, and what cannot get there.

use crate::mail::{choice, email, outgoing, question, read};
use crate::stub::{Encryption, Server};
use lastword_contract::{Channel, ChoiceKind, Outgoing, Purpose, Scale};
use proptest::prelude::*;
use serde_json::json;

#[tokio::test]
async fn a_mail_says_who_it_is_from_and_that_a_program_sent_it() {
    let server = Server::start(Encryption::None).await;
    let more =
        json!({ "from": "Käse & Co <support@example.com>", "reply_to": "help@example.com", "unsubscribe": "mailto:stop@example.com" });
    let channel = email(&server, more);
    let receipt = channel.send(&question(Scale::Binary, "How was it?\nWe would love to hear.")).await.unwrap();
    let mail = server.mails().remove(0);
    assert_eq!((&*mail.from, &mail.to[..]), ("support@example.com", &["anna.client@example.org".to_owned()][..]));
    let read = read(&mail.content);
    for (name, value) in [
        ("From", "Käse & Co <support@example.com>"),
        ("To", "anna.client@example.org"),
        ("Reply-To", "help@example.com"),
        ("Subject", "How was it?"),
        ("Date", "Tue, 14 Nov 2023 22:13:20 +0000"),
        ("Message-ID", "<01Hk3bqfX0a9ZzY7Yq2w3E@example.com>"),
        ("Auto-Submitted", "auto-generated"),
        ("Content-Language", "en"),
        ("List-Unsubscribe", "<mailto:stop@example.com>"),
        ("MIME-Version", "1.0"),
    ] {
        assert_eq!(read.header(name).replace('"', ""), value, "{name}");
    }
    assert_eq!(receipt.message_id.as_deref(), Some("<01Hk3bqfX0a9ZzY7Yq2w3E@example.com>"));
    assert!(mail.content.is_ascii(), "no server needs more than it did in 1982");
    assert!(mail.content.lines().all(|line| line.len() <= 998));
}

#[tokio::test]
async fn a_mail_sent_again_has_the_same_id_and_the_same_bytes() {
    let server = Server::start(Encryption::None).await;
    let channel = email(&server, json!({}));
    for _ in 0..2 {
        channel.send(&question(Scale::FiveStar, "Как всё прошло?")).await.unwrap();
    }
    let mails = server.mails();
    assert_eq!(mails[0].content, mails[1].content);
}

#[tokio::test]
async fn a_mail_stands_in_the_thread_that_it_is_about() {
    let server = Server::start(Encryption::None).await;
    let channel = email(&server, json!({}));
    let mut mail = question(Scale::Binary, "How was it?");
    mail.to.via = Some("<CAF+1@mail.example.org>".to_owned());
    channel.send(&mail).await.unwrap();
    mail.to.via = Some("<x@y>\r\nBcc: eve@example.org".to_owned());
    channel.send(&mail).await.unwrap();
    let mails = server.mails();
    let first = read(&mails[0].content);
    assert_eq!((first.header("In-Reply-To"), first.header("References")), ("<CAF+1@mail.example.org>", "<CAF+1@mail.example.org>"));
    let second = read(&mails[1].content);
    assert!(!second.has("In-Reply-To") && !second.has("Bcc"));
}

#[tokio::test]
async fn an_alert_is_no_mailing_list() {
    let server = Server::start(Encryption::None).await;
    let channel = email(&server, json!({ "unsubscribe": "mailto:stop@example.com" }));
    let choices = vec![choice("✓ Seen", "a1_x_s_mac", ChoiceKind::Acknowledge)];
    let alert = Outgoing { choices, ..outgoing(Purpose::Alert, "Low rating 👎 on Support\nOperator: Olga") };
    channel.send(&alert).await.unwrap();
    let mail = read(&server.mails()[0].content);
    assert!(!mail.has("List-Unsubscribe"));
    assert_eq!(mail.header("Subject"), "Low rating 👎 on Support");
    assert!(
        mail.part("text/html").contains("href=\"https://rate.example.com/r/a1_x_s_mac\"") && mail.part("text/plain").contains("✓ Seen")
    );
}

#[tokio::test]
async fn long_texts_are_shortened_and_long_subjects_too() {
    let server = Server::start(Encryption::None).await;
    let channel = email(&server, json!({}));
    channel.send(&question(Scale::Binary, &"Wie war es? ".repeat(2_000))).await.unwrap();
    let mail = read(&server.mails()[0].content);
    let subject = mail.header("Subject");
    assert!(subject.chars().count() <= 78 && subject.ends_with('…'), "{subject}");
    let text = mail.part("text/plain");
    assert!(text.contains('…') && text.contains("/r/") && text.chars().count() < 10_300);
}

#[tokio::test]
async fn markup_in_a_text_stays_text() {
    let server = Server::start(Encryption::None).await;
    email(&server, json!({})).send(&question(Scale::Binary, "<script>alert(1)</script> & \"you\"")).await.unwrap();
    let mail = read(&server.mails()[0].content);
    let html = mail.part("text/html");
    assert!(!html.contains("<script") && html.contains("&#60;script&#62;alert(1)&#60;/script&#62; &#38;"), "{html}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    /// Whatever a text, a key, a language or a thread holds: the head of the mail has the headers that we put there.
    #[test]
    fn no_text_becomes_a_header(text in "[\\PC\r\n\t\u{0}\u{2028}\u{202e}:.]{0,200}", key in "[\\PC\r\n]{0,40}", language in "[\\PC\r\n]{0,12}", via in "[\\PC\r\n<>@]{0,40}") {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let content = runtime.block_on(async {
            let server = Server::start(Encryption::None).await;
            let mut mail = question(Scale::Binary, &format!("{text}\r\nBcc: eve@example.org\r\n\r\n.\r\nMAIL FROM:<eve@example.org>"));
            (mail.key, mail.language, mail.to.via) = (key, language, Some(via));
            email(&server, json!({})).send(&mail).await.unwrap();
            let commands = server.commands();
            let verbs: Vec<&str> = commands.iter().map(|command| command.split(' ').next().unwrap()).collect();
            assert_eq!(verbs, ["EHLO", "AUTH", "MAIL", "RCPT", "DATA"], "no text becomes a command");
            server.mails().remove(0).content
        });
        prop_assert!(content.is_ascii());
        let (head, _) = content.split_once("\r\n\r\n").unwrap();
        const OURS: [&str; 11] = ["From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "Content-Language", "In-Reply-To", "References", "MIME-Version", "Content-Type"];
        for line in head.split("\r\n").filter(|line| !line.starts_with([' ', '\t'])) {
            let name = line.split(':').next().unwrap();
            prop_assert!(OURS.contains(&name), "a header {line:?}");
        }
        prop_assert!(!head.to_lowercase().contains("\r\nbcc"));
    }
}
