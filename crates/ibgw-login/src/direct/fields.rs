//! An answer of the login in either dialect: a few named values.

use roxmltree::{Document, ParsingOptions};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// The names that the tool reads; each occurs once in an answer.
const NAMES: [&str; 14] = [
    "N",
    "g",
    "hash",
    "proto",
    "s",
    "B",
    "lp",
    "rsapub",
    "M2",
    "reached_max_login",
    "sftypes",
    "auth_res",
    "error",
    "challenge",
];

/// The kind of second factor that IBKR began: the same name in both dialects, below another.
const KIND: (&str, &str) = ("two_factor", "type");

/// How many parts an answer in XML may have: the known ones have under 20.
const PARTS: u32 = 1000;

/// The values of an answer by their names, without those that are empty or null.
#[derive(Default)]
pub(crate) struct Fields(BTreeMap<&'static str, String>);

impl Fields {
    /// Reads an answer in JSON, which the page of today speaks.
    ///
    /// # Errors
    /// Why it is not an answer. The error never repeats its text.
    pub(crate) fn of_json(body: &[u8]) -> Result<Self, &'static str> {
        let answer: Map<String, Value> =
            serde_json::from_slice(body).map_err(|_| "an answer that is no JSON object")?;
        let mut fields = Self::default();
        let nested = answer.get(KIND.0).and_then(Value::as_object);
        for (name, value) in NAMES.into_iter().filter_map(|name| {
            let value = answer.get(name).or_else(|| nested?.get(name))?;
            Some((name, value))
        }) {
            fields.put(name, text(value)?);
        }
        if let Some(value) = nested.and_then(|nested| nested.get(KIND.1)) {
            fields.put(KIND.1, text(value)?);
        }
        Ok(fields)
    }

    /// Reads an answer in XML, which the page spoke before. Second factors have been seen to work with it.
    ///
    /// It refuses a document type, and so every entity that could grow.
    ///
    /// # Errors
    /// Why it is not an answer. The error never repeats its text.
    pub(crate) fn of_xml(body: &[u8]) -> Result<Self, &'static str> {
        let text = std::str::from_utf8(body).map_err(|_| "an answer that is no UTF-8")?;
        let options = ParsingOptions {
            allow_dtd: false,
            nodes_limit: PARTS,
            ..ParsingOptions::default()
        };
        let document = Document::parse_with_options(text.trim_start(), options)
            .map_err(|_| "an answer that is no XML")?;
        let root = document.root_element();
        if root.tag_name().name() != "ib_auth_res" {
            return Err("XML that is not an answer of the login");
        }
        let mut fields = Self::default();
        for node in root.descendants().filter(|node| node.is_element()) {
            let name = node.tag_name().name();
            let above = node.parent().map(|node| node.tag_name().name());
            let is_kind = name == KIND.1 && above == Some(KIND.0);
            let known = NAMES.into_iter().find(|known| *known == name);
            if let Some(name) = known.or(is_kind.then_some(KIND.1)) {
                let value = node.text().unwrap_or_default();
                fields.put(name, value.to_owned());
            }
        }
        Ok(fields)
    }

    /// A value; `None` when the answer does not have it.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// The kind of second factor that IBKR began.
    pub(crate) fn kind(&self) -> Option<&str> {
        self.get(KIND.1)
    }

    /// A flag; `None` when the answer does not have it.
    ///
    /// # Errors
    /// When it is neither true nor false.
    pub(crate) fn flag(&self, name: &str) -> Result<Option<bool>, String> {
        match self.get(name) {
            None => Ok(None),
            Some("true") => Ok(Some(true)),
            Some("false") => Ok(Some(false)),
            Some(_) => Err(format!("{name} is neither true nor false")),
        }
    }

    /// Of two values with one name the first counts.
    fn put(&mut self, name: &'static str, value: String) {
        let value = value.trim();
        if !value.is_empty() {
            self.0.entry(name).or_insert_with(|| value.to_owned());
        }
    }
}

/// A value of JSON as the text that it would be in XML.
fn text(value: &Value) -> Result<String, &'static str> {
    match value {
        Value::Null => Ok(String::new()),
        Value::String(text) => Ok(text.clone()),
        Value::Bool(flag) => Ok(flag.to_string()),
        Value::Number(number) => Ok(number.to_string()),
        Value::Array(list) => {
            let texts = list.iter().map(text).collect::<Result<Vec<_>, _>>()?;
            Ok(texts.join(","))
        }
        Value::Object(_) => Err("JSON with an object where a value is due"),
    }
}

#[cfg(test)]
mod tests;
