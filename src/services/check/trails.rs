//! Every change left a trace, and no trace was touched.

use super::Violation;
use crate::db::{Conn, audit};
use crate::error::Result;

const PAGE: i64 = 5_000;
const PROMISE: &str = "every change leaves a trace";

/// Each chain counts from 1 without a gap, and each row is sealed with the one before it.
pub fn check(conn: &mut Conn, found: &mut Vec<Violation>) -> Result<()> {
    for chain in audit::chains(conn)? {
        let (mut seq, mut hash) = (0, String::new());
        loop {
            let rows = audit::chain_after(conn, chain, seq, PAGE)?;
            if rows.is_empty() {
                break;
            }
            for row in rows {
                let at = format!("chain {chain}, entry {}", row.seq);
                if row.seq != seq + 1 {
                    found.push(Violation::new(PROMISE, format!("{at} follows entry {seq}")));
                }
                if row.previous_hash != hash {
                    found.push(Violation::new(PROMISE, format!("{at} does not join")));
                }
                if row.seal() != row.hash {
                    found.push(Violation::new(PROMISE, format!("{at} was changed")));
                }
                (seq, hash) = (row.seq, row.hash);
            }
        }
    }
    Ok(())
}
