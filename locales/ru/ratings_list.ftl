# Список оценок: несколько значений в фильтре, итоги списка, оценка рядом с ним, сохранённые виды.
sift-too-many-values = Выберите не больше 50 значений.
sift-several = Выбрано: { $n }
sift-operator-other = ID другого оператора
ratings-all = Все
ratings-with-words = С текстом
sums-title = Этот список в числах
sums-closes = { $n ->
    [one] закрытый чат
    [few] закрытых чата
   *[many] закрытых чатов
}
sums-ratings = { $n ->
    [one] оценка
    [few] оценки
   *[many] оценок
}
sums-good = хороших
sums-low = низких
sums-commented = с комментарием
sums-waiting = ждут ответа
sums-wait = Считаем…
sums-wait-now = Посчитать сейчас
sums-since = Посчитано начиная с { $day }. Более ранние чаты не учтены.
drawer-close = Закрыть
shortcut-open = Открыть оценку
shortcut-close = Закрыть оценку
views-title = Сохранённые виды
views-lead = Вид — это фильтр с названием. Общие виды доступны всем, кто видит оценки, но чаты в них — только своих линий.
views-new = Сохранить вид
views-edit = Управлять видами
views-name = Название
views-words = Сохраняется весь фильтр, кроме слов для поиска.
views-share = Поделиться с командой
views-shared = общий
views-save = Сохранить
views-delete = Удалить
views-all = Все виды
views-none = Сохранённых видов пока нет. Отфильтруйте оценки и нажмите «Сохранить вид».
views-by = автор: { $name }
views-no-name = Введите название.
views-long-name = Не больше { $n } символов.
views-same-name = Вид с таким названием уже есть. Выберите другое.
views-too-many = У вас уже { $n } видов. Сначала удалите один из них.
views-too-many-shared = У команды уже { $n } общих видов. Сначала сделайте один из них личным.
done-view-saved = Вид «{ $name }» сохранён.
done-view-deleted = Вид «{ $name }» удалён.
audit-act-view-saved = Вид сохранён:
audit-act-view-deleted = Вид удалён:
