//! Speed as ratios within one run: `cargo bench --bench capacity`. Ends with an error where a limit
//! is passed.

mod pure;
mod report;
mod site;

fn main() {
    let mut report = report::Report::default();
    pure::run(&mut report);
    report.end();
}
