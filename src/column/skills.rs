//! The skill invocations of one day file: rows to filter, and the whole day's totals.

use parking_lot::{Mutex, MutexGuard};

use super::put_unsigned;
use super::skill_row::{InvocationRow, NONE, SkillField, SkillRow};
use super::{Chunks, Damaged, DayDurations, Entry, Ids, Input, Names, Numbered, ResourceRow, Sink, Source, State, Sum};
use crate::json;

/// What the invocations of one group add up to.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Group {
    /// How many.
    pub count: u64,
    /// How many have the result `success`.
    pub successful: u64,
    /// How many have the result `failure`.
    pub failures: u64,
    /// How many were answered from a cache.
    pub cache_hits: u64,
    /// Sum of the durations in milliseconds.
    pub duration_ms: Sum,
}

impl Group {
    /// Adds another group.
    pub fn merge(&mut self, other: &Self) {
        self.count += other.count;
        self.successful += other.successful;
        self.failures += other.failures;
        self.cache_hits += other.cache_hits;
        self.duration_ms.merge(other.duration_ms);
    }

    fn save(&self, out: &mut Vec<u8>) {
        [self.count, self.successful, self.failures, self.cache_hits]
            .iter()
            .for_each(|&count| put_unsigned(out, count));
        self.duration_ms.save(out);
    }

    fn load(input: &mut Input<'_>) -> Option<Self> {
        Some(Self {
            count: input.unsigned()?,
            successful: input.unsigned()?,
            failures: input.unsigned()?,
            cache_hits: input.unsigned()?,
            duration_ms: Sum::load(input)?,
        })
    }
}

/// Totals of one file, by the numbers of its names in order of first appearance.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Totals {
    /// Everything.
    pub all: Group,
    /// By skill, by agent and by CUJ; invocations without a CUJ are left out of the last.
    pub by: [Vec<(u32, Group)>; 3],
    /// For each name, its place in each list, so that a row costs no search.
    places: Vec<[u32; 3]>,
}

/// What the totals group by, in the order of [`Totals::by`].
pub(super) const GROUPED: [SkillField; 3] = [SkillField::Skill, SkillField::Agent, SkillField::Cuj];

impl Totals {
    /// Adds one row of the file with these names.
    pub fn add(&mut self, names: &SkillNames, row: &SkillRow) {
        let result = row.field(SkillField::Result);
        let mut one = Group {
            count: 1,
            successful: u64::from(result == names.success),
            failures: u64::from(result == names.failure),
            cache_hits: u64::from(row.cache_hit),
            duration_ms: Sum::default(),
        };
        one.duration_ms.add(row.duration_ms);
        self.all.merge(&one);
        for (list, field) in GROUPED.into_iter().enumerate() {
            let number = row.field(field);
            if field != SkillField::Cuj || !names.is_none(number) {
                self.group(list, number).merge(&one);
            }
        }
    }

    /// The place in the first list of [`Self::by`] of a skill that was added, by the number of its name.
    #[must_use]
    pub fn place(&self, skill: u32) -> Option<usize> {
        let place = self.places.get(skill.wrapping_add(1) as usize)?[0];
        (place != NONE).then_some(place as usize)
    }

    fn group(&mut self, list: usize, number: u32) -> &mut Group {
        // An absent field has the largest number; its place stands first.
        let index = number.wrapping_add(1) as usize;
        if index >= self.places.len() {
            self.places.resize(index + 1, [NONE; 3]);
        }
        let place = &mut self.places[index][list];
        if *place == NONE {
            *place = u32::try_from(self.by[list].len()).unwrap_or(NONE - 1);
            self.by[list].push((number, Group::default()));
        }
        &mut self.by[list][*place as usize].1
    }

    fn save(&self, out: &mut Vec<u8>) {
        self.all.save(out);
        for list in &self.by {
            put_unsigned(out, list.len() as u64);
            for (number, group) in list {
                put_unsigned(out, u64::from(number.wrapping_add(1)));
                group.save(out);
            }
        }
    }

    fn load(input: &mut Input<'_>, names: usize) -> Option<Self> {
        let mut totals = Self { all: Group::load(input)?, ..Self::default() };
        for list in 0..totals.by.len() {
            for _ in 0..input.count()? {
                let number = u32::try_from(input.unsigned()?).ok().filter(|&number| number as usize <= names)?;
                *totals.group(list, number.wrapping_sub(1)) = Group::load(input)?;
            }
        }
        Some(totals)
    }
}

/// The names of one file, and the numbers of those that have a meaning.
#[derive(Debug)]
pub struct SkillNames {
    names: Names,
    success: u32,
    failure: u32,
    falsy: Vec<u32>,
}

impl Default for SkillNames {
    fn default() -> Self {
        Self { names: Names::default(), success: NONE, failure: NONE, falsy: Vec::new() }
    }
}

impl SkillNames {
    fn intern(&mut self, value: &[u8]) -> u32 {
        let before = self.names.len();
        let number = self.names.intern(value);
        if self.names.len() > before {
            self.note(number, value);
        }
        number
    }

    fn note(&mut self, number: u32, value: &[u8]) {
        match value {
            b"\"success\"" => self.success = number,
            b"\"failure\"" => self.failure = number,
            value if json::is_falsy(value) => self.falsy.push(number),
            _ => {}
        }
    }

    /// Whether the field with this number names nothing: it is absent or falsy.
    #[must_use]
    pub fn is_none(&self, number: u32) -> bool {
        number == NONE || self.falsy.contains(&number)
    }

    fn load(input: &mut Input<'_>) -> Option<Self> {
        let names = Names::load(input)?;
        let find = |value: &[u8]| names.find(value).unwrap_or(NONE);
        let (success, failure) = (find(b"\"success\""), find(b"\"failure\""));
        let falsy = input.count()?;
        let falsy = (0..falsy).map(|_| u32::try_from(input.unsigned()?).ok()).collect::<Option<_>>()?;
        Some(Self { names, success, failure, falsy })
    }
}

/// Invocations in the order of the file.
#[derive(Debug, Default)]
pub struct Skills {
    names: SkillNames,
    rows: Chunks<SkillRow>,
    totals: Totals,
    durations: Mutex<DayDurations>,
    resources: Numbered<ResourceRow>,
    failures: Numbered<Entry>,
    ids: Ids,
}

impl Skills {
    /// The number of a field's value, given as a JSON value.
    pub fn intern(&mut self, value: &[u8]) -> u32 {
        self.names.intern(value)
    }

    /// Appends an invocation; `number` gives the number of each of its fields' values for the one that it has.
    pub fn push(&mut self, invocation: InvocationRow, number: impl Fn(u32) -> u32) {
        let InvocationRow { mut row, resources, failure } = invocation;
        row.fields = row.fields.map(|field| if field == NONE { NONE } else { number(field) });
        let (skill, serial) = (row.field(SkillField::Skill), self.totals.all.count);
        self.totals.add(&self.names, &row);
        if let Some(values) = resources {
            self.resources.push(skill, ResourceRow { at: row.at, values }, &mut self.ids);
        }
        if let Some(group) = failure {
            self.failures.push(skill, Entry { at: row.at, serial, span: row.span, hash: 0, group }, &mut self.ids);
        }
        self.rows.push(row, &mut self.ids);
    }

    /// All rows.
    #[must_use]
    pub const fn rows(&self) -> &Chunks<SkillRow> {
        &self.rows
    }

    /// What all rows add up to.
    #[must_use]
    pub const fn totals(&self) -> &Totals {
        &self.totals
    }

    /// The durations of all rows by the place of their skill in the totals; the first call looks at every row.
    ///
    /// # Errors
    /// When a chunk is damaged.
    pub fn durations(&self, source: &dyn Source) -> Result<MutexGuard<'_, DayDurations>, Damaged> {
        let mut durations = self.durations.lock();
        durations.catch_up(self, source)?;
        Ok(durations)
    }

    /// What the invocations of a skill, given as a JSON value, say of resources.
    #[must_use]
    pub fn resources(&self, skill: &[u8]) -> Option<&Chunks<ResourceRow>> {
        self.number(skill).and_then(|number| self.resources.get(number))
    }

    /// The same for every skill that says something, with its name (WTF-8), in order of first appearance.
    pub fn iter_resources(&self) -> impl Iterator<Item = (&[u8], &Chunks<ResourceRow>)> {
        self.resources.iter().map(|(number, rows)| (self.text(number), rows))
    }

    /// The failed invocations of every skill that has some, with its name (WTF-8), in order of first appearance.
    pub fn iter_failures(&self) -> impl Iterator<Item = (&[u8], &Chunks<Entry>)> {
        self.failures.iter().map(|(number, entries)| (self.text(number), entries))
    }

    /// The file's names.
    #[must_use]
    pub const fn names(&self) -> &SkillNames {
        &self.names
    }

    /// The number that a field must have to equal a JSON value; `None` when no row has it.
    #[must_use]
    pub fn number(&self, value: &[u8]) -> Option<u32> {
        self.names.names.find(value)
    }

    /// A field's text (WTF-8), `undefined` where it is absent.
    #[must_use]
    pub fn text(&self, number: u32) -> &[u8] {
        if number == NONE { b"undefined" } else { self.names.names.text(number) }
    }
}

impl State for Skills {
    fn save(&mut self, source: &dyn Source, sink: &mut dyn Sink, out: &mut Vec<u8>) -> Result<(), Damaged> {
        self.names.names.save(out);
        put_unsigned(out, self.names.falsy.len() as u64);
        self.names.falsy.iter().for_each(|&number| put_unsigned(out, number.into()));
        self.totals.save(out);
        self.rows.save(source, sink, out)?;
        self.resources.save(source, sink, out)?;
        self.failures.save(source, sink, out)
    }

    fn spill(&mut self, sink: &mut dyn Sink) {
        self.rows.spill(sink);
        self.resources.spill(sink);
        self.failures.spill(sink);
    }

    fn load(input: &mut Input<'_>) -> Option<Self> {
        let mut ids = Ids::default();
        let names = SkillNames::load(input)?;
        let totals = Totals::load(input, names.names.len())?;
        let rows = Chunks::load(input, &mut ids)?;
        let resources = Numbered::load(input, names.names.len(), &mut ids)?;
        let failures = Numbered::load(input, names.names.len(), &mut ids)?;
        Some(Self { names, rows, totals, durations: Mutex::default(), resources, failures, ids })
    }
}
