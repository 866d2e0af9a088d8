//! A run as its progress events and its skill invocations tell of it.

use super::Answer;
use crate::column::{Chunks, Entry, Progress, SkillField, SkillRow, Skills, Source, is_same_name};
use crate::event::{ProgressStep, time};
use crate::index::View;
use crate::json;
use crate::report::{Expected, RunRow, RunState, Text};

/// So many of the skills and agents that were at work last are named.
const AT_WORK: usize = 3;

/// A run as its events tell of it.
#[derive(Debug)]
pub(super) struct Seen {
    /// The run, a JSON value.
    pub run_id: String,
    events: u64,
    /// Its earliest and its latest event.
    pub times: Option<(i64, i64)>,
    /// The longest time from one event to the next.
    pub longest_pause: u64,
    step: Option<Text>,
    message: Option<Text>,
    percentage: Option<f64>,
    total_steps: Option<u64>,
    /// The CUJ that its last event names, a JSON value.
    pub cuj_id: Option<Text>,
    pub ended: Option<RunState>,
}

/// What the skill invocations of a run tell.
#[derive(Debug, Default)]
pub(super) struct Work {
    calls: u64,
    pub cuj_id: Option<Text>,
    /// The latest last.
    skills: Vec<Text>,
    agents: Vec<Text>,
}

/// A run as its columns tell of it, without a line.
pub(super) struct Outline<'a> {
    pub run_id: String,
    events: &'a Chunks<Entry>,
    count: u64,
    pub times: Option<(i64, i64)>,
    pub last: u64,
}

impl<'a> Outline<'a> {
    pub fn new(run_id: String, events: &'a Chunks<Entry>) -> Self {
        let summary = events.summary();
        let last = summary.serials.map_or(0, |(_, last)| last);
        Self { run_id, events, count: summary.total, times: summary.times, last }
    }

    /// Fetches the last event.
    pub fn look(self, view: &mut View<'_, Progress>) -> Answer<Option<Seen>> {
        let (longest_pause, last) = pauses_of(self.events, &*view.chunks)?;
        let Some(last) = last else { return Ok(None) };
        let own = self.run_id.clone();
        let of_run = |event: &ProgressStep<'_>| is_same_name(event.run_id.unwrap_or(b"null"), own.as_bytes());
        let Some(event) = view.lines.record(last.span, of_run)? else { return Ok(None) };
        Ok(Some(Seen {
            run_id: self.run_id,
            events: self.count,
            times: self.times,
            longest_pause,
            step: event.step.map(Text::value),
            message: event.message.map(Text::value),
            percentage: Some(event.percentage).filter(|percentage| percentage.is_finite()),
            total_steps: total_steps(&event),
            cuj_id: event.metadata.and_then(cuj_in),
            ended: ended(&event),
        }))
    }
}

/// The longest time from one event to the next in the order of the file, and the last event.
fn pauses_of(events: &Chunks<Entry>, source: &dyn Source) -> Answer<(u64, Option<Entry>)> {
    let (mut longest, mut before, mut last) = (0, None, None);
    events.visit(
        source,
        None,
        |entry| entry.at,
        |entry| {
            if let (Some(before), Some(at)) = (before, entry.at) {
                longest = longest.max(u64::try_from(at - before).unwrap_or(0));
            }
            before = entry.at.or(before);
            last = Some(*entry);
        },
    )?;
    Ok((longest, last))
}

/// A step that was completed is not the end of its run, unless nothing is left to do.
fn ended(event: &ProgressStep<'_>) -> Option<RunState> {
    match event.status {
        Some(b"\"failed\"") => Some(RunState::Failed),
        Some(b"\"completed\"" | b"\"skipped\"") if event.percentage >= 100.0 => Some(RunState::Completed),
        _ => None,
    }
}

/// Whether an event is the last of its run.
#[must_use]
pub fn has_ended(event: &ProgressStep<'_>) -> bool {
    ended(event).is_some()
}

/// The number of steps that a percentage tells, which is that of the steps done.
#[must_use]
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "checked to be between 1 and 10,000")]
pub fn total_steps(event: &ProgressStep<'_>) -> Option<u64> {
    let step = event.step.and_then(json::number)?;
    let over = event.percentage < 100.0 && matches!(event.status, Some(b"\"completed\"" | b"\"skipped\""));
    let total = ((step + f64::from(u8::from(over))) * 100.0 / event.percentage).round();
    (1.0..=10_000.0).contains(&total).then_some(total as u64)
}

/// The CUJ that metadata name.
fn cuj_in(metadata: &[u8]) -> Option<Text> {
    let mut members = json::Members::new(metadata);
    let found = members.find(|(key, _)| matches!(*key, b"\"cuj_id\"" | b"\"cujId\""))?.1;
    (found.first() == Some(&b'"') && !json::is_falsy(found)).then(|| Text::string(&json::decode(found)))
}

impl Work {
    pub fn add(&mut self, skills: &Skills, row: &SkillRow) {
        self.calls += 1;
        let name = |field: SkillField| {
            let number = row.field(field);
            (!skills.names().is_none(number)).then(|| Text::string(skills.text(number)))
        };
        self.cuj_id = name(SkillField::Cuj).or_else(|| self.cuj_id.take());
        for (list, field) in [(&mut self.skills, SkillField::Skill), (&mut self.agents, SkillField::Agent)] {
            if let Some(name) = name(field) {
                list.retain(|known| *known != name);
                list.push(name);
                list.drain(..list.len().saturating_sub(AT_WORK));
            }
        }
    }
}

impl Seen {
    pub fn row(
        self,
        work: Work,
        cuj: Option<(Text, &'static str)>,
        (expected, (stalled_after_ms, stalled_from_runs)): (Option<Expected>, (u64, u64)),
        now: i64,
    ) -> RunRow {
        let since = |at: i64, until: i64| u64::try_from(until - at).unwrap_or(0);
        let goes_on = self.ended.is_none();
        let silent = self.times.map(|(_, last)| since(last, now)).filter(|_| goes_on);
        let elapsed_ms = self.times.map_or(0, |(first, last)| since(first, if goes_on { now } else { last }));
        let running =
            if silent.is_some_and(|silent| silent > stalled_after_ms) { RunState::Stalled } else { RunState::Running };
        #[expect(clippy::cast_precision_loss, reason = "far below 2^53")]
        let left = |until: f64| (until - elapsed_ms as f64).max(0.0);
        let newest_first = |mut names: Vec<Text>| {
            names.reverse();
            names
        };
        let (cuj_id, cuj_from) = cuj.unzip();
        RunRow {
            run_id: Text::value(self.run_id.as_bytes()),
            cuj_id,
            cuj_from,
            state: self.ended.unwrap_or(running),
            started_at: self.times.map(|(first, _)| time::iso(first)),
            updated_at: self.times.map(|(_, last)| time::iso(last)),
            elapsed_ms,
            silent_ms: silent,
            stalled_after_ms,
            stalled_from_runs,
            step: self.step,
            total_steps: self.total_steps,
            percentage: self.percentage,
            message: self.message,
            events: self.events,
            expected,
            left_ms: expected.filter(|_| goes_on).map(|Expected { p50_ms, p90_ms, .. }| [left(p50_ms), left(p90_ms)]),
            skill_calls: work.calls,
            skills: newest_first(work.skills),
            agents: newest_first(work.agents),
        }
    }
}
