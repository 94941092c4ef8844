/** Values in a row of bytes, little-endian, without names or types: whoever reads knows what was written. */

/** Bytes from which on an array is attached to a record that gives it away. */
const ATTACHED = 512;

/** A record in the making; used again for the next one. */
export class RecordWriter {
  #bytes = new Uint8Array(1 << 12);
  #view = new DataView(this.#bytes.buffer);
  #at = 0;
  readonly #attached = new Map<ArrayBufferLike, number>();

  begin(): this {
    this.#at = 0;
    this.#attached.clear();
    return this;
  }

  /** Arrays that must travel beside the record, in the order in which it names them. */
  get attached(): ArrayBuffer[] {
    return [...this.#attached.keys()] as ArrayBuffer[];
  }

  /** What has been written since `begin`; valid until the next one. */
  get record(): Uint8Array {
    return this.#bytes.subarray(0, this.#at);
  }

  get length(): number {
    return this.#at;
  }

  /** Lets go of the record with its memory, for whoever passes it on. */
  release(): Uint8Array<ArrayBuffer> {
    const record = this.#bytes.subarray(0, this.#at);
    this.#renew(1 << 12);
    this.#at = 0;
    return record;
  }

  byte(value: number): void {
    this.#need(1);
    this.#bytes[this.#at++] = value;
  }

  flag(value: boolean): void {
    this.byte(value ? 1 : 0);
  }

  /** Unsigned 32 bits. */
  word(value: number): void {
    this.#need(4);
    this.#view.setUint32(this.#at, value, true);
    this.#at += 4;
  }

  /** Any number: an address, a version, a time. */
  number(value: number): void {
    this.#need(8);
    this.#view.setFloat64(this.#at, value, true);
    this.#at += 8;
  }

  /** Unsigned 64 bits. */
  big(value: bigint): void {
    this.#need(8);
    this.#view.setBigUint64(this.#at, value, true);
    this.#at += 8;
  }

  bytes(value: Uint8Array): void {
    this.word(value.length);
    this.#need(value.length);
    this.#bytes.set(value, this.#at);
    this.#at += value.length;
  }

  /** As `bytes`, but long ones stay where they are and are given away with their whole memory. */
  given(value: Uint8Array): void {
    if (value.length < ATTACHED) {
      this.word(0);
      this.bytes(value);
      return;
    }
    const index = this.#attached.get(value.buffer) ?? this.#attached.size;
    this.#attached.set(value.buffer, index);
    this.word(index + 1);
    this.number(value.byteOffset);
    this.word(value.length);
  }

  text(value: string): void {
    this.bytes(ENCODER.encode(value));
  }

  list<T>(values: readonly T[], write: (value: T) => void): void {
    this.word(values.length);
    for (const value of values) write(value);
  }

  #need(count: number): void {
    const wanted = this.#at + count;
    if (wanted <= this.#bytes.length) return;
    const old = this.record;
    this.#renew(Math.max(wanted, 2 * this.#bytes.length));
    this.#bytes.set(old);
  }

  #renew(length: number): void {
    this.#bytes = new Uint8Array(length);
    this.#view = new DataView(this.#bytes.buffer);
  }
}

/** Reads what a `RecordWriter` wrote. Throws a `RangeError` past the record's end. */
export class RecordReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #keeps: boolean;
  readonly #attached: readonly ArrayBuffer[];
  #at = 0;

  /** `keeps`: the record's memory is the reader's own, so byte arrays need no copies. */
  constructor(bytes: Uint8Array, keeps: boolean, attached: readonly ArrayBuffer[] = []) {
    this.#attached = attached;
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    this.#keeps = keeps;
  }

  byte(): number {
    return this.#view.getUint8(this.#at++);
  }

  flag(): boolean {
    return this.byte() === 1;
  }

  word(): number {
    const value = this.#view.getUint32(this.#at, true);
    this.#at += 4;
    return value;
  }

  number(): number {
    const value = this.#view.getFloat64(this.#at, true);
    this.#at += 8;
    return value;
  }

  big(): bigint {
    const value = this.#view.getBigUint64(this.#at, true);
    this.#at += 8;
    return value;
  }

  bytes(): Uint8Array {
    const from = this.#at + 4;
    const to = from + this.word();
    if (to > this.#bytes.length) throw new RangeError('a record ends before its bytes do');
    this.#at = to;
    return this.#keeps ? this.#bytes.subarray(from, to) : this.#bytes.slice(from, to);
  }

  given(): Uint8Array {
    const index = this.word();
    if (index === 0) return this.bytes();
    const at = this.number();
    return new Uint8Array(this.#attached[index - 1]!, at, this.word());
  }

  text(): string {
    return DECODER.decode(this.bytes());
  }

  list<T>(read: () => T): T[] {
    const length = this.word();
    const values: T[] = [];
    for (let i = 0; i < length; i++) values.push(read());
    return values;
  }
}

const ENCODER = new TextEncoder();
const DECODER = new TextDecoder();
