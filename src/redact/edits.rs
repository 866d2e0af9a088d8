//! What a walk decides to change in a JSON text, and the text with those changes.

use std::borrow::Cow;
use std::cell::OnceCell;
use std::cmp::Reverse;
use std::ops::Range;

use super::lists;
use super::names::Name;
use super::plausible::{is_directory, is_path};
use super::scan::places;
use super::walk::{Role, Visitor};
use super::{Context, Redactor};
use crate::json::{append_quoted, decode};

/// The kind of what only its name gives away.
pub(super) const NAMED: &str = "named-key";

/// Where a secret was found, and by which rule; never the secret itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The name of the rule's kind, such as `github-token`.
    pub kind: &'static str,
    /// The bytes of the value that holds it, in the text that was searched.
    pub range: Range<usize>,
}

/// One change of a JSON text.
pub(super) struct Edit {
    pub(super) range: Range<usize>,
    /// The JSON that takes the range's place; the replacement when there is none.
    json: Option<Vec<u8>>,
    pub(super) kinds: Vec<&'static str>,
}

impl Edit {
    /// What was found in the range, one for each rule.
    pub(super) fn findings(self) -> impl Iterator<Item = Finding> {
        self.kinds.into_iter().map(move |kind| Finding { kind, range: self.range.clone() })
    }
}

/// Collects the changes while the walk goes on.
pub(super) struct Edits<'a> {
    redactor: &'a Redactor,
    text: &'a [u8],
    context: Context,
    changes: Vec<Edit>,
    /// The last key was that of a shell's working directory.
    directory: bool,
    /// Where the text has anything that a rule looks at, once it has been asked for.
    places: OnceCell<Vec<usize>>,
}

impl<'a> Edits<'a> {
    pub(super) const fn new(redactor: &'a Redactor, text: &'a [u8], context: Context) -> Self {
        Self { redactor, text, context, changes: Vec::new(), directory: false, places: OnceCell::new() }
    }

    /// The changes in the order of the text, without those inside of others.
    pub(super) fn finish(mut self) -> Vec<Edit> {
        // Of two changes of one value, the one that leaves nothing of it comes first.
        self.changes.sort_by_key(|edit| (edit.range.start, Reverse(edit.range.end), edit.json.is_some()));
        let mut end = 0;
        self.changes.retain(|edit| {
            let outside = edit.range.start >= end;
            end = end.max(edit.range.end);
            outside
        });
        self.changes
    }

    /// Whether a string or key holds nothing that any rule, the user's too, looks at.
    fn is_quiet(&self, token: &Range<usize>) -> bool {
        let places = self.places.get_or_init(|| places(self.text));
        let next = places.partition_point(|&place| place < token.start);
        places.get(next).is_none_or(|&place| place >= token.end) && !self.redactor.is_custom(&self.text[token.clone()])
    }

    /// Whether a string is clean at the first look, which is not worth it where it is most of the text, because it is
    /// most likely what raised the doubt about that.
    fn is_clean(&self, token: &Range<usize>) -> bool {
        let most = token.len() > self.text.len() / 2;
        !most && (self.is_quiet(token) || !self.redactor.suspects(&self.text[token.clone()]))
    }

    /// Notes a string without its secrets and gives it, when it has any.
    fn look(&mut self, token: Range<usize>) -> Option<Vec<u8>> {
        let text = self.text;
        // The secret of an AWS key is not seen in the raw text.
        if !self.context.aws && self.is_clean(&token) {
            return None;
        }
        let decoded = decode(&text[token.clone()]);
        let (clean, kinds) = self.redactor.string(&decoded, self.context)?;
        let mut json = Vec::with_capacity(clean.len() + 2);
        append_quoted(&mut json, &clean);
        self.changes.push(Edit { range: token, json: Some(json), kinds });
        Some(clean)
    }

    fn decoded(&self, value: Range<usize>) -> Cow<'a, [u8]> {
        let value = &self.text[value];
        if value.starts_with(b"\"") { decode(value) } else { Cow::Borrowed(value) }
    }
}

impl Visitor for Edits<'_> {
    fn key(&mut self, token: Range<usize>) -> (Name, Role) {
        let name = decode(&self.text[token.clone()]);
        let quiet = matches!(name, Cow::Borrowed(_)) && self.is_quiet(&token);
        let clean = if quiet && !self.context.aws { None } else { self.look(token) };
        let is = |names: &[&str]| names.iter().any(|known| name.eq_ignore_ascii_case(known.as_bytes()));
        let role = match name.len() {
            1..=6 if is(&["name", "key", "header", "field", "k"]) => Role::Name,
            1..=6 if is(&["value", "val", "v"]) => Role::Value,
            _ => Role::None,
        };
        self.directory = is_directory(&name);
        if quiet {
            // Every word of a secret's name has one of the words in it that rules look at.
            return (Name::Plain, role);
        }
        // Whoever reads the record again sees the name without its secrets, and must come to the same judgement.
        let again = clean.map(|clean| self.redactor.judge(&clean));
        let judged = if again == Some(Name::Secret) { Name::Secret } else { self.redactor.judge(&name) };
        (judged, role)
    }

    fn string(&mut self, token: Range<usize>) {
        let _ = self.look(token);
    }

    fn secret(&mut self, value: Range<usize>) {
        let path = self.directory && is_path(self.text.get(value.start + 1..).unwrap_or_default());
        if !path && self.text[value.clone()] != self.redactor.quoted {
            self.changes.push(Edit { range: value, json: None, kinds: vec![NAMED] });
        }
    }

    fn names_secret(&mut self, token: Range<usize>) -> bool {
        lists::names_secret(&self.decoded(token))
    }

    fn is_pair(&mut self, name: Range<usize>, value: Range<usize>, place: usize, last: bool) -> bool {
        // Most strings are too long to be names, and need not be decoded to know it.
        name.len() < 100 && lists::is_pair(&self.decoded(name), &self.decoded(value), place, last)
    }
}

/// The text with its changes made.
pub(super) fn apply(text: &[u8], edits: &[Edit], replacement: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut copied = 0;
    for edit in edits {
        out.extend_from_slice(&text[copied..edit.range.start]);
        out.extend_from_slice(edit.json.as_deref().unwrap_or(replacement));
        copied = edit.range.end;
    }
    out.extend_from_slice(&text[copied..]);
    out
}
