//! The pages, in a real Chromium against the real binary.

use crate::rig::browser;
use crate::rig::process::Process;

/// A Wednesday's noon of a demo with 45 days.
const WEDNESDAY: [&str; 4] = ["--days", "45", "--at", "2026-11-18T12:00:00Z"];

/// Runs a script over a demo with these arguments, and returns its output.
async fn over_demo(script: &str, arguments: &[&str], more: &[(&str, &str)]) -> String {
    let demo = Process::lastword(&[&["demo", "--listen", "127.0.0.1:0"], arguments].concat(), &[]);
    let address = format!("http://{}/", demo.listening().await);
    let shots = std::env::var("SHOTS").unwrap_or_default();
    let output = browser::run(script, &[&[("DEMO", &*address), ("SHOTS", &shots)], more].concat()).await;
    let (status, log) = demo.stop().await;
    assert!(status.success(), "{log}");
    output
}

/// Chat, close, one tap on 👎, the alert on the supervisor's side within two seconds, and a comment; all of it is visible in
/// the history.
#[tokio::test]
async fn the_demo_tells_the_whole_story() {
    let output = over_demo("demo.mjs", &["--days", "21"], &[]).await;
    assert!(output.contains("the demo tells the whole story"), "{output}");
}

/// Every page of the navigation, and the pages linked from them: accessible, without errors, as wide as the screen and
/// stable, on a wide screen and on a phone, light and dark, and laid out well in other languages too (in the long form
/// accessible in each). Screenshots are in `target/screenshots`.
#[tokio::test]
async fn every_page_is_fit_to_be_seen() {
    let shots = crate::rig::root().join("target/screenshots").to_string_lossy().into_owned();
    let pages = [
        "/operators/ann",
        "/operators?period=90",
        "/reports?tab=compare&by=line&period=7",
        "/reports?tab=reasons&by=month",
        "/reports?tab=week&period=90",
        "/reports?tab=details&scale=five_star",
        "/low?show=all&order=oldest",
        "/letters",
        "/reports?period=today",
        "/account",
        "/lines/sales/experiments",
        "/lines/support/alarms",
        "/manual/numbers",
    ];
    let (pages, long) = (pages.join(" "), if crate::rig::long() { "1" } else { "" });
    let output = over_demo("pages.mjs", &WEDNESDAY, &[("SHOTS", &shots), ("PAGES", &pages), ("LONG", long)]).await;
    assert!(output.contains("every page is as it should be"), "{output}");
}

/// The weekly questions of a supervisor are answered from the pages: better or worse, operators who need help, reasons of
/// low ratings, work to do.
#[tokio::test]
async fn monday_morning_takes_a_few_clicks() {
    let output = over_demo("monday.mjs", &WEDNESDAY, &[]).await;
    assert!(output.contains("found with"), "{output}");
}

/// The widget's own tests, against a stub of the engine.
#[tokio::test]
async fn the_widget_works_in_a_real_browser() {
    browser::run("widget.test.mjs", &[]).await;
}

/// The list of ratings, its filters and files, and the page of one rating: by mouse, by keyboard, dark, on a phone, without scripts.
#[tokio::test]
async fn the_ratings_are_found_read_and_scored() {
    const PASSWORD: &str = "quiet lamp under rivers";
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().display().to_string();
    let demo = Process::lastword(&["demo", "--listen", "127.0.0.1:0", "--days", "21"], &[("TMPDIR", &place)]);
    let address = format!("http://{}/", demo.listening().await);
    let shop = std::fs::read_dir(folder.path()).unwrap().next().unwrap().unwrap().path();
    std::fs::write(folder.path().join("password"), PASSWORD).unwrap();
    let (config, password) = (shop.join("lastword.toml").display().to_string(), folder.path().join("password").display().to_string());
    let add = ["user", "add", "--config", &config, "--login", "anna", "--name", "Anna", "--role", "admin", "--password-file", &password];
    Process::lastword(&add, &[]).says("anna can sign in as admin").await;
    let shots = std::env::var("SHOTS").unwrap_or_default();
    let output = browser::run("ratings.mjs", &[("PAGES", &address), ("PASSWORD", PASSWORD), ("SHOTS", &shots)]).await;
    assert!(output.contains("the ratings are shown"), "{output}");
    let (status, log) = demo.stop().await;
    assert!(status.success(), "{log}");
}

/// Notifications: enabled by a click, shown by the service worker, which opens their page, and disabled from both sides.
#[tokio::test]
async fn notifications_come_to_a_browser_and_stop() {
    let output = over_demo("push.mjs", &["--days", "21"], &[]).await;
    assert!(output.contains("notifications come and go"), "{output}");
}

/// An admin's tasks are found from *Today* with what is visible, and the clicks of each are those in the docs.
#[tokio::test]
async fn an_admin_s_tasks_take_the_clicks_that_the_docs_say() {
    let output = over_demo("tasks.mjs", &WEDNESDAY, &[]).await;
    let docs = std::fs::read_to_string(crate::rig::root().join("docs/pages/README.md")).unwrap();
    let tasks: Vec<&str> = output.lines().filter(|line| line.starts_with("| ")).collect();
    assert_eq!(tasks.len(), 10, "{output}");
    for task in tasks {
        assert!(docs.lines().any(|line| line == task), "docs/pages/README.md lacks: {task}");
    }
}
