# Lines: their settings, what the client sees, the dry run.
said-yes = да
said-no = нет
lines-lead = Каждая линия спрашивает клиентов по своим правилам.
lines-none = Линий пока нет
lines-none-words = Линия — это очередь чатов со своими настройками оценки. Создайте первую с тем же идентификатором, что и в вашей системе поддержки.
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
line-name-hint = Его видят люди.
line-id = Идентификатор
line-id-hint = Как в вашей системе поддержки. Изменить потом нельзя.
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
    [one] { $n } закрытый чат
    [few] { $n } закрытых чата
   *[many] { $n } закрытых чатов
}
line-asked-answered = опрошено: { $asked }, ответили: { $answered }
line-good-share = хороших: { $share }
line-archive = Убрать линию в архив
line-archive-hint = Линия в архиве никого не спрашивает. Оценки и показатели остаются, линию можно восстановить.
line-delete = Удалить линию
line-delete-hint = Удалить можно только линию, которой ещё не пользовались; остальные можно убрать в архив.
line-delete-sure = Да, удалить эту линию.
line-hangs = { $name }: удалить нельзя, потому что есть { $what }.
line-restore = Восстановить линию
line-restore-hint = Линия в архиве и никого не спрашивает.
line-tab-rating = Оценка
line-tab-plan = Пробный прогон
line-tab-versions = Версии
line-texts-own = свои тексты
line-texts-built-in = встроенные тексты
line-texts-add = Другой язык
line-texts-add-button = Добавить
line-texts-add-hint = Код языка, например fr или pt-BR. Пустые тексты берутся на языке линии.
line-versions-lead = Сохраняется каждое изменение. Возврат создаёт новую версию; для чатов, закрытых раньше, остаются прежние настройки.
line-version-n = Версия { $n }
line-version-present = текущая
line-version-back = Восстановить эту версию
line-version-first = Линия создана.
line-version-same = Сохранено без изменений.
line-warning-no-recipient = О низких оценках на этой линии никого не оповещают.
line-warning-no-supervisors = Оповещения идут руководителям линии, но у неё их нет.
line-warning-unknown-recipient = Получателя { $name } нет.
line-warning-empty-group = Группа { $name } пуста.
line-warning-not-reached = { $name } не получит оповещений: отключён или нет подходящего подключения.
line-warning-unreached = Последнее оповещение не дошло: { $name } — { $why }. Проверьте адрес и отправьте проверку.
line-warning-nobody-reached = О низких оценках этой линии никто не узнаёт: последнее оповещение не дошло ни до одного получателя.
line-warning-no-fallback = Запасного канала { $name } нет среди подключений.
line-warning-fallback-cannot = Запасной канал { $name } не умеет спрашивать по этой шкале.
done-line-made = Линия { $name } создана. Теперь выберите, кого оповещать о низких оценках.
done-line-saved = Сохранено. Действует для чатов, закрытых с этого момента.
done-line-deleted = { $name }: удалено.
done-line-archived = Линия { $name } в архиве.
done-line-restored = Линия { $name } восстановлена.
done-line-back = Снова действуют настройки версии { $name }.
set-save = Сохранить
set-save-hint = Для чатов, закрытых раньше, остаются настройки, по которым принято решение.
set-form-wrong = { $n ->
    [one] { $n } настройка указана неверно — пояснение рядом. Ничего не сохранено.
    [few] { $n } настройки указаны неверно — пояснения рядом. Ничего не сохранено.
   *[many] { $n } настроек указаны неверно — пояснения рядом. Ничего не сохранено.
}
set-clash-title = { $name } тем временем изменил(а) эту линию
set-clash-words = Ваше не потеряно, чужое не перезаписано. Ваша версия ниже, чужие изменения здесь.
set-clash-both = Объединить
set-clash-mine = Сохранить мою версию
set-clash-theirs = Отказаться от моей
set-part-asking = Опрос
set-part-asking-lead = Спрашивать ли клиентов после закрытия чата, когда и по какой шкале.
set-part-texts = Тексты
set-part-texts-lead = На языке клиента. Если поле пустое, используется встроенный текст, показанный серым.
set-part-low = Низкие оценки
set-part-low-lead = Что считается низкой оценкой и о чём тогда спросить клиента.
set-part-alerts = Оповещения
set-part-alerts-lead = Кого сразу оповестить о низкой оценке и кого — если никто не отреагирует.
set-part-answering = Ответ
set-part-answering-lead = Сколько времени клиент может отвечать и чья это оценка.
set-part-talking = Во время чата
set-part-talking-lead = Спрашивать до закрытия чата и закрывать неактивные чаты.
set-while_talking-enabled = Спрашивать, пока чат открыт
set-while_talking-enabled-hint = Кнопкой на странице сессии, из командной строки или через API. Это единственный вопрос об этом чате.
set-while_talking-closes = Первая оценка закрывает чат
set-while_talking-time_limit_secs = Время на ответ
set-while_talking-time_limit_secs-hint = Пусто: как у любого другого вопроса.
set-while_talking = Во время чата
set-idle_minutes = Закрывать неактивные чаты через
set-idle_minutes-hint = Пусто: никогда. Действует для нашего собственного чата и для чатов, об открытии которых сообщено; они закрываются по тайм-ауту.
set-bad-idle-minutes = Введите от 1 минуты до 31 дня или оставьте поле пустым.
set-bad-while-talking-time-limit-secs = Введите от 10 секунд до 90 дней или оставьте поле пустым.
set-part-leaving-out = Когда не спрашивать
set-part-leaving-out-lead = Для каждого пропущенного чата сохраняется причина, и она видна в отчётах.
set-part-windows = Тихие часы и окна для сообщений
set-part-windows-lead = Некоторые каналы разрешают писать лишь некоторое время после последнего сообщения клиента. Способы по порядку: раньше, шаблоном, через другой канал. Если ни один не подходит, клиента не спрашивают.
set-enabled = Спрашивать клиентов этой линии
set-name = Название линии
set-archived = В архиве
set-scale = Шкала
set-delay_secs = Задержка после закрытия чата
set-delay_secs-hint = Чат на сайте спрашивает сразу, пока посетитель на месте.
set-language = Язык линии
set-language-hint = Если язык клиента неизвестен или для него нет текстов.
set-ask_after_timeout = Спрашивать и тогда, когда чат закрыт из-за неактивности
set-ask_after_bot = Спрашивать и тогда, когда чат закрыл бот
set-texts-question = Вопрос
set-texts-question-hint = Переменные: #NAME#, #OPERATOR#, #LINE#, #ORGANISATION#, #SESSION#
set-texts-reminder = Напоминание
set-texts-reminder-hint = Переменные: #NAME#, #OPERATOR#, #LINE#, #ORGANISATION#, #SESSION#
set-texts-thanks_good = Благодарность за хорошую оценку
set-texts-thanks_neutral = Благодарность за нейтральную оценку
set-texts-thanks_good-hint = Переменные: #NAME#, #OPERATOR#, #LINE#, #ORGANISATION#, #SESSION#, #SCORE#
set-texts-thanks_low = Благодарность за низкую оценку
set-texts-thanks_low-hint = Переменные: #NAME#, #OPERATOR#, #LINE#, #ORGANISATION#, #SESSION#, #SCORE#
set-texts-expired = Когда вопрос истёк
set-texts-goes_on = Когда разговор продолжается
set-texts-expired-hint = Переменные: #NAME#, #OPERATOR#, #LINE#, #ORGANISATION#, #SESSION#
set-texts-resolved = Решён ли вопрос?
set-texts-resolved-hint = Переменные: #NAME#, #OPERATOR#, #LINE#, #ORGANISATION#, #SESSION#, #SCORE#
set-texts-comment = Подпись поля комментария
set-texts-comment-hint = Переменные: #NAME#, #OPERATOR#, #LINE#, #ORGANISATION#, #SESSION#, #SCORE#
set-texts-reasons = Причины на выбор
set-texts-reasons-hint = По одной в строке, не более восьми. После низкой оценки они станут кнопками.
set-low_max = Низкая оценка — до
set-low-usual = по умолчанию: 👎 или две звезды
set-low-stars = { $n ->
    [one] { $n } звезда
    [few] { $n } звезды
   *[many] { $n } звёзд
}
set-follow_up-reasons = Предлагать причины после низкой оценки
set-follow_up-comment = Просить комментарий после низкой оценки
set-follow_up-resolved = Спрашивать, решён ли вопрос
set-resolved-never = никогда
set-resolved-after-low = после низкой оценки
set-resolved-always = после любой оценки
set-alerts-recipients = Оповестить сразу
set-alerts-recipients-hint = У получателей своя страница, там можно отправить проверку.
set-alerts-supervisors = Руководители этой линии
set-alerts-text = Текст оповещения
set-alerts-text-hint = Переменные: #SCORE#, #LINE#, #CLIENT#, #OPERATOR#, #REASONS#, #COMMENT#, #SESSION#, #CHANNEL#, #TIME#, #LINK#, #ORGANISATION#. Строка, где все переменные пусты, пропускается.
set-alerts-escalate_after_minutes = Эскалировать, если никто не увидел за
set-alerts-escalate_after_minutes-hint = Пусто: никогда.
set-alerts-escalate_to = Затем оповестить, уровень за уровнем
alert-to-operator = ответственный оператор
alert-to-supervisors = руководители линии
alert-nobody = никто
set-expires_after_hours = Вопрос открыт
set-expires_after_hours-hint = За более поздний ответ благодарят, но он не учитывается.
set-change_minutes = Оценку можно изменить в течение
set-reminder_after_hours = Одно напоминание через
set-reminder_after_hours-hint = Пусто: без напоминания. Только внутри окна для сообщений канала.
set-other_text = Если клиент пишет о другом
set-other-text-keep-open = вопрос остаётся открытым
set-other-text-cancel = вопрос снимается
set-attribution = Кому принадлежит оценка
set-attribution-closing = оператору, закрывшему чат
set-attribution-shared = всем, кто писал
set-skip-no_operator = Если не участвовал ни один оператор
set-skip-no_operator-hint = Выключено: клиента спрашивают и тогда, когда ни закрытие, ни сессия не называют оператора.
set-skip-operator_silent = Если оператор ничего не написал
set-skip-client_silent = Если клиент ничего не написал
set-skip-min_messages = Сообщений меньше, чем
set-skip-min_messages-hint = 0 — спрашивать после любого разговора.
set-once_per_client_hours = Одного клиента не чаще раза в
set-once_per_client_hours-hint = По всем линиям и каналам; 0 — каждый раз.
set-sampling_percent = Спрашивать о
set-sampling_percent-hint = Доля закрытых чатов; выбор всегда одинаков.
set-quiet_hours = Соблюдать тихие часы
set-quiet_hours-from = С
set-quiet_hours-to = До
set-quiet_hours-time_zone = Часовой пояс
set-quiet_hours-time_zone-hint = Например, Europe/Berlin. Пусто — как у организации.
set-quiet_hours-shut_out = Если вопрос не может ждать так долго
set-shut-out-early = спросить до их начала
set-shut-out-skip = не спрашивать
set-window-ask_early = Спросить раньше, пока окно для сообщений открыто
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
set-bad-alerts-text = Не больше 2000 символов.
set-bad-language = Введите код языка, например en или pt-BR.
set-bad-text = Не больше 640 символов, чтобы текст поместился в любом канале.
wrong-macro = Неизвестная переменная { $name }. Здесь доступны: { $known }.
wrong-macro-none = Переменные вроде { $name } здесь использовать нельзя.
set-bad-reasons = Введите не больше восьми причин по 1–40 символов, по одной в строке.
set-bad-sampling-percent = Введите от 0 до 100.
set-bad-low-max = Такого балла нет на шкале линии.
set-bad-scale = Неизвестная шкала. Выберите лайк / дизлайк или звёзды.
set-bad-expires-after-hours = Введите от 1 часа до 90 дней.
set-bad-delay-secs = Вопрос истечёт раньше, чем будет отправлен. Уменьшите задержку.
set-bad-reminder-after-hours = Напоминание должно прийти не раньше чем через час после вопроса и до того, как он истечёт.
set-bad-alerts-escalate-to = Выберите хотя бы один уровень или оставьте время пустым.
set-bad-quiet-hours-from = Введите время от 00:00 до 23:59.
set-bad-quiet-hours-to = Введите время, отличное от начала.
set-bad-quiet-hours-time-zone = Неизвестный часовой пояс. Введите, например, Europe/Berlin.
preview-title = Предпросмотр
preview-moment = Сообщение
preview-show = Показать предпросмотр
preview-none = Ни один канал этой сборки не может отправлять сообщения клиентам.
preview-not-connected = пока не подключён
preview-cannot-ask = Этот канал не умеет спрашивать по этой шкале; его клиентов не спрашивают.
preview-cut = Текст слишком длинный для этого канала и будет сокращён.
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
preview-new-message = Благодарность придёт отдельным сообщением: этот канал не умеет заменять вопрос.
preview-no-link = #LINK# остаётся пустым: http.public_url не задан, поэтому у сервера нет публичного адреса.
preview-moment-question = Вопрос
preview-moment-thanks-good = Благодарность за хорошую оценку
preview-moment-thanks-neutral = Благодарность за нейтральную оценку
preview-moment-thanks-low = Благодарность за низкую оценку
preview-moment-reminder = Напоминание
preview-moment-expired = Вопрос истёк
preview-moment-goes-on = Разговор продолжается
preview-moment-alert = Оповещение о низкой оценке
preview-channel-telegram = Telegram
preview-channel-whatsapp = WhatsApp
preview-channel-messenger = Messenger
preview-channel-instagram = Instagram
preview-channel-webchat = Чат на сайте
preview-channel-email = Почта
preview-channel-webhook = Только текст (SMS и другие)
plan-lead = Что эта линия спросила бы о прошлых чатах по сохранённым настройкам, как если бы она была включена. Ничего не отправляется.
plan-since = Закрыты с
plan-limit = Строк
plan-look = Запустить
plan-wrong = Эта дата не в прошлом. Показаны последние семь дней.
plan-truncated = Закрытых чатов больше, чем охватывает один прогон; поздние не вошли.
plan-none = За этот период чаты не закрывались
plan-none-words = Выберите более раннюю дату или закройте чат в вашей системе поддержки.
plan-closes = Закрытые чаты
plan-asked = Спросили бы
plan-not = Не спросили бы
plan-closed = Закрыт
plan-result = Результат
plan-due = Когда ушёл бы вопрос
plan-way-in-time = спросили бы вовремя
plan-way-early = спросили бы раньше
plan-way-template = спросили бы шаблоном
plan-way-fallback = спросили бы в другом канале
plan-way-window-unknown = спросили бы, не зная окна для сообщений
plan-not-asked-line-off = линия выключена
plan-not-asked-line-archived = линия в архиве
plan-not-asked-spam = закрыт как спам
plan-not-asked-forced = закрыт принудительно
plan-not-asked-by-choice = система поддержки решила не спрашивать
plan-not-asked-timeout-close = закрыт из-за неактивности
plan-not-asked-bot-close = закрыт ботом
plan-not-asked-no-client = адрес клиента неизвестен
plan-not-asked-group = групповой разговор, клиент не указан
plan-not-asked-channel-off = канал не умеет спрашивать
plan-not-asked-no-operator = оператор не участвовал
plan-not-asked-operator-silent = оператор не писал
plan-not-asked-client-silent = клиент не писал
plan-not-asked-too-short = слишком мало сообщений
plan-not-asked-opted-out = клиент просил не спрашивать
plan-not-asked-blocked = клиент нас заблокировал
plan-not-asked-already-rated = уже оценён
plan-not-asked-throttled = спрашивали недавно
plan-not-asked-sampled-out = не попал в выборку
plan-not-asked-window-shut = окно для сообщений было закрыто
plan-not-asked-template-missing = нет шаблона для сообщений вне окна
plan-not-asked-template-refused = платформа отклонила шаблон
plan-not-asked-no-form = форма самой платформы не подходит
plan-not-asked-quiet-hours = тихие часы
plan-not-asked-too-late = сообщено слишком поздно
plan-not-asked-flapping = закрывался и открывался снова и снова
set-part-keeping = Публикация и хранение
set-part-keeping-lead = Что из оценок видит публика и сколько хранятся личные данные.
set-publication = Публиковать отзывы клиентов
set-publication-hint = На странице и значке этой линии, через три дня после оценки.
set-retention_months = Удалять личные данные через
set-retention_months-hint = Оценки и счётчики остаются; 0 — хранить личные данные без срока.
set-unit-months = месяцев
set-bad-retention-months = Введите от 1 до 1200 месяцев или 0 — без срока.
set-alerts = Оповещения
set-follow_up = О чём спросить после низкой оценки
set-window = Когда окно для сообщений закрывается
set-skip = Когда не спрашивать
set-target_percent = Цель: хорошие оценки
set-target_percent-hint = Отчёты скажут, достигнута ли она, нет или пока неясно. Пусто – без цели.
