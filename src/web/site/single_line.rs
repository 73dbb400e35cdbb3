//! The power tree as a single-line drawing: boxes from the grid down, feeds stacked under their panel,
//! three bars a box.

use crate::services::site::figures::{Load, NodeLoad};

/// The drawing's own units.
const BOX: (i64, i64) = (136, 84);
const CHIP: (i64, i64) = (136, 40);
const GAP: (i64, i64) = (12, 36);
const CHIP_GAP: i64 = 6;
const MARGIN: i64 = 8;
const BAR: (i64, i64) = (10, 34);

/// A bar of a leg: its track's left edge and top, the height and the top of what fills it.
pub struct Bar {
    pub x: i64,
    pub y: i64,
    pub height: i64,
    pub fill_y: i64,
    pub fill_height: i64,
    pub over: bool,
}

pub struct Node {
    /// Its position among the site's nodes.
    pub at: usize,
    pub x: i64,
    pub y: i64,
    pub width: i64,
    pub height: i64,
    /// A feed: smaller, stacked.
    pub chip: bool,
    pub bars: [Bar; 3],
}

pub struct Drawing {
    pub width: i64,
    pub height: i64,
    pub nodes: Vec<Node>,
    /// The wires, as path data.
    pub wires: Vec<String>,
}

pub const BAR_WIDTH: i64 = BAR.0;

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
        let end = end_of(tree, at);
        let (width, _) = place(tree, at, (x, MARGIN), &mut drawing);
        x += width + GAP.0;
        at = end;
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

fn children(tree: &[Wanted], at: usize) -> Vec<usize> {
    let end = end_of(tree, at);
    let mut found = vec![];
    let mut next = at + 1;
    while next < end {
        found.push(next);
        next = end_of(tree, next);
    }
    found
}

fn is_leaf_feed(tree: &[Wanted], at: usize) -> bool {
    tree[at].feed && end_of(tree, at) == at + 1
}

/// Places a subtree with its left upper corner at `from`; its width and the middle of its box.
fn place(tree: &[Wanted], at: usize, from: (i64, i64), drawing: &mut Drawing) -> (i64, i64) {
    let below = from.1 + BOX.1 + GAP.1;
    let (feeds, boxes): (Vec<usize>, Vec<usize>) = children(tree, at)
        .into_iter()
        .partition(|&child| is_leaf_feed(tree, child));
    let mut x = from.0;
    let mut middles = vec![];
    for child in boxes {
        let (width, middle) = place(tree, child, (x, below), drawing);
        middles.push(middle);
        x += width + GAP.0;
    }
    if !feeds.is_empty() {
        middles.push(x + CHIP.0 / 2);
        stack(tree, &feeds, (x, below), drawing);
        x += CHIP.0 + GAP.0;
    }
    let width = (x - GAP.0 - from.0).max(BOX.0);
    let middle = match (middles.first(), middles.last()) {
        (Some(first), Some(last)) => (first + last) / 2,
        _ => from.0 + BOX.0 / 2,
    };
    wire(from.1 + BOX.1, below, middle, &middles, drawing);
    drawing
        .nodes
        .push(node(&tree[at], (middle - BOX.0 / 2, from.1), false));
    (width, middle)
}

fn stack(tree: &[Wanted], feeds: &[usize], from: (i64, i64), drawing: &mut Drawing) {
    for (row, &feed) in (0..).zip(feeds) {
        let y = from.1 + row * (CHIP.1 + CHIP_GAP);
        drawing.nodes.push(node(&tree[feed], (from.0, y), true));
    }
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

fn node(wanted: &Wanted, (x, y): (i64, i64), chip: bool) -> Node {
    let (width, height) = if chip { CHIP } else { BOX };
    let bar_height = if chip { CHIP.1 - 14 } else { BAR.1 };
    let left = x + width - 8 - 3 * BAR.0 - 4;
    let top = y + height - bar_height - 7;
    let bar = |leg: usize| {
        let load = wanted.fill[leg];
        let filled = bar_height * load.percent().clamp(0, 100) / 100;
        Bar {
            x: left + leg as i64 * (BAR.0 + 2),
            y: top,
            height: bar_height,
            fill_y: top + bar_height - filled,
            fill_height: filled,
            over: load.percent() > 100,
        }
    };
    Node {
        at: wanted.load.at,
        x,
        y,
        width,
        height,
        chip,
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
