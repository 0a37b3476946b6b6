# The public showcase of a line.
showcase-client = Клиент
showcase-good = хороших
showcase-ratings = { $n ->
    [one] { $n } оценка
    [few] { $n } оценки
   *[many] { $n } оценок
}
showcase-rule = Все оценки чатов, закрытых за последние двенадцать месяцев, кроме последних трёх дней. Комментарии появляются через три дня. Оценить может каждый клиент, которого спросили.
showcase-none = Оценок пока нет.
showcase-reply = Ответ:
showcase-older = Более ранние оценки
showcase-index = Что говорят о нас клиенты
showcase-order = Порядок — по нижней границе 95-процентного интервала хороших оценок: нескольких оценок мало, чтобы оказаться первыми.
showcase-at-least = не менее { $share } хороших
