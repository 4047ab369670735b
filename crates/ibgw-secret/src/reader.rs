//! Reading secrets, those included that are in an OpenPGP file or kept by a service.

use crate::READING;
use crate::keyring;
use crate::secret_place::SecretPlace;
use ib_cli::{Error, Exit, Readable, Reference, Result, Secret, duration, wait_for};
use ib_pgp::{Key, Openers};
use ib_proc::Deadline;
use ib_webapi::{SecretManager, SecretManagerArgs};
use std::cell::OnceCell;
use std::path::Path;
use std::time::Duration;

/// How secrets are read.
#[derive(clap::Args)]
pub(crate) struct ReaderArgs {
    /// Open pgp: files with this secret key
    ///
    /// It is an OpenPGP secret key as `gpg --export-secret-keys` writes it, armored or binary. For a key in gpg-agent or on
    /// a smartcard, use `cmd:gpg --decrypt FILE` in place of `pgp:FILE`. The same holds for a key of ElGamal or of a
    /// Brainpool curve.
    #[arg(long, value_name = "REF", value_parser = plain_reference, help_heading = READING)]
    key: Option<Reference>,
    /// Unlock the secret key with this passphrase
    #[arg(long, value_name = "REF", requires = "key", value_parser = plain_reference, help_heading = READING)]
    key_passphrase: Option<Reference>,
    /// Open pgp: files that were encrypted with this passphrase
    #[arg(long, value_name = "REF", value_parser = plain_reference, help_heading = READING)]
    passphrase: Option<Reference>,
    /// Accept a secret key that other users can read
    ///
    /// Without this flag the tool refuses such a key.
    #[arg(long, help_heading = READING)]
    allow_readable_key: bool,
    #[command(flatten)]
    gcp: SecretManagerArgs,
    /// End after this time
    #[arg(long, value_name = "DURATION", default_value = "30s", value_parser = duration, help_heading = READING)]
    timeout: Duration,
}

/// Reads secrets until its deadline.
pub(crate) struct Reader {
    args: ReaderArgs,
    deadline: Deadline,
    openers: OnceCell<Openers>,
    secret_manager: OnceCell<SecretManager>,
}

impl Reader {
    /// A reader whose time begins now.
    pub(crate) fn new(args: ReaderArgs) -> Self {
        let deadline = Deadline::after(args.timeout);
        Self {
            args,
            deadline,
            openers: OnceCell::new(),
            secret_manager: OnceCell::new(),
        }
    }

    /// Does what may block for ever.
    ///
    /// # Errors
    /// Its own, and `TimedOut` at the deadline.
    pub(crate) fn within<T: Send + 'static>(
        &self,
        action: impl FnOnce() -> Result<T> + Send + 'static,
        context: &str,
    ) -> Result<T> {
        wait_for(action, context, self.deadline)?
    }

    /// Reads one secret without the line feed at its end; `what` names it in errors.
    ///
    /// # Errors
    /// `No` when a service was asked and has no such secret; all others as the source has them.
    pub(crate) fn read(&self, what: &str, from: &SecretPlace) -> Result<Secret> {
        match from {
            SecretPlace::Plain(from) => from.read(what, Readable::Warned, self.deadline),
            SecretPlace::Pgp(_) | SecretPlace::Gcp(_) | SecretPlace::Keyring(_) => {
                Ok(self.read_as_it_is(what, from)?.without_newline())
            }
        }
    }

    /// The same with nothing dropped.
    pub(crate) fn read_as_it_is(&self, what: &str, from: &SecretPlace) -> Result<Secret> {
        let doing = || format!("reading {what} from {from}");
        let secret = match from {
            SecretPlace::Plain(from) => {
                from.read_as_it_is(what, Readable::Warned, self.deadline)?
            }
            SecretPlace::Pgp(path) => self.open(what, path)?,
            SecretPlace::Gcp(name) => self.access(name).map_err(|error| error.within(doing()))?,
            SecretPlace::Keyring(item) => {
                keyring::read(item, self.deadline).map_err(|error| error.within(doing()))?
            }
        };
        check_not_empty(&secret, what, from)?;
        Ok(secret)
    }

    fn open(&self, what: &str, path: &Path) -> Result<Secret> {
        // Encrypted, so it may be anyone's to read.
        let message = Reference::File(path.to_owned()).read_as_it_is(
            what,
            Readable::Anyone,
            self.deadline,
        )?;
        ib_pgp::open(message.expose(), self.openers()?)
            .map_err(|error| error.within(format!("opening {what} in pgp:{}", path.display())))
    }

    fn access(&self, name: &str) -> Result<Secret> {
        let version = name
            .parse()
            .map_err(|problem: String| Error::new(Exit::Usage, problem))?;
        self.secret_manager()?.access(&version, self.deadline)
    }

    /// Secret Manager, with a token that is asked for once.
    fn secret_manager(&self) -> Result<&SecretManager> {
        if let Some(manager) = self.secret_manager.get() {
            return Ok(manager);
        }
        let manager = SecretManager::new(&self.args.gcp, self.deadline)?;
        Ok(self.secret_manager.get_or_init(|| manager))
    }

    /// The keys and passphrases, read once: the descriptor they come through may not give them twice.
    fn openers(&self) -> Result<&Openers> {
        if let Some(openers) = self.openers.get() {
            return Ok(openers);
        }
        let openers = self.read_openers()?;
        Ok(self.openers.get_or_init(|| openers))
    }

    fn read_openers(&self) -> Result<Openers> {
        let ReaderArgs {
            key,
            key_passphrase,
            passphrase,
            ..
        } = &self.args;
        if key.is_none() && passphrase.is_none() {
            let message = "pgp: needs what opens it (give --key REF, or --passphrase REF)";
            return Err(Error::new(Exit::Usage, message));
        }
        let mut openers = Openers::default();
        if let Some(passphrase) = passphrase {
            openers.passphrases.push(passphrase.read_line(
                "the passphrase",
                Readable::Warned,
                self.deadline,
            )?);
        }
        if let Some(from) = key {
            let readable = Readable::of_key(self.args.allow_readable_key);
            let key = from.read_as_it_is("the secret key", readable, self.deadline)?;
            let passphrase = key_passphrase
                .as_ref()
                .map(|from| {
                    from.read_line("the passphrase of the key", Readable::Warned, self.deadline)
                })
                .transpose()?;
            let key = Key::parse(&key, passphrase.as_ref())
                .map_err(|error| error.within(format!("reading the secret key from {from}")))?;
            openers.keys.push(key);
        }
        Ok(openers)
    }
}

/// Refuses an empty secret.
fn check_not_empty(secret: &Secret, what: &str, from: &SecretPlace) -> Result<()> {
    let (doing, preposition) = match from {
        SecretPlace::Pgp(_) => ("opening", "in"),
        SecretPlace::Plain(_) | SecretPlace::Gcp(_) | SecretPlace::Keyring(_) => {
            ("reading", "from")
        }
    };
    match secret.expose() {
        [] | [b'\n'] | [b'\r', b'\n'] => {
            let message = format!("{doing} {what} {preposition} {from}: it is empty");
            Err(Error::new(Exit::Config, message))
        }
        _ => Ok(()),
    }
}

/// A reference that needs no key to be read.
pub(crate) fn plain_reference(text: &str) -> std::result::Result<Reference, String> {
    match text.parse()? {
        SecretPlace::Plain(reference) => Ok(reference),
        SecretPlace::Pgp(_) | SecretPlace::Gcp(_) | SecretPlace::Keyring(_) => {
            Err("what opens another secret cannot itself be in pgp:, gcp: or keyring:".to_owned())
        }
    }
}
