//! The power tree as a single-line drawing: wide boxes from the grid down, a narrow one for each node that
//! only feeds stand under, its feeds stacked below it; three bars a box. Thirteen panels fit on a page.

use crate::services::site::figures::{Load, NodeLoad};

/// The drawing's own units: about a pixel each on a wide screen.
const WIDE: (i64, i64) = (196, 60);
const NARROW: (i64, i64) = (88, 92);
const CHIP: (i64, i64) = (88, 40);
const GAP: (i64, i64) = (8, 36);
const CHIP_GAP: i64 = 6;
const MARGIN: i64 = 4;

/// A bar of a leg: its track's left edge and top, the height and the top of what fills it.
pub struct Bar {
    pub x: i64,
    pub y: i64,
    pub width: i64,
    pub height: i64,
    pub fill_y: i64,
    pub fill_height: i64,
    pub over: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Bars beside its words.
    Wide,
    /// Bars under its words.
    Narrow,
    /// A feed: small, stacked.
    Chip,
}

impl Shape {
    fn size(self) -> (i64, i64) {
        match self {
            Self::Wide => WIDE,
            Self::Narrow => NARROW,
            Self::Chip => CHIP,
        }
    }
}

pub struct Node {
    /// Its position among the site's nodes.
    pub at: usize,
    pub x: i64,
    pub y: i64,
    pub width: i64,
    pub height: i64,
    pub shape: Shape,
    pub bars: [Bar; 3],
}

impl Node {
    /// Where its name and its figure stand: their left edge and base lines.
    pub fn words(&self) -> (i64, i64, i64) {
        let (name, line) = match self.shape {
            Shape::Wide => (25, 44),
            Shape::Narrow => (18, 34),
            Shape::Chip => (16, 32),
        };
        (self.x + 8, self.y + name, self.y + line)
    }
}

pub struct Drawing {
    pub width: i64,
    pub height: i64,
    pub nodes: Vec<Node>,
    /// The wires, as path data.
    pub wires: Vec<String>,
}

/// A node as it is laid out: `feed` decides its shape, `fill` the bars (what is shown of what is usable).
pub struct Wanted {
    pub load: NodeLoad,
    pub feed: bool,
    pub fill: [Load; 3],
}

/// Lays out a tree given in order, each node under its parent (as `Figures::tree` lists it).
pub fn draw(tree: &[Wanted]) -> Drawing {
    let mut drawing = Drawing {
        width: 0,
        height: 0,
        nodes: vec![],
        wires: vec![],
    };
    let mut x = MARGIN;
    let mut at = 0;
    while at < tree.len() {
        place(tree, at, (x, MARGIN), &mut drawing);
        x += width_of(tree, at) + GAP.0;
        at = end_of(tree, at);
    }
    drawing.width = (x - GAP.0 + MARGIN).max(2 * MARGIN);
    let lowest = drawing.nodes.iter().map(|node| node.y + node.height).max();
    drawing.height = lowest.unwrap_or(0) + MARGIN;
    drawing
}

/// The position behind a node's whole subtree.
fn end_of(tree: &[Wanted], at: usize) -> usize {
    let deeper = |node: &Wanted| node.load.depth > tree[at].load.depth;
    at + 1
        + tree[at + 1..]
            .iter()
            .take_while(|node| deeper(node))
            .count()
}

/// Feeds that are stacked, and what gets a box of its own.
fn children(tree: &[Wanted], at: usize) -> (Vec<usize>, Vec<usize>) {
    let end = end_of(tree, at);
    let mut found = vec![];
    let mut next = at + 1;
    while next < end {
        found.push(next);
        next = end_of(tree, next);
    }
    found
        .into_iter()
        .partition(|&child| tree[child].feed && end_of(tree, child) == child + 1)
}

fn shape_of(boxes: &[usize]) -> Shape {
    match boxes.is_empty() {
        true => Shape::Narrow,
        false => Shape::Wide,
    }
}

/// What stands under a node, side by side.
fn width_below(tree: &[Wanted], at: usize) -> i64 {
    let (feeds, boxes) = children(tree, at);
    let stack = (!feeds.is_empty()).then_some(CHIP.0);
    let all = boxes.iter().map(|&child| width_of(tree, child));
    let widths: Vec<i64> = all.chain(stack).collect();
    widths.iter().sum::<i64>() + GAP.0 * (widths.len() as i64 - 1).max(0)
}

fn width_of(tree: &[Wanted], at: usize) -> i64 {
    let (_, boxes) = children(tree, at);
    width_below(tree, at).max(shape_of(&boxes).size().0)
}

/// Places a subtree with its left upper corner at `from`; the middle of its box.
fn place(tree: &[Wanted], at: usize, from: (i64, i64), drawing: &mut Drawing) -> i64 {
    let (feeds, boxes) = children(tree, at);
    let shape = shape_of(&boxes);
    let size = shape.size();
    let below = from.1 + size.1 + GAP.1;
    let mut x = from.0 + (width_of(tree, at) - width_below(tree, at)) / 2;
    let mut middles = vec![];
    for child in boxes {
        middles.push(place(tree, child, (x, below), drawing));
        x += width_of(tree, child) + GAP.0;
    }
    if !feeds.is_empty() {
        middles.push(x + CHIP.0 / 2);
        for (row, &feed) in (0..).zip(&feeds) {
            let y = below + row * (CHIP.1 + CHIP_GAP);
            drawing.nodes.push(node(&tree[feed], (x, y), Shape::Chip));
        }
    }
    let half = size.0 / 2;
    let middle = match (middles.first(), middles.last()) {
        // Over its children, but not out of its own place.
        (Some(first), Some(last)) => {
            ((first + last) / 2).clamp(from.0 + half, from.0 + width_of(tree, at) - half)
        }
        _ => from.0 + half,
    };
    wire(from.1 + size.1, below, middle, &middles, drawing);
    let corner = (middle - half, from.1);
    drawing.nodes.push(node(&tree[at], corner, shape));
    middle
}

/// From the foot of a box down, along, and down to each child.
fn wire(top: i64, bottom: i64, from: i64, to: &[i64], drawing: &mut Drawing) {
    let half = (top + bottom) / 2;
    for child in to {
        drawing
            .wires
            .push(format!("M{from} {top}V{half}H{child}V{bottom}"));
    }
}

/// Left edge, top, width of each bar, its height and the step to the next, within a box.
fn bars(shape: Shape) -> (i64, i64, i64, i64, i64) {
    match shape {
        Shape::Wide => (WIDE.0 - 50, 13, 12, 34, 14),
        Shape::Narrow => (20, 44, 14, 38, 17),
        Shape::Chip => (CHIP.0 - 25, 5, 5, 15, 7),
    }
}

fn node(wanted: &Wanted, (x, y): (i64, i64), shape: Shape) -> Node {
    let (size, (left, top, width, height, step)) = (shape.size(), bars(shape));
    let bar = |leg: usize| {
        let load = wanted.fill[leg];
        let filled = height * load.percent().clamp(0, 100) / 100;
        Bar {
            x: x + left + leg as i64 * step,
            y: y + top,
            width,
            height,
            fill_y: y + top + height - filled,
            fill_height: filled,
            over: load.percent() > 100,
        }
    };
    Node {
        at: wanted.load.at,
        x,
        y,
        width: size.0,
        height: size.1,
        shape,
        bars: [bar(0), bar(1), bar(2)],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree(depths: &[(usize, bool)]) -> Vec<Wanted> {
        (0..)
            .zip(depths)
            .map(|(at, &(depth, feed))| Wanted {
                load: NodeLoad {
                    at,
                    depth,
                    whole: Load::default(),
                    legs: [Load::default(); 3],
                },
                feed,
                fill: [Load::default(); 3],
            })
            .collect()
    }

    fn overlap(a: &Node, b: &Node) -> bool {
        a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height
    }

    #[test]
    fn nothing_overlaps_and_everything_is_drawn_once_inside_the_picture() {
        let trees = [
            vec![(0, false)],
            vec![
                (0, false),
                (1, false),
                (2, true),
                (2, true),
                (1, false),
                (2, true),
                (1, true),
            ],
            vec![
                (0, false),
                (1, true),
                (2, true),
                (0, false),
                (1, false),
                (1, false),
            ],
        ];
        for depths in trees {
            let drawing = draw(&tree(&depths));
            let mut seen: Vec<usize> = drawing.nodes.iter().map(|node| node.at).collect();
            seen.sort_unstable();
            assert_eq!(seen, (0..depths.len()).collect::<Vec<_>>());
            for (at, node) in drawing.nodes.iter().enumerate() {
                assert!(
                    node.x >= 0 && node.x + node.width <= drawing.width,
                    "{depths:?}"
                );
                assert!(node.y >= 0 && node.y + node.height <= drawing.height);
                for other in &drawing.nodes[at + 1..] {
                    assert!(
                        !overlap(node, other),
                        "{depths:?}: {} and {}",
                        node.at,
                        other.at
                    );
                }
            }
        }
    }

    #[test]
    fn a_lone_chain_stands_in_line() {
        let drawing = draw(&tree(&[(0, false), (1, false), (2, false), (3, true)]));
        let middle = |node: &Node| node.x + node.width / 2;
        assert!(
            drawing
                .nodes
                .iter()
                .all(|node| middle(node) == middle(&drawing.nodes[0]))
        );
    }

    #[test]
    fn a_parent_stands_over_the_middle_of_its_children() {
        let drawing = draw(&tree(&[(0, false), (1, false), (1, false), (1, false)]));
        let middle = |at: usize| {
            let node = drawing.nodes.iter().find(|node| node.at == at).unwrap();
            node.x + node.width / 2
        };
        assert_eq!(middle(0), middle(2));
        assert!(middle(1) < middle(2) && middle(2) < middle(3));
    }
}
