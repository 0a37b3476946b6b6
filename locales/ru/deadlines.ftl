# Deadlines for replies to low ratings.
low-due = По сроку
low-due-by = ответить до
low-late-since = просрочено с
low-late = { $n ->
    [one] { $n } просрочена
    [few] { $n } просрочены
   *[other] { $n } просрочено
}
alert-kind-late = Не ответили в срок
set-part-deadline = Срок ответа на низкие оценки
set-part-deadline-lead = За какое время нужно ответить на низкую оценку или отметить её решённой. Когда срок выйдет, оповестят тех, кому передаются непросмотренные оповещения.
set-deadline = Срок ответа на низкие оценки
set-deadline-hours = Ответить за
set-deadline-hours-hint = Пусто: без срока.
set-unit-working-hours = рабочих часов
set-deadline-days = Рабочие дни
set-deadline-days-hint = Ничего не выбрано: каждый день.
set-deadline-from = Начало рабочего дня
set-deadline-to = Конец рабочего дня
set-deadline-to-hint = Оба поля пусты: считаются все часы.
set-deadline-time_zone = Часовой пояс рабочего времени
set-bad-deadline-from = Укажите время суток, например 09:00.
set-bad-deadline-to = Рабочий день должен заканчиваться позже, чем начинается, в тот же день.
set-bad-deadline-time-zone = Неизвестный часовой пояс. Введите, например, Europe/Moscow.
replies-title = Ответы на низкие оценки
replies-replied = с ответом
replies-in-time = в срок
replies-first = первый ответ, медиана
replies-recovered = хорошая оценка при повторном вопросе
replies-took = { $time } (95 %: от { $low } до { $high })
replies-hint = В срок: ответили или отметили решённой до срока линии. Медиана — по оценкам, на которые ответили. Повторный вопрос: доля хороших среди вторых оценок.
