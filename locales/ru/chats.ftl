# Чаты собственного чата на сайте.
nav-chats = Чаты
chats-title = Чаты
chats-lead = Здесь пишут посетители вашего сайта. Когда чат закрыт, клиента просят поставить оценку.
chats-open = Открытые чаты
chats-closed = Закрыты за последние 24 часа
chats-visitor = Посетитель { $code }
chats-waits = Ждёт ответа
chats-n-waiting = { $n ->
    [one] { $n } чат ждёт ответа
    [few] { $n } чата ждут ответа
   *[many] { $n } чатов ждут ответа
}
chats-no-text = Без текста
chats-not-rated = без оценки
chats-none-title = Открытых чатов нет
chats-none = Новые чаты появляются здесь автоматически.
chats-no-site-title = Чата на сайте пока нет
chats-no-site = Подключите чат и добавьте на сайт одну строку HTML. Тогда посетители смогут писать вам сюда.
chats-connect = Подключить чат на сайте
chats-choose-title = Выберите чат
chats-choose = Здесь появится переписка.
chats-messages = Сообщения
chats-close = Закрыть чат
chats-is-closed = Чат закрыт:
chats-write = Ваше сообщение
chats-as = Посетитель видит ваше имя: { $name }.
chats-keys = Enter отправляет, Shift+Enter начинает новую строку.
chats-send = Отправить
chats-not-sent = Сообщение не отправлено. Проверьте соединение и отправьте ещё раз.
chats-wrong-empty = Введите сообщение.
chats-wrong-long = Введите не больше { $n } символов.
chats-wrong-closed = Не отправлено: чат уже закрыт.
chats-news = Посетитель ждёт ответа
chats-notify-on = Уведомлять в этом браузере
chats-notify-off = Уведомления включены
chats-notify-denied = Уведомления запрещены в этом браузере
done-chat-closed = Чат закрыт.
connection-chats = Ответы посетителям
connection-chats-words = Сообщения посетителей приходят на страницу «Чаты». Отвечайте и закрывайте чаты там; другая программа не нужна.
