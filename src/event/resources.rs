//! What a record's metadata say of the resources it used, as `trackResourceUsage` measures them.

use crate::json::{self, Progress};

/// `memory_delta_mb`, `heap_used_mb`, `cpu_user_ms` and `cpu_system_ms`; NaN where there is none.
pub type Resources = [f64; 4];

/// The last four bytes of the keys that matter, quote included: a look at them tells nearly all other keys apart.
const ENDINGS: [[u8; 4]; 3] = [*b"_mb\"", *b"_ms\"", *b"ces\""];

/// A key in which a letter is written as an escape is at least this long, quotes included.
const SHORTEST_ESCAPED: usize = "\"\\u0072esources\"".len();

/// Notes where the keys stand while the scanner walks over a value, so that metadata are not walked over twice.
#[derive(Debug)]
pub(super) struct ResourceKeys<'a> {
    line: &'a [u8],
    /// Whether the value's last key was `resources`, under which they may stand together.
    together: bool,
    found: bool,
    /// Behind the keys of the value itself, and of the object under `resources`; 0 where there is none.
    own: [usize; 4],
    below: [usize; 4],
}

impl<'a> ResourceKeys<'a> {
    pub const fn new(line: &'a [u8]) -> Self {
        Self { line, together: false, found: false, own: [0; 4], below: [0; 4] }
    }

    /// Forgets the value that was walked over.
    pub const fn clear(&mut self) {
        if self.found || self.together {
            *self = Self::new(self.line);
        }
    }

    fn note(&mut self, token: &[u8], end: usize, depth: usize) {
        let place = match token {
            br#""memory_delta_mb""# => 0,
            br#""heap_used_mb""# => 1,
            br#""cpu_user_ms""# => 2,
            br#""cpu_system_ms""# => 3,
            br#""resources""# if depth == 1 => {
                // The last of several such keys counts.
                self.together = true;
                self.below = [0; 4];
                return;
            }
            _ => return,
        };
        let places = if depth == 1 { &mut self.own } else { &mut self.below };
        places[place] = end;
        self.found = true;
    }

    /// Where the values stand in the line that belong to the keys of the value that was walked over.
    pub fn places(&self) -> Places {
        let mut places = NOWHERE;
        if self.found {
            for (place, &key_end) in places.iter_mut().zip(self.own.iter().chain(&self.below)) {
                if key_end > 0 {
                    let colon = json::skip_whitespace(self.line, key_end);
                    *place = json::skip_whitespace(self.line, colon + 1);
                }
            }
        }
        places
    }
}

/// Where values begin in a line, 0 where there is none: the metadata's own, then those under `resources`.
pub(super) type Places = [usize; 8];

/// No value anywhere.
pub(super) const NOWHERE: Places = [0; 8];

/// The finite numbers at these places; what the metadata say themselves goes before what stands below.
pub(super) fn resources_at(line: &[u8], places: &Places) -> Option<Resources> {
    if *places == NOWHERE {
        return None;
    }
    let number = |place: usize| number_at(line, place);
    let (own, below) = places.split_at(4);
    let mut resources = [f64::NAN; 4];
    for (resource, (&own, &below)) in resources.iter_mut().zip(own.iter().zip(below)) {
        *resource = number(own).or_else(|| number(below)).unwrap_or(f64::NAN);
    }
    resources.iter().any(|value| !value.is_nan()).then_some(resources)
}

impl Progress for ResourceKeys<'_> {
    fn key(&mut self, start: usize, end: usize, depth: usize) {
        if depth > 2 || (depth == 2 && !self.together) {
            return;
        }
        if depth == 1 {
            self.together = false;
        }
        let token = &self.line[start..end];
        if token.len() >= SHORTEST_ESCAPED && token.contains(&b'\\') {
            self.note(json::quote(&json::decode(token)).as_bytes(), end, depth);
        } else if token.last_chunk().is_some_and(|ending| ENDINGS.contains(ending)) {
            self.note(token, end, depth);
        }
    }
}

/// The finite number that begins at `start`; 0 stands for nowhere.
fn number_at(line: &[u8], start: usize) -> Option<f64> {
    if start == 0 {
        return None;
    }
    let rest = line.get(start..)?;
    let length = rest.iter().position(|byte| !matches!(byte, b'-' | b'+' | b'.' | b'0'..=b'9' | b'e' | b'E'));
    json::number(&rest[..length.unwrap_or(rest.len())]).filter(|number| number.is_finite())
}

#[cfg(test)]
mod tests {
    use super::Resources;
    use crate::event::{CujResources, Record, SkillInvocation};

    fn of(metadata: &str) -> Option<Resources> {
        let line =
            format!(r#"{{"cuj_id":"a","x":{{"heap_used_mb":99}},"metadata":{metadata},"y":{{"heap_used_mb":98}}}}"#);
        let skill = format!(r#"{{"metadata":{metadata},"skill":"a","params":{{"heap_used_mb":97}}}}"#);
        let found = CujResources::read(line.as_bytes()).unwrap().resources;
        let same = SkillInvocation::read(skill.as_bytes()).unwrap().resources;
        assert_eq!(format!("{found:?}"), format!("{same:?}"));
        found
    }

    #[test]
    fn finds_values_in_metadata_and_under_resources_and_nowhere_else() {
        let heap = |metadata: &str| of(metadata).map(|resources| resources[1]);
        assert_eq!(heap(r#"{"heap_used_mb":5}"#), Some(5.0));
        assert_eq!(heap(r#"{ "heap_used_mb" : -1.5e1 , "a":1}"#), Some(-15.0));
        assert_eq!(heap(r#"{"resources":{"x":{},"heap_used_mb":6}}"#), Some(6.0));
        assert_eq!(heap(r#"{"heap\u005fused_mb":7}"#), Some(7.0));
        assert_eq!(heap(r#"{"heap_used_mb":5,"resources":{"heap_used_mb":6}}"#), Some(5.0));
        assert_eq!(heap(r#"{"heap_used_mb":"5","resources":{"heap_used_mb":6}}"#), Some(6.0));
        assert_eq!(heap(r#"{"heap_used_mb":5,"heap_used_mb":8}"#), Some(8.0));
        for none in [
            "{}",
            "null",
            "5",
            r#""heap_used_mb""#,
            r#"["heap_used_mb",{"heap_used_mb":5}]"#,
            r#"{"note":"heap_used_mb","heap_used_mb":null}"#,
            r#"{"heap_used_mb":1e999}"#,
            r#"{"heap_used_mb":{"heap_used_mb":1}}"#,
            r#"{"heap_used_mb":5,"heap_used_mb":"8"}"#,
            r#"{"other":{"heap_used_mb":5}}"#,
            r#"{"resources":[{"heap_used_mb":5}]}"#,
            r#"{"resources":{"deep":{"heap_used_mb":5}}}"#,
            r#"{"resources":{"heap_used_mb":5},"resources":{}}"#,
            r#"{"resources":{"heap_used_mb":5},"resources":0}"#,
            r#"{"resources":0,"other":{"heap_used_mb":5}}"#,
        ] {
            assert_eq!(heap(none), None, "{none}");
        }
        let all = of(r#"{"resources":{"cpu_system_ms":4,"cpu_user_ms":3},"memory_delta_mb":1}"#).unwrap();
        assert_eq!(format!("{all:?}"), "[1.0, NaN, 3.0, 4.0]");
    }

    #[test]
    fn the_last_metadata_count() {
        let last = |line: &str| CujResources::read(line.as_bytes()).unwrap().resources.map(|resources| resources[2]);
        assert_eq!(last(r#"{"cuj_id":"a","metadata":{"cpu_user_ms":1},"metadata":{"cpu_user_ms":2}}"#), Some(2.0));
        assert_eq!(last(r#"{"cuj_id":"a","metadata":{"cpu_user_ms":1},"metadata":{}}"#), None);
        assert_eq!(
            last(r#"{"cuj_id":"a","metadata":{"resources":{"cpu_user_ms":1}},"metadata":[{"cpu_user_ms":3}]}"#),
            None
        );
    }
}
