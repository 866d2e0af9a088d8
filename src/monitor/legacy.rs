//! Imports the runs that older runners left in `cuj-performance.json`.

use std::collections::HashSet;
use std::path::Path;

use serde::Serialize;

use super::Monitor;
use crate::column::{Damaged, Executions, Series, Source};
use crate::error::{Error, Result};
use crate::event::{CujExecution, Fields, time};
use crate::json::{self, Elements, Members};
use crate::store::Target;

/// What an import did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Imported {
    /// Runs appended to the history.
    pub imported: u64,
    /// Runs that were there already, that have no id or readable time, or that the disk refused for good.
    pub skipped: u64,
}

/// A run as the legacy file holds it; values are slices of its text.
struct Run<'a> {
    cuj_id: &'a [u8],
    at: i64,
    duration: &'a [u8],
    success: bool,
    error: &'a [u8],
    rest: Vec<(&'a [u8], &'a [u8])>,
}

/// By what a run is recognised: its CUJ's JSON text, time and duration.
type Key = (Vec<u8>, i64, Option<u64>);

impl Monitor {
    /// Appends the runs of a legacy file (`None`: the usual one) that are not in the history yet.
    ///
    /// # Errors
    /// When the file cannot be read or is not of the documented shape, or nothing may be written. A missing file has no
    /// runs.
    pub fn import_legacy(&self, file: Option<&Path>) -> Result<Imported> {
        if self.state.lock().disabled {
            return Err(Error::Disabled("import runs"));
        }
        let path = file.map_or_else(|| self.root().layout.legacy_performance(), Path::to_owned);
        let text = match self.read_file(&path)? {
            Some(text) => text,
            // Most roots have no such file; one that was named should be there.
            None if file.is_none() => return Ok(Imported::default()),
            None => return Err(Error::io("read", &path)(std::io::ErrorKind::NotFound.into())),
        };
        let runs = runs_of(text.as_bytes()).ok_or_else(|| Error::Malformed {
            what: path.display().to_string(),
            why: "it should hold { \"runs\": [ … ] }".to_owned(),
        })?;
        let mut known = self.known_runs(&runs)?;
        let mut result = Imported::default();
        for run in runs {
            match Run::read(run).filter(|run| known.insert(run.key())) {
                Some(run) if self.append_run(&run)? => result.imported += 1,
                _ => result.skipped += 1,
            }
        }
        Ok(result)
    }

    fn known_runs(&self, runs: &[&[u8]]) -> Result<HashSet<Key>> {
        self.ask(&Target::Executions, &self.root().index.executions, |view| {
            Ok(keys_of(view.columns, &*view.chunks, runs)?)
        })
    }

    /// Appends a run; false when the disk refused it for good.
    fn append_run(&self, run: &Run<'_>) -> Result<bool> {
        let mut metadata = b"{\"source\":\"cuj-performance\"".to_vec();
        for (key, value) in &run.rest {
            metadata.extend_from_slice(&[b",", *key, b":"].concat());
            json::append_compact(&mut metadata, value);
        }
        metadata.push(b'}');
        let success: &[u8] = if run.success { b"true" } else { b"false" };
        let fields: [&[u8]; 11] = [
            b"{\"cuj_id\":",
            run.cuj_id,
            b",\"success\":",
            success,
            b",\"duration_ms\":",
            run.duration,
            b",\"error\":",
            run.error,
            b",\"metadata\":",
            &metadata,
            b"}",
        ];
        let fields = fields.concat();
        let mut state = self.state.lock();
        let state = &mut *state;
        let redactor = state.redactor();
        CujExecution::draft(&mut state.drafter, &Fields::from(&*fields), run.at, &redactor)?;
        let dropped = state.writer.counts().dropped.total;
        state.append_draft(&Target::Executions);
        Ok(state.writer.counts().dropped.total == dropped)
    }
}

/// The elements of `runs` in the file's text.
fn runs_of(text: &[u8]) -> Option<Vec<&[u8]>> {
    let object = json::whole_value(text).ok()?;
    let (_, runs) = Members::new(&text[object]).filter(|(key, _)| &*json::decode(key) == b"runs").last()?;
    runs.starts_with(b"[").then(|| Elements::new(runs).collect())
}

/// The keys of the executions on record of every CUJ that occurs among the runs.
fn keys_of(columns: &Executions, source: &dyn Source, runs: &[&[u8]]) -> std::result::Result<HashSet<Key>, Damaged> {
    let ids: HashSet<&[u8]> = runs.iter().filter_map(|run| Run::read(run)).map(|run| run.cuj_id).collect();
    let mut keys = HashSet::new();
    for cuj_id in ids {
        for part in columns.series(cuj_id).into_iter().flat_map(Series::parts) {
            let rows = part.rows(source)?;
            keys.extend(rows.iter().filter_map(|row| Some((cuj_id.to_vec(), row.at?, duration_key(row.duration_ms)))));
        }
    }
    Ok(keys)
}

fn duration_key(duration: f64) -> Option<u64> {
    duration.is_finite().then_some(duration.to_bits())
}

impl<'a> Run<'a> {
    fn read(run: &'a [u8]) -> Option<Self> {
        let (mut cuj_id, mut at, mut duration, mut success, mut error) =
            (None, None, &b"null"[..], false, &b"null"[..]);
        let mut rest = Vec::new();
        for (key, value) in Members::new(run) {
            match &*json::decode(key) {
                b"cuj_id" => cuj_id = Some(value),
                b"timestamp" => at = time::read(value),
                b"duration_ms" if json::number(value).is_some() => duration = value,
                b"status" => success = &*json::decode_value(value) == b"success",
                b"error" if value.starts_with(b"\"") => error = value,
                _ => rest.push((key, value)),
            }
        }
        let cuj_id = cuj_id.filter(|id| id.starts_with(b"\"") && !json::is_falsy(id))?;
        Some(Self { cuj_id, at: at?, duration, success, error, rest })
    }

    fn key(&self) -> Key {
        (self.cuj_id.to_vec(), self.at, json::number(self.duration).and_then(duration_key))
    }
}
