//! What a transcript of Claude Code means: lines in, events and episodes out. The format is internal to Claude Code and
//! changes, so what is not known is counted and passed over.
//!
//! Read out are names, ids, times, counts and error texts; never prompts, answers or arguments. `docs/claude-code.md` says
//! by which rules an episode begins and ends and what its outcome is called.

mod content;
mod cuj;
mod episode;
mod event;
mod fields;
mod lane;
mod line;
mod message;
mod metadata;
mod prices;
mod provider;
mod records;
mod session;
mod tools;
mod words;

pub use cuj::{CujFinder, found_by};
pub use episode::Outcome;
pub use event::{Event, Kind, Spent};
pub use line::{Fact, Text, read, read_noting};
pub use prices::PRICES;
pub use session::{Found, SETTLED_MS, Session};
