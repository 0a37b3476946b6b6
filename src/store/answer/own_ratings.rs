//! A client's own ratings, for the client and for the people they talk to.

use crate::sql::Sql;
use crate::{Db, Row, StoreError, values};
use lastword_base::names::{ClientId, LineId, OperatorId, RequestId};

/// A client, and the operator and line they talked to.
#[derive(Clone, Copy, Debug)]
pub struct Partner<'a> {
    /// The client.
    pub client: &'a ClientId,
    /// The operator they talked to.
    pub operator: Option<&'a OperatorId>,
    /// The line they talked to.
    pub line: &'a LineId,
}

/// The rating requests with which a client rated a conversation with this operator, or on this line, the newest first: all but
/// `but`, at most `limit`.
pub async fn of_partner(db: &Db, partner: Partner<'_>, but: RequestId, limit: i64) -> Result<Vec<RequestId>, StoreError> {
    static OF_PARTNER: Sql = Sql::new(
        "SELECT q.id FROM rating_request q JOIN rating t ON t.request_id = q.id \
         WHERE q.client_id = $1 AND q.id <> $2 AND (q.operator_id = $3 OR q.line_id = $4) ORDER BY q.id DESC LIMIT $5",
    );
    let values = values![partner.client, but, partner.operator, partner.line, limit];
    db.read(&OF_PARTNER, values).await?.iter_mut().map(Row::id).collect()
}

/// The rating requests with which a client rated a conversation, the newest first: all but `but`, at most `limit`.
pub async fn of_client(db: &Db, client: &ClientId, but: RequestId, limit: i64) -> Result<Vec<RequestId>, StoreError> {
    static OF_CLIENT: Sql = Sql::new(
        "SELECT q.id FROM rating_request q JOIN rating t ON t.request_id = q.id \
         WHERE q.client_id = $1 AND q.id <> $2 ORDER BY q.id DESC LIMIT $3",
    );
    db.read(&OF_CLIENT, values![client, but, limit]).await?.iter_mut().map(Row::id).collect()
}
