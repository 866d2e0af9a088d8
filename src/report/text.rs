//! Names and stored values inside results, as JSON text that may hold lone surrogates.

use serde::ser::Error as _;
use serde::{Serialize, Serializer};
use serde_json::value::RawValue;

use crate::json;

/// A JSON value as text.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Text(String);

impl Text {
    /// A string, from WTF-8.
    #[must_use]
    pub fn string(text: &[u8]) -> Self {
        Self(json::quote(text))
    }

    /// A value that has passed the scanner, as it stands in a line.
    #[must_use]
    pub fn value(value: &[u8]) -> Self {
        Self(String::from_utf8_lossy(value).into_owned())
    }

    /// The JSON text.
    #[must_use]
    pub fn as_json(&self) -> &str {
        &self.0
    }
}

impl Serialize for Text {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        raw(self.0.clone(), serializer)
    }
}

/// An object whose keys are names, in the order given; serde's maps cannot hold names with lone surrogates.
#[derive(Debug, Clone, PartialEq)]
pub struct ByName<V>(pub Vec<(Text, V)>);

impl<V> Default for ByName<V> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<V: Serialize> Serialize for ByName<V> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut text = String::from("{");
        for (name, value) in &self.0 {
            if text.len() > 1 {
                text.push(',');
            }
            text.push_str(name.as_json());
            text.push(':');
            text.push_str(&serde_json::to_string(value).map_err(S::Error::custom)?);
        }
        text.push('}');
        raw(text, serializer)
    }
}

fn raw<S: Serializer>(text: String, serializer: S) -> Result<S::Ok, S::Error> {
    RawValue::from_string(text).map_err(S::Error::custom)?.serialize(serializer)
}

#[cfg(test)]
mod tests {
    use super::{ByName, Text};

    #[test]
    fn keeps_order_and_lone_surrogates() {
        let names =
            ByName(vec![(Text::string(b"b"), 1), (Text::string(b"__proto__"), 2), (Text::value(b"\"\\ud800\""), 3)]);
        assert_eq!(serde_json::to_string(&names).unwrap(), r#"{"b":1,"__proto__":2,"\ud800":3}"#);
    }
}
