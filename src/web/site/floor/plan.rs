//! Staff place a hall's racks on its grid: by dragging, by fields, or a whole row at once.

use super::picture::{AisleBand, BOX, CELL, EDGE, aisles, corner, extent, front, short};
use crate::db::site::floor;
use crate::db::site::halls::{self, Hall, Row};
use crate::db::site::racks::Rack;
use crate::db::site::sites::{self, Site};
use crate::domain::ids::{HallId, RackId, RowId};
use crate::domain::site::floor::{Layout, MOST_CELLS, Step, TURNS, line};
use crate::services::site::floor::{in_rows, laid_out};
use crate::services::site::floor_plan::{self, FloorPlan, Placed, field};
use crate::web::door::Visit;
use crate::web::form::Form;
use crate::web::page::{Page, html_with, see_other};
use crate::web::parts::Choice;
use crate::web::problem::Problem;
use crate::web::site::common::{Fields, Saved, page_of, saved};
use crate::web::visit::Answer;
use actix_web::http::StatusCode;
use actix_web::web;
use askama::Template;

/// A rack of the grid with its fields.
struct RackCell {
    id: RackId,
    name: String,
    short: String,
    /// Names of its fields.
    fields: [String; 3],
    x: i64,
    y: i64,
    front: Option<(i64, i64, i64, i64)>,
    /// Nobody has placed it: its cell is the automatic one.
    loose: bool,
    wrong: bool,
}

struct RowOf {
    name: String,
    racks: Vec<RackCell>,
}

impl RowOf {
    fn wrong(&self) -> bool {
        self.racks.iter().any(|rack| rack.wrong)
    }
}

#[derive(Template)]
#[template(path = "site/floor_plan.html")]
struct PlanPage {
    page: Page,
    form: Form,
    hall: Hall,
    site: Site,
    rows: Vec<RowOf>,
    row_choices: Vec<Choice>,
    turns: Vec<Choice>,
    steps: Vec<Choice>,
    width: i64,
    height: i64,
    shown: i64,
    grid: (i64, i64),
    cell: (i64, i64),
    size: (i64, i64),
    edge: (i64, i64),
    aisles: Vec<AisleBand>,
    action: String,
    cancel: String,
}

struct Known {
    hall: Hall,
    site: Site,
    rows: Vec<Row>,
    racks: Vec<(usize, Rack)>,
}

async fn known(visit: &Visit, id: HallId) -> Result<Known, Problem> {
    visit
        .read(move |conn| {
            let hall = halls::get(conn, id)?;
            let rows = halls::rows_of_site(conn, hall.site_id)?;
            let rows = rows.into_iter().filter(|row| row.hall_id == id).collect();
            let (rows, racks) = in_rows(rows, floor::racks_of(conn, id)?);
            Ok(Known {
                site: sites::get(conn, hall.site_id)?,
                hall,
                rows,
                racks,
            })
        })
        .await
}

fn names(rack: RackId) -> [String; 3] {
    ["x", "y", "turn"].map(|name| field(name, rack))
}

pub async fn edit(visit: Visit, id: web::Path<i64>) -> Answer {
    let known = known(&visit, HallId(*id)).await?;
    let text = |value: Option<i64>| value.map_or(String::new(), |v| v.to_string());
    let mut form = Form::blank()
        .with("width", text(known.hall.width))
        .with("depth", text(known.hall.depth))
        .with("lay_step", "right");
    for (_, rack) in &known.racks {
        let [x, y, turn] = names(rack.id);
        form = form
            .with(&x, text(rack.x))
            .with(&y, text(rack.y))
            .with(&turn, text(rack.turn));
    }
    shown(&visit, known, form, StatusCode::OK)
}

/// The cells that the form holds now, as far as they are numbers: what is typed is what is drawn.
fn drawn(known: &Known, form: &Form) -> Layout {
    let number = |name: &str| form.value(name).trim().parse::<i64>().ok();
    let racks: Vec<(usize, Rack)> = known
        .racks
        .iter()
        .map(|(row, rack)| {
            let [x, y, turn] = names(rack.id);
            let on_grid = |at: Option<i64>| at.filter(|at| (0..MOST_CELLS).contains(at));
            let cell = on_grid(number(&x)).zip(on_grid(number(&y)));
            let rack = Rack {
                x: cell.map(|(x, _)| x),
                y: cell.map(|(_, y)| y),
                turn: number(&turn),
                ..rack.clone()
            };
            (*row, rack)
        })
        .collect();
    let size = |name: &str| number(name).map(|cells| cells.clamp(1, MOST_CELLS));
    let hall = Hall {
        width: size("width"),
        depth: size("depth"),
        ..known.hall.clone()
    };
    laid_out(&hall, known.rows.len(), &racks)
}

fn shown(visit: &Visit, known: Known, form: Form, status: StatusCode) -> Answer {
    let layout = drawn(&known, &form);
    let (width, height, shown) = extent(&layout);
    let rows = known
        .rows
        .iter()
        .enumerate()
        .map(|(at, row)| RowOf {
            name: row.name.clone(),
            racks: known
                .racks
                .iter()
                .filter(|(row, _)| *row == at)
                .filter_map(|(_, rack)| rack_cell(rack, &layout, &form))
                .collect(),
        })
        .collect();
    let mut page = page_of(visit, "", known.site.zone());
    let title = page.t1("floor-plan-of", "hall", &known.hall.name);
    page = page.named(title);
    let turns = TURNS
        .iter()
        .map(|turn| Choice::new(turn.to_string(), page.t(&format!("floor-turn-{turn}"))));
    html_with(
        status,
        &PlanPage {
            rows,
            row_choices: known
                .rows
                .iter()
                .map(|row| Choice::new(row.id.to_string(), &row.name))
                .collect(),
            turns: turns.collect(),
            steps: ["right", "down"]
                .iter()
                .map(|s| Choice::new(*s, page.t(&format!("floor-lay-{s}"))))
                .collect(),
            width,
            height,
            shown,
            grid: (layout.width, layout.depth),
            cell: CELL,
            size: BOX,
            edge: EDGE,
            aisles: aisles(&layout),
            action: format!("/halls/{}/floor", known.hall.id),
            cancel: format!("/halls/{}/floor", known.hall.id),
            hall: known.hall,
            site: known.site,
            form,
            page,
        },
    )
}

fn rack_cell(rack: &Rack, layout: &Layout, form: &Form) -> Option<RackCell> {
    let spot = layout.spots.iter().find(|spot| spot.rack == rack.id)?;
    let (x, y) = corner(spot.x, spot.y);
    let fields = names(rack.id);
    Some(RackCell {
        id: rack.id,
        name: rack.name.clone(),
        short: short(&rack.name).to_owned(),
        wrong: fields.iter().any(|name| form.error(name).is_some()),
        fields,
        x,
        y,
        front: front((0, 0), spot.turn),
        loose: !spot.placed,
    })
}

fn parse(form: &mut Form, known: &Known) -> Option<FloorPlan> {
    let last = MOST_CELLS - 1;
    let width = form.optional("width", |form| form.integer("width", 1..=MOST_CELLS));
    let depth = form.optional("depth", |form| form.integer("depth", 1..=MOST_CELLS));
    let mut racks = vec![];
    for (_, rack) in &known.racks {
        let [x, y, turn] = names(rack.id);
        // A page that does not show a rack leaves it where it is.
        if ![&x, &y].iter().any(|name| form.checked(name)) {
            continue;
        }
        let across = form.optional(&x, |form| form.integer(&x, 0..=last));
        let down = form.optional(&y, |form| form.integer(&y, 0..=last));
        let turn = form.optional(&turn, |form| {
            form.choice(&turn, |code| {
                code.parse().ok().filter(|turn| TURNS.contains(turn))
            })
        });
        if let (Some(across), Some(down), Some(turn)) = (across, down, turn) {
            if across.is_some() != down.is_some() {
                form.fail(&x, crate::text::Message::new("floor-error-half"));
            }
            racks.push(Placed {
                rack: rack.id,
                cell: across.zip(down),
                turn,
            });
        }
    }
    let (width, depth) = (width?, depth?);
    form.ok().then_some(FloorPlan {
        width,
        depth,
        racks,
    })
}

pub async fn save(visit: Visit, id: web::Path<i64>, fields: Fields) -> Answer {
    let id = HallId(*id);
    let known = known(&visit, id).await?;
    let mut form = Form::from_values(fields.into_inner());
    match form.value("lay").to_owned().as_str() {
        "" => {}
        wish => {
            form = laid(form, &known, wish);
            let status = match form.ok() {
                true => StatusCode::OK,
                false => StatusCode::UNPROCESSABLE_ENTITY,
            };
            return shown(&visit, known, form, status);
        }
    }
    let Some(plan) = parse(&mut form, &known) else {
        return shown(&visit, known, form, StatusCode::UNPROCESSABLE_ENTITY);
    };
    let (actor, now) = (visit.who.actor, visit.now);
    let result = visit
        .save_once(&form, move |app| {
            floor_plan::save(&app.db, &actor, now, id, &plan)?;
            Ok(format!("/halls/{id}/floor?done=floor-saved"))
        })
        .await;
    match saved(&visit.page("nav-floor"), &mut form, result)? {
        Saved::Yes(path) => Ok(see_other(&path)),
        Saved::No(status, _) => shown(&visit, known, form, status),
    }
}

/// Fills the fields, and writes nothing yet: `auto` takes the automatic cells of what nobody placed,
/// `clear` gives everything back to it, `row` lays one row out.
fn laid(mut form: Form, known: &Known, wish: &str) -> Form {
    match wish {
        "auto" => {
            for spot in drawn(known, &form).spots.iter().filter(|spot| !spot.placed) {
                let [x, y, turn] = names(spot.rack);
                form = form.with(&x, spot.x).with(&y, spot.y);
                if form.value(&turn).is_empty() {
                    form = form.with(&turn, 0);
                }
            }
            form
        }
        "clear" => {
            for (_, rack) in &known.racks {
                for name in names(rack.id) {
                    form = form.with(&name, "");
                }
            }
            form
        }
        _ => laid_row(form, known),
    }
}

fn laid_row(mut form: Form, known: &Known) -> Form {
    let row = form.choice("lay_row", |id| id.parse::<i64>().ok().map(RowId));
    let x = form.integer("lay_x", 0..=MOST_CELLS - 1);
    let y = form.integer("lay_y", 0..=MOST_CELLS - 1);
    let step = form.choice("lay_step", |code| match code {
        "right" => Some(Step::Right),
        "down" => Some(Step::Down),
        _ => None,
    });
    let turn = form.optional("lay_turn", |form| {
        form.choice("lay_turn", |code| code.parse::<i64>().ok())
    });
    let (Some(row), Some(x), Some(y), Some(step), Some(turn)) = (row, x, y, step, turn) else {
        return form;
    };
    let own: Vec<RackId> = known
        .racks
        .iter()
        .filter(|(_, r)| r.row_id == row)
        .map(|(_, r)| r.id)
        .collect();
    for (rack, (across, down)) in own.iter().zip(line(own.len(), x, y, step)) {
        let [x, y, facing] = names(*rack);
        form = form.with(&x, across).with(&y, down);
        if let Some(turn) = turn {
            form = form.with(&facing, turn);
        }
    }
    form
}
