/** A run was found to be wrong. */
export class Violated extends Error {
  override readonly name = 'Violated';
  /** Of the invariant: `I4`. */
  readonly id: string;
  readonly sentence: string;
  /** What is wrong, in words. */
  readonly text: string;
  /** Deliveries made until it was found. */
  readonly step: number;

  constructor(id: string, sentence: string, text: string, step: number) {
    super(`${id} (${sentence}): ${text}`);
    this.id = id;
    this.sentence = sentence;
    this.text = text;
    this.step = step;
  }
}
