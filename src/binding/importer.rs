//! The handle with which transcripts are imported, one session after the other.

use napi_derive::napi;

use super::monitor::{NativeMonitor, parse};
use super::{failed, to_json};
use crate::monitor::{ImportOptions, Importer, SessionFile};

/// Imports sessions into the monitor's workspace.
#[napi]
pub struct NativeImporter {
    importer: Importer,
}

#[napi]
impl NativeImporter {
    /// Imports the session that lies in these files, a JSON array of `{ path, agent, kind }`.
    #[napi(catch_unwind)]
    pub fn import(&mut self, files: String, now: f64) -> napi::Result<String> {
        let files: Vec<SessionFile> = parse("files", &files)?;
        to_json(self.importer.import(&files, now))
    }
}

#[napi]
impl NativeMonitor {
    /// An importer that knows what is on record; options are a JSON object of `since`, `dryRun`, `cuj` and `duplicates`.
    #[napi(catch_unwind)]
    pub fn importer(&self, options: String) -> napi::Result<NativeImporter> {
        let options: ImportOptions = parse("options", &options)?;
        let importer = Importer::new(self.monitor.clone(), options).map_err(|error| failed(&error))?;
        Ok(NativeImporter { importer })
    }
}
