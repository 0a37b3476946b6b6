//! The mails as they are, for a person to read: tests/it/golden holds one of each. `UPDATE_GOLDEN=1 cargo test -p
//! lastword-email golden` writes them anew.

use crate::mail::{choice, email, outgoing, question};
use crate::stub::{Encryption, Server};
use crate::unsubscribing::with_footer;
use lastword_contract::{Channel, ChoiceKind, Outgoing, Purpose, Scale};
use serde_json::json;
use std::path::Path;

#[expect(clippy::disallowed_methods, reason = "a person asks for new files by a variable")]
async fn holds(name: &str, outgoing: &Outgoing) {
    let server = Server::start(Encryption::None).await;
    email(&server, json!({ "unsubscribe": "mailto:stop@example.com" })).send(outgoing).await.unwrap();
    let found = server.mails().remove(0).content.replace("\r\n", "\n");
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/golden").join(name);
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&path, &found).unwrap();
    }
    let expected = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(found, expected, "{name} is another mail now; if that is wanted: UPDATE_GOLDEN=1 cargo test -p lastword-email golden");
}

#[tokio::test]
async fn the_question_with_two_thumbs() {
    holds("binary.eml", &with_footer()).await;
}

#[tokio::test]
async fn the_question_with_five_stars() {
    let ends = Some(["Bad", "Excellent"].map(str::to_owned));
    holds("five_star.eml", &Outgoing { ends, ..question(Scale::FiveStar, "Please rate the quality of service") }).await;
}

#[tokio::test]
async fn the_question_read_from_the_right() {
    let arabic = Outgoing {
        language: "ar".to_owned(),
        ends: Some(["سيئ", "ممتاز"].map(str::to_owned)),
        ..question(Scale::FiveStar, "كيف كانت الخدمة؟")
    };
    holds("five_star_from_the_right.eml", &arabic).await;
}

#[tokio::test]
async fn an_alert() {
    let choices = vec![choice("✓ Seen", "a1_01Hk3bqfX0a9ZzY7Yq2w3G_s_Zz0123456789Zz", ChoiceKind::Acknowledge)];
    let text = "Low rating on Support: ★☆☆☆☆ 1/5\nOperator: Olga\nSession: S-1";
    holds("alert.eml", &Outgoing { choices, ..outgoing(Purpose::Alert, text) }).await;
}
