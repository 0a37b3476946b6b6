//! What a conversation was about, for questions whose reader sees nothing of it: the topic by the desk, or the client's first words in
//! our own web chat.

use crate::engine::Engine;
use lastword_base::names::RequestId;
use lastword_contract::{Address, TextLimit};
use lastword_store::question::delivery::Delivery;
use lastword_store::question::rating_request::RatingRequest;
use lastword_store::session::mail;
use lastword_store::{StoreError, document_in, document_or_said};
use serde_json::Value;
use std::collections::{BTreeMap, HashMap};

/// The field with the topic, if an admin named one so.
const TOPIC: &str = "topic";
/// Maximum length of the first words.
const FIRST_WORDS_MAX: TextLimit = TextLimit::Chars(80);
/// Number of first messages in which a text of the client is looked for.
const FIRST: i64 = 10;

/// The topics of the requests whose question has a footer, where known.
pub(super) async fn topics(
    engine: &Engine,
    deliveries: &[Delivery],
    requests: &BTreeMap<RequestId, RatingRequest>,
) -> Result<HashMap<RequestId, String>, StoreError> {
    let mut topics = HashMap::new();
    for delivery in deliveries.iter().filter(|delivery| delivery.kind.is_question()) {
        let footer = engine.channels.get(&delivery.connection).is_some_and(|channel| channel.capabilities().footer);
        let Some(request) = delivery.request().and_then(|id| requests.get(&id)).filter(|_| footer) else { continue };
        let known = match request.fields.0.get(TOPIC) {
            Some(topic) => Some(topic.clone()),
            // Asked where the conversation was: that is not our web chat, whose questions have no footer.
            None if request.connection.as_ref() == Some(&delivery.connection) => None,
            None => first_words(engine, request).await?,
        };
        topics.extend(known.map(|topic| (request.id, topic)));
    }
    Ok(topics)
}

/// The client's first words in the conversation, in quotation marks.
async fn first_words(engine: &Engine, request: &RatingRequest) -> Result<Option<String>, StoreError> {
    let (Some(connection), Some(address), Some(opened_at)) = (&request.connection, request.address(), request.opened_at) else {
        return Ok(None);
    };
    let address: Address = document_in("rating_request", "long_address", request.id, &address)?;
    let first = mail::first(&engine.db, connection, &address.chat.into(), (opened_at, request.closed_at), FIRST).await?;
    let said = |mail: &mail::Mail| {
        let frame: Value = document_or_said("mail", "body", &mail.key, &mail.body)?;
        let field = |name: &str| frame.get(name).and_then(Value::as_str);
        (field("from") == Some("visitor")).then(|| field("text").map(str::to_owned)).flatten()
    };
    let words = first.iter().find_map(said).map(|text| text.split_whitespace().collect::<Vec<_>>().join(" "));
    Ok(words.filter(|words| !words.is_empty()).map(|words| format!("“{}”", FIRST_WORDS_MAX.shorten(&words))))
}
