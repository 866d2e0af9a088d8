//! Names (ids, skills, agents, …) as small numbers, in order of first appearance.

use std::borrow::Cow;
use std::collections::HashMap;

use super::wire::{Input, put_bytes, put_unsigned};
use crate::json;

/// A name's canonical form: a string's WTF-8 text, or the JSON text of any other value behind a byte that no text begins with.
fn canonical(value: &[u8]) -> Cow<'_, [u8]> {
    match value.first() {
        Some(b'"') => json::decode(value),
        _ => Cow::Owned([&[OTHER], value].concat()),
    }
}

/// Marks a name that is not a string; 0xFF occurs in no WTF-8.
const OTHER: u8 = 0xff;

/// Interns names: each JSON value has one number, however its text is escaped.
///
/// ```
/// use obs_native::column::Names;
///
/// let mut names = Names::default();
/// let number = names.intern(br#""qa""#);
/// assert_eq!((names.find(br#""\u0071a""#), names.text(number)), (Some(number), &b"qa"[..]));
/// ```
#[derive(Debug, Default)]
pub struct Names {
    numbers: HashMap<Box<[u8]>, u32>,
    texts: Vec<Box<[u8]>>,
}

impl Names {
    /// The number of a JSON value's name, a new one at its first appearance.
    pub fn intern(&mut self, value: &[u8]) -> u32 {
        let name = canonical(value);
        if let Some(&number) = self.numbers.get(&*name) {
            return number;
        }
        let number = u32::try_from(self.texts.len()).unwrap_or(u32::MAX);
        self.numbers.insert(name.clone().into(), number);
        self.texts.push(name.into());
        number
    }

    /// The number of a JSON value's name, if it has appeared.
    #[must_use]
    pub fn find(&self, value: &[u8]) -> Option<u32> {
        self.numbers.get(&*canonical(value)).copied()
    }

    /// A name as the text that JavaScript would use for a property: WTF-8.
    ///
    /// # Panics
    /// When the number was not given by this table.
    #[must_use]
    pub fn text(&self, number: u32) -> &[u8] {
        let text = &self.texts[number as usize];
        text.strip_prefix(&[OTHER]).unwrap_or(text)
    }

    /// Appends the names as bytes.
    pub fn save(&self, out: &mut Vec<u8>) {
        put_unsigned(out, self.texts.len() as u64);
        self.texts.iter().for_each(|text| put_bytes(out, text));
    }

    /// Reads what [`Self::save`] wrote; `None` when it makes no sense.
    #[must_use]
    pub fn load(input: &mut Input<'_>) -> Option<Self> {
        let count = input.count()?;
        let mut names = Self { numbers: HashMap::with_capacity(count), texts: Vec::with_capacity(count) };
        for number in 0..count {
            let text = input.bytes()?;
            names.texts.push(text.into());
            if names.numbers.insert(text.into(), u32::try_from(number).ok()?).is_some() {
                return None;
            }
        }
        Some(names)
    }

    /// How many names there are.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.texts.len()
    }

    /// Whether there are none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.texts.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::Names;

    #[test]
    fn tells_values_apart_and_spellings_not() {
        let mut names = Names::default();
        assert_eq!(names.intern(b"\"a\""), 0);
        assert_eq!(names.intern(b"\"\\u0061\""), 0);
        assert_eq!(names.intern(b"5"), 1);
        assert_eq!(names.intern(b"\"5\""), 2);
        assert_eq!(names.intern(b"\"\\ud800\""), 3);
        assert_eq!(names.find(b"\"\\uD800\""), Some(3));
        assert_eq!((names.text(1), names.text(2)), (&b"5"[..], &b"5"[..]));
    }
}
