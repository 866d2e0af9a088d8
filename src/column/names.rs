//! Names (ids, skills, agents, …) as small numbers, in order of first appearance.

use std::borrow::Cow;
use std::hash::{BuildHasher, RandomState};
use std::iter::repeat_n;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use super::wire::{Input, put_bytes, put_unsigned};
use crate::json;

/// A name's canonical form: a string's WTF-8 text, or the JSON text of any other value behind a byte that no text begins with.
fn canonical(value: &[u8]) -> Cow<'_, [u8]> {
    match value.first() {
        Some(b'"') => json::decode(value),
        _ => Cow::Owned([&[OTHER], value].concat()),
    }
}

/// Whether two JSON values are one name, however their texts are escaped.
#[must_use]
pub fn is_same_name(one: &[u8], other: &[u8]) -> bool {
    canonical(one) == canonical(other)
}

/// Marks a name that is not a string; 0xFF occurs in no WTF-8.
const OTHER: u8 = 0xff;

/// So many searches look through all names before a table is made for them: a question in a process of its own is answered
/// sooner without one.
const SEARCHES_WITHOUT_TABLE: u32 = 8;

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
    texts: Texts,
    table: OnceLock<Table>,
    searches: AtomicU32,
}

/// All texts, one behind the other.
#[derive(Debug, Default)]
struct Texts {
    bytes: Vec<u8>,
    /// Where each one ends.
    ends: Vec<usize>,
}

impl Texts {
    fn get(&self, index: usize) -> &[u8] {
        let start = index.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.bytes[start..self.ends[index]]
    }

    fn push(&mut self, text: &[u8]) {
        self.bytes.extend_from_slice(text);
        self.ends.push(self.bytes.len());
    }

    fn iter(&self) -> impl Iterator<Item = &[u8]> {
        let mut start = 0;
        self.ends.iter().map(move |&end| &self.bytes[std::mem::replace(&mut start, end)..end])
    }
}

/// Numbers by the hash of their texts: a number stands in the slot of its hash or in the next one that was free.
#[derive(Debug)]
struct Table {
    hasher: RandomState,
    /// [`FREE`] or a number; a power of two of them, at least twice as many as numbers.
    slots: Vec<u32>,
}

const FREE: u32 = u32::MAX;

impl Table {
    fn new(texts: &Texts) -> Self {
        let size = (texts.ends.len() + 1).saturating_mul(2).next_power_of_two();
        let mut table = Self { hasher: RandomState::new(), slots: repeat_n(FREE, size).collect() };
        for (number, text) in (0..FREE).zip(texts.iter()) {
            if let Err(slot) = table.find(texts, text) {
                table.slots[slot] = number;
            }
        }
        table
    }

    /// The number of a text, or the slot for it.
    #[expect(clippy::cast_possible_truncation, reason = "only the low bits are used")]
    fn find(&self, texts: &Texts, text: &[u8]) -> Result<u32, usize> {
        let mask = self.slots.len() - 1;
        let mut slot = self.hasher.hash_one(text) as usize & mask;
        loop {
            match self.slots[slot] {
                FREE => return Err(slot),
                number if texts.get(number as usize) == text => return Ok(number),
                _ => slot = (slot + 1) & mask,
            }
        }
    }
}

impl Names {
    /// The number of a JSON value's name, a new one at its first appearance.
    pub fn intern(&mut self, value: &[u8]) -> u32 {
        let name = canonical(value);
        let count = self.texts.ends.len();
        let slot = match self.table().find(&self.texts, &name) {
            Ok(number) => return number,
            Err(slot) => slot,
        };
        let number = u32::try_from(count).unwrap_or(FREE).min(FREE - 1);
        self.texts.push(&name);
        if let Some(table) = self.table.get_mut() {
            table.slots[slot] = number;
            if 2 * (count + 1) > table.slots.len() {
                *table = Table::new(&self.texts);
            }
        }
        number
    }

    /// The number of a JSON value's name, if it has appeared.
    #[must_use]
    pub fn find(&self, value: &[u8]) -> Option<u32> {
        let name = canonical(value);
        if self.table.get().is_none() && self.searches.fetch_add(1, Ordering::Relaxed) < SEARCHES_WITHOUT_TABLE {
            return self.texts.iter().position(|text| text == &*name).and_then(|index| u32::try_from(index).ok());
        }
        self.table().find(&self.texts, &name).ok()
    }

    fn table(&self) -> &Table {
        self.table.get_or_init(|| Table::new(&self.texts))
    }

    /// A name as the text that JavaScript would use for a property: WTF-8.
    ///
    /// # Panics
    /// When the number was not given by this table.
    #[must_use]
    pub fn text(&self, number: u32) -> &[u8] {
        let text = self.texts.get(number as usize);
        text.strip_prefix(&[OTHER]).unwrap_or(text)
    }

    /// A name as a JSON value.
    ///
    /// # Panics
    /// See [`Self::text`].
    #[must_use]
    pub fn value(&self, number: u32) -> String {
        match self.texts.get(number as usize).strip_prefix(&[OTHER]) {
            Some(other) => String::from_utf8_lossy(other).into_owned(),
            None => json::quote(self.text(number)),
        }
    }

    /// Appends the names as bytes.
    pub fn save(&self, out: &mut Vec<u8>) {
        put_unsigned(out, self.len() as u64);
        self.texts.iter().for_each(|text| put_bytes(out, text));
    }

    /// Reads what [`Self::save`] wrote; `None` when it makes no sense.
    #[must_use]
    pub fn load(input: &mut Input<'_>) -> Option<Self> {
        let count = input.count()?;
        let mut names = Self::default();
        names.texts.ends.reserve_exact(count);
        for _ in 0..count {
            names.texts.push(input.bytes()?);
        }
        Some(names)
    }

    /// How many names there are.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.texts.ends.len()
    }

    /// Whether there are none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.texts.ends.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::{Input, Names, SEARCHES_WITHOUT_TABLE};

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

    /// Saved and loaded at any length, with and without a table, and going on from there.
    #[test]
    fn every_name_is_found_under_its_number() {
        let value = |number: u32| format!("\"name {}\"", number.wrapping_mul(2_654_435_761)).into_bytes();
        for count in [0, 1, 2, 3, 7, 8, 9, 100, 3000] {
            let mut names = Names::default();
            for number in (0..count).chain(0..count) {
                assert_eq!(names.intern(&value(number)), number);
            }
            let mut saved = Vec::new();
            names.save(&mut saved);
            let Some(mut loaded) = Names::load(&mut Input::new(&saved)) else { panic!("{count} are not loaded") };
            for _ in 0..=SEARCHES_WITHOUT_TABLE {
                assert_eq!(loaded.find(&value(count)), None);
                assert_eq!(loaded.find(&value(count / 2)), (count > 0).then_some(count / 2));
            }
            assert_eq!(loaded.len(), count as usize);
            for number in count..count + 20 {
                assert_eq!((loaded.intern(&value(number)), loaded.find(&value(number))), (number, Some(number)));
            }
            assert!((0..count).all(|number| loaded.text(number) == names.text(number)));
        }
    }
}
