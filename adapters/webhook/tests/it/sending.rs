//! What goes out, and what each answer means.

use crate::receiver::{AT, Answer, Receiver, SECRET, config, local, outgoing};
use lastword_contract::{Channel, Choice, ChoiceKind, CommentBox, Outgoing, Purpose, Scale, SendError, Verdict};
use lastword_webhook::{Webhook, signature::Keys};
use serde_json::json;
use std::sync::Arc;
use std::time::Duration;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;

#[tokio::test]
async fn a_question_goes_out_signed_and_whole() {
    let receiver = Receiver::start().await;
    let channel = receiver.channel(json!({ "previous_secret": "the raw secret from before" }));
    let mut question = outgoing(Purpose::Question(Scale::Binary));
    question.choices = vec![Choice { label: "👍".into(), token: "r1_x_1".into(), kind: ChoiceKind::Score, link: None }];
    question.comment = Some(CommentBox { label: "Why?".into(), token: "c1_x".into(), max_chars: 500 });
    let receipt = channel.send(&question).await.unwrap();
    assert_eq!(receipt.message_id.as_deref(), Some("m-1"));

    let got = &receiver.got()[0];
    assert_eq!(got.path, "/hook");
    assert_eq!(got.header("content-type"), "application/json");
    assert_eq!(got.header("webhook-id"), "dlv_1");
    assert_eq!(got.header("webhook-timestamp"), (AT / 1000).to_string());
    for secret in [SECRET, "the raw secret from before"] {
        let keys = Keys::parse(&secret.into(), None).unwrap();
        assert!(keys.verify(got.header("webhook-signature"), "dlv_1", AT / 1000, &got.body));
    }
    assert_eq!(
        got.json(),
        json!({
            "type": "question",
            "timestamp": "2023-11-14T22:13:20.000Z",
            "data": {
                "to": { "chat": "chat-4711" },
                "language": "en",
                "scale": "binary",
                "text": "How was it?",
                "choices": [{ "label": "👍", "token": "r1_x_1", "kind": "score" }],
                "comment": { "label": "Why?", "token": "c1_x", "max_chars": 500 },
            },
        })
    );
}

#[tokio::test]
async fn an_event_is_its_facts_and_an_alert_its_facts_and_text() {
    let receiver = Receiver::start().await;
    let channel = receiver.channel(json!({ "events": ["rating.created"] }));
    assert_eq!(channel.events(), ["rating.created"]);
    let facts = json!({ "rating": { "score": 0 }, "language": "a fact keeps its name" });
    let event = Outgoing { data: facts.clone(), text: String::new(), ..outgoing(Purpose::Event("rating.created".into())) };
    channel.send(&event).await.unwrap();
    channel.send(&Outgoing { data: facts, ..outgoing(Purpose::Alert) }).await.unwrap();
    let got = receiver.got();
    assert_eq!(got[0].json()["type"], "rating.created");
    assert_eq!(got[0].json()["data"], json!({ "rating": { "score": 0 }, "language": "a fact keeps its name" }));
    let alert =
        json!({ "rating": { "score": 0 }, "language": "a fact keeps its name", "text": "How was it?", "to": { "chat": "chat-4711" } });
    assert_eq!((&got[1].json()["type"], &got[1].json()["data"]), (&json!("alert"), &alert));
}

#[tokio::test]
async fn links_come_as_links_and_as_a_text_ready_to_be_sent() {
    let receiver = Receiver::start().await;
    let channel = receiver.channel(json!({ "links": true }));
    let link = |token: &str| format!("https://rate.example.com/r/{token}");
    let score = |scale: Scale, score| {
        let token = format!("r1_x_{score}_mac");
        Choice { label: scale.label(score), link: Some(link(&token)), token, kind: ChoiceKind::Score }
    };
    let table = [(Scale::FiveStar, [5, 1], ["5", "1"]), (Scale::Binary, [1, 0], ["👍", "👎"])];
    for (scale, scores, names) in table {
        let choices = scores.map(|number| score(scale, number)).to_vec();
        channel.send(&Outgoing { choices, ..outgoing(Purpose::Question(scale)) }).await.unwrap();
        let data = receiver.got().pop().unwrap().json()["data"].clone();
        let lines: Vec<String> =
            names.iter().zip(scores).map(|(name, score)| format!("{name} - {}", link(&format!("r1_x_{score}_mac")))).collect();
        assert_eq!(data["plain"], format!("How was it?\n{}", lines.join("\n")));
        assert_eq!(data["text"], "How was it?", "for a receiver that lays out links itself");
        assert_eq!(data["choices"][0]["link"], link(&format!("r1_x_{}_mac", scores[0])));
    }
    channel.send(&outgoing(Purpose::Text)).await.unwrap();
    assert_eq!(receiver.got().pop().unwrap().json()["data"].get("plain"), None, "nothing to open");
}

async fn verdict_of(receiver: &Receiver, answer: Answer) -> Result<(), SendError> {
    receiver.answers(answer);
    let channel = receiver.channel(json!({ "timeout_secs": 1 }));
    let text = outgoing(Purpose::Text);
    let sent = tokio::time::timeout(Duration::from_secs(20), channel.send(&text)).await;
    sent.expect("send has no time limit").map(|_| ())
}

#[tokio::test]
async fn every_answer_has_one_verdict() {
    let receiver = Receiver::start().await;
    for status in [200, 201, 202, 204, 299] {
        assert_eq!(verdict_of(&receiver, Answer::status(status)).await, Ok(()), "{status}");
    }
    let table = [
        (300, Verdict::Refused, "redirected"),
        (304, Verdict::Refused, "redirected"),
        (400, Verdict::Refused, "refused"),
        (401, Verdict::ConnectionBroken, "not_authorized"),
        (402, Verdict::ConnectionBroken, "not_authorized"),
        (403, Verdict::RetryBackoff, "not_reached"),
        (404, Verdict::RetryBackoff, "not_reached"),
        (405, Verdict::RetryBackoff, "not_reached"),
        (407, Verdict::ConnectionBroken, "not_authorized"),
        (408, Verdict::RetryBackoff, "asked_to_retry"),
        (410, Verdict::ConnectionBroken, "gone"),
        (422, Verdict::Refused, "refused"),
        (425, Verdict::RetryBackoff, "asked_to_retry"),
        (429, Verdict::RetryBackoff, "throttled"),
        (500, Verdict::RetryBackoff, "server_error"),
        (502, Verdict::RetryBackoff, "server_error"),
        (503, Verdict::RetryBackoff, "unavailable"),
        (504, Verdict::RetryBackoff, "server_error"),
    ];
    for (status, verdict, kind) in table {
        let error = verdict_of(&receiver, Answer::With(status, Vec::new(), b"canary-4711".to_vec())).await.unwrap_err();
        assert_eq!((error.verdict, error.kind), (verdict, kind), "{status}");
        assert!(!error.to_string().contains("canary"), "the receiver may echo what we sent");
    }
}

#[tokio::test]
async fn a_message_that_cannot_be_replaced_says_so() {
    let receiver = Receiver::start().await;
    assert_eq!(verdict_of(&receiver, Answer::status(409)).await.unwrap_err().kind, "refused", "it replaces nothing");
    let edit = Outgoing { replaces: Some("m-1".to_owned()), ..outgoing(Purpose::Settle) };
    let error = receiver.channel(json!({ "timeout_secs": 1 })).send(&edit).await.unwrap_err();
    assert_eq!((error.verdict, error.kind), (Verdict::Refused, SendError::NOT_EDITABLE));
}

#[tokio::test]
async fn the_receivers_own_delay_is_kept_in_seconds_or_as_a_date() {
    let receiver = Receiver::start().await;
    let date = "Wed, 01 Jan 2020 00:00:00 GMT";
    let table = [
        ("120", Verdict::RetryAfter(120_000)),
        ("0", Verdict::RetryAfter(1_000)),
        ("99999999", Verdict::RetryAfter(86_400_000)),
        ("Wed, 01 Jan 2020 00:00:45 GMT", Verdict::RetryAfter(45_000)),
        ("Tue, 31 Dec 2019 00:00:45 GMT", Verdict::RetryAfter(1_000)),
        ("soon", Verdict::RetryBackoff),
        ("-5", Verdict::RetryBackoff),
    ];
    for status in [429, 503] {
        for (value, verdict) in table {
            let headers = vec![("retry-after", value.to_owned()), ("date", date.to_owned())];
            let error = verdict_of(&receiver, Answer::With(status, headers, Vec::new())).await.unwrap_err();
            assert_eq!(error.verdict, verdict, "{status}, retry-after: {value}");
        }
    }
}

#[tokio::test]
async fn no_answer_and_half_an_answer_are_told_apart_from_no_connection() {
    let receiver = Receiver::start().await;
    assert_eq!(verdict_of(&receiver, Answer::Never).await.unwrap_err().verdict, Verdict::CannotKnow);

    // Takes the request, then hangs up in the middle of the status line.
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    tokio::spawn(async move {
        use tokio::io::{AsyncReadExt, AsyncWriteExt};
        let (mut stream, _) = listener.accept().await.unwrap();
        let _ = stream.read(&mut [0; 65536]).await;
        stream.write_all(b"HTTP/1.1 20").await.unwrap();
    });
    let channel = Webhook::new("crm", config(&url, &local(json!({})))).unwrap();
    let error = channel.send(&outgoing(Purpose::Text)).await.unwrap_err();
    assert_eq!((error.verdict, error.kind), (Verdict::CannotKnow, "connection_lost"));
    // The listener is gone now.
    let error = channel.send(&outgoing(Purpose::Text)).await.unwrap_err();
    assert_eq!((error.verdict, error.kind), (Verdict::RetryBackoff, "not_connected"));
}

#[tokio::test]
async fn an_id_is_taken_only_from_a_small_and_plain_answer() {
    let receiver = Receiver::start().await;
    let channel = receiver.channel(json!({}));
    let huge = format!("{{\"message_id\":\"m\",\"rest\":\"{}\"}}", "x".repeat(65 * 1024));
    let table = [
        (r#"{"message_id":"m-2"}"#.to_owned(), Some("m-2")),
        (r#"{"message_id":42}"#.to_owned(), Some("42")),
        (r#"{"message_id":""}"#.to_owned(), None),
        (r#"{"message_id":["m"]}"#.to_owned(), None),
        (format!(r#"{{"message_id":"{}"}}"#, "m".repeat(201)), None),
        ("ok".to_owned(), None),
        (huge, None),
    ];
    for (body, id) in table {
        receiver.answers(Answer::body(body.clone()));
        let receipt = channel.send(&outgoing(Purpose::Text)).await.unwrap();
        assert_eq!(receipt.message_id.as_deref(), id, "{:.60}", body);
    }
    let edit = Outgoing { replaces: Some("m-1".into()), ..outgoing(Purpose::Settle) };
    assert_eq!(channel.send(&edit).await.unwrap().message_id.as_deref(), Some("m-1"), "an edit keeps its message");
}

#[tokio::test]
async fn redirects_lead_nowhere() {
    let receiver = Receiver::start().await;
    for status in [301, 302, 303, 307, 308] {
        let before = receiver.got().len();
        let elsewhere = vec![("location", format!("http://{}/elsewhere", receiver.address))];
        let error = verdict_of(&receiver, Answer::With(status, elsewhere, Vec::new())).await.unwrap_err();
        assert_eq!((error.verdict, error.kind), (Verdict::Refused, "redirected"));
        let paths: Vec<_> = receiver.got().drain(before..).map(|got| got.path).collect();
        assert_eq!(paths, ["/hook"]);
    }
}

#[tokio::test]
async fn what_cannot_be_sent_is_refused_before_anything_leaves() {
    let receiver = Receiver::start().await;
    let channel = receiver.channel(json!({}));
    for bad in [Outgoing { key: "a\nb".into(), ..outgoing(Purpose::Text) }, Outgoing { at: i64::MAX, ..outgoing(Purpose::Text) }] {
        assert_eq!(channel.send(&bad).await.unwrap_err().verdict, Verdict::Refused);
    }
    assert!(receiver.got().is_empty());
}

/// The parent runs this very test again in a process whose environment names a proxy that nobody can reach.
#[expect(clippy::disallowed_methods, reason = "the environment is what is tested")]
#[tokio::test]
async fn a_proxy_from_the_environment_is_not_used() {
    let receiver = Receiver::start().await;
    receiver.channel(json!({})).send(&outgoing(Purpose::Text)).await.unwrap();
    if std::env::var_os("http_proxy").is_some_and(|proxy| proxy == "http://127.0.0.1:1") {
        // The trap is set: a client that heeds the environment falls into it.
        assert!(reqwest::get(format!("http://{}/", receiver.address)).await.is_err());
        return;
    }
    let status = tokio::process::Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "sending::a_proxy_from_the_environment_is_not_used"])
        .env("http_proxy", "http://127.0.0.1:1")
        .env("all_proxy", "http://127.0.0.1:1")
        .env_remove("no_proxy")
        .env_remove("NO_PROXY")
        .status()
        .await
        .unwrap();
    assert!(status.success());
}

#[tokio::test]
async fn check_posts_nothing_and_warns() {
    let receiver = Receiver::start().await;
    let account = receiver.channel(json!({ "previous_secret": "the raw secret from before" })).check().await.unwrap();
    assert_eq!((account.name.as_str(), account.notes.len(), account.warnings.len()), ("127.0.0.1", 2, 1));
    assert_eq!(receiver.got().iter().map(|got| got.body.len()).collect::<Vec<_>>(), [0], "asked for a head alone");
    receiver.answers(Answer::status(405));
    receiver.channel(json!({})).check().await.expect("whatever it answers, it is there");
}

#[tokio::test]
async fn check_sees_a_receiver_that_is_not_there() {
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let nowhere = Webhook::new("crm", config(&format!("http://{free}/hook"), &local(json!({})))).unwrap();
    assert_eq!(nowhere.check().await.unwrap_err().kind, "not_connected");
}

/// Signed by an authority that is not trusted.
#[tokio::test]
async fn check_and_sends_name_a_certificate_that_is_not_trusted() {
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned(), "127.0.0.1".to_owned()]).unwrap();
    let key = PrivateKeyDer::try_from(made.signing_key.serialize_der()).unwrap();
    let tls = ServerConfig::builder().with_no_client_auth().with_single_cert(vec![made.cert.der().clone()], key).unwrap();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(tls));
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let _ = acceptor.accept(stream).await;
        }
    });
    let webhook = Webhook::new("crm", config(&format!("https://{address}/hook"), &local(json!({})))).unwrap();
    for error in [webhook.check().await.unwrap_err(), webhook.send(&outgoing(Purpose::Text)).await.unwrap_err()] {
        assert_eq!((error.verdict, error.kind), (Verdict::RetryBackoff, "untrusted_certificate"), "{error}");
        assert!(error.to_string().contains("the receiver's certificate is not trusted"), "{error}");
    }
}
