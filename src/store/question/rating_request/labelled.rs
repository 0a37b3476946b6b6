//! Index of closes by label and by field value, for lists and reports.

use crate::question::rating_request::{ClosedNow, RatingRequest};
use crate::sql::rows::Rows;
use crate::sql::{Sql, Statement};
use crate::{StoreError, Tx, values};
use lastword_base::names::RequestId;
use lastword_domain::session::label::Labels;
use serde::Serialize;

/// IDs of the closes among `requests` with a label or field: their counts are stored in `close_label`.
pub(crate) fn labelled<'a>(requests: impl IntoIterator<Item = &'a RatingRequest>) -> Vec<RequestId> {
    let has = |request: &&RatingRequest| request.is_counted() && !(request.labels.is_empty() && request.fields.0.is_empty());
    requests.into_iter().filter(has).map(|request| request.id).collect()
}

/// The labels and fields of new rating requests. `None` if they have none.
pub(crate) fn label_statement(requests: &[RatingRequest]) -> Option<Statement> {
    #[derive(Serialize)]
    struct Labelled<'a> {
        key: &'a str,
        request_id: RequestId,
        value: &'a str,
    }
    static LABEL: Sql = Sql::new(
        "INSERT INTO close_label (key, request_id, value) SELECT key, request_id, value \
         FROM {rows $1 r: key text, request_id text, value text} WHERE true ON CONFLICT DO NOTHING",
    );
    let mut rows: Vec<Labelled<'_>> = Vec::new();
    for request in requests.iter().filter(|request| request.is_counted()) {
        let Labels { labels, fields } = request.labelled();
        let row = |key, value| Labelled { key, request_id: request.id, value };
        rows.extend(labels.iter().map(|label| row(label.as_str(), "")));
        rows.extend(fields.into_iter().flat_map(|fields| &fields.0).map(|(key, value)| row(key.as_str(), value.as_str())));
    }
    (!rows.is_empty()).then(|| Statement::new(&LABEL, values![crate::rows(&rows)]))
}

/// The labels and fields of rating requests whose sessions were open until now. `None` if they have none.
pub(crate) fn closed_label_statement(closed: &[ClosedNow]) -> Option<Statement> {
    #[derive(Serialize)]
    struct Labelled<'a> {
        key: &'a str,
        request_id: RequestId,
        value: &'a str,
    }
    static LABEL: Sql = Sql::new(
        "INSERT INTO close_label (key, request_id, value) SELECT r.key, q.id, r.value \
         FROM {rows $1 r: key text, request_id text, value text} JOIN rating_request q ON q.id = r.request_id WHERE true ON CONFLICT DO NOTHING",
    );
    let rows: Vec<Labelled<'_>> = closed
        .iter()
        .flat_map(|ClosedNow { id, labels, fields, .. }| {
            let labels = labels.iter().map(|label| (label.as_str(), ""));
            let all = labels.chain(fields.0.iter().map(|(key, value)| (key.as_str(), value.as_str())));
            all.map(|(key, value)| Labelled { key, request_id: *id, value })
        })
        .collect();
    (!rows.is_empty()).then(|| Statement::new(&LABEL, values![crate::rows(&rows)]))
}

/// Deletes the values of fields, which can identify a client. Labels are defined by an admin, and stay.
pub(crate) async fn forget_values(tx: &mut Tx, requests: &Rows) -> Result<(), StoreError> {
    static FORGET: Sql = Sql::new("DELETE FROM close_label WHERE request_id {among $1} AND value <> ''");
    tx.execute(&FORGET, values![requests]).await.map(drop)
}
