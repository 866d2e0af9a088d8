//! What a line is: bytes in files, positions, and how they get there and back; nothing here knows what a line means.

mod appender;
mod atomic;
mod checked;
mod compacted;
mod counts;
mod disk;
mod last_write;
mod layout;
mod os;
mod own_file;
mod queue;
mod reader;
mod reason;
mod writer;

pub use appender::Found;
pub use atomic::replace;
pub use checked::{make_cache_folder, read_whole};
pub use counts::{Counts, Fault};
pub use disk::{Disk, DiskFile, Identity, Stat};
pub use layout::{Folder, Layout, Target, day_of_file};
pub use os::OsDisk;
pub(crate) use own_file::is_closed;
pub use reader::{Checkpoint, LineReader, MAX_LINE_BYTES, Parse, Part, Sink};
pub use reason::{Dropped, Reason};
pub use writer::{Durability, Writer};
