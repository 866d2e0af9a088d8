// One of the writers of `topics/processes.mjs`: makes its records, waits for the word, writes them and says when it is done.
import { openSync, writeSync } from 'node:fs';
import { once } from 'node:events';
import { logSkillInvocation } from '@obs/native';
import { makeRandom, skillEvent, skillRecord } from '../data.mjs';

const [mode, file, total] = process.argv.slice(2);
const random = makeRandom(process.pid);
const events = Array.from({ length: Number(total) }, () => skillEvent(random));
const records = mode === 'base' ? events.map(skillRecord) : [];
const fd = mode === 'base' ? openSync(file, 'a') : null;

function write() {
  if (mode === 'ours') for (const event of events) logSkillInvocation(event);
  else for (const record of records) writeSync(fd, `${JSON.stringify(record)}\n`);
}

const word = once(process, 'message');
process.send('ready');
await word;
write();
process.send('done', () => process.disconnect());
