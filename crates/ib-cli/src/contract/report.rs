//! What a tool answers: one line of JSON, or one raw value, and an exit code.

use crate::contract::error::{Error, OrExit, Result};
use crate::contract::exit::Exit;
use crate::contract::messages::warnings;
use crate::secret::Secret;
use serde::Serialize;

/// A struct that becomes the one line of JSON on stdout.
pub trait Report: Serialize {
    /// The first key's value: `<tool>/1`, or the record's own name.
    fn schema(&self) -> &'static str;

    /// The last key of every report: the events that this run warned of. `None` leaves the key out.
    ///
    /// A report that was stored overrides it, to keep what the earlier run warned of.
    fn warnings(&self) -> Option<Vec<String>> {
        Some(warnings())
    }

    /// The line with its line feed, in memory that is wiped: it may be a login.
    ///
    /// # Errors
    /// `Unexpected` when JSON has no form for one of its values.
    fn line(&self) -> Result<Secret>
    where
        Self: Sized,
    {
        #[derive(Serialize)]
        struct Line<'a, R> {
            schema: &'static str,
            #[serde(flatten)]
            report: &'a R,
            #[serde(skip_serializing_if = "Option::is_none")]
            warnings: Option<Vec<String>>,
        }
        let line = Line {
            schema: self.schema(),
            report: self,
            warnings: self.warnings(),
        };
        let bytes = serde_json::to_vec(&line).or_exit(Exit::Unexpected)?;
        Ok(Secret::new(bytes).with_newline())
    }
}

/// What a tool answers.
pub struct Answer<R> {
    pub(crate) output: Output<R>,
    pub(crate) exit: Exit,
    pub(crate) error: Option<Error>,
}

pub(crate) enum Output<R> {
    Report(R),
    Raw(Secret),
}

impl<R: Report> Answer<R> {
    /// Done; the report says what.
    pub fn done(report: R) -> Self {
        Self {
            output: Output::Report(report),
            exit: Exit::Done,
            error: None,
        }
    }

    /// Asked and answered: no.
    pub fn no(report: R) -> Self {
        Self {
            output: Output::Report(report),
            exit: Exit::No,
            error: None,
        }
    }

    /// A documented outcome that has an error beside its report.
    pub fn failed(report: R, error: Error) -> Self {
        Self {
            output: Output::Report(report),
            exit: error.exit,
            error: Some(error),
        }
    }

    /// The same answer with its report in another form.
    pub fn map<S>(self, form: impl FnOnce(R) -> S) -> Answer<S> {
        Answer {
            output: match self.output {
                Output::Report(report) => Output::Report(form(report)),
                Output::Raw(value) => Output::Raw(value),
            },
            exit: self.exit,
            error: self.error,
        }
    }

    /// A raw value in place of a report, with a line feed.
    pub fn raw(value: Secret) -> Self {
        Self::as_it_is(value.with_newline())
    }

    /// A raw value with no byte changed.
    pub fn as_it_is(value: Secret) -> Self {
        Self {
            output: Output::Raw(value),
            exit: Exit::Done,
            error: None,
        }
    }

    /// The same as [`Answer::raw`], for a value that means no.
    pub fn raw_no(value: Secret) -> Self {
        let exit = Exit::No;
        Self {
            exit,
            ..Self::raw(value)
        }
    }
}
