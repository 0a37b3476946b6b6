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
num-filter-handled-by = Кто вёл чат
num-filter-label = Метка
num-filter-scale = Шкала
num-filter-by = Группировка
num-all-lines = Все линии
num-all-operators = Все операторы
num-all-channels = Все каналы
num-all-handled = Все диалоги
num-all-labels = Любая метка
handled-by-human = человек
handled-by-program = бот
handled-by-both = бот и человек
handled-by-nobody = неизвестно
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
by-handled-by = Кто вёл чат
by-label = Метка
by-day = День
by-week = Неделя
by-month = Месяц
ask-day-wrong = Введите дату, например 2026-09-30.
ask-ends-before = Дата окончания раньше даты начала.
ask-too-long = Выберите период не длиннее десяти лет.
ask-period-unknown = Такого периода нет. Укажите даты здесь.
ask-line-unknown = Такой линии нет. Выберите другую.
ask-scale-unknown = Такой шкалы нет. Выберите другую.
ask-handled-unknown = Такого варианта нет. Выберите другой.
ask-label-unknown = Такой метки нет. Выберите другую.
num-label-other = прочее
ask-by-unknown = Так сгруппировать таблицу нельзя. Выберите другую группировку.
ask-by-too-many = Слишком много дней для одной таблицы. Сгруппируйте по неделям или месяцам.
ask-wrong = Проверьте выделенное поле.
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
num-few = малая выборка
num-few-hint = Меньше 30 ответов: несколько новых могут сильно сдвинуть долю
num-response-of = { $of ->
    [one] { $part } из { $of } вопроса, срок которого истёк
   *[many] { $part } из { $of } вопросов, срок которых истёк
}
num-place = { $from } из { $of }
num-places = { $from }–{ $to } из { $of }
num-empty-title = За этот период данных нет
num-empty-words = За эти дни по таким фильтрам нет закрытых чатов. Выберите другие дни или уберите часть фильтров.
num-choose-others = Выберите другие дни или уберите часть фильтров.
num-split-none = Ни у одного из этих чатов нет метки
num-supervisor-scored = Оценка руководителя: { $n } из 5
took-secs = { $n } с
took-mins = { $n } мин
took-hours = { $n } ч
change-up = ▲ { $points } п. п.
change-down = ▼ { $points } п. п.
change-higher = ▲ { $points } п. п., не случайно
change-lower = ▼ { $points } п. п., не случайно
change-cannot-tell = ≈ без явных изменений
rule-thumbs = Хорошо: 👍 · плохо: 👎 ({ $lines })
rule-stars = Хорошо: { $good } ★ · плохо: { $bad } ★ ({ $lines })
raw-score = С учётом аннулированных ({ $n }): { $score }
compared-with = Сравнение с периодом { $days }
figure-score = Хорошие оценки
figure-response = Доля ответов
figure-closed = Закрыто
figure-asked = Опрошено
figure-delivered = Доставлено
figure-answered = Ответили
figure-not-asked = Не опрошено
figure-kept-back = Исключено системой поддержки
figure-canceled = Вопрос отменён
figure-open = Вопрос ещё открыт
figure-expired = Срок ответа истёк
figure-unreachable = Клиент недоступен
figure-unsure = Доставка не подтверждена
figure-late = Ответ пришёл слишком поздно
figure-good = Хорошо
figure-neutral = Нейтрально
figure-bad = Плохо
figure-bad-ratings = Плохие оценки
figure-voided = Аннулировано
figure-average = Среднее число звёзд
figure-silent = Возможно с учётом молчащих
figure-silent-of = от «все плохие» до «все хорошие»
figure-resolved = Вопрос решён
figure-unresolved = Вопрос не решён
figure-commented = С комментарием
figure-took-median = Время до оценки, медиана
figure-took-average = Время до оценки, среднее
figure-supervised = Оценено руководителем
of-answered = { $share } оценок
median-under = менее { $time }
average-of-5 = среднее { $mean } из 5
before-was = ранее: { $n }
overall-is = за всё время: { $n } { $of }
reports-title = Отчёты
trend-title = Динамика хороших оценок
trend-stars = Динамика среднего числа звёзд
trend-none = За этот период оценок нет.
trend-higher = Хороших оценок { $now }, ранее — { $before }: стало лучше, и это вряд ли случайность.
trend-lower = Хороших оценок { $now }, ранее — { $before }: стало хуже, и это вряд ли случайность.
trend-cannot-tell = Хороших оценок { $now }, в предыдущем периоде — { $before }. Разница может быть случайной.
trend-same = Хороших оценок { $now }, как и в предыдущем периоде.
legend-period = этот период
legend-interval = интервал 95 %
legend-few = малая выборка
legend-before = предыдущий период
trend-last-days = { $n ->
    [one] последний { $n } день
    [few] последние { $n } дня
    [many] последние { $n } дней
   *[other] последние { $n } дня
}
trend-last-months = последние { $n } месяца
legend-closes = от меньшего числа закрытых чатов к большему
legend-bad = явно больше плохих оценок, чем в другие часы
legend-faint = неполные данные
legend-changed = изменены настройки линии
chart-table = Показать таблицей
head-time = Время
head-interval = Интервал 95 %
head-good-of = Хороших / оценено
head-score = Оценка
head-ratings = Оценок
head-share = Доля
head-step = Этап
head-chats = Чатов
head-of-before = % от предыдущего этапа
head-operator = Оператор
head-stars = Среднее ★
head-place = Возможное место
head-id = Идентификатор
head-response-percent = Доля ответов, %
head-score-percent = Хорошо, %
head-low = Интервал 95 %, от
head-high = Интервал 95 %, до
head-raw-percent = Хорошо с учётом аннулированных, %
head-resolved-percent = Решено, %
head-took-secs = Время до оценки, с
head-beside = По сравнению с остальной командой
head-stars-low = Среднее ★, интервал 95 %, от
head-stars-high = Среднее ★, интервал 95 %, до
head-kept-back-percent = Исключено системой поддержки, %
head-kept-back-low = Исключено, интервал 95 %, от
head-kept-back-high = Исключено, интервал 95 %, до
head-stars-of = Среднее ★, число оценок
head-raw-good = Хорошо с аннулированными
head-raw-neutral = Нейтрально с аннулированными
head-raw-bad = Плохо с аннулированными
distribution-thumbs = Лайк / дизлайк
distribution-stars = Звёзды
funnel-title = От закрытого чата до оценки
funnel-finding = Закрыто чатов: { $closed }, опрошено: { $asked }, вопросов доставлено: { $delivered }, ответов получено: { $answered }.
heat-title = По дням недели и часам
heat-none = За этот период не закрыт ни один чат.
heat-finding = Больше всего чатов закрывают в этот час: { $day }, с { $time }. За период: { $n }.
heat-said = закрыто: { $closes }, плохих оценок: { $bad }
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
whiskers-title = Показатели операторов с интервалами 95 %
whiskers-one = Оценён только один оператор, сравнивать не с кем.
way-title = Что стало с закрытыми чатами
said-title = Оценки
more-title = Другие показатели
reasons-title = Почему клиентов не спросили или вопрос не дошёл
split-by-operator = По операторам
split-by-line = По линиям
split-by-channel = По каналам
split-by-handled-by = По тому, кто вёл чат
split-by-label = По меткам
split-by-day = По дням
split-by-week = По неделям
split-by-month = По месяцам
split-hint = Все числа посчитаны по одним и тем же закрытым чатам; каждое ведёт к их списку.
mixes-differ = В разных строках люди и боты делят работу по-разному: часть разницы может объясняться этим. Чтобы сравнивать сопоставимое, отфильтруйте чаты по тому, кто их вёл.
mixes-differ-before = В предыдущем периоде люди и боты делили работу иначе
low-reasons-title = Почему оценки низкие
low-reasons-download = Скачать причины
low-reasons-reason = Причина
low-reasons-low = Низкие оценки
low-reasons-reasoned = С причиной от клиента
low-reasons-without = Без неё
low-reasons-with-tag = С меткой по ключевым словам
low-reasons-without-tag = Без метки, хотя правила применялись
low-reasons-chosen = Выбрали клиенты
low-reasons-tagged = Найдено по ключевым словам
low-reasons-before = Ранее
low-reasons-rule = Доли посчитаны по { $part } низким оценкам (из { $of }), где клиент выбрал хотя бы одну причину; причин может быть несколько. У каждой доли — интервал 95 %; изменение показано, только если оно вряд ли случайно с учётом всех причин. Аннулированные оценки не учитываются.
low-reasons-left-out = В изменениях нет линий, где в прошлом периоде низкими считались другие оценки.
low-reasons-tags-rule = Эти метки нашли в комментариях правила по ключевым словам, клиенты их не выбирали. Доли посчитаны по { $part } низким оценкам (из { $of }) с комментарием, к которому применялись правила.
low-reasons-split = Почему оценки низкие: { $by }
low-reasons-left-off = { $n ->
    [one] Не показана ещё { $n } строка с меньшим числом низких оценок.
    [few] Не показаны ещё { $n } строки с меньшим числом низких оценок.
   *[other] Не показано ещё { $n } строк с меньшим числом низких оценок.
}
low-reasons-all = Все
low-reasons-code = Код
low-reasons-origin = Откуда
low-reasons-part = Оценок с ней
low-reasons-of = Из
low-reasons-percent = Доля, %
low-reasons-before-part = Ранее: оценок с ней
low-reasons-before-of = Ранее: из
low-reasons-before-percent = Ранее: доля, %
low-reasons-points = Изменение, п. п.
low-reasons-verdict = Что показывают данные
num-outcome-canceled = Вопрос отменён
num-outcome-unreachable = Клиент недоступен
num-reason-line-off = Оценки для линии выключены
num-reason-line-archived = Линия в архиве
num-reason-spam = Закрыт как спам
num-reason-forced = Закрыт принудительно
num-reason-by-choice = Система поддержки решила не спрашивать
num-reason-timeout-close = Закрыт из-за неактивности
num-reason-bot-close = Закрыт ботом
num-reason-no-client = Адрес клиента неизвестен
num-reason-group = Групповой чат
num-reason-nobody-reads = Адрес никто не читает
num-reason-channel-off = Канал не поддерживает опросы
num-reason-no-operator = Оператор не участвовал
num-reason-operator-silent = Оператор не писал
num-reason-client-silent = Клиент не писал
num-reason-too-short = Слишком мало сообщений
num-reason-opted-out = Клиент просил не спрашивать
num-reason-blocked = Клиент нас заблокировал
num-reason-already-rated = Уже оценён
num-reason-throttled = Недавно уже спрашивали
num-reason-sampled-out = Не попал в выборку
num-reason-handled-otherwise = Чат вели не те, о ком спрашивает линия
num-reason-by-rule = Правило по меткам: не спрашивать
num-reason-window-shut = Окно для сообщений канала было закрыто
num-reason-template-missing = Нет шаблона для сообщений вне окна
num-reason-template-refused = Платформа отклонила шаблон
num-reason-no-form = Форма платформы выключена или не подходит
num-reason-quiet-hours = Тихие часы
num-reason-too-late = О закрытии сообщили слишком поздно
num-reason-flapping = Много раз закрывался и открывался
num-reason-reopened = Открыт снова
num-reason-restored = Восстановлено из резервной копии
num-reason-merged = Объединён с другим чатом
num-reason-recipient-gone = Клиент по этому адресу больше недоступен
num-reason-engagement-limit = Платформа не доставила: слишком много сообщений этому клиенту
num-reason-client-in-experiment = Клиент участвует в эксперименте платформы
num-reason-marketing-stopped = Клиент отказался от рекламных сообщений
num-reason-too-many-tries = Слишком много попыток
num-reason-refused = Отклонено платформой
operators-title = Операторы
operators-empty = Чатов операторов не найдено
operators-all = Все операторы и их показатели
compared-title = По сравнению с остальной командой
compared-higher = ▲ выше остальных
compared-lower = ▼ ниже остальных
compared-same = ≈ по данным разницы не видно
compared-nothing = сравнить нельзя
compared-same-mix = { $points } п. п. (от { $low } до { $high }), при равных условиях
compared-raw = Без поправок: { $points } п. п. (от { $low } до { $high })
compared-clients = клиентов: { $clients }, оценок: { $ratings }
compared-of = из них можно сравнить: { $n }
compared-counted = Учтено клиентов: { $clients }, их оценок: { $ratings }.
compared-scales = Лайки и звёзды сравниваются отдельно; в столбце хороших оценок они вместе.
compared-wait = Операторы ещё сравниваются.
compared-wait-now = Дождаться
labels-wait = Чатов с метками много: подсчёт займёт немного времени.
compared-hint = Каждый клиент учтён один раз для каждого оператора. Сравнивается сопоставимое: одна линия, канал и шкала. Ложную разницу показывает не больше чем 1 страница из 20. Интервалы — без поправки на число операторов.
head-estimate = Оценка с поправкой
compared-estimate = Оценка с поправкой: { $share }
estimate-hint = Оценка с поправкой — доля, сдвинутая к тому, что у коллег на тех же линиях, каналах и шкалах, тем сильнее, чем меньше ответов; списки операторов идут в этом порядке, чтобы несколько удачных ответов не вышли вперёд. Где больше никого не оценивали, доля остаётся как есть.
operator-kind = Человек или бот
operator-kind-told = как сообщает система поддержки ({ $kind })
operator-kind-human = человек
operator-kind-program = бот
operator-kind-hint = Действует для чатов, закрытых с этого момента. Чат, который бот передал человеку, засчитывается человеку.
done-operator-kind = Сохранено. Действует для чатов, закрытых с этого момента.
latest-title = Последние оценки
latest-none = Пока нет. Новые появятся здесь автоматически.
latest-all = Все оценки
me-title = Мои оценки
me-lead = Что клиенты говорят о чатах с вами.
me-empty = Ответов пока мало
me-groups = Динамика
me-comments = Что писали клиенты
me-comments-not = У вас нет доступа к комментариям. Его может дать администратор.
me-comments-none = За эти недели комментариев нет.
first-title-steps = Первые шаги
first-done = готово
first-connect = Подключите канал
first-connect-words = Добавьте бота, чат на сайте, номер или почтовый ящик и свою систему поддержки. Перед сохранением Lastword их проверит.
first-line = Создайте линию
first-line-words = Линия — это очередь чатов со своим вопросом: шкалой, текстом и временем отправки.
first-recipient = Добавьте получателя оповещений
first-recipient-words = Этот человек узнает о низкой оценке за секунды — в мессенджере, которым и так пользуется.
first-try = Попробуйте на себе
first-try-words = Напишите своему боту, получите вопрос, ответьте плохо и посмотрите, как приходит оповещение.
today-usual = За сегодня на этот момент. «Обычно» — среднее к { $time } по последним неделям, до четырёх ({ $weekday }); у доли хороших — за целый день.
usually = обычно { $n }
waits-title = Требует внимания
waits-nothing = Всё в порядке: ничего не требует внимания.
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
    [one] Хорошие — { $score } из { $n } оценки.
   *[many] Хорошие — { $score } из { $n } оценок.
}
trend-changed = изменены настройки: { $lines }
distribution-finding = { $n ->
    [one] Из { $n } оценки хороших { $good }, плохих { $bad }.
    [few] Из { $n } оценок хороших { $good }, плохих { $bad }.
    [many] Из { $n } оценок хороших { $good }, плохих { $bad }.
   *[other] Из { $n } оценок хороших { $good }, плохих { $bad }.
}
whiskers-together = { $n ->
    [one] { $n } оператор: по данным разницы не видно.
   *[many] По данным разницы между этими { $n } операторами не видно.
}
whiskers-few = Меньше { $n } оценок
whiskers-above = Выше остальной команды: { $names }.
whiskers-below = Ниже остальной команды: { $names }.
whiskers-both = Выше остальной команды: { $above }. Ниже: { $below }.
whiskers-others = Между остальными по данным разницы не видно.
whiskers-nothing = Сравнить нечего: ни на одной линии, в одном канале и по одной шкале нет достаточно оценок двух операторов, которые различались бы.
whiskers-redefined = Сравнить нечего.
whiskers-apart = Не с чем сравнить: { $n }.
compared-rule = Линии, где в эти дни изменилось определение хорошей оценки, не учтены.
num-left-off = { $n ->
    [one] Ещё { $n } с меньшим числом оценок не показан.
    [few] Ещё { $n } с меньшим числом оценок не показаны.
   *[many] Ещё { $n } с меньшим числом оценок не показано.
}
me-gathered = { $n ->
    [one] Показатели считаются за целые недели, где есть хотя бы { $n } ответ: так клиента нельзя узнать. Неделя учитывается через три дня после окончания.
    [few] Показатели считаются за целые недели, где есть хотя бы { $n } ответа: так клиента нельзя узнать. Неделя учитывается через три дня после окончания.
   *[many] Показатели считаются за целые недели, где есть хотя бы { $n } ответов: так клиента нельзя узнать. Неделя учитывается через три дня после окончания.
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
    [one] сниженная оценка отложена: ещё есть время всё исправить
    [few] сниженные оценки отложены: ещё есть время всё исправить
   *[many] сниженных оценок отложено: ещё есть время всё исправить
}
wait-alerts = { $n ->
    [one] оповещение ни до кого не дошло
    [few] оповещения ни до кого не дошли
   *[many] оповещений ни до кого не дошло
}
wait-deliveries = { $n ->
    [one] застрявшее сообщение
    [few] застрявших сообщения
    [many] застрявших сообщений
   *[other] застрявших сообщений
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
num-response-open = срок ещё не истёк: { $n }
num-still-open = ещё открыто: { $n }
num-pooled = лайки и звёзды вместе
num-each-scale = каждая шкала отдельно
num-other-clock = Дни пока посчитаны по часам { $zone }, а не { $ours }: запустите lastword recount
target-title = Цели
target-wanted = цель: { $percent } хороших
target-reached = ▲ достигнута
target-missed = ▼ не достигнута
target-cannot-tell = ≈ пока неясно
target-redefined = потому что в эти дни изменилась шкала или определение хорошей оценки
target-none = ≠ вывода нет
target-no-cases = нет оценок клиентов, у которых срок ответа истёк
target-answers = станет ясно, когда наберётся около { $n } клиентов, если доля не изменится
since-look = С вашего последнего визита,
since-week = С
since-all = Все низкие оценки
since-nothing = Закрытых чатов и низких оценок нет.
since-closed = { $n ->
    [one] Закрыт { $n } чат, оценили { $rated }.
    [few] Закрыто { $n } чата, оценили { $rated }.
   *[other] Закрыто { $n } чатов, оценили { $rated }.
}
since-good = Хороших: { $n } из { $of }.
since-low = { $n ->
    [0] Низких оценок не получено.
    [one] Получена { $n } низкая оценка (по времени оценки).
    [few] Получены { $n } низкие оценки (по времени оценки).
   *[many] Получено { $n } низких оценок (по времени оценки).
}
since-worst = Низкие оценки, сначала с комментариями
wait-late = { $n ->
    [one] просрочена
    [few] просрочены
   *[other] просрочено
}
wait-slipped = { $n ->
    [one] без ответа больше суток
    [few] без ответа больше суток
   *[other] без ответа больше суток
}
tab-overview = Обзор
tab-compare = Сравнение
tab-reasons = Причины
tab-week = Дни и часы
tab-details = Все показатели
changes-title = Что изменилось
changes-none = Явных изменений по сравнению с { $days } нет.
changes-hint = Сравнение с { $days }: все чаты, а также линии, каналы и операторы, всего { $n }. Каждый клиент учитывается в каждом периоде один раз, по последнему вопросу, срок ответа на который истёк, и только внутри одной линии, одного канала и одной шкалы. Ложное изменение показывает не больше чем 1 отчёт из 20.
change-scale = ≠ другая шкала: не сравнивается
change-rule = ≠ другое определение хорошей оценки: не сравнивается
change-rule-some = без линий с другим определением хорошей оценки
changes-rule = Линии, где хорошая оценка определяется теперь иначе, в сравнение оценок не входят.
changes-all = все чаты
changes-ends = 95-процентный интервал: от { $low } до { $high }
changes-mix = { $share }: внутри тех же линий, каналов и шкал { $points } п. п. (95-процентный интервал: от { $low } до { $high }). Ещё { $mix } п. п. даёт другое их соотношение.
changes-mix-few = { $share }: внутри тех же линий, каналов и шкал { $points } п. п., для интервала случаев мало. Ещё { $mix } п. п. даёт другое их соотношение.
changes-scale = В двух периодах клиенты оценивали по разным шкалам. Лайки и звёзды друг с другом не сравниваются: пара есть у { $compared } из { $now } клиентов сейчас и у { $comparedBefore } из { $before } в предыдущем периоде.
changes-wait = Сравнение с предыдущим периодом вычисляется.
changes-case = Что считается
case-counts = Количества
case-counts-words = Каждое число закрытых чатов, вопросов и оценок считает их все и ведёт к их списку. Количество ничего не утверждает.
case-over = Только вопросы, срок ответа на которые истёк
case-over-words = Вопрос учитывается в доле ответов и во всём, что утверждается, когда срок ответа истёк, был ответ или нет. Иначе вчерашний вопрос учитывался бы, только если на него ответили.
case-vote = Один голос клиента за период
case-vote-words = Там, где что-то утверждается, каждый клиент учитывается за период один раз, по последнему вопросу, срок ответа на который истёк: ответы одного клиента похожи.
case-like = Сопоставимое с сопоставимым
case-like-words = Сравниваются только клиенты одной линии, одного канала и одной шкалы. Что даёт другое их соотношение, сказано отдельно. Лайки и звёзды друг с другом не сравниваются.
case-sure = Насколько надёжно число
case-sure-words = Интервалы верны и для клиентов, которые возвращаются: много ответов немногих клиентов говорят меньше, чем столько же ответов многих. Если ничего не изменилось, изменение называет не более чем один отчёт из двадцати.
case-daily = При чтении каждый день
case-daily-words = Выводы о целях и экспериментах держат обещание, как бы часто на них ни смотрели. Все письма одного месяца вместе называют несуществующее изменение не более чем в одном месяце из двадцати.
figure-arrived = Доставленные вопросы
changes-line = линия
changes-channel = канал
changes-operator = оператор
changes-reason = причина низких оценок
own-past-title = По сравнению с собой раньше
own-past-points = { $points } п. п. (95-процентный интервал: от { $low } до { $high })
own-past-few = { $points } п. п.; для интервала случаев мало
own-past-hint = Каждый клиент учитывается один раз и только внутри одной линии, одного канала и одной шкалы. Разница может объясняться и другими клиентами, темами или настройками.
heat-alike = Ни в один час плохих оценок не стало явно больше, чем в остальные.
heat-nothing = Часы не сравниваются, потому что в эти дни изменилось определение плохой оценки.
heat-rule = Линии, где в эти дни изменилось определение плохой оценки, не учтены.
heat-worse = Явно больше плохих оценок, чем в другие часы: { $hours }.
legend-more = Другие обозначения
num-columns = Столбцы
num-add-filter = Фильтр
