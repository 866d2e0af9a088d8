//! One run with everything on record that has its id.

use super::slowest::call;
use super::tables::{SCHEMA, told};
use super::{Answer, Monitor};
use crate::aggregate::{Period, SkillFilter};
use crate::column::{Chunks, Progress, SkillField, is_same_name};
use crate::error::{Error, Result};
use crate::event::{CujExecution, CujResources, ProgressStep, ProviderCall, Record, time};
use crate::index::View;
use crate::json;
use crate::report::{Joined, ProgressedStep, Run, RunExecution, RunProviderCall, SkillCall, Text};
use crate::store::Target;

/// So many records of a kind are shown.
const MOST: usize = 500;

/// How much of a file is searched at once.
const BLOCK: usize = 1 << 20;

/// A longer line is no record.
const LONGEST_LINE: usize = 16 << 20;

impl Monitor {
    /// A run, given as a JSON value, at a time.
    ///
    /// # Errors
    /// When a file cannot be read.
    pub fn run(&self, run_id: &[u8], now: f64) -> Result<Run> {
        let period = Period::new(None, None, now);
        let row = self.one_run(run_id, &period)?;
        let (steps, progress) = self.steps(run_id)?;
        let (skill_calls, skill_invocations) = self.calls_of_run(run_id, &period)?;
        let (calls, executions) =
            (self.lines_of_run(&Target::Providers, run_id)?, self.lines_of_run(&Target::Executions, run_id)?);
        let joined = Joined {
            progress,
            skill_invocations,
            provider_calls: calls.len() as u64,
            cuj_executions: executions.len() as u64,
        };
        let last = |lines: &[Vec<u8>]| lines.len().saturating_sub(MOST);
        Ok(Run {
            schema: SCHEMA,
            run: row,
            steps,
            skill_calls,
            provider_calls: calls[last(&calls)..].iter().filter_map(|line| provider_call(line)).collect(),
            executions: executions[last(&executions)..].iter().filter_map(|line| execution(line)).collect(),
            joined,
        })
    }

    fn steps(&self, run_id: &[u8]) -> Result<(Vec<ProgressedStep>, u64)> {
        self.ask(&Target::Progress, &self.root().index.progress, |view| steps(view, run_id))
    }

    /// The last invocations of a run, and how many there are.
    fn calls_of_run(&self, run_id: &[u8], period: &Period) -> Result<(Vec<SkillCall>, u64)> {
        let filter = SkillFilter { fields: vec![(SkillField::Run, run_id.to_vec())], ..SkillFilter::default() };
        let found = self.visit_period(None, period, |view| {
            let Some(selection) = filter.prepare(view.columns) else { return Ok((Vec::new(), 0)) };
            let mut rows = Vec::new();
            selection.visit(view.columns, &*view.chunks, |row| {
                rows.push(*row);
                true
            })?;
            let shown = &rows[rows.len().saturating_sub(MOST)..];
            let calls = shown.iter().map(|row| call(view, row)).collect::<Answer<Vec<_>>>()?;
            Ok((calls, rows.len() as u64))
        })?;
        let count = found.iter().map(|(_, count)| count).sum();
        let mut calls: Vec<SkillCall> = found.into_iter().flat_map(|(calls, _)| calls).collect();
        calls.drain(..calls.len().saturating_sub(MOST));
        Ok((calls, count))
    }

    /// The lines of a file whose metadata name a run. No column knows it, so the file is searched for the text of its id.
    fn lines_of_run(&self, target: &Target, run_id: &[u8]) -> Result<Vec<Vec<u8>>> {
        let path = self.root().path(target);
        let mut found = Vec::new();
        let mut take = |line: &[u8]| found.extend(names_run(line, run_id).then(|| line.to_vec()));
        let pending = self.pending(target);
        match self.disk.open_read(&path) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            file => search(&*file.map_err(Error::io("read", &path))?, run_id, &mut take)
                .map_err(Error::io("read", &path))?,
        }
        pending.split(|&byte| byte == b'\n').for_each(take);
        Ok(found)
    }
}

/// Hands on each line that may name a run.
fn search(file: &dyn crate::store::DiskFile, run_id: &[u8], take: &mut impl FnMut(&[u8])) -> std::io::Result<()> {
    let needle = json::decode_value(run_id);
    // An id that JSON writes in several ways is looked for in every line.
    let plain = needle.iter().all(|byte| byte.is_ascii_alphanumeric() || b"-_.: ".contains(byte));
    let finder = memchr::memmem::Finder::new(if plain { &*needle } else { b"run" });
    let (mut buffer, mut offset) = (Vec::new(), 0);
    loop {
        let kept = buffer.len();
        buffer.resize(kept + BLOCK, 0);
        let count = file.read_at(&mut buffer[kept..], offset)?;
        buffer.truncate(kept + count);
        offset += count as u64;
        // The last line may go on; at the end of the file it is over.
        let whole = if count == 0 { buffer.len() } else { memchr::memrchr(b'\n', &buffer).map_or(0, |end| end + 1) };
        let mut at = 0;
        while let Some(hit) = finder.find(&buffer[at..whole]).map(|hit| at + hit) {
            let start = memchr::memrchr(b'\n', &buffer[..hit]).map_or(0, |end| end + 1);
            let end = memchr::memchr(b'\n', &buffer[hit..whole]).map_or(whole, |end| hit + end);
            take(&buffer[start..end]);
            at = end;
        }
        if count == 0 {
            return Ok(());
        }
        buffer.drain(..whole);
        if buffer.len() > LONGEST_LINE {
            buffer.clear();
        }
    }
}

/// Whether the metadata of a line name a run, as `run_id` or `runId`.
fn names_run(line: &[u8], run_id: &[u8]) -> bool {
    runs_in(line).any(|named| is_same_name(named, run_id))
}

/// The runs that the metadata of a line name, JSON values; mostly one at most.
pub(super) fn runs_in(line: &[u8]) -> impl Iterator<Item = &[u8]> {
    let members = Named::read(line.trim_ascii()).map(|event| json::Members::new(event.metadata));
    let keys: [&[u8]; 2] = [b"\"run_id\"", b"\"runId\""];
    members.into_iter().flatten().filter(move |(key, _)| keys.contains(key)).map(|(_, value)| value)
}

/// The metadata of any record.
struct Named<'a> {
    metadata: &'a [u8],
}

impl<'a> Record<'a> for Named<'a> {
    const KEYS: &'static [&'static str] = &["metadata"];

    fn of(values: &crate::event::Values<'a>) -> Option<Self> {
        values.all()[0].map(|metadata| Self { metadata })
    }
}

fn provider_call(line: &[u8]) -> Option<RunProviderCall> {
    let call = ProviderCall::read(line.trim_ascii())?;
    Some(RunProviderCall {
        at: call.at.map(time::iso),
        provider: Text::string(&json::decode_value(call.provider)),
        success: call.success,
        latency_ms: Some(call.latency_ms).filter(|ms| ms.is_finite()),
        error: told(call.error).map(Text::value),
    })
}

fn execution(line: &[u8]) -> Option<RunExecution> {
    let line = line.trim_ascii();
    let execution = CujExecution::read(line)?;
    let resources = CujResources::read(line).and_then(|found| found.resources);
    Some(RunExecution {
        at: execution.at.map(time::iso),
        cuj_id: Text::string(&json::decode_value(execution.cuj_id)),
        success: execution.success,
        duration_ms: Some(execution.duration_ms).filter(|ms| ms.is_finite()),
        error: told(execution.error).map(Text::value),
        resources: resources.map(|values| values.map(|value| Some(value).filter(|value| value.is_finite()))),
    })
}

/// A step while its events are read.
struct Step {
    report: ProgressedStep,
    first: Option<i64>,
    ends: bool,
}

/// The steps of a run, and how many events it has.
fn steps(view: &mut View<'_, Progress>, run_id: &[u8]) -> Answer<(Vec<ProgressedStep>, u64)> {
    let mut steps: Vec<Step> = Vec::new();
    let mut entries = Vec::new();
    if let Some(events) = view.columns.run(run_id) {
        for part in Chunks::parts(events) {
            entries.extend_from_slice(&part.rows(&*view.chunks)?);
        }
    }
    let count = entries.len() as u64;
    let mut before = None;
    for entry in entries {
        let of_run = |event: &ProgressStep<'_>| is_same_name(event.run_id.unwrap_or(b"null"), run_id);
        let Some(event) = view.lines.record(entry.span, of_run)? else { continue };
        add_event(&mut steps, &event, before);
        before = event.at.or(before);
    }
    Ok((steps.into_iter().map(|step| step.report).collect(), count))
}

fn add_event(steps: &mut Vec<Step>, event: &ProgressStep<'_>, before: Option<i64>) {
    let name = event.step.map(Text::value);
    let ends = matches!(event.status, Some(b"\"completed\"" | b"\"failed\"" | b"\"skipped\""));
    let known = steps.iter().rposition(|step| step.report.step == name && !step.ends);
    let place = known.unwrap_or_else(|| {
        // A step of which only the end is told began where the event before was.
        let first = if ends { before.or(event.at) } else { event.at };
        let report = ProgressedStep {
            step: name,
            status: None,
            started_at: first.map(time::iso),
            updated_at: None,
            duration_ms: None,
            message: None,
        };
        steps.push(Step { report, first, ends: false });
        steps.len() - 1
    });
    let step = &mut steps[place];
    step.ends = ends;
    step.report.status = event.status.map(Text::value);
    step.report.message = event.message.map(Text::value);
    step.report.updated_at = event.at.map(time::iso);
    step.report.duration_ms = step.first.zip(event.at).map(|(first, last)| u64::try_from(last - first).unwrap_or(0));
}
