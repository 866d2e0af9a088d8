//! What is on record of what an import brings: by id, and by name and time where another program recorded it.

use std::collections::{HashMap, HashSet};
use std::hash::{Hash, Hasher};
use std::path::Path;

use siphasher::sip::SipHasher13;

use super::known_cache::{self, Kept, Sorted};
use crate::event::time;
use crate::json::{self, Members};
use crate::store::{Disk, LineReader, Parse, Part, Sink};
use crate::transcript::{Event, Kind};

/// A record of another program counts as one of an event when it was made at most so long before or after.
pub(super) const NEAR_MS: i64 = 2000;

/// The ids on record, and the times at which programs recorded what is no import's.
#[derive(Debug, Default)]
pub(super) struct Known {
    ids: HashSet<u64>,
    /// The same, sorted, of the files that are kept in a cache.
    kept: Vec<Sorted>,
    foreign: HashMap<u64, Vec<i64>>,
}

/// What a line says of a record.
struct Row {
    ids: Option<[u64; 2]>,
    foreign: Option<(u64, i64)>,
}

/// Of a million ids no two have the same one but once in thirty million times.
fn hash(parts: impl Hash) -> u64 {
    let mut hasher = SipHasher13::new();
    parts.hash(&mut hasher);
    hasher.finish()
}

/// The ways in which a record is known: by its id, and, where that was redacted, by its id and time.
fn ids(skill: bool, cuj: bool, id: &[u8], at: i64) -> [u64; 2] {
    [hash((skill, cuj, id)), hash((skill, cuj, id, at))]
}

pub(super) const fn is_skill(kind: Kind) -> bool {
    matches!(kind, Kind::Skill | Kind::Subagent)
}

impl Known {
    /// Adds what stands in a file of records of a kind.
    pub fn read(&mut self, disk: &dyn Disk, path: &Path, kind: Kind) -> std::io::Result<()> {
        let mut kept = Kept::default();
        LineReader::new(path).catch_up(disk, &mut Adding { known: self, kept: &mut kept, parse: parse_of(kind) })
    }

    /// The same of a file that grows large, with the help of a cache; with `keep` what is new goes there.
    pub fn read_cached(
        &mut self,
        disk: &dyn Disk,
        (path, cache): (&Path, &Path),
        kind: Kind,
        keep: bool,
    ) -> std::io::Result<()> {
        let mut reader = LineReader::new(path);
        let (checkpoint, mut kept) = known_cache::load(disk, cache).unzip();
        let mut kept = kept.take().unwrap_or_default();
        checkpoint.into_iter().for_each(|checkpoint| reader.resume(checkpoint));
        let mut fresh = Self::default();
        let start = reader.position();
        reader.catch_up(disk, &mut Adding { known: &mut fresh, kept: &mut kept, parse: parse_of(kind) })?;
        let grown = reader.position().abs_diff(start);
        if let (true, Some(at)) = (keep && kept.is_worth_keeping(grown), reader.checkpoint()) {
            known_cache::merge(&mut kept, &fresh.ids);
            let times = fresh.foreign.drain().flat_map(|(name, times)| times.into_iter().map(move |at| (name, at)));
            kept.foreign.extend(times);
            // Without it the next one reads more.
            let _ = known_cache::save(disk, cache, at, &kept);
        }
        self.ids.extend(fresh.ids);
        let times = fresh.foreign.into_iter().flat_map(|(name, times)| times.into_iter().map(move |at| (name, at)));
        for (name, at) in kept.foreign.into_iter().chain(times) {
            self.foreign.entry(name).or_default().push(at);
        }
        self.kept.push(kept.ids);
        Ok(())
    }

    /// Whether nothing with this number is on record; from now on something is.
    fn insert(&mut self, id: u64) -> bool {
        let is_kept = self.kept.iter().any(|ids| ids.contains(id));
        self.ids.insert(id) && !is_kept
    }

    /// Whether an event is not on record, with its id as it is stored, which is asked for only then; from now on it is.
    pub fn add(&mut self, event: &Event, stored_id: impl FnOnce() -> String) -> bool {
        let ids = |id| ids(is_skill(event.kind), event.kind == Kind::Cuj, id, event.at);
        // The same event may come again in this import, from another copy of the session.
        let is_new = self.insert(ids(&event.id)[0]);
        // Redaction makes the same of different ids; their times tell them apart.
        is_new && {
            let stored_id = stored_id().into_bytes();
            stored_id == *event.id || self.insert(ids(&stored_id)[1])
        }
    }

    /// Takes the record that another program made of the same event, if it did: each stands for one event.
    pub fn take_foreign(&mut self, event: &Event) -> bool {
        if event.kind == Kind::ProviderCall {
            return false;
        }
        let Some(times) = self.foreign.get_mut(&hash((is_skill(event.kind), &*event.name))) else { return false };
        let near = event.at.saturating_sub(NEAR_MS)..=event.end().saturating_add(NEAR_MS);
        let found = times.iter().position(|at| near.contains(at));
        found.map(|place| times.swap_remove(place)).is_some()
    }
}

fn parse_of(kind: Kind) -> Parse {
    match kind {
        Kind::Skill | Kind::Subagent => |_, lines| rows(lines, Some((b"skill", true))),
        Kind::Cuj => |_, lines| rows(lines, Some((b"cuj_id", false))),
        Kind::ProviderCall => |_, lines| rows(lines, None),
    }
}

struct Adding<'a> {
    known: &'a mut Known,
    kept: &'a mut Kept,
    parse: Parse,
}

impl Sink for Adding<'_> {
    // What was in a file that is replaced meanwhile was on record all the same, but not what an earlier process found there.
    fn restart(&mut self) {
        *self.kept = Kept::default();
    }

    fn parser(&self) -> Parse {
        self.parse
    }

    fn take(&mut self, part: Part) {
        let Ok(rows) = part.downcast::<Vec<Row>>() else { return };
        for row in *rows {
            self.known.ids.extend(row.ids.into_iter().flatten());
            if let Some((name, at)) = row.foreign {
                self.known.foreign.entry(name).or_default().push(at);
            }
        }
    }

    fn tail(&mut self, _: u64, line: &[u8]) -> bool {
        let part = (self.parse)(0, line);
        self.take(part);
        false
    }

    fn overlong(&mut self) {}
}

fn rows(lines: &[u8], named: Option<(&[u8], bool)>) -> Part {
    let rows: Vec<Row> = lines.split(|&byte| byte == b'\n').filter_map(|line| row(line, named)).collect();
    Box::new(rows)
}

fn row(line: &[u8], named: Option<(&[u8], bool)>) -> Option<Row> {
    let (mut at, mut name, mut metadata) = (None, None, None);
    json::read_object(line, |key, value| match &*json::key_name(key) {
        b"timestamp" => at = time::read(value),
        b"metadata" => metadata = Some(value),
        key if named.is_some_and(|(name, _)| name == key) => name = Some(value),
        _ => {}
    })
    .ok()?;
    let (at, (mut id, mut origin)) = (at?, (None, None));
    for (key, value) in Members::new(metadata.unwrap_or_default()) {
        match &*json::key_name(key) {
            b"id" => id = Some(value),
            b"origin" => origin = Some(value),
            _ => {}
        }
    }
    let skill = named.is_some_and(|(_, skill)| skill);
    let ids = id.filter(|id| id[0] == b'"').map(|id| ids(skill, named.is_some() && !skill, &json::decode(id), at));
    let own = matches!(origin, Some(b"\"transcript\"" | b"\"hook\""));
    let foreign = name.filter(|name| !own && name[0] == b'"').map(|name| (hash((skill, &*json::decode(name))), at));
    Some(Row { ids, foreign })
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{Kind, Known, ids};
    use crate::store::OsDisk;

    /// A record of a provider call with room for a thousand in two MiB.
    fn line(id: usize) -> String {
        let filling = "x".repeat(2000);
        format!(
            "{{\"timestamp\":\"2026-01-09T12:00:00.000Z\",\"provider\":\"p\",\"metadata\":{{\"origin\":\"transcript\",\"id\":\"m{id}\",\"f\":\"{filling}\"}}}}\n"
        )
    }

    fn lines(ids: std::ops::Range<usize>) -> String {
        ids.map(line).collect()
    }

    /// How many of the first ids are known by way of the cache.
    fn known(folder: &Path) -> Vec<usize> {
        let mut known = Known::default();
        let places = (&*folder.join("calls.jsonl"), &*folder.join("known.bin"));
        known.read_cached(&OsDisk, places, Kind::ProviderCall, true).unwrap();
        let at = 1_767_960_000_000;
        (0..2500).filter(|id| !known.insert(ids(false, false, format!("m{id}").as_bytes(), at)[0])).collect()
    }

    #[test]
    fn a_cache_changes_nothing_but_what_has_to_be_read() {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path();
        let (file, cache) = (folder.join("calls.jsonl"), folder.join("known.bin"));
        let all = |ids: std::ops::Range<usize>| ids.collect::<Vec<_>>();
        assert_eq!(known(folder), all(0..0));
        // Too little to be kept, and then enough.
        std::fs::write(&file, lines(0..10)).unwrap();
        assert_eq!((known(folder), cache.exists()), (all(0..10), false));
        std::fs::write(&file, lines(0..1000)).unwrap();
        assert_eq!((known(folder), cache.exists()), (all(0..1000), true));
        let kept = std::fs::read(&cache).unwrap();
        // What is new is read behind it, a torn line too when it is whole.
        let more = lines(1000..1020);
        std::fs::write(&file, lines(0..1000) + more.trim_end()).unwrap();
        assert_eq!(known(folder), all(0..1020));
        assert_eq!(std::fs::read(&cache).unwrap(), kept);
        // When there is enough of it, it is kept beside what was.
        std::fs::write(&file, lines(0..1100)).unwrap();
        assert_eq!(known(folder), all(0..1100));
        assert!(std::fs::read(&cache).unwrap().len() >= kept.len() + 100 * 16);
        // Another file, a cut one, and none.
        std::fs::write(&file, lines(500..1700)).unwrap();
        assert_eq!(known(folder), all(500..1700));
        std::fs::write(&file, lines(500..600)).unwrap();
        assert_eq!(known(folder), all(500..600));
        std::fs::remove_file(&file).unwrap();
        assert_eq!(known(folder), all(0..0));
    }

    #[test]
    fn a_damaged_cache_is_none() {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path();
        std::fs::write(folder.join("calls.jsonl"), lines(0..1000)).unwrap();
        known(folder);
        let kept = std::fs::read(folder.join("known.bin")).unwrap();
        for cut in (0..kept.len()).step_by(997).chain([kept.len() - 1]) {
            std::fs::write(folder.join("known.bin"), &kept[..cut]).unwrap();
            assert_eq!(known(folder).len(), 1000);
            let mut hurt = kept.clone();
            hurt[cut] ^= 0x10;
            std::fs::write(folder.join("known.bin"), &hurt).unwrap();
            assert_eq!(known(folder).len(), 1000, "{cut}");
        }
    }
}
