// Questions in a living process: after each new record, beside `statSync` of the file and `JSON.parse` of the answer.
import { statSync } from 'node:fs';
import { duel, timeOf } from './rounds.mjs';

/**
 * Races `ask(input)` against its yardstick. Before each question `record()` adds a record; only the question is timed. The
 * yardstick has the record too, and the text of the very answer. `input()` makes the next question's arguments, `file` is the
 * data file, `size` the number of questions in a turn. Resolves to a row.
 */
export function questionDuel(what, { record, input, ask, file, size, ...options }) {
  const sum = (total, next) => total + next;
  const each = (action) => (inputs) => inputs.map(action).reduce(sum) / size;
  const prepare = () => Array.from({ length: size }, input);
  const ours = {
    prepare,
    run: each((question) => {
      record();
      return timeOf(() => ask(question));
    }),
  };
  const base = {
    prepare,
    run: each((question) => {
      record();
      const text = JSON.stringify(ask(question));
      return timeOf(() => [statSync(file).size, JSON.parse(text)]);
    }),
  };
  return duel(what, { ours, base, ...options });
}
