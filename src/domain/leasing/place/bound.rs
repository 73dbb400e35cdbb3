//! The joint model for the solver: the only place with floats. What it finds is rounded here
//! and checked in whole numbers by the caller; its bounds are rounded so that they stay bounds.

use super::model::Model;
use microlp::{
    ComparisonOp, Error, LinearExpr, OptimizationDirection, Problem, SolveOptions, Variable,
};

/// What the solver says of a model.
pub(super) enum Answer {
    /// Units per variable, and the most units of the target that are not ruled out.
    Found { values: Vec<u32>, upper: u32 },
    /// Not even without a unit of the target.
    Impossible,
    /// The effort ran out; `upper` as above.
    Unknown { upper: u32 },
}

/// Above the solver's own tolerance, far below one unit.
const SLACK: f64 = 1e-4;

/// Solves in whole units within a budget of branch-and-bound nodes. `start` is a solution to
/// begin from. The target's units go up to its `units`.
pub(super) fn solve(model: &Model, start: Option<&[u32]>, nodes: u64) -> Answer {
    let want = model.target.map_or(0, |item| model.items[item].units);
    let (problem, vars) = problem(model);
    if vars.is_empty() {
        return without_variables(model);
    }
    let mut options = SolveOptions::default();
    options.node_limit = Some(nodes);
    options.warm_start = start.map(|start| {
        vars.iter()
            .zip(start)
            .map(|(&var, &units)| (var, f64::from(units)))
            .collect()
    });
    let outcome = match problem.solve_with(options) {
        Ok(outcome) => outcome,
        Err(Error::Infeasible) => return Answer::Impossible,
        Err(_) => return Answer::Unknown { upper: want },
    };
    let bound = outcome
        .stats()
        .best_bound
        .map_or(want, |bound| whole(bound + SLACK).min(want));
    let optimal = outcome.is_optimal();
    match outcome.into_solution() {
        Ok(solution) => {
            let values: Vec<u32> = vars
                .iter()
                .map(|&var| whole(solution.var_value(var) + 0.5))
                .collect();
            let upper = if optimal {
                reached(model, &values)
            } else {
                bound
            };
            Answer::Found { values, upper }
        }
        Err(_) => Answer::Unknown { upper: bound },
    }
}

fn problem(model: &Model) -> (Problem, Vec<Variable>) {
    let mut problem = Problem::new(OptimizationDirection::Maximize);
    let mut sums: Vec<LinearExpr> = model.items.iter().map(|_| LinearExpr::empty()).collect();
    let mut vars = vec![];
    for var in &model.vars {
        let gain = if Some(var.item) == model.target {
            1.0
        } else {
            0.0
        };
        let most = i32::try_from(var.most).unwrap_or(i32::MAX);
        let added = problem.add_integer_var(gain, (0, most));
        sums[var.item].add(added, 1.0);
        vars.push(added);
    }
    for (at, (item, sum)) in model.items.iter().zip(sums).enumerate() {
        let (how, units) = if Some(at) == model.target {
            (ComparisonOp::Le, item.units)
        } else {
            (ComparisonOp::Eq, item.units)
        };
        problem.add_constraint(sum, how, f64::from(units));
    }
    for row in &model.rows {
        let mut sum = LinearExpr::empty();
        for &(var, load) in &row.terms {
            sum.add(vars[var], load as f64);
        }
        problem.add_constraint(sum, ComparisonOp::Le, row.cap as f64);
    }
    (problem, vars)
}

fn without_variables(model: &Model) -> Answer {
    let unplaced = |(at, units): (usize, u32)| Some(at) != model.target && units > 0;
    if model
        .items
        .iter()
        .map(|item| item.units)
        .enumerate()
        .any(unplaced)
    {
        return Answer::Impossible;
    }
    Answer::Found {
        values: vec![],
        upper: 0,
    }
}

fn reached(model: &Model, values: &[u32]) -> u32 {
    model.target.map_or(0, |item| model.placed(values, item))
}

/// Rounded down; saturates.
fn whole(value: f64) -> u32 {
    value.max(0.0) as u32
}
