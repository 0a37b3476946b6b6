//! The request of each service.

mod cards;
mod markdown;
mod matrix;
mod pagerduty;
mod push;
mod slack;

use crate::note::{Note, Tone};
use crate::place::{Place, Service};
use reqwest::Method;
use serde_json::Value;
use url::Url;

/// Name of the author of messages.
pub(crate) const NAME: &str = "Lastword";

/// An HTTP request.
pub(crate) struct Call {
    pub(crate) method: Method,
    pub(crate) url: Url,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: Body,
}

/// The body of a request.
pub(crate) enum Body {
    /// JSON.
    Json(Value),
}

impl Call {
    fn post(url: &Url, body: Value) -> Self {
        Self { method: Method::POST, url: url.clone(), headers: Vec::new(), body: Body::Json(body) }
    }
}

/// Builds the request that posts `note` to `place`.
///
/// # Errors
/// If a part of the address cannot be put into the service's URL.
pub(crate) fn call(place: &Place, note: &Note<'_>) -> Result<Call, &'static str> {
    Ok(match place.service {
        Service::Slack => Call::post(&place.url, slack::slack(note)),
        Service::Mattermost => Call::post(&place.url, markdown::mattermost(note)),
        Service::RocketChat => Call::post(&place.url, markdown::rocketchat(note)),
        Service::Zulip => Call::post(&place.url, markdown::zulip(note)),
        Service::Discord => markdown::discord(place, note),
        Service::Teams => Call::post(&place.url, cards::teams(note)),
        Service::GoogleChat => cards::google_chat(place, note),
        Service::Ntfy => push::ntfy(place, note),
        Service::Gotify => push::gotify(place, note)?,
        Service::Matrix => matrix::matrix(place, note)?,
        Service::PagerDuty => Call::post(&place.url, pagerduty::pagerduty(place, note)),
    })
}

/// The colour of a message.
fn colour(tone: Tone) -> &'static str {
    match tone {
        Tone::Bad => "#A32037",
        Tone::Warning => "#CACF29",
        Tone::Good => "#3AA337",
        Tone::Plain => "#3AA3E3",
    }
}

/// The URL with further path segments.
fn beneath(url: &Url, parts: &[&str]) -> Result<Url, &'static str> {
    let mut url = url.clone();
    url.path_segments_mut().map_err(|()| "the address of the server cannot have a path")?.pop_if_empty().extend(parts);
    Ok(url)
}
