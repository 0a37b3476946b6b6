# То, что есть на каждой странице.
skip = Перейти к содержанию
menu = Меню
nav-work = Работа
nav-numbers = Цифры
nav-setup = Настройка
nav-today = Сегодня
nav-ratings = Оценки
nav-low = Низкие оценки
nav-operators = Операторы
nav-me = Мои оценки
nav-lines = Линии
nav-recipients = Получатели
nav-connections = Подключения
nav-deliveries = Сообщения
nav-alerts = Оповещения
nav-audit = Журнал изменений
nav-people = Пользователи и ключи API
role-admin = Администратор
role-supervisor = Руководитель
role-operator = Оператор
theme = Оформление
theme-auto = Авто
theme-light = Светлое
theme-dark = Тёмное
language = Язык
sign-out = Выйти
login-ended = Сеанс завершён.
n-waiting = { $n ->
    [one] { $n } низкая оценка без ответа
    [few] { $n } низкие оценки без ответа
   *[many] { $n } низких оценок без ответа
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
problem-id = Номер для поиска в журнале сервера: { $id }
problem-missing-title = Страница не найдена
problem-missing = Адрес указан неверно, ссылка устарела или у вашей учётной записи нет доступа.
problem-forbidden-title = Нет доступа
problem-forbidden = Ваша роль этого не позволяет, или форма устарела. Вернитесь, обновите страницу и попробуйте ещё раз.
problem-large-title = Слишком много данных для одного файла
problem-large = Список слишком длинный для такого файла. Скачайте его в формате CSV или сузьте фильтр, например выберите более короткий период.
problem-often-title = Слишком много запросов
problem-often = Подождите немного и попробуйте снова.
problem-busy-title = Сервер занят
problem-busy = Ничего не потеряно. Попробуйте снова через несколько секунд.
problem-internal-title = Произошла ошибка
problem-internal = Ничего не изменилось. Попробуйте ещё раз; если ошибка повторится, сообщите администратору сервера.
problem-conflict-title = Вас опередили
problem-conflict = Эти данные уже изменил кто-то другой. Вернитесь, обновите страницу и проверьте.
problem-wrong-title = Неверный запрос
problem-wrong = Что-то в форме или в адресе указано неверно. Вернитесь и проверьте.
table-scrolls = Прокрутите вбок, чтобы увидеть остальные столбцы.
