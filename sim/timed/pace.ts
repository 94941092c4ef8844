/** How long everything takes in a simulated cluster when nothing goes wrong. */

/** Times in microseconds of virtual time. */
export interface Pace {
  /** From node to node, one way; links differ by up to `spread` times. */
  readonly latency: number;
  readonly spread: number;
  /** From an actor to another one on its node. */
  readonly local: number;
  /** What handling a message takes. */
  readonly message: number;
  /** What an RComp takes for a slice of instructions. */
  readonly slice: number;
  /** What a compartment's thread executes a microsecond. */
  readonly instructions: number;
  /** After which a message that was not acknowledged is sent again. */
  readonly resend: number;
  /** Whether messages between two nodes may overtake each other: several connections, or one. */
  readonly connections: 'many' | 'one';
}
