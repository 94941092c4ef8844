/**
 * All diagnostics by code. Codes are stable: a message may be worded better one day, a code keeps its meaning and a
 * retired one is not used again.
 */

interface Entry {
  readonly title: string;
  /** What the rule is, and why where that is not plain. */
  readonly text: string;
  /** A source that causes it. */
  readonly example: string;
}

export const DIAGNOSTICS = {
  // Text
  DE0101: {
    title: 'unexpected character',
    text: 'The character starts no name, number, string, operator or comment. A comment starts with #.',
    example: 'mov $1; x',
  },
  DE0102: {
    title: 'unterminated string',
    text: 'A string opens and closes with " on one line. Inside it a quote is written \\" and a line break \\n.',
    example: '.ascii "hello',
  },
  DE0103: {
    title: 'unterminated character',
    text: "A character constant opens and closes with a single quote. The quote itself is written '\\''.",
    example: "mov $'A, r0",
  },
  DE0104: {
    title: 'octal number',
    text: 'Numbers are decimal, hexadecimal with 0x or binary with 0b. A leading zero means octal in C and decimal elsewhere, so it is refused.',
    example: 'mov $0123, r0',
  },
  DE0105: {
    title: 'malformed number',
    text: 'A number starts with a digit and goes on to the next blank or mark. After 0x come hexadecimal digits, after 0b binary ones; digits have no separators.',
    example: 'mov $0x12g4, r0',
  },
  DE0106: {
    title: 'bad escape',
    text: "A backslash in a string or character starts one of C's escapes: \\a \\b \\f \\n \\r \\t \\v \\0 \\\\ \\' \\\" \\? \\xHH \\uHHHH \\UHHHHHHHH. Octal escapes other than \\0 are refused, as octal numbers are.",
    example: '.ascii "100\\%"',
  },
  DE0107: {
    title: 'character constant of the wrong length',
    text: "A character constant holds exactly one character or escape; its value is the character's code point.",
    example: "mov $'AB', r0",
  },
  DE0108: {
    title: 'malformed float',
    text: 'A float is written digits.digits, optionally with an exponent: 1.0, 0.5, 2.5e-3. Both sides of the point need a digit.',
    example: 'mov $1e5, r0:fd',
  },
  // Instructions
  DE0201: {
    title: 'unknown instruction',
    text: 'The name is no mnemonic and no macro defined above this line.',
    example: 'mvo $1, r0',
  },
  DE0202: {
    title: 'unknown option',
    text: 'The instruction has no such option.',
    example: 'br:eq r0, r1, main',
  },
  DE0203: {
    title: 'missing option',
    text: 'br compares or jumps in several ways, and its option says which.',
    example: 'main: br main',
  },
  DE0204: {
    title: 'option too many',
    text: 'The instruction, directive or macro takes no option, or has one already.',
    example: 'add:z r0, r1, r2',
  },
  DE0205: {
    title: 'wrong number of operands',
    text: 'Each instruction takes a fixed number of operands. D stands for memory or an immediate, M for memory.',
    example: 'add r0, r1',
  },
  DE0206: {
    title: 'immediate where memory is needed',
    text: 'The operand is written to, or is a word that the machine reads as such; it must be memory. A number without $ is an address.',
    example: 'mov r0, $5',
  },
  DE0207: {
    title: 'unknown type',
    text: 'A type is one of b w d q, ub uw ud uq and, in the extended profile, fs fd.',
    example: 'mov $1:qw, r0',
  },
  DE0208: {
    title: 'contradicting types',
    text: 'All operands of an instruction have one type, so it is enough to write it once. Only mov converts.',
    example: 'add r0:q, r1:d, r2',
  },
  DE0209: {
    title: 'integers only',
    text: 'Bitwise operations, shifts and rem are for integers.',
    example: 'xor r0:fd, r1, r2',
  },
  DE0210: {
    title: 'type on a branch target',
    text: 'A branch goes to the effective address of its target. Nothing is read there, so it has no type.',
    example: 'main: br:j main:q',
  },
  DE0211: {
    title: 'word operand with another type',
    text: "newr's operands, and the word where bl stores the return address, are 64-bit words.",
    example: 'main: bl main, r0:d',
  },
  DE0212: {
    title: 'zero extension of a float',
    text: 'mov:z widens integers with zeros. Floats are converted by a plain mov.',
    example: 'mov:z r0:fd, r1',
  },
  DE0213: {
    title: 'not in the base profile',
    text: "The base profile is the paper's Table 1: twelve instructions on integers. rem, shl, shr, the types fs and fd, exit:cd and exit:ad are extensions.",
    example: 'rem r0, r1, r2',
  },
  DE0214: {
    title: 'immediate with a pointer',
    text: '$ makes an operand the value itself, so no memory is involved. Memory through a pointer is written without $.',
    example: 'mov $8(r1), r0',
  },
  DE0215: {
    title: 'unexpected text',
    text: 'The statement is complete before this text. Operands are separated by commas.',
    example: 'mov $1 r0',
  },
  DE0216: {
    title: 'immediate as a branch target',
    text: "A branch goes to the effective address of its target: `next` is the label's address, `(x)` the address that the word at x holds.",
    example: 'main: br:j $main',
  },
  DE0217: {
    title: 'label without a space',
    text: 'A label is followed by a space or the end of the line; without it, what follows the colon is an option.',
    example: 'loop:mov $1, r0',
  },
  DE0218: {
    title: 'operand that ends in a parenthesis',
    text: 'An operand that ends in a parenthesis is indirect: 8(p) is the memory at the word p plus 8. To add something in parentheses, put it first.',
    example: 'mov $1, 0x100000000+(2*8)',
  },
  DE0219: {
    title: 'no statement',
    text: 'A line holds labels, then an instruction, a directive or a macro call, or nothing.',
    example: '$5',
  },
  // Names and values
  DE0301: {
    title: 'undefined name',
    text: 'The name is no label, no .equ, and not predefined (r0 to r63, ctx.*). Names are case-sensitive.',
    example: 'total: .quad 1\n    mov totl, r0',
  },
  DE0302: {
    title: 'name defined twice',
    text: 'A name has one definition, label or .equ.',
    example: 'x: .quad 1\nx: .quad 2',
  },
  DE0303: {
    title: 'predefined name',
    text: 'r0 to r63 and the ctx.* names are register words, context words and ports. They cannot be redefined.',
    example: 'r5: .quad 1',
  },
  DE0304: {
    title: 'division by zero',
    text: 'The right side of / or % is zero.',
    example: '.equ SIZE, 0\n    mov $100/SIZE, r0',
  },
  DE0305: {
    title: 'negative shift',
    text: 'A shift count cannot be negative.',
    example: 'mov $1<<-2, r0',
  },
  DE0306: {
    title: 'value out of range',
    text: 'An integer of n bits lies between -2^(n-1) and 2^n - 1: it may be meant as signed or as unsigned.',
    example: 'mov $256:b, r0',
  },
  DE0307: {
    title: 'no address',
    text: 'Addresses have 46 bits.',
    example: 'mov $1, 0x400000000000',
  },
  DE0308: {
    title: 'displacement out of range',
    text: 'A displacement is a signed 32-bit number.',
    example: 'mov 0x80000000(r1), r0',
  },
  DE0309: {
    title: 'inside a register word',
    text: 'r0 to r63 are 8-byte words that may live in machine registers, so each is named at its start, with any type: mov r5:b, x reads its low byte.',
    example: 'mov r5+4, r0',
  },
  DE0310: {
    title: 'float without a float type',
    text: 'A float literal needs an instruction of type fs or fd; an operand without a type takes the one of the others, else q.',
    example: 'mov $1.5, r0',
  },
  DE0311: {
    title: 'float in an expression',
    text: 'The assembler computes with integers; a float literal stands alone.',
    example: 'mov $1.5+1, r0:fd',
  },
  DE0312: {
    title: 'float out of range',
    text: 'The number rounds to infinity in its type.',
    example: 'mov $1.0e39, r0:fs',
  },
  DE0313: {
    title: 'circular .equ',
    text: 'The value of the name depends on itself.',
    example: '.equ a, b+1\n.equ b, a-1',
  },
  DE0314: {
    title: 'value not known yet',
    text: 'Labels may be used before they are defined, but not where the place of what follows depends on them: in .org, .align, .space and .rb.',
    example: '.space end\nend:',
  },
  DE0315: {
    title: 'nesting too deep',
    text: 'Parentheses and signs nest at most 64 deep, and at most 32 .equ names in a row refer to names further down.',
    example: 'mov $----------------------------------------------------------------------1, r0',
  },
  DE0316: {
    title: 'number too large',
    text: 'Expressions are unbounded, within reason: 65,536 bits.',
    example: 'mov $1<<70000, r0',
  },
  DE0317: {
    title: 'unbalanced parentheses',
    text: 'A parenthesis is not closed, or not open.',
    example: 'mov $(1+2, r0',
  },
  DE0318: {
    title: 'value expected',
    text: 'An expression needs a number or a name here.',
    example: 'mov $1+, r0',
  },
  // Directives
  DE0401: {
    title: 'unknown directive',
    text: 'The name is no directive and no macro defined above this line.',
    example: '.qaud 1',
  },
  DE0402: {
    title: 'wrong number of arguments',
    text: 'The directive takes more or fewer arguments.',
    example: '.stack 0x600000000',
  },
  DE0403: {
    title: 'string expected',
    text: 'The directive takes strings.',
    example: '.ascii 65',
  },
  DE0404: {
    title: 'number expected',
    text: 'The directive takes numbers.',
    example: '.byte "text"',
  },
  DE0405: {
    title: 'name expected',
    text: 'The directive defines a name.',
    example: '.equ 5, 7',
  },
  DE0406: {
    title: 'bad alignment',
    text: '.align takes a power of two.',
    example: '.align 24',
  },
  DE0407: {
    title: 'bad size',
    text: '.space takes a number of bytes.',
    example: '.space -8',
  },
  DE0408: {
    title: '.rb too late',
    text: 'All addresses depend on the region boundary, so .rb is the first statement.',
    example: 'main: exit\n.rb 0x40000000',
  },
  DE0409: {
    title: 'bad region boundary',
    text: 'The region boundary is a power of two from 2^20 to 2^45: context and register words lie at a quarter and at half of it.',
    example: '.rb 0x300000000',
  },
  DE0410: {
    title: 'another region boundary',
    text: 'The source insists on a region boundary, and the command on another one.',
    example: '.rb 0x40000000',
  },
  DE0411: {
    title: 'second declaration',
    text: 'A program has one .entry and one .stack. It may have many .heap ranges.',
    example: '.stack 0x600000000, 64\n.stack 0x700000000, 64',
  },
  // Macros and includes
  DE0501: {
    title: 'unterminated macro',
    text: "A macro's body ends with a line .endm in the same file.",
    example: 'main: exit\n.entry main\n.macro twice x\n    add \\x, \\x, \\x',
  },
  DE0502: {
    title: '.endm without .macro',
    text: 'There is no macro to end here.',
    example: '.endm',
  },
  DE0503: {
    title: 'macro defined twice',
    text: 'A macro has one definition.',
    example: '.macro nop\n.endm\n.macro nop\n.endm',
  },
  DE0504: {
    title: 'name of an instruction or directive',
    text: 'A macro cannot redefine an instruction or a directive.',
    example: '.macro add x\n.endm',
  },
  DE0505: {
    title: 'parameter named twice',
    text: 'The parameters of a macro have different names.',
    example: '.macro swap x, x\n.endm',
  },
  DE0506: {
    title: 'wrong number of macro arguments',
    text: 'A call gives an argument for each parameter, separated by commas.',
    example: '.macro double x\n    add \\x, \\x, \\x\n.endm\n    double r0, r1',
  },
  DE0507: {
    title: 'unknown parameter',
    text: 'Behind a backslash stands a parameter of the macro, @ for the number of the call, or () to end a name. Longer names win: \\xy is the parameter xy, \\x\\()y is x and a y.',
    example: '.macro double value\n    add \\valeu, \\value, \\value\n.endm',
  },
  DE0508: {
    title: 'macro calls too deep',
    text: 'Macro calls and includes nest at most 64 deep. There is no conditional assembly, so a macro that calls itself never ends.',
    example: '.macro forever\n    forever\n.endm\n    forever',
  },
  DE0509: {
    title: 'expansion too large',
    text: 'Macros and includes make at most 1,000,000 lines in all, none longer than 65,536 characters.',
    example: '.macro grow text\n    grow \\text\\text\n.endm\n    grow abcdefgh',
  },
  DE0510: {
    title: 'macro in a macro',
    text: 'A macro cannot define a macro, but it may call one.',
    example: '.macro outer\n.macro inner\n.endm\n.endm',
  },
  DE0511: {
    title: 'include not found',
    text: 'The file cannot be read. Its name is taken relative to the including file.',
    example: '.include "missing.disa"',
  },
  DE0512: {
    title: 'circular include',
    text: 'A file includes itself, perhaps through others, or includes nest more than 64 deep.',
    example: '.include "circle.disa"',
  },
  DE0513: {
    title: 'parameter outside a macro',
    text: "A backslash stands only in strings, in characters and in a macro's body.",
    example: 'add \\x, $1, r0',
  },
  // The program
  DE0601: {
    title: 'no entry',
    text: 'The entry runner starts at the label that .entry names.',
    example: 'main: exit',
  },
  DE0602: {
    title: 'entry outside the code',
    text: 'The entry must lie in what is assembled here.',
    example: 'main: exit\n.equ start, main+64\n.entry start',
  },
  DE0603: {
    title: 'below the shared region',
    text: "Code and data are assembled into the shared region. A runner's private memory is zero at start.",
    example: '.org 0x100001000\n.quad 1',
  },
  DE0604: {
    title: 'overlapping sections',
    text: 'Two .org directives place bytes at the same addresses.',
    example: '.org 0x500000000\n.space 64\n.org 0x500000020\n.quad 1',
  },
  DE0605: {
    title: 'past the last address',
    text: 'Addresses have 46 bits.',
    example: '.org 0x3ffffffffffc\n.quad 1',
  },
  DE0606: {
    title: 'program too large',
    text: 'All sections of a program together have at most 256 MiB. Large data are mapped with --in.',
    example: '.space 0x20000000',
  },
  DE0607: {
    title: 'range in the private region',
    text: 'Stack and heap ranges lie in the shared region.',
    example: '.heap 0x100000000, 64',
  },
  DE0608: {
    title: 'range across the region boundary',
    text: 'A range lies on one side of the region boundary.',
    example: '.stack 0x3fffffff8, 16',
  },
  DE0609: {
    title: 'range outside the addresses',
    text: 'A range, from its base to its last byte, lies within the 46 bits of an address.',
    example: '.heap 0x3fffffffffff, 2',
  },
  DE0610: {
    title: 'stack overlaps heap',
    text: "Stack changes are dropped and heap changes are committed, so a byte cannot be both. Without .stack the entry runner's stack is 64 KiB at 0x3e0000000000.",
    example: '.stack 0x600000000, 64\n.heap 0x600000020, 64',
  },
  DE0611: {
    title: 'negative length',
    text: 'A range has a length of 0 or more.',
    example: '.heap 0x600000000, -64',
  },
} as const satisfies Record<string, Entry>;

export type DiagnosticCode = keyof typeof DIAGNOSTICS;
