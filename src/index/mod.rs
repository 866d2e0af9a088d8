//! Keeps columns up to date with their files; what is built here is only a cache of the files.

mod cache;
mod cached;
mod columns;
mod decoded;
mod fetch;
mod fold;
mod indexed;
mod root;
mod state;
mod sweep;
mod tokens;
mod walk;

pub use columns::Columns;
pub use decoded::DecodedChunks;
pub use fetch::{Lines, Pieces};
pub use indexed::{Indexed, View};
pub use root::RootIndex;
pub use tokens::Tokens;
pub use walk::Numbered;
