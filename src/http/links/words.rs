//! The page's own few words, beside the line's texts: what stands on its buttons, and what it says when it cannot help.

use crate::domain::texts::{nearest, root};
use axum::http::{HeaderMap, header};

/// The words of one language.
#[derive(Debug)]
pub(super) struct Words {
    pub(super) language: &'static str,
    /// The button under the question.
    pub(super) send: &'static str,
    /// 👍 as a word.
    pub(super) good: &'static str,
    /// 👎 as a word.
    pub(super) bad: &'static str,
    /// "{} of 5".
    out_of_five: &'static str,
    /// Above what the client has answered.
    pub(super) answered: &'static str,
    /// Nothing was chosen.
    pub(super) choose: &'static str,
    /// The page was open for too long, or is a copy.
    pub(super) again: &'static str,
    /// It could not be kept.
    pub(super) busy: &'static str,
    /// The score can no longer be changed.
    pub(super) locked: &'static str,
    /// The score was changed as often as it can be.
    pub(super) used_up: &'static str,
    /// The scores look like a program's, and one more tap is asked for.
    pub(super) confirm: &'static str,
    /// "Your change to {score} counts from {day} on."
    held: &'static str,
    /// Above the client's other ratings.
    pub(super) own_title: &'static str,
    /// Above the button not to be asked again, and what it does.
    pub(super) stop_title: &'static str,
    pub(super) stop_text: &'static str,
    /// Above the button to be asked again.
    pub(super) stopped: &'static str,
    /// Nothing behind the link.
    pub(super) gone_title: &'static str,
    pub(super) gone_text: &'static str,
    /// Too many calls.
    pub(super) slow_title: &'static str,
    pub(super) slow_text: &'static str,
    /// An alert.
    pub(super) alert_title: &'static str,
    pub(super) alert_text: &'static str,
    pub(super) seen: &'static str,
    /// "Seen by {}."
    seen_by: &'static str,
}

impl Words {
    /// How a screen reader says so many stars.
    pub(super) fn stars(&self, score: u8) -> String {
        self.out_of_five.replace("{}", &score.to_string())
    }

    /// A lower score is held for some days.
    pub(super) fn held(&self, score: &str, day: &str) -> String {
        self.held.replace("{score}", score).replace("{day}", day)
    }

    /// Who has seen an alert.
    pub(super) fn seen_by(&self, name: &str) -> String {
        self.seen_by.replace("{}", name)
    }
}

const ALL: [Words; 8] = [
    Words {
        language: "en",
        send: "Send my answer",
        good: "Good",
        bad: "Bad",
        out_of_five: "{} of 5",
        answered: "Your answer",
        choose: "Please choose an answer first.",
        again: "Nothing was sent yet: this page had been open for a while. Please press the button once more.",
        busy: "Your answer could not be kept just now. Please press the button once more.",
        locked: "The time to change your answer is over.",
        used_up: "You have already changed your rating twice. It stays as it is now.",
        confirm: "Several answers came from this message within a moment, as when a mail program checks its links. None of them counts yet: please choose yours once more.",
        held: "Your change to {score} counts from {day} on. Until then we can try to put it right, and you can take it back.",
        own_title: "Your other ratings",
        stop_title: "Do not ask again?",
        stop_text: "We will not ask you to rate conversations any more, on any channel on which we know you. Your ratings stay, and you can take this back here.",
        stopped: "You are not asked to rate conversations any more.",
        gone_title: "This link does not work",
        gone_text: "It may be old, or not complete. Please open it once more from the message that it came in.",
        slow_title: "One moment, please",
        slow_text: "There were too many calls from your network. Please load this page again in a few seconds.",
        alert_title: "A low rating",
        alert_text: "Press the button to say that you have seen the alert, so that nobody else is called.",
        seen: "I have seen it",
        seen_by: "Seen by {}.",
    },
    Words {
        language: "ru",
        send: "Отправить оценку",
        good: "Хорошо",
        bad: "Плохо",
        out_of_five: "{} из 5",
        answered: "Ваша оценка",
        choose: "Сначала выберите оценку.",
        again: "Пока ничего не отправлено: страница была открыта слишком долго. Нажмите кнопку ещё раз.",
        busy: "Сейчас не удалось сохранить оценку. Нажмите кнопку ещё раз.",
        locked: "Время для изменения оценки истекло.",
        used_up: "Вы уже дважды изменили оценку. Теперь она остаётся такой, как есть.",
        confirm: "Из этого сообщения мгновенно пришло сразу несколько оценок — так бывает, когда почтовая программа проверяет ссылки. Пока ни одна не засчитана: пожалуйста, выберите свою ещё раз.",
        held: "Ваше изменение на {score} вступит в силу {day}. До этого дня мы можем всё исправить, а вы — вернуть прежнюю оценку.",
        own_title: "Другие ваши оценки",
        stop_title: "Больше не спрашивать?",
        stop_text: "Мы больше не будем просить вас оценивать диалоги — ни в одном канале, где мы вас знаем. Ваши оценки сохранятся, и здесь же это можно отменить.",
        stopped: "Мы больше не просим вас оценивать диалоги.",
        gone_title: "Ссылка не работает",
        gone_text: "Возможно, она устарела или скопирована не полностью. Откройте её ещё раз из сообщения.",
        slow_title: "Подождите, пожалуйста",
        slow_text: "Слишком много запросов из вашей сети. Обновите страницу через несколько секунд.",
        alert_title: "Низкая оценка",
        alert_text: "Нажмите кнопку, чтобы подтвердить, что вы видели уведомление: тогда больше никого не потревожат.",
        seen: "Просмотрено",
        seen_by: "Просмотрено: {}.",
    },
    Words {
        language: "de",
        send: "Bewertung senden",
        good: "Gut",
        bad: "Schlecht",
        out_of_five: "{} von 5",
        answered: "Ihre Bewertung",
        choose: "Bitte wählen Sie zuerst eine Bewertung.",
        again: "Es wurde noch nichts gesendet: Die Seite war zu lange offen. Bitte drücken Sie den Knopf noch einmal.",
        busy: "Ihre Bewertung konnte gerade nicht gespeichert werden. Bitte drücken Sie den Knopf noch einmal.",
        locked: "Die Zeit zum Ändern Ihrer Bewertung ist abgelaufen.",
        used_up: "Sie haben Ihre Bewertung schon zweimal geändert. Sie bleibt jetzt, wie sie ist.",
        confirm: "Aus dieser Nachricht kamen auf einen Schlag mehrere Bewertungen, wie wenn ein Mailprogramm die Links prüft. Noch zählt keine davon: Bitte wählen Sie Ihre noch einmal.",
        held: "Ihre Änderung auf {score} gilt ab {day}. Bis dahin können wir es wiedergutmachen, und Sie können sie zurücknehmen.",
        own_title: "Ihre anderen Bewertungen",
        stop_title: "Nicht mehr fragen?",
        stop_text: "Wir bitten Sie nicht mehr, Gespräche zu bewerten, auf keinem Weg, auf dem wir Sie kennen. Ihre Bewertungen bleiben, und Sie können das hier zurücknehmen.",
        stopped: "Sie werden nicht mehr um Bewertungen gebeten.",
        gone_title: "Dieser Link funktioniert nicht",
        gone_text: "Vielleicht ist er alt oder nicht vollständig. Bitte öffnen Sie ihn noch einmal aus der Nachricht.",
        slow_title: "Einen Moment, bitte",
        slow_text: "Aus Ihrem Netz kamen zu viele Aufrufe. Bitte laden Sie die Seite in ein paar Sekunden neu.",
        alert_title: "Eine schlechte Bewertung",
        alert_text: "Drücken Sie den Knopf, um zu sagen, dass Sie den Hinweis gesehen haben; dann wird niemand sonst gerufen.",
        seen: "Gesehen",
        seen_by: "Gesehen von {}.",
    },
    Words {
        language: "es",
        send: "Enviar mi valoración",
        good: "Bien",
        bad: "Mal",
        out_of_five: "{} de 5",
        answered: "Su valoración",
        choose: "Elija primero una valoración.",
        again: "Todavía no se ha enviado nada: la página llevaba demasiado tiempo abierta. Pulse el botón otra vez.",
        busy: "Su valoración no se pudo guardar en este momento. Pulse el botón otra vez.",
        locked: "El plazo para cambiar su valoración ha terminado.",
        used_up: "Ya ha cambiado su valoración dos veces. Ahora queda como está.",
        confirm: "De este mensaje llegaron varias valoraciones a la vez, como cuando un programa de correo comprueba los enlaces. Todavía no cuenta ninguna: elija la suya una vez más, por favor.",
        held: "Su cambio a {score} valdrá a partir del {day}. Hasta entonces podemos remediarlo, y usted puede retirarlo.",
        own_title: "Sus otras valoraciones",
        stop_title: "¿No preguntar más?",
        stop_text: "No le pediremos más que valore conversaciones, en ningún canal en el que le conocemos. Sus valoraciones se conservan, y puede deshacerlo aquí.",
        stopped: "Ya no le pedimos que valore conversaciones.",
        gone_title: "Este enlace no funciona",
        gone_text: "Puede que sea antiguo o que esté incompleto. Ábralo otra vez desde el mensaje.",
        slow_title: "Un momento, por favor",
        slow_text: "Hubo demasiadas llamadas desde su red. Vuelva a cargar la página en unos segundos.",
        alert_title: "Una valoración baja",
        alert_text: "Pulse el botón para indicar que ha visto el aviso; así no se llamará a nadie más.",
        seen: "Visto",
        seen_by: "Visto por {}.",
    },
    Words {
        language: "pt-PT",
        send: "Enviar a minha avaliação",
        good: "Bom",
        bad: "Mau",
        out_of_five: "{} de 5",
        answered: "A sua avaliação",
        choose: "Escolha primeiro uma avaliação.",
        again: "Ainda não foi enviado nada: a página esteve aberta demasiado tempo. Carregue no botão mais uma vez.",
        busy: "A sua avaliação não pôde ser guardada neste momento. Carregue no botão mais uma vez.",
        locked: "O prazo para mudar a sua avaliação terminou.",
        used_up: "Já mudou a sua avaliação duas vezes. Agora fica como está.",
        confirm: "Desta mensagem chegaram várias avaliações de uma só vez, como quando um programa de correio verifica as ligações. Ainda nenhuma conta: escolha a sua mais uma vez, por favor.",
        held: "A sua alteração para {score} vale a partir de {day}. Até lá podemos resolver o problema, e pode retirá-la.",
        own_title: "As suas outras avaliações",
        stop_title: "Não perguntar mais?",
        stop_text: "Não lhe pediremos mais que avalie conversas, em nenhum canal em que o conhecemos. As suas avaliações mantêm-se, e pode desfazer isto aqui.",
        stopped: "Já não lhe pedimos que avalie conversas.",
        gone_title: "Esta ligação não funciona",
        gone_text: "Talvez seja antiga ou esteja incompleta. Abra-a mais uma vez a partir da mensagem.",
        slow_title: "Um momento, por favor",
        slow_text: "Houve demasiados pedidos da sua rede. Volte a carregar a página dentro de alguns segundos.",
        alert_title: "Uma avaliação baixa",
        alert_text: "Carregue no botão para dizer que viu o aviso; assim, mais ninguém é chamado.",
        seen: "Visto",
        seen_by: "Visto por {}.",
    },
    Words {
        language: "pt-BR",
        send: "Enviar minha avaliação",
        good: "Bom",
        bad: "Ruim",
        out_of_five: "{} de 5",
        answered: "Sua avaliação",
        choose: "Escolha uma avaliação primeiro.",
        again: "Ainda não foi enviado nada: a página ficou aberta por muito tempo. Toque no botão mais uma vez.",
        busy: "Não foi possível guardar sua avaliação agora. Toque no botão mais uma vez.",
        locked: "O prazo para mudar sua avaliação terminou.",
        used_up: "Você já mudou sua avaliação duas vezes. Agora ela fica como está.",
        confirm: "Desta mensagem chegaram várias avaliações de uma só vez, como quando um programa de e-mail verifica os links. Nenhuma conta ainda: por favor, escolha a sua mais uma vez.",
        held: "Sua mudança para {score} vale a partir de {day}. Até lá podemos resolver o problema, e você pode voltar atrás.",
        own_title: "Suas outras avaliações",
        stop_title: "Não perguntar mais?",
        stop_text: "Não vamos mais pedir que você avalie conversas, em nenhum canal em que conhecemos você. Suas avaliações continuam, e você pode desfazer isso aqui.",
        stopped: "Não pedimos mais que você avalie conversas.",
        gone_title: "Este link não funciona",
        gone_text: "Talvez seja antigo ou esteja incompleto. Abra-o mais uma vez a partir da mensagem.",
        slow_title: "Um momento, por favor",
        slow_text: "Houve muitos acessos da sua rede. Recarregue a página em alguns segundos.",
        alert_title: "Uma avaliação baixa",
        alert_text: "Toque no botão para dizer que viu o aviso; assim, mais ninguém será chamado.",
        seen: "Visto",
        seen_by: "Visto por {}.",
    },
    Words {
        language: "ar",
        send: "إرسال تقييمي",
        good: "جيد",
        bad: "سيئ",
        out_of_five: "{} من 5",
        answered: "تقييمك",
        choose: "يرجى اختيار تقييم أولاً.",
        again: "لم يُرسل شيء بعد: بقيت هذه الصفحة مفتوحة مدة طويلة. يرجى الضغط على الزر مرة أخرى.",
        busy: "تعذّر حفظ تقييمك الآن. يرجى الضغط على الزر مرة أخرى.",
        locked: "انتهت مدة تغيير تقييمك.",
        used_up: "لقد غيّرت تقييمك مرتين بالفعل. وسيبقى الآن كما هو.",
        confirm: "وصلت من هذه الرسالة عدة إجابات في لحظة واحدة، كما يحدث عندما يفحص برنامج البريد الروابط. لا يُحتسب أي منها بعد: يرجى اختيار إجابتك مرة أخرى.",
        held: "يُحتسب تغييرك إلى {score} ابتداءً من {day}. حتى ذلك الحين يمكننا إصلاح الأمر، ويمكنك التراجع عنه.",
        own_title: "تقييماتك الأخرى",
        stop_title: "ألا نسألك بعد الآن؟",
        stop_text: "لن نطلب منك تقييم المحادثات بعد الآن، في أي قناة نعرفك فيها. تبقى تقييماتك محفوظة، ويمكنك التراجع هنا.",
        stopped: "لم نعد نطلب منك تقييم المحادثات.",
        gone_title: "هذا الرابط لا يعمل",
        gone_text: "قد يكون قديماً أو غير كامل. يرجى فتحه مرة أخرى من الرسالة.",
        slow_title: "لحظة من فضلك",
        slow_text: "وردت طلبات كثيرة من شبكتك. يرجى إعادة تحميل الصفحة بعد بضع ثوانٍ.",
        alert_title: "تقييم منخفض",
        alert_text: "اضغط على الزر لتأكيد أنك رأيت التنبيه، كي لا يُستدعى شخص آخر.",
        seen: "رأيته",
        seen_by: "رآه {}.",
    },
    Words {
        language: "he",
        send: "שליחת הדירוג",
        good: "טוב",
        bad: "רע",
        out_of_five: "{} מתוך 5",
        answered: "הדירוג שלך",
        choose: "נא לבחור דירוג תחילה.",
        again: "עדיין לא נשלח דבר: הדף היה פתוח זמן רב. נא ללחוץ על הכפתור פעם נוספת.",
        busy: "לא ניתן היה לשמור את הדירוג כרגע. נא ללחוץ על הכפתור פעם נוספת.",
        locked: "הזמן לשינוי הדירוג הסתיים.",
        used_up: "הדירוג שלך כבר שונה פעמיים. מעתה הוא נשאר כפי שהוא.",
        confirm: "מההודעה הזאת הגיעו כמה תשובות ברגע אחד, כמו כשתוכנת דואר בודקת את הקישורים. אף אחת מהן עדיין לא נספרת: נא לבחור שוב את תשובתך.",
        held: "השינוי שלך ל-{score} ייחשב החל מ-{day}. עד אז נוכל לתקן, ואפשר לחזור בך.",
        own_title: "הדירוגים האחרים שלך",
        stop_title: "לא לשאול יותר?",
        stop_text: "לא נבקש ממך יותר לדרג שיחות, בשום ערוץ שבו אנו מכירים אותך. הדירוגים שלך נשמרים, ואפשר לבטל זאת כאן.",
        stopped: "איננו מבקשים ממך יותר לדרג שיחות.",
        gone_title: "הקישור אינו פועל",
        gone_text: "ייתכן שהוא ישן או חלקי. נא לפתוח אותו שוב מתוך ההודעה.",
        slow_title: "רגע, בבקשה",
        slow_text: "הגיעו יותר מדי פניות מהרשת שלך. נא לטעון את הדף שוב בעוד כמה שניות.",
        alert_title: "דירוג נמוך",
        alert_text: "יש ללחוץ על הכפתור כדי לאשר שראית את ההתראה, כדי שלא ייקראו אחרים.",
        seen: "ראיתי",
        seen_by: "נצפה על ידי {}.",
    },
];

/// The words for somebody who reads `language`; English where there are none.
pub(super) fn words(language: &str) -> &'static Words {
    find(language).unwrap_or(&ALL[0])
}

/// The words for somebody of whom only the browser's wish is known.
pub(super) fn accepted(headers: &HeaderMap, otherwise: &str) -> &'static Words {
    let wishes = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    // Browsers name the dearest first.
    let mut wishes = wishes.split(',').take(10).filter_map(|wish| find(wish.split(';').next()?.trim()));
    wishes.next().unwrap_or_else(|| words(otherwise))
}

fn find(language: &str) -> Option<&'static Words> {
    let nearest = nearest(language);
    ALL.iter().find(|words| words.language.eq_ignore_ascii_case(nearest))
}

/// The side from which `language` is read.
pub(super) fn direction(language: &str) -> &'static str {
    const FROM_THE_RIGHT: [&str; 9] = ["ar", "he", "fa", "ur", "ps", "yi", "dv", "ckb", "sd"];
    if FROM_THE_RIGHT.iter().any(|right| right.eq_ignore_ascii_case(root(language))) { "rtl" } else { "ltr" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_browsers_wish_is_heard_in_its_order() {
        let heard = |wish: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT_LANGUAGE, wish.parse().unwrap());
            accepted(&headers, "ru").language
        };
        assert_eq!(heard("de-AT,de;q=0.9,en;q=0.8"), "de");
        assert_eq!([heard("sw, pt-BR;q=0.5"), heard("pt-PT"), heard("pt")], ["pt-BR", "pt-PT", "pt-BR"]);
        assert_eq!(heard("*"), "ru", "the organisation's own");
        assert_eq!(accepted(&HeaderMap::new(), "xx").language, "en");
    }

    #[test]
    fn languages_know_their_side() {
        assert_eq!(
            [direction("ar-EG"), direction("he"), direction("FA"), direction("en"), direction("")],
            ["rtl", "rtl", "rtl", "ltr", "ltr"]
        );
    }
}
