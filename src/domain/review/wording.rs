//! Public texts of reviews.

/// A client's public name: the first name and an initial. `None` if the name is unknown.
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

    #[test]
    fn in_public_a_client_is_a_first_name_and_an_initial() {
        let cases = [("Anna Berg", "Anna B."), ("anna", "anna"), ("José María de la Cruz", "José C."), ("Ян  ёлкин", "Ян Ё.")];
        for (name, expected) in cases {
            assert_eq!(public_name(Some(name)).as_deref(), Some(expected));
        }
        assert_eq!((public_name(None), public_name(Some("  "))), (None, None));
    }
}
