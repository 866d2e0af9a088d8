// Where answers come from: the server that gave this page, or the data inside a file. The rest of the page knows no difference.
import { follow } from './live.mjs';

/** A question and its parameters as one text, the same for the same question. */
export function keyOf(name, params) {
  const query = new URLSearchParams(Object.entries(params).filter(([, value]) => value !== undefined && value !== ''));
  query.sort();
  return `${name}?${query}`;
}

class Refused extends Error {
  constructor({ code, message }) {
    super(message);
    this.code = code;
  }
}

function liveSource() {
  return {
    kind: 'live',
    async ask(name, params) {
      const response = await fetch(`/api/${keyOf(name, params)}`, { credentials: 'same-origin' });
      if (response.status === 401) throw new Refused({ code: 'LOCKED', message: 'Start "obs serve" again.' });
      const value = await response.json();
      if (!response.ok) throw new Refused(value.error);
      return value;
    },
    follow,
  };
}

function fileSource({ about, answers }) {
  return {
    kind: 'file',
    about,
    async ask(name, params) {
      const key = keyOf(name, params);
      if (Object.hasOwn(answers, key)) return answers[key];
      throw new Refused({ code: 'NOT_IN_FILE', message: 'This is not in the file; "obs serve" shows it.' });
    },
    follow() {},
  };
}

/** The source of this page. */
export function openSource() {
  const inside = document.getElementById('data');
  return inside === null ? liveSource() : fileSource(JSON.parse(inside.textContent));
}
