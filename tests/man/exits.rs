//! Exit codes: those of the contract, on every page.

use super::page::Page;
use ib_cli::Exit;

/// What each tool may exit with.
const OF_TOOLS: [(&str, &[u8]); 6] = [
    ("ibgw-start", &[0, 2, 4, 5, 6, 8, 9, 11]),
    ("ibgw-secret", &[0, 1, 2, 5, 6, 7, 8, 9, 12]),
    ("ibgw-login", &[0, 1, 2, 4, 5, 6, 7, 8, 9, 10, 11, 12]),
    ("ibgw-tickle", &[0, 1, 2, 6, 7, 8, 9, 10, 12]),
    ("ibsso-token", &[0, 2, 4, 5, 6, 7, 8, 9, 12, 13]),
    ("ibsso-validate", &[0, 1, 2, 4, 5, 6, 7, 8, 9, 10, 12]),
];

fn named() -> Vec<(u8, String)> {
    let named = |exit: &Exit| (exit.code(), exit.name().unwrap_or_default().to_owned());
    Exit::ALL.iter().map(named).collect()
}

#[test]
fn every_exit_on_a_tools_page_is_one_it_may_have() {
    for (tool, allowed) in OF_TOOLS {
        let exits = Page::of(tool).exits();
        assert!(exits.len() > 2, "{tool}.1 lists exits: {exits:?}");
        for exit in exits {
            assert!(
                allowed.contains(&exit.0),
                "{tool}.1 lists {exit:?}; it may have {allowed:?}"
            );
            assert!(
                named().contains(&exit),
                "{tool}.1 lists {exit:?}; they are named {:?}",
                named()
            );
        }
    }
}

#[test]
fn the_contracts_page_lists_every_exit() {
    let bug = (101, "bug".to_owned());
    let mut expected = named();
    expected.push(bug);
    assert_eq!(
        Page::named("ib-tools.7").exits(),
        expected,
        "left: ib-tools.7; right: ib_cli::Exit"
    );
}
