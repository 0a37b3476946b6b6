//! The client's email address and phone number. An open line has neither; the client's CRM record has both. `entityData2`
//! of a chat names its records (`LEAD|1205|COMPANY|0|CONTACT|0|DEAL|0`; imopenlines.session.history.get).

use crate::api::Api;
use crate::form::{id, items, text};
use crate::history::History;
use lastword_contract::{Address, Means, Reach, SendError, Verdict};
use serde_json::{Map, Value, json};

/// Required permission.
pub(crate) const SCOPE: &str = "crm";
/// Kinds of records that have addresses, best first, with the method that reads one.
const RECORDS: [(&str, &str); 3] = [("CONTACT", "crm.contact.get"), ("LEAD", "crm.lead.get"), ("COMPANY", "crm.company.get")];
/// A deal has no addresses, but names its contact and its company.
const DEAL: (&str, &str) = ("DEAL", "crm.deal.get");
/// Bitrix24's error codes for a call in a batch that may succeed later.
const LATER: [&str; 4] = ["QUERY_LIMIT_EXCEEDED", "OPERATION_TIME_LIMIT", "INTERNAL_SERVER_ERROR", "ERROR_UNEXPECTED_ANSWER"];

/// Reads the client's email address and phone number. A record that was deleted, or that the application may not read, contributes nothing.
///
/// # Errors
/// Errors of the API if a later try may succeed.
pub(crate) async fn ways(api: &Api, history: &History) -> Result<Vec<Reach>, SendError> {
    if history.records.is_empty() {
        return Ok(Vec::new());
    }
    let mut found = read(api, &history.records).await?;
    // Only if the chat names no contact and no company.
    let of_deal: Vec<(String, String)> = [("CONTACT", "CONTACT_ID"), ("COMPANY", "COMPANY_ID")]
        .into_iter()
        .filter(|(kind, _)| history.records.iter().all(|(known, _)| known != kind))
        .filter_map(|(kind, field)| Some((kind.to_owned(), id(&found.get(DEAL.0)?[field])?)))
        .collect();
    if !of_deal.is_empty() {
        found.extend(read(api, &of_deal).await?);
    }
    let values = |field: &str| -> Vec<String> {
        let records = RECORDS.iter().filter_map(|(kind, _)| found.get(*kind));
        let fields = records.flat_map(|record| items(&record[field], "VALUE"));
        fields.filter_map(|field| text(&field["VALUE"]).map(str::to_owned)).collect()
    };
    let way = |by: Means, chat: String| Reach { by, address: Address::chat(chat) };
    let mail = values("EMAIL").into_iter().next().map(|mail| way(Means::Email, mail));
    let phones = values("PHONE").into_iter().map(|number| way(Means::Phone, number));
    Ok(mail.into_iter().chain(phones).collect())
}

/// Reads the records in one batch; the result is keyed by kind.
async fn read(api: &Api, records: &[(String, String)]) -> Result<Map<String, Value>, SendError> {
    let method = |kind: &str| RECORDS.iter().chain([&DEAL]).find(|(known, _)| *known == kind).map(|(_, method)| *method);
    let calls: Map<String, Value> =
        records.iter().filter_map(|(kind, number)| Some((kind.clone(), json!(format!("{}?ID={number}", method(kind)?))))).collect();
    if calls.is_empty() {
        return Ok(Map::new());
    }
    let mut answer = api.read("batch", json!({ "halt": 0, "cmd": calls })).await?;
    let errors = answer["result_error"].as_object().into_iter().flatten();
    if errors.filter_map(|(_, error)| error["error"].as_str()).any(|code| LATER.contains(&code)) {
        return Err(SendError::new(Verdict::RetryBackoff, "throttled", "Bitrix24 could not read the client's record in the CRM now"));
    }
    // PHP encodes an empty result as a list.
    Ok(match answer["result"].take() {
        Value::Object(found) => found,
        _ => Map::new(),
    })
}

#[cfg(test)]
mod tests {
    use crate::history::records;

    #[test]
    fn records_are_named_in_pairs_and_zero_is_nobody() {
        let read = |text: &str| records(text).into_iter().map(|(kind, id)| format!("{kind} {id}")).collect::<Vec<_>>().join(", ");
        assert_eq!(read("LEAD|1205|COMPANY|0|CONTACT|0|DEAL|0"), "LEAD 1205");
        assert_eq!(read("LEAD|0|COMPANY|7|CONTACT|43|DEAL|9"), "COMPANY 7, CONTACT 43, DEAL 9");
        for nothing in ["", "|", "LEAD", "LEAD|", "LEAD|x|COMPANY"] {
            assert_eq!(read(nothing), "", "{nothing}");
        }
    }
}
