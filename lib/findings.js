// The command line that shows the records behind each finding of the dashboard.
'use strict';

const TOOLS = 'node .claude/tools';
const WINDOW_MS = { '1h': 3_600_000, '24h': 86_400_000, '7d': 604_800_000, '30d': 2_592_000_000 };
const PLAIN = /^[\w@%+=:,./-]+$/;

/** A word as a shell reads it; names on record may hold anything. */
function quoted(word) {
  return PLAIN.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

/** An argument of its own; behind `--` it is not taken for an option. */
function argument(word) {
  return word.startsWith('-') ? `-- ${quoted(word)}` : quoted(word);
}

const ofSkill = ({ subject, window }) =>
  `structured-logger.mjs query --since ${window} ${quoted(`--skill=${subject}`)}`;

const COMMANDS = {
  failing_cuj: ({ subject, window }) => `metrics-tracker.mjs failures ${argument(subject)} ${WINDOW_MS[window]}`,
  failing_skill: (finding) => `${ofSkill(finding)} --result failure`,
  sick_provider: ({ subject }) => `provider-health.mjs status ${argument(subject)}`,
  slowest_skill: ofSkill,
  growing_skill: ofSkill,
  flakiest_cuj: ({ subject, window }) => `metrics-tracker.mjs failures ${argument(subject)} ${WINDOW_MS[window]}`,
  changed_cuj: ({ subject, window }) => `metrics-tracker.mjs trending ${argument(subject)} 2 ${WINDOW_MS[window]}`,
  growing_cuj: ({ subject, window }) => `metrics-tracker.mjs resources ${argument(subject)} ${WINDOW_MS[window]}`,
};

/** Findings as the addon gives them, each with its command. */
function withCommands(findings) {
  return findings.map((finding) => ({ ...finding, command: `${TOOLS}/${COMMANDS[finding.kind](finding)}` }));
}

module.exports = { withCommands };
