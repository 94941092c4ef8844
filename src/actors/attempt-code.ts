/** The instructions that one attempt sees in its snapshot (rule 18), each place decoded once. */

import { cachedDecode } from '../isa/code-cache.ts';
import { decode, MAX_INSTRUCTION_BYTES } from '../isa/codec.ts';
import { type Decoded, FaultTrap } from '../isa/port.ts';
import type { SnapshotPages } from './snapshot-pages.ts';

/** What the attempt may execute, as its ranges and its own writes stand. */
export interface CodeRules {
  mayExecute(address: number): boolean;
  /** Whether all of `length` bytes may be executed. */
  mayExecuteAll(base: number, length: number): boolean;
}

export class AttemptCode {
  readonly #pages: SnapshotPages;
  readonly #rules: CodeRules;
  readonly #decoded = new Map<number, Decoded>();

  constructor(pages: SnapshotPages, rules: CodeRules) {
    this.#pages = pages;
    this.#rules = rules;
  }

  /** What was decoded at `pc` before, unless it was forgotten. */
  known(pc: number): Decoded | undefined {
    return this.#decoded.get(pc);
  }

  /** Decodes the instruction at `pc`. Pauses, or faults where there is none that may be executed. */
  decode(pc: number): Decoded {
    const found = this.#find(pc);
    if (typeof found === 'number') this.#pages.pause([found]);
    if (found === null) throw new FaultTrap('illegal-instruction', BigInt(pc));
    this.#decoded.set(pc, found);
    return found;
  }

  /** The instruction at `pc` if it is here and may be executed. */
  peek(pc: number): Decoded | null {
    const found = this.#decoded.get(pc) ?? this.#find(pc);
    return typeof found === 'number' ? null : found;
  }

  /** Bytes of decoded instructions were written or hidden. */
  forget(): void {
    this.#decoded.clear();
  }

  /** An instruction, null where there is none, or the page that is missing. */
  #find(pc: number): Decoded | number | null {
    if (!this.#rules.mayExecute(pc)) return null;
    const found = this.#fromSnapshot(pc);
    if (found === null || typeof found === 'number') return found;
    return this.#rules.mayExecuteAll(pc, found.length) ? found : null;
  }

  /** Asks for a further page only where the bytes so far are no instruction and the next ones may be executed. */
  #fromSnapshot(pc: number): Decoded | number | null {
    const { pageSize } = this.#pages;
    const offset = pc % pageSize;
    const page = (pc - offset) / pageSize;
    const bytes = this.#pages.get(page);
    if (bytes === undefined) return page;
    const within = bytes ? cachedDecode(bytes, offset) : null;
    if (within !== null || offset + MAX_INSTRUCTION_BYTES <= pageSize) return within;
    const joined = new Uint8Array(MAX_INSTRUCTION_BYTES);
    for (let length = 0; length < MAX_INSTRUCTION_BYTES; ) {
      const at = pc + length;
      if (length > 0 && !this.#rules.mayExecute(at)) return decode(joined.subarray(0, length), 0);
      const next = Math.floor(at / pageSize);
      const source = this.#pages.get(next);
      if (source === undefined) return next;
      const from = at % pageSize;
      const count = Math.min(pageSize - from, MAX_INSTRUCTION_BYTES - length);
      if (source !== null) joined.set(source.subarray(from, from + count), length);
      length += count;
      const decoded = decode(joined.subarray(0, length), 0);
      if (decoded !== null) return decoded;
    }
    return null;
  }
}
