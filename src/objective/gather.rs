//! Takes the runs that objectives are about from the columns: executions, skill invocations, provider calls.

use super::{History, Pattern};
use crate::column::{Damaged, Executions, InOrder, Providers, Row, SkillField, SkillRow, Skills, Source};

/// What an objective is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Executions of a CUJ.
    Cuj,
    /// Invocations of a skill.
    Skill,
    /// Skill invocations by an agent.
    Agent,
    /// Calls to a provider.
    Provider,
}

impl Kind {
    /// The kind of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Some(match name {
            "cuj" => Self::Cuj,
            "skill" => Self::Skill,
            "agent" => Self::Agent,
            "provider" => Self::Provider,
            _ => return None,
        })
    }
}

/// Which runs are asked for, and which of them are bad.
#[derive(Debug, Clone, PartialEq)]
pub struct Asked {
    /// The subjects.
    pub pattern: Pattern,
    /// Bad is what takes longer, milliseconds; without it what failed.
    pub slower_than: Option<f64>,
    /// From this moment on, epoch ms.
    pub from: i64,
    /// Until before this one.
    pub to: i64,
}

impl Asked {
    /// Whether a run is bad; `None` when it says nothing: no duration, or neither success nor failure.
    fn is_bad(&self, success: Option<bool>, duration_ms: f64) -> Option<bool> {
        match self.slower_than {
            Some(most) => duration_ms.is_finite().then_some(duration_ms > most),
            None => success.map(|success| !success),
        }
    }

    fn run(&self, row: &Row) -> Option<(i64, bool)> {
        let at = row.at.filter(|at| (self.from..self.to).contains(at))?;
        Some((at, self.is_bad(Some(row.success), row.duration_ms)?))
    }
}

/// Runs of one subject, `(time, bad)`.
type Runs = Vec<(i64, bool)>;

/// The runs of each subject, in order of first appearance.
#[derive(Debug, Default)]
pub struct Gathered(InOrder<Runs>);

impl Gathered {
    /// The subjects with their histories. One who is asked for by name is there without runs too.
    #[must_use]
    pub fn finish(mut self, asked: &Asked) -> Vec<(Box<[u8]>, History)> {
        if let Some(name) = asked.pattern.name().filter(|_| self.0.is_empty()) {
            self.0.of(name);
        }
        self.0.into_iter().map(|(name, runs)| (name, History::new(&runs))).collect()
    }

    /// Adds executions.
    ///
    /// # Errors
    /// When a chunk is damaged; this holds for all of these.
    pub fn add_executions(
        &mut self,
        executions: &Executions,
        source: &dyn Source,
        asked: &Asked,
    ) -> Result<(), Damaged> {
        for (name, series) in executions.iter().filter(|(name, _)| asked.pattern.fits(name)) {
            let rows = series.rows(source, Some((asked.from, asked.to)))?;
            if !rows.is_empty() {
                self.0.of(name).extend(rows.iter().filter_map(|row| asked.run(row)));
            }
        }
        Ok(())
    }

    /// Adds provider calls.
    ///
    /// # Errors
    /// See [`Self::add_executions`].
    pub fn add_calls(&mut self, providers: &Providers, source: &dyn Source, asked: &Asked) -> Result<(), Damaged> {
        for (name, provider) in providers.iter().filter(|(name, _)| asked.pattern.fits(name)) {
            let mut runs = Vec::new();
            let window = Some((asked.from, asked.to));
            provider.calls.visit(source, window, |row| row.at, |row| runs.extend(asked.run(row)))?;
            if !runs.is_empty() {
                self.0.of(name).append(&mut runs);
            }
        }
        Ok(())
    }

    /// Adds the invocations of one day file, by skill or by agent.
    ///
    /// # Errors
    /// See [`Self::add_executions`].
    pub fn add_invocations(
        &mut self,
        skills: &Skills,
        source: &dyn Source,
        (asked, field): (&Asked, SkillField),
    ) -> Result<(), Damaged> {
        // Each name is looked at once; a row then costs no comparison of texts.
        let mut by_number: Vec<Option<(bool, Runs)>> = Vec::new();
        let [success, failure] = [&b"\"success\""[..], b"\"failure\""].map(|result| skills.number(result));
        let result_of = |row: &SkillRow| {
            let result = Some(row.field(SkillField::Result));
            (result == success).then_some(true).or_else(|| (result == failure).then_some(false))
        };
        let mut order = Vec::new();
        skills.rows().visit(
            source,
            Some((asked.from, asked.to)),
            |row| row.at,
            |row| {
                let number = row.field(field);
                let place = number.wrapping_add(1) as usize;
                if place >= by_number.len() {
                    by_number.resize_with(place + 1, || None);
                }
                let (fits, runs) = by_number[place].get_or_insert_with(|| {
                    order.push(number);
                    (asked.pattern.fits(skills.text(number)), Vec::new())
                });
                let bad = fits.then(|| asked.is_bad(result_of(row), row.duration_ms)).flatten();
                runs.extend(row.at.zip(bad));
            },
        )?;
        for number in order {
            if let Some((true, mut runs)) = by_number[number.wrapping_add(1) as usize].take() {
                self.0.of(skills.text(number)).append(&mut runs);
            }
        }
        Ok(())
    }
}
