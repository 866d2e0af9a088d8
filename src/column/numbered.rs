//! Rows of some of the ids of a file, by the numbers of their names: most ids may have none.

use std::collections::BTreeMap;

use super::chunks::{Cell, Chunks, Damaged, Ids, Sink, Source};
use super::wire::{Input, put_unsigned};

/// Rows by the number of their id's name.
#[derive(Debug)]
pub struct Numbered<R>(BTreeMap<u32, Chunks<R>>);

impl<R> Default for Numbered<R> {
    fn default() -> Self {
        Self(BTreeMap::new())
    }
}

impl<R: Cell> Numbered<R> {
    /// Appends a row of the id with this number.
    pub(super) fn push(&mut self, number: u32, row: R, ids: &mut Ids) {
        self.0.entry(number).or_default().push(row, ids);
    }

    /// The rows of an id.
    #[must_use]
    pub fn get(&self, number: u32) -> Option<&Chunks<R>> {
        self.0.get(&number)
    }

    /// Every id that has rows, in order of first appearance in the file.
    pub fn iter(&self) -> impl Iterator<Item = (u32, &Chunks<R>)> {
        self.0.iter().map(|(&number, rows)| (number, rows))
    }

    /// Writes the state; see [`Chunks::save`].
    pub(super) fn save(&mut self, source: &dyn Source, sink: &mut dyn Sink, out: &mut Vec<u8>) -> Result<(), Damaged> {
        put_unsigned(out, self.0.len() as u64);
        self.0.iter_mut().try_for_each(|(&number, rows)| {
            put_unsigned(out, number.into());
            rows.save(source, sink, out)
        })
    }

    /// See [`Chunks::spill`].
    pub(super) fn spill(&mut self, sink: &mut dyn Sink) {
        self.0.values_mut().for_each(|rows| rows.spill(sink));
    }

    /// Reads a state back, in which numbers of `names` names may occur; `None` when it makes no sense.
    pub(super) fn load(input: &mut Input<'_>, names: usize, ids: &mut Ids) -> Option<Self> {
        let mut all = BTreeMap::new();
        for _ in 0..input.count()? {
            let number = u32::try_from(input.unsigned()?).ok().filter(|&number| (number as usize) < names)?;
            all.insert(number, Chunks::load(input, ids)?);
        }
        Some(Self(all))
    }
}
