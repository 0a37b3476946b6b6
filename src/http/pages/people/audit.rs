//! The audit log: who changed what and when, and the previous values.

use crate::Pages;
use crate::frame::changes::{Change, changes, said};
use crate::frame::days::Days;
use crate::frame::filter::{Entry, Filters};
use crate::frame::form::Choice;
use crate::frame::visit::SignedIn;
use crate::frame::{Frame, html};
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use lastword_domain::access::audit::Act;
use lastword_http::problem::Problem;
use lastword_http::query::Query;
use lastword_store::access::account::{self, Account};
use lastword_store::access::api_key::{self, ApiKey};
use lastword_store::access::audit::{self, Audited, Filter};
use lastword_store::alert::recipient;
use lastword_store::{Db, StoreError, line};
use serde::Deserialize;
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

/// Entries per page.
const SHOWN: usize = 40;

/// Filters and position in the list.
#[derive(Debug, Deserialize)]
pub(crate) struct AuditQuery {
    by: Option<String>,
    kind: Option<String>,
    subject: Option<String>,
    from: Option<String>,
    until: Option<String>,
    before: Option<String>,
}

/// An entry for display.
struct AuditView {
    at: i64,
    by: String,
    by_kind: String,
    act: String,
    subject: String,
    changes: Vec<Change>,
}

#[derive(Template)]
#[template(path = "pages/people/audit/list.html")]
struct AuditPage {
    page: Frame,
    filters: Filters,
    entries: Vec<AuditView>,
    next: Option<String>,
}

/// `GET /audit`
pub(crate) async fn list(State(pages): State<Arc<Pages>>, person: SignedIn, Query(asked): Query<AuditQuery>) -> Result<Response, Problem> {
    let engine = &pages.app.engine;
    let (db, zone) = (&engine.db, engine.options.time_zone);
    let page = Frame::of(&pages, &person.visit).await?;
    let text = |text: &Option<String>| text.clone().map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
    let days = Days::of(&asked.from, &asked.until, zone);
    let filter = Filter {
        by: text(&asked.by),
        act: None,
        subject_kind: text(&asked.kind),
        subject: text(&asked.subject),
        from: days.starts_at,
        to: days.ends_at,
    };
    let mut found = if days.wrong {
        Vec::new()
    } else {
        audit::list(db, &filter, asked.before.as_deref().and_then(|before| before.parse().ok()), (SHOWN + 1) as i64).await?
    };
    let more = found.len() > SHOWN;
    found.truncate(SHOWN);
    let (accounts, keys) = (account::all(db).await?, api_key::all(db).await?);
    let names = names(db, &accounts, &keys).await?;
    let filters = filters(&page, accounts, keys, &filter, &days);
    let next = found.last().filter(|_| more).map(|last| filters.address(None, &[("before", &last.id.to_string())]));
    let entries = found.into_iter().map(|entry| shown(&page, entry, &names)).collect();
    Ok(html(&AuditPage { filters, entries, next, page }))
}

/// The filters of the log, each with its present value.
fn filters(page: &Frame, accounts: Vec<Account>, keys: Vec<ApiKey>, filter: &Filter, days: &Days) -> Filters {
    let chosen = |value: &str, of: &Option<String>| of.as_deref().unwrap_or_default() == value;
    let mut people = vec![Choice { value: String::new(), words: page.t("audit-anybody"), chosen: filter.by.is_none() }];
    for account in accounts {
        people.push(Choice { chosen: chosen(&account.id.to_string(), &filter.by), value: account.id.to_string(), words: account.name });
    }
    for key in keys {
        let words = format!("{} ({})", key.name, page.t("audit-by-program"));
        people.push(Choice { chosen: chosen(&key.id.to_string(), &filter.by), value: key.id.to_string(), words });
    }
    let mut kinds = vec![Choice { value: String::new(), words: page.t("audit-anything"), chosen: filter.subject_kind.is_none() }];
    for kind in Act::ALL.iter().map(|act| act.subject_kind()).collect::<BTreeSet<_>>() {
        let words = said(page, &format!("audit-kind-{kind}")).unwrap_or_else(|| kind.to_owned());
        kinds.push(Choice { value: kind.to_owned(), words, chosen: chosen(kind, &filter.subject_kind) });
    }
    Filters::of(page, "/audit")
        .choices("by", page.t("audit-by"), people)
        .choices("kind", page.t("audit-kind"), kinds)
        .text("subject", page.t("audit-subject"), filter.subject.clone().unwrap_or_default())
        .days(page, days)
}

/// Names of things by kind and ID.
async fn names(db: &Db, accounts: &[Account], keys: &[ApiKey]) -> Result<HashMap<(&'static str, String), String>, StoreError> {
    let mut names: HashMap<(&'static str, String), String> = HashMap::new();
    names.extend(accounts.iter().map(|account| (("account", account.id.to_string()), account.name.clone())));
    names.extend(keys.iter().map(|key| (("key", key.id.to_string()), key.name.clone())));
    names.extend(line::names(db).await?.into_iter().map(|(id, name)| (("line", id.into()), name)));
    names.extend(recipient::all(db).await?.into_iter().map(|recipient| (("recipient", recipient.id), recipient.name)));
    Ok(names)
}

fn shown(page: &Frame, entry: Audited, names: &HashMap<(&'static str, String), String>) -> AuditView {
    let kind = ["account", "key", "line", "recipient"].into_iter().find(|kind| *kind == entry.subject_kind);
    let of_file = match &*entry.subject_kind {
        "list" => said(page, &format!("nav-{}", entry.subject)),
        "report" => said(page, &format!("by-{}", entry.subject)),
        _ => None,
    };
    let name = kind.and_then(|kind| names.get(&(kind, entry.subject.clone()))).cloned().or(of_file);
    AuditView {
        at: entry.at,
        act: said(page, &format!("audit-act-{}", entry.act.replace(['.', '_'], "-"))).unwrap_or_else(|| entry.act.clone()),
        by_kind: said(page, &format!("audit-by-{}", entry.by_kind)).unwrap_or_else(|| entry.by_kind.clone()),
        subject: name.unwrap_or_else(|| entry.subject.clone()),
        changes: changes(page, &entry.before, &entry.after),
        by: entry.by_name,
    }
}
