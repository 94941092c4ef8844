/** Words that scenarios work on, and time for others to come in between. */

/** Far enough apart to live on different pages and homes; 0 where nobody has written. */
export const X = 0x6_0000_0000;
export const Y = 0x6_0010_0000;
export const SEEN = 0x6_0020_0000;

/** The same by name, for sources. */
export const CELLS = `
.equ X, ${X}
.equ Y, ${Y}
.equ SEEN, ${SEEN}
`;

/** Lets other runners go on: with `slices` it takes many messages. Uses r60. */
export function wait(label: string, turns = 40): string {
  return `
mov $${turns}, r60
${label}:
sub r60, $1, r60
br:nz r60, ${label}
`;
}

/** A machine on which runners overlap. */
export const slices = { slice: 3, rcomps: 3, homes: 4 };
