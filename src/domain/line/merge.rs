//! Three-way merge of a document that two people changed.

use serde_json::{Map, Value};

/// `mine` with the changes of `theirs` since `base`. For a field that both changed, `mine` wins.
pub fn three_way(base: &Value, mine: &Value, theirs: &Value) -> Value {
    let (Value::Object(own), Value::Object(other)) = (mine, theirs) else {
        return if mine == base { theirs.clone() } else { mine.clone() };
    };
    let empty = Map::new();
    let common = base.as_object().unwrap_or(&empty);
    let none = Value::Null;
    let keys = own.keys().chain(other.keys().filter(|key| !own.contains_key(*key)));
    let merged = keys.map(|key| {
        let of = |fields: &Map<String, Value>| fields.get(key).cloned().unwrap_or(Value::Null);
        (key.clone(), three_way(common.get(key).unwrap_or(&none), &of(own), &of(other)))
    });
    Value::Object(merged.filter(|(key, value)| !value.is_null() || own.contains_key(key)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_both_changed_stands_together_and_mine_wins_where_they_met() {
        let base = json!({ "delay": 2, "scale": "binary", "texts": { "en": { "question": "How was it?" } }, "low": null });
        let mine = json!({ "delay": 5, "scale": "binary", "texts": { "en": { "question": "Mine?" } }, "low": null });
        let theirs = json!({ "delay": 9, "scale": "five_star", "texts": { "en": { "question": "How was it?" }, "de": { "question": "Na?" } }, "low": 1 });
        let both =
            json!({ "delay": 5, "scale": "five_star", "texts": { "en": { "question": "Mine?" }, "de": { "question": "Na?" } }, "low": 1 });
        assert_eq!(three_way(&base, &mine, &theirs), both);
        assert_eq!(three_way(&base, &base, &theirs), theirs, "who changed nothing takes nothing away");
    }

    #[test]
    fn what_one_of_them_took_out_is_gone() {
        let base = json!({ "texts": { "de": { "question": "Na?" } }, "list": [1, 2] });
        let mine = json!({ "texts": {}, "list": [1, 2] });
        let theirs = json!({ "texts": { "de": { "question": "Na?" } }, "list": [2] });
        assert_eq!(three_way(&base, &mine, &theirs), json!({ "texts": {}, "list": [2] }));
    }
}
