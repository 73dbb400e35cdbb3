//! A priced month, line by line, each with what it was computed from: for invoices, runs and quotes.

use crate::domain::billing::invoice_plan::{
    CapacityExplain, EnergyExplain, Explain, InvoicePlan, Line, LineKind, RackRentExplain,
    ShortfallExplain, SlaExplain,
};
use crate::domain::calendar::Span;
use crate::domain::money::Currency;
use crate::domain::units::WattHours;
use crate::export::document::{quantity, unit, unit_price};
use crate::web::page::{Page, Tone};
use crate::web::parts::{Column, Fact};
use chrono::NaiveDate;
use rust_decimal::Decimal;

/// One line as it is shown, shut and open.
pub struct Shown {
    pub name: String,
    pub quantity: String,
    pub unit: String,
    pub price: String,
    pub sum: String,
    pub facts: Vec<Fact>,
    pub chart: Option<Chart>,
    pub grid: Option<Grid>,
    /// Where the half-hours are.
    pub usage: Option<String>,
}

/// Small bars with what they are of.
pub struct Chart {
    pub caption: String,
    pub columns: Vec<Column>,
    pub first: String,
    pub last: String,
}

/// A small table: every column but the first holds numbers.
pub struct Grid {
    pub head: Vec<String>,
    pub rows: Vec<Vec<String>>,
}

pub struct Priced {
    pub sign: &'static str,
    pub lines: Vec<Shown>,
    /// Net, VAT and total, each with its name.
    pub sums: Vec<(String, String)>,
}

/// `usage`: where the reader finds the half-hours of this month.
pub fn priced(page: &Page, plan: &InvoicePlan, vat_payer: bool, usage: Option<&str>) -> Priced {
    let show = |line: &Line| Shower { page, plan }.line(line, usage);
    let vat = if vat_payer {
        let rate = page.share(plan.vat_rate, 2);
        (page.t1("bill-vat-at", "rate", rate), page.amount(plan.vat))
    } else {
        (page.t("bill-vat-none"), page.t("none"))
    };
    Priced {
        sign: plan.currency.sign(),
        lines: plan.lines.iter().map(show).collect(),
        sums: vec![
            (page.t("bill-net"), page.amount(plan.net)),
            vat,
            (page.t("bill-total"), page.money(plan.total, plan.currency)),
        ],
    }
}

/// What of the energy rests on estimates: `0,5 %`; empty where everything was measured.
pub fn estimated_share(page: &Page, estimated: WattHours, all: WattHours) -> String {
    if estimated.0 <= 0 || all.0 <= 0 {
        return String::new();
    }
    page.share(Decimal::from(estimated.0) / Decimal::from(all.0), 2)
}

struct Shower<'a> {
    page: &'a Page,
    plan: &'a InvoicePlan,
}

impl Shower<'_> {
    fn line(&self, line: &Line, usage: Option<&str>) -> Shown {
        let page = self.page;
        let mut shown = Shown {
            name: self.name(line),
            quantity: quantity(page.locale, line),
            unit: unit(page.locale, line),
            price: unit_price(page.locale, line),
            sum: page.amount(line.net),
            facts: vec![],
            chart: None,
            grid: None,
            usage: None,
        };
        match &line.explain {
            Explain::Energy(it) => {
                shown.facts = self.energy(it);
                shown.chart = Some(self.days(it));
                shown.grid = Some(self.meters(it));
                shown.usage = usage.map(str::to_owned);
            }
            Explain::Shortfall(it) => {
                shown.facts = self.shortfall(it);
                shown.grid = Some(self.minima(it));
                shown.usage = usage.map(str::to_owned);
            }
            Explain::Capacity(it) => shown.facts = self.capacity(it),
            Explain::RackRent(it) => {
                shown.facts = self.rent(it);
                shown.grid = Some(self.racks(it));
            }
            Explain::Charge(it) => {
                shown.facts = vec![Fact::new(page.t("bill-x-date"), page.date(it.date))];
            }
            Explain::SlaCredit(it) => {
                shown.facts = self.credit(it, line);
                shown.grid = Some(self.lost(it));
            }
        }
        if let Some(from) = line.version_from {
            let since = page.t1("bill-x-version-from", "date", page.date(from));
            shown.facts.push(Fact::new(page.t("bill-x-version"), since));
        }
        shown
    }

    fn name(&self, line: &Line) -> String {
        let page = self.page;
        match (line.kind, &line.explain) {
            (LineKind::Energy, Explain::Energy(it)) if it.zone_from != it.zone_to => {
                let zone = line.zone.clone().unwrap_or_default();
                page.t1("bill-line-energy-zone", "zone", zone)
            }
            (LineKind::Energy, _) => page.t("bill-line-energy"),
            (LineKind::Shortfall, _) => page.t("bill-line-shortfall"),
            (LineKind::Capacity, _) => {
                let kw = line.quantity.unwrap_or_default().normalize();
                page.t2(
                    "bill-line-capacity",
                    "kw",
                    page.dec(kw),
                    "count",
                    i64::from(line.days.unwrap_or_default()),
                )
            }
            (LineKind::RackRent, _) => page.t("bill-line-rent"),
            (LineKind::Charge, _) => line.description.clone().unwrap_or_default(),
            (LineKind::SlaCredit, explain) => {
                let credit = match explain {
                    Explain::SlaCredit(it) => it.row.credit,
                    _ => Decimal::ZERO,
                };
                let availability = page.share(line.availability.unwrap_or_default(), 2);
                page.t2(
                    "bill-line-credit",
                    "availability",
                    availability,
                    "credit",
                    page.share(credit, 2),
                )
            }
        }
    }

    fn fact(&self, key: &str, value: String) -> Fact {
        Fact::new(self.page.t(key), value)
    }

    fn money(&self, minor: crate::domain::money::Minor) -> String {
        let currency: Currency = self.plan.currency;
        self.page.money(minor, currency)
    }

    fn energy(&self, it: &EnergyExplain) -> Vec<Fact> {
        let page = self.page;
        let hours = if it.zone_from == it.zone_to {
            page.t("bill-x-all-day")
        } else {
            format!("{}–{}", it.zone_from, it.zone_to)
        };
        let readings = page.t2(
            "bill-x-readings",
            "count",
            it.by_meter.len() as i64,
            "hours",
            hours,
        );
        let mut facts = vec![Fact::new(readings, page.kwh_num(it.metered_wh, 3))];
        if it.loss_factor != Decimal::ONE {
            let factor = page.dec(it.loss_factor.normalize());
            let label = page.t1("bill-x-loss", "factor", factor);
            let more = page.kwh_num(it.billed_wh - it.metered_wh, 3);
            facts.push(Fact::new(label, format!("+\u{a0}{more}")));
        }
        facts.push(self.fact("bill-x-billed", page.kwh(it.billed_wh)));
        let share = estimated_share(page, it.estimated_wh, it.metered_wh);
        let estimated = if share.is_empty() {
            page.t("bill-x-all-measured")
        } else {
            format!("{} ({share})", page.kwh_num(it.estimated_wh, 3))
        };
        facts.push(self.fact("bill-x-estimated", estimated));
        facts.push(self.fact("bill-x-intervals", page.int(i64::from(it.intervals))));
        facts
    }

    fn days(&self, it: &EnergyExplain) -> Chart {
        let page = self.page;
        let most = it.by_day.iter().map(|day| day.wh.0).max().unwrap_or(0);
        let mean = it.metered_wh.0 / i64::try_from(it.by_day.len()).unwrap_or(1).max(1);
        let columns = it.by_day.iter().map(|day| Column {
            height: day.wh.0.saturating_mul(100) / most.max(1),
            label: format!("{}: {}", page.date_day(day.date), page.kwh(day.wh)),
            // A day well under the others is what a reader asks about.
            tone: if day.wh.0 < mean / 100 * 85 {
                Tone::Warn
            } else {
                Tone::Info
            },
        });
        let day = |at: Option<NaiveDate>| at.map(|it| page.date_short(it)).unwrap_or_default();
        Chart {
            caption: page.t1("bill-x-by-day", "most", page.kwh_num(WattHours(most), 0)),
            columns: columns.collect(),
            first: day(it.by_day.first().map(|it| it.date)),
            last: day(it.by_day.last().map(|it| it.date)),
        }
    }

    fn meters(&self, it: &EnergyExplain) -> Grid {
        let page = self.page;
        let rows = it.by_meter.iter().map(|meter| {
            vec![
                meter.meter.clone(),
                page.kwh_num(meter.wh, 3),
                page.kwh_num(meter.estimated_wh, 3),
            ]
        });
        Grid {
            head: vec![
                page.t("bill-x-meter"),
                page.t("unit-kwh"),
                page.t("bill-x-of-them-estimated"),
            ],
            rows: rows.collect(),
        }
    }

    fn shortfall(&self, it: &ShortfallExplain) -> Vec<Fact> {
        let page = self.page;
        let relief: WattHours = it.reliefs.iter().map(|it| it.wh).sum();
        let mut facts = vec![];
        if !it.reliefs.is_empty() {
            let label = page.t1("bill-x-reliefs", "count", it.reliefs.len() as i64);
            let less = format!("−\u{a0}{}", page.kwh(relief));
            facts.push(Fact::new(label, less));
        }
        facts.extend([
            self.fact("bill-x-minimum", page.kwh(it.minimum_wh)),
            self.fact("bill-x-taken", page.kwh(it.metered_wh)),
            self.fact("bill-x-short", page.kwh(it.minimum_wh - it.metered_wh)),
        ]);
        facts
    }

    /// The minimum of each stretch, and what outages took off it.
    fn minima(&self, it: &ShortfallExplain) -> Grid {
        let page = self.page;
        let parts = it.minima.iter().map(|part| {
            let days = format!("{} — {}", page.date(part.from), page.date(part.to));
            let power = page.dec(part.kw.normalize());
            let factor = page.share(part.load_factor, 2);
            vec![days, power, factor, page.kwh_num(part.wh, 0)]
        });
        let reliefs = it.reliefs.iter().map(|relief| {
            let power = page.dec(relief.kw.normalize());
            let factor = page.share(relief.load_factor, 2);
            let less = format!("−{}", page.kwh_num(relief.wh, 0));
            vec![self.span(relief.span), power, factor, less]
        });
        Grid {
            head: vec![
                page.t("bill-x-stretch"),
                page.t("unit-kw"),
                page.t("bill-x-load"),
                page.t("unit-kwh"),
            ],
            rows: parts.chain(reliefs).collect(),
        }
    }

    fn span(&self, span: Span) -> String {
        let page = self.page;
        format!("{} — {}", page.dt(span.from), page.dt(span.to))
    }

    fn capacity(&self, it: &CapacityExplain) -> Vec<Fact> {
        let page = self.page;
        let last = it.to.pred_opt().unwrap_or(it.to);
        let days = format!("{} — {}", page.date(it.from), page.date(last));
        let of = page.t2(
            "bill-x-days-of",
            "days",
            i64::from(it.days),
            "of",
            i64::from(it.days_in_month),
        );
        vec![
            self.fact(
                "bill-x-contracted",
                format!("{}\u{a0}{}", page.dec(it.kw.normalize()), page.t("unit-kw")),
            ),
            Fact::new(days, of),
            self.fact("bill-x-formula", page.t("bill-x-formula-capacity")),
        ]
    }

    fn rent(&self, it: &RackRentExplain) -> Vec<Fact> {
        let page = self.page;
        vec![
            self.fact(
                "bill-x-rack-days",
                page.dec(it.rack_days.round_dp(6).normalize()),
            ),
            self.fact("bill-x-month-days", page.int(i64::from(it.days_in_month))),
            self.fact("bill-x-formula", page.t("bill-x-formula-rent")),
        ]
    }

    fn racks(&self, it: &RackRentExplain) -> Grid {
        let page = self.page;
        let rows = it.racks.iter().map(|rack| {
            vec![
                rack.rack.clone(),
                page.share(rack.share, 1),
                page.int(i64::from(rack.days)),
                page.num(rack.rack_days, 2),
            ]
        });
        Grid {
            head: vec![
                page.t("bill-x-rack"),
                page.t("bill-x-share"),
                page.t("bill-x-days"),
                page.t("bill-x-rack-days"),
            ],
            rows: rows.collect(),
        }
    }

    fn credit(&self, it: &SlaExplain, line: &Line) -> Vec<Fact> {
        let page = self.page;
        vec![
            self.fact("bill-x-lost", page.kwh(it.lost_wh)),
            self.fact("bill-x-promised", page.kwh(it.contracted_wh)),
            self.fact(
                "bill-x-availability",
                page.share(line.availability.unwrap_or_default(), 4),
            ),
            Fact::new(
                page.t1("bill-x-below", "below", page.share(it.row.below, 2)),
                page.share(it.row.credit, 2),
            ),
            self.fact("bill-x-base-energy", self.money(it.energy_net)),
            self.fact("bill-x-base-capacity", self.money(it.capacity_net)),
            self.fact("bill-x-base-rent", self.money(it.rack_rent_net)),
            self.fact("bill-x-base", self.money(it.base)),
        ]
    }

    fn lost(&self, it: &SlaExplain) -> Grid {
        let page = self.page;
        let rows = it.lost.iter();
        Grid {
            head: vec![page.t("bill-x-outage"), page.t("unit-kw")],
            rows: rows
                .map(|lost| vec![self.span(lost.span), page.dec(lost.kw.normalize())])
                .collect(),
        }
    }
}
