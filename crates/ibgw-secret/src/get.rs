//! One value as it is.

use crate::Outcome;
use crate::reader::{Reader, ReaderArgs};
use ib_cli::{Answer, Reference, Result, keep_off_terminal};

/// Printing one value.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Where the value is
    #[arg(value_name = "REF")]
    from: Reference,
    #[command(flatten)]
    reader: ReaderArgs,
    /// Print the value even to a terminal
    #[arg(long)]
    show: bool,
}

/// Prints one value, with a line feed.
pub(crate) fn run(args: Args) -> Result<Answer<Outcome>> {
    keep_off_terminal(args.show)?;
    let reader = Reader::new(args.reader);
    Ok(Answer::raw(reader.read("the value", &args.from)?))
}
