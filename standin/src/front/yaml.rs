//! YAML as the Gateway's reader takes it: snakeyaml 1.17, YAML 1.1, a word without quotes apart from one with.

use regex_lite::Regex;
use std::collections::HashMap;
use yaml_rust2::parser::{Event, Parser};
use yaml_rust2::scanner::TScalarStyle;

/// The patterns of its Resolver for everything that is no text.
const NO_TEXT: [&str; 5] = [
    "^(?:yes|Yes|YES|no|No|NO|true|True|TRUE|false|False|FALSE|on|On|ON|off|Off|OFF)$",
    r"^(?:[-+]?(?:\.[0-9]+|[0-9][0-9_]*(?:\.[0-9_]*)?)(?:[eE][-+]?[0-9]+)?|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$",
    r"^(?:[-+]?0b[0-1_]+|[-+]?0[0-7_]+|[-+]?(?:0|[1-9][0-9_]*)|[-+]?0x[0-9a-fA-F_]+|[-+]?[1-9][0-9_]*(?::[0-5]?[0-9])+)$",
    "^(?:~|null|Null|NULL| |)$",
    "^[0-9][0-9][0-9][0-9]-[0-9][0-9]?-[0-9][0-9]",
];

/// Something in a file.
#[derive(Clone)]
pub(crate) enum YamlNode {
    Text(String),
    /// A word that is a number, a truth, a date or nothing.
    Other(String),
    List(Vec<YamlNode>),
    Map(Vec<(String, YamlNode)>),
}

impl YamlNode {
    /// Reads a text's first document; `None` when it has none.
    pub(crate) fn read(text: &str) -> Result<Option<Self>, String> {
        let mut parser = Parser::new_from_str(text);
        let mut anchors = HashMap::new();
        loop {
            let (event, _) = parser.next_token().map_err(|error| error.to_string())?;
            match event {
                Event::StreamEnd => return Ok(None),
                Event::StreamStart | Event::DocumentStart => {}
                first => return Self::whole(first, &mut parser, &mut anchors).map(Some),
            }
        }
    }

    fn whole<T: Iterator<Item = char>>(
        event: Event,
        parser: &mut Parser<T>,
        anchors: &mut HashMap<usize, Self>,
    ) -> Result<Self, String> {
        let (node, anchor) = match event {
            Event::Scalar(letters, style, anchor, _) => {
                let matches = |pattern: &str| {
                    Regex::new(pattern).is_ok_and(|pattern| pattern.is_match(&letters))
                };
                let is_text = style != TScalarStyle::Plain || !NO_TEXT.into_iter().any(matches);
                let node = if is_text { Self::Text } else { Self::Other };
                (node(letters), anchor)
            }
            Event::SequenceStart(anchor, _) => {
                let mut entries = Vec::new();
                loop {
                    let (event, _) = parser.next_token().map_err(|error| error.to_string())?;
                    if event == Event::SequenceEnd {
                        break (Self::List(entries), anchor);
                    }
                    entries.push(Self::whole(event, parser, anchors)?);
                }
            }
            Event::MappingStart(anchor, _) => {
                let mut pairs = Vec::new();
                loop {
                    let (event, _) = parser.next_token().map_err(|error| error.to_string())?;
                    if event == Event::MappingEnd {
                        break (Self::Map(pairs), anchor);
                    }
                    let key = Self::whole(event, parser, anchors)?;
                    let (event, _) = parser.next_token().map_err(|error| error.to_string())?;
                    let value = Self::whole(event, parser, anchors)?;
                    pairs.push((key.letters().unwrap_or_default().to_owned(), value));
                }
            }
            Event::Alias(anchor) => (anchors.get(&anchor).cloned().ok_or("no such anchor")?, 0),
            _ => return Err("no node".to_owned()),
        };
        anchors.insert(anchor, node.clone());
        Ok(node)
    }

    /// The letters of a scalar.
    pub(crate) fn letters(&self) -> Option<&str> {
        match self {
            Self::Text(letters) | Self::Other(letters) => Some(letters),
            Self::List(_) | Self::Map(_) => None,
        }
    }

    /// Whether it is nothing at all.
    pub(crate) fn is_null(&self) -> bool {
        matches!(self, Self::Other(letters) if matches!(letters.as_str(), "" | "~" | "null" | "Null" | "NULL"))
    }

    /// What a map has for a key, the last of several; `None` when it is not there.
    pub(crate) fn get(&self, key: &str) -> Option<&Self> {
        match self {
            Self::Map(pairs) => pairs
                .iter()
                .rev()
                .find(|(name, _)| name == key)
                .map(|(_, value)| value),
            Self::Text(_) | Self::Other(_) | Self::List(_) => None,
        }
    }
}
