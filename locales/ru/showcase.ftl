# The public showcase of a line.
showcase-client = Клиент
showcase-good = хорошо
showcase-ratings = { $n ->
    [one] { $n } оценка
    [few] { $n } оценки
   *[many] { $n } оценок
}
showcase-rule = Все оценки за последние двенадцать месяцев, показаны через три дня. Оценить может каждый, кого спросили.
showcase-none = Оценок пока нет.
showcase-reply = Ответ:
showcase-older = Более старые оценки
showcase-index = Что говорят о нас клиенты
showcase-order = Порядок — по нижней границе 95-процентного интервала хороших оценок, чтобы несколько оценок сами по себе не выводили вперёд.
showcase-at-least = не менее { $share } хороших
