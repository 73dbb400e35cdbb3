//! What a file changes: (what the site has, what the file says, what becomes of what is there
//! already) → a step for each good row, and every bad row with its reason.

use super::halls;
use super::machines::{self, Register};
use super::{Cell, Existing, FileRow, Kind, Need, Noun, OnExisting, Sheet, Value};
use crate::domain::fold::fold;
use crate::domain::rows::{BadRow, Reason};
use std::collections::{BTreeMap, HashMap, HashSet};

/// Every row of a site, by noun.
#[derive(Clone, Debug, Default)]
pub struct Stock {
    of: BTreeMap<Noun, Vec<Existing>>,
    /// What machines are judged by, beyond the rows of the site.
    pub register: Register,
    /// Names of tenants by their folded form; `None` where several are called so.
    pub tenants: HashMap<String, Option<String>>,
}

impl Stock {
    pub fn put(&mut self, noun: Noun, rows: Vec<Existing>) {
        self.of.insert(noun, rows);
    }

    pub fn rows(&self, noun: Noun) -> &[Existing] {
        self.of.get(&noun).map_or(&[], Vec::as_slice)
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    pub column: &'static str,
    pub from: Value,
    pub to: Value,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    New,
    Changed {
        id: i64,
        changes: Vec<Change>,
    },
    Same,
    /// It exists, differs, and is left alone.
    Skipped,
}

/// What becomes of one good row: its cells as they will be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    pub line: u64,
    pub cells: Vec<Value>,
    pub what: What,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NounPlan {
    pub noun: Noun,
    /// In the order of the file; first those that other nouns' rows need.
    pub steps: Vec<Step>,
    pub bad: Vec<BadRow>,
}

impl NounPlan {
    pub fn count(&self, wanted: fn(&What) -> bool) -> u64 {
        self.steps.iter().filter(|step| wanted(&step.what)).count() as u64
    }

    pub fn created(&self) -> u64 {
        self.count(|what| matches!(what, What::New))
    }

    pub fn changed(&self) -> u64 {
        self.count(|what| matches!(what, What::Changed { .. }))
    }
}

/// In the order in which it is written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    pub nouns: Vec<NounPlan>,
}

impl Plan {
    pub fn of(&self, noun: Noun) -> Option<&NounPlan> {
        self.nouns.iter().find(|plan| plan.noun == noun)
    }

    pub fn total(&self, count: fn(&NounPlan) -> u64) -> u64 {
        self.nouns.iter().map(count).sum()
    }

    pub fn writes(&self) -> bool {
        self.nouns
            .iter()
            .any(|plan| plan.created() + plan.changed() > 0)
    }

    pub fn has_bad(&self) -> bool {
        self.nouns.iter().any(|plan| !plan.bad.is_empty())
    }

    fn noun(&mut self, noun: Noun) -> &mut NounPlan {
        let at = self.nouns.partition_point(|plan| plan.noun < noun);
        if self.nouns.get(at).is_none_or(|plan| plan.noun != noun) {
            let empty = NounPlan {
                noun,
                steps: vec![],
                bad: vec![],
            };
            self.nouns.insert(at, empty);
        }
        &mut self.nouns[at]
    }
}

/// Plans every sheet against the stock and against what the sheets before it will have made.
pub fn plan(stock: &Stock, sheets: &[Sheet], on: OnExisting) -> Plan {
    let mut plan = Plan::default();
    let mut known = Known::of(stock);
    for noun in Noun::ALL.iter().copied() {
        let mut sheets = sheets.iter().filter(|sheet| sheet.noun == noun).peekable();
        if sheets.peek().is_none() {
            continue;
        }
        let mut drafter = Drafter::new(noun, stock, on);
        for sheet in sheets {
            drafter.bad.extend(sheet.bad.iter().cloned());
            for row in &sheet.rows {
                drafter.take(row, &known);
            }
        }
        let mut drafts = drafter.rooted();
        if noun == Noun::Machines {
            let (good, bad) = machines::settle(stock, &drafter.existing, drafts);
            drafts = good;
            drafter.bad.extend(bad);
        }
        for draft in drafts.iter().filter(|d| !d.left) {
            make_along(noun, draft, &mut known, &mut plan);
        }
        let target = plan.noun(noun);
        target.bad = drafter.bad;
        target.bad.sort_by_key(|bad| bad.line);
        for draft in drafts {
            known.add(noun, &draft.cells);
            target.steps.push(drafter.existing.step(noun, draft));
        }
    }
    plan
}

/// Halls and rows that a row stands in and that nobody has made yet.
fn make_along(noun: Noun, draft: &Draft, known: &mut Known, plan: &mut Plan) {
    for (at, column) in noun.columns().iter().enumerate() {
        let Kind::Ref(other) = column.kind else {
            continue;
        };
        if !noun.makes(other) || known.has(other, &target_key(noun, &draft.cells, at, other)) {
            continue;
        }
        let mut cells = vec![draft.cells[at].clone()];
        if other == Noun::Rows {
            cells.insert(0, draft.cells[noun.at("hall")].clone());
        }
        let rest = other.columns().iter().skip(cells.len());
        cells.extend(rest.filter_map(|column| default(&column.need)));
        known.add(other, &cells);
        plan.noun(other).steps.push(Step {
            line: draft.line,
            cells,
            what: What::New,
        });
    }
}

const BETWEEN: char = '\u{1f}';

/// What a row is found by, as one text.
fn key(noun: Noun, cells: &[Value]) -> String {
    let mut key = String::new();
    for (column, cell) in noun.columns().iter().zip(cells) {
        if matches!(column.need, Need::Key) {
            if !key.is_empty() {
                key.push(BETWEEN);
            }
            key.push_str(cell.name());
        }
    }
    match noun {
        Noun::Machines => fold(&key),
        _ => key,
    }
}

/// The key of what a reference names; a row is found in its hall.
fn target_key(noun: Noun, cells: &[Value], at: usize, other: Noun) -> String {
    let name = cells[at].name();
    match other {
        Noun::Rows => format!("{}{BETWEEN}{name}", cells[noun.at("hall")].name()),
        _ => name.to_owned(),
    }
}

/// The keys that references may name.
struct Known {
    keys: HashMap<Noun, HashSet<String>>,
}

impl Known {
    fn of(stock: &Stock) -> Self {
        let keys = |noun: Noun| {
            let rows = stock.rows(noun).iter();
            rows.map(move |row| key(noun, &row.cells))
        };
        Self {
            keys: Noun::ALL
                .iter()
                .map(|&noun| (noun, keys(noun).collect()))
                .collect(),
        }
    }

    fn has(&self, noun: Noun, key: &str) -> bool {
        self.keys.get(&noun).is_some_and(|keys| keys.contains(key))
    }

    fn add(&mut self, noun: Noun, cells: &[Value]) {
        self.keys.entry(noun).or_default().insert(key(noun, cells));
    }
}

/// A row that is good by itself.
pub(super) struct Draft {
    pub(super) line: u64,
    key: String,
    pub(super) cells: Vec<Value>,
    pub(super) before: Option<usize>,
    /// It exists and stays as it is.
    pub(super) left: bool,
}

pub(super) struct There<'a> {
    pub(super) rows: &'a [Existing],
    at: HashMap<String, usize>,
}

impl There<'_> {
    fn step(&self, noun: Noun, draft: Draft) -> Step {
        let what = match draft.before.map(|at| &self.rows[at]) {
            None => What::New,
            Some(before) if before.cells == draft.cells => What::Same,
            Some(_) if draft.left => What::Skipped,
            Some(before) => What::Changed {
                id: before.id,
                changes: changes(noun, before, &draft.cells),
            },
        };
        Step {
            line: draft.line,
            cells: draft.cells,
            what,
        }
    }
}

fn changes(noun: Noun, before: &Existing, cells: &[Value]) -> Vec<Change> {
    let both = before.cells.iter().zip(cells);
    noun.columns()
        .iter()
        .zip(both)
        .filter(|(_, (from, to))| from != to)
        .map(|(column, (from, to))| Change {
            column: column.code,
            from: from.clone(),
            to: to.clone(),
        })
        .collect()
}

struct Drafter<'a> {
    noun: Noun,
    on: OnExisting,
    stock: &'a Stock,
    existing: There<'a>,
    seen: HashSet<String>,
    drafts: Vec<Draft>,
    bad: Vec<BadRow>,
}

impl<'a> Drafter<'a> {
    fn new(noun: Noun, stock: &'a Stock, on: OnExisting) -> Self {
        let rows = stock.rows(noun);
        let keys = rows.iter().enumerate();
        let at = keys.map(|(at, row)| (key(noun, &row.cells), at)).collect();
        Self {
            noun,
            on,
            stock,
            existing: There { rows, at },
            seen: HashSet::new(),
            drafts: vec![],
            bad: vec![],
        }
    }

    fn take(&mut self, row: &FileRow, known: &Known) {
        match self.draft(row, known) {
            Ok(draft) => self.drafts.push(draft),
            Err((column, value, reason)) => {
                let code = self.noun.columns()[column].code;
                self.bad
                    .push(BadRow::new(row.line, code, &value.plain(), reason));
            }
        }
    }

    fn draft(&mut self, row: &FileRow, known: &Known) -> Result<Draft, (usize, Value, Reason)> {
        let columns = self.noun.columns();
        let is_key = |at: &usize| matches!(columns[*at].need, Need::Key);
        let mut named = vec![Value::Empty; columns.len()];
        for at in (0..columns.len()).filter(is_key) {
            match &row.cells[at] {
                Cell::Given(value) | Cell::Initial(value) if *value != Value::Empty => {
                    named[at] = value.clone();
                }
                _ => return Err((at, Value::Empty, Reason::Empty)),
            }
        }
        let key = key(self.noun, &named);
        let key_at = (0..columns.len()).rfind(is_key).unwrap_or_default();
        let bad_key = |reason| (key_at, named[key_at].clone(), reason);
        if !self.seen.insert(key.clone()) {
            return Err(bad_key(Reason::Repeated));
        }
        let before = self.existing.at.get(&key).copied();
        let is_elsewhere =
            self.noun == Noun::Machines && self.stock.register.elsewhere.contains(&key);
        if before.is_none() && is_elsewhere {
            return Err(bad_key(Reason::Elsewhere));
        }
        if before.is_some() && self.on == OnExisting::Fail {
            return Err(bad_key(Reason::Exists));
        }
        let left = before.is_some() && self.on == OnExisting::Skip;
        let mut cells = self.merged(row, before)?;
        if self.noun == Noun::Machines && !left {
            let there = before.map(|at| self.existing.rows[at].cells.as_slice());
            machines::complete(&self.stock.register, &mut cells, &row.cells, there)?;
        }
        if self.noun == Noun::Halls && !left {
            let there = before.map(|at| self.existing.rows[at].cells.as_slice());
            halls::name_tenants(&self.stock.tenants, &mut cells, &row.cells, there)?;
        }
        if !left {
            self.sound(&cells, known)?;
        }
        Ok(Draft {
            line: row.line,
            key,
            cells,
            before,
            left,
        })
    }

    /// The row as it will be: the file's cells over what is there.
    fn merged(
        &self,
        row: &FileRow,
        before: Option<usize>,
    ) -> Result<Vec<Value>, (usize, Value, Reason)> {
        let there = before.map(|at| &self.existing.rows[at].cells);
        let columns = self.noun.columns().iter().enumerate();
        columns
            .zip(&row.cells)
            .map(|((at, column), cell)| match (cell, there) {
                (Cell::Absent | Cell::Initial(_), Some(there)) => Ok(there[at].clone()),
                (Cell::Given(Value::Empty), _) | (Cell::Initial(Value::Empty), None) => {
                    default(&column.need).ok_or((at, Value::Empty, Reason::Empty))
                }
                (Cell::Given(value), _) | (Cell::Initial(value), None) => Ok(value.clone()),
                (Cell::Absent, None) => {
                    default(&column.need).ok_or((at, Value::Empty, Reason::Needed))
                }
            })
            .collect()
    }

    /// References lead somewhere, and the row as a whole is possible.
    fn sound(&self, cells: &[Value], known: &Known) -> Result<(), (usize, Value, Reason)> {
        for (at, column) in self.noun.columns().iter().enumerate() {
            let Kind::Ref(other) = column.kind else {
                continue;
            };
            let named = cells[at] != Value::Empty;
            // A parent may stand further down in the file: looked for once all rows are read.
            if !named || other == self.noun || self.noun.makes(other) {
                continue;
            }
            if !known.has(other, &target_key(self.noun, cells, at, other)) {
                return Err((at, cells[at].clone(), Reason::UnknownName));
            }
        }
        match self.noun.objection(cells) {
            Some((at, reason)) => Err((at, cells[at].clone(), reason)),
            None => Ok(()),
        }
    }

    /// The drafts whose parents exist or are drafted, without loops; the rest become bad rows.
    fn rooted(&mut self) -> Vec<Draft> {
        let mut drafts = std::mem::take(&mut self.drafts);
        let is_own = |kind: &Kind| matches!(kind, Kind::Ref(other) if *other == self.noun);
        let columns = self.noun.columns();
        let Some(parent) = columns.iter().position(|c| is_own(&c.kind)) else {
            return drafts;
        };
        loop {
            let (gone, reason) = match looped(&self.existing, &drafts, parent) {
                gone if gone.is_empty() => {
                    (adrift(&self.existing, &drafts, parent), Reason::UnknownName)
                }
                gone => (gone, Reason::Loop),
            };
            if gone.is_empty() {
                return drafts;
            }
            let (bad, good) = drafts
                .into_iter()
                .partition(|d| !d.left && gone.contains(&d.key));
            drafts = good;
            self.bad.extend(bad.iter().map(|draft: &Draft| {
                let name = draft.cells[parent].name();
                BadRow::new(draft.line, columns[parent].code, name, reason)
            }));
        }
    }
}

fn default(need: &Need) -> Option<Value> {
    match need {
        Need::Key | Need::Required => None,
        Need::Optional | Need::Catalogue => Some(Value::Empty),
        Need::Or(value) => Some(value.clone()),
    }
}

/// Keys of drafts that would hang below themselves.
fn looped(there: &There, drafts: &[Draft], parent: usize) -> HashSet<String> {
    let mut above: HashMap<&str, &str> = there
        .at
        .iter()
        .map(|(key, &at)| (key.as_str(), there.rows[at].cells[parent].name()))
        .collect();
    let moving = drafts.iter().filter(|d| !d.left);
    above.extend(moving.map(|d| (d.key.as_str(), d.cells[parent].name())));
    let mut walk_of: HashMap<&str, usize> = HashMap::new();
    let mut found = HashSet::new();
    for (walk, start) in drafts.iter().enumerate() {
        let mut at = start.key.as_str();
        while let (None, Some(next)) = (walk_of.get(at), above.get(at)) {
            walk_of.insert(at, walk);
            at = next;
        }
        // Back on its own way: a loop, unless it was walked before.
        if walk_of.get(at) == Some(&walk) && !found.contains(at) {
            let mut around = at;
            while found.insert(around.to_owned()) {
                around = above.get(around).copied().unwrap_or_default();
            }
        }
    }
    found
}

/// Keys of drafts whose parent neither exists nor is drafted, and of all that hangs on them.
fn adrift(there: &There, drafts: &[Draft], parent: usize) -> HashSet<String> {
    let mut under: HashMap<&str, Vec<&Draft>> = HashMap::new();
    let mut open: Vec<&Draft> = vec![];
    for draft in drafts.iter().filter(|d| !d.left) {
        let name = draft.cells[parent].name();
        if name.is_empty() || there.at.contains_key(name) {
            open.push(draft);
        } else {
            under.entry(name).or_default().push(draft);
        }
    }
    while let Some(draft) = open.pop() {
        open.extend(under.remove(draft.key.as_str()).unwrap_or_default());
    }
    let lost = under.into_values().flatten();
    lost.map(|draft| draft.key.clone()).collect()
}
