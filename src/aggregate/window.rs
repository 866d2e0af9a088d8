//! The window of a question: how far back from now it reaches.

use crate::event::time;

/// A window in milliseconds as asked for; `None` and 0 mean all of history. A time in the future is inside.
///
/// ```
/// use obs_native::aggregate::Window;
///
/// assert_eq!(Window::new(Some(1_000.0), 5_000.0).from(), Some(4_000));
/// assert_eq!(Window::new(None, 5_000.0).from(), None);
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Window {
    asked: Option<f64>,
    now: f64,
}

impl Window {
    /// The window that reaches `asked` milliseconds back from `now`, which is held within what a `Date` can be.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "times are below 2^53")]
    pub fn new(asked: Option<f64>, now: f64) -> Self {
        Self { asked, now: time::from_js(now) as f64 }
    }

    /// The window as asked for.
    #[must_use]
    pub const fn asked(&self) -> Option<f64> {
        self.asked
    }

    fn length(&self) -> Option<f64> {
        self.asked.filter(|&length| length != 0.0)
    }

    /// The earliest time inside, which is the smallest whole `t` with `now - t <= window`; `None` means all of history.
    #[must_use]
    pub fn from(&self) -> Option<i64> {
        let length = self.length()?;
        #[expect(clippy::cast_precision_loss, reason = "times are below 2^53")]
        let inside = |at: i64| self.now - at as f64 <= length;
        let mut from = time::from_js((self.now - length).ceil());
        while from > time::EARLIEST && inside(from - 1) {
            from -= 1;
        }
        while !inside(from) {
            from += 1;
        }
        Some(from)
    }

    /// ISO text of the start of a window that has one.
    #[must_use]
    pub fn start(&self) -> Option<String> {
        self.length().map(|length| time::iso(time::from_js(self.now - length)))
    }

    /// ISO text of the end.
    #[must_use]
    pub fn end(&self) -> String {
        time::iso(time::from_js(self.now))
    }

    /// Epoch ms of the end.
    #[must_use]
    pub const fn now(&self) -> f64 {
        self.now
    }
}

#[cfg(test)]
mod tests {
    use super::Window;

    #[test]
    fn includes_its_edge() {
        assert_eq!(Window::new(Some(10.0), 100.0).from(), Some(90));
        assert_eq!(Window::new(Some(10.5), 100.0).from(), Some(90));
        assert_eq!(Window::new(Some(0.5), 100.0).from(), Some(100));
        assert_eq!(Window::new(Some(1e300), 100.0).from(), Some(-8_640_000_000_000_000), "no Date is earlier");
        assert_eq!((Window::new(Some(0.0), 1.0).from(), Window::new(None, 1.0).from()), (None, None));
    }
}
