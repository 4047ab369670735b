//! Looking whether a gateway could be started, without starting it.

use crate::Args;
use crate::distribution::Distribution;
use crate::instance::{Instance, Port};
use crate::java::Java;
use crate::launch;
use crate::outcome::{Outcome, State};
use ib_cli::{Answer, Error, Exit, Result};
use ib_proc::Deadline;

/// Looks at Java, the Gateway's directory, the settings and the port; `stopped` means that it could be started.
pub fn check(args: &Args, instance: &Instance, deadline: Deadline) -> Result<Answer<Outcome>> {
    let distribution = Distribution::find(args.gateway_dir.as_deref())?;
    Java::find(args.java.as_deref())?.is_new_enough(deadline)?;
    let settings = launch::settings(args, &distribution, instance)?;
    distribution.class_path(&instance.path("conf"))?;
    drop(settings);
    let port = instance.port(deadline)?;
    Ok(Answer::done(match port {
        Port::Free => Outcome::new(instance, State::Stopped),
        Port::Gateway => Outcome::of_running(instance, instance.running()?.as_ref()),
        Port::Taken(why) => return Err(Error::new(Exit::Config, why)),
    }))
}
