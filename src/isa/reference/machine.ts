/** The section on what a runner sees. */

import { DEFAULT_REGION_BOUNDARY, layoutOf, REGISTER_COUNT, SYSTEM_WORDS } from '../layout.ts';
import { hex, table } from './markdown.ts';

export function machine(): string[] {
  const layout = layoutOf(DEFAULT_REGION_BOUNDARY);
  const { words, registers, registersEnd } = layout;
  return [
    '## Machine',
    'A runner sees a 46-bit little-endian address space of two regions. The **private region** (PR) `[0, RB)` is its own: zero at the start except for the words below, and gone with it. The **shared region** (SR) `[RB, 2^46)` holds code and data; a runner sees there the ranges that it has declared, as they were when it started, and its own writes.',
    `RB, the region boundary, is ${hex(DEFAULT_REGION_BOUNDARY)} (16 GiB) unless \`.rb\` or \`--region-boundary\` says otherwise: a power of two from 2^20 to 2^45. The words of the private region move with it; this is where they lie by default, and their names in source:`,
    table(
      ['address', 'name', '8-byte word'],
      [
        [hex(words.stack), '`ctx.stack`', 'stack base'],
        [hex(words.stack_size), '`ctx.stack_size`', 'stack size in bytes'],
        [hex(words.heap_count), '`ctx.heap_count`', 'number of heap ranges'],
        [
          hex(words.heap_list),
          '`ctx.heap_list`',
          `PR address of their (base, length) list, united and sorted: ${hex(layout.heapList)}`,
        ],
        [
          hex(words.id),
          '`ctx.id`',
          'the runner’s id: a function of its parent’s id and its index among the children',
        ],
        [hex(words.seed), '`ctx.seed`', 'a seed, the same on every attempt of the runner'],
        [hex(words.stdout), '`ctx.stdout`', 'port: standard output'],
        [hex(words.stderr), '`ctx.stderr`', 'port: standard error'],
        [hex(words.child), '`ctx.child`', 'id of the runner made by the latest `newr`'],
        [
          `${hex(registers)} … ${hex(registersEnd - 1)}`,
          `\`r0\` … \`r${REGISTER_COUNT - 1}\``,
          `${REGISTER_COUNT} register words`,
        ],
      ],
    ),
    'A store of n bytes to a **port** appends those n bytes to the runner’s output, which is delivered when it commits; reading a port gives 0. Ports aside, these are ordinary private memory once the runner has started.',
    'A **register word** is named by an instruction directly (`r5`) or as a pointer word (`(r5)`, `8(r5)`), always at its start and with any type: a narrow type reads and writes its low bytes. Any other access to the window is the fault `register-indirect`, so that no pointer leads to a register.',
    `**System words** can be read and watched by all and count events: ${hex(SYSTEM_WORDS.nodesJoined)} nodes joined, ${hex(SYSTEM_WORDS.nodesLeft)} nodes left, ${hex(SYSTEM_WORDS.timerTicks)} timer ticks, ${hex(SYSTEM_WORDS.shutdownAsked)} shutdown asked.`,
    'An access may be unaligned and may cross pages; it is all or nothing. Each of its bytes must be declared, by one range or by several. The program counter is not addressable; an instruction may start at any address.',
  ];
}
