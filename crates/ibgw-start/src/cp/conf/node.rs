//! A YAML file as it was written: no scalar becomes a number, a truth or nothing on the way.

use crate::cp::conf::scalar::Plain;
use std::collections::HashMap;
use yaml_rust2::parser::{Event, Parser, Tag};
use yaml_rust2::scanner::TScalarStyle;

/// How deep a file may go, and how many nodes it may have with all its aliases in place.
const DEEPEST: usize = 32;
const MOST: usize = 20_000;

/// Something in the file, with its line.
#[derive(Clone, PartialEq, Eq)]
pub struct ConfNode {
    pub line: usize,
    pub value: Value,
}

#[derive(Clone, PartialEq, Eq)]
pub enum Value {
    /// Without quotes: what it is depends on who reads it.
    Word(String),
    /// In quotes, or in a block: text for every reader.
    Text(String),
    List(Vec<ConfNode>),
    Map(Vec<(ConfNode, ConfNode)>),
}

/// Why a text is no file of settings, and in which line; nothing of the text is in it.
#[derive(Debug, PartialEq, Eq)]
pub struct ConfFault {
    pub line: usize,
    pub why: &'static str,
}

impl ConfNode {
    /// Something of ours, which stands in no line.
    pub fn of(value: Value) -> Self {
        Self { line: 0, value }
    }

    /// Text of ours.
    pub fn text(text: &str) -> Self {
        Self::of(Value::Text(text.to_owned()))
    }

    /// A number of ours, or another word.
    pub fn word(word: &str) -> Self {
        Self::of(Value::Word(word.to_owned()))
    }

    /// The letters of a scalar, whatever it is.
    pub fn letters(&self) -> Option<&str> {
        match &self.value {
            Value::Word(letters) | Value::Text(letters) => Some(letters),
            Value::List(_) | Value::Map(_) => None,
        }
    }

    /// What a scalar is to the Gateway; `None` for a list or a map.
    pub fn plain(&self) -> Option<Plain> {
        match &self.value {
            Value::Word(word) => Some(Plain::of(word)),
            Value::Text(_) => Some(Plain::Text),
            Value::List(_) | Value::Map(_) => None,
        }
    }

    /// What a map has for a key.
    pub fn value_of(&self, name: &str) -> Option<&Self> {
        match &self.value {
            Value::Map(pairs) => pairs
                .iter()
                .find(|(key, _)| key.letters() == Some(name))
                .map(|(_, value)| value),
            _ => None,
        }
    }

    /// Gives a key of a map a value in place of the one it has.
    pub fn set(&mut self, name: &str, value: Self) {
        let Value::Map(pairs) = &mut self.value else {
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

    /// Reads the one document of a text; `None` when there is nothing in it.
    pub fn read(text: &str) -> Result<Option<Self>, ConfFault> {
        Reader::default().read(text)
    }

    fn count(&self) -> usize {
        1 + match &self.value {
            Value::Word(_) | Value::Text(_) => 0,
            Value::List(entries) => entries.iter().map(Self::count).sum(),
            Value::Map(pairs) => pairs
                .iter()
                .map(|(key, value)| key.count() + value.count())
                .sum(),
        }
    }
}

/// A list or a map of which the end is not yet there.
struct Open {
    line: usize,
    anchor: usize,
    is_map: bool,
    nodes: Vec<ConfNode>,
}

#[derive(Default)]
struct Reader {
    open: Vec<Open>,
    anchors: HashMap<usize, ConfNode>,
    nodes: usize,
    document: Option<ConfNode>,
    documents: usize,
}

impl Reader {
    fn read(mut self, text: &str) -> Result<Option<ConfNode>, ConfFault> {
        let mut parser = Parser::new_from_str(text);
        loop {
            let (event, mark) = parser.next_token().map_err(|error| ConfFault {
                line: error.marker().line(),
                why: in_our_words(error.info()),
            })?;
            let line = mark.line();
            let refused = |why| Err(ConfFault { line, why });
            match event {
                Event::StreamEnd => break,
                Event::DocumentStart => {
                    self.documents += 1;
                    if self.documents > 1 {
                        return refused("a second document begins here (leave one)");
                    }
                }
                Event::Scalar(letters, style, anchor, tag) => {
                    let value = match (style, tag) {
                        (TScalarStyle::Plain, None) => Value::Word(letters),
                        (_, None) => Value::Text(letters),
                        (_, Some(tag)) if is_core(&tag, &["str"]) => Value::Text(letters),
                        _ => return refused(TAGGED),
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
    ) -> Result<(), ConfFault> {
        let refused = |why| Err(ConfFault { line, why });
        if tag.is_some_and(|tag| !is_core(tag, &["map", "seq"])) {
            return refused(TAGGED);
        }
        if self.open.len() >= DEEPEST {
            return refused("it is nested too deep");
        }
        self.open.push(Open {
            line,
            anchor,
            is_map,
            nodes: Vec::new(),
        });
        Ok(())
    }

    fn end(&mut self) -> Result<(), ConfFault> {
        let Some(open) = self.open.pop() else {
            return Ok(());
        };
        let value = if open.is_map {
            Value::Map(pairs(open.nodes)?)
        } else {
            Value::List(open.nodes)
        };
        let node = ConfNode {
            line: open.line,
            value,
        };
        self.take(node, open.anchor)
    }

    fn take(&mut self, node: ConfNode, anchor: usize) -> Result<(), ConfFault> {
        self.nodes += node.count();
        if self.nodes > MOST {
            let why = "it has too many aliases, or entries";
            return Err(ConfFault {
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

/// Whether it is one of YAML's own tags that change nothing here.
fn is_core(tag: &Tag, names: &[&str]) -> bool {
    tag.handle == "tag:yaml.org,2002:" && names.contains(&tag.suffix.as_str())
}

/// Keys and values in turn.
fn pairs(nodes: Vec<ConfNode>) -> Result<Vec<(ConfNode, ConfNode)>, ConfFault> {
    let mut pairs = Vec::new();
    let mut nodes = nodes.into_iter();
    while let (Some(key), Some(value)) = (nodes.next(), nodes.next()) {
        let refused = |why| {
            Err(ConfFault {
                line: key.line,
                why,
            })
        };
        match key.letters() {
            None => return refused("a key is no single word"),
            Some("<<") => {
                return refused("keys are not merged here (write them out in place of \"<<\")");
            }
            Some(_) => pairs.push((key, value)),
        }
    }
    Ok(pairs)
}

/// The scanner's own words may quote what they found.
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
