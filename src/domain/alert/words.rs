//! Built-in texts of alerts, in the recipient's language if available.

use lastword_language::nearest;

/// All texts of one language.
#[derive(Debug)]
pub struct AlertWords {
    language: &'static str,
    /// A low rating, with placeholders: for lines without a text of their own.
    pub low: &'static str,
    /// A rating is no longer low; with placeholders.
    pub changed: &'static str,
    /// The client added something to a low rating; with placeholders.
    pub more: &'static str,
    /// No reply to a low rating in time; with placeholders.
    pub late: &'static str,
    /// Browser title of a low rating, with placeholders.
    pub push_low: &'static str,
    /// Browser title of a low rating without a reply in time, with placeholders.
    pub push_late: &'static str,
    /// Browser title of many low ratings: `{}` of them wait.
    pub push_many: &'static str,
    /// Praise for the operator, with placeholders. It does not name the client.
    pub praise: &'static str,
    /// Replaces praise that was withdrawn, or whose comment was erased.
    pub praise_over: &'static str,
    /// Replaces a comment that the client deleted.
    pub comment_deleted: &'static str,
    /// One entry of a digest, with placeholders; reasons and comment follow.
    pub entry: &'static str,
    /// Before a test.
    pub test: &'static str,
    /// Before an escalated alert that was not acknowledged.
    pub unseen: &'static str,
    /// Before an alert that was passed on because `{}` could not be reached.
    pub unreached: &'static str,
    /// The label of the link to the page of what an alert is about.
    pub open: &'static str,
    /// Button to acknowledge.
    pub seen: &'static str,
    /// Below an alert that `{}` acknowledged.
    pub seen_by: &'static str,
    /// Before the low ratings of a digest: `{}` of them.
    pub digest_low: &'static str,
    /// Before the entries of a digest that are no longer low.
    pub digest_changed: &'static str,
    /// Before the entries of a digest to which clients added something.
    pub digest_more: &'static str,
    /// Before the entries of a digest without a reply in time.
    pub digest_late: &'static str,
    /// Before the praise of a digest.
    pub digest_praise: &'static str,
    /// After the entries that fit in a digest: `{}` more.
    pub and_more: &'static str,
}

/// The texts in `language`, or in English.
pub fn words(language: &str) -> &'static AlertWords {
    let nearest = nearest(language);
    BUILT_IN.iter().find(|words| words.language.eq_ignore_ascii_case(&nearest)).unwrap_or(&BUILT_IN[0])
}

static BUILT_IN: [AlertWords; 6] = [
    AlertWords {
        language: "en",
        low: "Low rating #SCORE# on #LINE#\nClient: #CLIENT#\nOperator: #OPERATOR#\nReasons: #REASONS#\nComment: #COMMENT#\n\
              Chat: #SESSION# (#CHANNEL#)\n#TIME#\n#LINK#",
        changed: "The client changed the rating to #SCORE#. It is no longer low.\nLine: #LINE#\nClient: #CLIENT#\nOperator: #OPERATOR#\n\
                  Chat: #SESSION# (#CHANNEL#)\n#LINK#",
        more: "The client added details to the low rating #SCORE# on #LINE#\nClient: #CLIENT#\nOperator: #OPERATOR#\nReasons: #REASONS#\n\
               Comment: #COMMENT#\nChat: #SESSION# (#CHANNEL#)\n#LINK#",
        late: "Nobody has replied in time to the low rating #SCORE# on #LINE#\nClient: #CLIENT#\nOperator: #OPERATOR#\nReasons: #REASONS#\n\
               Comment: #COMMENT#\nChat: #SESSION# (#CHANNEL#)\n#LINK#",
        push_low: "Low rating #SCORE# on #LINE#",
        push_late: "No reply in time: #SCORE# on #LINE#",
        push_many: "Low ratings waiting: {}",
        praise: "Praise for you: #SCORE# on #LINE#\n“#COMMENT#”",
        praise_over: "This praise is no longer there: the client took it back, or it was erased.",
        comment_deleted: "deleted by the client",
        entry: "#SCORE# #LINE# · #OPERATOR# · #SESSION#",
        test: "Test alert. This is what a low rating looks like:",
        unseen: "Nobody has marked this as seen yet.",
        unreached: "{} could not be reached.",
        open: "Open",
        seen: "✓ Seen",
        seen_by: "✓ Seen by {}",
        digest_low: "More low ratings: {}",
        digest_changed: "No longer low: {}",
        digest_more: "Clients added details to low ratings: {}",
        digest_late: "Low ratings without a reply in time: {}",
        digest_praise: "Praise for you: {}",
        and_more: "… and {} more",
    },
    AlertWords {
        language: "ru",
        low: "Низкая оценка #SCORE#, линия «#LINE#»\nКлиент: #CLIENT#\nОператор: #OPERATOR#\nПричины: #REASONS#\nКомментарий: #COMMENT#\n\
              Сессия: #SESSION# (#CHANNEL#)\n#TIME#\n#LINK#",
        changed: "Клиент изменил оценку на #SCORE#. Она больше не низкая.\nЛиния: #LINE#\nКлиент: #CLIENT#\nОператор: #OPERATOR#\n\
                  Сессия: #SESSION# (#CHANNEL#)\n#LINK#",
        more: "Клиент дополнил низкую оценку #SCORE#, линия «#LINE#»\nКлиент: #CLIENT#\nОператор: #OPERATOR#\nПричины: #REASONS#\n\
               Комментарий: #COMMENT#\nСессия: #SESSION# (#CHANNEL#)\n#LINK#",
        late: "На низкую оценку #SCORE# не ответили в срок, линия «#LINE#»\nКлиент: #CLIENT#\nОператор: #OPERATOR#\nПричины: #REASONS#\n\
               Комментарий: #COMMENT#\nСессия: #SESSION# (#CHANNEL#)\n#LINK#",
        push_low: "Низкая оценка #SCORE#, линия «#LINE#»",
        push_late: "Нет ответа в срок: #SCORE#, линия «#LINE#»",
        push_many: "Низких оценок ждут внимания: {}",
        praise: "Вас похвалили: #SCORE#, линия «#LINE#»\n«#COMMENT#»",
        praise_over: "Этой похвалы больше нет: клиент передумал, или её удалили.",
        comment_deleted: "удалён клиентом",
        entry: "#SCORE# #LINE# · #OPERATOR# · #SESSION#",
        test: "Тестовое оповещение. Так выглядит низкая оценка:",
        unseen: "Это оповещение ещё никто не просмотрел.",
        unreached: "Не удалось оповестить: {}.",
        open: "Открыть",
        seen: "✓ Вижу",
        seen_by: "✓ Просмотрено: {}",
        digest_low: "Ещё низких оценок: {}",
        digest_changed: "Больше не низкие: {}",
        digest_more: "Клиенты дополнили низкие оценки: {}",
        digest_late: "Низкие оценки, на которые не ответили в срок: {}",
        digest_praise: "Вас похвалили: {}",
        and_more: "… и ещё {}",
    },
    AlertWords {
        language: "de",
        low: "Schlechte Bewertung #SCORE# auf #LINE#\nKunde: #CLIENT#\nMitarbeiter: #OPERATOR#\nGründe: #REASONS#\nKommentar: #COMMENT#\n\
              Sitzung: #SESSION# (#CHANNEL#)\n#TIME#\n#LINK#",
        changed: "Der Kunde hat die Bewertung auf #SCORE# geändert. Sie ist nicht mehr schlecht.\nLinie: #LINE#\nKunde: #CLIENT#\n\
                  Mitarbeiter: #OPERATOR#\nSitzung: #SESSION# (#CHANNEL#)\n#LINK#",
        more: "Der Kunde hat die schlechte Bewertung #SCORE# auf #LINE# ergänzt\nKunde: #CLIENT#\nMitarbeiter: #OPERATOR#\n\
               Gründe: #REASONS#\nKommentar: #COMMENT#\nSitzung: #SESSION# (#CHANNEL#)\n#LINK#",
        late: "Auf die schlechte Bewertung #SCORE# auf #LINE# hat niemand rechtzeitig geantwortet\nKunde: #CLIENT#\nMitarbeiter: #OPERATOR#\n\
               Gründe: #REASONS#\nKommentar: #COMMENT#\nSitzung: #SESSION# (#CHANNEL#)\n#LINK#",
        push_low: "Schlechte Bewertung #SCORE# auf #LINE#",
        push_late: "Keine rechtzeitige Antwort: #SCORE# auf #LINE#",
        push_many: "Wartende schlechte Bewertungen: {}",
        praise: "Ein Lob für Sie: #SCORE# auf #LINE#\n„#COMMENT#“",
        praise_over: "Dieses Lob gibt es nicht mehr: Der Kunde hat es zurückgenommen, oder es wurde gelöscht.",
        comment_deleted: "vom Kunden gelöscht",
        entry: "#SCORE# #LINE# · #OPERATOR# · #SESSION#",
        test: "Test. So sieht die Benachrichtigung bei einer schlechten Bewertung aus:",
        unseen: "Das hat noch niemand bestätigt.",
        unreached: "{} war nicht zu erreichen.",
        open: "Öffnen",
        seen: "✓ Gesehen",
        seen_by: "✓ Gesehen von {}",
        digest_low: "Weitere schlechte Bewertungen: {}",
        digest_changed: "Nicht mehr schlecht: {}",
        digest_more: "Ergänzte schlechte Bewertungen: {}",
        digest_late: "Schlechte Bewertungen ohne rechtzeitige Antwort: {}",
        digest_praise: "Lob für Sie: {}",
        and_more: "… und {} weitere",
    },
    AlertWords {
        language: "es",
        low: "Valoración baja #SCORE# en #LINE#\nCliente: #CLIENT#\nAgente: #OPERATOR#\nMotivos: #REASONS#\nComentario: #COMMENT#\n\
              Conversación: #SESSION# (#CHANNEL#)\n#TIME#\n#LINK#",
        changed: "El cliente cambió la valoración a #SCORE#. Ya no es baja.\nLínea: #LINE#\nCliente: #CLIENT#\nAgente: #OPERATOR#\n\
                  Conversación: #SESSION# (#CHANNEL#)\n#LINK#",
        more: "El cliente añadió algo a la valoración baja #SCORE# en #LINE#\nCliente: #CLIENT#\nAgente: #OPERATOR#\nMotivos: #REASONS#\n\
               Comentario: #COMMENT#\nConversación: #SESSION# (#CHANNEL#)\n#LINK#",
        late: "Nadie respondió a tiempo a la valoración baja #SCORE# en #LINE#\nCliente: #CLIENT#\nAgente: #OPERATOR#\nMotivos: #REASONS#\n\
               Comentario: #COMMENT#\nConversación: #SESSION# (#CHANNEL#)\n#LINK#",
        push_low: "Valoración baja #SCORE# en #LINE#",
        push_late: "Sin respuesta a tiempo: #SCORE# en #LINE#",
        push_many: "Valoraciones bajas pendientes: {}",
        praise: "Un elogio para usted: #SCORE# en #LINE#\n«#COMMENT#»",
        praise_over: "Este elogio ya no está: el cliente lo retiró o se borró.",
        comment_deleted: "eliminado por el cliente",
        entry: "#SCORE# #LINE# · #OPERATOR# · #SESSION#",
        test: "Alerta de prueba. Así se ve una valoración baja:",
        unseen: "Nadie la ha confirmado todavía.",
        unreached: "No se pudo alertar a {}.",
        open: "Abrir",
        seen: "✓ Vista",
        seen_by: "✓ Vista por {}",
        digest_low: "Más valoraciones bajas: {}",
        digest_changed: "Ya no son bajas: {}",
        digest_more: "Valoraciones bajas con algo añadido: {}",
        digest_late: "Valoraciones bajas sin respuesta a tiempo: {}",
        digest_praise: "Elogios para usted: {}",
        and_more: "… y {} más",
    },
    AlertWords {
        language: "pt-BR",
        low: "Avaliação baixa #SCORE# em #LINE#\nCliente: #CLIENT#\nAtendente: #OPERATOR#\nMotivos: #REASONS#\nComentário: #COMMENT#\n\
              Sessão: #SESSION# (#CHANNEL#)\n#TIME#\n#LINK#",
        changed: "O cliente mudou a avaliação para #SCORE#. Ela não é mais baixa.\nLinha: #LINE#\nCliente: #CLIENT#\n\
                  Atendente: #OPERATOR#\nSessão: #SESSION# (#CHANNEL#)\n#LINK#",
        more: "O cliente complementou a avaliação baixa #SCORE# em #LINE#\nCliente: #CLIENT#\nAtendente: #OPERATOR#\n\
               Motivos: #REASONS#\nComentário: #COMMENT#\nSessão: #SESSION# (#CHANNEL#)\n#LINK#",
        late: "Ninguém respondeu a tempo à avaliação baixa #SCORE# em #LINE#\nCliente: #CLIENT#\nAtendente: #OPERATOR#\nMotivos: #REASONS#\n\
               Comentário: #COMMENT#\nSessão: #SESSION# (#CHANNEL#)\n#LINK#",
        push_low: "Avaliação baixa #SCORE# em #LINE#",
        push_late: "Sem resposta no prazo: #SCORE# em #LINE#",
        push_many: "Avaliações baixas aguardando: {}",
        praise: "Um elogio para você: #SCORE# em #LINE#\n“#COMMENT#”",
        praise_over: "Este elogio não existe mais: o cliente o retirou ou ele foi apagado.",
        comment_deleted: "apagado pelo cliente",
        entry: "#SCORE# #LINE# · #OPERATOR# · #SESSION#",
        test: "Alerta de teste. Uma avaliação baixa aparece assim:",
        unseen: "Ninguém confirmou este alerta ainda.",
        unreached: "Não foi possível avisar {}.",
        open: "Abrir",
        seen: "✓ Visto",
        seen_by: "✓ Visto por {}",
        digest_low: "Mais avaliações baixas: {}",
        digest_changed: "Não são mais baixas: {}",
        digest_more: "Avaliações baixas complementadas: {}",
        digest_late: "Avaliações baixas sem resposta a tempo: {}",
        digest_praise: "Elogios para você: {}",
        and_more: "… e mais {}",
    },
    AlertWords {
        language: "pt-PT",
        low: "Avaliação baixa #SCORE# em #LINE#\nCliente: #CLIENT#\nOperador: #OPERATOR#\nMotivos: #REASONS#\nComentário: #COMMENT#\n\
              Sessão: #SESSION# (#CHANNEL#)\n#TIME#\n#LINK#",
        changed: "O cliente mudou a avaliação para #SCORE#. Já não é baixa.\nLinha: #LINE#\nCliente: #CLIENT#\n\
                  Operador: #OPERATOR#\nSessão: #SESSION# (#CHANNEL#)\n#LINK#",
        more: "O cliente completou a avaliação baixa #SCORE# em #LINE#\nCliente: #CLIENT#\nOperador: #OPERATOR#\n\
               Motivos: #REASONS#\nComentário: #COMMENT#\nSessão: #SESSION# (#CHANNEL#)\n#LINK#",
        late: "Ninguém respondeu a tempo à avaliação baixa #SCORE# em #LINE#\nCliente: #CLIENT#\nOperador: #OPERATOR#\nMotivos: #REASONS#\n\
               Comentário: #COMMENT#\nSessão: #SESSION# (#CHANNEL#)\n#LINK#",
        push_low: "Avaliação baixa #SCORE# em #LINE#",
        push_late: "Sem resposta no prazo: #SCORE# em #LINE#",
        push_many: "Avaliações baixas à espera: {}",
        praise: "Um elogio para si: #SCORE# em #LINE#\n“#COMMENT#”",
        praise_over: "Este elogio já não existe: o cliente retirou-o ou foi apagado.",
        comment_deleted: "apagado pelo cliente",
        entry: "#SCORE# #LINE# · #OPERATOR# · #SESSION#",
        test: "Alerta de teste. É assim que aparece uma avaliação baixa:",
        unseen: "Ainda ninguém confirmou este alerta.",
        unreached: "Não foi possível avisar {}.",
        open: "Abrir",
        seen: "✓ Visto",
        seen_by: "✓ Visto por {}",
        digest_low: "Mais avaliações baixas: {}",
        digest_changed: "Já não são baixas: {}",
        digest_more: "Avaliações baixas completadas: {}",
        digest_late: "Avaliações baixas a que ninguém respondeu a tempo: {}",
        digest_praise: "Elogios para si: {}",
        and_more: "… e mais {}",
    },
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::line::macros::{ALERTED, unknown};

    #[test]
    fn every_language_fills_only_what_there_is() {
        for words in &BUILT_IN {
            for text in [words.low, words.changed, words.more, words.late, words.push_low, words.push_late, words.praise, words.entry] {
                assert_eq!(unknown(text, ALERTED), None, "{}: {text}", words.language);
            }
            for text in [
                words.unreached,
                words.seen_by,
                words.digest_low,
                words.digest_changed,
                words.digest_more,
                words.digest_late,
                words.digest_praise,
                words.and_more,
            ] {
                assert_eq!(text.matches("{}").count(), 1, "{}: {text}", words.language);
            }
        }
        assert_eq!(["de_AT", "pt", "pt-BR", "pt-PT", "xx"].map(|tag| words(tag).language), ["de", "pt-BR", "pt-BR", "pt-PT", "en"]);
    }
}
