//! Who has opted out: of rating requests, clients and names.

use crate::engine::Engine;
use crate::engine::channels::Channels;
use lastword_base::names::{ClientId, ConnectionId, RequestId};
use lastword_contract::Address;
use lastword_store::question::rating_request::RatingRequest;
use lastword_store::records::personal;
use lastword_store::session::opt_out::{self, OptOut};
use lastword_store::{StoreError, Tx, document_or_said};
use std::borrow::Cow;
use std::collections::HashSet;

/// The names under which the client of a rating request is known, for the last check before asking.
pub(crate) fn names_of<'a>(channels: &'a Channels, request: &'a RatingRequest) -> impl Iterator<Item = ClientId> + 'a {
    let place = |(connection, address): (&ConnectionId, Cow<'_, str>)| {
        let address: Address = document_or_said("rating_request", "address", request.id, &address)?;
        Some(channels.name_at(connection, &address.chat))
    };
    request.client_id.iter().cloned().chain(request.places().filter_map(place))
}

/// Those of these rating requests whose client has opted out.
pub(crate) async fn unwanted<'r>(
    engine: &Engine,
    requests: impl Iterator<Item = &'r RatingRequest>,
) -> Result<HashSet<RequestId>, StoreError> {
    let key = engine.mark_key_outside().await?;
    let marks: Vec<(String, RequestId)> =
        requests.flat_map(|request| names_of(&engine.channels, request).map(|name| (key.mark(name.as_str()), request.id))).collect();
    let found = opt_out::look(&engine.db, &marks.iter().map(|(mark, _)| mark.as_str()).collect::<Vec<_>>()).await?;
    let listed = marks.iter().filter(|(mark, _)| found.iter().any(|found| found.mark == *mark));
    Ok(listed.map(|(_, request)| *request).collect())
}

/// True if the client of a rating request has opted out.
pub(crate) async fn is_listed(tx: &mut Tx, engine: &Engine, request: &RatingRequest) -> Result<bool, StoreError> {
    let key = engine.mark_key(tx).await?;
    let marks: Vec<String> = names_of(&engine.channels, request).map(|name| key.mark(name.as_str())).collect();
    Ok(!opt_out::find(tx, &marks.iter().map(String::as_str).collect::<Vec<_>>()).await?.is_empty())
}

/// Time and way of a client's opt-out; `None` if they may be asked.
#[lastword_base::boxed]
pub async fn state(engine: &Engine, client: &ClientId) -> Result<Option<OptOut>, StoreError> {
    let client = engine.channels.client(client);
    let places = personal::places_known(&engine.db, &client).await?;
    let names = places.iter().map(|place| engine.channels.name_at(&place.connection, &place.chat)).chain([client]);
    let names: Vec<ClientId> = names.collect();
    Ok(on_the_list(engine, &names).await?.into_iter().min_by_key(|(_, found)| found.opted_out_at).map(|(_, found)| found))
}

/// Those of `names` that have opted out.
#[lastword_base::boxed]
pub async fn on_the_list(engine: &Engine, names: &[ClientId]) -> Result<Vec<(ClientId, OptOut)>, StoreError> {
    let key = engine.mark_key_outside().await?;
    let marks: Vec<String> = names.iter().map(|name| key.mark(engine.channels.client(name).as_str())).collect();
    let found = opt_out::look(&engine.db, &marks.iter().map(String::as_str).collect::<Vec<_>>()).await?;
    let named = names.iter().zip(&marks);
    Ok(named.filter_map(|(name, mark)| Some((name.clone(), found.iter().find(|found| found.mark == *mark)?.clone()))).collect())
}
