//! Print one value as it is.

use crate::SecretOutput;
use crate::reader::{Reader, ReaderArgs};
use crate::secret_place::SecretPlace;
use ib_cli::flag_group::OUTPUT;
use ib_cli::{Answer, Result, keep_off_terminal};

/// Printing one value.
#[derive(clap::Args)]
pub(crate) struct GetArgs {
    /// Read the value from here
    #[arg(value_name = "REF")]
    from: SecretPlace,
    #[command(flatten)]
    reader: ReaderArgs,
    /// Print secrets even to a terminal
    #[arg(long, help_heading = OUTPUT)]
    show: bool,
}

/// Prints one value; a text that has no line feed at its end gets one.
pub(crate) fn run(args: GetArgs) -> Result<Answer<SecretOutput>> {
    keep_off_terminal(args.show)?;
    let reader = Reader::new(args.reader);
    let value = reader.read_as_it_is("the value", &args.from)?;
    let bytes = value.expose();
    let needs_newline = !bytes.ends_with(b"\n") && std::str::from_utf8(bytes).is_ok();
    Ok(if needs_newline {
        Answer::raw(value)
    } else {
        Answer::as_it_is(value)
    })
}
