//! The columns of each noun.

use super::{Column, Kind, Need, Noun, Value, Word};
use rust_decimal::Decimal;

const fn word(
    code: &'static str,
    ru: &'static str,
    en: &'static str,
    also: &'static [&'static str],
) -> Word {
    Word { code, ru, en, also }
}

static RACK_KINDS: [Word; 3] = [
    word("frame", "рама", "frame", &["каркас", "стойка"]),
    word("tank", "бак", "tank", &["ванна"]),
    word("container", "контейнер", "container", &[]),
];
static RACK_PHASES: [Word; 4] = [
    word(
        "three",
        "три",
        "three",
        &["three-phase", "3", "трехфазная", "l1l2l3"],
    ),
    word("L1", "L1", "L1", &[]),
    word("L2", "L2", "L2", &[]),
    word("L3", "L3", "L3", &[]),
];
static LEGS: [Word; 3] = [
    word("L1", "L1", "L1", &[]),
    word("L2", "L2", "L2", &[]),
    word("L3", "L3", "L3", &[]),
];
static NODE_KINDS: [Word; 4] = [
    word("grid", "ввод", "grid", &["grid connection"]),
    word("transformer", "трансформатор", "transformer", &[]),
    word("panel", "щит", "panel", &[]),
    word("feed", "фидер", "feed", &[]),
];
static COOLING_KINDS: [Word; 3] = [
    word("air", "воздух", "air", &["воздушная"]),
    word("hydro", "гидро", "hydro", &["вода"]),
    word("immersion", "иммерсия", "immersion", &["иммерсионная"]),
];

static SUPPLIES: [Word; 2] = [
    word(
        "single",
        "одна фаза",
        "one phase",
        &["1", "single", "single phase", "однофазная"],
    ),
    word(
        "three",
        "три фазы",
        "three phases",
        &["3", "three-phase", "трехфазная"],
    ),
];
static MACHINE_STATES: [Word; 5] = [
    word("expected", "ожидается", "expected", &["ожидаем"]),
    word("received", "принята", "received", &["на складе", "принят"]),
    word("racked", "в стойке", "racked", &["стоит"]),
    word("repair", "в ремонте", "in repair", &["ремонт"]),
    word("removed", "вывезена", "removed", &["вывезен"]),
];

const KIND_NAMES: &[&str] = &["kind", "type", "вид", "тип"];
const HALL_NAMES: &[&str] = &["hall", "зал"];
const ROW_NAMES: &[&str] = &["row", "ряд"];

const fn hall(need: Need, kind: Kind) -> Column {
    Column {
        code: "hall",
        names: HALL_NAMES,
        kind,
        need,
        sample: ["Зал 1", "Hall 1"],
    }
}

static OFFERED_TO: [Word; 3] = [
    word("all", "всем", "all", &["everybody", "yes", "да"]),
    word(
        "chosen",
        "выбранным",
        "chosen",
        &["chosen tenants", "избранным"],
    ),
    word("nobody", "никому", "nobody", &["no", "нет"]),
];

pub(super) static HALLS: [Column; 3] = [
    hall(Need::Key, Kind::Name),
    Column {
        code: "offered",
        names: &[
            "offered",
            "offered to",
            "предлагается",
            "предложен",
            "кому предлагается",
        ],
        kind: Kind::Word(&OFFERED_TO),
        need: Need::Or(Value::Word("all")),
        sample: ["всем", "all"],
    },
    Column {
        code: "tenants",
        names: &["tenants", "offered to tenants", "арендаторы"],
        kind: Kind::Names,
        need: Need::Optional,
        sample: ["", ""],
    },
];

pub(super) static ROWS: [Column; 2] = [
    hall(Need::Key, Kind::Ref(Noun::Halls)),
    Column {
        code: "row",
        names: ROW_NAMES,
        kind: Kind::Name,
        need: Need::Key,
        sample: ["А", "A"],
    },
];

pub(super) static POWER: [Column; 8] = [
    Column {
        code: "node",
        names: &[
            "node",
            "power node",
            "name",
            "узел",
            "узел питания",
            "название",
        ],
        kind: Kind::Name,
        need: Need::Key,
        sample: ["Ф-1", "F-1"],
    },
    Column {
        code: "kind",
        names: KIND_NAMES,
        kind: Kind::Word(&NODE_KINDS),
        need: Need::Required,
        sample: ["фидер", "feed"],
    },
    Column {
        code: "parent",
        names: &[
            "parent",
            "parent node",
            "вышестоящий узел",
            "выше",
            "родитель",
        ],
        kind: Kind::Ref(Noun::Power),
        need: Need::Optional,
        sample: ["", ""],
    },
    Column {
        code: "rating_kw",
        names: &[
            "rating kw",
            "rating, kw",
            "rating",
            "номинал, квт",
            "номинал квт",
            "номинал",
        ],
        kind: Kind::Kilowatts {
            most: 10_000_000_000,
        },
        need: Need::Optional,
        sample: ["", ""],
    },
    Column {
        code: "volts",
        names: &[
            "volts",
            "voltage",
            "voltage, v",
            "напряжение",
            "напряжение, в",
        ],
        kind: Kind::Decimal { most: 10_000_000 },
        need: Need::Optional,
        sample: ["400", "400"],
    },
    Column {
        code: "amps",
        names: &["amps", "current", "current, a", "ток", "ток, а"],
        kind: Kind::Decimal { most: 10_000_000 },
        need: Need::Optional,
        sample: ["63", "63"],
    },
    Column {
        code: "leg",
        names: &["leg", "phase", "фаза"],
        kind: Kind::Word(&LEGS),
        need: Need::Optional,
        sample: ["", ""],
    },
    Column {
        code: "usable",
        names: &[
            "usable",
            "usable, %",
            "доля к продаже, %",
            "доля к продаже",
            "используется, %",
        ],
        kind: Kind::Percent { zero: false },
        need: Need::Or(Value::Decimal(Decimal::ONE_HUNDRED)),
        sample: ["80", "80"],
    },
];

const fn month(code: &'static str, names: &'static [&'static str]) -> Column {
    Column {
        code,
        names,
        kind: Kind::Percent { zero: true },
        need: Need::Or(Value::Decimal(Decimal::ONE_HUNDRED)),
        sample: ["", ""],
    }
}

pub(super) static ZONES: [Column; 16] = [
    Column {
        code: "zone",
        names: &[
            "zone",
            "cooling zone",
            "name",
            "зона",
            "зона охлаждения",
            "название",
        ],
        kind: Kind::Name,
        need: Need::Key,
        sample: ["Воздух 1", "Air 1"],
    },
    Column {
        code: "kind",
        names: KIND_NAMES,
        kind: Kind::Word(&COOLING_KINDS),
        need: Need::Required,
        sample: ["воздух", "air"],
    },
    Column {
        code: "units",
        names: &["units", "units, kw", "установки", "установки, квт"],
        kind: Kind::Units,
        need: Need::Required,
        sample: ["В-1 = 500 | В-2 = 500", "A-1 = 500 | A-2 = 500"],
    },
    Column {
        code: "spare_units",
        names: &["spare units", "spare", "резервные установки", "резерв"],
        kind: Kind::Whole {
            least: 0,
            most: 10_000,
        },
        need: Need::Or(Value::Whole(0)),
        sample: ["1", "1"],
    },
    month(
        "derate_1",
        &["derate 1", "january, %", "январь, %", "январь"],
    ),
    month(
        "derate_2",
        &["derate 2", "february, %", "февраль, %", "февраль"],
    ),
    month("derate_3", &["derate 3", "march, %", "март, %", "март"]),
    month("derate_4", &["derate 4", "april, %", "апрель, %", "апрель"]),
    month("derate_5", &["derate 5", "may, %", "май, %", "май"]),
    month("derate_6", &["derate 6", "june, %", "июнь, %", "июнь"]),
    month("derate_7", &["derate 7", "july, %", "июль, %", "июль"]),
    month(
        "derate_8",
        &["derate 8", "august, %", "август, %", "август"],
    ),
    month(
        "derate_9",
        &["derate 9", "september, %", "сентябрь, %", "сентябрь"],
    ),
    month(
        "derate_10",
        &["derate 10", "october, %", "октябрь, %", "октябрь"],
    ),
    month(
        "derate_11",
        &["derate 11", "november, %", "ноябрь, %", "ноябрь"],
    ),
    month(
        "derate_12",
        &["derate 12", "december, %", "декабрь, %", "декабрь"],
    ),
];

pub(super) static RACKS: [Column; 10] = [
    hall(Need::Required, Kind::Ref(Noun::Halls)),
    Column {
        code: "row",
        names: ROW_NAMES,
        kind: Kind::Ref(Noun::Rows),
        need: Need::Required,
        sample: ["А", "A"],
    },
    Column {
        code: "rack",
        names: &["rack", "name", "стойка", "название"],
        kind: Kind::Name,
        need: Need::Key,
        sample: ["А-01", "A-01"],
    },
    Column {
        code: "kind",
        names: KIND_NAMES,
        kind: Kind::Word(&RACK_KINDS),
        need: Need::Required,
        sample: ["рама", "frame"],
    },
    Column {
        code: "slots",
        names: &["slots", "места", "мест", "число мест", "слоты"],
        kind: Kind::Whole {
            least: 1,
            most: 10_000,
        },
        need: Need::Required,
        sample: ["8", "8"],
    },
    Column {
        code: "limit_kw",
        names: &[
            "limit kw",
            "limit, kw",
            "limit",
            "kw",
            "предел квт",
            "предел, квт",
            "предел",
            "лимит квт",
            "лимит, квт",
            "квт",
        ],
        kind: Kind::Kilowatts { most: 100_000_000 },
        need: Need::Required,
        sample: ["28,5", "28.5"],
    },
    Column {
        code: "phase",
        names: &["phase", "phases", "фаза", "фазы"],
        kind: Kind::Word(&RACK_PHASES),
        need: Need::Required,
        sample: ["три", "three"],
    },
    Column {
        code: "feed_a",
        names: &["feed a", "feed", "фидер a", "фидер а", "фидер"],
        kind: Kind::Ref(Noun::Power),
        need: Need::Required,
        sample: ["Ф-1", "F-1"],
    },
    Column {
        code: "feed_b",
        names: &["feed b", "фидер b", "фидер б", "фидер в"],
        kind: Kind::Ref(Noun::Power),
        need: Need::Optional,
        sample: ["", ""],
    },
    Column {
        code: "zone",
        names: &["zone", "cooling zone", "зона", "зона охлаждения"],
        kind: Kind::Ref(Noun::Zones),
        need: Need::Required,
        sample: ["Воздух 1", "Air 1"],
    },
];

pub(super) static MACHINES: [Column; 12] = [
    Column {
        code: "serial",
        names: &["serial", "serial number", "серийный номер", "серийник"],
        kind: Kind::Serial,
        need: Need::Key,
        sample: ["WM-0001", "WM-0001"],
    },
    Column {
        code: "tenant",
        names: &["tenant", "owner", "арендатор", "владелец"],
        kind: Kind::Text { most: 300 },
        need: Need::Required,
        sample: ["ООО «Янтарь Хэш»", "Amber Hash Ltd"],
    },
    Column {
        code: "model",
        names: &["model", "модель"],
        kind: Kind::Text { most: 120 },
        need: Need::Required,
        sample: ["Antminer S21", "Antminer S21"],
    },
    Column {
        code: "watts",
        names: &[
            "watts",
            "power, w",
            "power",
            "мощность, вт",
            "мощность",
            "вт",
        ],
        kind: Kind::Whole {
            least: 1,
            most: 1_000_000,
        },
        need: Need::Catalogue,
        sample: ["3500", "3500"],
    },
    Column {
        code: "cooling",
        names: &["cooling", "охлаждение"],
        kind: Kind::Word(&COOLING_KINDS),
        need: Need::Catalogue,
        sample: ["воздух", "air"],
    },
    Column {
        code: "supply",
        names: &["supply", "подключение"],
        kind: Kind::Word(&SUPPLIES),
        need: Need::Catalogue,
        sample: ["одна фаза", "one phase"],
    },
    Column {
        code: "booking",
        names: &[
            "booking",
            "booking no.",
            "reservation",
            "бронь",
            "№ брони",
            "номер брони",
        ],
        kind: Kind::Whole {
            least: 1,
            most: 1_000_000_000,
        },
        need: Need::Optional,
        sample: ["", ""],
    },
    Column {
        code: "state",
        names: &["state", "status", "состояние"],
        kind: Kind::Word(&MACHINE_STATES),
        need: Need::Required,
        sample: ["принята", "received"],
    },
    Column {
        code: "rack",
        names: &["rack", "стойка"],
        kind: Kind::Ref(Noun::Racks),
        need: Need::Optional,
        sample: ["", ""],
    },
    Column {
        code: "slot",
        names: &["slot", "место"],
        kind: Kind::Whole {
            least: 1,
            most: 10_000,
        },
        need: Need::Optional,
        sample: ["", ""],
    },
    Column {
        code: "leg",
        names: &["leg", "phase", "фаза"],
        kind: Kind::Word(&LEGS),
        need: Need::Optional,
        sample: ["", ""],
    },
    Column {
        code: "note",
        names: &["note", "примечание", "заметка"],
        kind: Kind::Text { most: 500 },
        need: Need::Optional,
        sample: ["", ""],
    },
];
