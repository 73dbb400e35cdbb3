//! The list of racks: search, filters, every order page by page, totals; the catalogue of models.

use crate::on_both;
use crate::support::{House, NOW};
use innkeeper::db::site::catalogue::{self, ModelPage};
use innkeeper::db::site::racks::{self, Listed, Moment, RackFilter, RackOrder, RackPage};
use innkeeper::db::site::sites;
use innkeeper::domain::ids::*;
use innkeeper::domain::site::{CoolingKind, RackKind};
use innkeeper::domain::units::Watts;
use innkeeper::services::seed;

fn moment(house: &House) -> Moment {
    let all = sites::all(&mut house.db.get().unwrap()).unwrap();
    let days = all
        .iter()
        .map(|site| (site.id, "2026-12-20".parse().unwrap()));
    Moment {
        now: NOW,
        days: days.collect(),
    }
}

/// Every row, three at a time.
fn all(house: &House, filter: &RackFilter, order: RackOrder, descending: bool) -> Vec<Listed> {
    let conn = &mut *house.db.get().unwrap();
    let (moment, mut found) = (moment(house), vec![]);
    let mut page = RackPage {
        order,
        descending,
        after: None,
        limit: 3,
    };
    loop {
        let rows = racks::page(conn, filter, &moment, &page).unwrap();
        let Some(last) = rows.last() else {
            return found;
        };
        let value = match order {
            RackOrder::Name => last.rack.name_folded.clone(),
            RackOrder::Limit => last.rack.limit_watts.0.to_string(),
            RackOrder::Sold => last.sold.0.to_string(),
        };
        page.after = Some((value, last.rack.id.0));
        found.extend(rows);
    }
}

on_both! {
    fn racks_come_in_every_order_without_gaps(house: &House) {
        let world = house.world();
        world.held(house, NOW, 13);
        for order in [RackOrder::Name, RackOrder::Limit, RackOrder::Sold] {
            let up = all(house, &RackFilter::default(), order, false);
            let mut down = all(house, &RackFilter::default(), order, true);
            down.reverse();
            let ids = |rows: &[Listed]| rows.iter().map(|row| row.rack.id).collect::<Vec<_>>();
            assert_eq!(up.len(), 10, "{order:?}");
            assert_eq!(ids(&up), ids(&down), "{order:?}");
            let sold: Watts = up.iter().map(|row| row.sold).sum();
            assert_eq!(sold, Watts(13 * 3_500), "{order:?}");
        }
        let sold = all(house, &RackFilter::default(), RackOrder::Sold, true);
        assert!(sold.is_sorted_by_key(|row| -row.sold.0) && sold[0].sold.0 > 0);
    }

    fn filters_narrow_rows_and_totals_alike(house: &House) {
        house.world();
        let conn = &mut *house.db.get().unwrap();
        let first = racks::of_site(conn, SiteId(1)).unwrap().remove(0);
        let narrow = [
            (RackFilter { search: "r0".to_owned(), ..RackFilter::default() }, 9),
            (RackFilter { search: "%".to_owned(), ..RackFilter::default() }, 0),
            (RackFilter { site: Some(SiteId(1)), hall: Some(first.hall_id), ..RackFilter::default() }, 10),
            (RackFilter { row: Some(RowId(999)), ..RackFilter::default() }, 0),
            (RackFilter { feed: Some(first.feed_a), zone: Some(first.zone_id), ..RackFilter::default() }, 10),
            (RackFilter { kind: Some(RackKind::Tank), ..RackFilter::default() }, 0),
        ];
        for (filter, count) in narrow {
            let rows = all(house, &filter, RackOrder::Name, false);
            let totals = racks::totals(conn, &filter, &moment(house)).unwrap();
            assert_eq!((rows.len(), totals.racks), (count, count as i64), "{filter:?}");
            assert_eq!(totals.slots, 10 * count as i64);
        }
    }

    fn the_catalogue_is_searched_and_paged(house: &House) {
        seed::ensure(&house.db).unwrap();
        let conn = &mut *house.db.get().unwrap();
        let mut page = ModelPage { by_watts: true, descending: true, limit: 7, ..ModelPage::default() };
        let mut found = vec![];
        loop {
            let rows = catalogue::page(conn, &page).unwrap();
            let Some(last) = rows.last() else { break };
            page.after = Some((last.watts.0.to_string(), last.id.0));
            found.extend(rows);
        }
        assert_eq!(found.len(), 31);
        assert!(found.is_sorted_by_key(|model| -model.watts.0));
        let hydro = ModelPage {
            search: "ANTMINER s21".to_owned(),
            cooling: Some(CoolingKind::Hydro),
            limit: 50,
            ..ModelPage::default()
        };
        let rows = catalogue::page(conn, &hydro).unwrap();
        assert!(!rows.is_empty() && rows.iter().all(|m| m.cooling == CoolingKind::Hydro));
    }
}
