## Файлы, которые загружают: отказы и плохие строки

imp-bad-line = Строка { $line }: { $reason } («{ $value }»)
imp-bad-value = Строка { $line }, { $column }: «{ $value }» — { $reason }

imp-column-meter = счётчик
imp-column-start = начало
imp-column-end = конец
imp-column-value = значение
imp-column-unit = единица
imp-column-hall = зал
imp-column-row = ряд
imp-column-rack = стойка
imp-column-kind = вид
imp-column-slots = места
imp-column-limit_kw = предел, кВт
imp-column-phase = фаза
imp-column-feed_a = фидер A
imp-column-feed_b = фидер B
imp-column-zone = зона охлаждения

imp-reason-fields = полей больше или меньше, чем в заголовке; число с десятичной запятой возьмите в кавычки или разделяйте поля точкой с запятой
imp-reason-too-long = слишком длинно
imp-reason-open-quote = кавычка не закрыта
imp-reason-encoding = буквы в другой кодировке, чем в начале файла
imp-reason-control = служебные символы, это не текст
imp-reason-empty = пусто
imp-reason-unknown-meter = такого счётчика нет; заведите его на странице «Счётчики»
imp-reason-time = не дата и время; годятся 2026-11-01 00:30, 01.11.2026 00:30 и 2026-11-01T00:30:00+03:00
imp-reason-missing-time = такого времени в этот день не было: часы перевели вперёд
imp-reason-year = год раньше 2009 или позже 2100
imp-reason-future = это время ещё не наступило
imp-reason-order = конец не позже начала
imp-reason-duration = интервал длиннее суток
imp-reason-number = не число
imp-reason-negative = меньше нуля
imp-reason-too-large = слишком большое число
imp-reason-unit = неизвестная единица; годятся Вт·ч, кВт·ч, МВт·ч и кВт
imp-reason-word = такого слова здесь нет; посмотрите шаблон
imp-reason-whole = слишком много знаков после запятой
imp-reason-positive = должно быть больше нуля
imp-reason-repeated = эта стойка уже есть выше в файле
imp-reason-unknown-name = такого названия на площадке нет

imp-file-empty = Файл пуст. Выберите файл с заголовком и строками.
imp-file-header-only = В файле один заголовок, строк нет.
imp-file-missing-columns = Нет столбцов: { $columns }. Назовите их так, как в шаблоне.
imp-file-repeated-column = Столбец { $column } стоит в заголовке дважды. Оставьте один.
imp-file-header-too-long = Первая строка слишком длинна для заголовка таблицы. Сохраните файл как CSV.
imp-file-utf16 = Файл в кодировке UTF-16. Сохраните его как «CSV UTF-8».
imp-file-encoding = Кодировка не распознана. Сохраните файл как «CSV UTF-8».
imp-file-binary-pdf = Это документ PDF, а не таблица. Сохраните таблицу как CSV.
imp-file-binary-workbook = Это книга Excel. Сохраните лист как «CSV UTF-8» и загрузите его.
imp-file-binary-zip = Это архив. Распакуйте его и загрузите файл CSV.
imp-file-binary-image = Это изображение, а не таблица. Сохраните таблицу как CSV.
imp-file-binary-other = Это не текстовый файл. Сохраните таблицу как CSV.
imp-file-too-many-rows = В файле больше { $most } строк. Разделите его на части.
imp-file-read = Файл не удалось прочитать до конца. Загрузите его ещё раз.
