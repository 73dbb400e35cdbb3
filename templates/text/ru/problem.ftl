problem-back = Вернуться назад
problem-home = На главную
problem-request = Номер запроса:

problem-not-found-title = Страница не найдена
problem-not-found-text = По этому адресу ничего нет, или запись вам недоступна. Проверьте ссылку или начните с главной.
problem-forbidden-title = Нет доступа
problem-forbidden-text = Для этого действия у вас нет прав. Если они нужны, обратитесь к администратору.
problem-bad-request-title = Запрос не понят
problem-bad-request-text = В запросе чего-то не хватает или что-то записано не так. Вернитесь и попробуйте ещё раз.
problem-conflict-title = Уже изменилось
problem-conflict-text = Пока вы работали, запись изменилась. Откройте её заново и повторите действие.
problem-too-large-title = Слишком большой файл
problem-too-large-text = Файл больше допустимого. Разделите его на части и загрузите их по очереди. Данные не изменены.
problem-too-many-title = Слишком много попыток
problem-too-many-text = Подождите минуту и попробуйте снова.
problem-internal-title = Что-то сломалось
problem-internal-text = Ошибка на нашей стороне, она записана в журнал. Попробуйте ещё раз; если не поможет, сообщите администратору номер запроса.
