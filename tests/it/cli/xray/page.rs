//! The page of an X-ray, in a real Chromium: on a wide screen and a phone, light and dark, on paper, in each language.

use super::{busy_chatwoot, elsewhere};
use crate::desks::chatwoot_day::stub::TOKEN;
use crate::rig::browser;

#[tokio::test]
async fn the_page_is_accessible_and_needs_nothing_else() {
    let (stub, ..) = busy_chatwoot().await;
    let shop = elsewhere();
    let url = stub.url();
    let mut pages = Vec::new();
    for language in ["en", "ru", "de", "es", "pt", "pt-PT"] {
        let page = format!("{language}.html");
        let look = ["xray", "chatwoot", "--url", &url, "--token", TOKEN, "--days", "30", "--language", language, "--html", &page];
        shop.run(&look).await.done();
        pages.push(shop.dir().join(page).display().to_string());
    }
    // Foreign names stay text, and an X-ray of nearly no data is a valid page too.
    let hostile =
        "session,closed_at,score,scale,operator,channel\n1,2026-05-01 10:00,5,five_star,<img src=x onerror=alert(1)>,\"<i>WhatsApp\"\n";
    std::fs::write(shop.dir().join("<small>.csv"), hostile).unwrap();
    shop.run(&["xray", "file", "<small>.csv", "--html", "small.html"]).await.done();
    pages.push(shop.dir().join("small.html").display().to_string());
    let shots = std::env::var("SHOTS").unwrap_or_default();
    let output = browser::run("xray.mjs", &[("FILES", &pages.join("\n")), ("SHOTS", &shots)]).await;
    assert!(output.contains("7 pages are fine"), "{output}");
}
