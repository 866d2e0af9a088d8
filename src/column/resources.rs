//! What records say of the resources they used, for each id that has any: only the records that say something have a row.

use super::State;
use super::chunks::{CHUNK_ROWS, Cell, Chunks, Damaged, Ids, Sink, Source};
use super::names::Names;
use super::numbered::Numbered;
use super::row::{put_times, times};
use super::summary::Summary;
use super::wire::{Input, bit, put_bits, put_signed, put_unsigned};
use crate::event::Resources;

/// One record's resources.
#[derive(Debug, Clone, Copy)]
pub struct ResourceRow {
    /// Epoch ms; `None` when unreadable.
    pub at: Option<i64>,
    /// The values; NaN where there is none.
    pub values: Resources,
}

/// Processor times are whole microseconds and sizes whole bytes; both are short as such.
const UNITS: [f64; 2] = [1_000.0, 1_048_576.0];

/// Stands for a column without values, and for one whose values are written as they are; a unit is written as its place.
const EMPTY: u8 = 0xff;
const RAW: u8 = 0xfe;

/// Whole numbers below this survive in a float.
const WHOLE_BELOW: f64 = 4_503_599_627_370_496.0;

/// The whole number of units that a value is, if it comes back as the very same value.
#[expect(clippy::cast_possible_truncation, reason = "checked to be whole and below 2^52")]
fn in_units(value: f64, unit: f64) -> Option<i64> {
    let count = (value * unit).round();
    // A negative zero does not come back.
    let same = count.abs() < WHOLE_BELOW && (count / unit).to_bits() == value.to_bits() && value.to_bits() != 1 << 63;
    same.then_some(count as i64)
}

fn put_values(out: &mut Vec<u8>, values: &[f64]) {
    let known = values.iter().copied().filter(|value| !value.is_nan());
    if known.clone().next().is_none() {
        out.push(EMPTY);
        return;
    }
    let unit = UNITS.iter().position(|&unit| known.clone().all(|value| in_units(value, unit).is_some()));
    out.push(unit.and_then(|place| u8::try_from(place).ok()).unwrap_or(RAW));
    put_bits(out, values.iter().map(|value| !value.is_nan()));
    for value in known {
        match unit.and_then(|place| in_units(value, UNITS[place])) {
            Some(count) => put_signed(out, count),
            None => out.extend_from_slice(&value.to_bits().to_le_bytes()),
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "whole numbers are below 2^52")]
fn values(input: &mut Input<'_>, count: usize) -> Option<Vec<f64>> {
    let kind = input.take(1)?[0];
    if kind == EMPTY {
        return Some(vec![f64::NAN; count]);
    }
    let unit = UNITS.get(usize::from(kind));
    if unit.is_none() && kind != RAW {
        return None;
    }
    let known = input.take(count.div_ceil(8))?;
    let value = |index| match unit {
        _ if !bit(known, index) => Some(f64::NAN),
        Some(unit) => Some(input.signed()? as f64 / unit),
        None => Some(f64::from_bits(input.word()?)),
    };
    (0..count).map(value).collect()
}

impl Cell for ResourceRow {
    fn add_to(&self, summary: &mut Summary) {
        summary.add(self.at, summary.serials.map_or(0, |(_, last)| last + 1));
    }

    fn encode(rows: &[Self], out: &mut Vec<u8>) {
        put_unsigned(out, rows.len() as u64);
        put_times(out, rows.iter().map(|row| row.at));
        for resource in 0..Resources::default().len() {
            let column: Vec<f64> = rows.iter().map(|row| row.values[resource]).collect();
            put_values(out, &column);
        }
    }

    fn decode(bytes: &[u8]) -> Option<Vec<Self>> {
        let mut input = Input::new(bytes);
        let count = input.count().filter(|&count| count <= CHUNK_ROWS)?;
        let times = times(&mut input, count)?;
        let mut rows: Vec<Self> = times.into_iter().map(|at| Self { at, values: Resources::default() }).collect();
        for resource in 0..Resources::default().len() {
            let column = values(&mut input, count)?;
            rows.iter_mut().zip(column).for_each(|(row, value)| row.values[resource] = value);
        }
        input.is_empty().then_some(rows)
    }
}

/// What the executions of one file say of resources, per CUJ; made when it is first asked for.
#[derive(Debug, Default)]
pub struct ExecutionResources {
    names: Names,
    rows: Numbered<ResourceRow>,
    ids: Ids,
}

impl ExecutionResources {
    /// The number of a CUJ, given as a JSON value.
    pub fn intern(&mut self, cuj_id: &[u8]) -> u32 {
        self.names.intern(cuj_id)
    }

    /// Appends what an execution of the CUJ with this number says, if it says anything.
    pub fn push(&mut self, number: u32, at: Option<i64>, resources: Option<Resources>) {
        if let Some(values) = resources {
            self.rows.push(number, ResourceRow { at, values }, &mut self.ids);
        }
    }

    /// What the executions of a CUJ, given as a JSON value, say.
    #[must_use]
    pub fn resources(&self, cuj_id: &[u8]) -> Option<&Chunks<ResourceRow>> {
        self.names.find(cuj_id).and_then(|number| self.rows.get(number))
    }

    /// The same for every CUJ that says something, with its name (WTF-8), in order of first appearance.
    pub fn iter(&self) -> impl Iterator<Item = (&[u8], &Chunks<ResourceRow>)> {
        self.rows.iter().map(|(number, rows)| (self.names.text(number), rows))
    }
}

impl State for ExecutionResources {
    fn save(&mut self, source: &dyn Source, sink: &mut dyn Sink, out: &mut Vec<u8>) -> Result<(), Damaged> {
        self.names.save(out);
        self.rows.save(source, sink, out)
    }

    fn spill(&mut self, sink: &mut dyn Sink) {
        self.rows.spill(sink);
    }

    fn load(input: &mut Input<'_>) -> Option<Self> {
        let mut ids = Ids::default();
        let names = Names::load(input)?;
        let rows = Numbered::load(input, names.len(), &mut ids)?;
        Some(Self { names, rows, ids })
    }
}

#[cfg(test)]
mod tests {
    use super::{Cell, ResourceRow};

    #[test]
    fn decodes_what_it_encoded() {
        let none = f64::NAN;
        let columns: [[f64; 4]; 5] = [
            [none, 12.5, 0.1, -0.0],
            [none, 12.5 + 1.0 / 1_048_576.0, 1_234.567, 0.25],
            [none, -3.0, none, 1e300],
            [none, none, 0.29, 1.0 / 3.0],
            [none, 0.0, 4_503_599_627_370.0, f64::MAX],
        ];
        let row = |i: u32| ResourceRow {
            at: (i % 7 != 3).then(|| 1_767_960_000_000 + i64::from(i * 7919 % 1000) - 500),
            values: columns[i as usize % columns.len()],
        };
        for count in [0, 1, 5, 1000] {
            let rows: Vec<ResourceRow> = (0..count).map(row).collect();
            let mut bytes = Vec::new();
            ResourceRow::encode(&rows, &mut bytes);
            let decoded = ResourceRow::decode(&bytes).unwrap();
            assert_eq!(format!("{decoded:?}"), format!("{rows:?}"));
            assert!((0..bytes.len()).all(|cut| ResourceRow::decode(&bytes[..cut]).is_none()));
        }
    }

    #[test]
    fn bytes_and_microseconds_are_short() {
        let row = |i: u32| ResourceRow {
            at: Some(i64::from(i)),
            values: [f64::NAN, f64::from(100_000 + i) / 1_048_576.0, f64::from(i) / 1000.0, f64::NAN],
        };
        let rows: Vec<ResourceRow> = (0..1000).map(row).collect();
        let mut bytes = Vec::new();
        ResourceRow::encode(&rows, &mut bytes);
        assert!(bytes.len() < 7 * rows.len(), "{}", bytes.len());
    }
}
