# Страницы с числами: сегодня, отчёты, операторы, свои.
nav-reports = Отчёты
num-download = скачать таблицу
num-show = Показать
num-period = Период
num-from = С
num-until = По
num-filter-line = Линия
num-filter-operator = Оператор
num-filter-channel = Канал
num-filter-scale = Шкала
num-filter-by = Таблица по
num-all-lines = Все линии
num-all-operators = Все операторы
num-all-channels = Все каналы
num-all-scales = Все шкалы
num-scale-binary = Большой палец
num-scale-five-star = Звёзды
num-channel-webchat = Чат на сайте
num-channel-email = Почта
num-channel-none = Без канала
num-operator-none = Без оператора
by-operator = Оператор
by-line = Линия
by-channel = Канал
by-day = День
by-week = Неделя
by-month = Месяц
ask-day-wrong = Напишите день так: 2026-09-30.
ask-ends-before = Конец раньше начала.
ask-too-long = Больше десяти лет. Выберите меньше дней.
ask-period-unknown = Такого периода нет. Выберите дни здесь.
ask-line-unknown = Такой линии нет.
ask-scale-unknown = Такой шкалы нет.
ask-by-unknown = По этому таблицу не построить.
ask-by-too-many = Слишком много дней для таблицы. Выберите недели или месяцы.
ask-wrong = Так не получится: посмотрите на отмеченное поле.
period-today = Сегодня
period-yesterday = Вчера
period-7 = 7 дней
period-30 = 30 дней
period-90 = 90 дней
period-month = Этот месяц
period-last-month = Прошлый месяц
period-quarter = Этот квартал
period-year = Этот год
num-n-of-n = { $part } из { $of }
num-day-month = { $day } { $month }
num-no-ratings = нет оценок
num-few = мало ответов
num-few-hint = Меньше 30 ответов: сказать можно немного
num-response-of = { $part } из { $of } доставленных
num-place = { $from } из { $of }
num-places = { $from }–{ $to } из { $of }
num-empty-title = За это время ничего нет
num-empty-words = За эти дни с этими фильтрами не закрыт ни один чат. Выберите другие дни или уберите фильтры.
num-supervisor-scored = Оценка руководителя: { $n } из 5
took-secs = { $n } с
took-mins = { $n } мин
took-hours = { $n } ч
change-higher = ▲ { $points } п. п., больше случайности
change-lower = ▼ { $points } п. п., больше случайности
change-cannot-tell = ≈ без явных изменений
rule-thumbs = Хорошо: 👍 · плохо: 👎 ({ $lines })
rule-stars = Хорошо: { $good } ★ · плохо: { $bad } ★ ({ $lines })
raw-score = С аннулированными ({ $n }): { $score }
compared-with = Сравнение с { $days }
figure-score = Хорошие оценки
figure-response = Доля ответов
figure-closed = Закрыто
figure-asked = Спрошено
figure-delivered = Доставлено
figure-answered = Отвечено
figure-not-asked = Не спрошено
figure-kept-back = Не дали спросить
figure-canceled = Отменено
figure-open = Ещё могут ответить
figure-expired = Истекло
figure-unreachable = Не удалось доставить
figure-unsure = Возможно, дошло
figure-late = Ответили слишком поздно
figure-good = Хорошо
figure-neutral = Нейтрально
figure-bad = Плохо
figure-bad-ratings = Плохие оценки
figure-adjusted-good = Хорошо, без аннулированных
figure-adjusted-neutral = Нейтрально, без аннулированных
figure-adjusted-bad = Плохо, без аннулированных
figure-voided = Аннулировано
figure-average = Среднее по звёздам
figure-silent = Если бы ответили молчавшие
figure-silent-of = все плохо – все хорошо
figure-resolved = Вопрос решён
figure-unresolved = Вопрос не решён
figure-commented = С комментарием
figure-took-median = Время до оценки, медиана
figure-took-average = Время до оценки, среднее
figure-supervised = Оценено руководителем
of-answered = { $share } оценок
median-under = менее { $time }
median-between = { $from }–{ $to }
average-of-5 = среднее { $mean } из 5
before-was = раньше: { $n }
overall-is = за всё время: { $n } { $of }
reports-title = Отчёты
trend-title = Хорошие оценки по времени
trend-stars = Среднее по звёздам по времени
trend-none = За это время оценок не было.
trend-higher = Хороших { $now }, было { $before }: стало лучше, и это не случайность.
trend-lower = Хороших { $now }, было { $before }: стало хуже, и это не случайность.
trend-cannot-tell = Хороших { $now }, было { $before }: данные не говорят, изменение ли это.
legend-period = этот период
legend-interval = 95-процентный интервал
legend-few = мало ответов
legend-before = предыдущий период
legend-closes = от меньшего к большему числу закрытых чатов
legend-bad = доля плохих оценок выше обычной
chart-table = То же таблицей
head-time = Время
head-interval = 95 % интервал
head-good-of = Хороших из оценённых
head-score = Оценка
head-ratings = Оценок
head-share = Доля
head-step = Шаг
head-chats = Чатов
head-of-before = От шага до этого
head-operator = Оператор
head-stars = Среднее ★
head-place = Место
head-id = Код
head-response-percent = Доля ответов, %
head-score-percent = Хорошо, %
head-low = 95 % от
head-high = 95 % до
head-raw-percent = Хорошо с аннулированными, %
head-resolved-percent = Решено, %
head-took-secs = Время до оценки, с
distribution-thumbs = Большие пальцы
distribution-stars = Звёзды
funnel-title = От закрытия до ответа
funnel-finding = Из закрытых чатов ({ $closed }) спросили о { $asked }; дошло вопросов: { $delivered }, ответов: { $answered }.
heat-title = Неделя по часам
heat-none = За это время не закрыт ни один чат.
heat-finding = Чаще всего чаты закрывают в этот час: { $day }, { $time }. За эти дни: { $n }.
heat-said = закрыто { $closes }, плохо { $bad }
num-weekday-1 = Пн
num-weekday-2 = Вт
num-weekday-3 = Ср
num-weekday-4 = Чт
num-weekday-5 = Пт
num-weekday-6 = Сб
num-weekday-7 = Вс
num-weekday-long-1 = понедельник
num-weekday-long-2 = вторник
num-weekday-long-3 = среда
num-weekday-long-4 = четверг
num-weekday-long-5 = пятница
num-weekday-long-6 = суббота
num-weekday-long-7 = воскресенье
whiskers-title = Операторы и насколько можно быть уверенным
whiskers-one = Оценён один оператор: сравнивать не с кем.
whiskers-same = Неотличимы от первого из них
whiskers-apart = Отдельно
way-title = Что стало с закрытыми чатами
said-title = Что говорят оценки
more-title = Что ещё известно
reasons-title = Не спросили, не дошло: почему
split-title = По: { $by }
split-hint = Каждое число – счёт тех же закрытых чатов и ведёт к их списку. Места – те, которые допускают данные; у кого они общие, тех не отличить.
num-outcome-canceled = Отменено
num-outcome-unreachable = Не дошло
num-reason-line-off = Оценки на линии выключены
num-reason-line-archived = Линия в архиве
num-reason-spam = Закрыт как спам
num-reason-forced = Закрыт принудительно
num-reason-by-choice = Закрывший решил не спрашивать
num-reason-timeout-close = Закрыт по времени
num-reason-bot-close = Закрыт ботом
num-reason-no-client = Клиент неизвестен
num-reason-channel-off = Канал не может спросить
num-reason-no-operator = Оператор не участвовал
num-reason-operator-silent = Оператор не писал
num-reason-client-silent = Клиент не писал
num-reason-too-short = Слишком мало сообщений
num-reason-opted-out = Клиент отказался от вопросов
num-reason-blocked = Клиент нас заблокировал
num-reason-already-rated = Уже оценён
num-reason-throttled = Недавно уже спрашивали
num-reason-sampled-out = Не попал в выборку
num-reason-window-shut = Окно канала закрыто
num-reason-template-missing = Нет шаблона для времени вне окна
num-reason-template-refused = Платформа не приняла шаблон
num-reason-no-form = Собственная форма платформы не подходит
num-reason-quiet-hours = Тихие часы
num-reason-too-late = Закрыт слишком давно
num-reason-flapping = Закрывался снова и снова
num-reason-reopened = снова открыт
num-reason-merged = объединён с другим
num-reason-recipient-gone = клиента больше нет
operators-title = Операторы
operators-empty = За это время никто не работал
operators-all = Все операторы и их числа
compared-title = Рядом с остальными на линии
compared-own = Свои:
compared-rest = Все остальные:
compared-higher = ▲ точно лучше
compared-lower = ▼ точно хуже
compared-same = ≈ неотличимо
latest-title = Последние оценки
latest-none = Пока нет. Новые появятся здесь сами.
latest-all = Все оценки
me-title = Мои оценки
me-lead = Что клиенты говорят о чатах с вами.
me-empty = Ответов пока мало
me-groups = По времени
me-comments = Что писали клиенты
me-comments-not = Комментарии вам не показывают. Это может изменить администратор.
me-comments-none = За эти недели никто ничего не написал.
first-title-steps = Первые шаги
first-done = готово
first-connect = Подключите канал
first-connect-words = Укажите бота, чат сайта или номер в разделе [connections] файла lastword.toml и перезапустите сервер. Там спрашивают клиентов.
first-line = Создайте линию
first-line-words = Линия – очередь чатов со своим вопросом: шкалой, словами и моментом.
first-recipient = Укажите получателя уведомлений
first-recipient-words = Низкая оценка дойдёт до этого человека за секунды – туда, где он и так читает сообщения.
today-usual = Пока за сегодня. «Обычно» – за весь день, в среднем за четыре последних: { $weekday }.
usually = обычно { $n }
waits-title = Что ждёт
waits-nothing = Никого ничто не ждёт.
of-closed = { $n ->
    [one] из { $n } закрытого чата
    [few] из { $n } закрытых чатов
    [many] из { $n } закрытых чатов
   *[other] из { $n } закрытых чатов
}
of-ratings = { $n ->
    [one] из { $n } оценки
    [few] из { $n } оценок
    [many] из { $n } оценок
   *[other] из { $n } оценок
}
of-said = { $n ->
    [one] из { $n } сказавшего
    [few] из { $n } сказавших
    [many] из { $n } сказавших
   *[other] из { $n } сказавших
}
took-days = { $n ->
    [one] { $n } день
    [few] { $n } дня
    [many] { $n } дней
   *[other] { $n } дня
}
trend-alone = { $n ->
    [one] { $score } из { $n } оценки – хорошие.
    [few] { $score } из { $n } оценок – хорошие.
    [many] { $score } из { $n } оценок – хорошие.
   *[other] { $score } из { $n } оценок – хорошие.
}
distribution-finding = { $n ->
    [one] Из { $n } оценки хороших { $good }, плохих { $bad }.
    [few] Из { $n } оценок хороших { $good }, плохих { $bad }.
    [many] Из { $n } оценок хороших { $good }, плохих { $bad }.
   *[other] Из { $n } оценок хороших { $good }, плохих { $bad }.
}
whiskers-together = { $n ->
    [one] Данные не различают { $n } оператора.
    [few] Данные не различают этих { $n } операторов.
    [many] Данные не различают этих { $n } операторов.
   *[other] Данные не различают этих { $n } операторов.
}
whiskers-groups = { $n ->
    [one] { $n } группа: в ней данные никого не отличают от первого.
    [few] { $n } группы: в каждой данные никого не отличают от первого.
    [many] { $n } групп: в каждой данные никого не отличают от первого.
   *[other] { $n } группы: в каждой данные никого не отличают от первого.
}
num-left-off = { $n ->
    [one] Ещё { $n } с меньшим числом оценок не показан.
    [few] Ещё { $n } с меньшим числом оценок не показаны.
    [many] Ещё { $n } с меньшим числом оценок не показаны.
   *[other] Ещё { $n } с меньшим числом оценок не показаны.
}
me-gathered = { $n ->
    [one] Числа показаны группами целых недель, в каждой не меньше { $n } ответа, чтобы нельзя было узнать отдельного клиента. Неделя учитывается через три дня после её конца.
    [few] Числа показаны группами целых недель, в каждой не меньше { $n } ответов, чтобы нельзя было узнать отдельного клиента. Неделя учитывается через три дня после её конца.
    [many] Числа показаны группами целых недель, в каждой не меньше { $n } ответов, чтобы нельзя было узнать отдельного клиента. Неделя учитывается через три дня после её конца.
   *[other] Числа показаны группами целых недель, в каждой не меньше { $n } ответов, чтобы нельзя было узнать отдельного клиента. Неделя учитывается через три дня после её конца.
}
me-empty-words = { $n ->
    [one] Когда { $n } клиент оценит чаты с вами, здесь появятся числа.
    [few] Когда { $n } клиента оценят чаты с вами, здесь появятся числа.
    [many] Когда { $n } клиентов оценят чаты с вами, здесь появятся числа.
   *[other] Когда { $n } клиентов оценят чаты с вами, здесь появятся числа.
}
wait-low = { $n ->
    [one] низкая оценка без ответа
    [few] низкие оценки без ответа
    [many] низких оценок без ответа
   *[other] низких оценок без ответа
}
wait-held = { $n ->
    [one] пониженная оценка удерживается: есть время всё исправить
    [few] пониженные оценки удерживаются: есть время всё исправить
   *[other] пониженных оценок удерживается: есть время всё исправить
}
wait-alerts = { $n ->
    [one] уведомление ни до кого не дошло
    [few] уведомления ни до кого не дошли
    [many] уведомлений ни до кого не дошли
   *[other] уведомлений ни до кого не дошли
}
wait-deliveries = { $n ->
    [one] отправка ждёт человека
    [few] отправки ждут человека
    [many] отправок ждут человека
   *[other] отправок ждут человека
}
wait-connections = { $n ->
    [one] подключение стоит
    [few] подключения стоят
    [many] подключений стоят
   *[other] подключений стоят
}
wait-lines = { $n ->
    [one] линия без получателя уведомлений
    [few] линии без получателя уведомлений
    [many] линий без получателя уведомлений
   *[other] линий без получателя уведомлений
}
num-reason-imported = Загружено из файла
num-reason-erased = Стёрто по желанию клиента
