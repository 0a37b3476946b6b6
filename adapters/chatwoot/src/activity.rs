//! The words in which Chatwoot writes down a close: an activity message, in the language of the account. English is read
//! exactly; of other languages, the stem of "resolved" and the names in it.

use lastword_contract::CloseBy;

/// Stems of "resolved" in Chatwoot's translations.
const RESOLVED: [&str; 14] = [
    "resolved",
    "gelöst",
    "resuelt",
    "resolvid",
    "résolu",
    "решен",
    "решён",
    "risolt",
    "opgelost",
    "çözül",
    "вирішен",
    "rozwiąz",
    "解決",
    "已解决",
];

/// Whether an activity message says that the conversation was resolved.
pub(crate) fn is_resolved(text: &str) -> bool {
    let text = text.to_lowercase();
    RESOLVED.iter().any(|stem| text.contains(stem))
}

/// Whom a close may name.
#[derive(Debug, Default)]
pub(crate) struct Names<'a> {
    /// The client.
    pub(crate) client: Option<&'a str>,
    /// Programs that are known.
    pub(crate) programs: Vec<&'a str>,
    /// People who are known, with their ids.
    pub(crate) people: Vec<(&'a str, String)>,
}

/// Who closed, by these words, and who exactly where that is known.
pub(crate) fn closer(text: &str, names: &Names<'_>) -> (CloseBy, Option<String>) {
    let names_one = |name: &str| !name.trim().is_empty() && text.to_lowercase().contains(&name.trim().to_lowercase());
    // The longest name first: "Ann" is in "Anna" too.
    let mut people: Vec<_> = names.people.iter().filter(|(name, _)| names_one(name)).collect();
    people.sort_by_key(|(name, _)| std::cmp::Reverse(name.len()));
    let person = people.first().map(|(_, id)| id.clone());
    if text.starts_with("Conversation was resolved by ") {
        return (CloseBy::Client, None);
    }
    if text.contains("Automation System") {
        return (CloseBy::Forced, None);
    }
    if names.programs.iter().any(|name| names_one(name)) && person.is_none() {
        return (CloseBy::Bot, None);
    }
    let english = text.strip_prefix("Conversation was marked resolved by ");
    if let Some(by) = english {
        if let Some(silence) = by.strip_prefix("system due to ") {
            return (by_silence(silence), None);
        }
        // An assistant gives its reason in brackets, or says that nobody wrote.
        let assistant = by.ends_with(" due to inactivity") || by.ends_with(')');
        return if assistant && person.is_none() { (CloseBy::Bot, None) } else { (CloseBy::Operator, person) };
    }
    if person.is_some() {
        return (CloseBy::Operator, person);
    }
    if names.client.is_some_and(names_one) {
        return (CloseBy::Client, None);
    }
    // In every language, who names nobody and gives a number tells how long nobody wrote.
    if text.chars().any(|letter| letter.is_ascii_digit()) { (by_silence(text), None) } else { (CloseBy::Operator, None) }
}

/// "0 minutes" is what a close by nobody says where no silence closes conversations: an integration did it.
fn by_silence(text: &str) -> CloseBy {
    let digits: String = text.chars().skip_while(|letter| !letter.is_ascii_digit()).take_while(char::is_ascii_digit).collect();
    if digits.parse::<u32>() == Ok(0) { CloseBy::Bot } else { CloseBy::Timeout }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn by(text: &str) -> CloseBy {
        assert!(is_resolved(text), "{text}");
        let people = vec![("Ann", "1".to_owned()), ("Anna Lee", "2".to_owned())];
        closer(text, &Names { client: Some("Jane"), programs: vec!["Helper"], people }).0
    }

    #[test]
    fn the_closer_is_read_of_the_words() {
        for (text, expected) in [
            ("Conversation was marked resolved by Ann", CloseBy::Operator),
            ("Conversation was marked resolved by Somebody Else", CloseBy::Operator),
            ("Conversation was marked resolved by Helper", CloseBy::Bot),
            ("Conversation was marked resolved by Automation System", CloseBy::Forced),
            ("Conversation was marked resolved by system due to 3 days of inactivity", CloseBy::Timeout),
            ("Conversation was marked resolved by system due to 0 minutes of inactivity", CloseBy::Bot),
            ("Conversation was marked resolved by Captain due to inactivity", CloseBy::Bot),
            ("Conversation was marked resolved by Captain (the client said thanks)", CloseBy::Bot),
            ("Conversation was resolved by Jane", CloseBy::Client),
            ("Die Konversation wurde von Ann als gelöst markiert", CloseBy::Operator),
            ("Die Konversation wurde von Jane gelöst", CloseBy::Client),
            ("Диалог решен системой: 5 дней без ответа", CloseBy::Timeout),
        ] {
            assert_eq!(by(text), expected, "{text}");
        }
        for other in ["Assigned to Ann by Ben", "Ann added billing", "Conversation was reopened by Ann"] {
            assert!(!is_resolved(other), "{other}");
        }
    }

    #[test]
    fn the_longer_name_counts() {
        let people = vec![("Ann", "1".to_owned()), ("Anna Lee", "2".to_owned())];
        let names = Names { people, ..Names::default() };
        assert_eq!(closer("Conversation was marked resolved by Anna Lee", &names), (CloseBy::Operator, Some("2".to_owned())));
    }
}
