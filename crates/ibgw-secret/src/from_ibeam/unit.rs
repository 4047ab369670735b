//! The plan as units of systemd.

use super::commands::{login, start, tickle};
use super::plan::{CODE, MigrationPlan};
use super::secrets::{IbeamSecret, SecretSource};

/// Where the units expect the programs.
const PROGRAMS: &str = "/usr/local/bin";

/// Three units: one for the Gateway and two for its session.
pub(super) fn text(plan: &MigrationPlan) -> String {
    let plan = &plan.of_service("$$CREDENTIALS_DIRECTORY");
    let url = plan.url.as_deref();
    let url = url.map_or_else(String::new, |url| format!("Environment=IBGW_URL={url}\n"));
    let common = format!("User=ibgw\nDynamicUser=yes\nStateDirectory=ib-tools\n{url}");
    let start = start(plan).replacen("ibgw-start", "ibgw-start --foreground", 1);
    let credential = |secret: &IbeamSecret| match &secret.source {
        SecretSource::File(path) => format!("LoadCredential={}:{path}\n", secret.file),
        SecretSource::Gcp(_) => String::new(),
        SecretSource::Value | SecretSource::Unclear => format!(
            "LoadCredential={file}:/etc/ibgw/{file}\n",
            file = secret.file
        ),
    };
    let mut credentials: String = plan.secrets.iter().map(credential).collect();
    if plan.has_code() {
        credentials += &format!("LoadCredential={CODE}:/etc/ibgw/{CODE}\n");
    }
    // The shell expands the variable, not systemd, so its sign is doubled.
    let folder = r#""$$CREDENTIALS_DIRECTORY""#;
    let login = login(plan, folder, SecretSource::is_credential);
    let tickle = tickle(plan);
    format!(
        "# The same by units: the secrets are in /etc/ibgw, of root alone, and the programs in {PROGRAMS}\n\
         {choice}\
         # /etc/systemd/system/ibgw-gateway.service\n\
         [Unit]\n\
         Description=IBKR Client Portal Gateway\n\
         Wants=network-online.target\n\
         After=network-online.target\n\
         \n\
         [Service]\n\
         Type=notify\n\
         ExecStart={PROGRAMS}/{start}\n\
         Restart=on-failure\n\
         {common}\
         \n\
         [Install]\n\
         WantedBy=multi-user.target\n\
         \n\
         # /etc/systemd/system/ibgw-session.service\n\
         [Unit]\n\
         Description=Session of the IBKR Client Portal Gateway\n\
         After=ibgw-gateway.service\n\
         Requisite=ibgw-gateway.service\n\
         \n\
         [Service]\n\
         Type=oneshot\n\
         Environment=PATH={PROGRAMS}:/usr/bin:/bin\n\
         ExecStart=/bin/sh -c '{tickle}; [ $$? -ne 1 ] || {login}'\n\
         {credentials}\
         {common}\
         \n\
         # /etc/systemd/system/ibgw-session.timer\n\
         [Unit]\n\
         Description=Session of the IBKR Client Portal Gateway, again and again\n\
         \n\
         [Timer]\n\
         OnActiveSec=0\n\
         OnUnitInactiveSec={interval}\n\
         AccuracySec=1\n\
         \n\
         [Install]\n\
         WantedBy=timers.target\n",
        interval = plan.interval,
        choice = plan.choice()
    )
}
