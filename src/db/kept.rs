//! What a process keeps between requests, by a number. Never the truth: whoever takes a value out
//! compares it with the database first.

use std::any::Any;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

type Value = Arc<dyn Any + Send + Sync>;

/// The sites of a house and then some; more are loaded each time.
const MOST: usize = 16;

/// The last used last.
#[derive(Clone, Default)]
pub struct Kept {
    values: Arc<Mutex<Vec<(i64, Value)>>>,
}

impl Kept {
    /// The value of this number, if one of that kind is kept.
    pub fn get<T: Send + Sync + 'static>(&self, number: i64) -> Option<Arc<T>> {
        let mut values = self.values();
        let at = values.iter().position(|(known, _)| *known == number)?;
        let entry = values.remove(at);
        let value = entry.1.clone();
        values.push(entry);
        value.downcast().ok()
    }

    /// Takes the value out, so that it can be changed in place and put back.
    pub fn take<T: Send + Sync + 'static>(&self, number: i64) -> Option<Arc<T>> {
        let mut values = self.values();
        let at = values.iter().position(|(known, _)| *known == number)?;
        values.remove(at).1.downcast().ok()
    }

    pub fn put<T: Send + Sync + 'static>(&self, number: i64, value: Arc<T>) {
        let mut values = self.values();
        values.retain(|(known, _)| *known != number);
        if values.len() == MOST {
            values.remove(0);
        }
        values.push((number, value));
    }

    fn values(&self) -> MutexGuard<'_, Vec<(i64, Value)>> {
        self.values.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_least_used_makes_room() {
        let kept = Kept::default();
        for number in 0..MOST as i64 {
            kept.put(number, Arc::new(number));
        }
        assert_eq!(kept.get::<i64>(0).as_deref(), Some(&0));
        kept.put(100, Arc::new(100_i64));
        assert_eq!(kept.get::<i64>(1), None, "not asked for since");
        assert_eq!(kept.get::<i64>(0).as_deref(), Some(&0));
        assert_eq!(kept.take::<i64>(100).as_deref(), Some(&100));
        assert_eq!(kept.get::<i64>(100), None);
    }
}
