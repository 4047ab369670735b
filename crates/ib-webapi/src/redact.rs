//! Taking secrets out of JSON.

use serde_json::{Map, Value};

/// Removes every member that repeats a secret.
pub(crate) fn remove_texts(object: &mut Map<String, Value>, secrets: &[&str]) {
    let repeats = |text: &str| secrets.iter().any(|secret| text.contains(secret));
    object.retain(|name, value| !repeats(name) && !value.as_str().is_some_and(repeats));
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
    object.retain(|name, _| {
        !["token", "access_token", "session"]
            .iter()
            .any(|secret| name.eq_ignore_ascii_case(secret))
    });
    object.values_mut().for_each(remove_names_below);
}

fn remove_names_below(value: &mut Value) {
    match value {
        Value::Object(object) => remove_names(object),
        Value::Array(items) => items.iter_mut().for_each(remove_names_below),
        _ => {}
    }
}
