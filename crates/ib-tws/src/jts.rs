//! What jts.ini, the Gateway's own settings file, says of the second factor.

/// The code of IB Key in the page's chooser and in `2ndFactor`.
const IB_KEY: &str = "5.2a";

/// What the line `2ndFactor=TOKEN,5.2a;` of a jts.ini says (chris-ch/docker-interactivebroker-gateway, README); no `Debug`,
/// for the token.
#[derive(PartialEq, Eq)]
pub enum JtsSecondFactor<'a> {
    /// IB Key was selected by hand once, and this is its token.
    Token(&'a str),
    /// The line is there, and empty: IB Key was not selected.
    NotSelected,
    /// There is no such line.
    Absent,
}

/// Reads the second factor out of a jts.ini.
///
/// Entries of other devices are passed over: what is looked for is IB Key's token.
#[must_use]
pub fn second_factor(text: &str) -> JtsSecondFactor<'_> {
    let Some(value) = text.lines().find_map(|line| {
        let (key, value) = line.split_once('=')?;
        (key.trim() == "2ndFactor").then_some(value.trim())
    }) else {
        return JtsSecondFactor::Absent;
    };
    let token = value.split(';').find_map(|entry| {
        let (token, device) = entry.rsplit_once(',')?;
        (device.trim() == IB_KEY && !token.trim().is_empty()).then_some(token.trim())
    });
    token.map_or(JtsSecondFactor::NotSelected, JtsSecondFactor::Token)
}

/// A jts.ini with this token as its second factor, and all else as it was; `None` when it has the token already.
///
/// Before there is a jts.ini, `text` is empty.
#[must_use]
pub fn with_second_factor(text: &str, token: &str) -> Option<String> {
    if second_factor(text) == JtsSecondFactor::Token(token) {
        return None;
    }
    let line = format!("2ndFactor={token},{IB_KEY};");
    let is_the_line = |old: &str| {
        old.split('=')
            .next()
            .is_some_and(|key| key.trim() == "2ndFactor")
    };
    let mut lines: Vec<&str> = text.lines().filter(|old| !is_the_line(old)).collect();
    let section = lines.iter().position(|old| old.trim() == "[Communication]");
    let place = section.unwrap_or_else(|| {
        lines.push("[Communication]");
        lines.len() - 1
    });
    lines.insert(place + 1, &line);
    Some(lines.join("\n") + "\n")
}

#[cfg(test)]
mod tests {
    use super::{JtsSecondFactor, second_factor, with_second_factor};

    #[test]
    fn puts_a_token_in_its_place_and_leaves_the_rest() {
        let cases = [
            ("", Some("[Communication]\n2ndFactor=t,5.2a;\n")),
            (
                "[Logon]\na=b\n",
                Some("[Logon]\na=b\n[Communication]\n2ndFactor=t,5.2a;\n"),
            ),
            (
                "[Communication]\nPeer=x\n2ndFactor=,5.2a;\n[Logon]\n",
                Some("[Communication]\n2ndFactor=t,5.2a;\nPeer=x\n[Logon]\n"),
            ),
            ("[Communication]\n2ndFactor=t,5.2a;\n", None),
        ];
        for (text, expected) in cases {
            assert_eq!(
                with_second_factor(text, "t").as_deref(),
                expected,
                "of {text:?}"
            );
        }
    }

    #[test]
    fn tells_a_token_from_none_and_from_no_line() {
        let cases = [
            (
                "[Communication]\r\n2ndFactor=abc,5.2a;\r\n",
                JtsSecondFactor::Token("abc"),
            ),
            ("2ndFactor=abc,5.2a", JtsSecondFactor::Token("abc")),
            ("2ndFactor=x,4;abc,5.2a;", JtsSecondFactor::Token("abc")),
            ("2ndFactor=a,b,5.2a;", JtsSecondFactor::Token("a,b")),
            ("2ndFactor=,5.2a;", JtsSecondFactor::NotSelected),
            ("2ndFactor=", JtsSecondFactor::NotSelected),
            ("2ndFactor=x,4;", JtsSecondFactor::NotSelected),
            ("[Logon]\ntradingMode=p\n", JtsSecondFactor::Absent),
            ("", JtsSecondFactor::Absent),
        ];
        for (text, expected) in cases {
            assert!(second_factor(text) == expected, "of {text:?}");
        }
    }
}
