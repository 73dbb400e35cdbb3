//! Figures beside their limits; what is over its limit ends the run with an error.

use std::time::Duration;

#[derive(Default)]
pub struct Report {
    over: u32,
}

impl Report {
    pub fn within(&mut self, name: &str, took: Duration, limit: Duration) {
        let good = took <= limit;
        self.line(
            name,
            &milliseconds(took),
            &format!("≤ {}", milliseconds(limit)),
            good,
        );
    }

    /// `took` may be `most` times `base`.
    pub fn ratio(&mut self, name: &str, took: Duration, base: Duration, most: f64) {
        let ratio = took.as_secs_f64() / base.as_secs_f64().max(1e-9);
        let found = format!(
            "{ratio:.2} × ({} to {})",
            milliseconds(took),
            milliseconds(base)
        );
        self.line(name, &found, &format!("≤ {most:.2} ×"), ratio <= most);
    }

    /// The same of sizes in KiB.
    pub fn share(&mut self, name: &str, (size, base): (u64, u64), most: f64) {
        let ratio = size as f64 / (base as f64).max(1.0);
        let found = format!("{ratio:.2} × ({size} KiB to {base} KiB)");
        self.line(name, &found, &format!("≤ {most:.2} ×"), ratio <= most);
    }

    /// A figure without a limit.
    pub fn note(&self, name: &str, took: Duration) {
        println!("       {name:<62} {}", milliseconds(took));
    }

    fn line(&mut self, name: &str, found: &str, limit: &str, good: bool) {
        self.over += u32::from(!good);
        println!(
            "{} {name:<62} {found}  {limit}",
            if good { "  ok  " } else { " OVER " }
        );
    }

    pub fn end(self) {
        if self.over > 0 {
            println!("{} over their limits", self.over);
            std::process::exit(1);
        }
    }
}

fn milliseconds(took: Duration) -> String {
    format!("{:.3} ms", took.as_secs_f64() * 1_000.0)
}
