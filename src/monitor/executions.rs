//! Recording CUJ executions and answering about them.

use super::Monitor;
use crate::aggregate::{self, FailureSelection, ResourceValues, Window};
use crate::column::Executions;
use crate::error::Result;
use crate::event::CujExecution;
use crate::index::Lines;
use crate::report::{
    Bucket, ByName, ErrorCount, FailureAnalysis, Percentiles, PerformanceBucket, RecentFailure, ResourceTrend,
    Stability, SuccessRate, Text,
};
use crate::store::Target;

impl Monitor {
    /// How often a CUJ, given as a JSON string, succeeded; `window` in milliseconds, `None` or 0 for all history.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn success_rate(&self, cuj_id: &[u8], window: Option<f64>, now: f64) -> Result<SuccessRate> {
        self.ask(&Target::Executions, &self.root().index.executions, |view| {
            Ok(aggregate::success_rate(view.columns, &*view.chunks, cuj_id, &Window::new(window, now))?)
        })
    }

    /// How often each CUJ with an execution in the window succeeded, in order of first appearance there.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn all_metrics(&self, window: Option<f64>, now: f64) -> Result<ByName<SuccessRate>> {
        self.ask(&Target::Executions, &self.root().index.executions, |view| {
            Ok(aggregate::all_metrics(view.columns, &*view.chunks, &Window::new(window, now))?)
        })
    }

    /// A CUJ's success rates over `buckets` buckets of `size` milliseconds, oldest first; the last one ends at `now`,
    /// exclusive.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn trending(&self, cuj_id: &[u8], buckets: u32, size: f64, now: f64) -> Result<Vec<Bucket>> {
        self.ask(&Target::Executions, &self.root().index.executions, |view| {
            Ok(aggregate::trending(view.columns, &*view.chunks, cuj_id, (buckets, size), now)?)
        })
    }

    /// The same with the durations in each bucket, zeros when it is empty.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn performance_trend(
        &self,
        cuj_id: &[u8],
        buckets: u32,
        size: f64,
        now: f64,
    ) -> Result<Vec<PerformanceBucket>> {
        self.ask(&Target::Executions, &self.root().index.executions, |view| {
            Ok(aggregate::performance_trend(view.columns, &*view.chunks, cuj_id, (buckets, size), now)?)
        })
    }

    /// How steadily a CUJ succeeded, in the order of the file.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn stability(&self, cuj_id: &[u8], window: Option<f64>, now: f64) -> Result<Stability> {
        self.ask(&Target::Executions, &self.root().index.executions, |view| {
            Ok(aggregate::stability(view.columns, &*view.chunks, cuj_id, &Window::new(window, now))?)
        })
    }

    /// What the executions of a CUJ say of the resources they used, in the order of the file.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn cuj_resources(&self, cuj_id: &[u8], window: Option<f64>, now: f64) -> Result<ResourceTrend> {
        self.ask(&Target::Executions, &self.root().index.execution_resources, |view| {
            let Some(rows) = view.columns.resources(cuj_id) else { return Ok(ResourceTrend::default()) };
            let from = Window::new(window, now).from();
            Ok(ResourceValues::collect(rows, &*view.chunks, from)?.finish())
        })
    }

    /// Exact nearest-rank percentiles of a CUJ's durations, in milliseconds; all 0 when there are none.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn percentiles(&self, cuj_id: &[u8], window: Option<f64>, now: f64) -> Result<Percentiles> {
        self.ask(&Target::Executions, &self.root().index.executions, |view| {
            Ok(aggregate::percentiles(view.columns, &*view.chunks, cuj_id, &Window::new(window, now))?)
        })
    }

    /// A CUJ's failures: its ten most frequent errors and its last five failures, texts as they stand in the file.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn failures(&self, cuj_id: &[u8], window: Option<f64>, now: f64) -> Result<FailureAnalysis> {
        self.ask(&Target::Executions, &self.root().index.executions, |view| {
            let window = Window::new(window, now);
            let selection = aggregate::select_failures(view.columns, &*view.chunks, cuj_id, &window)?;
            Ok(analysis(cuj_id, &selection, &mut view.lines)?)
        })
    }
}

/// Puts the texts of the picked lines into the report.
fn analysis(cuj_id: &[u8], selection: &FailureSelection, lines: &mut Lines<'_>) -> std::io::Result<FailureAnalysis> {
    let mut top_errors = Vec::new();
    let is_of_cuj = |execution: &CujExecution<'_>| Executions::is_about(cuj_id, execution.cuj_id);
    for &(span, count) in &selection.top {
        if let Some(execution) = lines.record(span, is_of_cuj)? {
            top_errors.push(ErrorCount { error: Text::string(&execution.error_name()), count });
        }
    }
    let mut recent_failures = Vec::new();
    for &span in &selection.recent {
        if let Some(execution) = lines.record(span, is_of_cuj)? {
            recent_failures.push(RecentFailure {
                timestamp: execution.timestamp.map(Text::value),
                error: execution.error.map(Text::value),
                duration_ms: execution.duration.map(Text::value),
            });
        }
    }
    Ok(FailureAnalysis {
        cuj_id: Text::value(cuj_id),
        total_failures: selection.total,
        unique_errors: selection.unique,
        top_errors,
        recent_failures,
    })
}
