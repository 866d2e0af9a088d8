// What runs a schedule without a process of ours that stays: units for systemd, or a line for a crontab.
'use strict';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A word of a command line in a unit: in double quotes, `%` and `$` doubled. */
function unitWord(word) {
  const escaped = word.replace(/[\\"]/g, '\\$&').replaceAll('%', '%%').replaceAll('$', '$$$$').replaceAll('\n', '\\n');
  return `"${escaped}"`;
}

/** A word of a shell's command line in a crontab, where `%` is a line end. */
function shellWord(word) {
  const quoted = /^[\w./=:@,+-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
  return quoted.replaceAll('%', '\\%');
}

const unitText = (text) => text.replaceAll('%', '%%');

/** `{ name: text }` of a service and its timer; `commands` are lists of words. */
function systemdUnits({ name, about, commands, every }) {
  const service = [
    '[Unit]',
    `Description=${unitText(about)}`,
    '',
    '[Service]',
    'Type=oneshot',
    // A check that finds a fire has not failed.
    'SuccessExitStatus=1 2',
    ...commands.map((words) => `ExecStart=${words.map(unitWord).join(' ')}`),
  ];
  const timer = [
    '[Unit]',
    `Description=${unitText(about)}, every ${every / 1000} s`,
    '',
    '[Timer]',
    'OnActiveSec=0',
    `OnUnitActiveSec=${every / 1000}s`,
    '',
    '[Install]',
    'WantedBy=timers.target',
  ];
  return { [`${name}.service`]: `${service.join('\n')}\n`, [`${name}.timer`]: `${timer.join('\n')}\n` };
}

/** The five fields for a distance; one that no field can say is looked at each minute, which is cheap as nothing is due. */
function cronFields(every) {
  const [minutes, hours] = [every / MINUTE, every / HOUR];
  if (every === DAY) return '0 0 * * *';
  if (Number.isInteger(hours) && 24 % hours === 0) return hours === 1 ? '0 * * * *' : `0 */${hours} * * *`;
  if (Number.isInteger(minutes) && 60 % minutes === 0) return minutes === 1 ? '* * * * *' : `*/${minutes} * * * *`;
  return '* * * * *';
}

function crontabLines({ about, commands, every }) {
  const line = commands.map((words) => words.map(shellWord).join(' ')).join(' ; ');
  return `# ${about}\n${cronFields(every)} (${line}) >/dev/null\n`;
}

module.exports = { crontabLines, systemdUnits };
