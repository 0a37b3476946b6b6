//! Operators of the same name.

use std::collections::BTreeMap;

/// Appends the ID to names that several operators share.
pub fn tell_apart<'n>(named: impl Iterator<Item = (&'n str, &'n mut String)>) {
    let mut by_name: BTreeMap<String, Vec<(&str, &mut String)>> = BTreeMap::new();
    for (id, name) in named {
        by_name.entry(name.trim().to_lowercase()).or_default().push((id, name));
    }
    for (id, name) in by_name.into_values().filter(|all| all.len() > 1).flatten() {
        *name = format!("{} ({id})", name.trim());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_shared_names_get_the_id() {
        let mut named = [("op3", "Anna Schmidt".to_owned()), ("op4", "anna schmidt ".to_owned()), ("op5", "Kim Lee".to_owned())];
        tell_apart(named.iter_mut().map(|(id, name)| (*id, name)));
        assert_eq!(named.map(|(_, name)| name), ["Anna Schmidt (op3)", "anna schmidt (op4)", "Kim Lee"]);
    }
}
