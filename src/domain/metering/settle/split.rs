//! The largest-remainder method.

use crate::domain::units::WattHours;

/// Splits `whole` (not negative) in proportion to `weights` (not negative) into parts that add up to
/// it: each gets its quotient rounded down, then one each by largest remainder, the earlier first
/// where remainders are equal. Weights that are all 0 count as equal. No weights give no parts.
///
/// Source: Hamilton's method of apportionment.
pub fn split(whole: WattHours, weights: &[i64]) -> Vec<WattHours> {
    let mut parts = vec![];
    Splitter::new(weights).split(whole, |_, part| parts.push(part));
    parts
}

/// Splits one amount after another by the same weights.
pub(super) struct Splitter {
    weights: Vec<i64>,
    total: i128,
    /// Quotient and remainder of each part, kept between calls.
    parts: Vec<(i64, i128)>,
    order: Vec<usize>,
}

impl Splitter {
    pub fn new(weights: &[i64]) -> Self {
        let mut weights: Vec<i64> = weights.iter().map(|weight| *weight.max(&0)).collect();
        if weights.iter().all(|weight| *weight == 0) {
            weights.fill(1);
        }
        let total = weights.iter().map(|weight| i128::from(*weight)).sum();
        Self {
            total,
            parts: Vec::with_capacity(weights.len()),
            order: vec![],
            weights,
        }
    }

    pub fn split(&mut self, whole: WattHours, mut take: impl FnMut(usize, WattHours)) {
        if let [_] = self.weights[..] {
            return take(0, whole);
        }
        self.parts.clear();
        let left = whole.0 - self.quotients(whole.0);
        self.order.clear();
        self.order.extend(0..self.parts.len());
        let parts = &self.parts;
        self.order.sort_by(|a, b| parts[*b].1.cmp(&parts[*a].1));
        for (index, _) in self.order.iter().zip(0..left) {
            self.parts[*index].0 += 1;
        }
        for (index, (part, _)) in self.parts.iter().enumerate() {
            take(index, WattHours(*part));
        }
    }

    /// Fills `parts`; gives the sum of the quotients.
    fn quotients(&mut self, whole: i64) -> i64 {
        let mut sum = 0;
        for weight in &self.weights {
            // Wide division takes most of a month's settling; real loads hardly ever need it.
            let narrow = whole
                .checked_mul(*weight)
                .zip(i64::try_from(self.total).ok());
            let (quotient, rest) = if let Some((product, total)) = narrow {
                (product / total, i128::from(product % total))
            } else {
                let product = i128::from(whole) * i128::from(*weight);
                // A part of a 64-bit whole fits 64 bits.
                let quotient = i64::try_from(product / self.total).unwrap_or(whole);
                (quotient, product % self.total)
            };
            sum += quotient;
            self.parts.push((quotient, rest));
        }
        sum
    }
}
