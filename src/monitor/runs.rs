//! Runs as their progress events tell of them: where each is, for how long it may be silent, and how long it may still take.

use std::collections::HashMap;

use super::Monitor;
use super::seen_run::{Outline, Seen, Work};
use super::tables::SCHEMA;
use crate::aggregate::{Period, nearest_rank};
use crate::column::{Progress, Row, SkillField, SkillRow, Skills, is_same_name};
use crate::error::Result;
use crate::event::time;
use crate::json;
use crate::report::{Expected, RunRow, RunState, Runs, Text};
use crate::store::Target;

/// Before so many runs have ended nothing is learned, and no run is stalled before it was silent for so long.
const LEAST_ENDED: usize = 5;
const FLOOR_MS: u64 = 10 * 60_000;

/// What was learned is never shorter: a look at the clock between two steps is no stall.
const SHORTEST_MS: u64 = 60_000;

/// So many of the latest runs are learned from.
const LEARNED_FROM: usize = 200;

/// Runs of a CUJ in so many milliseconds before now tell how long the next one may take.
const EXPECTED_FROM_MS: i64 = 30 * time::DAY_MS;

impl Monitor {
    /// The runs whose last event is in a period: those in progress, the latest first, then those that ended, at most `limit`.
    ///
    /// # Errors
    /// When a file cannot be read.
    pub fn runs(&self, limit: usize, period: &Period) -> Result<Runs> {
        let seen = self.seen_runs(|seen| {
            period.range().is_none() || seen.times.is_some_and(|(_, last)| period.holds(Some(last)))
        })?;
        let (asked, learned): (Vec<_>, Vec<_>) = seen.into_iter().partition(|(asked, _)| *asked);
        let total = asked.len() as u64;
        let first = asked.iter().filter_map(|(_, seen)| seen.times).map(|(first, _)| first).min();
        let mut rows = self.run_rows(asked, &learned, first, period)?;
        // They come with the latest first, and the order of equals stays.
        rows.sort_by_key(|row| matches!(row.state, RunState::Completed | RunState::Failed));
        rows.truncate(limit);
        let (from, to) = (period.from().map(time::iso), time::iso(period.end()));
        Ok(Runs { schema: SCHEMA, from, to, total, runs: rows })
    }

    /// One run; `None` when no event has its id, a JSON value.
    pub(super) fn one_run(&self, run_id: &[u8], period: &Period) -> Result<Option<RunRow>> {
        let seen = self.seen_runs(|seen| is_same_name(seen.run_id.as_bytes(), run_id))?;
        let (asked, learned): (Vec<_>, Vec<_>) = seen.into_iter().partition(|(asked, _)| *asked);
        let first = asked.iter().filter_map(|(_, seen)| seen.times).map(|(first, _)| first).min();
        Ok(self.run_rows(asked, &learned, first, period)?.pop())
    }

    /// The runs that are asked for, and others among the latest to learn from; the latest first.
    fn seen_runs(&self, asked: impl Fn(&Outline<'_>) -> bool) -> Result<Vec<(bool, Seen)>> {
        self.ask(&Target::Progress, &self.root().index.progress, |view| {
            let progress: &Progress = view.columns;
            let mut outlines: Vec<Outline<'_>> =
                progress.iter().map(|(run_id, events)| Outline::new(run_id, events)).collect();
            outlines.sort_by_key(|outline| std::cmp::Reverse(outline.last));
            let mut seen = Vec::new();
            for (place, outline) in outlines.into_iter().enumerate() {
                let asked = asked(&outline);
                if asked || place < LEARNED_FROM {
                    seen.extend(outline.look(view)?.map(|found| (asked, found)));
                }
            }
            Ok(seen)
        })
    }

    fn run_rows(
        &self,
        asked: Vec<(bool, Seen)>,
        others: &[(bool, Seen)],
        first: Option<i64>,
        period: &Period,
    ) -> Result<Vec<RunRow>> {
        if asked.is_empty() {
            return Ok(Vec::new());
        }
        let runs = asked.iter().chain(others).map(|(_, seen)| &*seen.run_id);
        let mut work = self.work_of_runs(&runs.collect::<Vec<_>>(), first, period)?;
        let cujs = self.known_cujs()?;
        let cuj_of = |seen: &Seen, work: Option<&Work>| {
            let told = work.and_then(|work| work.cuj_id.clone()).map(|cuj_id| (cuj_id, "skills"));
            let told = told.or_else(|| seen.cuj_id.clone().map(|cuj_id| (cuj_id, "progress")));
            told.or_else(|| Some((named_in(&seen.run_id, &cujs)?, "name")))
        };
        let mut pauses = Pauses::default();
        for (_, seen) in asked.iter().chain(others).filter(|(_, seen)| seen.ended.is_some()) {
            pauses.add(cuj_of(seen, work.get(&*json::decode_value(seen.run_id.as_bytes()))), seen.longest_pause);
        }
        let mut expected: HashMap<Text, Option<Expected>> = HashMap::new();
        let mut rows = Vec::with_capacity(asked.len());
        for (_, seen) in asked {
            let work = work.remove(&*json::decode_value(seen.run_id.as_bytes()));
            let cuj = cuj_of(&seen, work.as_ref());
            let expected = match &cuj {
                None => None,
                Some((cuj_id, _)) => match expected.get(cuj_id) {
                    Some(known) => *known,
                    None => *expected.entry(cuj_id.clone()).or_insert(self.expected(cuj_id, period.now())?),
                },
            };
            let after = pauses.stalled_after(cuj.as_ref().map(|(cuj_id, _)| cuj_id));
            rows.push(seen.row(work.unwrap_or_default(), cuj, (expected, after), period.now()));
        }
        Ok(rows)
    }

    /// What skill invocations say of these runs, given as JSON values, from a moment on.
    fn work_of_runs(&self, runs: &[&str], from: Option<i64>, period: &Period) -> Result<HashMap<Box<[u8]>, Work>> {
        let mut all: HashMap<Box<[u8]>, Work> = HashMap::new();
        let window = Some((from.unwrap_or(i64::MIN), i64::MAX));
        let until_now = period.until_now(from);
        self.visit_period(from, &until_now, |view| {
            let skills: &Skills = view.columns;
            let wanted = Wanted::among(skills, runs);
            let mut rows = Vec::new();
            if wanted.any() {
                let add = |row: &SkillRow| rows.extend(wanted.holds(row).then_some(*row));
                skills.rows().visit(&*view.chunks, window, |row| row.at, add)?;
            }
            for row in rows {
                all.entry(skills.text(row.field(SkillField::Run)).into()).or_default().add(skills, &row);
            }
            Ok(())
        })?;
        Ok(all)
    }

    fn known_cujs(&self) -> Result<Vec<Vec<u8>>> {
        self.ask(&Target::Executions, &self.root().index.executions, |view| {
            Ok(view.columns.iter().map(|(name, _)| name.to_vec()).collect())
        })
    }

    /// How long the executions of a CUJ took lately that succeeded.
    fn expected(&self, cuj_id: &Text, now: i64) -> Result<Option<Expected>> {
        self.ask(&Target::Executions, &self.root().index.executions, |view| {
            let window = Some((now.saturating_sub(EXPECTED_FROM_MS), i64::MAX));
            let Some(series) = view.columns.series(cuj_id.as_json().as_bytes()) else { return Ok(None) };
            let mut durations: Vec<f64> = Vec::new();
            let good = |row: &Row| row.success && row.duration_ms.is_finite();
            series.visit(&*view.chunks, window, |row| durations.extend(good(row).then_some(row.duration_ms)))?;
            let ranks = nearest_rank(&mut durations, &[50.0, 90.0]);
            let runs = durations.len() as u64;
            Ok(ranks.first().zip(ranks.get(1)).map(|(&p50_ms, &p90_ms)| Expected { runs, p50_ms, p90_ms }))
        })
    }
}

/// The numbers that some runs have in a day file: most files have invocations of few of them, or of none.
struct Wanted(Vec<bool>);

impl Wanted {
    fn among(skills: &Skills, runs: &[&str]) -> Self {
        let mut numbers = Vec::new();
        for run in runs {
            // Runs are compared by their text: that of a number may have been recorded as a string.
            let text = json::decode_value(run.as_bytes());
            numbers.extend(skills.number(json::quote(&text).as_bytes()));
            // No value but a string begins with a quote.
            if text.first().is_some_and(|&byte| byte != b'"') {
                numbers.extend(skills.number(&text));
            }
        }
        numbers.retain(|&number| !skills.names().is_none(number));
        let mut marks = vec![false; numbers.iter().max().map_or(0, |&most| most as usize + 1)];
        numbers.into_iter().for_each(|number| marks[number as usize] = true);
        Self(marks)
    }

    const fn any(&self) -> bool {
        !self.0.is_empty()
    }

    fn holds(&self, row: &SkillRow) -> bool {
        self.0.get(row.field(SkillField::Run) as usize).is_some_and(|&wanted| wanted)
    }
}

/// The longest id of a CUJ that a run's id begins with, when no letter or digit follows.
fn named_in(run_id: &str, cujs: &[Vec<u8>]) -> Option<Text> {
    let run = json::decode_value(run_id.as_bytes());
    let begins = |cuj: &&Vec<u8>| run.starts_with(cuj) && !run.get(cuj.len()).is_some_and(u8::is_ascii_alphanumeric);
    cujs.iter().filter(begins).max_by_key(|cuj| cuj.len()).map(|cuj| Text::string(cuj))
}

/// For how long runs that ended were silent at most.
#[derive(Debug, Default)]
struct Pauses {
    all: Longest,
    by_cuj: HashMap<Text, Longest>,
}

/// How many runs, and the longest pause of any.
#[derive(Debug, Clone, Copy, Default)]
struct Longest(usize, u64);

impl Longest {
    fn add(&mut self, pause: u64) {
        *self = Self(self.0 + 1, self.1.max(pause));
    }
}

impl Pauses {
    fn add(&mut self, cuj: Option<(Text, &'static str)>, pause: u64) {
        self.all.add(pause);
        if let Some((cuj_id, _)) = cuj {
            self.by_cuj.entry(cuj_id).or_default().add(pause);
        }
    }

    /// Milliseconds, and how many runs they were learned from: those of the same CUJ, or all while those are few.
    fn stalled_after(&self, cuj_id: Option<&Text>) -> (u64, u64) {
        let own = cuj_id.and_then(|cuj_id| self.by_cuj.get(cuj_id)).filter(|own| own.0 >= LEAST_ENDED);
        match own.copied().unwrap_or(self.all) {
            Longest(runs, longest) if runs >= LEAST_ENDED => (longest.max(SHORTEST_MS), runs as u64),
            _ => (FLOOR_MS, 0),
        }
    }
}
