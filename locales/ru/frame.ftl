# То, что есть на каждой странице.
skip = К содержанию
menu = Меню
nav-today = Сегодня
nav-ratings = Оценки
nav-low = Низкие оценки
nav-operators = Операторы
nav-me = Мои оценки
nav-lines = Линии
nav-recipients = Получатели
nav-connections = Подключения
nav-deliveries = Доставка
nav-alerts = Оповещения
nav-audit = Журнал
nav-people = Люди и ключи
role-admin = Администратор
role-supervisor = Руководитель
role-operator = Оператор
theme = Оформление
theme-auto = Авто
theme-light = Светлое
theme-dark = Тёмное
language = Язык
sign-out = Выйти
login-ended = Вы вышли из системы.
n-waiting = { $n ->
    [one] { $n } низкая оценка ждёт ответа
    [few] { $n } низкие оценки ждут ответа
   *[many] { $n } низких оценок ждут ответа
}
just-now = только что
ago-minutes = { $n ->
    [one] { $n } минуту назад
    [few] { $n } минуты назад
   *[many] { $n } минут назад
}
ago-hours = { $n ->
    [one] { $n } час назад
    [few] { $n } часа назад
   *[many] { $n } часов назад
}
ago-days = { $n ->
    [one] { $n } день назад
    [few] { $n } дня назад
   *[many] { $n } дней назад
}
date = { $day } { $month } { $year }
date-time = { $date }, { $time }
today-at = сегодня, { $time }
month-short-1 = янв.
month-short-2 = февр.
month-short-3 = мар.
month-short-4 = апр.
month-short-5 = мая
month-short-6 = июн.
month-short-7 = июл.
month-short-8 = авг.
month-short-9 = сент.
month-short-10 = окт.
month-short-11 = нояб.
month-short-12 = дек.
score-good = Хорошо
score-bad = Плохо
score-stars = { $n } из 5 звёзд
problem-home = На главную
problem-id = В журнале сервера этот вызов записан под номером { $id }.
problem-missing-title = Здесь ничего нет
problem-missing = Адрес неверен, ссылка больше не действует или она не для вашей учётной записи.
problem-forbidden-title = Нельзя
problem-forbidden = Ваша роль этого не позволяет, или форма устарела. Вернитесь, обновите страницу и попробуйте ещё раз.
problem-large-title = Слишком много для этого файла
problem-large = Список слишком длинный для такого файла. Возьмите файл CSV или сузьте фильтр, например до более короткого периода.
problem-often-title = Слишком много запросов
problem-often = Подождите немного и попробуйте снова.
problem-busy-title = Сервер занят
problem-busy = Ничего не потеряно. Попробуйте снова через несколько секунд.
problem-internal-title = Ошибка на нашей стороне
problem-internal = Ничего не осталось сделанным наполовину. Попробуйте ещё раз; если не поможет, сообщите тому, кто управляет сервером.
problem-conflict-title = Кто-то успел раньше
problem-conflict = То, что вы хотели изменить, уже другое. Вернитесь, обновите страницу и посмотрите.
problem-wrong-title = Так не получится
problem-wrong = Что-то в форме или в адресе здесь не имеет смысла. Вернитесь и проверьте.
table-scrolls = Таблица шире экрана: прокрутите её вбок.
