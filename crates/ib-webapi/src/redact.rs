//! Taking secrets out of JSON.

use serde_json::{Map, Value};
use zeroize::Zeroize;

/// Removes every member that repeats a secret.
pub(crate) fn remove_texts(object: &mut Map<String, Value>, secrets: &[&str]) {
    let repeats = |text: &str| secrets.iter().any(|secret| text.contains(secret));
    object.retain(|name, value| {
        let keeps = !repeats(name) && !value.as_str().is_some_and(repeats);
        if !keeps {
            wipe(value);
        }
        keeps
    });
    for value in object.values_mut() {
        remove_texts_below(value, secrets);
    }
}

fn remove_texts_below(value: &mut Value, secrets: &[&str]) {
    match value {
        Value::Object(object) => remove_texts(object, secrets),
        Value::Array(items) => {
            items.retain(|item| {
                let text = item.as_str().unwrap_or_default();
                !secrets.iter().any(|secret| text.contains(secret))
            });
            for item in items {
                remove_texts_below(item, secrets);
            }
        }
        _ => {}
    }
}

/// Removes the members that are secret by their name: `session` is the value of a cookie.
pub(crate) fn remove_names(object: &mut Map<String, Value>) {
    object.retain(|name, value| {
        let is_secret = ["token", "access_token", "session"]
            .iter()
            .any(|secret| name.eq_ignore_ascii_case(secret));
        if is_secret {
            wipe(value);
        }
        !is_secret
    });
    for value in object.values_mut() {
        if let Value::Object(below) = value {
            remove_names(below);
        }
    }
}

/// Wipes every text in a value.
pub(crate) fn wipe(value: &mut Value) {
    match value {
        Value::String(text) => text.zeroize(),
        Value::Array(items) => items.iter_mut().for_each(wipe),
        Value::Object(object) => object.values_mut().for_each(wipe),
        _ => {}
    }
}
