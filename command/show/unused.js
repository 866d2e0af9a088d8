// Skills that are installed in the workspace and were not used for some time.
'use strict';

const { FOLDER, unusedSkills } = require('../../lib/installed-skills.js');
const { part, show, tableLines } = require('./ask.js');
const { WrongUsage } = require('../terminal/output.js');
const { safe, timeText } = require('./words.js');

const DAY = 86_400_000;

/** `--unused 30d`: installed skills without a call in that time, those that were used longest ago first. */
async function unused(asked) {
  const { options, values } = asked;
  const others = ['by', 'sort', 'since', 'from', 'to'].filter((name) => options[name] !== undefined);
  if (values[0] !== undefined || others.length > 0) {
    throw new WrongUsage('--unused is about all installed skills until now: leave out names, periods, --by and --sort');
  }
  const face = { ...part(options, 'tables'), ...part(options, 'internals') };
  const { root } = face.projectRoot();
  const answer = unusedSkills(face, root, { from: face.core().now() - options.unused });
  return show(asked, answer, {
    text: (terminal) => lines(answer, options.unused, terminal),
    rows: () => answer.unused,
  });
}

function lines(answer, ms, terminal) {
  const { installed: all, unused: rows } = answer;
  const empty =
    all === 0 ? `No skills are installed in ${FOLDER}.` : `All ${all} installed skills were used in this period.`;
  const columns = [
    () => ({ title: 'skill', text: ({ skill }) => safe(skill), least: 12 }),
    (zone) => ({ title: 'last used', text: ({ last_used: at }) => (at === null ? 'never' : timeText(at, zone)) }),
  ];
  const notes = rows.length > 0 ? [`${rows.length} of ${all} installed skills were not used in this period`] : [];
  return tableLines(terminal, {
    columns,
    rows,
    empty,
    answer,
    again: `skills --unused ${ms % DAY === 0 ? `${ms / DAY}d` : `${ms}ms`}`,
    untilNow: true,
    notes,
  });
}

module.exports = { unused };
