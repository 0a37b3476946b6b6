//! Lists follow their indexes on SQLite, which has no table statistics here.

use super::*;
use crate::sql::{Dialect, Sql};

/// SQLite's query plan of a statement, one step a line.
async fn plan(db: &Db, sql: &'static Sql, values: Vec<Value>) -> String {
    let text = format!("EXPLAIN QUERY PLAN {}", sql.on(Dialect::Sqlite));
    let explain: &'static Sql = Box::leak(Box::new(Sql::new(Box::leak(text.into_boxed_str()))));
    // The text is already SQLite's own: it takes rows in SQLite's form.
    let values = values.into_iter().map(|value| if matches!(value, Value::Rows(_)) { Value::from("[]") } else { value }).collect();
    let mut steps = Vec::new();
    for mut row in db.read(explain, values).await.unwrap() {
        let _ = (row.int().unwrap(), row.int().unwrap(), row.int().unwrap());
        steps.push(row.text().unwrap());
    }
    steps.join("\n")
}

/// The index that a part follows, with SQLite's name.
fn index(along: Along) -> &'static str {
    match along {
        Along::Ratings => "USING PRIMARY KEY",
        Along::RatingsOfLine => "USING INDEX rating_line",
        Along::RatingsOfOperator => "USING INDEX rating_operator",
        Along::RatingsOfScore => "USING INDEX rating_score",
        Along::Waiting => "USING INDEX rating_waits_closed",
        Along::LowRatings => "USING INDEX rating_low",
        Along::Word | Along::Shared | Along::Chosen | Along::Tagged | Along::Labelled => "USING PRIMARY KEY",
        Along::Closes => "USING PRIMARY KEY",
        Along::ClosesOfLine => "USING INDEX rating_request_line",
        Along::ClosesOfOperator => "USING INDEX rating_request_operator",
        Along::Late => "USING INDEX rating_request_late",
        Along::Voided => "USING INDEX rating_voided",
        Along::RatingsOfNobody => "USING INDEX rating_nobody",
        Along::ClosesOfNobody => "USING INDEX rating_request_nobody",
        Along::ClosesOfNoChannel => "USING INDEX rating_request_no_channel",
        Along::Expired | Along::NotAsked | Along::Canceled | Along::Unreachable | Along::Unsure => "USING PRIMARY KEY",
    }
}

#[tokio::test]
async fn every_list_follows_its_index_and_sorts_nothing() {
    let db = Db::open("sqlite::memory:", 1).await.unwrap();
    db.migrate().await.unwrap();
    for along in Along::ALL {
        let place = || values!["k", 1, "b", "a"];
        let mut values = place();
        values.extend(values![51]);
        values.extend(rest(&Filter::default(), &Lines::All, along));
        let page = plan(&db, along.page(), values.clone()).await;
        let brief = plan(&db, along.brief(), values).await;
        assert_eq!(brief.lines().next(), page.lines().next(), "{along:?}: sums follow another index");
        let first = page.lines().next().unwrap();
        let alias = along.pieces().0.split_once(' ').unwrap().1;
        assert!(
            first.contains(&format!(" {alias} ")) && first.replace("COVERING ", "").contains(index(along)),
            "{along:?} follows another index:\n{page}"
        );
        assert!(first.contains("id>? AND"), "{along:?} begins at the end of the page before:\n{page}");
        assert_eq!(page.matches(" t ").count(), 1, "{along:?} looks up a rating twice:\n{page}");
        assert!(!page.contains("TEMP B-TREE") && !page.contains("SCAN q"), "{along:?} sorts:\n{page}");
        let mut values = place();
        values.extend(values![500]);
        let stretch = plan(&db, along.stretch(), values).await;
        assert!(stretch.replace("COVERING ", "").contains(index(along)), "{along:?} follows another index:\n{stretch}");
    }
}

#[test]
fn a_place_is_written_and_read_alike() {
    let at = |at| RatingCursor::before(at);
    assert_eq!(RatingCursor::parse(&at(1_700_000_000_000).cursor()), Some(at(1_700_000_000_000)));
    for nonsense in ["", ".", "7abc", "0000000000000000.", "000000000000000000", "0000000000000000ы"] {
        assert_eq!(RatingCursor::parse(nonsense), None, "{nonsense}");
    }
    assert!(at(Millis::MIN) == at(0) && at(0) < at(1) && at(1) < at(1_700_000_000_000) && at(1_700_000_000_000) < at(Millis::MAX));
    assert_eq!(at(1_700_000_000_000).closed_at(), 1_700_000_000_000);
}
