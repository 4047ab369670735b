//! What a word without quotes means to the Gateway: YAML 1.1, as its reader resolves it.

use regex_lite::Regex;
use std::sync::LazyLock;

/// The kind of a word without quotes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ScalarKind {
    Text,
    Truth,
    Integer,
    /// A number with a point or an exponent, or a date. No setting of the Gateway holds one.
    Other,
    Null,
}

/// The patterns of org/yaml/snakeyaml/resolver/Resolver.java, release 1.17, which the Gateway ships
/// (<https://bitbucket.org/snakeyaml/snakeyaml>), in its order. The first that matches counts.
const PATTERNS: [(&str, ScalarKind); 5] = [
    (
        "^(?:yes|Yes|YES|no|No|NO|true|True|TRUE|false|False|FALSE|on|On|ON|off|Off|OFF)$",
        ScalarKind::Truth,
    ),
    (
        r"^(?:[-+]?0b[0-1_]+|[-+]?0[0-7_]+|[-+]?(?:0|[1-9][0-9_]*)|[-+]?0x[0-9a-fA-F_]+|[-+]?[1-9][0-9_]*(?::[0-5]?[0-9])+)$",
        ScalarKind::Integer,
    ),
    // `_1` is text: the reader looks for a number only when the first letter may begin one.
    (
        r"^(?:[-+]?(?:\.[0-9]+|[0-9_]+(?:\.[0-9_]*)?)(?:[eE][-+]?[0-9]+)?|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$",
        ScalarKind::Other,
    ),
    ("^(?:~|null|Null|NULL| |)$", ScalarKind::Null),
    (
        r"^(?:[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]|[0-9][0-9][0-9][0-9]-[0-9][0-9]?-[0-9][0-9]?(?:[Tt]|[ \t]+)[0-9][0-9]?:[0-9][0-9]:[0-9][0-9](?:\.[0-9]*)?(?:[ \t]*(?:Z|[-+][0-9][0-9]?(?::[0-9][0-9])?))?)$",
        ScalarKind::Other,
    ),
];

static COMPILED: LazyLock<Vec<(Regex, ScalarKind)>> = LazyLock::new(|| {
    let compiled = |(pattern, plain)| Some((Regex::new(pattern).ok()?, plain));
    PATTERNS.into_iter().filter_map(compiled).collect()
});

impl ScalarKind {
    /// Resolves a word.
    pub(crate) fn of(word: &str) -> Self {
        if word.starts_with('_') {
            return Self::Text;
        }
        let mut compiled = COMPILED.iter();
        let first = compiled.find(|(pattern, _)| pattern.is_match(word));
        first.map_or(Self::Text, |(_, plain)| *plain)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As org.yaml.snakeyaml.resolver.Resolver of the Gateway's own snakeyaml-1.17.jar answers.
    #[test]
    fn resolves_a_word_as_the_gateways_reader_does() {
        let resolved = |plain: ScalarKind, words: &str| {
            for word in words.split(' ') {
                assert_eq!(ScalarKind::of(word), plain, "{word:?}");
            }
        };
        resolved(ScalarKind::Truth, "yes Yes NO on Off true FALSE");
        resolved(
            ScalarKind::Integer,
            "0 012345 0x1F5A7C +1234567 -0 1_000 0b11 0_ 1:20:30 190:20:30",
        );
        resolved(
            ScalarKind::Other,
            "10. 10.0 192.168 .5 -.5 08 1e5 1.e5 .inf +.Inf .nan 1:2.5 2001-12-14",
        );
        resolved(ScalarKind::Null, " ~ null Null NULL");
        resolved(
            ScalarKind::Text,
            "mywebapi yEs y tRUE nULL 0o1234567 10.* 1.2.3 127.0.0.1 _1 .5_ +.nan 1:60 2001-1-4 = . --1",
        );
    }
}
