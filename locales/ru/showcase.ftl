# The public showcase of a line.
showcase-client = Клиент
showcase-good = довольны
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
showcase-order = Порядок — по тому, что известно точно: по нижней границе 95-процентного интервала доли хороших оценок, чтобы несколько оценок не выводили вперёд.
showcase-at-least = не менее { $share } хороших
