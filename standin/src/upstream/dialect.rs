//! The two dialects of `/sso/Authenticator`: JSON, which the page of today asks for, and the XML of the page before.

use crate::http::{HttpRequest, Response};
use serde_json::{Map, Value};

/// Whether a request is in the dialect of the page before.
pub(crate) fn is_xml(request: &HttpRequest) -> bool {
    request.field("RESP_TYPE").as_deref() != Some("JSON")
}

/// Answers in the dialect that was asked in.
pub(crate) fn answer(request: &HttpRequest, body: &Value) -> Response {
    if is_xml(request) {
        Response::bare(200, xml(body)).with("Content-Type", "text/xml;charset=UTF-8")
    } else {
        Response::json(body)
    }
}

/// Where michaeljherrmann/ib-gateway-service finds what; everything else stands below the root.
const PLACES: [(&str, &[&str]); 2] = [
    (
        "ini_params",
        &[
            "g", "N", "proto", "hash", "s", "B", "lp", "paper", "rsapub", "M2",
        ],
    ),
    ("auth_info", &["reached_max_login"]),
];

fn xml(body: &Value) -> String {
    let mut rest = body.as_object().cloned().unwrap_or_default();
    let mut inner = String::new();
    for (place, names) in PLACES {
        let found: Map<String, Value> = names
            .iter()
            .filter_map(|name| rest.remove(*name).map(|value| ((*name).to_owned(), value)))
            .collect();
        if !found.is_empty() {
            inner += &element(place, &Value::Object(found));
        }
    }
    for (name, value) in &rest {
        inner += &element(name, value);
    }
    format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<ib_auth_res>{inner}</ib_auth_res>")
}

fn element(name: &str, value: &Value) -> String {
    let inner = match value {
        Value::Null => return format!("<{name}/>"),
        Value::Object(members) => members
            .iter()
            .map(|(name, value)| element(name, value))
            .collect(),
        Value::Array(list) => list.iter().map(text).collect::<Vec<_>>().join(","),
        other => text(other),
    };
    format!("<{name}>{inner}</{name}>")
}

fn text(value: &Value) -> String {
    let text = value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned);
    text.replace('&', "&amp;").replace('<', "&lt;")
}
