//! `lastword bi`: the files, and the role that may read only the views.

use super::shop::Shop;
use crate::rig::{postgres, tables};
use lastword::store::report::bi::VIEWS;
use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection, Row as _};
use std::fs::File;

const SETTINGS: &str = "[organisation]\ntime_zone = \"Europe/Berlin\"\n";

/// Three closes: a good rating, a low one with an unkind comment, and one that was not asked about.
const PLANTED: &str = "
    INSERT INTO line (id, name, settings, version, created_at, updated_at) VALUES ('=1+1', '@SUM(A1:A9)', '{}', 1, 0, 0);
    INSERT INTO operator_name (id, name, named_at) VALUES ('olga', 'Olga', 1);
    INSERT INTO rating_request (id, source, session_id, epoch, line_id, line_version, scale, channel, chat, client_id, client_name, operator_id,
        operators, attribution, closed_at, created_at, due_at, expires_at, change_ms, delivered_at, outcome, decided_at)
    VALUES ('{a1}', 'api', 's1', 1, '=1+1', 1, 'binary', 'telegram', 'secret-chat', 'secret-client', 'Secret Smith', 'olga', '[]', 'closing',
            1790000000000, 0, 1, 2, 0, 1, 'answered', 3),
           ('{a2}', 'api', 's2', 1, '=1+1', 1, 'binary', 'telegram', 'secret-chat', 'secret-client', 'Secret Smith', 'olga', '[]', 'closing',
            1790000001000, 0, 1, 2, 0, 1, 'answered', 3);
    INSERT INTO rating_request (id, source, session_id, epoch, line_id, line_version, scale, operators, attribution, closed_at, created_at, change_ms,
        outcome, reason, decided_at)
    VALUES ('{a3}', 'api', 's3', 1, '=1+1', 1, 'binary', '[]', 'closing', 1790000002000, 0, 0, 'not_asked', 'line_off', 1);
    INSERT INTO rating (request_id, line_id, scale, score, low, comment, order_key, order_event, rated_at, changed_at, closed_at)
    VALUES ('{a1}', '=1+1', 'binary', 1, 0, NULL, 1, 'e', 1790000060000, 1, 1790000000000),
           ('{a2}', '=1+1', 'binary', 0, 1, 'secret words', 1, 'e', 1790000061000, 1, 1790000001000);
";

/// The closes' IDs begin with their times.
fn planted() -> String {
    let times = [("{a1}", 1_790_000_000_000), ("{a2}", 1_790_000_001_000), ("{a3}", 1_790_000_002_000)];
    times.into_iter().fold(PLANTED.to_owned(), |sql, (name, at)| sql.replace(name, &id(at)))
}

fn id(at: i64) -> String {
    lastword::names::RequestId::first_of(at).to_string()
}

/// A file without its byte order mark.
fn text(path: &std::path::Path) -> String {
    let text = std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    text.strip_prefix('\u{feff}').expect("spreadsheets find the encoding").to_owned()
}

#[tokio::test]
async fn each_view_is_a_file_that_is_replaced_as_a_whole() {
    let shop = Shop::new(SETTINGS);
    exported(&shop).await;
    let refused = shop.run(&["bi", "role"]).await.refused(2);
    assert!(refused.starts_with("database.url: only PostgreSQL has roles; write files with: lastword bi export"), "{refused}");
}

#[tokio::test]
async fn the_files_are_the_same_on_postgres() {
    exported(&Shop::over(SETTINGS, &postgres::database().await)).await;
}

async fn exported(shop: &Shop) {
    let out = shop.dir().join("bi").join("today");
    let folder = out.to_str().unwrap().to_owned();
    let export = ["bi", "export", "--to", &folder];
    shop.run(&["migrate"]).await.done();
    shop.run(&export).await.done();
    assert_eq!(text(&out.join("bi1_lines.csv")), "line_id,name,archived\r\n", "there is nothing yet");
    shop.sql(&planted()).await;
    shop.run(&["recount"]).await.done();
    let said = shop.run(&export).await.done();
    assert!(said.contains("bi1_closes.csv: 3 rows") && said.lines().count() == VIEWS.len(), "{said}");
    let mut files: Vec<String> = std::fs::read_dir(&out).unwrap().map(|file| file.unwrap().file_name().into_string().unwrap()).collect();
    files.sort();
    let mut expected: Vec<String> = VIEWS.iter().map(|view| format!("{}.csv", view.name)).chain([".lastword-bi.lock".to_owned()]).collect();
    expected.sort();
    assert_eq!(files, expected, "no half of a file is left");
    assert_eq!(text(&out.join("bi1_lines.csv")), "line_id,name,archived\r\n'=1+1,'@SUM(A1:A9),0\r\n", "no cell is a formula");
    let closes = text(&out.join("bi1_closes.csv"));
    let first = ",2026-09-21 14:13:20,2026-09-21,'=1+1,telegram,binary,olga,nobody,,answered,,1,1,1,1,1,0";
    let third = ",2026-09-21 14:13:22,2026-09-21,'=1+1,,binary,,nobody,,not_asked,line_off,0,0,0,0,0,0";
    assert!(
        closes.contains(&(id(1_790_000_000_000) + first)) && closes.ends_with(&format!("{}{third}\r\n", id(1_790_000_002_000))),
        "{closes}"
    );
    let daily = text(&out.join("bi1_daily.csv"));
    let of_telegram = "2026-09-21,'=1+1,telegram,binary,nobody,2,0,0,2,2,2,2,2,0,0,0,0,0,2,1,1,1,1,0,0,0,0,0,0,0,1,120,0,0";
    assert!(daily.contains(of_telegram) && daily.lines().count() == 3, "{daily}");
    for file in &files {
        let written = std::fs::read_to_string(out.join(file)).unwrap();
        assert!(!written.contains("secret") && !written.contains("Smith"), "{file}: {written}");
    }
    let noted = tables::rows(&shop.url(), "SELECT act, subject FROM audit WHERE act LIKE '%export%'").await;
    assert_eq!(noted.len(), 2, "each run is in the audit log: {noted:?}");
    one_view(shop).await;
    fails_whole(shop, &export, &out).await;
}

/// Files of the named views only, such as those of a dashboard that refreshes often.
async fn one_view(shop: &Shop) {
    let out = shop.dir().join("bi").join("dashboard");
    let folder = out.to_str().unwrap().to_owned();
    shop.run(&["bi", "export", "--to", &folder, "--only", "bi1_daily,bi1_lines"]).await.done();
    let mut files: Vec<String> = std::fs::read_dir(&out).unwrap().map(|file| file.unwrap().file_name().into_string().unwrap()).collect();
    files.sort();
    assert_eq!(files, [".lastword-bi.lock", "bi1_daily.csv", "bi1_lines.csv"]);
    let refused = shop.run(&["bi", "export", "--to", &folder, "--only", "bi1_day"]).await.refused(2);
    assert!(refused.contains("bi1_day") && refused.contains("bi1_daily"), "the views are named: {refused}");
}

/// A run that fails leaves the previous file, and two runs do not mix their files.
async fn fails_whole(shop: &Shop, export: &[&str], out: &std::path::Path) {
    let before = text(&out.join("bi1_ratings.csv"));
    std::fs::create_dir(out.join(".bi1_ratings.csv.part")).unwrap();
    let failed = shop.run(export).await.refused(1);
    assert!(failed.starts_with("--to: ") && failed.contains("bi1_ratings.csv: "), "{failed}");
    assert_eq!(text(&out.join("bi1_ratings.csv")), before);
    std::fs::remove_dir(out.join(".bi1_ratings.csv.part")).unwrap();
    let other = File::open(out.join(".lastword-bi.lock")).unwrap();
    other.lock().unwrap();
    let waits = shop.run(export).await.refused(1);
    assert!(waits.contains("another lastword bi export is writing into"), "{waits}");
    drop(other);
    shop.run(export).await.done();
}

/// Result of a statement of the role: the error code, or nothing.
async fn tried(connection: &mut PgConnection, statement: &str) -> Option<String> {
    let done = connection.execute(AssertSqlSafe(statement.to_owned())).await;
    done.err()
        .map(|error| error.as_database_error().and_then(|error| error.code()).map_or_else(|| error.to_string(), |code| code.into_owned()))
}

#[tokio::test]
async fn the_role_reads_the_views_and_nothing_else() {
    const DENIED: Option<&str> = Some("42501");
    const READ_ONLY: Option<&str> = Some("25006");
    let url = postgres::database().await;
    let shop = Shop::over(SETTINGS, &url);
    shop.run(&["migrate"]).await.done();
    shop.sql(&planted()).await;
    let role = format!("bi_reader_{}", std::process::id());
    let refused = shop.run(&["bi", "role", "--name", "lastword"]).await.refused(2);
    assert_eq!(refused, "--name: lastword is the role of Lastword itself; name another one");
    let statements = shop.run(&["bi", "role", "--name", &role]).await.done();
    assert!(!shop.run(&["bi", "role"]).await.done().contains(&role), "it has another name unless told so");
    let mut owner = PgConnection::connect(&url).await.unwrap();
    sqlx::raw_sql(AssertSqlSafe(statements)).execute(&mut owner).await.unwrap();

    let mut reader_url = url::Url::parse(&url).unwrap();
    reader_url.set_username(&role).unwrap();
    let mut reader = PgConnection::connect(reader_url.as_str()).await.unwrap();
    for view in VIEWS {
        assert_eq!(tried(&mut reader, &format!("SELECT * FROM {}", view.name)).await, None, "{}", view.name);
    }
    let closes: i64 = sqlx::query_scalar("SELECT count(*) FROM bi1_closes").fetch_one(&mut reader).await.unwrap();
    assert_eq!(closes, 3);

    let relations = "SELECT c.relname::text, c.relkind::text FROM pg_class c WHERE c.relnamespace = current_schema()::regnamespace \
                     AND c.relkind IN ('r', 'v', 'm', 'p', 'S') AND c.relname NOT LIKE 'bi1\\_%'";
    let others = sqlx::query(relations).fetch_all(&mut owner).await.unwrap();
    assert!(others.len() > 60, "{}", others.len());
    for writes in [false, true] {
        for row in &others {
            let (name, kind): (String, String) = (row.get(0), row.get(1));
            let read = tried(&mut reader, &format!("SELECT * FROM {name}")).await;
            assert_eq!(read.as_deref(), DENIED, "{name}");
            if kind == "r" {
                let column: String =
                    sqlx::query_scalar("SELECT attname::text FROM pg_attribute WHERE attrelid = to_regclass($1) AND attnum > 0 AND attidentity = '' ORDER BY attnum LIMIT 1")
                        .bind(&name)
                        .fetch_one(&mut owner)
                        .await
                        .unwrap();
                // Without its default every transaction could write, if the role had a right to.
                let expected = if writes { DENIED } else { READ_ONLY };
                for write in [
                    format!("DELETE FROM {name}"),
                    format!("UPDATE {name} SET {column} = {column}"),
                    format!("INSERT INTO {name} DEFAULT VALUES"),
                ] {
                    let code = tried(&mut reader, &write).await;
                    // PostgreSQL may check rights before it checks if the transaction is read-only.
                    assert!(code.as_deref() == expected || code.as_deref() == DENIED, "{write}: {code:?}");
                }
            }
        }
        let made = tried(&mut reader, "CREATE TABLE mine (id bigint)").await;
        assert_eq!(made.as_deref(), if writes { DENIED } else { READ_ONLY }, "{made:?}");
        assert_eq!(tried(&mut reader, "SET default_transaction_read_only = off").await, None, "a role may change its own default");
    }
    // A function of the reader that a condition calls sees only what the views show.
    let spy = "CREATE FUNCTION pg_temp.spy(text) RETURNS boolean LANGUAGE plpgsql COST 0.0001 AS \
               $$ BEGIN RAISE NOTICE '%', $1; IF $1 LIKE '%secret%' OR $1 LIKE '%Smith%' THEN RAISE EXCEPTION 'seen: %', $1; END IF; RETURN true; END $$";
    assert_eq!(tried(&mut reader, spy).await, None);
    for view in VIEWS {
        for (column, _) in view.columns {
            assert_eq!(tried(&mut reader, &format!("SELECT count(*) FROM {} WHERE pg_temp.spy({column}::text)", view.name)).await, None);
        }
    }
    reader.close().await.unwrap();
    sqlx::raw_sql(AssertSqlSafe(format!("DROP OWNED BY {role}; DROP ROLE {role}"))).execute(&mut owner).await.unwrap();
}
