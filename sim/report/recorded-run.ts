/** What a report is made of: one run as plain data. Who runs machines fills it; everything here only reads it. */

/** A run as those see it who want to know what happened: every message, when and between whom. Times are µs of virtual time. */
export interface RecordedRun {
  /** The invariant: `I4: no commit overlaps what another wrote between its snapshot and itself`. */
  readonly title: string;
  /** What this run did, in words; null if it violated nothing. */
  readonly violation: string | null;
  /** The drawn knobs, in the order to show them: `['page size', '4096']`. */
  readonly configuration: readonly (readonly [name: string, value: string])[];
  /** The exact command line that runs it again. */
  readonly replay: string;
  readonly nodes: number;
  /** In display order, those of one node beside each other: `master`, `home 0`, `rcomp 1`. Names differ. */
  readonly actors: readonly RecordedActor[];
  /**
   * In the order of their happening: a message stands where it is received, a lost one where it is sent. So times do
   * not fall, and what an actor receives stands before all that it sends in answer.
   */
  readonly steps: readonly Step[];
}

export interface RecordedActor {
  readonly name: string;
  /** Counted from 0. */
  readonly node: number;
}

export type Step = MessageStep | FaultStep | EventStep;

export interface MessageStep {
  readonly type: 'message';
  /** Indices into `actors`. */
  readonly from: number;
  readonly to: number;
  readonly sent: number;
  /** Null: it never arrived. */
  readonly received: number | null;
  /** The message's type: `stage`. */
  readonly name: string;
  /** All its fields as one line; empty if it has none. */
  readonly text: string;
  /** An earlier step brought the same message. */
  readonly repeated: boolean;
  /** What the violation needs; `relevantSteps` tells. Short reports leave out the others. */
  readonly relevant: boolean;
  /** The receiver's state once it has dealt with the message, as indented text. May be a getter: only a page reads it. */
  readonly state?: string;
}

export interface FaultStep {
  readonly type: 'fault';
  readonly time: number;
  /** The node that it befalls; null: several, or what is between them. */
  readonly node: number | null;
  /** `partition {0} | {1, 2} until 3,400 µs` */
  readonly text: string;
  /** When it is over, if it lasts. */
  readonly until?: number;
}

/** What an actor did beside sending: commit, conflict, fired. */
export interface EventStep {
  readonly type: 'event';
  readonly time: number;
  readonly actor: number;
  readonly text: string;
  /** Here the run went wrong. */
  readonly violation: boolean;
}

/** When a step happens: a message as it is received, a lost one as it is sent. */
export function timeOf(step: Step): number {
  return step.type === 'message' ? (step.received ?? step.sent) : step.time;
}

/** How many messages led to the violation. */
export function relevantMessages({ steps }: RecordedRun): number {
  return steps.filter((step) => step.type === 'message' && step.relevant).length;
}
