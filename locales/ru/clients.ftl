# The page "Clients": find, hand out, erase.
nav-clients = Клиенты
clients-title = Клиенты
clients-lead = Всё, что хранится об одном клиенте: выдать ему или удалить.
clients-find = Клиент
clients-find-hint = Идентификатор человека в вашей системе, номер чата, телефон или почта — как их знает мессенджер. Имена не хранятся.
clients-search = Найти
clients-none-yet = Кого вы ищете?
clients-none-yet-lead = Введите выше, что известно о клиенте.
clients-nobody = Такой клиент не найден
clients-nobody-lead = О нём ничего не хранится, или личные данные уже удалены.
clients-found = { $n ->
    [one] Найден { $n } клиент
    [few] Найдено { $n } клиента
   *[other] Найдено { $n } клиентов
}
clients-id = Клиент
clients-sessions = Сессии
clients-last = Последний раз
client-held = Что хранится
client-held-clients = Запись о клиенте
client-held-sessions = Сессии
client-held-rating-requests = Закрытия
client-held-ratings = Оценки
client-held-answers = Ответы
client-held-supervisor-scores = Оценки руководителя
client-held-deliveries = Отправленные сообщения
client-held-earlier-addresses = Прежние адреса
client-held-conversations = Переписки
client-held-messages = Сообщения чата
client-held-visitors = Посетитель чата на сайте
client-held-session-events = События сессий
client-file = Скачать всё
client-file-hint = Файл JSON, который можно отдать клиенту. То, что он создан, попадёт в журнал — без идентификатора клиента.
client-erase = Удалить клиента
client-erase-lead = Открытые вопросы отменяются. Кто этот клиент, куда ему писали и что он написал, удаляется отовсюду. Оценки и счётчики остаются и ничего не говорят о человеке. Отменить это нельзя; вернувшийся клиент — новый.
client-erase-backups = В резервных копиях, сделанных раньше, данные остаются, пока копии не удалены.
client-confirm = Введите { $id }, чтобы подтвердить
client-confirm-wrong = Это не идентификатор клиента. Ничего не удалено.
client-erase-now = Удалить всё
done-client-erased = Всё о клиенте удалено.
