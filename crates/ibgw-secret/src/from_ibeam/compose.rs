//! The plan as a Compose file.

use super::commands::{login, start, tickle};
use super::plan::{CODE, MigrationPlan};
use super::secrets::SecretSource;

/// The port that the Gateway listens on by default.
const PORT: &str = "5000";
/// The network of the service, as in `scripts/docker/compose.yaml`. To the Gateway callers from outside come from this
/// network, and it admits no other.
const NETWORK: &str = "172.30.5";

/// One service that runs the Gateway and keeps its session.
pub(super) fn text(plan: &MigrationPlan) -> String {
    let plan = &plan.of_service("/run/secrets");
    let start = start(plan);
    let tickle = tickle(plan);
    let login = login(plan, "/run/secrets", SecretSource::is_put_away);
    let port = plan
        .url
        .as_deref()
        .and_then(|url| url.rsplit_once(':')?.1.parse::<u16>().ok())
        .map_or_else(|| PORT.to_owned(), |port| port.to_string());
    let url = plan.url.as_deref();
    let url = url.map_or_else(String::new, |url| format!("      IBGW_URL: {url}\n"));
    let mut files = String::new();
    let mut names = String::new();
    for secret in &plan.secrets {
        match &secret.source {
            SecretSource::Value | SecretSource::Unclear => {
                names += &format!("      - {}\n", secret.file);
                files += &format!("  {name}:\n    file: secrets/{name}\n", name = secret.file);
            }
            // It is mounted as it was for IBeam.
            SecretSource::File(path) => {
                if let Some(name) = path.strip_prefix("/run/secrets/") {
                    names += &format!("      - {name}\n");
                    files += &format!("  {name}:\n    external: true\n");
                }
            }
            SecretSource::Gcp(_) => {}
        }
    }
    if plan.has_code() {
        names += &format!("      - {CODE}\n");
        files += &format!("  {CODE}:\n    file: {CODE}\n");
    }
    let names = headed("    secrets:\n", names);
    let files = headed("secrets:\n", files);
    format!(
        "# The same by a Compose file, compose.yaml, with an image of yours that has these programs, Java and the Gateway\n\
         {choice}\
         services:\n\
         \x20 ibgw:\n\
         \x20   image: ib-tools\n\
         \x20   init: true\n\
         \x20   ports:\n\
         \x20     - 127.0.0.1:{port}:{port}\n\
         \x20   environment:\n\
         \x20     IBGW_STATE_DIR: /var/lib/ib-tools\n\
         \x20     IBGW_ALLOW: {NETWORK}.*\n\
         {url}\
         {names}\
         \x20   volumes:\n\
         \x20     - state:/var/lib/ib-tools\n\
         \x20   command:\n\
         \x20     - sh\n\
         \x20     - -c\n\
         \x20     - |\n\
         \x20       {start} || exit\n\
         \x20       while :; do\n\
         \x20         {tickle}\n\
         \x20         [ $$? -ne 1 ] || {login}\n\
         \x20         sleep {interval}\n\
         \x20       done\n\
         networks:\n\
         \x20 default:\n\
         \x20   ipam:\n\
         \x20     config:\n\
         \x20       - subnet: {NETWORK}.0/24\n\
         {files}\
         volumes:\n\
         \x20 state:\n",
        interval = plan.interval,
        choice = plan.choice()
    )
}

fn headed(head: &str, lines: String) -> String {
    if lines.is_empty() {
        return lines;
    }
    format!("{head}{lines}")
}
