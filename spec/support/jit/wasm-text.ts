/** WebAssembly modules as text, as far as the translator writes them: one instruction a line, indented by nesting. */

import { OP, TYPE } from '../../../src/isa/jit/wasm.ts';

/** The text of a module. Throws where there is something that the translator does not write. */
export function wasmText(module: Uint8Array): string {
  const reader = new Reader(module, 8);
  const types: string[] = [];
  const typeOfFunction: number[] = [];
  const names: string[] = [];
  const lines = ['(module'];
  while (!reader.atEnd) {
    const section = reader.byte();
    const part = reader.part(reader.unsigned());
    switch (section) {
      case 1:
        for (let left = part.unsigned(); left > 0; left -= 1) {
          types.push(functionType(part));
          lines.push(`  (type (func${types.at(-1)}))`);
        }
        break;
      case 2:
        for (let left = part.unsigned(); left > 0; left -= 1) lines.push(`  ${importText(part, names)}`);
        break;
      case 3:
        for (let left = part.unsigned(); left > 0; left -= 1) typeOfFunction.push(part.unsigned());
        break;
      case 7:
        for (let left = part.unsigned(); left > 0; left -= 1) {
          const name = part.text();
          part.byte();
          lines.push(`  (export "${name}" (func ${part.unsigned()}))`);
        }
        break;
      case 10:
        part.unsigned();
        for (const type of typeOfFunction)
          lines.push(...functionLines(part.part(part.unsigned()), types[type]!, names));
        break;
      default:
        throw new Error(`section ${section}`);
    }
  }
  return `${lines.join('\n')})\n`;
}

class Reader {
  readonly #bytes: Uint8Array;
  #at: number;

  constructor(bytes: Uint8Array, at = 0) {
    this.#bytes = bytes;
    this.#at = at;
  }

  get atEnd(): boolean {
    return this.#at >= this.#bytes.length;
  }

  byte(): number {
    const byte = this.#bytes[this.#at++];
    if (byte === undefined) throw new Error('the module ends too soon');
    return byte;
  }

  unsigned(): number {
    return Number(BigInt.asUintN(64, this.#leb().value));
  }

  signed(): bigint {
    const { value, bits } = this.#leb();
    return BigInt.asIntN(bits, value);
  }

  part(length: number): Reader {
    const part = new Reader(this.#bytes.subarray(this.#at, this.#at + length));
    this.#at += length;
    return part;
  }

  text(): string {
    const length = this.unsigned();
    const text = new TextDecoder().decode(this.#bytes.subarray(this.#at, this.#at + length));
    this.#at += length;
    return text;
  }

  #leb(): { value: bigint; bits: number } {
    let value = 0n;
    let bits = 0;
    for (;;) {
      const byte = this.byte();
      value |= BigInt(byte & 0x7f) << BigInt(bits);
      bits += 7;
      if (byte < 0x80) return { value, bits };
    }
  }
}

function functionType(part: Reader): string {
  part.byte();
  const list = (word: string) => {
    const all = Array.from({ length: part.unsigned() }, () => typeName(part.byte()));
    return all.length === 0 ? '' : ` (${word} ${all.join(' ')})`;
  };
  return `${list('param')}${list('result')}`;
}

function importText(part: Reader, names: string[]): string {
  const where = `"${part.text()}"`;
  const name = part.text();
  switch (part.byte()) {
    case 0:
      names.push(name);
      return `(import ${where} "${name}" (func $${name} (type ${part.unsigned()})))`;
    case 2:
      part.byte();
      return `(import ${where} "${name}" (memory ${part.unsigned()}))`;
    default:
      part.byte();
      part.byte();
      return `(import ${where} "${name}" (global i32))`;
  }
}

function functionLines(body: Reader, type: string, names: readonly string[]): string[] {
  const locals: string[] = [];
  for (let groups = body.unsigned(); groups > 0; groups -= 1) {
    const count = body.unsigned();
    const local = typeName(body.byte());
    for (let i = 0; i < count; i += 1) locals.push(local);
  }
  const lines = [`  (func${type}`];
  if (locals.length > 0) lines.push(`    (local ${locals.join(' ')})`);
  let depth = 2;
  while (!body.atEnd) {
    const opcode = body.byte();
    if (opcode === OP.end && body.atEnd) break;
    if (opcode === OP.end || opcode === OP.else) depth -= 1;
    lines.push(`${'  '.repeat(depth)}${instructionText(opcode, body, names)}`);
    if (OPENING.has(opcode)) depth += 1;
  }
  lines.push(`${lines.pop()})`);
  return lines;
}

const OPENING: ReadonlySet<number> = new Set([OP.block, OP.loop, OP.if, OP.else]);

function instructionText(opcode: number, body: Reader, names: readonly string[]): string {
  const name = NAMES.get(opcode);
  if (name === undefined) throw new Error(`opcode 0x${opcode.toString(16)}`);
  switch (opcode) {
    case OP.block:
    case OP.loop:
    case OP.if: {
      const type = body.byte();
      return type === TYPE.none ? name : `${name} (result ${typeName(type)})`;
    }
    case OP.br_table:
      return `${name} ${Array.from({ length: body.unsigned() + 1 }, () => body.unsigned()).join(' ')}`;
    case OP.call: {
      const index = body.unsigned();
      return `${name} ${index < names.length ? `$${names[index]}` : index}`;
    }
    case OP.br:
    case OP.br_if:
    case OP.local_get:
    case OP.local_set:
    case OP.local_tee:
    case OP.global_get:
      return `${name} ${body.unsigned()}`;
    case OP.i32_const:
    case OP.i64_const:
      return `${name} ${body.signed()}`;
    default:
      return name.includes('load') || name.includes('store') ? `${name}${placeText(body)}` : name;
  }
}

/** Alignment 1 is what the translator always says, and its opposite would be a promise. */
function placeText(body: Reader): string {
  const align = 2 ** body.unsigned();
  const offset = body.unsigned();
  return `${offset === 0 ? '' : ` offset=${offset}`} align=${align}`;
}

/** `i64.load8_u` of `i64_load8_u`, but `br_if` and `local.get`. */
const NAMES: ReadonlyMap<number, string> = new Map(
  Object.entries(OP).map(([name, opcode]) => [
    opcode,
    name.replace(/^(i32|i64|f32|f64|local|global)_/, '$1.'),
  ]),
);

function typeName(type: number): string {
  const found = Object.entries(TYPE).find(([, code]) => code === type);
  if (found === undefined) throw new Error(`type 0x${type.toString(16)}`);
  return found[0];
}
