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

#[cfg(test)]
mod tests {
    use super::{JtsSecondFactor, second_factor};

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
