//! The five upstream connections everything goes through. Five calls that get no answer block
//! every other one, also after their clients have gone (seen with build a27ed42).

use std::sync::{Condvar, Mutex, PoisonError};

/// The connections not in use.
pub(crate) struct Pool {
    free: Mutex<usize>,
    freed: Condvar,
}

/// One connection in use.
pub(crate) struct Lent<'a>(&'a Pool);

impl Default for Pool {
    fn default() -> Self {
        Self {
            free: Mutex::new(5),
            freed: Condvar::new(),
        }
    }
}

impl Pool {
    /// Waits for a connection.
    pub(crate) fn lend(&self) -> Lent<'_> {
        let free = self.free.lock().unwrap_or_else(PoisonError::into_inner);
        let mut free = self
            .freed
            .wait_while(free, |free| *free == 0)
            .unwrap_or_else(PoisonError::into_inner);
        *free -= 1;
        Lent(self)
    }
}

impl Drop for Lent<'_> {
    fn drop(&mut self) {
        *self.0.free.lock().unwrap_or_else(PoisonError::into_inner) += 1;
        self.0.freed.notify_one();
    }
}
