//! The language of Java, as far as IBC's times depend on it.
//!
//! IBC reads and writes them as `DateTimeFormatter.ofPattern("hh:mm a")` does in the default locale
//! (IbcAlpha/IBC 3.24, `ConfigureAutoLogoffOrRestartTimeTask`, `RestartTask`). Which locales have AM and PM was tried
//! with OpenJDK 17.0.15, all that it knows, one after another.

/// The languages that write AM and PM in every country.
const EVERYWHERE: [&str; 26] = [
    "az", "be", "bn", "da", "de", "et", "eu", "fil", "gu", "hr", "hy", "id", "it", "ka", "kk",
    "km", "ml", "mr", "pl", "ru", "sk", "sw", "te", "ur", "xh", "zu",
];

/// The countries in which English has them.
const ENGLISH: [&str; 11] = [
    "", "AE", "AS", "BI", "GU", "MH", "MP", "PR", "UM", "US", "VI",
];

/// The countries in which French has no AM and PM.
const NOT_FRENCH: [&str; 3] = ["CA", "CM", "MA"];

/// What IBC prints of a time that it cannot read.
pub(crate) const BAD_TIME: &str = "Auto restart time setting must be hh:mm AM or hh:mm PM, for example \"09:30 AM\" or \"04:00 PM\"";

/// Whether "11:45 PM" is a time in the language of this process.
pub(crate) fn has_am_and_pm() -> bool {
    // Java takes that of LC_CTYPE for times: `java_props_md.c` of OpenJDK.
    let names = ["LC_ALL", "LC_CTYPE", "LANG"];
    let mut set = names.iter().filter_map(|name| std::env::var(name).ok());
    let name = set.find(|value| !value.is_empty());
    is_with_am_and_pm(&name.unwrap_or_default())
}

fn is_with_am_and_pm(name: &str) -> bool {
    let (name, _) = name.split_once(['.', '@']).unwrap_or((name, ""));
    let (language, country) = name.split_once('_').unwrap_or((name, ""));
    match language {
        "" | "C" | "POSIX" => true,
        "en" => ENGLISH.contains(&country),
        "fr" => !NOT_FRENCH.contains(&country),
        "pt" => ["", "BR"].contains(&country),
        _ => EVERYWHERE.contains(&language),
    }
}

#[cfg(test)]
mod tests {
    use super::is_with_am_and_pm;

    #[test]
    fn knows_which_languages_have_am_and_pm() {
        for name in [
            "",
            "C",
            "C.UTF-8",
            "en_US.UTF-8",
            "de_DE@euro",
            "fr_FR",
            "pt_BR",
        ] {
            assert!(is_with_am_and_pm(name), "{name}");
        }
        for name in [
            "en_GB.UTF-8",
            "en_AU",
            "en_CA",
            "en_IN",
            "en_HK",
            "en_SG",
            "es_ES",
            "nl_NL",
            "ja_JP",
            "zh_CN",
            "ko_KR",
            "sv_SE",
            "tr_TR",
            "fr_CA",
            "pt_PT",
        ] {
            assert!(!is_with_am_and_pm(name), "{name}");
        }
    }
}
