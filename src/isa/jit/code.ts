/** Writes the code of one function: instructions with immediates, locals, nested blocks by name. */

import { invariant } from '../../invariant.ts';
import { ByteSink, OP, type Opcode, TYPE, type WasmType } from './wasm.ts';

/** A construct that a branch may name. */
export class Label {}

/** The locals of a function, behind its parameters; several writers may write parts of one. */
export class Locals {
  readonly types: WasmType[] = [];
  readonly #parameters: number;

  constructor(parameters: number) {
    this.#parameters = parameters;
  }

  add(type: WasmType): number {
    return this.#parameters + this.types.push(type) - 1;
  }
}

export class CodeWriter {
  readonly #out = new ByteSink();
  readonly #locals: Locals;
  readonly #free = new Map<WasmType, number[]>();
  readonly #labels: Label[] = [];

  constructor(locals: Locals) {
    this.#locals = locals;
  }

  /** Takes in what another writer has written. */
  append(other: CodeWriter): this {
    this.#out.bytes(other.finish());
    return this;
  }

  finish(): Uint8Array {
    return this.#out.finish();
  }

  /** A local of its own. */
  local(type: WasmType): number {
    return this.#locals.add(type);
  }

  /** A local for as long as `use` runs. */
  withLocal(type: WasmType, use: (local: number) => void): void {
    const free = this.#free.get(type) ?? [];
    this.#free.set(type, free);
    const local = free.pop() ?? this.local(type);
    use(local);
    free.push(local);
  }

  op(...opcodes: readonly Opcode[]): this {
    for (const opcode of opcodes) this.#out.byte(opcode);
    return this;
  }

  i32(value: number): this {
    this.#out.byte(OP.i32_const).signed32(value | 0);
    return this;
  }

  /** Any integer that fits 64 bits, signed or not. */
  i64(value: bigint | number): this {
    this.#out.byte(OP.i64_const).signed(BigInt.asIntN(64, BigInt(value)));
    return this;
  }

  get(local: number): this {
    this.#out.byte(OP.local_get).unsigned(local);
    return this;
  }

  set(local: number): this {
    this.#out.byte(OP.local_set).unsigned(local);
    return this;
  }

  tee(local: number): this {
    this.#out.byte(OP.local_tee).unsigned(local);
    return this;
  }

  global(index: number): this {
    this.#out.byte(OP.global_get).unsigned(index);
    return this;
  }

  call(index: number): this {
    this.#out.byte(OP.call).unsigned(index);
    return this;
  }

  /** Opens a block without a name: for code that leaves by `brOut`. */
  open(): this {
    this.#out.byte(OP.block).byte(TYPE.none);
    return this;
  }

  /** A load or store. No alignment is promised. */
  memory(opcode: Opcode, offset = 0): this {
    this.#out.byte(opcode).byte(0).unsigned(offset);
    return this;
  }

  block(inside: (label: Label) => void): this {
    return this.#nest(OP.block, TYPE.none, inside);
  }

  loop(inside: (label: Label) => void): this {
    return this.#nest(OP.loop, TYPE.none, inside);
  }

  /** Takes an i32; with a type, both arms leave a value of it. */
  if(yes: () => void, no: (() => void) | null = null, type: WasmType | null = null): this {
    this.#out.byte(OP.if).byte(type ?? TYPE.none);
    this.#labels.push(new Label());
    yes();
    if (no !== null) {
      this.op(OP.else);
      no();
    }
    this.#labels.pop();
    return this.op(OP.end);
  }

  br(label: Label): this {
    this.#out.byte(OP.br).unsigned(this.#depth(label));
    return this;
  }

  /** To one of the constructs that will stand around all of this code, the innermost being 0. */
  brOut(construct: number): this {
    this.#out.byte(OP.br).unsigned(this.#labels.length + construct);
    return this;
  }

  brIf(label: Label): this {
    this.#out.byte(OP.br_if).unsigned(this.#depth(label));
    return this;
  }

  /** Takes an i32 index; the last label is for whatever has none. */
  brTable(labels: readonly Label[]): this {
    this.#out.byte(OP.br_table).unsigned(labels.length - 1);
    for (const label of labels) this.#out.unsigned(this.#depth(label));
    return this;
  }

  #nest(opcode: Opcode, type: number, inside: (label: Label) => void): this {
    const label = new Label();
    this.#out.byte(opcode).byte(type);
    this.#labels.push(label);
    inside(label);
    this.#labels.pop();
    return this.op(OP.end);
  }

  #depth(label: Label): number {
    const index = this.#labels.lastIndexOf(label);
    invariant(index >= 0, 'a branch names a construct around it');
    return this.#labels.length - 1 - index;
  }
}

/** Where code is being written: most of the time the body of a function. */
export class Output {
  code: CodeWriter;

  constructor(code: CodeWriter) {
    this.code = code;
  }

  /** What is emitted meanwhile goes to another writer of the same function. */
  into(code: CodeWriter, emit: () => void): void {
    const usual = this.code;
    this.code = code;
    emit();
    this.code = usual;
  }
}
