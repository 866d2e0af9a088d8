//! Follows a stream of records from its present end, across creation, renaming, truncation and, of skill invocations, midnight.

use std::sync::Arc;

use super::Monitor;
use crate::event::{CujExecution, ProgressEvent, ProviderCall, Record, SkillInvocation, take_apart, time};
use crate::index::Pieces;
use crate::store::{Disk, Layout, LineReader, Parse, Part, Sink, Target};

/// What is followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stream {
    /// CUJ executions.
    Executions,
    /// Progress events.
    Progress,
    /// Provider calls.
    Providers,
    /// Skill invocations: the file of the present UTC day, and still that of the day before.
    Skills,
}

/// Gives each record of a stream that any process appends, once, from the moment of [`Monitor::follow`] on.
///
/// ```
/// use obs_native::monitor::{Monitor, Stream};
///
/// let root = tempfile::tempdir()?;
/// let monitor = Monitor::open(root.path());
/// let now = 1_767_977_312_275.0;
/// let mut follower = monitor.follow(Stream::Progress, now);
/// monitor.record_progress(br#"{"run_id":"run-001","step":1,"message":"Reading"}"#, now)?;
/// assert!(follower.read(now)[0].contains("Reading"));
/// assert!(follower.read(now).is_empty());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Follower {
    disk: Arc<dyn Disk>,
    layout: Layout,
    stream: Stream,
    day: i64,
    reader: LineReader,
    /// Of the day before: a writer whose clock is late may still append there.
    yesterday: Option<LineReader>,
}

impl Monitor {
    /// Follows what any process records from now on.
    #[must_use]
    pub fn follow(&self, stream: Stream, now: f64) -> Follower {
        Follower::new(Arc::clone(&self.disk), self.root().layout.clone(), stream, time::day_of(time::from_js(now)))
    }
}

/// The lines of records.
type Lines = Vec<Box<[u8]>>;

struct Collected(Pieces, Parse);

impl Sink for Collected {
    fn restart(&mut self) {}

    fn parser(&self) -> Parse {
        self.1
    }

    fn take(&mut self, part: Part) {
        if let Ok(records) = part.downcast::<Lines>() {
            records.iter().for_each(|line| _ = self.0.push(line));
        }
    }

    fn tail(&mut self, _: u64, _: &[u8]) -> bool {
        false
    }

    fn overlong(&mut self) {}
}

/// The records of whole lines, those of damaged ones too.
fn records_of<'a, R: Record<'a>>(lines: &'a [u8]) -> Part {
    let mut records = Lines::new();
    for line in lines.split(|&byte| byte == b'\n') {
        if R::read(line).is_some() {
            records.push(line.into());
        } else {
            records.extend(take_apart::<R>(line).records.into_iter().map(|record| Box::from(&line[record])));
        }
    }
    Box::new(records)
}

impl Follower {
    fn new(disk: Arc<dyn Disk>, layout: Layout, stream: Stream, day: i64) -> Self {
        let mut reader = LineReader::following(&path(&layout, stream, day));
        // A file that cannot be read now is followed from its start once it can.
        let _ = reader.skip_to_end(&*disk);
        Self { disk, layout, stream, day, reader, yesterday: None }
    }

    /// The records since the last call: JSON arrays to be joined. While the file cannot be read there are none.
    pub fn read(&mut self, now: f64) -> Vec<String> {
        let parse: Parse = match self.stream {
            Stream::Executions => |_, lines| records_of::<CujExecution<'_>>(lines),
            Stream::Progress => |_, lines| records_of::<ProgressEvent<'_>>(lines),
            Stream::Providers => |_, lines| records_of::<ProviderCall<'_>>(lines),
            Stream::Skills => |_, lines| records_of::<SkillInvocation<'_>>(lines),
        };
        self.turn_to(time::day_of(time::from_js(now)));
        let mut collected = Collected(Pieces::default(), parse);
        for reader in self.yesterday.iter_mut().chain([&mut self.reader]) {
            // What was written to the file under its old name, before it was renamed, comes first.
            let _ = reader.drain_open(&*self.disk, &mut collected);
            let _ = reader.catch_up(&*self.disk, &mut collected);
        }
        collected.0.finish()
    }

    /// From midnight on the next day's file is read from its start.
    fn turn_to(&mut self, day: i64) {
        if self.stream == Stream::Skills && day > self.day {
            let today = LineReader::following(&path(&self.layout, self.stream, day));
            self.yesterday = Some(std::mem::replace(&mut self.reader, today));
            self.day = day;
        }
    }
}

fn path(layout: &Layout, stream: Stream, day: i64) -> std::path::PathBuf {
    let target = match stream {
        Stream::Executions => Target::Executions,
        Stream::Progress => Target::Progress,
        Stream::Providers => Target::Providers,
        Stream::Skills => Target::Skills(layout.logs().clone(), day),
    };
    layout.path(&target, time::day_text)
}
