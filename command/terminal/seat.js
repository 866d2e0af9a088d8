// A place at the terminal for a picture that changes: keys are heard and not echoed, and all is given back at any end.
'use strict';

const fs = require('node:fs');

const CTRL = { C: '\u0003', L: '\f', Z: '\u001a', BACKSLASH: '\u001c' };
const STOPPING = new Set(['q', 'Q', CTRL.C, CTRL.BACKSLASH]);

/**
 * Takes the terminal of `output` (a tty stream) and `input`. `stop` is called for q and Ctrl-C, `redraw` when the picture has to
 * be drawn anew, and `ending()` gives the text that leaves the terminal as it was found, also when the process ends by itself.
 *
 * @returns {() => void} gives the terminal back; a second call does nothing
 */
function takeSeat({ output, input = process.stdin, stop, redraw, ending }) {
  const raw = input.isTTY ? (on) => input.setRawMode(on) : () => {};
  const heard = (text) => {
    if ([...text].some((key) => STOPPING.has(key))) stop();
    else if (text.includes(CTRL.Z) && process.platform !== 'win32') suspend();
    else if (text.includes(CTRL.L)) redraw();
  };
  const leave = () => quietly(() => writeAll(output.fd, Buffer.from(ending())));
  const suspend = () => {
    leave();
    raw(false);
    process.kill(process.pid, 'SIGSTOP'); // the picture is drawn anew when the process goes on
  };
  const resume = () => {
    raw(true);
    redraw();
  };
  const listeners = [
    [process, 'SIGTSTP', suspend],
    [process, 'SIGCONT', resume],
    [process, 'exit', leave],
    [output, 'resize', redraw],
    ...(input.isTTY ? [[input, 'data', heard], [input, 'error', stop], [input, 'end', stop]] : []), // prettier-ignore
  ];
  raw(true);
  if (input.isTTY) input.setEncoding('utf8').resume();
  for (const [source, name, listener] of listeners) source.on(name, listener);
  return () => {
    for (const [source, name, listener] of listeners) source.removeListener(name, listener);
    quietly(() => raw(false));
    if (input.isTTY) input.pause();
    leave();
  };
}

/** Past the stream, because a process that ends waits for none. */
function writeAll(fd, bytes) {
  for (let done = 0; done < bytes.length;) done += fs.writeSync(fd, bytes, done);
}

/** A terminal that is gone takes nothing back. */
function quietly(action) {
  try {
    action();
  } catch {
    // There is nobody left to tell.
  }
}

module.exports = { takeSeat };
