//! Follows a file of progress events from its present end, across creation, renaming and truncation.

use std::path::Path;
use std::sync::Arc;

use crate::event::{ProgressEvent, Record, take_apart};
use crate::index::Pieces;
use crate::store::{Disk, LineReader, Parse, Part, Sink};

/// Gives each progress event that any process appends, once, from the moment of [`super::Monitor::follow`] on.
///
/// ```
/// use obs_native::monitor::Monitor;
///
/// let root = tempfile::tempdir()?;
/// let monitor = Monitor::open(root.path());
/// let mut follower = monitor.follow();
/// monitor.record_progress(br#"{"run_id":"run-001","step":1,"message":"Reading"}"#, 1_767_977_312_275.0)?;
/// assert!(follower.read()[0].contains("Reading"));
/// assert!(follower.read().is_empty());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Follower {
    disk: Arc<dyn Disk>,
    reader: LineReader,
}

/// The lines of events.
type Events = Vec<Box<[u8]>>;

#[derive(Default)]
struct Collected(Pieces);

impl Sink for Collected {
    fn restart(&mut self) {}

    fn parser(&self) -> Parse {
        |_, lines| {
            let mut events = Events::new();
            for line in lines.split(|&byte| byte == b'\n') {
                if ProgressEvent::read(line).is_some() {
                    events.push(line.into());
                } else {
                    let records = take_apart::<ProgressEvent<'_>>(line).records;
                    events.extend(records.into_iter().map(|record| Box::from(&line[record])));
                }
            }
            Box::new(events)
        }
    }

    fn take(&mut self, part: Part) {
        if let Ok(events) = part.downcast::<Events>() {
            events.iter().for_each(|line| _ = self.0.push(line));
        }
    }

    fn tail(&mut self, _: u64, _: &[u8]) -> bool {
        false
    }

    fn overlong(&mut self) {}
}

impl Follower {
    pub(super) fn new(disk: Arc<dyn Disk>, path: &Path) -> Self {
        let mut reader = LineReader::new(path);
        // A file that cannot be read now is followed from its start once it can.
        let _ = reader.skip_to_end(&*disk);
        Self { disk, reader }
    }

    /// The events since the last call: JSON arrays to be joined. While the file cannot be read there are none.
    pub fn read(&mut self) -> Vec<String> {
        let mut collected = Collected::default();
        // What was written to the file under its old name, before it was renamed, comes first.
        let _ = self.reader.drain_open(&*self.disk, &mut collected);
        let _ = self.reader.catch_up(&*self.disk, &mut collected);
        collected.0.finish()
    }
}
