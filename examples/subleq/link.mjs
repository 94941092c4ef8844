// Links a subleq program for subleq.s: text on standard input, 64-bit little-endian words on standard output, the number
// of cells first. A cell is a number or a name; `name:` names the next cell, `next` is the address behind the cell that
// it stands in, and `#` starts a comment.

import { readFileSync } from 'node:fs';

const BASE = 0x6_0000_0000;

const tokens = readFileSync(0, 'utf8').replace(/#.*/g, '').match(/\S+/g);
const cells = tokens.filter((token) => !token.endsWith(':'));
const words = Buffer.alloc(8 * (1 + cells.length));
words.writeBigInt64LE(BigInt(cells.length), 0);
const names = addresses(tokens);
cells.forEach((cell, i) => {
  words.writeBigInt64LE(value(cell, i), 8 * (1 + i));
});
process.stdout.write(words);

function addresses(list) {
  const found = new Map();
  let cell = 0;
  for (const token of list) {
    if (token.endsWith(':')) found.set(token.slice(0, -1), BigInt(BASE + 8 * cell));
    else cell += 1;
  }
  return found;
}

function value(cell, i) {
  if (cell === 'next') return BigInt(BASE + 8 * (i + 1));
  const address = names.get(cell);
  if (address !== undefined) return address;
  if (!/^-?\d+$/.test(cell)) throw new Error(`${cell} is neither a number nor a name of the program`);
  return BigInt(cell);
}
