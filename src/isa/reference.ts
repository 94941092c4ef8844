/** The page `docs/isa.md`, made from the tables so that it cannot disagree with them. */

import { DIRECTIVES } from './assembly/directives.ts';
import { encode, MAX_INSTRUCTION_BYTES } from './codec.ts';
import { FAULT_CAUSES, faultNumber } from './fault.ts';
import { INSTRUCTIONS, type InstructionRow } from './instructions.ts';
import { DEFAULT_REGION_BOUNDARY, DEFAULT_STACK, layoutOf, REGISTER_COUNT, SYSTEM_WORDS } from './layout.ts';
import { FAULT_NOTES } from './reference/fault-notes.ts';
import { INSTRUCTION_NOTES } from './reference/instruction-notes.ts';
import { code, hex, hexByte, page, table } from './reference/markdown.ts';
import { VALUE_TYPE_NAMES, VALUE_TYPES } from './value-type.ts';

/** The whole page as Markdown. */
export function isaReference(): string {
  return page(
    '# DISA: the instruction set',
    'Made from the instruction table in `src/isa`; change that, then run `npm run docs:isa`.',
    ...machine(),
    ...syntax(),
    ...operands(),
    ...types(),
    ...instructions(),
    ...controlBlocks(),
    ...faults(),
    ...encoding(),
    ...profiles(),
  );
}

function machine(): string[] {
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

function syntax(): string[] {
  return [
    '## Source',
    "One instruction a line; `#` starts a comment. A label is a name with a colon, alone or before an instruction and a space. Names are `[A-Za-z_.][A-Za-z0-9_.]*`, case-sensitive. Numbers are decimal, `0x…`, `0b…` or a character `'A'`; there is no octal. Expressions use `+ - * / % << >> & | ^ ~ ( )` over integers and names with C’s precedence, without bound, and may stand for an address, a displacement or an immediate; labels may be used before they are defined.",
    code('mnemonic[:option] operand, operand, …'),
    table(
      ['directive', 'effect'],
      Object.entries(DIRECTIVES).map(([name, { usage }]) => [
        `\`${usage}\``,
        DIRECTIVE_NOTES[name as keyof typeof DIRECTIVES],
      ]),
    ),
    'A macro lies between `.macro NAME PARAMETER, …` and `.endm`; in its lines `\\PARAMETER` is replaced and `\\@` counts calls.',
  ];
}

const DIRECTIVE_NOTES: Readonly<Record<keyof typeof DIRECTIVES, string>> = {
  '.org': 'what follows goes to this address; without it code starts at RB',
  '.align': 'fills with zeros up to a multiple of N, a power of two',
  '.equ': 'gives a name to a value',
  '.byte': '8-bit numbers',
  '.half': '16-bit numbers',
  '.long': '32-bit numbers',
  '.quad': '64-bit numbers',
  '.float': 'singles',
  '.double': 'doubles',
  '.ascii': 'the bytes of a text, with C’s escapes',
  '.asciz': 'the same, each closed by a zero byte',
  '.space': 'N bytes of FILL, else of 0',
  '.entry': 'where the first runner starts; required',
  '.stack': `its stack; without it 64 KiB at ${hex(DEFAULT_STACK.base)}`,
  '.heap': 'one of its heap ranges; may be repeated',
  '.rb': 'the region boundary; comes first',
  '.include': 'the lines of another file',
};

function operands(): string[] {
  return [
    '## Operands',
    table(
      ['form', 'mode', 'means'],
      [
        ['`$7` `$-1` `$label+8` `$1.5`', 'immediate', 'the value'],
        ['`0x100001000` `label` `r5`', 'direct', 'memory at that address'],
        ['`(0x100001000)` `(r5)`', 'indirect', 'memory at the address that the 64-bit word there holds'],
        [
          '`8(0x100001000)` `-8(r5)`',
          'displacement',
          'memory at (that word + 8); the displacement is a signed 32-bit number',
        ],
      ],
    ),
    'Below, **D** is any of the four and **M** any but an immediate; [D1] is the value of the first D. The target of a branch is an M of which only the address is used: `next` goes to next, `(x)` goes to the address that the word at x holds.',
    'Operands are evaluated left to right, each pointer with its operand; all sources are read before the destination is written, and of several faults the first in that order counts. A pointer plus its displacement wraps modulo 2^64; an address of 2^46 or above lies outside all ranges. So any operand in memory may fault with `read-outside-ranges` or `write-outside-ranges`, `region-crossing` or `register-indirect`, and a store also with `write-to-read-only`, `bad-merge-store` or `private-memory-limit`.',
  ];
}

function types(): string[] {
  return [
    '## Types',
    table(
      ['type', 'bits', 'family', 'number'],
      VALUE_TYPE_NAMES.map((name) => {
        const { bits, family, code: number } = VALUE_TYPES[name];
        return [`\`${name}\``, String(bits), family, String(number)];
      }),
    ),
    'An operand carries its type behind a colon: `r1:d`. One without takes the instruction’s: the one type written on its other operands, else `q`. Two different types in one instruction are an error, except on `mov`, which converts. Branch targets carry no type; `bl`’s second operand and those of `newr` are 64-bit words. An integer immediate lies in −2^(n−1) … 2^n − 1.',
    'Floats are IEEE 754. A NaN that an instruction computes is always the positive quiet one with payload 0, so that every host gets the same bits.',
  ];
}

function instructions(): string[] {
  return [
    '## Instructions',
    table(
      ['instruction', 'profile', 'effect'],
      INSTRUCTIONS.map((row) => [`[\`${pattern(row)}\`](#${anchor(row)})`, row.profile, row.effect]),
    ),
    ...INSTRUCTIONS.flatMap((row: InstructionRow) => {
      const note = INSTRUCTION_NOTES[row.code];
      return [
        `### ${title(row)}`,
        code(pattern(row)),
        [row.effect, ...note.details.slice(0, 1)].join(' '),
        ...note.details.slice(1),
        table(
          ['code', 'options', 'types', 'faults of its own', 'profile'],
          [
            [
              hexByte(row.code),
              optionNumbers(row),
              TYPINGS[row.typing],
              faultNames(note.faults),
              row.profile,
            ],
          ],
        ),
        `Example: \`${note.example}\` ${note.means}.`,
      ];
    }),
  ];
}

const TYPINGS: Readonly<Record<InstructionRow['typing'], string>> = {
  any: 'any',
  integer: 'integers',
  none: 'none',
};

function title(row: InstructionRow): string {
  return `${row.mnemonic}: ${INSTRUCTION_NOTES[row.code].title}`;
}

/** As GitHub makes it of the title. */
function anchor(row: InstructionRow): string {
  return title(row).replace(':', '').replaceAll(' ', '-');
}

/** `br:z|nz D1, M1` */
function pattern(row: InstructionRow): string {
  const options: readonly string[] = row.options;
  const named = options.filter((option) => option !== '').join('|');
  const optional = options.includes('') || row.mnemonic === 'exit';
  let sources = 0;
  let places = 0;
  const slots = row.slots.map((slot) => {
    if (slot === 'D') sources += 1;
    else places += 1;
    return slot === 'D' ? `D${sources}` : `M${places}`;
  });
  const suffix = named === '' ? '' : optional ? `[:${named}]` : `:${named}`;
  return `${row.mnemonic}${suffix} ${slots.join(', ')}`.trimEnd();
}

function optionNumbers(row: InstructionRow): string {
  return row.options.map((option, i) => `${option === '' ? 'none' : `\`${option}\``} ${i}`).join(', ');
}

function faultNames(causes: readonly string[]): string {
  return causes.length === 0 ? 'none' : causes.map((cause) => `\`${cause}\``).join(', ');
}

function controlBlocks(): string[] {
  return [
    '## Control blocks of newr',
    'The four operands of `newr` are words that hold addresses; at each lies a block of 64-bit words:',
    table(
      ['block', 'content'],
      [
        ['M1', 'stack base, stack size'],
        ['M2', 'number of heap ranges, then base and length of each'],
        [
          'M3',
          'number of watched ranges, then base and length of each; 0 makes a plain runner, more make a watcher',
        ],
        ['M4', 'fi, the address of the first instruction; then the status address if flagged'],
      ],
    ),
    'Blocks are read from M1 to M4, each from its first word on. Extended: the top byte of a heap range’s **length** is its merge type, and the top byte of the **number** of watched ranges holds flags.',
    table(
      ['merge type', '0', '1', '2', '3', '4', '5', '6'],
      [['', 'none', 'sum', 'min', 'max', 'and', 'or', 'xor']],
    ),
    table(
      ['flag', 'meaning'],
      [
        ['bit 63', 'a persistent watcher: it watches again after each activation'],
        [
          'bit 62',
          'a status address follows fi in M4: the aligned SR word where the runner’s end leaves its status record',
        ],
        ['bit 61', 'a serializable runner: what it could read is validated at its commit'],
      ],
    ),
    'A range of length 0 is ignored and heap ranges are united. A range that wraps, leaves 46 bits, crosses or lies below RB, and a stack that overlaps the child’s own heap, are `bad-runner-control` with the range named. Stacks of different runners may overlap. Ranges need no alignment unless merged. A runner whose watched ranges are all empty watches for ever. An fi that is no instruction is the child’s fault, at its start.',
    'A **status record** is written when a runner with a status address ends, however it ends: eight words: state (1 committed, 2 aborted, 3 faulted, 4 conflict), id, number of the fault’s cause, fault pc, fault address, commit version, 0, 0.',
  ];
}

function faults(): string[] {
  return [
    '## Faults',
    'A fault ends the runner as an abort and is final: running it again would do the same. It is reported with runner id, source line, instruction, address and cause. A faulting instruction has had no effect and counts as executed; bytes that are no instruction do not count.',
    table(
      ['number', 'cause', 'when'],
      FAULT_CAUSES.map((cause) => [String(faultNumber(cause)), `\`${cause}\``, FAULT_NOTES[cause]]),
    ),
  ];
}

function encoding(): string[] {
  const bytes = encode({
    code: 0x01,
    mnemonic: 'mov',
    option: 'z',
    type: 'w',
    to: 'q',
    operands: [
      { mode: 'immediate', bits: 0x1234n },
      { mode: 'displacement', pointer: 0x1_0000_1000, displacement: 8 },
    ],
  });
  const shown = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join(' ');
  return [
    '## Encoding',
    `An instruction is three bytes and its operands, at most ${MAX_INSTRUCTION_BYTES} bytes in all, and has exactly one encoding. Code 0 is no instruction, so zeroed memory does not execute.`,
    table(
      ['byte', 'content'],
      [
        ['0', 'code of the instruction'],
        ['1', 'number of its option'],
        [
          '2',
          'type numbers: the sources’ in the low four bits, the destination’s in the high four; equal except on `mov`, both `q` where there is no type',
        ],
        ['3 …', 'for each operand a mode byte and what the mode needs'],
      ],
    ),
    table(
      ['mode', 'number', 'followed by'],
      [
        ['immediate', '0', 'the value in as many bytes as its type has'],
        ['direct', '1', 'the address in 6 bytes'],
        ['indirect', '2', 'the pointer word’s address in 6 bytes'],
        ['displacement', '3', 'the displacement in 4 bytes, then the pointer word’s address in 6'],
      ],
    ),
    'All are little endian. `mov:z $0x1234:w, 8(0x100001000):q` is',
    code(shown),
  ];
}

function profiles(): string[] {
  const extended = INSTRUCTIONS.filter((row) => row.profile === 'extended').map(
    (row) => `\`${row.mnemonic}\``,
  );
  return [
    '## Profiles',
    `The **base** profile is the paper’s Table 1: twelve mnemonics. The **extended** profile, the default, adds ${extended.join(', ')}, the types \`fs\` and \`fd\`, and \`exit:cd\` and \`exit:ad\`. \`--profile base\` refuses them.`,
  ];
}
