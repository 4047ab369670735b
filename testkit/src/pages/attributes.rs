//! What stands in the attributes of a struct, an enum or one of its parts: doc comments, and words for serde.

use syn::{Attribute, Expr, Lit, Meta};

/// The doc comment, as one line.
pub(super) fn doc(attributes: &[Attribute]) -> String {
    let lines = attributes
        .iter()
        .filter_map(|attribute| match &attribute.meta {
            Meta::NameValue(pair) if pair.path.is_ident("doc") => text_of(&pair.value),
            _ => None,
        });
    let lines: Vec<String> = lines.map(|line| line.trim().to_owned()).collect();
    lines.join(" ").trim().to_owned()
}

fn text_of(value: &Expr) -> Option<String> {
    match value {
        Expr::Lit(literal) => match &literal.lit {
            Lit::Str(text) => Some(text.value()),
            _ => None,
        },
        _ => None,
    }
}

/// Whether serde derives how the type is written. What writes itself has names of its own.
pub(super) fn is_derived(attributes: &[Attribute]) -> bool {
    let mut derives = attributes
        .iter()
        .filter(|one| one.path().is_ident("derive"));
    derives.any(|one| match &one.meta {
        Meta::List(list) => list.tokens.to_string().contains("Serialize"),
        _ => false,
    })
}

pub(super) fn is_left_out(attributes: &[Attribute]) -> bool {
    has_serde(attributes, "skip") || has_serde(attributes, "skip_serializing")
}

/// Whether serde is given this word, such as `flatten`.
pub(super) fn has_serde(attributes: &[Attribute], word: &str) -> bool {
    let mut is_there = false;
    visit(attributes, |path, _| is_there |= path == word);
    is_there
}

/// The value that serde is given for a word, such as that of `rename`.
pub(super) fn serde_value(attributes: &[Attribute], word: &str) -> Option<String> {
    let mut found = None;
    visit(attributes, |path, value| {
        if path == word {
            found = value;
        }
    });
    found
}

fn visit(attributes: &[Attribute], mut see: impl FnMut(&str, Option<String>)) {
    for attribute in attributes.iter().filter(|one| one.path().is_ident("serde")) {
        // A form that this does not know ends the look at this attribute alone.
        let _ = attribute.parse_nested_meta(|meta| {
            let value = match meta.value() {
                Ok(value) => value.parse::<Expr>().ok().as_ref().and_then(text_of),
                Err(_) => None,
            };
            let name = meta.path.get_ident().map(ToString::to_string);
            see(&name.unwrap_or_default(), value);
            Ok(())
        });
    }
}
