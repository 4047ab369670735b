//! Where the parts of one login are, whichever way that was said.

mod contradiction;

use crate::fernet;
use crate::folder::{Folder, FoundFile};
use crate::json::Object;
use crate::names;
use crate::part::LoginPart;
use crate::reader::Reader;
use crate::secret_place::SecretPlace;
use crate::text::Text;
use ib_cli::{Error, Exit, Mode, ModeFlag, Reference, Result, Secret};
use ib_tws::{NamedMode, mode_with_name};
use std::path::PathBuf;

/// Where the login is.
#[derive(clap::Args)]
pub(crate) struct PartArgs {
    /// Read the username from here
    ///
    /// This and the other parts go before what --login or --dir has.
    #[arg(long, value_name = "REF")]
    username: Option<SecretPlace>,
    /// Read the password from here
    #[arg(long, value_name = "REF")]
    password: Option<SecretPlace>,
    /// Read the seed of the authenticator app from here
    ///
    /// Base32, as the page shows it when the app is set up; blanks, hyphens, quotes, lower case and missing padding are
    /// fine. The otpauth:// address of the QR code is taken, too.
    #[arg(long, value_name = "REF")]
    totp_seed: Option<SecretPlace>,
    /// Read the name of the second factor's device from here
    #[arg(long, value_name = "REF")]
    second_factor: Option<SecretPlace>,
    /// Read the second factor for jts.ini from here
    ///
    /// What ib_token_2fa holds for the IB Gateway images; never a TOTP seed.
    #[arg(long, value_name = "REF")]
    jts_second_factor: Option<SecretPlace>,
    /// Say which account the login is meant for [default: TRADING_MODE, else what --login or --dir has]
    #[arg(long, value_name = "MODE")]
    mode: Option<ModeFlag>,
    /// Read the whole login from here: a path, or SCHEME:REST
    ///
    /// One JSON object with the keys of the record.
    #[arg(long, value_name = "REF", value_parser = whole_file, conflicts_with = "dir")]
    login: Option<SecretPlace>,
    /// Read each part from a file in this directory
    ///
    /// Files are named as the keys of the record, as the Docker secrets of IBeam, or as those of the IB Gateway
    /// images; they may have a version (_v2) and end in .secret or .txt.
    #[arg(long, value_name = "DIR")]
    dir: Option<PathBuf>,
    /// Open the password with this key, as IBeam's IBEAM_KEY
    ///
    /// The password is a Fernet token then. A file IBEAM_KEY in --dir is such a key, too.
    #[arg(long, value_name = "REF")]
    ibeam_key: Option<SecretPlace>,
}

/// Where one part is.
pub(crate) enum PartSource {
    /// On the command line itself, or in a variable of the IB Gateway images.
    Named(NamedMode),
    /// By itself.
    Alone(SecretPlace),
    /// In a whole login that was read from here, with its value.
    Within(SecretPlace, Secret),
}

impl PartSource {
    /// The variable that names the mode itself, if one does.
    pub(crate) fn variable(&self) -> Option<&'static str> {
        match self {
            Self::Named(named) => named.variable,
            _ => None,
        }
    }
}

/// One login, its parts read when they are asked for.
pub(crate) struct LoginParts<'a> {
    args: &'a PartArgs,
    reader: &'a Reader,
    whole: Whole,
    mode: Option<Mode>,
    /// The mode that goes before that of the whole login, or why it cannot be read.
    named: std::result::Result<Option<NamedMode>, (Exit, String)>,
    /// Why nothing says which mode it is, where something should.
    mode_problem: Option<(Exit, String)>,
}

enum Whole {
    Nothing,
    Object(SecretPlace, Object),
    Folder(Folder),
}

impl<'a> LoginParts<'a> {
    /// Opens the login or lists the directory, if there is either.
    pub(crate) fn find(args: &'a PartArgs, reader: &'a Reader) -> Result<Self> {
        let whole = match (&args.login, &args.dir) {
            (Some(from), _) => {
                let text = reader.read("the login", from)?;
                let object = Object::parse(&text)
                    .map_err(|error| error.within(format!("reading the login from {from}")))?;
                Whole::Object(from.clone(), object)
            }
            (None, Some(dir)) => {
                let (dir, context) = (
                    dir.clone(),
                    format!("reading the directory {}", dir.display()),
                );
                Whole::Folder(reader.within(move || Folder::list(&dir), &context)?)
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
                let known = [Mode::Live, Mode::Paper];
                let is_it = |known: &Mode| {
                    mode.as_ref()
                        .is_some_and(|mode| mode.expose() == known.name())
                };
                login.mode = known.into_iter().find(is_it);
            }
            // Nothing else would come in time either.
            Err(error) if error.exit == Exit::TimedOut => return Err(error),
            // It is reported with its own part, and where it is needed.
            Err(error) => login.mode_problem = Some((error.exit, error.to_string())),
        }
        Ok(login)
    }

    /// Where a part is; `None` if nothing says so.
    pub(crate) fn place(&self, part: LoginPart) -> Result<Option<PartSource>> {
        let alone = match part {
            LoginPart::Username => &self.args.username,
            LoginPart::Password => &self.args.password,
            LoginPart::TotpSeed => &self.args.totp_seed,
            LoginPart::SecondFactor => &self.args.second_factor,
            LoginPart::JtsSecondFactor => &self.args.jts_second_factor,
            LoginPart::Mode => &None,
        };
        let named = match &self.named {
            _ if part != LoginPart::Mode => None,
            Ok(named) => *named,
            Err((exit, message)) => return Err(Error::new(*exit, message.clone())),
        };
        Ok(match (alone, named, &self.whole) {
            (Some(from), _, _) => Some(PartSource::Alone(from.clone())),
            (None, Some(named), _) => {
                self.refuse_contradiction(named)?;
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
                    self.refuse_half_a_pair(folder, part, found)?;
                }
                found
                    .map(|found| PartSource::Alone(SecretPlace::Plain(Reference::File(found.path))))
            }
            (None, _, Whole::Nothing) => None,
        })
    }

    /// Reads a part; `None` if nothing says where it is.
    pub(crate) fn read(&self, part: LoginPart) -> Result<Option<Text>> {
        let Some(place) = self.place(part)? else {
            return Ok(None);
        };
        let what = part.spoken();
        let (secret, from) = match place {
            PartSource::Named(named) => return Ok(Some(Text::from_plain(named.mode.name()))),
            PartSource::Alone(from) => (self.reader.read(what, &from)?, from),
            PartSource::Within(from, secret) => (secret, from),
        };
        let secret = match self.key_of(part)? {
            Some(key) => fernet::open(&secret, &key)
                .map_err(|error| error.within(format!("opening {what} from {from}")))?,
            None => secret,
        };
        let text = Text::new(&secret, &format!("{what} from {from}"))?;
        part.accept(text)
            .map(Some)
            .map_err(|error| error.within(format!("reading {what} from {from}")))
    }

    /// The key that a part is encrypted with, which IBeam has for the password alone.
    fn key_of(&self, part: LoginPart) -> Result<Option<Secret>> {
        if part != LoginPart::Password {
            return Ok(None);
        }
        let what = "IBeam's key";
        let in_folder = match (&self.args.password, &self.whole) {
            (None, Whole::Folder(folder)) => folder.find_named(names::IBEAM_KEY, what, None)?,
            _ => None,
        };
        let in_folder = in_folder.map(|found| SecretPlace::Plain(Reference::File(found.path)));
        let from = self.args.ibeam_key.clone().or(in_folder);
        from.map(|from| self.reader.read(what, &from)).transpose()
    }

    /// A username of one mode with a password of either is a wrong password for IBKR, which counts those.
    fn refuse_half_a_pair(
        &self,
        folder: &Folder,
        part: LoginPart,
        found: &FoundFile,
    ) -> Result<()> {
        let of_flag = match part {
            LoginPart::Username => &self.args.password,
            _ => &self.args.username,
        };
        let other = match (part.other_of_pair(), of_flag) {
            // What is wrong with the other is reported when that one is read.
            (Some(other), None) => folder.find(other, self.mode).ok().flatten(),
            _ => None,
        };
        match other {
            Some(other) if other.of != found.of => {
                let message = format!(
                    "{} and {} are no pair: one is of one mode alone, the other is not (name both alike)",
                    found.file, other.file
                );
                Err(Error::new(Exit::Config, message))
            }
            _ => Ok(()),
        }
    }

    /// Reads a part that must be there.
    pub(crate) fn require(&self, part: LoginPart) -> Result<Text> {
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
