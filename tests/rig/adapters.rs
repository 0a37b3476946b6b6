//! A node with the adapters of this build, and a Bot API that knows one bot.

use super::stub::{Answer, Seen, Stub};
use lastword::app::Node;
use lastword::id::Ids;
use lastword::settings::Settings;
use lastword::store::Db;
use lastword::time::SystemClock;
use serde_json::json;
use std::sync::Arc;

/// The token of the bot.
pub(crate) const TOKEN: &str = "123456:hush-hush";

/// A Bot API with one bot.
pub(crate) fn bot_api() -> Stub {
    Stub::start(|seen: &Seen| match seen.path.strip_prefix(&format!("/bot{TOKEN}/")) {
        Some("getMe") => {
            Answer::json(200, &json!({"ok": true, "result": {"id": 1, "is_bot": true, "first_name": "Shop", "username": "shop_bot"}}))
        }
        Some("getWebhookInfo") => {
            Answer::json(200, &json!({"ok": true, "result": {"url": "", "has_custom_certificate": false, "pending_update_count": 0}}))
        }
        Some("sendMessage") => {
            Answer::json(200, &json!({"ok": true, "result": {"message_id": 7, "date": 1, "chat": {"id": 5, "type": "private"}}}))
        }
        Some(_) => Answer::json(200, &json!({"ok": true, "result": []})),
        None => Answer::json(401, &json!({"ok": false, "error_code": 401, "description": "Unauthorized"})),
    })
}

/// Settings with this key of the installation, and `more`.
pub(crate) fn settings(key: &str, more: &[(&str, &str)]) -> Settings {
    let own = [("LASTWORD__SECURITY__KEY", key), ("LASTWORD__HTTP__PUBLIC_URL", "https://rate.example.com")];
    let all = own.iter().chain(more).map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    Settings::load(None, all).unwrap_or_else(|problems| panic!("{problems}"))
}

/// A key of the installation, from two hexadecimal digits.
pub(crate) fn key(of: &str) -> String {
    of.repeat(32)
}

/// A node over the same database.
pub(crate) fn node(db: &Db, settings: &Settings) -> Node {
    Node::over(db.clone(), settings, Arc::new(SystemClock::default()), Arc::new(Ids::random()))
        .unwrap_or_else(|problem| panic!("{problem}"))
}
