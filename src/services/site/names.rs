//! What a list offers to choose from, kept by a process from one request to the next.
//!
//! Nothing here is believed: what was made holds while the trail of its site stands where it stood.

use crate::db::trail::Head;
use crate::db::{Conn, Db};
use crate::domain::ids::*;
use crate::error::Result;
use std::sync::Arc;

/// Among what a process keeps; sites count from 1.
const KEPT: i64 = -2;
/// Lists that are kept; those asked for last.
const MOST: usize = 32;

/// What a list is narrowed to, as far as that changes what it offers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Within {
    pub site: SiteId,
    pub hall: Option<HallId>,
    pub feed: Option<NodeId>,
}

struct Names<T> {
    within: Within,
    head: Head,
    names: Arc<T>,
}

/// What was made for this list before, or what `make` makes of it now, in the reading transaction of
/// `conn`.
pub fn kept<T: Send + Sync + 'static>(
    db: &Db,
    conn: &mut Conn,
    within: Within,
    head: &Head,
    make: impl FnOnce(&mut Conn) -> Result<T>,
) -> Result<Arc<T>> {
    let kept = db.kept().get::<Vec<Arc<Names<T>>>>(KEPT);
    let mut all = kept.map_or(vec![], |kept| kept.to_vec());
    let known = all.iter().find(|it| it.within == within);
    if let Some(known) = known.filter(|it| it.head == *head) {
        return Ok(known.names.clone());
    }
    let names = Arc::new(make(conn)?);
    all.retain(|it| it.within != within);
    if all.len() == MOST {
        all.remove(0);
    }
    all.push(Arc::new(Names {
        within,
        head: head.clone(),
        names: names.clone(),
    }));
    // What an open transaction wrote is nobody else's yet.
    if !db.is_inside() {
        db.kept().put(KEPT, Arc::new(all));
    }
    Ok(names)
}
