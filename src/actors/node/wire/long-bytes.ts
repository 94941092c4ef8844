/**
 * Long bytes of a message, such as pages. They stand behind what msgpack says, one after the other, and never go through
 * msgpack-lite: it would copy each by itself, and memory for each of them costs more than all else that decoding does.
 */

/** Bytes from which on they count as long. */
export const LONG_BYTES = 2 ** 10;

/** Bytes of a long frame that share memory with their neighbours, at the most. */
const SLAB_BYTES = 2 ** 19;

/**
 * Bytes of a frame whose memory is that of the long bytes in it. Whoever keeps one of them keeps so much at the most: half a
 * mebibyte of pages, and what is said of them.
 */
export const SHARED_BYTES = SLAB_BYTES + 2 ** 14;

/** Bytes of a long frame that share no memory with their neighbours: little more is copied than they are. */
const OWN_BYTES = SLAB_BYTES / 8;

/** Thrown where long bytes end too early. */
export class CutShort {}

/** Holds no frame. */
const NONE = new Uint8Array(0);

/**
 * They are taken in their order. They share the memory of a short frame: nobody changes one that has come. Of a long one
 * they are copies, so that whoever keeps one of them does not keep it all.
 */
export class LongBytes {
  readonly #frame: Uint8Array;
  readonly #isShared: boolean;
  #at: number;
  #slab: ArrayBufferLike = new ArrayBuffer(0);
  #slabAt = 0;

  /** They begin at `from`. */
  constructor(frame: Uint8Array, from: number) {
    this.#frame = frame;
    this.#isShared = frame.buffer.byteLength <= SHARED_BYTES;
    this.#at = from;
  }

  /** Bytes that are not taken. */
  get left(): number {
    return this.#frame.length - this.#at;
  }

  /** The next bytes, so many. Throws `CutShort` if there are fewer. */
  take(length: number): Uint8Array {
    if (length > this.left) throw new CutShort();
    if (length === 0) return NONE;
    const at = this.#at;
    this.#at += length;
    const { buffer, byteOffset } = this.#frame;
    if (this.#isShared) return new Uint8Array(buffer, byteOffset + at, length);
    if (length >= OWN_BYTES) return new Uint8Array(buffer.slice(byteOffset + at, byteOffset + at + length));
    if (at + length > this.#slabAt + this.#slab.byteLength) {
      this.#slab = buffer.slice(byteOffset + at, byteOffset + Math.min(at + SLAB_BYTES, this.#frame.length));
      this.#slabAt = at;
    }
    return new Uint8Array(this.#slab, at - this.#slabAt, length);
  }
}
