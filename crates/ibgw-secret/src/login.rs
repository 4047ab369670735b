//! Where the parts of one login are: by flags, in one file, or in a directory.

mod contradiction;
mod file_names;
mod folder;
mod object;

use crate::LOGIN;
use crate::fernet;
use crate::part::LoginPart;
use crate::reader::Reader;
use crate::secret_place::SecretPlace;
use folder::{FoundFile, LoginFolder};
use ib_cli::{Error, Exit, Mode, ModeFlag, Reference, Result, Secret, SecretText};
use ib_tws::{NamedMode, mode_with_name};
use object::LoginObject;
pub(crate) use object::SCHEMA;
use std::path::PathBuf;

/// Where the login is.
#[derive(clap::Args)]
pub(crate) struct PartArgs {
    /// Read the username from here
    ///
    /// This flag and those of the other parts win over `--login` and `--dir`.
    #[arg(long, value_name = "REF", help_heading = LOGIN)]
    username: Option<SecretPlace>,
    /// Read the password from here
    #[arg(long, value_name = "REF", help_heading = LOGIN)]
    password: Option<SecretPlace>,
    /// Read the seed of the authenticator app from here
    ///
    /// The seed is base32, as IBKR's page shows it when you set up the app. Blanks, hyphens, quotes, lower case and missing
    /// padding do no harm. The `otpauth://` address of the QR code works, too, if its codes are IBKR's: six digits of
    /// SHA-1 each 30 seconds.
    #[arg(long, value_name = "REF", help_heading = LOGIN)]
    totp_seed: Option<SecretPlace>,
    /// Read the name of the second factor's device from here
    #[arg(long, value_name = "REF", help_heading = LOGIN)]
    second_factor: Option<SecretPlace>,
    /// Read the second factor for jts.ini from here
    ///
    /// It is what `ib_token_2fa` holds for the IB Gateway images, never a TOTP seed.
    #[arg(long, value_name = "REF", help_heading = LOGIN)]
    jts_second_factor: Option<SecretPlace>,
    /// Say which account the login is for [default: TRADING_MODE, else what --login or --dir has]
    ///
    /// IB_TRADING_MODE counts like TRADING_MODE. A flag and a variable that contradict each other are exit 2. So are a
    /// variable and a login.
    #[arg(long, value_name = "MODE", help_heading = LOGIN)]
    mode: Option<ModeFlag>,
    /// Read the whole login from here: a path, or a reference
    ///
    /// It is one JSON object with the keys of the record, each a string or null. A key that a record does not have is an
    /// error.
    #[arg(long, value_name = "REF", value_parser = whole_file, conflicts_with = "dir", help_heading = LOGIN)]
    login: Option<SecretPlace>,
    /// Read each part from a file in this directory
    ///
    /// See DIRECTORIES for the names of the files.
    #[arg(long, value_name = "DIR", help_heading = LOGIN)]
    dir: Option<PathBuf>,
    /// Open the password with this key, as IBeam's IBEAM_KEY
    ///
    /// The password is a Fernet token then. A file IBEAM_KEY in `--dir` is such a key, too.
    #[arg(long, value_name = "REF", help_heading = LOGIN)]
    ibeam_key: Option<SecretPlace>,
}

/// Where one part is.
pub(crate) enum PartSource {
    /// The mode, which the command line or a variable of the IB Gateway images names itself.
    Named(NamedMode),
    /// In a place of its own.
    Alone(SecretPlace),
    /// In a whole login from this place, with its value.
    Within(SecretPlace, Secret),
}

impl PartSource {
    /// The variable that names the mode itself, if one does.
    pub(crate) fn variable(&self) -> Option<&'static str> {
        match self {
            Self::Named(named) => named.variable,
            Self::Alone(_) | Self::Within(..) => None,
        }
    }
}

/// One login. Each part is read when a caller needs it.
pub(crate) struct LoginParts<'a> {
    args: &'a PartArgs,
    reader: &'a Reader,
    whole: Whole,
    mode: Option<Mode>,
    /// The mode that wins over that of the whole login, or why it cannot be read.
    named: std::result::Result<Option<NamedMode>, (Exit, String)>,
    /// Why the mode is not known, if it could not be read.
    mode_problem: Option<(Exit, String)>,
}

enum Whole {
    Nothing,
    Object(SecretPlace, LoginObject),
    Folder(LoginFolder),
}

impl<'a> LoginParts<'a> {
    /// Opens the login or lists the directory, if the flags name one.
    pub(crate) fn find(args: &'a PartArgs, reader: &'a Reader) -> Result<Self> {
        let whole = match (&args.login, &args.dir) {
            (Some(from), _) => {
                let text = reader.read("the login", from)?;
                let object = LoginObject::parse(&text)
                    .map_err(|error| error.within(format!("reading the login from {from}")))?;
                Whole::Object(from.clone(), object)
            }
            (None, Some(dir)) => {
                let context = format!("reading the directory {}", dir.display());
                let dir = dir.clone();
                Whole::Folder(reader.within(move || LoginFolder::list(&dir), &context)?)
            }
            (None, None) => Whole::Nothing,
        };
        let mut login = Self {
            args,
            reader,
            whole,
            mode: None,
            named: mode_with_name(args.mode.and_then(ModeFlag::mode))
                .map_err(|error| (error.exit, error.to_string())),
            mode_problem: None,
        };
        match login.read(LoginPart::Mode) {
            Ok(mode) => {
                let is_named = |known: &Mode| {
                    mode.as_ref()
                        .is_some_and(|mode| mode.expose() == known.name())
                };
                login.mode = [Mode::Live, Mode::Paper].into_iter().find(is_named);
            }
            // The other parts would not come in time either.
            Err(error) if error.exit == Exit::TimedOut => return Err(error),
            // The error is reported with the mode itself, and with each part that needs the mode.
            Err(error) => login.mode_problem = Some((error.exit, error.to_string())),
        }
        Ok(login)
    }

    /// Where a part is; `None` if it is not given.
    pub(crate) fn place(&self, part: LoginPart) -> Result<Option<PartSource>> {
        let alone = self.flag_of(part);
        let named = match &self.named {
            _ if part != LoginPart::Mode => None,
            Ok(named) => *named,
            Err((exit, message)) => return Err(Error::new(*exit, message.clone())),
        };
        Ok(match (alone, named, &self.whole) {
            (Some(from), _, _) => Some(PartSource::Alone(from.clone())),
            (None, Some(named), _) => {
                self.check_no_contradiction(named)?;
                Some(PartSource::Named(named))
            }
            (None, _, Whole::Object(from, object)) => object
                .get(part)
                .map(|value| PartSource::Within(from.clone(), value.clone())),
            (None, _, Whole::Folder(folder)) => {
                let found = folder.find(part, self.mode);
                let found = match (found, &self.mode_problem) {
                    (Err(_), Some((exit, message))) if part != LoginPart::Mode => {
                        return Err(Error::new(*exit, message.clone()));
                    }
                    (found, _) => found?,
                };
                if let Some(found) = &found {
                    self.check_pair(folder, part, found)?;
                }
                found
                    .map(|found| PartSource::Alone(SecretPlace::Plain(Reference::File(found.path))))
            }
            (None, _, Whole::Nothing) => None,
        })
    }

    /// What the flag of a part says; the mode's flag is no reference.
    fn flag_of(&self, part: LoginPart) -> &Option<SecretPlace> {
        match part {
            LoginPart::Username => &self.args.username,
            LoginPart::Password => &self.args.password,
            LoginPart::TotpSeed => &self.args.totp_seed,
            LoginPart::SecondFactor => &self.args.second_factor,
            LoginPart::JtsSecondFactor => &self.args.jts_second_factor,
            LoginPart::Mode => &None,
        }
    }

    /// Reads a part; `None` if it is not given.
    pub(crate) fn read(&self, part: LoginPart) -> Result<Option<SecretText>> {
        let Some(place) = self.place(part)? else {
            return Ok(None);
        };
        let what = part.spoken();
        let (secret, from) = match place {
            PartSource::Named(named) => return Ok(Some(SecretText::new(named.mode.name()))),
            PartSource::Alone(from) => (self.reader.read(what, &from)?, from),
            PartSource::Within(from, secret) => (secret, from),
        };
        let secret = match self.key_of(part)? {
            Some(key) => fernet::open(&secret, &key)
                .map_err(|error| error.within(format!("opening {what} from {from}")))?,
            None => secret,
        };
        let text = SecretText::new(secret.line(&format!("{what} from {from}"))?);
        part.accept(text)
            .map(Some)
            .map_err(|error| error.within(format!("reading {what} from {from}")))
    }

    /// The key that a part is encrypted with. IBeam encrypts only the password.
    fn key_of(&self, part: LoginPart) -> Result<Option<Secret>> {
        if part != LoginPart::Password {
            return Ok(None);
        }
        let what = "IBeam's key";
        let in_folder = match (&self.args.password, &self.whole) {
            (None, Whole::Folder(folder)) => {
                folder.find_named(file_names::IBEAM_KEY, what, None)?
            }
            _ => None,
        };
        let in_folder = in_folder.map(|found| SecretPlace::Plain(Reference::File(found.path)));
        let from = self.args.ibeam_key.clone().or(in_folder);
        from.map(|from| self.reader.read(what, &from)).transpose()
    }

    /// Refuses a username of one mode with a password for both: to IBKR that is a wrong password, and IBKR counts
    /// those.
    fn check_pair(&self, folder: &LoginFolder, part: LoginPart, found: &FoundFile) -> Result<()> {
        let Some(other) = part.other_of_pair() else {
            return Ok(());
        };
        if self.flag_of(other).is_some() {
            return Ok(());
        }
        // A fault of the other file is reported when that file is read.
        match folder.find(other, self.mode) {
            Ok(Some(other)) if other.of != found.of => {
                let message = format!(
                    "{} and {} are not a pair: one is for one mode only, the other is not (name both alike)",
                    found.file, other.file
                );
                Err(Error::new(Exit::Config, message))
            }
            Ok(_) | Err(_) => Ok(()),
        }
    }

    /// Reads a part that must be there.
    pub(crate) fn require(&self, part: LoginPart) -> Result<SecretText> {
        self.read(part)?.ok_or_else(|| part.missing())
    }
}

/// A path, or a reference; what looks like the login itself is refused unseen.
fn whole_file(text: &str) -> std::result::Result<SecretPlace, String> {
    if text.is_empty() {
        return Err("say where the login is".to_owned());
    }
    if text.trim_start().starts_with('{') {
        return Err("say where the login is, not what it is".to_owned());
    }
    // `or_path` knows the schemes, and why one of them cannot be read.
    text.parse()
        .or_else(|_| Reference::or_path(text).map(SecretPlace::Plain))
}
