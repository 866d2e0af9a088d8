//! However a long file is cut into blocks and whoever reads them, its lines are handed over once each and in order.
#![cfg(unix)]
#![allow(
    clippy::unwrap_used,
    clippy::cast_possible_truncation,
    reason = "a test panics when it is wrong, and its numbers are small"
)]

#[path = "support/fault_disk.rs"]
mod fault_disk;
#[path = "support/seeds.rs"]
mod seeds;

use std::path::{Path, PathBuf};

use fault_disk::{Fault, FaultDisk, Other, Plan};
use obs_native::store::{LineReader, MAX_LINE_BYTES, Parse, Part, Sink};
use rustix::io::Errno;
use seeds::{Random, each_seed};

const BLOCK: usize = 512 * 1024;

fn path() -> PathBuf {
    Path::new("/project/long.jsonl").to_owned()
}

/// What was handed over: where each piece begins and ends, and what it says.
#[derive(Default)]
struct Seen {
    bytes: Vec<u8>,
    position: u64,
    overlong: usize,
    parts: usize,
    open_tail: bool,
}

impl Sink for Seen {
    fn restart(&mut self) {
        *self = Self::default();
    }

    fn parser(&self) -> Parse {
        |offset, lines| Box::new((offset, lines.to_vec()))
    }

    fn take(&mut self, part: Part) {
        let (offset, lines) = *part.downcast::<(u64, Vec<u8>)>().unwrap();
        assert!(offset >= self.position, "lines at {offset} behind {}", self.position);
        assert!(lines.is_empty() || lines.ends_with(b"\n"));
        self.position = offset + lines.len() as u64;
        self.bytes.extend(lines);
        self.parts += 1;
    }

    fn tail(&mut self, _: u64, line: &[u8]) -> bool {
        self.open_tail = true;
        // As with records, only what looks whole is taken.
        line.ends_with(b"}")
    }

    fn overlong(&mut self) {
        self.overlong += 1;
    }
}

/// A reader that is alone below one size or another.
fn reader(random: &mut Random) -> LineReader {
    match random.below(3) {
        0 => LineReader::new(&path()),
        1 => LineReader::alone_below(&path(), 4 * BLOCK as u64),
        _ => LineReader::alone_below(&path(), u64::MAX),
    }
}

/// The lines that are to be handed over, and how many are too long.
fn expected(content: &[u8]) -> (Vec<u8>, usize) {
    let lines: Vec<&[u8]> = content.split_inclusive(|&byte| byte == b'\n').collect();
    let whole = lines.iter().filter(|line| line.ends_with(b"\n"));
    let (short, long): (Vec<&[u8]>, Vec<&[u8]>) = whole.partition(|line| line.len() <= MAX_LINE_BYTES + 1);
    (short.concat(), long.len())
}

/// Lines of which some end or begin at the borders of blocks, and some span several.
fn content(random: &mut Random, bytes: usize) -> Vec<u8> {
    let mut content = Vec::new();
    while content.len() < bytes {
        let to_border = BLOCK - content.len() % BLOCK;
        let length = match random.below(200) {
            0 => BLOCK * (1 + random.below(5)) + random.below(9) - 4,
            1..8 => to_border.saturating_sub(random.below(4)),
            8..10 => to_border + random.below(9000),
            10..30 => 0,
            _ => random.below(9000),
        };
        content.resize(content.len() + length, b'a' + u8::try_from(random.below(26)).unwrap());
        content.push(b'\n');
    }
    if random.once_in(2) {
        content.pop();
    }
    content
}

fn check(reader: &LineReader, seen: &Seen, content: &[u8]) {
    let (lines, overlong) = expected(content);
    assert!(seen.bytes == lines, "{} bytes instead of {}", seen.bytes.len(), lines.len());
    assert_eq!(seen.overlong, overlong);
    let end = content.iter().rposition(|&byte| byte == b'\n').map_or(0, |at| at + 1);
    assert_eq!(reader.position(), end as u64);
    let checkpoint = reader.checkpoint();
    let (head, before) = checkpoint.map_or_else(Default::default, |checkpoint| (checkpoint.head, checkpoint.before));
    assert_eq!(head, content[..end.min(4096)]);
    assert_eq!(before, content[end.saturating_sub(512)..end]);
}

#[test]
fn every_line_is_handed_over_once_and_in_order() {
    each_seed(12, |seed| {
        let mut random = Random::new(seed);
        let disk = FaultDisk::new(Path::new("/project"));
        let (mut reader, mut seen) = (reader(&mut random), Seen::default());
        let mut all = Vec::new();
        for _ in 0..3 {
            let size = BLOCK * (1 + random.below(12));
            let more = content(&mut random, size);
            disk.act(&Other::Append(path(), more.clone()));
            all.extend(more);
            reader.catch_up(&disk, &mut seen).unwrap();
            check(&reader, &seen, &all);
        }
    });
}

#[test]
fn a_read_that_fails_costs_no_line() {
    each_seed(12, |seed| {
        let mut random = Random::new(seed);
        let disk = FaultDisk::new(Path::new("/project"));
        let all = content(&mut random, BLOCK * 6);
        disk.act(&Other::Write(path(), all.clone()));
        let (mut reader, mut seen) = (reader(&mut random), Seen::default());
        let mut failed = 0;
        for at in 0..24 {
            disk.plan(Some(Plan { at, fault: Fault::Errno(Errno::IO), lasting: false }));
            failed += usize::from(reader.catch_up(&disk, &mut seen).is_err());
        }
        disk.plan(None);
        reader.catch_up(&disk, &mut seen).unwrap();
        check(&reader, &seen, &all);
        assert!(failed > 0);
    });
}

#[test]
fn blanks_behind_a_line_that_was_taken_without_its_newline_are_a_part_of_it() {
    for blanks in [&["\n"][..], &["\r\n"], &[" ", " \t\n"], &["\r", "\n"]] {
        let disk = FaultDisk::new(Path::new("/project"));
        let (mut reader, mut seen) = (LineReader::new(&path()), Seen::default());
        for text in ["{}\n{}"].iter().chain(blanks).chain(&["{}\n", "{}\n"]) {
            disk.act(&Other::Append(path(), text.as_bytes().to_vec()));
            reader.catch_up(&disk, &mut seen).unwrap();
        }
        assert!(seen.open_tail);
        assert_eq!((seen.parts, reader.position()), (3, disk.content(&path()).len() as u64), "{blanks:?}");
        assert_eq!(reader.checkpoint().unwrap().before, disk.content(&path()));
    }
}

#[test]
fn a_line_of_any_length_stands_anywhere() {
    for long in [BLOCK - 1, 2 * BLOCK, 5 * BLOCK + 17, MAX_LINE_BYTES, MAX_LINE_BYTES + 1, MAX_LINE_BYTES + 3 * BLOCK] {
        for before in [0, 1, BLOCK, 3 * BLOCK - 5] {
            let disk = FaultDisk::new(Path::new("/project"));
            let short = |bytes: usize| b"0123456789\n".repeat(bytes.div_ceil(11));
            let all = [short(before), vec![b'x'; long], b"\n".to_vec(), short(4 * BLOCK)].concat();
            disk.act(&Other::Write(path(), all.clone()));
            let (mut reader, mut seen) = (LineReader::new(&path()), Seen::default());
            reader.catch_up(&disk, &mut seen).unwrap();
            check(&reader, &seen, &all);
            assert!(seen.parts < 60, "read in long pieces: {} parts, {long} behind {before}", seen.parts);
        }
    }
}
