//! What pages of a site show, kept by a process from one request to the next.
//!
//! Nothing here is believed: each value is kept with what it was made at, and whoever asks says
//! whether that still holds.

use crate::db::Db;
use crate::error::Result;
use std::sync::Arc;

/// Values that are kept of one kind; those made last.
const MOST: usize = 32;

/// Kinds of values, among what a process keeps; sites count from 1.
#[derive(Clone, Copy, Debug)]
pub enum Kind {
    RackTotals = -1,
    RackChoices = -2,
    RackPage = -3,
}

struct Entry<K, S, T> {
    key: K,
    stamp: S,
    value: Arc<T>,
}

/// The value that was made for this key before, where its stamp holds, or what `make` makes of it now
/// with its stamp, in the reading transaction that the caller is in.
pub fn kept<K, S, T>(
    db: &Db,
    kind: Kind,
    key: K,
    holds: impl Fn(&S) -> bool,
    make: impl FnOnce() -> Result<(S, T)>,
) -> Result<Arc<T>>
where
    K: PartialEq + Send + Sync + 'static,
    S: Send + Sync + 'static,
    T: Send + Sync + 'static,
{
    let known = db.kept().get::<Vec<Arc<Entry<K, S, T>>>>(kind as i64);
    let mut all = known.map_or(vec![], |it| it.to_vec());
    let found = all.iter().find(|it| it.key == key && holds(&it.stamp));
    if let Some(found) = found {
        return Ok(found.value.clone());
    }
    let (stamp, value) = make()?;
    let value = Arc::new(value);
    all.retain(|it| it.key != key);
    if all.len() == MOST {
        all.remove(0);
    }
    all.push(Arc::new(Entry {
        key,
        stamp,
        value: value.clone(),
    }));
    // What an open transaction wrote is nobody else's yet.
    if !db.is_inside() {
        db.kept().put(kind as i64, Arc::new(all));
    }
    Ok(value)
}
