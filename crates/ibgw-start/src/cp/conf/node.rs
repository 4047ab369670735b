//! A YAML file as it was written: no word becomes a number, a truth value or null on the way.

use crate::cp::conf::scalar::ScalarKind;
use std::collections::HashMap;
use yaml_rust2::parser::{Event, Parser, Tag};
use yaml_rust2::scanner::TScalarStyle;

/// How deep a file may be nested.
const DEEPEST: usize = 32;

/// How many nodes a file may have once its aliases are replaced.
const MOST: usize = 20_000;

/// One node of the file, with its line.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct ConfNode {
    pub(crate) line: usize,
    pub(crate) value: ConfValue,
}

#[derive(Clone, PartialEq, Eq)]
pub(crate) enum ConfValue {
    /// Without quotes: its kind depends on the reader.
    Word(String),
    /// In quotes, or in a block: text for every reader.
    Text(String),
    List(Vec<ConfNode>),
    Map(Vec<(ConfNode, ConfNode)>),
}

/// Why a text cannot be read as settings, and in which line. It quotes nothing of the text.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct UnreadableConf {
    pub(crate) line: usize,
    pub(crate) why: &'static str,
}

impl ConfNode {
    /// A node that is made here, so it has no line.
    pub(crate) fn of(value: ConfValue) -> Self {
        Self { line: 0, value }
    }

    /// Text that is made here.
    pub(crate) fn text(text: &str) -> Self {
        Self::of(ConfValue::Text(text.to_owned()))
    }

    /// A word that is made here, such as a number.
    pub(crate) fn word(word: &str) -> Self {
        Self::of(ConfValue::Word(word.to_owned()))
    }

    /// The letters of a scalar, whatever its kind.
    pub(crate) fn letters(&self) -> Option<&str> {
        match &self.value {
            ConfValue::Word(letters) | ConfValue::Text(letters) => Some(letters),
            ConfValue::List(_) | ConfValue::Map(_) => None,
        }
    }

    /// The kind of a scalar to the Gateway; `None` for a list or a map.
    pub(crate) fn kind(&self) -> Option<ScalarKind> {
        match &self.value {
            ConfValue::Word(word) => Some(ScalarKind::of(word)),
            ConfValue::Text(_) => Some(ScalarKind::Text),
            ConfValue::List(_) | ConfValue::Map(_) => None,
        }
    }

    /// The value of a key in a map.
    pub(crate) fn value_of(&self, name: &str) -> Option<&Self> {
        match &self.value {
            ConfValue::Map(pairs) => pairs
                .iter()
                .find(|(key, _)| key.letters() == Some(name))
                .map(|(_, value)| value),
            ConfValue::Word(_) | ConfValue::Text(_) | ConfValue::List(_) => None,
        }
    }

    /// Sets the value of a key in a map.
    pub(crate) fn set(&mut self, name: &str, value: Self) {
        let ConfValue::Map(pairs) = &mut self.value else {
            return;
        };
        match pairs
            .iter_mut()
            .find(|(key, _)| key.letters() == Some(name))
        {
            Some(pair) => pair.1 = value,
            None => pairs.push((Self::text(name), value)),
        }
    }

    /// Reads a text with one document; `None` when it is empty.
    pub(crate) fn read(text: &str) -> Result<Option<Self>, UnreadableConf> {
        NodeReader::default().read(text)
    }

    fn count(&self) -> usize {
        1 + match &self.value {
            ConfValue::Word(_) | ConfValue::Text(_) => 0,
            ConfValue::List(entries) => entries.iter().map(Self::count).sum(),
            ConfValue::Map(pairs) => pairs
                .iter()
                .map(|(key, value)| key.count() + value.count())
                .sum(),
        }
    }
}

/// A list or a map whose end has not been read yet.
struct OpenNode {
    line: usize,
    anchor: usize,
    is_map: bool,
    nodes: Vec<ConfNode>,
}

#[derive(Default)]
struct NodeReader {
    open: Vec<OpenNode>,
    anchors: HashMap<usize, ConfNode>,
    nodes: usize,
    document: Option<ConfNode>,
    documents: usize,
}

impl NodeReader {
    fn read(mut self, text: &str) -> Result<Option<ConfNode>, UnreadableConf> {
        let mut parser = Parser::new_from_str(text);
        loop {
            let (event, mark) = parser.next_token().map_err(|error| UnreadableConf {
                line: error.marker().line(),
                why: in_our_words(error.info()),
            })?;
            let line = mark.line();
            let refused = |why| Err(UnreadableConf { line, why });
            match event {
                Event::StreamEnd => break,
                Event::DocumentStart => {
                    self.documents += 1;
                    if self.documents > 1 {
                        return refused("a second document begins here (leave one)");
                    }
                }
                Event::Scalar(letters, style, anchor, tag) => {
                    if tag.as_ref().is_some_and(|tag| !is_core(tag, &["str"])) {
                        return refused(TAGGED);
                    }
                    let value = if tag.is_none() && style == TScalarStyle::Plain {
                        ConfValue::Word(letters)
                    } else {
                        ConfValue::Text(letters)
                    };
                    self.take(ConfNode { line, value }, anchor)?;
                }
                Event::SequenceStart(anchor, tag) => {
                    self.begin(line, anchor, false, tag.as_ref())?;
                }
                Event::MappingStart(anchor, tag) => self.begin(line, anchor, true, tag.as_ref())?,
                Event::SequenceEnd | Event::MappingEnd => self.end()?,
                Event::Alias(anchor) => match self.anchors.get(&anchor) {
                    Some(node) => self.take(node.clone(), 0)?,
                    None => return refused("an alias stands inside what it stands for"),
                },
                Event::Nothing | Event::StreamStart | Event::DocumentEnd => {}
            }
        }
        Ok(self.document)
    }

    fn begin(
        &mut self,
        line: usize,
        anchor: usize,
        is_map: bool,
        tag: Option<&Tag>,
    ) -> Result<(), UnreadableConf> {
        let refused = |why| Err(UnreadableConf { line, why });
        if tag.is_some_and(|tag| !is_core(tag, &["map", "seq"])) {
            return refused(TAGGED);
        }
        if self.open.len() >= DEEPEST {
            return refused("it is nested too deep");
        }
        self.open.push(OpenNode {
            line,
            anchor,
            is_map,
            nodes: Vec::new(),
        });
        Ok(())
    }

    fn end(&mut self) -> Result<(), UnreadableConf> {
        let Some(open) = self.open.pop() else {
            return Ok(());
        };
        let value = if open.is_map {
            ConfValue::Map(pairs(open.nodes)?)
        } else {
            ConfValue::List(open.nodes)
        };
        let node = ConfNode {
            line: open.line,
            value,
        };
        self.take(node, open.anchor)
    }

    fn take(&mut self, node: ConfNode, anchor: usize) -> Result<(), UnreadableConf> {
        self.nodes += node.count();
        if self.nodes > MOST {
            let why = "it has too many aliases, or entries";
            return Err(UnreadableConf {
                line: node.line,
                why,
            });
        }
        if anchor > 0 {
            self.anchors.insert(anchor, node.clone());
        }
        match self.open.last_mut() {
            Some(open) => open.nodes.push(node),
            None => self.document = Some(node),
        }
        Ok(())
    }
}

const TAGGED: &str = "a tag (a word that begins with \"!\") has no place in these settings (quote the word, or take the tag away)";

/// Whether it is one of YAML's own tags, which change nothing here.
fn is_core(tag: &Tag, names: &[&str]) -> bool {
    tag.handle == "tag:yaml.org,2002:" && names.contains(&tag.suffix.as_str())
}

/// Keys and values in turn.
fn pairs(nodes: Vec<ConfNode>) -> Result<Vec<(ConfNode, ConfNode)>, UnreadableConf> {
    let mut pairs = Vec::new();
    let mut nodes = nodes.into_iter();
    while let (Some(key), Some(value)) = (nodes.next(), nodes.next()) {
        let refused = |why| {
            Err(UnreadableConf {
                line: key.line,
                why,
            })
        };
        match key.letters() {
            None => return refused("a key is not a single word"),
            Some("<<") => {
                return refused("keys are not merged here (write them out in place of \"<<\")");
            }
            Some(_) => pairs.push((key, value)),
        }
    }
    Ok(pairs)
}

/// The scanner's error in our own words: its words may quote the text.
fn in_our_words(info: &str) -> &'static str {
    const KNOWN: [(&str, &str); 5] = [
        ("tab", "a tab stands where blanks are wanted"),
        ("unknown anchor", "it has an alias of nothing"),
        (
            "quoted scalar",
            "a quotation mark is not closed, or an escape is wrong",
        ),
        ("flow", "a bracket is not closed, or a comma is missing"),
        ("mapping", "a key without value, or a value without key"),
    ];
    let lower = info.to_ascii_lowercase();
    let known = KNOWN.iter().find(|(word, _)| lower.contains(word));
    known.map_or("the line cannot be read", |(_, ours)| ours)
}
