/** The shared region of the reference model: bytes by address, and every version of each. */

/** What one commit made of memory: the bytes it left, by address. */
export type Written = ReadonlyMap<number, number>;

interface Past {
  readonly version: number;
  readonly byte: number;
}

/** `M_0`, `M_1`, …: `M_v` is `M_{v−1}` overwritten by what version v wrote. */
export class Memory {
  readonly #bytes = new Map<number, Past[]>();
  readonly #written: Written[] = [new Map()];

  constructor(image: readonly { readonly address: number; readonly bytes: Uint8Array }[]) {
    for (const { address, bytes } of image)
      bytes.forEach((byte, i) => {
        this.#bytes.set(address + i, [{ version: 0, byte }]);
      });
  }

  /** The newest version. */
  get version(): number {
    return this.#written.length - 1;
  }

  /** The byte in `M_version`; 0 where nothing was ever written. */
  at(address: number, version: number): number {
    return this.#past(address, version)?.byte ?? 0;
  }

  /** The newest version up to `version` that wrote the byte; 0 if none has. */
  writerAt(address: number, version: number): number {
    return this.#past(address, version)?.version ?? 0;
  }

  /** `W_version`. */
  written(version: number): Written {
    return this.#written[version] ?? new Map();
  }

  /** Appends a version. */
  commit(written: Written): void {
    const version = this.#written.push(written) - 1;
    for (const [address, byte] of written) {
      const past = this.#bytes.get(address);
      if (past === undefined) this.#bytes.set(address, [{ version, byte }]);
      else past.push({ version, byte });
    }
  }

  /** Every address that was ever written or loaded. */
  addresses(): IterableIterator<number> {
    return this.#bytes.keys();
  }

  #past(address: number, version: number): Past | undefined {
    const past = this.#bytes.get(address);
    let i = past === undefined ? -1 : past.length - 1;
    while (i >= 0 && past![i]!.version > version) i -= 1;
    return past?.[i];
  }
}

/** `old op value` on signed 64-bit words, by merge type (rule 6). */
export function merged(type: number, old: bigint, operand: bigint): bigint {
  const value = BigInt.asIntN(64, operand);
  const before = BigInt.asIntN(64, old);
  switch (type) {
    case 1:
      return before + value;
    case 2:
      return before < value ? before : value;
    case 3:
      return before > value ? before : value;
    case 4:
      return before & value;
    case 5:
      return before | value;
    default:
      return before ^ value;
  }
}

/** The little-endian word of `size` bytes. */
export function wordOf(size: number, byteAt: (index: number) => number): bigint {
  let word = 0n;
  for (let i = size - 1; i >= 0; i -= 1) word = (word << 8n) | BigInt(byteAt(i));
  return word;
}

/** Byte `index` of a little-endian word. */
export function byteOf(word: bigint, index: number): number {
  return Number((BigInt.asUintN(64, word) >> BigInt(8 * index)) & 0xffn);
}
