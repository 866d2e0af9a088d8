//! The stretch of time that a table is about, and the one of the same length before it that it is compared with.

use crate::event::time;

/// From one moment to another, both inclusive, epoch ms. Without an end what is dated after now counts too.
///
/// ```
/// use obs_native::aggregate::Period;
///
/// let period = Period::new(Some(100), None, 250.0);
/// assert_eq!((period.range(), period.before()), (Some((100, i64::MAX)), Some((-50, 100))));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    from: Option<i64>,
    to: Option<i64>,
    now: i64,
    back: i64,
}

impl Period {
    /// `None` for `from` means the beginning of history.
    #[must_use]
    pub fn new(from: Option<i64>, to: Option<i64>, now: f64) -> Self {
        Self { from, to, now: time::from_js(now), back: 0 }
    }

    /// The same period, compared with one that begins so many milliseconds earlier, but at least with the one just before it.
    #[must_use]
    pub const fn against(self, back: i64) -> Self {
        Self { back, ..self }
    }

    /// From another moment until now, and whatever is dated later.
    #[must_use]
    pub const fn until_now(&self, from: Option<i64>) -> Self {
        Self { from, to: None, now: self.now, back: 0 }
    }

    /// The first moment, if there is one.
    #[must_use]
    pub const fn from(&self) -> Option<i64> {
        self.from
    }

    /// The last moment as asked for.
    #[must_use]
    pub const fn to(&self) -> Option<i64> {
        self.to
    }

    /// The last moment, or now.
    #[must_use]
    pub fn end(&self) -> i64 {
        self.to.unwrap_or(self.now)
    }

    /// Now, epoch ms.
    #[must_use]
    pub const fn now(&self) -> i64 {
        self.now
    }

    /// The times inside, from the first until before the second; `None` for all records, those without a time too.
    #[must_use]
    pub fn range(&self) -> Option<(i64, i64)> {
        let end = self.to.map_or(i64::MAX, |to| to.saturating_add(1));
        (self.from.is_some() || self.to.is_some()).then_some((self.from.unwrap_or(i64::MIN), end))
    }

    /// The times of as long before, which it is compared with; `None` where there is no beginning.
    #[must_use]
    pub fn before(&self) -> Option<(i64, i64)> {
        let from = self.from?;
        let length = self.end().saturating_sub(from).max(0);
        let back = self.back.max(length);
        let begin = |at: i64| at.saturating_sub(back).max(time::EARLIEST);
        Some((begin(from), begin(from.saturating_add(length))))
    }

    /// Whether a time, perhaps unreadable, is inside.
    #[must_use]
    pub fn holds(&self, at: Option<i64>) -> bool {
        inside(self.range(), at)
    }

    /// Whether it is in the stretch before.
    #[must_use]
    pub fn held_before(&self, at: Option<i64>) -> bool {
        self.before().is_some_and(|before| inside(Some(before), at))
    }
}

fn inside(range: Option<(i64, i64)>, at: Option<i64>) -> bool {
    range.is_none_or(|(from, to)| at.is_some_and(|at| from <= at && at < to))
}

#[cfg(test)]
mod tests {
    use super::Period;

    #[test]
    fn both_ends_are_inside_and_the_stretch_before_ends_where_it_begins() {
        let period = Period::new(Some(100), Some(150), 1000.0);
        for (at, now, before) in [(99, false, true), (100, true, false), (150, true, false), (151, false, false)] {
            assert_eq!((period.holds(Some(at)), period.held_before(Some(at))), (now, before), "{at}");
        }
        assert!(period.held_before(Some(50)) && !period.held_before(Some(49)) && !period.holds(None));
        assert_eq!((period.against(70).before(), period.against(20).before()), (Some((30, 80)), period.before()));
        let all = Period::new(None, None, 1000.0);
        assert!(all.holds(None) && all.holds(Some(5000)) && all.before().is_none());
        assert_eq!(Period::new(None, Some(5), 10.0).range(), Some((i64::MIN, 6)));
    }
}
