//! The power tree of a site.

use super::common::{page_of, tabs};
use super::single_line::{self, Drawing, Shape, Wanted};
use crate::db::site::power::PowerNode;
use crate::db::site::sites::Site;
use crate::domain::ids::{NodeId, SiteId};
use crate::domain::site::{Leg, NodeKind};
use crate::domain::units::Watts;
use crate::services::leasing::house::decimal;
use crate::services::site::figures::Load;
use crate::services::site::nodes::{self, NodeFigures};
use crate::web::door::Visit;
use crate::web::page::{Page, html};
use crate::web::parts::Tab;
use crate::web::visit::Answer;
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

    /// Per leg. What is drawn is metered for the whole rack, and apportioned by what is allocated.
    fn fill(self, node: &NodeFigures) -> [Load; 3] {
        match self {
            Self::Now => node.now.legs,
            Self::Peak => node.peak,
            Self::Drawn => [0, 1, 2].map(|leg| Load {
                sold: node.drawn_legs.unwrap_or_default()[leg],
                ..node.now.legs[leg]
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
