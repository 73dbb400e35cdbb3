//! A small hotel for tests of metering and billing: one site, its racks, tenants and leases.

use chrono::NaiveDate;
use innkeeper::db::identity::operators::{self, Operator};
use innkeeper::db::identity::tenants::{self, Tenant};
use innkeeper::db::leasing::leases::{self, Lease, LeaseTerm};
use innkeeper::db::leasing::reservations::{self, Allocation, Reservation};
use innkeeper::db::site::cooling::{self, CoolingUnit, CoolingZone};
use innkeeper::db::site::halls::{self, Hall, Row};
use innkeeper::db::site::power::{self, PowerNode};
use innkeeper::db::site::racks::{self, Rack};
use innkeeper::db::site::sites::{self, Site};
use innkeeper::db::{Chain, Db};
use innkeeper::domain::billing::plan::PlanVersion;
use innkeeper::domain::calendar::Instant;
use innkeeper::domain::fold::fold;
use innkeeper::domain::identity::TenantKind;
use innkeeper::domain::identity::access::Actor;
use innkeeper::domain::ids::*;
use innkeeper::domain::leasing::state::ReservationState;
use innkeeper::domain::metering::meter::Place;
use innkeeper::domain::money::Currency;
use innkeeper::domain::site::{
    CoolingKind, Leg, NodeKind, OfferedTo, RackKind, RackPhase, Redundancy, SlotsEach, Supply,
    Workload,
};
use innkeeper::domain::units::Watts;
use innkeeper::services::billing::plans;
use innkeeper::services::metering::imports::{self, Keep, Upload};
use innkeeper::services::metering::meters::{self, NewMeter};

pub const HOUSE: Actor = Actor::HOUSE;
pub const URL: &str = "http://hotel.test";

pub fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// `2026-06-01T00:00:00+03:00` as an instant.
pub fn at(text: &str) -> Instant {
    Instant(
        chrono::DateTime::parse_from_rfc3339(text)
            .unwrap()
            .timestamp(),
    )
}

/// One site with a hall and a feed; everything else is added by the test.
pub struct Hotel<'a> {
    pub db: &'a Db,
    pub site: SiteId,
    hall: HallId,
    row: RowId,
    feed: NodeId,
    zone: ZoneId,
}

/// What a lease is made of.
pub struct Signed<'a> {
    pub tenant: TenantId,
    pub plan: PlanId,
    pub start: &'a str,
    pub end: Option<&'a str>,
    pub contracted: &'a [(&'a str, i64)],
    /// Rack and units on it.
    pub racks: &'a [(RackId, i64)],
    pub watts_each: i64,
}

impl<'a> Hotel<'a> {
    pub fn open(db: &'a Db, time_zone: &str) -> Self {
        let build = |conn: &mut innkeeper::db::Conn| {
            operators::insert(conn, &operator())?;
            let site = sites::insert(conn, &site(time_zone))?;
            let (id, name) = (HallId(0), "1".to_owned());
            let hall = halls::insert(
                conn,
                &Hall {
                    id,
                    site_id: site,
                    name: name.clone(),
                    width: None,
                    depth: None,
                    offered: OfferedTo::All,
                },
            )?;
            let row = Row {
                id: RowId(0),
                site_id: site,
                hall_id: hall,
                name,
            };
            let row = halls::insert_row(conn, &row)?;
            let feed = power::insert(conn, &feed(site))?;
            let zone = CoolingZone {
                id: ZoneId(0),
                site_id: site,
                name: "Z".into(),
                kind: CoolingKind::Air,
                spare_units: 0,
            };
            let zone = cooling::insert(conn, &zone)?;
            let unit = CoolingUnit {
                id: 0,
                site_id: site,
                zone_id: zone,
                name: "U".into(),
                watts: Watts(1_000_000_000),
            };
            cooling::replace_parts(conn, zone, &[unit], &[])?;
            Ok((site, hall, row, feed, zone))
        };
        let (site, hall, row, feed, zone) = db.write(Chain::Operator, |tx| build(tx.conn)).unwrap();
        Self {
            db,
            site,
            hall,
            row,
            feed,
            zone,
        }
    }

    /// The hotel that another part of the test has opened.
    pub fn again(db: &'a Db) -> Self {
        let (site, hall, row) = (SiteId(1), HallId(1), RowId(1));
        Self {
            db,
            site,
            hall,
            row,
            feed: NodeId(1),
            zone: ZoneId(1),
        }
    }

    pub fn rack(&self, name: &str, slots: i64) -> RackId {
        self.rack_on(self.feed, name, slots)
    }

    /// A node of the power tree with three legs alike.
    pub fn node(&self, kind: NodeKind, parent: Option<NodeId>, name: &str, watts: i64) -> NodeId {
        let node = PowerNode {
            parent_id: parent,
            kind,
            name: name.into(),
            rating_watts: Some(Watts(watts)),
            ..feed(self.site)
        };
        self.db
            .write(Chain::Site(self.site), |tx| power::insert(tx.conn, &node))
            .unwrap()
    }

    pub fn rack_on(&self, feed: NodeId, name: &str, slots: i64) -> RackId {
        let rack = Rack {
            id: RackId(0),
            site_id: self.site,
            hall_id: self.hall,
            row_id: self.row,
            name: name.into(),
            name_folded: fold(name),
            kind: RackKind::Frame,
            slots,
            limit_watts: Watts(1_000_000_000),
            phase: RackPhase::Three,
            feed_a: feed,
            feed_b: None,
            zone_id: self.zone,
            x: None,
            y: None,
            turn: None,
        };
        self.db
            .write(Chain::Site(self.site), |tx| racks::insert(tx.conn, &rack))
            .unwrap()
    }

    pub fn tenant(&self, name: &str) -> TenantId {
        let tenant = Tenant {
            id: TenantId(0),
            kind: TenantKind::Company,
            name: name.into(),
            name_folded: fold(name),
            inn: "7707083893".into(),
            kpp: "770701001".into(),
            ogrn: String::new(),
            address: "Москва".into(),
            email: "t@example.org".into(),
            phone: String::new(),
            contact: String::new(),
            bank_details: String::new(),
            registry_number: String::new(),
            registry_date: None,
            locale: "ru".into(),
            created_at: Instant(0),
            created_by: None,
            redundancy: Redundancy::N,
        };
        self.db
            .write(Chain::Operator, |tx| tenants::insert(tx.conn, &tenant))
            .unwrap()
    }

    pub fn plan(&self, name: &str, currency: Currency, versions: &[PlanVersion]) -> PlanId {
        let plan = plans::create(self.db, &HOUSE, Instant(0), name, currency).unwrap();
        for terms in versions {
            let draft = plans::save_draft(self.db, &HOUSE, Instant(0), plan, None, terms).unwrap();
            plans::publish(self.db, &HOUSE, Instant(0), plan, draft).unwrap();
        }
        plan
    }

    pub fn lease(&self, signed: &Signed) -> LeaseId {
        self.lease_on(None, signed)
    }

    /// Of machines on one leg, or (`None`) on all three.
    pub fn lease_on(&self, leg: Option<Leg>, signed: &Signed) -> LeaseId {
        let end = signed.end.map(day);
        self.db
            .write(Chain::Site(self.site), |tx| {
                let mut held = reservation(self.site, signed);
                if leg.is_some() {
                    held.supply = Supply::Single;
                }
                held.id = reservations::insert(tx.conn, &held)?;
                let allocations: Vec<_> = signed
                    .racks
                    .iter()
                    .map(|(rack, units)| Allocation {
                        id: AllocationId(0),
                        reservation_id: held.id,
                        tenant_id: signed.tenant,
                        site_id: self.site,
                        rack_id: *rack,
                        leg,
                        units: *units,
                        from_date: None,
                        to_date: None,
                    })
                    .collect();
                reservations::replace_allocations(tx.conn, held.id, &allocations)?;
                let lease = Lease {
                    id: LeaseId(0),
                    number: format!("L-{}", held.id),
                    reservation_id: held.id,
                    tenant_id: signed.tenant,
                    site_id: self.site,
                    plan_id: signed.plan,
                    start_date: day(signed.start),
                    end_date: end,
                    payment_days: 10,
                    notice_days: 30,
                    billing_email: "buh@example.org".into(),
                    signed_at: Instant(0),
                    signed_by: None,
                    notice_at: None,
                    notice_by: None,
                };
                let id = leases::insert(tx.conn, &lease)?;
                for (from, watts) in signed.contracted {
                    let term = LeaseTerm {
                        lease_id: id,
                        from_date: day(from),
                        contracted_watts: Watts(*watts),
                    };
                    leases::insert_term(tx.conn, &term)?;
                }
                Ok(id)
            })
            .unwrap()
    }

    pub fn meter(
        &self,
        code: &str,
        rack: Option<RackId>,
        lease: Option<LeaseId>,
        from: &str,
    ) -> MeterId {
        let place = Place {
            rack,
            lease,
            ..Place::default()
        };
        let new = NewMeter::of_intervals(self.site, code, place, day(from));
        meters::create(self.db, &HOUSE, Instant(0), &new).unwrap()
    }

    /// Hands a file in and works it off.
    pub fn import(
        &self,
        content: impl AsRef<[u8]>,
        keep: Keep,
        now: Instant,
    ) -> innkeeper::db::metering::imports::Import {
        let id = self.receive(content, keep, now);
        imports::run(self.db, id, now).unwrap()
    }

    pub fn receive(&self, content: impl AsRef<[u8]>, keep: Keep, now: Instant) -> ImportId {
        let upload = Upload {
            file_name: "readings.csv",
            content: content.as_ref(),
            keep,
            limit_bytes: imports::LIMIT_BYTES,
        };
        imports::receive(self.db, &HOUSE, now, &upload).unwrap()
    }
}

/// Half-hours of one meter, all with the same energy, as a file.
pub fn half_hours(meter: &str, from: Instant, count: i64, wh: i64) -> String {
    let mut text = String::from("meter,start,end,value,unit\n");
    for n in 0..count {
        let start = from.plus_seconds(n * 1_800);
        let end = start.plus_seconds(1_800);
        text.push_str(&format!("{meter},{start},{end},{wh},Wh\n"));
    }
    text
}

fn operator() -> Operator {
    let text = String::new;
    Operator {
        id: operators::ID,
        legal_name: "АО «Технопарк»".into(),
        short_name: "Технопарк".into(),
        country: "RU".into(),
        time_zone: "Europe/Moscow".into(),
        inn: "7707083893".into(),
        kpp: "770701001".into(),
        ogrn: text(),
        address: "Сосновый Бор".into(),
        email: "hotel@example.org".into(),
        phone: text(),
        bank_name: "Банк".into(),
        bank_bic: "044525225".into(),
        bank_account: "40702810900000000001".into(),
        bank_corr_account: "30101810400000000225".into(),
        director: text(),
        accountant: text(),
        vat_payer: true,
        locale: "ru".into(),
    }
}

fn site(time_zone: &str) -> Site {
    Site {
        id: SiteId(0),
        code: "T".into(),
        name: "Test".into(),
        region_code: "00".into(),
        address: String::new(),
        time_zone: time_zone.into(),
        hold_hours: 72,
        plan_id: None,
        created_at: Instant(0),
        redundancy: Redundancy::N,
    }
}

fn feed(site: SiteId) -> PowerNode {
    PowerNode {
        id: NodeId(0),
        site_id: site,
        parent_id: None,
        kind: NodeKind::Feed,
        name: "F".into(),
        rating_watts: Some(Watts(3_000_000_000)),
        volts: None,
        amps: None,
        leg: None,
        usable: "1".into(),
    }
}

fn reservation(site: SiteId, signed: &Signed) -> Reservation {
    Reservation {
        id: ReservationId(0),
        tenant_id: signed.tenant,
        site_id: site,
        hall_id: None,
        model_id: None,
        model_name: "Antminer".into(),
        workload: Workload::Mining,
        cooling: CoolingKind::Air,
        supply: Supply::Three,
        units: signed
            .racks
            .iter()
            .map(|(_, units)| units)
            .sum::<i64>()
            .max(1),
        watts_each: Watts(signed.watts_each),
        from_date: day(signed.start),
        to_date: signed.end.map(day),
        state: ReservationState::Leased,
        hold_until: Instant(0),
        assigned_at: Some(Instant(0)),
        assigned_by: None,
        created_at: Instant(0),
        created_by: None,
        cancelled_at: None,
        cancelled_by: None,
        bundle_id: None,
        slots_each: SlotsEach::One,
        two_feeds: false,
        rack_range: None,
        redundancy: Redundancy::N,
    }
}
