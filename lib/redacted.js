// Takes secrets out of what the package says, in errors and on stderr, by the standard rules of the addon.
'use strict';

let redactor;

function load() {
  if (redactor === undefined) {
    try {
      redactor = new (require('./native.js').loadAddon().NativeRedactor)();
    } catch {
      redactor = null; // the face tells of an addon that does not load, where it needs one
    }
  }
  return redactor;
}

/**
 * `text` without its secrets; `null` when there is no addon that could tell.
 *
 * @example redacted('password=hunter2') // 'password=[REDACTED]'
 */
function redacted(text) {
  return load()?.text(text) ?? null;
}

/** JSON text without its secrets; throws when there is no addon that could tell, or it is not JSON. */
function redactedJson(text) {
  return String(load().document(Buffer.from(text)).text ?? text);
}

module.exports = { redacted, redactedJson };
