//! A connection from the pool, or the one of a transaction that several use cases share.

use super::connection::{Chain, Conn, Owned};
use crate::error::Result;
use std::ops::{Deref, DerefMut};
use std::sync::{Arc, Mutex, PoisonError};

/// The connection of an open transaction, lent to one user at a time.
pub(super) struct Shared {
    chain: Chain,
    conn: Mutex<Option<Owned>>,
}

impl Shared {
    pub fn new(chain: Chain, conn: Owned) -> Self {
        Self {
            chain,
            conn: Mutex::new(Some(conn)),
        }
    }

    pub fn lend(shared: &Arc<Self>) -> Result<Pooled> {
        let conn = shared
            .take()
            .ok_or_else(|| anyhow::anyhow!("the shared transaction's connection is in use"))?;
        Ok(Pooled {
            conn: Some(conn),
            home: Some(shared.clone()),
        })
    }

    pub fn take(&self) -> Option<Owned> {
        self.cell().take()
    }

    /// A transaction seals one chain: what belongs to another may not slip in.
    pub fn ensure(&self, chain: Chain) -> Result<()> {
        if self.chain == chain {
            return Ok(());
        }
        let wrong = anyhow::anyhow!("a write of {chain:?} inside one of {:?}", self.chain);
        Err(wrong.into())
    }

    fn cell(&self) -> std::sync::MutexGuard<'_, Option<Owned>> {
        self.conn.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A connection in hand; it goes back where it came from.
pub struct Pooled {
    /// Always there until it is dropped.
    conn: Option<Owned>,
    home: Option<Arc<Shared>>,
}

impl Pooled {
    pub(super) fn own(conn: Owned) -> Self {
        Self {
            conn: Some(conn),
            home: None,
        }
    }
}

impl Deref for Pooled {
    type Target = Conn;
    fn deref(&self) -> &Conn {
        self.conn.as_deref().expect("a connection in hand")
    }
}

impl DerefMut for Pooled {
    fn deref_mut(&mut self) -> &mut Conn {
        self.conn.as_deref_mut().expect("a connection in hand")
    }
}

impl Drop for Pooled {
    fn drop(&mut self) {
        if let (Some(conn), Some(home)) = (self.conn.take(), &self.home) {
            *home.cell() = Some(conn);
        }
    }
}
