//! State directories: what is in them, and how it is lost.

use super::truth::TrueHistory;
use crate::ledger::Ledger;
use crate::store::Store;
use ib_cli::{Error, Exit};
use std::cell::{Cell, RefCell};
use std::rc::Rc;

/// A file on a disk that may be full, and that may damage it.
#[derive(Default)]
pub(crate) struct Memory {
    content: RefCell<Option<Vec<u8>>>,
    pub(crate) is_full: Cell<bool>,
    pub(crate) is_unreadable: Cell<bool>,
    pub(crate) writes: Cell<u64>,
    pub(crate) has_copies: Cell<bool>,
    pub(crate) copies: Cell<u64>,
}

impl Memory {
    fn fail(&self, is_failing: bool) -> ib_cli::Result<()> {
        if is_failing {
            return Err(Error::new(Exit::Config, "no space left on the device"));
        }
        Ok(())
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

    fn look_for_copies(&self) -> ib_cli::Result<bool> {
        Ok(self.has_copies.get())
    }
}

/// A backup of a state directory, with what was true then.
#[derive(Default)]
struct Backup {
    content: Option<Vec<u8>>,
    has_copies: bool,
    truth: TrueHistory,
}

/// A state directory: the ledger in it, the run that has its lock, and what truly happened.
#[derive(Default)]
pub(crate) struct Directory {
    pub(crate) store: Rc<Memory>,
    pub(crate) lock: Option<usize>,
    pub(crate) truth: TrueHistory,
    /// When a run first read it after the faults had ended.
    pub(crate) looked_at: Option<u64>,
    backup: Backup,
}

impl Directory {
    /// Whether the submission that is on its way is on the disk.
    pub(crate) fn has_recorded(&self) -> bool {
        let content = self.store.content.borrow();
        let ledger = content.as_deref().map(Ledger::from_bytes);
        ledger.and_then(Result::ok).is_some_and(|ledger| {
            let last = ledger.submissions.last();
            last.is_some_and(|record| record.outcome.is_none())
        })
    }

    /// Something has overwritten the ledger.
    pub(crate) fn spoil(&mut self, rubbish: &[u8]) {
        *self.store.content.borrow_mut() = Some(rubbish.to_vec());
        self.truth.spoil();
    }

    /// A backup is made of all that is in it.
    pub(crate) fn back_up(&mut self) {
        self.backup = Backup {
            content: self.store.content.borrow().clone(),
            has_copies: self.store.has_copies.get(),
            truth: self.truth.clone(),
        };
    }

    /// It is replaced by the backup, or by nothing where `is_deleted`: what happened since is not recorded anywhere.
    pub(crate) fn lose(&mut self, is_deleted: bool) {
        if is_deleted {
            self.backup = Backup::default();
        }
        *self.store.content.borrow_mut() = self.backup.content.clone();
        self.store.has_copies.set(self.backup.has_copies);
        self.truth = self.backup.truth.clone();
    }
}
