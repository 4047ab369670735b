//! State directories: what lies in them, how it is lost, and what truly happened.

use super::Broken;
use crate::book::Book;
use crate::clock::Now;
use crate::ledger::{DAY, Ledger};
use crate::policy::counts;
use crate::rules::Rules;
use crate::store::Store;
use ib_cli::{Error, Exit};
use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

/// A file that may be lost on a full disk, and be spoilt.
#[derive(Default)]
pub struct Memory {
    content: RefCell<Option<Vec<u8>>>,
    pub is_full: Cell<bool>,
    pub is_unreadable: Cell<bool>,
    pub writes: Cell<u64>,
    pub has_copies: Cell<bool>,
    pub copies: Cell<u64>,
}

impl Memory {
    pub fn spoil(&self, rubbish: &[u8]) {
        *self.content.borrow_mut() = Some(rubbish.to_vec());
    }

    fn fail(&self, is_failing: bool) -> ib_cli::Result<()> {
        match is_failing {
            true => Err(Error::new(Exit::Config, "no space left on the device")),
            false => Ok(()),
        }
    }
}

impl Store for Rc<Memory> {
    fn read(&self) -> ib_cli::Result<Option<Vec<u8>>> {
        self.fail(self.is_unreadable.get())?;
        Ok(self.content.borrow().clone())
    }

    fn write(&self, bytes: &[u8]) -> ib_cli::Result<()> {
        self.fail(self.is_full.get())?;
        *self.content.borrow_mut() = Some(bytes.to_vec());
        self.writes.set(self.writes.get() + 1);
        Ok(())
    }

    fn copy_aside(&self) -> ib_cli::Result<String> {
        self.fail(self.is_full.get())?;
        self.has_copies.set(true);
        self.copies.set(self.copies.get() + 1);
        Ok("aside".to_owned())
    }

    fn remove_copy(&self, _: &str) {}

    fn has_copies(&self) -> ib_cli::Result<bool> {
        Ok(self.has_copies.get())
    }
}

/// A submission as IBKR saw it.
struct Sent {
    at: u64,
    is_forgiven: bool,
}

/// A state directory: the ledger in it, who has its lock, and what truly happened.
#[derive(Default)]
pub struct Directory {
    pub store: Rc<Memory>,
    pub lock: Option<usize>,
    /// The submissions that made no session.
    sent: Vec<Sent>,
    /// Those of them that the ledger must have.
    recorded: Vec<u64>,
    /// The ledger was overwritten, and nobody has looked since.
    pub is_spoilt: bool,
    /// The last refusal that was recorded and nobody has lifted.
    pub refused: Option<u64>,
    /// The same of a lock.
    pub locked: Option<u64>,
    pub unanswered: u8,
    /// Whether the last login of each mode that showed it sent a notification.
    pub shown: BTreeMap<&'static str, bool>,
    codes: BTreeSet<u64>,
}

impl Directory {
    /// A submission is on its way: it must be on the disk, and be allowed.
    pub fn send(&mut self, now: u64, max_failures: u8) -> Result<(), Broken> {
        let broken = |what| Err(Broken::new(what, now));
        let content = self.store.content.borrow();
        let ledger = content.as_deref().map(Ledger::from_bytes);
        let is_recorded = ledger.and_then(Result::ok).is_some_and(|ledger| {
            let last = ledger.submissions.last();
            last.is_some_and(|record| record.outcome.is_none())
        });
        if !is_recorded {
            return broken("a submission that is not on the disk");
        }
        let lately = |at: &u64| now - at < DAY;
        let counted = self.sent.iter().filter(|sent| lately(&sent.at));
        let failures = counted.filter(|sent| !sent.is_forgiven).count();
        if failures >= usize::from(max_failures.min(4)) {
            return broken("more failures than are allowed");
        }
        if self.refused.as_ref().is_some_and(lately) {
            return broken("a submission within a day of a refusal");
        }
        if self.locked.as_ref().is_some_and(lately) {
            return broken("a submission within a day of a lock");
        }
        self.sent.retain(|sent| lately(&sent.at));
        self.sent.push(Sent {
            at: now,
            is_forgiven: false,
        });
        self.recorded.push(now);
        drop(content);
        Ok(())
    }

    pub fn send_code(&mut self, window: u64, now: u64) -> Result<(), Broken> {
        match self.codes.insert(window) {
            true => Ok(()),
            false => Err(Broken::new("two codes of one window", now)),
        }
    }

    pub fn succeed(&mut self, sent_at: u64, is_approved: bool) {
        self.sent.retain(|sent| sent.at != sent_at);
        self.recorded.retain(|at| *at != sent_at);
        if is_approved {
            self.unanswered = 0;
        }
    }

    pub fn forgive(&mut self) {
        for sent in &mut self.sent {
            sent.is_forgiven = true;
        }
        (self.refused, self.locked, self.unanswered) = (None, None, 0);
    }

    /// Something has overwritten the ledger.
    pub fn spoil(&mut self, rubbish: &[u8]) {
        self.store.spoil(rubbish);
        self.is_spoilt = true;
        self.recorded.clear();
        self.codes.clear();
    }

    /// No submission that counts is lost.
    pub fn check(&mut self, book: &Book<Rc<Memory>>, now: &Now, at: u64) -> Result<(), Broken> {
        self.recorded.retain(|sent| at - sent < DAY);
        let elapsed = book.ledger().clock.elapsed(now, Rules::ALL);
        let counted = |record: &&_| counts(record, elapsed, Rules::ALL);
        let known = book.ledger().submissions.iter().filter(counted).count();
        match known < self.recorded.len() {
            true => Err(Broken::new("a record is lost, or counts no more", at)),
            false => Ok(()),
        }
    }
}
