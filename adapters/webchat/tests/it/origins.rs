//! Which sites may use a chat (reliability 3.1: null, suffix, prefix, port and case variants).

use crate::mailbox::config;
use lastword_webchat::Config;

#[test]
fn only_the_listed_origins_are_admitted() {
    let chat = config(&["https://shop.example", "http://localhost:3000"]);
    for origin in ["https://shop.example", "http://localhost:3000"] {
        assert!(chat.admits_origin(origin), "{origin}");
    }
    for origin in [
        "",
        "null",
        "*",
        "https://shop.example.evil.example",
        "https://evilshop.example",
        "https://www.shop.example",
        "https://shop.exampl",
        "https://example",
        "https://shop.example:443",
        "https://shop.example:8443",
        "https://shop.example:",
        "http://shop.example",
        "https://Shop.example",
        "HTTPS://shop.example",
        "https://shop.example/",
        "https://shop.example.",
        "https://shop.example ",
        " https://shop.example",
        "https://shop.example\0",
        "https://shop.example, https://evil.example",
        "https://shop.example@evil.example",
        "//shop.example",
        "shop.example",
        "file://",
        "http://localhost",
        "http://localhost:3001",
        "http://127.0.0.1:3000",
    ] {
        assert!(!chat.admits_origin(origin), "{origin:?}");
    }
}

#[test]
fn a_list_that_was_never_validated_opens_nothing() {
    let careless = config(&["null", "*", "", "https://*.shop.example", "https://shop.example/"]);
    for origin in ["null", "*", "", "https://*.shop.example", "https://a.shop.example", "https://shop.example/", "https://shop.example"] {
        assert!(!careless.admits_origin(origin), "{origin:?}");
    }
}

#[test]
fn settings_are_read_strictly() {
    let read = |json: &str| serde_json::from_str::<Config>(json);
    let config = read(r#"{"line":"sales","origins":["https://shop.example"],"mode":"beside","texts":{"de":{"title":"Chat"}}}"#).unwrap();
    assert_eq!(config.validate(), Ok(()));
    assert_eq!(config.mode.as_str(), "beside");
    assert_eq!(read(r#"{"line":"sales","origins":[]}"#).unwrap().mode.as_str(), "own");
    assert!(read(r#"{"line":"sales","origins":[],"orgins":[]}"#).unwrap_err().to_string().contains("orgins"));
    assert!(read(r#"{"line":"sales","origins":[],"mode":"floating"}"#).is_err());
    assert!(read(r#"{"origins":[]}"#).is_err());
}
