//! The built-in words of alerts, in the recipient's language where we have it.

/// All words of one language.
#[derive(Debug)]
pub struct AlertWords {
    language: &'static str,
    /// A low rating, with macros: what lines say that have no text of their own.
    pub low: &'static str,
    /// A rating is no longer low, with macros.
    pub changed: &'static str,
    /// The client added something to a low rating, with macros.
    pub more: &'static str,
    /// One of many in a digest, with macros; reasons and comment follow.
    pub entry: &'static str,
    /// Before a test.
    pub test: &'static str,
    /// Before an alert that went on because nobody has acknowledged it.
    pub unseen: &'static str,
    /// Before an alert that went on because `{}` could not be told.
    pub unreached: &'static str,
    /// The button to acknowledge.
    pub seen: &'static str,
    /// Below an alert that `{}` has acknowledged.
    pub seen_by: &'static str,
    /// Before the low ratings of a digest: `{}` of them.
    pub digest_low: &'static str,
    /// Before those of a digest that are no longer low.
    pub digest_changed: &'static str,
    /// Before those of a digest to which their clients added something.
    pub digest_more: &'static str,
    /// After as many as a digest has room for: `{}` are left.
    pub and_more: &'static str,
}

/// The words of alerts in `language`, or in English.
pub fn words(language: &str) -> &'static AlertWords {
    let root = language.split('-').next().unwrap_or(language);
    BUILT_IN.iter().find(|words| words.language.eq_ignore_ascii_case(root)).unwrap_or(&BUILT_IN[0])
}

static BUILT_IN: [AlertWords; 5] = [
    AlertWords {
        language: "en",
        low: "Low rating #SCORE# on #LINE#\nClient: #CLIENT#\nOperator: #OPERATOR#\nReasons: #REASONS#\nComment: #COMMENT#\n\
              Session: #SESSION# (#CHANNEL#)\n#TIME#\n#LINK#",
        changed: "The client changed the rating to #SCORE#. It is no longer low.\nLine: #LINE#\nClient: #CLIENT#\nOperator: #OPERATOR#\n\
                  Session: #SESSION# (#CHANNEL#)\n#LINK#",
        more: "The client added to the low rating #SCORE# on #LINE#\nClient: #CLIENT#\nOperator: #OPERATOR#\nReasons: #REASONS#\n\
               Comment: #COMMENT#\nSession: #SESSION# (#CHANNEL#)\n#LINK#",
        entry: "#SCORE# #LINE# · #OPERATOR# · #SESSION#",
        test: "Test alert. This is what a low rating looks like:",
        unseen: "Nobody has acknowledged this yet.",
        unreached: "{} could not be told.",
        seen: "✓ Seen",
        seen_by: "✓ Seen by {}",
        digest_low: "More low ratings: {}",
        digest_changed: "No longer low: {}",
        digest_more: "Clients added to low ratings: {}",
        and_more: "… and {} more",
    },
    AlertWords {
        language: "ru",
        low: "Низкая оценка #SCORE#, линия «#LINE#»\nКлиент: #CLIENT#\nОператор: #OPERATOR#\nПричины: #REASONS#\nКомментарий: #COMMENT#\n\
              Диалог: #SESSION# (#CHANNEL#)\n#TIME#\n#LINK#",
        changed: "Клиент изменил оценку на #SCORE#. Она больше не низкая.\nЛиния: #LINE#\nКлиент: #CLIENT#\nОператор: #OPERATOR#\n\
                  Диалог: #SESSION# (#CHANNEL#)\n#LINK#",
        more: "Клиент дополнил низкую оценку #SCORE#, линия «#LINE#»\nКлиент: #CLIENT#\nОператор: #OPERATOR#\nПричины: #REASONS#\n\
               Комментарий: #COMMENT#\nДиалог: #SESSION# (#CHANNEL#)\n#LINK#",
        entry: "#SCORE# #LINE# · #OPERATOR# · #SESSION#",
        test: "Проверка. Так выглядит уведомление о низкой оценке:",
        unseen: "Это уведомление ещё никто не подтвердил.",
        unreached: "Не удалось уведомить: {}.",
        seen: "✓ Вижу",
        seen_by: "✓ Подтверждено: {}",
        digest_low: "Ещё низких оценок: {}",
        digest_changed: "Больше не низких: {}",
        digest_more: "Дополнено низких оценок: {}",
        and_more: "… и ещё {}",
    },
    AlertWords {
        language: "de",
        low: "Schlechte Bewertung #SCORE# auf #LINE#\nKunde: #CLIENT#\nAgent: #OPERATOR#\nGründe: #REASONS#\nKommentar: #COMMENT#\n\
              Gespräch: #SESSION# (#CHANNEL#)\n#TIME#\n#LINK#",
        changed: "Der Kunde hat die Bewertung auf #SCORE# geändert. Sie ist nicht mehr schlecht.\nLinie: #LINE#\nKunde: #CLIENT#\n\
                  Agent: #OPERATOR#\nGespräch: #SESSION# (#CHANNEL#)\n#LINK#",
        more: "Der Kunde hat die schlechte Bewertung #SCORE# auf #LINE# ergänzt\nKunde: #CLIENT#\nAgent: #OPERATOR#\nGründe: #REASONS#\n\
               Kommentar: #COMMENT#\nGespräch: #SESSION# (#CHANNEL#)\n#LINK#",
        entry: "#SCORE# #LINE# · #OPERATOR# · #SESSION#",
        test: "Test. So sieht die Meldung einer schlechten Bewertung aus:",
        unseen: "Das hat noch niemand bestätigt.",
        unreached: "{} war nicht zu erreichen.",
        seen: "✓ Gesehen",
        seen_by: "✓ Gesehen von {}",
        digest_low: "Weitere schlechte Bewertungen: {}",
        digest_changed: "Nicht mehr schlecht: {}",
        digest_more: "Ergänzte schlechte Bewertungen: {}",
        and_more: "… und {} weitere",
    },
    AlertWords {
        language: "es",
        low: "Valoración baja #SCORE# en #LINE#\nCliente: #CLIENT#\nAgente: #OPERATOR#\nMotivos: #REASONS#\nComentario: #COMMENT#\n\
              Conversación: #SESSION# (#CHANNEL#)\n#TIME#\n#LINK#",
        changed: "El cliente cambió la valoración a #SCORE#. Ya no es baja.\nLínea: #LINE#\nCliente: #CLIENT#\nAgente: #OPERATOR#\n\
                  Conversación: #SESSION# (#CHANNEL#)\n#LINK#",
        more: "El cliente completó la valoración baja #SCORE# en #LINE#\nCliente: #CLIENT#\nAgente: #OPERATOR#\nMotivos: #REASONS#\n\
               Comentario: #COMMENT#\nConversación: #SESSION# (#CHANNEL#)\n#LINK#",
        entry: "#SCORE# #LINE# · #OPERATOR# · #SESSION#",
        test: "Prueba. Así se ve el aviso de una valoración baja:",
        unseen: "Nadie lo ha confirmado todavía.",
        unreached: "No se pudo avisar a {}.",
        seen: "✓ Visto",
        seen_by: "✓ Visto por {}",
        digest_low: "Otras valoraciones bajas: {}",
        digest_changed: "Ya no son bajas: {}",
        digest_more: "Valoraciones bajas completadas: {}",
        and_more: "… y {} más",
    },
    AlertWords {
        language: "pt",
        low: "Avaliação baixa #SCORE# em #LINE#\nCliente: #CLIENT#\nAtendente: #OPERATOR#\nMotivos: #REASONS#\nComentário: #COMMENT#\n\
              Conversa: #SESSION# (#CHANNEL#)\n#TIME#\n#LINK#",
        changed: "O cliente mudou a avaliação para #SCORE#. Já não é baixa.\nLinha: #LINE#\nCliente: #CLIENT#\nAtendente: #OPERATOR#\n\
                  Conversa: #SESSION# (#CHANNEL#)\n#LINK#",
        more: "O cliente completou a avaliação baixa #SCORE# em #LINE#\nCliente: #CLIENT#\nAtendente: #OPERATOR#\nMotivos: #REASONS#\n\
               Comentário: #COMMENT#\nConversa: #SESSION# (#CHANNEL#)\n#LINK#",
        entry: "#SCORE# #LINE# · #OPERATOR# · #SESSION#",
        test: "Teste. É assim que se vê o alerta de uma avaliação baixa:",
        unseen: "Ninguém confirmou isto ainda.",
        unreached: "Não foi possível avisar {}.",
        seen: "✓ Visto",
        seen_by: "✓ Visto por {}",
        digest_low: "Mais avaliações baixas: {}",
        digest_changed: "Já não são baixas: {}",
        digest_more: "Avaliações baixas completadas: {}",
        and_more: "… e mais {}",
    },
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::question::macros::{ALERTED, unknown};

    #[test]
    fn every_language_fills_only_what_there_is() {
        for words in &BUILT_IN {
            for text in [words.low, words.changed, words.more, words.entry] {
                assert_eq!(unknown(text, ALERTED), None, "{}: {text}", words.language);
            }
            for text in [words.unreached, words.seen_by, words.digest_low, words.digest_changed, words.digest_more, words.and_more] {
                assert_eq!(text.matches("{}").count(), 1, "{}: {text}", words.language);
            }
        }
        assert_eq!((words("pt-BR").language, words("xx").language), ("pt", "en"));
    }
}
