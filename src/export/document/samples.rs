//! Invoices for tests.

use super::*;
use crate::domain::billing::invoice_plan::*;
use crate::domain::billing::plan::{DayTime, SlaRow};
use crate::domain::money::Minor;
use crate::domain::units::WattHours;

fn dec(text: &str) -> Decimal {
    text.parse().unwrap()
}

fn line(
    kind: LineKind,
    quantity: &str,
    unit: Option<Unit>,
    price: &str,
    net: i64,
    explain: Explain,
) -> Line {
    Line {
        kind,
        net: Minor(net),
        quantity: (!quantity.is_empty()).then(|| dec(quantity)),
        unit,
        unit_price: (!price.is_empty()).then(|| dec(price)),
        zone: None,
        days: None,
        description: None,
        availability: None,
        version_from: (kind != LineKind::Charge).then(|| "2026-10-01".parse().unwrap()),
        window: Month::parse("2026-10").unwrap().window(),
        explain,
    }
}

fn energy(zone: &str, from: &str, to: &str, kwh: &str, price: &str, net: i64) -> Line {
    let wh = WattHours::from_kilo(dec(kwh)).unwrap();
    let explain = EnergyExplain {
        zone_from: DayTime::parse(from).unwrap(),
        zone_to: DayTime::parse(to).unwrap(),
        loss_factor: Decimal::ONE,
        metered_wh: wh,
        estimated_wh: WattHours(0),
        billed_wh: wh,
        intervals: 0,
        by_day: vec![],
        by_meter: vec![],
    };
    let line = line(
        LineKind::Energy,
        kwh,
        Some(Unit::Kwh),
        price,
        net,
        Explain::Energy(explain),
    );
    Line {
        zone: Some(zone.into()),
        ..line
    }
}

pub(crate) fn charge(description: &str, quantity: &str, price: &str, net: i64) -> Line {
    let explain = Explain::Charge(ChargeExplain {
        date: "2026-10-12".parse().unwrap(),
    });
    let line = line(LineKind::Charge, quantity, None, price, net, explain);
    Line {
        description: Some(description.into()),
        ..line
    }
}

fn credit() -> Line {
    let sla = SlaExplain {
        lost_wh: WattHours(14_787_000),
        contracted_wh: WattHours(930_000_000),
        row: SlaRow {
            below: dec("0.99"),
            credit: dec("0.05"),
        },
        energy_net: Minor(401_626_254),
        capacity_net: Minor(43_750_000),
        rack_rent_net: Minor(12_000_000),
        base: Minor(457_376_254),
        lost: vec![],
    };
    let credit = line(
        LineKind::SlaCredit,
        "",
        None,
        "",
        -22_868_813,
        Explain::SlaCredit(sla),
    );
    Line {
        availability: Some(dec("0.984100")),
        ..credit
    }
}

fn lines() -> Vec<Line> {
    let (from, to) = ("2026-10-01".parse().unwrap(), "2026-11-01".parse().unwrap());
    let capacity = CapacityExplain {
        from,
        to,
        kw: dec("1250"),
        days: 31,
        days_in_month: 31,
    };
    let rent = RackRentExplain {
        rack_days: dec("930"),
        days_in_month: 31,
        racks: vec![],
    };
    let capacity = line(
        LineKind::Capacity,
        "1250",
        Some(Unit::Kw),
        "350.00",
        43_750_000,
        Explain::Capacity(capacity),
    );
    vec![
        energy(
            "день",
            "07:00",
            "23:00",
            "571204.118",
            "5.4321",
            310_283_789,
        ),
        energy("ночь", "23:00", "07:00", "284113.420", "3.2150", 91_342_465),
        Line {
            days: Some(31),
            ..capacity
        },
        line(
            LineKind::RackRent,
            "930",
            Some(Unit::RackDay),
            "4000",
            12_000_000,
            Explain::RackRent(rent),
        ),
        charge(
            "Удалённые руки: замена блоков питания",
            "1.5",
            "2400.00",
            360_000,
        ),
        credit(),
    ]
}

/// The invoice of the design's picture.
pub(crate) fn october(locale: Locale) -> InvoiceDocument {
    let operator = Party {
        name: "Общество с ограниченной ответственностью «Технопарк Сосновый Бор»".into(),
        inn: "4714012345".into(),
        kpp: "471401001".into(),
        ogrn: "1234700012345".into(),
        address: "188540, Ленинградская обл., г. Сосновый Бор, Промышленная ул., д. 7".into(),
        email: "finance@sosnovybor.example".into(),
        registry_number: "ОМИ-0042".into(),
    };
    let tenant = Party {
        name: "ООО «Северный хэш»".into(),
        inn: "7801234567".into(),
        kpp: "780101001".into(),
        ogrn: "1187800012345".into(),
        address: "199178, г. Санкт-Петербург, 12-я линия В.О., д. 15, лит. А, пом. 4-Н".into(),
        email: "buh@sevhash.example".into(),
        registry_number: "МН-000777".into(),
    };
    let bank = Bank {
        name: "СЕВЕРО-ЗАПАДНЫЙ БАНК ПАО СБЕРБАНК г. Санкт-Петербург".into(),
        bic: "044030653".into(),
        account: "40702810855000012345".into(),
        correspondent_account: "30101810500000000653".into(),
    };
    InvoiceDocument {
        number: "2026-000412".into(),
        issue_date: "2026-11-01".parse().unwrap(),
        due_date: "2026-11-11".parse().unwrap(),
        locale,
        operator,
        tenant,
        bank,
        director: "Орлова М. В.".into(),
        accountant: "Климова А. П.".into(),
        lease_number: "А-2026-0007".into(),
        site_name: "Технопарк «Сосновый Бор»".into(),
        vat_payer: true,
        plan: InvoicePlan {
            currency: Currency::Rub,
            period: Month::parse("2026-10").unwrap(),
            lines: lines(),
            net: Minor(434_867_441),
            vat_rate: dec("0.22"),
            vat: Minor(95_670_837),
            total: Minor(530_538_278),
            estimated_wh: WattHours(3_118_000),
            metered_wh: WattHours(855_317_538),
        },
    }
}
