//! The words of the owner's letter.

use crate::question::texts::nearest;

/// All words of one language.
#[derive(Debug)]
pub struct LetterWords {
    language: &'static str,
    /// Before decimals.
    pub point: &'static str,
    /// Behind a share.
    pub percent: &'static str,
    /// Its first line: of the day, the week, the month.
    pub title: [&'static str; 3],
    /// The score.
    pub score: &'static str,
    /// Where there is none.
    pub no_ratings: &'static str,
    /// The response rate.
    pub response: &'static str,
    /// Low ratings without a reply.
    pub unreplied: &'static str,
    /// Where there are none.
    pub all_replied: &'static str,
    /// Those that are overdue.
    pub late: &'static str,
    /// Before what changed.
    pub changed: &'static str,
    /// Where nothing did.
    pub nothing: &'static str,
    /// The score rose, or fell.
    pub score_change: [&'static str; 2],
    /// The response rate rose, or fell.
    pub response_change: [&'static str; 2],
    /// A reason is named more often, or less.
    pub reason_change: [&'static str; 2],
    /// Before the reasons.
    pub why: &'static str,
    /// Before what clients wrote.
    pub quotes: &'static str,
    /// A target is reached,
    pub reached: &'static str,
    /// missed,
    pub missed: &'static str,
    /// or nobody can tell.
    pub cannot_tell: &'static str,
}

/// The words in `language`, or in English.
pub fn words(language: &str) -> &'static LetterWords {
    let nearest = nearest(language);
    BUILT_IN.iter().find(|words| words.language.eq_ignore_ascii_case(nearest)).unwrap_or(&BUILT_IN[0])
}

static BUILT_IN: [LetterWords; 6] = [
    LetterWords {
        language: "en",
        point: ".",
        percent: "%",
        title: [
            "Your clients’ ratings of the day: {days}",
            "Your clients’ ratings of the week: {days}",
            "Your clients’ ratings of the month: {days}",
        ],
        score: "Good ratings: {share} ({part} of {of}); with so many answers anything from {low} to {high} is possible.",
        no_ratings: "No ratings.",
        response: "Answered questions: {share}",
        unreplied: "Low ratings without a reply: {n}",
        all_replied: "Every low rating has a reply.",
        late: "Overdue: {n}",
        changed: "What changed since {days}:",
        nothing: "nothing that the data can show.",
        score_change: ["Good ratings rose by {points} points.", "Good ratings fell by {points} points."],
        response_change: ["More clients answer: {points} points more.", "Fewer clients answer: {points} points less."],
        reason_change: ["“{reason}” is named more often for low ratings.", "“{reason}” is named less often for low ratings."],
        why: "Why ratings were low:",
        quotes: "In their words:",
        reached: "Goal of {line}, {percent} good: reached",
        missed: "Goal of {line}, {percent} good: missed",
        cannot_tell: "Goal of {line}, {percent} good: not yet clear",
    },
    LetterWords {
        language: "ru",
        point: ",",
        percent: "\u{a0}%",
        title: ["Оценки клиентов за день: {days}", "Оценки клиентов за неделю: {days}", "Оценки клиентов за месяц: {days}"],
        score: "Хорошие оценки: {share} ({part} из {of}); при таком числе ответов возможно всё от {low} до {high}.",
        no_ratings: "Оценок нет.",
        response: "Ответили на вопрос: {share}",
        unreplied: "Низкие оценки без ответа: {n}",
        all_replied: "На каждую низкую оценку ответили.",
        late: "Просрочено: {n}",
        changed: "Что изменилось по сравнению с {days}:",
        nothing: "ничего, что можно показать по данным.",
        score_change: ["Хороших оценок стало больше на {points} п. п.", "Хороших оценок стало меньше на {points} п. п."],
        response_change: ["Клиенты отвечают чаще: на {points} п. п.", "Клиенты отвечают реже: на {points} п. п."],
        reason_change: ["Причину «{reason}» называют чаще.", "Причину «{reason}» называют реже."],
        why: "Почему оценки низкие:",
        quotes: "Что пишут клиенты:",
        reached: "Цель линии «{line}», {percent} хороших: достигнута",
        missed: "Цель линии «{line}», {percent} хороших: не достигнута",
        cannot_tell: "Цель линии «{line}», {percent} хороших: пока неясно",
    },
    LetterWords {
        language: "de",
        point: ",",
        percent: "\u{a0}%",
        title: [
            "Die Bewertungen Ihrer Kunden an einem Tag: {days}",
            "Die Bewertungen Ihrer Kunden in einer Woche: {days}",
            "Die Bewertungen Ihrer Kunden in einem Monat: {days}",
        ],
        score: "Gute Bewertungen: {share} ({part} von {of}); bei so vielen Antworten ist alles von {low} bis {high} möglich.",
        no_ratings: "Keine Bewertungen.",
        response: "Beantwortete Fragen: {share}",
        unreplied: "Schlechte Bewertungen ohne Antwort: {n}",
        all_replied: "Jede schlechte Bewertung hat eine Antwort.",
        late: "Überfällig: {n}",
        changed: "Was sich gegenüber {days} geändert hat:",
        nothing: "nichts, was sich aus den Daten zeigen lässt.",
        score_change: ["Gute Bewertungen stiegen um {points} Punkte.", "Gute Bewertungen fielen um {points} Punkte."],
        response_change: ["Mehr Kunden antworten: {points} Punkte mehr.", "Weniger Kunden antworten: {points} Punkte weniger."],
        reason_change: ["„{reason}“ wird häufiger als Grund genannt.", "„{reason}“ wird seltener als Grund genannt."],
        why: "Warum Bewertungen schlecht waren:",
        quotes: "In den Worten der Kunden:",
        reached: "Ziel von {line}, {percent} gut: erreicht",
        missed: "Ziel von {line}, {percent} gut: verfehlt",
        cannot_tell: "Ziel von {line}, {percent} gut: noch nicht klar",
    },
    LetterWords {
        language: "es",
        point: ",",
        percent: "\u{a0}%",
        title: [
            "Las valoraciones de sus clientes del día: {days}",
            "Las valoraciones de sus clientes de la semana: {days}",
            "Las valoraciones de sus clientes del mes: {days}",
        ],
        score: "Valoraciones buenas: {share} ({part} de {of}); con tantas respuestas es posible cualquier valor de {low} a {high}.",
        no_ratings: "Sin valoraciones.",
        response: "Preguntas respondidas: {share}",
        unreplied: "Valoraciones bajas sin respuesta: {n}",
        all_replied: "Todas las valoraciones bajas tienen respuesta.",
        late: "Fuera de plazo: {n}",
        changed: "Qué ha cambiado respecto a {days}:",
        nothing: "nada que los datos permitan afirmar.",
        score_change: ["Las valoraciones buenas subieron {points} puntos.", "Las valoraciones buenas bajaron {points} puntos."],
        response_change: ["Responden más clientes: {points} puntos más.", "Responden menos clientes: {points} puntos menos."],
        reason_change: ["«{reason}» se menciona más a menudo.", "«{reason}» se menciona menos a menudo."],
        why: "Por qué fueron bajas:",
        quotes: "Con sus palabras:",
        reached: "Objetivo de {line}, {percent} buenas: alcanzado",
        missed: "Objetivo de {line}, {percent} buenas: no alcanzado",
        cannot_tell: "Objetivo de {line}, {percent} buenas: aún no está claro",
    },
    LetterWords {
        language: "pt-BR",
        point: ",",
        percent: "%",
        title: [
            "As avaliações dos seus clientes no dia: {days}",
            "As avaliações dos seus clientes na semana: {days}",
            "As avaliações dos seus clientes no mês: {days}",
        ],
        score: "Avaliações boas: {share} ({part} de {of}); com tantas respostas, qualquer valor de {low} a {high} é possível.",
        no_ratings: "Nenhuma avaliação.",
        response: "Perguntas respondidas: {share}",
        unreplied: "Avaliações baixas sem resposta: {n}",
        all_replied: "Todas as avaliações baixas têm resposta.",
        late: "Atrasadas: {n}",
        changed: "O que mudou em relação a {days}:",
        nothing: "nada que os dados possam mostrar.",
        score_change: ["As avaliações boas subiram {points} pontos.", "As avaliações boas caíram {points} pontos."],
        response_change: ["Mais clientes respondem: {points} pontos a mais.", "Menos clientes respondem: {points} pontos a menos."],
        reason_change: ["“{reason}” é citado com mais frequência.", "“{reason}” é citado com menos frequência."],
        why: "Por que as avaliações foram baixas:",
        quotes: "Nas palavras deles:",
        reached: "Meta de {line}, {percent} boas: atingida",
        missed: "Meta de {line}, {percent} boas: não atingida",
        cannot_tell: "Meta de {line}, {percent} boas: ainda não está claro",
    },
    LetterWords {
        language: "pt-PT",
        point: ",",
        percent: "%",
        title: [
            "As avaliações dos seus clientes no dia: {days}",
            "As avaliações dos seus clientes na semana: {days}",
            "As avaliações dos seus clientes no mês: {days}",
        ],
        score: "Avaliações boas: {share} ({part} em {of}); com tantas respostas, é possível qualquer valor de {low} a {high}.",
        no_ratings: "Nenhuma avaliação.",
        response: "Perguntas respondidas: {share}",
        unreplied: "Avaliações baixas sem resposta: {n}",
        all_replied: "Todas as avaliações baixas têm resposta.",
        late: "Atrasadas: {n}",
        changed: "O que mudou em relação a {days}:",
        nothing: "nada que os dados permitam mostrar.",
        score_change: ["As avaliações boas subiram {points} pontos.", "As avaliações boas desceram {points} pontos."],
        response_change: ["Respondem mais clientes: mais {points} pontos.", "Respondem menos clientes: menos {points} pontos."],
        reason_change: ["“{reason}” é referido mais vezes.", "“{reason}” é referido menos vezes."],
        why: "Porque foram baixas as avaliações:",
        quotes: "Nas palavras deles:",
        reached: "Objetivo de {line}, {percent} boas: atingido",
        missed: "Objetivo de {line}, {percent} boas: não atingido",
        cannot_tell: "Objetivo de {line}, {percent} boas: ainda não está claro",
    },
];
