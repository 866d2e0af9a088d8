//! The handle that follows a stream of records, and what those need who read data files themselves: the bytes, compacted or not,
//! and the records on lines.

use std::path::Path;

use napi::bindgen_prelude::Buffer;
use napi_derive::napi;

use super::failed;
use super::monitor::NativeMonitor;
use crate::monitor::{DataFile, DataStat, Follower, Stream};

/// Follows a stream from its end at the time of the call.
#[napi]
pub struct NativeFollower {
    follower: Option<Follower>,
}

#[napi]
impl NativeFollower {
    /// The records since the last call, a JSON array.
    #[napi(catch_unwind)]
    pub fn read(&mut self, now: f64) -> String {
        let pieces = self.follower.as_mut().map(|follower| follower.read(now)).unwrap_or_default();
        let records: Vec<&str> = pieces.iter().map(|piece| &piece[1..piece.len() - 1]).collect();
        format!("[{}]", records.join(","))
    }

    /// Gives back the descriptor.
    #[napi(catch_unwind)]
    pub fn close(&mut self) {
        self.follower = None;
    }
}

#[napi]
impl NativeMonitor {
    /// Follows `executions`, `progress`, `providers` or `skills` from now on.
    #[napi(catch_unwind)]
    pub fn follow(&self, stream: String, now: f64) -> napi::Result<NativeFollower> {
        Ok(NativeFollower { follower: Some(self.monitor.follow(stream_of(&stream)?, now)) })
    }

    /// The records on whole lines of the file of such a stream, without secrets: a JSON array of `[offset, record]`.
    #[napi(catch_unwind)]
    pub fn records(&self, stream: String, lines: Buffer) -> napi::Result<String> {
        Ok(self.monitor.records(stream_of(&stream)?, &lines))
    }
}

/// Which data file it is and how long.
#[napi(object)]
pub struct NativeStat {
    /// Device and number.
    pub identity: String,
    /// Bytes that it stands for.
    pub size: f64,
}

impl From<DataStat> for NativeStat {
    fn from(DataStat { identity, size }: DataStat) -> Self {
        #[expect(clippy::cast_precision_loss, reason = "sizes are below 2^53")]
        Self { identity, size: size as f64 }
    }
}

/// An open data file, whether it is compacted or not.
#[napi]
pub struct NativeDataFile {
    file: Option<DataFile>,
}

#[napi]
impl NativeDataFile {
    /// Which file it is, and how long by now; `null` after `close`.
    #[napi(catch_unwind)]
    pub fn stat(&self) -> napi::Result<Option<NativeStat>> {
        let found = self.file.as_ref().map(DataFile::stat).transpose().map_err(|error| failed(&error))?;
        Ok(found.map(NativeStat::from))
    }

    /// At most `length` bytes from `position` on, fewer where it ends; `null` after `close`.
    #[napi(catch_unwind)]
    pub fn read(&self, position: f64, length: u32) -> napi::Result<Option<Buffer>> {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a place in a file is no fraction")]
        let read = |file: &DataFile| file.read(position as u64, length as usize);
        let found = self.file.as_ref().map(read).transpose().map_err(|error| failed(&error))?;
        Ok(found.map(Buffer::from))
    }

    /// Gives back the descriptors.
    #[napi(catch_unwind)]
    pub fn close(&mut self) {
        self.file = None;
    }
}

#[napi]
impl NativeMonitor {
    /// A data file by its plain name, compacted or not; `null` when there is none.
    #[napi(catch_unwind)]
    pub fn data_stat(&self, path: String) -> napi::Result<Option<NativeStat>> {
        let found = self.monitor.data_stat(Path::new(&path)).map_err(|error| failed(&error))?;
        Ok(found.map(NativeStat::from))
    }

    /// Opens a data file by its plain name; `null` when there is none.
    #[napi(catch_unwind)]
    pub fn open_data(&self, path: String) -> napi::Result<Option<NativeDataFile>> {
        let found = self.monitor.open_data(Path::new(&path)).map_err(|error| failed(&error))?;
        Ok(found.map(|file| NativeDataFile { file: Some(file) }))
    }
}

fn stream_of(name: &str) -> napi::Result<Stream> {
    match name {
        "executions" => Ok(Stream::Executions),
        "providers" => Ok(Stream::Providers),
        "skills" => Ok(Stream::Skills),
        "progress" => Ok(Stream::Progress),
        _ => Err(napi::Error::from_reason(format!("there is no stream {name}"))),
    }
}
