//! The tables of which a statement locks rows, read from its text as written: for the one order in which all transactions take locks
//! (`store/locks.rs`).

/// The tables, in the order in which a transaction first locks rows of them.
pub(crate) const ORDER: [&str; 13] = [
    "session",
    "rating_request",
    "recipient",
    "push_browser",
    "alert",
    "delivery",
    "opt_out",
    "client",
    "conversation",
    "share_watch",
    "share_alarm",
    "pass_on_desk",
    "connection",
];

/// How a statement takes locks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Locks {
    /// It waits for other transactions.
    Waiting,
    /// It never waits.
    Never,
}

/// The tokens of a statement, each with the number of parentheses around it.
fn tokens(text: &str) -> Vec<(usize, &str)> {
    let (mut tokens, mut depth) = (Vec::new(), 0_usize);
    for part in text.split_inclusive([' ', '\n', '(', ')', ',']) {
        let end = part.chars().next_back().filter(|end| " \n(),".contains(*end));
        let token = end.map_or(part, |_| &part[..part.len() - 1]);
        if !token.is_empty() {
            tokens.push((depth, token));
        }
        match end {
            Some('(') => depth += 1,
            Some(')') => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    tokens
}

/// The table that `text` changes, or reads first; empty if there is none.
pub(crate) fn first_table(text: &str) -> String {
    let names =
        |token: &str| token.starts_with(|c: char| c.is_ascii_lowercase()) && token.chars().all(|c| c.is_ascii_lowercase() || c == '_');
    let tokens = tokens(text);
    let behind = |words: &[&str]| {
        let pairs = tokens.windows(2).filter(|pair| words.contains(&pair[0].1));
        pairs.map(|pair| pair[1].1).find(|token| names(token))
    };
    behind(&["INTO", "UPDATE"]).or_else(|| behind(&["FROM", "JOIN"])).unwrap_or_default().to_owned()
}

/// The tables whose rows `text` locks, in the order of the text. Rows that it adds cannot be locked by others.
pub(crate) fn locks(text: &str) -> Vec<(String, Locks)> {
    let tokens = tokens(text);
    let token = |at: usize| tokens.get(at).map_or("", |(_, token)| *token);
    // Tables that are read: depth, table and alias.
    let mut sources: Vec<(usize, &str, &str)> = Vec::new();
    let mut found: Vec<(String, Locks)> = Vec::new();
    for (at, &(depth, here)) in tokens.iter().enumerate() {
        match here {
            "FROM" | "JOIN" if (at == 0 || token(at - 1) != "DELETE") && !token(at + 1).starts_with('{') => {
                sources.push((depth, token(at + 1), token(at + 2)));
            }
            "UPDATE" if token(at + 1) != "SET" => found.push((token(at + 1).to_owned(), Locks::Waiting)),
            "DELETE" => found.push((token(at + 2).to_owned(), Locks::Waiting)),
            "INSERT" if text.contains("DO UPDATE") => found.push((token(at + 2).to_owned(), Locks::Waiting)),
            "{held" => found.push((token(at + 1).to_owned(), Locks::Waiting)),
            "{lock}" | "{lock" => {
                let piece: Vec<&str> = tokens[at..]
                    .iter()
                    .map(|(_, token)| *token)
                    .scan(false, |over, token| (!std::mem::replace(over, token.ends_with('}'))).then_some(token.trim_end_matches('}')))
                    .collect();
                let of = piece.iter().position(|token| *token == "OF").and_then(|of| piece.get(of + 1));
                let is_it = |(there, _, name): &&(usize, &str, &str)| of.map_or(*there == depth, |of| of == name);
                let how = if piece.contains(&"skip") || piece.contains(&"now") { Locks::Never } else { Locks::Waiting };
                found.extend(sources.iter().rev().find(is_it).map(|(_, table, _)| ((*table).to_owned(), how)));
            }
            _ => {}
        }
    }
    // A change of rows that the statement locked before does not wait.
    let never: Vec<String> = found.iter().filter(|(_, how)| *how == Locks::Never).map(|(table, _)| table.clone()).collect();
    found.retain(|(table, how)| *how == Locks::Never || !never.contains(table));
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_statement_says_what_it_is_about() {
        for (text, expected) in [
            ("SELECT q.id FROM rating_request q WHERE q.id = $1", "rating_request"),
            ("INSERT INTO close_label (key) SELECT r.key FROM {rows $1 r: key text} JOIN rating_request q ON q.id = r.id", "close_label"),
            ("UPDATE rating SET low = 0 WHERE id = $1", "rating"),
            ("DELETE FROM inbox WHERE id {among $1}", "inbox"),
            ("SELECT n.value FROM (SELECT l.value FROM close_label l) AS n", "close_label"),
            ("SELECT s.id FROM {rows $1 r: id text} JOIN session s ON s.id = r.id {lock}", "session"),
            ("SELECT 1", ""),
        ] {
            assert_eq!(first_table(text), expected, "{text}");
        }
    }

    #[test]
    fn a_statement_says_what_it_locks() {
        let waits = |table: &str| (table.to_owned(), Locks::Waiting);
        let never = |table: &str| (table.to_owned(), Locks::Never);
        for (text, expected) in [
            ("SELECT q.id FROM rating_request q WHERE q.id = $1", vec![]),
            (
                "SELECT t.id FROM recipient t WHERE t.id IN (SELECT a.id FROM alert a UNION SELECT r.id FROM {rows $1 r: id text}) {lock}",
                vec![waits("recipient")],
            ),
            ("SELECT q.id FROM rating_request q WHERE q.id {among $1} ORDER BY q.id {lock}", vec![waits("rating_request")]),
            ("SELECT s.id FROM {rows $1 r: id text} JOIN session s ON s.id = r.id {lock now OF s}", vec![never("session")]),
            ("SELECT e.id FROM expiry e JOIN rating_request q ON q.id = e.id {lock skip OF q}", vec![never("rating_request")]),
            (
                "UPDATE recipient SET tat = r.tat FROM {held recipient $1 r: id text, tat int} WHERE recipient.id = r.id",
                vec![waits("recipient"), waits("recipient")],
            ),
            (
                "WITH pick AS (SELECT id FROM delivery ORDER BY id {lock skip}) UPDATE delivery SET state = 'x' FROM pick",
                vec![never("delivery")],
            ),
            (
                "INSERT INTO alert (id) SELECT id FROM {rows $1 r: id text} WHERE true ON CONFLICT (id) DO UPDATE SET id = 1",
                vec![waits("alert")],
            ),
            ("INSERT INTO delivery (id) SELECT id FROM {rows $1 r: id text} WHERE true ON CONFLICT (id) DO NOTHING", vec![]),
            ("DELETE FROM client WHERE id = $1", vec![waits("client")]),
        ] {
            assert_eq!(locks(text), expected, "{text}");
        }
    }
}
