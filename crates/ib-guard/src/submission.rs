//! One recorded submission, as the process that sends it holds it.

use crate::ledger::Lifted;

/// One recorded submission that is still to be resolved; left alone it counts as failed.
#[must_use = "a submission that is not resolved counts as failed"]
pub struct Submission {
    pub(crate) id: u64,
    pub(crate) lifted: Lifted,
}

impl Submission {
    /// Its id in any process: when it was recorded, in the ledger's own time.
    #[must_use]
    pub fn id(&self) -> u64 {
        self.id
    }
}
