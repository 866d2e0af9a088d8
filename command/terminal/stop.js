// Waiting that ends early: when a signal says to stop, or when somebody else has reason to.
'use strict';

/**
 * `within(ms)` resolves after that time, or earlier when one of the signals `names` came or `stop` or `wake` was called, to
 * whether it is time to stop. `release()` gives the signals back.
 */
function stopSignal(names = ['SIGINT', 'SIGTERM']) {
  let stopped = false;
  let wake = () => {};
  const release = () => names.forEach((name) => process.removeListener(name, stop));
  const stop = () => {
    stopped = true;
    release(); // a second Ctrl-C ends the process even while a stuck reader holds it
    wake();
  };
  for (const name of names) process.once(name, stop);
  return {
    release,
    stop,
    wake: () => wake(),
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
