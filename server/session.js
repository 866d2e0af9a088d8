// Who may look: a token that works once, in an address that is printed, and the secret of the cookie that it is exchanged for.
'use strict';

const { createHash, randomBytes, timingSafeEqual } = require('node:crypto');

const secret = () => randomBytes(32).toString('base64url');
const digest = (text) => createHash('sha256').update(String(text)).digest();
/** Of digests, so that neither length nor a common beginning shows in the time it takes. */
const same = (a, b) => timingSafeEqual(digest(a), digest(b));

/** `{ issue(), enter(token), holds(cookieHeader, port), cookie(port) }` of one start of the server. */
function createSession() {
  let token = null;
  const key = secret();
  return {
    /** A new token, in place of one that nobody has used. */
    issue() {
      token = secret();
      return token;
    },

    /** Whether the token opens the door: right, and for the first time. */
    enter(offered) {
      const right = token !== null && same(offered, token);
      if (right) token = null;
      return right;
    },

    /** Whether a `Cookie` header holds the secret. Cookies know no ports, so the name does. */
    holds(header, port) {
      const mine = String(header ?? '')
        .split(';')
        .map((pair) => pair.trim())
        .filter((pair) => pair.startsWith(`obs-${port}=`));
      return mine.length === 1 && same(mine[0].slice(`obs-${port}=`.length), key);
    },

    cookie: (port) => `obs-${port}=${key}; Path=/; HttpOnly; SameSite=Strict`,
  };
}

module.exports = { createSession, same };
