/** Writes WebAssembly: opcodes by name, instructions with their immediates, modules. */

/** Opcodes without immediates, and those whose immediates the writer's methods add. */
export const OP = {
  unreachable: 0x00,
  block: 0x02,
  loop: 0x03,
  if: 0x04,
  else: 0x05,
  end: 0x0b,
  br: 0x0c,
  br_if: 0x0d,
  br_table: 0x0e,
  return: 0x0f,
  call: 0x10,
  drop: 0x1a,
  select: 0x1b,
  local_get: 0x20,
  local_set: 0x21,
  local_tee: 0x22,
  global_get: 0x23,
  i32_load: 0x28,
  i64_load: 0x29,
  i64_load8_s: 0x30,
  i32_load8_u: 0x2d,
  i32_load16_u: 0x2f,
  i64_load8_u: 0x31,
  i64_load16_s: 0x32,
  i64_load16_u: 0x33,
  i64_load32_s: 0x34,
  i64_load32_u: 0x35,
  i32_store: 0x36,
  i64_store: 0x37,
  i32_store8: 0x3a,
  i32_store16: 0x3b,
  i64_store8: 0x3c,
  i64_store16: 0x3d,
  i64_store32: 0x3e,
  i32_const: 0x41,
  i64_const: 0x42,
  i32_eqz: 0x45,
  i32_ne: 0x47,
  i32_ge_u: 0x4f,
  i64_eqz: 0x50,
  i64_eq: 0x51,
  i64_ne: 0x52,
  i64_lt_s: 0x53,
  i64_lt_u: 0x54,
  i64_gt_s: 0x55,
  i64_gt_u: 0x56,
  i64_le_s: 0x57,
  i64_le_u: 0x58,
  i64_ge_s: 0x59,
  i64_ge_u: 0x5a,
  f32_eq: 0x5b,
  f32_ne: 0x5c,
  f32_lt: 0x5d,
  f32_gt: 0x5e,
  f32_le: 0x5f,
  f32_ge: 0x60,
  f64_eq: 0x61,
  f64_ne: 0x62,
  f64_lt: 0x63,
  f64_gt: 0x64,
  f64_le: 0x65,
  f64_ge: 0x66,
  i32_add: 0x6a,
  i32_sub: 0x6b,
  i32_and: 0x71,
  i32_or: 0x72,
  i32_shl: 0x74,
  i32_shr_u: 0x76,
  i64_add: 0x7c,
  i64_sub: 0x7d,
  i64_mul: 0x7e,
  i64_div_s: 0x7f,
  i64_div_u: 0x80,
  i64_rem_s: 0x81,
  i64_rem_u: 0x82,
  i64_and: 0x83,
  i64_or: 0x84,
  i64_xor: 0x85,
  i64_shl: 0x86,
  i64_shr_s: 0x87,
  i64_shr_u: 0x88,
  f32_add: 0x92,
  f32_sub: 0x93,
  f32_mul: 0x94,
  f32_div: 0x95,
  f64_add: 0xa0,
  f64_sub: 0xa1,
  f64_mul: 0xa2,
  f64_div: 0xa3,
  i32_wrap_i64: 0xa7,
  i64_extend_i32_u: 0xad,
  i64_trunc_f64_s: 0xb0,
  i64_trunc_f64_u: 0xb1,
  f32_convert_i64_s: 0xb4,
  f32_convert_i64_u: 0xb5,
  f32_demote_f64: 0xb6,
  f64_convert_i64_s: 0xb9,
  f64_convert_i64_u: 0xba,
  f64_promote_f32: 0xbb,
  i32_reinterpret_f32: 0xbc,
  i64_reinterpret_f64: 0xbd,
  f32_reinterpret_i32: 0xbe,
  f64_reinterpret_i64: 0xbf,
  i64_extend8_s: 0xc2,
  i64_extend16_s: 0xc3,
  i64_extend32_s: 0xc4,
} as const;

export type Opcode = (typeof OP)[keyof typeof OP];

export const TYPE = { i32: 0x7f, i64: 0x7e, f32: 0x7d, f64: 0x7c, none: 0x40 } as const;

export type WasmType = (typeof TYPE)['i32' | 'i64' | 'f32' | 'f64'];

/** Bytes that grow. */
export class ByteSink {
  #bytes = new Uint8Array(256);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  byte(value: number): this {
    if (this.#length === this.#bytes.length) this.#grow(this.#length + 1);
    this.#bytes[this.#length++] = value;
    return this;
  }

  bytes(values: Uint8Array | readonly number[]): this {
    if (this.#length + values.length > this.#bytes.length) this.#grow(this.#length + values.length);
    this.#bytes.set(values, this.#length);
    this.#length += values.length;
    return this;
  }

  /** LEB128 of an unsigned number below 2^53. */
  unsigned(value: number): this {
    let rest = value;
    while (rest >= 0x80) {
      this.byte((rest % 0x80) | 0x80);
      rest = Math.floor(rest / 0x80);
    }
    return this.byte(rest);
  }

  /** LEB128 of a signed number of up to 64 bits. */
  signed(value: bigint): this {
    let rest = value;
    for (;;) {
      const low = Number(rest & 0x7fn);
      rest >>= 7n;
      const done = (rest === 0n && low < 0x40) || (rest === -1n && low >= 0x40);
      this.byte(done ? low : low | 0x80);
      if (done) return this;
    }
  }

  /** LEB128 of a signed 32-bit number. */
  signed32(value: number): this {
    let rest = value;
    for (;;) {
      const low = rest & 0x7f;
      rest >>= 7;
      const done = (rest === 0 && low < 0x40) || (rest === -1 && low >= 0x40);
      this.byte(done ? low : low | 0x80);
      if (done) return this;
    }
  }

  text(value: string): this {
    const bytes = new TextEncoder().encode(value);
    return this.unsigned(bytes.length).bytes(bytes);
  }

  finish(): Uint8Array {
    return this.#bytes.slice(0, this.#length);
  }

  #grow(least: number): void {
    const grown = new Uint8Array(Math.max(least, 2 * this.#bytes.length));
    grown.set(this.#bytes);
    this.#bytes = grown;
  }
}

export interface FunctionType {
  readonly parameters: readonly WasmType[];
  readonly results: readonly WasmType[];
}

export type Import =
  | { readonly name: string; readonly kind: 'function'; readonly type: FunctionType }
  | { readonly name: string; readonly kind: 'memory' }
  /** An immutable i32. */
  | { readonly name: string; readonly kind: 'global' };

export interface WasmFunction {
  readonly type: FunctionType;
  readonly locals: readonly WasmType[];
  /** Instructions without the final `end`. */
  readonly code: Uint8Array;
  /** Its name among the exports; null for none. */
  readonly name: string | null;
}

/** The module that all imports of a module come from. */
export const IMPORT_MODULE = 'm';

/** A module; the imported functions take the first function indices, in their order. */
export function moduleOf(imports: readonly Import[], functions: readonly WasmFunction[]): Uint8Array {
  const types: FunctionType[] = [];
  const typeIndex = (type: FunctionType): number => {
    const known = types.findIndex((other) => sameType(other, type));
    return known >= 0 ? known : types.push(type) - 1;
  };
  const imported = imports.filter((one) => one.kind === 'function').length;
  const importSection = vector(imports, (out, one) => {
    out.text(IMPORT_MODULE).text(one.name);
    switch (one.kind) {
      case 'function':
        out.byte(0).unsigned(typeIndex(one.type));
        break;
      case 'memory':
        out.byte(2).byte(0).unsigned(1);
        break;
      case 'global':
        out.byte(3).byte(TYPE.i32).byte(0);
        break;
    }
  });
  const functionSection = vector(functions, (out, one) => out.unsigned(typeIndex(one.type)));
  const exported = functions.flatMap(({ name }, index) => (name === null ? [] : [{ name, index }]));
  const exportSection = vector(exported, (out, { name, index }) =>
    out
      .text(name)
      .byte(0)
      .unsigned(imported + index),
  );
  const codeSection = vector(functions, (out, one) => {
    const body = new ByteSink();
    const groups = grouped(one.locals);
    body.unsigned(groups.length);
    for (const [type, count] of groups) body.unsigned(count).byte(type);
    body.bytes(one.code).byte(OP.end);
    out.unsigned(body.length).bytes(body.finish());
  });
  const typeSection = vector(types, (out, { parameters, results }) =>
    out.byte(0x60).unsigned(parameters.length).bytes(parameters).unsigned(results.length).bytes(results),
  );
  const out = new ByteSink().bytes([0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00]);
  const sections = [
    [1, typeSection],
    [2, importSection],
    [3, functionSection],
    [7, exportSection],
    [10, codeSection],
  ] as const;
  for (const [id, content] of sections) out.byte(id).unsigned(content.length).bytes(content);
  return out.finish();
}

function vector<T>(items: readonly T[], write: (out: ByteSink, item: T) => void): Uint8Array {
  const out = new ByteSink().unsigned(items.length);
  for (const item of items) write(out, item);
  return out.finish();
}

function sameType(a: FunctionType, b: FunctionType): boolean {
  const same = (x: readonly WasmType[], y: readonly WasmType[]) =>
    x.length === y.length && x.every((type, i) => type === y[i]);
  return same(a.parameters, b.parameters) && same(a.results, b.results);
}

/** Neighbouring locals of one type as (type, count). */
function grouped(locals: readonly WasmType[]): [WasmType, number][] {
  const groups: [WasmType, number][] = [];
  for (const type of locals) {
    const last = groups.at(-1);
    if (last?.[0] === type) last[1] += 1;
    else groups.push([type, 1]);
  }
  return groups;
}
