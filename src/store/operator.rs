//! Operators, as closes name them: the desk knows them, we only remember what it told.

use super::{Db, StoreError, sql::Sql};
use crate::domain::session::Operator;
use crate::values;
use std::collections::HashMap;

/// The names of these operators, as their newest close has them. One whose name was never told is missing.
///
/// # Errors
/// The database's error.
pub async fn names(db: &Db, ids: &[&str]) -> Result<HashMap<String, String>, StoreError> {
    static NAMES: Sql = Sql::new(
        "SELECT r.id, (SELECT q.operators FROM rating_request q WHERE q.operator_id = r.id ORDER BY q.closed_at DESC, q.id DESC LIMIT 1), \
         (SELECT q.operators FROM shared_close s JOIN rating_request q ON q.id = s.request_id WHERE s.operator_id = r.id \
         ORDER BY s.closed_at DESC, s.request_id DESC LIMIT 1) FROM {rows $1 r: id text}",
    );
    let mut names = HashMap::new();
    for row in &mut db.read(&NAMES, values![super::ids(ids)]).await? {
        let (id, told) = (row.text()?, [row.text_or_null()?, row.text_or_null()?]);
        for operators in told.into_iter().flatten() {
            let operators: Vec<Operator> = super::document("rating_request", "operators", &operators)?;
            let name = operators.into_iter().find(|operator| operator.id == id).and_then(|operator| operator.name);
            if let Some(name) = name.filter(|_| !names.contains_key(&id)) {
                names.insert(id.clone(), name);
            }
        }
    }
    Ok(names)
}
