//! The plan as commands for a shell.

use super::plan::MigrationPlan;
use super::secrets::SecretSource;

/// The commands to run once, and those to repeat.
pub(super) fn text(plan: &MigrationPlan) -> String {
    let mut text = "# The same by commands\n".to_owned();
    text += &put_away(plan);
    if let Some(url) = &plan.url {
        text += &format!("export IBGW_URL={url}\n");
    }
    let login = login(plan, "secrets", SecretSource::is_put_away);
    if let Some(folder) = &plan.outputs {
        text += &format!("mkdir -p {folder}\n");
    }
    text += "# Bring the Gateway up and log in\n";
    text += &plan.choice();
    text += &format!("{} &&\n    {login}\n", start(plan));
    text += &format!(
        "# Each {} seconds, from cron or a timer: only a plain \"no\" opens the secret\n",
        plan.interval
    );
    text += &format!("{}\n[ $? -ne 1 ] || {login}\n", tickle(plan));
    text
}

/// Moves each secret into a file of its own, so that no argument holds one and none is shown.
fn put_away(plan: &MigrationPlan) -> String {
    let mut lines = String::new();
    for secret in &plan.secrets {
        let variable = secret.name;
        let file = secret.file;
        let list = plan.file.as_deref().filter(|_| !secret.is_in_environment);
        lines += &match (&secret.source, list) {
            (SecretSource::Value, None) => format!("printenv {variable} >secrets/{file}\n"),
            (SecretSource::Value, Some(path)) => {
                let path = match path {
                    "-" => "env.list".into(),
                    path => shlex::try_quote(path).unwrap_or("env.list".into()),
                };
                format!(
                    "sed -En 's/^[[:blank:]]*(export[[:blank:]]+)?{variable}=//p' {path} | tail -n 1 >secrets/{file}\n"
                )
            }
            (SecretSource::Unclear, _) => {
                format!("# put what {variable} means into secrets/{file}\n")
            }
            (SecretSource::File(_) | SecretSource::Gcp(_), _) => String::new(),
        };
        if secret.is_ambiguous && matches!(secret.source, SecretSource::Value) {
            lines += &format!(
                "# docker run and Compose read this line differently: quotes, $, # or blanks are in it.\n\
                 # secrets/{file} is as docker run reads it; docker exec CONTAINER printenv {variable} prints what IBeam has\n"
            );
        }
    }
    if lines.is_empty() {
        return lines;
    }
    format!(
        "# Put the secrets into files of their own; nothing of them is shown\n\
         umask 077\nmkdir -p secrets\n{lines}"
    )
}

pub(super) fn start(plan: &MigrationPlan) -> String {
    joined("ibgw-start", &plan.start)
}

pub(super) fn tickle(plan: &MigrationPlan) -> String {
    joined("ibgw-tickle", &plan.tickle)
}

/// The line that opens the secrets and logs in; `is_there` says which of them are in `folder`.
pub(super) fn login(
    plan: &MigrationPlan,
    folder: &str,
    is_there: fn(&SecretSource) -> bool,
) -> String {
    let login = joined("ibgw-login", &plan.login);
    format!("{} | {login}", plan.secret(folder, is_there))
}

fn joined(program: &str, flags: &[String]) -> String {
    let mut words = vec![program];
    words.extend(flags.iter().map(String::as_str));
    words.join(" ")
}
