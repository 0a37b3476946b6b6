//! Names of types as a person writes them, because generated clients have them: `Rating`, `RatingPage`, not `RatingOut`,
//! `Page_RatingOut`.

use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// Types whose short name says enough beside their code, but not alone among all types of a client, or is a word of its language.
const LONGER: [(&str, &str); 62] = [
    ("Bar", "ScoreCount"),
    ("Bitrix", "Bitrix24Settings"),
    ("BitrixBody", "Bitrix24ImportBody"),
    ("BitrixImport", "Bitrix24Import"),
    ("Bounds", "PercentRange"),
    ("Change", "ShareChange"),
    ("Closed", "ChatClosed"),
    ("Closes", "CloseRequest"),
    ("ClosesAnswer", "CloseResponse"),
    ("Compared", "TeamComparison"),
    ("Days", "ReportPeriod"),
    ("Edit", "ScoreEdit"),
    ("Erased", "ClientErased"),
    ("Every", "LetterInterval"),
    ("Fate", "FieldFate"),
    ("FunnelView", "FunnelReport"),
    ("Group", "ReportGroup"),
    ("Groups", "GroupsReport"),
    ("Heat", "HeatReport"),
    ("Hour", "HeatHour"),
    ("Invited", "PersonInvited"),
    ("Key", "ApiKey"),
    ("KeyBody", "ApiKeyBody"),
    ("KeyMade", "ApiKeyCreated"),
    ("Keys", "ApiKeys"),
    ("Low", "LowRating"),
    ("LowPage", "LowRatingPage"),
    ("Message", "ChatMessage"),
    ("Messages", "ChatMessages"),
    ("Note", "CloseNote"),
    ("Part", "Share"),
    ("Places", "RankRange"),
    ("Planned", "PlannedClose"),
    ("Point", "TrendPoint"),
    ("Points", "PointsRange"),
    ("Previous", "PreviousPeriod"),
    ("Reached", "TargetVerdict"),
    ("ReasonView", "ReasonCount"),
    ("Reasons", "ReasonsReport"),
    ("Recovery", "RecoveryReport"),
    ("Released", "QuarantineReleased"),
    ("Replayed", "EventsReplayed"),
    ("Resolved", "AskResolved"),
    ("Rule", "GradeRule"),
    ("RuleCount", "AskRuleEffect"),
    ("Shut", "ShutOut"),
    ("Skip", "SkipRules"),
    ("Step", "TrendStep"),
    ("Summary", "PlanSummary"),
    ("SummaryView", "SummaryReport"),
    ("Template", "ReplyTemplate"),
    ("TemplateBody", "ReplyTemplateBody"),
    ("Templates", "ReplyTemplates"),
    ("Test", "RecipientTest"),
    ("Took", "TimeToRate"),
    ("TookGroup", "TimeToRateGroup"),
    ("Trend", "TrendReport"),
    ("Verdict", "ShareVerdict"),
    ("Watched", "WatchedShare"),
    ("WordsBody", "ExplanationBody"),
    ("WriterWord", "MessageAuthor"),
    ("Written", "ChatMessageKept"),
];

const PLACE: &str = "#/components/schemas/";

/// Renames all types of the description, and what refers to them.
pub(super) fn give(document: &mut Value) {
    let Some(schemas) = document.pointer_mut("/components/schemas").and_then(Value::as_object_mut) else { return };
    let names: BTreeMap<String, String> = schemas.keys().map(|name| (name.clone(), better(name, schemas))).collect();
    let renamed = std::mem::take(schemas).into_iter().map(|(name, schema)| (names[&name].clone(), schema));
    *schemas = renamed.collect();
    refer(document, &names);
}

/// The better name: a page is one of its items; what leaves us has the plain name, or is a view of what has it already.
fn better(name: &str, known: &Map<String, Value>) -> String {
    let plain = match (name.strip_prefix("Page_"), name.strip_suffix("Out")) {
        (Some(item), _) => format!("{}Page", item.strip_suffix("Out").unwrap_or(item)),
        (None, Some(plain)) if known.contains_key(plain) => format!("{plain}View"),
        (None, plain) => plain.unwrap_or(name).to_owned(),
    };
    LONGER.iter().find(|(short, _)| *short == plain).map_or(plain, |(_, longer)| (*longer).to_owned())
}

fn refer(value: &mut Value, names: &BTreeMap<String, String>) {
    match value {
        Value::Object(fields) => {
            if let Some(Value::String(place)) = fields.get_mut("$ref")
                && let Some(name) = place.strip_prefix(PLACE).and_then(|name| names.get(name))
            {
                *place = format!("{PLACE}{name}");
            }
            fields.values_mut().for_each(|value| refer(value, names));
        }
        Value::Array(items) => items.iter_mut().for_each(|value| refer(value, names)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn every_longer_name_is_given_and_no_type_is_lost() {
        let document = crate::api::openapi::document();
        let schemas = document["components"]["schemas"].as_object().unwrap();
        for (short, longer) in LONGER {
            assert!(schemas.contains_key(longer) && !schemas.contains_key(short), "{short}, {longer}");
        }
    }

    #[test]
    fn types_have_plain_names_and_no_two_the_same() {
        let mut document = json!({
            "paths": { "/v1/ratings": { "schema": { "$ref": "#/components/schemas/Page_RatingOut" } } },
            "components": { "schemas": {
                "Page_RatingOut": { "properties": { "items": { "items": { "$ref": "#/components/schemas/RatingOut" } } } },
                "RatingOut": {}, "Tag": {}, "TagOut": {}, "Timeout": {},
            } },
        });
        give(&mut document);
        let names: Vec<&String> = document["components"]["schemas"].as_object().unwrap().keys().collect();
        assert_eq!(names, ["Rating", "RatingPage", "Tag", "TagView", "Timeout"]);
        assert_eq!(document["paths"]["/v1/ratings"]["schema"]["$ref"], "#/components/schemas/RatingPage");
        let page = &document["components"]["schemas"]["RatingPage"];
        assert_eq!(page["properties"]["items"]["items"]["$ref"], "#/components/schemas/Rating");
    }
}
