//! A visitor with a browser, who opens links, reads pages and submits their forms; and the world of these links. Programs
//! use the same calls, without the additional files that a browser fetches.

use super::in_messages::links;
use crate::rig::caller::{Answer, Api};
use crate::rig::world::{PUBLIC_URL, World};
use lastword::domain::answer::scanner::LOOK_MIN;
use lastword::domain::line::LineSettings;
use lastword_contract::{ChoiceKind, Outgoing};
use serde_json::Value;

/// A world whose client receives links, with the real routes.
pub(crate) async fn world(url: &str, settings: LineSettings) -> Api {
    let world = World::on(url, links()).await;
    world.line(settings).await;
    Api::over(world).await
}

/// Path of the link of the choice with this label.
pub(crate) fn path(message: &Outgoing, label: &str) -> String {
    let choice = message.choices.iter().find(|choice| choice.label == label).unwrap_or_else(|| panic!("no choice {label}"));
    choice.link.as_deref().expect("a link").strip_prefix(PUBLIC_URL.trim_end_matches('/')).expect("ours").to_owned()
}

/// Paths of all scores.
pub(crate) fn paths(message: &Outgoing) -> Vec<String> {
    let scores = message.choices.iter().filter(|choice| choice.kind == ChoiceKind::Score);
    scores.map(|choice| path(message, &choice.label)).collect()
}

/// Addresses of the files that a browser fetches with a page: its style sheet and its image.
pub(crate) fn assets(page: &str) -> Vec<String> {
    let after = |sign: &str| Some(page.split_once(sign)?.1.split('"').next()?.to_owned());
    [after("<link rel=\"stylesheet\" href=\""), after("<img src=\"")].into_iter().flatten().map(|name| format!("/r/{name}")).collect()
}

/// Opens a page like a browser, with or without scripts.
pub(crate) async fn browse(api: &Api, path: &str) -> Answer {
    let page = open(api, path).await;
    for asset in assets(&page.text) {
        assert_eq!(open(api, &asset).await.status, 200);
    }
    page
}

/// Opens a page without its files.
pub(crate) async fn open(api: &Api, path: &str) -> Answer {
    api.send("GET", path, &[], Vec::new()).await
}

/// Submits a form.
pub(crate) async fn send(api: &Api, path: &str, form: &[(&str, &str)]) -> Answer {
    let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
    let headers = [("content-type", "application/x-www-form-urlencoded".to_owned())];
    api.send("POST", path, &headers, body.into_bytes()).await
}

/// The nonce of a page.
pub(crate) fn nonce(page: &Answer) -> String {
    let (_, rest) = page.text.split_once("name=\"nonce\" value=\"").unwrap_or_else(|| panic!("no form on\n{}", page.text));
    rest.split('"').next().expect("a value").to_owned()
}

/// Opens a page in a browser, fills in and submits its form, and follows the redirect.
pub(crate) async fn fill_in(api: &Api, path: &str, form: &[(&str, &str)]) -> Answer {
    let page = browse(api, path).await;
    submit(api, path, &page, form).await
}

/// Like [`fill_in`], by a person who reads the page first.
pub(crate) async fn read_and_fill_in(api: &Api, path: &str, form: &[(&str, &str)]) -> Answer {
    let page = browse(api, path).await;
    api.world.clock.advance(LOOK_MIN);
    submit(api, path, &page, form).await
}

/// Submits the form of a page, and follows the redirect.
pub(crate) async fn submit(api: &Api, path: &str, page: &Answer, form: &[(&str, &str)]) -> Answer {
    let nonce = nonce(page);
    let mut form = form.to_vec();
    form.push(("nonce", &nonce));
    let sent = send(api, path.split('?').next().unwrap_or(path), &form).await;
    assert_eq!(sent.status, 303, "{}", sent.text);
    open(api, &after(path, &sent)).await
}

/// Target of a redirect.
pub(crate) fn after(path: &str, redirect: &Answer) -> String {
    let base = url::Url::parse("https://rate.example.com").unwrap().join(path).unwrap();
    let next = base.join(redirect.headers["location"].to_str().unwrap()).unwrap();
    next.as_str().strip_prefix("https://rate.example.com").expect("here").to_owned()
}

/// The rating of a request with its history, if any.
pub(crate) async fn rating(api: &Api, request: &str) -> Option<Value> {
    let answer = api.get(&format!("/v1/ratings/{request}")).await;
    (answer.status == 200).then(|| answer.json())
}
