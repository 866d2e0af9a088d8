//! The columns in memory: what questions need of each record, kept per id in chunks with their summaries; pure data.

mod chunks;
mod durations;
mod entry;
mod executions;
mod failed_executions;
mod in_order;
mod measured;
mod names;
mod numbered;
mod part;
mod progress;
mod providers;
mod ranking;
mod resources;
mod row;
mod series;
mod skill_row;
mod skills;
mod sum;
mod summaries;
mod summary;
mod timeline;
mod wire;

pub use chunks::{CHUNK_ROWS, Cell, Chunks, Damaged, Ids, Place, Sink, Source};
pub use durations::{DayDurations, DurationRanks, Durations, add_at};
pub use entry::{Entry, group_hash};
pub use executions::{ExecutionRow, Executions};
pub use failed_executions::{FailedExecutions, FailedRow};
pub use in_order::InOrder;
pub use measured::Measured;
pub use names::{Names, is_same_name};
pub use numbered::Numbered;
pub use part::{Chunk, Form, Formed, Part, Rows};
pub use progress::Progress;
pub use providers::{CallRow, Provider, Providers};
pub use ranking::Ranking;
pub use resources::{ExecutionResources, ResourceRow};
pub use row::Row;
pub use series::{Run, Series};
pub use skill_row::{InvocationRow, SkillField, SkillRow};
pub use skills::{Group, SkillNames, Skills, Totals};
pub use sum::Sum;
pub use summary::{Overlap, Summary};
pub use timeline::Timeline;
pub use wire::{Input, put_bytes, put_signed, put_unsigned};

/// Where a line stands in its file.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Span {
    /// Offset of its first byte.
    pub offset: u64,
    /// Length without the newline.
    pub length: u32,
}

/// The state of a set of columns as it is saved and loaded.
pub trait State: Sized {
    /// Appends the state to `out`, after handing to `sink` the chunks that are only in memory.
    ///
    /// # Errors
    /// When a chunk that had to be read is damaged.
    fn save(&mut self, source: &dyn Source, sink: &mut dyn Sink, out: &mut Vec<u8>) -> Result<(), Damaged>;

    /// Hands to `sink` the chunks that are only in memory, without a state.
    fn spill(&mut self, sink: &mut dyn Sink);

    /// Reads a state back; `None` when it makes no sense.
    fn load(input: &mut Input<'_>) -> Option<Self>;
}

/// Saves the chunks of every id.
fn save_all<R: Cell>(
    all: &mut [Chunks<R>],
    source: &dyn Source,
    sink: &mut dyn Sink,
    out: &mut Vec<u8>,
) -> Result<(), Damaged> {
    all.iter_mut().try_for_each(|chunks| chunks.save(source, sink, out))
}

/// Loads the chunks of `count` ids.
fn load_all<R: Cell>(input: &mut Input<'_>, count: usize, ids: &mut Ids) -> Option<Vec<Chunks<R>>> {
    (0..count).map(|_| Chunks::load(input, ids)).collect()
}
