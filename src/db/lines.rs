//! Where the writers of one process wait for each other: SQLite's own waiting sleeps longer and
//! longer, and a connection that waits for a lock is one that nobody else can use.

use super::Chain;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

type Line = Arc<Mutex<()>>;

pub struct Lines {
    /// PostgreSQL has many writers at a time, one to a chain; SQLite one in all.
    by_chain: bool,
    lines: Mutex<HashMap<i64, Line>>,
}

impl Lines {
    pub fn new(by_chain: bool) -> Self {
        let lines = Mutex::new(HashMap::new());
        Self { by_chain, lines }
    }

    pub fn of(&self, chain: Chain) -> Line {
        let key = if self.by_chain { chain.key() } else { 0 };
        let mut lines = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
        lines.entry(key).or_default().clone()
    }
}
