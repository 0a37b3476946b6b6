//! The footer of a question, and how a mail program offers to unsubscribe.

use crate::mail::{choice, email, outgoing, question, read};
use crate::stub::{Encryption, Server};
use lastword_contract::{Channel, ChoiceKind, Footer, Outgoing, Purpose, Scale};
use serde_json::{Value, json};

const PAGE: &str = "https://rate.example.com/r/r1_01Hk3bqfX0a9ZzY7Yq2w3F_x_Zz0123456789Zz";

/// The question with its footer.
pub(crate) fn with_footer() -> Outgoing {
    let stop = choice("Don’t ask me again", "r1_01Hk3bqfX0a9ZzY7Yq2w3F_x_Zz0123456789Zz", ChoiceKind::OptOut);
    let footer = Footer {
        about: "Your conversation with Olga on 14 November".to_owned(),
        topic: Some("“Where is my <parcel>?”".to_owned()),
        sender: "Nordwind <&> Co".to_owned(),
        color: Some("#1d4ed8".to_owned()),
        logo: Some("https://rate.example.com/logo?1\"".to_owned()),
        why: "You received this message because your conversation with Nordwind (Support) ended on 14 November.".to_owned(),
        stop: Some(stop),
    };
    let ends = Some(["Bad", "Excellent"].map(str::to_owned));
    Outgoing { footer: Some(footer), ends, ..question(Scale::Binary, "Please rate the quality of service") }
}

#[tokio::test]
async fn a_question_says_who_asks_and_why_and_how_to_stop_it() {
    let server = Server::start(Encryption::None).await;
    email(&server, json!({})).send(&with_footer()).await.unwrap();
    let mail = read(&server.mails()[0].content);
    let (html, text) = (mail.part("text/html"), mail.part("text/plain"));
    // Above the question stands who asks, and about what; the subject names them too.
    let head = "Nordwind <&> Co\nYour conversation with Olga on 14 November\n“Where is my <parcel>?”\n\nPlease rate";
    assert!(text.starts_with(head), "{text}");
    assert!(html.contains("<img src=\"https://rate.example.com/logo?1&#34;\""), "{html}");
    assert!(html.contains("<strong>Nordwind &#60;&#38;&#62; Co</strong></p>"), "{html}");
    assert!(html.contains("Olga on 14 November<br>“Where is my &#60;parcel&#62;?”</p>") && html.contains("solid #1d4ed8"), "{html}");
    assert_eq!(mail.header("Subject"), "Nordwind <&> Co: Please rate the quality of service");
    assert!(text.contains("\n-- \nYou received this message because") && text.contains(&format!("Don’t ask me again: {PAGE}")), "{text}");
    assert!(html.contains("ended on 14 November") && html.contains(&format!("href=\"{PAGE}\"")), "{html}");
}

#[tokio::test]
async fn one_click_unsubscribes_at_our_own_address() {
    let mailbox = "mailto:stop@example.com";
    let page = "https://example.com/unsubscribe";
    let both = format!("<{PAGE}>, <{mailbox}>");
    let ours = format!("<{PAGE}>");
    let table: [(Value, &str, bool); 3] = [
        (json!({}), &ours, true),
        (json!({ "unsubscribe": mailbox }), &both, true),
        // A page of the organisation's own need not know one-click.
        (json!({ "unsubscribe": page }), "<https://example.com/unsubscribe>", false),
    ];
    for (settings, expected, one_click) in table {
        let server = Server::start(Encryption::None).await;
        email(&server, settings.clone()).send(&with_footer()).await.unwrap();
        let mail = read(&server.mails()[0].content);
        assert_eq!(mail.header("List-Unsubscribe"), expected, "{settings}");
        assert_eq!(mail.has("List-Unsubscribe-Post"), one_click, "{settings}");
        if one_click {
            assert_eq!(mail.header("List-Unsubscribe-Post"), "List-Unsubscribe=One-Click");
        }
    }
    // Without https there is nothing that a mail program may post to.
    let server = Server::start(Encryption::None).await;
    let mut plain = with_footer();
    plain.footer.as_mut().unwrap().stop.as_mut().unwrap().link = Some("http://localhost:8080/r/x".to_owned());
    email(&server, json!({})).send(&plain).await.unwrap();
    email(&server, json!({})).send(&Outgoing { footer: plain.footer, ..outgoing(Purpose::Text, "A reply") }).await.unwrap();
    for mail in server.mails() {
        assert!(!read(&mail.content).has("List-Unsubscribe") && !read(&mail.content).has("List-Unsubscribe-Post"));
    }
}

#[tokio::test]
async fn a_long_word_wraps_in_the_card() {
    let server = Server::start(Encryption::None).await;
    let word = "Donaudampfschifffahrtsgesellschaftskapitän".repeat(6);
    email(&server, json!({})).send(&question(Scale::Binary, &word)).await.unwrap();
    let mail = read(&server.mails()[0].content);
    let html = mail.part("text/html");
    let card = html.split("class=\"paper\"").nth(1).expect("the card");
    let (table, inside) = card.split_once('>').unwrap();
    assert!(table.contains("table-layout:fixed"), "a table takes the width of its longest word otherwise: {table}");
    assert!(inside.split_once(&word).unwrap().0.contains("word-break:break-word;overflow-wrap:anywhere"), "{inside}");
}
