//! The few labels that the platforms ask for and the engine does not send, in the client's language.

/// Labels in one language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Words {
    /// What opens the list of stars, or the form. At most 20 characters.
    pub(crate) rate: &'static str,
    /// What opens any other list. At most 20 characters.
    pub(crate) choose: &'static str,
    /// What stands in the form's empty text field. At most 65 characters.
    pub(crate) more: &'static str,
    /// What the form asks where the line's own question is not one that it takes.
    pub(crate) question: &'static str,
}

const ENGLISH: Words = Words { rate: "Rate", choose: "Choose", more: "Tell us more", question: "How was our service?" };

/// The labels for a BCP 47 language such as `pt-BR`; English where we have no words.
pub(crate) fn words(language: &str) -> Words {
    match primary(language).as_str() {
        "de" => Words { rate: "Bewerten", choose: "Auswählen", more: "Erzählen Sie uns mehr", question: "Wie war unser Service?" },
        "es" => Words { rate: "Valorar", choose: "Elegir", more: "Cuéntenos más", question: "¿Qué le ha parecido nuestra atención?" },
        "pt" => Words { rate: "Avaliar", choose: "Escolher", more: "Conte-nos mais", question: "O que achou do nosso atendimento?" },
        "ru" => Words {
            rate: "Оценить", choose: "Выбрать", more: "Расскажите подробнее", question: "Как вам наше обслуживание?"
        },
        _ => ENGLISH,
    }
}

/// `pt` of `pt-BR` and of `pt_BR`.
pub(crate) fn primary(language: &str) -> String {
    language.split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase()
}
