//! The readers of what a server sends, for the fuzz targets alone.

use crate::direct::{Fields, InitAnswer, ProofAnswer, answer_error};

/// Reads an answer in JSON.
pub fn json(body: &[u8]) {
    read(Fields::of_json(body));
}

/// Reads an answer in XML.
pub fn xml(body: &[u8]) {
    read(Fields::of_xml(body));
}

fn read(fields: Result<Fields, &'static str>) {
    if let Ok(fields) = fields {
        let _ = (
            InitAnswer::read(&fields).is_ok(),
            ProofAnswer::read(&fields).is_ok(),
            answer_error(&fields),
        );
    }
}
