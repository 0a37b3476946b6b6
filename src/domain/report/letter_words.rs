//! Texts of the owner's letter.

use lastword_language::nearest;

/// All texts of one language.
#[derive(Debug)]
pub struct LetterWords {
    /// Tag of the language.
    pub language: &'static str,
    /// Decimal separator.
    pub point: &'static str,
    /// Text after a share.
    pub percent: &'static str,
    /// Its first line: for the day, the week, the month.
    pub title: [&'static str; 3],
    /// The interval of a figure, with its level in percent.
    pub interval: &'static str,
    /// Replaces the interval if there are too few answers.
    pub no_interval: &'static str,
    /// The score.
    pub score: &'static str,
    /// The scores that are good.
    pub good: &'static str,
    /// Replaces the score if there are no ratings.
    pub no_ratings: &'static str,
    /// The response rate.
    pub response: &'static str,
    /// Questions that the response rate does not include yet.
    pub open: &'static str,
    /// Low ratings without a reply.
    pub unreplied: &'static str,
    /// If there are none.
    pub all_replied: &'static str,
    /// If there are no low ratings.
    pub no_low: &'static str,
    /// Overdue ones.
    pub late: &'static str,
    /// Before the changes.
    pub changed: &'static str,
    /// If there are no changes.
    pub nothing: &'static str,
    /// The compared shares of a change.
    pub compared: &'static str,
    /// Effect of a different mix on the score.
    pub mix: &'static str,
    /// If scales differ.
    pub scale: &'static str,
    /// If definitions of good differ.
    pub rule: &'static str,
    /// If other scores counted as low before.
    pub reasons_rule: &'static str,
    /// Before the reasons.
    pub why: &'static str,
    /// Before the quoted comments.
    pub quotes: &'static str,
    /// A share with its counts.
    pub of: &'static str,
    /// Result of a line with a target.
    pub goal: &'static str,
    /// Result of a line without ratings.
    pub goal_none: &'static str,
    /// The same if the definition of good changed in these days.
    pub goal_redefined: &'static str,
    /// The score rose, or fell.
    pub score_change: [&'static str; 2],
    /// The response rate rose, or fell.
    pub response_change: [&'static str; 2],
    /// The share of delivered questions rose, or fell.
    pub delivery_change: [&'static str; 2],
    /// A reason is named more often, or less often.
    pub reason_change: [&'static str; 2],
    /// A target is reached, missed, or not yet clear.
    pub verdicts: [&'static str; 3],
}

/// The texts in `language`, or in English.
pub fn words(language: &str) -> &'static LetterWords {
    let nearest = nearest(language);
    BUILT_IN.iter().find(|words| words.language.eq_ignore_ascii_case(&nearest)).unwrap_or(&BUILT_IN[0])
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
        interval: "{level}% interval {low} to {high}",
        no_interval: "too few answers for an interval",
        score: "Good ratings: {share} ({part} of {of}); {interval}.",
        good: "Good means {rules}.",
        no_ratings: "No ratings.",
        response: "Answered questions: {share} ({part} of {of} whose time is over); {interval}.",
        open: "Questions whose time is not over: {n}",
        unreplied: "Low ratings without a reply: {n} of {of}",
        all_replied: "Every low rating has a reply: {n} of {n}.",
        no_low: "No low ratings.",
        late: "Overdue: {n}",
        changed: "What changed since {days}:",
        nothing: "nothing that the data can show (clients now: {now}, then: {before}).",
        compared: "{now} of clients now, {before} then; {interval}",
        mix: "A different mix of lines, channels and scales makes {points} points of the plain difference in good ratings.",
        scale: "Not all clients rated on the same scale in both periods. Thumbs and stars are not compared.",
        rule: "Scores of lines whose definition of good changed are not compared.",
        reasons_rule: "Reasons of lines where other scores counted as low before are not compared.",
        why: "Why ratings were low:",
        quotes: "In their words:",
        of: "{share} ({part} of {of})",
        goal: "Target of {line}, {percent} good: {verdict}. {share}; {interval}.",
        goal_none: "Target of {line}, {percent} good: no ratings whose question is over.",
        goal_redefined: "Target of {line}, {percent} good: no verdict, because the scale or the definition of good changed in these days.",
        score_change: ["Good ratings rose by {points} points", "Good ratings fell by {points} points"],
        response_change: ["More clients answer: {points} points more", "Fewer clients answer: {points} points less"],
        delivery_change: ["More questions arrive: {points} points more", "Fewer questions arrive: {points} points less"],
        reason_change: [
            "“{reason}” is named more often for low ratings, by {points} points",
            "“{reason}” is named less often for low ratings, by {points} points",
        ],
        verdicts: ["reached", "missed", "not yet clear"],
    },
    LetterWords {
        language: "ru",
        point: ",",
        percent: "\u{a0}%",
        title: ["Оценки клиентов за день: {days}", "Оценки клиентов за неделю: {days}", "Оценки клиентов за месяц: {days}"],
        interval: "{level}-процентный интервал от {low} до {high}",
        no_interval: "для интервала ответов мало",
        score: "Хорошие оценки: {share} ({part} из {of}); {interval}.",
        good: "Хорошая оценка — это {rules}.",
        no_ratings: "Оценок нет.",
        response: "Ответили на вопрос: {share} ({part} из {of}, срок ответа истёк); {interval}.",
        open: "Вопросы, срок ответа на которые не истёк: {n}",
        unreplied: "Низкие оценки без ответа: {n} из {of}",
        all_replied: "На каждую низкую оценку ответили: {n} из {n}.",
        no_low: "Низких оценок нет.",
        late: "Просрочено: {n}",
        changed: "Что изменилось по сравнению с {days}:",
        nothing: "ничего, что можно показать по данным (клиентов сейчас: {now}, тогда: {before}).",
        compared: "клиенты сейчас: {now}, тогда: {before}; {interval}",
        mix: "Другое соотношение линий, каналов и шкал даёт {points} п. п. простой разницы хороших оценок.",
        scale: "Не все клиенты оценивали в обоих периодах по одной шкале. Лайки и звёзды не сравниваются.",
        rule: "Оценки линий, где изменилось определение хорошей оценки, не сравниваются.",
        reasons_rule: "Причины с линий, где раньше низкими считались другие оценки, не сравниваются.",
        why: "Почему оценки низкие:",
        quotes: "Что пишут клиенты:",
        of: "{share} ({part} из {of})",
        goal: "Цель линии «{line}», {percent} хороших: {verdict}. {share}; {interval}.",
        goal_none: "Цель линии «{line}», {percent} хороших: нет оценок, срок ответа на которые истёк.",
        goal_redefined: "Цель линии «{line}», {percent} хороших: вывода нет, потому что в эти дни изменилась шкала или определение хорошей оценки.",
        score_change: ["Хороших оценок стало больше на {points} п. п.", "Хороших оценок стало меньше на {points} п. п."],
        response_change: ["Клиенты отвечают чаще: на {points} п. п.", "Клиенты отвечают реже: на {points} п. п."],
        delivery_change: ["Вопросов доставлено больше: на {points} п. п.", "Вопросов доставлено меньше: на {points} п. п."],
        reason_change: ["Причину «{reason}» называют чаще: на {points} п. п.", "Причину «{reason}» называют реже: на {points} п. п."],
        verdicts: ["достигнута", "не достигнута", "пока неясно"],
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
        interval: "{level}-%-Intervall {low} bis {high}",
        no_interval: "zu wenige Antworten für ein Intervall",
        score: "Gute Bewertungen: {share} ({part} von {of}); {interval}.",
        good: "Gut heißt {rules}.",
        no_ratings: "Keine Bewertungen.",
        response: "Beantwortete Fragen: {share} ({part} von {of}, deren Zeit vorbei ist); {interval}.",
        open: "Fragen, deren Zeit nicht vorbei ist: {n}",
        unreplied: "Schlechte Bewertungen ohne Antwort: {n} von {of}",
        all_replied: "Jede schlechte Bewertung hat eine Antwort: {n} von {n}.",
        no_low: "Keine schlechten Bewertungen.",
        late: "Überfällig: {n}",
        changed: "Was sich gegenüber {days} geändert hat:",
        nothing: "nichts, was sich aus den Daten zeigen lässt (Kunden jetzt: {now}, damals: {before}).",
        compared: "Kunden jetzt: {now}, damals: {before}; {interval}",
        mix: "Eine andere Mischung von Linien, Kanälen und Skalen macht {points} Punkte des bloßen Unterschieds guter Bewertungen aus.",
        scale: "Nicht alle Kunden bewerteten in beiden Zeiträumen auf derselben Skala. Daumen und Sterne werden nicht verglichen.",
        rule: "Bewertungen von Linien, deren Definition von gut sich geändert hat, werden nicht verglichen.",
        reasons_rule: "Gründe von Linien, auf denen davor andere Werte als schlecht zählten, werden nicht verglichen.",
        why: "Warum Bewertungen schlecht waren:",
        quotes: "In den Worten der Kunden:",
        of: "{share} ({part} von {of})",
        goal: "Ziel von {line}, {percent} gut: {verdict}. {share}; {interval}.",
        goal_none: "Ziel von {line}, {percent} gut: keine Bewertungen, deren Frage vorbei ist.",
        goal_redefined: "Ziel von {line}, {percent} gut: kein Urteil, weil sich die Skala oder die Definition von gut in diesen Tagen geändert hat.",
        score_change: ["Gute Bewertungen stiegen um {points} Punkte", "Gute Bewertungen fielen um {points} Punkte"],
        response_change: ["Mehr Kunden antworten: {points} Punkte mehr", "Weniger Kunden antworten: {points} Punkte weniger"],
        delivery_change: ["Mehr Fragen kommen an: {points} Punkte mehr", "Weniger Fragen kommen an: {points} Punkte weniger"],
        reason_change: [
            "„{reason}“ wird häufiger als Grund genannt, um {points} Punkte",
            "„{reason}“ wird seltener als Grund genannt, um {points} Punkte",
        ],
        verdicts: ["erreicht", "verfehlt", "noch nicht klar"],
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
        interval: "intervalo del {level} % de {low} a {high}",
        no_interval: "muy pocas respuestas para un intervalo",
        score: "Valoraciones buenas: {share} ({part} de {of}); {interval}.",
        good: "Buena significa {rules}.",
        no_ratings: "Sin valoraciones.",
        response: "Preguntas respondidas: {share} ({part} de {of} con el plazo terminado); {interval}.",
        open: "Preguntas con el plazo abierto: {n}",
        unreplied: "Valoraciones bajas sin respuesta: {n} de {of}",
        all_replied: "Todas las valoraciones bajas tienen respuesta: {n} de {n}.",
        no_low: "Sin valoraciones bajas.",
        late: "Fuera de plazo: {n}",
        changed: "Qué ha cambiado respecto a {days}:",
        nothing: "nada que los datos permitan afirmar (clientes ahora: {now}, entonces: {before}).",
        compared: "clientes ahora: {now}, entonces: {before}; {interval}",
        mix: "Otra mezcla de líneas, canales y escalas supone {points} puntos de la simple diferencia de valoraciones buenas.",
        scale: "No todos los clientes valoraron con la misma escala en ambos periodos. Los pulgares y las estrellas no se comparan.",
        rule: "Las valoraciones de las líneas cuya definición de buena ha cambiado no se comparan.",
        reasons_rule: "Los motivos de las líneas donde antes contaban como bajas otras puntuaciones no se comparan.",
        why: "Por qué fueron bajas:",
        quotes: "Con sus palabras:",
        of: "{share} ({part} de {of})",
        goal: "Objetivo de {line}, {percent} buenas: {verdict}. {share}; {interval}.",
        goal_none: "Objetivo de {line}, {percent} buenas: sin valoraciones con el plazo terminado.",
        goal_redefined: "Objetivo de {line}, {percent} buenas: sin veredicto, porque la escala o la definición de buena cambió en estos días.",
        score_change: ["Las valoraciones buenas subieron {points} puntos", "Las valoraciones buenas bajaron {points} puntos"],
        response_change: ["Responden más clientes: {points} puntos más", "Responden menos clientes: {points} puntos menos"],
        delivery_change: ["Llegan más preguntas: {points} puntos más", "Llegan menos preguntas: {points} puntos menos"],
        reason_change: [
            "«{reason}» se menciona más a menudo: {points} puntos más",
            "«{reason}» se menciona menos a menudo: {points} puntos menos",
        ],
        verdicts: ["alcanzado", "no alcanzado", "aún no está claro"],
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
        interval: "intervalo de {level}% de {low} a {high}",
        no_interval: "respostas de menos para um intervalo",
        score: "Avaliações boas: {share} ({part} de {of}); {interval}.",
        good: "Boa significa {rules}.",
        no_ratings: "Nenhuma avaliação.",
        response: "Perguntas respondidas: {share} ({part} de {of} com prazo encerrado); {interval}.",
        open: "Perguntas com prazo aberto: {n}",
        unreplied: "Avaliações baixas sem resposta: {n} de {of}",
        all_replied: "Todas as avaliações baixas têm resposta: {n} de {n}.",
        no_low: "Nenhuma avaliação baixa.",
        late: "Atrasadas: {n}",
        changed: "O que mudou em relação a {days}:",
        nothing: "nada que os dados possam mostrar (clientes agora: {now}, então: {before}).",
        compared: "clientes agora: {now}, então: {before}; {interval}",
        mix: "Outra mistura de linhas, canais e escalas responde por {points} pontos da simples diferença de avaliações boas.",
        scale: "Nem todos os clientes avaliaram na mesma escala nos dois períodos. Polegares e estrelas não são comparados.",
        rule: "As avaliações de linhas cuja definição de boa mudou não são comparadas.",
        reasons_rule: "Os motivos de linhas em que antes outras notas contavam como baixas não são comparados.",
        why: "Por que as avaliações foram baixas:",
        quotes: "Nas palavras deles:",
        of: "{share} ({part} de {of})",
        goal: "Meta de {line}, {percent} boas: {verdict}. {share}; {interval}.",
        goal_none: "Meta de {line}, {percent} boas: nenhuma avaliação com prazo encerrado.",
        goal_redefined: "Meta de {line}, {percent} boas: sem veredito, porque a escala ou a definição de boa mudou nestes dias.",
        score_change: ["As avaliações boas subiram {points} pontos", "As avaliações boas caíram {points} pontos"],
        response_change: ["Mais clientes respondem: {points} pontos a mais", "Menos clientes respondem: {points} pontos a menos"],
        delivery_change: ["Mais perguntas chegam: {points} pontos a mais", "Menos perguntas chegam: {points} pontos a menos"],
        reason_change: [
            "“{reason}” é citado com mais frequência: {points} pontos a mais",
            "“{reason}” é citado com menos frequência: {points} pontos a menos",
        ],
        verdicts: ["atingida", "não atingida", "ainda não está claro"],
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
        interval: "intervalo de {level}% de {low} a {high}",
        no_interval: "respostas a menos para um intervalo",
        score: "Avaliações boas: {share} ({part} em {of}); {interval}.",
        good: "Boa significa {rules}.",
        no_ratings: "Nenhuma avaliação.",
        response: "Perguntas respondidas: {share} ({part} em {of} com o prazo terminado); {interval}.",
        open: "Perguntas com o prazo em aberto: {n}",
        unreplied: "Avaliações baixas sem resposta: {n} em {of}",
        all_replied: "Todas as avaliações baixas têm resposta: {n} em {n}.",
        no_low: "Nenhuma avaliação baixa.",
        late: "Atrasadas: {n}",
        changed: "O que mudou em relação a {days}:",
        nothing: "nada que os dados permitam mostrar (clientes agora: {now}, então: {before}).",
        compared: "clientes agora: {now}, então: {before}; {interval}",
        mix: "Outra mistura de linhas, canais e escalas explica {points} pontos da simples diferença de avaliações boas.",
        scale: "Nem todos os clientes avaliaram na mesma escala nos dois períodos. Polegares e estrelas não são comparados.",
        rule: "As avaliações de linhas cuja definição de boa mudou não são comparadas.",
        reasons_rule: "Os motivos de linhas em que antes outras notas contavam como baixas não são comparados.",
        why: "Porque foram baixas as avaliações:",
        quotes: "Nas palavras deles:",
        of: "{share} ({part} em {of})",
        goal: "Objetivo de {line}, {percent} boas: {verdict}. {share}; {interval}.",
        goal_none: "Objetivo de {line}, {percent} boas: nenhuma avaliação com o prazo terminado.",
        goal_redefined: "Objetivo de {line}, {percent} boas: sem veredito, porque a escala ou a definição de boa mudou nestes dias.",
        score_change: ["As avaliações boas subiram {points} pontos", "As avaliações boas desceram {points} pontos"],
        response_change: ["Respondem mais clientes: mais {points} pontos", "Respondem menos clientes: menos {points} pontos"],
        delivery_change: ["Chegam mais perguntas: mais {points} pontos", "Chegam menos perguntas: menos {points} pontos"],
        reason_change: [
            "“{reason}” é referido mais vezes: mais {points} pontos",
            "“{reason}” é referido menos vezes: menos {points} pontos",
        ],
        verdicts: ["atingido", "não atingido", "ainda não está claro"],
    },
];
