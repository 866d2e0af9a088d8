// Writes a line to stderr without ever disturbing the program, even when nobody reads its stderr any more.
'use strict';

function ignore() {}

/** Writes `@obs/native: TEXT`. A closed pipe would raise an `'error'` event later, which would end the process. */
function complain(text) {
  const stream = process.stderr;
  try {
    stream.once('error', ignore);
    stream.write(`@obs/native: ${text}\n`, (error) => {
      if (error) stream.once('error', ignore);
    });
  } catch {
    // There is nobody left to tell.
  } finally {
    stream.removeListener('error', ignore);
  }
}

module.exports = { complain };
