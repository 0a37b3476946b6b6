//! The pages, in a real Chromium against the real binary.

use crate::rig::browser;
use crate::rig::process::Process;

/// Issue 2, "done when": chat, close, one tap on 👎, the alert on the supervisor's side within two seconds, a comment,
/// all of it visible in the story.
#[tokio::test]
async fn the_demo_tells_the_whole_story() {
    let demo = Process::lastword(&["demo", "--listen", "127.0.0.1:0", "--days", "21"], &[]);
    let address = format!("http://{}/", demo.listening().await);
    let shots = std::env::var("SHOTS").unwrap_or_default();
    let output = browser::run("demo.mjs", &[("DEMO", &address), ("SHOTS", &shots)]).await;
    assert!(output.contains("the demo tells the whole story"), "{output}");
    let (status, log) = demo.stop().await;
    assert!(status.success(), "{log}");
}

/// The widget's own tests, against a stub of the engine.
#[tokio::test]
async fn the_widget_works_in_a_real_browser() {
    browser::run("widget.test.mjs", &[]).await;
}
