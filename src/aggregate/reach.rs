//! How far moments and their durations reach, and the bands that a heat map puts the durations into.

use super::Moment;

/// A heat map has so many rows.
const BANDS: usize = 12;

/// How far moments reach.
#[derive(Debug, Default)]
pub(super) struct Reach {
    pub total: u64,
    pub earliest: Option<i64>,
    /// The shortest and the longest finite duration.
    durations: Option<(f64, f64)>,
}

impl Reach {
    pub fn add(&mut self, moment: &Moment) {
        self.total += 1;
        self.earliest = Some(self.earliest.map_or(moment.at, |earliest| earliest.min(moment.at)));
        let ms = moment.duration_ms;
        if ms.is_finite() {
            let (shortest, longest) = self.durations.unwrap_or((ms, ms));
            self.durations = Some((shortest.min(ms), longest.max(ms)));
        }
    }

    /// Edges in equal ratios from the shortest to beyond the longest duration; what takes no time counts as a tenth of a
    /// millisecond.
    pub fn edges(&self) -> Vec<f64> {
        let Some((least, longest)) = self.durations else { return Vec::new() };
        let shortest = least.max(0.1).min(longest.max(0.1));
        let ratio = (longest.max(0.1) * 1.001 / shortest).max(1.1);
        #[expect(clippy::cast_precision_loss, reason = "a dozen")]
        let edge = |number: usize| shortest * ratio.powf(number as f64 / BANDS as f64);
        let mut edges: Vec<f64> = (0..=BANDS).map(edge).collect();
        // The first band holds all that is shorter: 0, and what lies below for want of sense.
        edges[0] = least.min(shortest);
        edges
    }
}
