//! Which skill invocations a question asks for.

use std::ops::Range;

use crate::column::{Damaged, Overlap, SkillField, SkillRow, Skills, Source, Summary};

/// What a question asks for; fields are JSON values that must be equal.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SkillFilter {
    /// Fields and the value that each must have.
    pub fields: Vec<(SkillField, Vec<u8>)>,
    /// Earliest and latest time, both inclusive, epoch ms. With a limit on either side rows without a time do not match.
    pub from: Option<i64>,
    /// See `from`.
    pub to: Option<i64>,
    /// At most this many rows.
    pub limit: Option<usize>,
}

/// A filter made ready for one day file.
#[derive(Debug)]
pub struct Selection {
    fields: Vec<(SkillField, u32)>,
    from: Option<i64>,
    to: Option<i64>,
    /// Only rows of these parts of the file.
    parts: Range<usize>,
}

const KINDS: [SkillField; 5] =
    [SkillField::Skill, SkillField::Agent, SkillField::Result, SkillField::Run, SkillField::Cuj];

impl SkillFilter {
    /// Looks up the filter's values in a file's names; `None` when no row can match.
    #[must_use]
    pub fn prepare(&self, skills: &Skills) -> Option<Selection> {
        let fields = self.fields.iter().map(|(field, value)| Some((*field, skills.number(value)?)));
        let fields = fields.collect::<Option<_>>()?;
        Some(Selection { fields, from: self.from, to: self.to, parts: 0..usize::MAX })
    }

    /// Whether the filter limits the time.
    #[must_use]
    pub const fn has_range(&self) -> bool {
        self.from.is_some() || self.to.is_some()
    }

    /// The field that a documented filter name stands for.
    #[must_use]
    pub fn field(name: &str) -> Option<SkillField> {
        let place = ["skill", "agent", "result", "runId", "cujId"].iter().position(|&known| known == name)?;
        Some(KINDS[place])
    }
}

impl Selection {
    /// Visits the matching rows in the order of the file, as long as `visit` says true.
    ///
    /// # Errors
    /// When a chunk is damaged.
    pub fn visit(
        &self,
        skills: &Skills,
        source: &dyn Source,
        mut visit: impl FnMut(&SkillRow) -> bool,
    ) -> Result<(), Damaged> {
        let Range { start, end } = self.parts;
        for part in skills.rows().parts().take(end).skip(start) {
            if self.has_range() && part.summary.overlap(self.earliest(), self.end()) == Overlap::None {
                continue;
            }
            let rows = part.rows(source)?;
            if !rows.iter().filter(|row| self.matches(row)).all(&mut visit) {
                break;
            }
        }
        Ok(())
    }

    /// The same, but only of the given parts of the file (see [`crate::column::Chunks::parts`]).
    #[must_use]
    pub fn of_parts(self, parts: Range<usize>) -> Self {
        Self { parts, ..self }
    }

    /// The first of the last parts of a file that lie wholly inside the range, which is their number when none does; `None`
    /// when no part has a row in it.
    #[must_use]
    pub fn whole_from(&self, skills: &Skills) -> Option<usize> {
        let overlap = |summary: &Summary| summary.overlap(self.earliest(), self.end());
        let parts = skills.rows().parts();
        parts.clone().any(|part| overlap(part.summary) != Overlap::None).then(|| {
            let whole = parts.clone().rev().take_while(|part| overlap(part.summary) == Overlap::Whole).count();
            parts.count() - whole
        })
    }

    /// Whether every row of a file matches.
    pub(super) fn takes_all(&self, skills: &Skills) -> bool {
        let whole =
            || skills.rows().parts().all(|part| part.summary.overlap(self.earliest(), self.end()) == Overlap::Whole);
        self.parts == (0..usize::MAX) && self.fields.is_empty() && (!self.has_range() || whole())
    }

    const fn has_range(&self) -> bool {
        self.from.is_some() || self.to.is_some()
    }

    fn earliest(&self) -> i64 {
        self.from.unwrap_or(i64::MIN)
    }

    fn end(&self) -> i64 {
        self.to.map_or(i64::MAX, |to| to.saturating_add(1))
    }

    fn matches(&self, row: &SkillRow) -> bool {
        let in_range = match row.at {
            Some(at) => self.from.is_none_or(|from| at >= from) && self.to.is_none_or(|to| at <= to),
            None => self.from.is_none() && self.to.is_none(),
        };
        in_range && self.fields.iter().all(|&(field, number)| row.field(field) == number)
    }
}
