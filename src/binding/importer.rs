//! The handle with which transcripts are imported, one session after the other, and the hooks' way in.

use napi_derive::napi;

use super::monitor::{NativeMonitor, parse};
use super::{failed, to_json};
use crate::claude::{self, Asked, Import, Place, Surroundings};

/// Imports sessions into the monitor's workspace.
#[napi]
pub struct NativeImport {
    import: Option<Import>,
}

#[napi]
impl NativeImport {
    /// Imports the next session; false when there is none.
    #[napi(catch_unwind)]
    pub fn advance(&mut self) -> napi::Result<bool> {
        self.import.as_mut().map_or(Ok(false), Import::advance).map_err(|error| failed(&error))
    }

    /// `{ sessions, of_sessions, bytes, of_bytes }`, or `null` after `close`.
    #[napi(catch_unwind)]
    pub fn progress(&self) -> napi::Result<String> {
        to_json(Ok(self.import.as_ref().map(Import::progress)))
    }

    /// What was done so far, or `null` after `close`.
    #[napi(catch_unwind)]
    pub fn summary(&self) -> napi::Result<String> {
        to_json(Ok(self.import.as_ref().map(Import::summary)))
    }

    /// Keeps what is known by now, and lets others import.
    #[napi(catch_unwind)]
    pub fn close(&mut self) {
        self.import = None;
    }
}

#[napi]
impl NativeMonitor {
    /// Begins an import; options are a JSON object of `folders`, `session`, `since`, `dryRun`, `cuj` and `duplicates`.
    #[napi(catch_unwind)]
    pub fn import_claude(&self, options: String, now: f64) -> napi::Result<NativeImport> {
        let asked: Asked = parse("options", &options)?;
        let import = Import::begin(&self.monitor, asked, now).map_err(|error| failed(&error))?;
        Ok(NativeImport { import: Some(import) })
    }

    /// What could be imported from folders, a JSON array of paths, and what earlier imports did not understand:
    /// `{ sessions, new, oldest, seen: { sessions, damaged, unknown_types, unknown_fields } }`, `oldest` in epoch ms.
    #[napi(catch_unwind)]
    pub fn importable(&self, folders: String, now: f64) -> napi::Result<String> {
        let folders: Vec<std::path::PathBuf> = parse("folders", &folders)?;
        to_json(Ok(claude::importable(&self.monitor, &folders, now)))
    }
}

/// What needs no workspace of its own: it is found by what Claude Code says.
#[napi]
pub struct NativeClaude {}

#[napi]
impl NativeClaude {
    /// Does what an event of Claude Code, bytes of JSON text, asks for; `around` is a JSON object of what the environment says.
    /// Gives the root of a workspace for which `obs retention run` is to be started, or `null`.
    #[napi(catch_unwind)]
    pub fn run_hook(event: &[u8], around: String, now: f64) -> napi::Result<Option<String>> {
        let around: Surroundings = parse("around", &around)?;
        let left = claude::run_hook(event, &around, now, u64::MAX).map_err(|error| failed(&error))?;
        Ok(left.filter(|left| left.retention).map(|left| left.place.root.to_string_lossy().into_owned()))
    }

    /// How many sessions lie in folders, a JSON array of paths, and since when, epoch ms: `{ sessions, oldest }`.
    #[napi(catch_unwind)]
    pub fn count_sessions(folders: String) -> napi::Result<String> {
        let folders: Vec<std::path::PathBuf> = parse("folders", &folders)?;
        to_json(Ok(claude::count_sessions(&folders)))
    }

    /// The status line for what Claude Code says, bytes of JSON text: `{ line, refresh }`, `refresh` being `{ root, data }` of the
    /// place whose state should be made anew, or `null`. `columns` of 0 stands for the usual width.
    #[napi(catch_unwind)]
    pub fn status_line(said: &[u8], around: String, columns: u32, now: f64) -> napi::Result<String> {
        let around: Surroundings = parse("around", &around)?;
        let columns = (columns > 0).then_some(columns as usize);
        to_json(Ok(claude::status_line(said, &around, columns, now)))
    }

    /// What another command for a status line prints for the same bytes.
    #[napi(catch_unwind)]
    pub fn wrap_status_line(command: String, said: &[u8]) -> String {
        String::from_utf8_lossy(&claude::wrapped(&command, said)).into_owned()
    }

    /// Makes the state of the status line anew.
    #[napi(catch_unwind)]
    pub fn refresh_status(root: String, data: String, around: String, now: f64) -> napi::Result<()> {
        let around: Surroundings = parse("around", &around)?;
        let place = Place { root: root.into(), data: data.into() };
        claude::refresh_status(&place, &around, now).map_err(|error| failed(&error))
    }
}
