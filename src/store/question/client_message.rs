//! Messages to the clients of rating requests: the questions, and what settles them. One query shows which of them have to be
//! canceled when a rating request ends, usually none.

use crate::sql::{Sql, Statement};
use crate::values;
use crate::{Row, StoreError, Tx};
use lastword_base::names::RequestId;
use lastword_domain::question::delivery::{Kind, State};
use std::collections::{BTreeSet, HashMap};

/// The messages to the clients of some rating requests, as read by a transaction that has locked these requests.
#[derive(Debug, Default)]
pub struct ClientMessages {
    asking: BTreeSet<RequestId>,
    settling: BTreeSet<RequestId>,
    places: HashMap<RequestId, Vec<String>>,
}

impl ClientMessages {
    /// Those of `requests` with a question that may still be sent, or was sent with an unknown result.
    pub fn asking(&self, requests: &[RequestId]) -> Vec<RequestId> {
        requests.iter().copied().filter(|request| self.asking.contains(request)).collect()
    }

    /// Those of `requests` with a settling message that was not sent.
    pub fn settling(&self, requests: &[RequestId]) -> Vec<RequestId> {
        requests.iter().copied().filter(|request| self.settling.contains(request)).collect()
    }

    /// The platform's IDs of the questions about a rating request, oldest first.
    pub fn questions(&self, request: RequestId) -> &[String] {
        self.places.get(&request).map_or(&[], Vec::as_slice)
    }
}

/// The messages about `requests`, inside a transaction that has locked these rating requests.
pub async fn load(tx: &mut Tx, requests: &[RequestId]) -> Result<ClientMessages, StoreError> {
    if requests.is_empty() {
        return Ok(ClientMessages::default());
    }
    let load = load_statement(requests);
    read_all(tx.fetch(load.sql, load.values).await?)
}

/// As [`load`], for reading together with other data.
pub(crate) fn load_statement(requests: &[RequestId]) -> Statement {
    static LOAD: Sql = Sql::new(
        "SELECT subject, kind, state, message_id FROM delivery WHERE {about delivery among $1} \
         AND kind IN ('ask', 'reminder', 'settle') ORDER BY id",
    );
    Statement::new(&LOAD, values![crate::ids(requests)])
}

pub(crate) fn read_all(mut rows: Vec<Row>) -> Result<ClientMessages, StoreError> {
    let mut messages = ClientMessages::default();
    for row in &mut rows {
        let request = row.id()?;
        let (kind, state): (Kind, State) = (row.column("delivery", "kind")?, row.column("delivery", "state")?);
        let waits = matches!(state, State::Scheduled | State::Leased);
        if !kind.is_question() {
            messages.settling.extend(waits.then_some(request));
            continue;
        }
        if let Some(message) = row.text_or_null()? {
            messages.places.entry(request).or_default().push(message);
        }
        messages.asking.extend((waits || matches!(state, State::Sending | State::Unknown)).then_some(request));
    }
    Ok(messages)
}
