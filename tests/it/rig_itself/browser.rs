//! The browser itself.

use crate::rig::browser::{ran, run};

#[tokio::test]
async fn a_real_page_opens_in_a_real_browser() {
    let output = run("../rig/browser_probe.mjs", &[("PLANTED", "👎 & <b>")]).await;
    assert_eq!(output.trim(), "the page shows: 👎 & <b>");
}

#[tokio::test]
async fn a_script_that_fails_fails_the_test() {
    let (success, output) = ran("../rig/no_such_script.mjs", &[]).await;
    assert!(!success && output.contains("no_such_script"), "{output}");
}
