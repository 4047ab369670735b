//! The resets that IBKR publishes, by name.
//!
//! Source: "System Status" of interactivebrokers.com, "Server Reset Times": daily ones from Sunday to Friday in each
//! region, and the weekend's for all.

/// The names, for whoever gives another.
pub const NAMES: [&str; 4] = ["ibkr-weekend", "ibkr-america", "ibkr-europe", "ibkr-asia"];

/// The windows of a name; `None` when it is none.
pub fn windows(name: &str) -> Option<Vec<String>> {
    let times: &[(&str, &str)] = match name {
        "ibkr-weekend" => return Some(vec!["Fri 23:00-Sat 03:00 America/New_York".to_owned()]),
        "ibkr-america" => &[("00:15-01:45", "America/New_York")],
        "ibkr-europe" => &[("06:25-07:45", "Europe/Zurich")],
        "ibkr-asia" => &[
            ("04:45-06:05", "Asia/Hong_Kong"),
            ("20:15-21:15", "Asia/Hong_Kong"),
        ],
        _ => return None,
    };
    let days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri"];
    let on = |day: &str| {
        let window = move |(time, zone): &(&str, &str)| {
            let (from, to) = time.split_once('-').unwrap_or_default();
            format!("{day} {from}-{day} {to} {zone}")
        };
        times.iter().map(window).collect::<Vec<_>>()
    };
    Some(days.into_iter().flat_map(on).collect())
}
