//! Reasons of low ratings, on the reports page and as its file: compared with a full count of the rows.

use super::counts::day;
use super::naive::{low_reasons, rows};
use super::pages::{Site, everything, figures, shop};
use super::shop::{CHANNELS, LINES, OPERATORS};
use crate::on_both_databases;
use lastword::domain::access::rights::Role;
use lastword::store::report::Closes;
use lastword_base::names::{LineId, OperatorId};
use std::collections::BTreeMap;

on_both_databases! {
    reasons_are_split_as_the_report_is => tables;
    reasons_are_kept_as_a_file => file;
}

/// A row of a table of reasons, by its subject.
fn reasons_row(part: &str) -> (String, BTreeMap<String, i64>) {
    let (key, rest) = part.split_once('"').unwrap();
    (key.to_owned(), figures(rest.split("</tr>").next().unwrap()))
}

async fn tables(url: String) {
    let shop = shop(&url, 41).await;
    let (site, rows) = (Site::over(&shop.engine), rows(&shop.engine.db).await);
    let admin = site.reader("admin", Role::Admin, &[], true).await;
    let lived = low_reasons(&rows, &everything());
    for (by, ids) in [("operator", &OPERATORS[..]), ("line", &LINES[..]), ("channel", &CHANNELS[..])] {
        let page = admin.page(&format!("/reports?from=2026-09-01&until=2026-12-31&by={by}&tab=reasons")).await;
        let tables: BTreeMap<String, BTreeMap<String, i64>> = page.split("data-reasons=\"").skip(1).map(reasons_row).collect();
        assert!(tables.contains_key("slow") && tables["slow"]["chosen slow"] == lived["chosen slow"], "{tables:?}");
        for id in ids {
            let (id_, all) = (Some((*id).to_owned()), everything());
            let only = match by {
                "operator" => Closes { operator: id_.map(OperatorId::from), ..all },
                "line" => Closes { line: id_.map(LineId::from), ..all },
                _ => Closes { channel: id_, ..all },
            };
            let wanted = low_reasons(&rows, &only);
            let row = tables.get(*id).cloned().unwrap_or_default();
            assert!(row.iter().all(|(name, number)| wanted.get(name).copied().unwrap_or(0) == *number), "{by} {id}: {row:?} {wanted:?}");
            assert_eq!(row.get("low"), wanted.get("low"), "{by} {id}");
        }
    }
}

async fn file(url: String) {
    let shop = shop(&url, 50).await;
    let (site, rows) = (Site::over(&shop.engine), rows(&shop.engine.db).await);
    let admin = site.reader("admin", Role::Admin, &[], true).await;
    let asked = "from=2026-09-10&until=2026-12-31&by=line";
    // Reasons of low ratings as a file: all of them, then by line.
    let (_, csv) = admin.bytes(&format!("/reports/file?{asked}&what=reasons&format=csv")).await;
    let mut reader = csv::Reader::from_reader(csv.strip_prefix("\u{feff}".as_bytes()).unwrap());
    let mut found: BTreeMap<String, BTreeMap<String, i64>> = BTreeMap::new();
    for row in reader.records().map(Result::unwrap) {
        let origin = if &row[4] == "Chosen by clients" { "chosen" } else { "tagged" };
        let numbers = found.entry(row[1].to_owned()).or_default();
        numbers.insert(format!("{origin} {}", &row[2]), row[6].parse().unwrap());
        numbers.insert("low".to_owned(), row[5].parse().unwrap());
    }
    for (id, numbers) in &found {
        let line = Some(id.clone()).filter(|id| !id.is_empty());
        let mut wanted = low_reasons(&rows, &Closes { from: day("2026-09-10"), line: line.map(LineId::from), ..everything() });
        wanted.retain(|name, _| !["reasoned", "read", "tagged"].contains(&name.as_str()));
        assert_eq!(*numbers, wanted, "{id:?}");
    }
    assert!(found.len() == 4 && found[""].len() > 5, "{found:?}");
    let (_, xlsx) = admin.bytes(&format!("/reports/file?{asked}&what=reasons&format=xlsx")).await;
    let mut book: calamine::Xlsx<_> = calamine::open_workbook_from_rs(std::io::Cursor::new(xlsx)).unwrap();
    assert!(calamine::Reader::worksheet_range_at(&mut book, 0).unwrap().unwrap().height() > 4);
    assert_eq!(admin.get(&format!("/reports/file?{asked}&what=moods")).await.0, 422);
}
