//! The summaries of chunks, and those of ever longer stretches of them, so that a window over many chunks looks at few.

use super::{Overlap, Summary};

/// How many summaries the next level adds up to one.
const WIDTH: usize = 16;

/// Summaries in levels: first one for each chunk, then one for every sixteen of the level before.
#[derive(Debug, Default)]
pub(super) struct Summaries(Vec<Vec<Summary>>);

impl Summaries {
    /// None yet, with room for the summaries of so many chunks.
    pub fn with_capacity(chunks: usize) -> Self {
        Self(if chunks == 0 { Vec::new() } else { vec![Vec::with_capacity(chunks)] })
    }

    /// Appends the summary of a chunk.
    pub fn push(&mut self, summary: Summary) {
        let mut next = summary;
        for level in 0.. {
            if level == self.0.len() {
                self.0.push(Vec::new());
            }
            self.0[level].push(next);
            if self.0[level].len() % WIDTH != 0 {
                return;
            }
            let full = &self.0[level][self.0[level].len() - WIDTH..];
            next = Summary::default();
            full.iter().for_each(|summary| next.merge(summary));
        }
    }

    /// The summary of a chunk by its place.
    pub fn at(&self, place: usize) -> &Summary {
        &self.0[0][place]
    }

    /// Calls `whole` with the summaries, as few as there can be, of the chunks that are `judge`d to be wholly inside, and
    /// `part` with the place of each that is cut.
    pub fn walk(
        &self,
        judge: impl Fn(&Summary) -> Overlap,
        mut whole: impl FnMut(&Summary),
        mut part: impl FnMut(usize),
    ) {
        let mut above = 0;
        for level in (0..self.0.len()).rev() {
            for place in above..self.0[level].len() {
                self.visit((level, place), &judge, &mut whole, &mut part);
            }
            above = self.0[level].len() * WIDTH;
        }
    }

    fn visit(
        &self,
        (level, place): (usize, usize),
        judge: &impl Fn(&Summary) -> Overlap,
        whole: &mut impl FnMut(&Summary),
        part: &mut impl FnMut(usize),
    ) {
        let summary = &self.0[level][place];
        match judge(summary) {
            Overlap::None => {}
            Overlap::Whole => whole(summary),
            Overlap::Part if level == 0 => part(place),
            Overlap::Part => {
                (place * WIDTH..(place + 1) * WIDTH)
                    .for_each(|below| self.visit((level - 1, below), judge, whole, part));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Overlap, Summaries, Summary};

    #[test]
    fn levels_find_what_looking_at_each_finds() {
        // Mostly in order, some far back; every 41st has a row without a time.
        let one = |place: u32| {
            let at = i64::from(place) * 100 - if place % 29 == 3 { 9000 } else { 0 };
            let mut summary = Summary::default();
            summary.add(Some(at), u64::from(place) * 2);
            summary.add((place % 41 != 7).then_some(at + 150), u64::from(place) * 2 + 1);
            summary.duration_ms.add(f64::from(place));
            summary
        };
        let (mut summaries, mut all) = (Summaries::default(), Vec::new());
        for place in 0..1000 {
            summaries.push(one(place));
            all.push(one(place));
            for (from, to) in
                [(i64::MIN, i64::MAX), (30_050, i64::MAX), (-5000, 2000), (i64::from(place) * 100 - 70, 99_999)]
            {
                let (mut expected, mut cut) = (Summary::default(), Vec::new());
                all.iter().enumerate().for_each(|(place, summary)| match summary.overlap(from, to) {
                    Overlap::None => {}
                    Overlap::Part => cut.push(place),
                    Overlap::Whole => expected.merge(summary),
                });
                let mut found = Vec::new();
                let mut whole = Summary::default();
                let judge = |summary: &Summary| summary.overlap(from, to);
                summaries.walk(judge, |summary| whole.merge(summary), |place| found.push(place));
                assert_eq!((whole, found), (expected, cut), "{place} chunks, {from} to {to}");
                assert_eq!(summaries.at(place as usize), &one(place));
            }
        }
    }
}
