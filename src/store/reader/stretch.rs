//! Reads a long stretch of whole lines on several threads: each reads blocks of its own and makes something of the lines
//! that begin there, and the calling thread takes that in order.

use std::collections::BTreeMap;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread;

use memchr::{memchr, memrchr};
use parking_lot::Mutex;

use super::lines::is_of_one_moment;
use super::{HEAD, LineReader, Parse, Part, Sink, TAIL};
use crate::store::disk::DiskFile;

/// What a thread reads at once; small enough to stay in its core's cache until it is parsed.
const BLOCK: u64 = 512 * 1024;

/// A shorter stretch is read by the calling thread alone.
const LEAST: u64 = 2 * BLOCK;

/// How much more than its block a thread reads at first, to come to the end of the last line that begins there.
const MORE: usize = 4096;

/// More threads than this do not make the one that takes what they make any faster.
const MAX_THREADS: usize = 4;

impl LineReader {
    /// Whether what is behind the position is long enough.
    pub(super) fn is_worth_threads(&self, size: u64) -> bool {
        size.saturating_sub(self.position) >= self.least.unwrap_or(LEAST)
    }
}

/// What was made of the lines that begin in a block.
struct Block {
    part: Part,
    /// Where the lines begin.
    start: u64,
    length: u64,
    /// At least the first [`HEAD`] bytes, or all.
    first: Vec<u8>,
    /// At least the last [`TAIL`] bytes, or all.
    last: Vec<u8>,
    /// Whether the end of the last line was not found near the block's end.
    broken_off: bool,
}

/// What was made of the lines that begin in a block, if any do; the outer error is a panic.
type Outcome = thread::Result<io::Result<Option<Block>>>;

/// What a thread hands over: the block's number, and what came of it.
type Made = (u64, Outcome);

/// Makes blocks until nobody gives numbers or takes what is made any more.
fn work(numbers: &Mutex<Receiver<u64>>, made: &Sender<Made>, make: &impl Fn(u64, &mut Vec<u8>) -> Made) {
    let mut buffer = Vec::new();
    loop {
        let Ok(number) = numbers.lock().recv() else { break };
        if made.send(make(number, &mut buffer)).is_err() {
            break;
        }
    }
}

/// What came of the block with this number; until it is there, `make_one` makes another one, if one is free.
fn wait_for(
    number: u64,
    waiting: &mut BTreeMap<u64, Outcome>,
    made: &Receiver<Made>,
    mut make_one: impl FnMut() -> Option<Made>,
) -> Outcome {
    loop {
        waiting.extend(made.try_iter());
        if let Some(outcome) = waiting.remove(&number) {
            return outcome;
        }
        // When none is free, a thread is at the one that is waited for.
        waiting.extend(make_one().or_else(|| made.recv().ok()));
    }
}

impl LineReader {
    /// Takes whole lines up to `size` as far as they go: until the file ends, or a line is so long that it is better read by
    /// the calling thread. Begins where a line begins.
    pub(super) fn take_stretch(&mut self, file: &dyn DiskFile, size: u64, sink: &mut dyn Sink) -> io::Result<()> {
        if !self.is_worth_threads(size) {
            return Ok(());
        }
        let (start, parse) = (self.position, sink.parser());
        let blocks = (size - start).div_ceil(BLOCK);
        // Asked only here, because on Linux the answer is read from several files.
        let threads = thread::available_parallelism().map_or(1, |cores| cores.get().min(MAX_THREADS));
        let ahead = 2 * threads as u64;
        let (give, numbers) = mpsc::channel();
        (0..ahead.min(blocks)).for_each(|number| _ = give.send(number));
        let numbers = Mutex::new(numbers);
        let make = |number: u64, buffer: &mut Vec<u8>| -> Made {
            (number, catch_unwind(AssertUnwindSafe(|| read_block(parse, file, (start, size), number, buffer))))
        };
        let (sender, made) = mpsc::channel();
        thread::scope(|scope| {
            // Leaving the scope drops these two, which ends the threads.
            let (give, made) = (give, made);
            for _ in 1..threads {
                let (sender, numbers, make) = (sender.clone(), &numbers, &make);
                // Where no thread is to be had, the others read more.
                _ = thread::Builder::new().spawn_scoped(scope, move || work(numbers, &sender, make));
            }
            let (mut waiting, mut buffer) = (BTreeMap::new(), Vec::new());
            for number in 0..blocks {
                let block = wait_for(number, &mut waiting, &made, || {
                    let free = numbers.try_lock().and_then(|numbers| numbers.try_recv().ok());
                    free.map(|number| make(number, &mut buffer))
                });
                if !self.take_block(block.unwrap_or_else(|panic| resume_unwind(panic))?, sink) {
                    break;
                }
                if number + ahead < blocks {
                    _ = give.send(number + ahead);
                }
            }
            Ok(())
        })
    }

    /// Takes a block if it goes on where the last one ended; false when the stretch ends here.
    fn take_block(&mut self, block: Option<Block>, sink: &mut dyn Sink) -> bool {
        let Some(block) = block else { return true };
        if block.start != self.position {
            // The file was changed in place meanwhile.
            return false;
        }
        sink.take(block.part);
        self.advance_over(block.length, &block.first, &block.last);
        !block.broken_off
    }
}

/// Reads the block with this number of a stretch; `None` when no line begins there.
fn read_block(
    parse: Parse,
    file: &dyn DiskFile,
    (start, size): (u64, u64),
    number: u64,
    buffer: &mut Vec<u8>,
) -> io::Result<Option<Block>> {
    let (begin, end) = (start + number * BLOCK, size.min(start + (number + 1) * BLOCK));
    // The byte before tells whether a line begins with the block.
    let from = if number == 0 { begin } else { begin - 1 };
    let until = read_lines(file, (from, end, size), buffer)?;
    if !is_of_one_moment(file, buffer, from, size)? {
        // The stretch ends here, because no block goes on where this one begins; the calling thread sees what became of it.
        return Ok(None);
    }
    let last = buffer.len().min(to_usize(end - 1 - from));
    let first = if number == 0 { Some(0) } else { memchr(b'\n', &buffer[..last]).map(|at| at + 1) };
    let Some(first) = first else { return Ok(None) };
    let whole = until.or_else(|| memrchr(b'\n', &buffer[first..last]).map(|at| first + at + 1)).unwrap_or(first);
    let lines = &buffer[first..whole];
    Ok(Some(Block {
        part: parse(from + first as u64, lines),
        start: from + first as u64,
        length: lines.len() as u64,
        first: lines[..lines.len().min(HEAD)].to_vec(),
        last: lines[lines.len().saturating_sub(TAIL)..].to_vec(),
        broken_off: until.is_none(),
    }))
}

/// Reads a block and what is behind it to the first newline at or behind its last byte; gives the place behind that, `None`
/// when there is none before the end of the file or before as much as another block was read.
fn read_lines(
    file: &dyn DiskFile,
    (from, end, size): (u64, u64, u64),
    buffer: &mut Vec<u8>,
) -> io::Result<Option<usize>> {
    let block = to_usize(end - from);
    let (mut read, mut searched, mut more) = (0, block - 1, MORE);
    loop {
        let aim = to_usize(size - from).min(block + more);
        if buffer.len() < aim {
            buffer.resize(aim, 0);
        }
        let count = file.read_at(&mut buffer[read..aim], from + read as u64)?;
        let (short, whole) = (read + count < aim, read + count);
        read = whole;
        if let Some(at) = buffer[..read].get(searched..).and_then(|rest| memchr(b'\n', rest)) {
            buffer.truncate(read);
            return Ok(Some(searched + at + 1));
        }
        if short || from + read as u64 >= size || more as u64 >= BLOCK {
            buffer.truncate(read);
            return Ok(None);
        }
        searched = read;
        more *= 8;
    }
}

/// A length that was made of one that fits.
fn to_usize(length: u64) -> usize {
    usize::try_from(length).unwrap_or(usize::MAX)
}
