//! The values that a record is made of, found in its line: key by key, or by a shape that an earlier line had as well.

use super::resources::{NOWHERE, Places, ResourceKeys, resources_at};
use super::{Record, Resources};
use crate::json::{self, Progress, Shape};

/// More keys than this no record is made of.
const MOST: usize = 9;

/// The values that a record is made of, in the order of its keys.
#[derive(Debug, Clone)]
pub struct Values<'a> {
    line: &'a [u8],
    all: [Option<&'a [u8]>; MOST],
    /// Where the numbers stand that the metadata give for resources.
    resources: Places,
}

impl<'a> Values<'a> {
    /// Finds the values of `keys`, the last one where a key stands twice; `None` when the line is no JSON object.
    pub(super) fn read(line: &'a [u8], keys: &[&str], resources: bool) -> Option<Self> {
        Self::walk(line, keys, &mut Walk { resources: resources.then(|| ResourceKeys::new(line)), scalars: None })
    }

    fn walk(line: &'a [u8], keys: &[&str], walk: &mut Walk<'_>) -> Option<Self> {
        let mut values = Self { line, all: [None; MOST], resources: NOWHERE };
        json::read_object_with(line, walk, |walk, key, value| {
            let name = json::key_name(key);
            if let Some(place) = keys.iter().position(|key| key.as_bytes() == &*name) {
                values.all[place] = Some(value);
            }
            if let Some(keys) = &mut walk.resources {
                if &*name == b"metadata" {
                    values.resources = keys.places();
                }
                keys.clear();
            }
        })
        .ok()?;
        Some(values)
    }

    /// Each key's value; `None` where the line has no such key.
    #[must_use]
    pub const fn all(&self) -> [Option<&'a [u8]>; MOST] {
        self.all
    }

    /// What the metadata say of resources.
    #[must_use]
    pub fn resources(&self) -> Option<Resources> {
        resources_at(self.line, &self.resources)
    }
}

/// What is noted on the walk over a line.
struct Walk<'a> {
    resources: Option<ResourceKeys<'a>>,
    scalars: Option<&'a mut Vec<(usize, usize)>>,
}

impl Progress for Walk<'_> {
    fn key(&mut self, start: usize, end: usize, depth: usize) {
        if let Some(keys) = &mut self.resources {
            keys.key(start, end, depth);
        }
    }

    fn scalar(&mut self, start: usize, end: usize) {
        if let Some(scalars) = &mut self.scalars {
            scalars.push((start, end));
        }
    }
}

/// Stands for a value that lines of a shape do not have.
const ABSENT: usize = usize::MAX;

/// How many shapes are tried before a line is walked over key by key.
const SHAPES: usize = 4;

/// Lines with more values than this are not worth a shape.
const MOST_SCALARS: usize = 256;

/// A shape, and which of its scalar values a record is made of.
#[derive(Debug)]
struct Known {
    shape: Shape,
    all: [usize; MOST],
    /// `None` when the line has none.
    resources: Option<[usize; NOWHERE.len()]>,
}

impl Known {
    /// `None` when one of the values is a container, which is no part of a shape.
    fn new(values: &Values<'_>, scalars: &[(usize, usize)]) -> Option<Self> {
        let find = |start: usize| scalars.binary_search_by_key(&start, |&(start, _)| start).ok();
        let mut all = [ABSENT; MOST];
        for (place, value) in all.iter_mut().zip(values.all) {
            if let Some(value) = value {
                *place = find(value.as_ptr().addr() - values.line.as_ptr().addr())?;
            }
        }
        // A container at such a place is no number.
        let place = |start| if start == 0 { ABSENT } else { find(start).unwrap_or(ABSENT) };
        let resources = (values.resources != NOWHERE).then(|| values.resources.map(place));
        Some(Self { shape: Shape::new(values.line, scalars), all, resources })
    }

    fn values<'a>(&self, line: &'a [u8], scalars: &[(usize, usize)]) -> Values<'a> {
        let text = |place: usize| scalars.get(place).map(|&(start, end)| &line[start..end]);
        let start = |place: usize| scalars.get(place).map_or(0, |&(start, _)| start);
        let resources = self.resources.map_or(NOWHERE, |resources| resources.map(start));
        Values { line, all: self.all.map(text), resources }
    }
}

/// Reads lines of one kind of record one after the other, faster where they have the shape of an earlier one.
///
/// ```
/// use obs_native::event::{CujExecution, Reader, Record};
///
/// let mut reader = Reader::of::<CujExecution<'_>>();
/// for line in [br#"{"cuj_id":"a","n":1}"#, br#"{"cuj_id":"b","n":2}"#] {
///     let execution = CujExecution::of(&reader.read(line).unwrap()).unwrap();
///     assert_eq!(execution.cuj_id, CujExecution::read(line).unwrap().cuj_id);
/// }
/// assert!(reader.read(br#"{"cuj_id":"b","n":02}"#).is_none());
/// ```
#[derive(Debug)]
pub struct Reader {
    keys: &'static [&'static str],
    resources: bool,
    /// The one that was met last comes first.
    known: Vec<Known>,
    scalars: Vec<(usize, usize)>,
    /// Lines without a known shape since the last one that had one.
    misses: usize,
}

impl Reader {
    /// A reader of records of kind `R`.
    #[must_use]
    pub fn of<'r, R: Record<'r>>() -> Self {
        Self { keys: R::KEYS, resources: R::RESOURCES, known: Vec::new(), scalars: Vec::new(), misses: 0 }
    }

    /// The values that a record is made of; `None` when the line is no JSON object.
    pub fn read<'a>(&mut self, line: &'a [u8]) -> Option<Values<'a>> {
        let found = self.known.iter().position(|known| known.shape.find(line, &mut self.scalars));
        if let Some(place) = found {
            self.known[..=place].rotate_right(1);
            self.misses = 0;
            return self.known.first().map(|known| known.values(line, &self.scalars));
        }
        self.misses += 1;
        self.learn(line)
    }

    /// Learns the shape of a line without a known one; the more seldom, the longer no line has had a known shape. There may
    /// be no more lines than the first, so that is not learned from.
    fn learn<'a>(&mut self, line: &'a [u8]) -> Option<Values<'a>> {
        let first = self.known.is_empty() && self.misses == 1;
        if first || !self.misses.is_power_of_two() {
            return Values::read(line, self.keys, self.resources);
        }
        self.scalars.clear();
        let keys = self.resources.then(|| ResourceKeys::new(line));
        let values = Values::walk(line, self.keys, &mut Walk { resources: keys, scalars: Some(&mut self.scalars) })?;
        if self.scalars.len() <= MOST_SCALARS
            && let Some(known) = Known::new(&values, &self.scalars)
        {
            self.known.truncate(SHAPES - 1);
            self.known.insert(0, known);
        }
        Some(values)
    }
}
