//! Values that may be shown. A secret may stand in any variable by mistake, so each form takes only what can be
//! nothing else.

/// A path: it begins like one, and has no letter with a meaning for a shell, a unit or YAML.
pub(super) fn path(value: &str) -> Option<String> {
    let value = plain(value);
    let begins = ["/", "./", "../"]
        .iter()
        .any(|begin| value.starts_with(begin));
    let is_plain = value
        .chars()
        .all(|letter| letter.is_ascii_alphanumeric() || "/._-+@".contains(letter));
    (begins && is_plain).then(|| value.trim_end_matches('/').to_owned())
}

/// A scheme, a host and a port.
pub(super) fn url(value: &str) -> Option<String> {
    let value = plain(value).trim_end_matches('/');
    let (scheme, rest) = value.split_once("://")?;
    let (host, port) = match rest.split_once(':') {
        Some((host, port)) => (host, Some(port.parse::<u16>().ok()?)),
        None => (rest, None),
    };
    let is_host = host
        .chars()
        .all(|letter| letter.is_ascii_alphanumeric() || ".-".contains(letter));
    if !["http", "https"].contains(&scheme) || host.is_empty() || !is_host {
        return None;
    }
    let port = port.map_or_else(String::new, |port| format!(":{port}"));
    Some(format!("{scheme}://{host}{port}"))
}

/// A whole number.
pub(super) fn number(value: &str) -> Option<u32> {
    plain(value).parse().ok()
}

/// A whole number of seconds, at least one, as our flags take it.
pub(super) fn seconds(value: &str) -> Option<String> {
    let number = number(value).filter(|number| *number > 0)?;
    Some(format!("{number}s"))
}

/// Yes or no, in IBeam's spellings.
pub(super) fn flag(value: &str) -> Option<bool> {
    match plain(value).to_lowercase().as_str() {
        "y" | "yes" | "t" | "true" | "on" | "1" => Some(true),
        "n" | "no" | "f" | "false" | "off" | "0" => Some(false),
        _ => None,
    }
}

/// Whether a value has another setting in it, as when several stand in one line.
pub(super) fn has_a_setting(value: &str) -> bool {
    let value = value.to_ascii_lowercase();
    value.split("ibeam_").skip(1).any(|rest| {
        let rest =
            rest.trim_start_matches(|letter: char| letter.is_ascii_alphanumeric() || letter == '_');
        // A colon alone may belong to a path.
        rest.starts_with(": ") || rest.trim_start().starts_with('=')
    })
}

/// Whether `docker run` and Compose read two different values. Compose removes quotes, blanks and a comment, and reads
/// `$` as the beginning of a variable.
pub(super) fn is_ambiguous(value: &str) -> bool {
    plain(value) != value || value.contains('$') || value.starts_with('#')
}

/// The value that Compose reads. It removes blanks, quotes and a comment, which `docker run` keeps.
pub(super) fn plain(value: &str) -> &str {
    let value = value.trim();
    if let Some(quoted) = quoted(value) {
        return quoted;
    }
    let comment = [" #", "\t#"]
        .iter()
        .filter_map(|mark| value.find(mark))
        .min();
    value[..comment.unwrap_or(value.len())].trim_end()
}

/// The text in quotes; `None` if the value does not begin with a quote. A text behind the quotes does not matter.
pub(super) fn quoted(value: &str) -> Option<&str> {
    let inner = |quote| Some(value.trim().strip_prefix(quote)?.split_once(quote)?.0);
    inner('"').or_else(|| inner('\''))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shows_paths_and_addresses_and_nothing_like_a_secret() {
        for (value, shown) in [
            ("/srv/clientportal.gw", Some("/srv/clientportal.gw")),
            ("\"/srv/inputs/\"", Some("/srv/inputs")),
            ("../../outputs", Some("../../outputs")),
            ("hunter2", None),
            ("/srv/$(id)", None),
            ("/srv/a b", None),
            ("/srv/%n", None),
        ] {
            assert_eq!(path(value).as_deref(), shown, "{value}");
        }
        for (value, shown) in [
            ("https://localhost:5000", Some("https://localhost:5000")),
            ("https://gateway.example/", Some("https://gateway.example")),
            ("https://user:hunter2@localhost", None),
            ("https://localhost/hunter2", None),
            ("hunter2", None),
        ] {
            assert_eq!(url(value).as_deref(), shown, "{value}");
        }
    }
}
