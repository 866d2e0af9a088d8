//! What systems beyond this machine are given: counts over all that is on record, as the text that Prometheus reads.
//!
//! The text has a counter, a histogram and a time for each CUJ, skill, agent and provider. Names become labels, so their number
//! has a limit: those that came first have a series of their own, all others share one, which is told.

mod asked;
mod distribution;
mod exponential;
mod label;
mod prometheus;
mod tallies;
mod tally;

pub use asked::{Asked, Subjects};
pub use distribution::{Bounds, Distribution};
pub use exponential::Exponential;
pub use label::{OTHER, label_of};
pub use prometheus::{Exported, render};
pub use tallies::Tallies;
pub use tally::{Named, Tally, calls, executions, invocations};
