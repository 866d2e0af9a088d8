// Checks values of the objectives file, and of others like it; a fault names the place (`objectives[1].success`), what is wanted and what stands there.
'use strict';

const { describe, withCode } = require('../lib/errors.js');

/** A fault of the file, which is the person's to mend. */
function wrong(file, words, code = 'OBS_BAD_OBJECTIVES') {
  return withCode(new TypeError(`${file}: ${words}`), code);
}

/** A checker for one file: each method gives the value back or throws. */
function createShape(file, code) {
  const check = (good, place, wanted, value) => {
    // Somebody may have put a secret there, which `describe` does not show.
    if (!good) throw wrong(file, `${place} must be ${wanted}, got ${describe(value)}`, code);
    return value;
  };

  return {
    check,

    object(place, value, keys) {
      check(typeof value === 'object' && value !== null && !Array.isArray(value), place, 'an object', value);
      const odd = Object.keys(value).find((key) => key !== '//' && !keys.includes(key));
      if (odd !== undefined) {
        throw wrong(
          file,
          `${place} has a key ${JSON.stringify(odd)}, known are ${keys.join(', ')} (and "//" for words)`,
          code,
        );
      }
      return value;
    },

    list: (place, value) => check(Array.isArray(value), place, 'a list', value),

    text(place, value) {
      const good = typeof value === 'string' && value !== '' && value.isWellFormed();
      return check(good, place, 'a text that is not empty (nor half a character)', value);
    },

    /** The one key of `keys` that an object has. */
    oneOf(place, value, keys) {
      const found = keys.filter((key) => value[key] !== undefined);
      if (found.length !== 1) {
        throw wrong(
          file,
          `${place} must have exactly one of ${keys.join(', ')}, it has ${found.join(' and ') || 'none'}`,
          code,
        );
      }
      return found[0];
    },
  };
}

module.exports = { createShape, wrong };
