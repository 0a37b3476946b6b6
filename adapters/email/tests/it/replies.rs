//! Every row of the table of replies: what a server says in which phase, and what it means.

use crate::mail::{CLIENT, at_once, email, outgoing, question};
use crate::stub::{Encryption, Says, Server};
use lastword_contract::{Channel, Outgoing, Purpose, Scale, Verdict};
use serde_json::json;

const GONE: Verdict = Verdict::RecipientGone;
const BROKEN: Verdict = Verdict::ConnectionBroken;
const RETRY: Verdict = Verdict::RetryBackoff;
const REFUSED: Verdict = Verdict::Refused;
const UNKNOWN: Verdict = Verdict::CannotKnow;

/// Place, reply, verdict, kind.
const TABLE: &[(&str, &str, Verdict, &str)] = &[
    ("greeting", "421 4.3.2 try again later", RETRY, "unavailable"),
    ("greeting", "554 5.7.1 your address is on a list", BROKEN, "refused_by_server"),
    ("EHLO", "550 5.7.1 not you", BROKEN, "refused_by_server"),
    ("EHLO", "hello there", RETRY, "not_connected"),
    ("AUTH", "535 5.7.8 bad credentials", BROKEN, "not_authenticated"),
    ("AUTH", "535 5.7.139 basic authentication is disabled", BROKEN, "not_authenticated"),
    ("AUTH", "534-5.7.14 please log in\r\n534 5.7.14 with your browser", BROKEN, "not_authenticated"),
    ("AUTH", "504 5.5.4 no such mechanism", BROKEN, "not_authenticated"),
    ("AUTH", "454 4.7.0 temporary authentication failure", RETRY, "asked_to_retry"),
    ("MAIL", "421 4.7.0 too many messages", RETRY, "unavailable"),
    ("MAIL", "451 4.3.0 try later", RETRY, "asked_to_retry"),
    ("MAIL", "452 4.3.1 no space", RETRY, "no_room"),
    ("MAIL", "530 5.7.0 authentication required", BROKEN, "not_authenticated"),
    ("MAIL", "553 5.7.1 you may not send as support", BROKEN, "sender_refused"),
    ("MAIL", "501 5.1.7 bad sender", BROKEN, "sender_refused"),
    ("MAIL", "552 5.3.4 message too big", REFUSED, "too_large"),
    ("RCPT", "450 4.2.0 greylisted, try again in 300 seconds", RETRY, "greylisted"),
    ("RCPT", "451 4.7.1 please try later", RETRY, "greylisted"),
    ("RCPT", "450 4.2.1 mailbox busy", RETRY, "asked_to_retry"),
    ("RCPT", "452 4.2.2 mailbox full", RETRY, "no_room"),
    ("RCPT", "421 4.3.2 going down", RETRY, "unavailable"),
    ("RCPT", "550 5.1.1 <anna.client@example.org>: user unknown", GONE, "no_such_mailbox"),
    ("RCPT", "550 5.1.2 bad destination", GONE, "no_such_mailbox"),
    ("RCPT", "501 5.1.3 bad syntax", GONE, "no_such_mailbox"),
    ("RCPT", "551 5.1.6 moved", GONE, "no_such_mailbox"),
    ("RCPT", "556 5.1.10 the domain takes no mail", GONE, "no_such_mailbox"),
    ("RCPT", "550 5.2.1 mailbox disabled", GONE, "no_such_mailbox"),
    ("RCPT", "550 5.4.1 recipient address rejected: access denied", GONE, "no_such_mailbox"),
    ("RCPT", "550 no such user here", GONE, "no_such_mailbox"),
    ("RCPT", "553 mailbox name not allowed", GONE, "no_such_mailbox"),
    ("RCPT", "552 5.2.2 over quota", REFUSED, "mailbox_full"),
    ("RCPT", "552 over quota", REFUSED, "mailbox_full"),
    ("RCPT", "554 5.7.1 relay access denied", BROKEN, "relay_denied"),
    ("RCPT", "550 relaying denied", BROKEN, "relay_denied"),
    ("RCPT", "530 5.7.57 client not authenticated", BROKEN, "not_authenticated"),
    ("RCPT", "550 5.1.8 sender address rejected: domain not found", BROKEN, "sender_refused"),
    ("RCPT", "553 5.7.1 sender address rejected: not owned by user robot", BROKEN, "sender_refused"),
    ("RCPT", "550 5.7.1 rejected by policy", REFUSED, "refused_by_policy"),
    // Replies of Postfix, Exim, Outlook.com, Exchange Online, GMX, Proofpoint, Trend Micro, Symantec, Mimecast, Barracuda, Comcast,
    // Sendmail and qmail, as public bug reports quote them: this machine is refused, whatever it sends.
    ("RCPT", "554 5.7.1 Service unavailable; Client host [192.0.2.1] blocked using zen.spamhaus.org", BROKEN, "blocked"),
    ("RCPT", "554 5.7.1 Service unavailable; Sender address [a@b.example] blocked using dbl.spamhaus.org", BROKEN, "blocked"),
    ("RCPT", "550 5.7.1 Service unavailable; Client host [192.0.2.1] is blacklisted. Visit https://www.sophos.com/", BROKEN, "blocked"),
    ("RCPT", "550 rejected because 192.0.2.1 is in a black list at zen.spamhaus.org", BROKEN, "blocked"),
    (
        "RCPT",
        "550 5.7.1 Unfortunately, messages from [192.0.2.1] weren't sent. Part of their network is on our block list",
        BROKEN,
        "blocked",
    ),
    ("RCPT", "550 5.7.606 Access denied, banned sending IP [192.0.2.1]", BROKEN, "blocked"),
    ("RCPT", "554 No SMTP service; IP address is block listed.; For explanation visit https://www.gmx.net/", BROKEN, "blocked"),
    ("RCPT", "550 5.7.0 Mail from 192.0.2.1 refused by Proofpoint Reputation Services", BROKEN, "blocked"),
    ("RCPT", "550 5.7.1 Mail from 192.0.2.1 has been blocked by Trend Micro Email Reputation Service.", BROKEN, "blocked"),
    ("RCPT", "550 Connection rejected by policy [7.3] 38206, please visit https://support.symantec.com/", BROKEN, "blocked"),
    ("RCPT", "550 Your access has been rejected due to the sending MTA's poor reputation.", BROKEN, "blocked"),
    ("RCPT", "550 JunkMail rejected - [192.0.2.1]:46615 is in an RBL: http://www.barracudanetworks.com/", BROKEN, "blocked"),
    ("RCPT", "554 192.0.2.1 found on one or more DNSBLs, see http://postmaster.comcast.net/", BROKEN, "blocked"),
    ("RCPT", "550 Blocked - see https://ipcheck.proofpoint.com/?ip=192.0.2.1", BROKEN, "blocked"),
    ("RCPT", "550 Unable to add the box because host 192.0.2.1 is listed on zen.spamhaus.org", BROKEN, "blocked"),
    ("RCPT", "550 sorry, mail from your location [192.0.2.1] is administratively denied (#5.7.1)", BROKEN, "blocked"),
    ("RCPT", "550 5.7.1 Relaying denied. IP name possibly forged [192.0.2.1]", BROKEN, "blocked"),
    ("RCPT", "550 5.7.1 Client host rejected: cannot find your reverse hostname, [192.0.2.1]", BROKEN, "blocked"),
    ("RCPT", "550 5.7.1 Client host rejected: Access denied", BROKEN, "blocked"),
    ("RCPT", "504 5.5.2 <box>: Helo command rejected: need fully-qualified hostname", BROKEN, "blocked"),
    ("RCPT", "550 5.7.23 the message violates the sender's SPF record", BROKEN, "sender_refused"),
    ("RCPT", "550 5.7.1 Recipient address rejected: user is blocked", REFUSED, "refused_by_policy"),
    ("RCPT", "554 5.3.0 no", REFUSED, "refused"),
    ("RCPT", "500 5.5.2 syntax", REFUSED, "refused"),
    ("DATA", "451 4.3.0 try later", RETRY, "asked_to_retry"),
    ("DATA", "554 5.5.1 no valid recipients", REFUSED, "refused"),
    ("DATA", "what?", RETRY, "garbled_answer"),
    ("content", "421 4.3.2 going down", RETRY, "unavailable"),
    ("content", "451 4.3.0 try later", RETRY, "asked_to_retry"),
    ("content", "452 4.3.1 no space", RETRY, "no_room"),
    ("content", "550 5.1.1 user unknown", GONE, "no_such_mailbox"),
    ("MAIL", "552 5.2.2 Mailbox full", REFUSED, "mailbox_full"),
    ("content", "552 5.2.2 Mailbox full", REFUSED, "mailbox_full"),
    ("content", "552 5.3.4 message too big", REFUSED, "too_large"),
    ("content", "554 5.7.1 looks like spam", REFUSED, "refused_by_policy"),
    ("content", "554 5.7.1 a link in this message is listed at Spamhaus, see your host's logs", REFUSED, "refused_by_policy"),
    // DMARC: so is every other mail of this sender.
    ("content", "550 5.7.26 the sender is not authenticated", BROKEN, "sender_refused"),
    ("content", "554 5.6.0 no", REFUSED, "refused"),
    ("content", "<html>", UNKNOWN, "garbled_answer"),
];

#[tokio::test]
async fn every_reply_has_its_verdict() {
    let server = Server::start(Encryption::None).await;
    for &(place, reply, verdict, kind) in TABLE {
        server.says(vec![(place, Says::Reply(reply))]);
        // A fresh connection, so that every phase is gone through.
        let error = email(&server, json!({})).send(&question(Scale::Binary, "How was it?")).await.unwrap_err();
        assert_eq!((error.verdict, error.kind), (verdict, kind), "{place}: {reply} ({})", error.detail);
        assert!(!error.to_string().contains(CLIENT), "{error}");
        let code = &reply[..3];
        if code.bytes().all(|byte| byte.is_ascii_digit()) {
            assert!(error.detail.contains(code), "the server's own words: {}", error.detail);
        }
    }
}

#[tokio::test]
async fn silence_is_definite_before_the_content_and_unknown_after_it() {
    let places = [("greeting", RETRY), ("AUTH", RETRY), ("MAIL", RETRY), ("RCPT", RETRY), ("DATA", RETRY), ("content", UNKNOWN)];
    let rows = places.into_iter().flat_map(|row| [(row, Says::Nothing), (row, Says::Closes), (row, Says::BreaksOff)]);
    let sends = rows.map(|((place, verdict), says)| async move {
        let server = Server::start(Encryption::None).await;
        server.says(vec![(place, says.clone())]);
        let error = email(&server, json!({ "timeout_secs": 8 })).send(&question(Scale::Binary, "How was it?")).await.unwrap_err();
        assert_eq!(error.verdict, verdict, "{says:?} at {place}: {error}");
        assert_eq!(server.mails().len(), usize::from(place == "content"), "{says:?} at {place}");
    });
    at_once(sends).await;
}

#[tokio::test]
async fn a_server_that_is_not_there_is_tried_again() {
    let server = Server::start(Encryption::None).await;
    // A port that somebody had a moment ago.
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let error = email(&server, json!({ "port": port })).send(&outgoing(Purpose::Text, "Hello.")).await.unwrap_err();
    assert_eq!((error.verdict, error.kind), (RETRY, "not_connected"));
    let error = email(&server, json!({ "host": "no-such-host.invalid", "user": null, "password": null })).check().await.unwrap_err();
    assert_eq!(error.verdict, RETRY, "how soon a name is known to be nobody's, is the resolver's own: {error}");
}

#[tokio::test]
async fn a_server_without_a_login_that_we_know_breaks_the_connection() {
    let server = Server::start(Encryption::None).await;
    server.says(vec![("EHLO", Says::Reply("250-stub\r\n250 AUTH XOAUTH2"))]);
    let error = email(&server, json!({})).check().await.unwrap_err();
    assert_eq!((error.verdict, error.kind), (BROKEN, "no_common_login"));
}

#[tokio::test]
async fn what_cannot_be_mailed_is_said_before_anybody_is_called() {
    let server = Server::start(Encryption::None).await;
    let channel = email(&server, json!({}));
    let mut nobody = outgoing(Purpose::Text, "Hello.");
    nobody.to.chat = "anna@example.org\r\nRCPT TO:<eve@example.org>".to_owned();
    let error = channel.send(&nobody).await.unwrap_err();
    assert_eq!((error.verdict, error.kind), (GONE, "not_an_address"));
    let mut mute = question(Scale::Binary, "How was it?");
    mute.choices.iter_mut().for_each(|choice| choice.link = None);
    let error = channel.send(&mute).await.unwrap_err();
    assert_eq!((error.verdict, error.kind), (REFUSED, "no_links"));
    assert_eq!(server.connections(), 0);

    let abroad = Outgoing { to: "анна@пример.рф".into(), ..outgoing(Purpose::Text, "Привет.") };
    let error = channel.send(&abroad).await.unwrap_err();
    assert_eq!((error.verdict, error.kind), (REFUSED, "needs_smtputf8"));
    server.says(vec![("EHLO", Says::Reply("250-stub\r\n250-SMTPUTF8\r\n250 AUTH PLAIN"))]);
    let channel = email(&server, json!({}));
    channel.send(&abroad).await.unwrap();
    assert_eq!(server.mails()[0].to, ["анна@xn--e1afmkfd.xn--p1ai"]);
    assert!(server.commands().iter().any(|command| command == "MAIL FROM:<support@example.com> SMTPUTF8"));
}
