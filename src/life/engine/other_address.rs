//! Other addresses of a client.

use lastword_base::names::ConnectionId;
use lastword_contract::Address;
use lastword_store::StoreError;
use lastword_store::question::rating_request::RatingRequest;
use serde::{Deserialize, Serialize};

/// Another address of the client, through another connection.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OtherAddress {
    /// The connection.
    pub connection: ConnectionId,
    /// The address.
    pub address: Address,
}

/// The other addresses of a rating request. An unreadable one is an error, because it may belong to a client who has opted out.
pub(crate) fn others(request: &RatingRequest) -> Result<Vec<OtherAddress>, StoreError> {
    lastword_store::document("rating_request", "addresses", &request.addresses)
}
