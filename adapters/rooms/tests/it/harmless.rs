//! A client's text mentions no one, links nowhere and shows no picture, in the markup of each service.

use crate::stub::{alert, rooms, seen, stub};
use lastword_contract::{Channel, Outgoing, PageLink};
use lastword_rooms::Service;
use serde_json::Value;

/// Text that a client might send, or use as a name.
const NASTY: &[&str] = &[
    "<!channel> <!here> <!subteam^S1> <@U123> <#C123>",
    "@everyone @here @channel @all @room @**all** <users/all> <at>Everyone</at>",
    "[free money](https://evil.example/x) ![pixel](https://evil.example/p.png) <https://evil.example|click>",
    "https://evil.example http://evil.example/a?b=c www.evil.example evil.example mailto:a@evil.example",
    "<b>bold</b><img src=x onerror=alert(1)><script>alert(1)</script><a href='https://evil.example'>x</a>",
    r#"{"type":"AdaptiveCard","actions":[{"type":"Action.OpenUrl","url":"https://evil.example"}]} {{DATE(2020-01-01)}}"#,
    "#**general** #town-square ~town-square :partyparrot: !avatar(a@evil.example) $$x$$ ```quote\nfenced\n```",
    "\u{202e}gnp.exe\u{202c} \u{2066}x\u{2069} \u{0}\u{7}\u{1b}[31m",
    "\">' & <  > \\",
];

fn nasty(service: Service, server: &str) -> Outgoing {
    let all = NASTY.join("\n");
    Outgoing {
        quote: Some(all.clone()),
        pages: vec![PageLink { label: "Open".into(), url: "https://rate.example/ratings/1".into() }],
        // The client's name is part of the text itself, so it may contain anything.
        ..alert(service, server, &format!("Low rating 👎 on Support\nClient: {all}"))
    }
}

/// Checks the texts with markup for characters that start an element in the room.
fn is_harmless(service: Service, body: &Value, raw: &str) {
    let shown = seen(service, body);
    // Our own page is the only allowed address.
    let shown = shown.replace("(https://rate.example/ratings/1)", "").replace("<https://rate.example/ratings/1|Open>", "");
    let shown = shown.replace("<a href=\"https://rate.example/ratings/1\">", "");
    let text: Vec<char> = shown.chars().collect();
    for (at, pair) in text.windows(2).enumerate() {
        let around: String = text[at.saturating_sub(20)..(at + 20).min(text.len())].iter().collect();
        let begins = match pair {
            // The service's own markup: tags of Matrix and Google Chat are checked below, before they are removed.
            ['<', next] if matches!(service, Service::Matrix | Service::GoogleChat) => *next == '!' || *next == '@' || *next == 'u',
            ['<' | '@' | '#' | '~', next] => !next.is_whitespace() && *next != '\u{200b}',
            ['!', '['] | [']', '(' | '['] | ['{', '{'] => true,
            [':', '/'] => true,
            _ => false,
        };
        assert!(!begins, "{service:?}: {pair:?} in …{around}…");
    }
    for direction in ['\u{202e}', '\u{202c}', '\u{2066}', '\u{2069}', '\u{0}', '\u{1b}'] {
        assert!(!shown.contains(direction), "{service:?} shows {direction:?}");
    }
    for link in ["https://evil", "http://evil", "www.evil.example", " evil.example"] {
        assert!(!raw.contains(link), "{service:?} carries {link}");
    }
}

async fn sent(service: Service) -> (Value, String) {
    let stub = stub(service).await;
    rooms().send(&nasty(service, &stub.url())).await.unwrap();
    let raw = stub.calls()[0].raw.clone();
    (serde_json::from_str(&raw).unwrap(), raw)
}

macro_rules! each {
    ($($name:ident: $service:expr),* $(,)?) => {$(
        #[tokio::test]
        async fn $name() {
            let (body, raw) = sent($service).await;
            is_harmless($service, &body, &raw);
        }
    )*};
}

each! {
    slack: Service::Slack,
    mattermost: Service::Mattermost,
    rocketchat: Service::RocketChat,
    zulip: Service::Zulip,
    teams: Service::Teams,
    discord: Service::Discord,
    google_chat: Service::GoogleChat,
    ntfy: Service::Ntfy,
    gotify: Service::Gotify,
    matrix: Service::Matrix,
    pagerduty: Service::PagerDuty,
}

#[tokio::test]
async fn slack_escapes_its_markup_and_quotes_without_it() {
    let (body, _) = sent(Service::Slack).await;
    let blocks = body["attachments"][0]["blocks"].as_array().unwrap();
    let section = blocks.iter().find(|block| block["type"] == "section").unwrap();
    assert!(!section["text"]["text"].as_str().unwrap().contains(['<', '>']), "{section}");
    assert_eq!(section["text"]["verbatim"], true);
    // Plain text of a rich text: no markup is read in it.
    assert_eq!(blocks.last().unwrap()["elements"][0]["type"], "rich_text_quote");
    assert_eq!(blocks.last().unwrap()["elements"][0]["elements"][0]["type"], "text");
}

#[tokio::test]
async fn discord_pings_nobody() {
    let (body, _) = sent(Service::Discord).await;
    assert_eq!(body["allowed_mentions"]["parse"], serde_json::json!([]));
}

#[tokio::test]
async fn matrix_mentions_nobody_and_has_no_tags_but_its_own() {
    let (body, _) = sent(Service::Matrix).await;
    assert_eq!(body["m.mentions"], serde_json::json!({}));
    let html = body["formatted_body"].as_str().unwrap();
    let own = [
        "<h1>",
        "</h1>",
        "<p>",
        "</p>",
        "<br>",
        "<br/>",
        "<blockquote>",
        "</blockquote>",
        "<a href=\"https://rate.example/ratings/1\">",
        "</a>",
    ];
    let left = own.iter().fold(html.to_owned(), |left, tag| left.replace(tag, ""));
    assert!(!left.contains('<') && !left.contains('>'), "{left}");
}

#[tokio::test]
async fn google_chat_and_teams_quote_where_no_markup_is_read() {
    let (body, _) = sent(Service::GoogleChat).await;
    let widgets = body["cardsV2"][0]["card"]["sections"][0]["widgets"].as_array().unwrap();
    let quote = widgets.last().unwrap()["textParagraph"]["text"].as_str().unwrap();
    let left = quote.replace("<i>", "").replace("</i>", "").replace("<br>", "");
    assert!(!left.contains('<') && !left.contains('>'), "{left}");
    let (body, _) = sent(Service::Teams).await;
    let last = body["attachments"][0]["content"]["body"].as_array().unwrap().last().unwrap().clone();
    assert_eq!((last["type"].as_str(), last["inlines"][0]["type"].as_str()), (Some("RichTextBlock"), Some("TextRun")));
}
