//! The filtered list as a file.

use super::super::Pages;
use super::asked::RatingsQuery;
use super::bar::Bar;
use crate::frame::visit::SignedIn;
use axum::extract::{RawQuery, State};
use axum::response::Response;
use lastword_domain::access::audit::Act;
use lastword_domain::report::calendar::Day;
use lastword_domain::report::rating_filter::{Filter, NAMES};
use lastword_http::export::audited::Audited;
use lastword_http::export::ratings::{Closes, columns};
use lastword_http::export::{Column, csv, xlsx};
use lastword_http::problem::Problem;
use lastword_life::records::export_audit::{Export, note};
use std::sync::Arc;

/// `GET /ratings.csv`
pub(crate) async fn as_csv(State(pages): State<Arc<Pages>>, RawQuery(query): RawQuery, person: SignedIn) -> Result<Response, Problem> {
    let (columns, rows, export) = table(&pages, &person, query, "csv").await?;
    let rows = Audited::new(Box::new(rows), &pages.app.engine, export);
    Ok(csv::response(&name(&pages, "csv"), columns, Box::new(rows)))
}

/// `GET /ratings.xlsx`
pub(crate) async fn as_xlsx(State(pages): State<Arc<Pages>>, RawQuery(query): RawQuery, person: SignedIn) -> Result<Response, Problem> {
    let (columns, rows, export) = table(&pages, &person, query, "xlsx").await?;
    let sheet = person.visit.language.text("nav-ratings", &[]);
    let (file, count) = xlsx::made_within(&sheet, columns, Box::new(rows), pages.file_within).await?;
    let engine = &pages.app.engine;
    note(engine, &export, count, true, engine.now()).await?;
    Ok(xlsx::response(&name(&pages, "xlsx"), file))
}

async fn table(
    pages: &Pages,
    person: &SignedIn,
    query: Option<String>,
    format: &'static str,
) -> Result<(Vec<Column>, Closes, Export), Problem> {
    let asked = RatingsQuery::read(&query.unwrap_or_default());
    let filter = checked(Bar::of(pages, person, &asked).await?)?;
    let db = &pages.app.engine.db;
    let columns = columns(person.visit.language, db.zone());
    let export = Export::new(person.by(), Act::ListExported, "ratings", format, asked.all());
    Ok((columns, Closes::new(db, filter, person.rights.lines.clone(), person.rights.comments), export))
}

/// The filter; an error if it is invalid.
fn checked(bar: Bar) -> Result<Filter, Problem> {
    match NAMES.iter().find(|name| !bar.fields.error(name).is_empty()) {
        Some(name) => Err(Problem::invalid_field(name, bar.fields.error(name), "Look at the filter of the list.")),
        None => Ok(bar.filter),
    }
}

fn name(pages: &Pages, kind: &str) -> String {
    let engine = &pages.app.engine;
    format!("ratings-{}.{kind}", Day::of(engine.now(), engine.db.zone()))
}
