# Lines: their settings, what the client sees, the dry run.
said-yes = да
said-no = нет
lines-lead = Каждая линия спрашивает клиентов по своим правилам.
lines-none = Линий пока нет
lines-none-words = Линия — это очередь чатов со своими настройками оценки. Создайте первую с тем же идентификатором, что и в вашей системе поддержки.
line-word = Линия
line-session = Чат
line-older = Более ранние
line-asks = Опрос
line-today = Сегодня
line-on = включён
line-off = выключен
line-archived = в архиве
line-new = Новая линия
line-make = Создать линию
line-name = Название
line-name-hint = Под этим названием линию видят люди.
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
line-hangs = { $name }: удалить нельзя, потому что есть связанные данные: { $what }.
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
line-versions-lead = Каждое изменение сохраняется. Возврат создаёт новую версию; для чатов, закрытых раньше, остаются прежние настройки.
line-version-n = Версия { $n }
line-version-present = текущая
line-version-back = Восстановить эту версию
line-version-first = Линия создана.
line-version-same = Сохранено без изменений.
line-warning-no-recipient = О низких оценках на этой линии никого не оповещают.
line-warning-no-supervisors = Оповещения идут руководителям линии, но у неё их нет.
line-warning-unknown-recipient = Получателя { $name } нет.
line-warning-empty-group = Группа { $name } пуста.
line-warning-not-reached = { $name } не получит оповещений: получатель отключён или нет подключения для оповещений.
line-warning-unreached = Последнее оповещение не дошло: { $name } — { $why }. Проверьте адрес и отправьте тест.
line-warning-nobody-reached = О низких оценках этой линии никто не узнаёт: последнее оповещение не дошло ни до одного из получателей.
line-warning-no-fallback = Запасного подключения { $name } нет.
line-warning-fallback-cannot = Запасное подключение { $name } не поддерживает эту шкалу.
done-line-made = Линия { $name } создана. Теперь выберите, кого оповещать о низких оценках.
done-line-saved = Сохранено. Действует для чатов, закрытых с этого момента.
done-line-deleted = { $name }: удалено.
done-line-archived = Линия { $name } в архиве.
done-line-restored = Линия { $name } восстановлена.
done-line-back = Снова действуют настройки версии { $name }.
set-save = Сохранить
set-save-hint = Для чатов, закрытых раньше, остаются прежние настройки.
set-form-wrong = { $n ->
    [one] { $n } настройка указана неверно — пояснение рядом. Ничего не сохранено.
    [few] { $n } настройки указаны неверно — пояснения рядом. Ничего не сохранено.
   *[many] { $n } настроек указаны неверно — пояснения рядом. Ничего не сохранено.
}
set-clash-title = Линию тем временем изменили: { $name }
set-clash-words = Ваши изменения не потеряны, чужие не перезаписаны. Ваша версия ниже, чужие изменения здесь.
set-clash-both = Объединить
set-clash-mine = Сохранить мою версию
set-clash-theirs = Отменить мои изменения
set-part-asking = Опрос
set-part-asking-lead = Спрашивать ли клиентов после закрытия чата и по какой шкале.
set-part-texts = Тексты
set-part-texts-lead = На языке клиента. Если поле пустое, используется встроенный текст, показанный серым.
set-part-low = Низкие оценки
set-part-low-lead = Что считается низкой оценкой и о чём тогда спросить клиента.
set-part-alerts = Оповещения
set-part-alerts-lead = Кого сразу оповестить о низкой оценке и кого — если никто не отреагирует.
set-part-answering = Вопрос и ответ
set-part-answering-lead = Когда отправить вопрос, сколько времени у клиента на ответ и кому засчитывается оценка.
set-part-talking = Во время чата
set-part-talking-lead = Спрашивать до закрытия чата и закрывать неактивные чаты.
set-while_talking-enabled = Спрашивать, пока чат открыт
set-while_talking-enabled-hint = Кнопкой на странице чата, из командной строки или через API. Других вопросов об этом чате не будет.
set-while_talking-closes = Первая оценка закрывает чат
set-while_talking-time_limit_secs = Время на ответ
set-while_talking-time_limit_secs-hint = Пусто — как у любого другого вопроса.
set-while_talking = Во время чата
set-idle_minutes = Закрывать неактивные чаты через
set-idle_minutes-hint = Пусто — никогда. Действует для нашего собственного чата и для чатов, об открытии которых нам сообщили; они закрываются из-за неактивности.
set-bad-idle-minutes = Введите от 1 минуты до 31 дня или оставьте поле пустым.
set-bad-while-talking-time-limit-secs = Введите от 10 секунд до 90 дней или оставьте поле пустым.
set-part-leaving-out = Когда не спрашивать
set-part-leaving-out-lead = Для каждого пропущенного чата сохраняется причина, и она видна в отчётах.
set-part-windows = Тихие часы и окна для сообщений
set-part-windows-lead = В некоторых каналах писать клиенту можно лишь некоторое время после его последнего сообщения. Способы пробуются по порядку: раньше, шаблоном, через другой канал. Если ни один не подходит, клиента не спрашивают.
set-enabled = Спрашивать клиентов этой линии
set-name = Название линии
set-archived = В архиве
set-scale = Шкала
set-delay_secs = Задержка после закрытия чата
set-delay_secs-hint = Чат на сайте спрашивает сразу, пока посетитель на месте.
set-language = Язык линии
set-language-hint = Для случаев, когда язык клиента неизвестен или на нём нет текстов.
set-ask_after_timeout = Спрашивать и после закрытия из-за неактивности
set-ask_after_bot = Спрашивать и после закрытия ботом
set-texts-question = Вопрос
set-texts-question-hint = Переменные: #NAME#, #OPERATOR#, #LINE#, #ORGANISATION#, #SESSION#
set-texts-reminder = Напоминание
set-texts-reminder-hint = Переменные: #NAME#, #OPERATOR#, #LINE#, #ORGANISATION#, #SESSION#
set-texts-thanks_good = Благодарность за хорошую оценку
set-texts-thanks_neutral = Благодарность за нейтральную оценку
set-texts-thanks_good-hint = Переменные: #NAME#, #OPERATOR#, #LINE#, #ORGANISATION#, #SESSION#, #SCORE#
set-texts-thanks_low = Благодарность за низкую оценку
set-texts-thanks_low-hint = Переменные: #NAME#, #OPERATOR#, #LINE#, #ORGANISATION#, #SESSION#, #SCORE#
set-texts-expired = Когда срок ответа истёк
set-texts-goes_on = Когда разговор продолжается
set-texts-expired-hint = Переменные: #NAME#, #OPERATOR#, #LINE#, #ORGANISATION#, #SESSION#
set-texts-resolved = Решён ли вопрос?
set-texts-resolved-hint = Переменные: #NAME#, #OPERATOR#, #LINE#, #ORGANISATION#, #SESSION#, #SCORE#
set-texts-comment = Подпись поля комментария
set-texts-comment-hint = Переменные: #NAME#, #OPERATOR#, #LINE#, #ORGANISATION#, #SESSION#, #SCORE#
set-tag_rules = Правила по ключевым словам для комментариев
set-tag_rules-hint = В строке — одно правило на одном языке: код причины, косая черта, язык, двоеточие и слова через запятую, например «price / ru: цена, слишком дорого, дорог*». Комментарий с одним из слов получает метку этой причины. В отчётах метки показаны отдельно от причин, выбранных клиентами. Изменения действуют для новых комментариев.
set-ask_rules = Правила по меткам
set-ask_rules-hint = Одно правило в строке: «ask:» (спросить) или «skip:» (не спрашивать), затем метки или поля, например «ask: vip», «skip: spam | test» (любая), «ask: vip & topic:refund» (обе) или «skip: *» (все остальные чаты). Действует правило, в котором больше условий. Метки и поля задаются в настройках сервера.
set-texts-reasons = Причины на выбор
set-texts-reasons-hint = По одной в строке, не больше восьми; после низкой оценки они показываются кнопками. По коду перед двоеточием считают отчёты на всех линиях и языках; когда вы меняете слова, он остаётся прежним.
set-low_max = Низкая оценка: этот балл и ниже
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
set-alerts-recipients = Кого оповестить сразу
set-alerts-recipients-hint = У получателей есть своя страница, там можно отправить тест.
set-alerts-by_label = Оповещать по меткам
set-alerts-by_label-hint = Один получатель в строке, затем метки или поля, например «anna: vip, topic:refund». Его оповещают только о них. Получателей выше оповещают обо всём.
set-alerts-supervisors = Руководители этой линии
set-alerts-text = Текст оповещения
set-alerts-text-hint = Переменные: #SCORE#, #LINE#, #CLIENT#, #OPERATOR#, #REASONS#, #COMMENT#, #SESSION#, #CHANNEL#, #TIME#, #LINK#, #ORGANISATION#. Строка, в которой все переменные пусты, пропускается.
set-alerts-escalate_after_minutes = Эскалировать, если никто не просмотрел за
set-alerts-escalate_after_minutes-hint = Пусто — никогда.
set-alerts-escalate_to = Кого оповестить затем, по уровням
alert-to-operator = ответственный оператор
alert-to-supervisors = руководители линии
alert-nobody = никто
set-expires_after_hours = Срок ответа
set-expires_after_hours-hint = За более поздний ответ клиента поблагодарят, но не учтут его.
set-change_minutes = Оценку можно изменить в течение
set-reminder_after_hours = Одно напоминание через
set-reminder_after_hours-hint = Пусто — без напоминания. Только пока открыто окно для сообщений канала.
set-other_text = Если клиент пишет о другом
set-other-text-keep-open = вопрос остаётся открытым
set-other-text-cancel = вопрос снимается
set-attribution = Кому засчитать оценку
set-attribution-closing = оператору, закрывшему чат
set-attribution-shared = всем, кто писал
set-ask_handled = Спрашивать о чатах, где отвечал
set-ask_handled-hint = Ассистенты тоже считаются ботами. О чатах без известного оператора решает настройка ниже.
set-ask-handled-any = кто угодно
set-ask-handled-with-human = человек, с ботом или без него
set-ask-handled-human-alone = только люди
set-ask-handled-with-program = бот, с человеком или без него
set-ask-handled-program-alone = только боты
set-skip-no_operator = Если не участвовал ни один оператор
set-skip-no_operator-hint = Если выключено, клиента спрашивают, даже когда у чата не указан оператор.
set-skip-operator_silent = Если оператор ничего не написал
set-skip-client_silent = Если клиент ничего не написал
set-skip-min_messages = Сообщений меньше, чем
set-skip-min_messages-hint = 0 — спрашивать после любого разговора.
set-once_per_client_hours = Не спрашивать клиента повторно в течение
set-once_per_client_hours-hint = По всем линиям и каналам; 0 — спрашивать каждый раз.
set-sampling_percent = Доля чатов, о которых спрашивать
set-sampling_percent-hint = Процент закрытых чатов. При каждой проверке выбираются одни и те же.
set-quiet_hours = Соблюдать тихие часы
set-quiet_hours-from = С
set-quiet_hours-to = До
set-quiet_hours-time_zone = Часовой пояс
set-quiet_hours-time_zone-hint = Например, Europe/Berlin. Пусто — как у организации.
set-quiet_hours-shut_out = Если вопрос не может ждать до их окончания
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
set-bad-line-name = Введите название: от 1 до 200 символов, в одну строку.
set-bad-alerts-text = Не больше 2000 символов.
set-bad-language = Введите код языка, например en или pt-BR.
set-bad-text = Не больше 640 символов, чтобы текст поместился в любом канале.
wrong-macro = Неизвестная переменная { $name }. Здесь доступны: { $known }.
wrong-macro-none = Переменные вроде { $name } здесь использовать нельзя.
set-bad-reasons = Введите не больше восьми причин по 1–40 символов, по одной в строке, каждую со своим кодом.
set-bad-tag-rules = Неверные правила: не больше 30, каждый код один раз, из строчных латинских букв, цифр, _ и -, не больше 60 слов на язык.
set-bad-tag-rule-line = Неверное правило: «{ $line }». Введите, например, «price / ru: цена, слишком дорого».
set-bad-ask-rules = Неверные правила: не больше 20, у каждого свои условия, и только метки и поля из настроек сервера.
set-bad-ask-rule-line = Неверное правило: «{ $line }». Введите, например, «ask: vip & topic:refund».
set-bad-alerts-by-label = Введите не больше 20 получателей, у каждого — метки или поля из настроек сервера.
set-bad-route-line = В этой строке нет получателя с метками: «{ $line }». Введите, например, «anna: vip, topic:refund».
set-bad-sampling-percent = Введите от 0 до 100.
set-bad-low-max = Такого балла нет на шкале линии. Выберите другой.
set-bad-scale = Неизвестная шкала. Выберите лайк / дизлайк или звёзды.
set-bad-expires-after-hours = Введите от 1 часа до 90 дней.
set-bad-delay-secs = Срок ответа истечёт раньше, чем вопрос будет отправлен. Уменьшите задержку.
set-bad-reminder-after-hours = Напоминание должно прийти не раньше чем через час после вопроса и до конца срока ответа.
set-bad-alerts-escalate-to = Выберите хотя бы один уровень или оставьте время пустым.
set-bad-quiet-hours-from = Введите время от 00:00 до 23:59.
set-bad-quiet-hours-to = Введите время, отличное от начала.
set-bad-quiet-hours-time-zone = Неизвестный часовой пояс. Введите, например, Europe/Berlin.
preview-title = Предпросмотр
preview-moment = Сообщение
preview-show = Показать предпросмотр
preview-none = Ни один канал этой сборки не может отправлять сообщения клиентам.
preview-not-connected = пока не подключён
preview-cannot-ask = Этот канал не поддерживает такую шкалу; его клиентов не спрашивают.
preview-cut = Текст слишком длинный для этого канала и будет сокращён.
preview-cut-labels = { $n ->
    [one] { $n } кнопка слишком длинная для этого канала и будет сокращена.
    [few] { $n } кнопки слишком длинные для этого канала и будут сокращены.
   *[many] { $n } кнопок слишком длинные для этого канала и будут сокращены.
}
preview-left-out = { $n ->
    [one] Не поместился { $n } вариант.
    [few] Не поместились { $n } варианта.
   *[many] Не поместились { $n } вариантов.
}
preview-typed = Можно ответить и текстом: { $hint }
preview-new-message = Благодарность придёт отдельным сообщением: в этом канале вопрос нельзя заменить.
preview-no-link = #LINK# остаётся пустым: http.public_url не задан, поэтому у сервера нет публичного адреса.
preview-moment-question = Вопрос
preview-moment-thanks-good = Благодарность за хорошую оценку
preview-moment-thanks-neutral = Благодарность за нейтральную оценку
preview-moment-thanks-low = Благодарность за низкую оценку
preview-moment-reminder = Напоминание
preview-moment-expired = Срок ответа истёк
preview-moment-goes-on = Разговор продолжается
preview-moment-alert = Оповещение о низкой оценке
preview-channel-telegram = Telegram
preview-channel-whatsapp = WhatsApp
preview-channel-messenger = Messenger
preview-channel-instagram = Instagram
preview-channel-webchat = Чат на сайте
preview-channel-email = Почта
preview-channel-webhook = Только текст (SMS и другие)
plan-lead = О каких прошлых чатах эта линия спросила бы клиентов, если бы была включена с сохранёнными настройками. Ничего не отправляется.
plan-since = Закрыты с
plan-limit = Строк
plan-look = Запустить
plan-wrong = Эта дата не в прошлом. Показаны последние семь дней.
plan-truncated = Один прогон не охватывает все эти чаты: самые поздние не вошли. Чтобы увидеть их, выберите более позднюю дату.
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
plan-way-window-unknown = спросили бы, хотя неизвестно, открыто ли окно для сообщений
plan-not-asked-line-off = линия выключена
plan-not-asked-line-archived = линия в архиве
plan-not-asked-spam = закрыт как спам
plan-not-asked-forced = закрыт принудительно
plan-not-asked-by-choice = система поддержки решила не спрашивать
plan-not-asked-timeout-close = закрыт из-за неактивности
plan-not-asked-bot-close = закрыт ботом
plan-not-asked-no-client = адрес клиента неизвестен
plan-not-asked-group = групповой чат, клиент не указан
plan-not-asked-nobody-reads = адрес клиента никто не читает
plan-not-asked-channel-off = канал не поддерживает опросы
plan-not-asked-no-operator = оператор не участвовал
plan-not-asked-operator-silent = оператор не писал
plan-not-asked-client-silent = клиент не писал
plan-not-asked-too-short = слишком мало сообщений
plan-not-asked-opted-out = клиент просил не спрашивать
plan-not-asked-blocked = клиент нас заблокировал
plan-not-asked-already-rated = уже оценён
plan-not-asked-throttled = недавно уже спрашивали
plan-not-asked-sampled-out = не попал в выборку
plan-not-asked-handled-otherwise = чат вели не те, о ком спрашивает линия
plan-not-asked-by-rule = правило по меткам: не спрашивать
plan-rules = Правила по меткам
plan-rule = Правило { $number } ({ $rule }): подходит к { $closes }, из них спросили бы: { $asked }. Правила меняют решение: { $changed }.
plan-not-asked-window-shut = окно для сообщений было закрыто
plan-not-asked-template-missing = нет шаблона для сообщений вне окна
plan-not-asked-template-refused = платформа отклонила шаблон
plan-not-asked-no-form = форма платформы выключена или не подходит
plan-not-asked-quiet-hours = тихие часы
plan-not-asked-too-late = о закрытии сообщили слишком поздно
plan-not-asked-flapping = много раз закрывался и открывался
set-part-keeping = Публикация и хранение
set-part-keeping-lead = Что из оценок видно всем и сколько хранятся персональные данные.
set-publication = Публиковать отзывы клиентов
set-publication-hint = На странице и на значке этой линии, через три дня после оценки.
set-retention_months = Удалять персональные данные через
set-retention_months-hint = Баллы и счётчики остаются; 0 — хранить персональные данные без срока.
set-unit-months = месяцев
set-bad-retention-months = Введите от 1 до 1200 месяцев или 0 — без срока.
set-alerts = Оповещения
set-follow_up = О чём спросить после низкой оценки
set-window = Когда окно для сообщений закрывается
set-skip = Когда не спрашивать
set-target_percent = Цель: хорошие оценки
set-target_percent-hint = В отчётах будет видно, достигнута цель, не достигнута или пока неясно. Пусто — без цели.
set-tab-question = Вопрос
set-tab-timing = Время
set-tab-alerts = Оповещения
set-tab-after = После оценки
set-tab-rules = Правила и метки
set-part-keywords = Ключевые слова
set-part-keywords-lead = Причины, которые находятся по словам в комментариях клиентов.
set-discard = Отменить
set-changes-none = Изменений нет
set-changes = { $n ->
    [one] { $n } изменение
    [few] { $n } изменения
   *[other] { $n } изменений
}
preview-others = Другие каналы
