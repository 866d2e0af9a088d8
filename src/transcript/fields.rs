//! The names of a line's members: those that are read, and those that are known to say nothing that is read out.

/// What is read of a line.
pub(super) const READ: [&str; 21] = [
    "type",
    "uuid",
    "sessionId",
    "timestamp",
    "version",
    "gitBranch",
    "isSidechain",
    "agentId",
    "requestId",
    "isApiErrorMessage",
    "attributionSkill",
    "attributionPlugin",
    "attributionAgent",
    "isMeta",
    "subtype",
    "error",
    "toolDenialKind",
    "isCompactSummary",
    "cwd",
    MESSAGE,
    RESULT,
];

/// These are taken apart where they stand.
pub(super) const MESSAGE: &str = "message";
pub(super) const RESULT: &str = "toolUseResult";

/// What else stands in the lines of types that are read, in the versions of Claude Code that are known.
const PASSED: [&str; 44] = [
    "agentName",
    "apiError",
    "apiErrorStatus",
    "cause",
    "compactMetadata",
    "content",
    "durationMs",
    "effort",
    "entrypoint",
    "errorDetails",
    "hasOutput",
    "hookAdditionalContext",
    "hookCount",
    "hookErrors",
    "hookInfos",
    "imagePasteIds",
    "interruptedMessageId",
    "isVisibleInTranscriptOnly",
    "level",
    "logicalParentUuid",
    "maxRetries",
    "mcpMeta",
    "messageCount",
    "microcompactMetadata",
    "origin",
    "parentUuid",
    "pendingBackgroundAgentCount",
    "permissionMode",
    "preventedContinuation",
    "promptId",
    "promptSource",
    "retryAttempt",
    "retryInMs",
    "session_id",
    "slug",
    "sourceToolAssistantUUID",
    "sourceToolUseID",
    "stopReason",
    "teamName",
    "thinkingMetadata",
    "todos",
    "toolUseID",
    "turnOrigin",
    "userType",
];

const NAMES: usize = READ.len() + PASSED.len();

/// For each length the first name of that length, and for each name the next one that is as long: names of lines are looked
/// up by the million, and hardly any two have the same length.
const BY_LENGTH: ([usize; 32], [usize; NAMES]) = {
    let (mut first, mut next) = ([NAMES; 32], [NAMES; NAMES]);
    let mut place = NAMES;
    while place > 0 {
        place -= 1;
        let length = name(place).len();
        next[place] = first[length];
        first[length] = place;
    }
    (first, next)
};

const fn name(place: usize) -> &'static str {
    if place < READ.len() { READ[place] } else { PASSED[place - READ.len()] }
}

/// What the name of a member says.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Name {
    /// Its place among those that are read.
    Read(usize),
    Passed,
    /// Nobody here knows it.
    New,
}

impl Name {
    pub fn of(key: &[u8]) -> Self {
        let mut place = BY_LENGTH.0.get(key.len()).copied().unwrap_or(NAMES);
        while place < NAMES {
            if name(place).as_bytes() == key {
                return if place < READ.len() { Self::Read(place) } else { Self::Passed };
            }
            place = BY_LENGTH.1[place];
        }
        Self::New
    }
}

#[cfg(test)]
mod tests {
    use super::{NAMES, Name, PASSED, READ, name};

    #[test]
    fn each_name_is_found_where_it_stands() {
        for (place, name) in READ.iter().enumerate() {
            assert_eq!(Name::of(name.as_bytes()), Name::Read(place), "{name}");
        }
        for name in PASSED {
            assert_eq!(Name::of(name.as_bytes()), Name::Passed, "{name}");
        }
        for name in ["", "typf", "Type", "novel", "pendingBackgroundAgentCounts", &"x".repeat(32), &"x".repeat(1000)] {
            assert_eq!(Name::of(name.as_bytes()), Name::New, "{name}");
        }
        assert!((0..NAMES).all(|place| (0..place).all(|other| name(other) != name(place))));
    }
}
