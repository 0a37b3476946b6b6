//! Messages about the start and the end of an alarm.

use super::watch::{FALSE_A_YEAR, Watched};
use crate::channel_brand::channel_brand;
use lastword_language::nearest;

/// Content of the message about an alarm.
#[derive(Clone, Copy, Debug)]
pub struct AlarmFacts<'a> {
    /// The reader's language.
    pub language: &'a str,
    /// The line's name.
    pub line: &'a str,
    /// The kind of channel; empty if it is unknown.
    pub channel: &'a str,
    /// The watched share.
    pub kind: Watched,
    /// The alarm is over.
    pub cleared: bool,
    /// Start of the fall; for an alarm that is over, when it was raised.
    pub since: &'a str,
    /// Bad cases since then.
    pub bad: i64,
    /// All cases since then.
    pub cases: i64,
    /// The normal share, in millionths.
    pub usual: i64,
}

/// Texts of one language: for score, response and delivery each the event with its figures, and its end; and what the alarm
/// promises.
struct AlarmWords {
    fell: [&'static str; 3],
    figures: [&'static str; 3],
    cleared: [&'static str; 3],
    raised: &'static str,
    promise: &'static str,
    /// The web chat, and mail.
    channels: [&'static str; 2],
}

impl AlarmWords {
    /// Name of a kind of channel.
    fn channel<'a>(&self, kind: &'a str) -> &'a str {
        match kind {
            "webchat" => self.channels[0],
            "email" => self.channels[1],
            other => channel_brand(other).unwrap_or(other),
        }
    }
}

/// The message, in the reader's language or in English.
pub fn alarm_text(said: &AlarmFacts<'_>) -> String {
    let nearest = nearest(said.language).to_ascii_lowercase();
    let words = match nearest.as_str() {
        "ru" => &RUSSIAN,
        "de" => &GERMAN,
        "es" => &SPANISH,
        "pt-br" => &BRAZILIAN,
        "pt-pt" => &PORTUGUESE,
        _ => &ENGLISH,
    };
    let place = if said.channel.is_empty() { said.line.to_owned() } else { format!("{} ({})", said.line, words.channel(said.channel)) };
    let at = match said.kind {
        Watched::Score => 0,
        Watched::Response => 1,
        Watched::Delivery => 2,
    };
    let fill = |text: &str| {
        text.replace("{place}", &place)
            .replace("{since}", said.since)
            .replace("{bad}", &said.bad.to_string())
            .replace("{cases}", &said.cases.to_string())
            .replace("{usual}", &percent(&nearest, said.usual))
            .replace("{a_year}", &FALSE_A_YEAR.to_string())
    };
    let lines = if said.cleared { [words.cleared[at], words.raised, ""] } else { [words.fell[at], words.figures[at], words.promise] };
    lines.into_iter().filter(|line| !line.is_empty()).map(fill).collect::<Vec<_>>().join("\n")
}

fn percent(language: &str, millionths: i64) -> String {
    let number = format!("{:.1}", millionths as f64 / 10_000.0);
    match language {
        "ru" | "de" | "es" => format!("{}\u{a0}%", number.replace('.', ",")),
        "pt-br" | "pt-pt" => format!("{}%", number.replace('.', ",")),
        _ => format!("{number}%"),
    }
}

static ENGLISH: AlarmWords = AlarmWords {
    fell: [
        "⚠ More low ratings than usual: {place}",
        "⚠ Fewer clients answer than usual: {place}",
        "⚠ More questions than usual do not arrive: {place}",
    ],
    figures: [
        "Since {since}, {bad} of {cases} ratings are low. Up to {usual} is usual.",
        "Since {since}, {bad} of {cases} questions got no answer. Up to {usual} is usual.",
        "Since {since}, {bad} of {cases} questions did not arrive. Up to {usual} is usual.",
    ],
    cleared: [
        "✓ All clear: low ratings are as rare as usual again: {place}",
        "✓ All clear: clients answer as often as usual again: {place}",
        "✓ All clear: questions arrive as usual again: {place}",
    ],
    raised: "The trend alarm was raised on {since}.",
    promise: "If nothing had changed, chance alone would raise about {a_year} trend alarms a year, over everything that is watched.",
    channels: ["web chat", "email"],
};

static RUSSIAN: AlarmWords = AlarmWords {
    fell: [
        "⚠ Низких оценок больше обычного: {place}",
        "⚠ Клиенты отвечают реже обычного: {place}",
        "⚠ Вопросы не доходят чаще обычного: {place}",
    ],
    figures: [
        "С {since}: низких оценок {bad} из {cases}. Обычно — не больше {usual}.",
        "С {since}: без ответа {bad} из {cases} вопросов. Обычно — не больше {usual}.",
        "С {since}: не дошло {bad} из {cases} вопросов. Обычно — не больше {usual}.",
    ],
    cleared: [
        "✓ Отбой: низких оценок снова не больше обычного: {place}",
        "✓ Отбой: клиенты снова отвечают как обычно: {place}",
        "✓ Отбой: вопросы снова доходят как обычно: {place}",
    ],
    raised: "Тревога была поднята {since}.",
    promise: "Если бы ничего не изменилось, по чистой случайности было бы около {a_year} тревог в год — по всему, за чем идёт наблюдение.",
    channels: ["чат на сайте", "почта"],
};

static GERMAN: AlarmWords = AlarmWords {
    fell: [
        "⚠ Mehr schlechte Bewertungen als üblich: {place}",
        "⚠ Weniger Kunden antworten als üblich: {place}",
        "⚠ Mehr Fragen als üblich kommen nicht an: {place}",
    ],
    figures: [
        "Seit {since} sind {bad} von {cases} Bewertungen schlecht. Üblich sind höchstens {usual}.",
        "Seit {since} blieben {bad} von {cases} Fragen ohne Antwort. Üblich sind höchstens {usual}.",
        "Seit {since} kamen {bad} von {cases} Fragen nicht an. Üblich sind höchstens {usual}.",
    ],
    cleared: [
        "✓ Entwarnung: schlechte Bewertungen sind wieder so selten wie üblich: {place}",
        "✓ Entwarnung: Kunden antworten wieder so oft wie üblich: {place}",
        "✓ Entwarnung: Fragen kommen wieder an wie üblich: {place}",
    ],
    raised: "Der Trendalarm kam am {since}.",
    promise: "Hätte sich nichts geändert, gäbe es durch bloßen Zufall etwa {a_year} Trendalarme im Jahr, über alles Beobachtete zusammen.",
    channels: ["Webchat", "E-Mail"],
};

static SPANISH: AlarmWords = AlarmWords {
    fell: [
        "⚠ Más valoraciones bajas de lo habitual: {place}",
        "⚠ Responden menos clientes de lo habitual: {place}",
        "⚠ No llegan más preguntas de lo habitual: {place}",
    ],
    figures: [
        "Desde {since}, {bad} de {cases} valoraciones son bajas. Lo habitual es hasta un {usual}.",
        "Desde {since}, {bad} de {cases} preguntas quedaron sin respuesta. Lo habitual es hasta un {usual}.",
        "Desde {since}, {bad} de {cases} preguntas no llegaron. Lo habitual es hasta un {usual}.",
    ],
    cleared: [
        "✓ Fin de la alarma: las valoraciones bajas vuelven a ser las habituales: {place}",
        "✓ Fin de la alarma: los clientes vuelven a responder como siempre: {place}",
        "✓ Fin de la alarma: las preguntas vuelven a llegar como siempre: {place}",
    ],
    raised: "La alarma saltó el {since}.",
    promise: "Si nada hubiera cambiado, el azar por sí solo haría saltar unas {a_year} alarmas al año, entre todo lo que se vigila.",
    channels: ["chat web", "correo"],
};

static BRAZILIAN: AlarmWords = AlarmWords {
    fell: [
        "⚠ Mais avaliações baixas do que o normal: {place}",
        "⚠ Menos clientes respondem do que o normal: {place}",
        "⚠ Mais perguntas do que o normal não chegam: {place}",
    ],
    figures: [
        "Desde {since}, {bad} de {cases} avaliações são baixas. O normal é até {usual}.",
        "Desde {since}, {bad} de {cases} perguntas ficaram sem resposta. O normal é até {usual}.",
        "Desde {since}, {bad} de {cases} perguntas não chegaram. O normal é até {usual}.",
    ],
    cleared: [
        "✓ Fim do alarme: as avaliações baixas voltaram ao normal: {place}",
        "✓ Fim do alarme: os clientes voltaram a responder como de costume: {place}",
        "✓ Fim do alarme: as perguntas voltaram a chegar como de costume: {place}",
    ],
    raised: "O alarme disparou em {since}.",
    promise: "Se nada tivesse mudado, o acaso sozinho dispararia cerca de {a_year} alarmes por ano, somando tudo o que é monitorado.",
    channels: ["chat web", "e-mail"],
};

static PORTUGUESE: AlarmWords = AlarmWords {
    fell: [
        "⚠ Mais avaliações baixas do que o habitual: {place}",
        "⚠ Respondem menos clientes do que o habitual: {place}",
        "⚠ Há mais perguntas do que o habitual que não chegam: {place}",
    ],
    figures: [
        "Desde {since}, {bad} de {cases} avaliações são baixas. O habitual é até {usual}.",
        "Desde {since}, {bad} de {cases} perguntas ficaram sem resposta. O habitual é até {usual}.",
        "Desde {since}, {bad} de {cases} perguntas não chegaram. O habitual é até {usual}.",
    ],
    cleared: [
        "✓ Fim do alarme: as avaliações baixas voltaram ao habitual: {place}",
        "✓ Fim do alarme: os clientes voltaram a responder como é habitual: {place}",
        "✓ Fim do alarme: as perguntas voltaram a chegar como é habitual: {place}",
    ],
    raised: "O alarme disparou em {since}.",
    promise: "Se nada tivesse mudado, só por acaso disparariam cerca de {a_year} alarmes por ano, somando tudo o que é vigiado.",
    channels: ["chat web", "e-mail"],
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_language_says_all_of_it_in_words_of_its_own() {
        for kind in Watched::ALL {
            for cleared in [false, true] {
                let said = |language| {
                    let (line, channel, since) = ("Shop", "telegram", "2026-11-22 10:00");
                    alarm_text(&AlarmFacts { language, line, channel, kind, cleared, since, bad: 14, cases: 45, usual: 83_000 })
                };
                let all = ["en", "ru", "de-AT", "es", "pt_BR", "pt-PT"].map(said);
                for text in &all {
                    assert!(text.contains("Shop (Telegram)") && text.contains("2026-11-22") && !text.contains('{'), "{text}");
                    assert!(cleared || ["14", "45", "8", "12"].iter().all(|figure| text.contains(figure)), "{text}");
                }
                assert_eq!(all.iter().collect::<std::collections::BTreeSet<_>>().len(), all.len());
                assert_eq!(said("xx"), all[0]);
            }
        }
        let facts = AlarmFacts {
            language: "ru",
            line: "Shop",
            channel: "webchat",
            kind: Watched::Score,
            cleared: false,
            since: "",
            bad: 1,
            cases: 2,
            usual: 3,
        };
        assert!(alarm_text(&facts).contains("Shop (чат на сайте)"), "a channel is named as on the pages");
    }
}
