// Opens as many connections to a port as it is told and holds them: prints how many were opened and how many the server
// refused, and, when the server has closed what is too many for it, how many are left.
'use strict';

const net = require('node:net');

const [port, wanted, most] = process.argv.slice(2).map(Number);
let settled = 0;
let opened = 0;
let refused = 0;
let left = 0;

function one() {
  const socket = net.connect(port, '127.0.0.1');
  let up = false;
  const settle = () => {
    settled += 1;
    if (settled === wanted) process.stdout.write(`${JSON.stringify({ opened, refused })}\n`);
  };
  socket.on('connect', () => {
    up = true;
    opened += 1;
    left += 1;
    // Who sends nothing may have been forgotten by a system with too much to do, and never hears of it.
    socket.write('GET / HTTP/1.1\r\n');
    settle();
  });
  // A machine without room for so many says so otherwise.
  socket.on('error', ({ code }) => (refused += !up && /^ECONN/.test(code) ? 1 : 0));
  socket.on('close', () => {
    if (up) left -= 1;
    else settle();
  });
}

for (let count = 0; count < wanted; count += 1) one();
const look = setInterval(() => {
  if (settled < wanted || left > most) return;
  clearInterval(look);
  process.stdout.write(`${JSON.stringify({ left })}\n`);
}, 20);
process.stdin.resume().on('end', () => process.exit(0));
