//! Labels that the platforms require and the engine does not send, in the client's language.

use lastword_contract::language::nearest;

/// Labels in one language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Words {
    /// Opens the list of stars, or the form. At most 20 characters.
    pub(crate) rate: &'static str,
    /// Opens any other list. At most 20 characters.
    pub(crate) choose: &'static str,
    /// Heading of the reasons in a list. At most 24 characters, like the next two.
    pub(crate) reasons: &'static str,
    /// Heading of yes and no.
    pub(crate) resolved: &'static str,
    /// Heading of the choice to change the score.
    pub(crate) change: &'static str,
    /// Placeholder of the form's text field. At most 65 characters.
    pub(crate) more: &'static str,
    /// Question of the form if it does not accept the line's own. 5 to 65 characters.
    pub(crate) question: &'static str,
}

const ENGLISH: Words = Words {
    rate: "Rate",
    choose: "Choose",
    reasons: "What went wrong?",
    resolved: "Was it resolved?",
    change: "Change your rating?",
    more: "Tell us more",
    question: "How was our service?",
};

const BRAZILIAN: Words = Words {
    rate: "Avaliar",
    choose: "Escolher",
    reasons: "O que deu errado?",
    resolved: "Foi resolvido?",
    change: "Outra avaliação?",
    more: "Conte mais para a gente",
    question: "O que achou do nosso atendimento?",
};

const GERMAN: Words = Words {
    rate: "Bewerten",
    choose: "Auswählen",
    reasons: "Was lief nicht gut?",
    resolved: "Wurde es gelöst?",
    change: "Andere Bewertung?",
    more: "Erzählen Sie uns mehr",
    question: "Wie war unser Service?",
};

/// Labels for a BCP 47 language such as `pt-BR`; English if there is no translation.
pub(crate) fn words(language: &str) -> Words {
    match nearest(language).as_str() {
        "de" => GERMAN,
        "es" => Words {
            rate: "Valorar",
            choose: "Elegir",
            reasons: "¿Qué salió mal?",
            resolved: "¿Se resolvió?",
            change: "¿Otra valoración?",
            more: "Cuéntenos más",
            question: "¿Qué le pareció nuestra atención?",
        },
        "pt-PT" => {
            Words { reasons: "O que correu mal?", more: "Conte-nos mais", question: "Como avalia o nosso atendimento?", ..BRAZILIAN }
        }
        "pt-BR" => BRAZILIAN,
        "ru" => Words {
            rate: "Оценить",
            choose: "Выбрать",
            reasons: "Что пошло не так?",
            resolved: "Вопрос решён?",
            change: "Изменить оценку?",
            more: "Расскажите подробнее",
            question: "Как вам наше обслуживание?",
        },
        "fr" => Words {
            rate: "Évaluer",
            choose: "Choisir",
            reasons: "Que s’est-il passé ?",
            resolved: "Problème résolu ?",
            change: "Une autre note ?",
            more: "Dites-nous en plus",
            question: "Comment évaluez-vous notre service ?",
        },
        "uk" => Words {
            rate: "Оцінити",
            choose: "Вибрати",
            reasons: "Що пішло не так?",
            resolved: "Питання вирішено?",
            change: "Змінити оцінку?",
            more: "Розкажіть докладніше",
            question: "Оцініть, будь ласка, нашу роботу",
        },
        "tr" => Words {
            rate: "Değerlendir",
            choose: "Seç",
            reasons: "Ne ters gitti?",
            resolved: "Sorun çözüldü mü?",
            change: "Başka bir puan mı?",
            more: "Biraz daha anlatın",
            question: "Hizmetimiz nasıldı?",
        },
        "ar" => Words {
            rate: "تقييم",
            choose: "اختيار",
            reasons: "ما الذي لم يعجبك؟",
            resolved: "هل حُلّت المشكلة؟",
            change: "تقييم آخر؟",
            more: "أخبرنا بالمزيد",
            question: "كيف كانت خدمتنا؟",
        },
        _ => ENGLISH,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_label_fits_where_it_stands() {
        for language in ["en", "de", "es", "pt", "pt-BR", "pt-PT", "pt_PT", "ru", "fr", "uk", "tr", "ar", "fi"] {
            let Words { rate, choose, reasons, resolved, change, more, question } = words(language);
            let short = [(rate, 20), (choose, 20), (reasons, 24), (resolved, 24), (change, 24)];
            for (label, max) in short.into_iter().chain([(more, 65), (question, 65)]) {
                assert!(label.encode_utf16().count() <= max, "{language}: {label}");
            }
        }
        assert_eq!(["pt", "pt-BR", "pt-PT", "pt-AO"].map(|tag| words(tag).more.contains("gente")), [true, true, false, false]);
    }
}
