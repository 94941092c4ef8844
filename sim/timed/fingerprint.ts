/** A run as one number: who heard what when. Equal runs have equal fingerprints. */

export class Fingerprint {
  #hash = 0x811c9dc5;
  readonly #types = new Map<string, number>();

  add(from: number, to: number, type: string, time: number): void {
    let kind = this.#types.get(type);
    if (kind === undefined) {
      kind = hashOf(type);
      this.#types.set(type, kind);
    }
    this.#mix(from);
    this.#mix(to);
    this.#mix(kind);
    this.#mix(time);
  }

  get text(): string {
    return (this.#hash >>> 0).toString(16).padStart(8, '0');
  }

  /** As FNV-1a does it, a word at a time. */
  #mix(word: number): void {
    this.#hash = Math.imul(this.#hash ^ (word | 0), 0x01000193);
    this.#hash = (this.#hash << 13) | (this.#hash >>> 19);
  }
}

function hashOf(text: string): number {
  let hash = 0;
  for (let i = 0; i < text.length; i += 1) hash = (Math.imul(hash, 31) + text.charCodeAt(i)) | 0;
  return hash;
}
