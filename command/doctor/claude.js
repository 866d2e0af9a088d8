// What the doctor finds about Claude Code: transcripts that could be imported, what was not understood of them, the hooks.
'use strict';

const { hookState } = require('../../claude/hook-state.js');
const { projectFolders } = require('../../claude/places.js');
const { finding } = require('./finding.js');

const SECTION = 'Claude Code';
const DAY = 86_400_000;

const plural = (count, word) => `${count} ${word}${count === 1 ? '' : 's'}`;

function claude({ root, core, now = Date.now(), env = process.env, options = { env } }) {
  const importable = core.ask('importable', JSON.stringify(projectFolders(root, { env })), now);
  return [transcripts(importable, now), ...understood(importable.seen), ...hooks(hookState(root, options))];
}

function transcripts({ sessions, new: fresh, oldest }, now) {
  if (sessions === 0) {
    return finding(SECTION, 'transcripts', 'ok', 'none of this workspace', { data: { sessions: 0, new: 0 } });
  }
  const days = Math.max(1, Math.ceil((now - oldest) / DAY));
  const data = { sessions, new: fresh, days };
  const value = `${plural(sessions, 'session')} of ${plural(days, 'day')}, ${fresh} with something to import`;
  const advice = '`npx @obs/native import claude` records them; Claude Code deletes transcripts after 30 days';
  return finding(SECTION, 'transcripts', 'ok', value, { advice: fresh > 0 ? advice : undefined, data });
}

/** Names and how often they were met, the most frequent first. */
const listed = (counts) =>
  Object.entries(counts)
    .sort(([, a], [, b]) => b - a)
    .map(([name, count]) => `${name} ${count}`)
    .join(', ');

/**
 * What earlier imports did not understand: nobody should believe that it was not there. A member that is new in lines whose
 * type is known takes nothing away from what is read out of them.
 */
function understood({ sessions, damaged, unknown_types: types, unknown_fields: fields }) {
  if (sessions === 0) return [];
  const data = { damaged, unknown_types: types, unknown_fields: fields };
  const [ofTypes, ofFields] = [listed(types), listed(fields)];
  const isOdd = damaged > 0 || ofTypes !== '';
  const parts = [
    ...(isOdd ? [] : [`all understood, of ${plural(sessions, 'session')}`]),
    ...(damaged > 0 ? [`${plural(damaged, 'line')} could not be read`] : []),
    ...(ofTypes === '' ? [] : [`of unknown types: ${ofTypes}`]),
    ...(ofFields === '' ? [] : [`with unknown members: ${ofFields}`]),
  ];
  const advice = isOdd
    ? 'Claude Code has changed its format, or a file is damaged: a newer version of this package may know more'
    : undefined;
  return [finding(SECTION, 'imported lines', isOdd ? 'warn' : 'ok', parts.join('; '), { advice, data })];
}

function hooks(state) {
  const { installed, gone, off, unreadable } = state;
  return [
    standing(state),
    ...gone.map(({ file, program }) =>
      finding(SECTION, 'hook program', 'fail', `${program} is not there, which ${file} calls`, {
        advice: '`npx @obs/native install --claude-code` writes the path anew',
        data: { file, program },
      }),
    ),
    ...off.map(({ file, setting }) =>
      finding(
        SECTION,
        setting,
        installed.length > 0 ? 'warn' : 'ok',
        `${file} keeps hooks of a workspace from running`,
        {
          advice: '`npx @obs/native import claude` now and then brings the same on record',
          data: { file },
        },
      ),
    ),
    ...unreadable.map(({ file, why }) =>
      finding(SECTION, 'settings', 'warn', `${file}: ${why}`, { advice: 'Claude Code cannot read it either' }),
    ),
  ];
}

function standing({ installed, plugin }) {
  const data = { installed, plugin: plugin.map(({ file }) => file) };
  const found = (level, value, advice) => finding(SECTION, 'hooks', level, value, { advice, data });
  if (installed.length === 0) {
    if (plugin.length > 0) return found('ok', `those of the plugin, enabled in ${plugin[0].file}`);
    return found(
      'ok',
      'not installed',
      '`npx @obs/native install --claude-code` brings each session on record by itself',
    );
  }
  const partial = installed.find(({ missing }) => missing.length > 0);
  if (partial !== undefined) {
    const advice = '`npx @obs/native install --claude-code` adds them';
    return found('warn', `${partial.file} has none for ${partial.missing.join(', ')}`, advice);
  }
  const twice = installed.length + plugin.length > 1;
  const advice = twice ? 'each event is recorded once all the same; one of them is enough' : undefined;
  return found('ok', `installed in ${[...installed, ...plugin].map(({ file }) => file).join(' and ')}`, advice);
}

module.exports = { claude };
