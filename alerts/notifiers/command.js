// Tells a program: its words as they stand in the file, without a shell, and the change as JSON on its standard input.
'use strict';

const { spawn } = require('node:child_process');

/** Resolves when the program ended well; rejects with words when it did not, or took longer than `timeout` ms. */
function tellCommand({ argv: [program, ...words], cwd }, body, { timeout }) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, words, { cwd, stdio: ['pipe', 'ignore', 'ignore'] });
    // The timer of `spawn` itself goes on when the program could not be started, and keeps the process alive.
    const timer = setTimeout(() => child.kill('SIGKILL'), timeout);
    child.on('error', (error) => {
      clearTimeout(timer);
      reject(new Error(`${program} could not be started: ${error.code ?? error.message}`));
    });
    child.on('exit', (code, signal) => {
      clearTimeout(timer);
      const how = signal ? `was ended by ${signal} (it has ${timeout} ms)` : `ended with ${code}`;
      if (code === 0) resolve();
      else reject(new Error(`${program} ${how}`));
    });
    // A program need not read what it is told.
    child.stdin.on('error', () => {});
    child.stdin.end(`${body}\n`);
  });
}

module.exports = { tellCommand };
