//! What a status of `ibcstart.sh` means.
//!
//! Its own are 1 to 8 (IbcAlpha/IBC `resources/scripts/ibcstart.sh`); the others are IBC's (`ErrorCodes.java`), which
//! begin at 1100 and come modulo 256. Some look like those of sysexits.h and mean something else.

use ib_cli::Exit;

/// What the caller does next, and why it ended.
#[must_use]
pub(crate) fn meaning(status: i32) -> (Exit, &'static str) {
    match status {
        0 => (Exit::Done, "it ended tidily"),
        1 => (Exit::Missing, "it finds no Java"),
        2 => (Exit::Config, "it was given no version"),
        3 => (Exit::Config, "it does not know one of its arguments"),
        4 => (
            Exit::Missing,
            "this version is not installed (it needs the offline installer's)",
        ),
        5 => (
            Exit::Missing,
            "the folder of IBC or the settings does not exist",
        ),
        6 => (Exit::Config, "it finds no configuration"),
        7 => (Exit::Missing, "this version has no .vmoptions file"),
        8 => (Exit::Config, "it does not know this operating system"),
        76 => (Exit::Unexpected, "IBC met an exception"),
        77 => (
            Exit::Unexpected,
            "IBC misses something in a window (is this version newer than IBC?)",
        ),
        78 => (Exit::Config, "IBC does not know its arguments"),
        79 => (Exit::Config, "IBC finds no configuration"),
        80 => (Exit::Config, "IBC does not know the trading mode"),
        81 => (Exit::Config, "IBC cannot use the value of a setting"),
        82 => (Exit::Config, "IBC cannot create the settings folder"),
        83 => (
            Exit::Missing,
            "IBC does not find the program's entry (are the jars, or the Java, of another version?)",
        ),
        84 => (Exit::Config, "IBC cannot use the path of jts.ini"),
        85 => (Exit::Config, "IBC cannot read or write jts.ini"),
        86 => (Exit::Unexpected, "IBC lost track of its own state"),
        87 => (
            Exit::TimedOut,
            "the second factor was given, and the login did not complete",
        ),
        88 => (Exit::TimedOut, "the login window did not come"),
        137 => (
            Exit::Unexpected,
            "it was killed (did the machine run out of memory?)",
        ),
        143 => (Exit::Unexpected, "a signal ended it"),
        159 => (Exit::Unexpected, "IBC met an error that it has no name for"),
        _ => (Exit::Unexpected, "its status is not known"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn each_status_has_the_exit_of_what_the_caller_does() {
        let table: [(Exit, &[i32]); 5] = [
            (Exit::Done, &[0]),
            (Exit::Missing, &[1, 4, 5, 7, 83]),
            (Exit::Config, &[2, 3, 6, 8, 78, 79, 80, 81, 82, 84, 85]),
            (Exit::TimedOut, &[87, 88]),
            (Exit::Unexpected, &[76, 77, 86, 137, 143, 159]),
        ];
        let mut sentences = HashSet::new();
        for (exit, statuses) in table {
            for &status in statuses {
                let (said, why) = meaning(status);
                assert_eq!(said, exit, "{status}");
                assert!(sentences.insert(why), "{status} says what another says");
            }
        }
    }

    #[test]
    fn a_status_that_is_not_known_is_for_a_person() {
        for status in [9, 42, 75, 89, 255, -1] {
            assert_eq!(
                meaning(status),
                (Exit::Unexpected, "its status is not known"),
                "{status}"
            );
        }
    }
}
