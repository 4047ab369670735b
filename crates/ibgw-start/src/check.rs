//! Looking whether a gateway could be started, without starting it.

use crate::Args;
use crate::distribution::Distribution;
use crate::instance::{Instance, Port};
use crate::java::Java;
use crate::outcome::{Outcome, State};
use crate::settings::Settings;
use ib_cli::{Answer, Error, Exit, Result};
use ib_proc::Deadline;

/// Looks at Java, the Gateway's directory, the settings, whom they admit, and the port; `stopped` means that it could be
/// started.
pub fn check(args: &Args, instance: &Instance, deadline: Deadline) -> Result<Answer<Outcome>> {
    let distribution = Distribution::find(args.gateway_dir.as_deref())?;
    Java::find(args.java.as_deref())?.is_new_enough(deadline)?;
    let settings = Settings::gather(args, &distribution, instance, deadline)?;
    distribution.class_path(&instance.path("conf"))?;
    let port = instance.port(deadline)?;
    let outcome = match port {
        Port::Free => Outcome::new(instance, State::Stopped),
        Port::Gateway => Outcome::of_running(instance, instance.running()?.as_ref()),
        Port::Taken(why) => return Err(Error::new(Exit::Config, why)),
    };
    let outcome = outcome.with(&settings);
    Ok(match settings.admission.keeps_us_out() {
        Some(why) => {
            let message = format!("{}: {why}", settings.path().display());
            Answer::failed(outcome, Error::new(Exit::Config, message))
        }
        None => Answer::done(outcome),
    })
}
