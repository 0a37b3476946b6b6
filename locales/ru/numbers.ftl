# Страницы с числами: сегодня, отчёты, операторы, свои.
nav-reports = Отчёты
num-download = Скачать таблицу
num-show = Применить
num-period = Период
num-from = С
num-until = По
num-filter-line = Линия
num-filter-operator = Оператор
num-filter-channel = Канал
num-filter-scale = Шкала
num-filter-by = Группировка
num-all-lines = Все линии
num-all-operators = Все операторы
num-all-channels = Все каналы
num-all-scales = Все шкалы
num-scale-binary = Лайк / дизлайк
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
ask-day-wrong = Введите дату, например 2026-09-30.
ask-ends-before = Дата окончания раньше даты начала.
ask-too-long = Выберите не больше десяти лет.
ask-period-unknown = Такого периода нет. Выберите дни здесь.
ask-line-unknown = Такой линии нет.
ask-scale-unknown = Такой шкалы нет.
ask-by-unknown = Так сгруппировать таблицу нельзя.
ask-by-too-many = Слишком много дней для одной таблицы. Сгруппируйте по неделям или месяцам.
ask-wrong = Проверьте отмеченное поле.
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
num-few-hint = Меньше 30 ответов: слишком мало для выводов
num-response-of = { $part } из { $of } завершённых вопросов
num-place = { $from } из { $of }
num-places = { $from }–{ $to } из { $of }
num-empty-title = За этот период данных нет
num-empty-words = В эти дни с такими фильтрами не закрыт ни один чат. Выберите другие дни или уберите часть фильтров.
num-supervisor-scored = Оценка руководителя: { $n } из 5
took-secs = { $n } с
took-mins = { $n } мин
took-hours = { $n } ч
change-higher = ▲ { $points } п. п., вряд ли случайно
change-lower = ▼ { $points } п. п., вряд ли случайно
change-cannot-tell = ≈ без явных изменений
rule-thumbs = Хорошо: 👍 · плохо: 👎 ({ $lines })
rule-stars = Хорошо: { $good } ★ · плохо: { $bad } ★ ({ $lines })
raw-score = С учётом аннулированных ({ $n }): { $score }
compared-with = Сравнение с { $days }
figure-score = Хорошие оценки
figure-response = Доля ответов
figure-closed = Закрыто
figure-asked = Опрошено
figure-delivered = Доставлено
figure-answered = Ответили
figure-not-asked = Не опрошено
figure-kept-back = Исключено системой поддержки
figure-canceled = Отменено
figure-open = Вопрос ещё открыт
figure-expired = Истекло
figure-unreachable = Клиент недоступен
figure-unsure = Доставка не подтверждена
figure-late = Ответили слишком поздно
figure-good = Хорошо
figure-neutral = Нейтрально
figure-bad = Плохо
figure-bad-ratings = Плохие оценки
figure-voided = Аннулировано
figure-average = Среднее число звёзд
figure-silent = Если бы ответили все
figure-silent-of = от «все плохие» до «все хорошие»
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
overall-is = всего: { $n } { $of }
reports-title = Отчёты
trend-title = Динамика хороших оценок
trend-stars = Динамика среднего числа звёзд
trend-none = За этот период оценок нет.
trend-higher = Хороших { $now }, было { $before }: стало лучше, и вряд ли случайно.
trend-lower = Хороших { $now }, было { $before }: стало хуже, и вряд ли случайно.
trend-cannot-tell = Хороших оценок { $now }, в предыдущем периоде — { $before }. Разница может быть случайной.
legend-period = этот период
legend-interval = 95-процентный интервал
legend-few = мало ответов
legend-before = предыдущий период
legend-closes = от меньшего числа закрытых чатов к большему
legend-bad = плохих оценок больше обычного
legend-faint = вопросы ещё открыты или шаг неполный
legend-changed = изменены настройки линии
chart-table = Показать таблицей
head-time = Время
head-interval = 95 % интервал
head-good-of = Хороших / оценено
head-score = Оценка
head-ratings = Оценок
head-share = Доля
head-step = Шаг
head-chats = Чатов
head-of-before = % от предыдущего шага
head-operator = Оператор
head-stars = Среднее ★
head-place = Возможные места
head-id = Идентификатор
head-response-percent = Доля ответов, %
head-score-percent = Хорошо, %
head-low = 95 % интервал от
head-high = 95 % интервал до
head-raw-percent = Хорошо с учётом аннулированных, %
head-resolved-percent = Решено, %
head-took-secs = Время до оценки, с
head-beside = Рядом с остальной командой
head-stars-low = Среднее ★, 95 % от
head-stars-high = Среднее ★, 95 % до
head-kept-back-percent = Исключено системой поддержки, %
head-kept-back-low = Исключено, 95 % от
head-kept-back-high = Исключено, 95 % до
head-stars-of = Среднее ★, оценок
head-raw-good = Хорошо с аннулированными
head-raw-neutral = Нейтрально с аннулированными
head-raw-bad = Плохо с аннулированными
distribution-thumbs = Лайк / дизлайк
distribution-stars = Звёзды
funnel-title = От закрытого чата до оценки
funnel-finding = Закрыто чатов: { $closed }, опрошено: { $asked }, вопросов дошло: { $delivered }, ответов получено: { $answered }.
heat-title = Часы недели
heat-none = За этот период не закрыт ни один чат.
heat-finding = Чаще всего чаты закрывают в этот час: { $day }, с { $time }. За период: { $n }.
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
whiskers-title = Операторы и надёжность их показателей
whiskers-one = Оценён только один оператор, сравнивать не с кем.
way-title = Что стало с закрытыми чатами
said-title = Что говорят оценки
more-title = Другие показатели
reasons-title = Почему клиентов не опросили или не достигли
split-title = Разбивка: { $by }
split-hint = Каждое число – счёт тех же закрытых чатов и ведёт к их списку.
num-outcome-canceled = Отменено
num-outcome-unreachable = Клиент недоступен
num-reason-line-off = Оценки для линии выключены
num-reason-line-archived = Линия в архиве
num-reason-spam = Закрыт как спам
num-reason-forced = Закрыт принудительно
num-reason-by-choice = Система поддержки решила не спрашивать
num-reason-timeout-close = Закрыт из-за неактивности
num-reason-bot-close = Закрыт ботом
num-reason-no-client = Клиент неизвестен
num-reason-group = Групповой разговор
num-reason-channel-off = Канал не может спросить
num-reason-no-operator = Оператор не участвовал
num-reason-operator-silent = Оператор не писал
num-reason-client-silent = Клиент не писал
num-reason-too-short = Слишком мало сообщений
num-reason-opted-out = Клиент просил не спрашивать
num-reason-blocked = Клиент нас заблокировал
num-reason-already-rated = Уже оценён
num-reason-throttled = Спрашивали недавно
num-reason-sampled-out = Не попал в выборку
num-reason-window-shut = Окно для сообщений канала было закрыто
num-reason-template-missing = Нет шаблона для сообщений вне окна
num-reason-template-refused = Платформа отклонила шаблон
num-reason-no-form = Форма самой платформы не подходит
num-reason-quiet-hours = Тихие часы
num-reason-too-late = Сообщено слишком поздно
num-reason-flapping = Закрывался и открывался снова и снова
num-reason-reopened = Открыт снова
num-reason-restored = Восстановлено из резервной копии
num-reason-merged = Объединён с другой сессией
num-reason-recipient-gone = Клиент там больше недоступен
num-reason-engagement-limit = Платформа не доставила: слишком много сообщений этому клиенту
num-reason-client-in-experiment = Клиент участвует в эксперименте платформы
num-reason-marketing-stopped = Клиент отказался от рекламных сообщений
num-reason-too-many-tries = Слишком много попыток
num-reason-refused = Отклонено платформой
operators-title = Операторы
operators-empty = В этот период никто из операторов не работал
operators-all = Все операторы с показателями
compared-title = Рядом с остальной командой
compared-higher = ▲ выше остальных
compared-lower = ▼ ниже остальных
compared-same = ≈ данные не показывают различий
compared-same-mix = при равных условиях: { $points } п. п. ({ $low } … { $high })
compared-raw = все линии, каналы и шкалы вместе: { $points } п. п. ({ $low } … { $high })
compared-clients = клиентов: { $clients }, оценок: { $ratings }
compared-of = из них сравнимы: { $n }
compared-counted = Учтено: клиентов { $clients }, оценок { $ratings }.
compared-scales = Лайки и звёзды сравниваются отдельно; в столбце хороших оценок они вместе.
compared-wait = Сравнение операторов ещё считается.
compared-wait-now = Дождаться
compared-hint = Каждый клиент учтён у каждого оператора один раз – его последняя оценка. Операторы сравниваются внутри каждой линии, канала и шкалы; из двадцати страниц о равных командах не больше одной называет кого-то отличающимся. Интервалы различий – без поправки на число операторов.
latest-title = Последние оценки
latest-none = Пока нет. Новые появятся здесь автоматически.
latest-all = Все оценки
me-title = Мои оценки
me-lead = Что клиенты говорят о чатах с вами.
me-empty = Ответов пока мало
me-groups = Динамика
me-comments = Что писали клиенты
me-comments-not = У вас нет доступа к комментариям. Изменить это может администратор.
me-comments-none = За эти недели комментариев нет.
first-title-steps = Первые шаги
first-done = готово
first-connect = Подключите канал
first-connect-words = Добавьте бота, чат на сайте или номер в раздел [connections] файла lastword.toml и перезапустите сервер. Там будут спрашивать клиентов.
first-line = Создайте линию
first-line-words = Линия — это очередь чатов со своим вопросом: шкалой, текстом и временем отправки.
first-recipient = Добавьте получателя оповещений
first-recipient-words = Этот человек узнает о низкой оценке за секунды — в мессенджере, которым и так пользуется.
today-usual = Сегодня к этому времени. «Обычно» — среднее за четыре последних полных дня: { $weekday }.
usually = обычно { $n }
waits-title = Требует внимания
waits-nothing = Всё в порядке, внимания ничего не требует.
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
    [one] из { $n } ответившего
    [few] из { $n } ответивших
    [many] из { $n } ответивших
   *[other] из { $n } ответивших
}
took-days = { $n ->
    [one] { $n } день
    [few] { $n } дня
    [many] { $n } дней
   *[other] { $n } дня
}
trend-alone = { $n ->
    [one] { $score } из { $n } оценки — хорошие.
    [few] { $score } из { $n } оценок — хорошие.
    [many] { $score } из { $n } оценок — хорошие.
   *[other] { $score } из { $n } оценок — хорошие.
}
trend-changed = изменены настройки: { $lines }
distribution-finding = { $n ->
    [one] Из { $n } оценки хороших { $good }, плохих { $bad }.
    [few] Из { $n } оценок хороших { $good }, плохих { $bad }.
    [many] Из { $n } оценок хороших { $good }, плохих { $bad }.
   *[other] Из { $n } оценок хороших { $good }, плохих { $bad }.
}
whiskers-together = { $n ->
    [one] { $n } оператор: данные не показывают различий.
    [few] У этих { $n } операторов данные не показывают различий.
    [many] У этих { $n } операторов данные не показывают различий.
   *[other] У этих { $n } операторов данные не показывают различий.
}
whiskers-few = Меньше { $n } оценок
whiskers-above = Выше остальной команды: { $names }. У остальных данные не показывают различий.
whiskers-below = Ниже остальной команды: { $names }. У остальных данные не показывают различий.
whiskers-both = Выше остальной команды: { $above }. Ниже: { $below }. У остальных данные не показывают различий.
num-left-off = { $n ->
    [one] Ещё { $n } с меньшим числом оценок не показан.
    [few] Ещё { $n } с меньшим числом оценок не показаны.
    [many] Ещё { $n } с меньшим числом оценок не показаны.
   *[other] Ещё { $n } с меньшим числом оценок не показаны.
}
me-gathered = { $n ->
    [one] Показатели охватывают целые недели, где есть хотя бы { $n } ответ, чтобы нельзя было узнать клиента. Неделя учитывается через три дня после окончания.
    [few] Показатели охватывают целые недели, где есть хотя бы { $n } ответа, чтобы нельзя было узнать клиента. Неделя учитывается через три дня после окончания.
    [many] Показатели охватывают целые недели, где есть хотя бы { $n } ответов, чтобы нельзя было узнать клиента. Неделя учитывается через три дня после окончания.
   *[other] Показатели охватывают целые недели, где есть хотя бы { $n } ответа, чтобы нельзя было узнать клиента. Неделя учитывается через три дня после окончания.
}
me-empty-words = { $n ->
    [one] Когда чаты с вами оценит { $n } клиент, здесь появятся показатели.
    [few] Когда чаты с вами оценят { $n } клиента, здесь появятся показатели.
    [many] Когда чаты с вами оценят { $n } клиентов, здесь появятся показатели.
   *[other] Когда чаты с вами оценят { $n } клиента, здесь появятся показатели.
}
wait-low = { $n ->
    [one] низкая оценка без ответа
    [few] низкие оценки без ответа
    [many] низких оценок без ответа
   *[other] низких оценок без ответа
}
wait-held = { $n ->
    [one] пониженная оценка отложена: ещё есть время всё исправить
    [few] пониженные оценки отложены: ещё есть время всё исправить
   *[many] пониженных оценок отложено: ещё есть время всё исправить
}
wait-alerts = { $n ->
    [one] оповещение ни до кого не дошло
    [few] оповещения ни до кого не дошли
    [many] оповещений ни до кого не дошли
   *[other] оповещений ни до кого не дошли
}
wait-deliveries = { $n ->
    [one] застрявшая доставка
    [few] застрявшие доставки
    [many] застрявших доставок
   *[other] застрявших доставок
}
wait-connections = { $n ->
    [one] остановленное подключение
    [few] остановленных подключения
    [many] остановленных подключений
   *[other] остановленных подключений
}
wait-lines = { $n ->
    [one] линия без получателей оповещений
    [few] линии без получателей оповещений
    [many] линий без получателей оповещений
   *[other] линий без получателей оповещений
}
num-reason-imported = Импортировано из файла
num-reason-erased = Удалено по просьбе клиента
num-response-open = ещё открыто: { $n }
num-pooled = лайки и звёзды вместе
target-title = Цели
target-wanted = цель: { $percent } хороших
target-reached = ▲ достигнута
target-missed = ▼ не достигнута
target-cannot-tell = ≈ пока нельзя сказать
target-answers = покажут примерно { $n } оценок всего, если доля останется такой же
