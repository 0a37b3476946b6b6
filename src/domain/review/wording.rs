//! The words of replies: macros in templates, filled in when a person takes a template up, so that they read what the
//! client will read.

/// What macros stand for. What is not known stands for nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Macros {
    /// `#CLIENT#`: the client's name.
    pub client: Option<String>,
    /// `#OPERATOR#`: the responsible operator's name.
    pub operator: Option<String>,
    /// `#LINE#`: the line's name.
    pub line: String,
    /// `#ORGANISATION#`: the organisation's name.
    pub organisation: String,
    /// `#SCORE#`: the score as people read it.
    pub score: String,
}

/// The macros that a template may use.
pub const MACROS: [&str; 5] = ["#CLIENT#", "#OPERATOR#", "#LINE#", "#ORGANISATION#", "#SCORE#"];

/// A template with its macros filled in. A name that nobody knows goes with the blank before it, so that "Hello #CLIENT#,"
/// becomes "Hello,". What looks like a macro and is none stays as it is written.
pub fn fill(template: &str, macros: &Macros) -> String {
    let mut out = String::with_capacity(template.len() + 40);
    let mut rest = template;
    while let Some((at, name)) = MACROS.iter().filter_map(|name| rest.find(name).map(|at| (at, *name))).min() {
        out.push_str(&rest[..at]);
        rest = &rest[at + name.len()..];
        match value(name, macros).map(str::trim).filter(|value| !value.is_empty()) {
            Some(value) => out.push_str(value),
            None if out.ends_with(' ') => out.truncate(out.len() - 1),
            None => {}
        }
    }
    out + rest
}

fn value<'m>(name: &str, macros: &'m Macros) -> Option<&'m str> {
    match name {
        "#CLIENT#" => macros.client.as_deref(),
        "#OPERATOR#" => macros.operator.as_deref(),
        "#LINE#" => Some(&macros.line),
        "#ORGANISATION#" => Some(&macros.organisation),
        "#SCORE#" => Some(&macros.score),
        _ => None,
    }
}

/// A client's name as others may read it: the first name and an initial. None where no name is known.
pub fn public_name(name: Option<&str>) -> Option<String> {
    let mut words = name?.split_whitespace();
    let first = words.next()?;
    let initial = words.last().and_then(|word| word.chars().find(|letter| letter.is_alphabetic()));
    Some(match initial {
        Some(initial) => format!("{first} {}.", initial.to_uppercase()),
        None => first.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn known() -> Macros {
        Macros {
            client: Some("Anna Berg".to_owned()),
            operator: Some("Olga".to_owned()),
            line: "Support".to_owned(),
            organisation: "Nordwind".to_owned(),
            score: "👎".to_owned(),
        }
    }

    #[test]
    fn macros_are_filled_in_and_unknown_names_leave_no_gap() {
        let text = "Hello #CLIENT#, thank you. #OPERATOR# and #LINE# of #ORGANISATION# saw your #SCORE#. #NAME# 5#";
        assert_eq!(fill(text, &known()), "Hello Anna Berg, thank you. Olga and Support of Nordwind saw your 👎. #NAME# 5#");
        assert_eq!(fill("Hello #CLIENT#, sorry.", &Macros::default()), "Hello, sorry.");
        // A name is a value: what looks like a macro in it is not filled in again.
        assert_eq!(fill("#CLIENT#!", &Macros { client: Some("#LINE#".to_owned()), ..known() }), "#LINE#!");
    }

    #[test]
    fn in_public_a_client_is_a_first_name_and_an_initial() {
        let cases = [("Anna Berg", "Anna B."), ("anna", "anna"), ("José María de la Cruz", "José C."), ("Ян  ёлкин", "Ян Ё.")];
        for (name, expected) in cases {
            assert_eq!(public_name(Some(name)).as_deref(), Some(expected));
        }
        assert_eq!((public_name(None), public_name(Some("  "))), (None, None));
    }

    proptest! {
        #[test]
        fn text_without_macros_stays(text in "[^#]{0,60}") {
            prop_assert_eq!(fill(&text, &known()), text);
        }
    }
}
