//! The keys of a report, from the doc comments of its struct, as mdoc.

use super::attributes::{doc, has_serde, is_derived, is_left_out, serde_value};
use super::mdoc;
use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::{fs, io};
use syn::{
    Attribute, Field, Fields, GenericArgument, Item, ItemEnum, ItemStruct, PathArguments, Type,
};

/// Every struct and enum of the crates that ship.
pub(super) struct Items {
    structs: Vec<ItemStruct>,
    enums: Vec<ItemEnum>,
}

/// What a value is in JSON, and what can be said of its parts.
struct Kind {
    /// `String`, `List of objects`.
    name: String,
    /// The list of its keys or its values; empty when it has none.
    parts: String,
}

impl Items {
    /// Reads the sources below `crates/`.
    pub(super) fn of(repository: &Path) -> io::Result<Self> {
        let mut items = Self {
            structs: Vec::new(),
            enums: Vec::new(),
        };
        for path in sources(&repository.join("crates"))? {
            let file = syn::parse_file(&fs::read_to_string(&path)?);
            let file = file.map_err(|error| io::Error::other(format!("{path:?}: {error}")))?;
            for item in file.items {
                match item {
                    Item::Struct(found) => items.structs.push(found),
                    Item::Enum(found) => items.enums.push(found),
                    _ => {}
                }
            }
        }
        Ok(items)
    }

    /// The list of a report's keys: the schema, those of the struct, and the warnings, which every report has.
    ///
    /// A schema of `-` leaves out both the schema and the warnings: the struct is a part of another one.
    pub(super) fn keys(&self, schema: &str, name: &str) -> Result<String, String> {
        let found = self.structs.iter().find(|item| item.ident == name);
        let found = found.ok_or_else(|| format!("there is no struct {name}"))?;
        let list = self.list(&found.fields)?;
        if schema == "-" {
            return Ok(format!(".Bl -tag -width Ds\n{list}.El\n"));
        }
        let schema_key = format!(".It Li schema\nString:\n.Li {schema} .\n");
        let warnings = match schema.starts_with("ibgw-secret/") || schema.contains("-page/") {
            true => "",
            false => ".It Li warnings\nList of strings: the events in\n.Sx DIAGNOSTICS .\n",
        };
        Ok(format!(
            ".Bl -tag -width Ds\n{schema_key}{list}{warnings}.El\n"
        ))
    }

    fn list(&self, fields: &Fields) -> Result<String, String> {
        let mut text = String::new();
        for field in fields {
            if is_left_out(&field.attrs) {
                continue;
            }
            if has_serde(&field.attrs, "flatten") {
                let Some(inner) = self.structure(&field.ty) else {
                    return Err(format!(
                        "{:?} is flattened and no struct",
                        field_name(field)
                    ));
                };
                text += &self.list(&inner.fields)?;
                continue;
            }
            let (name, doc) = (field_name(field), doc(&field.attrs));
            let kind = self
                .kind(&field.ty)
                .map_err(|error| format!("the key {name}: {error}"))?;
            let _ = writeln!(text, ".It Li {name}");
            text += &mdoc::text(&sentence(&kind.name, &doc), &BTreeSet::new());
            // A list of values that stands elsewhere on the page is not repeated.
            if !doc.contains("DIAGNOSTICS") {
                text += &kind.parts;
            }
        }
        Ok(text)
    }

    fn kind(&self, of: &Type) -> Result<Kind, String> {
        let plain = |name: &str| Kind {
            name: name.to_owned(),
            parts: String::new(),
        };
        let of = match of {
            Type::Reference(reference) => &*reference.elem,
            other => other,
        };
        let (name, inner) = type_name(of).ok_or("its type has no name")?;
        match (name.as_str(), inner) {
            ("Option" | "Box" | "Cow", Some(inner)) => self.kind(inner),
            // The keys of a map are those of its enum.
            ("BTreeMap", Some(inner)) => Ok(Kind {
                name: "Object".to_owned(),
                parts: self.kind(inner)?.parts,
            }),
            ("Vec", Some(inner)) => {
                let inner = self.kind(inner)?;
                let name = format!("List of {}s", inner.name.to_lowercase());
                Ok(Kind {
                    name,
                    parts: inner.parts,
                })
            }
            ("bool", _) => Ok(plain("Boolean")),
            ("u8" | "u16" | "u32" | "u64" | "usize" | "i32" | "i64", _) => Ok(plain("Integer")),
            ("f64", _) => Ok(plain("Number")),
            ("String" | "str" | "PathBuf" | "SecretText" | "IpAddr", _) => Ok(plain("String")),
            _ => self.ours(&name, of),
        }
    }

    /// What one of our own types is.
    fn ours(&self, name: &str, of: &Type) -> Result<Kind, String> {
        if let Some(found) = self.structure(of) {
            let mut fields = found.fields.iter();
            return match (&found.fields, fields.next()) {
                (Fields::Unnamed(_), Some(only)) => self.kind(&only.ty),
                _ => Ok(Kind {
                    name: "Object".to_owned(),
                    parts: format!(".Bl -tag -width Ds\n{}.El\n", self.list(&found.fields)?),
                }),
            };
        }
        let found = self.enums.iter().find(|item| item.ident == name);
        let found = found.ok_or_else(|| format!("nothing is known of its type {name}"))?;
        Ok(Kind {
            name: "String".to_owned(),
            parts: values(found),
        })
    }

    fn structure(&self, of: &Type) -> Option<&ItemStruct> {
        let (name, _) = type_name(of)?;
        self.structs.iter().find(|item| item.ident == name)
    }
}

/// `String: whether …`, or `String, RFC 3339 in UTC: when …`.
fn sentence(kind: &str, doc: &str) -> String {
    if doc.starts_with("RFC 3339") || doc.starts_with("of at most") || doc.starts_with("such as") {
        return format!("{kind}, {doc}");
    }
    let mut letters = doc.chars();
    let first = letters.next().unwrap_or_default();
    // A name keeps its capitals.
    let is_name = doc
        .split([' ', '\''])
        .next()
        .is_some_and(|word| word.chars().skip(1).any(char::is_uppercase));
    match is_name {
        true => format!("{kind}: {doc}"),
        false => format!("{kind}: {}{}", first.to_lowercase(), letters.as_str()),
    }
}

/// The values of an enum, each with its doc comment; nothing for one that has its values from elsewhere.
fn values(of: &ItemEnum) -> String {
    let rule = serde_value(&of.attrs, "rename_all");
    if has_serde(&of.attrs, "untagged") || !is_derived(&of.attrs) {
        return String::new();
    }
    let mut text = ".Bl -tag -width Ds\n".to_owned();
    // A value that no report has says so in its doc comment.
    let is_shown =
        |attrs: &[Attribute]| !is_left_out(attrs) && !doc(attrs).contains("no report has it");
    for variant in of
        .variants
        .iter()
        .filter(|variant| is_shown(&variant.attrs))
    {
        let name = variant.ident.to_string();
        let name = serde_value(&variant.attrs, "rename").unwrap_or_else(|| match rule.as_deref() {
            Some("lowercase") => name.to_lowercase(),
            _ => snake_case(&name),
        });
        let _ = writeln!(text, ".It Li {name}");
        text += &mdoc::text(&doc(&variant.attrs), &BTreeSet::new());
    }
    text + ".El\n"
}

fn snake_case(name: &str) -> String {
    let mut text = String::new();
    for letter in name.chars() {
        if letter.is_uppercase() && !text.is_empty() {
            text.push('_');
        }
        text.extend(letter.to_lowercase());
    }
    text
}

/// The last part of a type's path, and the type in its angle brackets.
fn type_name(of: &Type) -> Option<(String, Option<&Type>)> {
    let Type::Path(path) = of else { return None };
    let last = path.path.segments.last()?;
    let inner = match &last.arguments {
        PathArguments::AngleBracketed(arguments) => {
            arguments.args.iter().find_map(|one| match one {
                GenericArgument::Type(inner) => Some(inner),
                _ => None,
            })
        }
        _ => None,
    };
    Some((last.ident.to_string(), inner))
}

fn field_name(field: &Field) -> String {
    let own = field
        .ident
        .as_ref()
        .map(ToString::to_string)
        .unwrap_or_default();
    serde_value(&field.attrs, "rename").unwrap_or(own)
}

fn sources(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            found.extend(sources(&path)?);
        } else if path.extension().is_some_and(|end| end == "rs") {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}
