//! What the Gateway makes of a word without quotes: YAML 1.1, as its reader resolves it.

use regex_lite::Regex;
use std::sync::LazyLock;

/// What a word without quotes is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Plain {
    Text,
    Truth,
    Integer,
    /// A number with a point or an exponent, or a date: nothing that a setting of the Gateway holds.
    Other,
    Null,
}

/// The patterns of org/yaml/snakeyaml/resolver/Resolver.java, release 1.17, which the Gateway ships
/// (<https://bitbucket.org/snakeyaml/snakeyaml>), in its order: the first that matches counts.
const PATTERNS: [(&str, Plain); 5] = [
    (
        "^(?:yes|Yes|YES|no|No|NO|true|True|TRUE|false|False|FALSE|on|On|ON|off|Off|OFF)$",
        Plain::Truth,
    ),
    (
        r"^(?:[-+]?0b[0-1_]+|[-+]?0[0-7_]+|[-+]?(?:0|[1-9][0-9_]*)|[-+]?0x[0-9a-fA-F_]+|[-+]?[1-9][0-9_]*(?::[0-5]?[0-9])+)$",
        Plain::Integer,
    ),
    // A number is looked for only behind one of these as first letter: `_1` is text.
    (
        r"^(?:[-+]?(?:\.[0-9]+|[0-9_]+(?:\.[0-9_]*)?)(?:[eE][-+]?[0-9]+)?|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$",
        Plain::Other,
    ),
    ("^(?:~|null|Null|NULL| |)$", Plain::Null),
    (
        r"^(?:[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]|[0-9][0-9][0-9][0-9]-[0-9][0-9]?-[0-9][0-9]?(?:[Tt]|[ \t]+)[0-9][0-9]?:[0-9][0-9]:[0-9][0-9](?:\.[0-9]*)?(?:[ \t]*(?:Z|[-+][0-9][0-9]?(?::[0-9][0-9])?))?)$",
        Plain::Other,
    ),
];

static COMPILED: LazyLock<Vec<(Regex, Plain)>> = LazyLock::new(|| {
    let compiled = |(pattern, plain)| Some((Regex::new(pattern).ok()?, plain));
    PATTERNS.into_iter().filter_map(compiled).collect()
});

impl Plain {
    /// Resolves a word.
    pub fn of(word: &str) -> Self {
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
        let resolved = |plain: Plain, words: &str| {
            for word in words.split(' ') {
                assert_eq!(Plain::of(word), plain, "{word:?}");
            }
        };
        resolved(Plain::Truth, "yes Yes NO on Off true FALSE");
        resolved(
            Plain::Integer,
            "0 012345 0x1F5A7C +1234567 -0 1_000 0b11 0_ 1:20:30 190:20:30",
        );
        resolved(
            Plain::Other,
            "10. 10.0 192.168 .5 -.5 08 1e5 1.e5 .inf +.Inf .nan 1:2.5 2001-12-14",
        );
        resolved(Plain::Null, " ~ null Null NULL");
        resolved(
            Plain::Text,
            "mywebapi yEs y tRUE nULL 0o1234567 10.* 1.2.3 127.0.0.1 _1 .5_ +.nan 1:60 2001-1-4 = . --1",
        );
    }
}
