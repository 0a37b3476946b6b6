# Lines: their settings, what the client sees, the dry run.
said-yes = да
said-no = нет
lines-lead = Каждая линия спрашивает клиентов по своим правилам.
lines-none = Линий пока нет
lines-none-words = Линия — это очередь чатов со своими настройками оценки. Создайте первую под тем же идентификатором, что и в вашей системе.
line-word = Линия
line-session = Сессия
line-older = Более ранние
line-asks = Опрос
line-today = Сегодня
line-on = включена
line-off = выключена
line-archived = в архиве
line-new = Новая линия
line-make = Создать линию
line-name = Название
line-name-hint = Как его видят люди.
line-id = Идентификатор
line-id-hint = Как его называет ваша система; изменить нельзя.
line-scale-hint = Всё остальное можно настроить позже.
line-scale-binary = 👍 или 👎
line-scale-five-star = пять звёзд
line-at-once = сразу
line-n-seconds = { $n ->
    [one] { $n } секунда
    [few] { $n } секунды
   *[many] { $n } секунд
}
line-n-minutes = { $n ->
    [one] { $n } минута
    [few] { $n } минуты
   *[many] { $n } минут
}
line-n-hours = { $n ->
    [one] { $n } час
    [few] { $n } часа
   *[many] { $n } часов
}
line-n-days = { $n ->
    [one] { $n } день
    [few] { $n } дня
   *[many] { $n } дней
}
line-n-closed = { $n ->
    [one] { $n } закрытие
    [few] { $n } закрытия
   *[many] { $n } закрытий
}
line-asked-answered = спрошено: { $asked }, ответили: { $answered }
line-good-share = хороших: { $share }
line-archive = Убрать линию в архив
line-archive-hint = Линия в архиве никого не спрашивает. Оценки и числа остаются, линию можно вернуть.
line-restore = Вернуть линию
line-restore-hint = Линия в архиве и никого не спрашивает.
line-tab-rating = Оценка
line-tab-plan = Пробный прогон
line-tab-versions = Версии
line-texts-own = свои тексты
line-texts-built-in = встроенные тексты
line-texts-add = Другой язык
line-texts-add-button = Добавить
line-texts-add-hint = Код языка, например fr или pt-BR. Пустые тексты берутся на языке линии.
line-versions-lead = Каждое изменение сохраняется. Возврат создаёт новую версию; прежние закрытия сохраняют свои настройки.
line-version-n = Версия { $n }
line-version-present = текущая
line-version-back = Вернуть эту
line-version-first = Линия создана.
line-version-same = Сохранено без изменения настроек.
line-warning-no-recipient = О низкой оценке на этой линии никто не узнает.
line-warning-no-supervisors = Уведомляются супервизоры линии, но их нет.
line-warning-unknown-recipient = Получателя { $name } нет.
line-warning-empty-group = Группа { $name } пуста.
line-warning-not-reached = { $name } не получит уведомление: отключён или нет подключения для уведомлений.
line-warning-no-fallback = Запасного канала { $name } нет среди подключений.
line-warning-fallback-cannot = Запасной канал { $name } не умеет спрашивать по этой шкале.
done-line-made = Линия { $name } создана. Укажите, кто узнаёт о низких оценках.
done-line-saved = Сохранено. Действует для закрытий с этого момента.
done-line-archived = Линия { $name } в архиве.
done-line-restored = Линия { $name } снова работает.
done-line-back = Снова действуют настройки версии { $name }.
set-save = Сохранить
set-save-hint = Прежние закрытия сохраняют настройки, по которым они решались.
set-form-wrong = { $n ->
    [one] { $n } настройку нельзя принять — причина указана рядом. Ничего не сохранено.
    [few] { $n } настройки нельзя принять — причины указаны рядом. Ничего не сохранено.
   *[many] { $n } настроек нельзя принять — причины указаны рядом. Ничего не сохранено.
}
set-clash-title = { $name } тем временем изменил(а) эту линию
set-clash-words = Ваши данные не потеряны, чужие не перезаписаны: ниже — то, что ввели вы, здесь — то, что изменили другие. Выберите.
set-clash-both = Объединить
set-clash-mine = Сохранить моё поверх
set-clash-theirs = Отказаться от моего
set-part-asking = Опрос
set-part-asking-lead = Спрашивать ли клиентов после закрытия, когда и по какой шкале.
set-part-texts = Тексты
set-part-texts-lead = Решает язык клиента. Вместо пустых полей используются встроенные тексты — они показаны серым.
set-part-low = Низкие оценки
set-part-low-lead = Что считается низкой оценкой и о чём тогда спросить клиента.
set-part-alerts = Уведомления
set-part-alerts-lead = Кто сразу узнаёт о низкой оценке и кто — если никто не отреагировал.
set-part-answering = Ответ
set-part-answering-lead = Сколько времени есть у клиента и чья это оценка.
set-part-talking = Во время разговора
set-part-talking-lead = Спрашивать до закрытия чата и закрывать замолчавшие чаты.
set-while_talking-enabled = Спрашивать, пока чат открыт
set-while_talking-enabled-hint = Кнопкой на странице сессии, из командной строки или через API. Это единственный вопрос об этом чате.
set-while_talking-closes = Первая оценка закрывает чат
set-while_talking-time_limit_secs = Время на ответ
set-while_talking-time_limit_secs-hint = Пусто: как у любого вопроса.
set-while_talking = Во время разговора
set-idle_minutes = Закрывать молчащие чаты через
set-idle_minutes-hint = Пусто: никогда. Наш собственный чат и чаты, об открытии которых сообщила система; закрываются по времени.
set-bad-idle-minutes = Напишите от 1 минуты до 31 дня или оставьте пустым.
set-bad-while-talking-time-limit-secs = Напишите от 10 секунд до 90 дней или оставьте пустым.
set-part-leaving-out = Когда не спрашивать
set-part-leaving-out-lead = У каждого пропущенного закрытия есть причина, и она видна в отчётах.
set-part-windows = Тихие часы и окна
set-part-windows-lead = Некоторые каналы разрешают писать лишь некоторое время после последнего сообщения клиента. Порядок действий: раньше, шаблон, другой канал. Иначе клиента не спрашиваем.
set-enabled = Спрашивать клиентов этой линии
set-name = Название линии
set-archived = В архиве
set-scale = Шкала
set-delay_secs = Задержка после закрытия
set-delay_secs-hint = Веб-чат спрашивает сразу, пока посетитель на месте.
set-language = Язык линии
set-language-hint = Если язык клиента неизвестен или для него нет текстов.
set-ask_after_timeout = И когда чат закрылся из-за молчания
set-ask_after_bot = И когда чат закрыл бот
set-texts-question = Вопрос
set-texts-reminder = Напоминание
set-texts-thanks_good = Спасибо за хорошую оценку
set-texts-thanks_low = Спасибо за низкую оценку
set-texts-expired = Когда время вышло
set-texts-resolved = Решён ли вопрос?
set-texts-comment = Подпись поля комментария
set-texts-reasons = Причины на выбор
set-texts-reasons-hint = По одной в строке, не более восьми. После низкой оценки они станут кнопками.
set-low_max = Низкая оценка — до
set-low-usual = как обычно: 👎 или две звезды
set-low-stars = { $n ->
    [one] { $n } звезда
    [few] { $n } звезды
   *[many] { $n } звёзд
}
set-follow_up-reasons = Предлагать причины после низкой оценки
set-follow_up-comment = Приглашать к комментарию после низкой оценки
set-follow_up-resolved = Спрашивать, решён ли вопрос
set-resolved-never = никогда
set-resolved-after-low = после низкой оценки
set-resolved-always = после любой оценки
set-alerts-recipients = Узнают сразу
set-alerts-recipients-hint = Получатели создаются на своей странице, там же есть кнопка проверки.
set-alerts-supervisors = Супервизоры этой линии
set-alerts-text = Текст уведомления
set-alerts-text-hint = Подставляются: #LINE#, #OPERATOR#, #SCORE#, #SESSION#, #CHANNEL#, #TIME#, #LINK#
set-alerts-escalate_after_minutes = Передать дальше, если никто не увидел за
set-alerts-escalate_after_minutes-hint = Пусто: никогда.
set-alerts-escalate_to = Затем узнают, уровень за уровнем
alert-to-operator = ответственный оператор
alert-to-supervisors = супервизоры линии
alert-nobody = никто
set-expires_after_hours = Вопрос открыт
set-expires_after_hours-hint = За поздний ответ благодарим и храним его отдельно.
set-change_minutes = Оценку можно изменить в течение
set-reminder_after_hours = Одно напоминание через
set-reminder_after_hours-hint = Пусто: без напоминания. Только внутри окна канала.
set-other_text = Если клиент пишет о другом
set-other-text-keep-open = вопрос остаётся открытым
set-other-text-cancel = вопрос снимается
set-attribution = Чья это оценка
set-attribution-closing = оператора, закрывшего чат
set-attribution-shared = всех, кто писал
set-skip-no_operator = Если не участвовал ни один оператор
set-skip-no_operator-hint = Выключено: клиента спрашивают и тогда, когда ни закрытие, ни сессия не называют оператора.
set-skip-operator_silent = Если оператор ничего не написал
set-skip-client_silent = Если клиент ничего не написал
set-skip-min_messages = Сообщений меньше, чем
set-skip-min_messages-hint = 0 — спрашивать после любого разговора.
set-once_per_client_hours = Одного клиента не чаще раза в
set-once_per_client_hours-hint = По всем линиям и каналам; 0 — каждый раз.
set-sampling_percent = Спрашивать о
set-sampling_percent-hint = От всех закрытий; выбор воспроизводим.
set-quiet_hours = Соблюдать тихие часы
set-quiet_hours-from = С
set-quiet_hours-to = До
set-quiet_hours-time_zone = Часовой пояс
set-quiet_hours-time_zone-hint = Например, Europe/Berlin; пусто — как у организации.
set-quiet_hours-shut_out = Если вопрос не может ждать так долго
set-shut-out-early = спросить до их начала
set-shut-out-skip = не спрашивать
set-window-ask_early = Спросить раньше, пока окно открыто
set-window-template = Использовать одобренный шаблон, если он есть
set-window-fallback = Спросить через другой канал
set-no-fallback = нет
set-unit-seconds = секунд
set-unit-minutes = минут
set-unit-hours = часов
set-unit-days = дней
set-bad-number = Введите целое число от { $min } до { $max }.
set-bad-duration = Введите целое число и выберите единицу.
set-bad-id = Введите от 1 до 64 латинских букв, цифр или - _ . :
set-bad-id-taken = Этот идентификатор занят. Выберите другой.
set-bad-line-name = Введите от 1 до 200 символов в одну строку.
set-bad-alert-text = Не более 2000 символов.
set-bad-language = Введите код языка, например en или pt-BR.
set-bad-text = Не более 640 символов, чтобы текст поместился в любом канале.
set-bad-reasons = Не более восьми причин по 1–40 символов, по одной в строке.
set-bad-sampling-percent = Введите от 0 до 100.
set-bad-low-max = Такой оценки нет на шкале линии.
set-bad-scale = Такой шкалы нет. Выберите лайк / дизлайк или звёзды.
set-bad-expires-after-hours = Введите от 1 часа до 90 дней.
set-bad-delay-secs = Вопрос истечёт раньше, чем будет отправлен: уменьшите задержку.
set-bad-reminder-after-hours = Напоминание должно быть между вопросом и его концом: не меньше часа и меньше срока вопроса.
set-bad-alerts-escalate-to = Укажите хотя бы один уровень или оставьте время пустым.
set-bad-quiet-hours-from = Введите время от 00:00 до 23:59.
set-bad-quiet-hours-to = Введите время, отличное от начала.
set-bad-quiet-hours-time-zone = Такого часового пояса нет. Например: Europe/Berlin.
preview-title = Предпросмотр
preview-moment = Сообщение
preview-show = Показать
preview-none = В этой сборке нет каналов для сообщений клиентам.
preview-not-connected = пока не подключён
preview-cannot-ask = Канал не умеет спрашивать по этой шкале: его клиентов не спросят.
preview-cut = Текст слишком длинный для этого канала и сокращён.
preview-cut-labels = { $n ->
    [one] { $n } кнопка слишком длинная для этого канала и сокращена.
    [few] { $n } кнопки слишком длинные для этого канала и сокращены.
   *[many] { $n } кнопок слишком длинные для этого канала и сокращены.
}
preview-left-out = { $n ->
    [one] Не поместился { $n } вариант.
    [few] Не поместились { $n } варианта.
   *[many] Не поместились { $n } вариантов.
}
preview-typed = Можно и набрать: { $hint }
preview-new-message = Благодарность придёт отдельным сообщением: канал не умеет заменять вопрос.
preview-no-link = #LINK# остаётся пустым: http.public_url не задан, и снаружи сюда не ведёт ни один адрес.
preview-moment-question = Вопрос
preview-moment-thanks-good = Спасибо за хорошую оценку
preview-moment-thanks-low = Спасибо за низкую оценку
preview-moment-reminder = Напоминание
preview-moment-expired = Время вышло
preview-moment-alert = Уведомление о низкой оценке
preview-channel-telegram = Telegram
preview-channel-whatsapp = WhatsApp
preview-channel-messenger = Messenger
preview-channel-instagram = Instagram
preview-channel-webchat = Веб-чат
preview-channel-email = Эл. почта
preview-channel-webhook = Только текст (SMS и другие)
plan-lead = Что эта линия спросила бы о прошлых закрытиях по сохранённым настройкам, как если бы она была включена. Ничего не отправляется.
plan-since = Закрыты с
plan-limit = Показать
plan-look = Посмотреть
plan-wrong = Это не день до сегодняшнего включительно. Показаны последние семь дней.
plan-truncated = Закрытий больше, чем рассматривает один прогон: поздние не вошли.
plan-none = За это время чаты не закрывались
plan-none-words = Выберите более ранний день или закройте чат в вашей системе.
plan-closes = Закрытия
plan-asked = Спросили бы
plan-not = Не спросили бы
plan-closed = Закрыта
plan-result = Результат
plan-due = Вопрос ушёл бы
plan-way-in-time = спросили бы вовремя
plan-way-early = спросили бы раньше
plan-way-template = спросили бы шаблоном
plan-way-fallback = спросили бы в другом канале
plan-way-window-unknown = спросили бы, не зная окна
plan-not-asked-line-off = линия выключена
plan-not-asked-line-archived = линия в архиве
plan-not-asked-spam = закрыт как спам
plan-not-asked-forced = закрыт принудительно
plan-not-asked-by-choice = решено не спрашивать
plan-not-asked-timeout-close = закрыт из-за молчания
plan-not-asked-bot-close = закрыт ботом
plan-not-asked-no-client = нет адреса клиента
plan-not-asked-channel-off = канал не умеет спрашивать
plan-not-asked-no-operator = не было оператора
plan-not-asked-operator-silent = оператор ничего не написал
plan-not-asked-client-silent = клиент ничего не написал
plan-not-asked-too-short = слишком мало сообщений
plan-not-asked-opted-out = клиент отказался от вопросов
plan-not-asked-blocked = клиент нас заблокировал
plan-not-asked-already-rated = уже оценён
plan-not-asked-throttled = недавно уже спрашивали
plan-not-asked-sampled-out = не попал в выборку
plan-not-asked-window-shut = окно закрыто
plan-not-asked-template-missing = нет шаблона для времени вне окна
plan-not-asked-template-refused = платформа не приняла шаблон
plan-not-asked-no-form = собственная форма платформы не подходит
plan-not-asked-quiet-hours = тихие часы
plan-not-asked-too-late = сообщено слишком поздно
plan-not-asked-flapping = закрывается и открывается снова и снова
set-part-keeping = Показ и хранение
set-part-keeping-lead = Что из оценок видят другие и сколько известно, чьи они.
set-publication = Показывать отзывы клиентов публично
set-publication-hint = Через три дня после отзыва, на странице и значке этой линии.
set-retention_months = Удалять личные данные через
set-retention_months-hint = Оценки и счётчики остаются; 0 — хранить всегда.
set-unit-months = месяцев
set-bad-retention-months = Введите от 1 до 1200 месяцев или 0 — всегда.
set-alerts = Уведомления
set-follow_up = Вопросы после низкой оценки
set-window = Что делать, когда окно закрывается
set-skip = Когда не спрашивать
