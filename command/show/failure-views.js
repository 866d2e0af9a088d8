// The table of failures, grouped by what their errors say.
'use strict';

const { quoted, show, tableLines, tables } = require('./ask.js');
const { count, safe, timeText } = require('./words.js');

const WHO = () => ({
  title: 'who',
  text: ({ source, subjects, subject_count: all }) => {
    const more = all > 1 ? ` and ${all - 1} more` : '';
    return subjects.length === 0 ? source : `${source} ${safe(subjects[0].name)}${more}`;
  },
  least: 14,
  rank: 1,
});

/** The columns of failure groups, with or without who failed. */
function failureColumns(who = true) {
  return [
    () => ({ title: 'count', text: (group) => count(group.count), right: true }),
    ...(who ? [WHO] : []),
    () => ({ title: 'kind', text: ({ kind }) => (kind === 'other' ? '' : kind.replace('_', ' ')), rank: 3 }),
    (zone) => ({ title: 'first seen', text: ({ first_seen: at }) => timeText(at, zone), rank: 2 }),
    (zone) => ({ title: 'last seen', text: ({ last_seen: at }) => timeText(at, zone), rank: 1 }),
    () => ({ title: 'error', text: ({ text }) => safe(text), least: 20 }),
  ];
}

async function failures(asked) {
  const { options } = asked;
  const { ask, period } = tables(options);
  const { cuj: cujId, skill, provider } = options;
  const answer = ask.getFailures({ ...period, cujId, skill, provider, limit: options.limit });
  const typed = Object.entries({ cuj: cujId, skill, provider }).filter(([, name]) => name !== undefined);
  const again = ['failures', ...typed.map(([name, value]) => `--${name} ${quoted(value)}`)].join(' ');
  const hidden = answer.group_count - answer.groups.length;
  const notes = [
    `${count(answer.total)} failures, ${count(answer.group_count)} different${hidden > 0 ? `; --limit 0 shows the other ${count(hidden)}` : ''}`,
  ];
  const text = (terminal) =>
    tableLines(terminal, {
      columns: failureColumns(),
      rows: answer.groups,
      empty: 'No failures in this period.',
      answer,
      again,
      notes,
    });
  return show(asked, answer, { text, rows: () => answer.groups });
}

module.exports = { failureColumns, failures };
