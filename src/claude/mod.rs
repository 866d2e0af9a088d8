//! What meets Claude Code beyond the text of its transcripts: which sessions lie on disk, what was imported of them, what its
//! hooks do, and its status line.
//!
//! The program `obs-hook` and the JavaScript face both come here, so that each rule stands once.

mod hook;
mod import;
mod input;
mod place;
mod sessions;
mod state;
mod status;
mod status_line;
mod steps;
mod words;
mod wrap;

pub use hook::{Event, Left, import_left, run_hook};
pub use import::{Asked, Import, Importable, Progress, Summary, importable};
pub use input::read_bounded;
pub use place::{Place, Surroundings};
pub use sessions::{Counted, count_sessions};
pub use status::refresh_status;
pub use status_line::{Glance, status_line};
pub use wrap::wrapped;
