//! What an export is asked for, as the face hands it over.

use serde::Deserialize;

/// How to write, and what objectives need of it.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    /// `OpenMetrics` 1.0 instead of the text format 0.0.4.
    pub openmetrics: bool,
    /// Count by exponential buckets as well.
    pub native: bool,
    /// How many CUJs, skills, agents and providers each have series of their own.
    pub max_values: usize,
    /// The CUJs.
    pub cuj: Subjects,
    /// The skills.
    pub skill: Subjects,
    /// The agents.
    pub agent: Subjects,
    /// The providers.
    pub provider: Subjects,
}

/// What objectives need of one kind of subject.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Subjects {
    /// Milliseconds that have to be a bound of its histograms.
    pub bounds: Vec<f64>,
    /// Names that have series of their own in any case.
    pub keep: Vec<String>,
}
