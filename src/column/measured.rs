//! The finite durations of some rows alone: most questions about a period need nothing else of its rows.

use super::chunks::CHUNK_ROWS;
use super::row::finite_durations;
use super::wire::Input;
use super::{Form, Row};

/// The finite durations of a part, in the order of the file.
#[derive(Debug, Default)]
pub struct Measured(Vec<f64>);

impl Measured {
    /// All of them.
    #[must_use]
    pub fn all(&self) -> &[f64] {
        &self.0
    }
}

impl Form<Row> for Measured {
    fn of(rows: Vec<Row>) -> Self {
        Self(rows.iter().map(|row| row.duration_ms).filter(|ms| ms.is_finite()).collect())
    }

    fn bytes(&self) -> usize {
        self.0.len() * size_of::<f64>()
    }

    fn read(bytes: &[u8], total: u64) -> Option<Self> {
        let mut input = Input::new(bytes);
        let count = input.count().filter(|&count| count <= CHUNK_ROWS && count as u64 == total)?;
        finite_durations(&mut input, count).map(Self)
    }
}
