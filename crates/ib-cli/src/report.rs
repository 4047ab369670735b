//! What a tool answers: one line of JSON, or one raw value, and an exit code.

use crate::error::{Error, OrExit, Result};
use crate::exit::Exit;
use crate::secret::Secret;
use serde::Serialize;
use std::time::{Duration, SystemTime};

/// A struct that becomes the one line of JSON on stdout.
pub trait Report: Serialize {
    /// The first key's value: `<tool>/1`, or the record's own name.
    fn schema(&self) -> &'static str;

    /// The line itself, its line feed included, in memory that is wiped: it may be a login.
    ///
    /// # Errors
    /// `Unexpected` when it has a value that JSON has no form for.
    fn line(&self) -> Result<Secret>
    where
        Self: Sized,
    {
        #[derive(Serialize)]
        struct Line<'a, R> {
            schema: &'static str,
            #[serde(flatten)]
            report: &'a R,
        }
        let line = Line {
            schema: self.schema(),
            report: self,
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

    /// An outcome that the tool documents and that has an error beside its report.
    pub fn failed(report: R, error: Error) -> Self {
        Self {
            output: Output::Report(report),
            exit: error.exit,
            error: Some(error),
        }
    }

    /// The same answer as part of a report that has several forms.
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

    /// A value that is no report, with a line feed.
    pub fn raw(value: Secret) -> Self {
        Self::as_it_is(value.with_newline())
    }

    /// A value of which not a byte is changed.
    pub fn as_it_is(value: Secret) -> Self {
        Self {
            output: Output::Raw(value),
            exit: Exit::Done,
            error: None,
        }
    }

    /// The same as [`Answer::raw`], where the value says no.
    pub fn raw_no(value: Secret) -> Self {
        let exit = Exit::No;
        Self {
            exit,
            ..Self::raw(value)
        }
    }
}

/// A time as every report has it: RFC 3339, UTC, with `Z`.
#[must_use]
pub fn time(at: SystemTime) -> String {
    humantime::format_rfc3339_seconds(at).to_string()
}

/// A duration as every report has it: seconds, with up to three decimals.
#[must_use]
pub fn rounded_seconds(duration: Duration) -> f64 {
    (duration.as_secs_f64() * 1000.0).round() / 1000.0
}
