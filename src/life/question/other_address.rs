//! Where else a client can be written to.

use lastword_contract::Address;
use serde::{Deserialize, Serialize};

/// Another address of the client, through another connection.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OtherAddress {
    /// The connection.
    pub connection: String,
    /// The address.
    pub address: Address,
}
