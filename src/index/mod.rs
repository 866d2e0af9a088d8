//! Keeps columns up to date with their files; what is built here is only a cache of the files.

mod columns;
mod fetch;
mod indexed;
mod root;

pub use columns::Columns;
pub use fetch::{Lines, Pieces};
pub use indexed::Indexed;
pub use root::RootIndex;
