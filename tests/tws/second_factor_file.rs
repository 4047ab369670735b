//! The second factor's token in the file where IB Gateway looks for it.

use super::up::{record, start, stop};
use crate::support::IbcLayout;
use serde_json::json;
use std::fs;
use std::os::unix::fs::PermissionsExt;

#[test]
fn puts_the_token_into_jts_ini_and_changes_nothing_else() {
    let layout = IbcLayout::new();
    fs::create_dir(layout.settings()).expect("a folder can be made");
    let file = layout.settings().join("jts.ini");
    let before =
        "[Logon]\nLocale=en\n[Communication]\n2ndFactor=,5.2a;\nPeer=cdc1.ibllc.com:4001\n";
    fs::write(&file, before).expect("a file can be written");
    let mut record = record("demo");
    record["jts_second_factor"] = json!("token-of-ib-key");
    start(&layout, &record).run().exits(0);
    let after = fs::read_to_string(&file).expect("a file");
    assert_eq!(
        after,
        before.replace("2ndFactor=", "2ndFactor=token-of-ib-key")
    );
    let mode = |path| {
        fs::metadata(path)
            .expect("it is there")
            .permissions()
            .mode()
            & 0o777
    };
    assert_eq!((mode(file), mode(layout.settings())), (0o600, 0o700));
    let played = layout.submissions();
    assert_eq!(played[0]["second_factor_device"], "IB Key", "{played:?}");
    stop(&layout);
}
