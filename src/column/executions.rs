//! The CUJ executions of one file, per CUJ.

use std::hash::{BuildHasher, RandomState};

use super::{Names, Row, Series, Span};
use crate::event::CujExecution;

/// A failed execution. Its error is kept as a hash and fetched from the file when it is shown.
#[derive(Debug, Clone, Copy)]
pub struct Failure {
    /// Index of its row in the CUJ's series.
    pub row: usize,
    /// Where its line stands.
    pub span: Span,
    /// Hash of the error as it is grouped.
    pub error: u64,
}

/// Executions by CUJ.
#[derive(Debug, Default)]
pub struct Executions {
    names: Names,
    series: Vec<Series>,
    failures: Vec<Vec<Failure>>,
    count: u64,
    hasher: RandomState,
}

impl Executions {
    /// Appends an execution that stands at `span`.
    pub fn push(&mut self, execution: &CujExecution<'_>, span: Span) {
        let number = self.names.intern(execution.cuj_id) as usize;
        if number == self.series.len() {
            self.series.push(Series::default());
            self.failures.push(Vec::new());
        }
        let (at, success, duration_ms) = (execution.at, execution.success, execution.duration_ms);
        if !success {
            let error = self.hasher.hash_one(execution.error_name());
            self.failures[number].push(Failure { row: self.series[number].len(), span, error });
        }
        self.series[number].push(&Row { at, serial: self.count, success, duration_ms });
        self.count += 1;
    }

    /// The executions of a CUJ, given as a JSON value.
    #[must_use]
    pub fn series(&self, cuj_id: &[u8]) -> Option<&Series> {
        self.names.find(cuj_id).map(|number| &self.series[number as usize])
    }

    /// The failed executions of a CUJ, given as a JSON value, in the order of the file.
    #[must_use]
    pub fn failures(&self, cuj_id: &[u8]) -> &[Failure] {
        self.names.find(cuj_id).map_or(&[], |number| &self.failures[number as usize])
    }

    /// Every CUJ's name (WTF-8) and executions, in order of first appearance.
    pub fn iter(&self) -> impl Iterator<Item = (&[u8], &Series)> {
        (0u32..).zip(&self.series).map(|(number, series)| (self.names.text(number), series))
    }
}
