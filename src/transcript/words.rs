//! What the text of a user's line is: a prompt, a command, an interrupt, the instructions of a skill.

use super::line::Text;

/// What the text of a user's line is.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) enum Says {
    #[default]
    Nothing,
    Prompt,
    /// A command that was typed.
    Command(Text),
    Interrupted,
    /// The instructions of a skill were loaded, from the kind of place.
    Loaded(Option<&'static str>),
    /// Other text that Claude Code added.
    Added,
}

const INTERRUPTED: &[u8] = b"[Request interrupted by user";
const LOADED: &[u8] = b"Base directory for this skill:";

/// What a text is. What Claude Code added itself comes with the session's folder; `alone` says that no results come with it.
pub(super) fn says(words: &[u8], added: Option<&[u8]>, alone: bool) -> Says {
    if words.starts_with(INTERRUPTED) {
        return Says::Interrupted;
    }
    if let Some(folder) = added {
        return words.strip_prefix(LOADED).map_or(Says::Added, |place| Says::Loaded(source(place, folder)));
    }
    if let Some(name) = command(words) {
        return Says::Command(name);
    }
    let output = words.starts_with(b"<local-command-") || words.starts_with(b"<bash-");
    if output || !alone { Says::Nothing } else { Says::Prompt }
}

/// The name in `<command-name>/deploy</command-name>` of a text that consists of such tags, in any order.
fn command(words: &[u8]) -> Option<Text> {
    const OPEN: &[u8] = b"<command-name>";
    if !words.trim_ascii_start().starts_with(b"<command-") {
        return None;
    }
    let start = memchr::memmem::find(words, OPEN)? + OPEN.len();
    let end = memchr::memmem::find(&words[start..], b"</command-name>")? + start;
    let name = words[start..end].trim_ascii();
    let name = name.strip_prefix(b"/").unwrap_or(name);
    (!name.is_empty()).then(|| name.into())
}

/// The kind of place that a skill was loaded from, in the words of Claude Code's own telemetry.
fn source(place: &[u8], folder: &[u8]) -> Option<&'static str> {
    let place = place.split(|byte| *byte == b'\n').next()?.trim_ascii();
    let place: Vec<u8> = place.iter().map(|&byte| if byte == b'\\' { b'/' } else { byte }).collect();
    if memchr::memmem::find(&place, b"/.claude/plugins/").is_some() {
        return Some("plugin");
    }
    let above = &place[..memchr::memmem::find(&place, b"/.claude/skills/")?];
    Some(if above != folder && is_home(above) { "userSettings" } else { "projectSettings" })
}

/// Whether a folder looks like somebody's home: `/root`, `/home/me`, `/Users/me`, `C:/Users/me`.
fn is_home(folder: &[u8]) -> bool {
    let mut parts = folder.rsplit(|byte| *byte == b'/');
    let (_, above) = (parts.next(), parts.next());
    folder == b"/root" || (matches!(above, Some(b"home" | b"Users")) && parts.count() <= 1)
}
