//! A whole login as a JSON object, read so that no error can quote a value.

use crate::part::LoginPart;
use ib_cli::{Error, Exit, Result, Secret, Unreadable, encoding_problem, shown_key};
use serde::Deserialize;
use serde::de::{MapAccess, Visitor};
use serde_json::value::RawValue;
use std::fmt;

/// The schema of a record, as `ibgw-secret` prints and reads it.
pub(crate) const SCHEMA: &str = "ibgw-secret/1";

/// The parts that an object has.
pub(crate) struct LoginObject(Vec<(LoginPart, Secret)>);

impl LoginObject {
    /// Reads a record. An unknown key is an error, since a typo must not lose a second factor.
    pub(crate) fn parse(text: &Secret) -> Result<Self> {
        if let Some(problem) = encoding_problem(text.expose()) {
            return Err(Unreadable::new(problem).about("it"));
        }
        let Entries(entries) = serde_json::from_slice(text.expose()).map_err(unreadable)?;
        check_schema(&entries)?;
        let mut parts: Vec<(LoginPart, Secret)> = Vec::new();
        for (key, value) in entries.iter().filter(|(key, _)| key != "schema") {
            let part = LoginPart::ALL
                .into_iter()
                .find(|part| part.name() == key)
                .ok_or_else(|| unknown(key))?;
            if parts.iter().any(|(other, _)| *other == part) {
                return Err(Error::new(
                    Exit::Config,
                    format!("it has the key {key} twice"),
                ));
            }
            let value: Option<String> = serde_json::from_str(value.get()).map_err(|_| {
                Error::new(Exit::Config, format!("{key} is neither a string nor null"))
            })?;
            match value {
                Some(value) if value.is_empty() => {
                    return Err(Error::new(
                        Exit::Config,
                        format!("{key} is empty (write null if there is no value)"),
                    ));
                }
                Some(value) => parts.push((part, Secret::new(value.into_bytes()))),
                None => {}
            }
        }
        Ok(Self(parts))
    }

    /// The value of a part; `None` if it is absent or null.
    pub(crate) fn get(&self, part: LoginPart) -> Option<&Secret> {
        self.0
            .iter()
            .find(|(other, _)| *other == part)
            .map(|(_, value)| value)
    }
}

/// The keys and values of an object in their order; the values are not parsed yet.
struct Entries<'a>(Vec<(String, &'a RawValue)>);

impl<'de: 'a, 'a> Deserialize<'de> for Entries<'a> {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> std::result::Result<Self, D::Error> {
        struct Collect;
        impl<'de> Visitor<'de> for Collect {
            type Value = Entries<'de>;

            fn expecting(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
                to.write_str("an object")
            }

            fn visit_map<M: MapAccess<'de>>(
                self,
                mut map: M,
            ) -> std::result::Result<Self::Value, M::Error> {
                let mut entries = Vec::new();
                while let Some(entry) = map.next_entry()? {
                    entries.push(entry);
                }
                Ok(Entries(entries))
            }
        }
        from.deserialize_map(Collect)
    }
}

fn unreadable(error: serde_json::Error) -> Error {
    Unreadable::from(error).error("it is not one JSON object")
}

fn check_schema(entries: &[(String, &RawValue)]) -> Result<()> {
    let text = |wanted: &str| {
        let (_, value) = entries.iter().find(|(key, _)| key == wanted)?;
        Some(serde_json::from_str::<String>(value.get()).unwrap_or_default())
    };
    match text("schema").as_deref() {
        None | Some(SCHEMA) => Ok(()),
        Some("ib-error/1") => {
            let cause = text("message").unwrap_or_default();
            Err(Error::new(
                Exit::Config,
                format!("it is an error in place of a login: {cause}"),
            ))
        }
        Some(_) => Err(Error::new(
            Exit::Config,
            format!("its schema is not {SCHEMA}"),
        )),
    }
}

fn unknown(key: &str) -> Error {
    let names = LoginPart::ALL.map(LoginPart::name);
    let key = shown_key(key, names).unwrap_or("that is like none of them");
    let known = names.join(", ");
    Error::new(
        Exit::Config,
        format!("it has an unknown key {key} (a login has {known})"),
    )
}
