//! The current state of a ticket: who closed it, who served it, when the client last wrote.

use crate::config::Config;
use crate::receive::{moment, text};
use lastword_contract::http::Api;
use lastword_contract::json;
use lastword_contract::{Address, Chat, CloseBy, Closing, DeskEvent, DeskEventKind, Means, Person, Reach, SendError, Verdict};
use serde_json::Value;
use std::collections::BTreeMap;

/// ID of Zammad itself: triggers, schedulers, pending states. As an owner it means that there is none.
const SYSTEM: &str = "1";
/// Maximum users looked up for one close.
const PEOPLE_MAX: usize = 20;

/// Reads a ticket that has changed.
///
/// # Errors
/// Errors of the API.
pub(crate) async fn read(api: &Api, config: &Config, session: &str) -> Result<Vec<DeskEvent>, SendError> {
    let ticket = match api.get(&format!("tickets/{session}?expand=true")).await {
        Err(error) if error.verdict == Verdict::RecipientGone => return Ok(Vec::new()),
        read => read?,
    };
    let state = ticket["state"].as_str().unwrap_or_default();
    let Some(closed_at) = moment(&ticket["last_close_at"]) else { return Ok(Vec::new()) };
    let history = api.get(&format!("ticket_history/{session}")).await?;
    let changes = changes(&history);
    if config.is_closed(state) {
        let closing = closing(api, config, session, &ticket, &changes).await?;
        let what = DeskEventKind::Closed(Box::new(closing));
        return Ok(vec![DeskEvent::new(format!("closed:{session}:{closed_at}"), closed_at, session, what)]);
    }
    if state == "merged" {
        return Ok(Vec::new());
    }
    let opened = changes.iter().rev().find(|change| !config.is_closed(&change.to)).and_then(|change| change.at);
    let at = opened.or_else(|| moment(&ticket["updated_at"])).unwrap_or(closed_at).max(closed_at + 1);
    Ok(vec![DeskEvent::new(format!("reopened:{session}:{closed_at}"), at, session, DeskEventKind::Reopened)])
}

/// One change of a ticket's state.
struct Change {
    from: String,
    to: String,
    by: String,
    at: Option<i64>,
}

/// Changes of the state, oldest first. Only they say exactly who closed.
fn changes(history: &Value) -> Vec<Change> {
    let all = history["history"].as_array().or_else(|| history.as_array()).into_iter().flatten();
    let states = all.filter(|item| item["object"] == "Ticket" && item["attribute"] == "state");
    let change = |item: &Value| Change {
        from: item["value_from"].as_str().unwrap_or_default().to_owned(),
        to: item["value_to"].as_str().unwrap_or_default().to_owned(),
        by: json::id(&item["created_by_id"]).unwrap_or_default(),
        at: moment(&item["created_at"]),
    };
    states.map(change).collect()
}

async fn closing(api: &Api, config: &Config, session: &str, ticket: &Value, changes: &[Change]) -> Result<Closing, SendError> {
    let articles = api.get(&format!("ticket_articles/by_ticket/{session}")).await?;
    let articles = articles.as_array().cloned();
    let articles = articles.ok_or_else(|| SendError::new(Verdict::RetryBackoff, "garbled", "the answer holds no articles"))?;
    let closed = changes.iter().rposition(|change| config.is_closed(&change.to));
    // Articles before an earlier close belong to that close.
    let earlier = &changes[..closed.unwrap_or(0)];
    let since = earlier.iter().rev().find(|change| config.is_closed(&change.to)).and_then(|change| change.at).unwrap_or(i64::MIN);
    let until = moment(&ticket["last_close_at"]).unwrap_or(i64::MAX);
    let written = |sender: &'static str| {
        let articles = articles.iter().filter(move |article| article["sender"] == sender && article["internal"] != true);
        articles.filter(move |article| moment(&article["created_at"]).is_none_or(|at| at > since && at <= until + 1_000))
    };
    let mut ids: Vec<String> = Vec::new();
    for id in written("Agent").filter_map(|article| json::id(&article["created_by_id"])).filter(|id| id != SYSTEM) {
        ids.retain(|known| *known != id);
        ids.push(id);
    }
    let owner = json::id(&ticket["owner_id"]).filter(|id| id != SYSTEM);
    let customer = json::id(&ticket["customer_id"]);
    let mut operators = Vec::new();
    for id in ids.iter().take(PEOPLE_MAX) {
        operators.push(person(api, id).await?);
    }
    let operator = match &owner {
        Some(id) => Some(match operators.iter().find(|known| known.id == *id) {
            Some(known) => known.clone(),
            None => person(api, id).await?,
        }),
        None => None,
    };
    let (by, by_id) = by(closed.map(|place| &changes[place]), customer.as_deref());
    let client = match &customer {
        Some(id) => user(api, id).await?,
        None => Value::Null,
    };
    let last_client_message_at = moment(&ticket["last_contact_customer_at"])
        .or_else(|| written("Customer").filter_map(|article| moment(&article["created_at"])).max())
        .filter(|at| *at <= until);
    let count = |n: usize| Some(u32::try_from(n).unwrap_or(u32::MAX));
    let chat = Chat {
        queue: json::id(&ticket["group_id"]),
        operator,
        operators,
        client: customer,
        client_name: name(&client),
        language: text(&client["preferences"]["locale"]),
        reach: reach(ticket, &client),
        opened_at: moment(&ticket["created_at"]),
        last_client_message_at,
        operator_messages: count(written("Agent").count()),
        client_messages: count(written("Customer").count()),
        labels: tags(api, session).await?,
        fields: fields(ticket),
        ..Chat::default()
    };
    Ok(Closing { chat, by, by_person: by_id.map(|id| Person { id, ..Person::default() }), ..Closing::default() })
}

/// Tags of a ticket, which the ticket itself does not include.
async fn tags(api: &Api, session: &str) -> Result<Vec<String>, SendError> {
    let found = api.get(&format!("tags?object=Ticket&o_id={session}")).await?;
    Ok(found["tags"].as_array().into_iter().flatten().filter_map(text).collect())
}

/// Values of the ticket's own fields and of custom fields.
fn fields(ticket: &Value) -> BTreeMap<String, String> {
    let all = ticket.as_object().into_iter().flatten();
    all.filter_map(|(name, value)| Some((name.clone(), text(value)?))).collect()
}

/// Who closed. A close by Zammad itself is a timeout if the ticket was in a pending state, otherwise a rule.
fn by(change: Option<&Change>, customer: Option<&str>) -> (CloseBy, Option<String>) {
    match change {
        None => (CloseBy::Operator, None),
        Some(change) if change.by == SYSTEM && change.from.contains("pending") => (CloseBy::Timeout, None),
        Some(change) if change.by == SYSTEM => (CloseBy::Forced, None),
        Some(change) if Some(change.by.as_str()) == customer => (CloseBy::Client, None),
        Some(change) => (CloseBy::Operator, Some(change.by.clone())),
    }
}

async fn person(api: &Api, id: &str) -> Result<Person, SendError> {
    let user = user(api, id).await?;
    Ok(Person { id: id.to_owned(), name: name(&user), program: false })
}

/// A user; empty if the user was deleted.
async fn user(api: &Api, id: &str) -> Result<Value, SendError> {
    match api.get(&format!("users/{id}")).await {
        Err(error) if error.verdict == Verdict::RecipientGone => Ok(Value::Null),
        read => read,
    }
}

fn name(user: &Value) -> Option<String> {
    let part = |field: &str| text(&user[field]).and_then(|_| json::name(&user[field]));
    let parts: Vec<String> = [part("firstname"), part("lastname")].into_iter().flatten().collect();
    if parts.is_empty() { text(&user["login"]) } else { Some(parts.join(" ")) }
}

/// Ways to reach the client: the messenger of the ticket, email and phone.
fn reach(ticket: &Value, client: &Value) -> Vec<Reach> {
    let preferences = &ticket["preferences"];
    let way = |by: Means, chat: String| Reach { by, address: Address::chat(chat) };
    let mut reach = Vec::new();
    reach.extend(json::id(&preferences["telegram"]["chat_id"]).map(|chat| way(Means::Messenger, chat)));
    reach.extend(text(&client["email"]).map(|mail| way(Means::Email, mail)));
    let whatsapp = text(&preferences["whatsapp"]["from"]["phone_number"]);
    // WhatsApp has numbers as digits, country first; the other fields are as people typed them.
    let digits = whatsapp.map(|phone| phone.chars().filter(char::is_ascii_digit).collect::<String>());
    let whole = digits.filter(|digits| (7..=15).contains(&digits.len())).map(|digits| format!("+{digits}"));
    let typed = ["mobile", "phone"].into_iter().filter_map(|field| text(&client[field]));
    reach.extend(whole.into_iter().chain(typed).map(|number| way(Means::Phone, number)));
    reach
}
