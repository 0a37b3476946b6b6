//! One connection of each kind in this build without an account, for previews of messages on channels that are not set up
//! yet. They are created from settings like all others, and nothing is sent through them.

use super::{ChannelDeps, connections};
use crate::life::engine::channels::Channels;
use crate::settings::Settings;

/// Settings of the samples in the form of environment variables: connection, key, value.
const SETTINGS: &[(&str, &str, &str)] = &[
    ("TELEGRAM", "KIND", "telegram"),
    ("TELEGRAM", "TOKEN", "1:sample"),
    ("WHATSAPP", "KIND", "whatsapp"),
    ("WHATSAPP", "PHONE_NUMBER_ID", "1"),
    ("WHATSAPP", "ACCESS_TOKEN", "sample-sample-sample-sample-sample"),
    ("WHATSAPP", "APP_SECRET", "sample-sample-sample-sample-sample"),
    ("WHATSAPP", "VERIFY_TOKEN", "sample-sample-sample-sample-sample"),
    ("MESSENGER", "KIND", "messenger"),
    ("MESSENGER", "PAGE_ID", "1"),
    ("MESSENGER", "ACCESS_TOKEN", "sample-sample-sample-sample-sample"),
    ("MESSENGER", "APP_SECRET", "sample-sample-sample-sample-sample"),
    ("MESSENGER", "VERIFY_TOKEN", "sample-sample-sample-sample-sample"),
    ("INSTAGRAM", "KIND", "instagram"),
    ("INSTAGRAM", "ACCOUNT_ID", "1"),
    ("INSTAGRAM", "ACCESS_TOKEN", "sample-sample-sample-sample-sample"),
    ("INSTAGRAM", "APP_SECRET", "sample-sample-sample-sample-sample"),
    ("INSTAGRAM", "VERIFY_TOKEN", "sample-sample-sample-sample-sample"),
    ("WEBCHAT", "KIND", "webchat"),
    ("WEBCHAT", "LINE", "sample"),
    ("WEBCHAT", "ORIGINS", "[\"https://example.com\"]"),
    ("EMAIL", "KIND", "email"),
    ("EMAIL", "HOST", "smtp.example.com"),
    ("EMAIL", "FROM", "Sample <sample@example.com>"),
    ("WEBHOOK", "KIND", "webhook"),
    ("WEBHOOK", "URL", "https://example.com/"),
    ("WEBHOOK", "SECRET", "sample-sample-sample-sample-sample"),
    ("WEBHOOK", "LINKS", "true"),
];

/// Creates the samples. Kinds that this build lacks are missing.
pub(super) fn samples(deps: &ChannelDeps) -> Channels {
    let named = |name: &'static str| SETTINGS.iter().filter(move |(other, ..)| *other == name);
    let samples = Channels::default();
    for (name, ..) in SETTINGS.iter().filter(|(_, key, _)| *key == "KIND") {
        let variables = named(name).map(|(name, key, value)| (format!("LASTWORD__CONNECTIONS__{name}__{key}"), (*value).to_owned()));
        let Ok(settings) = Settings::load(None, variables) else { continue };
        let Ok(made) = connections(&settings.connections, deps) else { continue };
        for (name, connection) in made.channels.iter() {
            samples.add(name, connection.channel.clone(), Vec::new());
        }
    }
    samples
}
