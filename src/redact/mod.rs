//! Keeps secrets out of everything that is written: JSON or text in, safe text out.
//!
//! A look at the raw text decides whether anything may be hidden in it at all; mostly nothing is, and the text is handed
//! back. Otherwise the JSON is walked, its strings are decoded, and every rule of `table.rs` marks what it takes for a
//! secret. What any rule marked is replaced, again and again until nothing is marked any more.

mod ahead;
mod bytes;
mod clean;
mod clients;
mod credentials;
mod edits;
mod encoded;
mod ends;
mod formats;
mod hidden;
mod lists;
mod names;
mod netrc;
mod pair;
mod pairs;
mod pattern;
mod placeholder;
mod places;
mod plausible;
mod prefixes;
mod raw;
mod recorded;
mod runs;
mod scan;
mod search;
mod settings;
mod sieve;
mod spans;
mod state;
mod table;
mod walk;
mod wide;
mod words;

use std::borrow::Cow;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::LazyLock;

use regex::bytes::Regex;

use self::edits::{Edit, Edits};
use self::ends::name_before;
use self::names::Name;
use self::pair::NAMED;
use self::scan::{find, find_named, has_aws_id, is_doubtful};
use self::spans::Span;
use self::state::Setting;
use crate::json::{Fault, append_quoted, skip_whitespace, whole_value};

pub use self::clean::without_places;
pub use self::edits::Finding;
pub use self::pattern::expression;
pub use self::recorded::{Hit, LineRedactor, Redacted};
pub use self::settings::{Error, Pattern, Settings};

const REPLACEMENT: &[u8] = b"[REDACTED]";
const FAILED: &[u8] = b"[REDACTED:error]";
const FAILED_JSON: &[u8] = b"\"[REDACTED:error]\"";
/// How many strings of JSON inside one another are looked into.
const LEVELS: u8 = 3;
/// How often a text is looked at again after something in it was replaced.
const ROUNDS: usize = 8;

/// Replaces secrets; built once, shared freely.
#[derive(Debug)]
pub struct Redactor {
    replacement: Vec<u8>,
    quoted: Vec<u8>,
    keys: Vec<Vec<u8>>,
    key_search: Option<Regex>,
    patterns: Vec<Regex>,
    allow: Vec<Regex>,
}

/// What is known about the place of a string.
#[derive(Debug, Clone, Copy, Default)]
struct Context {
    /// In how many strings of JSON it lies.
    level: u8,
    /// Whether the record holds the id of an AWS key.
    aws: bool,
}

impl Default for Redactor {
    fn default() -> Self {
        Self {
            replacement: REPLACEMENT.into(),
            quoted: quoted(REPLACEMENT),
            keys: Vec::new(),
            key_search: None,
            patterns: Vec::new(),
            allow: Vec::new(),
        }
    }
}

impl Redactor {
    /// A redactor with the standard rules and the user's.
    ///
    /// # Errors
    /// When a pattern, a key or the replacement cannot be used; the error names it and says what was wanted.
    pub fn new(settings: &Settings) -> Result<Self, Error> {
        let replacement = settings.replacement.as_deref().map_or(REPLACEMENT, str::as_bytes);
        let (keys, key_search) = names::custom(&settings.keys)?;
        let redactor = Self {
            replacement: replacement.into(),
            quoted: quoted(replacement),
            keys,
            key_search,
            patterns: pattern::compile("patterns", &settings.patterns)?,
            allow: pattern::compile("allow", &settings.allow)?,
        };
        let stable = replacement.len() <= 100 && redactor.spans(replacement, Setting::default()).is_empty();
        if stable { Ok(redactor) } else { Err(Error::Replacement(String::from_utf8_lossy(replacement).into())) }
    }

    /// The redactor without any settings of the user.
    #[must_use]
    pub fn standard() -> &'static Self {
        static STANDARD: LazyLock<Redactor> = LazyLock::new(Redactor::default);
        &STANDARD
    }

    /// A JSON value without its secrets; the same text when there are none.
    ///
    /// What is not JSON and may hold a secret, and what a rule fails on, becomes `"[REDACTED:error]"`.
    #[must_use]
    pub fn json<'a>(&self, text: &'a [u8]) -> Cow<'a, [u8]> {
        let context = |aws| Context { level: 0, aws };
        match guarded(|| self.suspects(text).then(|| self.walk(text, context(has_aws_id(text))))) {
            Some(None) => Cow::Borrowed(text),
            Some(Some(Ok(edits))) if edits.is_empty() => Cow::Borrowed(text),
            Some(Some(Ok(edits))) => Cow::Owned(edits::apply(text, &edits, &self.quoted)),
            Some(Some(Err(_))) | None => Cow::Borrowed(FAILED_JSON),
        }
    }

    /// A decoded string without its secrets; the same text when there are none.
    #[must_use]
    pub fn text<'a>(&self, text: &'a [u8]) -> Cow<'a, [u8]> {
        let context = || Context { level: 0, aws: has_aws_id(text) };
        match guarded(|| self.string(text, context())) {
            Some(None) => Cow::Borrowed(text),
            Some(Some((clean, _))) => Cow::Owned(clean),
            None => Cow::Borrowed(FAILED),
        }
    }

    /// What [`Self::json`] would replace; a text that is not JSON is searched as it stands.
    #[must_use]
    pub fn findings(&self, json: &[u8]) -> Vec<Finding> {
        let context = Context { level: 0, aws: has_aws_id(json) };
        let whole = |kind| vec![Finding { kind, range: 0..json.len() }];
        let found = guarded(|| match self.walk(json, context) {
            Ok(edits) => edits.into_iter().flat_map(Edit::findings).collect(),
            Err(_) => self
                .string(json, context)
                .map_or_else(Vec::new, |(_, kinds)| kinds.into_iter().flat_map(whole).collect()),
        });
        found.unwrap_or_else(|| whole("error"))
    }

    /// An error text fit to be stored: without secrets, paths and credentials. Cutting it is the caller's part.
    #[must_use]
    pub fn clean_error(&self, text: &[u8]) -> Vec<u8> {
        clean::clean(&self.text(text)).into_owned()
    }

    /// Whether raw JSON may hold anything to replace; a doubt is a yes.
    fn suspects(&self, text: &[u8]) -> bool {
        self.is_custom(text) || is_doubtful(text)
    }

    /// Whether raw JSON may hold anything that only the user wants replaced.
    fn is_custom(&self, text: &[u8]) -> bool {
        !self.patterns.is_empty() || self.key_search.as_ref().is_some_and(|search| search.is_match(text))
    }

    fn walk(&self, text: &[u8], context: Context) -> Result<Vec<Edit>, Fault> {
        let mut edits = Edits::new(self, text, context);
        walk::walk(text, &mut edits)?;
        Ok(edits.finish())
    }

    /// What the name of a key says about its value.
    fn judge(&self, name: &[u8]) -> Name {
        match names::judge(name) {
            Name::Plain if names::is_custom(&self.keys, name) => Name::Secret,
            judged if judged != Name::Plain && self.allows(name) => Name::Plain,
            judged => judged,
        }
    }

    fn allows(&self, text: &[u8]) -> bool {
        self.allow.iter().any(|allow| allow.is_match(text))
    }

    /// A decoded string without its secrets, and their kinds; `None` when it has none.
    fn string(&self, text: &[u8], context: Context) -> Option<(Vec<u8>, Vec<&'static str>)> {
        #[cfg(test)]
        tests::trip(text);
        if is_json(text, context) {
            return self.nested(text, context);
        }
        let mut kinds = Vec::new();
        let mut clean: Option<Vec<u8>> = None;
        for round in 0..ROUNDS {
            let now = clean.as_deref().unwrap_or(text);
            let mut spans = self.spans(now, Setting { aws: context.aws, ..Setting::default() });
            kinds.extend(spans.iter().map(|span| span.kind));
            match spans::replace(now, &mut spans, &self.replacement, round > 0) {
                Some(next) => clean = Some(next),
                None => return clean.map(|clean| self.finished(clean, kinds, context)),
            }
        }
        // Text that shows new secrets however often it is cleaned is not worth keeping.
        Some((self.replacement.clone(), kinds))
    }

    /// A string that is JSON itself.
    fn nested(&self, text: &[u8], context: Context) -> Option<(Vec<u8>, Vec<&'static str>)> {
        let Ok(edits) = self.walk(text, Context { level: context.level + 1, ..context }) else {
            return Some((self.replacement.clone(), vec!["error"]));
        };
        let kinds = edits.iter().flat_map(|edit| edit.kinds.iter().copied()).collect();
        (!edits.is_empty()).then(|| (edits::apply(text, &edits, &self.quoted), kinds))
    }

    /// What was no JSON only for what was taken out of it is looked at as JSON now: then more is known of its names.
    fn finished(&self, clean: Vec<u8>, mut kinds: Vec<&'static str>, context: Context) -> (Vec<u8>, Vec<&'static str>) {
        let more = if is_json(&clean, context) { self.nested(&clean, context) } else { None };
        let Some((cleaner, more)) = more else { return (clean, kinds) };
        kinds.extend(more);
        (cleaner, kinds)
    }

    /// What the rules of the table and the user's patterns take for secrets, without what the user allows.
    fn spans(&self, text: &[u8], setting: Setting) -> Vec<Span> {
        let mut spans = find(text, setting);
        for pattern in &self.patterns {
            spans.extend(pattern.find_iter(text).map(|found| Span {
                start: found.start(),
                end: found.end(),
                kind: "custom",
            }));
        }
        if let Some(search) = &self.key_search {
            let names = search.find_iter(text).map(|found| found.range());
            spans.extend(find_named(text, names, |name| names::is_custom(&self.keys, name)));
        }
        if !self.allow.is_empty() {
            let name = |span: &Span| if span.kind == NAMED { name_before(text, span.start) } else { b"" };
            spans.retain(|span| !self.allows(&text[span.start..span.end]) && !self.allows(name(span)));
        }
        spans
    }
}

/// Whether a string is JSON that is looked into.
fn is_json(text: &[u8], context: Context) -> bool {
    let begins = matches!(text.get(skip_whitespace(text, 0)), Some(b'{' | b'[' | b'"'));
    begins && context.level < LEVELS && whole_value(text).is_ok()
}

fn quoted(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len() + 2);
    append_quoted(&mut out, text);
    out
}

/// Runs a rule so that its failure cannot let a secret through.
fn guarded<T>(rule: impl FnOnce() -> T) -> Option<T> {
    catch_unwind(AssertUnwindSafe(rule)).ok()
}

#[cfg(test)]
mod tests;
