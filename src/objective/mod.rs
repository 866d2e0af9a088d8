//! Objectives: how fast a budget of failures burns, whether that can be chance, and what would have been said in the past.
//! Pure, with the time handed in.

mod gather;
mod goal;
mod history;
mod judge;
mod pattern;
mod said;
mod tail;
mod usual;

pub use gather::{Asked, Gathered, Kind};
pub use goal::{Goal, Tier};
pub use history::{Change, History};
pub use judge::{Counts, Seen, State, Verdict, burn, judge};
pub use pattern::Pattern;
pub use said::{Episode, Question, Replayed, Said, TierReplayed, TierRule, TierSaid, next};
pub use tail::{is_below, tail};
pub use usual::{Usual, against_usual};
