// Ctrl-C and SIGTERM as something to wait for.
'use strict';

/** `within(ms)` resolves after that time to whether Ctrl-C or SIGTERM has come; earlier when it comes. */
function stopSignal() {
  let stopped = false;
  let wake = () => {};
  const names = ['SIGINT', 'SIGTERM'];
  const release = () => names.forEach((name) => process.removeListener(name, stop));
  const stop = () => {
    stopped = true;
    release(); // a second Ctrl-C ends the process even while a stuck reader holds it
    wake();
  };
  for (const name of names) process.once(name, stop);
  return {
    release,
    async within(ms) {
      if (stopped) return true;
      await new Promise((resolve) => {
        const timer = setTimeout(resolve, ms);
        wake = () => resolve(clearTimeout(timer));
      });
      return stopped;
    },
  };
}

module.exports = { stopSignal };
