## Площадки

site-noun = Площадка
site-lead = Ёмкость и сколько из неё продано сегодня.
site-add = Добавить площадку
site-new = Новая площадка
site-none = Площадок пока нет
site-none-text = Площадка — это объект с одним часовым поясом и регионом. После неё заводят питание, охлаждение, залы и стойки.
site-count-halls =
    { $count ->
        [one] { $count } зал
        [few] { $count } зала
       *[many] { $count } залов
    }
site-usable = Мощность ввода
site-sold-today = Продано сегодня
site-free = Свободно
site-free-note = по самому узкому: питание, охлаждение или стойки
site-sold-percent = продано { $percent } %
site-sold-of = продано из { $usable } кВт
site-sold-racks = продано из { $usable } кВт, стоек: { $racks }
site-sold-of-free = Отводит { $usable }, свободно { $free }
site-share = Доля проданного
site-views = Разделы площадки
site-crumbs = Путь к странице
site-about = О площадке
site-name = Название
site-code = Код
site-code-hint = Коротко и один раз, например SB.
site-address = Адрес
site-region = Регион
site-region-hint = Код региона, например RU-LEN. По нему применяются запреты.
site-zone = Часовой пояс
site-zone-hint = Имя IANA, например Europe/Moscow.
site-hold = Срок брони
site-plan = Опубликованный тариф
site-plan-none = не выбран
site-plan-hint = По нему арендатору считают примерную стоимость.
site-choose = Выберите
site-edit-of = Изменить: { $name }
site-state = Состояние
site-note = Примечание
site-from = С
site-last-day = По
site-open-end = без срока
site-days = Дней
site-history = История
site-trail-house = система
site-trail-created = Создание: { $who }
site-trail-changed = Изменение: { $who }
site-tab-overview = Обзор
site-tab-halls = Залы
site-tab-racks = Стойки
site-tab-power = Питание
site-tab-cooling = Охлаждение
site-tab-outages = Отключения

## Залы и ряды

site-hall = Зал
site-row = Ряд
site-hall-row = Зал и ряд
site-halls-lead = Залы, ряды в них и сколько в рядах стоек.
site-hall-add = Добавить зал
site-hall-none = Залов пока нет
site-hall-none-text = Добавьте зал и ряды или загрузите стойки из файла: недостающие залы и ряды появятся сами.
site-hall-edit = Зал
site-hall-edit-of = Изменить зал { $name }
site-offered = Кому предлагается
site-offered-all = всем арендаторам
site-offered-chosen = только выбранным арендаторам
site-offered-nobody = никому: бронируют только сотрудники
site-offered-hint = Арендаторы видят и бронируют только то, что им предложено. Кто уже занял место в зале, сохраняет его.
site-offered-tenants = Выбранные арендаторы
site-offered-nobody-said = Арендаторам не предлагается: бронируют только сотрудники.
site-offered-chosen-said = Предлагается только: { $tenants }.
site-error-offered = Отметьте ниже хотя бы одного арендатора или предложите зал всем либо никому.
site-row-add = Добавить ряд
site-row-name = Название ряда
site-row-none = Рядов пока нет: добавьте ряд, чтобы поставить в него стойки.
site-row-rename = Переименовать ряд
site-row-rename-of = Переименовать ряд { $name }
site-rename = Переименовать

## Стойки

site-rack = Стойка
site-racks-lead = Пределы стоек и сколько из них продано сегодня.
site-rack-add = Добавить стойку
site-rack-new = Новая стойка
site-rack-first-lead = Стойка стоит в ряду, питается от фидера и входит в зону охлаждения. Чего на площадке ещё нет:
site-rack-first-row = Ряд
site-rack-first-row-note = добавьте зал и первый ряд в нём
site-rack-first-feed = Фидер
site-rack-first-feed-note = добавьте ввод, щит и фидер
site-rack-first-zone = Зона охлаждения
site-rack-first-zone-note = добавьте зону и её установки
site-rack-first-file = Или загрузите всё сразу таблицами
site-rack-no-site = Стойка стоит в зале площадки: сначала заведите площадку.
site-rack-search = Название стойки
site-rack-none = Стоек пока нет
site-rack-none-text = Загрузите их из файла или добавьте по одной на странице площадки.
site-rack-name = Название
site-rack-name-hint = Один раз на площадке, до 120 знаков.
site-rack-kind = Вид
site-rack-kind-frame = рама
site-rack-kind-tank = бак
site-rack-kind-container = контейнер
site-rack-phase = Фазы
site-rack-phase-hint = На одну фазу встают только однофазные машины.
site-rack-phase-three = три фазы
site-rack-phase-L1 = только L1
site-rack-phase-L2 = только L2
site-rack-phase-L3 = только L3
site-rack-needs = Стойке нужны ряд, фидер и зона охлаждения. Сначала заведите то, чего не хватает:
site-rack-free-note = предел стойки без проданного
site-place = Место
site-slots = Места
site-slots-free = Свободные места
site-slots-note = занято { $used } из { $all }
site-limit = Предел
site-limit-kw = Предел, кВт
site-sold-kw = Продано, кВт
site-free-kw = Свободно, кВт
site-usable-kw = Полезно, кВт
site-hint-kw = Больше 0, до { $max } кВт.
site-feed = Фидер
site-feeds = Фидеры
site-feed-a = Фидер A
site-feed-b = Фидер B
site-feed-b-hint = Второй ввод: каждый из двух должен нести стойку целиком.
site-feed-way = Питание до ввода
site-feed-way-of = Питание { $number }: до ввода
site-total-racks =
    { $count ->
        [one] Итого: { $count } стойка
        [few] Итого: { $count } стойки
       *[many] Итого: { $count } стоек
    }
site-guests = Кто стоит
site-guests-aside = сейчас и в будущем
site-guests-none = Стойка свободна
site-guests-none-text = Ни одна бронь и ни одна аренда не занимает её ни сейчас, ни в будущем.
site-booking = Бронь или аренда
site-booking-number = Бронь { $number }
site-tenant = Арендатор
site-machines = Машины
site-leg = Фаза
site-legs-all = все три
site-reservation-held = бронь
site-reservation-assigned = размещена
site-reservation-leased = аренда
site-meters-none = Счётчиков на стойке нет.
site-meter-since = с { $from }
site-meter-until = с { $from } до { $to }

## Стойки из файла

site-import-lead = Сначала проверка: что появится, что изменится и какие строки плохие. До подтверждения ничего не записывается.
site-import-file = Файл CSV или XLSX
site-import-hint = CSV: запятая или точка с запятой, UTF-8 или Windows-1251; XLSX: первый лист. До 16 МБ и 50 000 строк.
site-import-template = Шаблон:
site-import-try = Проверить файл
site-import-trial-lead = Проверка файла «{ $name }»: пока ничего не записано.
site-import-done-lead = Файл «{ $name }» записан.
site-import-created = Появятся
site-import-updated = Изменятся
site-import-same = Без изменений
site-import-bad = Плохие строки
site-import-nothing = В файле всё так же, как на площадке: записывать нечего.
site-import-all-good = Все строки хорошие: появится { $created }, изменится { $updated }.
site-import-some-bad = Плохих строк: { $count }. Исправьте файл и загрузите его снова или запишите только хорошие строки.
site-import-write = Записать
site-import-write-good = Записать только хорошие: { $count }
site-import-other = Другой файл
site-import-more = Загрузить ещё
site-import-stopped = Ничего не записано: в файле есть плохие строки.
site-import-line = Строка
site-import-column = Столбец
site-import-value = Значение
site-import-reason = Что не так

## Питание

site-power-lead = От ввода до фидеров: мощность узлов и что продано сегодня, по фазам.
site-power-note = В столбцах фаз — свободные кВт; полоска — доля проданного. Отключения сегодняшнего дня учтены. Продать можно не больше, чем свободно на каждом узле до самого ввода.
site-node = Узел
site-node-kind = Вид узла
site-node-kind-grid = ввод
site-node-kind-transformer = трансформатор
site-node-kind-panel = щит
site-node-kind-feed = фидер
site-node-add = Добавить узел
site-node-new = Новый узел питания
site-node-none = Узлов питания пока нет
site-node-none-text = Начните с ввода, под ним заведите трансформаторы, щиты и фидеры.
site-node-parent = Питается от
site-node-parent-hint = Пусто только у ввода.
site-node-top = ни от чего, это ввод
site-node-three = три фазы
site-node-leg = одна фаза, { $leg }
site-rating = Номинал
site-rating-three = { $volts } В × { $amps } А
site-rating-leg = { $volts } В × { $amps } А, { $leg }
site-rating-usable = { $rating }, { $share }
site-rating-kw = Мощность
site-way = Как задан
site-way-kw = Мощностью
site-way-supply = Напряжением и током
site-volts = Напряжение
site-volts-hint = Линейное у трёх фаз, фазное у одной.
site-amps = Ток
site-amps-hint = Номинал автомата на фазу.
site-phases = Фазы
site-unit-v = В
site-unit-a = А
site-usable-share = Использовать
site-usable-hint = Какую долю номинала продавать: от 0,1 до 100 %.
site-leg-free = Свободно { $leg }, кВт
site-leg-bar = продано { $sold } из { $usable }, { $percent } %

## Охлаждение

site-cooling-lead = Сколько тепла отводит каждая зона и сколько продано, на год вперёд.
site-cooling-zone = Зона охлаждения
site-cooling-kind = Охлаждение
site-cooling-air = воздух
site-cooling-hydro = вода
site-cooling-immersion = иммерсия
site-cooling-today = Отводит сегодня
site-zone-add = Добавить зону
site-zone-new = Новая зона охлаждения
site-zone-none = Зон охлаждения пока нет
site-zone-none-text = Зона — это агрегаты, которые отводят тепло своих стоек. Без зоны стойку не завести.
site-units = Агрегаты
site-units-hint = По одному в строке: название; кВт. Например: Чиллер 1; 400
site-units-line = Агрегатов: { $count }, в резерве: { $spare }
site-spare = В резерве
site-spare-hint = Сколько самых мощных агрегатов не продавать; меньше их числа.
site-derating = Снижение по месяцам
site-derating-hint = Какая доля остаётся в месяце каждого года, от 0 до 100 %.
site-derating-none = нет
site-derating-month = { $month } до { $share }
site-months-head = кВт
site-months-of = { $name }: по месяцам
site-removes = Отводит
site-sold-peak = Продано, пик
site-month-1 = янв
site-month-2 = фев
site-month-3 = мар
site-month-4 = апр
site-month-5 = май
site-month-6 = июн
site-month-7 = июл
site-month-8 = авг
site-month-9 = сен
site-month-10 = окт
site-month-11 = ноя
site-month-12 = дек

## Отключения

site-outages-lead = Плановые отключения на целые сутки по времени площадки.
site-outage-add = Запланировать отключение
site-outage-new = Плановое отключение
site-outage-new-lead = Узел и всё под ним остаются без питания. Если это ломает живые брони, вы увидите их прежде, чем что-либо запишется.
site-outage-plan = Запланировать
site-outage-none = Отключений не запланировано
site-outage-none-text = Запланированное отключение убирает мощность узла из продажи на эти дни.
site-outage-node = Узел
site-outage-node-hint = Отключается он и всё, что от него питается.
site-outage-from = С какого дня
site-outage-last = По какой день
site-outage-last-hint = Включительно.
site-outage-reason = Причина
site-outage-racks = Стоек под узлом
site-outage-state-planned = запланировано
site-outage-state-now = идёт
site-outage-state-over = прошло
site-outage-state-cancelled = отменено
site-outage-call-off = Отменить
site-outage-cancel = Отменить отключение
site-outage-cancel-of = Отменить отключение узла { $node } с { $from }
site-outage-cancel-lead = Мощность узла на эти дни вернётся в продажу. Если она понадобится, отключение придётся планировать заново.
site-outage-cancel-do = Отменить отключение

## Запреты

site-restrictions = Запреты регионов
site-restrictions-lead = Что и когда запрещено в регионах. Объявленное показано, но не применяется.
site-rules = Запреты региона
site-rule-none = Запретов в регионе нет.
site-rule-from = { $what } с { $from }, без срока.
site-rule-until = { $what } с { $from } по { $to }.
site-rule-days = с { $from } по { $to }
site-rule-season = { $what } каждый год { $days }.
site-rule-season-until = { $what } каждый год { $days }, до { $to }.
site-workload-mining = Майнинг запрещён
site-workload-compute = Вычисления запрещены
site-workload-noun-mining = майнинг
site-workload-noun-compute = вычисления
site-announced-badge = объявлено, не применяется
site-restriction-add = Добавить запрет
site-restriction-new = Новый запрет
site-restriction-edit = Запрет региона
site-restriction-none = Запретов нет
site-restriction-none-text = Здесь показывают, что и когда запрещено в регионах площадок.
site-restriction-what = Что запрещено
site-restriction-workload = Что запрещено
site-restriction-over = закончился
site-restriction-status-in_force = действует
site-restriction-status-announced = объявлен, не применяется
site-restriction-status-hint = Объявленный запрет виден, но броней не закрывает.
site-region-code = Код региона
site-region-code-hint = Тот же, что у площадки.
site-region-name = Название региона
site-valid-from = Действует с
site-valid-to = Последний день
site-valid-to-hint = Пусто — без срока.
site-season = Сезон, если запрет не круглый год
site-season-from = С какого дня года
site-season-to = По какой день
site-season-hint = День и месяц, например 15.11. Повторяется каждый год.
site-season-to-hint = Включительно, например 15.03. Может переходить через Новый год.
site-region-da = Дагестан
site-region-in = Ингушетия
site-region-kb = Кабардино-Балкария
site-region-kc = Карачаево-Черкесия
site-region-se = Северная Осетия
site-region-ce = Чечня
site-region-donetsk = Донецк (оккупированная часть)
site-region-luhansk = Луганск (оккупированная часть)
site-region-zaporizhzhia = Запорожье (оккупированная часть)
site-region-kherson = Херсон (оккупированная часть)
site-region-irkutsk = Иркутская область (юг)
site-region-buryatia = Бурятия (перечисленные районы)
site-region-zabaykalsky-listed = Забайкальский край (перечисленные районы)
site-region-zabaykalsky = Забайкальский край
site-note-whole = вся территория
site-note-analogy = питание по аналогии
site-note-bins = данные источников расходятся по партиям
site-note-nameplate = питание не опубликовано: смотрите шильдик
site-note-derived = мощность выведена из хешрейта и эффективности
site-note-allocation = мощность по выделению на площадке, не по шильдику
site-note-announced = по объявлению правительства России
site-note-first-season = первый сезон
site-note-year-round = круглый год
site-note-winters = каждую осень и зиму
site-note-no-act = объявлен круглогодичный запрет; подписанный акт не найден

## Модели

site-models-lead = Каталог, из которого выбирают при бронировании. Сделанные брони при правке не меняются.
site-model = Модель
site-maker = Производитель
site-model-add = Добавить модель
site-model-new = Новая модель
site-model-edit = Модель
site-model-form-lead = Мощность — по паспорту, от розетки.
site-model-search = Производитель или модель
site-model-none = Каталог пуст
site-model-none-text = Добавьте модели, чтобы их можно было бронировать по названию.
site-model-watts = Мощность
site-model-hashrate = Хешрейт
site-watts = Мощность, Вт
site-hashrate = Хешрейт, TH/s
site-efficiency = Дж/TH
site-unit-th = TH/s
site-supply = Подключение
site-supply-single = одна фаза
site-supply-three = три фазы
site-supply-choose = выбрать при брони
site-supply-hint = Если производитель не пишет, оставьте пустым: тогда выберет арендатор.

## Отказы и ошибки

site-error-breaks =
    { $count ->
        [one] Ещё не сохранено: изменение ломает { $count } живую бронь
        [few] Ещё не сохранено: изменение ломает { $count } живые брони
       *[other] Ещё не сохранено: изменение ломает { $count } живых броней
    }
site-breaks-sum = Откроется конфликтов: { $count }; затронуто арендаторов: { $tenants }; броней, которые лишь получат другие стойки: { $moved }.
site-breaks-next = Измените даты и числа ниже и сохраните снова — или примените как есть: конфликты останутся в списке, пока каждый не решён, и ничего нового на недостающее не продаётся.
site-breaks-apply =
    { $count ->
        [one] Применить и открыть { $count } конфликт
        [few] Применить и открыть { $count } конфликта
       *[other] Применить и открыть { $count } конфликтов
    }
site-breaks-moved =
    { $count ->
        [one] { $count } бронь получит другие стойки и ничего не потеряет
        [few] { $count } брони получат другие стойки и ничего не потеряют
       *[other] { $count } броней получат другие стойки и ничего не потеряют
    }
site-breaks-list = Брони, которые ломает изменение
site-breaks-what = { $model } × { $units }
site-breaks-why = Чего не хватит
site-breaks-days = Дни
site-error-taken = Такое название здесь уже есть: выберите другое.
site-error-zone = Такого часового пояса нет: выберите из списка.
site-error-hold = От 1 до 8 760 часов.
site-error-usable = Больше 0 и до 100 %.
site-error-rating = Больше нуля и не больше того, что бывает: проверьте число.
site-error-rating-way = Задайте либо мощность, либо напряжение и ток.
site-error-parent = Узел не может питаться от себя или от того, что под ним.
site-error-window = Последний день не раньше первого.
site-error-season = День и месяц, например 15.11; начало и конец задают вместе.
site-error-slots = От 1 до 10 000 мест.
site-error-same-feed = Второй фидер — не тот же, что первый.
site-error-units = Нужен хотя бы один агрегат с мощностью больше нуля.
site-error-unit-line = Строка { $line }: напишите название, точку с запятой и кВт, например «Чиллер 1; 400».
site-error-unit-twice = «{ $name }» стоит дважды: дайте агрегатам разные названия.
site-error-units-many = Не больше { $most } агрегатов.
site-error-spare = В резерве должно быть меньше агрегатов, чем есть.
site-error-derating = От 0 до 100 %.

## Сделано

done-data-imported = Файл записан.
done-outage = Отключение запланировано.
done-outage-cancelled = Отключение отменено.
done-site-saved = Сохранено.
done-site-added = Добавлено.

## Что, если откажет

site-tab-failures = Отказы
site-tab-balance = Баланс энергии
site-failures = Одиночные отказы
site-failures-lead = Что, если это откажет: кто останется без питания, что переживёт на втором вводе, какая зона перегреется.
site-failure-ask = Что, если откажет
site-failure-kind = Вид
site-failure-short = Если откажет
site-failure-ask-of = Что, если откажет { $name }
site-failure-lost = Что откажет
site-failure-also = И одновременно
site-failure-alone = Ничего больше
site-failure-from = В какой день
site-failure-to = По какой день
site-failure-to-hint = Пусто — один день. Считается худший из дней.
site-failure-window = Последний день — не раньше первого и не позже чем через { $most } дней.
site-failure-unit = Агрегат охлаждения · { $name }
site-failure-unit-kind = Агрегат охлаждения
site-failure-title = Отказ { $name }: { $days }
site-failure-worst = Худший день — { $day }. Плановые отключения учтены.
site-failure-nothing = Ни одна живая бронь этого не заметит.
site-failure-plan = Запланировать отключение
site-failure-dark = Останется без питания
site-failure-tenants = Затронуто арендаторов
site-failure-riding = Переживут
site-failure-machines-note =
    { $count ->
        [one] { $count } машина
        [few] { $count } машины
       *[other] { $count } машин
    }
site-failure-racks-note =
    { $count ->
        [one] { $count } стойка без питания
        [few] { $count } стойки без питания
       *[other] { $count } стоек без питания
    }
site-failure-riding-note =
    { $count ->
        [one] машин в { $count } стойке на двух фидерах
       *[other] машин в { $count } стойках на двух фидерах
    }
site-failure-leg = { $name } несёт лишние { $excess }: сверх меры было продано и раньше.
site-failure-zones = Охлаждение без них
site-failure-zone = Зона
site-failure-removes = Ещё отводит, кВт
site-failure-heat = Тепло, кВт
site-failure-over-kw = Сверх, кВт
site-failure-spare = Осталось резервных
site-failure-holds = выдержит
site-failure-who = Кого это коснётся
site-failure-rest = ещё { $count } переживут
site-failure-dark-kw = Без питания, кВт
site-failure-machines = Машин без питания
site-failure-hot = В перегретой зоне
site-failure-bookings = Задето броней
site-failure-riding-racks = Стоек переживёт
site-failure-dark-racks =
    { $count ->
        [one] { $count } стойка останется без питания
        [few] { $count } стойки останутся без питания
       *[other] { $count } стоек останется без питания
    }
site-failure-riding-list =
    { $count ->
        [one] { $count } стойка переживёт на втором фидере
        [few] { $count } стойки переживут на втором фидере
       *[other] { $count } стоек переживёт на втором фидере
    }
site-failure-every = Все одиночные отказы: { $day }
site-failure-what = Что откажет
site-failure-day = День
site-failure-more = Ещё { $count }
site-failure-all = Показать все
site-failure-note = Мощность — по проданному. Стойка на двух фидерах продана так, что каждый несёт её один; вместе они никогда не складываются. Зона не справляется, когда все остальные её агрегаты вместе отводят меньше, чем выделяют её машины.
