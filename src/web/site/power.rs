//! The power tree of a site and the form of its nodes.

use super::common::{Fields, MayBreak, NAME_MAX, Saved, codes, consent, page_of, saved, tabs};
use super::rack_list::sorted;
use super::single_line::{self, Drawing, Shape, Wanted};
use crate::db::site::power::{self, PowerNode};
use crate::db::site::sites::{self, Site};
use crate::domain::ids::{NodeId, SiteId};
use crate::domain::site::{Leg, NodeKind};
use crate::domain::units::Watts;
use crate::services::leasing::house::decimal;
use crate::services::site as service;
use crate::services::site::figures::Load;
use crate::services::site::nodes::{self, NodeFigures};
use crate::web::door::Visit;
use crate::web::form::Form;
use crate::web::page::{Page, html, html_with, see_other};
use crate::web::parts::{Choice, Tab};
use crate::web::visit::Answer;
use actix_web::http::StatusCode;
use actix_web::web;
use askama::Template;
use rust_decimal::Decimal;
use std::collections::HashMap;

/// Deeper nodes are drawn at this depth.
const DEEPEST: usize = 6;
/// A leg with this share left, or less, is worth a line below the drawing.
const TIGHT_PERCENT: i64 = 5;
const MOST_TIGHT: usize = 5;

struct NodeLine {
    node: PowerNode,
    indent: usize,
    rating: String,
    figures: NodeFigures,
    /// The bars of its legs, read aloud.
    spoken: [String; 3],
}

/// What the bars of the drawing show.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shown {
    Now,
    Peak,
    Drawn,
}

impl Shown {
    const ALL: [(Self, &str); 3] = [
        (Self::Now, "now"),
        (Self::Peak, "peak"),
        (Self::Drawn, "drawn"),
    ];

    fn of(query: &str) -> Self {
        let code = query.split('&').find_map(|pair| pair.strip_prefix("show="));
        let found = Self::ALL.iter().find(|(_, name)| Some(*name) == code);
        found.map_or(Self::Now, |(shown, _)| *shown)
    }

    fn code(self) -> &'static str {
        Self::ALL
            .iter()
            .find(|(shown, _)| *shown == self)
            .map_or("", |(_, code)| code)
    }

    /// Per leg. What is drawn is metered for the whole rack: a third of it on each leg.
    fn fill(self, node: &NodeFigures) -> [Load; 3] {
        match self {
            Self::Now => node.now.legs,
            Self::Peak => node.peak,
            Self::Drawn => node.now.legs.map(|leg| Load {
                sold: Watts(node.drawn.unwrap_or_default().0 / 3),
                ..leg
            }),
        }
    }
}

/// A box of the drawing with its texts.
struct NodeBox {
    shape: single_line::Node,
    id: NodeId,
    name: String,
    line: String,
    tone: &'static str,
    label: String,
}

/// A leg that binds: nothing, or almost nothing, is left of it.
struct Tight {
    node: NodeId,
    over: bool,
    text: String,
}

#[derive(Template)]
#[template(path = "site/power.html")]
struct Tree {
    page: Page,
    site: Site,
    tabs: Vec<Tab>,
    shows: Vec<Tab>,
    shown: &'static str,
    edits: bool,
    nodes: Vec<NodeLine>,
    drawing: Drawing,
    boxes: Vec<NodeBox>,
    /// The way to the box at which a narrow screen opens, across and down.
    opens: (i64, i64),
    tight: Vec<Tight>,
}

/// The tree of the house's first site: what the navigation leads to.
pub async fn first(visit: Visit) -> Answer {
    super::common::of_first_site(&visit, "power").await
}

pub async fn tree(visit: Visit, id: web::Path<i64>) -> Answer {
    let (id, now) = (SiteId(*id), visit.now);
    let (ready, figures) = visit
        .run(move |app| app.db.read(|conn| nodes::today(&app.db, conn, id, now)))
        .await?;
    let house = &ready.house;
    let site = house.site.clone();
    let page = page_of(&visit, &site.name, site.zone());
    let shown = Shown::of(&visit.query);
    let nodes: Vec<NodeLine> = figures
        .into_iter()
        .map(|figures| {
            let node = house.nodes[figures.now.at].clone();
            NodeLine {
                indent: figures.now.depth.min(DEEPEST),
                rating: rating(&page, &node),
                spoken: [0, 1, 2].map(|leg| leg_label(&page, &figures.now.legs[leg])),
                node,
                figures,
            }
        })
        .collect();
    drop(ready);
    let (drawing, boxes) = drawn(&page, shown, &nodes);
    let tight = tight(&page, &nodes);
    // A narrow screen opens at what binds first; at the grid where nothing does.
    let binds = |node: &&NodeBox| tight.first().is_some_and(|leg| leg.node == node.id);
    let opens = boxes.iter().find(binds).or(boxes.first());
    let opens = opens.map_or((0, 0), |node| {
        (node.shape.x, node.shape.y + node.shape.height)
    });
    html(&Tree {
        tabs: tabs(&page, id, "power"),
        shows: shows(&page, id, shown),
        shown: shown.code(),
        edits: visit.edits_site(),
        tight,
        page,
        site,
        nodes,
        drawing,
        boxes,
        opens,
    })
}

fn shows(page: &Page, id: SiteId, active: Shown) -> Vec<Tab> {
    let tab = |(shown, code): &(Shown, &str)| Tab {
        href: format!("/sites/{id}/power?show={code}"),
        label: page.code("site-show", code),
        active: *shown == active,
    };
    Shown::ALL.iter().map(tab).collect()
}

fn drawn(page: &Page, shown: Shown, nodes: &[NodeLine]) -> (Drawing, Vec<NodeBox>) {
    let wanted: Vec<Wanted> = nodes
        .iter()
        .map(|line| Wanted {
            load: line.figures.now.clone(),
            feed: line.node.kind == NodeKind::Feed,
            fill: shown.fill(&line.figures),
        })
        .collect();
    let by_at: HashMap<usize, &NodeLine> = nodes
        .iter()
        .map(|line| (line.figures.now.at, line))
        .collect();
    let mut drawing = single_line::draw(&wanted);
    let boxes = std::mem::take(&mut drawing.nodes)
        .into_iter()
        .filter_map(|shape| {
            let line = by_at.get(&shape.at)?;
            Some(boxed(page, shown, shape, line))
        })
        .collect();
    (drawing, boxes)
}

fn boxed(page: &Page, shown: Shown, shape: single_line::Node, line: &NodeLine) -> NodeBox {
    let fill = shown.fill(&line.figures);
    let whole = fill.iter().fold(Load::default(), |sum, leg| sum + *leg);
    let figure = match (shown, line.figures.drawn) {
        (Shown::Drawn, None) => "–".to_owned(),
        (Shown::Drawn, Some(watts)) => page.kw_num(watts, 0),
        _ => page.kw_num(whole.sold, 0),
    };
    let usable = page.kw_num(line.figures.now.whole.usable, 0);
    let fullest = fill.iter().map(|leg| leg.percent()).max().unwrap_or(0);
    let tone = match fullest {
        101.. => "over",
        95..=100 => "near",
        _ => "",
    };
    let [first, second, third] = match shown {
        Shown::Now => line.spoken.clone(),
        _ => [0, 1, 2].map(|leg| leg_label(page, &fill[leg])),
    };
    NodeBox {
        id: line.node.id,
        line: match shape.shape {
            Shape::Wide => page.t2("site-box-line", "figure", figure, "usable", usable),
            // A narrow one has no room for the unit: it stands in the key.
            _ => format!("{figure} / {usable}"),
        },
        label: format!("L1: {first}; L2: {second}; L3: {third}"),
        name: line.node.name.clone(),
        tone,
        shape,
    }
}

/// The legs of which least is left at any time in the months ahead, worst first; only those that are
/// nearly or wholly sold.
fn tight(page: &Page, nodes: &[NodeLine]) -> Vec<Tight> {
    let mut legs: Vec<(i64, &NodeLine, usize)> = nodes
        .iter()
        .map(|line| {
            let leg = line.figures.binding_leg();
            let usable = line.figures.now.legs[leg].usable.0.max(1);
            let left = line.figures.tightest[leg].1.0;
            (left.saturating_mul(100) / usable, line, leg)
        })
        .filter(|(left, ..)| *left <= TIGHT_PERCENT)
        .collect();
    legs.sort_by_key(|(left, line, _)| (*left, line.figures.now.at));
    legs.truncate(MOST_TIGHT);
    legs.iter()
        .map(|(_, line, leg)| tight_line(page, line, *leg))
        .collect()
}

fn tight_line(page: &Page, line: &NodeLine, leg: usize) -> Tight {
    let (day, left) = line.figures.tightest[leg];
    let over = left < Watts::ZERO;
    let key = if over {
        "site-tight-over"
    } else {
        "site-tight-left"
    };
    let name = format!("{}, {}", line.node.name, Leg::ALL[leg]);
    Tight {
        node: line.node.id,
        over,
        text: page.t3(
            key,
            ("name", name),
            ("day", page.date(day)),
            ("left", page.kw(Watts(left.0.abs()))),
        ),
    }
}

/// A leg's bar, read aloud.
fn leg_label(page: &Page, leg: &Load) -> String {
    let (sold, usable) = (page.kw(leg.sold), page.kw(leg.usable));
    page.t3(
        "site-leg-bar",
        ("sold", sold),
        ("usable", usable),
        ("percent", leg.percent()),
    )
}

/// `6 300 kW`, or `400 V × 250 A`, with the leg of a single-phase node and the share in use.
fn rating(page: &Page, node: &PowerNode) -> String {
    let number = |text: &Option<String>| {
        let value = text.as_deref().and_then(|text| decimal(text).ok());
        page.dec(value.unwrap_or_default())
    };
    let rated = match (node.rating_watts, node.leg) {
        (Some(watts), _) => page.kw(watts),
        (None, None) => page.t2(
            "site-rating-three",
            "volts",
            number(&node.volts),
            "amps",
            number(&node.amps),
        ),
        (None, Some(leg)) => page.t3(
            "site-rating-leg",
            ("volts", number(&node.volts)),
            ("amps", number(&node.amps)),
            ("leg", leg.code()),
        ),
    };
    match decimal(&node.usable) {
        Ok(usable) if usable != Decimal::ONE => page.t2(
            "site-rating-usable",
            "rating",
            rated,
            "share",
            page.share(usable, 1),
        ),
        _ => rated,
    }
}

#[derive(Template)]
#[template(path = "site/node_form.html")]
struct NodeForm {
    page: Page,
    form: Form,
    action: String,
    cancel: String,
    kinds: Vec<Choice>,
    parents: Vec<Choice>,
    ways: Vec<Choice>,
    phases: Vec<Choice>,
    broken: MayBreak,
}

async fn shown(
    visit: &Visit,
    node: &PowerNode,
    form: Form,
    (status, broken): (StatusCode, MayBreak),
) -> Answer {
    let id = node.site_id;
    let (site, nodes) = visit
        .read(move |conn| Ok((sites::get(conn, id)?, power::of_site(conn, id)?)))
        .await?;
    let cancel = format!("/sites/{}/power", site.id);
    let (page, action) = match node.id {
        NodeId(0) => (visit.page("site-node-new"), cancel.clone()),
        id => (
            page_of(visit, &node.name, site.zone()),
            format!("/power/{id}"),
        ),
    };
    let others = nodes
        .iter()
        .filter(|other| other.id != node.id && other.kind != NodeKind::Feed);
    let mut phases = vec![Choice::new("three", page.t("site-node-three"))];
    phases.extend(
        Leg::ALL
            .iter()
            .map(|leg| Choice::new(leg.code(), page.t1("site-node-leg", "leg", leg.code()))),
    );
    let template = NodeForm {
        kinds: codes(&page, "site-node-kind", NodeKind::ALL),
        parents: sorted(others.map(|node| (node.id.0, node.name.clone()))),
        ways: vec![
            Choice::new("kw", page.t("site-way-kw")),
            Choice::new("supply", page.t("site-way-supply")),
        ],
        phases,
        page,
        form,
        action,
        cancel,
        broken,
    };
    html_with(status, &template)
}

fn unborn(site: SiteId) -> PowerNode {
    PowerNode {
        id: NodeId(0),
        site_id: site,
        parent_id: None,
        kind: NodeKind::Feed,
        name: String::new(),
        rating_watts: None,
        volts: None,
        amps: None,
        leg: None,
        usable: "1".to_owned(),
    }
}

/// `?parent=…` hangs it under a node of the table.
pub async fn blank(visit: Visit, id: web::Path<i64>) -> Answer {
    let parent = visit
        .query
        .split('&')
        .find_map(|pair| pair.strip_prefix("parent="));
    let form = Form::blank()
        .with("kind", NodeKind::Feed)
        .with("parent", parent.unwrap_or_default())
        .with("way", "kw")
        .with("phases", "three")
        .with("usable", 100);
    shown(&visit, &unborn(SiteId(*id)), form, (StatusCode::OK, None)).await
}

pub async fn edit(visit: Visit, id: web::Path<i64>) -> Answer {
    let node = visit
        .read(move |conn| power::get(conn, NodeId(*id)))
        .await?;
    let typed = |text: &Option<String>| {
        let number = text.as_deref().and_then(|text| decimal(text).ok());
        number.map_or(String::new(), |number| visit.reader.typed(number))
    };
    let rating = node
        .rating_watts
        .map(|watts| visit.reader.typed(watts.kilo()));
    let usable = decimal(&node.usable).unwrap_or_default() * Decimal::ONE_HUNDRED;
    let form = Form::blank()
        .with("name", &node.name)
        .with("kind", node.kind)
        .with(
            "parent",
            node.parent_id.map_or(String::new(), |id| id.to_string()),
        )
        .with("way", if rating.is_some() { "kw" } else { "supply" })
        .with("rating_kw", rating.unwrap_or_default())
        .with("volts", typed(&node.volts))
        .with("amps", typed(&node.amps))
        .with("phases", node.leg.map_or("three", Leg::code))
        .with("usable", visit.reader.typed(usable));
    shown(&visit, &node, form, (StatusCode::OK, None)).await
}

fn parse(form: &mut Form, before: PowerNode) -> Option<PowerNode> {
    let name = form.text("name", NAME_MAX);
    let kind = form.choice("kind", NodeKind::parse);
    let parent = form.optional("parent", |form| form.choice("parent", |id| id.parse().ok()));
    let usable = form.decimal("usable", Decimal::new(1, 1)..=Decimal::ONE_HUNDRED, 4);
    let way = form.choice("way", |way| {
        matches!(way, "kw" | "supply").then(|| way == "kw")
    });
    let (rating_watts, volts, amps, leg) = match way? {
        true => {
            let most = Decimal::from(10_000_000);
            let rating = form.decimal("rating_kw", Decimal::new(1, 3)..=most, 3);
            (Some(Watts::from_kilo(rating?)?), None, None, None)
        }
        false => {
            let volts = form.decimal("volts", Decimal::ONE..=Decimal::from(1_000_000), 3);
            let amps = form.decimal("amps", Decimal::new(1, 1)..=Decimal::from(100_000), 3);
            let leg = form.choice("phases", |code| match code {
                "three" => Some(None),
                code => Leg::parse(code).map(Some),
            });
            let exact = |number: Decimal| Some(number.normalize().to_string());
            (None, exact(volts?), exact(amps?), leg?)
        }
    };
    Some(PowerNode {
        name: name?,
        kind: kind?,
        parent_id: parent?,
        rating_watts,
        volts,
        amps,
        leg,
        usable: (usable? / Decimal::ONE_HUNDRED).normalize().to_string(),
        ..before
    })
}

async fn save(visit: Visit, before: PowerNode, fields: Fields) -> Answer {
    let mut form = Form::from_values(fields.into_inner());
    let Some(node) = parse(&mut form, before.clone()) else {
        return shown(
            &visit,
            &before,
            form,
            (StatusCode::UNPROCESSABLE_ENTITY, None),
        )
        .await;
    };
    let (actor, now, site) = (visit.who.actor, visit.now, before.site_id);
    let agreed = consent(&form);
    let result = visit
        .save_once(&form, move |app| {
            service::power::save(&app.db, &actor, now, &node, &agreed)?;
            Ok(format!("/sites/{site}/power?done=site-saved"))
        })
        .await;
    match saved(&visit.page("nav-sites"), &mut form, result)? {
        Saved::Yes(path) => Ok(see_other(&path)),
        Saved::No(status, broken) => shown(&visit, &before, form, (status, broken)).await,
    }
}

pub async fn create(visit: Visit, id: web::Path<i64>, fields: Fields) -> Answer {
    save(visit, unborn(SiteId(*id)), fields).await
}

pub async fn update(visit: Visit, id: web::Path<i64>, fields: Fields) -> Answer {
    let node = visit
        .read(move |conn| power::get(conn, NodeId(*id)))
        .await?;
    save(visit, node, fields).await
}
